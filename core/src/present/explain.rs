//! A checkup explained item by item: what it measures, the value, the band of the issuing body, and what changed since the time
//! before. In やさしい日本語 and plain English, with source and edition; never a diagnosis.

use chrono::NaiveDate;

use super::{Language, record::value_and_unit};
use crate::{
    base::PartialDate,
    insight::{
        explain::{BANDS_EDITION, BANDS_FROM_YEARS, CheckupBand, EXPLANATIONS_EDITION, Level, checkup_band, explanation_of},
        growth::Read,
        series_of,
    },
    record::{Body, Fact, Person, Standing, Value},
    vault::{EventId, FactId, HistoryPoint, StoredEvent, Vault, VaultError},
};

/// So many values before are looked at for the one of an earlier day.
const LOOK_BACK: u32 = 20;

/// A checkup explained, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainView {
    /// What it was.
    pub title: String,
    /// When.
    pub date: Option<String>,
    /// The institution as received.
    pub place: Option<String>,
    /// Its items in their order.
    pub items: Vec<ExplainedItem>,
    /// How many of them nobody has explained yet.
    pub unexplained: u32,
    /// Whose bands, editions, that this is no diagnosis, and whom to ask. A sentence each.
    pub notes: Vec<String>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedItem {
    /// The record.
    pub record: FactId,
    /// Its name.
    pub title: String,
    /// What it measures; none where nobody has explained it yet.
    pub what: Option<&'static str>,
    /// The value as received.
    pub value: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// Where it lies by the published limits: `within`, `guidance` or `advice`; none where there are none for it.
    pub level: Option<&'static str>,
    /// The same in words, with the limits.
    pub band: Option<String>,
    /// By whom the limits are, with the edition.
    pub source: Option<&'static str>,
    /// The range the institution sent along.
    pub range: Option<String>,
    /// The day of the value before.
    pub previous_date: Option<String>,
    /// That value.
    pub previous: Option<String>,
    /// What changed since, as a number with its sign; none where it cannot be counted.
    pub change: Option<String>,
    /// The same in words.
    pub change_text: Option<String>,
}

/// Every item of an event explained. *Quick.*
///
/// # Errors
/// `NotFound`.
pub fn explain(vault: &Vault, event: EventId, language: Language) -> Result<ExplainView, VaultError> {
    explained(vault, &vault.event(event)?, None, language)
}

/// One record explained. *Quick.*
///
/// # Errors
/// `NotFound`.
pub fn explain_record(vault: &Vault, record: FactId, language: Language) -> Result<ExplainView, VaultError> {
    let event = vault.fact(record)?.event.id;
    explained(vault, &vault.event(event)?, Some(record), language)
}

fn explained(vault: &Vault, stored: &StoredEvent, only: Option<FactId>, language: Language) -> Result<ExplainView, VaultError> {
    let person = vault.person(stored.person)?;
    let mut items = Vec::new();
    for ((fact, (record, _)), hidden) in stored.event.facts.iter().zip(&stored.ids).zip(&stored.hidden_facts) {
        let is_shown = only.map_or(hidden.is_none(), |only| only == *record);
        if is_shown && matches!(fact.body, Body::Observation(_)) {
            items.push(item(vault, &person, stored, *record, fact, language)?);
        }
    }
    let unexplained = u32::try_from(items.iter().filter(|item| item.what.is_none()).count()).unwrap_or(u32::MAX);
    let notes = notes(&items, unexplained, language);
    Ok(ExplainView {
        title: stored.event.title.clone(),
        date: stored.event.day.map(|day| day.to_string()),
        place: stored.event.place.clone(),
        items,
        unexplained,
        notes,
    })
}

fn item(
    vault: &Vault,
    person: &Person,
    stored: &StoredEvent,
    record: FactId,
    fact: &Fact,
    language: Language,
) -> Result<ExplainedItem, VaultError> {
    let (value, unit) = value_and_unit(fact, language);
    let is_trusted = !matches!(fact.standing, Standing::Quarantined(_));
    let band = checkup_band(fact, person.sex).filter(|_| is_trusted && is_adult(person, stored.event.day));
    let before = if is_trusted { before(vault, stored, record, fact)? } else { None };
    let previous = before.as_ref().and_then(|before| value_and_unit(&before.fact, language).0);
    let change = before.as_ref().and_then(|before| change(fact, &before.fact));
    let change_text = before.as_ref().zip(previous.as_deref()).map(|(before, previous)| {
        let day = before.day.map(|day| day.to_string()).unwrap_or_default();
        change_text(&day, previous, change.as_deref(), value.as_deref() == Some(previous), language)
    });
    Ok(ExplainedItem {
        record,
        title: fact.title.clone(),
        what: explanation_of(fact).map(|found| language.pick(found.japanese, found.english)),
        unit,
        level: band.as_ref().map(|band| band.level.id()),
        source: band.as_ref().map(|_| source(language)),
        band: band.map(|band| band_text(&band, language)),
        range: range_text(fact, language),
        previous_date: before.as_ref().and_then(|before| before.day).map(|day| day.to_string()),
        previous,
        change,
        change_text,
        value,
    })
}

