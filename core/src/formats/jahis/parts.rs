//! Split notebooks: which parts belong together, in which order, and what is missing.
//!
//! A set is known by its data id (record 911); all its parts name the same patient. The same part twice does no harm.

use std::collections::BTreeMap;

use super::wire::{Control, Row, Sheet};
use crate::{
    base::{PartialDate, fold_name},
    formats::{Fault, FormatError, FormatId, Part},
};

/// What the sheets of one or several files turned out to be.
pub(super) enum Arranged<'a> {
    /// A whole notebook, its parts in order.
    Whole(Vec<Sheet<'a>>),
    /// One part of a split notebook.
    Part(Part),
}

/// The error that a set of `of` parts has a gap.
pub(super) fn gap(of: u32) -> FormatError {
    FormatError::Malformed { place: format!("the set of {of} parts"), fault: Fault::Missing }
}

/// From here on, places name the part and the line in it: the parts came as files of their own.
pub(super) fn name_places_by_part(sheets: &mut [Sheet<'_>]) {
    for sheet in sheets {
        let part = sheet.control.filter(|control| control.of > 1).map(|control| control.number);
        sheet.header.part = part;
        for row in &mut sheet.rows {
            row.part = part;
        }
    }
}

/// Puts the sheets in order. Sheets without control record are whole notebooks; several are one only if they are about
/// the same patient.
pub(super) fn arrange(sheets: Vec<Sheet<'_>>) -> Result<Arranged<'_>, FormatError> {
    same_patient(&sheets)?;
    let Some(first) = sheets.iter().find_map(|sheet| sheet.control) else {
        return Ok(Arranged::Whole(sheets));
    };
    let mut parts: BTreeMap<u32, Sheet<'_>> = BTreeMap::new();
    for sheet in sheets {
        let number = match sheet.control {
            Some(Control { set, of, number }) if set == first.set && of == first.of => number,
            Some(_) | None => return Err(sheet.header.malformed(Fault::Mixed)),
        };
        match parts.get(&number) {
            Some(earlier) if !says_the_same(earlier, &sheet) => return Err(sheet.header.malformed(Fault::Mixed)),
            Some(_) => {}
            None => {
                parts.insert(number, sheet);
            }
        }
    }
    let all_here = u32::try_from(parts.len()).is_ok_and(|here| here == first.of);
    match (all_here, parts.len()) {
        (true, _) => Ok(Arranged::Whole(parts.into_values().collect())),
        (false, 1) => Ok(Arranged::Part(Part { format: FormatId::JahisTc, set: first.set.to_owned(), number: first.number, of: first.of })),
        (false, _) => Err(gap(first.of)),
    }
}

fn says_the_same(one: &Sheet<'_>, other: &Sheet<'_>) -> bool {
    one.rows.iter().map(|row| row.text).eq(other.rows.iter().map(|row| row.text))
}

/// Refuses sheets whose patient records name different people. A later part may leave the patient out.
fn same_patient(sheets: &[Sheet<'_>]) -> Result<(), FormatError> {
    let mut patients = sheets.iter().filter_map(|sheet| sheet.rows.iter().find(|row| row.number() == "1"));
    let Some(first) = patients.next() else {
        return Ok(());
    };
    match patients.find(|other| !is_same_person(first, other)) {
        Some(other) => Err(other.malformed(Fault::Mixed)),
        None => Ok(()),
    }
}

fn is_same_person(one: &Row<'_>, other: &Row<'_>) -> bool {
    let name = |row: &Row<'_>| row.field(1).map(fold_name);
    let born = |row: &Row<'_>| row.field(3).map(|date| date.parse::<PartialDate>().map_err(|_| date.to_owned()));
    name(one) == name(other) && one.field(2) == other.field(2) && born(one) == born(other)
}
