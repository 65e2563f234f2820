//! Field by field: what was typed, as what it means, or what is wrong with it.

use unicode_normalization::UnicodeNormalization;

use super::{FieldTrouble, Trouble, Typed};
use crate::{
    base::{Decimal, PartialDate, fold},
    insight::growth::{self, Measure},
    record::Unit,
    terms::{
        Choice, Field, Kind, Quantity, Shape, Vaccine, canonical_unit, find_quantities, known_unit, own_item, quantities, quantity,
        same_unit, vaccine, vaccines_named,
    },
};

/// Longest line and longest text, in characters.
const LINE: usize = 500;
const TEXT: usize = 10_000;

/// What was typed, checked field by field.
pub(super) struct Answers<'a> {
    pub(super) typed: Typed<'a>,
    read: Vec<(&'static str, Answer)>,
}

/// Which fields must be filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Those of the form that are required.
    All,
    /// None: what is not there stays as it was.
    Nothing,
}

/// What one field means.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Date(PartialDate),
    Words(String),
    Number(Decimal),
    Choice(Choice),
    Vaccine(&'static Vaccine),
    Quantity(&'static Quantity),
}

impl<'a> Answers<'a> {
    pub(super) fn new(typed: Typed<'a>, form: &'static [Field], needs: Needs) -> Result<Self, Vec<FieldTrouble>> {
        let mut troubles = Vec::new();
        for (place, (id, _)) in typed.values.iter().enumerate() {
            if !form.iter().any(|field| field.id == id) {
                troubles.push(FieldTrouble { field: id.clone(), trouble: Trouble::NoSuchField });
            } else if typed.values.iter().take(place).any(|(other, _)| other == id) {
                troubles.push(FieldTrouble { field: id.clone(), trouble: Trouble::Twice });
            }
        }
        let mut answers = Self { typed, read: Vec::new() };
        for field in form {
            let text = typed.values.iter().find(|(id, _)| id == field.id).map_or("", |(_, text)| text.trim());
            let answer = if text.is_empty() {
                if field.is_required && needs == Needs::All { Err(Trouble::Missing) } else { Ok(None) }
            } else {
                answers.answer(field, text).map(Some)
            };
            match answer {
                Ok(Some(answer)) => answers.read.push((field.id, answer)),
                Ok(None) => {}
                Err(trouble) => troubles.push(FieldTrouble { field: field.id.to_owned(), trouble }),
            }
        }
        troubles.extend(answers.doubts(form));
        if troubles.is_empty() { Ok(answers) } else { Err(troubles) }
    }

    fn answer(&self, field: &Field, text: &str) -> Result<Answer, Trouble> {
        let longest = if field.shape == Shape::Long { TEXT } else { LINE };
        if text.chars().count() > longest {
            return Err(Trouble::TooLong);
        }
        let words = || Ok(Answer::Words(text.to_owned()));
        match &field.shape {
            Shape::Date => self.past(text).map(Answer::Date),
            Shape::AnyDate => text.parse().map(Answer::Date).map_err(|_| Trouble::NotADate),
            Shape::Time => time(text).map(Answer::Words),
            Shape::Text | Shape::Long | Shape::Medicine | Shape::Unit => words(),
            Shape::Number { .. } | Shape::Measured | Shape::ValueOf(_) => number(text).map(Answer::Number),
            Shape::ItemOf(id) => {
                if own_item(id).is_some_and(|item| item.is_number) {
                    number(text).map(Answer::Number)
                } else {
                    words()
                }
            }
            Shape::Choice(choices) => choice(choices, text).map(Answer::Choice),
            Shape::Vaccine => one_vaccine(text).map(Answer::Vaccine),
            Shape::Jan => jan(text).map(Answer::Words),
            Shape::Quantity => one_quantity(text).map(Answer::Quantity),
            Shape::QuantityOrName => match one_quantity(text) {
                Ok(quantity) => Ok(Answer::Quantity(quantity)),
                Err(Trouble::UnknownQuantity) => words(),
                Err(trouble) => Err(trouble),
            },
        }
    }

    fn past(&self, text: &str) -> Result<PartialDate, Trouble> {
        let day: PartialDate = text.parse().map_err(|_| Trouble::NotADate)?;
        if day.first_day() > self.typed.today {
            return Err(Trouble::Future);
        }
        if day.last_day() < self.typed.born.first_day() {
            return Err(Trouble::BeforeBirth);
        }
        Ok(day)
    }

    /// What can only be judged once the other fields are known: units and bounds.
    fn doubts(&self, form: &'static [Field]) -> Vec<FieldTrouble> {
        let mut doubts = Vec::new();
        for field in form {
            let Some(value) = self.number(field.id) else { continue };
            let (trouble, at) = match &field.shape {
                Shape::Number { unit, low, high } => (outside(&value, *low, *high, unit.unwrap_or("")), field.id),
                Shape::ValueOf(id) => (quantity(id).and_then(|quantity| self.implausible(&value, quantity, self.date("on"))), field.id),
                Shape::Measured => match self.quantity("what") {
                    Some(quantity) => match self.unit_of(quantity) {
                        Err(trouble) => (Some(trouble), "unit"),
                        // Of another unit's values nothing is known.
                        Ok(unit) if !is_usual(unit.as_ref(), quantity) => (None, field.id),
                        Ok(_) => (self.implausible(&value, quantity, self.date("on")), field.id),
                    },
                    None => (None, field.id),
                },
                _ => (None, field.id),
            };
            if let Some(trouble) = trouble
                && !self.typed.confirmed.iter().any(|id| id == at)
            {
                doubts.push(FieldTrouble { field: at.to_owned(), trouble });
            }
        }
        doubts
    }

    /// The unit of a measured value: the quantity's own, or the one that was typed and said to be meant.
    pub(super) fn unit_of(&self, quantity: &Quantity) -> Result<Option<Unit>, Trouble> {
        let usual = quantity.ucum.map(|ucum| Unit { shown: shown_unit(ucum), ucum: Some(ucum.to_owned()) });
        let Some(typed) = self.words("unit") else { return Ok(usual) };
        if quantity.ucum.is_some_and(|own| same_unit(own, typed)) {
            return Ok(usual);
        }
        if self.typed.confirmed.iter().any(|id| id == "unit") {
            let shown: String = typed.nfkc().collect();
            return Ok(Some(Unit { ucum: known_unit(&shown).map(str::to_owned), shown }));
        }
        Err(Trouble::OtherUnit { usual: usual.map(|unit| unit.shown).unwrap_or_default() })
    }

    /// Whether a value is a slip: of a child by its age, of others by what anybody can have.
    fn implausible(&self, value: &Decimal, quantity: &Quantity, on: Option<PartialDate>) -> Option<Trouble> {
        self.implausible_for_age(value, quantity, on).or_else(|| implausible(value, quantity))
    }

    /// The same of a value that was put right, on the day it now has; none where the person has said that it is meant so.
    pub(super) fn doubted(&self, value: &Decimal, unit: Option<&Unit>, quantity: &Quantity, on: Option<PartialDate>) -> Option<Trouble> {
        // Of another unit's values nothing is known.
        let is_open = is_usual(unit, quantity) && !self.typed.confirmed.iter().any(|id| id == "value");
        is_open.then(|| self.implausible(value, quantity, on)).flatten()
    }

    fn implausible_for_age(&self, value: &Decimal, quantity: &Quantity, on: Option<PartialDate>) -> Option<Trouble> {
        let measure = Measure::of_quantity(quantity.id)?;
        let (born, on) = (self.typed.born.known_day()?, on?.first_day());
        let is_far = |number: rust_decimal::Decimal| {
            let number = number.to_string().parse::<f64>().ok()?;
            growth::implausible_at(measure, self.typed.sex, born, growth::is_preterm(self.typed.gestation), on, number)
        };
        let (low, high) = is_far(value.number())?;
        let is_near = |factor: rust_decimal::Decimal| value.number().checked_mul(factor).is_some_and(|number| is_far(number).is_none());
        let perhaps = match measure {
            Measure::Weight => is_near(rust_decimal::Decimal::new(1, 3)).then_some("g"),
            Measure::Height | Measure::Head if is_near(rust_decimal::Decimal::ONE_HUNDRED) => Some("m"),
            Measure::Height | Measure::Head => is_near(rust_decimal::Decimal::new(1, 1)).then_some("mm"),
            Measure::Bmi => None,
        };
        let shown = |bound: f64| if bound < 20.0 { format!("{bound:.1}") } else { format!("{bound:.0}") };
        let unit = quantity.ucum.map(shown_unit).unwrap_or_default();
        Some(Trouble::ImplausibleForAge { low: shown(low), high: shown(high), unit, perhaps })
    }

    fn get(&self, id: &str) -> Option<&Answer> {
        self.read.iter().find(|(known, _)| *known == id).map(|(_, answer)| answer)
    }

    pub(super) const fn kind(&self) -> Kind {
        self.typed.kind
    }

    pub(super) fn date(&self, id: &str) -> Option<PartialDate> {
        if let Some(Answer::Date(day)) = self.get(id) { Some(*day) } else { None }
    }

    pub(super) fn words(&self, id: &str) -> Option<&str> {
        if let Some(Answer::Words(words)) = self.get(id) { Some(words) } else { None }
    }

    pub(super) fn number(&self, id: &str) -> Option<Decimal> {
        if let Some(Answer::Number(number)) = self.get(id) { Some(number.clone()) } else { None }
    }

    pub(super) fn choice(&self, id: &str) -> Option<Choice> {
        if let Some(Answer::Choice(choice)) = self.get(id) { Some(*choice) } else { None }
    }

    pub(super) fn vaccine(&self, id: &str) -> Option<&'static Vaccine> {
        if let Some(Answer::Vaccine(vaccine)) = self.get(id) { Some(vaccine) } else { None }
    }

    pub(super) fn quantity(&self, id: &str) -> Option<&'static Quantity> {
        if let Some(Answer::Quantity(quantity)) = self.get(id) { Some(quantity) } else { None }
    }
}

