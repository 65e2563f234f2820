//! A chart of a history, ready to be drawn: lines that must not be mixed, round axes, the reference range, and what a
//! person hears instead of seeing it. Places are fractions of the plot area, so that a shell only scales them.
//!
//! Binary floating point is for the place on the paper only: what is written beside a point is the value as measured.

mod axes;
mod growth;
mod words;

#[cfg(test)]
mod tests;

use rust_decimal::Decimal as Number;

use super::{
    Language,
    history::{HistoryView, PointId, PointView, SeriesView},
};
use crate::terms::same_unit;

pub use axes::{Axes, Axis, Tick};
pub(super) use growth::{GrowthParts, growth_chart};
pub use words::{chart_note, left_out_text, not_charted_text, nothing_to_draw_text};

/// The history of one quantity as a picture. Made by [`chart`]; it holds no more than is drawn and said.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Its name: the lines' names.
    pub title: String,
    /// The unit of all its values.
    pub unit: Option<String>,
    /// One line for each set of values that can be compared with each other.
    pub lines: Vec<ChartLine>,
    /// How the paper is divided. None where there is nothing to draw.
    pub axes: Option<Axes>,
    /// The reference range to draw: the only one there is. Of several none is drawn, because each would be held against
    /// the other lines' values.
    pub band: Option<Band>,
    /// The marks that stand at some point, for a legend.
    pub marks: Vec<Mark>,
    /// Lines of the history in another unit: they stand in the table only.
    pub left_out: Vec<LeftOut>,
    /// Values of the drawn lines that have no place on an axis (texts, ranges, no day): they stand in the table only.
    pub not_charted: usize,
    /// Curves of a reference, in a chart of growth; elsewhere none.
    pub curves: Vec<ReferenceCurve>,
    /// What the horizontal axis is, where it is not the calendar: the age of a child.
    pub along: Option<String>,
    /// Whose curves, with the edition; to be written on the chart wherever it goes.
    pub edition: Option<String>,
    /// The chart in one sentence, for those who hear it.
    pub text: String,
}

/// A curve of a reference, to be drawn behind the values.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceCurve {
    /// Which percentile: `"3"` … `"97"`.
    pub name: String,
    /// The one in the middle.
    pub is_middle: bool,
    /// Whether a line may join its points. Where a reference is known at single ages only, none may: they are drawn as dots.
    pub joined: bool,
    /// Its points, from the left.
    pub points: Vec<ReferenceDot>,
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceDot {
    /// Days of age.
    pub at: f64,
    /// The value in the unit of the chart.
    pub height: f64,
    /// From the left edge of the plot area (0) to the right one (1).
    pub x: f64,
    /// From the bottom of the plot area (0) to its top (1).
    pub y: f64,
}

/// Values that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartLine {
    /// What sets it apart from the others, for example the method.
    pub name: String,
    /// Its points, the earliest first.
    pub points: Vec<ChartPoint>,
    /// The reference range its newest value came with.
    pub range: Option<ReferenceRange>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartPoint {
    /// The record, or the day of samples.
    pub record: PointId,
    /// The day, as days since 0001-01-01 counted from 1 (chrono's `num_days_from_ce`); in a chart of growth the age in days that
    /// is read.
    pub day: i32,
    /// The date as known: `2024-05-03`, `2024-05` or `2024`.
    pub date: String,
    /// Its height in the unit of the chart.
    pub height: f64,
    /// The value as measured.
    pub value: String,
    /// Outside of the reference range.
    pub mark: Option<Mark>,
    /// Placed by the corrected age of a child born early.
    pub corrected: bool,
    /// From the left edge of the plot area (0) to the right one (1).
    pub x: f64,
    /// From the bottom of the plot area (0) to its top (1).
    pub y: f64,
    /// The point in words: date, value with unit, and where it stands.
    pub text: String,
}

/// What the sender said about a value. It is never judged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Above the reference range.
    High,
    /// Below the reference range.
    Low,
    /// Abnormal in another way.
    Abnormal,
}

/// A reference range in the unit of the chart; either end may be open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReferenceRange {
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
}

/// The reference range as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Its limits.
    pub range: ReferenceRange,
    /// Its lower edge from the bottom of the plot area (0) to the top (1); 0 where it is open.
    pub bottom: f64,
    /// Its upper edge; 1 where it is open.
    pub top: f64,
    /// The line whose it is, where it is not everybody's.
    pub owner: Option<String>,
    /// The range in words, with its owner.
    pub text: String,
}

/// A line that is not drawn, because one axis has one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: Option<String>,
}

impl Chart {
    /// Every point of every line.
    pub fn points(&self) -> impl Iterator<Item = &ChartPoint> {
        self.lines.iter().flat_map(|line| &line.points)
    }

