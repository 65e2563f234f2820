//! What the State forgets: the day a record leaves Mynaportal, by a data file with source and edition. Where nobody knows, none.

use std::sync::LazyLock;

use chrono::{Days, Months, NaiveDate};

use crate::{base::PartialDate, terms::Kind};

const RULES: &str = include_str!("../data/retention.tsv");

/// The edition of the rules, to be shown with what they say.
pub const RETENTION_EDITION: &str = "1 (2026-11)";

/// How long one kind of record stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// What it is about.
    pub kind: Kind,
    /// Which medicines: `"dispensing"` or `"claim"`; elsewhere empty.
    pub basis: &'static str,
    /// How long; none where nobody knows.
    pub length: Option<Length>,
    /// The day that is counted from, in words.
    pub start: &'static str,
    /// By whom, in Japanese.
    pub source_japanese: &'static str,
    /// The same in English.
    pub source_english: &'static str,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Days.
    Days(u32),
    /// Years of the calendar.
    Years(u32),
}

impl Length {
    /// The day that much later; a year later is the same day of the year, or the last of its month.
    pub fn behind(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => day.checked_add_days(Days::new(u64::from(days))),
            Self::Years(years) => day.checked_add_months(Months::new(years.checked_mul(12)?)),
        }
    }

    /// The day that much earlier: what is of that day or later is there today.
    pub fn before(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => day.checked_sub_days(Days::new(u64::from(days))),
            Self::Years(years) => day.checked_sub_months(Months::new(years.checked_mul(12)?)),
        }
    }
}

impl Retention {
    /// The day a record of `day` leaves; where only month or year are known, the earliest it can be. None where nobody knows.
    pub fn leaves_on(&self, day: Option<PartialDate>) -> Option<NaiveDate> {
        self.length?.behind(day?.first_day())
    }
}

static TABLE: LazyLock<Vec<Retention>> = LazyLock::new(|| rows().filter_map(retention).collect());

fn rows() -> impl Iterator<Item = &'static str> {
    RULES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1)
}

fn retention(line: &'static str) -> Option<Retention> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [kind, basis, length, unit, start, _mark, source_japanese, source_english] = columns.try_into().ok()?;
    let length = match (length.parse().ok(), unit) {
        (Some(days), "days") => Some(Length::Days(days)),
        (Some(years), "years") => Some(Length::Years(years)),
        (None, _) if length.is_empty() => None,
        _ => return None,
    };
    Some(Retention { kind: kind.parse().ok()?, basis, length, start, source_japanese, source_english })
}

/// Every rule, in the order of the file.
pub fn retentions() -> &'static [Retention] {
    &TABLE
}

/// How long a record of this kind stays, of a medicine by its basis; none for what Mynaportal does not show.
pub fn retention_of(kind: Kind, basis: &str) -> Option<&'static Retention> {
    TABLE.iter().find(|rule| rule.kind == kind && (rule.basis.is_empty() || rule.basis == basis))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn leaves(kind: Kind, basis: &str, day: &str) -> Option<String> {
        retention_of(kind, basis)?.leaves_on(day.parse().ok()).map(|day| day.to_string())
    }

    #[test]
    fn no_row_is_dropped_and_the_edition_is_the_files() {
        assert_eq!((TABLE.len(), rows().count()), (11, 11));
        let (edition, month) = RETENTION_EDITION.split_once(' ').unwrap();
        assert!(RULES.starts_with(&format!("# How long Mynaportal shows a record, edition {edition} {month}.")));
        assert!(TABLE.iter().all(|rule| !rule.source_japanese.is_empty() && !rule.source_english.is_empty() && !rule.start.is_empty()));
    }

    #[test]
    fn a_dispensing_leaves_after_a_hundred_days_and_a_checkup_after_five_years() {
        assert_eq!(leaves(Kind::Medication, "dispensing", "2026-08-14").as_deref(), Some("2026-11-22"));
        assert_eq!(leaves(Kind::Prescription, "", "2024-02-29").as_deref(), Some("2024-06-08"));
        assert_eq!(leaves(Kind::Checkup, "", "2021-11-22").as_deref(), Some("2026-11-22"));
        assert_eq!(leaves(Kind::Checkup, "", "2024-02-29").as_deref(), Some("2029-02-28"), "no 29th in that year");
        assert_eq!(leaves(Kind::Checkup, "", "2021-11").as_deref(), Some("2026-11-01"), "the earliest it can be");
    }

    #[test]
    fn where_nobody_knows_there_is_no_day() {
        assert_eq!(leaves(Kind::Vaccination, "", "2020-05-01"), None);
        assert_eq!(leaves(Kind::Medication, "claim", "2026-08-14"), None);
        assert!(retention_of(Kind::Vaccination, "").unwrap().source_japanese.contains("わかりません"));
        assert_eq!(retention_of(Kind::Note, ""), None, "a note of one's own was never there");
    }
}
