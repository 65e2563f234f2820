//! From answers to the event they mean.

use super::{
    FieldTrouble, Trouble,
    read::{Answers, own_unit, shown_unit},
};
use crate::{
    base::Decimal,
    record::{
        Allergy, Body, Coding, Concept, Condition, Event, Expense, Fact, Medication, MedicationStage, Narrative, Observation, Procedure,
        Standing, Unit, Vaccination, Value, When,
    },
    terms::{Field, ITEM_SYSTEM, Kind, QUANTITY_SYSTEM, Shape, VACCINE_SYSTEM, form, own_item, quantity},
};

pub(super) fn event(answers: &Answers<'_>) -> Result<Event, Vec<FieldTrouble>> {
    let facts = facts(answers)?;
    let kind = answers.kind();
    let title = match kind {
        Kind::Checkup | Kind::Document | Kind::Note | Kind::Care | Kind::Other => answers.words("title"),
        Kind::InfantCheckup => answers.choice("stage").map(|stage| stage.japanese),
        Kind::CancerScreening => answers.choice("class").filter(|class| class.id != "other").map(|class| class.japanese),
        _ => facts.first().map(|fact| fact.title.as_str()).filter(|_| facts.len() == 1),
    };
    let title = title.unwrap_or_else(|| kind.japanese()).to_owned();
    Ok(Event { kind, day: answers.date("on"), title, place: answers.words("place").map(str::to_owned), signature: None, facts })
}

fn facts(answers: &Answers<'_>) -> Result<Vec<Fact>, Vec<FieldTrouble>> {
    let kind = answers.kind();
    let missing = |field: &str| vec![FieldTrouble { field: field.to_owned(), trouble: Trouble::Missing }];
    let facts = match kind {
        Kind::Vaccination => vec![vaccination(answers).ok_or_else(|| missing("name"))?],
        Kind::Measurement | Kind::Laboratory => vec![measured(answers).ok_or_else(|| missing("value"))?],
        Kind::Medication | Kind::Prescription => vec![medicine(answers)],
        Kind::Condition => vec![named(answers, Concept::default, "name", Body::Condition(condition(answers)))],
        Kind::Allergy => vec![named(answers, Concept::default, "name", Body::Allergy(allergy(answers)))],
        Kind::Infection => {
            let result = answers.choice("result").map(|result| result.japanese.to_owned()).unwrap_or_default();
            vec![named(answers, Concept::default, "name", said(answers, Value::Text(result)))]
        }
        Kind::Procedure => vec![named(answers, Concept::default, "name", Body::Procedure(procedure(answers)))],
        Kind::Expense => vec![expense(answers).ok_or_else(|| missing("paid"))?],
        Kind::Finding => {
            let answer = answers.words("answer").unwrap_or_default().to_owned();
            vec![named(answers, Concept::default, "name", said(answers, Value::Text(answer)))]
        }
        Kind::CancerScreening => vec![screening(answers)],
        Kind::Checkup | Kind::InfantCheckup | Kind::Pregnancy | Kind::SchoolCheckup => {
            let found = checked(answers);
            if found.is_empty() {
                return Err(missing(form(kind).iter().find(|field| is_item(field)).map_or("notes", |field| field.id)));
            }
            found
        }
        Kind::Document | Kind::Care => {
            let text = answers.words("text").unwrap_or_default().to_owned();
            vec![named(answers, Concept::default, "title", Body::Narrative(Narrative { text, ..Narrative::default() }))]
        }
        Kind::Note | Kind::Other => {
            vec![named(answers, Concept::default, "title", Body::Note(answers.words("text").unwrap_or_default().to_owned()))]
        }
    };
    Ok(facts)
}

const fn is_item(field: &Field) -> bool {
    matches!(field.shape, Shape::ValueOf(_) | Shape::ItemOf(_))
}

/// A record with the name that was typed into `field`, or the kind's own where none was.
fn named(answers: &Answers<'_>, concept: impl Fn() -> Concept, field: &'static str, body: Body) -> Fact {
    let title = answers.words(field).unwrap_or_else(|| answers.kind().japanese()).to_owned();
    let concept = concept();
    let concept = if concept.is_empty() && answers.words(field).is_some() { Concept::text(title.clone()) } else { concept };
    fact(answers, answers.kind(), title, concept, body, field)
}

