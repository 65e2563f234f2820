//! Which checkups are to be had from a day on, within a span of time: infants, school, 特定健診, cancer screening, pregnancy
//! visits. Pure; by rules that a town's own rows can replace.

mod rules;

use chrono::{Days, NaiveDate};

pub use rules::{CALENDAR_EDITION, CheckupRule};
use rules::{Span, rules};

use super::vaccination::{Age, Pregnancy, april_1, fiscal_year, full_years, march_31, school_entry};
use crate::{
    base::fold,
    record::Sex,
    terms::{Kind, infant_stage},
};

/// Days from the beginning of a pregnancy to 28w0d.
const BEFORE_WEEK_28: u64 = 196;

/// Whose calendar it is.
#[derive(Clone, Copy, Debug)]
pub struct CalendarFor<'a> {
    /// Day of birth.
    pub born: NaiveDate,
    /// Sex as recorded.
    pub sex: Sex,
    /// Pregnancies on record.
    pub pregnancies: &'a [Pregnancy],
    /// The town's code, where its own rules are to be used.
    pub town: Option<&'a str>,
}

/// A checkup on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckupHad {
    /// The kind of record.
    pub kind: Kind,
    /// What it was called.
    pub title: String,
    /// The day.
    pub day: NaiveDate,
}

/// A checkup that is to be had.
#[derive(Clone, Copy, Debug)]
pub struct CheckupDue {
    /// The rule it goes by.
    pub rule: &'static CheckupRule,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; a pregnancy visit has the day after which the next one comes.
    pub to: NaiveDate,
}

/// What is to be had between two days, in the order of the days. What was missed before is not there.
pub fn checkup_calendar(of: CalendarFor<'_>, had: &[CheckupHad], on: NaiveDate, until: NaiveDate) -> Vec<CheckupDue> {
    let mut all: Vec<CheckupDue> = Vec::new();
    for rule in rules(of.town).filter(|rule| rule.sex.is_none_or(|sex| sex == of.sex)) {
        let own: Vec<&CheckupHad> = had.iter().filter(|had| rule.is_told_by(had)).collect();
        let had_between = |from: NaiveDate, to: NaiveDate| own.iter().any(|had| (from..=to).contains(&had.day));
        let mut add = |from: NaiveDate, to: NaiveDate| {
            if to >= on && from <= until && from <= to {
                all.push(CheckupDue { rule, from, to });
            }
        };
        match rule.span {
            Span::Months(from, to) => {
                // Had at any time, because institutions call it by the stage and not by the day.
                if own.is_empty() {
                    add(Age::Months(from).day(of.born), Age::Months(to).day(of.born));
                }
            }
            Span::FiscalYears(from, to, every) => {
                let last = own.iter().map(|had| fiscal_year(had.day)).max();
                let mut year = last.map_or(fiscal_year(on), |last| (last + every).max(fiscal_year(on)));
                while april_1(year) <= until {
                    if (from..=to).contains(&full_years(of.born, march_31(year))) {
                        add(april_1(year), march_31(year));
                        year += every;
                    } else {
                        year += 1;
                    }
                }
            }
            Span::School(from, to, by) => {
                for grade in from..=to {
                    let year = school_entry(of.born) + grade - 1;
                    if !had_between(april_1(year), march_31(year)) {
                        add(april_1(year), day(year, by));
                    }
                }
            }
            Span::Entry(by) => {
                let year = school_entry(of.born) - 1;
                if own.is_empty() {
                    add(april_1(year), day(year, by));
                }
            }
            Span::Pregnancy(from, to, every) => {
                let visits: Vec<NaiveDate> = own.iter().map(|had| had.day).filter(|day| *day <= on).collect();
                for pregnancy in of.pregnancies {
                    visits_of(pregnancy, &visits, (from, to), every, on).for_each(|(from, to)| add(from, to));
                }
            }
        }
    }
    all.sort_by_key(|due| (due.from.max(on), due.to, due.rule.id));
    all
}

