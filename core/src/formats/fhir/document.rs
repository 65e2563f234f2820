//! What is said in words: the conclusion of a DiagnosticReport, the sections of a Composition, the documents of a
//! DocumentReference with their attachments. The bytes of an attachment stay in the original.

use base64::Engine as _;

use super::{
    context::{Context, fact, speakers},
    datatypes::{choice_of_dates, concept, concept_of, moment_of, period_of, plain_text, status_beyond},
    gather::Draft,
    grouping::Scope,
    insurance::without_insurance_lines,
    own,
    read::{Reader, Refused, dated, fault},
};
use crate::{
    base::Fingerprint,
    formats::{Fault, json::Node},
    record::{Attachment, Body, Concept, Narrative, When},
    terms::Kind,
};

/// A report with words or attachments of its own, or one that holds no results, is a fact; one that only holds results
/// is the name of their event.
pub(super) fn read_report(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let what = concept_of(node, "code").ok_or_else(|| fault("code", Fault::Missing))?;
    let when = choice_of_dates(node, "effective").map_err(|(path, reason)| fault(path, reason))?;
    let mut words: Vec<String> = node.text("conclusion").map(|text| without_insurance_lines(text).into_owned()).into_iter().collect();
    words.extend(node.list("conclusionCode").iter().filter_map(|code| concept(code).label().map(str::to_owned)));
    let attachments: Vec<Attachment> = node.list("presentedForm").iter().map(attachment).collect();
    let holds_results = node.list("result").iter().any(|result| reader.library.resolve(index, Some(result)).is_some());
    if holds_results && words.is_empty() && attachments.is_empty() {
        return Ok(());
    }
    let body =
        Narrative { text: words.join("\n"), attachments, status: status_beyond(node, &["final", "amended", "corrected", "appended"]) };
    let who = node.list("resultsInterpreter").iter().chain(node.list("performer"));
    let said_by = speakers(reader.library, index, who, context.place.as_deref());
    let mut report = fact(Kind::Document, what, when.clone(), Body::Narrative(body), resource.place.clone());
    report.said_by = said_by;
    let mut draft = context.draft(Kind::Laboratory, when.as_ref(), report);
    let own_scope = Scope::Report(index);
    if draft.scope == Scope::None && holds_results {
        draft.scope = own_scope;
        draft.follows = true;
    }
    reader.drafts.push(draft);
    Ok(())
}

/// The narrative of each section. What is said to be generated from entries that are read anyway adds nothing.
pub(super) fn read_composition(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let mut when = None;
    for event in node.list("event") {
        when = when.or(period_of(event, "period").map_err(|reason| fault("event.period", reason))?);
    }
    let when = when.or(dated(node, "date")?.map(|when| When { time: None, ..when }));
    let mut sections = Vec::new();
    for (position, section) in node.list("section").iter().enumerate() {
        add_section(reader, index, section, &format!("{}.section[{position}]", resource.place), &mut sections);
    }
    if sections.is_empty() && reader.library.resources.len() == 1 {
        // A cover page alone still is a document.
        sections.push((node.text("title").map(Concept::text).unwrap_or_default(), String::new(), resource.place.clone()));
    }
    let status = status_beyond(node, &["final", "amended"]);
    for (what, text, at) in sections {
        let body = Narrative { text, attachments: Vec::new(), status: status.clone() };
        let mut section = fact(Kind::Document, what, when.clone(), Body::Narrative(body), at);
        section.said_by = speakers(reader.library, index, node.list("author").iter(), context.place.as_deref());
        let mut draft: Draft = context.draft(Kind::Document, when.as_ref(), section);
        draft.follows = draft.scope != Scope::None;
        reader.drafts.push(draft);
    }
    Ok(())
}

