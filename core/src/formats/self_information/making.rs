//! What the items of an entry become, one after another: measurements, findings, a dose with its lot, a medicine with its
//! usage, and whatever nobody understands.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{
    dose::Dose,
    leaf::{Leaf, NAMELESS},
    made::{Row, Thing, part_of},
    value::{date, number, read_unit},
};
use crate::{
    base::PartialDate,
    formats::{Fault, FormatError, Refusal, fhir::without_insurance_lines, tokutei},
    record::{Body, Coding, Fact, Reason, Standing, Vaccination, Value, When},
    terms::{InfantStage, Kind, Meaning, OwnItem, Part, QUANTITY_SYSTEM, infant_stage, own_item, quantity},
};

/// 検診区分
const ROUNDS: [&str; 3] = ["一次検診", "精密検査", "一次検診と精密検査"];

pub(super) struct Making<'a> {
    pub(super) day: Option<PartialDate>,
    pub(super) is_dose: bool,
    pub(super) place: Option<String>,
    pub(super) kind: Kind,
    pub(super) facts: Vec<Fact>,
    pub(super) doses: Vec<Dose>,
    /// The dose of a day.
    pub(super) dose_of: HashMap<Option<When>, usize>,
    pub(super) things: Vec<Thing>,
    /// The thing of an object or row.
    pub(super) thing_of: HashMap<String, usize>,
    /// Rows of a table with a value a row, by where they stand, in their order, each with its first item.
    pub(super) rows: Vec<(Leaf, Row)>,
    pub(super) row_of: HashMap<String, usize>,
    pub(super) stage: Option<InfantStage>,
    /// Which screening it is, and whether the first one or the detailed examination.
    pub(super) called: Option<String>,
    pub(super) round: Option<String>,
    pub(super) refused: &'a mut Vec<Refusal>,
}

impl<'a> Making<'a> {
    pub(super) fn new(kind: Option<Kind>, day: Option<PartialDate>, refused: &'a mut Vec<Refusal>) -> Self {
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
            called: None,
            round: None,
            refused,
        }
    }

    pub(super) fn take(&mut self, leaf: Leaf) {
        match leaf.meaning {
            Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex | Meaning::Withheld) => {}
            Some(Meaning::Day { .. }) => self.day_said(leaf),
            Some(Meaning::Facility) if self.place.is_none() && !leaf.is_apart => self.place = Some(leaf.words),
            Some(Meaning::Facility) => self.facts.extend(leaf.said(Kind::Finding, Standing::Understood)),
            Some(Meaning::Pressure) => self.pressure_said(leaf),
            Some(Meaning::Stage) => {
                self.stage = self.stage.or_else(|| infant_stage(&leaf.words));
                match self.kind {
                    Kind::CancerScreening if ROUNDS.contains(&leaf.words.as_str()) => self.round = Some(leaf.words.clone()),
                    Kind::CancerScreening | Kind::SchoolCheckup if self.called.is_none() => self.called = Some(leaf.words.clone()),
                    _ => {}
                }
                self.facts.extend(leaf.said(Kind::Finding, Standing::Understood));
            }
            Some(Meaning::Finding(item)) => {
                let key = leaf.keyed(item);
                self.keep(leaf.said(Kind::Finding, Standing::Understood), key);
            }
            // With a child in it, it is no waist.
            Some(Meaning::Quantity(quantity)) if quantity.id == "waist" && self.kind == Kind::Pregnancy => {
                self.take(Leaf { meaning: Some(Meaning::Measured(own_item("abdominal-girth"))), ..leaf });
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

    /// 112/70mmHg is two values of one moment; words of another form are a finding.
    fn pressure_said(&mut self, leaf: Leaf) {
        let folded: String = leaf.words.nfkc().collect();
        let both = folded.split_once('/').and_then(|(upper, lower)| {
            let (lower, unit) = number(lower.trim(), false)?;
            let (upper, _) = number(upper.trim(), false)?;
            Some((upper, lower, unit))
        });
        let Some((upper, lower, unit)) = both.filter(|_| !leaf.is_apart) else {
            return self.facts.extend(leaf.said(Kind::Finding, Standing::Understood));
        };
        for (id, value) in [("systolic", upper), ("diastolic", lower)] {
            let Some(quantity) = quantity(id) else { continue };
            let mut fact = leaf.clone().observed(Kind::Measurement, value, unit.clone(), Standing::Understood);
            fact.concept.codings.push(Coding::new(QUANTITY_SYSTEM, quantity.id));
            quantity.japanese.clone_into(&mut fact.title);
            self.facts.push(fact);
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
    pub(super) fn rows_said(&mut self) {
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