    /// Whether there are several lines, which then need telling apart.
    pub const fn is_several(&self) -> bool {
        self.lines.len() > 1
    }

    /// First and last day; none without a point.
    pub fn days(&self) -> Option<(i32, i32)> {
        Some((self.points().map(|point| point.day).min()?, self.points().map(|point| point.day).max()?))
    }
}

/// The chart of a history: every line in the unit of the first; the others are named in `left_out`. *Instant*.
pub fn chart(history: &HistoryView, language: Language) -> Chart {
    let unit = |one: &SeriesView| one.unit.clone().unwrap_or_default();
    let first = history.series.first().map(unit).unwrap_or_default();
    let (drawn, others): (Vec<&SeriesView>, Vec<&SeriesView>) = history.series.iter().partition(|one| same_unit(&unit(one), &first));
    let left_out = others.into_iter().map(|one| LeftOut { name: one.name.clone(), unit: one.unit.clone() }).collect();
    laid_out(&drawn, left_out, language)
}

/// The chart of one line alone. *Instant*.
pub fn series_chart(series: &SeriesView, language: Language) -> Chart {
    laid_out(&[series], Vec::new(), language)
}

/// What the sender said about a value, by its flag (HL7 table 0078 as far as it is a mark).
pub fn mark_of(point: &PointView) -> Option<Mark> {
    match point.flag.as_deref()? {
        "H" | "HH" | "HU" | ">" => Some(Mark::High),
        "L" | "LL" | "LU" | "<" => Some(Mark::Low),
        "N" => None,
        _ => Some(Mark::Abnormal),
    }
}

fn laid_out(series: &[&SeriesView], left_out: Vec<LeftOut>, language: Language) -> Chart {
    let mut lines: Vec<ChartLine> = series.iter().map(|one| line(one, language)).collect();
    let shared = shared_range(&lines);
    let axes = axes::axes(lines.iter().flat_map(|line| &line.points), shared);
    if let Some(axes) = &axes {
        for point in lines.iter_mut().flat_map(|line| &mut line.points) {
            (point.x, point.y) = (axes.x.place(f64::from(point.day)), axes.y.place(point.height));
        }
    }
    let unit = series.iter().find_map(|one| one.unit.clone());
    let band = axes.as_ref().zip(shared).map(|(axes, range)| {
        let owner = owner(&lines).map(str::to_owned);
        let text = words::band_text(range, unit.as_deref(), owner.as_deref(), language);
        let (bottom, top) = (range.low.map_or(0.0, |low| axes.y.place(low)), range.high.map_or(1.0, |high| axes.y.place(high)));
        Band { range, bottom, top, owner, text }
    });
    let points = || lines.iter().flat_map(|line| &line.points);
    let marks = [Mark::High, Mark::Low, Mark::Abnormal].into_iter().filter(|mark| points().any(|point| point.mark == Some(*mark)));
    let marks = marks.collect();
    let not_charted = series.iter().map(|one| one.points.len()).sum::<usize>() - points().count();
    let title = series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("・");
    let text = words::chart_text(&title, unit.as_deref(), &lines, band.as_ref(), language);
    Chart { title, unit, lines, axes, band, marks, left_out, not_charted, curves: Vec::new(), along: None, edition: None, text }
}

/// The line of a series. The height is for the place on the paper; what is written is the value as measured.
fn line(series: &SeriesView, language: Language) -> ChartLine {
    let range = series.points.last().and_then(|point| {
        let range = ReferenceRange { low: point.low.and_then(as_float), high: point.high.and_then(as_float) };
        (range.low.is_some() || range.high.is_some()).then_some(range)
    });
    let points = series.points.iter().filter_map(|point| {
        let mark = mark_of(point);
        Some(ChartPoint {
            record: point.record,
            day: point.day_number?,
            date: point.date.clone()?,
            height: as_float(point.height?)?,
            value: point.value.clone(),
            mark,
            corrected: false,
            x: 0.0,
            y: 0.0,
            text: words::point_text(point, mark, language),
        })
    });
    ChartLine { name: series.name.clone(), points: points.collect(), range }
}

pub(super) fn as_float(number: Number) -> Option<f64> {
    number.to_string().parse::<f64>().ok().filter(|number| number.is_finite())
}

fn shared_range(lines: &[ChartLine]) -> Option<ReferenceRange> {
    let mut ranges = lines.iter().filter_map(|line| line.range);
    let range = ranges.next()?;
    ranges.all(|other| other == range).then_some(range)
}

fn owner(lines: &[ChartLine]) -> Option<&str> {
    let all = lines.iter().all(|line| line.range.is_some());
    lines.iter().find(|line| line.range.is_some()).filter(|_| !all).map(|line| line.name.as_str())
}
