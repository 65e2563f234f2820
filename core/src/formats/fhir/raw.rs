//! Resources of types no reader understands are kept as they came, so that nothing is dropped, without anything that
//! could be an insurance number.

use super::{
    context::{Context, fact},
    datatypes::{choice_of_dates, concept_of, moment, period_of},
    insurance::scrubbed,
    own,
    read::Reader,
};
use crate::{
    formats::json::Node,
    record::{Body, Concept, Standing, When},
    terms::Kind,
};

/// Whether resources of this type are kept as they came, with all they contain.
pub(super) fn is_kept_raw(kind: &str) -> bool {
    !matches!(
        kind,
        "Observation"
            | "Immunization"
            | "MedicationRequest"
            | "MedicationDispense"
            | "MedicationStatement"
            | "MedicationAdministration"
            | "Condition"
            | "AllergyIntolerance"
            | "Procedure"
            | "DiagnosticReport"
            | "Composition"
            | "DocumentReference"
    )
}

pub(super) fn read(reader: &mut Reader<'_>, index: usize, context: &Context) {
    let Some(resource) = reader.library.get(index) else { return };
    let node = resource.node;
    let when = some_day(node);
    let kept = own::raw_text(node).map_or_else(|| own::with_profiles_back(scrubbed(node)).to_json(), str::to_owned);
    let what = concept_of(node, "code").or_else(|| node.text("title").map(Concept::text)).unwrap_or_default();
    let mut raw = fact(Kind::Other, what, when.clone(), Body::Raw(kept), resource.place.clone());
    if raw.concept.label().is_none() {
        resource.kind.clone_into(&mut raw.title);
    }
    raw.standing = Standing::NotUnderstood;
    reader.drafts.push(context.draft(Kind::Other, when.as_ref(), raw));
}

/// The day of a resource we do not understand: the first date of the members that most types share.
fn some_day(node: &Node<'_>) -> Option<When> {
    let choice = ["effective", "performed", "occurrence", "onset"].iter().find_map(|prefix| choice_of_dates(node, prefix).ok().flatten());
    choice.or_else(|| period_of(node, "period").ok().flatten()).or_else(|| {
        ["authoredOn", "authored", "date", "dateTime", "created", "recordedDate", "sent"]
            .iter()
            .find_map(|name| node.text(name).and_then(|text| moment(text).ok()))
    })
}
