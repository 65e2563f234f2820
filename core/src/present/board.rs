//! The family board: for each person the last checkup, what is due next, what changed lately, and how a child grows, a line each.

use chrono::{DateTime, NaiveDate};

use super::{GrowthWish, Language, due, format_name, growth};
use crate::{
    base::PersonId,
    formats::FormatId,
    insight::growth::{Measure, Read},
    record::Person,
    terms::Kind,
    vault::{EventId, TimelinePage, Vault, VaultError},
};

/// Below this age growth stands on the board.
const CHILD_MONTHS: u32 = 18 * 12;
/// The kinds that are a checkup to a family.
const CHECKUPS: [Kind; 5] = [Kind::Checkup, Kind::InfantCheckup, Kind::SchoolCheckup, Kind::CancerScreening, Kind::Pregnancy];

/// What is due next for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextDue {
    /// What, in the person's language.
    pub what: String,
    /// From which day.
    pub on: NaiveDate,
    /// How it stands, as an id: `due`, `overdue`, `upcoming`.
    pub status: &'static str,
}

/// The line of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The age in words.
    pub age_text: String,
    /// The last checkup.
    pub last_checkup: Option<LastCheckup>,
    /// What is due next, as handed in.
    pub next: Option<NextDue>,
    /// The document that came last.
    pub changed: Option<LastChange>,
    /// How a child grows, in one line.
    pub growth: Option<String>,
}

/// The last checkup of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCheckup {
    /// The event.
    pub event: EventId,
    /// What it was.
    pub title: String,
    /// When.
    pub date: String,
}

/// What came last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// When it came: UTC, RFC 3339.
    pub at: String,
    /// What it was, in words.
    pub text: String,
}

/// Everybody's line, in the order the people were added. *Quick.*
pub fn board(vault: &Vault, on: NaiveDate, language: Language) -> Result<Vec<BoardRow>, VaultError> {
    vault.people()?.iter().map(|person| row(vault, person, on, language)).collect()
}

/// The first thing of the next twelve months.
fn next_due(vault: &Vault, person: PersonId, on: NaiveDate, language: Language) -> Result<Option<NextDue>, VaultError> {
    let first = due(vault, person, on, language)?.rows.into_iter().next();
    Ok(first.map(|row| NextDue { what: row.title, on: row.date, status: row.status.id() }))
}

fn row(vault: &Vault, person: &Person, on: NaiveDate, language: Language) -> Result<BoardRow, VaultError> {
    let read = person.born.known_day().filter(|from| *from <= on).map(|from| Read { from, on });
    let is_child = read.is_some_and(|read| read.months() < CHILD_MONTHS);
    Ok(BoardRow {
        person: person.id,
        name: person.name.clone(),
        age_text: read.map(|read| age_text(read.months(), language)).unwrap_or_default(),
        last_checkup: last_checkup(vault, person.id)?,
        next: next_due(vault, person.id, on, language)?,
        changed: last_change(vault, person.id, language)?,
        growth: if is_child { growth_text(vault, person.id, language)? } else { None },
    })
}

fn age_text(months: u32, language: Language) -> String {
    let (years, rest) = (months / 12, months % 12);
    match (years, language) {
        (0, Language::Japanese) => format!("{rest}か月"),
        (1..=6, Language::Japanese) => format!("{years}歳{rest}か月"),
        (_, Language::Japanese) => format!("{years}歳"),
        (0, Language::English) => format!("{rest} months"),
        (1..=6, Language::English) => format!("{years} years {rest} months"),
        (_, Language::English) => format!("{years} years"),
    }
}

fn last_checkup(vault: &Vault, person: PersonId) -> Result<Option<LastCheckup>, VaultError> {
    let mut newest: Option<crate::vault::EventLine> = None;
    for kind in CHECKUPS {
        let page = TimelinePage { person: Some(person), kind: Some(kind), limit: 1, ..TimelinePage::default() };
        let found = vault.timeline(&page)?.into_iter().next();
        newest = newest.into_iter().chain(found).max_by_key(|line| line.day);
    }
    Ok(newest.and_then(|line| Some(LastCheckup { event: line.id, title: line.title, date: line.day?.to_string() })))
}

fn last_change(vault: &Vault, person: PersonId, language: Language) -> Result<Option<LastChange>, VaultError> {
    let documents = vault.documents(Some(person))?;
    let newest = documents.into_iter().filter(|document| DateTime::parse_from_rfc3339(&document.received).is_ok());
    let newest = newest.max_by(|one, other| one.received.cmp(&other.received));
    Ok(newest.map(|document| {
        let name = FormatId::of_id(&document.about.format).map(|format| format_name(format, language).to_owned());
        let name = name.unwrap_or_else(|| document.about.format.clone());
        let text =
            document.about.source.as_ref().map_or_else(|| name.clone(), |source| format!("{name}{}{source}", language.pick("・", ", ")));
        LastChange { at: document.received, text }
    }))
}

/// The newest of each measure.
fn growth_text(vault: &Vault, person: PersonId, language: Language) -> Result<Option<String>, VaultError> {
    let view = growth(vault, person, GrowthWish::default(), language)?;
    let newest = Measure::ALL.iter().filter_map(|measure| view.rows.iter().rev().find(|row| row.measure == *measure));
    let told: Vec<String> = newest
        .map(|row| {
            let place = row.percentile.map(|_| format!("{}{}{}", language.pick("（", " ("), row.place_text, language.pick("）", ")")));
            let date = row.date.as_deref().unwrap_or_default();
            format!("{} {} {}{} {date}", row.measure_text, row.value, row.unit, place.unwrap_or_default())
        })
        .collect();
    Ok((!told.is_empty()).then(|| told.join(language.pick("、", ", "))))
}
