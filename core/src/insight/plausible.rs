//! Finds records that contradict themselves: a unit that is not the item's, a value no living person can have. They are
//! kept and shown, never charted.

use crate::{
    record::{Body, Fact, Reason, Standing, Value},
    terms::{item, quantity_of, same_unit},
};

/// How far `fact` can be trusted: what its reader said, or a contradiction between item, unit and value.
pub fn standing(fact: &Fact) -> Standing {
    if matches!(fact.standing, Standing::Quarantined(_)) {
        return fact.standing;
    }
    let Body::Observation(observation) = &fact.body else { return fact.standing };
    let Value::Number { decimal, .. } = &observation.value else { return fact.standing };
    for coding in &fact.concept.codings {
        let system = coding.system.as_deref();
        let unit = observation.unit.as_ref().map(|unit| unit.ucum.as_deref().unwrap_or(&unit.shown)).filter(|unit| !unit.is_empty());
        // Only the checkup masters fix one unit for an item; elsewhere another unit is another series, not a mistake.
        if let (Some(master), Some(unit)) = (system.and_then(|system| item(Some(system), &coding.code)), unit) {
            let shown = observation.unit.as_ref().map_or("", |unit| unit.shown.as_str());
            let fits = |own: Option<&str>| own.is_some_and(|own| same_unit(own, unit) || same_unit(own, shown));
            if master.ucum.is_some() && !fits(master.ucum) && !fits(master.shown_unit) {
                return Standing::Quarantined(Reason::Unit);
            }
        }
        if let Some(quantity) = quantity_of(system, &coding.code) {
            let in_its_unit =
                unit.is_none() || quantity.ucum.is_none() || unit.zip(quantity.ucum).is_some_and(|(unit, own)| same_unit(unit, own));
            let value = decimal.number();
            if in_its_unit && quantity.plausible.is_some_and(|(low, high)| value < low || value > high) {
                return Standing::Quarantined(Reason::Range);
            }
        }
    }
    fact.standing
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{
        insight::series_of,
        record::{Coding, Concept, Observation, Unit},
        terms::Kind,
    };

    fn measured(system: &str, code: &str, value: &str, unit: &str) -> Fact {
        let mut observation = Observation::new(Value::Number { comparator: None, decimal: value.parse().unwrap() });
        observation.unit = Some(Unit { shown: unit.to_owned(), ucum: Some(unit.to_owned()) });
        Fact {
            kind: Kind::Measurement,
            title: "身長".to_owned(),
            concept: Concept::of(Coding::new(system, code)),
            when: None,
            body: Body::Observation(observation),
            at: String::new(),
            said_by: None,
            standing: Standing::Understood,
        }
    }

    #[test]
    fn a_height_in_the_place_of_a_pressure_is_quarantined() {
        let checkup = "1.2.392.200119.6.1005";
        assert_eq!(standing(&measured(checkup, "9N001000000000001", "162.3", "cm")), Standing::Understood);
        assert_eq!(standing(&measured(checkup, "9N001000000000001", "128", "mm[Hg]")), Standing::Quarantined(Reason::Unit));
        assert_eq!(standing(&measured(checkup, "9N001000000000001", "1623", "cm")), Standing::Quarantined(Reason::Range));
    }

    #[test]
    fn another_unit_outside_the_checkup_masters_is_another_series() {
        let molar = measured("http://loinc.org", "2093-3", "5.2", "mmol/L");
        assert_eq!(standing(&molar), Standing::Understood);
        assert_eq!(series_of(&molar).unwrap().key, "http://loinc.org|2093-3|mmol/L");
        assert_eq!(series_of(&measured("http://loinc.org", "2093-3", "201", "mg/dL")).unwrap().key, "total-cholesterol");
    }

    #[test]
    fn a_contradiction_is_in_no_series() {
        let mut wrong = measured("1.2.392.200119.6.1005", "9N001000000000001", "1623", "cm");
        wrong.standing = standing(&wrong);
        assert_eq!(series_of(&wrong), None);
    }
}
