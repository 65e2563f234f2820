//! The occasions, from their data file. A broken line fails a test, never a person.

use std::sync::LazyLock;

use super::{ChosenPart, Part};
use crate::terms::quantity;

const OCCASIONS: &str = include_str!("../data/clinic-occasions.tsv");

/// The edition of the occasions, to be shown where they are listed.
pub const OCCASIONS_EDITION: &str = "1 (2026-11)";

/// An occasion at which records are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The public id.
    pub id: &'static str,
    /// Its Japanese name.
    pub japanese: &'static str,
    /// Its English name.
    pub english: &'static str,
    /// What is shown, in the order it is shown.
    pub parts: Vec<ChosenPart>,
    /// Ids of the quantities whose values are shown.
    pub quantities: Vec<&'static str>,
    /// Whether every dose is shown with product, lot and place.
    pub sheet: bool,
    /// Whether the QR code of the medicine notebook belongs to it.
    pub code: bool,
}

static TABLE: LazyLock<Vec<Occasion>> = LazyLock::new(|| rows().filter_map(read).collect());

fn rows() -> impl Iterator<Item = &'static str> {
    OCCASIONS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1)
}

fn read(line: &'static str) -> Option<Occasion> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [id, japanese, english, parts, quantities, sheet, code] = columns.as_slice() else { return None };
    let mut parts = parts.split('|').map(part).collect::<Option<Vec<_>>>()?;
    parts.sort_by_key(|chosen| chosen.part);
    let known = |id: &'static str| quantity(id).map(|quantity| quantity.id);
    let quantities = quantities.split('|').filter(|id| !id.is_empty()).map(known).collect::<Option<Vec<_>>>()?;
    let flag = |word: &str| match word {
        "yes" => Some(true),
        "" => Some(false),
        _ => None,
    };
    Some(Occasion { id, japanese, english, parts, quantities, sheet: flag(sheet)?, code: flag(code)? })
}

fn part(text: &'static str) -> Option<ChosenPart> {
    let (id, days) = match text.split_once(':') {
        Some((id, days)) => (id, Some(days.parse().ok()?)),
        None => (text, None),
    };
    Some(ChosenPart { part: Part::ALL.into_iter().find(|part| part.id() == id)?, days })
}

/// Every occasion, in the order of the table.
pub fn occasions() -> &'static [Occasion] {
    &TABLE
}

/// The occasion of an id.
pub fn occasion(id: &str) -> Option<&'static Occasion> {
    TABLE.iter().find(|occasion| occasion.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_allergies_come_first_everywhere() {
        assert_eq!(TABLE.len(), rows().count());
        let ids: Vec<&str> = TABLE.iter().map(|occasion| occasion.id).collect();
        assert_eq!(ids, ["first_visit", "emergency", "infant_checkup", "pharmacy", "checkup_advice", "nursery_school"]);
        assert!(TABLE.iter().all(|occasion| occasion.parts.first().is_some_and(|chosen| chosen.part == Part::Allergies)));
        let (edition, month) = OCCASIONS_EDITION.split_once(' ').unwrap_or_default();
        assert!(OCCASIONS.lines().next().is_some_and(|line| line.contains(&format!("edition {edition} {month}."))));
    }
}
