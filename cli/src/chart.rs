//! What a chart shows and how its axes are divided; how it is drawn is in `trend.rs` (terminal) and `svg.rs`.
//!
//! Binary floating point is for the place on the paper only: what is written beside a point is the value as measured.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::terminal::Mark;

/// The history of one quantity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    /// Its name.
    pub(crate) title: String,
    /// The unit of all its values.
    pub(crate) unit: Option<String>,
    /// One line for each set of values that can be compared with each other.
    pub(crate) lines: Vec<Line>,
}

/// Values that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// What sets it apart from the others, for example the method.
    pub(crate) name: String,
    /// Its points, the earliest first.
    pub(crate) points: Vec<ChartPoint>,
    /// The reference range its values came with.
    pub(crate) band: Option<Band>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartPoint {
    /// The day, as days since 0001-01-01 counted from 1 (chrono's `num_days_from_ce`).
    pub(crate) day: i32,
    /// Where to draw it.
    pub(crate) height: f64,
    /// The value as measured.
    pub(crate) value: String,
    /// Outside of the reference range.
    pub(crate) mark: Option<Mark>,
}

/// A reference range; either end may be open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Band {
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

/// How the paper is divided.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axes {
    pub(crate) x: Axis,
    pub(crate) y: Axis,
}

/// One axis: from where to where, and what is written along it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Chart {
    /// Every point of every line.
    pub(crate) fn points(&self) -> impl Iterator<Item = &ChartPoint> {
        self.lines.iter().flat_map(|line| &line.points)
    }

    /// Whether there are several lines, which then need telling apart.
    pub(crate) const fn is_several(&self) -> bool {
        self.lines.len() > 1
    }

    /// The reference range to draw: the only one there is. Of several none is drawn, because each would be held against
    /// the other lines' values.
    pub(crate) fn band(&self) -> Option<Band> {
        let mut bands = self.lines.iter().filter_map(|line| line.band).filter(|band| band.low.is_some() || band.high.is_some());
        let band = bands.next()?;
        bands.all(|other| other == band).then_some(band)
    }

    /// The line whose the band is, where it is not everybody's.
    pub(crate) fn owner_of_band(&self) -> Option<&str> {
        let all = self.lines.iter().all(|line| line.band.is_some());
        self.lines.iter().find(|line| line.band.is_some()).filter(|_| !all).map(|line| line.name.as_str())
    }

    /// First and last day; none without a point.
    pub(crate) fn days(&self) -> Option<(i32, i32)> {
        Some((self.points().map(|point| point.day).min()?, self.points().map(|point| point.day).max()?))
    }

    /// The axes; none where there is nothing to draw.
    pub(crate) fn axes(&self) -> Option<Axes> {
        let (first, last) = self.days()?;
        let band = self.band().into_iter().flat_map(|band| [band.low, band.high]).flatten();
        let heights: Vec<f64> = self.points().map(|point| point.height).chain(band).filter(|height| height.is_finite()).collect();
        let low = heights.iter().copied().reduce(f64::min)?;
        let high = heights.iter().copied().reduce(f64::max)?;
        // Room at both ends, so that the first and the last point do not stand on the frame.
        let margin = f64::from(last - first).mul_add(0.04, 10.0);
        let x = Axis { low: f64::from(first) - margin, high: f64::from(last) + margin, ticks: date_ticks(first, last) };
        Some(Axes { x, y: value_axis(low, high) })
    }
}

/// A day as a calendar date.
pub(crate) fn date(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default()
}

/// From a round number below to a round number above, in round steps.
fn value_axis(low: f64, high: f64) -> Axis {
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
    Axis { low: first * step, high: last * step, ticks }
}

