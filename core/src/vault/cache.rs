//! What the vault remembers between calls while it is unlocked: the shapes of facts, which repeat from record to record.
//! Bounded, and emptied with the lock.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use rusqlite::{Connection, OptionalExtension};

use super::{VaultError, codec, words};
use crate::{base::Fingerprint, record::Fact};

/// Shapes kept at most; a checkup has about 60, so this is a lifetime of them. About 1 kB each.
const SHAPES: usize = 4096;
/// Row numbers remembered for filing; 40 bytes each.
const ROWS: usize = 32_768;

/// A shape, ready to show and to search.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) fact: Fact,
    folded: OnceLock<String>,
}

impl Shape {
    /// Its words, folded, a line each: worked out when somebody searches, since most shapes are only read.
    pub(super) fn folded(&self) -> &str {
        self.folded.get_or_init(|| words::folded(&self.fact))
    }
}

/// The memory of an open vault.
#[derive(Debug, Default)]
pub(super) struct Cache {
    shapes: HashMap<i64, Arc<Shape>>,
    shape_rows: HashMap<[u8; 16], i64>,
    series_rows: HashMap<String, i64>,
}

impl Cache {
    /// Forgets everything: on lock, after an erasure, and after a write that failed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The shape in a row.
    pub(super) fn shape(&mut self, connection: &Connection, row: i64) -> Result<Arc<Shape>, VaultError> {
        if let Some(shape) = self.shapes.get(&row) {
            return Ok(Arc::clone(shape));
        }
        let mut statement = connection.prepare_cached("SELECT body FROM shapes WHERE id = ?1")?;
        let body: Vec<u8> = statement.query_row([row], |row| row.get(0)).optional()?.ok_or(VaultError::Codec)?;
        let fact = codec::shape(&body)?;
        let shape = Arc::new(Shape { fact, folded: OnceLock::new() });
        if self.shapes.len() >= SHAPES {
            self.shapes.clear();
        }
        self.shapes.insert(row, Arc::clone(&shape));
        Ok(shape)
    }

    /// The row of a shape, added where it is new.
    pub(super) fn shape_row(&mut self, connection: &Connection, body: &[u8]) -> Result<i64, VaultError> {
        let whole = Fingerprint::of(body);
        let digest = *whole.as_bytes().first_chunk::<16>().ok_or(VaultError::Codec)?;
        if let Some(row) = self.shape_rows.get(&digest) {
            return Ok(*row);
        }
        let mut find = connection.prepare_cached("SELECT id FROM shapes WHERE digest = ?1")?;
        let row = match find.query_row([digest], |row| row.get(0)).optional()? {
            Some(row) => row,
            None => connection.prepare_cached("INSERT INTO shapes (digest, body) VALUES (?1, ?2)")?.insert((digest, body))?,
        };
        if self.shape_rows.len() >= ROWS {
            self.shape_rows.clear();
        }
        self.shape_rows.insert(digest, row);
        Ok(row)
    }

    /// The row of a series, added where it is new.
    pub(super) fn series_row(&mut self, connection: &Connection, key: &str, code: &str, label: &str) -> Result<i64, VaultError> {
        if let Some(row) = self.series_rows.get(key) {
            return Ok(*row);
        }
        let mut find = connection.prepare_cached("SELECT id FROM series WHERE key = ?1")?;
        let row = match find.query_row([key], |row| row.get(0)).optional()? {
            Some(row) => row,
            None => connection.prepare_cached("INSERT INTO series (key, code, label) VALUES (?1, ?2, ?3)")?.insert((key, code, label))?,
        };
        if self.series_rows.len() >= ROWS {
            self.series_rows.clear();
        }
        self.series_rows.insert(key.to_owned(), row);
        Ok(row)
    }
}
