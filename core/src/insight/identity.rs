//! When two documents state the same record: the same thing, on the same day (and time, where given), with the same
//! result. The words around it, its place and its document do not matter.

use crate::{
    base::{Fingerprint, PartialDate, fold},
    record::{Body, Coding, Concept, Fact, Unit, Value},
    terms::canonical_unit,
};

/// What makes `fact` of an event on `day` the same record elsewhere. `repeat` counts equal records inside one document:
/// a document that states the same thing twice means two records, and so does the next document that states it twice.
pub fn identity(day: Option<PartialDate>, fact: &Fact, repeat: u32) -> Fingerprint {
    let mut text = String::with_capacity(160);
    let mut put = |part: &str| {
        // Lengths keep "ab"+"c" apart from "a"+"bc".
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    };
    put(&day.map(|day| day.to_string()).unwrap_or_default());
    put(fact.when.as_ref().and_then(|when| when.time.as_deref()).unwrap_or(""));
    put(&same_thing(&fact.concept, &fact.title));
    match &fact.body {
        Body::Observation(observation) => {
            put("observation");
            put(&same_value(&observation.value));
            put(&observation.unit.as_ref().map(unit_key).unwrap_or_default());
        }
        Body::Vaccination(dose) => {
            put("vaccination");
            put(dose.lot.as_deref().map(fold).unwrap_or_default().as_str());
            put(if dose.given { "given" } else { "not given" });
        }
        Body::Medication(medicine) => {
            put("medication");
            put(&format!("{:?}", medicine.stage));
            for part in [&medicine.group, &medicine.dose, &medicine.dose_unit, &medicine.quantity, &medicine.quantity_unit] {
                put(&part.as_deref().map(fold).unwrap_or_default());
            }
            put(&label(medicine.usage.as_ref()));
        }
        Body::Condition(condition) => {
            put("condition");
            put(&label(condition.clinical_status.as_ref()));
            put(&condition.onset.as_deref().map(fold).unwrap_or_default());
        }
        Body::Allergy(allergy) => {
            put("allergy");
            put(&label(allergy.clinical_status.as_ref()));
            allergy.reactions.iter().for_each(|reaction| put(&fold(reaction)));
        }
        Body::Procedure(procedure) => {
            put("procedure");
            procedure.body_sites.iter().for_each(|site| put(&label(Some(site))));
        }
        Body::Expense(expense) => {
            put("expense");
            put(&expense.class.as_deref().map(fold).unwrap_or_default());
            for amount in [&expense.points, &expense.total, &expense.own_share, &expense.days] {
                put(&amount.as_ref().map(|amount| amount.number().normalize().to_string()).unwrap_or_default());
            }
        }
        Body::Narrative(narrative) => {
            put("narrative");
            put(&fold(&narrative.text));
            for attachment in &narrative.attachments {
                put(&attachment.fingerprint.map(|fingerprint| fingerprint.to_string()).unwrap_or_default());
                put(attachment.url.as_deref().unwrap_or(""));
            }
        }
        Body::Note(words) => {
            put("note");
            put(&fold(words));
        }
        Body::Raw(words) => {
            put("raw");
            put(words);
        }
    }
    put(&repeat.to_string());
    Fingerprint::of(text.as_bytes())
}

fn label(concept: Option<&Concept>) -> String {
    concept.and_then(Concept::label).map(fold).unwrap_or_default()
}

fn same_thing(concept: &Concept, title: &str) -> String {
    concept.leading().map_or_else(|| fold(concept.label().unwrap_or(title)), coding_key)
}

fn coding_key(coding: &Coding) -> String {
    format!("{}|{}", coding.canonical_system().unwrap_or_default(), coding.code.trim())
}

fn same_value(value: &Value) -> String {
    match value {
        Value::Number { comparator, decimal } => {
            // 5.6 and 5.60 are one result written by two systems.
            format!("n{}{}", comparator.map_or("", crate::record::Comparator::sign), decimal.number().normalize())
        }
        Value::Between { low, high } => {
            format!("b{:?}{:?}", low.as_ref().map(|d| d.number().normalize()), high.as_ref().map(|d| d.number().normalize()))
        }
        Value::Coded { choice, .. } => format!("c{}", same_thing(choice, "")),
        Value::Text(words) => format!("t{}", fold(words)),
        Value::Absent { reason, .. } => format!("a{reason:?}"),
    }
}

fn unit_key(unit: &Unit) -> String {
    canonical_unit(unit.ucum.as_deref().unwrap_or(&unit.shown))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{
        record::{Observation, Standing, When},
        terms::Kind,
    };

    fn fact(system: &str, value: &str, unit: &str) -> Fact {
        let mut observation = Observation::new(Value::Number { comparator: None, decimal: value.parse().unwrap() });
        observation.unit = Some(Unit { shown: unit.to_owned(), ucum: None });
        Fact {
            kind: Kind::Measurement,
            title: "収縮期血圧".to_owned(),
            concept: Concept::of(Coding::new(system, "9A751000000000001")),
            when: None,
            body: Body::Observation(observation),
            at: "entry[1]".to_owned(),
            said_by: None,
            standing: Standing::Understood,
        }
    }

    #[test]
    fn another_document_in_another_spelling_states_the_same_record() {
        let day = Some("2024-05-03".parse().unwrap());
        let xml = fact("1.2.392.200119.6.1005", "128", "mmHg");
        let mut fhir = fact("urn:oid:1.2.392.200119.6.1005", "128.0", "mm[Hg]");
        fhir.at = "Bundle.entry[7]".to_owned();
        assert_eq!(identity(day, &xml, 0), identity(day, &fhir, 0));
    }

    #[test]
    fn another_value_day_time_or_repeat_is_another_record() {
        let day = Some("2024-05-03".parse().unwrap());
        let base = fact("1.2.392.200119.6.1005", "128", "mmHg");
        let reference = identity(day, &base, 0);
        assert_ne!(reference, identity(day, &fact("1.2.392.200119.6.1005", "129", "mmHg"), 0));
        assert_ne!(reference, identity(Some("2024-05-04".parse().unwrap()), &base, 0));
        assert_ne!(reference, identity(day, &base, 1));
        let mut timed = base;
        timed.when = Some(When { day: "2024-05-03".parse().unwrap(), time: Some("21:00".to_owned()), until: None });
        assert_ne!(reference, identity(day, &timed, 0));
    }
}
