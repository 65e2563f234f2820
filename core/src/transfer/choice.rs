//! What of a notebook is to leave, and what of it a format could not carry. One place decides it for every format: which
//! records are chosen, that each leaves once however many documents state it, that of several tellings of one event the
//! leading one leaves, and what is counted as not carried.

use std::collections::HashSet;

use chrono::NaiveDate;

pub(super) use super::count::Count;
pub use super::count::{Exported, Missing};
use super::{Progress, Step, TransferError};
use crate::{
    base::{Fingerprint, PartialDate, PersonId},
    formats::NotCarried,
    record::{Body, ChangeKind, Event, Fact},
    terms::Kind,
    vault::{ChangesOf, DayId, Document, DocumentId, EventId, EventLine, FactId, PAGE, PersonRoot, StoredDay, StoredEvent, Vault},
};

/// Says whether the fact at a place of a stored event is held back.
pub type Withhold<'a> = &'a dyn Fn(&StoredEvent, usize) -> bool;

/// Says whether a day of what was measured at home is held back.
pub type WithholdDay<'a> = &'a dyn Fn(&StoredDay) -> bool;

/// What is to leave. The default is everything of everybody.
#[derive(Clone, Copy, Default)]
pub struct Choice<'a> {
    /// Whose; everybody's when none.
    pub person: Option<PersonId>,
    /// Only these kinds, of the event or of the record; all when empty.
    pub kinds: &'a [Kind],
    /// Only records of these kinds, whatever the event is; all when empty.
    pub records: &'a [Kind],
    /// Only this day and later. What has no day is then left out.
    pub from: Option<PartialDate>,
    /// Only this day and earlier. What has no day is then left out.
    pub until: Option<PartialDate>,
    /// Kinds of records that neither day cuts: an allergy of 2010 is not over.
    pub always: &'a [Kind],
    /// Only these events; all when neither events nor days are named. One that stands behind another leaves when it is named
    /// and the other is not.
    pub events: &'a [EventId],
    /// Only these days of what was measured at home; all when neither events nor days are named.
    pub days: &'a [DayId],
    /// Which records to hold back although they are chosen, by the event and the place among its facts: what is sensitive.
    /// They are counted as withheld.
    pub withhold: Option<Withhold<'a>>,
    /// Which days of what was measured at home to hold back although they are chosen. Their samples are counted as withheld.
    pub withhold_day: Option<WithholdDay<'a>>,
    /// Also what the person keeps hidden. What they removed or corrected leaves in the archive alone, in any case.
    pub with_hidden: bool,
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
        self.kinds.is_empty()
            && self.records.is_empty()
            && self.from.is_none()
            && self.until.is_none()
            && !self.is_by_name()
            && self.withhold.is_none()
    }

    /// Whether single events or days were named.
    pub(super) fn is_by_name(&self) -> bool {
        !(self.events.is_empty() && self.days.is_empty())
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

    /// Whether a day of what was measured at home is chosen.
    pub(super) fn takes_day(&self, day: NaiveDate) -> bool {
        let is_of_kind = self.kinds.is_empty() || self.names(Kind::Measurement);
        let is_wanted = self.records.is_empty() || self.records.contains(&Kind::Measurement);
        is_of_kind && is_wanted && !self.is_by_name() && self.is_within(Some(PartialDate::Day(day)))
    }

    /// Whether an event is one of the chosen ones, by its id and the event it stands behind.
    fn takes(&self, id: EventId, behind: Option<EventId>) -> bool {
        let is_named = |event: &EventId| self.events.contains(event);
        match behind {
            None => !self.is_by_name() || is_named(&id),
            // Told by a better source, and that one leaves. It goes alone where only it was named.
            Some(lead) => is_named(&id) && !is_named(&lead),
        }
    }

    /// Whether a record of this kind, in an event of that kind and day, is of a chosen kind and period.
    fn takes_kind(&self, (event, day): (Kind, Option<PartialDate>), fact: Kind) -> bool {
        let is_of_kind = self.kinds.is_empty() || self.names(event) || self.names(fact);
        let is_wanted = self.records.is_empty() || self.records.contains(&fact);
        is_of_kind && is_wanted && (self.is_within(day) || self.always.contains(&fact))
    }
}

