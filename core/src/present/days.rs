//! Days of self-measured samples: a line of their own in a history, marked as measured at home, and the samples of one day.

use chrono::{Datelike, NaiveDate};

use super::{
    Language,
    history::{PointId, PointView, QuantityLine, SeriesView},
};
use crate::{
    base::{Decimal, PersonId},
    record::DaySum,
    terms::{DayRule, Quantity, day_shape, quantity, shown_unit},
    vault::{DayId, DayLine, DocumentId, PAGE, SampleLine, Vault, VaultError},
};

/// What stands before the quantity's id in the key of a line that was measured at home.
const HOME: &str = "home|";

/// A day with a page of its samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayDetail {
    /// The day.
    pub id: DayId,
    /// Whose it is.
    pub person: PersonId,
    /// The quantity's id.
    pub quantity: String,
    /// The quantity's name in the person's language.
    pub name: String,
    /// The day.
    pub date: NaiveDate,
    /// What the day comes to, and how that was worked out.
    pub value: String,
    /// The unit a person reads.
    pub unit: String,
    /// How `value` was worked out, and of how many samples.
    pub text: String,
    /// Samples of the day in all.
    pub count: u32,
    /// A page of them in the order of their times.
    pub samples: Vec<SampleView>,
}

/// One sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleView {
    /// Time of day and offset as written; none where only the day is known.
    pub time: Option<String>,
    /// How long it lasted, in seconds.
    pub seconds: u32,
    /// The value.
    pub value: String,
    /// As it was written, where that was another unit or a stage of sleep.
    pub written: Option<String>,
    /// The device or program.
    pub source: String,
    /// The first document that states it.
    pub document: DocumentId,
}

/// A page of the days of one quantity, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct DaysPage {
    /// The quantity's name, marked as measured at home.
    pub name: String,
    /// The days, at most 100.
    pub days: Vec<PointView>,
    /// Go on behind this day; none at the end.
    pub next: Option<NaiveDate>,
}

/// The days of a quantity from `from` to `until`, behind `after`; none where nothing of it was measured at home. *Quick.*
pub fn days(
    vault: &Vault,
    person: PersonId,
    asked: &str,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
    after: Option<NaiveDate>,
    language: Language,
) -> Result<Option<DaysPage>, VaultError> {
    let wanted = asked.strip_prefix(HOME).unwrap_or(asked);
    let Some(line) = vault.sample_lines(person)?.into_iter().find(|line| line.quantity == wanted) else { return Ok(None) };
    let unit = shown(&line.unit, language);
    let days = vault.sample_days(&line, from, until, after, PAGE)?;
    let next = days.last().map(|day| day.day).filter(|_| u32::try_from(days.len()).is_ok_and(|count| count == PAGE));
    let name = at_home(&name_of(&line.quantity, language), language);
    Ok(Some(DaysPage { name, days: days.iter().map(|day| point(&line.quantity, day, unit, language)).collect(), next }))
}

/// A day with at most 100 of its samples, from behind the first `skip`. *Quick.*
///
/// # Errors
/// `NotFound`.
pub fn day(vault: &Vault, id: DayId, skip: u32, language: Language) -> Result<DayDetail, VaultError> {
    let stored = vault.sample_day(id, skip)?;
    let samples = stored.samples.into_iter().map(|one| SampleView {
        time: one.sample.time.map(|time| time.to_string()),
        seconds: one.sample.lasted,
        value: one.sample.value.as_str().to_owned(),
        written: one.sample.written,
        source: one.source,
        document: one.document,
    });
    Ok(DayDetail {
        id,
        person: stored.person,
        name: name_of(&stored.quantity, language),
        date: stored.line.day,
        value: value_of(&stored.quantity, &stored.line.sum),
        unit: shown(&stored.unit, language).to_owned(),
        text: text_of(&stored.quantity, &stored.line.sum, language),
        count: stored.line.sum.count,
        samples: samples.collect(),
        quantity: stored.quantity,
    })
}

