//! The age a reference is read at: since birth, or since the day a child born early was due.

use chrono::{Days, Months, NaiveDate};

use super::rules;
use crate::record::Gestation;

/// How old a child is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Days since birth.
    pub days: u32,
    /// The age by the day the child was due.
    pub corrected: Corrected,
    /// The age that a reference is read at; none before the day the child was due.
    pub read: Option<Read>,
}

/// 修正月齢 the age by the day the child was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrected {
    /// Not used: born at term, not known, old enough, or switched off.
    Unused,
    /// That day is still to come.
    BeforeDue,
    /// Days since.
    Days(u32),
}

/// From which day to which day: what an age is by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// The day of birth, or the day the child was due.
    pub from: NaiveDate,
    /// The day of measuring, not before.
    pub on: NaiveDate,
}

impl Read {
    /// In days.
    pub fn days(self) -> u32 {
        days_between(self.from, self.on).unwrap_or(0)
    }

    /// Full months of the calendar.
    pub fn months(self) -> u32 {
        use chrono::Datelike as _;
        let years = self.on.year() - self.from.year();
        let months = u32::try_from(years * 12).unwrap_or(0) + self.on.month();
        let months = months.saturating_sub(self.from.month());
        // The month is not full yet where its day is still to come; a month without that day is full at its end.
        let is_full = self.from.checked_add_months(Months::new(months)).is_some_and(|day| day <= self.on);
        if is_full { months } else { months.saturating_sub(1) }
    }
}

/// Born early enough for a corrected age.
pub fn is_preterm(gestation: Option<Gestation>) -> bool {
    gestation.is_some_and(|gestation| u32::from(gestation.days()) < rules::born_before_days())
}

/// How old a child is on a day; none before birth. `corrects` switches the corrected age on.
pub fn age(born: NaiveDate, gestation: Option<Gestation>, on: NaiveDate, corrects: bool) -> Option<Age> {
    let days = days_between(born, on)?;
    let plain = Age { days, corrected: Corrected::Unused, read: Some(Read { from: born, on }) };
    let Some(gestation) = gestation.filter(|gestation| corrects && is_preterm(Some(*gestation))) else { return Some(plain) };
    let is_young = born.checked_add_months(Months::new(rules::corrected_until_months())).is_some_and(|end| on < end);
    let early = rules::term_days().saturating_sub(u32::from(gestation.days()));
    let Some(due) = born.checked_add_days(Days::new(u64::from(early))).filter(|_| is_young) else { return Some(plain) };
    Some(match days_between(due, on) {
        Some(corrected) => Age { days, corrected: Corrected::Days(corrected), read: Some(Read { from: due, on }) },
        None => Age { days, corrected: Corrected::BeforeDue, read: None },
    })
}

fn days_between(from: NaiveDate, on: NaiveDate) -> Option<u32> {
    u32::try_from(on.signed_duration_since(from).num_days()).ok()
}
