//! Gathers facts into events: what one document, report or day says together.

use std::{cmp::Reverse, collections::HashMap};

use super::grouping::{Groups, Scope};
use crate::{
    base::PartialDate,
    record::{Event, Fact},
    terms::Kind,
};

/// A fact on its way into an event.
pub(super) struct Draft {
    pub(super) fact: Fact,
    /// The day it belongs to.
    pub(super) day: Option<PartialDate>,
    /// The kind of its event.
    pub(super) kind: Kind,
    pub(super) place: Option<String>,
    /// The document or report it belongs to.
    pub(super) scope: Scope,
    /// Whether it is an event of its own: a vaccine dose, a document.
    pub(super) alone: bool,
    /// Whether it goes with the facts of its scope, whatever day they are of: the narrative of a report.
    pub(super) follows: bool,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    scope: Scope,
    kind: Kind,
    day: Option<PartialDate>,
    place: Option<String>,
}

/// The events in the order in which their first fact came.
pub(super) fn gather(drafts: Vec<Draft>, groups: &Groups) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut index: HashMap<Key, usize> = HashMap::new();
    let mut titled: Vec<bool> = Vec::new();
    let mut followers = Vec::new();
    for draft in drafts {
        if draft.follows {
            followers.push(draft);
            continue;
        }
        let position = place_in(&mut events, &mut titled, &mut index, groups, &draft);
        if let Some(event) = events.get_mut(position) {
            event.facts.push(draft.fact);
        }
    }
    let mut largest: HashMap<Scope, (usize, Reverse<usize>)> = HashMap::new();
    for (key, position) in index.iter().filter(|(key, _)| key.scope != Scope::None) {
        let size = (events.get(*position).map_or(0, |event| event.facts.len()), Reverse(*position));
        let best = largest.entry(key.scope).or_insert(size);
        *best = size.max(*best);
    }
    for draft in followers {
        let known = largest.get(&draft.scope).map(|(_, Reverse(position))| *position);
        let position = known.unwrap_or_else(|| place_in(&mut events, &mut titled, &mut index, groups, &draft));
        if let Some(event) = events.get_mut(position) {
            event.facts.push(draft.fact);
        }
    }
    for (event, titled) in events.iter_mut().zip(titled) {
        if let ([only], false) = (event.facts.as_slice(), titled) {
            event.title.clone_from(&only.title);
        }
    }
    events
}

fn place_in(events: &mut Vec<Event>, titled: &mut Vec<bool>, index: &mut HashMap<Key, usize>, groups: &Groups, draft: &Draft) -> usize {
    let (kind, title, place) = match groups.heading(draft.scope) {
        Some(heading) => (heading.kind, Some(heading.title.clone()), heading.place.clone().or_else(|| draft.place.clone())),
        None => (draft.kind, None, draft.place.clone()),
    };
    let key = Key { scope: draft.scope, kind, day: draft.day, place };
    let next = events.len();
    if !draft.alone
        && let Some(position) = index.get(&key)
    {
        return *position;
    }
    titled.push(title.is_some());
    events.push(Event {
        kind,
        day: draft.day,
        title: title.unwrap_or_else(|| kind.japanese().to_owned()),
        place: key.place.clone(),
        signature: None,
        facts: Vec::new(),
    });
    if !draft.alone {
        index.insert(key, next);
    }
    next
}
