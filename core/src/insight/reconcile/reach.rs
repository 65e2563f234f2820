//! How far from an event its other tellings can lie: only what is near in days and of a fitting kind is ever looked at.

use chrono::{Datelike, Days, NaiveDate};

use crate::{base::PartialDate, record::Event, terms::Kind};

/// A year, for a detailed examination after its screening.
pub(super) const STORY_DAYS: u64 = 366;
/// A prescription can be filled on its day and the days after it; the law's limit is shorter, and what lies around weekends
/// is not excluded by one day.
pub(super) const PRESCRIPTION_DAYS: u64 = 4;

/// Where to look: a kind between two days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Events of this kind.
    pub kind: Kind,
    /// From this day.
    pub from: NaiveDate,
    /// Until this day.
    pub until: NaiveDate,
}

/// Where other tellings of an event of this kind and day can lie; empty for what no rule is about.
pub fn reaches(kind: Kind, day: Option<PartialDate>) -> Vec<Reach> {
    let Some(day) = day else { return Vec::new() };
    let around = |kind, before, after| {
        let from = day.first_day().checked_sub_days(Days::new(before)).unwrap_or(NaiveDate::MIN);
        let until = day.last_day().checked_add_days(Days::new(after)).unwrap_or(NaiveDate::MAX);
        Reach { kind, from, until }
    };
    match (kind, day) {
        (_, PartialDate::Year(_)) => Vec::new(),
        (Kind::Medication, PartialDate::Month(..)) => vec![around(kind, 0, 0)],
        (_, PartialDate::Month(..)) => Vec::new(),
        (Kind::Vaccination, _) => vec![around(kind, 1, 1)],
        (Kind::Checkup, _) => vec![around(kind, 0, 0), around(Kind::Laboratory, 0, 0)],
        (Kind::Laboratory, _) => vec![around(kind, 0, 0), around(Kind::Checkup, 0, 0)],
        (Kind::InfantCheckup | Kind::SchoolCheckup | Kind::Pregnancy, _) => vec![around(kind, 0, 0)],
        (Kind::CancerScreening, _) => vec![around(kind, STORY_DAYS, STORY_DAYS)],
        (Kind::Medication, PartialDate::Day(date)) => {
            // A claim that names a month only lies at the month's first day; on the days between no rule finds anything.
            let month = PartialDate::Month(date.year(), date.month()).first_day();
            vec![around(kind, 0, 0), Reach { kind, from: month, until: month }, around(Kind::Prescription, PRESCRIPTION_DAYS, 0)]
        }
        (Kind::Prescription, _) => vec![around(kind, 0, 0), around(Kind::Medication, 0, PRESCRIPTION_DAYS)],
        _ => Vec::new(),
    }
}

/// Whether `other` lies where another telling of `one` can.
pub(super) fn is_near(one: &Event, other: &Event) -> bool {
    let Some(day) = other.day else { return false };
    reaches(one.kind, one.day)
        .iter()
        .any(|reach| reach.kind == other.kind && day.first_day() <= reach.until && day.last_day() >= reach.from)
}
