//! What documents that came together came to, for the person: several answers of one fetch are told of as one.

use std::collections::BTreeSet;

use crate::{
    consent::Item,
    formats::Refusal,
    portal::End,
    vault::{DocumentId, FactId},
};

/// What a fetch came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// Documents that were filed.
    pub documents: Vec<DocumentId>,
    /// Documents that were here before, byte for byte; nothing was added.
    pub known_documents: Vec<DocumentId>,
    /// Records that are new.
    pub new: u32,
    /// Records that an earlier document had stated.
    pub already_here: u32,
    /// Records that an earlier document states otherwise. Both are kept.
    pub changed: Vec<Changed>,
    /// Entries that could not be taken.
    pub refused: Vec<Refusal>,
    /// What came, group by group, and what of it was kept.
    pub groups: Vec<GroupCount>,
    /// What did not come, where a later round ended without an answer.
    pub missing: Option<Missing>,
}

/// A value that the source states otherwise now. The old one is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it came now.
    pub new: FactId,
    /// As it was here.
    pub old: FactId,
}

/// A group of an answer (特定個人情報).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCount {
    /// Its name, as received.
    pub name: String,
    /// The item it counts as.
    pub item: Item,
    /// Entries that came.
    pub returned: u32,
    /// Entries that were kept; the others were cut before anything was filed.
    pub kept: u32,
}

/// Items that were consented to and did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub items: BTreeSet<Item>,
    /// Why.
    pub why: End,
}

impl Digest {
    /// The groups of which something was cut: more came than was consented to.
    pub fn cut(&self) -> impl Iterator<Item = &GroupCount> {
        self.groups.iter().filter(|group| group.kept < group.returned)
    }
}
