//! Row ids that a person can type: `d12` a document, `e…` an event, `r…` a record. They name rows of this vault only;
//! nothing outside it refers to them.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};

use crate::base::PartialDate;

/// Crockford's alphabet in lower case: no letter that is mistaken for a digit.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The text names no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of a document (d…), an event (e…), a record (r…) or a day of measurements (m…)")]
pub struct BadRowId;

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(super) i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $letter, write_number(self.0))
            }
        }

        impl FromStr for $name {
            type Err = BadRowId;

            fn from_str(text: &str) -> Result<Self, BadRowId> {
                let number = text.trim().strip_prefix($letter).ok_or(BadRowId)?;
                read_number(number).map(Self)
            }
        }
    };
}

row_id!(
    /// A document in this vault.
    DocumentId,
    'd'
);
row_id!(
    /// An event in this vault; ids are in the order of days.
    EventId,
    'e'
);
row_id!(
    /// A record in this vault.
    FactId,
    'r'
);
row_id!(
    /// A day of self-measured samples in this vault.
    DayId,
    'm'
);

/// A day is below this many days from 0001-01-01 until the year 2871.
const DAY_BITS: u32 = 20;

impl DayId {
    /// The day of a line.
    pub(super) const fn of(line: i64, day: i64) -> Self {
        Self(line << DAY_BITS | day)
    }

    /// The line and the day.
    pub(super) const fn parts(self) -> (i64, i64) {
        (self.0 >> DAY_BITS, self.0 & ((1 << DAY_BITS) - 1))
    }
}

impl FactId {
    /// The event the record belongs to.
    pub const fn event(self) -> EventId {
        EventId(self.0 >> FACT_BITS)
    }
}

const EVENT_BITS: u32 = 20;
const FACT_BITS: u32 = 16;

/// The first id an event on `day` can have, and the first of the next day.
pub(super) const fn event_range(day: i64) -> (i64, i64) {
    (day << EVENT_BITS, (day + 1) << EVENT_BITS)
}

/// The first id a fact of the event can have, and the first of the next event.
pub(super) const fn fact_range(event: EventId) -> (i64, i64) {
    (event.0 << FACT_BITS, (event.0 + 1) << FACT_BITS)
}

/// A day as the vault sorts it; see the first lines of the schema.
pub(super) fn day_key(day: Option<PartialDate>) -> i64 {
    day.map_or(0, |day| {
        let precision = match day {
            PartialDate::Year(_) => 0,
            PartialDate::Month(..) => 1,
            PartialDate::Day(_) => 2,
        };
        day_start(day.first_day()) + precision
    })
}

/// The least key a date with this first day can have.
pub(super) fn day_start(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) * 4
}

/// The day again.
pub(super) fn day_of(key: i64) -> Option<PartialDate> {
    let date = NaiveDate::from_num_days_from_ce_opt(i32::try_from(key / 4).ok()?)?;
    match key % 4 {
        _ if key == 0 => None,
        0 => Some(PartialDate::Year(date.year())),
        1 => Some(PartialDate::Month(date.year(), date.month())),
        _ => Some(PartialDate::Day(date)),
    }
}

fn write_number(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut out = Vec::with_capacity(13);
    loop {
        let digit = usize::try_from(rest % 32).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or(b'0');
        out.push(char::from(digit));
        rest /= 32;
        if rest == 0 {
            return out.into_iter().rev().collect();
        }
    }
}

fn read_number(text: &str) -> Result<i64, BadRowId> {
    if text.is_empty() || text.len() > 12 {
        return Err(BadRowId);
    }
    text.bytes().try_fold(0_i64, |number, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte.to_ascii_lowercase()).ok_or(BadRowId)?;
        let digit = i64::try_from(digit).map_err(|_| BadRowId)?;
        number.checked_mul(32).and_then(|number| number.checked_add(digit)).ok_or(BadRowId)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nonsense_is_refused() {
        for number in [0, 1, 31, 32, 3_100_000_000_000_000_017] {
            assert_eq!(FactId(number / 32).to_string().parse(), Ok(FactId(number / 32)));
        }
        for text in ["", "r", "e12", "r!", "rzzzzzzzzzzzzzzz", "d12"] {
            assert_eq!(text.parse::<FactId>(), Err(BadRowId), "{text}");
        }
    }

    #[test]
    fn a_day_keeps_its_precision_and_sorts() {
        let keys: Vec<i64> = ["2023-12-31", "2024", "2024-01", "2024-01-01"].map(|text| day_key(text.parse().ok())).to_vec();
        assert!(keys.is_sorted() && keys.iter().all(|key| day_key(day_of(*key)) == *key));
        assert_eq!(day_of(0), None);
    }
}
