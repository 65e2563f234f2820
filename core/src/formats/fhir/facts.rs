//! One resource for each fact: observations and vaccinations here, the others beside.

use super::{
    build::{
        Object, concept, date, extension, loose_quantity, moment, named, notes, number, owned, quantity, reference, text, unit_system,
        unknown, word,
    },
    expense, facts_clinical, facts_medication, own, raw,
    write::marks,
};
use crate::{
    base::PartialDate,
    formats::json::{self, Node},
    record::{AbsentReason, Body, Fact, Observation, Reason, ReferenceRange, Standing, Unit, Vaccination, Value, When},
};

/// What a resource needs besides its fact.
pub(super) struct Place<'a> {
    pub(super) when: Option<When>,
    pub(super) patient: &'a str,
    pub(super) encounter: Option<&'a str>,
}

/// The resource of a fact; without an encounter where the event is not written.
pub(super) fn resource<'a>(fact: &'a Fact, day: Option<PartialDate>, patient: &'a str, encounter: Option<&'a str>) -> Node<'a> {
    let when = fact.when.clone().or_else(|| day.map(|day| When { day, time: None, until: None }));
    let place = Place { when, patient, encounter };
    match &fact.body {
        Body::Observation(observation) => of_observation(fact, observation, &place),
        Body::Vaccination(vaccination) => of_vaccination(fact, vaccination, &place),
        Body::Medication(medication) => facts_medication::resource(fact, medication, &place),
        Body::Condition(condition) => facts_clinical::of_condition(fact, condition, &place),
        Body::Allergy(allergy) => facts_clinical::of_allergy(fact, allergy, &place),
        Body::Procedure(procedure) => facts_clinical::of_procedure(fact, procedure, &place),
        Body::Expense(expense) => expense::resource(fact, expense, &place),
        Body::Narrative(narrative) => facts_clinical::of_narrative(fact, narrative, &place),
        Body::Note(note) => facts_clinical::of_note(fact, note, &place),
        Body::Raw(kept) => facts_clinical::of_raw(fact, kept, &place),
    }
}

/// A resource that was kept as it came, to go as it came; `None` for anything else, and for what is no valid JSON of
/// FHIR, which goes into a Basic as text. Profiles are claims we cannot vouch for, and a validator that does not have
/// them refuses the file: they step aside into an extension and come back when it is read.
pub(super) fn resource_as_it_came(kept: &str) -> Option<Node<'_>> {
    let node = json::value(kept).ok()?;
    let kind = node.text("resourceType")?;
    let is_type = kind.len() <= 40 && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_type || kind == "Basic" || !raw::is_kept_raw(kind) || super::read::is_carrier(kind) || !is_sound(&node) {
        return None;
    }
    own::with_profiles_aside(node)
}

/// Whether members that only carry extensions (`_name`) are of that form.
fn is_sound(node: &Node<'_>) -> bool {
    match node {
        Node::List(items) => items.iter().all(is_sound),
        Node::Object(members) => members
            .iter()
            .all(|(name, value)| (!name.starts_with('_') || matches!(value, Node::Object(_) | Node::List(_))) && is_sound(value)),
        _ => true,
    }
}

/// The words of a fact, for the member that must be there.
pub(super) fn what(fact: &Fact) -> Node<'_> {
    concept(&fact.concept).unwrap_or_else(|| Object::new().text("text", Some(&fact.title)).done())
}

/// The status of a fact by the codes R4 knows for its type, and an extension with the one it does not know.
pub(super) fn status<'a>(
    fact: &'a Fact,
    said: Option<&'a str>,
    known: &[&'static str],
    ordinary: &'static str,
) -> (Node<'a>, Option<Node<'a>>) {
    if fact.standing == Standing::Quarantined(Reason::Withdrawn) {
        let kept = said.filter(|said| *said != "entered-in-error").and_then(|said| extension(own::STATUS, said));
        return (word("entered-in-error"), kept);
    }
    match said {
        None => (word(ordinary), None),
        Some(said) => match known.iter().find(|code| **code == said) {
            Some(code) => (word(code), None),
            None => (word(if known.contains(&"unknown") { "unknown" } else { ordinary }), extension(own::STATUS, said)),
        },
    }
}

const OBSERVATION: [&str; 8] = ["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"];

