//! Which line of a chart a record belongs to.

use crate::{
    record::{Body, Coding, Fact, Standing, Value},
    terms::{canonical_unit, quantity_of},
};

/// One line of a chart: values under one key are comparable, values under two are not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// A quantity's id (`"systolic"`), or `system|code|unit` for what our table does not know.
    pub key: String,
    /// The code as received, for finding the series by code.
    pub code: String,
    /// What to call it where the table has no name.
    pub label: String,
}

/// The series of a fact; none for what is no observation with a code, has no result, or contradicts itself.
pub fn series_of(fact: &Fact) -> Option<Series> {
    let Body::Observation(observation) = &fact.body else { return None };
    if matches!(fact.standing, Standing::Quarantined(_)) || matches!(observation.value, Value::Absent { .. }) {
        return None;
    }
    let unit = observation.unit.as_ref().map(|unit| canonical_unit(unit.ucum.as_deref().unwrap_or(&unit.shown))).unwrap_or_default();
    let is_number = matches!(observation.value, Value::Number { .. });
    let known = fact.concept.codings.iter().find_map(|coding| {
        let quantity = quantity_of(coding.system.as_deref(), &coding.code)?;
        // A value in another unit is another line: nothing is converted. A bare number is in the item's own unit.
        (!is_number || unit.is_empty() || quantity.ucum.is_some_and(|own| canonical_unit(own) == unit)).then_some((quantity, coding))
    });
    if let Some((quantity, coding)) = known {
        return Some(Series { key: quantity.id.to_owned(), code: coding.code.clone(), label: quantity.japanese.to_owned() });
    }
    let coding: &Coding = fact.concept.leading()?;
    let system = coding.canonical_system().unwrap_or_default();
    Some(Series { key: format!("{system}|{}|{unit}", coding.code), code: coding.code.clone(), label: fact.title.clone() })
}
