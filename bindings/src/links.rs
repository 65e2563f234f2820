//! The same event from several sources: who tells it, why they are linked, what differs, and the person's own word about it.

use techo_core::{
    intake::{self, Deciding},
    present,
    record::{Author, Relation},
    vault::EventId,
};

use crate::{TechoError, Vault, redacted::redacted, room::now};

/// All that is known of one event from all its sources.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SameEvent {
    /// Who tells it; the leading one first. Only one where nobody else does.
    pub sources: Vec<EventSource>,
    /// Events that may be the same: questions to the person.
    pub questions: Vec<RelatedEvent>,
    /// Events of the same story.
    pub stories: Vec<RelatedEvent>,
}

/// One telling of an event.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EventSource {
    /// The event's id.
    pub event: String,
    /// Its name as received.
    pub title: String,
    /// The institution as received.
    pub place: Option<String>,
    /// The day as written.
    pub date: Option<String>,
    /// The name of its document's format.
    pub format_name: String,
    /// Whether it leads.
    pub leads: bool,
    /// What kind of source it is, and why it stands where it stands.
    pub standing: String,
    /// Why it is the same event as the leading one; none of the leading one itself.
    pub why: Option<String>,
    /// Rule and edition, for example `dose v1`.
    pub rule: Option<String>,
    /// What it says differently from the leading one.
    pub differences: Vec<EventDifference>,
}

/// One difference.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EventDifference {
    /// What differs.
    pub item: String,
    /// What the leading one says; none for nothing.
    pub lead: Option<String>,
    /// What the other says.
    pub other: Option<String>,
}

/// An event that has to do with another.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RelatedEvent {
    /// The event's id.
    pub event: String,
    /// Its name.
    pub title: String,
    /// Its day for the screen.
    pub date_text: String,
    /// The institution.
    pub place: Option<String>,
    /// Why.
    pub why: String,
}

redacted!(SameEvent, EventSource, EventDifference, RelatedEvent);

#[uniffi::export]
impl Vault {
    /// *Quick.* What is told of an event by all its sources, whichever of them it is.
    pub fn links(&self, event: String) -> Result<SameEvent, TechoError> {
        let same = present::same_event(&self.room.vault, event.parse()?, self.room.language())?;
        Ok(SameEvent {
            sources: same.sources.into_iter().map(EventSource::of).collect(),
            questions: same.questions.into_iter().map(RelatedEvent::of).collect(),
            stories: same.stories.into_iter().map(RelatedEvent::of).collect(),
        })
    }

    /// *Quick.* Keeps an event apart from another, or from everything it is linked with: for good. Gives the entries that say so, to be
    /// undone by.
    pub fn unlink(&self, event: String, other: Option<String>, reason: Option<String>) -> Result<Vec<String>, TechoError> {
        let event: EventId = event.parse()?;
        let other = other.map(|other| other.parse()).transpose()?;
        let deciding = self.deciding(event, reason)?;
        let entries = intake::keep_apart(&self.room.vault, event, other, &deciding)?;
        Ok(entries.iter().map(ToString::to_string).collect())
    }

    /// *Quick.* Makes two events one. Gives the entry that says so.
    pub fn link(&self, one: String, other: String, reason: Option<String>) -> Result<String, TechoError> {
        let one: EventId = one.parse()?;
        let deciding = self.deciding(one, reason)?;
        Ok(intake::join(&self.room.vault, one, other.parse()?, deciding)?.to_string())
    }
}

impl Vault {
    /// Who holds the phone speaks for the person whose event it is.
    fn deciding(&self, event: EventId, reason: Option<String>) -> Result<Deciding, TechoError> {
        let person = self.room.vault.person(self.room.vault.event(event)?.person)?;
        Ok(Deciding { author: Author { name: person.name, relation: Relation::Myself }, reason, now: now() })
    }
}

impl EventSource {
    fn of(source: present::SourceLine) -> Self {
        let (why, rule) = source.link.map(|link| (link.why, format!("{} v{}", link.rule, link.edition))).unzip();
        let differences = source.differences.into_iter();
        Self {
            event: source.event.to_string(),
            title: source.title,
            place: source.place,
            date: source.date,
            format_name: source.format_name,
            leads: source.leads,
            standing: source.standing,
            why,
            rule,
            differences: differences.map(|one| EventDifference { item: one.item, lead: one.lead, other: one.other }).collect(),
        }
    }
}

impl RelatedEvent {
    fn of(line: present::RelatedLine) -> Self {
        Self { event: line.event.to_string(), title: line.title, date_text: line.date_text, place: line.place, why: line.link.why }
    }
}
