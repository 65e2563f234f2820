//! The items of one entry, and the event that is made of them: measurements, findings, a dose with its lot, and whatever
//! nobody understands.

use std::collections::HashMap;

use super::{
    here::Here,
    value::{date, number, read_unit, yes_or_no},
};
use crate::{
    base::PartialDate,
    formats::{Fault, FormatError, Refusal, fhir::without_insurance_lines},
    record::{Body, Coding, Concept, Event, Fact, Observation, Reason, Standing, Unit, Vaccination, Value, When},
    terms::{Kind, Meaning, QUANTITY_SYSTEM, self_information_item},
};

/// Between the names of what lies in each other.
const IN: &str = " / ";
const NAMELESS: &str = "名称のない項目";
const DOSE: &str = "予防接種";

/// One item.
pub(super) struct Leaf {
    meaning: Option<Meaning>,
    /// The unit in brackets behind its name.
    unit: Option<String>,
    /// Its name, behind the names of what it lies in where these matter.
    label: String,
    /// Whether what it lies in changes what it means.
    is_apart: bool,
    words: String,
    /// Not in quotes: a number, `true` or `false`.
    is_word: bool,
    at: String,
    when: Option<When>,
}

impl Leaf {
    pub(super) fn new(name: &str, words: &str, is_word: bool, here: &Here<'_>) -> Self {
        let (meaning, unit) = self_information_item(name).map_or((None, None), |(meaning, unit)| (Some(meaning), unit));
        let meaning = match meaning {
            Some(Meaning::Same | Meaning::Somebody) => None,
            Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex) if here.is_somebody => None,
            other => other,
        };
        let name = if name.is_empty() { NAMELESS } else { name };
        let label = if here.path.is_told { format!("{}{IN}{name}", here.path.names.join(IN)) } else { name.to_owned() };
        Self {
            meaning,
            unit,
            label,
            is_apart: here.path.is_apart || here.is_somebody,
            words: words.to_owned(),
            is_word,
            at: here.place.clone(),
            when: here.when.clone(),
        }
    }

    /// Bytes that are copied from around it.
    pub(super) fn copied(&self) -> usize {
        self.at.len() + self.label.len()
    }

    fn is(&self, wanted: impl Fn(Meaning) -> bool) -> bool {
        self.meaning.is_some_and(wanted)
    }

    fn fact(self, kind: Kind, body: Body, standing: Standing) -> Fact {
        let concept = Concept::text(self.label.clone());
        Fact { kind, title: self.label, concept, when: self.when, body, at: self.at, said_by: None, standing }
    }

    fn observed(self, kind: Kind, value: Value, unit: Option<Unit>, standing: Standing) -> Fact {
        let mut observation = Observation::new(value);
        observation.unit = unit;
        self.fact(kind, Body::Observation(observation), standing)
    }

    /// Words, without a line that names an insurance number; nothing where nothing is left.
    fn said(self, kind: Kind, standing: Standing) -> Option<Fact> {
        let words = without_insurance_lines(&self.words).trim().to_owned();
        (!words.is_empty()).then(|| self.observed(kind, Value::Text(words), None, standing))
    }

    fn measured(&self, any_unit: bool) -> Option<(Value, Option<Unit>)> {
        let (value, unit) = number(&self.words, any_unit)?;
        Some((value, unit.or_else(|| self.unit.as_deref().map(read_unit))))
    }
}

/// An entry on its way to becoming an event.
pub(super) struct Draft {
    kind: Option<Kind>,
    name: String,
    pub(super) day: Option<PartialDate>,
    pub(super) leaves: Vec<Leaf>,
}

impl Draft {
    pub(super) const fn new(kind: Option<Kind>, name: String, day: Option<PartialDate>) -> Self {
        Self { kind, name, day, leaves: Vec::new() }
    }

