//! Reads a message: every medicine and procedure by the day and month it stands in, wherever those stand, and the checkups
//! that a message may hold beside them.

use std::{collections::HashMap, ops::Range};

use roxmltree::{Node, NodeId};

use super::{
    entry::{self, Context},
    names::{self, Origin, is_day, is_month, plain},
};
use crate::{
    base::PartialDate,
    formats::{
        Fault, FormatError, Refusal, Unread,
        budget::Budget,
        qualification,
        tokutei::{checkups, read_time},
        xml::words,
    },
    record::{Body, Event, Fact, Subject},
    terms::Kind,
};

/// What a message holds.
pub(in crate::formats) struct Message {
    pub(in crate::formats) subjects: Vec<(String, Subject)>,
    /// What can be taken out by itself, in the order of the document.
    pub(in crate::formats) parts: Vec<Part>,
    pub(in crate::formats) refused: Vec<Refusal>,
}

/// What one day of a month holds of one kind.
pub(in crate::formats) struct Part {
    pub(in crate::formats) event: Event,
    /// The kind of information a person agrees to: medicines handed out on an electronic prescription come with it.
    pub(in crate::formats) asked: Kind,
    /// Where its elements stand in the text.
    pub(in crate::formats) spans: Vec<Range<usize>>,
    /// The elements around them, the inner one first. One of which no part is left is of no use.
    pub(in crate::formats) around: Vec<Range<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Medicine,
    Procedure,
    Unknown,
}

impl Message {
    /// Reads a message. Fails where the source says that it failed, and where nothing of the body is known.
    pub(in crate::formats) fn read(root: Node<'_, '_>) -> Result<Self, FormatError> {
        let mut refused = Vec::new();
        let subjects = qualification::subjects(root, &mut refused);
        let of_head = refused.len();
        let mut reading = Reading { refused, ..Reading::default() };
        for node in root.descendants().filter(Node::is_element) {
            match plain(node) {
                names::MEDICINE => reading.entry(node, Class::Medicine)?,
                names::PROCEDURE => reading.entry(node, Class::Procedure)?,
                _ if is_day(node) || is_month(node) => {
                    reading.number(node);
                    if is_day(node) || !node.descendants().any(is_day) {
                        reading.bare(node)?;
                    }
                }
                _ => {}
            }
        }
        let (mut parts, mut refused) = reading.finish()?;
        for (event, span) in checkups(root, &mut refused)? {
            parts.push(Part { event, asked: Kind::Checkup, spans: vec![span], around: Vec::new() });
        }
        if parts.is_empty() && refused.len() == of_head {
            failure(root).map_or(Ok(()), Err)?;
        }
        Ok(Self { subjects, parts, refused })
    }
}

/// Why a message without any record has none; nothing where it says that all went well and there was nothing.
fn failure(root: Node<'_, '_>) -> Option<FormatError> {
    let said = |name: &str| root.descendants().find(|node| node.tag_name().name() == name).and_then(words);
    let code = said(names::RESULT);
    if code.as_deref().is_some_and(|code| code != names::WELL) || (code.is_none() && said(names::WORDS).is_some()) {
        let is_code = |code: &String| code.len() <= 16 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        return Some(FormatError::NoAnswer { code: code.filter(is_code) });
    }
    let holds_words = |body: Node<'_, '_>| body.children().any(|child| child.is_element() && words(child).is_some());
    let is_unknown = root.descendants().find(|node| node.tag_name().name() == names::BODY).is_some_and(holds_words);
    let says_nothing = code.is_none() && !root.descendants().any(is_month);
    (is_unknown || says_nothing).then_some(FormatError::NotRead(Unread::OtherXml))
}

/// The message while it is being read.
#[derive(Default)]
struct Reading {
    budget: Budget,
    refused: Vec<Refusal>,
    /// With the home of each.
    parts: Vec<(NodeId, Part)>,
    by_place: HashMap<(NodeId, Class), usize>,
    homes: HashMap<NodeId, Surroundings>,
    levels: HashMap<NodeId, Level>,
    /// Places of months and days, and how many of a name each has seen; counted, since looking back at siblings takes
    /// quadratic time.
    places: HashMap<NodeId, String>,
    seen: HashMap<(Option<NodeId>, String), usize>,
}

/// What a day, or a month without days, says about its entries.
struct Surroundings {
    day: Option<PartialDate>,
    place: Option<String>,
    context: Context,
    unknown: Vec<Fact>,
    around: Vec<Range<usize>>,
}

