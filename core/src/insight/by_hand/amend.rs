//! From a record that is there and what the person says is wrong with it to the record in its place. Codes, method and
//! whatever else the document told stay, unless the name itself is corrected: then they are another thing's.

use super::{
    FieldTrouble, Trouble, Typed,
    read::{Answers, Needs},
};
use crate::{
    base::PartialDate,
    record::{
        Body, Coding, Concept, Event, Fact, Medication, MedicationStage, Narrative, Observation, SignatureCheck, Standing, Unit,
        Vaccination, Value,
    },
    terms::{Field, Kind, VACCINE_SYSTEM, form, quantity_of, same_unit},
};

/// The form that a record is corrected with, and the ids of its fields that such a record has.
pub fn form_of_record(fact: &Fact) -> (Kind, Vec<&'static Field>) {
    let (kind, own): (Kind, &[&str]) = match &fact.body {
        Body::Observation(observation) => match observation.value {
            Value::Number { .. } => (Kind::Laboratory, &["value", "unit"]),
            Value::Between { .. } | Value::Coded { .. } | Value::Text(_) | Value::Absent { .. } => (Kind::Laboratory, &["answer"]),
        },
        Body::Vaccination(_) => {
            (Kind::Vaccination, &["vaccine", "product", "maker", "lot", "dose", "series", "amount", "site", "route", "expires"])
        }
        Body::Medication(medicine) if medicine.stage == MedicationStage::Prescribed => {
            (Kind::Prescription, &["name", "dose", "dose_unit", "usage", "days", "prescriber"])
        }
        Body::Medication(_) => (Kind::Medication, &["name", "dose", "dose_unit", "usage", "days", "until", "prescriber"]),
        Body::Condition(_) => (Kind::Condition, &["name", "since", "ended", "status"]),
        Body::Allergy(_) => (Kind::Allergy, &["name", "category", "reaction", "criticality", "since"]),
        Body::Procedure(_) => (Kind::Procedure, &["name", "site", "why"]),
        Body::Expense(_) => (Kind::Expense, &["paid", "total", "points", "days", "class"]),
        Body::Narrative(_) => (Kind::Document, &["title", "text"]),
        Body::Note(_) | Body::Raw(_) => (Kind::Note, &["title", "text"]),
    };
    let has = |field: &&Field| ["on", "place", "notes"].contains(&field.id) || own.contains(&field.id);
    (kind, form(kind).iter().filter(has).collect())
}

/// The event that stands in the place of one record of `event`: that record alone, with what was typed in its place.
///
/// # Errors
/// As of [`super::event_by_hand`]; `NoSuchField` for what such a record does not have.
pub fn amended(event: &Event, fact: &Fact, typed: Typed<'_>) -> Result<Event, Vec<FieldTrouble>> {
    let (kind, fields) = form_of_record(fact);
    let trouble = |field: &str, trouble| FieldTrouble { field: field.to_owned(), trouble };
    let strange: Vec<FieldTrouble> = typed
        .values
        .iter()
        .filter(|(id, _)| !fields.iter().any(|field| field.id == id))
        .map(|(id, _)| trouble(id, Trouble::NoSuchField))
        .collect();
    if !strange.is_empty() {
        return Err(strange);
    }
    let answers = Answers::new(Typed { kind, ..typed }, form(kind), Needs::Nothing)?;
    let mut fact = fact.clone();
    let is_of_the_day = fact.when.is_none();
    if let (Some(day), Some(when)) = (answers.date("on"), &mut fact.when) {
        when.day = day;
    }
    let name = rewritten(&mut fact, &answers).map_err(|(field, found)| vec![trouble(field, found)])?;
    if let Some(name) = name {
        fact.concept = Concept::text(name.clone());
        fact.title = name;
    }
    fact.said_by = Some(typed.author.to_owned());
    fact.standing = Standing::Understood;
    let day = answers.date("on").filter(|_| is_of_the_day).or(event.day);
    let day = fact.when.as_ref().filter(|_| answers.date("on").is_some()).map(|when| when.day).or(day);
    if let Some(found) = doubted(&fact, &answers, fact.when.as_ref().map(|when| when.day).or(day)) {
        return Err(vec![trouble("value", found)]);
    }
    Ok(Event {
        kind: event.kind,
        day,
        title: event.title.clone(),
        place: answers.words("place").map(str::to_owned).or_else(|| event.place.clone()),
        signature: None::<SignatureCheck>,
        facts: vec![fact],
    })
}

/// What is strange about a value that was put right, or whose day was: of a child by its age, as when it is written down.
fn doubted(fact: &Fact, answers: &Answers<'_>, on: Option<PartialDate>) -> Option<Trouble> {
    if answers.number("value").is_none() && answers.date("on").is_none() {
        return None;
    }
    let Body::Observation(Observation { value: Value::Number { comparator: None, decimal }, unit, .. }) = &fact.body else { return None };
    let mut codings = fact.concept.codings.iter();
    let quantity = codings.find_map(|coding| quantity_of(coding.canonical_system().as_deref(), &coding.code))?;
    answers.doubted(decimal, unit.as_ref(), quantity, on)
}

