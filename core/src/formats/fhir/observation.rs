//! Observations: one fact for each value. Components and members are facts of their own with the name of their group; an
//! observation that only holds others together is no fact.

use super::{
    context::{Context, fact, performers, speakers},
    datatypes::{
        choice_of_dates, concept, concept_of, decimal, label_of, notes, quantity_words, shared, shared_concept, status_beyond, unit,
    },
    read::{Reader, Refused, fault},
    understanding,
};
use crate::{
    formats::{Fault, json::Node},
    record::{AbsentReason, Body, Comparator, Concept, Observation, Reason, ReferenceRange, Standing, Unit, Value, When},
    terms::{self, Kind, ValueType},
};

/// R4's ways to give a value.
const VALUES: [&str; 11] = [
    "valueQuantity",
    "valueCodeableConcept",
    "valueString",
    "valueBoolean",
    "valueInteger",
    "valueRange",
    "valueRatio",
    "valueSampledData",
    "valueTime",
    "valueDateTime",
    "valuePeriod",
];

pub(super) fn read(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let (node, place) = (resource.node, resource.place.as_str());
    let item = concept_of(node, "code");
    let when = effective(reader, index)?;
    let group = group_of(reader, index);
    let specimen = reader.groups.upwards(index).find_map(|index| specimen(reader, index));
    let said_by = speakers(reader.library, index, performers(node), context.place.as_deref());
    let kind = event_kind(node, item.as_ref());
    let components = node.list("component");
    let holds_others = !components.is_empty()
        || node.list("hasMember").iter().any(|member| reader.library.resolve(index, Some(member)).is_some_and(|found| found != index));
    let has_value = VALUES.iter().any(|name| node.has(name)) || node.has("dataAbsentReason") || node.has("valueAttachment");
    let says_more = node.has("note") || node.has("interpretation");
    if has_value || says_more || !holds_others {
        let item = item.clone().ok_or_else(|| fault("code", Fault::Missing))?;
        let mut observation = value_of(node, &item);
        observation.group.clone_from(&group);
        observation.specimen.clone_from(&specimen);
        let mut draft = context.draft(kind, when.as_ref(), finish(item, observation, when.clone(), place.to_owned()));
        draft.fact.said_by.clone_from(&said_by);
        if node.has("focus") && draft.fact.standing.is_understood() {
            // About a child, a donor or a device of the person.
            draft.fact.standing = Standing::NotUnderstood;
        }
        reader.drafts.push(draft);
    }
    let panel = item.as_ref().and_then(Concept::label).map(shared).or(group);
    for (position, component) in components.iter().enumerate() {
        let here = format!("component[{position}]");
        let item = concept_of(component, "code").ok_or_else(|| fault(format!("{here}.code"), Fault::Missing))?;
        let mut observation = value_of(component, &item);
        observation.group.clone_from(&panel);
        observation.specimen.clone_from(&specimen);
        observation.status = status_beyond(node, &["final", "amended", "corrected"]);
        if observation.body_site.is_none() {
            observation.body_site = concept_of(node, "bodySite").map(shared_concept);
        }
        let mut draft = context.draft(kind, when.as_ref(), finish(item, observation, when.clone(), format!("{place}.{here}")));
        let performer = component
            .list("extension")
            .iter()
            .filter(|extension| extension.text("url").is_some_and(|url| url.ends_with("/observation-component-performer")));
        draft.fact.said_by =
            speakers(reader.library, index, performer.filter_map(|extension| extension.get("valueReference")), context.place.as_deref())
                .or_else(|| said_by.clone());
        if component.has("modifierExtension") && draft.fact.standing.is_understood() {
            draft.fact.standing = Standing::NotUnderstood;
        }
        reader.drafts.push(draft);
    }
    Ok(())
}

/// The fact of an item and its value, with how far it is understood.
fn finish(item: Concept, observation: Observation, when: Option<When>, at: String) -> crate::record::Fact {
    let standing = understanding::of(&item, &observation);
    let kind = match observation.value {
        Value::Number { .. } | Value::Between { .. } | Value::Coded { rank: Some(_), .. } => Kind::Measurement,
        Value::Absent { .. } => match understanding::known(&item).map(|item| item.value_type) {
            Some(ValueType::Quantity | ValueType::Ordinal) => Kind::Measurement,
            _ => Kind::Finding,
        },
        _ => Kind::Finding,
    };
    let master = understanding::known(&item).filter(|_| standing != Standing::Quarantined(Reason::Name)).map(|item| item.name);
    let mut fact = fact(kind, item, when, Body::Observation(observation), at);
    if let Some(name) = master {
        name.clone_into(&mut fact.title);
    }
    fact.standing = standing;
    fact
}

