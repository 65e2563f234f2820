//! The rules of the plan, from their data files with edition, source and day of checking. A broken file fails a test, never
//! a person.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::calendar::{Age, Gap, april_1, birthday, march_31, school_entry};
use crate::record::Sex;

const RULES: &str = include_str!("../data/vaccination-rules-2026.tsv");
const SCHEDULE: &str = include_str!("../data/vaccination-schedule-2026.tsv");
const ROUTINE: &str = include_str!("../data/vaccination-routine-2026.tsv");
const EXTENSIONS: &str = include_str!("../data/vaccination-extensions-2026.tsv");

/// The edition of the schedule, to be shown with what is planned by it.
pub const SCHEDULE_EDITION: &str = "1 (2026-11)";

/// What a rule says, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaccinationRule {
    /// The id, for example `"hepb-third"`.
    pub id: &'static str,
    /// Who says so, with the mark of how sure it is: S read, X an excerpt, R recalled, I the mission's own.
    pub source: &'static str,
    /// The day on which it was checked.
    pub checked: &'static str,
    /// In Japanese.
    pub japanese: &'static str,
    /// In English.
    pub english: &'static str,
}

/// When a course is the one to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    /// The first dose is given by this age.
    StartBy(Age),
    /// All that was given is of this product.
    Product(&'static str),
    HpvTwo,
}

/// The lawful time of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    Ages(Age, Age),
    Preschool,
    /// School years, 1 to 12.
    School(i32, i32),
    Birthday(u32, u32),
    Days(NaiveDate, NaiveDate),
}

/// One dose of a course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) rule: &'static VaccinationRule,
    pub(super) vaccine: &'static str,
    pub(super) course: Condition,
    pub(super) stage: Option<&'static str>,
    pub(super) window: Window,
    /// Left out of the course when not given by this age.
    pub(super) by: Option<Age>,
    /// Left out where the second dose was given past this age.
    pub(super) second_by: Option<Age>,
    /// Behind the dose before, or behind the first.
    pub(super) after: Option<(From, Gap)>,
    /// The same where doses were left out.
    pub(super) after_cut: Option<Gap>,
    pub(super) standard: Option<Window>,
    pub(super) gap: Option<(From, Gap, Option<Gap>)>,
}

/// For whom a vaccine is routine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Routine {
    pub(super) vaccine: &'static str,
    sex: Option<Sex>,
    born: (NaiveDate, NaiveDate),
    /// Full years at which it is listed where nothing was given.
    listed: (i32, i32),
}

impl Routine {
    /// Whether somebody is of those it is for.
    pub(super) fn is_for(&self, born: NaiveDate, sex: Sex) -> bool {
        self.sex.is_none_or(|own| own == sex) && (self.born.0..=self.born.1).contains(&born)
    }

    /// Whether it is listed at this age where nothing was given.
    pub(super) fn is_listed_at(&self, years: i32) -> bool {
        (self.listed.0..=self.listed.1).contains(&years)
    }

    /// Of a vaccine of childhood, doses of later years are no part.
    pub(super) const fn ends(&self) -> i32 {
        self.listed.1
    }
}

/// What a gap is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Previous,
    First,
}

/// A cohort for which a window is longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension {
    pub(super) rule: &'static VaccinationRule,
    pub(super) vaccine: &'static str,
    stages: &'static str,
    born: (NaiveDate, NaiveDate),
    until: Until,
    with_dose: Option<(NaiveDate, NaiveDate)>,
}

#[derive(Clone, Copy, Debug)]
enum Until {
    Day(NaiveDate),
    Age(Age),
}

static TEXTS: LazyLock<Vec<VaccinationRule>> = LazyLock::new(|| {
    rows::<5>(RULES).map(|[id, source, checked, japanese, english]| VaccinationRule { id, source, checked, japanese, english }).collect()
});
static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| rows::<10>(SCHEDULE).filter_map(place).collect());
static FOR_WHOM: LazyLock<Vec<Routine>> = LazyLock::new(|| rows::<7>(ROUTINE).filter_map(routine).collect());
static LONGER: LazyLock<Vec<Extension>> = LazyLock::new(|| rows::<7>(EXTENSIONS).filter_map(extension).collect());
/// Shown where a rule's id is in no file; a test proves that this never happens.
static NONE: VaccinationRule = VaccinationRule { id: "", source: "", checked: "", japanese: "", english: "" };

