//! Out of the vault: the records of a part within its days, what of them is sensitive, and what was left out. What cannot
//! be told to be harmless is not shown.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{LeftOutReasons, words};
use crate::{
    base::{PersonId, fold},
    insight::{
        clinic::{Part, Selection},
        sensitivity,
    },
    present::{Language, Marked, medicines::kept_hidden},
    record::{Body, Event, Fact, Reason, Standing},
    terms::{Kind, quantity_of},
    vault::{CLINICAL_KINDS, ClinicalRecord, DocumentId, EventId, EventLine, FactId, PAGE, SeriesLine, StoredEvent, Vault, VaultError},
};

/// Records read of one kind at most; a claim a month for a lifetime is below.
const MOST: usize = 1_000;

/// Everything that the sections read with.
pub(super) struct Reading<'a> {
    pub(super) vault: &'a Vault,
    pub(super) person: PersonId,
    pub(super) selection: &'a Selection,
    /// Values of a quantity that are shown.
    pub(super) values: usize,
    pub(super) on: NaiveDate,
    pub(super) language: Language,
    marked: Marked,
    /// What the person keeps hidden.
    hidden: Vec<Fact>,
    by_hand: HashMap<DocumentId, bool>,
    events: HashMap<EventId, EventLine>,
    /// The tellings behind an event that leads.
    behind: HashMap<EventId, Vec<StoredEvent>>,
    /// The series whose values are shown.
    pub(super) series: Vec<SeriesLine>,
}

/// A record with whether it is sensitive.
pub(super) struct Seen {
    pub(super) record: ClinicalRecord,
    pub(super) sensitive: bool,
}