impl Reading {
    /// The place of an element below its home, for example `MeTrMonthInf[1]/DiDateInf[2]/DrugInf[3]`.
    fn place_of(&mut self, node: Node<'_, '_>) -> String {
        let home = home_of(node);
        let name = node.tag_name().name();
        let count = self.seen.entry((home.map(|home| home.id()), name.to_owned())).or_insert(0);
        *count += 1;
        match home.and_then(|home| self.places.get(&home.id())) {
            Some(above) => format!("{above}/{name}[{count}]"),
            None => format!("{name}[{count}]"),
        }
    }

    fn number(&mut self, node: Node<'_, '_>) {
        let place = self.place_of(node);
        self.places.insert(node.id(), place);
    }

    fn entry(&mut self, node: Node<'_, '_>, class: Class) -> Result<(), FormatError> {
        let home = home_of(node).unwrap_or(node);
        let at = self.place_of(node);
        let part = self.part(home, class)?;
        let Some(surroundings) = self.homes.get(&home.id()) else { return Ok(()) };
        self.budget.take(1, at.len() + surroundings.context.bytes(), &at)?;
        let fact = match class {
            Class::Medicine => entry::medicine(node, at.clone(), &surroundings.context),
            Class::Procedure | Class::Unknown => entry::procedure(node, at.clone()),
        };
        let Some((_, part)) = self.parts.get_mut(part) else { return Ok(()) };
        part.spans.push(node.range());
        match fact {
            Ok(fact) => part.event.facts.push(fact),
            Err(reason) => self.refused.push(Refusal { place: at, reason }),
        }
        Ok(())
    }

    /// A day that holds no entry we know may still say something.
    fn bare(&mut self, node: Node<'_, '_>) -> Result<(), FormatError> {
        if !node.descendants().any(|node| matches!(plain(node), names::MEDICINE | names::PROCEDURE)) {
            let part = self.part(node, Class::Unknown)?;
            if let Some((_, part)) = self.parts.get_mut(part) {
                part.spans.push(node.range());
            }
        }
        Ok(())
    }

    /// The part of a home (a day, a month, or the entry itself) that is of one class.
    fn part(&mut self, home: Node<'_, '_>, class: Class) -> Result<usize, FormatError> {
        if let Some(part) = self.by_place.get(&(home.id(), class)) {
            return Ok(*part);
        }
        if !self.homes.contains_key(&home.id()) {
            let surroundings = self.surroundings(home)?;
            self.homes.insert(home.id(), surroundings);
        }
        let number = self.parts.len();
        let Some(home_says) = self.homes.get(&home.id()) else { return Ok(number) };
        let (kind, asked, word) = match (class, home_says.context.origin) {
            (Class::Medicine, Origin::Claim) => (Kind::Medication, Kind::Medication, "薬剤情報（レセプト）"),
            (Class::Medicine, Origin::HandedOut) => (Kind::Medication, Kind::Prescription, "調剤情報（電子処方箋）"),
            (Class::Medicine, Origin::Ordered) => (Kind::Prescription, Kind::Prescription, "処方情報（電子処方箋）"),
            (Class::Procedure, _) => (Kind::Procedure, Kind::Procedure, "診療情報"),
            (Class::Unknown, _) => (Kind::Other, Kind::Other, "医療保険情報"),
        };
        let title = home_says.place.clone().unwrap_or_else(|| word.to_owned());
        let copied = title.len() + home_says.place.as_ref().map_or(0, String::len);
        let event = Event { kind, day: home_says.day, title, place: home_says.place.clone(), signature: None, facts: Vec::new() };
        self.budget.take(0, copied, self.places.get(&home.id()).map_or(names::BODY, String::as_str))?;
        self.parts.push((home.id(), Part { event, asked, spans: Vec::new(), around: home_says.around.clone() }));
        self.by_place.insert((home.id(), class), number);
        Ok(number)
    }

