//! What a mapping for a table could be, and what has to be asked: shown to the person before anything is read for good.

use super::{
    Column, Mapping,
    mapping::proposed,
    moment::{self, BadMoment},
    read::{cells, columns},
    table::{self, Table},
};
use crate::{
    base::{Fingerprint, PartialDate},
    formats::FormatError,
    terms::{Quantity, in_own_unit, shown_unit},
};

/// Rows shown as they would be read.
const SHOWN: usize = 3;

/// A mapping as it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The headings, in their order.
    pub header: Vec<String>,
    /// The same for every file of the same device: what a confirmed mapping is saved under.
    pub key: Fingerprint,
    /// What the headings propose.
    pub mapping: Mapping,
    /// The first rows as they would be read.
    pub rows: Vec<PreviewRow>,
    /// What has to be answered first.
    pub questions: Vec<Question>,
    /// Rows in all.
    pub count: usize,
}

/// One row as it would be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// The day.
    pub day: PartialDate,
    /// The time, `07:12:00`.
    pub time: Option<String>,
    /// Quantity, value and unit.
    pub values: Vec<(&'static Quantity, String, String)>,
}

/// What only the person knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Dates like 5/3/2026 can be two days.
    DateOrder {
        /// The first of them.
        example: String,
    },
    /// Most values of a column are none that a person can have in this unit.
    Unit {
        /// The column's heading.
        heading: String,
        /// The quantity.
        quantity: &'static Quantity,
        /// The unit it was taken for.
        unit: String,
        /// The first value.
        example: String,
    },
}

/// Whether a file is a table of measurements.
pub fn looks_like(bytes: &[u8]) -> bool {
    table::has_header(bytes)
}

/// What a mapping for this table could be. Nothing is taken in by it.
///
/// # Errors
/// `Malformed` where no heading is known.
pub fn propose(bytes: &[u8]) -> Result<Proposal, FormatError> {
    let table = table::table(bytes, None)?;
    let mut mapping = Mapping { columns: Vec::new(), order: None };
    for heading in &table.header {
        if let Some(column) = proposed(heading)
            && !mapping.columns.iter().any(|(other, _)| is_same(other, &column))
        {
            mapping.columns.push((column, heading.clone()));
        }
    }
    check(&table, mapping)
}

/// The same, for a mapping that somebody wrote or saved: what it would read, and what is still open.
///
/// # Errors
/// `Malformed` where a heading of the mapping is not in the table.
pub fn with_mapping(bytes: &[u8], mapping: &Mapping) -> Result<Proposal, FormatError> {
    check(&table::table(bytes, Some(mapping))?, mapping.clone())
}

fn is_same(one: &Column, other: &Column) -> bool {
    match (one, other) {
        (Column::Moment | Column::Date, Column::Moment | Column::Date) | (Column::Time, Column::Time) => true,
        (Column::Quantity { quantity, .. }, Column::Quantity { quantity: other, .. }) => quantity.id == other.id,
        _ => false,
    }
}

fn check(table: &Table, mapping: Mapping) -> Result<Proposal, FormatError> {
    let found = columns(table, &mapping)?;
    let mut rows = Vec::new();
    for row in &table.rows {
        if rows.len() >= SHOWN {
            break;
        }
        let Ok(read) = cells(row, &found, &mapping) else { continue };
        let values: Vec<_> = read.into_iter().filter_map(Result::ok).collect();
        if let Some(first) = values.first() {
            let (day, time) = (PartialDate::Day(first.at.day), first.at.time.map(|time| time.to_string()));
            let shown = |unit: &Quantity| shown_unit(unit.ucum.unwrap_or_default()).to_owned();
            let values = values.iter().map(|cell| (cell.quantity, cell.value.as_str().to_owned(), shown(cell.quantity))).collect();
            rows.push(PreviewRow { day, time, values });
        }
    }
    let questions = questions(table, &mapping);
    Ok(Proposal { header: table.header.clone(), key: table::header_key(&table.header), mapping, rows, questions, count: table.rows.len() })
}

fn questions(table: &Table, mapping: &Mapping) -> Vec<Question> {
    let mut asked = Vec::new();
    for (column, heading) in &mapping.columns {
        let Some(at) = table::column_of(&table.header, heading) else { continue };
        let values = || table.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        match column {
            Column::Moment | Column::Date => {
                let ambiguous = values().find(|cell| matches!(moment::moment(cell, mapping.order), Err(BadMoment::Ambiguous)));
                asked.extend(ambiguous.map(|example| Question::DateOrder { example: example.to_owned() }));
            }
            Column::Time => {}
            Column::Quantity { quantity, unit } => {
                let numbers: Vec<_> = values().filter_map(|cell| cell.parse::<crate::base::Decimal>().ok()).collect();
                let is_possible = |value: &crate::base::Decimal| {
                    in_own_unit(quantity, unit, value)
                        .is_some_and(|own| quantity.plausible.is_none_or(|(low, high)| (low..=high).contains(&own.value.number())))
                };
                let impossible: Vec<_> = numbers.iter().filter(|value| !is_possible(value)).collect();
                if let Some(example) = impossible.first()
                    && impossible.len() * 2 > numbers.len()
                {
                    let (heading, unit, example) = (heading.clone(), unit.clone(), example.as_str().to_owned());
                    asked.push(Question::Unit { heading, quantity, unit, example });
                }
            }
        }
    }
    asked
}
