//! What an archive needs of the vault: documents with all they say, in the order they were filed, and the way back in.
//! Filing in the same order makes the same record the first to state a fact as before.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Vault, VaultError,
    cache::Cache,
    changes::{self, NewDocument},
    codec,
    directory::Directory,
    documents::{self, WaitingPart},
    filing::{self, Filed, Filing, Place},
    ids::{DocumentId, EventId},
    ledger::{self, Act, LedgerEntry},
    lists::{StoredEvent, load_event},
    people::{self, PersonRow, instant},
    samples,
};
use crate::{
    base::{Fingerprint, PersonId},
    record::Person,
};

/// A document as an archive brings it back.
#[derive(Debug)]
pub struct Returning {
    /// The document with what it says.
    pub filing: Filing,
    /// For each event its place among the document's events. Erasing leaves gaps, and the place is part of the digest.
    pub positions: Vec<u32>,
    /// What it states of days of samples, in canonical form ([`super::CanonicalSamples`]); unpacked one after the other.
    pub samples: Vec<Vec<u8>>,
    /// The entry of the restored ledger that tells of its import, counted from 1.
    pub ledger: Option<u32>,
}

impl Vault {
    /// Whether `dir` holds a vault, in whatever state.
    pub fn is_at(dir: &Path) -> bool {
        !matches!(Directory::new(dir).current(), Err(VaultError::VaultMissing))
    }

