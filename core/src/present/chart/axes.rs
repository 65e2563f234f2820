//! How the paper of a chart is divided: round values upwards, days of the calendar along.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::{ChartPoint, ReferenceRange};

/// How the paper is divided.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Along: days, as [`ChartPoint::day`]; days of age in a chart of growth.
    pub x: Axis,
    /// Upwards: values in the unit of the chart.
    pub y: Axis,
}

/// One axis: from where to where, and what is written along it.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The left or lower end.
    pub low: f64,
    /// The right or upper end; always above `low`.
    pub high: f64,
    /// The lines to rule, the lowest first; at most 16.
    pub ticks: Vec<Tick>,
}

/// One line to rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The day or value.
    pub at: f64,
    /// Where it is: 0 at the left or lower end of the axis, 1 at the other.
    pub place: f64,
    /// What is written there.
    pub label: String,
}

impl Axis {
    fn new(low: f64, high: f64, ticks: Vec<(f64, String)>) -> Self {
        let mut axis = Self { low, high, ticks: Vec::new() };
        axis.ticks = ticks.into_iter().map(|(at, label)| Tick { at, place: axis.place(at), label }).collect();
        axis
    }

    /// Where a day or value is: 0 at the low end of the axis, 1 at the high one.
    pub fn place(&self, at: f64) -> f64 {
        ((at - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The axes that hold every point and the range; none where there is no point.
pub(super) fn axes<'a>(points: impl Iterator<Item = &'a ChartPoint> + Clone, range: Option<ReferenceRange>) -> Option<Axes> {
    let (first, last) = (points.clone().map(|point| point.day).min()?, points.clone().map(|point| point.day).max()?);
    let limits = range.into_iter().flat_map(|range| [range.low, range.high]).flatten();
    let heights = points.map(|point| point.height).chain(limits);
    let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), height| (low.min(height), high.max(height)));
    // Room at both ends, so that the first and the last point do not stand on the frame.
    let margin = f64::from(last - first).mul_add(0.04, 10.0);
    let x = Axis::new(f64::from(first) - margin, f64::from(last) + margin, date_ticks(first, last));
    Some(Axes { x, y: value_axis(low, high) })
}

/// Ages up to this many days are counted in months.
pub(super) const MONTHS_UNTIL: f64 = 24.5 * MONTH;
/// Days of a month, as ages are counted.
const MONTH: f64 = 30.4375;

/// From birth to this age in days, counted in months for the first two years and in years for older children.
pub(super) fn age_axis(until: f64) -> Axis {
    let step = if until <= 12.5 * MONTH {
        1
    } else if until <= MONTHS_UNTIL {
        2
    } else if until <= 100.0 * MONTH {
        12
    } else {
        24
    };
    let label = |month: u32| if until <= MONTHS_UNTIL { month } else { month / 12 };
    let ticks = (0..=240_u32).step_by(step).map(|month| (f64::from(month) * MONTH, label(month).to_string()));
    let ticks = ticks.take_while(|(at, _)| *at <= until).collect();
    // A little room, so that a point of the first day does not stand on the frame.
    Axis::new(-until * 0.01, until, ticks)
}

/// From a round number below to a round number above, in round steps.
pub(super) fn value_axis(low: f64, high: f64) -> Axis {
    let (low, high) = if high > low { (low, high) } else { (low - low.abs().mul_add(0.05, 0.5), high + high.abs().mul_add(0.05, 0.5)) };
    let rough = (high - low) / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(power * 10.0);
    let decimals = if step >= 1.0 { 0 } else { (1..=9).find(|digits| step * 10_f64.powi(*digits) >= 0.999).unwrap_or(9) };
    // A third of a step of room at least, for what is written above and below the points.
    let (first, last) = ((low / step - 0.3).floor(), (high / step + 0.3).ceil());
    // No axis below zero for values that are all above it.
    let first = if low >= 0.0 { first.max(0.0) } else { first };
    let digits = usize::try_from(decimals).unwrap_or(0);
    let mut ticks = Vec::new();
    let mut index = first;
    while index <= last && ticks.len() < 16 {
        ticks.push((index * step, format!("{:.digits$}", index * step)));
        index += 1.0;
    }
    Axis::new(first * step, last * step, ticks)
}

/// Days worth writing between two days: years, months or days, at most ten of them.
fn date_ticks(first: i32, last: i32) -> Vec<(f64, String)> {
    let date = |day: i32| NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default();
    let (from, until) = (date(first), date(last));
    let span = last - first;
    let at = |day: NaiveDate, format: &str| (f64::from(day.num_days_from_ce()), day.format(format).to_string());
    if span <= 62 {
        let step = (span / 4).max(1);
        return (0..=4)
            .map(|index| index * step)
            .take_while(|offset| *offset <= span)
            .filter_map(|offset| from.checked_add_days(Days::new(u64::try_from(offset).ok()?)))
            .map(|day| at(day, "%Y-%m-%d"))
            .collect();
    }
    let months = span / 30 + 1;
    let (step, format) = [(1, "%Y-%m"), (2, "%Y-%m"), (3, "%Y-%m"), (6, "%Y-%m"), (12, "%Y"), (24, "%Y"), (60, "%Y"), (120, "%Y")]
        .into_iter()
        .find(|(step, _)| months / step <= 9)
        .unwrap_or((240, "%Y"));
    let mut ticks = Vec::new();
    // In Januaries of round years, or in months of the year's own rhythm.
    let mut next = NaiveDate::from_ymd_opt(from.year() - from.year() % (step / 12).max(1), 1, 1);
    while let Some(day) = next.filter(|day| *day <= until) {
        if day >= from {
            ticks.push(at(day, format));
        }
        next = day.checked_add_months(Months::new(step.unsigned_abs()));
    }
    ticks
}
