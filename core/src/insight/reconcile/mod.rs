//! Which events are one and the same, told by several sources; which may be, and the person is asked; which belong to one
//! story. Pure rules over pairs of events of one person, each with its reason, and a grouping that does not depend on the
//! order in which the documents came. `docs/reconciliation.md` explains every rule and what it cannot know.

mod differences;
mod dispensing;
mod dose;
mod group;
mod medicine;
mod place;
mod reach;
mod results;
mod rule;
mod screening;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod vaccine;

use crate::{base::Fingerprint, record::Event, terms::Kind};

pub use differences::{Difference, Item, differences, drawn_instead};
pub(in crate::insight) use dose::{DoseNumber, Step};
pub use group::{Decision, Group, Member, Pair, Reconciled, Standing, reconcile};
pub use reach::{Reach, reaches};
pub use rule::Rule;
pub use source::{Source, source_of};

/// An event with what the rules need to know about where it is from.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The event.
    pub event: &'a Event,
    /// Format id of its document.
    pub format: &'a str,
    /// Its document. Row numbers depend on the order of arrival; this does not.
    pub document: Fingerprint,
    /// Its place in the document.
    pub position: u32,
}

/// What a rule says about two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// They are the same event. Linked by itself.
    Same,
    /// They may be the same event. The person is asked; nothing is linked by itself.
    Perhaps,
    /// They are two events of one story: an order and its dispensing, a screening and its detailed examination.
    Story,
}

impl Class {
    /// The id in the vault and in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Perhaps => "perhaps",
            Self::Story => "story",
        }
    }

    /// The class with this id.
    pub fn of_id(id: &str) -> Option<Self> {
        [Self::Same, Self::Perhaps, Self::Story].into_iter().find(|class| class.id() == id)
    }
}

/// What the rules found about a pair of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// By which rule.
    pub rule: Rule,
    /// What it says.
    pub class: Class,
    /// Something they state contradicts itself: whatever else speaks for it, they are never linked by themselves, nor
    /// through a third.
    pub contradicts: bool,
}

impl Match {
    const fn same(rule: Rule) -> Self {
        Self { rule, class: Class::Same, contradicts: false }
    }

    const fn perhaps(rule: Rule) -> Self {
        Self { rule, class: Class::Perhaps, contradicts: false }
    }

    const fn doubtful(rule: Rule) -> Self {
        Self { rule, class: Class::Perhaps, contradicts: true }
    }

    const fn story(rule: Rule) -> Self {
        Self { rule, class: Class::Story, contradicts: false }
    }
}

/// The format of what a person wrote by hand.
const WRITTEN_BY_HAND: &str = "techo-entry";

/// What the rules say about two events of **one person**; none where they have nothing to do with each other. The order of
/// the two does not matter.
pub fn compare(one: &Told<'_>, other: &Told<'_>) -> Option<Match> {
    // Who writes a second one by hand was asked whether it is another, and said so.
    if [one, other].iter().all(|told| told.format == WRITTEN_BY_HAND) {
        return None;
    }
    let (one, other) = if (one.event.kind, one.key()) <= (other.event.kind, other.key()) { (one, other) } else { (other, one) };
    match (one.event.kind, other.event.kind) {
        (Kind::Vaccination, Kind::Vaccination) => dose::compare(one, other),
        (Kind::Checkup | Kind::InfantCheckup | Kind::SchoolCheckup | Kind::Pregnancy | Kind::Laboratory, kind)
            if kind == one.event.kind =>
        {
            results::compare(one, other)
        }
        (Kind::Checkup, Kind::Laboratory) => results::compare(one, other),
        (Kind::CancerScreening, Kind::CancerScreening) => screening::compare(one, other),
        (Kind::Medication, Kind::Medication) => dispensing::compare(one, other, Rule::Dispensing),
        (Kind::Prescription, Kind::Prescription) => dispensing::compare(one, other, Rule::Prescription),
        (Kind::Medication, Kind::Prescription) => dispensing::story(other, one),
        _ => None,
    }
}

impl Told<'_> {
    /// What tells the event from every other, whatever came first.
    const fn key(&self) -> (&[u8; 32], u32) {
        (self.document.as_bytes(), self.position)
    }

    /// Whether both stand in one document: a document that states two events means two, unless it passes on what several
    /// others say.
    fn is_of_one_document(&self, other: &Self) -> bool {
        self.document == other.document
    }
}
