//! Reading: the timeline, an event, a record, a search, an original. Everything comes in pages of at most 100 rows, because a
//! call costs more than a row does.

use techo_core::{
    base::{PartialDate, PersonId},
    present,
    terms::Kind,
    vault::{self, DocumentId, EventId, FactId, PAGE},
};

use crate::{AttachedDocument, TechoError, Vault, Written, redacted::redacted, room::Names};

/// Which part of the timeline.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TimelineQuery {
    /// Whose, by id; everybody's when none.
    pub person: Option<String>,
    /// Only this kind, by its id.
    pub kind: Option<String>,
    /// Only this day and later: `2024-05-03`, `2024-05` or `2024`.
    pub from: Option<String>,
    /// Only this day and earlier.
    pub until: Option<String>,
    /// Go on here: `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 100.
    pub limit: u32,
}

/// One page of the timeline.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TimelinePage {
    /// The newest day first.
    pub rows: Vec<TimelineRow>,
    /// Where to go on; none when that was all.
    pub next: Option<String>,
}

/// One event, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TimelineRow {
    /// The event's id.
    pub id: String,
    /// The person's id.
    pub person: String,
    /// The person's name.
    pub person_name: String,
    /// The day as `2024-05-03`, `2024-05` or `2024`; none where no date is known.
    pub date: Option<String>,
    /// The day for the screen.
    pub date_text: String,
    /// The kind's id.
    pub kind: String,
    /// The kind's name.
    pub kind_name: String,
    /// The event's name as received.
    pub title: String,
    /// How many records it has.
    pub records: u32,
    /// The institution as received.
    pub source: Option<String>,
    /// The document's id.
    pub document: String,
    /// How many other tellings of the same event stand behind it.
    #[uniffi(default = 0)]
    pub linked: u32,
    /// That in words, to stand beside the institution; none where nothing stands behind it.
    #[uniffi(default = None)]
    pub sources_text: Option<String>,
}

/// A kind of record.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct KindName {
    /// The public id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One event with its records.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EventView {
    /// The event.
    pub row: TimelineRow,
    /// Its records in the order of the document, the first 100.
    pub records: Vec<RecordView>,
    /// Where to go on with `event_records`; none when that was all.
    pub next: Option<String>,
}

/// One record, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RecordView {
    /// The record's id; none for an event that is shown by itself.
    pub id: Option<String>,
    /// The event's id.
    pub event: String,
    /// The person's id.
    pub person: String,
    /// The person's name.
    pub person_name: String,
    /// The day as `2024-05-03`, `2024-05` or `2024`; none where no date is known.
    pub date: Option<String>,
    /// The day for the screen.
    pub date_text: String,
    /// The kind's id.
    pub kind: String,
    /// The kind's name.
    pub kind_name: String,
    /// What it is called.
    pub title: String,
    /// The result: a number exactly as measured, the meaning of an answer, or words.
    pub value: Option<String>,
    /// The unit a person reads.
    pub unit: Option<String>,
    /// The leading code as received.
    pub code: Option<String>,
    /// Its code system as received.
    pub system: Option<String>,
    /// The institution as received.
    pub source: Option<String>,
    /// The document's id.
    pub document: String,
    /// Where the record stands in the original.
    pub place: Option<String>,
    /// Whether it is simply understood.
    pub is_understood: bool,
    /// What to say when it is not.
    pub standing_text: Option<String>,
    /// Everything else, a line each.
    pub details: Vec<Detail>,
    /// Whether it is hidden: corrected, removed, kept hidden, or of an entry that was undone.
    #[uniffi(default = false)]
    pub is_hidden: bool,
    /// Why it is left out of every summary and hand-over unless it is chosen.
    #[uniffi(default = None)]
    pub sensitive_text: Option<String>,
    /// Whether that is the person's own mark, which can be taken back.
    #[uniffi(default = false)]
    pub is_marked_sensitive: bool,
    /// Where it was written or changed by hand; none in lists.
    #[uniffi(default = None)]
    pub written: Option<Written>,
    /// Documents beside it; none in lists.
    #[uniffi(default = [])]
    pub attached: Vec<AttachedDocument>,
}

