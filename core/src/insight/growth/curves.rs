//! The curves of a reference, for a chart.

use super::{MONTH, Measure, PERCENTILES, Reference, SCORES, lms::toward, tables};
use crate::record::Sex;

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Which percentile.
    pub percentile: f64,
    /// Days of age and value, the youngest first.
    pub points: Vec<(f64, f64)>,
    /// Whether a line may join them; where the reference is known at single ages only, none may.
    pub joined: bool,
}

/// The curves of a measure to this age in days, the lowest first; none where the reference does not have it.
pub fn curves(reference: Reference, measure: Measure, sex: Sex, until: f64) -> Vec<Curve> {
    let (mut ages, joined) = ages(reference, measure, sex);
    if joined {
        end_at(&mut ages, until);
    }
    let curve = |(percentile, place): (&f64, usize)| {
        let points = ages.iter().filter(|(day, _)| *day <= until).filter_map(|(day, values)| Some((*day, *values.get(place)?)));
        Curve { percentile: *percentile, points: points.collect(), joined }
    };
    PERCENTILES.iter().zip(0..).map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// Lets the curves end at this age and not at the last age before it that the reference gives.
fn end_at(ages: &mut Vec<(f64, [f64; 7])>, until: f64) {
    let Some(after) = ages.iter().position(|(day, _)| *day > until) else { return };
    let pair = after.checked_sub(1).and_then(|before| ages.get(before)).copied().zip(ages.get(after).copied());
    let Some(((from, mut values), (to, next))) = pair else { return };
    for (own, next) in values.iter_mut().zip(next) {
        *own = toward(*own, next, (until - from) / (to - from));
    }
    ages.truncate(after);
    ages.push((until, values));
}

/// The values of the curves at the ages the reference gives, in days.
fn ages(reference: Reference, measure: Measure, sex: Sex) -> (Vec<(f64, [f64; 7])>, bool) {
    match (reference, measure) {
        (Reference::Japan2023, _) => {
            let bands = tables::bands(measure, sex);
            let end = bands.last().map(|band| (band.to * MONTH, band.curves));
            (bands.iter().map(|band| (band.at * MONTH, band.curves)).chain(end).collect(), true)
        }
        (Reference::Japan2000, Measure::Height) => {
            let rows = tables::heights(sex).iter().zip(0_u32..);
            let values = |(mean, deviation): &(f64, f64)| SCORES.map(|score| deviation.mul_add(score, *mean));
            (rows.map(|(row, year)| (f64::from(year) * 12.0 * MONTH, values(row))).collect(), false)
        }
        (Reference::Japan2000, Measure::Bmi) => {
            let months = (0_u32..=211).filter_map(|month| {
                let lms = tables::bmi_2000(sex, f64::from(month)).ok()?;
                Some((f64::from(month) * MONTH, SCORES.map(|score| lms.value(score))))
            });
            (months.collect(), true)
        }
        (Reference::Japan2000, Measure::Weight | Measure::Head) => (Vec::new(), true),
        (Reference::Who, _) => {
            let knots = tables::knots(measure, sex).iter();
            (knots.map(|knot| (knot.day, SCORES.map(|score| knot.lms.value(score)))).collect(), true)
        }
    }
}
