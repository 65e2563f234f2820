//! Medicines: ordered (MedicationRequest), handed out (MedicationDispense), given (MedicationAdministration), said to be
//! taken (MedicationStatement).

use super::{
    context::{Context, fact, performers, speakers},
    datatypes::{
        choice_of_dates, concept, concept_of, label_of, notes, period_of, plain_text, quantity_words, shared_concept, status_beyond,
    },
    own,
    read::{Reader, Refused, dated, fault},
    understanding,
};
use crate::{
    formats::{Fault, json::Node},
    record::{Body, Concept, Medication, MedicationStage, Standing, When},
    terms::Kind,
};

/// Rp番号, by its address and its OID.
const RP_NUMBER: [&str; 2] = ["http://jpfhir.jp/fhir/core/mhlw/IdSystem/Medication-RPGroupNumber", "urn:oid:1.2.392.100495.20.3.81"];
/// 一般名処方マスタ, by its address and its OIDs.
const GENERIC: [&str; 3] = [
    "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationGeneralOrderCode",
    "urn:oid:1.2.392.100495.20.2.81",
    "urn:oid:1.2.392.100495.20.1.81",
];
/// So many ingredients of one product are taken; many orders may share it.
const INGREDIENTS: usize = 100;
const PERIOD_OF_USE: &str = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_MedicationDosage_PeriodOfUse";
const USAGE_DURATION: &str = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_MedicationDosage_UsageDuration";

pub(super) fn read(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let (product, ingredients) = product(reader, index, node).ok_or_else(|| fault("medication", Fault::Missing))?;
    let (kind, stage, ordinary): (_, _, &[&str]) = match resource.kind {
        "MedicationRequest" => (Kind::Prescription, MedicationStage::Prescribed, &["completed"]),
        "MedicationDispense" => (Kind::Medication, MedicationStage::Dispensed, &["completed"]),
        "MedicationAdministration" => (Kind::Medication, MedicationStage::Taken, &["completed"]),
        _ => (Kind::Medication, MedicationStage::Taken, &["active", "unknown"]),
    };
    let when = moment(resource.kind, node)?;
    let mut body = Medication { stage, group: rp_number(node), ingredients, ..Medication::default() };
    body.status = match node.flag("doNotPerform") {
        Some(true) => Some("do-not-perform".to_owned()),
        _ => status_beyond(node, ordinary),
    };
    body.generic = generic(&product);
    dosage(node, &mut body);
    quantity(node, &mut body);
    let mut remarks = notes(node);
    remarks.append(&mut body.notes);
    body.notes = remarks;
    body.notes.extend(
        node.text("intent")
            .filter(|intent| !matches!(*intent, "order" | "original-order" | "filler-order"))
            .map(|intent| format!("intent: {intent}")),
    );
    body.prescriber = prescriber(reader, index, node);
    // For an order the one who wrote it down; the intended performer of an order says nothing.
    let own_words = match resource.kind {
        "MedicationRequest" => node.get("recorder"),
        _ => node.get("informationSource").or_else(|| performers(node).next()),
    };
    let said_by = speakers(reader.library, index, own_words.into_iter(), context.place.as_deref())
        .filter(|name| body.prescriber.as_deref() != Some(name));
    let readable = understanding::is_readable(&product);
    let mut fact = fact(kind, product, when.clone(), Body::Medication(body), resource.place.clone());
    fact.said_by = said_by;
    fact.standing = if readable { Standing::Understood } else { Standing::NotUnderstood };
    reader.drafts.push(context.draft(kind, when.as_ref(), fact));
    Ok(())
}

fn moment(kind: &str, node: &Node<'_>) -> Result<Option<When>, Refused> {
    match kind {
        "MedicationRequest" => dated(node, "authoredOn"),
        "MedicationDispense" => match dated(node, "whenHandedOver")? {
            Some(when) => Ok(Some(when)),
            None => dated(node, "whenPrepared"),
        },
        _ => choice_of_dates(node, "effective").map_err(|(path, reason)| fault(path, reason)),
    }
}

