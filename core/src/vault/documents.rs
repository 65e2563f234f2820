//! Documents and their originals, and the parts of split documents that still wait for the others.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use zeroize::Zeroizing;

use super::{
    Vault, VaultError, codec,
    filing::{DocumentBody, Filing},
    ids::DocumentId,
    people::{self, PersonRow, instant},
};
use crate::{
    base::{Fingerprint, PersonId, limits},
    consent::ConsentId,
};

/// zstd level for originals: 3 is the library's default, and higher ones cost an import more than they save.
const ZSTD_LEVEL: i32 = 3;

/// A document in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub person: PersonId,
    /// SHA-256 of the original.
    pub fingerprint: Fingerprint,
    /// When it was received: UTC, RFC 3339.
    pub received: String,
    /// What is known about it.
    pub about: DocumentBody,
}

/// A part of a split document that waits for the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingPart {
    /// Format id.
    pub format: String,
    /// What the parts of one set have in common.
    pub set: String,
    /// Which part, counted from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
    /// The part's bytes as they came.
    pub bytes: Vec<u8>,
}

impl Vault {
    /// The document with this id.
    pub fn document(&self, id: DocumentId) -> Result<Document, VaultError> {
        self.read(|connection| by_id(connection, id))
    }

    /// The documents of one person, or of everybody, in the order they were received.
    pub fn documents(&self, person: Option<PersonId>) -> Result<Vec<Document>, VaultError> {
        self.read(|connection| {
            let row = person.map(|person| people::row_of(connection, person)).transpose()?;
            let mut statement = connection.prepare_cached(ALL)?;
            let rows = statement.query_map([row], columns)?;
            rows.map(|row| row.map_err(VaultError::from).and_then(document)).collect()
        })
    }

    /// The document with this fingerprint that is filed under the person.
    pub fn find_document(&self, person: PersonId, fingerprint: Fingerprint) -> Result<Option<DocumentId>, VaultError> {
        self.read(|connection| find(connection, people::row_of(connection, person)?, fingerprint))
    }

    /// The original, byte for byte, part by part; empty when it was erased.
    pub fn original(&self, id: DocumentId) -> Result<Vec<Zeroizing<Vec<u8>>>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT size, zstd FROM originals WHERE document = ?1 ORDER BY part")?;
            let rows = statement.query_map([id.0], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
            rows.map(|row| {
                let (size, packed) = row?;
                // The size was ours when it was written; the limit guards against a row that is not.
                let limit = usize::try_from(size).unwrap_or(usize::MAX).min(limits::DOCUMENT_BYTES);
                zstd::bulk::decompress(&packed, limit).map(Zeroizing::new).map_err(|_| VaultError::Codec)
            })
            .collect()
        })
    }

    /// How many parts an original has; 0 when it was erased.
    pub fn original_parts(&self, id: DocumentId) -> Result<u32, VaultError> {
        self.read(|connection| {
            Ok(connection.prepare_cached("SELECT count(*) FROM originals WHERE document = ?1")?.query_row([id.0], |row| row.get(0))?)
        })
    }

    /// One part of an original, counted from 0: what is larger than memory is read so.
    pub fn original_part(&self, id: DocumentId, part: u32) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT size, zstd FROM originals WHERE document = ?1 AND part = ?2")?;
            let row = statement.query_row((id.0, part), |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?))).optional()?;
            let (size, packed) = row.ok_or(VaultError::NotFound)?;
            let limit = usize::try_from(size).unwrap_or(usize::MAX).min(limits::DOCUMENT_BYTES);
            zstd::bulk::decompress(&packed, limit).map(Zeroizing::new).map_err(|_| VaultError::Codec)
        })
    }

    /// Keeps a part of a split document until the others come. The same part again changes nothing.
    pub fn keep_part(&self, person: PersonId, part: &WaitingPart, now: DateTime<Utc>) -> Result<(), VaultError> {
        let here = self.waiting_parts(person, &part.format, &part.set)?;
        if here.iter().any(|other| other.number == part.number && other.bytes == part.bytes) {
            return Ok(());
        }
        self.write(|tx| {
            tx.execute(
                "INSERT INTO waiting_parts (person, format, part_set, number, part_count, received, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![people::row_of(tx, person)?, part.format, part.set, part.number, part.of, instant(now), part.bytes],
            )?;
            Ok(())
        })
    }

    /// The waiting parts of one set.
    pub fn waiting_parts(&self, person: PersonId, format: &str, set: &str) -> Result<Vec<WaitingPart>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT format, part_set, number, part_count, bytes FROM waiting_parts WHERE person = ?1 AND format = ?2 AND part_set = ?3 ORDER BY number, id",
            )?;
            let rows = statement.query_map(params![people::row_of(connection, person)?, format, set], |row| {
                Ok(WaitingPart { format: row.get(0)?, set: row.get(1)?, number: row.get(2)?, of: row.get(3)?, bytes: row.get(4)? })
            })?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// Lets the waiting parts of a set go once the whole is filed.
    pub fn drop_parts(&self, person: PersonId, format: &str, set: &str) -> Result<(), VaultError> {
        self.write(|tx| {
            let row = people::row_of(tx, person)?;
            tx.execute("DELETE FROM waiting_parts WHERE person = ?1 AND format = ?2 AND part_set = ?3", params![row, format, set])?;
            Ok(())
        })
    }
}

