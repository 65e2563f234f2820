//! What is sensitive in somebody's notebook: by the rules, and by what the person marked. Every summary and hand-over asks
//! here what it leaves out.

use std::collections::HashSet;

use super::Language;
use crate::{
    base::PersonId,
    insight::sensitivity,
    record::ChangeKind,
    terms::{Asked, Kind, SensitiveGroup, quantity, sensitive_group},
    vault::{ChangesOf, EventId, FactId, PAGE, StoredDay, StoredEvent, Vault, VaultError},
};

/// Why a record is sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitive {
    /// A rule says so.
    Group(SensitiveGroup),
    /// The person marked it.
    Marked,
}

impl Sensitive {
    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Group(group) => group.id(),
            Self::Marked => "marked",
        }
    }

    /// What a person reads.
    pub const fn text(self, language: Language) -> &'static str {
        match self {
            Self::Group(group) => language.pick(group.japanese(), group.english()),
            Self::Marked => language.pick("ご自分で付けた印", "marked by you"),
        }
    }
}

/// What one person marked as sensitive.
#[derive(Debug, Default)]
pub struct Marked {
    events: HashSet<EventId>,
    records: HashSet<FactId>,
}

impl Marked {
    /// Of one person. *Quick.*
    pub fn of(vault: &Vault, person: PersonId) -> Result<Self, VaultError> {
        let (mut marked, mut after) = (Self::default(), None);
        loop {
            let changes = vault.changes(ChangesOf::Kind(person, ChangeKind::MarkSensitive), after, PAGE)?;
            for target in changes.iter().flat_map(|change| &change.targets) {
                match (target.record, target.event) {
                    (Some(record), _) => drop(marked.records.insert(record)),
                    (None, Some(event)) => drop(marked.events.insert(event)),
                    (None, None) => {}
                }
            }
            match changes.last() {
                Some(last) if changes.len() == PAGE as usize => after = Some(last.entry),
                Some(_) | None => return Ok(marked),
            }
        }
    }

    /// Why a day of what was measured at home is sensitive, by what was measured; none where it is not. Nobody marks a day.
    pub fn day_reason(day: &StoredDay) -> Option<Sensitive> {
        Self::quantity_reason(&day.quantity)
    }

    /// The same by the quantity's id.
    pub fn quantity_reason(id: &str) -> Option<Sensitive> {
        let known = quantity(id);
        let names = [known.map(|known| known.japanese), known.map(|known| known.english), Some(id)];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        let (event, record) = (Kind::Measurement, Kind::Measurement);
        sensitive_group(&Asked { event, record, names: &names, icd10: &[], price_codes: &[] }).map(Sensitive::Group)
    }

    /// Whether the person marked a record, or its event.
    pub fn has(&self, record: FactId, event: EventId) -> bool {
        self.records.contains(&record) || self.events.contains(&event)
    }

    /// Why the record at this place of an event is sensitive; none where it is not. A record that is shown with another
    /// document is marked there.
    pub fn reason(&self, stored: &StoredEvent, place: usize) -> Option<Sensitive> {
        let is_marked = stored.ids.get(place).is_some_and(|(id, same_as)| {
            let shown = same_as.unwrap_or(*id);
            let events = [stored.id, shown.event()];
            self.records.contains(&shown) || events.iter().any(|event| self.events.contains(event))
        });
        if is_marked {
            return Some(Sensitive::Marked);
        }
        sensitivity(&stored.event, stored.event.facts.get(place)?).map(Sensitive::Group)
    }
}