/// One more line about a record.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Detail {
    /// What it is about.
    pub label: String,
    /// What it says, as received.
    pub text: String,
}

/// A page of records.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SearchPage {
    /// The records.
    pub records: Vec<RecordView>,
    /// Where to go on; none when that was all.
    pub next: Option<String>,
}

/// A document as it came.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Original {
    /// The file's name, where it had one.
    pub name: Option<String>,
    /// What kind of file it is.
    pub media_type: String,
    /// The bytes: one part, or the parts of a split document in their order. None where the original was erased.
    pub parts: Vec<Vec<u8>>,
}

redacted!(TimelineQuery, TimelinePage, TimelineRow, KindName, EventView, RecordView, Detail, SearchPage, Original);

#[uniffi::export]
impl Vault {
    /// *Quick.* One page of the timeline. What is no id or date is `NotFound`.
    pub fn timeline(&self, query: TimelineQuery) -> Result<TimelinePage, TechoError> {
        let not_found = |_| TechoError::NotFound;
        let date = |text: Option<String>| text.map(|text| text.parse::<PartialDate>().map_err(|_| TechoError::NotFound)).transpose();
        let page = vault::TimelinePage {
            person: person_id(query.person)?,
            kind: query.kind.map(|kind| kind.parse::<Kind>()).transpose().map_err(|_| TechoError::NotFound)?,
            from: date(query.from)?,
            until: date(query.until)?,
            after: query.after.map(|after| after.parse::<EventId>()).transpose().map_err(not_found)?,
            limit: query.limit.clamp(1, PAGE),
        };
        let language = self.room.language();
        let view = present::timeline(&self.room.vault, &page, language)?;
        let names = self.room.names()?;
        Ok(TimelinePage {
            rows: view.rows.into_iter().map(|row| TimelineRow::of(row, &names, language)).collect(),
            next: view.next.map(|next| next.to_string()),
        })
    }

    /// *Instant.* Every kind there is, for a filter.
    pub fn kinds(&self) -> Vec<KindName> {
        let language = self.room.language();
        Kind::ALL.iter().map(|kind| KindName { id: kind.id().to_owned(), name: present::kind_name(*kind, language).to_owned() }).collect()
    }

    /// *Quick.* One event with its records, at most 100.
    pub fn event(&self, id: String) -> Result<EventView, TechoError> {
        let language = self.room.language();
        let (line, mut records) = present::event(&self.room.vault, id.parse()?, language)?;
        // Of an event that is hidden as a whole, who asks for it sees everything.
        if line.hidden.is_none() {
            records.retain(|record| !record.is_hidden);
        }
        let names = self.room.names()?;
        let next = cut(&mut records);
        Ok(EventView {
            row: TimelineRow::of(present::TimelineRow::of(line, language), &names, language),
            records: records.into_iter().map(|record| RecordView::of(record, &names, language)).collect(),
            next,
        })
    }

    /// *Quick.* More records of an event: those behind `after`, which is `next` of the page before.
    pub fn event_records(&self, id: String, after: String) -> Result<SearchPage, TechoError> {
        let (after, language): (FactId, _) = (after.parse()?, self.room.language());
        let (line, mut records) = present::event(&self.room.vault, id.parse()?, language)?;
        records.retain(|record| record.record.is_some_and(|id| id > after) && (line.hidden.is_some() || !record.is_hidden));
        let next = cut(&mut records);
        let names = self.room.names()?;
        Ok(SearchPage { records: records.into_iter().map(|record| RecordView::of(record, &names, language)).collect(), next })
    }

