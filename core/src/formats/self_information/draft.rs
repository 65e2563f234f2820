//! The items of one entry, and the event that is made of them: measurements, findings, a dose with its lot, and whatever
//! nobody understands.

use std::collections::HashMap;

use super::{
    here::Here,
    made::{Row, Thing, is_amount, part_of},
    value::{date, number, read_unit, yes_or_no},
};
use crate::{
    base::PartialDate,
    formats::{Fault, FormatError, Refusal, fhir::without_insurance_lines, tokutei},
    record::{Body, Coding, Concept, Event, Fact, Observation, Reason, Standing, Unit, Vaccination, Value, When},
    terms::{
        ITEM_SYSTEM, InfantStage, Kind, Meaning, OwnItem, Part, QUANTITY_SYSTEM, VACCINE_SYSTEM, infant_stage, own_item,
        self_information_item, vaccine_named,
    },
};

/// Between the names of what lies in each other.
const IN: &str = " / ";
const NAMELESS: &str = "名称のない項目";
const DOSE: &str = "予防接種";

/// One item.
#[derive(Clone)]
pub(in crate::formats) struct Leaf {
    meaning: Option<Meaning>,
    /// The unit in brackets behind its name.
    unit: Option<String>,
    /// Its name, behind the names of what it lies in where these matter.
    label: String,
    /// Whether what it lies in changes what it means.
    is_apart: bool,
    /// Whether it is about the child at its birth.
    is_birth: bool,
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
            Some(Meaning::Same | Meaning::Somebody | Meaning::Birth) => None,
            Some(Meaning::Sex) if here.is_birth => Some(Meaning::Finding(own_item("child-sex"))),
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
            is_birth: here.is_birth,
            words: words.to_owned(),
            is_word,
            at: here.place.clone(),
            when: here.when.clone(),
        }
    }

    /// An item of a row in a table.
    pub(in crate::formats) fn of_cell(name: &str, words: &str, at: String) -> Self {
        let (meaning, unit) = self_information_item(name).map_or((None, None), |(meaning, unit)| (Some(meaning), unit));
        let meaning = meaning.filter(|meaning| !matches!(meaning, Meaning::Same | Meaning::Somebody | Meaning::Birth));
        let label = if name.is_empty() { NAMELESS } else { name }.to_owned();
        let words = words.to_owned();
        Self { meaning, unit, label, is_apart: false, is_birth: false, words, is_word: false, at, when: None }
    }

    /// Where the object or row begins that it stands in.
    fn holder(&self) -> &str {
        self.at.rsplit_once('/').map_or("", |(holder, _)| holder)
    }

    /// The item that a row of a table names.
    fn named(self, name: String, words: String, unit: Option<String>) -> Self {
        let found = self_information_item(&name);
        let meaning = found.as_ref().map(|(meaning, _)| *meaning);
        // A name of a part of a table is no item's.
        let meaning = meaning.filter(|meaning| !matches!(meaning, Meaning::Part(_) | Meaning::Same | Meaning::Somebody | Meaning::Birth));
        let unit = unit.or_else(|| found.and_then(|(_, unit)| unit));
        Self { meaning, unit, label: name, words, is_word: false, ..self }
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

    /// With our own key, where nothing around it changes what it means.
    fn keyed(&self, item: Option<&'static OwnItem>) -> Option<Coding> {
        item.filter(|_| !self.is_apart || self.is_birth).map(|item| Coding::new(ITEM_SYSTEM, item.id))
    }

    fn measured(&self, any_unit: bool) -> Option<(Value, Option<Unit>)> {
        let (value, unit) = number(&self.words, any_unit)?;
        Some((value, unit.or_else(|| self.unit.as_deref().map(read_unit))))
    }
}

/// An entry on its way to becoming an event.
pub(in crate::formats) struct Draft {
    kind: Option<Kind>,
    name: String,
    pub(in crate::formats) day: Option<PartialDate>,
    pub(in crate::formats) leaves: Vec<Leaf>,
}

impl Draft {
    pub(in crate::formats) const fn new(kind: Option<Kind>, name: String, day: Option<PartialDate>) -> Self {
        Self { kind, name, day, leaves: Vec::new() }
    }

