//! Observations: one pass over each, its parts sorted by name, groups flattened into facts that remember their group.

use roxmltree::Node;

use super::{
    header::Identifiers,
    oid,
    standing::{kind, standing},
    time::read_when,
    value::{Measured, all_words, coding, concept, parse_number, read_value, said},
};
use crate::{
    base::{Decimal, PartialDate, limits},
    formats::{
        Fault, FormatError, Refusal,
        xml::{attribute, child, children, descend, words},
    },
    record::{AbsentReason, Body, Coding, Concept, Fact, Observation, ReferenceRange, Standing, Value, When},
    terms::{Item, Kind, item},
};

/// What the facts of one document are gathered in.
pub(super) struct Gathering<'h> {
    pub(super) facts: Vec<Fact>,
    pub(super) refused: Vec<Refusal>,
    /// The event's day: an observation of the same day needs no own one.
    pub(super) day: Option<PartialDate>,
    /// What must not get into any record.
    pub(super) identifiers: &'h Identifiers,
}

/// What an observation takes over from the one around it.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'g> {
    group: Option<&'g str>,
    is_negated: bool,
    is_reason: bool,
}

/// The parts of one observation.
#[derive(Default)]
struct Parts<'a, 'i> {
    code: Option<Node<'a, 'i>>,
    text: Option<Node<'a, 'i>>,
    status: Option<Node<'a, 'i>>,
    time: Option<Node<'a, 'i>>,
    values: Vec<Node<'a, 'i>>,
    interpretations: Vec<Node<'a, 'i>>,
    methods: Vec<Node<'a, 'i>>,
    sites: Vec<Node<'a, 'i>>,
    specimens: Vec<Node<'a, 'i>>,
    performer: Option<Node<'a, 'i>>,
    author: Option<Node<'a, 'i>>,
    members: Vec<Node<'a, 'i>>,
    ranges: Vec<Node<'a, 'i>>,
}

impl<'a, 'i> Parts<'a, 'i> {
    fn of(node: Node<'a, 'i>) -> Self {
        let mut parts = Self::default();
        for part in node.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "code" => parts.code = Some(part),
                "text" => parts.text = Some(part),
                "statusCode" => parts.status = Some(part),
                "effectiveTime" => parts.time = Some(part),
                "value" => parts.values.push(part),
                "interpretationCode" => parts.interpretations.push(part),
                "methodCode" => parts.methods.push(part),
                "targetSiteCode" => parts.sites.push(part),
                "specimen" => parts.specimens.push(part),
                "performer" => parts.performer = Some(part),
                "author" => parts.author = Some(part),
                "entryRelationship" | "component" => parts.members.push(part),
                "referenceRange" => parts.ranges.push(part),
                _ => {}
            }
        }
        parts
    }
}

