//! The history of a quantity, as a chart that a shell only scales and draws. Places are fractions of the plot area, from its
//! lower left corner; what is written beside a point is the value as measured.

use techo_core::{
    base::PersonId,
    present::{self, Axis, Chart, HistoryView, Language, SeriesView},
    vault::PAGE,
};

use crate::{TechoError, Vault, redacted::redacted};

/// A quantity of which there is a history.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct QuantityLine {
    /// What to ask `history` for.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The unit of its newest value.
    pub unit: Option<String>,
    /// How many values there are.
    pub points: u32,
}

/// A chart: lines in one unit.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChartView {
    /// Its name.
    pub title: String,
    /// The unit of all its values.
    pub unit: Option<String>,
    /// The chart in words, for those who hear it.
    pub summary: String,
    /// One line for each set of values that can be compared with each other. No line has a point where nothing can be drawn.
    pub lines: Vec<ChartLine>,
    /// The reference range to draw, where there is one for all.
    pub band: Option<ChartBand>,
    /// The lines to rule from left to right; none where there is nothing to draw.
    pub x_ticks: Vec<ChartTick>,
    /// The lines to rule from bottom to top.
    pub y_ticks: Vec<ChartTick>,
    /// What else to say, a line each: what could not be drawn, and why.
    pub notes: Vec<String>,
    /// The values as a table, the newest first, at most 100: also those that cannot be drawn.
    pub rows: Vec<ChartRow>,
}

/// Values that can be compared.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChartLine {
    /// What sets it apart from the others, for example the method.
    pub name: String,
    /// Its points, the earliest first.
    pub points: Vec<ChartPoint>,
}

/// The reference range as it is drawn.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChartBand {
    /// Its lower edge, 0 to 1.
    pub bottom: f64,
    /// Its upper edge, 0 to 1.
    pub top: f64,
    /// The range in words.
    pub text: String,
}

/// One value.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChartPoint {
    /// The record's id.
    pub record: String,
    /// From the left edge, 0 to 1.
    pub x: f64,
    /// From the bottom, 0 to 1.
    pub y: f64,
    /// The day for the screen.
    pub date_text: String,
    /// The value as measured.
    pub value: String,
    /// What the sender said about it.
    pub mark: Option<ChartMark>,
    /// The point in words.
    pub text: String,
}

/// What the sender said about a value. It is never judged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ChartMark {
    /// Above the reference range.
    High,
    /// Below the reference range.
    Low,
    /// Abnormal in another way.
    Abnormal,
}

/// One line to rule.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChartTick {
    /// Where, 0 to 1.
    pub at: f64,
    /// What is written there.
    pub text: String,
}

/// One value in the table beside a chart.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChartRow {
    /// The record's id.
    pub record: String,
    /// Which line it belongs to.
    pub line: String,
    /// The day for the screen.
    pub date_text: String,
    /// The value as measured.
    pub value: String,
    /// Its unit.
    pub unit: Option<String>,
    /// What the sender said about it.
    pub mark: Option<ChartMark>,
    /// Whether `record` is a day of samples, which `day` opens.
    #[uniffi(default = false)]
    pub is_day: bool,
}

redacted!(QuantityLine, ChartView, ChartLine, ChartBand, ChartPoint, ChartTick, ChartRow);

#[uniffi::export]
impl Vault {
    /// *Quick.* What there is a history of for a person, the quantity with most values first, at most 100.
    pub fn quantities(&self, person: String) -> Result<Vec<QuantityLine>, TechoError> {
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let lines = present::quantities(&self.room.vault, person.parse()?, page, self.room.language())?;
        let line = |line: present::QuantityLine| QuantityLine { key: line.key, name: line.name, unit: line.unit, points: line.points };
        Ok(lines.into_iter().map(line).collect())
    }

    /// *Quick.* The history of what `asked` names: a quantity's name, an item's name, a code, or a key of `quantities`. A chart for
    /// each unit; none where there is nothing of that name.
    pub fn history(&self, person: String, asked: String) -> Result<Vec<ChartView>, TechoError> {
        let (person, language): (PersonId, Language) = (person.parse()?, self.room.language());
        let mut left = present::history(&self.room.vault, person, &asked, language)?.series;
        let mut charts = Vec::new();
        while !left.is_empty() {
            let chart = present::chart(&HistoryView { series: left.clone() }, language);
            let (others, drawn): (Vec<SeriesView>, Vec<SeriesView>) = left.into_iter().partition(|series| is_left_out(&chart, series));
            charts.push(ChartView::of(&chart, &drawn, language));
            // A chart always draws the first line it is given, so that this ends.
            left = others;
        }
        Ok(charts)
    }
}

fn is_left_out(chart: &Chart, series: &SeriesView) -> bool {
    chart.left_out.iter().any(|left| left.name == series.name && left.unit == series.unit)
}

impl ChartView {
    pub(crate) fn of(chart: &Chart, drawn: &[SeriesView], language: Language) -> Self {
        let mut notes = vec![present::chart_note(language).to_owned()];
        if chart.axes.is_none() {
            notes.push(present::nothing_to_draw_text(language).to_owned());
        } else if chart.not_charted > 0 {
            notes.push(present::not_charted_text(chart.not_charted, language));
        }
        let ticks = |axis: Option<&Axis>| -> Vec<ChartTick> {
            axis.into_iter().flat_map(|axis| &axis.ticks).map(|tick| ChartTick { at: tick.place, text: tick.label.clone() }).collect()
        };
        Self {
            title: chart.title.clone(),
            unit: chart.unit.clone(),
            summary: chart.text.clone(),
            lines: chart
                .lines
                .iter()
                .map(|line| ChartLine { name: line.name.clone(), points: line.points.iter().map(point).collect() })
                .collect(),
            band: chart.band.as_ref().map(|band| ChartBand { bottom: band.bottom, top: band.top, text: band.text.clone() }),
            x_ticks: ticks(chart.axes.as_ref().map(|axes| &axes.x)),
            y_ticks: ticks(chart.axes.as_ref().map(|axes| &axes.y)),
            notes,
            rows: rows(drawn, language),
        }
    }
}

fn point(point: &present::ChartPoint) -> ChartPoint {
    ChartPoint {
        record: point.record.to_string(),
        x: point.x,
        y: point.y,
        date_text: point.date.clone(),
        value: point.value.clone(),
        mark: point.mark.map(ChartMark::from),
        text: point.text.clone(),
    }
}

/// The newest values of every line that is drawn.
fn rows(drawn: &[SeriesView], language: Language) -> Vec<ChartRow> {
    let mut points: Vec<(&SeriesView, &present::PointView)> =
        drawn.iter().flat_map(|series| series.points.iter().map(move |point| (series, point))).collect();
    points.sort_by_key(|(_, point)| std::cmp::Reverse((point.day_number, point.record)));
    points.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let row = |(series, point): (&SeriesView, &present::PointView)| ChartRow {
        is_day: matches!(point.record, present::PointId::Day(_)),
        record: point.record.to_string(),
        line: series.name.clone(),
        date_text: point.date.clone().unwrap_or_else(|| present::date_text(None, language)),
        value: point.value.clone(),
        unit: point.unit.clone(),
        mark: present::mark_of(point).map(ChartMark::from),
    };
    points.into_iter().map(row).collect()
}

impl From<present::Mark> for ChartMark {
    fn from(mark: present::Mark) -> Self {
        match mark {
            present::Mark::High => Self::High,
            present::Mark::Low => Self::Low,
            present::Mark::Abnormal => Self::Abnormal,
        }
    }
}
