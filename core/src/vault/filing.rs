//! Filing: one document with everything it says, in one transaction. It is acknowledged when it is committed and
//! anchored, or it never was.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{
    Vault, VaultError,
    cache::Cache,
    changes::{self, NewDocument},
    clinical,
    codec::{self, canonical_event},
    documents,
    ids::{DocumentId, EventId, day_key, event_range, fact_range},
    ledger::{self, Act},
    people::{self, PersonRow},
    words,
};
use crate::{
    base::{Fingerprint, PartialDate, PersonId},
    consent::ConsentId,
    record::{Change, Event},
};

/// Most facts one event can hold; a reader that meets more splits the event.
pub const FACTS_PER_EVENT: usize = 1 << 16;

/// A document ready to be filed.
#[derive(Debug)]
pub struct Filing {
    /// Whose records these are.
    pub person: PersonId,
    /// SHA-256 of the original.
    pub fingerprint: Fingerprint,
    /// The original: one part, or the parts of a split document in their order. Empty where the original was erased.
    pub parts: Vec<Vec<u8>>,
    /// When it was received.
    pub received: DateTime<Utc>,
    /// What is known about it.
    pub about: DocumentBody,
    /// What it says.
    pub events: Vec<EventToFile>,
    /// What it changes, where it is an entry that a person wrote and its original is here.
    pub change: Option<Change>,
}

/// An event with what the caller worked out about its facts, in the order of its facts.
#[derive(Debug)]
pub struct EventToFile {
    /// The event.
    pub event: Event,
    /// For each fact: 64 bits of what makes it the same record in another document.
    pub identities: Vec<i64>,
    /// For each fact: the line of a chart it belongs to (key, code, label).
    pub series: Vec<Option<(String, String, String)>>,
}

/// What is known about a document besides its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentBody {
    /// Format id, for example `"tokutei-xml"`.
    pub format: String,
    /// Version of the reader.
    pub parser: u32,
    /// Who issued it, as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The file's name when it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Entries that were not taken: place and reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedEntry>,
    /// The person said that the document is theirs although it names somebody else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub claimed: bool,
    /// The original was erased on request; its records cannot be read anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub original_erased: bool,
    /// The consent it was fetched by; none where it came in as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentId>,
    /// The original is what was left of a longer answer after what nobody had consented to was cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trimmed: Option<Trimmed>,
    /// How a table of measurements was read, as the person confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// What the person said about a document that is kept without being read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
    /// It is a part of a document that somebody else's notebook has, and came as a slice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<SliceMark>,
}

/// What a slice says about itself: that it is a part, from whom, of which day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceMark {
    /// Who shared it, as they wrote it.
    pub from: String,
    /// The day it was made.
    pub on: PartialDate,
    /// What of the person it is made of: `growth`; everything that the sender shared when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
}

/// What a person says about a PDF or a picture when it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// What it is called; by its file's name where none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The day it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<PartialDate>,
}

/// The answer that a trimmed original was cut from. Only this is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trimmed {
    /// SHA-256 of the full answer.
    pub full: Fingerprint,
    /// Its length in bytes.
    pub size: u64,
}

/// An entry that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedEntry {
    /// Where it stands.
    pub place: String,
    /// Why, in English.
    pub reason: String,
}

/// What filing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filed {
    /// The document is new.
    New {
        /// Its id.
        document: DocumentId,
        /// Records it states.
        stated: u32,
        /// Of these, records that an earlier document had stated.
        known: u32,
    },
    /// The very same document was here already; nothing was added.
    AlreadyHere {
        /// Its id.
        document: DocumentId,
    },
}

impl Vault {
    /// Files a document. Returns once it is durable.
    pub fn file(&self, filing: &Filing) -> Result<Filed, VaultError> {
        self.write_cached(|tx, cache| file(tx, cache, filing))
    }
}

/// Files a document with its line in the ledger, unless it is here already.
pub(super) fn file(tx: &Connection, cache: &mut Cache, filing: &Filing) -> Result<Filed, VaultError> {
    let person = people::row_of(tx, filing.person)?;
    if let Some(document) = documents::find(tx, person, filing.fingerprint)? {
        return Ok(Filed::AlreadyHere { document });
    }
    let filed = insert(tx, cache, person, filing)?;
    if let Filed::New { document, stated, known } = filed {
        let detail = format!(
            r#"{{"person":"{}","document":"{}","format":"{}","records":{stated},"known":{known}}}"#,
            filing.person, filing.fingerprint, filing.about.format
        );
        let entry = ledger::append(tx, filing.received, Act::Imported, Some(&detail))?;
        documents::link_ledger(tx, document, entry)?;
    }
    Ok(filed)
}

