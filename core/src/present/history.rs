//! The history of a quantity, a line for each series that must not be mixed with another.

use rust_decimal::Decimal as Number;

use super::{
    Language, days,
    record::{method_text, value_and_unit},
};
use crate::{
    base::{PersonId, fold},
    record::{Body, Concept, Fact, Value},
    terms::{Quantity, find_quantities, quantity, quantity_of},
    vault::{DayId, DocumentId, FactId, HistoryPoint, PAGE, SeriesLine, Vault, VaultError},
};

/// What a person asked for, as lines.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryView {
    /// One for each series; empty when nothing of that name or code is there.
    pub series: Vec<SeriesView>,
}

/// One line: its values are comparable with each other and with no other line's.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesView {
    /// A quantity's id, or `system|code|unit`; `home|` and a quantity's id for what was measured at home.
    pub key: String,
    /// Its name in the person's language.
    pub name: String,
    /// Whether it was measured at home, a point a day. Never one line with what an institution measured.
    pub home: bool,
    /// The unit of its values.
    pub unit: Option<String>,
    /// Its points, the oldest first.
    pub points: Vec<PointView>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct PointView {
    /// The record, or the day of samples.
    pub record: PointId,
    /// The day as `2024-05-03`, `2024-05` or `2024`.
    pub date: Option<String>,
    /// The first day the date can mean, as days since 0001-01-01, for the horizontal axis.
    pub day_number: Option<i32>,
    /// The value exactly as measured, or the meaning of a graded answer.
    pub value: String,
    /// Where to draw it; none for a value that cannot be drawn.
    pub height: Option<Number>,
    /// The unit a person reads.
    pub unit: Option<String>,
    /// The code as received.
    pub code: Option<String>,
    /// The method: as received, else the item table's.
    pub method: Option<String>,
    /// H, L … as received.
    pub flag: Option<String>,
    /// Reference range as received.
    pub low: Option<Number>,
    /// Reference range as received.
    pub high: Option<Number>,
    /// The document; none for a day of samples, which several can state.
    pub document: Option<DocumentId>,
}

/// What stands behind a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PointId {
    /// A record.
    Record(FactId),
    /// A day of samples.
    Day(DayId),
}

impl std::fmt::Display for PointId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record(id) => id.fmt(f),
            Self::Day(id) => id.fmt(f),
        }
    }
}

/// A quantity of which there is a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityLine {
    /// A quantity's id, or `system|code|unit`: what to ask [`history`] for.
    pub key: String,
    /// Its name in the person's language.
    pub name: String,
    /// The unit of its newest value.
    pub unit: Option<String>,
    /// How many values there are.
    pub points: u32,
}

/// What there is a history of, the quantity with most values first, at most `limit` of them. *Quick.*
pub fn quantities(vault: &Vault, person: PersonId, limit: usize, language: Language) -> Result<Vec<QuantityLine>, VaultError> {
    let series = vault.series_of(person)?;
    let line = |(line, points): (SeriesLine, u32)| {
        let newest = vault.history(person, &line, None, 1)?;
        let unit = newest.first().and_then(|point| value_and_unit(&point.fact, language).1);
        let name = quantity(&line.key).map_or(line.label.as_str(), |known| language.pick(known.japanese, known.english)).to_owned();
        Ok(QuantityLine { key: line.key, name, unit, points })
    };
    let mut lines = series.into_iter().take(limit).map(line).collect::<Result<Vec<_>, VaultError>>()?;
    lines.extend(days::quantities(vault, person, language)?);
    lines.sort_by_key(|line| std::cmp::Reverse(line.points));
    lines.truncate(limit);
    Ok(lines)
}

/// The history of what `asked` names: a quantity's name or id, an item's name, a code, or the key of a line. *Quick* up to some
/// hundred points.
pub fn history(vault: &Vault, person: PersonId, asked: &str, language: Language) -> Result<HistoryView, VaultError> {
    let asked = asked.trim();
    let mut keys: Vec<&str> = find_quantities(asked).iter().map(|quantity| quantity.id).chain([asked]).collect();
    // A code names its quantity too, so that another method's code of the same quantity is found with it.
    let systems = ["urn:oid:1.2.392.200119.6.1005", "http://loinc.org"];
    keys.extend(systems.iter().filter_map(|system| quantity_of(Some(system), asked)).map(|quantity| quantity.id));
    let mut series = Vec::new();
    for line in vault.find_series(&keys, asked, &fold(asked))? {
        let view = one_series(vault, person, &line, language)?;
        if !view.points.is_empty() {
            series.push(view);
        }
    }
    series.extend(days::series(vault, person, &keys, language)?);
    Ok(HistoryView { series })
}

fn one_series(vault: &Vault, person: PersonId, line: &SeriesLine, language: Language) -> Result<SeriesView, VaultError> {
    let mut points: Vec<PointView> = Vec::new();
    let mut last = None;
    loop {
        let page = vault.history(person, line, last, PAGE)?;
        last = page.last().map(|point| point.id);
        let full = u32::try_from(page.len()).is_ok_and(|count| count == PAGE);
        points.extend(page.iter().map(|point| point_view(point, language)));
        if !full {
            break;
        }
    }
    points.reverse();
    let known: Option<&Quantity> = quantity(&line.key);
    let name = known.map_or(line.label.as_str(), |quantity| language.pick(quantity.japanese, quantity.english));
    let unit = points.iter().rev().find_map(|point| point.unit.clone());
    Ok(SeriesView { key: line.key.clone(), name: name.to_owned(), home: false, unit, points })
}

pub(super) fn point_view(point: &HistoryPoint, language: Language) -> PointView {
    let (value, unit) = value_and_unit(&point.fact, language);
    let leading = point.fact.concept.leading();
    let observation = match &point.fact.body {
        Body::Observation(observation) => Some(observation),
        _ => None,
    };
    let listed_method =
        || leading.and_then(|coding| crate::terms::item(Some(coding.system.as_deref()?), &coding.code)?.method.map(str::to_owned));
    let range = observation.and_then(|observation| observation.reference.first());
    PointView {
        record: PointId::Record(point.id),
        date: point.day.map(|day| day.to_string()),
        day_number: point.day.map(|day| chrono::Datelike::num_days_from_ce(&day.first_day())),
        value: value.unwrap_or_default(),
        height: height(&point.fact),
        unit,
        code: leading.map(|coding| coding.code.clone()),
        method: observation.and_then(|observation| observation.method.as_ref()).and_then(method_text).or_else(listed_method),
        flag: observation.and_then(|observation| observation.interpretation.as_ref()).and_then(Concept::label).map(str::to_owned),
        low: range.and_then(|range| range.low.as_ref()).map(crate::base::Decimal::number),
        high: range.and_then(|range| range.high.as_ref()).map(crate::base::Decimal::number),
        document: Some(point.document),
    }
}

/// Where a value stands on the vertical axis. A value beyond a limit (`<0.1`) is drawn at the limit and written in full.
fn height(fact: &Fact) -> Option<Number> {
    match &fact.body {
        Body::Observation(observation) => match &observation.value {
            Value::Number { decimal, .. } => Some(decimal.number()),
            Value::Coded { rank, .. } => rank.map(Number::from),
            Value::Between { .. } | Value::Text(_) | Value::Absent { .. } => None,
        },
        _ => None,
    }
}
