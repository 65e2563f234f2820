//! Which medicines somebody takes on a day, as far as records tell: by the days that were dispensed, each once with all its
//! sources; and where one ingredient is there twice. Points out, never judges: the words send the person to a pharmacist.

mod course;
mod ingredient;
mod rules;

use chrono::{Days, NaiveDate};

pub use course::Course;
use course::course;
use ingredient::{Ingredient, ingredients, is_same_product};
pub use rules::{RULES_EDITION, look_back_days};

use crate::{
    base::PartialDate,
    record::{Body, Fact, Medication, MedicationStage},
};

/// 残薬確認, the name under which a medicine notebook (JAHIS record 421) tells what is left over.
pub const LEFT_OVER: &str = "残薬確認";

/// A record of a medicine with what its event says.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The record; one that is no medicine is passed over.
    pub fact: &'a Fact,
    /// The event's day.
    pub day: Option<PartialDate>,
    /// The institution.
    pub place: Option<&'a str>,
}

/// A medicine of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMedicine {
    /// The records that tell of it, by their place in what was given; the leading one first.
    pub sources: Vec<usize>,
    /// How it is taken, and whether it still is.
    pub course: Course,
    /// From when.
    pub from: Option<NaiveDate>,
    /// The last day, where it can be told.
    pub until: Option<NaiveDate>,
}

/// By what two medicines have one ingredient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SameBy {
    /// The first seven digits of the YJ, price-list or general-name code.
    Code,
    /// The name of the ingredient or the general name.
    Name,
}

/// Two medicines of the list that have one ingredient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameIngredient {
    /// One of them, by its place in the list.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// How that is known.
    pub by: SameBy,
    /// One is used on the skin or in the eye and the other is not.
    pub ways_differ: bool,
}

/// The medicines of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MedicineList {
    /// What is taken on that day or may be, the newest first; behind it what has ended or was stopped.
    pub medicines: Vec<ListedMedicine>,
    /// One ingredient twice.
    pub same: Vec<SameIngredient>,
    /// Medicines that could not be compared with every other one.
    pub unchecked: Vec<usize>,
}

fn medicine(fact: &Fact) -> Option<&Medication> {
    match &fact.body {
        Body::Medication(medicine) => Some(medicine),
        _ => None,
    }
}

/// The medicines on this day.
pub fn medicines(told: &[Told<'_>], on: NaiveDate) -> MedicineList {
    let mut listed: Vec<ListedMedicine> = Vec::new();
    let mut all: Vec<(usize, Told<'_>, course::Span)> = told
        .iter()
        .enumerate()
        .filter_map(|(place, told)| Some((place, *told, course(told.fact, medicine(told.fact)?, told.day, on))))
        .filter(|(_, _, span)| span.from.is_none_or(|from| from <= on))
        .collect();
    // The newest first, and what was handed out before what was only ordered.
    let rank = |told: &Told<'_>| medicine(told.fact).map_or(0, |medicine| u8::from(medicine.stage == MedicationStage::Prescribed));
    all.sort_by(|(_, one, a), (_, other, b)| rank(one).cmp(&rank(other)).then(b.from.cmp(&a.from)));
    for (place, one, span) in all {
        let known = listed.iter_mut().find(|listed| {
            listed.sources.first().and_then(|first| told.get(*first)).is_some_and(|lead| is_one(lead, listed.from, &one, span.from))
        });
        match known {
            Some(listed) => listed.sources.push(place),
            None => listed.push(ListedMedicine { sources: vec![place], course: span.course, from: span.from, until: span.until }),
        }
    }
    listed.sort_by_key(|listed| (listed.course.is_over(), std::cmp::Reverse(listed.from)));
    let mut list = MedicineList { medicines: listed, ..MedicineList::default() };
    list.compare(told);
    list
}

/// Whether two records tell of one medicine: the same product of one day, or of one institution one course behind the other;
/// or an order and what was handed out on it.
fn is_one(lead: &Told<'_>, lead_from: Option<NaiveDate>, other: &Told<'_>, from: Option<NaiveDate>) -> bool {
    let (Some(one), Some(two)) = (medicine(lead.fact), medicine(other.fact)) else { return false };
    let is_same = is_same_product(lead.fact, other.fact);
    if two.stage == MedicationStage::Prescribed && one.stage == MedicationStage::Dispensed {
        let within = from.zip(lead_from).is_some_and(|(ordered, handed)| {
            ordered <= handed && ordered.checked_add_days(Days::new(rules::prescription_days())).is_some_and(|end| handed < end)
        });
        return within && (is_same || shared(&ingredients(lead.fact, one), &ingredients(other.fact, two)) == Some(SameBy::Code));
    }
    is_same && (lead_from == from || (lead.place.is_some() && lead.place == other.place))
}

/// By what two medicines share an ingredient.
fn shared(one: &[Ingredient], other: &[Ingredient]) -> Option<SameBy> {
    one.iter().filter(|ingredient| other.contains(ingredient)).map(Ingredient::by).min()
}

impl MedicineList {
    fn compare(&mut self, told: &[Told<'_>]) {
        let known: Vec<(usize, Vec<Ingredient>, Course)> = self
            .medicines
            .iter()
            .enumerate()
            .filter(|(_, listed)| !listed.course.is_over())
            .map(|(place, listed)| {
                let facts = listed.sources.iter().filter_map(|source| told.get(*source));
                let all = facts.filter_map(|told| Some(ingredients(told.fact, medicine(told.fact)?)));
                (place, all.flatten().collect(), listed.course)
            })
            .collect();
        for (number, (one, own, course)) in known.iter().enumerate() {
            for (other, others, other_course) in known.iter().skip(number + 1) {
                if let Some(by) = shared(own, others) {
                    let ways_differ = (*course == Course::External) != (*other_course == Course::External);
                    self.same.push(SameIngredient { one: *one, other: *other, by, ways_differ });
                } else if !can_compare(own, others) {
                    // Named is the one that says less.
                    self.unchecked.push(if own.len() <= others.len() { *one } else { *other });
                }
            }
        }
        // A medicine by itself is compared with nothing, and still nobody could.
        self.unchecked.extend(known.iter().filter(|(_, own, _)| own.is_empty()).map(|(place, ..)| *place));
        self.unchecked.sort_unstable();
        self.unchecked.dedup();
    }
}

fn can_compare(one: &[Ingredient], other: &[Ingredient]) -> bool {
    one.iter().any(|own| other.iter().any(|theirs| own.by() == theirs.by()))
}

#[cfg(test)]
mod tests;
