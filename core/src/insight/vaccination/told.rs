//! What records tell of doses and pregnancies, as the plan needs it.

use chrono::NaiveDate;

use super::{DoseGiven, DoseStatus, PlannedDose, Pregnancy, calendar, rules::Place, rules::rule};
use crate::{
    base::PartialDate,
    insight::reconcile::{DoseNumber, Step},
    record::{Body, Fact, Sex, Standing, Value},
    terms::{ITEM_SYSTEM, Vaccine, vaccine_name, vaccines_coded, vaccines_named},
};

/// Days of a pregnancy: 28w0d, 36w6d, and the due date.
const FROM_DAYS: u32 = 28 * 7;
const UNTIL_DAYS: u32 = 36 * 7 + 6;
const DUE_DAYS: u64 = 40 * 7;
/// Two tellings whose beginnings are no further apart are of one pregnancy.
const SAME_PREGNANCY_DAYS: i64 = 60;
/// A child's pneumococcal vaccine is given up to this age.
const CHILD_YEARS: i32 = 10;
const OLDER_YEARS: i32 = 50;

/// A dose on record with its days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dose<'a> {
    pub(super) given: &'a DoseGiven,
    /// Its place in what was given.
    pub(super) at: usize,
    /// The first and the last day it can have been.
    pub(super) first: Option<NaiveDate>,
    pub(super) latest: Option<NaiveDate>,
}

impl Dose<'_> {
    /// The place of a course that the record says it took.
    pub(super) fn told_place(&self, course: &[&'static Place]) -> Option<usize> {
        let DoseGiven { number, is_booster, term, .. } = *self.given;
        let is_of_term = |place: &&Place| term.is_none_or(|term| place.stage.is_some_and(|stage| stage.starts_with(&format!("{term}期"))));
        let is_step = |place: &&Place| !is_booster || place.stage.is_some_and(|stage| stage.ends_with("追加"));
        if number.is_none() && !is_booster && term.is_none() {
            return None;
        }
        let mut fitting = course.iter().enumerate().filter(|(_, place)| is_of_term(place) && is_step(place)).map(|(at, _)| at);
        match number {
            Some(number) if !is_booster => fitting.nth(usize::try_from(number).ok()?.checked_sub(1)?),
            _ => fitting.next(),
        }
    }
}

/// The doses that the plan of a day looks at, in the order of their days; those without a day first.
pub(super) fn sorted(given: &[DoseGiven], born: NaiveDate, on: NaiveDate) -> Vec<Dose<'_>> {
    let dose = |(at, given): (usize, &'_ DoseGiven)| (at, given.day.map(|day| (day.first_day(), day.last_day().min(on))));
    let mut all: Vec<Dose<'_>> = given
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let (at, days) = dose((at, one));
            Dose { given: one, at, first: days.map(|(first, _)| first), latest: days.map(|(_, latest)| latest) }
        })
        .filter(|dose| dose.first.is_none_or(|first| first <= on) && dose.given.day.is_none_or(|day| day.last_day() >= born))
        .collect();
    all.sort_by_key(|dose| (dose.first, dose.latest, dose.given.term, dose.given.is_booster, dose.given.number, dose.at));
    all
}

/// Lines for doses with a day before the birth.
pub(super) fn before_birth(given: &[DoseGiven], born: NaiveDate) -> Vec<PlannedDose> {
    let early = given.iter().enumerate().filter(|(_, dose)| dose.day.is_some_and(|day| day.last_day() < born));
    early
        .map(|(at, dose)| {
            let line = PlannedDose::new(dose.vaccine, 1, DoseStatus::TooEarly, rule("before-birth"));
            PlannedDose { given_on: dose.day, source: Some(at), ..line }
        })
        .collect()
}

