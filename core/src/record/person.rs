//! People: who a vault's records are about, and whom a document says it is about.

use serde::{Deserialize, Serialize};

use crate::base::{PartialDate, PersonId, fold_name};

/// Sex as health insurance records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

/// Somebody whose records the vault keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The name, as the family writes it.
    pub name: String,
    /// The name in kana, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kana: Option<String>,
    /// Earlier names; documents under them are this person's too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
    /// Date of birth.
    pub born: PartialDate,
    /// Sex.
    pub sex: Sex,
}

/// The person cannot be kept as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPerson {
    /// The name is empty.
    #[error("a person needs a name")]
    NoName,
    /// Only a year or month of birth was given.
    #[error("a person needs a full date of birth")]
    NoBirthDay,
}

impl Person {
    /// A person with a name that is not blank and a full date of birth.
    pub fn new(id: PersonId, name: &str, born: PartialDate, sex: Sex) -> Result<Self, BadPerson> {
        let name = name.trim();
        if name.is_empty() {
            return Err(BadPerson::NoName);
        }
        born.known_day().ok_or(BadPerson::NoBirthDay)?;
        Ok(Self { id, name: name.to_owned(), kana: None, former_names: Vec::new(), born, sex })
    }

    /// Whether this is a person typed in twice, as far as one can tell: the same day of birth, and the name is one that the
    /// other has or had.
    pub fn is_namesake_of(&self, other: &Self) -> bool {
        let name = fold_name(&self.name);
        other.born == self.born && other.names().any(|own| fold_name(own) == name)
    }

    /// Every name the person has or had.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.kana.as_deref()).chain(self.former_names.iter().map(String::as_str))
    }
}

/// Whom a document says it is about. All as received; anything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Names in kanji, kana or Latin letters.
    pub names: Vec<String>,
    /// Date of birth.
    pub born: Option<PartialDate>,
    /// Sex.
    pub sex: Option<Sex>,
}

impl Subject {
    /// Whether the names can be compared with the person's at all, and if so whether one is the person's.
    ///
    /// Kanji can only be compared with kanji and kana with kana: a document that has only kana says nothing about a
    /// person whose kana is not known.
    pub fn name_matches(&self, person: &Person) -> Option<bool> {
        let known: Vec<String> = person.names().map(fold_name).filter(|name| !name.is_empty()).collect();
        let mut comparable = false;
        for name in self.names.iter().map(|name| fold_name(name)).filter(|name| !name.is_empty()) {
            if known.contains(&name) {
                return Some(true);
            }
            comparable |= known.iter().any(|other| script(other) == script(&name));
        }
        comparable.then_some(false)
    }
}

#[derive(PartialEq, Eq)]
enum Script {
    Kana,
    Latin,
    Other,
}

fn script(folded: &str) -> Script {
    if folded.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー' | 'ゝ' | 'ゞ')) {
        Script::Kana
    } else if folded.is_ascii() {
        Script::Latin
    } else {
        Script::Other
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn hanako() -> Person {
        let id = PersonId::from_bytes([7; 16]);
        Person::new(id, "手帳 花子", "1980-05-03".parse().unwrap(), Sex::Female).unwrap()
    }

    fn named(name: &str) -> Subject {
        Subject { names: vec![name.to_owned()], ..Subject::default() }
    }

    #[test]
    fn kana_says_nothing_about_a_person_whose_kana_is_unknown() {
        let mut person = hanako();
        assert_eq!(named("テチョウ　ハナコ").name_matches(&person), None);
        person.kana = Some("ﾃﾁﾖｳ ﾊﾅｺ".to_owned());
        assert_eq!(named("テチョウ　ハナコ").name_matches(&person), Some(true));
        assert_eq!(named("テチョウ　タロウ").name_matches(&person), Some(false));
    }

    #[test]
    fn a_former_name_is_the_persons() {
        let mut person = hanako();
        assert_eq!(named("旧姓 花子").name_matches(&person), Some(false));
        person.former_names.push("旧姓花子".to_owned());
        assert_eq!(named("旧姓 花子").name_matches(&person), Some(true));
    }

    #[test]
    fn a_person_needs_a_name_and_a_full_date_of_birth() {
        let id = PersonId::from_bytes([0; 16]);
        assert_eq!(Person::new(id, " ", "1980-05-03".parse().unwrap(), Sex::Male), Err(BadPerson::NoName));
        assert_eq!(Person::new(id, "手帳", "1980".parse().unwrap(), Sex::Male), Err(BadPerson::NoBirthDay));
    }
}
