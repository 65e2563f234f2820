//! Conditions, allergies, procedures, documents, notes and what was kept as it came, as resources. R4 binds their statuses
//! to tables and ties them by rules; what the rules do not allow goes into extensions of ours.

use base64::Engine as _;

use super::{
    build::{
        Object, coded, concept, date, date_time, extension, moment, named, notes, owned, period, reference, text, unknown_beside, word,
    },
    facts::{Place, date_or_words, status, what},
    own,
    write::marks,
};
use crate::{
    formats::json::Node,
    record::{Allergy, Attachment, Concept, Condition, Fact, Narrative, Procedure, Reason, Standing},
};

/// A table a status is bound to.
struct Table {
    system: &'static str,
    codes: &'static [&'static str],
}

const CONDITION_CLINICAL: Table = Table {
    system: "http://terminology.hl7.org/CodeSystem/condition-clinical",
    codes: &["active", "recurrence", "relapse", "inactive", "remission", "resolved"],
};
const CONDITION_VERIFICATION: Table = Table {
    system: "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    codes: &["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"],
};
const ALLERGY_CLINICAL: Table =
    Table { system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", codes: &["active", "inactive", "resolved"] };
const ALLERGY_VERIFICATION: Table = Table {
    system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
    codes: &["unconfirmed", "confirmed", "refuted", "entered-in-error"],
};
const MISTAKE: &str = "entered-in-error";

impl Table {
    /// The code of the table that a concept carries.
    fn code_of<'c>(&self, said: &'c Concept) -> Option<&'c str> {
        said.codings
            .iter()
            .find(|coding| coding.system.as_deref() == Some(self.system) && self.codes.contains(&coding.code.as_str()))
            .map(|coding| coding.code.as_str())
    }
}

/// A status as its member, or as an extension where the table does not know it.
fn bound<'a>(table: &Table, url: &'static str, said: Option<&'a Concept>) -> (Option<Node<'a>>, Option<Node<'a>>) {
    let Some(said) = said else { return (None, None) };
    if table.code_of(said).is_some() { (concept(said), None) } else { (None, kept_concept(url, said)) }
}

pub(super) fn kept_concept<'a>(url: &'static str, said: &'a Concept) -> Option<Node<'a>> {
    concept(said).map(|said| Object::new().with("url", word(url)).with("valueCodeableConcept", said).done())
}

fn is_withdrawn(fact: &Fact) -> bool {
    fact.standing == Standing::Quarantined(Reason::Withdrawn)
}

pub(super) fn of_condition<'a>(fact: &'a Fact, condition: &'a Condition, place: &Place<'a>) -> Node<'a> {
    let (mut clinical, mut kept_clinical) = bound(&CONDITION_CLINICAL, own::CLINICAL, condition.clinical_status.as_ref());
    let (mut verification, mut kept_verification) = bound(&CONDITION_VERIFICATION, own::VERIFICATION, condition.verification.as_ref());
    if is_withdrawn(fact) {
        // con-5: no clinical status on a mistake.
        (clinical, kept_clinical) = (None, condition.clinical_status.as_ref().and_then(|said| kept_concept(own::CLINICAL, said)));
        if condition.verification.as_ref().and_then(|said| CONDITION_VERIFICATION.code_of(said)) != Some(MISTAKE) {
            kept_verification = condition.verification.as_ref().and_then(|said| kept_concept(own::VERIFICATION, said));
            verification = Some(coded(CONDITION_VERIFICATION.system, MISTAKE));
        }
    }
    // con-4: what has an end is not active.
    let code = condition.clinical_status.as_ref().and_then(|said| CONDITION_CLINICAL.code_of(said));
    let may_end = clinical.is_some() && matches!(code, Some("inactive" | "remission" | "resolved"));
    let kept_end = condition.abated.as_deref().filter(|_| !may_end).and_then(|abated| extension(own::ABATED, abated));
    let object = marks(fact, Object::resource("Condition"), [kept_clinical, kept_verification, kept_end])
        .maybe("clinicalStatus", clinical)
        .maybe("verificationStatus", verification)
        .maybe("severity", condition.severity.as_ref().and_then(concept))
        .with("code", what(fact))
        .list("bodySite", condition.body_site.as_ref().and_then(concept))
        .with("subject", reference(place.patient))
        .maybe("encounter", place.encounter.map(reference));
    let object = date_or_words(object, "onsetDateTime", "onsetString", condition.onset.as_deref());
    let object = date_or_words(object, "abatementDateTime", "abatementString", condition.abated.as_deref().filter(|_| may_end));
    object
        .maybe("recordedDate", recorded(condition.onset.as_deref(), place))
        .maybe("asserter", fact.said_by.as_deref().and_then(named))
        .list("note", notes(&condition.notes))
        .done()
}