    /// The events; none where nothing but names, dates and identifiers was said. One, but for expenses: what several
    /// institutions cost in one month is an event each.
    pub(in crate::formats) fn events(mut self, refused: &mut Vec<Refusal>) -> Vec<Event> {
        self.kind = self.kind.or_else(|| self.told_kind());
        let mut holders: Vec<String> = Vec::new();
        if self.kind == Some(Kind::Expense) {
            let amounts = self.leaves.iter().filter(|leaf| matches!(leaf.meaning, Some(Meaning::Part(part)) if is_amount(part)));
            for leaf in amounts {
                if holders.last().is_none_or(|last| last != leaf.holder()) {
                    holders.push(leaf.holder().to_owned());
                }
            }
        }
        if holders.len() < 2 {
            return self.event(refused).into_iter().collect();
        }
        let Self { kind, name, day, leaves } = self;
        let place_of: HashMap<&str, usize> = holders.iter().enumerate().map(|(place, holder)| (holder.as_str(), place)).collect();
        let mut drafts: Vec<Self> = holders.iter().map(|_| Self::new(kind, name.clone(), day)).collect();
        let mut common = None;
        for leaf in leaves {
            let own = place_of.get(leaf.holder()).copied();
            if own.is_none() && leaf.is(|meaning| matches!(meaning, Meaning::Facility)) && common.is_none() {
                common = Some(leaf.words);
            } else if let Some(draft) = drafts.get_mut(own.unwrap_or(0)) {
                draft.leaves.push(leaf);
            }
        }
        let mut events: Vec<Event> = drafts.into_iter().filter_map(|draft| draft.event(refused)).collect();
        for event in events.iter_mut().filter(|event| event.place.is_none()) {
            event.place.clone_from(&common);
        }
        events
    }

    /// The kind that the items themselves tell, where no name around them does.
    fn told_kind(&self) -> Option<Kind> {
        let kind_of = |leaf: &Leaf| match leaf.meaning? {
            _ if leaf.is_apart => None,
            Meaning::Vaccine | Meaning::Lot => Some(Kind::Vaccination),
            Meaning::Part(Part::Medicine) => Some(Kind::Medication),
            Meaning::Part(Part::OwnShare | Part::Total | Part::Points) => Some(Kind::Expense),
            Meaning::Part(Part::Procedure) => Some(Kind::Procedure),
            Meaning::Part(Part::Condition) => Some(Kind::Condition),
            Meaning::Part(Part::Allergy) => Some(Kind::Allergy),
            Meaning::Stage => infant_stage(&leaf.words).map(|_| Kind::InfantCheckup),
            _ => None,
        };
        self.leaves.iter().find_map(kind_of)
    }