/// The lines of what was asked for that were measured at home, a point a day.
pub(super) fn series(vault: &Vault, person: PersonId, keys: &[&str], language: Language) -> Result<Vec<SeriesView>, VaultError> {
    let is_asked = |line: &SampleLine| keys.iter().any(|key| key.strip_prefix(HOME).unwrap_or(key) == line.quantity);
    let lines = vault.sample_lines(person)?;
    lines.iter().filter(|line| is_asked(line)).map(|line| one(vault, line, language)).collect()
}

/// What was measured at home, with the number of days.
pub(super) fn quantities(vault: &Vault, person: PersonId, language: Language) -> Result<Vec<QuantityLine>, VaultError> {
    let lines = vault.sample_lines(person)?;
    Ok(lines
        .into_iter()
        .map(|line| QuantityLine {
            key: format!("{HOME}{}", line.quantity),
            name: at_home(&name_of(&line.quantity, language), language),
            unit: Some(shown(&line.unit, language).to_owned()),
            points: line.days,
        })
        .collect())
}

fn one(vault: &Vault, line: &SampleLine, language: Language) -> Result<SeriesView, VaultError> {
    let mut days = vault.sample_days(line, None, None, None, u32::MAX)?;
    days.reverse();
    let unit = shown(&line.unit, language).to_owned();
    let points = days.iter().map(|day| point(&line.quantity, day, &unit, language)).collect();
    let name = at_home(&name_of(&line.quantity, language), language);
    Ok(SeriesView { key: format!("{HOME}{}", line.quantity), name, home: true, unit: Some(unit), points })
}

fn point(quantity: &str, day: &DayLine, unit: &str, language: Language) -> PointView {
    let value = value_of(quantity, &day.sum);
    PointView {
        record: PointId::Day(day.id),
        date: Some(day.day.to_string()),
        day_number: Some(day.day.num_days_from_ce()),
        height: value.parse::<Decimal>().ok().map(|value| value.number()),
        value,
        unit: Some(unit.to_owned()),
        code: None,
        method: Some(text_of(quantity, &day.sum, language)),
        flag: None,
        low: None,
        high: None,
        document: None,
    }
}

/// What a day comes to, by the rule of its quantity.
fn value_of(quantity: &str, sum: &DaySum) -> String {
    let shape = day_shape(quantity);
    match shape.rule {
        DayRule::Total => sum.most.number().round_dp(shape.decimals).normalize().to_string(),
        DayRule::Last => sum.last.as_str().to_owned(),
        DayRule::High => sum.high.as_str().to_owned(),
        DayRule::Mean if sum.count == 1 => sum.last.as_str().to_owned(),
        DayRule::Mean => {
            let mean = sum.sum.number().checked_div(rust_decimal::Decimal::from(sum.count)).unwrap_or_default();
            mean.round_dp_with_strategy(shape.decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero).to_string()
        }
    }
}

/// How a day's value was worked out: `平均 12件 118〜131`.
fn text_of(quantity: &str, sum: &DaySum, language: Language) -> String {
    let rule = match day_shape(quantity).rule {
        DayRule::Total => language.pick("1日の合計（いちばん多い機器）", "total of the day (the device that counted most)"),
        DayRule::Mean => language.pick("1日の平均", "mean of the day"),
        DayRule::Last => language.pick("その日の最後", "last of the day"),
        DayRule::High => language.pick("その日の最高", "highest of the day"),
    };
    let count = sum.count;
    let counted = if language == Language::Japanese { format!("{count}件") } else { format!("{count} samples") };
    if sum.low.number() == sum.high.number() || day_shape(quantity).rule == DayRule::Total {
        format!("{rule} {counted}")
    } else {
        format!("{rule} {counted} {}{}{}", sum.low, language.pick("〜", "–"), sum.high)
    }
}

fn name_of(id: &str, language: Language) -> String {
    let known: Option<&Quantity> = quantity(id);
    known.map_or(id, |quantity| language.pick(quantity.japanese, quantity.english)).to_owned()
}

fn at_home(name: &str, language: Language) -> String {
    if language == Language::Japanese { format!("{name}（家庭）") } else { format!("{name} (at home)") }
}

fn shown(unit: &str, language: Language) -> &str {
    match language {
        Language::Japanese => shown_unit(unit),
        Language::English => match unit {
            "{steps}" => "steps",
            "{h`b}/min" => "/min",
            "min" => "min",
            other => shown_unit(other),
        },
    }
}