/// Puts what was typed in its place; gives the new name where the name itself was corrected.
fn rewritten(fact: &mut Fact, answers: &Answers<'_>) -> Result<Option<String>, (&'static str, Trouble)> {
    let mut name = answers.words("name");
    match &mut fact.body {
        Body::Observation(observation) => observed(observation, &fact.concept, answers)?,
        Body::Vaccination(dose) => {
            name = None;
            if let Some(vaccine) = answers.vaccine("vaccine") {
                let coding = Coding::new(VACCINE_SYSTEM, vaccine.id).with_display(vaccine.japanese);
                fact.concept = Concept { codings: vec![coding], text: None };
                vaccine.japanese.clone_into(&mut fact.title);
            }
            if let Some(product) = answers.words("product") {
                fact.concept.text = Some(product.to_owned());
            }
            vaccinated(dose, answers);
        }
        Body::Medication(medicine) => medicated(medicine, answers),
        Body::Condition(condition) => {
            put(&mut condition.onset, answers.words("since"));
            put(&mut condition.abated, answers.words("ended"));
            let status = answers.choice("status").map(|status| Concept::text(status.japanese));
            condition.clinical_status = status.or(condition.clinical_status.take());
            noted(&mut condition.notes, answers);
        }
        Body::Allergy(allergy) => {
            put(&mut allergy.onset, answers.words("since"));
            put(&mut allergy.criticality, answers.choice("criticality").map(|criticality| criticality.id));
            if let Some(reaction) = answers.words("reaction") {
                allergy.reactions = vec![reaction.to_owned()];
            }
            if let Some(category) = answers.choice("category") {
                allergy.categories = vec![category.id.to_owned()];
            }
            noted(&mut allergy.notes, answers);
        }
        Body::Procedure(procedure) => {
            if let Some(site) = answers.words("site") {
                procedure.body_sites = vec![Concept::text(site)];
            }
            if let Some(why) = answers.words("why") {
                procedure.reasons = vec![Concept::text(why)];
            }
            noted(&mut procedure.notes, answers);
        }
        Body::Expense(expense) => {
            expense.own_share = answers.number("paid").or(expense.own_share.take());
            expense.total = answers.number("total").or(expense.total.take());
            expense.points = answers.number("points").or(expense.points.take());
            expense.days = answers.number("days").or(expense.days.take());
            put(&mut expense.class, answers.words("class"));
            noted(&mut expense.notes, answers);
        }
        Body::Narrative(Narrative { text: own, .. }) | Body::Note(own) | Body::Raw(own) => {
            name = answers.words("title");
            if let Some(text) = answers.words("text") {
                text.clone_into(own);
            }
        }
    }
    Ok(name.map(str::to_owned))
}

fn vaccinated(dose: &mut Vaccination, answers: &Answers<'_>) {
    put(&mut dose.lot, answers.words("lot"));
    put(&mut dose.dose_number, answers.words("dose"));
    put(&mut dose.series, answers.words("series"));
    put(&mut dose.manufacturer, answers.words("maker"));
    if let Some(amount) = answers.number("amount") {
        dose.amount = Some((amount, "mL".to_owned()));
    }
    dose.site = answers.words("site").map(Concept::text).or(dose.site.take());
    dose.route = answers.choice("route").map(|route| Concept::text(route.japanese)).or(dose.route.take());
    dose.expires = answers.date("expires").or(dose.expires);
    noted(&mut dose.notes, answers);
}

fn medicated(medicine: &mut Medication, answers: &Answers<'_>) {
    put(&mut medicine.dose, answers.words("dose"));
    put(&mut medicine.dose_unit, answers.words("dose_unit"));
    put(&mut medicine.prescriber, answers.words("prescriber"));
    medicine.usage = answers.words("usage").map(Concept::text).or(medicine.usage.take());
    medicine.end = answers.date("until").or(medicine.end);
    if let Some(days) = answers.number("days") {
        (medicine.quantity, medicine.quantity_unit) = (Some(days.to_string()), Some("日分".to_owned()));
    }
    noted(&mut medicine.notes, answers);
}

fn put(own: &mut Option<String>, typed: Option<&str>) {
    if let Some(typed) = typed {
        *own = Some(typed.to_owned());
    }
}

fn noted(own: &mut Vec<String>, answers: &Answers<'_>) {
    if let Some(notes) = answers.words("notes") {
        *own = vec![notes.to_owned()];
    }
}

fn observed(observation: &mut Observation, concept: &Concept, answers: &Answers<'_>) -> Result<(), (&'static str, Trouble)> {
    let confirmed = |id: &str| answers.typed.confirmed.iter().any(|known| known == id);
    let quantity = concept.codings.iter().find_map(|coding| quantity_of(coding.system.as_deref(), &coding.code));
    if let Some(unit) = answers.words("unit") {
        let is_same = observation.unit.as_ref().is_some_and(|own| same_unit(own.ucum.as_deref().unwrap_or(&own.shown), unit));
        if !is_same && !confirmed("unit") {
            let usual = observation.unit.as_ref().map(|own| own.shown.clone()).unwrap_or_default();
            return Err(("unit", Trouble::OtherUnit { usual }));
        }
        if !is_same {
            observation.unit = Some(Unit { shown: unit.to_owned(), ucum: crate::terms::known_unit(unit).map(str::to_owned) });
        }
    }
    if let Some(value) = answers.number("value") {
        let is_usual = quantity
            .zip(observation.unit.as_ref())
            .is_none_or(|(quantity, unit)| quantity.ucum.is_none_or(|own| same_unit(own, unit.ucum.as_deref().unwrap_or(&unit.shown))));
        if let Some((low, high)) = quantity.and_then(|quantity| quantity.plausible).filter(|_| is_usual && !confirmed("value"))
            && !(low..=high).contains(&value.number())
        {
            let unit = observation.unit.as_ref().map(|unit| unit.shown.clone()).unwrap_or_default();
            return Err(("value", Trouble::Implausible { low: low.to_string(), high: high.to_string(), unit }));
        }
        observation.value = Value::Number { comparator: None, decimal: value };
        // What the source said of its own value it did not say of this one.
        observation.interpretation = None;
    }
    if let Some(words) = answers.words("answer") {
        observation.value = Value::Text(words.to_owned());
        observation.interpretation = None;
    }
    observation.status = None;
    noted(&mut observation.notes, answers);
    Ok(())
}
