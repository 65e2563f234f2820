//! A child's values beside the curves of a reference: the same chart, along the age in place of the calendar.

use super::{
    Axes, Chart, ChartLine, ReferenceCurve, ReferenceDot,
    axes::{MONTHS_UNTIL, age_axis, value_axis},
    words,
};
use crate::{insight::growth::Curve, present::Language};

/// What a chart of growth is made of.
pub(in crate::present) struct GrowthParts {
    pub(in crate::present) title: String,
    pub(in crate::present) unit: String,
    /// Points by days of age; [`super::ChartPoint::day`] is the age that is read.
    pub(in crate::present) lines: Vec<ChartLine>,
    pub(in crate::present) curves: Vec<Curve>,
    /// Days of age at the right edge.
    pub(in crate::present) until: f64,
    /// Whose figures, with their edition.
    pub(in crate::present) edition: String,
    /// Values that have no place on it.
    pub(in crate::present) not_charted: usize,
}

pub(in crate::present) fn growth_chart(parts: GrowthParts, language: Language) -> Chart {
    let GrowthParts { title, unit, mut lines, curves, until, edition, not_charted } = parts;
    let mut curves: Vec<ReferenceCurve> = curves.into_iter().map(drawn).collect();
    let axes = laid_out(&mut lines, &mut curves, until);
    let has_corrected = lines.iter().flat_map(|line| &line.points).any(|point| point.corrected);
    let along = words::along_text(until <= MONTHS_UNTIL, has_corrected, language);
    let text = words::growth_text(&title, &unit, &lines, &edition, language);
    Chart {
        title,
        unit: Some(unit),
        lines,
        axes,
        band: None,
        marks: Vec::new(),
        left_out: Vec::new(),
        not_charted,
        curves,
        along: Some(along),
        edition: Some(edition),
        text,
    }
}

fn drawn(curve: Curve) -> ReferenceCurve {
    let dot = |(at, height): (f64, f64)| ReferenceDot { at, height, x: 0.0, y: 0.0 };
    ReferenceCurve {
        name: format!("{}", curve.percentile),
        is_middle: (curve.percentile - 50.0).abs() < 1e-9,
        joined: curve.joined,
        points: curve.points.into_iter().map(dot).collect(),
    }
}

/// Axes that hold every point and every curve, and the places on them.
fn laid_out(lines: &mut [ChartLine], curves: &mut [ReferenceCurve], until: f64) -> Option<Axes> {
    let heights = lines.iter().flat_map(|line| &line.points).map(|point| point.height);
    let heights = heights.chain(curves.iter().flat_map(|curve| &curve.points).map(|dot| dot.height));
    let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), height| (low.min(height), high.max(height)));
    if !low.is_finite() {
        return None;
    }
    let axes = Axes { x: age_axis(until), y: value_axis(low, high) };
    for point in lines.iter_mut().flat_map(|line| &mut line.points) {
        (point.x, point.y) = (axes.x.place(f64::from(point.day)), axes.y.place(point.height));
    }
    for dot in curves.iter_mut().flat_map(|curve| &mut curve.points) {
        (dot.x, dot.y) = (axes.x.place(dot.at), axes.y.place(dot.height));
    }
    Some(axes)
}