fn is_usual(unit: Option<&Unit>, quantity: &Quantity) -> bool {
    unit.and_then(|unit| unit.ucum.as_deref()) == quantity.ucum
}

fn implausible(value: &Decimal, quantity: &Quantity) -> Option<Trouble> {
    let (low, high) = quantity.plausible?;
    outside(value, Some(low), Some(high), &quantity.ucum.map(shown_unit).unwrap_or_default())
}

fn outside(value: &Decimal, low: Option<rust_decimal::Decimal>, high: Option<rust_decimal::Decimal>, unit: &str) -> Option<Trouble> {
    let number = value.number();
    let is_outside = low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high);
    let text = |bound: Option<rust_decimal::Decimal>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    is_outside.then(|| Trouble::Implausible { low: text(low), high: text(high), unit: unit.to_owned() })
}

/// A UCUM code as people write it.
pub fn shown_unit(ucum: &str) -> String {
    match ucum {
        "mm[Hg]" => "mmHg",
        "Cel" => "℃",
        "{h`b}/min" => "/min",
        "kg/m2" => "kg/m2",
        "cm2" => "cm2",
        other => other,
    }
    .to_owned()
}

/// A number in either width, with a comma for thousands or none. Kept digit for digit.
fn number(text: &str) -> Result<Decimal, Trouble> {
    let narrow: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let plain = if has_thousands(&narrow) { narrow.replace(',', "") } else { narrow };
    // 1e3 is a machine's way of writing, and a slip of a person's.
    if plain.contains(['e', 'E']) { Err(Trouble::NotANumber) } else { plain.parse().map_err(|_| Trouble::NotANumber) }
}

