//! The vaccines of adults: RSV in a pregnancy, zoster by the fiscal year, one dose a season, and those with one dose in life.

use chrono::NaiveDate;

use super::{
    DoseStatus, PlanFor, PlannedDose, Pregnancy,
    calendar::{Age, Gap, april_1, fiscal_year, full_years, march_31, plus_days},
    live::Live,
    product,
    rules::{routine_of, rule},
    series::Series,
    told::Dose,
};
use crate::record::Sex;

/// 母子免疫 is routine from here on.
const RSV_SINCE: (i32, u32, u32) = (2026, 4, 1);
/// Days from 28w0d back to the beginning of the pregnancy, and on to its latest end.
const BEFORE_WEEK_28: u64 = 196;
const BEHIND_WEEK_28: u32 = 105;
const SIXTY_FIVE: Age = Age::Months(65 * 12);
/// 帯状疱疹: the first fiscal year, and the last of those for older ages.
const ZOSTER_YEARS: std::ops::RangeInclusive<i32> = 2025..=2029;
const RECOMBINANT_APART: Gap = Gap::Months(2);
const RECOMBINANT_WITHIN: Gap = Gap::Months(6);

pub(super) fn plan(of: &PlanFor<'_>, born: NaiveDate, on: NaiveDate, all: &[Dose<'_>], injected: &mut Live, plan: &mut Vec<PlannedDose>) {
    if of.sex == Sex::Female {
        plan.extend(rsv(of.pregnancies, on, all));
    }
    let adults = |vaccine: &str| routine_of(vaccine).filter(|routine| routine.is_for(born, of.sex));
    let is_listed = |vaccine: &str| adults(vaccine).is_some_and(|routine| routine.is_listed_at(full_years(born, on)));
    let one_of = |ids: &[&str]| -> Vec<&Dose<'_>> { all.iter().filter(|dose| ids.contains(&dose.given.vaccine)).collect() };
    if adults("rubella").is_some() {
        let taken: Vec<usize> = plan.iter().filter_map(|line| line.source).collect();
        let mut doses = one_of(&["rubella", "mr", "mmr"]);
        doses.retain(|dose| !taken.contains(&dose.at) && dose.latest.is_none_or(|day| full_years(born, day) >= 20));
        plan.extend(Series { vaccine: "rubella", born, on, doses, silent: Vec::new(), not_before: None }.lines(injected));
    }
    if is_listed("pneumococcal_adult") {
        plan.extend(pneumococcal(born, on, one_of(&["pneumococcal_adult"]), injected));
    }
    if is_listed("zoster") {
        plan.extend(zoster(born, on, &one_of(&["zoster"]), injected));
    }
    for vaccine in ["influenza", "covid19"] {
        plan.extend(seasonal(vaccine, born, on, &one_of(&[vaccine])));
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

fn given(dose: &Dose<'_>, number: usize, status: DoseStatus, id: &str) -> PlannedDose {
    let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
    PlannedDose { given_on: dose.given.day, source: Some(dose.at), ..PlannedDose::new(dose.given.vaccine, number, status, rule(id)) }
}

/// How an open dose stands that has a lawful window and recommended days.
fn status(on: NaiveDate, earliest: NaiveDate, to: NaiveDate, last: NaiveDate) -> DoseStatus {
    if last < on || earliest > last {
        DoseStatus::NotSubsidised
    } else if on < earliest {
        DoseStatus::Upcoming
    } else if on <= to {
        DoseStatus::Due
    } else {
        DoseStatus::Overdue
    }
}

/// One dose in each pregnancy; it stays in the mother's record.
fn rsv(pregnancies: &[Pregnancy], on: NaiveDate, all: &[Dose<'_>]) -> Vec<PlannedDose> {
    let mut doses: Vec<&Dose<'_>> = all.iter().filter(|dose| dose.given.vaccine == "rsv_maternal").collect();
    let mut lines = Vec::new();
    let mut all: Vec<Pregnancy> = pregnancies.to_vec();
    all.sort_unstable();
    let since = day(RSV_SINCE.0, RSV_SINCE.1, RSV_SINCE.2);
    for pregnancy in all {
        let begins = pregnancy.from.checked_sub_days(chrono::Days::new(BEFORE_WEEK_28)).unwrap_or(pregnancy.from);
        let ends = plus_days(pregnancy.from, BEHIND_WEEK_28);
        let is_of_it = |dose: &&Dose<'_>| dose.latest.is_some_and(|day| (begins..=ends).contains(&day));
        let (from, last) = (pregnancy.from.max(since), pregnancy.until);
        let (own, rest): (Vec<_>, Vec<_>) = doses.into_iter().partition(is_of_it);
        doses = rest;
        // A pregnancy that had not yet begun on the day is not known.
        if begins > on || (own.is_empty() && last < since) {
            continue;
        }
        let stage = Some(format!("妊娠 {from}〜{last}"));
        for (at, dose) in own.iter().enumerate() {
            let is_early = at > 0 || dose.latest.is_some_and(|day| day < pregnancy.from);
            let mut line = given(dose, lines.len(), if is_early { DoseStatus::TooEarly } else { DoseStatus::Done }, "rsv-maternal");
            (line.earliest, line.last_subsidised, line.stage) = (Some(from), Some(last), stage.clone());
            if is_early {
                line.note("ask-town");
            } else if dose.latest.is_some_and(|day| day > last || day < from) {
                line.note("outside");
            }
            lines.push(line);
        }
        if own.is_empty() {
            let number = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(1);
            let mut line = PlannedDose::new("rsv_maternal", number, status(on, from, last, last), rule("rsv-maternal"));
            (line.earliest, line.last_subsidised, line.stage) = (Some(from), Some(last), stage);
            (line.recommended_from, line.recommended_to) = (Some(from), Some(last));
            line.planned_for = line.status.is_open().then(|| from.max(on));
            if pregnancy.is_rough {
                line.note("rsv-weeks");
            }
            lines.push(line);
        }
    }
    lines
}

/// One dose at 65; who had one before is not eligible.
fn pneumococcal(born: NaiveDate, on: NaiveDate, doses: Vec<&Dose<'_>>, injected: &mut Live) -> Vec<PlannedDose> {
    let empty = Series { vaccine: "pneumococcal_adult", born, on, doses: Vec::new(), silent: Vec::new(), not_before: None };
    let Some((opens, _)) = empty.course().first().map(|place| place.window.days(born)) else { return Vec::new() };
    if doses.first().and_then(|dose| dose.latest).is_none_or(|day| day >= opens) {
        return Series { doses, ..empty }.lines(injected);
    }
    let mut lines: Vec<PlannedDose> = doses.iter().enumerate().map(|(at, dose)| given(dose, at, DoseStatus::Done, "extra")).collect();
    let number = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut line = PlannedDose::new("pneumococcal_adult", number, DoseStatus::NotNeeded, rule("pneumo-before"));
    if !doses.iter().any(|dose| product::is_ppsv23(&dose.given.product)) {
        line.also.push(rule("pneumo-adult"));
    }
    lines.push(line);
    lines
}

/// The fiscal years in which somebody may take the zoster vaccine.
fn zoster_years(born: NaiveDate) -> Vec<i32> {
    let year = |years: u32| fiscal_year(Age::Months(years * 12).day(born));
    let mut years: Vec<i32> = (14..=20).map(|five| year(five * 5)).filter(|year| ZOSTER_YEARS.contains(year)).collect();
    if year(65) >= *ZOSTER_YEARS.start() {
        years.insert(0, year(65));
    }
    if year(101) <= *ZOSTER_YEARS.start() {
        years.push(*ZOSTER_YEARS.start());
    }
    years
}

fn zoster(born: NaiveDate, on: NaiveDate, doses: &[&Dose<'_>], injected: &mut Live) -> Vec<PlannedDose> {
    let years = zoster_years(born);
    let Some(year) = years.iter().copied().find(|year| march_31(*year) >= on).or(years.last().copied()) else { return Vec::new() };
    let (opens, last) = (april_1(year), march_31(year));
    let first_by = day(year + 1, 1, 31);
    let kind = |dose: &&Dose<'_>| product::zoster(&dose.given.product);
    let mut lines = Vec::new();
    for (at, dose) in doses.iter().enumerate() {
        let previous = at.checked_sub(1).and_then(|before| doses.get(before)).filter(|_| kind(dose) != Some(product::LIVE));
        let earliest = previous.and_then(|previous| previous.latest).map(|day| RECOMBINANT_APART.after(day));
        let is_short = earliest.zip(dose.latest).is_some_and(|(earliest, day)| day < earliest);
        let mut line = given(dose, at, if is_short { DoseStatus::TooEarly } else { DoseStatus::Done }, "zoster");
        line.earliest = earliest;
        if is_short {
            line.note("ask-town");
        }
        if kind(dose).is_none() {
            line.note("zoster-unknown");
        }
        lines.push(line);
    }
    let in_year = doses.iter().any(|dose| dose.latest.is_some_and(|day| (opens..=last).contains(&day)));
    let is_complete = doses.len() >= 2 || doses.iter().any(|dose| kind(dose) == Some(product::LIVE));
    if is_complete {
        if !in_year && last >= on {
            let number = u32::try_from(doses.len()).unwrap_or(u32::MAX).saturating_add(1);
            lines.push(PlannedDose::new("zoster", number, DoseStatus::NotNeeded, rule("zoster-before")));
        }
        return lines;
    }
    let mut previous = doses.first().and_then(|dose| dose.latest);
    for number in doses.len() + 1..=2 {
        let earliest = previous.map_or(opens, |day| RECOMBINANT_APART.after(day).max(opens));
        let to = previous.map_or(first_by, |day| RECOMBINANT_WITHIN.after(day)).min(last);
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let mut line = PlannedDose::new("zoster", number, status(on, earliest, to, last), rule("zoster"));
        (line.earliest, line.last_subsidised) = (Some(earliest), Some(last));
        (line.recommended_from, line.recommended_to) = (Some(earliest).filter(|from| *from <= last), Some(to).filter(|to| *to >= earliest));
        if earliest > last {
            line.note("no-time-left");
        }
        if doses.first().is_some_and(|dose| kind(dose).is_none()) {
            line.note("zoster-unknown");
        }
        if line.status.is_open() {
            // Which product it will be is not known: a live one keeps its distance.
            line.planned_for = if number == 1 { injected.plan("zoster", earliest.max(on), last) } else { Some(earliest.max(on)) };
        }
        previous = line.planned_for.or(Some(earliest));
        lines.push(line);
    }
    lines
}

/// One dose from October to March, from 65 years; the town sets the exact days.
fn seasonal(vaccine: &'static str, born: NaiveDate, on: NaiveDate, doses: &[&Dose<'_>]) -> Vec<PlannedDose> {
    let season = |year: i32| format!("{year}年度");
    let mut lines: Vec<PlannedDose> = Vec::new();
    for (at, dose) in doses.iter().enumerate() {
        let mut line = given(dose, at, DoseStatus::Done, vaccine);
        line.stage = dose.latest.map(|day| season(fiscal_year(day)));
        lines.push(line);
    }
    let this_year = fiscal_year(on);
    for year in [this_year, this_year + 1] {
        let (opens, closes) = (day(year, 10, 1).max(SIXTY_FIVE.day(born)), march_31(year));
        let is_given = doses.iter().any(|dose| dose.latest.is_some_and(|day| fiscal_year(day) == year && day >= opens));
        if opens > closes || is_given {
            continue;
        }
        let number = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(1);
        let mut line = PlannedDose::new(vaccine, number, status(on, opens, closes, closes), rule(vaccine));
        line.stage = Some(season(year));
        (line.earliest, line.recommended_from) = (Some(opens), Some(opens));
        line.planned_for = line.status.is_open().then(|| opens.max(on));
        lines.push(line);
    }
    lines
}
