//! The values of the four measures out of the histories, in one unit for comparing; BMI worked out where weight and height are
//! of one day.

use rust_decimal::Decimal as Number;

use crate::{
    base::{PartialDate, PersonId},
    insight::growth::Measure,
    present::{Language, PointId, history, history::SeriesView},
    terms::canonical_unit,
    vault::{Vault, VaultError},
};

/// One value.
pub(super) struct Told {
    pub(super) record: PointId,
    pub(super) day: Option<PartialDate>,
    /// As measured.
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) home: bool,
    pub(super) computed: bool,
    /// In the measure's unit.
    pub(super) number: Option<f64>,
    exact: Option<Number>,
}

/// The values of every measure, the earliest first.
pub(super) struct All(Vec<(Measure, Vec<Told>)>);

impl All {
    pub(super) fn of(&self, measure: Measure) -> &[Told] {
        self.0.iter().find(|(own, _)| *own == measure).map_or(&[], |(_, told)| told.as_slice())
    }

    /// The last value of a day, of the same place of measuring where there is one.
    pub(super) fn on_day(&self, measure: Measure, day: PartialDate, home: bool) -> Option<&Told> {
        let of_day = || self.of(measure).iter().rev().filter(|told| told.day == Some(day) && told.number.is_some());
        of_day().find(|told| told.home == home).or_else(|| of_day().next())
    }
}

pub(super) fn all(vault: &Vault, person: PersonId, language: Language) -> Result<All, VaultError> {
    let mut all = All(Vec::new());
    for measure in Measure::ALL {
        let mut told: Vec<Told> = Vec::new();
        for series in history(vault, person, measure.quantity(), language)?.series {
            told.extend(values(*measure, &series));
        }
        all.0.push((*measure, told));
    }
    let computed = bodies(&all);
    if let Some((_, told)) = all.0.iter_mut().find(|(measure, _)| *measure == Measure::Bmi) {
        told.extend(computed);
    }
    for (_, told) in &mut all.0 {
        told.sort_by_key(|told| told.day);
    }
    Ok(all)
}

/// The values of a series of this measure; none of another one that answers to its name.
fn values(measure: Measure, series: &SeriesView) -> Vec<Told> {
    let mut parts = series.key.split('|');
    let is_own = parts.clone().any(|part| part == measure.quantity());
    let is_home = parts.next() == Some("home");
    if !is_own {
        return Vec::new();
    }
    let told = |point: &history::PointView| {
        let unit = point.unit.clone().unwrap_or_else(|| measure.unit().to_owned());
        // What is "below" or "above" a number has no place.
        let exact = point.height.filter(|_| point.value.parse::<Number>().is_ok());
        let exact = exact.zip(factor(measure, &unit)).and_then(|(value, factor)| value.checked_mul(factor));
        Told {
            record: point.record,
            day: point.date.as_deref().and_then(|date| date.parse().ok()),
            value: point.value.clone(),
            unit,
            home: is_home,
            computed: false,
            number: exact.and_then(float),
            exact,
        }
    };
    series.points.iter().map(told).collect()
}

/// What a value of this unit is multiplied by for comparing; none where the unit is not one of lengths or weights that we know.
fn factor(measure: Measure, unit: &str) -> Option<Number> {
    match (measure, canonical_unit(unit).as_str()) {
        (Measure::Weight, "kg") | (Measure::Height | Measure::Head, "cm") | (Measure::Bmi, "kg/m2") => Some(Number::ONE),
        (Measure::Weight, "g") => Some(Number::new(1, 3)),
        (Measure::Height | Measure::Head, "mm") => Some(Number::new(1, 1)),
        (Measure::Height | Measure::Head, "m") => Some(Number::ONE_HUNDRED),
        _ => None,
    }
}

fn float(number: Number) -> Option<f64> {
    number.to_string().parse().ok()
}

/// BMI of the days that have weight and height and no BMI of their own.
fn bodies(all: &All) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    for weight in all.of(Measure::Weight) {
        let Some(day) = weight.day.filter(|day| day.known_day().is_some()) else { continue };
        let is_told = all.on_day(Measure::Bmi, day, weight.home).is_some() || found.last().is_some_and(|last| last.day == Some(day));
        let height = all.on_day(Measure::Height, day, weight.home).and_then(|height| height.exact);
        let (Some(weight_exact), Some(height), false) = (weight.exact, height, is_told) else { continue };
        let metres = height.checked_div(Number::ONE_HUNDRED);
        let square = metres.and_then(|metres| metres.checked_mul(metres));
        let Some(exact) = square.and_then(|square| weight_exact.checked_div(square)) else { continue };
        found.push(Told {
            record: weight.record,
            day: Some(day),
            value: exact.round_dp(2).to_string(),
            unit: Measure::Bmi.unit().to_owned(),
            home: weight.home,
            computed: true,
            number: float(exact),
            exact: Some(exact),
        });
    }
    found
}