/// When it was observed: by itself, or by the panel it is a member of.
fn effective(reader: &Reader<'_>, index: usize) -> Result<Option<When>, Refused> {
    for (step, index) in reader.groups.upwards(index).enumerate() {
        let Some(resource) = reader.library.get(index) else { continue };
        match choice_of_dates(resource.node, "effective") {
            Ok(Some(when)) => return Ok(Some(when)),
            Err((path, reason)) if step == 0 => return Err(fault(path, reason)),
            _ => {}
        }
    }
    let report = reader.groups.report_of(index).and_then(|report| reader.library.get(report));
    Ok(report.and_then(|report| choice_of_dates(report.node, "effective").ok().flatten()))
}

/// The name of the panel or the report around it.
fn group_of(reader: &Reader<'_>, index: usize) -> Option<String> {
    let above = reader.groups.parents.get(&index).copied().or_else(|| reader.groups.report_of(index))?;
    reader.library.get(above).and_then(|above| label_of(above.node, "code")).as_deref().map(shared)
}

fn specimen(reader: &Reader<'_>, index: usize) -> Option<Concept> {
    let resource = reader.library.get(index)?;
    let reference = resource.node.get("specimen")?;
    let found = reader.library.resolve_as(index, Some(reference), "Specimen");
    found
        .and_then(|specimen| concept_of(specimen.node, "type"))
        .or_else(|| reference.text("display").map(Concept::text))
        .map(shared_concept)
}

/// The value of an observation or a component, with all that stands beside it.
fn value_of(node: &Node<'_>, item: &Concept) -> Observation {
    let (value, mut unit) = result(node);
    if let (Some(unit), Some(known)) = (&mut unit, understanding::known(item)) {
        // The unit of the item's master, where it is only spelled differently.
        let is_same = known.shown_unit.or(known.ucum).is_some_and(|shown| terms::same_unit(&unit.shown, shown));
        if unit.ucum.is_none() && is_same {
            unit.ucum = known.ucum.map(str::to_owned);
        }
    }
    let mut observation = Observation::new(value);
    observation.reference = node.list("referenceRange").iter().filter_map(|range| reference(range, unit.as_ref())).collect();
    observation.unit = unit;
    observation.method = concept_of(node, "method");
    observation.interpretation = interpretation(node);
    observation.body_site = concept_of(node, "bodySite");
    observation.notes = notes(node);
    observation.status = status_beyond(node, &["final", "amended", "corrected"]);
    observation
}

/// Several interpretations become one concept with all their codes.
fn interpretation(node: &Node<'_>) -> Option<Concept> {
    let mut all = node.list("interpretation").iter().map(concept).filter(|concept| !concept.is_empty());
    let mut first = all.next()?;
    for other in all {
        first.codings.extend(other.codings);
        first.text = first.text.or(other.text);
    }
    Some(first)
}

fn result(node: &Node<'_>) -> (Value, Option<Unit>) {
    if let Some(quantity) = node.get("valueQuantity") {
        return (number(quantity), unit(quantity));
    }
    if let Some(range) = node.get("valueRange") {
        let end = |name: &str| range.get(name).and_then(decimal);
        let shown = range.get("low").and_then(unit).or_else(|| range.get("high").and_then(unit));
        return (Value::Between { low: end("low"), high: end("high") }, shown);
    }
    let value = if let Some(choice) = node.get("valueCodeableConcept") {
        coded(choice)
    } else if let Some(text) = ["valueString", "valueTime", "valueDateTime"].iter().find_map(|name| node.text(name)) {
        Value::Text(text.to_owned())
    } else if let Some(truth) = node.flag("valueBoolean") {
        let (word, meaning) = if truth { ("true", "はい") } else { ("false", "いいえ") };
        Value::Coded { choice: Concept::text(word), meaning: Some(meaning.to_owned()), rank: None }
    } else if let Some(integer) = node.get("valueInteger") {
        integer
            .as_number()
            .and_then(|digits| digits.parse().ok())
            .map_or_else(|| words_or_absent(integer.as_words()), |decimal| Value::Number { comparator: None, decimal })
    } else if let Some(ratio) = node.get("valueRatio") {
        let part = |name: &str| ratio.get(name).and_then(quantity_words).unwrap_or_default();
        Value::Text(format!("{} : {}", part("numerator"), part("denominator")))
    } else if let Some(period) = node.get("valuePeriod") {
        Value::Text(format!("{} – {}", period.text("start").unwrap_or_default(), period.text("end").unwrap_or_default()))
    } else if let Some(samples) = node.get("valueSampledData") {
        Value::Text(samples.to_json())
    } else {
        absent(node.get("dataAbsentReason"))
    };
    (value, None)
}

