//! What entries written by hand do to what is shown. What is hidden is a function of the documents in the vault and their
//! order, and of nothing else: an entry that is erased has never been, and an archive needs nothing but the documents.

mod erasing;
mod found;
mod lists;
mod settle;

use rusqlite::{Connection, params};

pub(super) use erasing::{Dependants, drop_of_person, let_go, retract, strip};
pub use lists::{ChangesOf, StoredChange, StoredTarget};
pub(super) use settle::{problems, settle_all, settle_record};

use super::{
    Vault, VaultError,
    cache::Cache,
    documents,
    filing::DocumentBody,
    ids::DocumentId,
    people::{self, PersonRow},
};
use crate::{
    base::Fingerprint,
    record::{Change, ChangeKind, Target},
};

/// Format id of the documents that are entries.
const ENTRY_FORMAT: &str = "techo-entry";

/// Whether a document is an entry that a person wrote.
pub(super) fn is_entry(about: &DocumentBody) -> bool {
    about.format == ENTRY_FORMAT
}

/// What sets the records of an entry apart from equal ones of other documents. Who writes a record down by hand means one of
/// its own, also where it equals one that was removed or is corrected; what belongs together is linked, not merged.
pub(super) fn salt(about: &DocumentBody, fingerprint: Fingerprint) -> i64 {
    if is_entry(about) { fingerprint.short() } else { 0 }
}

/// A document that was just filed.
#[derive(Clone, Copy)]
pub(super) struct NewDocument<'a> {
    pub(super) person: PersonRow,
    pub(super) id: DocumentId,
    pub(super) fingerprint: Fingerprint,
    pub(super) about: &'a DocumentBody,
}

/// Applies what a new document changes, and what has waited for it.
pub(super) fn apply(tx: &Connection, cache: &mut Cache, new: NewDocument<'_>, change: Option<&Change>) -> Result<(), VaultError> {
    if is_entry(new.about) && !has_rows(tx, new.id)? {
        // An entry whose original was erased says no more than its records do.
        insert(tx, new.person, new.id, change.unwrap_or(&Change::Add))?;
        found::look_for_targets(tx, cache, new.id)?;
    }
    found::look_again(tx, cache, new.person, new.fingerprint)?;
    if is_entry(new.about) { settle::settle_entry(tx, new.person, new.id, new.fingerprint) } else { Ok(()) }
}

impl Vault {
    /// Applies an entry again whose change was lost, as an accepted loss can leave it. Whether it was.
    pub fn apply_again(&self, entry: DocumentId, change: &Change) -> Result<bool, VaultError> {
        if self.read(|connection| has_rows(connection, entry))? {
            return Ok(false);
        }
        self.write_cached(|tx, cache| {
            let found = documents::by_id(tx, entry)?;
            let person = people::row_of(tx, found.person)?;
            apply(tx, cache, NewDocument { person, id: entry, fingerprint: found.fingerprint, about: &found.about }, Some(change))?;
            Ok(true)
        })
    }
}

fn has_rows(connection: &Connection, entry: DocumentId) -> Result<bool, VaultError> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM changes WHERE entry = ?1)")?;
    Ok(statement.query_row([entry.0], |row| row.get(0))?)
}

/// The rows of an entry.
fn insert(tx: &Connection, person: PersonRow, entry: DocumentId, change: &Change) -> Result<(), VaultError> {
    let mut add = tx.prepare_cached(
        "INSERT INTO changes (person, entry, number, act, target, position, fact, digest, attached) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let act = change.kind().id();
    let attached = if let Change::Attach(_, document) = change { Some(document.as_bytes()) } else { None };
    for (number, target) in (0_u32..).zip(change.targets()) {
        let Target { document, position, fact, digest } = target;
        add.execute(params![person, entry.0, number, act, document.as_bytes(), position, fact, digest.as_bytes(), attached])?;
    }
    if change.targets().is_empty() {
        let undoes = if let Change::Undo(undone) = change { Some(undone.as_bytes()) } else { None };
        add.execute(params![person, entry.0, 0, act, undoes, None::<u32>, None::<u32>, None::<[u8; 8]>, None::<[u8; 32]>])?;
    }
    Ok(())
}

/// The kind of change a row tells of.
fn kind(id: &str) -> Result<ChangeKind, VaultError> {
    ChangeKind::of_id(id).ok_or(VaultError::Codec)
}