fn add_section(reader: &Reader<'_>, index: usize, section: &Node<'_>, at: &str, found: &mut Vec<(Concept, String, String)>) {
    let mut words: Vec<String> = Vec::new();
    let is_generated = section.at(&["text", "status"]).and_then(Node::as_text) == Some("generated");
    let has_entries = section.list("entry").iter().any(|entry| {
        let target = reader.library.resolve(index, Some(entry)).and_then(|target| reader.library.get(target));
        target.is_some_and(|target| !matches!(target.kind, "DocumentReference" | "Coverage" | "Binary"))
    });
    if !(is_generated && has_entries) {
        words.extend(section.at(&["text", "div"]).and_then(Node::as_text).map(plain_text).filter(|text| !text.is_empty()));
    }
    words.extend(section.get("emptyReason").map(concept).and_then(|reason| reason.label().map(str::to_owned)));
    if !words.is_empty() {
        let mut what = concept_of(section, "code").unwrap_or_default();
        what.text = section.text("title").map(str::to_owned).or(what.text);
        found.push((what, words.join("\n"), at.to_owned()));
    }
    for (position, inner) in section.list("section").iter().enumerate() {
        add_section(reader, index, inner, &format!("{at}.section[{position}]"), found);
    }
}

pub(super) fn read_reference(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let about = node.get("context");
    let period = about.map_or(Ok(None), |about| period_of(about, "period")).map_err(|reason| fault("context.period", reason))?;
    let written = moment_of(node, "date").map_err(|reason| fault("date", reason))?;
    // In a report the document belongs to the day of the report.
    let when = period.or_else(|| written.filter(|_| context.day.is_none()));
    let contents = node.list("content");
    if contents.is_empty() {
        return Err(fault("content", Fault::Missing));
    }
    let mut texts: Vec<String> = Vec::new();
    let mut attachments = Vec::new();
    let mut is_note = false;
    for content in contents {
        let Some(attached) = content.get("attachment") else { continue };
        let format =
            content.get("format").filter(|format| format.text("system") == Some(own::FORMAT)).and_then(|format| format.text("code"));
        is_note |= format == Some(own::NOTE);
        texts.extend(inline_text(attached));
        if format.is_none() {
            attachments.push(attachment(attached));
        }
    }
    let text = without_insurance_lines(&texts.join("\n")).into_owned();
    let title = node
        .text("description")
        .or_else(|| contents.iter().find_map(|content| content.at(&["attachment", "title"])?.as_text()))
        .map(str::to_owned);
    let what = concept_of(node, "type").unwrap_or_default();
    let body = if is_note {
        Body::Note(text)
    } else {
        Body::Narrative(Narrative { text, attachments, status: status_beyond(node, &["current"]) })
    };
    let kind = if is_note { Kind::Note } else { Kind::Document };
    let mut document = fact(kind, what, when.clone(), body, resource.place.clone());
    if let Some(title) = title {
        document.title = title;
    }
    document.said_by = speakers(reader.library, index, node.list("author").iter(), context.place.as_deref());
    let mut draft = context.draft(kind, when.as_ref(), document);
    draft.alone = draft.scope == Scope::None;
    reader.drafts.push(draft);
    Ok(())
}

/// An attachment: what it is, its size and fingerprint where its bytes are inside.
pub(super) fn attachment(node: &Node<'_>) -> Attachment {
    let bytes = inline_bytes(node);
    let known = node.extension(own::SHA256).and_then(|extension| extension.text("valueString")).and_then(|digits| digits.parse().ok());
    let size = node.get("size").and_then(Node::as_number).and_then(|digits| digits.parse().ok()).filter(|_| known.is_some());
    Attachment {
        content_type: node.text("contentType").map(str::to_owned),
        title: node.text("title").map(str::to_owned),
        url: node.text("url").map(str::to_owned),
        bytes: bytes.as_deref().map(|bytes| bytes.len() as u64).or(size),
        fingerprint: bytes.as_deref().map(Fingerprint::of).or(known),
    }
}

fn inline_bytes(node: &Node<'_>) -> Option<Vec<u8>> {
    let mut text = node.text("data")?.to_owned();
    text.retain(|c| !c.is_ascii_whitespace());
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// The words of a plain text attachment whose bytes are inside.
fn inline_text(node: &Node<'_>) -> Option<String> {
    node.text("contentType").filter(|kind| kind.starts_with("text/plain"))?;
    String::from_utf8(inline_bytes(node)?).ok()
}
