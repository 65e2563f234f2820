//! What two tellings of one event say differently, item by item, and which values of the one stand for values of the other
//! on a chart.

use super::medicine::{Medicines, medicines};
use crate::{
    base::fold,
    insight::series_of,
    record::{Body, Concept, Event, Fact, Medication, Vaccination, Value},
};

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// The day.
    Day,
    /// The event's name.
    Title,
    /// The institution.
    Place,
    /// What the record is called.
    Name,
    /// A record's result.
    Value,
    /// The lot number.
    Lot,
    /// Which dose.
    DoseNumber,
    /// The manufacturer.
    Manufacturer,
    /// How much is taken.
    Dose,
    /// For how many days or times.
    Quantity,
    /// How it is taken.
    Usage,
    /// The whole record: only one of the two states it.
    Record,
}

/// One difference. A record is named by its place in its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub item: Item,
    /// The record it is about, in the leading event.
    pub lead_record: Option<usize>,
    /// The record it is about, in the other event.
    pub other_record: Option<usize>,
    /// What the leading event says; none for nothing, and for a result, which is shown from its record.
    pub lead: Option<String>,
    /// What the other says.
    pub other: Option<String>,
}

/// What `other` says differently from `lead`: the event first, then record by record in the order of the leading event.
pub fn differences(lead: &Event, other: &Event) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    let day = |event: &Event| event.day.map(|day| day.to_string());
    found.words(Item::Day, None, None, day(lead), day(other));
    found.words(Item::Title, None, None, Some(lead.title.clone()), Some(other.title.clone()));
    found.words(Item::Place, None, None, lead.place.clone(), other.place.clone());
    let partners = partners(lead, other);
    for (index, (fact, partner)) in lead.facts.iter().zip(&partners).enumerate() {
        match partner.and_then(|partner| Some((partner, other.facts.get(partner)?))) {
            Some((partner, others)) => found.records((index, fact), (partner, others)),
            None => found.0.push(Difference { item: Item::Record, lead_record: Some(index), other_record: None, lead: None, other: None }),
        }
    }
    for index in (0..other.facts.len()).filter(|index| !partners.contains(&Some(*index))) {
        found.0.push(Difference { item: Item::Record, lead_record: None, other_record: Some(index), lead: None, other: None });
    }
    found.0
}

/// For each record of `other` whose line of a chart the leading event has a value in, the leading event's record that is drawn.
pub fn drawn_instead(lead: &Event, other: &Event) -> Vec<(usize, usize)> {
    let series: Vec<Option<String>> = lead.facts.iter().map(|fact| series_of(fact).map(|series| series.key)).collect();
    let code = |fact: &Fact| fact.concept.leading().map(|coding| coding.code.clone());
    let instead = |fact: &Fact| {
        let own = Some(series_of(fact)?.key);
        let all: Vec<usize> = series.iter().enumerate().filter(|(_, series)| **series == own).map(|(index, _)| index).collect();
        let same_code = all.iter().copied().find(|index| lead.facts.get(*index).map(code) == Some(code(fact)));
        same_code.or_else(|| all.first().copied())
    };
    other.facts.iter().enumerate().filter_map(|(index, fact)| Some((index, instead(fact)?))).collect()
}

/// For each record of the leading event the record of the other that is about the same thing.
fn partners(lead: &Event, other: &Event) -> Vec<Option<usize>> {
    let mut taken = vec![false; other.facts.len()];
    let mut partners = vec![None; lead.facts.len()];
    // The surest first: an equal code or name, then one quantity, then what is alike.
    for how in [is_same_item, is_same_series, is_alike] {
        for (fact, partner) in lead.facts.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
            let found = other.facts.iter().zip(&taken).position(|(candidate, taken)| !taken && how(fact, candidate));
            if let Some((found, slot)) = found.and_then(|found| Some((found, taken.get_mut(found)?))) {
                *slot = true;
                *partner = Some(found);
            }
        }
    }
    partners
}