fn day(year: i32, (month, day): (u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

/// The visits of a pregnancy that begin in these weeks: each so many days behind the one before.
fn visits_of(
    pregnancy: &Pregnancy,
    visits: &[NaiveDate],
    weeks: (i64, i64),
    every: u64,
    on: NaiveDate,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let begins = pregnancy.from.checked_sub_days(Days::new(BEFORE_WEEK_28)).unwrap_or(pregnancy.from);
    let week = move |day: NaiveDate| (day - begins).num_days().div_euclid(7);
    let last = visits.iter().copied().filter(|day| (0..=42).contains(&week(*day))).max();
    let mut days = Vec::new();
    // One after the other by the interval of the week in which the visit before was.
    let interval = |day: NaiveDate| {
        if week(day) < 24 {
            28
        } else if week(day) < 36 {
            14
        } else {
            7
        }
    };
    let mut next = last.map_or(on, |day| day + Days::new(interval(day))).max(on);
    while week(next) <= 40 && days.len() < 40 {
        if week(next) >= 0 && (weeks.0..=weeks.1).contains(&week(next)) {
            days.push((next, next + Days::new(every - 1)));
        }
        next = next + Days::new(interval(next));
    }
    days.into_iter()
}

impl CheckupRule {
    /// Whether a record is of this checkup.
    fn is_told_by(&self, had: &CheckupHad) -> bool {
        if had.kind != self.kind {
            return false;
        }
        match self.span {
            Span::Months(..) => infant_stage(&had.title).is_some_and(|stage| stage.id == self.names),
            _ => self.names.is_empty() || self.names.split('|').any(|name| fold(&had.title).contains(&fold(name))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use chrono::Datelike;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(born: &str, sex: Sex, had: &[(Kind, &str, &str)], on: &str, pregnancies: &[Pregnancy]) -> Vec<String> {
        let had: Vec<CheckupHad> =
            had.iter().map(|(kind, title, day)| CheckupHad { kind: *kind, title: (*title).to_owned(), day: date(day) }).collect();
        let of = CalendarFor { born: date(born), sex, pregnancies, town: None };
        let on = date(on);
        let due = checkup_calendar(of, &had, on, on.with_year(on.year() + 1).unwrap());
        due.iter().map(|due| format!("{} {} {}", due.rule.id, due.from, due.to)).collect()
    }

    #[test]
    fn an_infant_has_its_checkups_by_age_until_they_are_on_record() {
        let all = calendar("2026-04-01", Sex::Male, &[], "2026-06-01", &[]);
        assert_eq!(all, ["infant-3-4m 2026-06-30 2026-08-31", "infant-9-10m 2026-12-31 2027-02-28"]);
        let had = [(Kind::InfantCheckup, "3〜4か月児健診", "2026-07-10")];
        assert_eq!(calendar("2026-04-01", Sex::Male, &had, "2026-07-15", &[]), ["infant-9-10m 2026-12-31 2027-02-28"]);
    }

    #[test]
    fn a_pupil_has_one_each_school_year_and_one_before() {
        assert_eq!(
            calendar("2020-05-01", Sex::Female, &[], "2026-07-01", &[]),
            ["school-entry 2026-04-01 2026-11-30", "school 2027-04-01 2027-06-30"]
        );
    }

    #[test]
    fn screenings_are_by_age_and_sex_and_every_second_year_where_the_guideline_says_so() {
        let had = [(Kind::CancerScreening, "乳がん検診", "2025-09-01"), (Kind::Checkup, "特定健康診査", "2026-05-01")];
        let all = calendar("1972-04-15", Sex::Female, &had, "2026-11-22", &[]);
        for due in [
            "stomach 2026-04-01 2027-03-31",
            "cervix 2026-04-01 2027-03-31",
            "breast 2027-04-01 2028-03-31",
            "tokutei 2027-04-01 2028-03-31",
        ] {
            assert!(all.iter().any(|line| line == due), "{due}: {all:?}");
        }
        assert!(!all.iter().any(|line| line.starts_with("breast 2026") || line.starts_with("tokutei 2026")));
        let man = calendar("1982-04-15", Sex::Male, &[], "2026-11-22", &[]);
        assert!(!man.iter().any(|line| line.starts_with("breast") || line.starts_with("cervix") || line.starts_with("stomach")));
        assert!(man.iter().any(|line| line.starts_with("lung")) && man.iter().any(|line| line.starts_with("bowel")));
    }

    #[test]
    fn visits_of_a_pregnancy_come_closer_together() {
        // 0w0d is 2026-04-26; week 24 begins on 2026-10-11, week 36 on 2027-01-03.
        let pregnancy = Pregnancy { from: date("2026-11-08"), until: date("2027-01-09"), is_rough: false };
        let had = [(Kind::Pregnancy, "妊婦健診", "2026-11-15")];
        let all = calendar("1995-01-01", Sex::Female, &had, "2026-11-22", &[pregnancy]);
        let visits: Vec<&str> = all.iter().filter_map(|line| line.strip_prefix("pregnancy-")).collect();
        assert_eq!(visits.first(), Some(&"middle 2026-11-29 2026-12-12"));
        assert!(visits.contains(&"late 2027-01-10 2027-01-16") && visits.contains(&"late 2027-01-17 2027-01-23"), "{visits:?}");
    }
}
