//! The chart in the terminal: a Braille line with a letter or sign at each point, so that it reads without colour and
//! in every font width.

use chrono::NaiveDate;
use ratatui_core::{buffer::Buffer, layout::Rect, symbols::Marker, widgets::Widget as _};
use ratatui_widgets::chart::{Axis as DrawnAxis, Chart as DrawnChart, Dataset, GraphType};
use techo_core::present::{Axes, Chart, Language};
use unicode_width::UnicodeWidthStr as _;

use crate::terminal::plain;

/// Signs of the lines, one column wide in every terminal (●▲■ are two in many Japanese ones).
const SIGNS: [char; 6] = ['o', 'x', '+', '*', '#', '@'];
/// Of a value that is placed by the corrected age.
const CORRECTED: char = '@';
/// What a chart needs to be worth drawing.
const LEAST: (u16, u16) = (30, 8);

/// The chart as lines of text, `columns` wide; empty where there is nothing to draw.
pub(crate) fn trend(chart: &Chart, columns: usize, language: Language) -> Vec<String> {
    let Some(axes) = &chart.axes else { return Vec::new() };
    let width = u16::try_from(columns).unwrap_or(u16::MAX).clamp(LEAST.0, 120);
    let height = (width / 5).clamp(LEAST.1, 20);
    let mut lines = vec![heading(chart)];
    lines.extend(drawn(chart, axes, width, height));
    lines.push(String::new());
    lines.extend(legend(chart, language));
    lines
}

fn heading(chart: &Chart) -> String {
    let unit = chart.unit.as_deref().map(|unit| format!(" [{}]", plain(unit))).unwrap_or_default();
    format!("{}{unit}", plain(&chart.title))
}

fn drawn(chart: &Chart, axes: &Axes, width: u16, height: u16) -> Vec<String> {
    if chart.along.is_some() {
        return grown(chart, axes, width, height);
    }
    let Some((first, last)) = chart.days() else { return Vec::new() };
    // The labels of the horizontal axis are spread evenly, so that the ends are the first and the last day.
    let (from, until) = if first == last { (first - 1, last + 1) } else { (first, last) };
    let x_labels = if first == last {
        vec![String::new(), date(first).to_string(), String::new()]
    } else {
        vec![date(first).to_string(), date(i32::midpoint(first, last)).to_string(), date(last).to_string()]
    };
    let bounds = [f64::from(from), f64::from(until)];
    let coordinates: Vec<Vec<(f64, f64)>> =
        chart.lines.iter().map(|line| line.points.iter().map(|point| (f64::from(point.day), point.height)).collect()).collect();
    let flagged: Vec<(char, [(f64, f64); 1])> = chart
        .points()
        .filter(|_| !chart.is_several())
        .filter_map(|point| Some((point.mark?.sign().chars().next()?, [(f64::from(point.day), point.height)])))
        .collect();
    let limits: Vec<Vec<(f64, f64)>> = chart
        .band
        .iter()
        .flat_map(|band| [band.range.low, band.range.high])
        .flatten()
        .map(|height| dotted(bounds, height, width))
        .collect();

    let mut sets: Vec<Dataset<'_>> = Vec::new();
    sets.extend(limits.iter().map(|limit| Dataset::default().marker(Marker::Custom('-')).graph_type(GraphType::Scatter).data(limit)));
    sets.extend(coordinates.iter().map(|line| Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line).data(line)));
    for (line, sign) in coordinates.iter().zip(SIGNS.into_iter().cycle()) {
        sets.push(Dataset::default().marker(Marker::Custom(sign)).graph_type(GraphType::Scatter).data(line));
    }
    for (sign, place) in &flagged {
        sets.push(Dataset::default().marker(Marker::Custom(*sign)).graph_type(GraphType::Scatter).data(place));
    }
    let y_labels: Vec<String> = axes.y.ticks.iter().map(|tick| tick.label.clone()).collect();
    let drawn = DrawnChart::new(sets)
        .x_axis(DrawnAxis::default().bounds(bounds).labels(x_labels))
        .y_axis(DrawnAxis::default().bounds([axes.y.low, axes.y.high]).labels(y_labels))
        .legend_position(None);
    rendered(drawn, width, height)
}