/// The product and its ingredients: written here, contained, or another resource.
fn product(reader: &Reader<'_>, index: usize, node: &Node<'_>) -> Option<(Concept, Vec<Concept>)> {
    if let Some(concept) = concept_of(node, "medicationCodeableConcept") {
        return Some((concept, Vec::new()));
    }
    let reference = node.get("medicationReference")?;
    let named = || reference.text("display").map(Concept::text);
    let Some(medication) = reader.library.resolve_as(index, Some(reference), "Medication") else {
        return named().map(|named| (named, Vec::new()));
    };
    let ingredients: Vec<Concept> = medication
        .node
        .list("ingredient")
        .iter()
        .filter_map(|ingredient| {
            concept_of(ingredient, "itemCodeableConcept")
                .or_else(|| ingredient.at(&["itemReference", "display"]).and_then(Node::as_text).map(Concept::text))
        })
        .take(INGREDIENTS)
        .map(shared_concept)
        .collect();
    let product = concept_of(medication.node, "code").map(shared_concept).or_else(named).or_else(|| {
        // A medicine mixed for the person has ingredients and no code.
        let words: Vec<&str> = ingredients.iter().filter_map(Concept::label).collect();
        (!words.is_empty()).then(|| Concept::text(words.join("、")))
    })?;
    Some((product, ingredients))
}

fn rp_number(node: &Node<'_>) -> Option<String> {
    node.list("identifier")
        .iter()
        .find(|identifier| identifier.text("system").is_some_and(|system| RP_NUMBER.contains(&system)))
        .and_then(|identifier| identifier.get("value")?.as_words())
        .map(str::to_owned)
}

fn generic(product: &Concept) -> Option<Concept> {
    let is_generic = |system: &str| GENERIC.contains(&crate::record::canonical_system(system).as_str());
    product.codings.iter().find(|coding| coding.system.as_deref().is_some_and(is_generic)).cloned().map(Concept::of)
}

fn prescriber(reader: &Reader<'_>, index: usize, node: &Node<'_>) -> Option<String> {
    let order = node.list("authorizingPrescription").iter().find_map(|order| reader.library.resolve(index, Some(order)));
    let from_order = || {
        let order = order?;
        reader.library.speaker(order, reader.library.get(order)?.node.get("requester"))
    };
    reader.library.speaker(index, node.get("requester")).or_else(from_order)
}

/// The first dosage fills the fields; the words of all go into the notes where they say more than the usage.
fn dosage(node: &Node<'_>, body: &mut Medication) {
    let single = node.get("dosage").filter(|dosage| !matches!(dosage, Node::List(_)));
    let dosages: Vec<&Node<'_>> =
        node.list("dosageInstruction").iter().chain(if single.is_some() { &[] } else { node.list("dosage") }).chain(single).collect();
    for (position, dosage) in dosages.iter().enumerate() {
        let timing = dosage.get("timing");
        let usage = timing.and_then(|timing| concept_of(timing, "code"));
        let repeat = timing.and_then(|timing| timing.get("repeat"));
        if position == 0 {
            body.usage = usage.or_else(|| dosage.text("text").map(Concept::text)).or_else(|| repeat.and_then(rhythm).map(Concept::text));
            (body.dose, body.dose_unit) = dose(dosage);
            body.form = label_of(dosage, "method");
            let period = dosage.extension(PERIOD_OF_USE).and_then(|extension| period_of(extension, "valuePeriod").ok().flatten());
            let bounds = || repeat.and_then(|repeat| period_of(repeat, "boundsPeriod").ok().flatten());
            let (start, end) = period.or_else(bounds).map_or((None, None), |when| (Some(when.day), when.until));
            (body.start, body.end) = (start, end);
            (body.quantity, body.quantity_unit) =
                dosage.extension(USAGE_DURATION).and_then(|duration| duration.get("valueDuration")).map_or((None, None), amount);
        }
        let shown = body.usage.as_ref().and_then(|usage| usage.text.clone());
        let mut words: Vec<String> =
            dosage.text("text").filter(|text| shown.as_deref() != Some(*text)).map(str::to_owned).into_iter().collect();
        words.extend(dosage.text("patientInstruction").map(str::to_owned));
        words.extend(dosage.list("additionalInstruction").iter().filter_map(|more| concept(more).label().map(str::to_owned)));
        words.extend(label_of(dosage, "asNeededCodeableConcept").map(|need| format!("頓用: {need}")));
        if dosage.flag("asNeededBoolean") == Some(true) {
            words.push("頓用".to_owned());
        }
        words.extend(label_of(dosage, "route").filter(|_| body.form.is_none()));
        body.notes.extend(words);
    }
    if body.usage.is_none()
        && let Some(words) = node.at(&["renderedDosageInstruction"]).and_then(Node::as_text)
    {
        body.usage = Some(Concept::text(plain_text(words)));
    }
}