fn fact(answers: &Answers<'_>, kind: Kind, title: String, concept: Concept, body: Body, at: &str) -> Fact {
    let day = answers.date("on");
    let (time, until) = (answers.words("time").map(str::to_owned), answers.date("until").filter(|_| kind == Kind::Medication));
    let when = day.filter(|_| time.is_some() || until.is_some()).map(|day| When { day, time, until });
    let said_by = Some(answers.typed.author.to_owned());
    Fact { kind, title, concept, when, body, at: at.to_owned(), said_by, standing: Standing::Understood }
}

fn notes(answers: &Answers<'_>) -> Vec<String> {
    answers.words("notes").map(str::to_owned).into_iter().collect()
}

fn text_of(answers: &Answers<'_>, id: &str) -> Option<String> {
    answers.words(id).map(str::to_owned)
}

fn concept_of(answers: &Answers<'_>, id: &str) -> Option<Concept> {
    answers.words(id).map(Concept::text)
}

/// An answer with its own words; the code is ours only where the form's is.
fn chosen(answers: &Answers<'_>, id: &str) -> Option<Concept> {
    answers.choice(id).map(|choice| Concept::text(choice.japanese))
}

fn vaccination(answers: &Answers<'_>) -> Option<Fact> {
    let vaccine = answers.vaccine("vaccine")?;
    let named = answers.words("name");
    // What is in no list needs at least a name.
    if vaccine.id == "other" && named.is_none() && answers.words("product").is_none() {
        return None;
    }
    let product = answers.words("product").or(named);
    let title = if vaccine.id == "other" { product.unwrap_or(vaccine.japanese) } else { vaccine.japanese };
    let coding = Coding::new(VACCINE_SYSTEM, vaccine.id).with_display(vaccine.japanese);
    let concept = Concept { codings: vec![coding], text: product.map(str::to_owned) };
    let mut all_notes: Vec<String> = answers.choice("programme").map(|programme| programme.japanese.to_owned()).into_iter().collect();
    all_notes.extend(notes(answers));
    let dose = Vaccination {
        lot: text_of(answers, "lot"),
        dose_number: text_of(answers, "dose"),
        series: text_of(answers, "series"),
        manufacturer: text_of(answers, "maker"),
        amount: answers.number("amount").map(|amount| (amount, "mL".to_owned())),
        site: concept_of(answers, "site"),
        route: chosen(answers, "route"),
        expires: answers.date("expires"),
        given: true,
        notes: all_notes,
        ..Vaccination::default()
    };
    Some(fact(answers, Kind::Vaccination, title.to_owned(), concept, Body::Vaccination(dose), "vaccine"))
}

fn number_of(decimal: Decimal, unit: Option<Unit>) -> Observation {
    Observation { unit, ..Observation::new(Value::Number { comparator: None, decimal }) }
}

fn said(answers: &Answers<'_>, value: Value) -> Body {
    let mut observation = Observation::new(value);
    observation.method = concept_of(answers, "method");
    observation.notes = notes(answers);
    Body::Observation(observation)
}

fn measured(answers: &Answers<'_>) -> Option<Fact> {
    let mut observation = match answers.number("value") {
        Some(value) => {
            let unit = match answers.quantity("what") {
                Some(quantity) => answers.unit_of(quantity).ok()?,
                None => answers.words("unit").map(own_unit),
            };
            number_of(value, unit)
        }
        None => Observation::new(Value::Text(text_of(answers, "answer")?)),
    };
    observation.method = concept_of(answers, "method");
    observation.notes = notes(answers);
    let (title, concept) = match answers.quantity("what") {
        Some(quantity) => {
            let coding = Coding::new(QUANTITY_SYSTEM, quantity.id).with_display(quantity.japanese);
            (quantity.japanese.to_owned(), Concept::of(coding))
        }
        None => (answers.words("what")?.to_owned(), Concept::text(answers.words("what")?)),
    };
    Some(fact(answers, answers.kind(), title, concept, Body::Observation(observation), "value"))
}