/// Days worth writing between two days: years, months or days, at most ten of them.
fn date_ticks(first: i32, last: i32) -> Vec<(f64, String)> {
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

#[cfg(test)]
pub(crate) mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    pub(crate) fn point(day: &str, value: &str, mark: Option<Mark>) -> ChartPoint {
        let day = day.parse::<NaiveDate>().unwrap().num_days_from_ce();
        ChartPoint { day, height: value.parse().unwrap(), value: value.to_owned(), mark }
    }

    pub(crate) fn alp() -> Chart {
        let jscc = [("2015-06-01", "210"), ("2016-06-03", "225"), ("2018-05-30", "240"), ("2019-06-11", "231")];
        let ifcc = [("2021-06-02", "82"), ("2022-06-07", "88"), ("2023-06-05", "121"), ("2024-06-03", "95")];
        let band = Band { low: Some(38.0), high: Some(113.0) };
        let line = |name: &str, values: &[(&str, &str)], band: Option<Band>| Line {
            name: name.to_owned(),
            band,
            points: values.iter().map(|(day, value)| point(day, value, (*value == "121").then_some(Mark::High))).collect(),
        };
        Chart {
            title: "アルカリフォスファターゼ <ALP> & 仲間".to_owned(),
            unit: Some("U/L".to_owned()),
            lines: vec![line("JSCC法", &jscc, None), line("IFCC法", &ifcc, Some(band))],
        }
    }

    pub(crate) fn single(values: &[(&str, &str)]) -> Chart {
        let points = values.iter().map(|(day, value)| point(day, value, None)).collect();
        Chart {
            title: "尿酸".to_owned(),
            unit: Some("mg/dL".to_owned()),
            lines: vec![Line { name: "尿酸".to_owned(), points }],
            band: None,
        }
    }

    #[test]
    fn every_point_and_the_band_are_inside_the_axes() {
        for chart in [alp(), single(&[("2024-05-03", "5.60")]), single(&[("2024-05-03", "0"), ("2024-05-03", "-0.3")])] {
            let axes = chart.axes().unwrap();
            for point in chart.points() {
                let day = f64::from(point.day);
                assert!(axes.x.low < day && day < axes.x.high && axes.y.low <= point.height && point.height <= axes.y.high, "{point:?}");
            }
            assert!((2..=12).contains(&axes.y.ticks.len()), "{:?}", axes.y.ticks);
            assert!((1..=10).contains(&axes.x.ticks.len()), "{:?}", axes.x.ticks);
        }
        assert_eq!(single(&[]).axes(), None);
    }

    #[test]
    fn a_range_is_drawn_only_where_there_is_one_and_says_whose_it_is() {
        let mut chart = alp();
        assert_eq!((chart.band().and_then(|band| band.high), chart.owner_of_band()), (Some(113.0), Some("IFCC法")));
        for line in &mut chart.lines {
            line.band = Some(Band { low: Some(38.0), high: Some(113.0) });
        }
        assert_eq!((chart.band().and_then(|band| band.high), chart.owner_of_band()), (Some(113.0), None));
        chart.lines.first_mut().unwrap().band = Some(Band { low: Some(115.0), high: Some(359.0) });
        assert_eq!(chart.band(), None);
    }

    #[test]
    fn values_are_divided_in_round_steps() {
        let labels = |low, high| value_axis(low, high).ticks.into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(38.0, 240.0), ["0", "50", "100", "150", "200", "250", "300"]);
        assert_eq!(labels(5.2, 6.1), ["5.0", "5.2", "5.4", "5.6", "5.8", "6.0", "6.2"]);
        assert_eq!(labels(0.0, 0.0), ["-0.6", "-0.4", "-0.2", "0.0", "0.2", "0.4", "0.6"]);
    }

    #[test]
    fn days_are_divided_by_the_calendar() {
        let labels = |chart: &Chart| chart.axes().unwrap().x.ticks.into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(&alp()), ["2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024"]);
        assert_eq!(labels(&single(&[("2024-01-15", "1"), ("2024-06-02", "2")])), ["2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]);
        assert_eq!(labels(&single(&[("2024-05-03", "1")])), ["2024-05-03"]);
        let long = labels(&single(&[("1951-05-03", "1"), ("2024-05-03", "1")]));
        assert_eq!(long, ["1960", "1970", "1980", "1990", "2000", "2010", "2020"]);
    }
}
