//! A table read by a mapping: a sample for each cell that holds a number, and a line for each row that cannot be read.

use super::{
    Column, Mapping,
    moment::{self, BadMoment},
    table::{self, Row, Table, column_of},
};
use crate::{
    base::{Decimal, limits},
    formats::{
        Fault, FormatError, FormatId, SeriesReading, my_number,
        series::{Measured, Moment, SeriesBuilder},
    },
    record::Subject,
    terms::{Quantity, in_own_unit, known_unit},
};

/// Raised whenever the same bytes would give other records.
pub const PARSER: u32 = 1;

/// Reads a table of measurements.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<SeriesReading, FormatError> {
    let table = table::table(bytes, Some(mapping))?;
    refuse_my_number(&table)?;
    let columns = columns(&table, mapping)?;
    if table.rows.len() > limits::FACTS * 10 {
        return Err(FormatError::Limit { what: "records", place: "document".to_owned() });
    }
    let mut builder = SeriesBuilder::default();
    for row in &table.rows {
        let place = || format!("line {}", row.line);
        match cells(row, &columns, mapping) {
            Ok(values) => {
                for read in values {
                    let added = read.and_then(|cell| {
                        let written = cell.written.as_deref();
                        builder.add(&Measured { quantity: cell.quantity, at: cell.at, lasted: 0, value: &cell.value, source: "", written })
                    });
                    match added {
                        Err(error @ FormatError::Limit { .. }) => return Err(error),
                        Err(error) => builder.refuse(place, error),
                        Ok(()) => {}
                    }
                }
            }
            Err(fault) => builder.refuse(place, FormatError::Malformed { place: String::new(), fault }),
        }
    }
    Ok(builder.finish(FormatId::Measurements, PARSER, Subject::default(), None, None))
}

/// What the mapping says about the columns of this very table.
pub(super) struct Columns {
    day: usize,
    is_moment: bool,
    time: Option<usize>,
    values: Vec<(usize, &'static Quantity, String)>,
}

pub(super) fn columns(table: &Table, mapping: &Mapping) -> Result<Columns, FormatError> {
    let missing = || FormatError::Malformed { place: "the header".to_owned(), fault: Fault::Missing };
    let mut columns = Columns { day: usize::MAX, is_moment: false, time: None, values: Vec::new() };
    for (column, heading) in &mapping.columns {
        let at = column_of(&table.header, heading).ok_or_else(missing)?;
        match column {
            Column::Moment => (columns.day, columns.is_moment) = (at, true),
            Column::Date => (columns.day, columns.is_moment) = (at, false),
            Column::Time => columns.time = Some(at),
            Column::Quantity { quantity, unit } => columns.values.push((at, quantity, unit.clone())),
        }
    }
    if columns.day == usize::MAX { Err(missing()) } else { Ok(columns) }
}

/// One value of a row.
pub(super) struct Cell {
    pub(super) quantity: &'static Quantity,
    pub(super) at: Moment,
    pub(super) value: Decimal,
    pub(super) written: Option<String>,
}

/// The values of a row; empty cells are none.
pub(super) fn cells(row: &Row, columns: &Columns, mapping: &Mapping) -> Result<Vec<Result<Cell, FormatError>>, Fault> {
    let cell = |at: usize| row.cells.get(at).map_or("", |cell| cell.trim());
    let fault = |bad: BadMoment| match bad {
        BadMoment::Unreadable | BadMoment::Ambiguous => Fault::Date,
    };
    let (day, mut time) = moment::moment(cell(columns.day), mapping.order).map_err(fault)?;
    if let Some(written) = columns.time.map(cell).filter(|written| !written.is_empty() && !columns.is_moment) {
        time = Some(moment::time(written).map_err(fault)?);
    }
    let at = Moment { day, time };
    let values = columns.values.iter().filter(|(at, ..)| !cell(*at).is_empty());
    Ok(values
        .map(|(column, quantity, unit)| {
            let malformed = |fault| FormatError::Malformed { place: String::new(), fault };
            let (value, own) = number(cell(*column)).ok_or_else(|| malformed(Fault::Number))?;
            // A unit behind the number itself says more than the heading does.
            let unit = own.unwrap_or(unit);
            let converted = in_own_unit(quantity, unit, &value).ok_or_else(|| malformed(Fault::Type))?;
            let written = converted.converted.then(|| format!("{value} {unit}"));
            Ok(Cell { quantity, at, value: converted.value, written })
        })
        .collect())
}

/// The number in a cell and the known unit behind it.
fn number(text: &str) -> Option<(Decimal, Option<&'static str>)> {
    let folded: String = unicode_normalization::UnicodeNormalization::nfkc(text.trim()).collect();
    let end = folded.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+'))).unwrap_or(folded.len());
    let (digits, behind) = folded.split_at_checked(end)?;
    let unit = match behind.trim() {
        "" => None,
        unit => Some(known_unit(unit)?),
    };
    // "12,345": thousands, and never a decimal comma, which three digits follow only by chance.
    let plain = match digits.split_once(',') {
        Some(_) if is_grouped(digits) => digits.replace(',', ""),
        Some(_) => return None,
        None => digits.to_owned(),
    };
    Some((plain.parse().ok()?, unit))
}

fn is_grouped(digits: &str) -> bool {
    let whole = digits.split('.').next().unwrap_or_default();
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    first && groups.all(|group| group.len() == 3)
}

fn refuse_my_number(table: &Table) -> Result<(), FormatError> {
    let refused = |place: String| Err(FormatError::MyNumber { place });
    if my_number::is_labelled_in(&table.text) {
        return refused("the file".to_owned());
    }
    for (at, heading) in table.header.iter().enumerate() {
        let holds = |row: &Row| row.cells.get(at).is_some_and(|cell| my_number::is_twelve_digits(cell));
        if my_number::is_label(heading) && table.rows.iter().any(holds) {
            return refused(format!("column {}", at + 1));
        }
    }
    Ok(())
}