/// Which tellings of a record and of an event leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tellings {
    /// A record with the first document that states it, an event with the telling that leads. The other tellings are named,
    /// and what only they say is counted.
    Leading,
    /// The same, while the others leave by themselves.
    LeadingAlone,
    /// Each with every document that tells it.
    Every,
}

/// A chosen event of a document, with the chosen ones of its facts.
pub(super) struct Chosen<'d> {
    pub(super) event: Event,
    pub(super) document: &'d Document,
    /// The originals of the other tellings of the same event, which stand behind it.
    pub(super) others: Vec<Fingerprint>,
}

/// The chosen records of one person, and what is to be known to choose them.
pub(super) struct Chooser<'a> {
    pub(super) vault: &'a Vault,
    pub(super) choice: &'a Choice<'a>,
    /// Entries by which the person keeps something hidden, where that may leave.
    keeps_hidden: HashSet<DocumentId>,
}

impl<'a> Chooser<'a> {
    pub(super) fn of(vault: &'a Vault, choice: &'a Choice<'a>, person: PersonId) -> Result<Self, TransferError> {
        let mut keeps_hidden = HashSet::new();
        if choice.with_hidden {
            let mut after = None;
            loop {
                let changes = vault.changes(ChangesOf::Kind(person, ChangeKind::KeepHidden), after, PAGE)?;
                keeps_hidden.extend(changes.iter().map(|change| change.entry));
                let Some(last) = changes.last() else { break };
                after = Some(last.entry);
            }
        }
        Ok(Self { vault, choice, keeps_hidden })
    }

    /// Whole events that the person keeps hidden and that may leave, the newest day first. Lists do not have them.
    pub(super) fn hidden_events(&self) -> Result<Vec<EventId>, TransferError> {
        let mut events = Vec::new();
        for entry in &self.keeps_hidden {
            let changes = self.vault.changes(ChangesOf::Entry(*entry), None, 1)?;
            events.extend(
                changes
                    .iter()
                    .flat_map(|change| &change.targets)
                    .filter(|target| target.record.is_none())
                    .filter_map(|target| target.event),
            );
        }
        events.sort_unstable_by(|one, other| other.cmp(one));
        events.dedup();
        Ok(events)
    }

    /// Whether an event may leave, by its line.
    fn takes(&self, line: &EventLine) -> bool {
        self.choice.takes(line.id, line.behind) && !self.is_hidden(line.hidden)
    }

    /// Whether what an entry hides stays hidden. What somebody removed or corrected leaves in the archive alone.
    pub(super) fn is_hidden(&self, by: Option<DocumentId>) -> bool {
        by.is_some_and(|entry| !self.keeps_hidden.contains(&entry))
    }

    /// The chosen facts of an event, in their order: for each whether it leaves. Counts what is withheld; none where the event
    /// is not chosen at all.
    pub(super) fn of_event(&self, stored: &StoredEvent, tellings: Tellings, count: &mut Count) -> Result<Option<Vec<bool>>, TransferError> {
        // What stands behind is no other telling where an answer leaves as it came.
        let behind = stored.behind.filter(|_| tellings != Tellings::Every);
        if !self.choice.takes(stored.id, behind) || self.is_hidden(stored.hidden) {
            return Ok(None);
        }
        let places = 0..stored.event.facts.len();
        let keep = places.map(|place| self.of_fact(stored, place, tellings, count)).collect::<Result<Vec<_>, _>>()?;
        Ok(keep.contains(&true).then_some(keep))
    }