impl Gathering<'_> {
    /// Reads what an `entry`, an `entryRelationship` or a `component` holds; `at` is the holder's place.
    pub(super) fn statement(&mut self, holder: Node<'_, '_>, at: &str, around: Around<'_>) -> Result<(), FormatError> {
        for node in holder.children().filter(Node::is_element) {
            let name = node.tag_name().name();
            match name {
                "observation" => self.observation(node, &format!("{at}/observation"), around)?,
                "organizer" | "act" | "encounter" | "procedure" => {
                    let parts = Parts::of(node);
                    if parts.members.is_empty() {
                        self.unknown(node, format!("{at}/{name}"))?;
                    } else {
                        let group = group_of(node).or(around.group);
                        self.members(&parts, &format!("{at}/{name}"), Around { group, ..around })?;
                    }
                }
                "sequenceNumber" | "seperatableInd" | "templateId" => {}
                _ => self.unknown(node, format!("{at}/{name}"))?,
            }
        }
        Ok(())
    }

    /// Takes a fact in, up to the limit.
    pub(super) fn keep(&mut self, fact: Fact) -> Result<(), FormatError> {
        if self.facts.len() >= limits::FACTS {
            return Err(FormatError::Limit { what: "records", place: fact.at });
        }
        self.facts.push(fact);
        Ok(())
    }

    /// Notes an entry that could not be read as what it should be.
    pub(super) fn refuse(&mut self, place: String, fault: Fault) {
        self.refused.push(Refusal { reason: FormatError::Malformed { place: place.clone(), fault }, place });
    }

    fn observation(&mut self, node: Node<'_, '_>, at: &str, around: Around<'_>) -> Result<(), FormatError> {
        let parts = Parts::of(node);
        let is_negated = around.is_negated || attribute(node, "negationInd") == Some("true");
        let around = Around { is_negated, ..around };
        let concept = parts.code.map(|code| concept(code, Some(oid::ITEM))).unwrap_or_default();
        if parts.members.is_empty() {
            return self.facts_of(&parts, concept, at, around);
        }
        let group = group_of(node).or(around.group);
        if !concept.is_empty() || !parts.values.is_empty() {
            self.facts_of(&parts, concept, at, Around { group, ..around })?;
        }
        self.members(&parts, at, Around { group, ..around })
    }

    fn members(&mut self, parts: &Parts<'_, '_>, at: &str, around: Around<'_>) -> Result<(), FormatError> {
        for (index, member) in parts.members.iter().enumerate() {
            let is_reason = attribute(*member, "typeCode") == Some("RSON");
            let at = format!("{at}/{}[{}]", member.tag_name().name(), index + 1);
            self.statement(*member, &at, Around { is_reason, ..around })?;
        }
        Ok(())
    }

    /// One observation gives one fact, or one for each of its values.
    fn facts_of(&mut self, parts: &Parts<'_, '_>, concept: Concept, at: &str, around: Around<'_>) -> Result<(), FormatError> {
        let known = concept.codings.iter().find_map(|coding| item(coding.system.as_deref(), &coding.code));
        if parts.values.is_empty() {
            let reason = if around.is_negated { AbsentReason::NotPerformed } else { AbsentReason::Unknown };
            let value = Measured { value: Value::Absent { reason, detail: None }, unit: None, fault: None };
            return self.fact(parts, concept, known, value, at.to_owned(), around);
        }
        for (index, value) in parts.values.iter().enumerate() {
            let measured = read_value(*value, known, around.is_negated);
            let at = if index == 0 { at.to_owned() } else { format!("{at}/value[{}]", index + 1) };
            self.fact(parts, concept.clone(), known, measured, at, around)?;
        }
        Ok(())
    }

    fn fact(
        &mut self,
        parts: &Parts<'_, '_>,
        concept: Concept,
        item: Option<&'static Item>,
        measured: Measured,
        at: String,
        around: Around<'_>,
    ) -> Result<(), FormatError> {
        let Measured { mut value, unit, fault } = measured;
        if let Value::Text(words) = &mut value {
            self.identifiers.strike(words);
        }
        let display = concept.leading().and_then(|coding| coding.display.as_deref());
        let standing = match fault {
            Some(fault) => {
                // A second value has its place already.
                let place = if at.ends_with(']') { at.clone() } else { format!("{at}/value") };
                self.refuse(place, fault);
                Standing::NotUnderstood
            }
            None => standing(item, display, &value),
        };
        let title = item.map(|item| item.name).or_else(|| concept.label()).unwrap_or("名称のない項目").to_owned();
        let kind = kind(item, &value);
        let mut observation = Observation::new(value);
        observation.unit = unit;
        observation.group = around.group.map(str::to_owned);
        observation.method = coded_concept(&parts.methods, Some(oid::METHOD));
        observation.interpretation = coded_concept(&parts.interpretations, None);
        observation.body_site = coded_concept(&parts.sites, None);
        observation.specimen = specimen(&parts.specimens);
        observation.reference = parts.ranges.iter().filter_map(|range| reference(*range)).collect();
        observation.status =
            parts.status.and_then(|status| attribute(status, "code")).filter(|status| *status != "completed").map(str::to_owned);
        observation.notes = self.notes(parts, &observation.value);
        let is_known_reason = item.and_then(|item| item.relation).is_some_and(|relation| relation.starts_with("RSON"));
        if around.is_reason && !is_known_reason {
            observation.notes.push("実施理由".to_owned());
        }
        let when = self.when(parts, &mut observation, &at);
        let said_by = parts.author.or(parts.performer).and_then(person);
        self.keep(Fact { kind, title, concept, when, body: Body::Observation(observation), at, said_by, standing })
    }

    fn when(&mut self, parts: &Parts<'_, '_>, observation: &mut Observation, at: &str) -> Option<When> {
        match read_when(parts.time?) {
            Ok(when) => when.filter(|when| Some(when.day) != self.day || when.time.is_some() || when.until.is_some()),
            Err(words) => {
                self.refuse(format!("{at}/effectiveTime"), Fault::Date);
                observation.notes.push(words);
                None
            }
        }
    }

    fn notes(&self, parts: &Parts<'_, '_>, value: &Value) -> Vec<String> {
        let Some(text) = parts.text.and_then(words) else { return Vec::new() };
        let is_value = matches!(value, Value::Text(said) if *said == text);
        if is_value {
            return Vec::new();
        }
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines
            .map(|line| {
                let mut line = line.to_owned();
                self.identifiers.strike(&mut line);
                line
            })
            .collect()
    }

    /// Something that is no observation is kept with its words.
    fn unknown(&mut self, node: Node<'_, '_>, at: String) -> Result<(), FormatError> {
        let concept = child(node, "code").map(|code| concept(code, None)).unwrap_or_default();
        let mut raw = all_words(node).unwrap_or_default();
        self.identifiers.strike(&mut raw);
        let title = concept.label().unwrap_or_else(|| node.tag_name().name()).to_owned();
        self.keep(Fact {
            kind: Kind::Other,
            title,
            concept,
            when: None,
            body: Body::Raw(raw),
            at,
            said_by: None,
            standing: Standing::NotUnderstood,
        })
    }
}