/// Lines for what no series has taken.
pub(super) fn the_rest(all: &[Dose<'_>], plan: &mut Vec<PlannedDose>) {
    for dose in all {
        if plan.iter().any(|line| line.source == Some(dose.at)) {
            continue;
        }
        let vaccine = dose.given.vaccine;
        let number =
            plan.iter().filter(|line| line.vaccine == vaccine && line.source.is_some()).map(|line| line.dose).max().unwrap_or(0) + 1;
        let id = match vaccine {
            "measles" | "rubella" => "mr-other",
            "dpt" | "ipv" | "polio_oral" => "dpt-apart",
            // In a child's record it says whose it is.
            "rsv_maternal" => "rsv-maternal",
            _ => "extra",
        };
        let mut line = PlannedDose::new(vaccine, number, DoseStatus::Done, rule(id));
        if dose.latest.is_none() {
            line.note("day-unknown");
        }
        plan.push(PlannedDose { given_on: dose.given.day, source: Some(dose.at), ..line });
    }
}

/// The dose that a record tells of; none where it tells of none, or contradicts itself.
pub fn dose_told(fact: &Fact, event_day: Option<PartialDate>, born: NaiveDate, sex: Sex) -> Option<DoseGiven> {
    let Body::Vaccination(dose) = &fact.body else { return None };
    if !dose.given || matches!(fact.standing, Standing::Quarantined(_)) {
        return None;
    }
    let day = fact.when.as_ref().map(|when| when.day).or(event_day);
    let mut names: Vec<&str> = vec![&fact.title];
    names.extend(fact.concept.text.as_deref());
    let mut can_be: Vec<&'static Vaccine> = Vec::new();
    for coding in &fact.concept.codings {
        names.extend(coding.display.as_deref());
        if let Some(system) = coding.canonical_system() {
            names.extend(vaccine_name(&system, coding.code.trim()).map(|(japanese, _)| japanese));
            if can_be.is_empty() {
                can_be = vaccines_coded(&system, coding.code.trim());
            }
        }
    }
    for name in [Some(fact.title.as_str()), fact.concept.text.as_deref()].into_iter().flatten() {
        let called = vaccines_named(name);
        if can_be.is_empty() {
            can_be = called;
        } else if can_be.len() > 1 {
            can_be.retain(|vaccine| called.is_empty() || called.iter().any(|other| other.id == vaccine.id));
        }
    }
    let told = DoseNumber::of(dose);
    let number = match told.step {
        Some(Step::Number(number)) => Some(number).filter(|number| (1..=20).contains(number)),
        _ => None,
    };
    let years = day.map(|day| calendar::full_years(born, day.first_day()));
    let vaccine = only(&can_be, years, day, sex);
    Some(DoseGiven { vaccine, product: names.join(" "), day, number, is_booster: told.step == Some(Step::Booster), term: told.period })
}

/// Of several vaccines with one name, the one for that age; `other` where that does not tell.
fn only(can_be: &[&'static Vaccine], years: Option<i32>, day: Option<PartialDate>, sex: Sex) -> &'static str {
    let has = |id: &str| can_be.iter().find(|vaccine| vaccine.id == id).map(|vaccine| vaccine.id);
    // 生ポリオ ended when the inactivated vaccine came, on 2012-09-01.
    let is_inactivated = day.is_some_and(|day| day.first_day() >= NaiveDate::from_ymd_opt(2012, 9, 1).unwrap_or(NaiveDate::MAX));
    let by_age = |child: &str, adult: &str, until: i32| years.and_then(|years| has(if years < until { child } else { adult }));
    match can_be {
        [one] => one.id,
        _ if has("pneumococcal_child").is_some() => by_age("pneumococcal_child", "pneumococcal_adult", CHILD_YEARS).unwrap_or("other"),
        _ if has("polio_oral").is_some() => has(if is_inactivated { "ipv" } else { "polio_oral" }).unwrap_or("other"),
        _ if has("rsv_maternal").is_some() && sex == Sex::Female => by_age("rsv_maternal", "rsv_adult", OLDER_YEARS).unwrap_or("other"),
        _ if has("rsv_adult").is_some() => by_age("", "rsv_adult", OLDER_YEARS).unwrap_or("other"),
        _ => "other",
    }
}

/// The pregnancies that visits tell of: by the due date where one is on record, else by the full weeks at each visit.
pub fn pregnancies_told<'a>(facts: impl Iterator<Item = (&'a Fact, Option<PartialDate>)>) -> Vec<Pregnancy> {
    let mut beginnings: Vec<(NaiveDate, NaiveDate)> = facts.filter_map(|(fact, day)| beginning(fact, day)).collect();
    // What is told exactly leads.
    beginnings.sort_by_key(|(low, high)| (*high - *low, *low));
    let mut known: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (low, high) in beginnings {
        match known.iter_mut().find(|(other, _)| (*other - low).num_days().abs() <= SAME_PREGNANCY_DAYS) {
            // Visits that do not contradict narrow it down.
            Some(one) if one.0.max(low) <= one.1.min(high) => *one = (one.0.max(low), one.1.min(high)),
            Some(_) => {}
            None => known.push((low, high)),
        }
    }
    known.sort_unstable();
    let pregnancy = |(low, high): (NaiveDate, NaiveDate)| Pregnancy {
        from: calendar::plus_days(high, FROM_DAYS),
        until: calendar::plus_days(low, UNTIL_DAYS),
        is_rough: low != high,
    };
    known.into_iter().map(pregnancy).collect()
}

/// The first and the last day that 0w0d can have been.
fn beginning(fact: &Fact, event_day: Option<PartialDate>) -> Option<(NaiveDate, NaiveDate)> {
    let item =
        |id: &str| fact.concept.codings.iter().any(|coding| coding.canonical_system().as_deref() == Some(ITEM_SYSTEM) && coding.code == id);
    let Body::Observation(observation) = &fact.body else { return None };
    let value = &observation.value;
    if item("due-date") {
        let Value::Text(text) = value else { return None };
        let due = text.parse::<PartialDate>().ok()?.known_day()?;
        let first = due.checked_sub_days(chrono::Days::new(DUE_DAYS))?;
        return Some((first, first));
    }
    let Value::Number { decimal, .. } = value else { return None };
    if !item("gestational-week") {
        return None;
    }
    let day = fact.when.as_ref().map(|when| when.day).or(event_day)?.known_day()?;
    let weeks: u64 = decimal.to_string().split('.').next()?.parse().ok().filter(|weeks| *weeks <= 45)?;
    let high = day.checked_sub_days(chrono::Days::new(weeks * 7))?;
    Some((high.checked_sub_days(chrono::Days::new(6))?, high))
}
