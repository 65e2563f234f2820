//! From pairs to groups. The result depends on the events and the person's decisions alone: events are taken in the order of
//! their documents' fingerprints, and no step keeps what came first.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{Class, Match, Rule, Told, compare, reach::is_near, source_of};
use crate::record::Standing as FactStanding;

/// What the person decided about two events, by their places in the list of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The one.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// One event (`join`), or two (`keep_apart`).
    pub standing: Standing,
}

/// What a decision says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are one event.
    Joined,
    /// They are two.
    Apart,
}

/// One event, told by several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The one that is shown.
    pub lead: usize,
    /// The others, the next to lead first.
    pub members: Vec<Member>,
}

/// One that stands behind the leading one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub event: usize,
    /// Why it is the same event.
    pub rule: Rule,
    /// The one it was recognised by, where that is not the leading one itself.
    pub via: Option<usize>,
}

/// Two events that have to do with each other and are not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The one; of a story the earlier.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// By which rule.
    pub rule: Rule,
}

/// What came of all events together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Linked events.
    pub groups: Vec<Group>,
    /// Events that may be one: for the person to say.
    pub questions: Vec<Pair>,
    /// Events of one story.
    pub stories: Vec<Pair>,
}

/// Reconciles events of **one person**. `decisions` are the person's, the oldest first; of two about one pair the later
/// counts, and none is ever overruled by a rule.
pub fn reconcile(told: &[Told<'_>], decisions: &[Decision]) -> Reconciled {
    Work::new(told, decisions).done()
}

type Key = (usize, usize);

const fn key(one: usize, other: usize) -> Key {
    if one < other { (one, other) } else { (other, one) }
}

struct Work<'a> {
    told: &'a [Told<'a>],
    /// All events, by document and place.
    order: Vec<usize>,
    matches: BTreeMap<Key, Match>,
    apart: BTreeSet<Key>,
    joined: BTreeSet<Key>,
    /// For each event the event that stands for all the person joined with it.
    set: Vec<usize>,
}

/// How two sets of joined events stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Same,
    Open,
    Contradiction,
}