    fn of_fact(&self, stored: &StoredEvent, place: usize, tellings: Tellings, count: &mut Count) -> Result<bool, TransferError> {
        let (Some(fact), Some((id, first))) = (stored.event.facts.get(place), stored.ids.get(place)) else { return Ok(false) };
        let is_chosen = self.choice.takes_kind((stored.event.kind, stored.event.day), fact.kind);
        if self.is_hidden(stored.hidden_facts.get(place).copied().flatten()) || !is_chosen {
            return Ok(false);
        }
        if tellings != Tellings::Every
            && let Some(first) = first
            && !self.leaves_here(fact.kind, *id, *first)?
        {
            return Ok(false);
        }
        let is_withheld = self.choice.withhold.is_some_and(|withhold| withhold(stored, place));
        if is_withheld {
            count.miss(fact.kind, NotCarried::Withheld);
        }
        Ok(!is_withheld)
    }

    /// Whether a record that an earlier document had stated leaves with this one: it goes with the first whose event leaves.
    fn leaves_here(&self, kind: Kind, id: FactId, first: FactId) -> Result<bool, TransferError> {
        Ok(self.leaves_with(kind, first)?.is_none_or(|record| record == id))
    }

    /// Of all that state a record the first whose event leaves.
    fn leaves_with(&self, kind: Kind, first: FactId) -> Result<Option<FactId>, TransferError> {
        let again = self.vault.fact(first)?.stated_again;
        for record in std::iter::once(first).chain(again.into_iter().map(|(record, _)| record)) {
            let line = self.vault.event_line(record.event())?;
            if self.takes(&line) && self.choice.takes_kind((line.kind, line.day), kind) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// The originals of the other tellings of an event. What only they say, or say differently, is counted as not carried.
    pub(super) fn others(&self, stored: &StoredEvent, count: &mut Count) -> Result<Vec<Fingerprint>, TransferError> {
        if stored.linked == 0 {
            return Ok(Vec::new());
        }
        let mut told: HashSet<FactId> = stored.ids.iter().map(|(id, first)| first.unwrap_or(*id)).collect();
        let mut others = Vec::new();
        for link in self.vault.links_of(stored.id)? {
            if link.lead != stored.id || self.vault.event_line(link.event)?.behind != Some(stored.id) {
                continue;
            }
            let other = self.vault.event(link.event)?;
            others.push(self.vault.document(other.document)?.fingerprint);
            for (place, ((id, first), fact)) in other.ids.iter().zip(&other.event.facts).enumerate() {
                let shown = first.unwrap_or(*id);
                let is_hidden = self.is_hidden(other.hidden_facts.get(place).copied().flatten());
                // The leading telling's day is the event's.
                let is_chosen = self.choice.takes_kind((other.event.kind, stored.event.day), fact.kind);
                if is_hidden || !is_chosen || !told.insert(shown) {
                    continue;
                }
                // An event of its own may state it as well.
                if self.leaves_with(fact.kind, shown)?.is_some() {
                    continue;
                }
                let is_withheld = self.choice.withhold.is_some_and(|withhold| withhold(&other, place));
                count.miss(fact.kind, if is_withheld { NotCarried::Withheld } else { NotCarried::OtherSource });
            }
        }
        others.sort_unstable();
        others.dedup();
        Ok(others)
    }
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
    let chooser = Chooser::of(vault, choice, person)?;
    let ids = vault.document_ids(person)?;
    let of = ids.len() as u64;
    for (done, id) in (1..).zip(ids) {
        each_chosen_of(&chooser, id, Tellings::Leading, count, visit)?;
        progress(Progress { step: Step::Writing, done, of });
    }
    Ok(())
}

/// The chosen events of one document.
pub(super) fn each_chosen_of(
    chooser: &Chooser<'_>,
    id: DocumentId,
    tellings: Tellings,
    count: &mut Count,
    visit: &mut dyn FnMut(Chosen<'_>, &mut Count) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    let document = chooser.vault.document(id)?;
    chooser.vault.each_event_of(id, |stored| {
        let Some(keep) = chooser.of_event(&stored, tellings, count)? else { return Ok(()) };
        let others = if tellings == Tellings::Leading { chooser.others(&stored, count)? } else { Vec::new() };
        let mut event = stored.event;
        let mut keep = keep.into_iter();
        event.facts.retain(|_| keep.next() == Some(true));
        visit(Chosen { event, document: &document, others }, count)
    })
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
