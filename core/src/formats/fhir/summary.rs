//! Writes an International Patient Summary (IPS 2.0.0): a document with the sections a doctor abroad looks for, its own
//! words for each, and the Japanese codes beside the ones that are known everywhere.
//!
//! Carries what has a section. What has none, and what contradicts itself, is named and left to the other formats.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};

use super::{
    build::{Object, coded, extension, named, owned, reference, unknown, unknown_beside, word},
    facts, own,
    summary_words::{narrative, row},
    vital_sign::{LOINC, VITAL_SIGNS},
    write::{Names, entry, patient_resource},
};
use crate::{
    base::{Fingerprint, PartialDate},
    formats::{NotCarried, json::Node},
    record::{Body, Coding, Event, Fact, Observation, Person, Standing, Unit, Value, When},
    terms::{Kind, Quantity, quantity_of, same_unit},
};

/// The table of categories that everybody knows.
pub(super) const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const EMPTY: &str = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
/// Statuses of a result that the summary knows.
const RESULT: [&str; 4] = ["preliminary", "final", "amended", "corrected"];

/// The sections, in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Problems,
    Allergies,
    Medications,
    Immunizations,
    Results,
    VitalSigns,
    Procedures,
    PastProblems,
    Pregnancy,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Problems,
        Self::Allergies,
        Self::Medications,
        Self::Immunizations,
        Self::Results,
        Self::VitalSigns,
        Self::Procedures,
        Self::PastProblems,
        Self::Pregnancy,
    ];

    /// LOINC code and title.
    const fn heading(self) -> (&'static str, &'static str) {
        match self {
            Self::Problems => ("11450-4", "傷病名 (Problems)"),
            Self::Allergies => ("48765-2", "アレルギー・副作用 (Allergies and intolerances)"),
            Self::Medications => ("10160-0", "薬 (Medications)"),
            Self::Immunizations => ("11369-6", "予防接種 (Immunizations)"),
            Self::Results => ("30954-2", "検査・健診の結果 (Results)"),
            Self::VitalSigns => ("8716-3", "身体計測・バイタルサイン (Vital signs)"),
            Self::Procedures => ("47519-4", "手術・処置 (Procedures)"),
            Self::PastProblems => ("11348-0", "既往歴 (Past problems)"),
            Self::Pregnancy => ("10162-6", "妊娠 (Pregnancy)"),
        }
    }

    /// Whether a summary has the section even when nothing is known.
    const fn is_required(self) -> bool {
        matches!(self, Self::Problems | Self::Allergies | Self::Medications)
    }
}

/// What a section holds so far.
#[derive(Default)]
struct Content {
    rows: String,
    entries: Vec<String>,
}

/// Writes the summary of one person. The entries go to the writer one by one; what comes before them names all of them and
/// is therefore made last, by [`Self::finish`].
pub struct SummaryWriter<'o, W: Write> {
    entries: &'o mut W,
    names: Names,
    patient: String,
    contents: [Content; Section::ALL.len()],
}

impl<'o, W: Write> SummaryWriter<'o, W> {
    /// What stands behind the entries.
    pub const END: &'static str = "\n]}\n";

    /// Begins a summary of this person.
    pub fn begin(person: &Person, entries: &'o mut W) -> Self {
        let names = Names::of(person);
        let patient = entry(&names.patient, &patient_resource(person));
        Self { entries, names, patient, contents: Default::default() }
    }

    /// Writes the facts of an event that a document states; gives the positions of those that are not in the summary, and why.
    pub fn write(&mut self, event: &Event, document: Fingerprint) -> io::Result<Vec<(usize, NotCarried)>> {
        self.names.of_document(document);
        let (_, ids) = self.names.claim_event(event)?;
        let patient = self.names.patient.clone();
        let mut left_out = Vec::new();
        for (position, (fact, id)) in event.facts.iter().zip(ids).enumerate() {
            let section = match section_of(event, fact) {
                Ok(section) => section,
                Err(reason) => {
                    left_out.push((position, reason));
                    continue;
                }
            };
            let vital = if section == Section::VitalSigns { as_vital_sign(event, fact) } else { None };
            let shown = vital.as_ref().unwrap_or(fact);
            let resource = complete(facts::resource(shown, event.day, &patient, None), section, event, fact);
            self.entries.write_all(b",\n")?;
            self.entries.write_all(entry(&id, &resource).as_bytes())?;
            if let Some(content) = self.contents.get_mut(section as usize) {
                content.rows.push_str(&row(fact, moment_of(event, fact).as_ref()));
                content.entries.push(id);
            }
        }
        Ok(left_out)
    }

