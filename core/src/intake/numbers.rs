//! Looks for a My Number in free text. A labelled one has refused the document already; an unlabelled run of twelve
//! digits with a valid check digit may be one, so the person is asked.

use crate::{
    formats::my_number::standalone_runs,
    record::{Body, Event, Fact, Value},
};

/// The place of the first free text that holds a standalone run of twelve digits with a valid check digit, besides those
/// that were checked.
pub(super) fn possible_my_number<'a>(events: &'a [Event], checked: &[&str]) -> Option<&'a str> {
    events
        .iter()
        .flat_map(|event| &event.facts)
        .filter(|fact| !checked.contains(&fact.at.as_str()))
        .find(|fact| free_texts(fact).any(|text| !standalone_runs(text).is_empty()))
        .map(|fact| fact.at.as_str())
}

/// Where people write sentences. Codes, ids, lots and times are left alone: twelve digits are common among them.
fn free_texts(fact: &Fact) -> impl Iterator<Item = &str> {
    let (own, notes): (Option<&str>, &[String]) = match &fact.body {
        Body::Observation(observation) => match &observation.value {
            Value::Text(text) => (Some(text), &observation.notes),
            Value::Number { .. } | Value::Between { .. } | Value::Coded { .. } | Value::Absent { .. } => (None, &observation.notes),
        },
        Body::Vaccination(dose) => (None, &dose.notes),
        Body::Medication(medicine) => (None, &medicine.notes),
        Body::Condition(condition) => (None, &condition.notes),
        Body::Allergy(allergy) => (None, &allergy.notes),
        Body::Procedure(procedure) => (None, &procedure.notes),
        Body::Expense(expense) => (None, &expense.notes),
        Body::Narrative(narrative) => (Some(&narrative.text), &[]),
        Body::Note(text) => (Some(text), &[]),
        // A raw entry is a machine's own notation, full of ids.
        Body::Raw(_) => (None, &[]),
    };
    own.into_iter().chain(notes.iter().map(String::as_str))
}
