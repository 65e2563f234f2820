//! Reads a 特定健診 document: the head, then every entry of every section in one pass.

use roxmltree::Node;

use super::{
    PARSER,
    header::{Header, Identifiers},
    narrative::narrative,
    observation::{Around, Gathering},
    online,
};
use crate::{
    formats::{
        Fault, FormatError, FormatId, Reading, Unread,
        xml::{self, child},
    },
    record::{Body, Concept, Event, Fact, Standing},
    terms::{ItemFamily, Kind, item},
};

/// Reads the bytes of one document.
pub fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    let text = xml::text(bytes)?;
    let document = xml::parse(&text)?;
    xml::refuse_my_number(&document)?;
    let root = document.root_element();
    match root.tag_name().name() {
        "ClinicalDocument" => read_document(root),
        _ if online::is_layout(root) => online::read(root),
        _ => Err(FormatError::NotRead(Unread::OtherXml)),
    }
}

fn read_document(root: Node<'_, '_>) -> Result<Reading, FormatError> {
    let header = Header::read(root)?;
    let identifiers = Identifiers::of(root);
    let mut gathering = Gathering { facts: Vec::new(), refused: Vec::new(), day: header.day, identifiers: &identifiers };
    let body = child(root, "component")
        .and_then(|component| child(component, "structuredBody").or_else(|| child(component, "nonXMLBody")))
        .ok_or_else(|| FormatError::Malformed { place: "component/structuredBody".to_owned(), fault: Fault::Missing })?;
    sections(&mut gathering, body, "")?;
    if let Some(text) = child(body, "text")
        && let Some(fact) = narrative(body, text, "component/nonXMLBody/text", &[], &identifiers)
    {
        gathering.keep(fact)?;
    }
    for (place, fault, words) in header.unread {
        gathering.refuse(place.to_owned(), fault);
        gathering.keep(unread_fact(place, words))?;
    }
    let Gathering { facts, refused, .. } = gathering;
    let kind = if header.says_kind { header.kind } else { kind_of_items(&facts).unwrap_or(header.kind) };
    let is_bare = !header.says_kind && kind == Kind::CancerScreening && header.title == "健康診査";
    let mut title = if is_bare { kind.japanese().to_owned() } else { header.title };
    if let Some(stage) = header.stage.filter(|_| kind == Kind::CancerScreening) {
        if title == stage {
            kind.japanese().clone_into(&mut title);
        }
        title = format!("{title}（{stage}）");
    }
    let event = Event { kind, day: header.day, title, place: header.facility.clone(), signature: None, facts };
    Ok(Reading {
        format: FormatId::Tokutei,
        parser: PARSER,
        subject: header.subject,
        source: header.author.or(header.facility),
        events: vec![event],
        refused,
    })
}

/// Reads the sections of a body, or of a section.
fn sections(gathering: &mut Gathering<'_>, holder: Node<'_, '_>, at: &str) -> Result<(), FormatError> {
    let components = holder.children().filter(|node| node.tag_name().name() == "component");
    for (index, component) in components.enumerate() {
        let at = format!("{at}component[{}]", index + 1);
        for section in component.children().filter(Node::is_element) {
            let at = format!("{at}/{}", section.tag_name().name());
            let first = gathering.facts.len();
            let entries = section.children().filter(|node| node.tag_name().name() == "entry");
            for (index, entry) in entries.enumerate() {
                gathering.statement(entry, &format!("{at}/entry[{}]", index + 1), Around::default())?;
            }
            sections(gathering, section, &format!("{at}/"))?;
            if let Some(text) = child(section, "text") {
                let said = gathering.facts.get(first..).unwrap_or_default();
                if let Some(fact) = narrative(section, text, &format!("{at}/text"), said, gathering.identifiers) {
                    gathering.facts.insert(first, fact);
                }
            }
        }
    }
    Ok(())
}

/// What the items say of a report whose head does not say what it is: a screening, where more of them are a town's than a
/// 特定健診's.
fn kind_of_items(facts: &[Fact]) -> Option<Kind> {
    let mut towns = 0_usize;
    let mut others = 0_usize;
    for coding in facts.iter().filter_map(|fact| fact.concept.leading()) {
        match item(coding.system.as_deref(), &coding.code).map(|item| item.family) {
            Some(ItemFamily::Municipal) => towns += 1,
            Some(ItemFamily::Tokutei) => others += 1,
            None => {}
        }
    }
    (towns > others).then_some(Kind::CancerScreening)
}

/// What stood in the head where a date should be.
fn unread_fact(place: &str, words: String) -> Fact {
    let title = if place.ends_with("birthTime") { "生年月日" } else { "健診実施年月日" };
    Fact {
        kind: Kind::Other,
        title: title.to_owned(),
        concept: Concept::default(),
        when: None,
        body: Body::Raw(words),
        at: place.to_owned(),
        said_by: None,
        standing: Standing::NotUnderstood,
    }
}
