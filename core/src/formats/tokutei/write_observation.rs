//! One observation in the order the schema wants its parts.

use super::{
    markup::Markup,
    time::{read_time, write_time},
    value::PLAIN_FLAVOR,
};
use crate::{
    record::{AbsentReason, Coding, Comparator, Concept, Fact, Observation, ReferenceRange, Unit, Value, When},
    terms::{Item, ValueType, item},
};

/// The nullFlavors the schema knows.
const FLAVORS: [&str; 11] = ["NI", "MSK", "NA", "OTH", "NINF", "PINF", "UNK", "ASKU", "NAV", "NASK", "TRC"];

/// Whether the format can carry what names the fact: a code without white space, or words.
pub(super) fn is_carried(fact: &Fact) -> bool {
    !fact.concept.is_empty() && fact.concept.codings.iter().all(|coding| is_token(&coding.code))
}

/// Writes the `observation` element.
pub(super) fn observation(markup: &mut Markup, fact: &Fact, found: &Observation) {
    let known = fact.concept.leading().and_then(|coding| item(coding.system.as_deref(), &coding.code));
    let is_negated = matches!(found.value, Value::Absent { reason: AbsentReason::NotPerformed, .. });
    markup.open(
        "observation",
        &[("classCode", Some("OBS")), ("moodCode", Some("EVN")), ("negationInd", if is_negated { Some("true") } else { None })],
    );
    code_element(markup, "code", &fact.concept, None);
    if !found.notes.is_empty() {
        markup.text("text", &[], &found.notes.join("\n"));
    }
    if let Some(status) = found.status.as_deref().filter(|status| is_token(status)) {
        markup.leaf("statusCode", &[("code", Some(status))]);
    }
    if let Some(when) = &fact.when {
        moment(markup, when);
    }
    value(markup, found, known);
    if let Some(concept) = &found.interpretation {
        code_elements(markup, "interpretationCode", concept);
    }
    for coding in found.method.iter().flat_map(|method| &method.codings).filter(|coding| is_token(&coding.code)) {
        // The schema allows nothing inside.
        code_element(markup, "methodCode", &Concept::of(coding.clone()), None);
    }
    if let Some(concept) = &found.body_site {
        code_elements(markup, "targetSiteCode", concept);
    }
    if let Some(specimen) = &found.specimen {
        specimen_element(markup, specimen);
    }
    if let Some(name) = &fact.said_by {
        markup.open("author", &[]);
        markup.leaf("time", &[("nullFlavor", Some("NI"))]);
        markup.open("assignedAuthor", &[]);
        markup.leaf("id", &[("nullFlavor", Some("NI"))]);
        markup.open("assignedPerson", &[]);
        markup.text("name", &[], name);
        markup.close();
        markup.close();
        markup.close();
    }
    for range in &found.reference {
        reference(markup, range, found.unit.as_ref().and_then(|unit| unit_code(unit, known)));
    }
    markup.close();
}

/// A coded element: the leading code in its attributes, the words and the other codes inside.
pub(super) fn code_element(markup: &mut Markup, name: &'static str, concept: &Concept, xsi_type: Option<&str>) {
    let leading = concept.leading();
    let (system, system_name) = leading.map_or((None, None), systems);
    let attributes = [
        ("xsi:type", xsi_type),
        ("nullFlavor", if leading.is_none() && xsi_type.is_none() { Some(PLAIN_FLAVOR) } else { None }),
        ("code", leading.map(|coding| coding.code.as_str())),
        ("codeSystem", system),
        ("codeSystemName", system_name),
        ("displayName", leading.and_then(|coding| coding.display.as_deref()).filter(|display| !display.is_empty())),
    ];
    let others = concept.codings.get(1..).unwrap_or_default();
    if concept.text.is_none() && others.is_empty() {
        markup.leaf(name, &attributes);
        return;
    }
    markup.open(name, &attributes);
    if let Some(text) = &concept.text {
        markup.text("originalText", &[], text);
    }
    for other in others.iter().filter(|other| is_token(&other.code)) {
        code_element(markup, "translation", &Concept::of(other.clone()), None);
    }
    markup.close();
}

/// One element for each code, the words with the first.
fn code_elements(markup: &mut Markup, name: &'static str, concept: &Concept) {
    let mut codings = concept.codings.iter().filter(|coding| is_token(&coding.code)).cloned();
    let first = Concept { codings: codings.next().into_iter().collect(), text: concept.text.clone() };
    if !first.is_empty() {
        code_element(markup, name, &first, None);
    }
    for coding in codings {
        code_element(markup, name, &Concept::of(coding), None);
    }
}