    fn event(self, refused: &mut Vec<Refusal>) -> Option<Event> {
        let Self { kind, name, day, leaves } = self;
        let mut making = Making::new(kind, day, refused);
        for leaf in leaves {
            making.take(leaf);
        }
        making.rows_said();
        let Making { place, facts: others, doses, things, stage, day, is_dose, .. } = making;
        let known = doses.iter().find_map(|dose| dose.vaccine.clone());
        let mut titles = Vec::with_capacity(doses.len());
        let mut made: Vec<(usize, Fact)> = things.into_iter().map(|thing| (thing.before, thing.fact())).collect();
        for dose in doses {
            let before = dose.before;
            let fact = dose.fact(known.as_deref());
            titles.push(fact.title.clone());
            made.push((before, fact));
        }
        // What was put together stands where its first part stood.
        let mut facts = Vec::with_capacity(others.len() + made.len());
        let mut made = made.into_iter().peekable();
        for (place, fact) in others.into_iter().enumerate() {
            while let Some((_, before)) = made.next_if(|(before, _)| *before <= place) {
                facts.push(before);
            }
            facts.push(fact);
        }
        facts.extend(made.map(|(_, fact)| fact));
        if facts.is_empty() {
            return None;
        }
        let kind = kind.unwrap_or(if is_dose { Kind::Vaccination } else { Kind::Other });
        let stage = if kind == Kind::InfantCheckup { infant_stage(&name).or(stage) } else { None };
        let title = match (titles.as_slice(), stage, &place) {
            ([one], ..) if one != DOSE => one.clone(),
            (_, Some(stage), _) => stage.japanese.to_owned(),
            (_, _, Some(place)) if kind == Kind::Expense => place.clone(),
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
    kind: Kind,
    facts: Vec<Fact>,
    doses: Vec<Dose>,
    /// The dose of a day.
    dose_of: HashMap<Option<When>, usize>,
    things: Vec<Thing>,
    /// The thing of an object or row.
    thing_of: HashMap<String, usize>,
    /// Rows of a table with a value a row, by where they stand, in their order, each with its first item.
    rows: Vec<(Leaf, Row)>,
    row_of: HashMap<String, usize>,
    stage: Option<InfantStage>,
    refused: &'a mut Vec<Refusal>,
}

impl<'a> Making<'a> {
    fn new(kind: Option<Kind>, day: Option<PartialDate>, refused: &'a mut Vec<Refusal>) -> Self {
        Self {
            day,
            is_dose: kind == Some(Kind::Vaccination),
            place: None,
            kind: kind.unwrap_or(Kind::Other),
            facts: Vec::new(),
            doses: Vec::new(),
            dose_of: HashMap::new(),
            things: Vec::new(),
            thing_of: HashMap::new(),
            rows: Vec::new(),
            row_of: HashMap::new(),
            stage: None,
            refused,
        }
    }

    fn take(&mut self, leaf: Leaf) {
        match leaf.meaning {
            Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex | Meaning::Withheld) => {}
            Some(Meaning::Day { .. }) => self.day_said(leaf),
            Some(Meaning::Facility) if self.place.is_none() && !leaf.is_apart => self.place = Some(leaf.words),
            Some(Meaning::Facility) => self.facts.extend(leaf.said(Kind::Finding, Standing::Understood)),
            Some(Meaning::Stage) => {
                self.stage = self.stage.or_else(|| infant_stage(&leaf.words));
                self.facts.extend(leaf.said(Kind::Finding, Standing::Understood));
            }
            Some(Meaning::Finding(item)) => {
                let key = leaf.keyed(item);
                self.keep(leaf.said(Kind::Finding, Standing::Understood), key);
            }
            Some(Meaning::Quantity(quantity)) if leaf.is_birth => {
                let key = leaf.keyed(birth_item(quantity.id));
                let standing = if key.is_some() { Standing::Understood } else { Standing::NotUnderstood };
                let fact = match leaf.measured(true) {
                    Some((value, unit)) => Some(leaf.observed(Kind::Measurement, value, unit, standing)),
                    None => leaf.said(Kind::Finding, standing),
                };
                self.keep(fact, key);
            }
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
            Some(Meaning::Measured(item)) => {
                let key = leaf.keyed(item);
                let fact = match leaf.measured(true) {
                    Some((value, unit)) => Some(leaf.observed(Kind::Measurement, value, unit, Standing::Understood)),
                    None => leaf.said(Kind::Finding, Standing::Understood),
                };
                self.keep(fact, key);
            }
            Some(meaning) if self.is_dose && !leaf.is_apart => self.dose_said(leaf, meaning),
            Some(meaning) => self.part_said(leaf, meaning),
            None => self.unknown(leaf),
        }
    }

    fn keep(&mut self, fact: Option<Fact>, key: Option<Coding>) {
        self.facts.extend(fact.map(|mut fact| {
            fact.concept.codings.extend(key);
            fact
        }));
    }

    /// A part of what several items make together.
    fn part_said(&mut self, leaf: Leaf, meaning: Meaning) {
        let Some(part) = part_of(meaning, self.kind) else { return self.unknown(leaf) };
        let holder = leaf.holder().to_owned();
        let words = without_insurance_lines(&leaf.words).trim().to_owned();
        let known = self.thing_of.get(&holder).copied();
        if let Some(thing) = known.and_then(|place| self.things.get_mut(place))
            && thing.take(part, &words, &leaf.at)
        {
            return;
        }
        // A second name is a second thing; anything else the first one does not take is kept by itself.
        let may_begin = known.and_then(|place| self.things.get(place)).is_none_or(Thing::is_named);
        if may_begin
            && let Some(mut thing) = Thing::new(self.kind, self.facts.len(), &leaf.at, leaf.when.as_ref())
            && (known.is_none() || matches!(part, Part::Medicine | Part::Procedure | Part::Condition | Part::Allergy))
            && thing.take(part, &words, &leaf.at)
        {
            self.thing_of.insert(holder, self.things.len());
            self.things.push(thing);
            return;
        }
        let row = match self.row_of.get(&holder) {
            Some(row) => *row,
            None => {
                self.rows.push((leaf.clone(), Row::default()));
                self.row_of.insert(holder, self.rows.len() - 1);
                self.rows.len() - 1
            }
        };
        let is_taken = self.rows.get_mut(row).is_some_and(|(_, row)| row.take(part, &words));
        if !is_taken {
            self.unknown(leaf);
        }
    }

    /// Each row of a table with a value a row becomes the item it names.
    fn rows_said(&mut self) {
        for (leaf, row) in std::mem::take(&mut self.rows) {
            let Row { code, name, value, unit, notes } = row;
            let first = self.facts.len();
            let (Some(value), true) = (value.clone(), code.is_some() || name.is_some()) else {
                // No row after all: each word is kept under its own name.
                let said = [("項目コード", code), ("項目名", name), ("値", value), ("単位", unit)];
                for (label, words) in said.into_iter().filter_map(|(label, words)| Some((label, words?))) {
                    self.unknown(Leaf { meaning: None, label: label.to_owned(), words, ..leaf.clone() });
                }
                notes.into_iter().for_each(|words| self.unknown(Leaf { meaning: None, words, ..leaf.clone() }));
                continue;
            };
            match code.filter(|code| tokutei::is_item(code)) {
                Some(code) => {
                    self.facts.push(tokutei::item_fact(&code, name.as_deref(), value, unit.as_deref(), leaf.at.clone()));
                }
                None => {
                    let leaf = leaf.named(name.unwrap_or_else(|| NAMELESS.to_owned()), value, unit);
                    if let Some(Meaning::Day { .. }) = leaf.meaning {
                        self.day = self.day.or_else(|| date(&leaf.words).map(|(day, _)| day));
                    }
                    self.take(leaf);
                }
            }
            if let Some(Body::Observation(observation)) = self.facts.get_mut(first).map(|fact| &mut fact.body) {
                observation.notes.extend(notes);
            }
        }
    }

    /// Kept as it came.
    fn unknown(&mut self, leaf: Leaf) {
        let as_number = if leaf.is_word { leaf.words.parse().ok() } else { None };
        // A unit that came with a value nobody knows is kept with it.
        let unit = leaf.unit.as_deref().map(read_unit);
        self.facts.extend(match as_number {
            Some(decimal) => Some(leaf.observed(Kind::Other, Value::Number { comparator: None, decimal }, unit, Standing::NotUnderstood)),
            None => match leaf.measured(false).filter(|_| unit.is_some()) {
                Some((value, unit)) => Some(leaf.observed(Kind::Other, value, unit, Standing::NotUnderstood)),
                None => leaf.said(Kind::Other, Standing::NotUnderstood),
            },
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
            concept: Concept {
                codings: vaccine_named(&name).map(|vaccine| Coding::new(VACCINE_SYSTEM, vaccine.id)).into_iter().collect(),
                text: Some(name.clone()),
            },
            title: name,
            when: self.when,
            body: Body::Vaccination(self.said),
            at: self.at,
            said_by: None,
            standing: Standing::Understood,
        }
    }
}

/// What a measure is of a child at its birth.
fn birth_item(quantity: &str) -> Option<&'static OwnItem> {
    own_item(match quantity {
        "body-weight" => "birth-weight",
        "body-height" => "birth-height",
        "head-circumference" => "birth-head-circumference",
        "chest-circumference" => "birth-chest-circumference",
        _ => return None,
    })
}
