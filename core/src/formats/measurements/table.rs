//! A table as cells: encoding, delimiter and the row of headings found by looking.

use super::{Mapping, mapping::parts_of};
use crate::{
    base::{Fingerprint, fold, limits},
    formats::{Fault, FormatError, encoding},
    terms::{ColumnWords, column_words},
};

/// Rows before the headings that a device may write: its name, a person, an empty line.
const PREAMBLE: usize = 30;

/// One row and the line it begins on.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

/// A table with its headings.
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) text: String,
}

/// The table in a file; its headings are those of the mapping, where there is one.
pub(super) fn table(bytes: &[u8], mapping: Option<&Mapping>) -> Result<Table, FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "the file".to_owned() });
    }
    let encoding = || FormatError::Malformed { place: "line 1".to_owned(), fault: Fault::Encoding };
    let text = encoding::decode(bytes, None).ok_or_else(encoding)?.into_owned();
    let mut rows = rows(&text);
    let header = rows.iter().take(PREAMBLE).position(|row| match mapping {
        Some(mapping) => mapping.columns.iter().all(|(_, heading)| column_of(&row.cells, heading).is_some()),
        None => is_header(&row.cells),
    });
    let Some(header) = header else {
        return Err(FormatError::Malformed { place: "line 1".to_owned(), fault: Fault::Missing });
    };
    let body = rows.split_off(header + 1);
    let header = rows.pop().map(|row| row.cells).unwrap_or_default();
    Ok(Table { header, rows: body.into_iter().filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())).collect(), text })
}

fn rows(text: &str) -> Vec<Row> {
    let count = |mark: char| text.lines().take(PREAMBLE).filter(|line| line.contains(mark)).count();
    let delimiter =
        [(b',', count(',')), (b'\t', count('\t')), (b';', count(';'))].into_iter().max_by_key(|(mark, count)| (*count, *mark == b','));
    let delimiter = delimiter.map_or(b',', |(mark, _)| mark);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut found = Vec::new();
    let mut record = csv::StringRecord::new();
    let (mut line, mut counted) = (1_u64, 0_usize);
    // Text in memory cannot fail to be read, and any text is a table of some kind.
    while matches!(reader.read_record(&mut record), Ok(true)) {
        let start = record.position().and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(counted);
        // The library ends a row at the return and counts the line feed behind it to the next one.
        let skipped = usize::from(text.as_bytes().get(start) == Some(&b'\n'));
        let between = text.as_bytes().get(counted..start + skipped).unwrap_or_default();
        line += between.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        counted = start + skipped;
        found.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
    }
    found
}

/// Headings name a day and something that is measured.
fn is_header(cells: &[String]) -> bool {
    let meant: Vec<ColumnWords> = cells.iter().filter_map(|cell| parts_of(cell)).map(|(words, _)| words).collect();
    let has_day = meant.iter().any(|words| matches!(words, ColumnWords::Moment | ColumnWords::Date));
    has_day && meant.iter().any(|words| matches!(words, ColumnWords::Quantity(..)))
}

/// Whether the beginning of a file is such a table.
pub(super) fn has_header(bytes: &[u8]) -> bool {
    let head = bytes.get(..8192).map_or(bytes, whole_lines);
    let Some(text) = encoding::decode(head, None) else { return false };
    rows(&text).iter().take(PREAMBLE).any(|row| is_header(&row.cells))
}

/// Up to the last line end, so that no character is cut.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    bytes.get(..end).unwrap_or(bytes)
}

/// What makes the headings of two files the same device's.
pub(super) fn header_key(header: &[String]) -> Fingerprint {
    let cells: Vec<String> = header.iter().map(|cell| fold(cell)).collect();
    Fingerprint::of(cells.join("\u{1f}").as_bytes())
}

/// The column under this heading.
pub(super) fn column_of(header: &[String], name: &str) -> Option<usize> {
    let wanted = fold(name);
    header.iter().position(|cell| fold(cell) == wanted).or_else(|| header.iter().position(|cell| parts_words(cell) == wanted))
}

fn parts_words(cell: &str) -> String {
    let folded = fold(cell);
    folded.split(['(', '[', '［']).next().unwrap_or_default().trim().to_owned()
}

/// The words over a column, looked up whole and then without what stands in brackets, which is the unit.
pub(super) fn lookup(cell: &str) -> Option<(ColumnWords, Option<String>)> {
    let folded = fold(cell);
    if let Some(words) = column_words(&folded) {
        return Some((words, None));
    }
    let (name, unit) = folded.split_once(['(', '['])?;
    let unit = unit.trim_end_matches([')', ']', ' ']).to_owned();
    column_words(name.trim()).map(|words| (words, (!unit.is_empty()).then_some(unit)))
}
