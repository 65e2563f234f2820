//! Samples in the vault: what each document states of a day, packed, and what the day comes to over all documents. Whoever
//! adds or removes a statement has the day added up anew, so that the two never part.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{VaultError, codec, documents, ids::DocumentId, people::PersonRow};
use crate::{base::Fingerprint, record::SampleDay};

/// zstd level: a day is small, and there are thousands.
const ZSTD_LEVEL: i32 = 3;
/// Most bytes of one day in canonical form: a sample a second from several devices.
const DAY_BYTES: usize = 64 * 1024 * 1024;

/// What a document states of one quantity on one day: a line of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanonicalSamples {
    /// The document that states it.
    pub document: Fingerprint,
    /// The samples.
    pub samples: SampleDay,
}

impl CanonicalSamples {
    /// The canonical bytes, without a line end.
    pub fn to_bytes(&self) -> Result<Vec<u8>, VaultError> {
        canonical(self.document, &self.samples)
    }
}

fn canonical(document: Fingerprint, samples: &SampleDay) -> Result<Vec<u8>, VaultError> {
    #[derive(Serialize)]
    struct Borrowed<'a> {
        document: Fingerprint,
        samples: &'a SampleDay,
    }
    codec::encode(&Borrowed { document, samples })
}

/// What filing the samples of one document came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) stated: u64,
    pub(super) known: u64,
}

/// Files one day of a document and adds the day up anew.
pub(super) fn insert(
    tx: &Connection,
    person: PersonRow,
    (document, fingerprint): (DocumentId, Fingerprint),
    samples: &SampleDay,
) -> Result<Counted, VaultError> {
    if samples.samples.is_empty() {
        return Ok(Counted::default());
    }
    let line = line_row(tx, person, &samples.quantity, &samples.unit)?;
    let day = i64::from(samples.day.num_days_from_ce());
    let whole = canonical(fingerprint, samples)?;
    let digest = Fingerprint::of(&whole);
    let body = codec::encode(samples)?;
    let packed = zstd::bulk::compress(&body, ZSTD_LEVEL).map_err(|_| VaultError::Codec)?;
    let count = u32::try_from(samples.samples.len()).map_err(|_| VaultError::TooManyFacts)?;
    tx.prepare_cached("INSERT INTO samples (document, line, day, count, digest, size, zstd) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![document.0, line, day, count, digest.as_bytes(), u32::try_from(body.len()).unwrap_or(u32::MAX), packed])?;
    let others = others(tx, line, day, document)?;
    let known = if others.is_empty() {
        write_day(tx, line, day, std::slice::from_ref(samples))?;
        0
    } else {
        let mut all = others;
        all.push(samples.clone());
        write_day(tx, line, day, &all)?
    };
    Ok(Counted { stated: u64::from(count), known: u64::from(known) })
}

fn others(tx: &Connection, line: i64, day: i64, document: DocumentId) -> Result<Vec<SampleDay>, VaultError> {
    let mut statement =
        tx.prepare_cached("SELECT size, zstd FROM samples WHERE line = ?1 AND day = ?2 AND document <> ?3 ORDER BY document")?;
    let rows = statement.query_map((line, day, document.0), |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| row.map_err(VaultError::from).and_then(|(size, packed)| unpack(size, &packed))).collect()
}

/// Writes what a day comes to; how many samples of the last statement an earlier one had.
fn write_day(tx: &Connection, line: i64, day: i64, statements: &[SampleDay]) -> Result<u32, VaultError> {
    let Some(merged) = SampleDay::merge(statements) else {
        tx.prepare_cached("DELETE FROM sample_days WHERE line = ?1 AND day = ?2")?.execute((line, day))?;
        return Ok(0);
    };
    let sum = &merged.sum;
    tx.prepare_cached(
        "INSERT INTO sample_days (line, day, count, low, high, sum, most, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (line, day) DO UPDATE SET count = ?3, low = ?4, high = ?5, sum = ?6, most = ?7, last = ?8",
    )?
    .execute(params![
        line,
        day,
        sum.count,
        sum.low.as_str(),
        sum.high.as_str(),
        sum.sum.as_str(),
        sum.most.as_str(),
        sum.last.as_str()
    ])?;
    Ok(merged.known.last().copied().unwrap_or(0))
}

/// A statement out of its row.
pub(super) fn unpack(size: u32, packed: &[u8]) -> Result<SampleDay, VaultError> {
    // The size was ours when it was written; the limit guards against a row that is not.
    let limit = usize::try_from(size).unwrap_or(usize::MAX).min(DAY_BYTES);
    codec::decode(&zstd::bulk::decompress(packed, limit).map_err(|_| VaultError::Codec)?)
}

/// What every document states of one day, in the order they were filed, with the document.
pub(super) fn statements(connection: &Connection, line: i64, day: i64) -> Result<Vec<(DocumentId, SampleDay)>, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT document, size, zstd FROM samples WHERE line = ?1 AND day = ?2 ORDER BY document")?;
    let rows = statement.query_map((line, day), |row| Ok((row.get(0)?, row.get::<_, u32>(1)?, row.get::<_, Vec<u8>>(2)?)))?;
    rows.map(|row| {
        let (document, size, packed) = row?;
        Ok((DocumentId(document), unpack(size, &packed)?))
    })
    .collect()
}