    /// The parts that say anything, each with what its day says beside its entries, so that whichever is cut, the
    /// others stay whole.
    fn finish(mut self) -> Result<(Vec<Part>, Vec<Refusal>), FormatError> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for (home, mut part) in self.parts {
            let unknown = self.homes.get(&home).map_or(&[][..], |home| &home.unknown);
            let copied = unknown.iter().map(size_of).sum();
            self.budget.take(unknown.len(), copied, self.places.get(&home).map_or(names::BODY, String::as_str))?;
            part.event.facts.extend_from_slice(unknown);
            if !part.event.facts.is_empty() {
                parts.push(part);
            }
        }
        Ok((parts, self.refused))
    }

    fn surroundings(&mut self, home: Node<'_, '_>) -> Result<Surroundings, FormatError> {
        let chain: Vec<Node<'_, '_>> = home.ancestors().filter(|node| is_home(*node)).collect();
        for level in &chain {
            if !self.levels.contains_key(&level.id()) {
                let read = self.level(*level);
                self.levels.insert(level.id(), read);
            }
        }
        let levels: Vec<&Level> = chain.iter().filter_map(|level| self.levels.get(&level.id())).collect();
        let origin = chain.last().map_or_else(|| Origin::of(home), |outer| Origin::of(*outer));
        let first = |of: fn(&Level) -> Option<PartialDate>| levels.iter().find_map(|level| of(level));
        let (handed_out, ordered) = (first(|level| level.handed_out), first(|level| level.ordered));
        let (own, other) = if origin == Origin::Ordered { (ordered, handed_out) } else { (handed_out, ordered) };
        let day = own.or(other).or_else(|| first(|level| level.month));
        let prescriber = levels.iter().find_map(|level| level.prescriber.clone());
        let institution = levels.iter().find_map(|level| level.institution.clone());
        let place = if origin == Origin::Ordered { prescriber.clone().or(institution) } else { institution };
        let ordered = ordered.filter(|ordered| origin != Origin::Ordered && Some(*ordered) != day).map(|day| day.to_string());
        let unknown: Vec<Fact> = levels.iter().flat_map(|level| &level.unknown).cloned().collect();
        self.budget.take(unknown.len(), unknown.iter().map(size_of).sum(), names::BODY)?;
        let around = chain.iter().map(Node::range).collect();
        Ok(Surroundings { day, place, context: Context { origin, prescriber, ordered }, unknown, around })
    }

    /// What a day or a month says itself, each thing once.
    fn level(&mut self, home: Node<'_, '_>) -> Level {
        let above = self.places.get(&home.id()).map_or(names::BODY, String::as_str);
        let place_of = |field: Node<'_, '_>| format!("{above}/{}", field.tag_name().name());
        let mut level = Level::default();
        for field in home.children().filter(Node::is_element) {
            let name = plain(field);
            let is_class = names::CLASSES.contains(&name);
            if is_class || !names::is_understood(field) {
                let label = if is_class { Some("入院・外来などの区分") } else { None };
                level.unknown.extend(entry::unknown(field, label, place_of(field)));
                continue;
            }
            let Some(slot) = level.slot(name) else { continue };
            let Some(said) = words(field) else { continue };
            match slot {
                Slot::Words(slot) if slot.is_none() => *slot = Some(said),
                Slot::Day(slot) if slot.is_none() => {
                    *slot = read_time(&said).map(|(day, _)| day);
                    if slot.is_none() {
                        let place = place_of(field);
                        self.refused.push(Refusal { reason: FormatError::Malformed { place: place.clone(), fault: Fault::Date }, place });
                    }
                }
                Slot::Words(_) | Slot::Day(_) => {}
            }
        }
        level
    }
}

/// What a day or a month says itself.
#[derive(Default)]
struct Level {
    handed_out: Option<PartialDate>,
    ordered: Option<PartialDate>,
    month: Option<PartialDate>,
    institution: Option<String>,
    prescriber: Option<String>,
    unknown: Vec<Fact>,
}

enum Slot<'a> {
    Words(&'a mut Option<String>),
    Day(&'a mut Option<PartialDate>),
}

impl Level {
    fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        Some(match name {
            names::HANDED_OUT => Slot::Day(&mut self.handed_out),
            names::ORDERED => Slot::Day(&mut self.ordered),
            _ if names::MONTHS.contains(&name) => Slot::Day(&mut self.month),
            _ if names::INSTITUTIONS.contains(&name) => Slot::Words(&mut self.institution),
            _ if names::PRESCRIBERS.contains(&name) => Slot::Words(&mut self.prescriber),
            _ => return None,
        })
    }
}

fn is_home(node: Node<'_, '_>) -> bool {
    is_day(node) || is_month(node)
}

/// The day or month that an element stands in.
fn home_of<'a, 'i>(node: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    node.ancestors().skip(1).find(|node| is_home(*node))
}

/// Bytes that a copy of something unknown takes.
fn size_of(fact: &Fact) -> usize {
    fact.at.len()
        + fact.title.len()
        + match &fact.body {
            Body::Note(words) => words.len(),
            _ => 0,
        }
}
