//! A root per person: one number over all records in canonical form, the same in every vault that holds the same
//! records. Proves that an export or a restore is whole.

use rusqlite::Connection;

use super::{
    Vault, VaultError,
    cache::Cache,
    changes,
    codec::canonical_event,
    documents,
    ids::{DocumentId, EventId},
    ledger, links,
    lists::{StoredEvent, load_event},
    migrate, people,
};
use crate::{
    base::{Fingerprint, PersonId},
    consent::ConsentId,
};

/// What is kept of one person, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonRoot {
    /// Who.
    pub person: PersonId,
    /// Records, each counted once however many documents state it.
    pub records: u64,
    /// SHA-256 over the person's id, the number of events and the events' digests in ascending order.
    pub root: Fingerprint,
}

impl Vault {
    /// The roots of everybody, in the order the people were added. *Quick*: from the digests that filing wrote.
    pub fn roots(&self) -> Result<Vec<PersonRoot>, VaultError> {
        self.read(roots)
    }

    /// Walks every event of a person in canonical order (document fingerprint, then position) and hands each to `visit`. Memory does not
    /// grow with the number of events.
    pub fn each_event(
        &self,
        person: PersonId,
        mut visit: impl FnMut(&Fingerprint, &StoredEvent) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let order = self.read(|connection| canonical_order(connection, person))?;
        for (fingerprint, id) in order {
            // The mutex is taken per event, so that a screen can be read while a large export runs.
            let event = self.read_cached(|connection, cache| load_event(connection, cache, id))?;
            visit(&fingerprint, &event)?;
        }
        Ok(())
    }

    /// Works every event's digest out anew from its records and checks the ledger's chain. Gives what does not fit, in words without content.
    pub fn check_records(&self) -> Result<Vec<String>, VaultError> {
        self.read_cached(check)
    }
}

fn canonical_order(connection: &Connection, person: PersonId) -> Result<Vec<(Fingerprint, EventId)>, VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT documents.fingerprint, events.id FROM events JOIN documents ON documents.id = events.document
         WHERE events.person = ?1 ORDER BY documents.fingerprint, events.position",
    )?;
    let rows = statement
        .query_map([people::row_of(connection, person)?], |row| Ok((Fingerprint::from_bytes(row.get(0)?), EventId(row.get(1)?))))?;
    rows.map(|row| row.map_err(VaultError::from)).collect()
}

pub(super) fn roots(connection: &Connection) -> Result<Vec<PersonRoot>, VaultError> {
    let mut people = connection.prepare_cached("SELECT id, person FROM people ORDER BY id")?;
    let mut events = connection.prepare_cached("SELECT digest, records FROM events WHERE person = ?1")?;
    let rows = people.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 16]>(1)?)))?;
    rows.map(|row| {
        let (row, person) = row?;
        let (mut digests, mut records) = (Vec::<[u8; 32]>::new(), 0_u64);
        let mut found = events.query([row])?;
        while let Some(event) = found.next()? {
            digests.push(event.get(0)?);
            records += u64::from(event.get::<_, u32>(1)?);
        }
        Ok(PersonRoot { person: PersonId::from_bytes(person), records, root: person_root(PersonId::from_bytes(person), digests) })
    })
    .collect()
}

/// The root over a person's event digests, in any order.
pub fn person_root(person: PersonId, mut digests: Vec<[u8; 32]>) -> Fingerprint {
    digests.sort_unstable();
    let count = u64::try_from(digests.len()).unwrap_or(u64::MAX).to_be_bytes();
    let head = [&b"techo root 1\n"[..], person.as_bytes(), &count];
    Fingerprint::of_parts(head.into_iter().chain(digests.iter().map(|digest| &digest[..])))
}

fn check(connection: &Connection, cache: &mut Cache) -> Result<Vec<String>, VaultError> {
    let mut problems = Vec::new();
    let mut statement = connection.prepare("SELECT id, digest, stated FROM events ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = EventId(row.get(0)?);
        let (digest, stated): ([u8; 32], u32) = (row.get(1)?, row.get(2)?);
        let fits = load_event(connection, cache, id).and_then(|stored| {
            let fingerprint = documents::by_id(connection, stored.document)?.fingerprint;
            let bytes = canonical_event(fingerprint, stored.position, &stored.event)?;
            Ok(u32::try_from(stored.event.facts.len()) == Ok(stated) && Fingerprint::of(&bytes) == Fingerprint::from_bytes(digest))
        });
        if !matches!(fits, Ok(true)) {
            problems.push(format!("event {id}: its records are not the ones that were filed"));
        }
    }
    check_consents(connection, &mut problems)?;
    if migrate::version(connection, migrate::MIGRATIONS.len())? >= 3 {
        problems.extend(changes::problems(connection)?);
    }
    if migrate::version(connection, migrate::MIGRATIONS.len())? >= 4 {
        links::problems(connection, &mut problems)?;
    }
    if let Some(number) = ledger::first_break(connection)? {
        problems.push(format!("ledger entry {number}: the chain is broken"));
    }
    Ok(problems)
}

/// What the tables of fetches cannot hold each other to.
fn check_consents(connection: &Connection, problems: &mut Vec<String>) -> Result<(), VaultError> {
    if migrate::version(connection, migrate::MIGRATIONS.len())? < 2 {
        return Ok(());
    }
    let mut documents = connection.prepare("SELECT id, consent FROM documents ORDER BY id")?;
    let rows = documents.query_map([], |row| Ok((DocumentId(row.get(0)?), row.get::<_, Option<[u8; 16]>>(1)?)))?;
    for row in rows {
        let (id, consent) = row?;
        if documents::by_id(connection, id)?.about.consent.as_ref().map(ConsentId::as_bytes) != consent.as_ref() {
            problems.push(format!("document {id}: its consent is not the one it was filed with"));
        }
    }
    let is_stray: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM fetch_keys WHERE consent NOT IN (SELECT consent FROM fetches))
             OR EXISTS (SELECT 1 FROM fetch_sealed WHERE consent NOT IN (SELECT consent FROM fetches))
             OR EXISTS (SELECT 1 FROM fetches WHERE person NOT IN (SELECT id FROM people))",
        [],
        |row| row.get(0),
    )?;
    if is_stray {
        problems.push("fetches: a key or an answer that belongs to no fetch".to_owned());
    }
    Ok(())
}