/// The group a parent stands for: the one the item master has for its members, else its own code, else its first member's.
fn group_of<'a>(parent: Node<'a, '_>) -> Option<&'a str> {
    let code_of = |node: Node<'a, '_>| child(node, "code").filter(|code| attribute(*code, "code").is_some());
    let members = || parent.descendants().skip(1).filter(|node| node.tag_name().name() == "observation").filter_map(code_of);
    let by_master = members().find_map(|code| {
        let system = attribute(code, "codeSystem").unwrap_or(oid::ITEM);
        item(Some(system), attribute(code, "code")?)?.group
    });
    by_master.or_else(|| code_of(parent).or_else(|| members().next()).and_then(|code| attribute(code, "code")))
}

fn coded_concept(nodes: &[Node<'_, '_>], default_system: Option<&str>) -> Option<Concept> {
    let (first, others) = nodes.split_first()?;
    let mut whole = concept(*first, default_system);
    whole.codings.extend(others.iter().filter_map(|node| coding(*node, default_system)));
    Some(whole).filter(|concept| !concept.is_empty())
}

fn specimen(nodes: &[Node<'_, '_>]) -> Option<Concept> {
    let mut whole = Concept::default();
    for entity in nodes.iter().filter_map(|node| descend(*node, &["specimenRole", "specimenPlayingEntity"])) {
        whole.codings.extend(child(entity, "code").and_then(|code| coding(code, None)));
        whole.text = whole.text.or_else(|| child(entity, "name").or_else(|| child(entity, "desc")).and_then(words));
    }
    Some(whole).filter(|concept| !concept.is_empty())
}

/// A reference range: its limits, and in words what limits cannot say.
fn reference(node: Node<'_, '_>) -> Option<ReferenceRange> {
    let range = child(node, "observationRange")?;
    let mut out = ReferenceRange { text: child(range, "text").and_then(words), ..ReferenceRange::default() };
    if let Some(value) = child(range, "value") {
        let bound = |name| child(value, name).filter(|bound| attribute(*bound, "value").is_some());
        let (low, high) = (bound("low"), bound("high"));
        let decimal = |bound: Option<Node<'_, '_>>| bound.and_then(|bound| attribute(bound, "value")?.parse::<Decimal>().ok());
        (out.low, out.high) = (decimal(low), decimal(high));
        let is_open = [low, high].into_iter().flatten().any(|bound| attribute(bound, "inclusive") == Some("false"));
        let is_lost = (low.is_some() && out.low.is_none()) || (high.is_some() && out.high.is_none());
        if out.text.is_none() && (is_open || is_lost || (low.is_none() && high.is_none())) {
            out.text = range_words(value, low, high);
        }
    }
    Some(out).filter(|range| *range != ReferenceRange::default())
}

fn range_words(value: Node<'_, '_>, low: Option<Node<'_, '_>>, high: Option<Node<'_, '_>>) -> Option<String> {
    let sign = |bound: Node<'_, '_>, open: &str, closed: &str| {
        let sign = if attribute(bound, "inclusive") == Some("false") { open } else { closed };
        Some(format!("{sign}{}", attribute(bound, "value")?))
    };
    let bounds: Vec<String> =
        [low.and_then(|low| sign(low, ">", ">=")), high.and_then(|high| sign(high, "<", "<="))].into_iter().flatten().collect();
    if !bounds.is_empty() {
        return Some(bounds.join(" "));
    }
    let number = attribute(value, "value").filter(|value| parse_number(value).is_some());
    match said(number.map(str::to_owned).or_else(|| all_words(value))) {
        Value::Text(words) => Some(words),
        _ => None,
    }
}

/// The name of the person in an `author` or a `performer`.
fn person(node: Node<'_, '_>) -> Option<String> {
    let role = child(node, "assignedAuthor").or_else(|| child(node, "assignedEntity"))?;
    let mut names = child(role, "assignedPerson").into_iter().flat_map(|person| children(person, "name"));
    names.find_map(words)
}

/// A coding of the item table, for readers of other layouts of the same items.
pub(super) fn item_coding(system: Option<&str>, code: &str, display: Option<&str>) -> Coding {
    Coding { system: Some(system.unwrap_or(oid::ITEM).to_owned()), code: code.to_owned(), display: display.map(str::to_owned) }
}