fn medicine(answers: &Answers<'_>) -> Fact {
    let stage = match (answers.kind(), answers.choice("stage").map(|stage| stage.id)) {
        (Kind::Prescription, _) => MedicationStage::Prescribed,
        (_, Some("dispensed")) => MedicationStage::Dispensed,
        (_, Some("over_the_counter")) => MedicationStage::OverTheCounter,
        _ => MedicationStage::Taken,
    };
    let medicine = Medication {
        stage,
        dose: text_of(answers, "dose"),
        dose_unit: text_of(answers, "dose_unit"),
        usage: concept_of(answers, "usage"),
        quantity: answers.number("days").map(|days| days.to_string()),
        quantity_unit: answers.number("days").map(|_| "日分".to_owned()),
        end: answers.date("until"),
        prescriber: text_of(answers, "prescriber"),
        notes: notes(answers),
        ..Medication::default()
    };
    // As the medicine notebook's reader names it.
    let concept = || match answers.words("jan") {
        Some(jan) => Concept { codings: vec![Coding::new("JAN", jan)], text: text_of(answers, "name") },
        None => Concept::default(),
    };
    named(answers, concept, "name", Body::Medication(medicine))
}

fn condition(answers: &Answers<'_>) -> Condition {
    Condition {
        clinical_status: chosen(answers, "status"),
        onset: text_of(answers, "since"),
        abated: text_of(answers, "ended"),
        notes: notes(answers),
        ..Condition::default()
    }
}

fn allergy(answers: &Answers<'_>) -> Allergy {
    Allergy {
        categories: answers.choice("category").map(|category| category.id.to_owned()).into_iter().collect(),
        criticality: answers.choice("criticality").map(|criticality| criticality.id.to_owned()),
        reactions: text_of(answers, "reaction").into_iter().collect(),
        onset: text_of(answers, "since"),
        notes: notes(answers),
        ..Allergy::default()
    }
}

fn procedure(answers: &Answers<'_>) -> Procedure {
    Procedure {
        body_sites: concept_of(answers, "site").into_iter().collect(),
        reasons: concept_of(answers, "why").into_iter().collect(),
        notes: notes(answers),
        ..Procedure::default()
    }
}

fn expense(answers: &Answers<'_>) -> Option<Fact> {
    let expense = Expense {
        points: answers.number("points"),
        total: answers.number("total"),
        own_share: answers.number("paid"),
        days: answers.number("days"),
        class: text_of(answers, "class"),
        notes: notes(answers),
    };
    // A bill without any amount is no bill.
    let is_one = expense.own_share.is_some() || expense.total.is_some() || expense.points.is_some();
    let title = text_of(answers, "class").unwrap_or_else(|| Kind::Expense.japanese().to_owned());
    is_one.then(|| fact(answers, Kind::Expense, title, Concept::default(), Body::Expense(expense), "paid"))
}

fn screening(answers: &Answers<'_>) -> Fact {
    let class = answers.choice("class").map_or("", |class| class.japanese);
    let result = answers.words("findings").unwrap_or_default().to_owned();
    let title = format!("{class} 検診の結果");
    let body = said(answers, Value::Text(result));
    fact(answers, Kind::Finding, title.clone(), Concept::text(title), body, "findings")
}

/// A record for each item that was filled in, in the order of the form.
fn checked(answers: &Answers<'_>) -> Vec<Fact> {
    let mut found = Vec::new();
    for field in form(answers.kind()) {
        let (coding, unit) = match &field.shape {
            Shape::ValueOf(id) => {
                let unit = quantity(id)
                    .and_then(|quantity| quantity.ucum)
                    .map(|ucum| Unit { shown: shown_unit(ucum), ucum: Some(ucum.to_owned()) });
                (Coding::new(QUANTITY_SYSTEM, *id), unit)
            }
            Shape::ItemOf(id) => (Coding::new(ITEM_SYSTEM, *id), own_item(id).and_then(|item| item.unit).map(own_unit)),
            _ => continue,
        };
        let (kind, body) = match (answers.number(field.id), answers.words(field.id)) {
            (Some(number), _) => (Kind::Measurement, Body::Observation(number_of(number, unit))),
            (None, Some(words)) => (Kind::Finding, Body::Observation(Observation::new(Value::Text(words.to_owned())))),
            (None, None) => continue,
        };
        let concept = Concept::of(coding.with_display(field.japanese));
        found.push(fact(answers, kind, field.japanese.to_owned(), concept, body, field.id));
    }
    if let Some(words) = answers.words("findings") {
        let body = Body::Observation(Observation::new(Value::Text(words.to_owned())));
        found.push(fact(answers, Kind::Finding, "所見・判定".to_owned(), Concept::text("所見・判定"), body, "findings"));
    }
    if let Some(words) = answers.words("notes") {
        found.push(fact(answers, Kind::Note, "メモ".to_owned(), Concept::default(), Body::Note(words.to_owned()), "notes"));
    }
    found
}