const ONE: &str = "SELECT documents.id, people.person, fingerprint, received, documents.body
    FROM documents JOIN people ON people.id = documents.person WHERE documents.id = ?1";
const ALL: &str = "SELECT documents.id, people.person, fingerprint, received, documents.body
    FROM documents JOIN people ON people.id = documents.person WHERE ?1 IS NULL OR documents.person = ?1 ORDER BY documents.id";

type Columns = (i64, [u8; 16], [u8; 32], String, Vec<u8>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn document((id, person, fingerprint, received, body): Columns) -> Result<Document, VaultError> {
    Ok(Document {
        id: DocumentId(id),
        person: PersonId::from_bytes(person),
        fingerprint: Fingerprint::from_bytes(fingerprint),
        received,
        about: codec::decode(&body)?,
    })
}

/// The document with this id.
pub(super) fn by_id(connection: &Connection, id: DocumentId) -> Result<Document, VaultError> {
    let mut statement = connection.prepare_cached(ONE)?;
    document(statement.query_row([id.0], columns).optional()?.ok_or(VaultError::NotFound)?)
}

/// Whether there is a document with this id.
pub(super) fn is_here(connection: &Connection, id: DocumentId) -> Result<bool, VaultError> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?1)")?;
    Ok(statement.query_row([id.0], |row| row.get(0))?)
}

/// How many records a document states.
pub(super) fn stated(connection: &Connection, id: DocumentId) -> Result<u64, VaultError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(sum(stated), 0) FROM events WHERE document = ?1")?;
    Ok(statement.query_row([id.0], |row| row.get::<_, u32>(0))?.into())
}

/// The person's document with this fingerprint.
pub(super) fn find(connection: &Connection, person: PersonRow, fingerprint: Fingerprint) -> Result<Option<DocumentId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT id FROM documents WHERE fingerprint = ?1 AND person = ?2")?;
    let id = statement.query_row(params![fingerprint.as_bytes(), person], |row| row.get(0)).optional()?;
    Ok(id.map(DocumentId))
}

/// Inserts a document's row and its original.
pub(super) fn insert(tx: &Connection, person: PersonRow, filing: &Filing) -> Result<DocumentId, VaultError> {
    let id = tx
        .prepare_cached("INSERT INTO documents (person, fingerprint, received, body, consent) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .insert(params![
            person,
            filing.fingerprint.as_bytes(),
            instant(filing.received),
            codec::encode(&filing.about)?,
            filing.about.consent.as_ref().map(ConsentId::as_bytes)
        ])?;
    let mut add = tx.prepare_cached("INSERT INTO originals (document, part, size, zstd) VALUES (?1, ?2, ?3, ?4)")?;
    for (part, bytes) in (0_u32..).zip(&filing.parts) {
        let packed = zstd::bulk::compress(bytes, ZSTD_LEVEL).map_err(|_| VaultError::Codec)?;
        add.execute(params![id, part, u32::try_from(bytes.len()).unwrap_or(u32::MAX), packed])?;
    }
    Ok(DocumentId(id))
}

/// Adds one part of an original to a document that is being filed.
pub(super) fn add_part(tx: &Connection, id: DocumentId, part: u32, bytes: &[u8]) -> Result<(), VaultError> {
    let packed = zstd::bulk::compress(bytes, ZSTD_LEVEL).map_err(|_| VaultError::Codec)?;
    tx.prepare_cached("INSERT INTO originals (document, part, size, zstd) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        id.0,
        part,
        u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        packed
    ])?;
    Ok(())
}

/// Remembers which ledger entry tells of the document, so that erasing the document erases the entry's words.
pub(super) fn link_ledger(tx: &Connection, id: DocumentId, entry: i64) -> Result<(), VaultError> {
    tx.prepare_cached("UPDATE documents SET ledger = ?2 WHERE id = ?1")?.execute((id.0, entry))?;
    Ok(())
}