/// Every rule with its words and source.
pub fn vaccination_rules() -> &'static [VaccinationRule] {
    &TEXTS
}

/// The rule with this id.
pub(super) fn rule(id: &str) -> &'static VaccinationRule {
    TEXTS.iter().find(|rule| rule.id == id).unwrap_or(&NONE)
}

/// The doses of the courses of a vaccine, all of them in the order of the file.
pub(super) fn places(vaccine: &str) -> impl Iterator<Item = &'static Place> {
    PLACES.iter().filter(move |place| place.vaccine == vaccine)
}

/// For whom a vaccine is routine.
pub(super) fn routine_of(vaccine: &str) -> Option<&'static Routine> {
    FOR_WHOM.iter().find(|routine| routine.vaccine == vaccine)
}

impl Window {
    /// The first and the last day for somebody born on this day.
    pub(super) fn days(self, born: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Ages(from, to) => (from.day(born), to.day(born)),
            Self::Preschool => (april_1(school_entry(born) - 1), march_31(school_entry(born) - 1)),
            Self::School(from, to) => (april_1(school_entry(born) + from - 1), march_31(school_entry(born) + to - 1)),
            Self::Birthday(from, to) => (birthday(born, from), birthday(born, to).pred_opt().unwrap_or(born)),
            Self::Days(from, to) => (from, to),
        }
    }
}

impl Extension {
    /// The longer end of a window, for those it is meant for.
    pub(super) fn of(
        vaccine: &str,
        stage: Option<&str>,
        born: NaiveDate,
        given: &[NaiveDate],
    ) -> Option<(&'static VaccinationRule, NaiveDate)> {
        let fits = |extension: &&Extension| {
            let is_stage = extension.stages == "*" || extension.stages.split('|').any(|own| Some(own) == stage);
            let has_dose = extension.with_dose.is_none_or(|(from, to)| given.iter().any(|day| (from..=to).contains(day)));
            extension.vaccine == vaccine && is_stage && has_dose && (extension.born.0..=extension.born.1).contains(&born)
        };
        let found = LONGER.iter().find(fits)?;
        let until = match found.until {
            Until::Day(day) => day,
            Until::Age(age) => age.day(born),
        };
        Some((found.rule, until))
    }
}

fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
    lines.filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

fn place([id, vaccine, course, stage, window, by, after, after_cut, standard, gap]: [&'static str; 10]) -> Option<Place> {
    let course = match course {
        "*" => Condition::Always,
        "hpv-two" => Condition::HpvTwo,
        _ => match course.split_once("start<=") {
            Some((_, text)) => Condition::StartBy(age(text)?),
            None => Condition::Product(course.strip_prefix("product:")?),
        },
    };
    let (by, second) = by.split_once(',').map_or((by, None), |(by, second)| (by, second.strip_prefix("second<=")));
    let from = |text: &'static str| match text.strip_prefix("first:") {
        Some(rest) => (From::First, rest),
        None => (From::Previous, text),
    };
    Some(Place {
        rule: TEXTS.iter().find(|rule| rule.id == id)?,
        vaccine,
        course,
        stage: Some(stage).filter(|stage| !stage.is_empty()),
        window: self::window(window)?,
        by: optional(by, age)?,
        second_by: optional(second.unwrap_or(""), age)?,
        after: optional(after, |text| {
            let (base, text) = from(text);
            Some((base, self::gap(text)?))
        })?,
        after_cut: optional(after_cut, self::gap)?,
        standard: optional(standard, self::window)?,
        gap: optional(gap, |text| {
            let (base, text) = from(text);
            let (low, high) = text.split_once("..")?;
            Some((base, self::gap(low)?, optional(high, self::gap)?))
        })?,
    })
}