/// `1,234` and `12,345.6`, but not `9,5`, which may be a decimal comma.
fn has_thousands(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_some() && (1..=3).contains(&first.trim_start_matches('-').len()) && rest.all(|group| group.len() == 3)
}

fn time(text: &str) -> Result<String, Trouble> {
    let narrow: String = text.nfkc().collect();
    let (hour, minute) = narrow.trim().split_once(':').ok_or(Trouble::NotATime)?;
    let (hour, minute): (u8, u8) = (hour.parse().map_err(|_| Trouble::NotATime)?, minute.parse().map_err(|_| Trouble::NotATime)?);
    if hour < 24 && minute < 60 { Ok(format!("{hour:02}:{minute:02}")) } else { Err(Trouble::NotATime) }
}

fn choice(choices: &[Choice], text: &str) -> Result<Choice, Trouble> {
    let wanted = fold(text);
    let fits = |choice: &&Choice| [choice.id, choice.japanese, choice.english].iter().any(|name| fold(name) == wanted);
    choices.iter().find(fits).copied().ok_or(Trouble::NotAChoice)
}

fn one_vaccine(text: &str) -> Result<&'static Vaccine, Trouble> {
    if let Some(vaccine) = vaccine(text.nfkc().collect::<String>().trim()) {
        return Ok(vaccine);
    }
    let found = vaccines_named(text);
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(Trouble::UnknownVaccine),
        several => Err(Trouble::SeveralVaccines(several.iter().map(|vaccine| vaccine.id).collect())),
    }
}

/// The quantity by id, name or alias; or by a word of its id that no other has (`head`).
fn one_quantity(text: &str) -> Result<&'static Quantity, Trouble> {
    let wanted = fold(text);
    if let Some(quantity) = quantity(&wanted) {
        return Ok(quantity);
    }
    let mut found = find_quantities(text);
    if found.is_empty() {
        found = quantities().iter().filter(|quantity| quantity.id.split('-').any(|part| part == wanted)).collect();
    }
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(Trouble::UnknownQuantity),
        several => Err(Trouble::SeveralQuantities(several.iter().map(|quantity| quantity.id).collect())),
    }
}

/// A JAN code: 8 or 13 digits, the last of which checks the others (weights 3 and 1 from the right).
fn jan(text: &str) -> Result<String, Trouble> {
    let digits: String = text.nfkc().filter(|c| !matches!(c, ' ' | '-')).collect();
    let numbers: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = numbers.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    let is_jan = matches!(digits.len(), 8 | 13) && numbers.len() == digits.len() && sum.is_multiple_of(10);
    if is_jan { Ok(digits) } else { Err(Trouble::NotAJan) }
}

/// Two spellings of the unit an item of our own is in.
pub(super) fn own_unit(unit: &str) -> Unit {
    let canonical = canonical_unit(unit);
    Unit { shown: unit.to_owned(), ucum: known_unit(unit).map(|_| canonical) }
}
