//! The people of the vault.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Vault, VaultError, codec, ledger};
use crate::{base::PersonId, record::Person};

/// A person's row: the small number the indexes use.
pub(super) type PersonRow = i64;

impl Vault {
    /// Adds a person. An id that is already here is an error, so that nobody's records are mixed.
    pub fn add_person(&self, person: &Person, now: DateTime<Utc>) -> Result<(), VaultError> {
        self.write(|tx| {
            insert(tx, person)?;
            ledger::append(tx, now, ledger::Act::PersonAdded, Some(&format!("{{\"person\":\"{}\"}}", person.id))).map(drop)
        })
    }

    /// Everybody in the vault, in the order they were added.
    pub fn people(&self) -> Result<Vec<Person>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT body FROM people ORDER BY id")?;
            let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            rows.map(|body| codec::decode(&body?)).collect()
        })
    }

    /// How many records each person has who has any, each counted once however many documents state it. *Quick*: from the
    /// timeline's index alone.
    pub fn record_counts(&self) -> Result<Vec<(PersonId, u64)>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT people.person, (SELECT coalesce(sum(records - concealed), 0) FROM events INDEXED BY events_timeline
                     WHERE events.person = people.id AND hidden IS NULL)
                 FROM people ORDER BY people.id",
            )?;
            let rows = statement.query_map([], |row| Ok((PersonId::from_bytes(row.get(0)?), row.get::<_, i64>(1)?)))?;
            rows.map(|row| row.map_err(VaultError::from))
                .map(|row| row.map(|(id, count)| (id, u64::try_from(count).unwrap_or_default())))
                .collect()
        })
    }

    /// The person with this id.
    pub fn person(&self, id: PersonId) -> Result<Person, VaultError> {
        self.read(|connection| by_row(connection, row_of(connection, id)?))
    }
}

/// Adds the row of a person.
pub(super) fn insert(connection: &Connection, person: &Person) -> Result<PersonRow, VaultError> {
    let known = connection.query_row("SELECT 1 FROM people WHERE person = ?1", [person.id.as_bytes()], |_| Ok(())).optional()?;
    if known.is_some() {
        return Err(VaultError::PersonExists);
    }
    connection.execute("INSERT INTO people (person, body) VALUES (?1, ?2)", params![person.id.as_bytes(), codec::encode(person)?])?;
    Ok(connection.last_insert_rowid())
}

/// The row of the person with this id.
pub(super) fn row_of(connection: &Connection, id: PersonId) -> Result<PersonRow, VaultError> {
    let mut statement = connection.prepare_cached("SELECT id FROM people WHERE person = ?1")?;
    statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?.ok_or(VaultError::NotFound)
}

/// The person in a row.
pub(super) fn by_row(connection: &Connection, row: PersonRow) -> Result<Person, VaultError> {
    let mut statement = connection.prepare_cached("SELECT body FROM people WHERE id = ?1")?;
    let body: Vec<u8> = statement.query_row([row], |row| row.get(0)).optional()?.ok_or(VaultError::NotFound)?;
    codec::decode(&body)
}

/// An instant as the vault writes it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
