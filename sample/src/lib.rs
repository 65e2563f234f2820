//! 手帳 花子, 一郎 and 太郎: a family that does not exist, with documents that were written for it. Every shell fills a vault with
//! it in the same way, so that somebody can look around before they put anything of their own in.
//!
//! The documents are those of `tests/fixtures/family`; its README says where each comes from.

use chrono::{DateTime, Utc};
use techo_core::{
    base::{NoRandomness, PersonId, make_random},
    formats::health_card::KeySet,
    intake::{Incoming, IntakeError, Outcome, Permissions, take_in},
    record::{Person, Sex},
    vault::{Vault, VaultError},
};

macro_rules! document {
    ($name:literal) => {
        Document { name: $name, bytes: include_bytes!(concat!("../../tests/fixtures/family/", $name)) }
    };
}

/// Somebody of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: &'static str,
    /// The name in kana.
    pub kana: &'static str,
    /// Date of birth, ISO.
    pub born: &'static str,
    /// Sex.
    pub sex: Sex,
    /// What came in for them, in this order.
    pub documents: &'static [Document],
}

/// A file that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// The family: a mother, a father and a child.
pub const FAMILY: [Member; 3] = [
    Member {
        name: "手帳 花子",
        kana: "テチョウ ハナコ",
        born: "1972-04-15",
        sex: Sex::Female,
        documents: &[
            document!("hanako-tokutei-2020.xml"),
            document!("hanako-tokutei-2021.xml"),
            document!("hanako-tokutei-2022.xml"),
            document!("hanako-tokutei-2023.xml"),
            document!("hanako-tokutei-2024.xml"),
            document!("hanako-tokutei-2025.xml"),
            document!("hanako-okusuri-1.txt"),
            // The second half first, as scanned in the wrong order.
            document!("hanako-okusuri-2-part2.txt"),
            document!("hanako-okusuri-2-part1.txt"),
            document!("hanako-ecs.json"),
        ],
    },
    Member {
        name: "手帳 一郎",
        kana: "テチョウ イチロウ",
        born: "1970-11-02",
        sex: Sex::Male,
        documents: &[document!("ichiro-echeckup-2024.json")],
    },
    Member {
        name: "手帳 太郎",
        kana: "テチョウ タロウ",
        born: "2019-06-20",
        sex: Sex::Male,
        documents: &[document!("taro-vaccination.smart-health-card")],
    },
];

macro_rules! of_kind {
    ($name:literal) => {
        Document { name: $name, bytes: include_bytes!(concat!("../../tests/fixtures/kinds/", $name)) }
    };
}

/// More documents, so that every kind of record can be seen: whose of the family each is, by their place in [`FAMILY`].
pub const MORE: [(usize, Document); 4] = [
    (0, of_kind!("town-screening.xml")),
    (0, of_kind!("expenses-shift-jis.csv")),
    (0, of_kind!("clinical.json")),
    (2, of_kind!("school.csv")),
];

const ISSUER_KEYS: &str = include_str!("../../tests/fixtures/family/issuer-jwks.json");

/// Why a vault could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// A document of the sample was refused; our own mistake.
    #[error("a document of the sample was refused: {0}")]
    Document(IntakeError),
    /// The sample itself is wrong; our own mistake.
    #[error("the sample is not sound")]
    Unsound,
    /// The vault would not take it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<NoRandomness> for SampleError {
    fn from(error: NoRandomness) -> Self {
        Self::Vault(error.into())
    }
}

/// Adds the family and takes its documents in. Everybody gets a new id, so that two samples are two families. *Long*: half
/// a second.
///
/// # Errors
/// `Vault` where the vault gave way. What was taken in before that stays.
pub fn fill(vault: &Vault, now: DateTime<Utc>) -> Result<Vec<Person>, SampleError> {
    fill_and_tell(vault, now, &mut |_, _, _| ())
}