/// Reads a column that may be empty; none where it is not and cannot be read.
#[expect(clippy::option_option, reason = "an empty column is not a broken one")]
fn optional<T>(text: &'static str, read: impl Fn(&'static str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn window(text: &'static str) -> Option<Window> {
    if text == "preschool" {
        return Some(Window::Preschool);
    }
    let (kind, range) = text.split_once(':').unwrap_or(("ages", text));
    let (from, to) = range.split_once("..")?;
    Some(match kind {
        "ages" => Window::Ages(age(from)?, age(to)?),
        "school" => Window::School(from.parse().ok()?, to.parse().ok()?),
        "days" => Window::Days(from.parse().ok()?, to.parse().ok()?),
        "birthday" => Window::Birthday(from.parse().ok()?, to.parse().ok()?),
        _ => return None,
    })
}

fn age(text: &'static str) -> Option<Age> {
    if let Some(months) = text.strip_suffix('m') {
        return months.parse().ok().map(Age::Months);
    }
    let (weeks, days) = text.strip_suffix('d')?.split_once('w')?;
    Some(Age::Days(weeks.parse::<u32>().ok()? * 7 + days.parse::<u32>().ok()?))
}

fn gap(text: &'static str) -> Option<Gap> {
    match text.strip_suffix("mo") {
        Some(months) => months.parse().ok().map(Gap::Months),
        None => text.strip_suffix('d')?.parse().ok().map(Gap::Days),
    }
}

fn routine([vaccine, sex, born_from, born_to, listed_from, listed_to, _source]: [&'static str; 7]) -> Option<Routine> {
    let day = |text: &'static str| text.parse::<NaiveDate>().ok();
    let years = |text: &'static str| text.parse::<i32>().ok();
    let sex = optional(sex, |text| match text {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => None,
    })?;
    Some(Routine {
        vaccine,
        sex,
        born: (optional(born_from, day)?.unwrap_or(NaiveDate::MIN), optional(born_to, day)?.unwrap_or(NaiveDate::MAX)),
        listed: (optional(listed_from, years)?.unwrap_or(0), optional(listed_to, years)?.unwrap_or(i32::MAX)),
    })
}

fn extension([id, vaccine, stages, born_from, born_to, until, with_dose]: [&'static str; 7]) -> Option<Extension> {
    let day = |text: &'static str| text.parse::<NaiveDate>().ok();
    let until = day(until).map(Until::Day).or_else(|| age(until).map(Until::Age))?;
    let with_dose = optional(with_dose, |text| text.split_once("..").and_then(|(from, to)| Some((day(from)?, day(to)?))))?;
    let rule = TEXTS.iter().find(|rule| rule.id == id)?;
    Some(Extension { rule, vaccine, stages, born: (day(born_from)?, day(born_to)?), until, with_dose })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count() - 1
    }

    #[test]
    fn no_row_is_dropped_and_every_rule_has_words_a_source_and_a_day() {
        assert_eq!((count(RULES), count(SCHEDULE)), (TEXTS.len(), PLACES.len()));
        assert_eq!((count(EXTENSIONS), count(ROUTINE)), (LONGER.len(), FOR_WHOM.len()));
        for rule in &*TEXTS {
            assert!(rule.source.starts_with(['S', 'X', 'R', 'I']) && !rule.japanese.is_ascii() && !rule.english.is_empty(), "{}", rule.id);
            assert!(rule.checked.parse::<NaiveDate>().is_ok(), "{}", rule.id);
            assert_eq!(TEXTS.iter().filter(|other| other.id == rule.id).count(), 1, "{}", rule.id);
        }
        assert!(SCHEDULE.contains(&format!("edition {SCHEDULE_EDITION}")) && RULES.contains(&format!("edition {SCHEDULE_EDITION}")));
    }

    #[test]
    fn a_window_opens_before_it_closes_and_every_last_course_takes_everybody() {
        let born: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap_or_default();
        for place in &*PLACES {
            let (from, to) = place.window.days(born);
            assert!(from < to, "{}", place.rule.id);
            assert!(crate::terms::vaccine(place.vaccine).is_some(), "{}", place.vaccine);
            assert_eq!(places(place.vaccine).last().map(|last| last.course), Some(Condition::Always), "{}", place.vaccine);
        }
    }
}
