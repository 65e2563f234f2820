//! One dose of a vaccine from two sources.

use super::{
    Match, Rule, Told,
    place::{Places, places},
    vaccine::{Vaccines, vaccines},
};
use crate::{
    base::{PartialDate, fold},
    record::{Body, Event, Fact, Vaccination},
};

/// What two lot numbers say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lots {
    Same,
    OneMissing,
    BothMissing,
    Different,
}

pub(super) fn compare(one: &Told<'_>, other: &Told<'_>) -> Option<Match> {
    let rule = Rule::Dose;
    if one.is_of_one_document(other) {
        return None;
    }
    let ((first, dose), (second, other_dose)) = (only_dose(one.event)?, only_dose(other.event)?);
    if dose.given != other_dose.given {
        return None;
    }
    let days = (one.event.day?.known_day()? - other.event.day?.known_day()?).num_days().abs();
    let vaccine = vaccines((first, dose), (second, other_dose));
    if vaccine == Vaccines::Different || days > 1 {
        return None;
    }
    let lot = lots(dose.lot.as_deref(), other_dose.lot.as_deref());
    let (number, other_number) = (DoseNumber::of(dose), DoseNumber::of(other_dose));
    let counts_contradict = number.contradicts(&other_number);
    let place = places(one.event.place.as_deref(), other.event.place.as_deref());
    if days == 1 {
        // A slip of one day is believed only where the lot says that it is the same vial.
        return match (lot, vaccine) {
            (Lots::Same, _) if counts_contradict => Some(Match::doubtful(rule)),
            (Lots::Same, Vaccines::Same | Vaccines::Alike) => Some(Match::same(rule)),
            (Lots::Same, _) => Some(Match::perhaps(rule)),
            _ => None,
        };
    }
    match (vaccine, lot) {
        (Vaccines::Unknown, Lots::Same) if counts_contradict => Some(Match::doubtful(rule)),
        (Vaccines::Unknown, Lots::Same) => Some(Match::perhaps(rule)),
        (Vaccines::Unknown, _) => None,
        // A corrected lot number looks like this, and so do two children's doses filed under one of them.
        (_, Lots::Different) => (!counts_contradict).then_some(Match::doubtful(rule)),
        _ if counts_contradict => Some(Match::doubtful(rule)),
        (_, Lots::Same) => Some(Match::same(rule)),
        (_, _) if place == Places::Different => Some(Match::perhaps(rule)),
        (_, Lots::OneMissing) => Some(Match::same(rule)),
        // Without any lot the dose's number or the place must speak for it.
        (_, Lots::BothMissing) if number.agrees(&other_number) || place == Places::Same => Some(Match::same(rule)),
        (_, Lots::BothMissing) => Some(Match::perhaps(rule)),
    }
}

/// The dose of an event that is of one dose, given on the event's own day.
fn only_dose(event: &Event) -> Option<(&Fact, &Vaccination)> {
    let mut doses = event.facts.iter().filter_map(|fact| match &fact.body {
        Body::Vaccination(dose) => Some((fact, dose)),
        _ => None,
    });
    let (fact, dose) = doses.next()?;
    let own_day: Option<PartialDate> = fact.when.as_ref().map(|when| when.day);
    (doses.next().is_none() && own_day.is_none_or(|day| Some(day) == event.day)).then_some((fact, dose))
}

fn lots(one: Option<&str>, other: Option<&str>) -> Lots {
    let bare = |lot: &str| fold(lot).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    match (one.map(bare).filter(|lot| !lot.is_empty()), other.map(bare).filter(|lot| !lot.is_empty())) {
        (Some(one), Some(other)) if one == other => Lots::Same,
        (Some(_), Some(_)) => Lots::Different,
        (None, None) => Lots::BothMissing,
        _ => Lots::OneMissing,
    }
}

/// Which dose it was, as far as the words say: 期 and 回, or 追加.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::insight) struct DoseNumber {
    pub(in crate::insight) period: Option<u32>,
    pub(in crate::insight) step: Option<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::insight) enum Step {
    Number(u32),
    /// 追加
    Booster,
}

impl DoseNumber {
    pub(in crate::insight) fn of(dose: &Vaccination) -> Self {
        let number = dose.dose_number.as_deref().map(Self::read).unwrap_or_default();
        let series = dose.series.as_deref().map(Self::read).unwrap_or_default();
        Self { period: number.period.or(series.period), step: number.step }
    }

    fn read(words: &str) -> Self {
        let folded = fold(words);
        let mut found = Self::default();
        let mut digits = String::new();
        for character in folded.chars().chain([' ']) {
            if character.is_ascii_digit() {
                digits.push(character);
                continue;
            }
            if let Ok(number) = digits.parse::<u32>() {
                match character {
                    '期' => found.period = Some(number),
                    _ => found.step = Some(Step::Number(number)),
                }
            }
            digits.clear();
        }
        if folded.contains("追加") {
            found.step = Some(Step::Booster);
        }
        found
    }

    /// Whether the two cannot be one dose. Sources count differently: 2期1回 can be the third dose of all, and 追加 the fourth.
    fn contradicts(&self, other: &Self) -> bool {
        let periods = self.period.zip(other.period);
        if periods.is_some_and(|(one, other)| one != other) {
            return true;
        }
        let counts_alike = periods.is_some() || [self.period, other.period].into_iter().flatten().all(|period| period == 1);
        match (self.step, other.step) {
            (Some(Step::Number(one)), Some(Step::Number(other))) => counts_alike && one != other,
            _ => false,
        }
    }

    /// Whether both say the same.
    fn agrees(&self, other: &Self) -> bool {
        self.step.is_some() && self == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doses_number_is_understood_in_its_ways_of_writing() {
        let read = |words| DoseNumber::read(words);
        assert_eq!(read("１期２回目"), DoseNumber { period: Some(1), step: Some(Step::Number(2)) });
        assert_eq!(read("1期初回1回"), DoseNumber { period: Some(1), step: Some(Step::Number(1)) });
        assert_eq!(read("2期"), DoseNumber { period: Some(2), step: None });
        assert_eq!(read("3"), DoseNumber { period: None, step: Some(Step::Number(3)) });
        assert_eq!(read("1期追加"), DoseNumber { period: Some(1), step: Some(Step::Booster) });
        assert_eq!(read("定期"), DoseNumber::default());
    }

    #[test]
    fn numbers_contradict_only_where_they_are_counted_alike() {
        let contradict = |one, other| DoseNumber::read(one).contradicts(&DoseNumber::read(other));
        assert!(contradict("1", "2") && contradict("1期1回", "2回目") && contradict("1期", "2期"));
        assert!(!contradict("1期追加", "4") && !contradict("2期1回", "5") && !contradict("1", "1回目") && !contradict("", "3"));
    }
}
