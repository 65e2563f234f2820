//! Letting a fetch go. Deleting rows zeroes them (`secure_delete`), but when SQLite balanced a tree earlier it can have left
//! copies in gaps between rows: seldom (in 3 of 39 runs of a hundred fetches), and a rewrite of the vault for each fetch would
//! be much for it. So the tables are emptied whole, which clears their pages from end to end, and what belongs to fetches
//! that go on is put back. A test searches the bytes.

use rusqlite::{Connection, types::Value};
use zeroize::Zeroize as _;

use super::{VaultError, people::PersonRow};
use crate::consent::ConsentId;

/// For each table: the rows of other fetches, emptying it, a row put back.
const TABLES: [[&str; 3]; 3] = [
    [
        "SELECT id, consent, person, permitted, salt, begun, expires, state FROM fetches WHERE consent <> ?1",
        "DELETE FROM fetches",
        "INSERT INTO fetches (id, consent, person, permitted, salt, begun, expires, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    ],
    [
        "SELECT consent, round, private FROM fetch_keys WHERE consent <> ?1",
        "DELETE FROM fetch_keys",
        "INSERT INTO fetch_keys (consent, round, private) VALUES (?1, ?2, ?3)",
    ],
    [
        "SELECT consent, round, leg, sealed FROM fetch_sealed WHERE consent <> ?1",
        "DELETE FROM fetch_sealed",
        "INSERT INTO fetch_sealed (consent, round, leg, sealed) VALUES (?1, ?2, ?3, ?4)",
    ],
];

/// Removes a fetch with its keys and sealed answers.
pub(super) fn remove(tx: &Connection, id: ConsentId) -> Result<(), VaultError> {
    TABLES.iter().try_for_each(|[others, empty, put_back]| {
        let mut statement = tx.prepare(others)?;
        let width = statement.column_count();
        let rows =
            statement.query_map([id.as_bytes()], |row| (0..width).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>())?;
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        tx.execute(empty, [])?;
        let mut insert = tx.prepare(put_back)?;
        for row in &rows {
            insert.execute(rusqlite::params_from_iter(row))?;
        }
        for value in rows.iter_mut().flatten() {
            if let Value::Blob(bytes) = value {
                bytes.zeroize();
            }
        }
        Ok(())
    })
}

/// Removes every fetch.
pub(super) fn remove_all(tx: &Connection) -> Result<(), VaultError> {
    TABLES.iter().try_for_each(|[_, empty, _]| Ok(tx.execute(empty, []).map(drop)?))
}

/// The fetch that is running for a person.
pub(super) fn of_person(connection: &Connection, person: PersonRow) -> Result<Option<ConsentId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT consent FROM fetches WHERE person = ?1")?;
    let mut rows = statement.query_map([person], |row| Ok(ConsentId::from_bytes(row.get(0)?)))?;
    Ok(rows.next().transpose()?)
}
