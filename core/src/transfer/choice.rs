//! What of a notebook is to leave, and what of it a format could not carry. One place decides it for every format: which
//! records are chosen, that each leaves once however many documents state it, and what is counted as not carried.

use std::collections::BTreeMap;

use super::{Progress, Step, TransferError};
use crate::{
    base::{PartialDate, PersonId},
    formats::NotCarried,
    record::{Body, Event, Fact},
    terms::Kind,
    vault::{Document, DocumentId, EventId, PersonRoot, StoredEvent, Vault},
};

/// Says whether the fact at a place of a stored event is held back.
pub type Withhold<'a> = &'a dyn Fn(&StoredEvent, usize) -> bool;

/// What is to leave. The default is everything of everybody.
#[derive(Clone, Copy, Default)]
pub struct Choice<'a> {
    /// Whose; everybody's when none.
    pub person: Option<PersonId>,
    /// Only these kinds, of the event or of the record; all when empty.
    pub kinds: &'a [Kind],
    /// Only this day and later. What has no day is then left out.
    pub from: Option<PartialDate>,
    /// Only this day and earlier. What has no day is then left out.
    pub until: Option<PartialDate>,
    /// Only these events; all when empty.
    pub events: &'a [EventId],
    /// Which records to hold back although they are chosen, by the event and the place among its facts: what is hidden or
    /// sensitive. They are counted as withheld.
    pub withhold: Option<Withhold<'a>>,
}

impl Choice<'_> {
    /// Everything of one person, or of everybody.
    pub fn of(person: Option<PersonId>) -> Self {
        Self { person, ..Self::default() }
    }

    /// Whether a kind was named, and not only left in.
    pub(super) fn names(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Whether nothing narrows it but the person.
    pub(super) fn is_everything(&self) -> bool {
        self.kinds.is_empty() && self.from.is_none() && self.until.is_none() && self.events.is_empty() && self.withhold.is_none()
    }

    /// Whether a day is within the chosen period.
    pub(super) fn is_within(&self, day: Option<PartialDate>) -> bool {
        if self.from.is_none() && self.until.is_none() {
            return true;
        }
        let Some(day) = day else { return false };
        let (first, last) = (day.first_day(), day.last_day());
        self.from.is_none_or(|from| last >= from.first_day()) && self.until.is_none_or(|until| first <= until.last_day())
    }

    /// Whether an event is one of the chosen ones and days.
    pub(super) fn takes(&self, stored: &StoredEvent) -> bool {
        (self.events.is_empty() || self.events.contains(&stored.id)) && self.is_within(stored.event.day)
    }
}

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
        *self.missing.entry((kind, reason)).or_default() += 1;
    }

    /// So many records of a person are in the file.
    pub(super) fn write(&mut self, person: PersonId, records: usize) {
        *self.written.entry(person).or_default() += records as u64;
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

/// Whether a record leaves with every document that states it, or with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restated {
    Once,
    Too,
}

/// A chosen event of a document, with the chosen ones of its facts.
pub(super) struct Chosen<'d> {
    pub(super) event: Event,
    pub(super) document: &'d Document,
}

/// Hands every chosen event of a person to `visit`, document by document in the order they were filed.
pub(super) fn each_chosen(
    vault: &Vault,
    choice: &Choice<'_>,
    person: PersonId,
    count: &mut Count,
    progress: &mut dyn FnMut(Progress),
    visit: &mut dyn FnMut(Chosen<'_>, &mut Count) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    let ids = vault.document_ids(person)?;
    let of = ids.len() as u64;
    for (done, id) in (1..).zip(ids) {
        each_chosen_of(vault, choice, id, Restated::Once, count, visit)?;
        progress(Progress { step: Step::Writing, done, of });
    }
    Ok(())
}

/// The chosen events of one document.
pub(super) fn each_chosen_of(
    vault: &Vault,
    choice: &Choice<'_>,
    id: DocumentId,
    restated: Restated,
    count: &mut Count,
    visit: &mut dyn FnMut(Chosen<'_>, &mut Count) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    let document = vault.document(id)?;
    vault.each_event_of(id, |stored| {
        if !choice.takes(&stored) {
            return Ok(());
        }
        let keep: Vec<bool> =
            stored.event.facts.iter().enumerate().map(|(position, _)| is_chosen(choice, &stored, position, restated, count)).collect();
        let mut event = stored.event;
        let mut keep = keep.into_iter();
        event.facts.retain(|_| keep.next() == Some(true));
        if event.facts.is_empty() { Ok(()) } else { visit(Chosen { event, document: &document }, count) }
    })
}

/// Whether the fact at a position of a stored event is to leave; counts it where it is withheld.
pub(super) fn is_chosen(choice: &Choice<'_>, stored: &StoredEvent, position: usize, restated: Restated, count: &mut Count) -> bool {
    let Some(fact) = stored.event.facts.get(position) else { return false };
    // What somebody removed or corrected by hand is shown nowhere, and leaves in the archive alone.
    if stored.hidden.is_some() || stored.hidden_facts.get(position).is_some_and(Option::is_some) {
        return false;
    }
    if !(choice.kinds.is_empty() || choice.names(stored.event.kind) || choice.names(fact.kind)) {
        return false;
    }
    // What the person removed or corrected is theirs to see, and only the archive takes it along.
    if stored.hidden_facts.get(position).is_some_and(Option::is_some) {
        return false;
    }
    // A record goes under the first document that states it; where single events were chosen, under the first of these.
    let first = stored.ids.get(position).and_then(|(_, first)| *first);
    if restated == Restated::Once && first.is_some_and(|first| choice.events.is_empty() || choice.events.contains(&first.event())) {
        return false;
    }
    let is_withheld = choice.withhold.is_some_and(|withhold| withhold(stored, position));
    if is_withheld {
        count.miss(fact.kind, NotCarried::Withheld);
    }
    !is_withheld
}

/// Keeps the facts of an event that a format can carry, and counts the others with the reason.
pub(super) fn keep(event: &mut Event, count: &mut Count, why_not: impl Fn(&Fact) -> Option<NotCarried>) {
    event.facts.retain(|fact| {
        let reason = why_not(fact);
        if let Some(reason) = reason {
            count.miss(fact.kind, reason);
        }
        reason.is_none()
    });
}

/// Counts an attachment that is inside a document: it stays in its original, in every format made of records.
pub(super) fn note_attachments(fact: &Fact, count: &mut Count) {
    if let Body::Narrative(narrative) = &fact.body
        && narrative.attachments.iter().any(|attachment| attachment.fingerprint.is_some())
    {
        count.miss(fact.kind, NotCarried::Detail);
    }
}

/// The one person a file of this format is about.
pub(super) fn only_person(roots: &[PersonRoot]) -> Result<PersonId, TransferError> {
    match roots {
        [one] => Ok(one.person),
        _ => Err(TransferError::PersonNeeded),
    }
}