fn line_row(tx: &Connection, person: PersonRow, quantity: &str, unit: &str) -> Result<i64, VaultError> {
    let mut find = tx.prepare_cached("SELECT id FROM sample_lines WHERE person = ?1 AND quantity = ?2 AND unit = ?3")?;
    if let Some(row) = find.query_row((person, quantity, unit), |row| row.get(0)).optional()? {
        return Ok(row);
    }
    Ok(tx.prepare_cached("INSERT INTO sample_lines (person, quantity, unit) VALUES (?1, ?2, ?3)")?.insert((person, quantity, unit))?)
}

/// Removes what a document states of one quantity from day to day, where a record that told of it is erased.
pub(super) fn remove_span(
    tx: &Connection,
    document: DocumentId,
    quantity: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<u64, VaultError> {
    let number = |day: NaiveDate| i64::from(day.num_days_from_ce());
    let mut statement = tx.prepare(
        "SELECT line, day FROM samples WHERE document = ?1 AND day BETWEEN ?2 AND ?3
         AND line IN (SELECT id FROM sample_lines WHERE quantity = ?4)",
    )?;
    let bounds = params![document.0, number(first), number(last), quantity];
    let days = statement.query_map(bounds, |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<BTreeSet<(i64, i64)>, _>>()?;
    for (line, day) in &days {
        tx.execute("DELETE FROM samples WHERE document = ?1 AND line = ?2 AND day = ?3", (document.0, line, day))?;
    }
    add_up(tx, days)
}

/// Removes everything a document states and adds its days up anew from what others state. Gives the number of samples that
/// nobody states any more.
pub(super) fn remove(tx: &Connection, document: DocumentId) -> Result<u64, VaultError> {
    let mut statement = tx.prepare("SELECT line, day FROM samples WHERE document = ?1")?;
    let days: BTreeSet<(i64, i64)> = statement.query_map([document.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    if days.is_empty() {
        return Ok(0);
    }
    tx.execute("DELETE FROM samples WHERE document = ?1", [document.0])?;
    add_up(tx, days)
}

/// Adds days up anew from what is left of them; the samples that nobody states any more.
fn add_up(tx: &Connection, days: BTreeSet<(i64, i64)>) -> Result<u64, VaultError> {
    let mut gone = 0_u64;
    let count_of = |line: i64, day: i64| -> Result<u64, VaultError> {
        let mut statement = tx.prepare_cached("SELECT count FROM sample_days WHERE line = ?1 AND day = ?2")?;
        Ok(statement.query_row((line, day), |row| row.get::<_, u32>(0)).optional()?.map_or(0, u64::from))
    };
    for (line, day) in days {
        let before = count_of(line, day)?;
        let left: Vec<SampleDay> = statements(tx, line, day)?.into_iter().map(|(_, samples)| samples).collect();
        write_day(tx, line, day, &left)?;
        gone += before.saturating_sub(count_of(line, day)?);
    }
    tx.execute("DELETE FROM sample_lines WHERE id NOT IN (SELECT line FROM samples)", [])?;
    Ok(gone)
}

/// Adds every day up anew, after rows were lost.
pub(super) fn mend(tx: &Connection) -> Result<(), VaultError> {
    tx.execute("DELETE FROM samples WHERE document NOT IN (SELECT id FROM documents) OR line NOT IN (SELECT id FROM sample_lines)", [])?;
    tx.execute("DELETE FROM sample_lines WHERE id NOT IN (SELECT line FROM samples)", [])?;
    tx.execute("DELETE FROM sample_days", [])?;
    let mut statement = tx.prepare("SELECT DISTINCT line, day FROM samples")?;
    let days = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<(i64, i64)>, _>>()?;
    for (line, day) in days {
        let all: Vec<SampleDay> = statements(tx, line, day)?.into_iter().map(|(_, samples)| samples).collect();
        write_day(tx, line, day, &all)?;
    }
    Ok(())
}

/// The digests of everything that is stated of one person, for the root.
pub(super) fn digests(connection: &Connection, person: PersonRow, into: &mut Vec<[u8; 32]>) -> Result<(), VaultError> {
    let mut statement = connection.prepare_cached(
        "SELECT digest FROM documents CROSS JOIN samples INDEXED BY samples_document ON samples.document = documents.id
         WHERE documents.person = ?1",
    )?;
    let mut rows = statement.query([person])?;
    while let Some(row) = rows.next()? {
        into.push(row.get(0)?);
    }
    Ok(())
}

/// What does not fit, in words without content: a statement that is not the one that was filed, or a day that does not add up.
pub(super) fn check(connection: &Connection, problems: &mut Vec<String>) -> Result<(), VaultError> {
    let mut statement = connection.prepare("SELECT id, document, day, count, digest, size, zstd FROM samples ORDER BY document, id")?;
    let mut rows = statement.query([])?;
    let mut known: Option<(i64, Fingerprint)> = None;
    while let Some(row) = rows.next()? {
        let (id, document): (i64, i64) = (row.get(0)?, row.get(1)?);
        let fingerprint = match known {
            Some((last, fingerprint)) if last == document => fingerprint,
            _ => documents::by_id(connection, DocumentId(document))?.fingerprint,
        };
        known = Some((document, fingerprint));
        let (day, count, digest): (i64, u32, [u8; 32]) = (row.get(2)?, row.get(3)?, row.get(4)?);
        let fits = unpack(row.get(5)?, &row.get::<_, Vec<u8>>(6)?).and_then(|samples| {
            let is_day = i64::from(samples.day.num_days_from_ce()) == day && u32::try_from(samples.samples.len()) == Ok(count);
            Ok(is_day && Fingerprint::of(&canonical(fingerprint, &samples)?) == Fingerprint::from_bytes(digest))
        });
        if !matches!(fits, Ok(true)) {
            problems.push(format!("samples {id}: they are not the ones that were filed"));
        }
    }
    check_days(connection, problems)
}

fn check_days(connection: &Connection, problems: &mut Vec<String>) -> Result<(), VaultError> {
    let mut statement = connection.prepare(
        "SELECT line, day, (SELECT count FROM sample_days AS own WHERE own.line = samples.line AND own.day = samples.day), max(count), sum(count)
         FROM samples GROUP BY line, day",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (line, day): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (told, most, all): (Option<i64>, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
        if told.is_none_or(|told| told < most || told > all) {
            problems.push(format!("day {}: it does not add up", super::DayId::of(line, day)));
        }
    }
    let stray: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sample_days WHERE NOT EXISTS
           (SELECT 1 FROM samples WHERE samples.line = sample_days.line AND samples.day = sample_days.day))",
        [],
        |row| row.get(0),
    )?;
    if stray {
        problems.push("days: one without samples".to_owned());
    }
    Ok(())
}

/// The day again.
pub(super) fn date_of(day: i64) -> Result<NaiveDate, VaultError> {
    i32::try_from(day).ok().and_then(NaiveDate::from_num_days_from_ce_opt).ok_or(VaultError::Codec)
}