/// The records of a part.
pub(super) struct Found {
    pub(super) seen: Vec<Seen>,
    pub(super) reasons: LeftOutReasons,
    pub(super) more: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        vault: &'a Vault,
        person: PersonId,
        selection: &'a Selection,
        values: usize,
        (on, language): (NaiveDate, Language),
    ) -> Result<Self, VaultError> {
        let mut hidden = Vec::new();
        for (event, places) in kept_hidden(vault, person)? {
            let facts = vault.event(event)?.event.facts;
            hidden.extend(facts.into_iter().enumerate().filter(|(place, _)| places.contains(place)).map(|(_, fact)| fact));
        }
        let marked = Marked::of(vault, person)?;
        // No series is called so: only the ids count.
        let series = if selection.quantities.is_empty() { Vec::new() } else { vault.find_series(&selection.quantities, "\0", "\0")? };
        let (by_hand, events, behind) = (HashMap::new(), HashMap::new(), HashMap::new());
        Ok(Self { vault, person, selection, values, on, language, marked, hidden, by_hand, events, behind, series })
    }

    /// The records of a part within its days.
    pub(super) fn found(&mut self, part: Part) -> Result<Found, VaultError> {
        let period = self.selection.period(part, self.on);
        let mut found = Found { seen: Vec::new(), reasons: LeftOutReasons::default(), more: false };
        for kind in part.kinds() {
            let before = found.seen.len();
            let mut after = None;
            loop {
                let page = self.vault.clinical(self.person, *kind, period, after, PAGE)?;
                let is_full = page.len() == PAGE as usize;
                after = page.last().map(|record| record.id);
                for record in page {
                    found.seen.extend(self.seen(record)?);
                }
                if !is_full {
                    break;
                }
                if found.seen.len() - before >= MOST {
                    found.more = true;
                    break;
                }
            }
            found.reasons.outside |= period != (None, None) && self.vault.has_clinical_outside(self.person, *kind, period)?;
        }
        let hidden = self.hidden.iter().filter(|fact| part.kinds().contains(&fact.kind)).count();
        found.reasons.hidden = u32::try_from(hidden).unwrap_or(u32::MAX);
        Ok(found)
    }

    /// The record, unless its issuer took it back or it stands behind another telling of the same.
    fn seen(&mut self, record: ClinicalRecord) -> Result<Option<Seen>, VaultError> {
        if record.fact.standing == Standing::Quarantined(Reason::Withdrawn) {
            return Ok(None);
        }
        // What only the telling behind has must not be lost: an allergy in the second report of one checkup.
        if let Some(lead) = record.event.behind
            && self.vault.tells_of(lead, record.fact.kind)?
        {
            return Ok(None);
        }
        let sensitive = self.is_sensitive(record.id, &record.event, &record.fact)?;
        Ok(Some(Seen { record, sensitive }))
    }

    /// Whether a record is sensitive by the rules or by the person's mark, here or where the same is told behind it.
    fn is_sensitive(&mut self, id: FactId, event: &EventLine, fact: &Fact) -> Result<bool, VaultError> {
        if self.marked.has(id, event.id) || sensitivity(&head(event), fact).is_some() {
            return Ok(true);
        }
        if event.linked == 0 {
            return Ok(false);
        }
        if !self.behind.contains_key(&event.id) {
            let ids = self.vault.tellings_behind(event.id)?;
            let told = ids.into_iter().map(|id| self.vault.event(id)).collect::<Result<Vec<_>, _>>()?;
            self.behind.insert(event.id, told);
        }
        let told = self.behind.get(&event.id).map(Vec::as_slice).unwrap_or_default();
        Ok(told.iter().any(|other| {
            let mut same = other.event.facts.iter().enumerate().filter(|(_, theirs)| is_same(fact, theirs));
            same.any(|(place, _)| self.marked.reason(other, place).is_some())
        }))
    }

    /// The event of a measured record, and whether the record is sensitive.
    pub(super) fn measured(&mut self, id: FactId, fact: &Fact) -> Result<(EventLine, bool), VaultError> {
        let event = if let Some(event) = self.events.get(&id.event()) {
            event.clone()
        } else {
            let event = self.vault.event_line(id.event())?;
            self.events.insert(event.id, event.clone());
            event
        };
        let sensitive = self.is_sensitive(id, &event, fact)?;
        Ok((event, sensitive))
    }

    /// Who says so.
    pub(super) fn source(&mut self, event: &EventLine, said_by: Option<&str>) -> Result<String, VaultError> {
        let by_hand = if let Some(known) = self.by_hand.get(&event.document) {
            *known
        } else {
            let is = self.vault.is_by_hand(event.document)?;
            self.by_hand.insert(event.document, is);
            is
        };
        Ok(words::source(event.place.as_deref(), said_by, by_hand, self.language))
    }

    /// How many values of the chosen quantities the person keeps hidden.
    pub(super) fn hidden_values(&self) -> u32 {
        let count = self.hidden.iter().filter(|fact| self.is_chosen_value(fact)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn is_chosen_value(&self, fact: &Fact) -> bool {
        let quantities = fact.concept.codings.iter().filter_map(|coding| quantity_of(coding.canonical_system().as_deref(), &coding.code));
        matches!(fact.body, Body::Observation(_)) && quantities.into_iter().any(|quantity| self.selection.quantities.contains(&quantity.id))
    }

    /// Whether there is anything of the person that no chosen part holds.
    pub(super) fn has_unchosen(&self) -> Result<bool, VaultError> {
        let is_shown = |kind: Kind| self.selection.parts.iter().any(|chosen| chosen.part.kinds().contains(&kind));
        if self.hidden.iter().any(|fact| !is_shown(fact.kind) && !self.is_chosen_value(fact)) {
            return Ok(true);
        }
        for kind in CLINICAL_KINDS {
            if !is_shown(kind) && !self.vault.clinical(self.person, kind, (None, None), None, 1)?.is_empty() {
                return Ok(true);
            }
        }
        let is_unchosen = |quantity: &str| !self.selection.quantities.contains(&quantity);
        if self.vault.sample_lines(self.person)?.iter().any(|line| is_unchosen(&line.quantity)) {
            return Ok(true);
        }
        self.vault.has_others_than(self.person, &self.series)
    }
}

/// Whether two tellings of one event tell of the same in these records. A dose, an allergy and the like are alone in theirs.
fn is_same(one: &Fact, other: &Fact) -> bool {
    let has_its_code = || one.concept.codings.iter().any(|coding| other.concept.codings.contains(coding));
    let is_alone = matches!(one.kind, Kind::Vaccination | Kind::Allergy | Kind::Condition | Kind::Infection | Kind::Procedure);
    one.kind == other.kind && (is_alone || fold(&one.title) == fold(&other.title) || has_its_code())
}

/// The event as the rules ask it.
fn head(event: &EventLine) -> Event {
    Event { kind: event.kind, day: event.day, title: event.title.clone(), place: event.place.clone(), signature: None, facts: Vec::new() }
}
