//! What a screen reads of samples: which quantities there are, their days, and the samples of one day by pages.

use chrono::{Datelike, NaiveDate};
use rusqlite::{OptionalExtension, params};

use super::{
    PAGE, Vault, VaultError,
    ids::{DayId, DocumentId},
    people,
    samples::{CanonicalSamples, date_of, statements, unpack},
};
use crate::{
    base::{Decimal, Fingerprint, PersonId},
    record::{DaySum, Sample, SampleDay},
};

/// One quantity of which a person has samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleLine {
    /// Row of the line.
    pub(super) row: i64,
    /// The quantity's id.
    pub quantity: String,
    /// The unit of its values.
    pub unit: String,
    /// Days with samples.
    pub days: u32,
    /// Samples, each once.
    pub samples: u64,
}

/// One day of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLine {
    /// Its id, to see its samples.
    pub id: DayId,
    /// The day.
    pub day: NaiveDate,
    /// What it comes to.
    pub sum: DaySum,
}

/// A day with its samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDay {
    /// The day.
    pub line: DayLine,
    /// Whose it is.
    pub person: PersonId,
    /// The quantity's id.
    pub quantity: String,
    /// The unit of its values.
    pub unit: String,
    /// A page of the samples in the order of their times.
    pub samples: Vec<DaySource>,
}

/// A sample with where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySource {
    /// The sample.
    pub sample: Sample,
    /// The device or program, as received.
    pub source: String,
    /// The first document that states it.
    pub document: DocumentId,
}

impl Vault {
    /// The quantities of which a person has samples, the one with most days first. *Quick.*
    pub fn sample_lines(&self, person: PersonId) -> Result<Vec<SampleLine>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, quantity, unit, (SELECT count(*) FROM sample_days WHERE line = id), (SELECT coalesce(sum(count), 0) FROM sample_days WHERE line = id)
                 FROM sample_lines WHERE person = ?1 ORDER BY 4 DESC, id",
            )?;
            let rows = statement.query_map([people::row_of(connection, person)?], |row| {
                let samples = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
                Ok(SampleLine { row: row.get(0)?, quantity: row.get(1)?, unit: row.get(2)?, days: row.get(3)?, samples })
            })?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// The days of a line from `from` to `until`, the newest first, behind `after` (the last day of the page before), at most
    /// `limit`. One walk along one index. *Quick*: five years take as long as their rows.
    pub fn sample_days(
        &self,
        line: &SampleLine,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
        after: Option<NaiveDate>,
        limit: u32,
    ) -> Result<Vec<DayLine>, VaultError> {
        let number = |day: NaiveDate| i64::from(day.num_days_from_ce());
        let low = from.map_or(i64::MIN, number);
        let high = until.map_or(i64::MAX, number).min(after.map_or(i64::MAX, |after| number(after) - 1));
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT day, count, low, high, sum, most, last FROM sample_days WHERE line = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day DESC LIMIT ?4",
            )?;
            let mut rows = statement.query(params![line.row, low, high, limit])?;
            let mut days = Vec::new();
            while let Some(row) = rows.next()? {
                days.push(day_line(line.row, row)?);
            }
            Ok(days)
        })
    }

    /// A day with a page of its samples: at most [`PAGE`] from behind the first `skip`.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn sample_day(&self, id: DayId, skip: u32) -> Result<StoredDay, VaultError> {
        let (line, day) = id.parts();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT people.person, quantity, unit FROM sample_lines JOIN people ON people.id = sample_lines.person WHERE sample_lines.id = ?1",
            )?;
            let found = statement.query_row([line], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get(1)?, row.get(2)?))).optional()?;
            let (person, quantity, unit) = found.ok_or(VaultError::NotFound)?;
            let mut statement = connection
                .prepare_cached("SELECT day, count, low, high, sum, most, last FROM sample_days WHERE line = ?1 AND day = ?2")?;
            let mut rows = statement.query((line, day))?;
            let own = day_line(line, rows.next()?.ok_or(VaultError::NotFound)?)?;
            let (documents, stated): (Vec<DocumentId>, Vec<SampleDay>) = statements(connection, line, day)?.into_iter().unzip();
            let merged = SampleDay::merge(&stated).ok_or(VaultError::Codec)?;
            let page = merged.samples.into_iter().skip(usize::try_from(skip).unwrap_or(usize::MAX)).take(PAGE as usize);
            let samples = page
                .map(|(sample, source, document)| {
                    Ok(DaySource { sample, source, document: *documents.get(document).ok_or(VaultError::Codec)? })
                })
                .collect::<Result<_, VaultError>>()?;
            Ok(StoredDay { line: own, person: PersonId::from_bytes(person), quantity, unit, samples })
        })
    }

    /// Hands each day that a document states to `visit`, in the order they were filed. Memory does not grow with their number.
    pub fn each_samples_of<E: From<VaultError>>(
        &self,
        document: DocumentId,
        mut visit: impl FnMut(CanonicalSamples) -> Result<(), E>,
    ) -> Result<(), E> {
        let (fingerprint, rows) = self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM samples WHERE document = ?1 ORDER BY id")?;
            let rows = statement.query_map([document.0], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok((super::documents::by_id(connection, document)?.fingerprint, rows))
        })?;
        for row in rows {
            visit(self.read(|connection| one(connection, row, fingerprint))?)?;
        }
        Ok(())
    }

    /// Samples that a document states, whoever states them first.
    pub fn samples_stated(&self, document: DocumentId) -> Result<u64, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT coalesce(sum(count), 0) FROM samples WHERE document = ?1")?;
            Ok(u64::try_from(statement.query_row([document.0], |row| row.get::<_, i64>(0))?).unwrap_or(0))
        })
    }

    /// The mapping that was confirmed for tables with these headings.
    pub fn mapping(&self, header: Fingerprint) -> Result<Option<String>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT mapping FROM mappings WHERE header = ?1")?;
            Ok(statement.query_row([header.as_bytes()], |row| row.get(0)).optional()?)
        })
    }

    /// Remembers a mapping that the person confirmed.
    pub fn keep_mapping(&self, header: Fingerprint, mapping: &str) -> Result<(), VaultError> {
        if self.mapping(header)?.as_deref() == Some(mapping) {
            return Ok(());
        }
        self.write(|tx| {
            tx.execute(
                "INSERT INTO mappings (header, mapping) VALUES (?1, ?2) ON CONFLICT (header) DO UPDATE SET mapping = ?2",
                params![header.as_bytes(), mapping],
            )?;
            Ok(())
        })
    }
}

fn one(connection: &rusqlite::Connection, row: i64, document: Fingerprint) -> Result<CanonicalSamples, VaultError> {
    let mut statement = connection.prepare_cached("SELECT size, zstd FROM samples WHERE id = ?1")?;
    let (size, packed) = statement.query_row([row], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    Ok(CanonicalSamples { document, samples: unpack(size, &packed)? })
}

fn day_line(line: i64, row: &rusqlite::Row<'_>) -> Result<DayLine, VaultError> {
    let decimal = |column: usize| -> Result<Decimal, VaultError> { row.get::<_, String>(column)?.parse().map_err(|_| VaultError::Codec) };
    let day: i64 = row.get(0)?;
    let sum = DaySum { count: row.get(1)?, low: decimal(2)?, high: decimal(3)?, sum: decimal(4)?, most: decimal(5)?, last: decimal(6)? };
    Ok(DayLine { id: DayId::of(line, day), day: date_of(day)?, sum })
}