    /// The event; none where nothing but names, dates and identifiers was said.
    pub(super) fn event(self, refused: &mut Vec<Refusal>) -> Option<Event> {
        let Self { kind, name, day, leaves } = self;
        let names_vaccine = |leaf: &Leaf| !leaf.is_apart && leaf.is(|meaning| matches!(meaning, Meaning::Vaccine | Meaning::Lot));
        let is_dose = kind == Some(Kind::Vaccination) || (kind.is_none() && leaves.iter().any(names_vaccine));
        let mut making = Making { day, is_dose, place: None, facts: Vec::new(), doses: Vec::new(), dose_of: HashMap::new(), refused };
        for leaf in leaves {
            making.take(leaf);
        }
        let Making { place, facts: others, doses, .. } = making;
        let known = doses.iter().find_map(|dose| dose.vaccine.clone());
        let mut titles = Vec::with_capacity(doses.len());
        let mut facts = Vec::with_capacity(others.len() + doses.len());
        let mut others = others.into_iter();
        for dose in doses {
            // Doses stand in the order of the facts that come before them.
            facts.extend(others.by_ref().take(dose.before.saturating_sub(facts.len().saturating_sub(titles.len()))));
            let fact = dose.fact(known.as_deref());
            titles.push(fact.title.clone());
            facts.push(fact);
        }
        facts.extend(others);
        if facts.is_empty() {
            return None;
        }
        let kind = kind.unwrap_or(if is_dose { Kind::Vaccination } else { Kind::Other });
        let title = match titles.as_slice() {
            [one] if one != DOSE => one.clone(),
            _ if name.is_empty() => kind.japanese().to_owned(),
            _ => name,
        };
        Some(Event { kind, day, title, place, signature: None, facts })
    }
}

struct Making<'a> {
    day: Option<PartialDate>,
    is_dose: bool,
    place: Option<String>,
    facts: Vec<Fact>,
    doses: Vec<Dose>,
    /// The dose of a day.
    dose_of: HashMap<Option<When>, usize>,
    refused: &'a mut Vec<Refusal>,
}

impl Making<'_> {
    fn take(&mut self, leaf: Leaf) {
        match leaf.meaning {
            Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex | Meaning::Withheld) => {}
            Some(Meaning::Day { .. }) => self.day_said(leaf),
            Some(Meaning::Facility) if self.place.is_none() && !leaf.is_apart => self.place = Some(leaf.words),
            Some(Meaning::Facility | Meaning::Finding) => self.facts.extend(leaf.said(Kind::Finding, Standing::Understood)),
            Some(Meaning::Quantity(quantity)) => {
                let coding = Coding::new(QUANTITY_SYSTEM, quantity.id);
                let (is_apart, measured) = (leaf.is_apart, leaf.measured(false));
                let fact = match measured {
                    // Not the value of the day: it must not be drawn as such.
                    Some((value, unit)) if is_apart => Some(leaf.observed(Kind::Measurement, value, unit, Standing::NotUnderstood)),
                    Some((value, unit)) => {
                        let mut fact = leaf.observed(Kind::Measurement, value, unit, Standing::Understood);
                        fact.concept.codings.push(coding);
                        quantity.japanese.clone_into(&mut fact.title);
                        Some(fact)
                    }
                    None => leaf.said(Kind::Measurement, Standing::Quarantined(Reason::Type)),
                };
                self.facts.extend(fact);
            }
            Some(Meaning::Measured) => self.facts.extend(match leaf.measured(true) {
                Some((value, unit)) => Some(leaf.observed(Kind::Measurement, value, unit, Standing::Understood)),
                None => leaf.said(Kind::Finding, Standing::Understood),
            }),
            Some(meaning) if self.is_dose && !leaf.is_apart => self.dose_said(leaf, meaning),
            Some(_) | None => self.unknown(leaf),
        }
    }

    /// Kept as it came.
    fn unknown(&mut self, leaf: Leaf) {
        let as_number = if leaf.is_word { leaf.words.parse().ok() } else { None };
        self.facts.extend(match as_number {
            Some(decimal) => Some(leaf.observed(Kind::Other, Value::Number { comparator: None, decimal }, None, Standing::NotUnderstood)),
            None => leaf.said(Kind::Other, Standing::NotUnderstood),
        });
    }

    /// A date is said again only where the event's day does not say it.
    fn day_said(&mut self, leaf: Leaf) {
        let own = leaf.when.as_ref().map(|when| when.day).or(self.day);
        match date(&leaf.words) {
            Some((day, None)) if Some(day) == own => {}
            Some(_) => self.facts.extend(leaf.said(Kind::Finding, Standing::Understood)),
            None => {
                let reason = FormatError::Malformed { place: leaf.at.clone(), fault: Fault::Date };
                self.refused.push(Refusal { place: leaf.at.clone(), reason });
                self.unknown(leaf);
            }
        }
    }

    fn dose_said(&mut self, leaf: Leaf, meaning: Meaning) {
        let before = self.facts.len();
        let index = *self.dose_of.entry(leaf.when.clone()).or_insert_with(|| {
            self.doses.push(Dose {
                before,
                at: leaf.at.clone(),
                when: leaf.when.clone(),
                vaccine: None,
                said: Vaccination { given: true, ..Vaccination::default() },
            });
            self.doses.len() - 1
        });
        let Some(dose) = self.doses.get_mut(index) else { return };
        if let Some(leaf) = dose.take(leaf, meaning) {
            self.unknown(leaf);
        }
    }
}