    /// Ends the entries and gives what stands before them: the bundle's head, the cover with its sections, and the person.
    /// [`Self::END`] ends the file.
    pub fn finish(self, now: DateTime<Utc>) -> io::Result<String> {
        self.entries.flush()?;
        let written = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let cover = self.names.derive(&[b"ips-cover", written.as_bytes()]);
        let bundle = self.names.derive(&[b"ips-bundle", written.as_bytes()]);
        let kind = Object::new().list("coding", [coding_of(LOINC, "60591-5")]).done();
        let sections =
            Section::ALL.into_iter().zip(&self.contents).filter(|(section, content)| section.is_required() || !content.entries.is_empty());
        let composition = Object::resource("Composition")
            .with("language", word("ja"))
            .with("status", word("final"))
            .with("type", kind)
            .with("subject", reference(&self.names.patient))
            .with("date", owned(written.clone()))
            .list("author", [Object::new().with("display", word("Techo")).done()])
            .with("title", word("患者サマリー (Patient summary)"))
            .list("section", sections.map(|(section, content)| section_node(section, content)))
            .done();
        let identifier = Object::new().with("system", word("urn:ietf:rfc:3986")).with("value", owned(bundle)).done();
        let mut head = String::from("{\"resourceType\":\"Bundle\",\"language\":\"ja\",\"identifier\":");
        identifier.write_json(&mut head);
        head.push_str(",\"type\":\"document\",\"timestamp\":\"");
        head.push_str(&written);
        head.push_str("\",\"entry\":[\n");
        head.push_str(&entry(&cover, &composition));
        head.push_str(",\n");
        head.push_str(&self.patient);
        Ok(head)
    }
}

fn section_node(section: Section, content: &Content) -> Node<'_> {
    let (code, title) = section.heading();
    let words = Object::new().with("status", word("generated")).with("div", owned(narrative(&content.rows))).done();
    let object = Object::new()
        .with("title", word(title))
        .with("code", Object::new().list("coding", [coding_of(LOINC, code)]).done())
        .with("text", words)
        .list("entry", content.entries.iter().map(|id| reference(id)));
    if content.entries.is_empty() {
        let reason = Object::new().list("coding", [coding_of(EMPTY, "unavailable")]).with("text", word("No information available")).done();
        object.with("emptyReason", reason).done()
    } else {
        object.done()
    }
}

fn coding_of(system: &'static str, code: &'static str) -> Node<'static> {
    Object::new().with("system", word(system)).with("code", word(code)).done()
}

/// The section a fact belongs in, or why it has none.
fn section_of(event: &Event, fact: &Fact) -> Result<Section, NotCarried> {
    if matches!(fact.standing, Standing::Quarantined(_)) {
        return Err(NotCarried::Doubtful);
    }
    match &fact.body {
        Body::Observation(_) if event.kind == Kind::Pregnancy || fact.kind == Kind::Pregnancy => Ok(Section::Pregnancy),
        Body::Observation(_) if as_vital_sign(event, fact).is_some() => Ok(Section::VitalSigns),
        Body::Observation(_) => Ok(Section::Results),
        Body::Vaccination(_) => Ok(Section::Immunizations),
        // "Do not take this" reads as its opposite to whoever overlooks one member; the summary does not allow it.
        Body::Medication(medicine) if medicine.status.as_deref() == Some("do-not-perform") => Err(NotCarried::NoPlace),
        Body::Medication(_) => Ok(Section::Medications),
        Body::Condition(condition) => {
            let status = condition.clinical_status.iter().flat_map(|status| &status.codings);
            let is_past = status.clone().any(|coding| matches!(coding.code.as_str(), "inactive" | "remission" | "resolved"));
            Ok(if is_past || condition.abated.is_some() { Section::PastProblems } else { Section::Problems })
        }
        Body::Allergy(_) => Ok(Section::Allergies),
        Body::Procedure(_) => Ok(Section::Procedures),
        _ => Err(NotCarried::NoPlace),
    }
}

/// When it was: the fact's own moment, else the event's day.
fn moment_of(event: &Event, fact: &Fact) -> Option<When> {
    fact.when.clone().or_else(|| event.day.map(|day| When { day, time: None, until: None }))
}

