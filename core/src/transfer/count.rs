//! What of a choice is in a file, and what is not, with the reason: counted while the file is written.

use std::collections::BTreeMap;

use super::TransferError;
use crate::{base::PersonId, formats::NotCarried, terms::Kind, vault::PersonRoot};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Whose records, with how many of them were written. The root is that of all the person's records.
    pub people: Vec<PersonRoot>,
    /// What the format did not carry, or not as it is: sorted by kind and reason.
    pub not_carried: Vec<Missing>,
    /// Characters that the format's encoding lacks, each once.
    pub characters: Vec<char>,
}

impl Exported {
    /// How many records were written.
    pub fn records(&self) -> u64 {
        self.people.iter().map(|person| person.records).sum()
    }
}

/// Records that a format did not carry, or not as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What they are.
    pub kind: Kind,
    /// Why.
    pub reason: NotCarried,
    /// How many.
    pub records: u64,
}

/// The count while it is made.
#[derive(Default)]
pub(super) struct Count {
    missing: BTreeMap<(Kind, NotCarried), u64>,
    written: BTreeMap<PersonId, u64>,
    pub(super) characters: Vec<char>,
}

impl Count {
    pub(super) fn miss(&mut self, kind: Kind, reason: NotCarried) {
        self.miss_many(kind, reason, 1);
    }

    pub(super) fn miss_many(&mut self, kind: Kind, reason: NotCarried, records: u64) {
        if records > 0 {
            *self.missing.entry((kind, reason)).or_default() += records;
        }
    }

    /// Refuses to leave a file behind in which there is nothing, with what could not be in it.
    pub(super) fn refuse_nothing(&mut self) -> Result<(), TransferError> {
        if self.written.values().any(|records| *records > 0) {
            return Ok(());
        }
        Err(TransferError::NothingToWrite { not_carried: std::mem::take(self).report(&[]).not_carried })
    }

    /// So many records of a person are in the file.
    pub(super) fn write(&mut self, person: PersonId, records: usize) {
        *self.written.entry(person).or_default() += records as u64;
    }

    /// Every record of a person is in the file.
    pub(super) fn write_all(&mut self, root: &PersonRoot) {
        *self.written.entry(root.person).or_default() += root.records;
    }

    /// The report; `roots` say whose records it could have been.
    pub(super) fn report(self, roots: &[PersonRoot]) -> Exported {
        let records = |person: &PersonId| self.written.get(person).copied().unwrap_or_default();
        Exported {
            people: roots.iter().map(|root| PersonRoot { records: records(&root.person), ..*root }).collect(),
            not_carried: self.missing.into_iter().map(|((kind, reason), records)| Missing { kind, reason, records }).collect(),
            characters: self.characters,
        }
    }
}
