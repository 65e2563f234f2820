//! Injected live vaccines: on one day, or with their full days between.

use chrono::NaiveDate;

use super::{calendar::Gap, product, told::Dose};

/// Full days between different injected live vaccines.
pub(super) const LIVE_GAP: Gap = Gap::Days(27);
const LIVE: [&str; 8] = ["bcg", "mr", "mmr", "measles", "rubella", "mumps", "varicella", "yellow_fever"];

/// The days of injected live vaccines, given and planned.
pub(super) struct Live {
    given: Vec<(&'static str, NaiveDate)>,
    planned: Vec<(&'static str, NaiveDate)>,
}

impl Live {
    pub(super) fn of(all: &[Dose<'_>]) -> Self {
        let is_live = |dose: &&Dose<'_>| is_live(dose.given.vaccine, &dose.given.product);
        let given = all.iter().filter(is_live).filter_map(|dose| Some((dose.given.vaccine, dose.latest?))).collect();
        Self { given, planned: Vec::new() }
    }

    /// Whether a live dose of another vaccine was given too shortly before a day.
    pub(super) fn too_near(&self, vaccine: &str, day: NaiveDate) -> bool {
        self.given.iter().any(|(other, on)| *other != vaccine && *on < day && day < LIVE_GAP.after(*on))
    }

    /// The first day on or after this one that is not too near behind what was given.
    pub(super) fn free_from(&self, vaccine: &str, day: NaiveDate) -> NaiveDate {
        let others = self.given.iter().filter(|(other, _)| *other != vaccine).map(|(_, on)| LIVE_GAP.after(*on));
        others.fold(day, NaiveDate::max)
    }

    /// A day from `from` to `last` that is on the day of every near live dose or far enough from it.
    pub(super) fn fit(&self, vaccine: &str, from: NaiveDate, wanted: NaiveDate, last: NaiveDate) -> Option<NaiveDate> {
        let mut day = wanted;
        for _ in 0..=(self.given.len() + self.planned.len()) * 2 {
            let near = self
                .given
                .iter()
                .chain(&self.planned)
                .find(|(other, on)| *other != vaccine && *on != day && day < LIVE_GAP.after(*on) && *on < LIVE_GAP.after(day));
            let Some((_, on)) = near else { return (day <= last).then_some(day) };
            // Together on one day, unless that would be going back or was already tried.
            day = if *on >= from && *on > day { *on } else { LIVE_GAP.after(*on) };
        }
        None
    }

    /// Remembers a planned day.
    pub(super) fn take(&mut self, vaccine: &'static str, day: Option<NaiveDate>) {
        self.planned.extend(day.map(|day| (vaccine, day)));
    }

    /// Plans a live dose on the first day that fits, and remembers it.
    pub(super) fn plan(&mut self, vaccine: &'static str, from: NaiveDate, last: NaiveDate) -> Option<NaiveDate> {
        let day = self.fit(vaccine, from, self.free_from(vaccine, from).min(last).max(from), last);
        self.take(vaccine, day);
        day
    }
}

pub(super) fn is_live(vaccine: &str, name: &str) -> bool {
    LIVE.contains(&vaccine) || (vaccine == "zoster" && product::zoster(name) != Some(product::RECOMBINANT))
}