impl<'a> Work<'a> {
    fn new(told: &'a [Told<'a>], decisions: &[Decision]) -> Self {
        let mut order: Vec<usize> = (0..told.len()).collect();
        order.sort_by_key(|index| told.get(*index).map(Told::key));
        let mut latest: BTreeMap<Key, (usize, Standing)> = BTreeMap::new();
        for (age, decision) in decisions.iter().enumerate().filter(|(_, decision)| decision.one != decision.other) {
            latest.insert(key(decision.one, decision.other), (age, decision.standing));
        }
        let of = |standing| latest.iter().filter(move |(_, (_, own))| *own == standing).map(|(key, _)| *key);
        let apart: BTreeSet<Key> = of(Standing::Apart).collect();
        let joined: BTreeSet<Key> = of(Standing::Joined).collect();
        let mut newest_first: Vec<Key> = joined.iter().copied().collect();
        newest_first.sort_by_key(|key| Reverse(latest.get(key).map(|(age, _)| *age)));
        let mut work = Self { told, order, matches: BTreeMap::new(), apart, joined, set: (0..told.len()).collect() };
        work.match_all();
        for (one, other) in newest_first {
            work.join(one, other);
        }
        work
    }

    /// Compares every two events that are near in days.
    fn match_all(&mut self) {
        let day = |index: usize| self.told.get(index).and_then(|told| told.event.day);
        let mut by_day: Vec<usize> = self.order.iter().copied().filter(|index| day(*index).is_some()).collect();
        by_day.sort_by_key(|index| day(*index).map(|day| day.first_day()));
        let farthest = i64::try_from(super::reach::STORY_DAYS).unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for (at, index) in by_day.iter().enumerate() {
            let Some((one, own)) = self.told.get(*index).zip(day(*index)) else { continue };
            for other_index in by_day.iter().skip(at + 1) {
                let Some((other, others)) = self.told.get(*other_index).zip(day(*other_index)) else { continue };
                if (others.first_day() - own.first_day()).num_days() > farthest {
                    break;
                }
                if is_near(one.event, other.event)
                    && let Some(verdict) = compare(one, other)
                {
                    found.push((key(*index, *other_index), verdict));
                }
            }
        }
        self.matches.extend(found);
    }

    /// Puts two sets together as the person said, unless that would put together what they keep apart.
    fn join(&mut self, one: usize, other: usize) {
        let (Some(set), Some(other_set)) = (self.set.get(one).copied(), self.set.get(other).copied()) else { return };
        let is_split = self.pairs_between(set, other_set).any(|pair| self.apart.contains(&pair));
        if set != other_set && !is_split {
            for own in &mut self.set {
                if *own == other_set {
                    *own = set;
                }
            }
        }
    }

    fn members(&self, set: usize) -> Vec<usize> {
        self.order.iter().copied().filter(|index| self.set.get(*index) == Some(&set)).collect()
    }

    fn pairs_between(&self, set: usize, other: usize) -> impl Iterator<Item = Key> + use<> {
        let others = self.members(other);
        self.members(set).into_iter().flat_map(move |one| others.clone().into_iter().map(move |other| key(one, other)))
    }

    fn between(&self, set: usize, other: usize) -> Between {
        let pairs: Vec<Key> = self.pairs_between(set, other).collect();
        // What the person joined is one event to them, also where the rules say nothing about a part of it.
        let by_person = pairs.len() > 1;
        let mut between = Between::Open;
        for pair in pairs {
            match self.matches.get(&pair) {
                _ if self.apart.contains(&pair) => return Between::Contradiction,
                Some(Match { contradicts: true, .. } | Match { class: Class::Story, .. }) => return Between::Contradiction,
                Some(Match { class: Class::Same, .. }) => between = Between::Same,
                Some(Match { class: Class::Perhaps, .. }) => {}
                None if by_person => {}
                None => return Between::Contradiction,
            }
        }
        between
    }

    fn done(&self) -> Reconciled {
        let groups = self.groups();
        // Each event by the one that is shown for it.
        let mut shown: Vec<usize> = (0..self.told.len()).collect();
        for group in &groups {
            for member in &group.members {
                if let Some(slot) = shown.get_mut(member.event) {
                    *slot = group.lead;
                }
            }
        }
        let lead = |index: usize| shown.get(index).copied().unwrap_or(index);
        let kept_apart: BTreeSet<Key> = self.apart.iter().map(|(one, other)| key(lead(*one), lead(*other))).collect();
        let mut questions: BTreeMap<Key, Rule> = BTreeMap::new();
        for ((one, other), verdict) in &self.matches {
            let pair = key(lead(*one), lead(*other));
            if verdict.class != Class::Story && pair.0 != pair.1 && !kept_apart.contains(&pair) {
                let rule = questions.entry(pair).or_insert(verdict.rule);
                *rule = (*rule).min(verdict.rule);
            }
        }
        let stories = self.stories(&lead, &kept_apart);
        let mut questions: Vec<Pair> = questions.into_iter().map(|((one, other), rule)| Pair { one, other, rule }).collect();
        let place = |index: usize| self.told.get(index).map(Told::key);
        for pair in &mut questions {
            if place(pair.other) < place(pair.one) {
                (pair.one, pair.other) = (pair.other, pair.one);
            }
        }
        questions.sort_by_key(|pair| (place(pair.one), place(pair.other)));
        Reconciled { groups, questions, stories }
    }

    fn groups(&self) -> Vec<Group> {
        let sets: Vec<usize> = {
            let mut seen = BTreeSet::new();
            self.order.iter().filter_map(|index| self.set.get(*index).copied()).filter(|set| seen.insert(*set)).collect()
        };
        let neighbours = self.neighbours(&sets);
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut groups = Vec::new();
        for set in &sets {
            if !taken.contains(set) {
                let component = component(*set, &neighbours);
                for part in self.split(&component, &neighbours) {
                    groups.extend(self.group(&part));
                }
                taken.extend(component);
            }
        }
        groups
    }

    /// For each set those that a rule says are the same, itself included.
    fn neighbours(&self, sets: &[usize]) -> BTreeMap<usize, BTreeSet<usize>> {
        let mut neighbours: BTreeMap<usize, BTreeSet<usize>> = sets.iter().map(|set| (*set, BTreeSet::from([*set]))).collect();
        let matched: BTreeSet<Key> = self
            .matches
            .iter()
            .filter(|(_, verdict)| verdict.class == Class::Same)
            .filter_map(|((one, other), _)| Some(key(*self.set.get(*one)?, *self.set.get(*other)?)))
            .filter(|(one, other)| one != other)
            .collect();
        for (one, other) in matched {
            if self.between(one, other) == Between::Same {
                neighbours.entry(one).or_default().insert(other);
                neighbours.entry(other).or_default().insert(one);
            }
        }
        neighbours
    }

    /// A component is one event when no two of it contradict. Else those stay together that are the same as exactly the
    /// same others: what fits two that contradict each other is left to the person.
    fn split(&self, component: &[usize], neighbours: &BTreeMap<usize, BTreeSet<usize>>) -> Vec<Vec<usize>> {
        let pairs = component.iter().enumerate().flat_map(|(at, one)| component.iter().skip(at + 1).map(move |other| (*one, *other)));
        if pairs.into_iter().all(|(one, other)| self.between(one, other) != Between::Contradiction) {
            return vec![component.to_vec()];
        }
        let mut twins: BTreeMap<&BTreeSet<usize>, Vec<usize>> = BTreeMap::new();
        for set in component {
            if let Some(own) = neighbours.get(set) {
                twins.entry(own).or_default().push(*set);
            }
        }
        twins.into_values().collect()
    }

    fn group(&self, sets: &[usize]) -> Option<Group> {
        let mut events: Vec<usize> = sets.iter().flat_map(|set| self.members(*set)).collect();
        events.sort_by_key(|index| self.told.get(*index).map(|told| (source_of(told).rank, Reverse(stated(told)), told.key())));
        let (lead, rest) = events.split_first()?;
        let members: Vec<Member> = rest.iter().map(|event| self.member(*lead, *event, &events)).collect();
        (!members.is_empty()).then_some(Group { lead: *lead, members })
    }

    /// Why `event` is the same as the leading one: by a rule or by the person, itself or by way of another.
    fn member(&self, lead: usize, event: usize, events: &[usize]) -> Member {
        let reason = |other: usize| match self.matches.get(&key(event, other)) {
            _ if self.joined.contains(&key(event, other)) => Some(Rule::Person),
            Some(Match { class: Class::Same, rule, .. }) => Some(*rule),
            _ => None,
        };
        if let Some(rule) = reason(lead) {
            return Member { event, rule, via: None };
        }
        let by_way = events.iter().filter(|other| **other != event && **other != lead).find_map(|other| Some((reason(*other)?, *other)));
        by_way.map_or(Member { event, rule: Rule::Person, via: None }, |(rule, via)| Member { event, rule, via: Some(via) })
    }

    fn stories(&self, lead: &impl Fn(usize) -> usize, kept_apart: &BTreeSet<Key>) -> Vec<Pair> {
        let day = |index: usize| self.told.get(index).and_then(|told| told.event.day);
        // For each that follows, what it can follow.
        let mut before: BTreeMap<usize, BTreeMap<usize, Rule>> = BTreeMap::new();
        for ((one, other), verdict) in self.matches.iter().filter(|(_, verdict)| verdict.class == Class::Story) {
            let is_order = |index: usize| self.told.get(index).is_some_and(|told| told.event.kind == crate::terms::Kind::Prescription);
            let turned = if is_order(*one) == is_order(*other) { day(*other) < day(*one) } else { is_order(*other) };
            let (first, then) = if turned { (lead(*other), lead(*one)) } else { (lead(*one), lead(*other)) };
            if first != then && !kept_apart.contains(&key(first, then)) {
                before.entry(then).or_default().insert(first, verdict.rule);
            }
        }
        let mut stories: Vec<Pair> = Vec::new();
        for (then, firsts) in before {
            let is_screening = firsts.values().all(|rule| *rule == Rule::ScreeningStory);
            // The last screening before it; of two prescriptions nobody can say which was filled.
            let chosen = if is_screening {
                let last = firsts.keys().map(|first| day(*first)).max().flatten();
                let mut of_last = firsts.iter().filter(|(first, _)| day(**first) == last);
                of_last.next().filter(|_| of_last.next().is_none())
            } else {
                firsts.iter().next().filter(|_| firsts.len() == 1)
            };
            stories.extend(chosen.map(|(first, rule)| Pair { one: *first, other: then, rule: *rule }));
        }
        stories.sort_by_key(|pair| (self.told.get(pair.one).map(Told::key), self.told.get(pair.other).map(Told::key)));
        stories
    }
}

/// Everything that is connected with `set`, in ascending order.
fn component(set: usize, neighbours: &BTreeMap<usize, BTreeSet<usize>>) -> Vec<usize> {
    let mut found = BTreeSet::from([set]);
    let mut waiting = vec![set];
    while let Some(next) = waiting.pop() {
        for neighbour in neighbours.get(&next).into_iter().flatten() {
            if found.insert(*neighbour) {
                waiting.push(*neighbour);
            }
        }
    }
    found.into_iter().collect()
}

/// How much a telling says: its records that were understood.
fn stated(told: &Told<'_>) -> usize {
    told.event.facts.iter().filter(|fact| fact.standing == FactStanding::Understood).count()
}
