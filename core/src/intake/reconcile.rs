//! Reconciliation: whichever way events came, went or were decided about, those whose links are due are compared with what is
//! near them in days, and what the rules say is kept. The vault says what is due; nothing here depends on what came first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{
    insight::reconcile::{self as rules, Class, Decision, Standing, Told, compare, drawn_instead, reaches},
    record::Event,
    vault::{EventId, FactId, Link, LinkDecision, Linking, ToldEvent, Vault, VaultError},
};

/// Due events that are worked out together at most, with what they have to do with: what is kept at once stays short.
const AT_ONCE: usize = 2000;
/// Somebody else may write between reading and keeping; after so many tries the next call goes on.
const TRIES: u32 = 5;

/// What a pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Events that were due or have to do with one that was.
    pub looked_at: u32,
    /// Events that now stand behind another.
    pub linked: u32,
    /// Pairs the person could be asked about.
    pub questions: u32,
}

/// Works out the links of every event that is due. Again, it changes nothing. *Quick* after one document; *long* after many.
pub fn reconcile(vault: &Vault) -> Result<Reconciliation, VaultError> {
    let mut done = Reconciliation::default();
    let mut tries = 0;
    loop {
        let (moment, due) = vault.links_due()?;
        if due.is_empty() || tries == TRIES {
            return Ok(done);
        }
        let due: Vec<EventId> = due.into_iter().take(AT_ONCE).collect();
        let work = Work::around(vault, &due)?;
        let linking = work.linking(vault)?;
        if vault.keep_links(moment, &linking)? {
            tries = 0;
            let of = |class: Class| linking.links.iter().filter(|link| link.class == class.id()).count();
            done.looked_at += count(linking.of.len());
            done.linked += count(of(Class::Same));
            done.questions += count(of(Class::Perhaps));
        } else {
            tries += 1;
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// An event with the records that are shown: what was corrected or removed by hand is not compared.
struct Seen {
    told: ToldEvent,
    shown: Event,
    ids: Vec<FactId>,
    /// Not hidden as a whole.
    is_shown: bool,
}

impl Seen {
    fn of(mut told: ToldEvent) -> Self {
        let stored = &mut told.stored;
        let facts = std::mem::take(&mut stored.event.facts);
        let (mut ids, mut shown) = (Vec::with_capacity(facts.len()), Vec::with_capacity(facts.len()));
        for ((fact, (id, _)), hidden) in facts.into_iter().zip(&stored.ids).zip(&stored.hidden_facts) {
            if hidden.is_none() {
                ids.push(*id);
                shown.push(fact);
            }
        }
        let event = Event { facts: shown, ..stored.event.clone() };
        let is_shown = stored.hidden.is_none();
        Self { told, shown: event, ids, is_shown }
    }

    fn told(&self) -> Told<'_> {
        Told { event: &self.shown, format: &self.told.format, document: self.told.fingerprint, position: self.told.stored.position }
    }
}

/// Everything that some due events have to do with, all the way.
struct Work {
    seen: BTreeMap<EventId, Seen>,
    /// Events that are not there any more.
    gone: Vec<EventId>,
}

impl Work {
    /// Walks from the due events to what is near them and has to do with them by any rule, by a link there was, or by a
    /// decision; and on from there, so that a group is always worked out whole.
    fn around(vault: &Vault, due: &[EventId]) -> Result<Self, VaultError> {
        let mut work = Self { seen: BTreeMap::new(), gone: Vec::new() };
        // Events that lie near but have nothing to do with any: looked at once, kept out.
        let mut aside: BTreeMap<EventId, Seen> = BTreeMap::new();
        let mut decided: BTreeMap<crate::base::PersonId, Vec<LinkDecision>> = BTreeMap::new();
        let mut waiting: VecDeque<EventId> = due.iter().copied().collect();
        let mut met: BTreeSet<EventId> = due.iter().copied().collect();
        while let Some(id) = waiting.pop_front() {
            let own = match aside.remove(&id) {
                Some(seen) => seen,
                None => match vault.told(id) {
                    Ok(told) => Seen::of(told),
                    Err(VaultError::NotFound) => {
                        work.gone.push(id);
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            let person = own.told.stored.person;
            let mut next: BTreeSet<EventId> = BTreeSet::new();
            for link in vault.links_of(id)? {
                next.extend([link.event, link.lead]);
            }
            let decisions = match decided.entry(person) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(slot) => slot.insert(vault.link_decisions(person)?),
            };
            next.extend(
                decisions.iter().filter(|decision| decision.one == id || decision.other == id).flat_map(|one| [one.one, one.other]),
            );
            if own.is_shown {
                for reach in reaches(own.shown.kind, own.shown.day) {
                    for near in vault.events_near(person, reach.kind, reach.from, reach.until)? {
                        if near == id || next.contains(&near) || met.contains(&near) {
                            continue;
                        }
                        if !aside.contains_key(&near) {
                            aside.insert(near, Seen::of(vault.told(near)?));
                        }
                        if aside.get(&near).is_some_and(|other| compare(&own.told(), &other.told()).is_some()) {
                            next.insert(near);
                        }
                    }
                }
            }
            work.seen.insert(id, own);
            waiting.extend(next.into_iter().filter(|id| met.insert(*id)));
        }
        Ok(work)
    }

    fn linking(&self, vault: &Vault) -> Result<Linking, VaultError> {
        let mut people: BTreeMap<crate::base::PersonId, Vec<EventId>> = BTreeMap::new();
        for (id, seen) in self.seen.iter().filter(|(_, seen)| seen.is_shown) {
            people.entry(seen.told.stored.person).or_default().push(*id);
        }
        let mut linking = Linking { of: self.seen.keys().chain(&self.gone).copied().collect(), ..Linking::default() };
        for (person, ids) in people {
            let seen: Vec<&Seen> = ids.iter().filter_map(|id| self.seen.get(id)).collect();
            let told: Vec<Told<'_>> = seen.iter().map(|seen| seen.told()).collect();
            let place = |id: EventId| ids.binary_search(&id).ok();
            let decisions: Vec<Decision> = vault
                .link_decisions(person)?
                .into_iter()
                .filter_map(|decision| {
                    let standing = if decision.joined { Standing::Joined } else { Standing::Apart };
                    Some(Decision { one: place(decision.one)?, other: place(decision.other)?, standing })
                })
                .collect();
            add(&mut linking, &rules::reconcile(&told, &decisions), &ids, &seen);
        }
        Ok(linking)
    }
}

fn add(linking: &mut Linking, found: &rules::Reconciled, ids: &[EventId], seen: &[&Seen]) {
    let id = |index: usize| ids.get(index).copied();
    for group in &found.groups {
        for (place, member) in (1..).zip(&group.members) {
            let (Some(event), Some(lead)) = (id(member.event), id(group.lead)) else { continue };
            let (class, rule) = (Class::Same.id().to_owned(), member.rule.id().to_owned());
            let via = member.via.and_then(id);
            linking.links.push(Link { event, lead, class, rule, edition: member.rule.edition(), via, place });
            let (Some(behind), Some(shown)) = (seen.get(member.event), seen.get(group.lead)) else { continue };
            let drawn = drawn_instead(&shown.shown, &behind.shown).into_iter();
            linking.drawn.extend(drawn.filter_map(|(own, instead)| Some((*behind.ids.get(own)?, *shown.ids.get(instead)?))));
        }
    }
    for (class, pairs) in [(Class::Perhaps, &found.questions), (Class::Story, &found.stories)] {
        for pair in pairs {
            let (Some(lead), Some(event)) = (id(pair.one), id(pair.other)) else { continue };
            let (class, rule) = (class.id().to_owned(), pair.rule.id().to_owned());
            linking.links.push(Link { event, lead, class, rule, edition: pair.rule.edition(), via: None, place: 0 });
        }
    }
}