/// A child's points along its age, over the curves of the reference.
fn grown(chart: &Chart, axes: &Axes, width: u16, height: u16) -> Vec<String> {
    let curves: Vec<(bool, Vec<(f64, f64)>)> =
        chart.curves.iter().map(|curve| (curve.joined, curve.points.iter().map(|dot| (dot.at, dot.height)).collect())).collect();
    // The curves in small dots, or single ones; the child's points as signs over them.
    let mut sets: Vec<Dataset<'_>> = Vec::new();
    for (joined, points) in &curves {
        let (marker, kind) = if *joined { (Marker::Braille, GraphType::Line) } else { (Marker::Custom('.'), GraphType::Scatter) };
        sets.push(Dataset::default().marker(marker).graph_type(kind).data(points));
    }
    let signs: Vec<(char, Vec<(f64, f64)>)> = chart
        .lines
        .iter()
        .zip(SIGNS)
        .flat_map(|(line, sign)| {
            let of = |corrected: bool| -> Vec<(f64, f64)> {
                let own = line.points.iter().filter(|point| point.corrected == corrected);
                own.map(|point| (f64::from(point.day), point.height)).collect()
            };
            [(sign, of(false)), (CORRECTED, of(true))]
        })
        .collect();
    for (sign, points) in &signs {
        sets.push(Dataset::default().marker(Marker::Custom(*sign)).graph_type(GraphType::Scatter).data(points));
    }
    // The labels are spread evenly from end to end: of the ticks, which are even too, the first and the last one.
    let ends = [axes.x.ticks.first(), axes.x.ticks.last()];
    let [Some(first), Some(last)] = ends else { return Vec::new() };
    let labels: Vec<String> = axes.x.ticks.iter().map(|tick| tick.label.clone()).collect();
    let y_labels: Vec<String> = axes.y.ticks.iter().map(|tick| tick.label.clone()).collect();
    let drawn = DrawnChart::new(sets)
        .x_axis(DrawnAxis::default().bounds([first.at, last.at]).labels(labels))
        .y_axis(DrawnAxis::default().bounds([axes.y.low, axes.y.high]).labels(y_labels))
        .legend_position(None);
    rendered(drawn, width, height)
}

fn rendered(drawn: DrawnChart<'_>, width: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    drawn.render(area, &mut buffer);
    (0..height)
        .map(|row| {
            let cells = (0..width).filter_map(|column| Some(buffer.cell((column, row))?.symbol()));
            cells.collect::<String>().trim_end().to_owned()
        })
        .collect()
}

/// A line of single dashes across the chart.
fn dotted(bounds: [f64; 2], height: f64, width: u16) -> Vec<(f64, f64)> {
    let [from, until] = bounds;
    let dashes = (width / 3).max(2);
    (0..=dashes).map(|dash| ((until - from).mul_add(f64::from(dash) / f64::from(dashes), from), height)).collect()
}

fn legend(chart: &Chart, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    if chart.is_several() {
        lines.extend(chart.lines.iter().zip(SIGNS.into_iter().cycle()).map(|(line, sign)| format!("  {sign}  {}", plain(&line.name))));
    } else {
        lines.extend(chart.marks.iter().map(|mark| format!("  {}", mark.legend(language))));
    }
    lines.extend(chart.band.iter().map(|band| format!("  -  {}", plain(&band.text))));
    lines.extend(chart.along.iter().map(|along| format!("  {}", plain(&along.replace('◯', &CORRECTED.to_string())))));
    lines.extend(chart.edition.iter().map(|edition| format!("  {}", plain(&curves_of(chart, edition)))));
    lines.retain(|line| line.width() > 0);
    lines
}

/// Which percentiles, by whose figures.
fn curves_of(chart: &Chart, edition: &str) -> String {
    let names: Vec<&str> = chart.curves.iter().map(|curve| curve.name.as_str()).collect();
    format!("{} {edition}", names.join("/")).trim().to_owned()
}

/// A day as a calendar date.
fn date(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart_samples::{alp, flagged, single, titled};

    #[test]
    fn each_line_has_a_sign_of_its_own_at_each_of_its_points() {
        let shown = trend(&alp(), 100, Language::Japanese);
        let (picture, legend) = shown.split_at(21);
        let count = |sign: char| picture.iter().skip(1).map(|line| line.matches(sign).count()).sum::<usize>();
        assert_eq!((count('o'), count('x')), (4, 4), "{}", shown.join("\n"));
        assert!(picture.iter().any(|line| line.contains("2015-06-01") && line.contains("2024-06-03")), "{}", shown.join("\n"));
        let legend = legend.join("\n");
        assert!(
            legend.contains("o  JSCC法") && legend.contains("x  IFCC法") && legend.contains("基準範囲 38–113 U/L (IFCC法)"),
            "{legend}"
        );
    }

    #[test]
    fn a_single_line_shows_high_and_low_as_letters() {
        let chart = flagged(&[("2020-04-01", "7.8", "H"), ("2022-04-01", "5.0", "N"), ("2024-04-01", "1.9", "L")], Language::English);
        let shown = trend(&chart, 60, Language::English).join("\n");
        assert!(shown.contains("H = above") && shown.contains("L = below") && !shown.contains("! ="), "{shown}");
        let picture: String = shown.lines().skip(1).take_while(|line| !line.is_empty()).collect();
        assert_eq!(["H", "L", "o"].map(|sign| picture.matches(sign).count()), [1, 1, 1], "{shown}");
    }

    #[test]
    fn any_terminal_and_any_number_of_points_will_do() {
        for columns in [0, 1, 20, 79, 80, 500] {
            for chart in [single(&[]), single(&[("2024-05-03", "5.60")]), alp()] {
                for line in trend(&chart, columns, Language::English) {
                    assert!(line.width() <= columns.max(60), "{columns}: {line}");
                }
            }
        }
        assert!(trend(&single(&[]), 80, Language::English).is_empty());
    }

    #[test]
    fn a_title_cannot_write_on_the_terminal() {
        let chart = titled("尿酸\u{1b}[31m");
        assert!(!trend(&chart, 80, Language::English).join("\n").contains('\u{1b}'));
    }
}
