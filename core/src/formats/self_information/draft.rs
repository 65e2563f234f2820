//! The items of one entry, and the events that are made of them.

use std::collections::HashMap;

use super::{dose::DOSE, made::is_amount, making::Making};
use crate::{
    base::PartialDate,
    formats::Refusal,
    record::{Event, Fact},
    terms::{Kind, Meaning, Part, infant_stage},
};

pub(in crate::formats) use super::leaf::Leaf;

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
        let Making { place, facts: others, doses, things, stage, called, round, day, is_dose, .. } = making;
        let known = doses.iter().find_map(|dose| dose.vaccine.clone());
        let mut titles = Vec::with_capacity(doses.len());
        let mut made: Vec<(usize, Fact)> = things.into_iter().map(|thing| (thing.before, thing.fact())).collect();
        // What there is only one of is the name of its event.
        if let ([(_, only)], Some(Kind::Procedure | Kind::Condition | Kind::Infection | Kind::Allergy)) = (made.as_slice(), kind) {
            titles.push(only.title.clone());
        }
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
            // 健診記録 says less than the kind does.
            _ if kind == Kind::Pregnancy && called.is_none() => pregnancy_title(name, &facts),
            _ => called.unwrap_or_else(|| if name.is_empty() { kind.japanese().to_owned() } else { name }),
        };
        let title = round.map_or(title.clone(), |round| format!("{title}（{round}）"));
        Some(Event { kind, day, title, place, signature: None, facts })
    }
}

/// What an event of a pregnancy is called: the delivery by what it tells, else the name around it where that speaks of a
/// pregnancy.
fn pregnancy_title(name: String, facts: &[Fact]) -> String {
    const DELIVERY: [&str; 3] = ["delivery-method", "delivery-course", "pregnancy-duration"];
    let tells = |fact: &Fact| fact.concept.codings.iter().any(|coding| DELIVERY.contains(&coding.code.as_str()));
    if facts.iter().any(tells) {
        return "出産".to_owned();
    }
    if name.contains(['妊', '産']) { name } else { Kind::Pregnancy.japanese().to_owned() }
}
