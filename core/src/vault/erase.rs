//! Erasure on request. What is erased is gone: records, originals, search index, pages, log and copies; the ledger keeps
//! a tombstone without content. The vault never does this by itself.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{
    Vault, VaultError,
    cache::Cache,
    card,
    changes::{self, Dependants},
    codec::{self, canonical_event},
    documents, fetch_rows,
    filing::DocumentBody,
    ids::{DocumentId, EventId, FactId, fact_range},
    ledger::{self, Act},
    lists::{StoredEvent, load_event},
    people::{self, PersonRow},
    samples, words,
};
use crate::base::{Fingerprint, PersonId};

/// What to erase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// One record, with every restatement of it and the originals that state it.
    Record(FactId),
    /// One document with its records. What another document states as well stays, as that document's.
    Document(DocumentId),
    /// A person with everything.
    Person(PersonId),
}

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Records.
    pub records: u64,
    /// Documents that are gone altogether.
    pub documents: u64,
    /// Originals that are gone while other records of their documents stay.
    pub originals: u64,
}

impl Erased {
    const fn add(&mut self, other: Self) {
        self.records += other.records;
        self.documents += other.documents;
        self.originals += other.originals;
    }
}

impl Vault {
    /// Erases, and returns once nothing of it is left in the vault's files. *Long.*
    ///
    /// # Errors
    /// `PresenceNeeded`; `NotFound`.
    pub fn erase(&self, what: Erasure, now: DateTime<Utc>) -> Result<Erased, VaultError> {
        self.require_presence(now)?;
        let erased = self.write_cached(|tx, cache| {
            if let Erasure::Person(id) = what
                && fetch_rows::of_person(tx, people::row_of(tx, id)?)?.is_some()
            {
                // A fetch that began has its receipt, also this one; it names nobody, and so keeps its words.
                ledger::append(tx, now, Act::FetchEnded, Some(r#"{"reason":"erased"}"#))?;
            }
            let erased = run(tx, cache, what)?;
            let of = match what {
                Erasure::Record(_) => "record",
                Erasure::Document(_) => "document",
                Erasure::Person(_) => "person",
            };
            ledger::append(tx, now, Act::Erased, Some(&format!(r#"{{"of":"{of}","records":{}}}"#, erased.records)))?;
            Ok(erased)
        })?;
        // Gaps between rows, the log, and copies kept aside still have it.
        self.rewrite()?;
        Ok(erased)
    }
}

/// Erases inside a transaction; pages that were freed still have to leave the log.
pub(super) fn run(tx: &Connection, cache: &mut Cache, what: Erasure) -> Result<Erased, VaultError> {
    let erased = match what {
        Erasure::Record(id) => erase_record(tx, cache, id)?,
        Erasure::Document(id) => erase_document(tx, cache, id)?,
        Erasure::Person(id) => erase_person(tx, cache, id)?,
    };
    sweep(tx)?;
    cache.forget();
    Ok(erased)
}

fn erase_record(tx: &Connection, cache: &mut Cache, id: FactId) -> Result<Erased, VaultError> {
    let first: Option<Option<i64>> =
        tx.query_row("SELECT same_as FROM facts WHERE id = ?1", [id.0], |row| row.get(0)).map(Some).or_else(absent)?;
    let first = first.ok_or(VaultError::NotFound)?.unwrap_or(id.0);
    let mut statement = tx.prepare("SELECT id, document FROM facts WHERE id = ?1 OR same_as = ?1")?;
    let all = statement.query_map([first], |row| Ok((FactId(row.get(0)?), DocumentId(row.get(1)?))))?.collect::<Result<Vec<_>, _>>()?;
    let mut erased = Erased { records: 1, ..Erased::default() };
    for (fact, document) in &all {
        let event = fact.event();
        let before = load_event(tx, cache, event)?;
        let is_last = before.ids.len() == 1;
        let about_it = if is_last { Dependants::of_event(tx, event)? } else { Dependants::of_record(tx, *fact)? };
        erased.add(forget(tx, cache, about_it)?);
        tx.execute("DELETE FROM facts WHERE id = ?1", [fact.0])?;
        remove_told(tx, *document, *fact, &before)?;
        refresh(tx, cache, event, &before)?;
        erased.originals += u64::from(erase_original(tx, *document)?);
    }
    Ok(erased)
}

/// Erases the original of a document whose records stay. Whether there was one.
fn erase_original(tx: &Connection, id: DocumentId) -> Result<bool, VaultError> {
    let held = tx.execute("DELETE FROM originals WHERE document = ?1", [id.0])?;
    let about = DocumentBody { original_erased: true, ..documents::by_id(tx, id)?.about };
    tx.execute("UPDATE documents SET body = ?2 WHERE id = ?1", params![id.0, codec::encode(&about)?])?;
    if changes::is_entry(&about) {
        changes::strip(tx, id)?;
    }
    Ok(held > 0)
}

/// Lets go of decisions about what is being erased: of what they say themselves the records stay, and nothing else.
fn forget(tx: &Connection, cache: &mut Cache, entries: Vec<DocumentId>) -> Result<Erased, VaultError> {
    let mut sum = Erased::default();
    for entry in entries {
        if !documents::is_here(tx, entry)? {
            continue;
        }
        let has_records: bool = tx.query_row("SELECT EXISTS (SELECT 1 FROM events WHERE document = ?1)", [entry.0], |row| row.get(0))?;
        if has_records {
            sum.originals += u64::from(erase_original(tx, entry)?);
        } else {
            sum.add(erase_document(tx, cache, entry)?);
        }
    }
    Ok(sum)
}

/// Erases a document and what is about it. Undoings of undoings can be many: one behind the other, never one in the other.
/// A line that tells of a month of samples takes the samples along: they are what it tells.
fn remove_told(tx: &Connection, document: DocumentId, id: FactId, before: &StoredEvent) -> Result<(), VaultError> {
    let told = before.ids.iter().zip(&before.event.facts).find(|((own, _), _)| *own == id).map(|(_, fact)| fact);
    let quantity = told.and_then(|fact| fact.at.strip_prefix("samples/"));
    if let (Some(quantity), Some(day)) = (quantity, before.event.day) {
        samples::remove_span(tx, document, quantity, (day.first_day(), day.last_day()))?;
    }
    Ok(())
}

fn erase_document(tx: &Connection, cache: &mut Cache, id: DocumentId) -> Result<Erased, VaultError> {
    let mut sum = Erased::default();
    let mut list = vec![id];
    while let Some(id) = list.pop() {
        let document = match documents::by_id(tx, id) {
            // One that is about two things that go is in the list twice.
            Err(VaultError::NotFound) if sum.documents > 0 => continue,
            found => found?,
        };
        let person = people::row_of(tx, document.person)?;
        for entry in Dependants::of_document(tx, person, document.fingerprint)? {
            let has_records: bool =
                tx.query_row("SELECT EXISTS (SELECT 1 FROM events WHERE document = ?1)", [entry.0], |row| row.get(0))?;
            if has_records {
                sum.originals += u64::from(erase_original(tx, entry)?);
            } else {
                // While what it is about is still there: equal records of others may have to be shown again.
                changes::retract(tx, person, entry)?;
                list.push(entry);
            }
        }
        changes::retract(tx, person, id)?;
        sum.add(erase_one(tx, cache, id, person)?);
    }
    Ok(sum)
}

fn erase_one(tx: &Connection, cache: &mut Cache, id: DocumentId, person: PersonRow) -> Result<Erased, VaultError> {
    let ledger: Option<i64> = tx.query_row("SELECT ledger FROM documents WHERE id = ?1", [id.0], |row| row.get(0))?;
    let records = remove_records(tx, cache, id, person)?;
    tx.execute("DELETE FROM originals WHERE document = ?1", [id.0])?;
    tx.execute("DELETE FROM documents WHERE id = ?1", [id.0])?;
    // The entry said which document it was; its hash stays in the chain.
    tx.execute("UPDATE ledger SET detail = NULL, salt = hex(zeroblob(16)) WHERE id = ?1", [ledger])?;
    Ok(Erased { records, documents: 1, originals: 0 })
}

/// Removes what a document states, and hands what others state as well over to them. Gives the number of facts.
pub(super) fn remove_records(tx: &Connection, cache: &mut Cache, id: DocumentId, person: PersonRow) -> Result<u64, VaultError> {
    let mut statement = tx.prepare("SELECT id FROM events WHERE document = ?1")?;
    let events = statement.query_map([id.0], |row| Ok(EventId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
    let mut records = 0;
    for event in events {
        let stored = load_event(tx, cache, event)?;
        records += u64::try_from(stored.event.facts.len()).unwrap_or(u64::MAX);
        words::remove(tx, event, person, &stored.event)?;
        for (fact, same_as) in &stored.ids {
            tx.prepare_cached("DELETE FROM facts WHERE id = ?1")?.execute([fact.0])?;
            if same_as.is_none() {
                hand_over(tx, *fact)?;
            }
        }
        tx.execute("DELETE FROM events WHERE id = ?1", [event.0])?;
    }
    records += samples::remove(tx, id)?;
    Ok(records)
}

fn erase_person(tx: &Connection, cache: &mut Cache, id: PersonId) -> Result<Erased, VaultError> {
    let row = people::row_of(tx, id)?;
    changes::drop_of_person(tx, row)?;
    let mut statement = tx.prepare("SELECT id FROM documents WHERE person = ?1")?;
    let documents = statement.query_map([row], |row| Ok(DocumentId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
    let mut sum = Erased::default();
    for document in documents {
        sum.add(erase_document(tx, cache, document)?);
    }
    tx.execute("DELETE FROM waiting_parts WHERE person = ?1", [row])?;
    if let Some(running) = fetch_rows::of_person(tx, row)? {
        fetch_rows::remove(tx, running)?;
    }
    tx.execute("DELETE FROM settings WHERE name = ?1", [card::name_of(id)])?;
    tx.execute("DELETE FROM people WHERE id = ?1", [row])?;
    // Every line about a person names them, also those about their consents.
    tx.execute("UPDATE ledger SET detail = NULL, salt = hex(zeroblob(16)) WHERE detail LIKE '%' || ?1 || '%'", [id.to_string()])?;
    Ok(sum)
}

/// A fact that others restate is gone: the earliest of the others is now the one that is shown.
fn hand_over(tx: &Connection, gone: FactId) -> Result<(), VaultError> {
    let heir: Option<i64> = tx.prepare_cached("SELECT min(id) FROM facts WHERE same_as = ?1")?.query_row([gone.0], |row| row.get(0))?;
    if let Some(heir) = heir {
        tx.execute("UPDATE facts SET same_as = NULL WHERE id = ?1", [heir])?;
        tx.execute("UPDATE facts SET same_as = ?2 WHERE same_as = ?1", [gone.0, heir])?;
        tx.execute("UPDATE events SET records = records + 1 WHERE id = ?1", [FactId(heir).event().0])?;
        changes::settle_record(tx, FactId(heir))?;
    }
    Ok(())
}

/// Brings an event's row, digest and index in line with the facts that are left.
fn refresh(tx: &Connection, cache: &mut Cache, id: EventId, before: &StoredEvent) -> Result<(), VaultError> {
    let person = people::row_of(tx, before.person)?;
    words::remove(tx, id, person, &before.event)?;
    let left = load_event(tx, cache, id)?;
    if left.event.facts.is_empty() {
        tx.execute("DELETE FROM events WHERE id = ?1", [id.0])?;
        return Ok(());
    }
    let fingerprint = documents::by_id(tx, left.document)?.fingerprint;
    let digest = Fingerprint::of(&canonical_event(fingerprint, left.position, &left.event)?);
    let (first, next) = fact_range(id);
    tx.execute(
        "UPDATE events SET digest = ?2, stated = ?3, records = (SELECT count(*) FROM facts WHERE id >= ?4 AND id < ?5 AND same_as IS NULL),
             concealed = (SELECT count(*) FROM facts WHERE id >= ?4 AND id < ?5 AND same_as IS NULL AND hidden IS NOT NULL) WHERE id = ?1",
        params![id.0, digest.as_bytes(), u32::try_from(left.event.facts.len()).unwrap_or(u32::MAX), first, next],
    )?;
    words::add(tx, id, person, &left.event)
}

/// Removes shapes and series that no fact uses any more: they hold names and words. A walk over all facts; erasing is rare.
fn sweep(tx: &Connection) -> Result<(), VaultError> {
    tx.execute("DELETE FROM shapes WHERE id NOT IN (SELECT shape FROM facts)", [])?;
    tx.execute("DELETE FROM series WHERE id NOT IN (SELECT series FROM facts WHERE series IS NOT NULL)", [])?;
    Ok(())
}

fn absent<T>(error: rusqlite::Error) -> Result<Option<T>, VaultError> {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows) { Ok(None) } else { Err(error.into()) }
}
