//! The people of a vault.

use std::collections::HashMap;

use techo_core::{
    base::{PartialDate, PersonId, make_random},
    present,
    record::{self, Person},
    vault::TimelinePage,
};

use crate::{TechoError, Vault, redacted::redacted, room::now};

/// Sex as health insurance records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

/// Somebody whose records the vault keeps, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PersonView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The name in kana, where given.
    pub kana: Option<String>,
    /// Date of birth as `1972-04-15`.
    pub born: String,
    /// Date of birth for the screen.
    pub born_text: String,
    /// Sex.
    pub sex: Sex,
    /// Sex for the screen.
    pub sex_text: String,
    /// How many records.
    pub records: u64,
    /// The day of the latest event for the screen; none where there is none.
    pub latest: Option<String>,
}

/// Somebody to be added.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct NewPerson {
    /// The name, as the family writes it.
    pub name: String,
    /// The name in kana, where it is to be known: documents that have only kana are recognised by it.
    pub kana: Option<String>,
    /// Earlier names; documents under them are this person's too.
    pub former_names: Vec<String>,
    /// The full date of birth: `1972-04-15`, `昭和47年4月15日` and the like.
    pub born: String,
    /// Sex.
    pub sex: Sex,
    /// How long the pregnancy lasted, where it is known (`32w3d`, `32週3日`): an early child's growth is read by it.
    #[uniffi(default = None)]
    pub gestation: Option<String>,
}

redacted!(PersonView, NewPerson);

impl From<record::Sex> for Sex {
    fn from(sex: record::Sex) -> Self {
        match sex {
            record::Sex::Male => Self::Male,
            record::Sex::Female => Self::Female,
        }
    }
}

impl From<Sex> for record::Sex {
    fn from(sex: Sex) -> Self {
        match sex {
            Sex::Male => Self::Male,
            Sex::Female => Self::Female,
        }
    }
}

#[uniffi::export]
impl Vault {
    /// *Quick.* Everybody in the vault, in the order they were added.
    pub fn people(&self) -> Result<Vec<PersonView>, TechoError> {
        let counts: HashMap<PersonId, u64> = self.room.vault.record_counts()?.into_iter().collect();
        let people = self.room.vault.people()?;
        people.iter().map(|person| self.person_view(person, counts.get(&person.id).copied().unwrap_or_default())).collect()
    }

    /// *Quick.* Adds a person.
    ///
    /// `PersonInvalid` names what is missing or cannot be read (`name`, `born`, `gestation`); `PersonExists` where somebody of this name was born this day.
    pub fn add_person(&self, person: NewPerson) -> Result<PersonView, TechoError> {
        let born: PartialDate = person.born.parse()?;
        let mut added = Person::new(PersonId::from_bytes(make_random()?), &person.name, born, person.sex.into())?;
        let given = |text: &String| !text.trim().is_empty();
        added.kana = person.kana.filter(given);
        added.gestation = match person.gestation.filter(given) {
            Some(text) => Some(text.parse().map_err(|_| TechoError::PersonInvalid { field: "gestation".to_owned() })?),
            None => None,
        };
        added.former_names = person.former_names.into_iter().filter(given).collect();
        if self.room.vault.people()?.iter().any(|known| added.is_namesake_of(known)) {
            return Err(TechoError::PersonExists);
        }
        self.room.vault.add_person(&added, now())?;
        self.person_view(&added, 0)
    }
}

impl Vault {
    fn person_view(&self, person: &Person, records: u64) -> Result<PersonView, TechoError> {
        let language = self.room.language();
        let newest = TimelinePage { person: Some(person.id), limit: 1, ..TimelinePage::default() };
        let latest = present::timeline(&self.room.vault, &newest, language)?.rows.into_iter().next();
        Ok(PersonView {
            id: person.id.to_string(),
            name: person.name.clone(),
            kana: person.kana.clone(),
            born: person.born.to_string(),
            born_text: present::date_text(Some(person.born), language),
            sex: person.sex.into(),
            sex_text: present::sex_name(person.sex, language).to_owned(),
            records,
            latest: latest.map(|row| row.date_text),
        })
    }
}