fn is_same_item(one: &Fact, other: &Fact) -> bool {
    if std::mem::discriminant(&one.body) != std::mem::discriminant(&other.body) {
        return false;
    }
    match (one.concept.leading(), other.concept.leading()) {
        (Some(one), Some(other)) => one.canonical_system() == other.canonical_system() && one.code.trim() == other.code.trim(),
        _ => fold(&one.title) == fold(&other.title),
    }
}

fn is_same_series(one: &Fact, other: &Fact) -> bool {
    let key = |fact: &Fact| series_of(fact).map(|series| series.key);
    key(one).is_some() && key(one) == key(other)
}

fn is_alike(one: &Fact, other: &Fact) -> bool {
    match (&one.body, &other.body) {
        // An event of one dose: whatever it is called.
        (Body::Vaccination(_), Body::Vaccination(_)) => true,
        (Body::Medication(own), Body::Medication(others)) => medicines((one, own), (other, others)) >= Medicines::Substance,
        _ => false,
    }
}

struct Found(Vec<Difference>);

impl Found {
    fn words(&mut self, item: Item, lead_record: Option<usize>, other_record: Option<usize>, lead: Option<String>, other: Option<String>) {
        let folded = |words: &Option<String>| words.as_deref().map(fold).filter(|words| !words.is_empty());
        if folded(&lead) != folded(&other) {
            self.0.push(Difference { item, lead_record, other_record, lead, other });
        }
    }

    fn records(&mut self, (index, fact): (usize, &Fact), (other_index, other): (usize, &Fact)) {
        let (lead, others) = (Some(index), Some(other_index));
        let mut words = |item, one: Option<&str>, other: Option<&str>| {
            self.words(item, lead, others, one.map(str::to_owned), other.map(str::to_owned));
        };
        match (&fact.body, &other.body) {
            (Body::Vaccination(one), Body::Vaccination(two)) => {
                words(Item::Name, Some(&fact.title), Some(&other.title));
                dose(one, two, words);
            }
            (Body::Medication(one), Body::Medication(two)) => {
                words(Item::Name, Some(&fact.title), Some(&other.title));
                medicine(one, two, words);
            }
            (one, two) => {
                if !is_same_result(one, two) {
                    self.0.push(Difference { item: Item::Value, lead_record: lead, other_record: others, lead: None, other: None });
                }
            }
        }
    }
}

fn dose(one: &Vaccination, other: &Vaccination, mut words: impl FnMut(Item, Option<&str>, Option<&str>)) {
    words(Item::Lot, one.lot.as_deref(), other.lot.as_deref());
    words(Item::DoseNumber, one.dose_number.as_deref(), other.dose_number.as_deref());
    words(Item::Manufacturer, one.manufacturer.as_deref(), other.manufacturer.as_deref());
}

fn medicine(one: &Medication, other: &Medication, mut words: impl FnMut(Item, Option<&str>, Option<&str>)) {
    words(Item::Dose, one.dose.as_deref(), other.dose.as_deref());
    words(Item::Quantity, one.quantity.as_deref(), other.quantity.as_deref());
    let usage = |medicine: &Medication| medicine.usage.as_ref().and_then(Concept::label).map(str::to_owned);
    words(Item::Usage, usage(one).as_deref(), usage(other).as_deref());
}

/// Whether a person reads the same in both.
fn is_same_result(one: &Body, other: &Body) -> bool {
    match (one, other) {
        (Body::Observation(one), Body::Observation(other)) => match (&one.value, &other.value) {
            (Value::Number { comparator, decimal }, Value::Number { comparator: sign, decimal: other }) => {
                comparator == sign && decimal.number() == other.number()
            }
            (Value::Coded { choice, meaning, .. }, Value::Coded { choice: other, meaning: other_meaning, .. }) => {
                let words = |choice: &Concept, meaning: &Option<String>| meaning.as_deref().or(choice.label()).map(fold);
                words(choice, meaning) == words(other, other_meaning)
            }
            (Value::Text(one), Value::Text(other)) => fold(one) == fold(other),
            (one, other) => one == other,
        },
        (Body::Note(one), Body::Note(other)) => fold(one) == fold(other),
        (one, other) => one == other,
    }
}
