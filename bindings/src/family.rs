//! A child's growth, a checkup in plain words, what the State forgets, and the family board.

use chrono::NaiveDate;
use techo_core::{
    insight::growth::{Measure, Reference},
    present::{self, GrowthWish},
    vault::{EventId, FactId, PAGE},
};

use crate::{ChartView, TechoError, Vault, redacted::redacted};

/// A child's growth: a chart for each measure, and what has to be said with them.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct GrowthView {
    /// A chart for each measure of which there are values.
    pub charts: Vec<GrowthChart>,
    /// Whose figures, how the age was counted, what is not known: a sentence each.
    pub notes: Vec<String>,
}

/// One measure.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct GrowthChart {
    /// `weight`, `height`, `head` or `bmi`.
    pub measure: String,
    /// The values along the age.
    pub chart: ChartView,
    /// The curves to draw behind them, the lowest first.
    pub curves: Vec<GrowthCurve>,
    /// What is written along the ages.
    pub along: String,
    /// Whose curves, with the edition: to be shown wherever the chart is.
    pub edition: String,
    /// The values in words, the earliest first, at most 100.
    pub rows: Vec<GrowthRow>,
}

/// A curve of a reference.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct GrowthCurve {
    /// Which percentile.
    pub name: String,
    /// The one in the middle.
    pub is_middle: bool,
    /// Whether a line may join its points; else they are dots.
    pub joined: bool,
    /// From the left edge, 0 to 1.
    pub x: Vec<f64>,
    /// From the bottom, 0 to 1.
    pub y: Vec<f64>,
}

/// One value.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct GrowthRow {
    /// The record, or the day of samples.
    pub record: String,
    /// The day as known.
    pub date: Option<String>,
    /// The age in words.
    pub age_text: String,
    /// The value as measured.
    pub value: String,
    /// Its unit.
    pub unit: String,
    /// Where it stands, or why that cannot be said.
    pub place_text: String,
    /// Placed by the corrected age: to be drawn with a ring.
    pub corrected: bool,
    /// 肥満度 with its band.
    pub obesity_text: Option<String>,
}

/// A checkup in plain words.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ExplainView {
    /// What it was.
    pub title: String,
    /// When.
    pub date: Option<String>,
    /// Its items, at most 100 from behind the first `skip`.
    pub items: Vec<ExplainedItem>,
    /// How many items it has in all.
    pub count: u32,
    /// Whose limits, that this is no diagnosis, and whom to ask.
    pub notes: Vec<String>,
}

/// One item.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ExplainedItem {
    /// The record.
    pub record: String,
    /// Its name.
    pub title: String,
    /// The value as received, with its unit.
    pub value: String,
    /// What it measures; none where nobody has explained it yet.
    pub what: Option<String>,
    /// Where it lies by the published limits, in words.
    pub band: Option<String>,
    /// The range the institution sent along.
    pub range: Option<String>,
    /// What changed since the time before, in words.
    pub change: Option<String>,
}

/// What leaves Mynaportal.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ForgetsView {
    /// At most 100, what leaves first at the top.
    pub rows: Vec<ForgetRow>,
    /// How many there are in all.
    pub count: u32,
    /// What one fetch today would bring, and what the days are not: a sentence each.
    pub notes: Vec<String>,
}

/// One event.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ForgetRow {
    /// The event.
    pub event: String,
    /// What it is called.
    pub title: String,
    /// When it was.
    pub date: Option<String>,
    /// The day it leaves; none where nobody knows.
    pub leaves_on: Option<String>,
    /// How long until then, in words.
    pub days_text: String,
}

/// Somebody's line of the board.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct BoardRow {
    /// Who.
    pub person: String,
    /// The name.
    pub name: String,
    /// The age in words.
    pub age_text: String,
    /// The last checkup, with its day.
    pub last_checkup: Option<String>,
    /// What is due next, with the day from which it fits.
    pub next: Option<String>,
    /// What came last, with its day.
    pub changed: Option<String>,
    /// How a child grows, in one line.
    pub growth: Option<String>,
}

redacted!(GrowthView, GrowthChart, GrowthCurve, GrowthRow, ExplainView, ExplainedItem, ForgetsView, ForgetRow, BoardRow);

const PAGE_ROWS: usize = PAGE as usize;

#[uniffi::export]
impl Vault {
    /// *Quick.* A child's growth by `2023`, `2000` or `who`; where none is named, by the Japanese figures that have the measure.
    pub fn growth(&self, person: String, reference: Option<String>, corrected: bool) -> Result<GrowthView, TechoError> {
        let wish = GrowthWish { measure: None, reference: reference.as_deref().and_then(Reference::of_id), corrected };
        let language = self.room.language();
        let view = present::growth(&self.room.vault, person.parse()?, wish, language)?;
        let charts = view.measures().into_iter().map(|measure| grown(&view, measure, language)).collect();
        Ok(GrowthView { charts, notes: view.notes })
    }

