//! What other programs know as a vital sign: quantities with the code and the unit of FHIR's own profiles. What an infant
//! checkup, a pregnancy visit or a school checkup measures bears no public code (specification 2.3); the quantity itself has
//! one, and leaves with it.

use super::{
    build::{Object, coded, word},
    summary::CATEGORY,
};
use crate::{
    base::PartialDate,
    formats::json::Node,
    record::{Body, Concept, Event, Fact, Observation, Standing, Value},
    terms::quantity_of,
};

pub(super) const LOINC: &str = "http://loinc.org";
/// Our own vocabularies: nobody else knows them.
const OWN: &str = "urn:techo:";
/// Quantities that FHIR R4 counts among the vital signs, with the LOINC code and the unit its profiles ask for.
/// Source: FHIR R4, "Observation Vital Signs Profiles".
pub(super) const VITAL_SIGNS: [(&str, &str, &str); 9] = [
    ("body-height", "8302-2", "cm"),
    ("body-weight", "29463-7", "kg"),
    ("bmi", "39156-5", "kg/m2"),
    ("systolic", "8480-6", "mm[Hg]"),
    ("diastolic", "8462-4", "mm[Hg]"),
    ("heart-rate", "8867-4", "/min"),
    ("body-temperature", "8310-5", "Cel"),
    ("oxygen-saturation", "2708-6", "%"),
    ("head-circumference", "9843-4", "cm"),
];
/// A second unit that the profile of a vital sign allows; children are weighed in grams.
const ALSO: [(&str, &str); 1] = [("body-weight", "g")];

/// The resource of a fact with the public code behind our own, where the fact has only our own and is a vital sign as the
/// profiles want it: a number in the unit's very code, on a known day. Nothing that was said is changed.
pub(super) fn coded_too<'a>(resource: Node<'a>, event: &Event, fact: &Fact) -> Node<'a> {
    let (Some(code), Node::Object(mut members)) = (public_code(event, fact), resource.clone()) else { return resource };
    let known = || Object::new().with("system", word(LOINC)).with("code", word(code)).done();
    for (name, node) in &mut members {
        if let ("code", Node::Object(concept)) = (&**name, node) {
            for (name, codings) in concept {
                if let ("coding", Node::List(codings)) = (&**name, codings) {
                    codings.push(known());
                }
            }
        }
    }
    members.push(("category".into(), Node::List(vec![coded(CATEGORY, "vital-signs")])));
    Node::Object(members)
}

fn public_code(event: &Event, fact: &Fact) -> Option<&'static str> {
    let Body::Observation(Observation { value: Value::Number { comparator: None, .. }, unit: Some(unit), .. }) = &fact.body else {
        return None;
    };
    let day = fact.when.as_ref().map(|when| when.day).or(event.day)?;
    let has_own_alone = fact.concept.codings.iter().all(|coding| coding.system.as_deref().is_some_and(|system| system.starts_with(OWN)));
    if fact.standing != Standing::Understood || !matches!(day, PartialDate::Day(_)) || !has_own_alone {
        return None;
    }
    let (id, code, wanted) = vital_sign(&fact.concept)?;
    let ucum = unit.ucum.as_deref()?;
    (ucum == wanted || ALSO.contains(&(id, ucum))).then_some(code)
}

fn vital_sign(concept: &Concept) -> Option<(&'static str, &'static str, &'static str)> {
    let quantity = concept.codings.iter().find_map(|coding| quantity_of(coding.system.as_deref(), &coding.code))?;
    VITAL_SIGNS.into_iter().find(|(id, ..)| *id == quantity.id)
}

/// Takes the code away again that [`coded_too`] added, so that what was exported reads back as it was.
pub(super) fn without_added_code(concept: &mut Concept) {
    let Some((last, own)) = concept.codings.split_last() else { return };
    let is_own = !own.is_empty() && own.iter().all(|coding| coding.system.as_deref().is_some_and(|system| system.starts_with(OWN)));
    let is_added = last.system.as_deref() == Some(LOINC)
        && last.display.is_none()
        && vital_sign(&Concept { codings: own.to_vec(), text: None }).is_some_and(|(_, code, _)| code == last.code);
    if is_own && is_added {
        concept.codings.pop();
    }
}
