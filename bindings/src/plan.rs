//! What is to come for a person: the vaccination plan of a day, and what is due within twelve months.

use chrono::NaiveDate;
use techo_core::{
    base::PersonId,
    present::{self, Language},
    vault::PAGE,
};

use crate::{TechoError, Vault, redacted::redacted};

/// A page of somebody's vaccination plan.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct VaccinationPlan {
    /// The doses in the order of the schedule, at most 100.
    pub doses: Vec<DoseLine>,
    /// What to ask for the next page with; none at the end.
    pub next: Option<u32>,
    /// Why there is no plan, where there is none.
    pub no_plan_text: Option<String>,
    /// The edition of the rules, and what the plan is not.
    pub note: String,
}

/// One dose of a plan.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DoseLine {
    /// The vaccine's id.
    pub vaccine: String,
    /// Its name.
    pub vaccine_name: String,
    /// Which dose, with its term.
    pub dose_text: String,
    /// `done`, `due`, `overdue`, `too_early`, `upcoming`, `not_subsidised` or `not_needed`.
    pub status: String,
    /// The status in words.
    pub status_text: String,
    /// The days in words.
    pub days_text: String,
    /// Why, and whom to ask; one sentence each.
    pub why: Vec<String>,
    /// The rule's id.
    pub rule: String,
    /// Who says so.
    pub source: String,
    /// The record, of a dose that was given.
    pub record: Option<String>,
}

/// A page of what is due.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DuePage {
    /// By day, at most 100.
    pub items: Vec<DueItem>,
    /// What to ask for the next page with; none at the end.
    pub next: Option<u32>,
    /// The editions of the rules, and what this is not.
    pub note: String,
}

/// One thing to do.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DueItem {
    /// The same for the same thing, whenever it is asked.
    pub id: String,
    /// A day on which it fits.
    pub date: String,
    /// The last day, where there is one.
    pub until: Option<String>,
    /// The kind's id.
    pub kind: String,
    /// What it is.
    pub title: String,
    /// `due`, `overdue` or `upcoming`.
    pub status: String,
    /// The status in words.
    pub status_text: String,
    /// Who says so.
    pub source: String,
}

redacted!(VaccinationPlan, DoseLine, DuePage, DueItem);

#[uniffi::export]
impl Vault {
    /// *Quick.* The vaccination plan of a person on a day (`2026-11-22`), from behind the first `skip` doses.
    pub fn vaccination_plan(&self, person: String, on: String, skip: u32) -> Result<VaccinationPlan, TechoError> {
        let language = self.room.language();
        let view = present::vaccines(&self.room.vault, person.parse::<PersonId>()?, day(&on)?, language)?;
        let (rows, next) = page(view.rows, skip);
        Ok(VaccinationPlan {
            doses: rows.into_iter().map(|row| DoseLine::of(row, language)).collect(),
            next,
            no_plan_text: view.no_plan_text.map(str::to_owned),
            note: view.note,
        })
    }

    /// *Quick.* What is due for a person within twelve months from a day, from behind the first `skip`.
    pub fn due(&self, person: String, on: String, skip: u32) -> Result<DuePage, TechoError> {
        let language = self.room.language();
        let view = present::due(&self.room.vault, person.parse::<PersonId>()?, day(&on)?, language)?;
        let (rows, next) = page(view.rows, skip);
        let item = |row: present::DueRow| DueItem {
            id: row.id,
            date: row.date.to_string(),
            until: row.until.map(|day| day.to_string()),
            kind: row.kind.id().to_owned(),
            title: row.title,
            status: row.status.id().to_owned(),
            status_text: present::dose_status_text(row.status, language).to_owned(),
            source: present::source_text(row.source, language),
        };
        Ok(DuePage { items: rows.into_iter().map(item).collect(), next, note: view.note })
    }
}

impl DoseLine {
    fn of(row: present::VaccineRow, language: Language) -> Self {
        Self {
            vaccine: row.dose.vaccine.to_owned(),
            vaccine_name: row.vaccine_text.to_owned(),
            dose_text: row.dose_text,
            status: row.dose.status.id().to_owned(),
            status_text: row.status_text.to_owned(),
            days_text: row.days_text,
            why: row.why.into_iter().map(str::to_owned).collect(),
            rule: row.dose.rule.id.to_owned(),
            source: present::source_text(row.dose.rule.source, language),
            record: row.record.map(|record| record.to_string()),
        }
    }
}

fn day(text: &str) -> Result<NaiveDate, TechoError> {
    Ok(text.parse::<techo_core::base::PartialDate>()?.first_day())
}

/// A page of rows, and where the next one begins.
fn page<T>(rows: Vec<T>, skip: u32) -> (Vec<T>, Option<u32>) {
    let (from, all) = (skip as usize, rows.len());
    let to = from.saturating_add(PAGE as usize);
    let next = (to < all).then(|| skip.saturating_add(PAGE));
    (rows.into_iter().skip(from).take(PAGE as usize).collect(), next)
}