fn of_observation<'a>(fact: &'a Fact, observation: &'a Observation, place: &Place<'a>) -> Node<'a> {
    let (status, kept_status) = status(fact, observation.status.as_deref(), &OBSERVATION, "final");
    let group = observation.group.as_deref().and_then(|group| extension(own::GROUP, group));
    // Words with a unit were a quantity that is no number.
    let is_number = matches!(observation.value, Value::Number { .. } | Value::Between { .. });
    let unit = observation.unit.as_ref().filter(|_| !is_number).and_then(kept_unit);
    let specimen = observation.specimen.as_ref().filter(|specimen| !specimen.codings.is_empty());
    let contained =
        specimen.and_then(concept).map(|kind| Object::resource("Specimen").with("id", word("specimen")).with("type", kind).done());
    let by_words =
        observation.specimen.as_ref().filter(|specimen| specimen.codings.is_empty()).and_then(|specimen| named(specimen.text.as_deref()?));
    let held = contained.is_some().then(|| reference("#specimen"));
    let object = Object::resource("Observation").list("contained", contained);
    let object = marks(fact, object, [group, kept_status, unit])
        .with("status", status)
        .with("code", what(fact))
        .with("subject", reference(place.patient))
        .maybe("encounter", place.encounter.map(reference));
    let object = moment(object, "effectiveDateTime", "effectivePeriod", place.when.as_ref())
        .list("performer", fact.said_by.as_deref().and_then(named));
    value(object, observation)
        .list("interpretation", observation.interpretation.as_ref().and_then(concept))
        .list("note", notes(&observation.notes))
        .maybe("bodySite", observation.body_site.as_ref().and_then(concept))
        .maybe("method", observation.method.as_ref().and_then(concept))
        .maybe("specimen", held.or(by_words))
        .list(
            "referenceRange",
            observation.reference.iter().filter_map(|range| of_range(range, observation.unit.as_ref().filter(|_| is_number))),
        )
        .done()
}

fn value<'a>(object: Object<'a>, observation: &'a Observation) -> Object<'a> {
    let unit = observation.unit.as_ref();
    match &observation.value {
        Value::Number { comparator, decimal } => {
            let sign = comparator.map(|comparator| word(comparator.sign()));
            let plain = quantity(number(decimal), unit).maybe("comparator", sign);
            object.with("valueQuantity", plain.done())
        }
        Value::Between { low: None, high: None } => object.with("dataAbsentReason", absent(AbsentReason::Unknown, None)),
        Value::Between { low: Some(low), high: Some(high) } if low.number() > high.number() => {
            // R4 has no range that is upside down.
            let shown = unit.map(|unit| format!(" {}", unit.shown)).unwrap_or_default();
            object.with("valueString", owned(format!("{low} – {high}{shown}")))
        }
        Value::Between { low, high } => {
            let end = |end: &'a Option<crate::base::Decimal>| end.as_ref().map(|end| quantity(number(end), unit).done());
            object.with("valueRange", Object::new().maybe("low", end(low)).maybe("high", end(high)).done())
        }
        Value::Coded { choice, meaning, rank } => {
            let truth = match (choice.text.as_deref(), meaning.as_deref()) {
                (Some("true"), Some("はい")) if choice.codings.is_empty() => Some(true),
                (Some("false"), Some("いいえ")) if choice.codings.is_empty() => Some(false),
                _ => None,
            };
            match (truth, concept(choice)) {
                (Some(truth), _) => object.with("valueBoolean", Node::Bool(truth)),
                (None, Some(chosen)) => object.with("valueCodeableConcept", ranked(chosen, *rank)),
                (None, None) => object.with("dataAbsentReason", absent(AbsentReason::Unknown, None)),
            }
        }
        Value::Text(words) => match text(words) {
            Some(words) => object.with("valueString", words),
            None => object.with("dataAbsentReason", absent(AbsentReason::Unknown, None)),
        },
        Value::Absent { reason, detail } => object.with("dataAbsentReason", absent(*reason, detail.as_deref())),
    }
}

/// The unit of a value that is no number: its words, and its code where it has one.
fn kept_unit(unit: &Unit) -> Option<Node<'_>> {
    let Some(code) = unit.ucum.as_deref() else { return extension(own::UNIT, &unit.shown) };
    let coding = Object::new().with("system", word(unit_system(code))).text("code", Some(code)).done();
    let concept = Object::new().list("coding", [coding]).text("text", Some(&unit.shown)).done();
    Some(Object::new().with("url", word(own::UNIT)).with("valueCodeableConcept", concept).done())
}

