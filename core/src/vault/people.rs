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
