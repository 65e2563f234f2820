//! What was changed, for a screen and for the rooms above: which entries there are, what they are about, and which of them
//! count. Who wrote them and why stands in their documents.

use rusqlite::{Connection, params};

use super::kind;
use crate::{
    base::{Fingerprint, PersonId},
    record::ChangeKind,
    vault::{
        PAGE, Vault, VaultError, documents,
        ids::{DocumentId, EventId, FactId},
        people::{self, PersonRow},
    },
};

/// Whose changes, or of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesOf {
    /// Everything one person's notebook was changed by, the newest first.
    Person(PersonId),
    /// Of one kind, those that count only, the newest first.
    Kind(PersonId, ChangeKind),
    /// About an event and its records, and the entry it came with, with what undoes them; the newest first.
    Event(EventId),
    /// About a record and its event, and the entry it came with, with what undoes them; the newest first.
    Record(FactId),
    /// One entry.
    Entry(DocumentId),
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChange {
    /// The entry's document.
    pub entry: DocumentId,
    /// Its fingerprint: how an undoing names it.
    pub fingerprint: Fingerprint,
    /// Whose notebook.
    pub person: PersonId,
    /// What it does.
    pub kind: ChangeKind,
    /// What it is about.
    pub targets: Vec<StoredTarget>,
    /// The event it brings.
    pub event: Option<EventId>,
    /// The entry it undoes, where that is here.
    pub undoes: Option<DocumentId>,
    /// The document it attaches.
    pub attached: Option<Fingerprint>,
    /// The entry that undoes it; none while it counts.
    pub undone_by: Option<DocumentId>,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredTarget {
    /// The document that tells it.
    pub document: Fingerprint,
    /// The event; none while the change waits for it.
    pub event: Option<EventId>,
    /// The record, where it is about one.
    pub record: Option<FactId>,
}

impl StoredChange {
    /// Whether it waits for something that is not here, or is not any more what was decided about.
    pub fn waits(&self) -> bool {
        self.targets.iter().any(|target| target.event.is_none())
    }
}

impl Vault {
    /// A page of changes, at most [`PAGE`], behind `after`: the last entry of the page before. *Quick.*
    pub fn changes(&self, of: ChangesOf, after: Option<DocumentId>, limit: u32) -> Result<Vec<StoredChange>, VaultError> {
        self.read(|connection| {
            let before = after.map_or(i64::MAX, |after| after.0);
            let limit = limit.clamp(1, PAGE);
            let entries = match of {
                ChangesOf::Entry(entry) if super::has_rows(connection, entry)? => vec![entry],
                ChangesOf::Entry(_) => Vec::new(),
                ChangesOf::Person(person) => {
                    let row = people::row_of(connection, person)?;
                    let mut statement = connection.prepare_cached(
                        "SELECT DISTINCT entry FROM changes WHERE person = ?1 AND entry < ?2 ORDER BY entry DESC LIMIT ?3",
                    )?;
                    rows(statement.query_map((row, before, limit), |row| row.get(0))?)?
                }
                ChangesOf::Kind(person, kind) => {
                    let row = people::row_of(connection, person)?;
                    let mut statement = connection.prepare_cached(
                        "SELECT DISTINCT entry FROM changes WHERE person = ?1 AND entry < ?2 AND act = ?4 AND undone = 0 ORDER BY entry DESC LIMIT ?3",
                    )?;
                    rows(statement.query_map(params![row, before, limit, kind.id()], |row| row.get(0))?)?
                }
                ChangesOf::Event(event) => {
                    let mut statement = connection.prepare_cached(
                        "SELECT entry FROM changes WHERE event = ?1 UNION
                         SELECT entry FROM changes WHERE entry = (SELECT document FROM events WHERE id = ?1)",
                    )?;
                    let first = rows(statement.query_map([event.0], |row| row.get(0))?)?;
                    page(with_undoings(connection, first)?, before, limit)
                }
                ChangesOf::Record(record) => {
                    let mut statement = connection.prepare_cached(
                        "SELECT entry FROM changes WHERE event = ?1 AND record IS NULL UNION
                         SELECT entry FROM changes WHERE record IN (SELECT id FROM facts WHERE id = ?2 OR same_as = ?2
                             OR id = (SELECT same_as FROM facts WHERE id = ?2)) UNION
                         SELECT entry FROM changes WHERE entry = (SELECT document FROM facts WHERE id = ?2)",
                    )?;
                    let first = rows(statement.query_map((record.event().0, record.0), |row| row.get(0))?)?;
                    page(with_undoings(connection, first)?, before, limit)
                }
            };
            entries.into_iter().map(|entry| change(connection, entry)).collect()
        })
    }
}

fn rows(found: impl Iterator<Item = rusqlite::Result<i64>>) -> Result<Vec<DocumentId>, VaultError> {
    found.map(|row| row.map(DocumentId).map_err(VaultError::from)).collect()
}

/// Entries with those that undo them, those that undo these, and so on.
fn with_undoings(connection: &Connection, mut entries: Vec<DocumentId>) -> Result<Vec<DocumentId>, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT changes.entry FROM changes JOIN documents ON changes.target = documents.fingerprint AND changes.person = documents.person
         WHERE documents.id = ?1 AND changes.act = 'undo'",
    )?;
    let mut next = 0;
    while let Some(entry) = entries.get(next).copied() {
        let undoings = rows(statement.query_map([entry.0], |row| row.get(0))?)?;
        let new: Vec<DocumentId> = undoings.into_iter().filter(|undoing| !entries.contains(undoing)).collect();
        entries.extend(new);
        next += 1;
    }
    Ok(entries)
}

fn page(mut entries: Vec<DocumentId>, before: i64, limit: u32) -> Vec<DocumentId> {
    entries.sort_unstable_by(|one, other| other.cmp(one));
    entries.into_iter().filter(|entry| entry.0 < before).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}

fn change(connection: &Connection, entry: DocumentId) -> Result<StoredChange, VaultError> {
    let document = documents::by_id(connection, entry)?;
    let person: PersonRow = people::row_of(connection, document.person)?;
    let mut statement = connection
        .prepare_cached("SELECT act, target, event, record, attached, digest IS NULL FROM changes WHERE entry = ?1 ORDER BY number")?;
    let mut found = statement.query([entry.0])?;
    let (mut act, mut attached, mut targets) = (None, None, Vec::new());
    while let Some(row) = found.next()? {
        act = Some(kind(&row.get::<_, String>(0)?)?);
        attached = row.get::<_, Option<[u8; 32]>>(4)?.map(Fingerprint::from_bytes);
        if let (Some(document), false) = (row.get::<_, Option<[u8; 32]>>(1)?, row.get(5)?) {
            let (event, record) = (row.get::<_, Option<i64>>(2)?.map(EventId), row.get::<_, Option<i64>>(3)?.map(FactId));
            targets.push(StoredTarget { document: Fingerprint::from_bytes(document), event, record });
        }
    }
    let mut own = connection.prepare_cached("SELECT min(id) FROM events WHERE document = ?1")?;
    Ok(StoredChange {
        entry,
        fingerprint: document.fingerprint,
        person: document.person,
        kind: act.ok_or(VaultError::NotFound)?,
        targets,
        event: own.query_row([entry.0], |row| row.get::<_, Option<i64>>(0))?.map(EventId),
        undoes: super::settle::undoes(connection, person, entry)?.map(|(entry, _)| entry),
        attached,
        undone_by: super::settle::undone_by(connection, person, document.fingerprint)?.map(DocumentId),
    })
}