fn words_or_absent(words: Option<&str>) -> Value {
    words.map_or(Value::Absent { reason: AbsentReason::Unknown, detail: None }, |words| Value::Text(words.to_owned()))
}

fn number(quantity: &Node<'_>) -> Value {
    let comparator = match quantity.text("comparator") {
        Some("<") => Some(Comparator::Less),
        Some("<=") => Some(Comparator::LessOrEqual),
        Some(">") => Some(Comparator::Greater),
        Some(">=") => Some(Comparator::GreaterOrEqual),
        // A sign we do not know must not get lost: the value stays words.
        Some(_) => return words_or_absent(quantity_words(quantity).as_deref()),
        None => None,
    };
    decimal(quantity).map_or_else(|| words_or_absent(quantity_words(quantity).as_deref()), |decimal| Value::Number { comparator, decimal })
}

fn coded(choice: &Node<'_>) -> Value {
    let ordinal = choice.list("coding").iter().find_map(|coding| {
        coding.extension("http://hl7.org/fhir/StructureDefinition/ordinalValue")?.get("valueDecimal")?.as_number()?.parse().ok()
    });
    let choice = concept(choice);
    let answer = understanding::answer(&choice);
    let meaning = answer.map(|answer| answer.meaning.to_owned());
    let rank = answer.map_or(ordinal, |answer| answer.rank);
    Value::Coded { choice, meaning, rank }
}

/// `not-performed` is 未実施; a failed measurement is 測定不能; all else is unknown. The words are kept.
fn absent(reason: Option<&Node<'_>>) -> Value {
    let said = reason.map(concept).unwrap_or_default();
    let code = said.leading().map(|coding| coding.code.clone()).unwrap_or_default();
    let (reason, canonical) = match code.as_str() {
        "not-performed" => (AbsentReason::NotPerformed, true),
        "error" => (AbsentReason::NotMeasurable, true),
        "not-a-number" | "negative-infinity" | "positive-infinity" => (AbsentReason::NotMeasurable, false),
        "unknown" | "" => (AbsentReason::Unknown, true),
        _ => (AbsentReason::Unknown, false),
    };
    let words = said.text.or_else(|| said.codings.iter().find_map(|coding| coding.display.clone()));
    let detail = words.or_else(|| (!canonical).then_some(code));
    Value::Absent { reason, detail }
}

/// A range in another unit than the value's is kept in words only.
fn reference(range: &Node<'_>, value_unit: Option<&Unit>) -> Option<ReferenceRange> {
    let (low, high) = (range.get("low"), range.get("high"));
    let foreign = [low, high].into_iter().flatten().filter_map(unit).any(|unit| {
        value_unit.is_none_or(|value| !terms::same_unit(&value.shown, &unit.shown) && (value.ucum.is_none() || value.ucum != unit.ucum))
    });
    let words = range.text("text").map(str::to_owned).or_else(|| label_of(range, "type").filter(|_| range.at(&["type", "text"]).is_some()));
    let mut reference = ReferenceRange { low: low.and_then(decimal), high: high.and_then(decimal), text: words };
    if foreign || (low.is_some() && reference.low.is_none()) || (high.is_some() && reference.high.is_none()) {
        let end = |node: Option<&Node<'_>>| node.and_then(quantity_words).unwrap_or_default();
        let both = format!("{} – {}", end(low), end(high));
        let text = reference.text.map_or(both.clone(), |text| format!("{both} {text}"));
        reference = ReferenceRange { low: None, high: None, text: Some(text) };
    }
    (reference != ReferenceRange::default()).then_some(reference)
}

/// Vital signs and body measurements are measurements; social history and surveys are answers; all else is laboratory.
fn event_kind(node: &Node<'_>, item: Option<&Concept>) -> Kind {
    let categories: Vec<String> =
        node.list("category").iter().flat_map(|category| concept(category).codings).map(|coding| coding.code).collect();
    for category in &categories {
        match category.as_str() {
            "vital-signs" | "body-measurement" => return Kind::Measurement,
            "social-history" | "survey" => return Kind::Finding,
            "laboratory" | "imaging" | "exam" | "procedure" => return Kind::Laboratory,
            _ => {}
        }
    }
    let bodily = item.is_some_and(|item| {
        item.codings.iter().any(|coding| coding.system.as_deref() == Some("http://loinc.org") && BODILY.contains(&coding.code.as_str()))
    });
    if bodily { Kind::Measurement } else { Kind::Laboratory }
}

/// Vital signs and body measurements of LOINC, for documents that give no category (health cards).
const BODILY: [&str; 14] = [
    "8302-2", "29463-7", "39156-5", "9843-4", "8280-0", "85354-9", "8480-6", "8462-4", "8867-4", "9279-1", "8310-5", "2708-6", "59408-5",
    "85353-1",
];