/// As [`fill`]; `tell` hears what became of each document.
///
/// # Errors
/// As of [`fill`].
pub fn fill_and_tell(
    vault: &Vault,
    now: DateTime<Utc>,
    tell: &mut dyn FnMut(&Person, &Document, &Outcome),
) -> Result<Vec<Person>, SampleError> {
    let keys = keys(now)?;
    let mut people = Vec::with_capacity(FAMILY.len());
    for member in &FAMILY {
        let person = person(member)?;
        vault.add_person(&person, now)?;
        for document in member.documents {
            take(vault, &person, document, &keys, now, tell)?;
        }
        people.push(person);
    }
    Ok(people)
}

/// Takes [`MORE`] in for the family that [`fill`] made. *Long*: less than that.
///
/// # Errors
/// As of [`fill`].
pub fn fill_more(
    vault: &Vault,
    people: &[Person],
    now: DateTime<Utc>,
    tell: &mut dyn FnMut(&Person, &Document, &Outcome),
) -> Result<(), SampleError> {
    let keys = keys(now)?;
    for (whose, document) in &MORE {
        let person = people.get(*whose).ok_or(SampleError::Unsound)?;
        take(vault, person, document, &keys, now, tell)?;
    }
    Ok(())
}

fn take(
    vault: &Vault,
    person: &Person,
    document: &Document,
    keys: &KeySet,
    now: DateTime<Utc>,
    tell: &mut dyn FnMut(&Person, &Document, &Outcome),
) -> Result<(), SampleError> {
    let mut refused = None;
    let incoming = Incoming { bytes: document.bytes, name: Some(document.name), now };
    take_in(vault, person, incoming, keys, Permissions::default(), &mut |outcome| {
        tell(person, document, &outcome);
        refused = refused.take().or(outcome.result.err());
    });
    match refused {
        None => Ok(()),
        Some(IntakeError::Vault(error)) => Err(error.into()),
        Some(error) => Err(SampleError::Document(error)),
    }
}

/// The keys that the issuer of the sample's card signs with.
///
/// # Errors
/// `Unsound`.
pub fn keys(now: DateTime<Utc>) -> Result<KeySet, SampleError> {
    let mut keys = KeySet::new(now.timestamp());
    keys.add(ISSUER_KEYS, None).map_err(|_| SampleError::Unsound)?;
    Ok(keys)
}

fn person(member: &Member) -> Result<Person, SampleError> {
    let born = member.born.parse().map_err(|_| SampleError::Unsound)?;
    let mut person = Person::new(PersonId::from_bytes(make_random()?), member.name, born, member.sex).map_err(|_| SampleError::Unsound)?;
    person.kana = Some(member.kana.to_owned());
    Ok(person)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use techo_core::{base::DeviceSecret, vault::NewSlots};

    use super::*;

    #[test]
    fn the_family_and_all_of_its_documents_come_in_without_a_refusal() {
        let home = tempfile::tempdir().unwrap();
        let device = DeviceSecret::from_bytes([3; 32]);
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        let mut told = Vec::new();
        let now = "2026-04-01T09:00:00Z".parse().unwrap();
        let people = fill_and_tell(&vault, now, &mut |person, document, outcome| {
            let taken = outcome.result.as_ref().unwrap();
            told.push((person.name.clone(), document.name, taken.ready, taken.pending));
        })
        .unwrap();
        assert_eq!(vault.people().unwrap(), people);
        assert_eq!(told.len(), FAMILY.iter().map(|member| member.documents.len()).sum::<usize>());
        assert_eq!(told.iter().filter(|(_, _, ready, pending)| *pending == (*ready == 0)).count(), told.len(), "{told:?}");
        assert!(vault.roots().unwrap().iter().all(|root| root.records > 0));
        let mut more = 0;
        fill_more(&vault, &people, now, &mut |_, _, outcome| more += u32::from(outcome.result.as_ref().unwrap().ready > 0)).unwrap();
        assert_eq!(more, 4);
        assert_eq!(fill(&vault, now).unwrap().len(), 3, "a second family is another one");
    }
}
