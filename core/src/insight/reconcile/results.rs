//! One checkup, laboratory report or visit from two sources: how many of the values they share agree, and whether any
//! contradicts beyond rounding.

use std::collections::BTreeSet;

use rust_decimal::Decimal as Number;

use super::{
    Match, Rule, Told,
    place::{Places, places},
};
use crate::{
    base::{Decimal, fold},
    insight::series_of,
    record::{Body, Coding, Comparator, Concept, Event, Fact, Observation, Standing, Value},
    terms::{Kind, canonical_unit},
};

/// Values that must agree.
const ENOUGH: usize = 3;
/// Between a report and a checkup, which are more than one thing more often.
const ENOUGH_ACROSS: usize = 5;

/// What the shared values of two events say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Numbers that agree, each item once.
    pub(super) numbers: usize,
    /// Graded or chosen answers that agree.
    pub(super) answers: usize,
    /// Items that are stated otherwise.
    pub(super) contradictions: usize,
}

pub(super) fn compare(one: &Told<'_>, other: &Told<'_>) -> Option<Match> {
    let across = one.event.kind != other.event.kind;
    let rule = match (one.event.kind, other.event.kind) {
        (Kind::Laboratory, _) | (_, Kind::Laboratory) => Rule::Laboratory,
        _ => Rule::Checkup,
    };
    let evidence = evidence_of_one_day(one, other)?;
    let wanted = if across { ENOUGH_ACROSS } else { ENOUGH };
    judge(rule, evidence.numbers, wanted, evidence, places(one.event.place.as_deref(), other.event.place.as_deref()))
}

/// What two documents of one and the same known day share; none where they are no such two.
pub(super) fn evidence_of_one_day(one: &Told<'_>, other: &Told<'_>) -> Option<Evidence> {
    let day = one.event.day?.known_day()?;
    (!one.is_of_one_document(other) && other.event.day?.known_day() == Some(day)).then(|| evidence(one.event, other.event))
}

/// The verdict for `agreeing` values of which `wanted` are enough.
pub(super) fn judge(rule: Rule, agreeing: usize, wanted: usize, evidence: Evidence, place: Places) -> Option<Match> {
    match evidence.contradictions {
        0 if agreeing >= wanted && place.may_be_one() => Some(Match::same(rule)),
        // Too little agrees, or the institution has another name: it may have been renamed.
        0 if agreeing > 0 && (place.may_be_one() || agreeing >= wanted) => Some(Match::perhaps(rule)),
        0 => None,
        // A corrected report states nearly everything again.
        contradictions if agreeing >= wanted && contradictions * 2 <= agreeing => Some(Match::doubtful(rule)),
        _ => None,
    }
}

/// Compares what both events state.
pub(super) fn evidence(one: &Event, other: &Event) -> Evidence {
    let (own, others) = (Items::of(one), Items::of(other));
    let mut evidence = Evidence::default();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for item in &own.0 {
        let by_code: Vec<&Item<'_>> = others.0.iter().filter(|other| !item.code.is_empty() && item.code == other.code).collect();
        // Codes of two tables name one quantity; repeated readings of it are compared all with all.
        let by_series = || {
            let has = |candidate: &&Item<'_>| item.series.is_some() && item.series == candidate.series && item.system != candidate.system;
            others.0.iter().filter(has).collect::<Vec<_>>()
        };
        let candidates = if by_code.is_empty() { by_series() } else { by_code };
        let verdicts: Vec<Agreement> = candidates.iter().filter_map(|candidate| item.agreement(candidate)).collect();
        let key = item.series.as_deref().unwrap_or(&item.code);
        let is_number = matches!(item.observation.value, Value::Number { .. });
        if verdicts.contains(&Agreement::Equal) {
            if seen.insert(key) {
                if is_number { evidence.numbers += 1 } else { evidence.answers += 1 }
            }
        } else if verdicts.contains(&Agreement::Contradicts) {
            evidence.contradictions += 1;
        }
    }
    evidence
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreement {
    Equal,
    Contradicts,
}

struct Items<'a>(Vec<Item<'a>>);

