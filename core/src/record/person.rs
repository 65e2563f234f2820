//! People: who a vault's records are about, and whom a document says it is about.

use serde::{Deserialize, Serialize};

use crate::base::{PartialDate, PersonId, fold, fold_name};

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
    /// How long the pregnancy lasted, where it is known: an early child's growth is read by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gestation: Option<Gestation>,
}

/// 在胎週数 how long a pregnancy lasted: weeks and days, as `32w3d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gestation {
    weeks: u8,
    days: u8,
}

/// The text is no duration of a pregnancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a duration of a pregnancy (write 32w3d or 32週3日)")]
pub struct BadGestation;

impl Gestation {
    /// Full weeks.
    pub const fn weeks(self) -> u8 {
        self.weeks
    }

    /// All of it in days.
    pub fn days(self) -> u16 {
        u16::from(self.weeks) * 7 + u16::from(self.days)
    }
}

impl std::str::FromStr for Gestation {
    type Err = BadGestation;

    fn from_str(text: &str) -> Result<Self, BadGestation> {
        let folded = fold(text);
        let (weeks, rest) = folded.split_once(['w', '週']).ok_or(BadGestation)?;
        let rest = rest.trim().trim_end_matches(['d', '日']).trim();
        let weeks: u8 = weeks.trim().parse().map_err(|_| BadGestation)?;
        let days: u8 = if rest.is_empty() { 0 } else { rest.parse().map_err(|_| BadGestation)? };
        // Nobody lives who was born before, and no pregnancy lasts longer.
        if (20..=45).contains(&weeks) && days < 7 { Ok(Self { weeks, days }) } else { Err(BadGestation) }
    }
}

impl std::fmt::Display for Gestation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}w{}d", self.weeks, self.days)
    }
}

impl Serialize for Gestation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Gestation {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
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
        Ok(Self { id, name: name.to_owned(), kana: None, former_names: Vec::new(), born, sex, gestation: None })
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
    fn a_pregnancys_duration_is_weeks_and_days() {
        for (text, days) in [("32w3d", 227), ("３２週３日", 227), ("40w", 280), ("32 w 0 d", 224)] {
            let read: Gestation = text.parse().unwrap();
            assert_eq!(read.days(), days, "{text}");
            assert_eq!(read.to_string().parse(), Ok(read));
        }
        for text in ["32", "32w7d", "12w0d", "50w", "w3d", ""] {
            assert_eq!(text.parse::<Gestation>(), Err(BadGestation), "{text}");
        }
    }

    #[test]
    fn a_person_needs_a_name_and_a_full_date_of_birth() {
        let id = PersonId::from_bytes([0; 16]);
        assert_eq!(Person::new(id, " ", "1980-05-03".parse().unwrap(), Sex::Male), Err(BadPerson::NoName));
        assert_eq!(Person::new(id, "手帳", "1980".parse().unwrap(), Sex::Male), Err(BadPerson::NoBirthDay));
    }
}
