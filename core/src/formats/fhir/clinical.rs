//! Conditions, allergies and procedures.

use super::{
    context::{Context, fact, performers, speakers},
    datatypes::{choice_of_dates, concept, concept_of, concepts_of, date_or_words, label_of, notes, status_beyond},
    read::{Reader, Refused, dated, fault},
    understanding,
};
use crate::{
    base::PartialDate,
    formats::{Fault, json::Node},
    record::{Allergy, Body, Concept, Condition, Procedure, Standing, When},
    terms::Kind,
};

pub(super) fn read_condition(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let what = concept_of(node, "code").ok_or_else(|| fault("code", Fault::Missing))?;
    choice_of_dates(node, "abatement").map_err(|(path, reason)| fault(path, reason))?;
    let began = began(node)?;
    let mut remarks = notes(node);
    remarks.extend(node.list("stage").iter().filter_map(|stage| label_of(stage, "summary")));
    let body = Condition {
        clinical_status: concept_of(node, "clinicalStatus"),
        verification: concept_of(node, "verificationStatus"),
        onset: date_or_words(node, "onset"),
        abated: date_or_words(node, "abatement"),
        severity: concept_of(node, "severity"),
        body_site: merged(concepts_of(node, "bodySite")),
        notes: remarks,
    };
    // 感染症 comes as a condition; only a profile that says infection makes it one.
    let is_infection = node.get("meta").is_some_and(|meta| {
        meta.list("profile").iter().filter_map(Node::as_text).any(|profile| profile.to_ascii_lowercase().contains("infection"))
    });
    let kind = if is_infection { Kind::Infection } else { Kind::Condition };
    push(reader, index, context, kind, what, began, Body::Condition(body));
    Ok(())
}

pub(super) fn read_allergy(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let substance = || node.list("reaction").iter().find_map(|reaction| concept_of(reaction, "substance"));
    let what = concept_of(node, "code").or_else(substance).ok_or_else(|| fault("code", Fault::Missing))?;
    let began = began(node)?;
    let body = Allergy {
        nature: node.text("type").map(str::to_owned),
        categories: node.list("category").iter().filter_map(Node::as_text).map(str::to_owned).collect(),
        criticality: node.text("criticality").map(str::to_owned),
        clinical_status: concept_of(node, "clinicalStatus"),
        verification: concept_of(node, "verificationStatus"),
        reactions: node.list("reaction").iter().filter_map(reaction).collect(),
        onset: date_or_words(node, "onset"),
        notes: notes(node),
    };
    push(reader, index, context, Kind::Allergy, what, began, Body::Allergy(body));
    Ok(())
}

pub(super) fn read_procedure(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let what = concept_of(node, "code").ok_or_else(|| fault("code", Fault::Missing))?;
    let when = choice_of_dates(node, "performed").map_err(|(path, reason)| fault(path, reason))?;
    let mut remarks = notes(node);
    if when.is_none() {
        remarks.extend(date_or_words(node, "performed"));
    }
    remarks.extend(label_of(node, "outcome"));
    remarks.extend(label_of(node, "statusReason"));
    remarks.extend(node.list("complication").iter().filter_map(|more| concept(more).label().map(str::to_owned)));
    let body = Procedure {
        status: status_beyond(node, &["completed"]),
        body_sites: concepts_of(node, "bodySite"),
        reasons: concepts_of(node, "reasonCode"),
        notes: remarks,
    };
    let day = when.as_ref().map(|when| when.day);
    push(reader, index, context, Kind::Procedure, what, (when, day), Body::Procedure(body));
    Ok(())
}

/// The day it began, where that is a date: it stands in the fact itself. Else when it was noted down.
fn began(node: &Node<'_>) -> Result<(Option<When>, Option<PartialDate>), Refused> {
    let onset = choice_of_dates(node, "onset").map_err(|(path, reason)| fault(path, reason))?;
    let recorded = dated(node, "recordedDate")?;
    Ok(match onset {
        Some(onset) => (None, Some(onset.day)),
        None => (recorded.clone(), recorded.map(|when| when.day)),
    })
}

/// Several sites become one concept with all their codes.
fn merged(concepts: Vec<Concept>) -> Option<Concept> {
    let mut all = concepts.into_iter();
    let mut first = all.next()?;
    for other in all {
        let words = [first.text.take(), other.text].into_iter().flatten().collect::<Vec<_>>().join("、");
        first.text = (!words.is_empty()).then_some(words);
        first.codings.extend(other.codings);
    }
    Some(first)
}

/// What happened, and how badly: `全身の発疹 (severe)`.
fn reaction(reaction: &Node<'_>) -> Option<String> {
    let shown: Vec<String> = concepts_of(reaction, "manifestation").iter().filter_map(|sign| sign.label().map(str::to_owned)).collect();
    let words = reaction.text("description").map(str::to_owned).into_iter().chain(shown).collect::<Vec<_>>().join("、");
    match (words.is_empty(), reaction.text("severity")) {
        (true, severity) => severity.map(str::to_owned),
        (false, Some(severity)) => Some(format!("{words} ({severity})")),
        (false, None) => Some(words),
    }
}

fn push(
    reader: &mut Reader<'_>,
    index: usize,
    context: &Context,
    kind: Kind,
    what: Concept,
    (when, day): (Option<When>, Option<PartialDate>),
    body: Body,
) {
    let Some(resource) = reader.library.get(index) else { return };
    let node = resource.node;
    let who = node.get("asserter").or_else(|| node.get("recorder")).into_iter().chain(performers(node));
    let said_by = speakers(reader.library, index, who, context.place.as_deref());
    let readable = understanding::is_readable(&what);
    let mut fact = fact(kind, what, when.clone(), body, resource.place.clone());
    fact.said_by = said_by;
    fact.standing = if readable { Standing::Understood } else { Standing::NotUnderstood };
    let mut draft = context.draft(kind, when.as_ref(), fact);
    draft.day = day.or(draft.day);
    reader.drafts.push(draft);
}
