//! A chart as SVG inside the report, from the one chart model: the same places as on every screen, told apart by shape as
//! well as by colour, and readable in grey.

use std::fmt::Write as _;

use crate::{
    present::{Chart, ChartPoint, ReferenceCurve},
    transfer::markup::escaped,
};

// Two stand side by side on the paper, and are still read there.
const WIDTH: f64 = 430.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 20.0;
const FOOT: f64 = 30.0;
/// Colours that stay apart for every kind of colour vision (Okabe and Ito, 2008).
const COLOURS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];
/// Points of which every value is written; beyond it the first, the last and what is out of range.
const WRITTEN: usize = 8;
/// Days that are written along the foot; of more every other one.
const DAYS: usize = 6;

/// The picture; none where there is nothing to draw.
pub(super) fn svg(chart: &Chart) -> Option<String> {
    let axes = chart.axes.as_ref()?;
    let (across, up) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - FOOT);
    let x = |place: f64| place.mul_add(across, LEFT);
    let y = |place: f64| (1.0 - place).mul_add(up, TOP);
    let unit = chart.unit.as_deref().map(|unit| format!(" [{unit}]")).unwrap_or_default();
    let mut out = format!(
        "<svg role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" class=\"chart\"><title>{}{}</title><desc>{}</desc>\n",
        escaped(&chart.title),
        escaped(&unit),
        escaped(&chart.text),
    );
    if let Some(band) = &chart.band {
        let (top, bottom) = (y(band.top), y(band.bottom));
        let _ = writeln!(
            out,
            "<rect x=\"{LEFT}\" y=\"{top:.1}\" width=\"{across:.1}\" height=\"{:.1}\" fill=\"#e1e8f0\"/>",
            (bottom - top).max(0.0)
        );
    }
    for tick in &axes.y.ticks {
        let at = y(tick.place);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at:.1}h{across:.1}\" stroke=\"#ccc\" stroke-width=\"0.7\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            escaped(&tick.label)
        );
    }
    let step = if axes.x.ticks.len() > DAYS { 2 } else { 1 };
    for tick in axes.x.ticks.iter().step_by(step) {
        let at = x(tick.place);
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {:.1}v5\" stroke=\"#444\" stroke-width=\"0.7\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - FOOT,
            HEIGHT - FOOT + 18.0,
            escaped(&tick.label)
        );
    }
    let _ = writeln!(out, "<path d=\"M{LEFT} {TOP}v{up:.1}h{across:.1}\" fill=\"none\" stroke=\"#444\"/>");
    for curve in &chart.curves {
        reference(&mut out, curve, x, y);
    }
    for (number, line) in chart.lines.iter().enumerate() {
        let colour = COLOURS.iter().cycle().nth(number).copied().unwrap_or("#000000");
        let places: Vec<String> = line.points.iter().map(|point| format!("{:.1},{:.1}", x(point.x), y(point.y))).collect();
        let _ = writeln!(out, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>", places.join(" "));
        let count = line.points.len();
        for (place, point) in line.points.iter().enumerate() {
            let is_written = count <= WRITTEN || place == 0 || place + 1 == count || point.mark.is_some();
            shape(&mut out, number, x(point.x), y(point.y), colour);
            if is_written {
                value(&mut out, point, x(point.x), y(point.y));
            }
        }
    }
    out.push_str("</svg>\n");
    Some(out)
}

/// A curve of a reference with its percentile at its right end; dots where no line may join them.
fn reference(out: &mut String, curve: &ReferenceCurve, x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) {
    let width = if curve.is_middle { 1.6 } else { 0.8 };
    if curve.joined {
        let places: Vec<String> = curve.points.iter().map(|dot| format!("{:.1},{:.1}", x(dot.x), y(dot.y))).collect();
        let _ = writeln!(out, "<polyline points=\"{}\" fill=\"none\" stroke=\"#888\" stroke-width=\"{width}\"/>", places.join(" "));
    } else {
        for dot in &curve.points {
            let _ = writeln!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{width}\" fill=\"#888\"/>", x(dot.x), y(dot.y));
        }
    }
    if let Some(last) = curve.points.last() {
        let _ =
            writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"#555\">{}</text>", x(last.x) + 2.0, y(last.y) + 3.0, escaped(&curve.name));
    }
}

/// A circle, a square, a triangle or a diamond.
fn shape(out: &mut String, number: usize, x: f64, y: f64, colour: &str) {
    let _ = match number % 4 {
        0 => writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.6\" fill=\"{colour}\"/>"),
        1 => writeln!(out, "<path d=\"M{:.1} {:.1}h7v7h-7z\" fill=\"{colour}\"/>", x - 3.5, y - 3.5),
        2 => writeln!(out, "<path d=\"M{x:.1} {:.1}l4.5 8h-9z\" fill=\"{colour}\"/>", y - 5.0),
        _ => writeln!(out, "<path d=\"M{x:.1} {:.1}l5 5l-5 5l-5 -5z\" fill=\"{colour}\"/>", y - 5.0),
    };
}

/// The value as measured above its point, with H or L.
fn value(out: &mut String, point: &ChartPoint, x: f64, y: f64) {
    let mark = point.mark.map(|mark| format!(" {}", mark.sign())).unwrap_or_default();
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}{mark}</text>", y - 7.0, escaped(&point.value));
}