/// The fact with the code and unit of a vital sign in front of its own, where it is one.
fn as_vital_sign(event: &Event, fact: &Fact) -> Option<Fact> {
    let Body::Observation(observation) = &fact.body else { return None };
    let is_day = matches!(moment_of(event, fact)?.day, PartialDate::Day(_));
    let Value::Number { .. } = &observation.value else { return None };
    let quantity = fact.concept.codings.iter().find_map(|coding| quantity_of(coding.system.as_deref(), &coding.code))?;
    let (_, code, ucum) = VITAL_SIGNS.iter().find(|(id, ..)| *id == quantity.id)?;
    if !is_day || !is_in_its_unit(observation, quantity, ucum) {
        return None;
    }
    let mut fact = fact.clone();
    fact.concept.codings.retain(|coding| !(coding.system.as_deref() == Some(LOINC) && coding.code == *code));
    fact.concept.codings.insert(0, Coding::new(LOINC, *code));
    if let Body::Observation(observation) = &mut fact.body
        && let Some(unit) = &mut observation.unit
    {
        *unit = Unit { shown: unit.shown.clone(), ucum: Some((*ucum).to_owned()) };
    }
    Some(fact)
}

fn is_in_its_unit(observation: &Observation, quantity: &Quantity, ucum: &str) -> bool {
    let Some(unit) = &observation.unit else { return false };
    let said = unit.ucum.as_deref().unwrap_or(&unit.shown);
    same_unit(said, ucum) || quantity.ucum.is_some_and(|own| same_unit(said, own) || same_unit(&unit.shown, own))
}

/// Whether a result is of a laboratory: by its kind, or by its code (JLAC10 counts laboratory work from 1 to 8).
fn is_laboratory(event: &Event, fact: &Fact) -> bool {
    let by_code = || {
        fact.concept.codings.iter().any(|coding| {
            crate::terms::item(coding.system.as_deref(), &coding.code)
                .is_some_and(|item| matches!(item.code.as_bytes().first(), Some(b'1'..=b'8')))
        })
    };
    event.kind == Kind::Laboratory || fact.kind == Kind::Laboratory || by_code()
}

/// Adds what the summary's profiles ask for and R4 does not. What is not known is said to be so.
fn complete<'a>(resource: Node<'a>, section: Section, event: &'a Event, fact: &Fact) -> Node<'a> {
    let Node::Object(mut members) = resource else { return resource };
    let has =
        |members: &Vec<(std::borrow::Cow<'a, str>, Node<'a>)>, names: &[&str]| members.iter().any(|(name, _)| names.contains(&&**name));
    let mut add = |name: &'static str, node: Node<'a>| members.push((name.into(), node));
    let kind = match &fact.body {
        Body::Observation(_) => "Observation",
        Body::Medication(_) => "Medication",
        Body::Procedure(_) => "Procedure",
        _ => return Node::Object(members),
    };
    if kind == "Observation" {
        let category = match section {
            Section::VitalSigns => Some("vital-signs"),
            Section::Results if is_laboratory(event, fact) && is_settled(fact) => Some("laboratory"),
            Section::Results if fact.kind == Kind::Measurement => Some("exam"),
            _ => None,
        };
        if let Some(category) = category {
            add("category", Node::List(vec![coded(CATEGORY, category)]));
        }
        if !has(&members, &["performer"]) {
            let place = event.place.as_deref().and_then(named);
            members.push(("performer".into(), Node::List(vec![place.unwrap_or_else(|| unknown_beside(Object::new()))])));
        }
        if !has(&members, &["effectiveDateTime", "effectivePeriod"]) {
            members.push(("_effectiveDateTime".into(), unknown()));
        }
        return Node::Object(members);
    }
    let is_statement = members.iter().any(|(name, node)| name == "resourceType" && node.as_text() == Some("MedicationStatement"));
    if is_statement && !has(&members, &["effectiveDateTime", "effectivePeriod"]) {
        members.push(("_effectiveDateTime".into(), unknown()));
    }
    if kind == "Procedure" && !has(&members, &["performedDateTime", "performedPeriod"]) {
        members.push(("_performedDateTime".into(), unknown()));
    }
    if let Some(place) = event.place.as_deref().and_then(|place| extension(own::PLACE, place)) {
        match members.iter_mut().find(|(name, _)| name == "extension") {
            Some((_, Node::List(extensions))) => extensions.push(place),
            _ => members.push(("extension".into(), Node::List(vec![place]))),
        }
    }
    Node::Object(members)
}

/// Whether a result has one of the statuses that the summary knows.
fn is_settled(fact: &Fact) -> bool {
    match &fact.body {
        Body::Observation(observation) => observation.status.as_deref().is_none_or(|status| RESULT.contains(&status)),
        _ => false,
    }
}