/// When it was noted down, where the begin is no date.
fn recorded<'a>(onset: Option<&str>, place: &Place<'_>) -> Option<Node<'a>> {
    let is_date = onset.is_some_and(|onset| super::datatypes::moment(onset).is_ok());
    place.when.as_ref().filter(|_| !is_date).map(date_time)
}

pub(super) fn of_allergy<'a>(fact: &'a Fact, allergy: &'a Allergy, place: &Place<'a>) -> Node<'a> {
    let (mut clinical, mut kept_clinical) = bound(&ALLERGY_CLINICAL, own::CLINICAL, allergy.clinical_status.as_ref());
    let (mut verification, mut kept_verification) = bound(&ALLERGY_VERIFICATION, own::VERIFICATION, allergy.verification.as_ref());
    if is_withdrawn(fact) {
        // ait-2: no clinical status on a mistake.
        (clinical, kept_clinical) = (None, allergy.clinical_status.as_ref().and_then(|said| kept_concept(own::CLINICAL, said)));
        if allergy.verification.as_ref().and_then(|said| ALLERGY_VERIFICATION.code_of(said)) != Some(MISTAKE) {
            kept_verification = allergy.verification.as_ref().and_then(|said| kept_concept(own::VERIFICATION, said));
            verification = Some(coded(ALLERGY_VERIFICATION.system, MISTAKE));
        }
    } else if clinical.is_none() {
        // ait-1 asks for a code. Who reads only the code must not overlook the allergy; that it is not known stands beside.
        let active = Object::new().with("system", word(ALLERGY_CLINICAL.system)).with("code", word("active")).done();
        clinical = Some(unknown_beside(Object::new().list("coding", [active])));
    }
    let one_of = |said: Option<&'a str>, codes: &[&str]| said.filter(|said| codes.contains(said));
    let categories = allergy.categories.iter().map(String::as_str);
    let known = categories.clone().filter(|category| ["food", "medication", "environment", "biologic"].contains(category));
    let other = categories.filter(|category| !["food", "medication", "environment", "biologic"].contains(category));
    let criticality = one_of(allergy.criticality.as_deref(), &["low", "high", "unable-to-assess"]);
    let nature = one_of(allergy.nature.as_deref(), &["allergy", "intolerance"]);
    let lost = [allergy.criticality.as_deref().filter(|_| criticality.is_none()), allergy.nature.as_deref().filter(|_| nature.is_none())];
    let remarks = other.chain(lost.into_iter().flatten()).filter_map(|said| Object::new().text("text", Some(said)).filled());
    let reactions = allergy.reactions.iter().filter_map(|said| {
        let sign = Object::new().text("text", Some(said)).filled()?;
        Some(Object::new().list("manifestation", [sign]).done())
    });
    let object = marks(fact, Object::resource("AllergyIntolerance"), [kept_clinical, kept_verification])
        .maybe("clinicalStatus", clinical)
        .maybe("verificationStatus", verification)
        .text("type", nature)
        .list("category", known.filter_map(text))
        .text("criticality", criticality)
        .with("code", what(fact))
        .with("patient", reference(place.patient))
        .maybe("encounter", place.encounter.map(reference));
    date_or_words(object, "onsetDateTime", "onsetString", allergy.onset.as_deref())
        .maybe("recordedDate", recorded(allergy.onset.as_deref(), place))
        .maybe("asserter", fact.said_by.as_deref().and_then(named))
        .list("note", notes(&allergy.notes).chain(remarks))
        .list("reaction", reactions)
        .done()
}

const PROCEDURE: [&str; 8] = ["preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"];

