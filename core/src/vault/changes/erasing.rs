//! Entries and erasure. An entry that is erased has never been: what it hid is shown again. And who erases a record erases
//! every decision about it: even a digest would tell somebody who guesses what it was.

use rusqlite::{Connection, params};

use super::{kind, settle};
use crate::{
    base::Fingerprint,
    record::Change,
    vault::{
        VaultError, documents,
        ids::{DocumentId, EventId, FactId},
        people::{self, PersonRow},
    },
};

/// Entries that are about something.
pub(in crate::vault) struct Dependants;

impl Dependants {
    /// On a document: decisions about what it tells, and undoings where it is an entry itself.
    pub(in crate::vault) fn of_document(
        tx: &Connection,
        person: PersonRow,
        fingerprint: Fingerprint,
    ) -> Result<Vec<DocumentId>, VaultError> {
        let mut statement = tx.prepare_cached("SELECT DISTINCT entry FROM changes WHERE target = ?1 AND person = ?2 ORDER BY entry")?;
        let rows = statement.query_map(params![fingerprint.as_bytes(), person], |row| Ok(DocumentId(row.get(0)?)))?;
        rows.map(|row| row.map_err(VaultError::from)).collect()
    }

    /// On a record.
    pub(in crate::vault) fn of_record(tx: &Connection, record: FactId) -> Result<Vec<DocumentId>, VaultError> {
        let mut statement = tx.prepare_cached("SELECT DISTINCT entry FROM changes WHERE record = ?1 ORDER BY entry")?;
        let rows = statement.query_map([record.0], |row| Ok(DocumentId(row.get(0)?)))?;
        rows.map(|row| row.map_err(VaultError::from)).collect()
    }

    /// On an event or a record of it.
    pub(in crate::vault) fn of_event(tx: &Connection, event: EventId) -> Result<Vec<DocumentId>, VaultError> {
        let mut statement = tx.prepare_cached("SELECT DISTINCT entry FROM changes WHERE event = ?1 ORDER BY entry")?;
        let rows = statement.query_map([event.0], |row| Ok(DocumentId(row.get(0)?)))?;
        rows.map(|row| row.map_err(VaultError::from)).collect()
    }
}

/// An entry counts no more: what it did is as if it had never been written.
pub(in crate::vault) fn retract(tx: &Connection, person: PersonRow, entry: DocumentId) -> Result<(), VaultError> {
    let undone = settle::undoes(tx, person, entry)?;
    let found = found_by(tx, "SELECT act, event, record FROM changes WHERE entry = ?1 AND event IS NOT NULL", entry.0)?;
    tx.execute("DELETE FROM changes WHERE entry = ?1", [entry.0])?;
    found.iter().try_for_each(|found| settle_found(tx, found))?;
    match undone {
        Some((entry, fingerprint)) => settle::settle_entry(tx, person, entry, fingerprint),
        None => Ok(()),
    }
}

/// The original of an entry is gone while its records stay: they are all it says from now on.
pub(in crate::vault) fn strip(tx: &Connection, entry: DocumentId) -> Result<(), VaultError> {
    let document = documents::by_id(tx, entry)?;
    let person = people::row_of(tx, document.person)?;
    retract(tx, person, entry)?;
    super::insert(tx, person, entry, &Change::Add)?;
    settle::settle_entry(tx, person, entry, document.fingerprint)
}

/// The records of a document are about to be filed anew: decisions about them wait until they are there.
pub(in crate::vault) fn let_go(tx: &Connection, person: PersonRow, fingerprint: Fingerprint) -> Result<(), VaultError> {
    let mut statement = tx.prepare_cached("SELECT id FROM changes WHERE target = ?1 AND person = ?2 AND event IS NOT NULL")?;
    let rows = statement.query_map(params![fingerprint.as_bytes(), person], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for row in rows {
        let found = found_by(tx, "SELECT act, event, record FROM changes WHERE id = ?1", row)?;
        tx.execute("UPDATE changes SET event = NULL, record = NULL WHERE id = ?1", [row])?;
        found.iter().try_for_each(|found| settle_found(tx, found))?;
    }
    Ok(())
}

/// A person goes with everything, and nothing has to be shown again.
pub(in crate::vault) fn drop_of_person(tx: &Connection, person: PersonRow) -> Result<(), VaultError> {
    tx.execute("DELETE FROM changes WHERE person = ?1", [person])?;
    Ok(())
}

type Found = (String, i64, Option<i64>);

fn found_by(tx: &Connection, sql: &'static str, of: i64) -> Result<Vec<Found>, VaultError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([of], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.map(|row| row.map_err(VaultError::from)).collect()
}

fn settle_found(tx: &Connection, (act, event, record): &Found) -> Result<(), VaultError> {
    match record {
        _ if !kind(act)?.hides() => Ok(()),
        Some(record) => settle::settle_record(tx, FactId(*record)),
        None => settle::settle_event(tx, EventId(*event)),
    }
}
