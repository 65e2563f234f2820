//! A dose of a vaccine, gathered from the items of one day of an entry.

use super::{
    leaf::Leaf,
    value::{date, number, yes_or_no},
};
use crate::{
    record::{Body, Coding, Concept, Fact, Standing, Vaccination, Value, When},
    terms::{Kind, Meaning, VACCINE_SYSTEM, vaccine_named},
};

/// What a dose is called that names no vaccine.
pub(super) const DOSE: &str = "予防接種";

/// A dose being gathered: the items of one day of an entry.
pub(super) struct Dose {
    /// How many facts come before it.
    pub(super) before: usize,
    pub(super) at: String,
    pub(super) when: Option<When>,
    pub(super) vaccine: Option<String>,
    pub(super) said: Vaccination,
}

impl Dose {
    /// Takes an item; hands it back where the dose says that already, or where the words are not of its kind.
    pub(super) fn take(&mut self, leaf: Leaf, meaning: Meaning) -> Option<Leaf> {
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
    pub(super) fn fact(self, known: Option<&str>) -> Fact {
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
