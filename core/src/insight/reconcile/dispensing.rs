//! One dispensing from two sources (the pharmacy's code, the claim, the electronic prescription), one prescription from two,
//! and a prescription with the dispensing that followed it.

use rust_decimal::Decimal as Number;

use super::{
    Match, Rule, Told,
    medicine::{Medicines, medicines},
    place::{Places, places},
    reach::PRESCRIPTION_DAYS,
    source::source_of,
};
use crate::{
    base::{Decimal, PartialDate, fold},
    record::{Body, Event, Fact, Medication, MedicationStage},
};

/// How two days of dispensing stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    /// One and the same day.
    Same,
    /// A month, and a day in it.
    InMonth,
    /// Two months that are one.
    Months,
}

/// Compares two dispensings, or two prescriptions.
pub(super) fn compare(one: &Told<'_>, other: &Told<'_>, rule: Rule) -> Option<Match> {
    // One message of the insurance passes on what the claim, the pharmacy and the prescriber say: three origins.
    if one.is_of_one_document(other) && source_of(one).id == source_of(other).id {
        return None;
    }
    let days = days(one.event.day?, other.event.day?)?;
    let stage = if rule == Rule::Prescription { MedicationStage::Prescribed } else { MedicationStage::Dispensed };
    let (own, others) = (list(one.event, stage), list(other.event, stage));
    if own.is_empty() || others.is_empty() {
        return None;
    }
    let pairs = pairs(&own, &others, Medicines::Substance);
    let is_full = pairs.len() == own.len() && pairs.len() == others.len();
    let all_products = pairs.iter().all(|pair| pair.level >= Medicines::Product);
    let amounts = pairs.iter().map(Pair::amounts).max().unwrap_or(Amounts::Unknown);
    let place = places(one.event.place.as_deref(), other.event.place.as_deref());
    let whole_match = is_full && all_products;
    match days {
        _ if !is_full => {
            // One source leaves a medicine out: asked where day, pharmacy and all that is shared agree.
            let is_part = pairs.len() == own.len() || pairs.len() == others.len();
            let asks = days == Days::Same && is_part && all_products && place == Places::Same && amounts != Amounts::Differ;
            asks.then_some(Match::perhaps(rule))
        }
        Days::Same if amounts == Amounts::Differ || place == Places::Different => Some(Match::doubtful(rule)),
        Days::Same if whole_match && place.may_be_one() => Some(Match::same(rule)),
        Days::Same => Some(Match::perhaps(rule)),
        _ if amounts == Amounts::Differ || place == Places::Different => None,
        // A month says so little that everything else must be there and agree.
        Days::InMonth if whole_match && place == Places::Same && pairs.iter().all(|pair| pair.amounts() == Amounts::Agree) => {
            Some(Match::same(rule))
        }
        Days::InMonth | Days::Months => whole_match.then_some(Match::perhaps(rule)),
    }
}

/// A prescription and a dispensing of what was on it.
pub(super) fn story(prescribed: &Told<'_>, dispensed: &Told<'_>) -> Option<Match> {
    let days = (dispensed.event.day?.known_day()? - prescribed.event.day?.known_day()?).num_days();
    if !u64::try_from(days).is_ok_and(|days| days <= PRESCRIPTION_DAYS) {
        return None;
    }
    let (ordered, given) = (list(prescribed.event, MedicationStage::Prescribed), list(dispensed.event, MedicationStage::Dispensed));
    let pairs = pairs(&ordered, &given, Medicines::Substance);
    let all_given_were_ordered = !given.is_empty() && pairs.len() == given.len();
    let amounts_differ = pairs.iter().any(|pair| pair.amounts() == Amounts::Differ);
    let by_another = given.iter().filter_map(|(_, medicine)| medicine.prescriber.as_deref()).any(|prescriber| {
        // "病院 / 内科 / 氏名"
        let institution = prescriber.split(" / ").next();
        places(institution, prescribed.event.place.as_deref()) == Places::Different
    });
    (all_given_were_ordered && !amounts_differ && !by_another).then_some(Match::story(Rule::PrescriptionStory))
}

fn days(one: PartialDate, other: PartialDate) -> Option<Days> {
    match (one, other) {
        (PartialDate::Day(one), PartialDate::Day(other)) => (one == other).then_some(Days::Same),
        (PartialDate::Month(..), PartialDate::Month(..)) => (one == other).then_some(Days::Months),
        (PartialDate::Month(..), PartialDate::Day(_)) | (PartialDate::Day(_), PartialDate::Month(..)) => {
            one.is_compatible(&other).then_some(Days::InMonth)
        }
        _ => None,
    }
}

type Medicine<'a> = (&'a Fact, &'a Medication);

fn list(event: &Event, stage: MedicationStage) -> Vec<Medicine<'_>> {
    let medicines = event.facts.iter().filter_map(|fact| match &fact.body {
        Body::Medication(medicine) if medicine.stage == stage => Some((fact, medicine)),
        _ => None,
    });
    medicines.collect()
}

/// Two medicines that are one.
struct Pair<'a> {
    own: Medicine<'a>,
    other: Medicine<'a>,
    level: Medicines,
}

/// Pairs each medicine with at most one of the other list: the surest first, and of equally sure ones those whose amounts agree.
fn pairs<'a>(own: &[Medicine<'a>], others: &[Medicine<'a>], at_least: Medicines) -> Vec<Pair<'a>> {
    let mut all: Vec<(usize, usize, Pair<'a>)> = Vec::new();
    for (index, medicine) in own.iter().enumerate() {
        for (other_index, other) in others.iter().enumerate() {
            let level = medicines(*medicine, *other);
            if level >= at_least {
                all.push((index, other_index, Pair { own: *medicine, other: *other, level }));
            }
        }
    }
    all.sort_by_key(|(index, other, pair)| (std::cmp::Reverse(pair.level), pair.amounts(), *index, *other));
    let (mut taken, mut others_taken, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for (index, other, pair) in all {
        if !taken.contains(&index) && !others_taken.contains(&other) {
            taken.push(index);
            others_taken.push(other);
            pairs.push(pair);
        }
    }
    pairs
}

/// What two statements of how much was given say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Amounts {
    Agree,
    Unknown,
    Differ,
}

impl Pair<'_> {
    /// Days or times, and the dose where its unit is one.
    fn amounts(&self) -> Amounts {
        let (own, other) = (self.own.1, self.other.1);
        let quantity = numbers(own.quantity.as_deref(), other.quantity.as_deref());
        let one_unit = match (&own.dose_unit, &other.dose_unit) {
            (Some(one), Some(other)) => fold(one) == fold(other),
            _ => true,
        };
        let dose = if one_unit { numbers(own.dose.as_deref(), other.dose.as_deref()) } else { Amounts::Unknown };
        match (quantity, dose) {
            (Amounts::Differ, _) | (_, Amounts::Differ) => Amounts::Differ,
            (quantity, _) => quantity,
        }
    }
}

fn numbers(one: Option<&str>, other: Option<&str>) -> Amounts {
    let number = |words: &str| -> Option<Number> { fold(words).parse::<Decimal>().ok().map(|decimal| decimal.number()) };
    match (one.and_then(number), other.and_then(number)) {
        (Some(one), Some(other)) if one == other => Amounts::Agree,
        (Some(_), Some(_)) => Amounts::Differ,
        _ => Amounts::Unknown,
    }
}