    /// *Quick.* An event or a record explained item by item, from behind the first `skip` items.
    pub fn explain(&self, id: String, skip: u32) -> Result<ExplainView, TechoError> {
        let language = self.room.language();
        let view = match (id.parse::<EventId>(), id.parse::<FactId>()) {
            (Ok(event), _) => present::explain(&self.room.vault, event, language)?,
            (_, Ok(record)) => present::explain_record(&self.room.vault, record, language)?,
            _ => return Err(TechoError::NotFound),
        };
        let count = u32::try_from(view.items.len()).unwrap_or(u32::MAX);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let items = view.items.into_iter().skip(skip).take(PAGE_ROWS).map(explained).collect();
        Ok(ExplainView { title: view.title, date: view.date, items, count, notes: view.notes })
    }

    /// *Long* with many thousand events. What leaves Mynaportal, of one person or of everybody, from behind the first `skip`.
    pub fn forgets(&self, person: Option<String>, today: String, skip: u32) -> Result<ForgetsView, TechoError> {
        let person = person.map(|person| person.parse()).transpose()?;
        let view = present::forgets(&self.room.vault, person, day(&today)?, self.room.language())?;
        let count = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let rows = view.rows.into_iter().skip(skip).take(PAGE_ROWS).map(|row| ForgetRow {
            event: row.event.to_string(),
            title: row.title,
            date: row.date,
            leaves_on: row.leaves_on.map(|day| day.to_string()),
            days_text: row.days_text,
        });
        let rows = rows.collect();
        Ok(ForgetsView { rows, count, notes: view.fetch.into_iter().chain([view.note]).collect() })
    }

    /// *Quick.* The family board of a day, at most 100 lines.
    pub fn board(&self, today: String) -> Result<Vec<BoardRow>, TechoError> {
        let rows = present::board(&self.room.vault, day(&today)?, self.room.language())?;
        let row = |row: present::BoardRow| BoardRow {
            person: row.person.to_string(),
            name: row.name,
            age_text: row.age_text,
            last_checkup: row.last_checkup.map(|last| format!("{} {}", last.date, last.title)),
            next: row.next.map(|next| format!("{} {}", next.on, next.what)),
            changed: row.changed.map(|changed| format!("{} {}", changed.at.get(..10).unwrap_or_default(), changed.text)),
            growth: row.growth,
        };
        Ok(rows.into_iter().take(PAGE_ROWS).map(row).collect())
    }
}

/// What day it is where the person is, as the shell says.
fn day(text: &str) -> Result<NaiveDate, TechoError> {
    text.parse().map_err(|_| TechoError::WishInvalid { field: "today".to_owned() })
}

fn grown(view: &present::GrowthView, measure: Measure, language: present::Language) -> GrowthChart {
    let chart = view.chart(measure, language);
    let curves = chart.curves.iter().map(|curve| GrowthCurve {
        name: curve.name.clone(),
        is_middle: curve.is_middle,
        joined: curve.joined,
        x: curve.points.iter().map(|dot| dot.x).collect(),
        y: curve.points.iter().map(|dot| dot.y).collect(),
    });
    let rows = view.rows.iter().filter(|row| row.measure == measure);
    let first = rows.clone().count().saturating_sub(PAGE_ROWS);
    let rows = rows.skip(first).map(|row| GrowthRow {
        record: row.record.to_string(),
        date: row.date.clone(),
        age_text: row.age_text.clone(),
        value: row.value.clone(),
        unit: row.unit.clone(),
        place_text: row.place_text.clone(),
        corrected: row.corrected_age_days.is_some(),
        obesity_text: row.obesity_text.clone(),
    });
    GrowthChart {
        measure: measure.id().to_owned(),
        curves: curves.collect(),
        along: chart.along.clone().unwrap_or_default(),
        edition: chart.edition.clone().unwrap_or_default(),
        rows: rows.collect(),
        chart: ChartView::of(&chart, &[], language),
    }
}

fn explained(item: present::ExplainedItem) -> ExplainedItem {
    let value = [item.value, item.unit].into_iter().flatten().collect::<Vec<_>>().join(" ");
    ExplainedItem {
        record: item.record.to_string(),
        title: item.title,
        value,
        what: item.what.map(str::to_owned),
        band: item.band,
        range: item.range,
        change: item.change_text,
    }
}