    /// *Quick.* One record with all that is known about it.
    pub fn record(&self, id: String) -> Result<RecordView, TechoError> {
        let language = self.room.language();
        let view = present::record(&self.room.vault, id.parse()?, language)?;
        Ok(RecordView::of(view, &self.room.names()?, language))
    }

    /// *Quick.* What holds every one of these words, the newest first. The records of one event are not torn apart, so that a page
    /// may have some more than `limit`.
    pub fn search(&self, words: String, person: Option<String>, after: Option<String>, limit: u32) -> Result<SearchPage, TechoError> {
        let after = after.map(|after| after.parse::<EventId>()).transpose()?;
        let (limit, language) = (limit.clamp(1, PAGE), self.room.language());
        let (records, next) = present::search(&self.room.vault, &words, person_id(person)?, after, limit, language)?;
        let names = self.room.names()?;
        Ok(SearchPage {
            records: records.into_iter().map(|record| RecordView::of(record, &names, language)).collect(),
            next: next.map(|next| next.to_string()),
        })
    }

    /// *Quick.* A document byte for byte, as it came.
    pub fn original(&self, document: String) -> Result<Original, TechoError> {
        let id: DocumentId = document.parse()?;
        let about = self.room.vault.document(id)?.about;
        let parts = self.room.vault.original(id)?;
        Ok(Original {
            media_type: techo_core::formats::media_type(&about.format).to_owned(),
            name: about.name,
            parts: parts.iter().map(|part| part.to_vec()).collect(),
        })
    }
}

/// Cuts a list to one page; gives the last record that stays where there are more.
fn cut(records: &mut Vec<present::RecordView>) -> Option<String> {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_more = records.len() > page;
    records.truncate(page);
    records.last().filter(|_| is_more).and_then(|record| record.record).map(|id| id.to_string())
}

/// A person's id, where one is given.
pub(crate) fn person_id(id: Option<String>) -> Result<Option<PersonId>, TechoError> {
    Ok(id.map(|id| id.parse()).transpose()?)
}

impl TimelineRow {
    fn of(row: present::TimelineRow, names: &Names, language: present::Language) -> Self {
        Self {
            id: row.id.to_string(),
            person: row.person.to_string(),
            person_name: names.name(row.person),
            date: row.date,
            date_text: row.date_text,
            kind: row.kind.id().to_owned(),
            kind_name: row.kind_name.to_owned(),
            title: row.title,
            records: row.records,
            source: row.source,
            document: row.document.to_string(),
            linked: row.linked,
            sources_text: present::sources_text(row.linked, language),
        }
    }
}

impl RecordView {
    pub(crate) fn of(mut view: present::RecordView, names: &Names, language: present::Language) -> Self {
        let written = view.written.take().map(|written| Written::of(written, &mut view.details));
        let attached = view.attached.into_iter().map(|one| AttachedDocument {
            entry: one.entry.to_string(),
            document: one.document.map(|document| document.to_string()),
            title: one.title,
        });
        Self {
            is_hidden: view.is_hidden,
            sensitive_text: view.sensitive.map(|sensitive| sensitive.text(language).to_owned()),
            is_marked_sensitive: view.sensitive == Some(present::Sensitive::Marked),
            written,
            attached: attached.collect(),
            id: view.record.map(|id| id.to_string()),
            event: view.event.to_string(),
            person: view.person.to_string(),
            person_name: names.name(view.person),
            date: view.date,
            date_text: view.date_text,
            kind: view.kind.id().to_owned(),
            kind_name: view.kind_name.to_owned(),
            title: view.title,
            value: view.value,
            unit: view.unit,
            code: view.code,
            system: view.system,
            source: view.source,
            document: view.document.to_string(),
            place: view.place,
            is_understood: view.standing.is_understood(),
            standing_text: view.standing_text.map(str::to_owned),
            details: view.details.into_iter().map(|detail| Detail { label: detail.label.to_owned(), text: detail.text }).collect(),
        }
    }
}
