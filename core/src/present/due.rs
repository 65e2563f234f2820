//! What is to be done within twelve months: doses of the vaccination plan and checkups, by the day from which each fits.

use chrono::{Months, NaiveDate};

use super::{
    Language,
    vaccines::{pregnancies, vaccines},
};
use crate::{
    base::PersonId,
    insight::{CALENDAR_EDITION, CalendarFor, CheckupDue, CheckupHad, DoseStatus, SCHEDULE_EDITION, checkup_calendar},
    terms::Kind,
    vault::{PAGE, TimelinePage, Vault, VaultError},
};

/// Kinds of record that tell of a checkup.
const CHECKUPS: [Kind; 5] = [Kind::Checkup, Kind::CancerScreening, Kind::InfantCheckup, Kind::SchoolCheckup, Kind::Pregnancy];

/// What is to be done within twelve months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueView {
    /// By day.
    pub rows: Vec<DueRow>,
    /// The editions of the rules, and what this is not.
    pub note: String,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// Whose.
    pub person: PersonId,
    /// The same for the same thing, whenever it is asked: `hepatitis_b-3`, `infant-18m`.
    pub id: String,
    /// A day from today on which it fits.
    pub date: NaiveDate,
    /// The kind of record it will make.
    pub kind: Kind,
    /// What it is, in words.
    pub title: String,
    /// Due, overdue or upcoming.
    pub status: DoseStatus,
    /// The last day, where there is one.
    pub until: Option<NaiveDate>,
    /// The rule it goes by.
    pub rule: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// Why, and whom to ask.
    pub why: Vec<&'static str>,
}

/// What is to be done by somebody from a day on. *Quick.*
pub fn due(vault: &Vault, person: PersonId, on: NaiveDate, language: Language) -> Result<DueView, VaultError> {
    let until = on.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX);
    let mut rows = Vec::new();
    for row in vaccines(vault, person, on, language)?.rows {
        let Some(date) = row.dose.planned_for.filter(|date| *date < until) else { continue };
        rows.push(DueRow {
            person,
            id: format!("{}-{}", row.dose.vaccine, row.dose.dose),
            date,
            kind: Kind::Vaccination,
            title: format!("{} {}", row.vaccine_text, row.dose_text),
            status: row.dose.status,
            until: row.dose.last_subsidised,
            rule: row.dose.rule.id,
            source: row.dose.rule.source,
            why: row.why,
        });
    }
    let person = vault.person(person)?;
    if let Some(born) = person.born.known_day().filter(|born| *born <= on) {
        let pregnancies = pregnancies(vault, &person)?;
        let of = CalendarFor { born, sex: person.sex, pregnancies: &pregnancies, town: None };
        let had = had(vault, person.id)?;
        let due = checkup_calendar(of, &had, on, until);
        rows.extend(due.iter().map(|due| checkup(person.id, due, on, language)));
    }
    rows.sort_by(|one, other| (one.date, one.until, &one.id).cmp(&(other.date, other.until, &other.id)));
    Ok(DueView { rows, note: note(language) })
}

fn checkup(person: PersonId, due: &CheckupDue, on: NaiveDate, language: Language) -> DueRow {
    let rule = due.rule;
    let is_visit = rule.kind == Kind::Pregnancy;
    DueRow {
        person,
        // A yearly checkup is another one in another year, and a visit by its day.
        id: if is_visit { format!("{}-{}", rule.id, due.from) } else { format!("{}-{}", rule.id, due.from.format("%Y")) },
        date: due.from.max(on),
        kind: rule.kind,
        title: language.pick(rule.japanese, rule.english).to_owned(),
        status: if due.from > on { DoseStatus::Upcoming } else { DoseStatus::Due },
        until: Some(due.to),
        rule: rule.id,
        source: rule.source,
        why: Vec::new(),
    }
}

/// The checkups on record, by their lines alone.
fn had(vault: &Vault, person: PersonId) -> Result<Vec<CheckupHad>, VaultError> {
    let mut had = Vec::new();
    for kind in CHECKUPS {
        let mut page = TimelinePage { person: Some(person), kind: Some(kind), limit: PAGE, ..TimelinePage::default() };
        loop {
            let lines = vault.timeline(&page)?;
            page.after = lines.last().map(|line| line.id);
            let is_last = lines.len() < PAGE as usize;
            had.extend(lines.into_iter().filter_map(|line| Some(CheckupHad { kind, title: line.title, day: line.day?.first_day() })));
            if is_last {
                break;
            }
        }
    }
    Ok(had)
}

fn note(language: Language) -> String {
    match language {
        Language::Japanese => format!(
            "予防接種の規則 2026年度 第{SCHEDULE_EDITION}版と、健診の規則 第{CALENDAR_EDITION}版（全国の目安）によります。日程・対象・費用は市区町村や学校・保険者により違います。医師の判断に代わるものではありません"
        ),
        Language::English => format!(
            "By the vaccination rules of 2026, edition {SCHEDULE_EDITION}, and the rules of checkups, edition {CALENDAR_EDITION} (a national default). Days, groups and costs differ by town, school and insurer. This is no medical advice"
        ),
    }
}