pub(super) fn of_procedure<'a>(fact: &'a Fact, procedure: &'a Procedure, place: &Place<'a>) -> Node<'a> {
    let (status, kept) = status(fact, procedure.status.as_deref(), &PROCEDURE, "completed");
    let object = marks(fact, Object::resource("Procedure"), [kept])
        .with("status", status)
        .with("code", what(fact))
        .with("subject", reference(place.patient))
        .maybe("encounter", place.encounter.map(reference));
    moment(object, "performedDateTime", "performedPeriod", place.when.as_ref())
        .list("performer", fact.said_by.as_deref().and_then(named).map(|actor| Object::new().with("actor", actor).done()))
        .list("reasonCode", procedure.reasons.iter().filter_map(concept))
        .list("bodySite", procedure.body_sites.iter().filter_map(concept))
        .list("note", notes(&procedure.notes))
        .done()
}

pub(super) fn of_narrative<'a>(fact: &'a Fact, narrative: &'a Narrative, place: &Place<'a>) -> Node<'a> {
    let (status, kept) = status(fact, narrative.status.as_deref(), &["current", "superseded", "entered-in-error"], "current");
    let words = (!narrative.text.trim().is_empty()).then(|| content(&narrative.text, own::TEXT));
    let attached = narrative.attachments.iter().map(attachment);
    let contents: Vec<Node<'a>> = words.into_iter().chain(attached).collect();
    // R4 wants a content; where there are neither words nor attachments, its title is one.
    let fallback = contents.is_empty().then(|| content("", own::TEXT));
    document(fact, place, status, kept, contents.into_iter().chain(fallback))
}

pub(super) fn of_note<'a>(fact: &'a Fact, note: &'a str, place: &Place<'a>) -> Node<'a> {
    let (status, _) = status(fact, None, &["current"], "current");
    document(fact, place, status, None, [content(note, own::NOTE)])
}

fn document<'a>(
    fact: &'a Fact,
    place: &Place<'a>,
    status: Node<'a>,
    kept: Option<Node<'a>>,
    contents: impl IntoIterator<Item = Node<'a>>,
) -> Node<'a> {
    let about = Object::new()
        .list("encounter", place.encounter.map(reference))
        .maybe("period", place.when.as_ref().map(|when| period(Some(when), when.until.as_ref())))
        .done();
    marks(fact, Object::resource("DocumentReference"), [kept])
        .with("status", status)
        .maybe("type", concept(&fact.concept))
        .with("subject", reference(place.patient))
        .list("author", fact.said_by.as_deref().and_then(named))
        .text("description", Some(&fact.title))
        .list("content", contents)
        .with("context", about)
        .done()
}

/// Our own words as plain text inside the resource.
fn content<'a>(words: &str, kind: &'static str) -> Node<'a> {
    let bytes = base64::engine::general_purpose::STANDARD.encode(words);
    let attachment = Object::new().with("contentType", word("text/plain; charset=utf-8"));
    let attachment =
        if bytes.is_empty() { attachment.with("title", word("(本文なし)")) } else { attachment.with("data", owned(bytes)) };
    let format = Object::new().with("system", word(own::FORMAT)).with("code", word(kind)).done();
    Object::new().with("attachment", attachment.done()).with("format", format).done()
}

/// An attachment whose bytes stay in the original: what it is, how large, and its fingerprint.
fn attachment(attached: &Attachment) -> Node<'_> {
    let print =
        attached.fingerprint.map(|print| Object::new().with("url", word(own::SHA256)).with("valueString", owned(print.to_string())).done());
    let size = attached.bytes.filter(|bytes| *bytes <= 0x7FFF_FFFF).map(|bytes| Node::Number(bytes.to_string().into()));
    let inner = Object::new()
        .list("extension", print)
        .text("contentType", attached.content_type.as_deref())
        .text("url", attached.url.as_deref())
        .maybe("size", size)
        .text("title", attached.title.as_deref())
        .filled()
        .unwrap_or_else(|| Object::new().with("title", word("(不明)")).done());
    Object::new().with("attachment", inner).done()
}

pub(super) fn of_raw<'a>(fact: &'a Fact, kept: &'a str, place: &Place<'a>) -> Node<'a> {
    let event = |encounter| Object::new().with("url", word(own::ENCOUNTER)).with("valueReference", reference(encounter)).done();
    marks(fact, Object::resource("Basic"), [extension(own::RAW, kept), place.encounter.map(event)])
        .with("code", what(fact))
        .with("subject", reference(place.patient))
        .maybe("created", place.when.as_ref().map(|when| date(&when.day)))
        .done()
}
