//! How Japanese law counts: an age is reached at the end of the day before the birthday (年齢計算ニ関スル法律), `N months` end
//! on the same day of the month or on its last day, and `N days or more` leave N full days between.

use chrono::{Datelike, Days, Months, NaiveDate};

/// The month in which a school year and a fiscal year begin.
const APRIL: u32 = 4;
/// Months of age at which school begins the next April.
const SCHOOL_AGE_MONTHS: u32 = 72;

/// An age, as the rules write one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::insight) enum Age {
    /// `2m`: full months.
    Months(u32),
    /// `14w6d`: days of life, the day after the birth being the first.
    Days(u32),
}

/// A time between two doses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// `27d`: so many full days between.
    Days(u32),
    /// `6mo`: to the same day of the month.
    Months(u32),
}

impl Age {
    /// The day on which somebody reaches it: from this day on "N months and older", to this day "up to N months".
    pub(in crate::insight) fn day(self, born: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => plus_days(born, days),
            Self::Months(0) => born,
            Self::Months(months) => {
                let same_day = plus_months(born, months);
                // Where the month has no such day, its last day is the one on which the age is reached.
                if same_day.day() == born.day() { same_day.pred_opt().unwrap_or(same_day) } else { same_day }
            }
        }
    }
}

impl Gap {
    /// The first day that is at least this long behind another.
    pub(super) fn after(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => plus_days(day, days.saturating_add(1)),
            Self::Months(months) => plus_months(day, months),
        }
    }

    /// Whether the month in which it ends has no such day.
    pub(super) fn is_cut(self, day: NaiveDate) -> bool {
        matches!(self, Self::Months(_)) && self.after(day).day() != day.day()
    }
}

/// The year in whose April somebody enters school: the first April 1 behind the day on which six years are reached.
pub(in crate::insight) fn school_entry(born: NaiveDate) -> i32 {
    let six = Age::Months(SCHOOL_AGE_MONTHS).day(born);
    if april_1(six.year()) > six { six.year() } else { six.year() + 1 }
}

/// The year in which the fiscal year of a day began.
pub(in crate::insight) fn fiscal_year(day: NaiveDate) -> i32 {
    if day.month() >= APRIL { day.year() } else { day.year() - 1 }
}

/// The first day of a fiscal year.
pub(in crate::insight) fn april_1(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, APRIL, 1).unwrap_or(NaiveDate::MAX)
}

/// The last day of a fiscal year.
pub(in crate::insight) fn march_31(fiscal_year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(fiscal_year + 1, 3, 31).unwrap_or(NaiveDate::MAX)
}

/// Full years of age on a day, as the law counts them.
pub(in crate::insight) fn full_years(born: NaiveDate, on: NaiveDate) -> i32 {
    let years = on.year() - born.year();
    let reached = u32::try_from(years).ok().map(|years| Age::Months(years.saturating_mul(12)).day(born));
    if reached.is_some_and(|day| day <= on) { years } else { years - 1 }
}

/// A birthday: the day itself, on February 28 where a year has no 29th.
pub(super) fn birthday(born: NaiveDate, years: u32) -> NaiveDate {
    plus_months(born, years.saturating_mul(12))
}

pub(super) fn plus_days(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

fn plus_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Each line: born, months, the day on which that age is reached; who published it.
    #[test]
    fn ages_are_reached_as_the_towns_publish_it() {
        for (born, months, reached, source) in [
            ("2020-04-01", 12, "2021-03-31", "登米市"),
            ("2013-04-02", 2, "2013-06-01", "清瀬市"),
            ("2018-04-01", 2, "2018-05-31", "厚木市"),
            ("2018-04-01", 60, "2023-03-31", "厚木市"),
            ("2018-04-01", 90, "2025-09-30", "厚木市"),
            ("2018-12-29", 2, "2019-02-28", "厚木市"),
            ("2018-12-30", 2, "2019-02-28", "厚木市"),
            ("2018-12-31", 2, "2019-02-28", "厚木市"),
            ("2018-12-31", 60, "2023-12-30", "厚木市"),
            ("2020-07-31", 2, "2020-09-30", "厚生労働省 ロタウイルスワクチンQ&A"),
            ("2020-08-01", 2, "2020-09-30", "厚生労働省 ロタウイルスワクチンQ&A"),
            ("2024-02-29", 12, "2025-02-28", "民法143条"),
            ("2024-02-29", 48, "2028-02-28", "民法143条"),
            ("2023-02-28", 12, "2024-02-27", "民法143条"),
        ] {
            assert_eq!(Age::Months(months).day(day(born)), day(reached), "{born} {months} {source}");
        }
        for (born, weeks, days, reached) in
            [("2020-08-01", 6, 0, "2020-09-12"), ("2020-08-01", 14, 6, "2020-11-13"), ("2020-08-01", 24, 0, "2021-01-16")]
        {
            assert_eq!(Age::Days(weeks * 7 + days).day(day(born)), day(reached), "厚生労働省 ロタウイルスワクチンQ&A");
        }
    }

    #[test]
    fn gaps_leave_full_days_between_and_months_end_on_the_same_day() {
        for (from, gap, first) in [
            ("2022-04-01", Gap::Days(6), "2022-04-08"),
            ("2022-04-01", Gap::Days(20), "2022-04-22"),
            ("2022-04-01", Gap::Days(27), "2022-04-29"),
            ("2022-05-01", Gap::Months(3), "2022-08-01"),
            ("2022-08-30", Gap::Months(6), "2023-02-28"),
        ] {
            assert_eq!(gap.after(day(from)), day(first), "南九州市");
        }
        assert!(
            Gap::Months(6).is_cut(day("2022-08-30"))
                && !Gap::Months(6).is_cut(day("2022-08-28"))
                && !Gap::Days(27).is_cut(day("2022-01-31"))
        );
    }

    #[test]
    fn a_school_year_takes_those_born_from_april_2_to_april_1() {
        assert_eq!(school_entry(day("2020-04-02")), 2027);
        assert_eq!(school_entry(day("2021-04-01")), 2027);
        assert_eq!(school_entry(day("2021-04-02")), 2028);
        assert_eq!((fiscal_year(day("2026-03-31")), fiscal_year(day("2026-04-01"))), (2025, 2026));
        assert_eq!((full_years(day("1961-04-01"), day("2026-03-31")), full_years(day("1961-04-01"), day("2026-03-30"))), (65, 64));
    }
}
