//! The vaccination plan of somebody on a day: every dose of the routine schedule with its lawful and recommended days, and
//! what was given, each with the rule that says so. Pure; judges nothing that only the town or a doctor can say.

mod adult;
mod calendar;
mod family;
mod live;
mod product;
mod rules;
mod series;
mod told;

use chrono::NaiveDate;

pub(in crate::insight) use calendar::{Age, april_1, fiscal_year, full_years, march_31, school_entry};
use live::Live;
pub use rules::{SCHEDULE_EDITION, VaccinationRule, vaccination_rules};
pub use told::{dose_told, pregnancies_told};

use crate::{base::PartialDate, record::Sex};

/// Whose plan it is.
#[derive(Clone, Copy, Debug)]
pub struct PlanFor<'a> {
    /// Date of birth.
    pub born: PartialDate,
    /// Sex as recorded.
    pub sex: Sex,
    /// Pregnancies on record, in any order.
    pub pregnancies: &'a [Pregnancy],
}

/// The days of a pregnancy within which the mother is vaccinated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pregnancy {
    /// 28w0d, or the latest day it can be.
    pub from: NaiveDate,
    /// 36w6d, or the earliest day it can be.
    pub until: NaiveDate,
    /// Only full weeks were known.
    pub is_rough: bool,
}

/// A dose on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoseGiven {
    /// The vaccine's id.
    pub vaccine: &'static str,
    /// Product and name as received.
    pub product: String,
    /// The day as precisely as it is known.
    pub day: Option<PartialDate>,
    /// Which dose the record says it was, within its term.
    pub number: Option<u32>,
    /// 追加: the record says that it was a booster.
    pub is_booster: bool,
    /// 期: the term the record says it was of.
    pub term: Option<u32>,
}

impl DoseGiven {
    /// A dose of which no more than vaccine and day is known.
    pub fn new(vaccine: &'static str, day: NaiveDate) -> Self {
        let day = Some(PartialDate::Day(day));
        Self { vaccine, product: String::new(), day, number: None, is_booster: false, term: None }
    }
}

/// How a dose of the plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoseStatus {
    /// Given.
    Done,
    /// Lawful now, and recommended or an ordinary late start.
    Due,
    /// Past the recommended days, still subsidised.
    Overdue,
    /// Given before the lawful age or interval.
    TooEarly,
    /// Before the first lawful day.
    Upcoming,
    /// The subsidised days are over, or cannot be reached any more.
    NotSubsidised,
    /// The course does without it.
    NotNeeded,
}

impl DoseStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [Self::Done, Self::Due, Self::Overdue, Self::TooEarly, Self::Upcoming, Self::NotSubsidised, Self::NotNeeded];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::TooEarly => "too_early",
            Self::Upcoming => "upcoming",
            Self::NotSubsidised => "not_subsidised",
            Self::NotNeeded => "not_needed",
        }
    }

    /// Whether it is still to be given.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Due | Self::Overdue | Self::Upcoming)
    }
}

/// One dose of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDose {
    /// The vaccine's id.
    pub vaccine: &'static str,
    /// Which dose of the vaccine, from 1 through boosters and later terms.
    pub dose: u32,
    /// The term: 初回, 追加, 1期初回, 1期追加, 1期, 2期, 5期, or a season; none where the vaccine has none.
    pub stage: Option<String>,
    /// How it stands.
    pub status: DoseStatus,
    /// When it was given, as precisely as it is known.
    pub given_on: Option<PartialDate>,
    /// The first lawful day, by what was given and, for what comes behind an open dose, by the recommended course.
    pub earliest: Option<NaiveDate>,
    /// The first recommended day.
    pub recommended_from: Option<NaiveDate>,
    /// The last.
    pub recommended_to: Option<NaiveDate>,
    /// The last subsidised day.
    pub last_subsidised: Option<NaiveDate>,
    /// A day on which it fits with everything else in this plan; none where it is not open.
    pub planned_for: Option<NaiveDate>,
    /// The rule it goes by.
    pub rule: &'static VaccinationRule,
    /// What else is to be said: rules about live vaccines, an unknown product, asking the town.
    pub also: Vec<&'static VaccinationRule>,
    /// The dose on record, by its place in what was given.
    pub source: Option<usize>,
}

impl PlannedDose {
    fn new(vaccine: &'static str, dose: u32, status: DoseStatus, rule: &'static VaccinationRule) -> Self {
        Self {
            vaccine,
            dose,
            stage: None,
            status,
            given_on: None,
            earliest: None,
            recommended_from: None,
            recommended_to: None,
            last_subsidised: None,
            planned_for: None,
            rule,
            also: Vec::new(),
            source: None,
        }
    }

    fn note(&mut self, id: &str) {
        let rule = rules::rule(id);
        if self.rule != rule && !self.also.contains(&rule) {
            self.also.push(rule);
        }
    }
}

/// There is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotPlan {
    /// Only a year or a month of birth is known.
    #[error("the day of birth is not known")]
    BirthDayUnknown,
    /// The day is before the birth.
    #[error("the day is before the birth")]
    NotBornYet,
}

/// The plan on a day. Doses of a later day are not looked at; those before the birth are listed and not counted. The order is
/// the schedule's, within a vaccine by dose.
pub fn vaccination_plan(of: PlanFor<'_>, given: &[DoseGiven], on: NaiveDate) -> Result<Vec<PlannedDose>, CannotPlan> {
    let born = of.born.known_day().ok_or(CannotPlan::BirthDayUnknown)?;
    if born > on {
        return Err(CannotPlan::NotBornYet);
    }
    let all = told::sorted(given, born, on);
    let mut injected = Live::of(&all);
    let mut plan = told::before_birth(given, born);
    family::plan(born, of.sex, on, &all, &mut injected, &mut plan);
    adult::plan(&of, born, on, &all, &mut injected, &mut plan);
    told::the_rest(&all, &mut plan);
    let order = |vaccine: &str| crate::terms::vaccines().iter().position(|listed| listed.id == vaccine);
    plan.sort_by_key(|dose| (order(dose.vaccine), dose.dose, dose.given_on.is_none(), dose.given_on));
    Ok(plan)
}
