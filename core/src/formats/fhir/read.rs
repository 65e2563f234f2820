//! Reads a document: whom it is about, then every resource by its type, then the facts gathered into events.

use super::{
    clinical,
    context::{self, Context},
    datatypes::moment_of,
    document, expense,
    gather::{Draft, gather},
    grouping::{Groups, Scope},
    library::Library,
    medication, observation, own, raw, release, subject, vaccination,
};
use crate::{
    base::limits,
    formats::{Fault, FormatError, FormatId, Reading, Refusal, Unread, json::Node},
    record::{Reason, Standing},
};

/// Types that only say who, where or with what; never a record. Coverage and its kin carry insurance numbers.
const CARRIERS: [&str; 22] = [
    "Patient",
    "Person",
    "RelatedPerson",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "OrganizationAffiliation",
    "HealthcareService",
    "Location",
    "Endpoint",
    "Encounter",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "InsurancePlan",
    "EnrollmentRequest",
    "Specimen",
    "Medication",
    "Substance",
    "Provenance",
    "AuditEvent",
    "OperationOutcome",
];

/// Everything a reader of one type needs, and where its facts go.
pub(super) struct Reader<'a> {
    pub(super) library: &'a Library<'a>,
    pub(super) groups: Groups,
    pub(super) drafts: Vec<Draft>,
    pub(super) refused: Vec<Refusal>,
}

/// Reads the top-level values of a file.
pub(super) fn read_nodes(nodes: &[(usize, Node<'_>)]) -> Result<Reading, FormatError> {
    let mut library = Library::default();
    match nodes {
        [(_, Node::List(items))] => {
            items.iter().enumerate().for_each(|(position, item)| library.add(item, &format!("[{position}]")));
        }
        [(_, one)] => library.add(one, ""),
        lines => lines.iter().for_each(|(line, node)| library.add(node, &format!("line {line}"))),
    }
    read_library(&library)
}

fn read_library(library: &Library<'_>) -> Result<Reading, FormatError> {
    if library.resources.is_empty() {
        // A bundle without entries is empty; anything else is not FHIR.
        return Err(if library.refused.is_empty() { FormatError::Empty } else { FormatError::NotRead(Unread::OtherJson) });
    }
    super::my_number::refuse(library)?;
    let groups = Groups::of(library)?;
    let about = subject::Subjects::of(library);
    let mut reader = Reader { library, groups, drafts: Vec::with_capacity(library.resources.len()), refused: library.refused.clone() };
    for (index, resource) in library.resources.iter().enumerate() {
        let first = reader.drafts.len();
        if let Err((path, reason)) = read_resource(&mut reader, &about, index) {
            let place = if path.is_empty() { resource.place.clone() } else { format!("{}.{path}", resource.place) };
            reader.drafts.truncate(first);
            reader.refused.push(Refusal { reason: reason.at(&place), place });
        }
        if reader.drafts.len() > limits::FACTS {
            return Err(FormatError::Limit { what: "records", place: resource.place.clone() });
        }
    }
    if reader.drafts.is_empty() && !reader.refused.is_empty() && reader.refused.iter().all(|refusal| is_other_release(&refusal.reason)) {
        return Err(FormatError::NotRead(Unread::OtherFhir));
    }
    let source = context::issuer(library, &reader.groups);
    Ok(Reading {
        format: FormatId::Fhir,
        parser: super::PARSER,
        subject: about.main().clone(),
        source,
        events: gather(reader.drafts, &reader.groups),
        refused: reader.refused,
    })
}

fn is_other_release(reason: &FormatError) -> bool {
    matches!(reason, FormatError::NotRead(Unread::OtherFhir))
}

/// Why one resource was not taken; the path is below the resource's own place.
pub(super) type Refused = (String, Cause);

/// The kinds of reason; made a [`FormatError`] where the place is known.
pub(super) enum Cause {
    /// A fault in the resource.
    Fault(Fault),
    /// FHIR of another release.
    OtherRelease,
}

impl Cause {
    fn at(self, place: &str) -> FormatError {
        match self {
            Self::Fault(fault) => FormatError::Malformed { place: place.to_owned(), fault },
            Self::OtherRelease => FormatError::NotRead(Unread::OtherFhir),
        }
    }
}

/// A fault at a path below the resource.
pub(super) fn fault(path: impl Into<String>, fault: Fault) -> Refused {
    (path.into(), Cause::Fault(fault))
}

/// Whether resources of this type only say who, where or with what.
pub(super) fn is_carrier(kind: &str) -> bool {
    CARRIERS.contains(&kind)
}

fn read_resource(reader: &mut Reader<'_>, about: &subject::Subjects, index: usize) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    if is_carrier(resource.kind) || reader.groups.is_swallowed(index) {
        return Ok(());
    }
    if release::is_other(resource.kind, resource.node) {
        return Err((String::new(), Cause::OtherRelease));
    }
    if about.is_somebody_else(reader.library, index) {
        return Err(fault("subject", Fault::Mixed));
    }
    let context = Context::of(reader.library, &reader.groups, index);
    let first = reader.drafts.len();
    match resource.kind {
        "Observation" => observation::read(reader, index, &context)?,
        "Immunization" => vaccination::read(reader, index, &context)?,
        "MedicationRequest" | "MedicationDispense" | "MedicationStatement" | "MedicationAdministration" => {
            medication::read(reader, index, &context)?;
        }
        "Condition" => clinical::read_condition(reader, index, &context)?,
        "AllergyIntolerance" => clinical::read_allergy(reader, index, &context)?,
        "Procedure" => clinical::read_procedure(reader, index, &context)?,
        "Basic" if expense::is_one(resource.node) => expense::read(reader, index, &context)?,
        "DiagnosticReport" => document::read_report(reader, index, &context)?,
        "Composition" => document::read_composition(reader, index, &context)?,
        "DocumentReference" => document::read_reference(reader, index, &context)?,
        _ => raw::read(reader, index, &context),
    }
    for draft in reader.drafts.get_mut(first..).unwrap_or_default() {
        settle(draft, resource.node, &reader.groups);
    }
    Ok(())
}

/// What holds for facts of every type: what the document withdraws, what changes its meaning, and what our own export
/// says about it.
fn settle(draft: &mut Draft, node: &Node<'_>, groups: &Groups) {
    let fact = &mut draft.fact;
    own::apply(fact, node);
    if is_withdrawn(node) {
        fact.standing = Standing::Quarantined(Reason::Withdrawn);
    } else if fact.standing.is_understood() && (node.has("modifierExtension") || node.has("implicitRules")) {
        fact.standing = Standing::NotUnderstood;
    }
    if let Scope::Own(event) = draft.scope
        && let Some(own) = groups.own_event(event)
    {
        draft.day = own.day;
    }
    // A moment that says no more than the event's day is not repeated.
    if fact.when.as_ref().is_some_and(|when| when.time.is_none() && when.until.is_none() && Some(when.day) == draft.day) {
        fact.when = None;
    }
}

fn is_withdrawn(node: &Node<'_>) -> bool {
    let verification = node.get("verificationStatus").map(super::datatypes::concept).unwrap_or_default();
    node.text("status") == Some("entered-in-error")
        || node.text("docStatus") == Some("entered-in-error")
        || verification.codings.iter().any(|coding| coding.code == "entered-in-error")
}

/// A date member, or the fault with its path.
pub(super) fn dated(node: &Node<'_>, name: &str) -> Result<Option<crate::record::When>, Refused> {
    moment_of(node, name).map_err(|reason| fault(name, reason))
}
