//! Medicines as resources: ordered ones as MedicationRequest, those handed out as MedicationDispense, all others as
//! MedicationStatement.

use super::{
    build::{Object, concept, date_time, extension, loose_quantity, moment, named, notes, period, reference, word},
    datatypes::UCUM,
    facts::{Place, status, what},
    facts_clinical::kept_concept,
    own,
    write::marks,
};
use crate::{
    formats::json::Node,
    record::{Fact, Medication, MedicationStage, When},
};

const RP_NUMBER: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/Medication-RPGroupNumber";
const REQUEST: [&str; 8] = ["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"];
const DISPENSE: [&str; 9] =
    ["preparation", "in-progress", "cancelled", "on-hold", "completed", "entered-in-error", "stopped", "declined", "unknown"];
const STATEMENT: [&str; 8] = ["active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken"];
/// Units that mean days; R4 wants a unit of time for the length of a supply.
const DAYS: [&str; 4] = ["日", "日分", "日間", "d"];

pub(super) fn resource<'a>(fact: &'a Fact, medicine: &'a Medication, place: &Place<'a>) -> Node<'a> {
    let (kind, table, ordinary): (_, &[&'static str], _) = match medicine.stage {
        MedicationStage::Prescribed => ("MedicationRequest", &REQUEST, "completed"),
        MedicationStage::Dispensed => ("MedicationDispense", &DISPENSE, "completed"),
        MedicationStage::Taken => ("MedicationStatement", &STATEMENT, "active"),
        MedicationStage::OverTheCounter => ("MedicationStatement", &STATEMENT, "unknown"),
    };
    let forbidden = medicine.status.as_deref() == Some("do-not-perform") && kind == "MedicationRequest";
    let said = medicine.status.as_deref().filter(|_| !forbidden);
    let (status, kept_status) = status(fact, said, table, if forbidden { "unknown" } else { ordinary });
    let stage = extension(own::STAGE, own::stage_code(medicine.stage));
    let is_order = kind == "MedicationRequest";
    let prescriber = medicine.prescriber.as_deref().filter(|_| !is_order).and_then(|name| extension(own::PRESCRIBER, name));
    let generic = medicine
        .generic
        .as_ref()
        .filter(|generic| !generic.codings.iter().all(|coding| fact.concept.codings.contains(coding)) || generic.text.is_some())
        .and_then(|generic| kept_concept(own::GENERIC, generic));
    let days = medicine.quantity.as_deref().and_then(|quantity| supply(quantity, medicine.quantity_unit.as_deref()));
    let amount = medicine
        .quantity
        .as_deref()
        .filter(|_| days.is_none())
        .and_then(|quantity| loose_quantity(quantity, medicine.quantity_unit.as_deref()));
    let fits = kind != "MedicationStatement" && (days.is_some() || amount.is_some());
    let kept_quantity = (!fits).then(|| kept_quantity(medicine)).flatten();
    let mixture = (!medicine.ingredients.is_empty()).then(|| mixture(fact, medicine));
    let held = mixture.is_some();
    let object = marks(fact, Object::resource(kind).list("contained", mixture), [stage, prescriber, generic, kept_quantity, kept_status]);
    let identifier = medicine.group.as_deref().map(|group| Object::new().with("system", word(RP_NUMBER)).text("value", Some(group)).done());
    let object = object.list("identifier", identifier).with("status", status);
    let object = if is_order { object.with("intent", word("order")) } else { object };
    let object = if forbidden { object.with("doNotPerform", Node::Bool(true)) } else { object };
    let object = if held {
        object.with("medicationReference", reference("#medication"))
    } else {
        object.with("medicationCodeableConcept", what(fact))
    };
    let object = object.with("subject", reference(place.patient));
    let dosage = dosage(medicine);
    match kind {
        "MedicationRequest" => {
            let supplied =
                Object::new().maybe("quantity", amount.map(Object::done)).maybe("expectedSupplyDuration", days.map(Object::done)).filled();
            object
                .maybe("encounter", place.encounter.map(reference))
                .maybe("authoredOn", place.when.as_ref().map(date_time))
                .maybe("requester", medicine.prescriber.as_deref().and_then(named))
                .maybe("recorder", fact.said_by.as_deref().and_then(named))
                .list("note", notes(&medicine.notes))
                .list("dosageInstruction", dosage)
                .maybe("dispenseRequest", supplied)
        }
        "MedicationDispense" => object
            .maybe("context", place.encounter.map(reference))
            .list("performer", fact.said_by.as_deref().and_then(named).map(|actor| Object::new().with("actor", actor).done()))
            .maybe("quantity", amount.map(Object::done))
            .maybe("daysSupply", days.map(Object::done))
            .maybe("whenHandedOver", place.when.as_ref().map(date_time))
            .list("note", notes(&medicine.notes))
            .list("dosageInstruction", dosage),
        _ => moment(object.maybe("context", place.encounter.map(reference)), "effectiveDateTime", "effectivePeriod", place.when.as_ref())
            .maybe("informationSource", fact.said_by.as_deref().and_then(named))
            .list("note", notes(&medicine.notes))
            .list("dosage", dosage),
    }
    .done()
}

/// A medicine with its ingredients.
fn mixture<'a>(fact: &'a Fact, medicine: &'a Medication) -> Node<'a> {
    let ingredients = medicine.ingredients.iter().filter_map(concept).map(|item| Object::new().with("itemCodeableConcept", item).done());
    Object::resource("Medication").with("id", word("medication")).with("code", what(fact)).list("ingredient", ingredients).done()
}

/// The length of a supply in days, where the quantity is one.
fn supply<'a>(quantity: &'a str, unit: Option<&'a str>) -> Option<Object<'a>> {
    let unit = unit.filter(|unit| DAYS.contains(unit))?;
    Some(loose_quantity(quantity, Some(unit))?.with("system", word(UCUM)).with("code", word("d")))
}

fn kept_quantity(medicine: &Medication) -> Option<Node<'_>> {
    let parts = [("value", medicine.quantity.as_deref()), ("unit", medicine.quantity_unit.as_deref())];
    let parts: Vec<Node<'_>> = parts.into_iter().filter_map(|(name, said)| extension(name, said?)).collect();
    (!parts.is_empty()).then(|| Object::new().list("extension", parts).with("url", word(own::QUANTITY)).done())
}

fn dosage(medicine: &Medication) -> Option<Node<'_>> {
    let amount = medicine.dose.as_deref().and_then(|dose| loose_quantity(dose, medicine.dose_unit.as_deref()));
    let kept = medicine.dose.as_deref().filter(|_| amount.is_none()).and_then(|dose| extension(own::DOSE, dose));
    let kept_unit = medicine.dose_unit.as_deref().filter(|_| amount.is_none()).and_then(|unit| extension(own::DOSE_UNIT, unit));
    let start = medicine.start.map(|day| When { day, time: None, until: None });
    let bounds = (start.is_some() || medicine.end.is_some())
        .then(|| Object::new().with("boundsPeriod", period(start.as_ref(), medicine.end.as_ref())).done());
    let timing = Object::new().maybe("repeat", bounds).maybe("code", medicine.usage.as_ref().and_then(concept)).filled();
    let rate = amount.map(|amount| Object::new().with("doseQuantity", amount.done()).done());
    Object::new()
        .list("extension", kept.into_iter().chain(kept_unit))
        .maybe("timing", timing)
        .maybe("method", medicine.form.as_deref().and_then(|form| Object::new().text("text", Some(form)).filled()))
        .list("doseAndRate", rate)
        .filled()
}