/// A dose being gathered: the items of one day of an entry.
struct Dose {
    /// How many facts come before it.
    before: usize,
    at: String,
    when: Option<When>,
    vaccine: Option<String>,
    said: Vaccination,
}

impl Dose {
    /// Takes an item; hands it back where the dose says that already, or where the words are not of its kind.
    fn take(&mut self, leaf: Leaf, meaning: Meaning) -> Option<Leaf> {
        let slot = match meaning {
            Meaning::Vaccine => &mut self.vaccine,
            Meaning::Lot => &mut self.said.lot,
            Meaning::Dose => &mut self.said.dose_number,
            Meaning::Series => &mut self.said.series,
            Meaning::Maker => &mut self.said.manufacturer,
            Meaning::Amount | Meaning::Site | Meaning::Expires | Meaning::Given => return self.take_else(leaf, meaning),
            _ => return Some(leaf),
        };
        if slot.is_some() {
            return Some(leaf);
        }
        if matches!(meaning, Meaning::Vaccine) {
            self.at.clone_from(&leaf.at);
        }
        *slot = Some(leaf.words);
        None
    }

    fn take_else(&mut self, leaf: Leaf, meaning: Meaning) -> Option<Leaf> {
        match meaning {
            Meaning::Amount if self.said.amount.is_none() => {
                let Some((Value::Number { comparator: None, decimal }, unit)) = number(&leaf.words, true) else { return Some(leaf) };
                let unit = unit.map(|unit| unit.shown).or_else(|| leaf.unit.clone());
                self.said.amount = Some((decimal, unit.unwrap_or_default()));
            }
            Meaning::Site if self.said.site.is_none() => self.said.site = Some(Concept::text(leaf.words)),
            Meaning::Expires if self.said.expires.is_none() => match date(&leaf.words) {
                Some((day, None)) => self.said.expires = Some(day),
                _ => return Some(leaf),
            },
            Meaning::Given => match yes_or_no(&leaf.words) {
                Some(given) => self.said.given = given,
                None => return Some(leaf),
            },
            _ => return Some(leaf),
        }
        None
    }

    /// `known`: the vaccine that the entry names elsewhere.
    fn fact(self, known: Option<&str>) -> Fact {
        let name = self.vaccine.as_deref().or(known).unwrap_or(DOSE).to_owned();
        Fact {
            kind: Kind::Vaccination,
            title: name.clone(),
            concept: Concept::text(name),
            when: self.when,
            body: Body::Vaccination(self.said),
            at: self.at,
            said_by: None,
            standing: Standing::Understood,
        }
    }
}
