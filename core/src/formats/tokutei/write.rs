//! Writes an event as a V08 document that the schema hc08 accepts. It carries no identifier of an insurer, because no
//! record has one, and is therefore not a report to be handed in: it is the same facts in the same form.

use super::{
    header::kind_of,
    markup::Markup,
    oid,
    time::write_time,
    write_observation::{code_element, is_carried, observation},
};
use crate::{
    record::{Body, Event, Fact, Narrative, Sex, Subject},
    terms::{ItemFamily, Kind, item, program},
};

const PROGRAMS: [&str; 8] = ["010", "020", "030", "040", "060", "070", "080", "090"];
/// 検査・問診結果
const RESULTS: &str = "01010";
/// 任意追加項目
const ADDITIONS: &str = "01990";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The document, in UTF-8.
    pub bytes: Vec<u8>,
    /// Positions in the event's facts of those the format cannot carry.
    pub left_out: Vec<usize>,
}

/// Writes one event about one person; `author` is who made the document.
///
/// The format has one name, in kana by its specification: the first kana name is written, else the first.
pub fn write(subject: &Subject, event: &Event, author: Option<&str>) -> Written {
    let mut markup = Markup::new();
    let namespaces = [("xmlns", Some("urn:hl7-org:v3")), ("xmlns:xsi", Some("http://www.w3.org/2001/XMLSchema-instance"))];
    markup.open("ClinicalDocument", &namespaces);
    head(&mut markup, subject, event, author);
    markup.open("component", &[]);
    markup.open("structuredBody", &[]);
    let left_out = sections(&mut markup, &event.facts);
    Written { bytes: markup.finish(), left_out }
}

/// Whether the form has an item for the fact: one of the 322 of 特定健診 or the 166 of 自治体検診, by any of its codes.
pub fn has_item(fact: &Fact) -> bool {
    matches!(fact.body, Body::Observation(_))
        && fact.concept.codings.iter().any(|coding| item(coding.system.as_deref(), &coding.code).is_some())
}

fn head(markup: &mut Markup, subject: &Subject, event: &Event, author: Option<&str>) {
    let day = event.day.map(|day| write_time(&day, None));
    let (report, program_code) = codes(event);
    let missing = [("nullFlavor", Some("NI"))];
    markup.leaf("typeId", &[("root", Some("2.16.840.1.113883.1.3")), ("extension", Some("POCD_HD000040"))]);
    markup.leaf("id", &missing);
    markup.leaf("code", &[("code", Some(report)), ("codeSystem", Some(oid::REPORT))]);
    time(markup, "effectiveTime", day.as_deref());
    markup.leaf("confidentialityCode", &[("code", Some("N"))]);
    patient(markup, subject);

    markup.open("author", &[]);
    time(markup, "time", day.as_deref());
    markup.open("assignedAuthor", &[]);
    markup.leaf("id", &missing);
    organization(markup, author);
    markup.close();
    markup.close();

    markup.open("custodian", &[]);
    markup.open("assignedCustodian", &[]);
    markup.open("representedCustodianOrganization", &[]);
    markup.leaf("id", &missing);
    markup.close();
    markup.close();
    markup.close();

    markup.open("documentationOf", &[("typeCode", Some("DOC"))]);
    markup.open("serviceEvent", &[]);
    let title = Some(event.title.as_str()).filter(|title| !title.is_empty());
    markup.leaf("code", &[("code", Some(program_code)), ("codeSystem", Some(oid::PROGRAM)), ("displayName", title)]);
    time(markup, "effectiveTime", day.as_deref());
    if event.place.is_some() {
        markup.open("performer", &[("typeCode", Some("PRF"))]);
        markup.open("assignedEntity", &[]);
        markup.leaf("id", &missing);
        organization(markup, event.place.as_deref());
        markup.close();
        markup.close();
    }
    markup.close();
    markup.close();
}

fn patient(markup: &mut Markup, subject: &Subject) {
    let is_kana = |name: &&String| name.chars().all(|c| matches!(c, 'ァ'..='ヿ' | 'ｦ'..='ﾟ' | ' ' | '\u{3000}'));
    let name = subject.names.iter().find(is_kana).or_else(|| subject.names.first());
    markup.open("recordTarget", &[]);
    markup.open("patientRole", &[]);
    markup.leaf("id", &[("nullFlavor", Some("NI"))]);
    markup.open("patient", &[]);
    if let Some(name) = name {
        markup.text("name", &[], name);
    }
    if let Some(sex) = subject.sex {
        let code = match sex {
            Sex::Male => "1",
            Sex::Female => "2",
        };
        markup.leaf("administrativeGenderCode", &[("code", Some(code)), ("codeSystem", Some(oid::SEX))]);
    }
    if let Some(born) = subject.born {
        time(markup, "birthTime", Some(&write_time(&born, None)));
    }
    markup.close();
    markup.close();
    markup.close();
}

