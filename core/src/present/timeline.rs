//! The timeline: events by day.

use super::{Language, date_text, kind_name};
use crate::{
    base::PersonId,
    terms::Kind,
    vault::{DocumentId, EventId, EventLine, TimelinePage, Vault, VaultError},
};

/// One line of the timeline, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// The event.
    pub id: EventId,
    /// Whose.
    pub person: PersonId,
    /// The day as `2024-05-03`, `2024-05` or `2024`; none where no date is known.
    pub date: Option<String>,
    /// The day in words for the screen.
    pub date_text: String,
    /// What it was.
    pub kind: Kind,
    /// The kind's name in the person's language.
    pub kind_name: &'static str,
    /// The event's name as received.
    pub title: String,
    /// How many records it has.
    pub records: u32,
    /// The institution as received.
    pub source: Option<String>,
    /// The document.
    pub document: DocumentId,
    /// How many other tellings of it stand behind it.
    pub linked: u32,
}

/// A page of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineView {
    /// The lines, the newest day first.
    pub rows: Vec<TimelineRow>,
    /// Where to go on; none when that was all.
    pub next: Option<EventId>,
}

/// One page of the timeline. *Quick.*
pub fn timeline(vault: &Vault, page: &TimelinePage, language: Language) -> Result<TimelineView, VaultError> {
    let lines = vault.timeline(page)?;
    let full = u32::try_from(lines.len()).is_ok_and(|count| count >= page.limit);
    let next = lines.last().filter(|_| full).map(|line| line.id);
    let rows = lines.into_iter().map(|line| TimelineRow::of(line, language)).collect();
    Ok(TimelineView { rows, next })
}

impl TimelineRow {
    /// The line of one event.
    pub fn of(event: EventLine, language: Language) -> Self {
        Self {
            id: event.id,
            person: event.person,
            date: event.day.map(|day| day.to_string()),
            date_text: date_text(event.day, language),
            kind: event.kind,
            kind_name: kind_name(event.kind, language),
            title: event.title,
            records: event.records,
            source: event.place,
            document: event.document,
            linked: event.linked,
        }
    }
}