struct Item<'a> {
    fact: &'a Fact,
    observation: &'a Observation,
    system: Option<String>,
    /// System and code, or the folded name where there is no code.
    code: String,
    series: Option<String>,
}

impl<'a> Items<'a> {
    fn of(event: &'a Event) -> Self {
        let items = event.facts.iter().filter_map(|fact| {
            let Body::Observation(observation) = &fact.body else { return None };
            if fact.standing != Standing::Understood {
                return None;
            }
            let leading = fact.concept.leading();
            let system = leading.and_then(Coding::canonical_system);
            let code = leading
                .map_or_else(|| fold(&fact.title), |coding| format!("{}|{}", system.as_deref().unwrap_or_default(), coding.code.trim()));
            Some(Item { fact, observation, system, code, series: series_of(fact).map(|series| series.key) })
        });
        Self(items.collect())
    }
}

impl Item<'_> {
    /// Whether the two state the same; none where they cannot be compared.
    fn agreement(&self, other: &Self) -> Option<Agreement> {
        // Two times on one day are two samples.
        let time = |item: &Self| item.fact.when.as_ref().and_then(|when| when.time.clone());
        if let (Some(one), Some(other)) = (time(self), time(other))
            && one.get(..5) != other.get(..5)
        {
            return Some(Agreement::Contradicts);
        }
        let says = |agrees: bool| Some(if agrees { Agreement::Equal } else { Agreement::Contradicts });
        match (&self.observation.value, &other.observation.value) {
            (Value::Number { comparator, decimal }, Value::Number { comparator: other_comparator, decimal: other_decimal }) => {
                let unit =
                    |item: &Self| item.observation.unit.as_ref().map(|unit| canonical_unit(unit.ucum.as_deref().unwrap_or(&unit.shown)));
                if let (Some(one), Some(other)) = (unit(self), unit(other))
                    && one != other
                    && !one.is_empty()
                    && !other.is_empty()
                {
                    return None;
                }
                says(same_sign(*comparator, *other_comparator) && is_rounded(decimal, other_decimal))
            }
            (Value::Coded { choice, meaning, .. }, Value::Coded { choice: other_choice, meaning: other_meaning, .. }) => {
                match (choice.leading(), other_choice.leading()) {
                    (Some(one), Some(other)) if one.canonical_system() == other.canonical_system() => {
                        says(one.code.trim() == other.code.trim())
                    }
                    _ => {
                        let words = |meaning: &Option<String>, choice: &Concept| meaning.as_deref().or(choice.label()).map(fold);
                        let (one, other) = (words(meaning, choice)?, words(other_meaning, other_choice)?);
                        // Two tables may word one answer differently: only agreement says something.
                        (one == other).then_some(Agreement::Equal)
                    }
                }
            }
            _ => None,
        }
    }
}

fn same_sign(one: Option<Comparator>, other: Option<Comparator>) -> bool {
    one.map_or("", Comparator::sign) == other.map_or("", Comparator::sign)
}

/// Whether the two are one value, written by one of them with fewer decimals (rounded, or cut off).
fn is_rounded(one: &Decimal, other: &Decimal) -> bool {
    let (one, other) = (one.number(), other.number());
    let decimals = |number: Number| number.normalize().scale();
    if one == other {
        return true;
    }
    let coarser = decimals(one).min(decimals(other));
    decimals(one) != decimals(other) && (one - other).abs() < Number::new(1, coarser)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn fewer_decimals_are_the_same_value_and_another_value_is_not() {
        let rounded = |one: &str, other: &str| is_rounded(&one.parse().unwrap(), &other.parse().unwrap());
        assert!(rounded("62.5", "63") && rounded("62.5", "62") && rounded("22.39", "22.4") && rounded("5.60", "5.6"));
        assert!(!rounded("62", "63") && !rounded("62.5", "64") && !rounded("5.6", "5.7") && !rounded("128", "129"));
    }
}