fn organization(markup: &mut Markup, name: Option<&str>) {
    if let Some(name) = name {
        markup.open("representedOrganization", &[]);
        markup.text("name", &[], name);
        markup.close();
    }
}

fn time(markup: &mut Markup, name: &'static str, value: Option<&str>) {
    let missing = if value.is_none() { Some("NI") } else { None };
    markup.leaf(name, &[("nullFlavor", missing), ("value", value)]);
}

/// Report kind and program that are read back as the event's kind and title.
fn codes(event: &Event) -> (&'static str, &'static str) {
    let report = match event.kind {
        Kind::CancerScreening => "42",
        Kind::InfantCheckup => "43",
        Kind::Pregnancy => "44",
        Kind::Checkup => "10",
        _ => "40",
    };
    let by_title = PROGRAMS.into_iter().find(|code| program(code) == Some(event.title.as_str()));
    let fitting = by_title.filter(|code| kind_of(Some(report), Some(code)) == event.kind);
    // A school checkup is known by its program alone; for the others the title may stand beside "other".
    let code = fitting.unwrap_or(if event.kind == Kind::SchoolCheckup { "040" } else { "990" });
    (report, code)
}

/// Which section a fact belongs in.
fn section_of(fact: &Fact) -> &'static str {
    let known = fact.concept.codings.iter().find_map(|coding| item(coding.system.as_deref(), &coding.code));
    if known.is_some_and(|item| item.family == ItemFamily::Tokutei) { RESULTS } else { ADDITIONS }
}

/// Writes facts in their order; gives the positions of those left out.
fn sections(markup: &mut Markup, facts: &[Fact]) -> Vec<usize> {
    let mut left_out = Vec::new();
    // The section that is open: none, one of any kind (begun by words), or one of a code.
    let mut section: Option<Option<&'static str>> = None;
    let mut group: Option<&str> = None;
    for (position, fact) in facts.iter().enumerate() {
        match &fact.body {
            Body::Narrative(words) if words.attachments.is_empty() && !words.text.trim().is_empty() => {
                end_group(markup, &mut group);
                if section.is_some() {
                    end_section(markup);
                }
                narrative(markup, fact, words);
                section = Some(None);
            }
            Body::Observation(found) if is_carried(fact) => {
                let wanted = section_of(fact);
                if section.is_none_or(|open| open.is_some_and(|open| open != wanted)) {
                    end_group(markup, &mut group);
                    if section.is_some() {
                        end_section(markup);
                    }
                    begin_section(markup, wanted);
                }
                section = Some(Some(wanted));
                let wanted = found.group.as_deref();
                if group.is_some() && group != wanted {
                    end_group(markup, &mut group);
                }
                if let Some(wanted) = wanted {
                    if group.is_none() {
                        begin_group(markup);
                        group = Some(wanted);
                    }
                    let known = fact.concept.leading().and_then(|coding| item(coding.system.as_deref(), &coding.code));
                    let is_reason = known.and_then(|item| item.relation).is_some_and(|relation| relation.starts_with("RSON"));
                    markup.open("entryRelationship", &[("typeCode", Some(if is_reason { "RSON" } else { "COMP" }))]);
                } else {
                    markup.open("entry", &[]);
                }
                observation(markup, fact, found);
                markup.close();
            }
            _ => left_out.push(position),
        }
    }
    end_group(markup, &mut group);
    if section.is_none() {
        begin_section(markup, RESULTS);
    }
    end_section(markup);
    left_out
}

fn begin_section(markup: &mut Markup, code: &'static str) {
    let title = if code == RESULTS { "検査・問診結果セクション" } else { "任意追加項目セクション" };
    markup.open("component", &[]);
    markup.open("section", &[]);
    markup.leaf("code", &[("code", Some(code)), ("codeSystem", Some(oid::SECTION)), ("displayName", Some(title))]);
    markup.text("title", &[], title);
}

fn end_section(markup: &mut Markup) {
    markup.close();
    markup.close();
}

/// A section that begins with words; the entries behind it may follow in it.
fn narrative(markup: &mut Markup, fact: &Fact, words: &Narrative) {
    markup.open("component", &[]);
    markup.open("section", &[]);
    if !fact.concept.is_empty() {
        code_element(markup, "code", &fact.concept, None);
    }
    markup.text("title", &[], &fact.title);
    markup.open("text", &[]);
    for line in words.text.lines().filter(|line| !line.trim().is_empty()) {
        markup.text("paragraph", &[], line);
    }
    markup.close();
}

fn begin_group(markup: &mut Markup) {
    markup.open("entry", &[]);
    markup.open("observation", &[("classCode", Some("OBS")), ("moodCode", Some("EVN"))]);
    markup.leaf("code", &[("nullFlavor", Some("NA"))]);
}

fn end_group(markup: &mut Markup, group: &mut Option<&str>) {
    if group.take().is_some() {
        markup.close();
        markup.close();
    }
}
