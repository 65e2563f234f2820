//! From lines to records: headers, fields, and the control record of split notebooks. Nothing is interpreted here.

use super::text::Line;
use crate::formats::{Fault, FormatError, Unread};

/// No record has more fields than this; what follows stays in the last one.
const FIELDS: usize = 16;

/// One line of the format.
#[derive(Clone)]
pub(super) struct Row<'a> {
    /// The part of a split notebook it stands in, where the parts came as files of their own.
    pub(super) part: Option<u32>,
    /// The line in its file, counted from 1.
    pub(super) line: usize,
    /// The whole line.
    pub(super) text: &'a str,
    /// How many of its characters could not be read.
    pub(super) replaced: usize,
    fields: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn new(line: &'a Line) -> Self {
        let fields = line.text.splitn(FIELDS, ',').map(trimmed).collect();
        Self { part: None, line: line.number, text: &line.text, replaced: line.replaced, fields }
    }

    /// The record number, without leading zeros: `"201"`.
    pub(super) fn number(&self) -> &'a str {
        self.fields.first().map_or("", |number| super::codes::plain(number))
    }

    /// A field, counted from 1 behind the record number; none where it is missing or blank.
    pub(super) fn field(&self, position: usize) -> Option<&'a str> {
        self.fields.get(position).copied().filter(|field| !field.is_empty())
    }

    /// A field that the specification requires.
    pub(super) fn required(&self, position: usize) -> Result<&'a str, Fault> {
        self.field(position).ok_or(Fault::Missing)
    }

    /// Whether anything stands behind field `last`.
    pub(super) fn goes_on_after(&self, last: usize) -> bool {
        self.fields.iter().skip(last + 1).any(|field| !field.is_empty())
    }

    /// Where it stands.
    pub(super) fn place(&self) -> String {
        match self.part {
            Some(part) => format!("part {part}, line {}", self.line),
            None => format!("line {}", self.line),
        }
    }

    /// The error that this row is broken.
    pub(super) fn malformed(&self, fault: Fault) -> FormatError {
        FormatError::Malformed { place: self.place(), fault }
    }
}

fn trimmed(field: &str) -> &str {
    field.trim_matches(|c: char| c.is_whitespace())
}

/// A header and what follows it.
pub(super) struct Sheet<'a> {
    /// The header line.
    pub(super) header: Row<'a>,
    /// The records behind it, without header and control.
    pub(super) rows: Vec<Row<'a>>,
    /// The control record (911), where the notebook was split.
    pub(super) control: Option<Control<'a>>,
}

impl Sheet<'_> {
    /// 出力区分: `1` from a provider, `2` from the patient.
    pub(super) fn output(&self) -> Option<&str> {
        self.header.field(1)
    }
}

/// 分割制御 record 911.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Control<'a> {
    /// データID: the same in all parts of a set.
    pub(super) set: &'a str,
    /// 分割数: how many parts there are.
    pub(super) of: u32,
    /// 連番: which one this is, counted from 1.
    pub(super) number: u32,
}

/// More parts than this nobody scans.
const PARTS: u32 = 999;

fn control<'a>(row: &Row<'a>) -> Result<Control<'a>, FormatError> {
    let broken = |fault| row.malformed(fault);
    let count = |position| row.required(position)?.parse::<u32>().map_err(|_| Fault::Number);
    let set = row.required(1).map_err(broken)?;
    let (of, number) = (count(2).map_err(broken)?, count(3).map_err(broken)?);
    if !(1..=PARTS).contains(&of) || !(1..=of).contains(&number) {
        return Err(broken(Fault::Number));
    }
    Ok(Control { set, of, number })
}

/// What the first line says the file is.
enum Header {
    Notebook,
    Prescription,
    Neither,
}

fn header(row: &Row<'_>) -> Header {
    let digits = |rest: &str| (1..=2).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_digit());
    let first = row.fields.first().copied().unwrap_or_default();
    match first.strip_prefix("JAHISTC") {
        Some(version) if digits(version) => Header::Notebook,
        Some(_) => Header::Neither,
        None if first.strip_prefix("JAHIS").is_some_and(digits) => Header::Prescription,
        None => Header::Neither,
    }
}

/// The notebooks, or parts of one, that stand in these lines.
///
/// Usually there is one. Files that were joined have a header for each part; some programs drop the repeated headers,
/// and then each control record ends a part.
pub(super) fn sheets(lines: &[Line]) -> Result<Vec<Sheet<'_>>, FormatError> {
    let mut rows = lines.iter().map(Row::new);
    let first = rows.next().ok_or(FormatError::Empty)?;
    match header(&first) {
        Header::Notebook => {}
        Header::Prescription => return Err(FormatError::NotRead(Unread::JahisPrescription)),
        Header::Neither if first.text.starts_with("JAHISTC") => return Err(first.malformed(Fault::Syntax)),
        Header::Neither => return Err(FormatError::NotRead(Unread::OtherText)),
    }
    let mut sheets = Vec::new();
    let mut open = Section { header: first, rows: Vec::new(), controls: Vec::new() };
    for row in rows {
        if matches!(header(&row), Header::Notebook) {
            let next = Section { header: row, rows: Vec::new(), controls: Vec::new() };
            std::mem::replace(&mut open, next).close(&mut sheets)?;
        } else if row.number() == "911" {
            let control = control(&row)?;
            open.controls.push((open.rows.len(), control));
        } else {
            open.rows.push(row);
        }
    }
    open.close(&mut sheets)?;
    Ok(sheets)
}

/// What stands behind one header, with the places of its control records.
struct Section<'a> {
    header: Row<'a>,
    rows: Vec<Row<'a>>,
    controls: Vec<(usize, Control<'a>)>,
}

impl<'a> Section<'a> {
    fn close(mut self, sheets: &mut Vec<Sheet<'a>>) -> Result<(), FormatError> {
        self.controls.dedup_by_key(|(_, control)| *control);
        let (Some(&(end, _)), true) = (self.controls.last(), self.controls.len() > 1) else {
            let control = self.controls.first().map(|(_, control)| *control);
            sheets.push(Sheet { header: self.header, rows: self.rows, control });
            return Ok(());
        };
        // Several parts behind one header: each control record ends a part, so nothing may follow the last.
        if let Some(stray) = self.rows.get(end) {
            return Err(stray.malformed(Fault::Order));
        }
        let mut rows = self.rows.into_iter();
        let mut start = 0;
        for (end, control) in self.controls {
            let part = rows.by_ref().take(end - start).collect();
            start = end;
            sheets.push(Sheet { header: self.header.clone(), rows: part, control: Some(control) });
        }
        Ok(())
    }
}