/// Inserts the document and its records; the caller has made sure that it is new.
pub(super) fn insert(tx: &Connection, cache: &mut Cache, person: PersonRow, filing: &Filing) -> Result<Filed, VaultError> {
    let document = documents::insert(tx, person, filing)?;
    let (mut stated, mut known) = (0, 0);
    for (position, event) in (0_u32..).zip(&filing.events) {
        let (all, repeated) = insert_event(tx, cache, Place::of(filing, person, document, position), event)?;
        stated += all;
        known += repeated;
    }
    let new = NewDocument { person, id: document, fingerprint: filing.fingerprint, about: &filing.about };
    changes::apply(tx, cache, new, filing.change.as_ref())?;
    Ok(Filed::New { document, stated, known })
}

/// Where an event stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) person: PersonRow,
    pub(super) document: DocumentId,
    pub(super) fingerprint: Fingerprint,
    /// Its place among the document's events.
    pub(super) position: u32,
    /// Sets its records apart from equal ones of other documents; 0 where they are to be recognised.
    pub(super) salt: i64,
}

impl Place {
    pub(super) fn of(filing: &Filing, person: PersonRow, document: DocumentId, position: u32) -> Self {
        let salt = changes::salt(&filing.about, filing.fingerprint);
        Self { person, document, fingerprint: filing.fingerprint, position, salt }
    }
}

/// Inserts one event at its place: how many records it states, and how many of them were known.
pub(super) fn insert_event(tx: &Connection, cache: &mut Cache, place: Place, filed: &EventToFile) -> Result<(u32, u32), VaultError> {
    let Place { person, document, fingerprint, position, salt } = place;
    let event = &filed.event;
    if event.facts.len() > FACTS_PER_EVENT {
        return Err(VaultError::TooManyFacts);
    }
    let day = day_key(event.day);
    let id = next_event_id(tx, day)?;
    let (first, _) = fact_range(id);
    let (mut stated, mut known) = (0_u32, 0_u32);
    let mut add = tx.prepare_cached(
        "INSERT INTO facts (id, person, day, identity, same_as, series, shape, document, value, moment, clinical)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (person, day, identity) WHERE same_as IS NULL DO NOTHING",
    )?;
    for ((number, fact), (identity, series)) in (0_i64..).zip(&event.facts).zip(filed.identities.iter().zip(&filed.series)) {
        let split = codec::split(fact.clone())?;
        let shape = cache.shape_row(tx, &split.shape)?;
        let series = series.as_ref().map(|(key, code, label)| cache.series_row(tx, key, code, label)).transpose()?;
        let identity = identity ^ salt;
        let mut insert = |same_as: Option<i64>| {
            add.execute(params![
                first + number,
                person,
                day,
                identity,
                same_as,
                series,
                shape,
                document.0,
                split.value,
                split.moment,
                clinical::clinical_kind(fact)
            ])
        };
        stated += 1;
        if insert(None)? == 0 {
            known += 1;
            insert(Some(find_identity(tx, person, day, identity)?))?;
        }
    }
    let digest = Fingerprint::of(&canonical_event(fingerprint, position, event)?);
    let signature = event.signature.as_ref().map(codec::encode).transpose()?;
    tx.prepare_cached(
        "INSERT INTO events (id, person, day, kind, title, place, records, stated, document, position, digest, signature)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        id.0,
        person,
        day,
        event.kind.id(),
        event.title,
        event.place,
        stated - known,
        stated,
        document.0,
        position,
        digest.as_bytes(),
        signature
    ])?;
    words::add(tx, id, person, event)?;
    Ok((stated, known))
}

fn find_identity(tx: &Connection, person: PersonRow, day: i64, identity: i64) -> Result<i64, VaultError> {
    let mut statement = tx.prepare_cached("SELECT id FROM facts WHERE person = ?1 AND day = ?2 AND identity = ?3 AND same_as IS NULL")?;
    statement.query_row((person, day, identity), |row| row.get(0)).map_err(VaultError::from)
}

fn next_event_id(tx: &Connection, day: i64) -> Result<EventId, VaultError> {
    let (first, next_day) = event_range(day);
    let mut statement = tx.prepare_cached("SELECT max(id) FROM events WHERE id >= ?1 AND id < ?2")?;
    let last: Option<i64> = statement.query_row((first, next_day), |row| row.get(0)).optional()?.flatten();
    let id = last.map_or(first, |last| last + 1);
    (id < next_day).then_some(EventId(id)).ok_or(VaultError::TooManyFacts)
}