fn value(markup: &mut Markup, found: &Observation, known: Option<&Item>) {
    let unit = found.unit.as_ref().and_then(|unit| unit_code(unit, known));
    match &found.value {
        Value::Number { comparator: None, decimal } => {
            markup.leaf("value", &[("xsi:type", Some("PQ")), ("value", Some(decimal.as_str())), ("unit", unit)]);
        }
        Value::Number { comparator: Some(comparator), decimal } => {
            let (bound, is_open) = match comparator {
                Comparator::Less => ("high", true),
                Comparator::LessOrEqual => ("high", false),
                Comparator::Greater => ("low", true),
                Comparator::GreaterOrEqual => ("low", false),
            };
            markup.open("value", &[("xsi:type", Some("IVL_PQ"))]);
            let inclusive = if is_open { Some("false") } else { None };
            markup.leaf(bound, &[("value", Some(decimal.as_str())), ("unit", unit), ("inclusive", inclusive)]);
            markup.close();
        }
        Value::Between { low, high } => {
            markup.open("value", &[("xsi:type", Some("IVL_PQ"))]);
            for (name, bound) in [("low", low), ("high", high)] {
                if let Some(bound) = bound {
                    markup.leaf(name, &[("value", Some(bound.as_str())), ("unit", unit)]);
                }
            }
            markup.close();
        }
        Value::Coded { choice, .. } => {
            let is_ordinal = known.is_some_and(|item| item.value_type == ValueType::Ordinal);
            code_element(markup, "value", choice, Some(if is_ordinal { "CO" } else { "CD" }));
        }
        Value::Text(words) => markup.text("value", &[("xsi:type", Some("ST"))], words),
        Value::Absent { reason: AbsentReason::Unknown, detail: None } => {}
        Value::Absent { detail, .. } => absent(markup, detail.as_deref(), known),
    }
}

/// A value that is none: its nullFlavor, and the words where its type has a place for them.
fn absent(markup: &mut Markup, detail: Option<&str>, known: Option<&Item>) {
    let detail = detail.unwrap_or_default();
    let (first, rest) = detail.split_once(' ').unwrap_or((detail, ""));
    let (flavor, words) = if FLAVORS.contains(&first) { (first, rest) } else { (PLAIN_FLAVOR, detail) };
    let xsi_type = match known.map(|item| item.value_type) {
        Some(ValueType::Quantity) => "PQ",
        Some(ValueType::Coded) => "CD",
        Some(ValueType::Ordinal) => "CO",
        Some(ValueType::Text) | None => "ST",
    };
    let attributes = [("xsi:type", Some(xsi_type)), ("nullFlavor", Some(flavor))];
    match xsi_type {
        _ if words.is_empty() => markup.leaf("value", &attributes),
        "ST" => markup.text("value", &attributes, words),
        _ => {
            markup.open("value", &attributes);
            if xsi_type == "PQ" {
                markup.open("translation", &[]);
                markup.text("originalText", &[], words);
                markup.close();
            } else {
                markup.text("originalText", &[], words);
            }
            markup.close();
        }
    }
}

fn moment(markup: &mut Markup, when: &When) {
    let whole = write_time(&when.day, when.time.as_deref());
    // A time in a form HL7 does not have is left out rather than written wrongly.
    let start = if read_time(&whole) == Some((when.day, when.time.clone())) { whole } else { write_time(&when.day, None) };
    match &when.until {
        None => markup.leaf("effectiveTime", &[("value", Some(&start))]),
        Some(until) => {
            markup.open("effectiveTime", &[]);
            markup.leaf("low", &[("value", Some(&start))]);
            markup.leaf("high", &[("value", Some(&write_time(until, None)))]);
            markup.close();
        }
    }
}

fn specimen_element(markup: &mut Markup, specimen: &Concept) {
    markup.open("specimen", &[]);
    markup.open("specimenRole", &[]);
    markup.open("specimenPlayingEntity", &[]);
    if let Some(coding) = specimen.leading().filter(|coding| is_token(&coding.code)) {
        code_element(markup, "code", &Concept::of(coding.clone()), None);
    }
    if let Some(text) = &specimen.text {
        markup.text("name", &[], text);
    }
    markup.close();
    markup.close();
    markup.close();
}

fn reference(markup: &mut Markup, range: &ReferenceRange, unit: Option<&str>) {
    markup.open("referenceRange", &[]);
    markup.open("observationRange", &[("classCode", Some("OBS")), ("moodCode", Some("EVN.CRT"))]);
    if let Some(text) = &range.text {
        markup.text("text", &[], text);
    }
    if range.low.is_some() || range.high.is_some() {
        markup.open("value", &[("xsi:type", Some("IVL_PQ"))]);
        for (name, bound) in [("low", &range.low), ("high", &range.high)] {
            if let Some(bound) = bound {
                markup.leaf(name, &[("value", Some(bound.as_str())), ("unit", unit)]);
            }
        }
        markup.close();
    }
    markup.close();
    markup.close();
}

/// The unit as it was received: the code where the master prints it as shown here, else what was shown.
fn unit_code<'a>(unit: &'a Unit, known: Option<&Item>) -> Option<&'a str> {
    let is_masters = known.is_some_and(|item| item.shown_unit == Some(unit.shown.as_str()));
    let code = unit.ucum.as_deref().filter(|_| is_masters).unwrap_or(&unit.shown);
    Some(code).filter(|code| is_token(code))
}

/// An OID goes into `codeSystem`; any other name of a system is written beside it.
fn systems(coding: &Coding) -> (Option<&str>, Option<&str>) {
    let Some(system) = coding.system.as_deref().filter(|system| !system.is_empty()) else { return (None, None) };
    let bare = system.strip_prefix("urn:oid:").unwrap_or(system);
    let is_oid = bare.split('.').count() > 1 && bare.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()));
    if is_oid { (Some(bare), None) } else { (None, Some(system)) }
}

/// What the schema calls `cs`: not empty, no white space.
fn is_token(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}