/// The place in the order of the table, on the first code.
fn ranked(chosen: Node<'_>, rank: Option<u8>) -> Node<'_> {
    let (Some(rank), Node::Object(mut members)) = (rank, chosen.clone()) else { return chosen };
    let mark = Object::new()
        .with("url", word("http://hl7.org/fhir/StructureDefinition/ordinalValue"))
        .with("valueDecimal", Node::Number(rank.to_string().into()))
        .done();
    for (name, value) in &mut members {
        if name == "coding"
            && let Node::List(codings) = value
            && let Some(Node::Object(first)) = codings.first_mut()
        {
            first.insert(0, ("extension".into(), Node::List(vec![mark.clone()])));
        }
    }
    Node::Object(members)
}

fn absent(reason: AbsentReason, detail: Option<&str>) -> Node<'_> {
    let code = match reason {
        AbsentReason::NotPerformed => "not-performed",
        AbsentReason::NotMeasurable => "error",
        AbsentReason::Unknown => "unknown",
    };
    let coding =
        Object::new().with("system", word("http://terminology.hl7.org/CodeSystem/data-absent-reason")).with("code", word(code)).done();
    Object::new().list("coding", [coding]).text("text", detail).done()
}

fn of_range<'a>(range: &'a ReferenceRange, unit: Option<&'a Unit>) -> Option<Node<'a>> {
    let end = |end: &'a Option<crate::base::Decimal>| end.as_ref().map(|end| quantity(number(end), unit).done());
    Object::new().maybe("low", end(&range.low)).maybe("high", end(&range.high)).text("text", range.text.as_deref()).filled()
}

fn of_vaccination<'a>(fact: &'a Fact, dose: &'a Vaccination, place: &Place<'a>) -> Node<'a> {
    let ordinary = if dose.given { "completed" } else { "not-done" };
    let (status, kept) = status(fact, dose.status.as_deref(), &["completed", "not-done", "entered-in-error"], ordinary);
    let object = marks(fact, Object::resource("Immunization"), [kept])
        .with("status", status)
        .with("vaccineCode", what(fact))
        .with("patient", reference(place.patient))
        .maybe("encounter", place.encounter.map(reference));
    let object = match &place.when {
        Some(when) => object.with("occurrenceDateTime", super::build::date_time(when)),
        None => object.with("_occurrenceDateTime", unknown()),
    };
    let amount = dose.amount.as_ref().and_then(|(value, unit)| loose_quantity(value.as_str(), Some(unit)));
    let performer = fact.said_by.as_deref().and_then(named).map(|actor| Object::new().with("actor", actor).done());
    let has_protocol = dose.dose_number.is_some() || dose.series.is_some() || !dose.targets.is_empty();
    object
        .maybe("manufacturer", dose.manufacturer.as_deref().and_then(named))
        .text("lotNumber", dose.lot.as_deref())
        .maybe("expirationDate", dose.expires.as_ref().map(date))
        .maybe("site", dose.site.as_ref().and_then(concept))
        .maybe("route", dose.route.as_ref().and_then(concept))
        .maybe("doseQuantity", amount.map(Object::done))
        .list("performer", performer)
        .list("note", notes(&dose.notes))
        .list("protocolApplied", has_protocol.then(|| protocol(dose)))
        .done()
}

/// R4 wants a dose number wherever it has a protocol.
fn protocol(dose: &Vaccination) -> Node<'_> {
    let object = Object::new().text("series", dose.series.as_deref()).list("targetDisease", dose.targets.iter().filter_map(concept));
    let counted =
        |number: &&str| number.parse::<u32>().is_ok_and(|count| count > 0 && count <= 0x7FFF_FFFF && count.to_string() == **number);
    match dose.dose_number.as_deref() {
        Some(number) if counted(&number) => object.with("doseNumberPositiveInt", Node::Number(number.into())),
        Some(words) if text(words).is_some() => object.text("doseNumberString", Some(words)),
        _ => object.with("_doseNumberString", unknown()),
    }
    .done()
}

/// A date in words or as a date: the member for dates where it is one of FHIR's form, else the member for words.
pub(super) fn date_or_words<'a>(
    object: Object<'a>,
    date_name: &'static str,
    words_name: &'static str,
    said: Option<&'a str>,
) -> Object<'a> {
    let Some(said) = said else { return object };
    let is_date = super::datatypes::moment(said).is_ok_and(|when| {
        let day = when.day.to_string();
        match &when.time {
            None => day == said,
            Some(time) => super::build::is_full_time(time) && when.day.known_day().is_some() && format!("{day}T{time}") == said,
        }
    });
    if is_date { object.with(date_name, owned(said.to_owned())) } else { object.text(words_name, Some(said)) }
}