/// Whether the bands of adults are meant for the person on that day.
fn is_adult(person: &Person, day: Option<PartialDate>) -> bool {
    let (Some(from), Some(on)) = (person.born.known_day(), day.map(|day| day.first_day())) else { return false };
    from <= on && Read { from, on }.months() / 12 >= BANDS_FROM_YEARS
}

/// The newest value of the same line from an earlier day.
fn before(vault: &Vault, stored: &StoredEvent, record: FactId, fact: &Fact) -> Result<Option<HistoryPoint>, VaultError> {
    let (Some(series), Some(day)) = (series_of(fact), stored.event.day) else { return Ok(None) };
    // By the key alone: a code or a label would find lines that must not be compared.
    let lines = vault.find_series(&[&series.key], "", "")?;
    let Some(line) = lines.into_iter().find(|line| line.key == series.key) else { return Ok(None) };
    let points = vault.history(stored.person, &line, Some(record), LOOK_BACK)?;
    let first: NaiveDate = day.first_day();
    Ok(points.into_iter().find(|point| point.day.is_some_and(|other| other.last_day() < first)))
}

/// The difference of two plain numbers.
fn change(now: &Fact, before: &Fact) -> Option<String> {
    let number = |fact: &Fact| match &fact.body {
        Body::Observation(observation) => match &observation.value {
            Value::Number { comparator: None, decimal } => Some(decimal.number()),
            _ => None,
        },
        _ => None,
    };
    let difference = number(now)?.checked_sub(number(before)?)?.normalize();
    Some(if difference.is_sign_positive() && !difference.is_zero() { format!("+{difference}") } else { difference.to_string() })
}

fn change_text(day: &str, previous: &str, change: Option<&str>, is_same: bool, language: Language) -> String {
    match (change, is_same, language) {
        (_, true, Language::Japanese) | (Some("0"), _, Language::Japanese) => format!("前回（{day}）と同じです"),
        (_, true, Language::English) | (Some("0"), _, Language::English) => format!("the same as last time ({day})"),
        (Some(change), _, Language::Japanese) => format!("前回（{day}）は {previous}、変化は {change}"),
        (Some(change), _, Language::English) => format!("last time ({day}) {previous}, a change of {change}"),
        (None, _, Language::Japanese) => format!("前回（{day}）は {previous}"),
        (None, _, Language::English) => format!("last time ({day}) {previous}"),
    }
}

fn band_text(band: &CheckupBand, language: Language) -> String {
    let level = match band.level {
        Level::Within => language.pick("判定値にはあたりません", "reaches neither limit"),
        Level::Guidance => language.pick("保健指導判定値にあたります", "reaches the limit for health guidance"),
        Level::Advice => language.pick("受診勧奨判定値にあたります", "reaches the limit for advice to see a doctor"),
    };
    let named = [(&band.guidance, language.pick("保健指導", "guidance")), (&band.advice, language.pick("受診勧奨", "advice"))];
    let limits: Vec<String> = named.iter().filter_map(|(limit, name)| limit.as_ref().map(|limit| format!("{name} {limit}"))).collect();
    format!("{level}{}{}{}", language.pick("（", " ("), limits.join(language.pick("、", ", ")), language.pick("）", ")"))
}

/// The range the institution sent along, as received.
fn range_text(fact: &Fact, language: Language) -> Option<String> {
    let Body::Observation(observation) = &fact.body else { return None };
    let range = observation.reference.first()?;
    let end = |limit: &Option<crate::base::Decimal>| limit.as_ref().map(ToString::to_string).unwrap_or_default();
    let text = range.text.clone().unwrap_or_else(|| format!("{}–{}", end(&range.low), end(&range.high)));
    Some(format!("{}{text}", language.pick("健診機関の基準範囲 ", "range of the institution ")))
}

const fn source(language: Language) -> &'static str {
    language.pick("特定健診の判定値（令和6年度）", "limits of the specific health checkup (fiscal 2024)")
}

fn notes(items: &[ExplainedItem], unexplained: u32, language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    if items.iter().any(|item| item.band.is_some()) {
        notes.push(match language {
            Language::Japanese => {
                format!("判定値：{}、Techo の表 第{BANDS_EDITION}版。公式の表そのものは確かめられていません", source(language))
            }
            Language::English => {
                format!("Limits: {}, Techo's table, edition {BANDS_EDITION}; the official table itself was not seen", source(language))
            }
        });
    }
    notes.push(match language {
        Language::Japanese => format!("説明の文は Techo のもの（第{EXPLANATIONS_EDITION}版）です"),
        Language::English => format!("The explanations are Techo's own (edition {EXPLANATIONS_EDITION})"),
    });
    if unexplained > 0 {
        notes.push(match language {
            Language::Japanese => format!("{unexplained} 項目は、まだ説明がありません"),
            Language::English => format!("{unexplained} items have no explanation yet"),
        });
    }
    notes.push(
        language
            .pick(
                "これは診断ではありません。結果の意味や、どうするかは、医師・保健師・薬剤師に聞いてください",
                "This is no diagnosis. What the results mean for you, and what to do, ask a doctor, a public health nurse or a pharmacist",
            )
            .to_owned(),
    );
    notes
}