/// `3 × / 1 d`, where a rhythm is given in numbers only.
fn rhythm(repeat: &Node<'_>) -> Option<String> {
    let word = |name: &str| repeat.get(name).and_then(Node::as_words);
    Some(format!("{} × / {} {}", word("frequency")?, word("period")?, word("periodUnit")?))
}

/// The dose of one use; the dose of a day where only that is given.
fn dose(dosage: &Node<'_>) -> (Option<String>, Option<String>) {
    if let Some(words) = dosage.extension(own::DOSE).and_then(|dose| dose.text("valueString")) {
        let unit = dosage.extension(own::DOSE_UNIT).and_then(|unit| unit.text("valueString"));
        return (Some(words.to_owned()), unit.map(str::to_owned));
    }
    // MedicationAdministration has one dosage with the dose in it.
    let rates = dosage.list("doseAndRate");
    let quantity = rates.iter().find_map(|rate| rate.get("doseQuantity")).or_else(|| dosage.get("dose"));
    if let Some(quantity) = quantity {
        return amount(quantity);
    }
    if let Some(range) = rates.iter().find_map(|rate| rate.get("doseRange")) {
        let end = |name: &str| range.get(name).and_then(quantity_words).unwrap_or_default();
        return (Some(format!("{} – {}", end("low"), end("high"))), None);
    }
    let Some(ratio) = rates.iter().find_map(|rate| rate.get("rateRatio")) else { return (None, None) };
    let (dose, unit) = ratio.get("numerator").map_or((None, None), amount);
    let per = ratio.get("denominator").and_then(|denominator| denominator.text("unit").or_else(|| denominator.text("code")));
    (dose, unit.map(|unit| per.map_or(unit.clone(), |per| format!("{unit}/{per}"))))
}

/// A quantity as number and unit, both as written.
fn amount(quantity: &Node<'_>) -> (Option<String>, Option<String>) {
    let value = quantity.get("value").and_then(Node::as_words).map(str::to_owned);
    let unit = quantity.text("unit").or_else(|| quantity.text("code")).map(str::to_owned);
    (value, unit)
}

/// Days or times supplied; the total amount becomes a note beside them.
fn quantity(node: &Node<'_>, body: &mut Medication) {
    let request = node.get("dispenseRequest");
    let days = request.and_then(|request| request.get("expectedSupplyDuration")).or_else(|| node.get("daysSupply"));
    let total = request.and_then(|request| request.get("quantity")).or_else(|| node.get("quantity"));
    let own = node.extension(own::QUANTITY);
    if let Some(own) = own {
        let word = |name: &str| own.extension(name).and_then(|part| part.text("valueString")).map(str::to_owned);
        (body.quantity, body.quantity_unit) = (word("value"), word("unit"));
        return;
    }
    match (days, total) {
        (Some(days), total) => {
            (body.quantity, body.quantity_unit) = amount(days);
            body.notes.extend(total.and_then(quantity_words).map(|total| format!("全量 {total}")));
        }
        (None, Some(total)) if body.quantity.is_none() => (body.quantity, body.quantity_unit) = amount(total),
        (None, Some(total)) => body.notes.extend(quantity_words(total).map(|total| format!("全量 {total}"))),
        (None, None) => {}
    }
}