    /// The ids of a person's documents in the order they were filed.
    pub fn document_ids(&self, person: PersonId) -> Result<Vec<DocumentId>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM documents WHERE person = ?1 ORDER BY id")?;
            let rows = statement.query_map([people::row_of(connection, person)?], |row| Ok(DocumentId(row.get(0)?)))?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// Hands each event of a document to `visit`, in the document's order.
    pub fn each_event_of<E: From<VaultError>>(
        &self,
        document: DocumentId,
        mut visit: impl FnMut(StoredEvent) -> Result<(), E>,
    ) -> Result<(), E> {
        let events = self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM events WHERE document = ?1 ORDER BY position")?;
            let rows = statement.query_map([document.0], |row| Ok(EventId(row.get(0)?)))?;
            rows.map(|row| row.map_err(VaultError::from)).collect::<Result<Vec<_>, _>>()
        })?;
        for id in events {
            visit(self.read_cached(|connection, cache| load_event(connection, cache, id))?)?;
        }
        Ok(())
    }

    /// The number, counted from 1, of the ledger entry that tells of a document's import.
    pub fn ledger_number(&self, document: DocumentId) -> Result<Option<u32>, VaultError> {
        self.read(|connection| {
            // A number and not the row's id: rows of another vault may be counted otherwise.
            let mut statement = connection.prepare_cached(
                "SELECT (SELECT count(*) FROM ledger WHERE ledger.id <= documents.ledger) FROM documents
                 WHERE documents.id = ?1 AND documents.ledger IS NOT NULL",
            )?;
            Ok(statement.query_row([document.0], |row| row.get(0)).optional()?)
        })
    }

    /// The parts of split documents that wait for the others, with the instant each was received.
    pub fn parts_in_waiting(&self, person: PersonId) -> Result<Vec<(String, WaitingPart)>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT received, format, part_set, number, part_count, bytes FROM waiting_parts WHERE person = ?1 ORDER BY id",
            )?;
            let rows = statement.query_map([people::row_of(connection, person)?], |row| {
                let part = WaitingPart { format: row.get(1)?, set: row.get(2)?, number: row.get(3)?, of: row.get(4)?, bytes: row.get(5)? };
                Ok((row.get(0)?, part))
            })?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// Files documents of an archive beside what is here, in one transaction; a document that is here already adds
    /// nothing. Each new one has its ledger entry, as if it had come in by itself at `now`.
    pub fn file_again(&self, documents: &[Returning], now: DateTime<Utc>) -> Result<Vec<Filed>, VaultError> {
        self.write_cached(|tx, cache| {
            let mut filed = Vec::with_capacity(documents.len());
            for returning in documents {
                let filing = &returning.filing;
                let person = people::row_of(tx, filing.person)?;
                if let Some(document) = documents::find(tx, person, filing.fingerprint)? {
                    filed.push(Filed::AlreadyHere { document });
                    continue;
                }
                let (document, stated, known) = insert(tx, cache, person, returning)?;
                let detail = format!(
                    r#"{{"person":"{}","document":"{}","format":"{}","records":{stated},"known":{known}}}"#,
                    filing.person, filing.fingerprint, filing.about.format
                );
                let entry = ledger::append(tx, now, Act::Imported, Some(&detail))?;
                documents::link_ledger(tx, document, entry)?;
                filed.push(Filed::New { document, stated, known });
            }
            Ok(filed)
        })
    }

    /// The first step of restoring: the people, into a vault that holds nothing yet; `VaultExists` otherwise.
    pub fn restore_people(&self, people: &[Person]) -> Result<(), VaultError> {
        self.write(|tx| {
            let used: bool = tx.query_row("SELECT EXISTS (SELECT 1 FROM people) OR EXISTS (SELECT 1 FROM ledger)", [], |row| row.get(0))?;
            if used {
                return Err(VaultError::VaultExists);
            }
            people.iter().try_for_each(|person| people::insert(tx, person).map(drop))
        })
    }

    /// Restores documents, in one transaction. The ledger, which tells of them, is restored separately.
    pub fn restore_documents(&self, documents: &[Returning]) -> Result<(), VaultError> {
        self.write_cached(|tx, cache| {
            for returning in documents {
                let person = people::row_of(tx, returning.filing.person)?;
                let (document, ..) = insert(tx, cache, person, returning)?;
                if let Some(number) = returning.ledger {
                    documents::link_ledger(tx, document, i64::from(number))?;
                }
            }
            Ok(())
        })
    }

    /// Restores a waiting part as it was received.
    pub fn restore_part(&self, person: PersonId, received: DateTime<Utc>, part: &WaitingPart) -> Result<(), VaultError> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO waiting_parts (person, format, part_set, number, part_count, received, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![people::row_of(tx, person)?, part.format, part.set, part.number, part.of, instant(received), part.bytes],
            )?;
            Ok(())
        })
    }

    /// Restores entries of the ledger behind those that are there; `VaultDamaged` when they do not follow.
    pub fn restore_ledger(&self, entries: &[LedgerEntry]) -> Result<(), VaultError> {
        self.write(|tx| {
            let mut previous: Option<Fingerprint> = ledger::last(tx)?;
            for entry in entries {
                if !entry.follows(previous.as_ref()) {
                    return Err(VaultError::VaultDamaged);
                }
                ledger::insert(tx, entry)?;
                previous = Some(entry.chain);
            }
            Ok(())
        })
    }
}

/// Inserts a document with its events at their own places: its id, the records it states, and how many of them an
/// earlier document had stated.
fn insert(tx: &Connection, cache: &mut Cache, person: PersonRow, returning: &Returning) -> Result<(DocumentId, u32, u32), VaultError> {
    let document = documents::insert(tx, person, &returning.filing)?;
    let (mut stated, mut known) = (0, 0);
    for (event, position) in returning.filing.events.iter().zip(&returning.positions) {
        let (all, repeated) = filing::insert_event(tx, cache, Place::of(&returning.filing, person, document, *position), event)?;
        stated += all;
        known += repeated;
    }
    for day in &returning.samples {
        let day: samples::CanonicalSamples = codec::decode(day)?;
        samples::insert(tx, person, (document, returning.filing.fingerprint), &day.samples)?;
    }
    let new = NewDocument { person, id: document, fingerprint: returning.filing.fingerprint, about: &returning.filing.about };
    changes::apply(tx, cache, new, returning.filing.change.as_ref())?;
    Ok((document, stated, known))
}
