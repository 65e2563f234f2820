//! FHIR of another release, as far as a single resource shows it: a member that R4 does not have, or has with another
//! type. What is read by the wrong rules would be filed silently wrong.

use crate::formats::json::Node;

/// Whether the resource is of another release than R4.
pub(super) fn is_other(kind: &str, node: &Node<'_>) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| node.has(name));
    let is_text = |name: &str| matches!(node.get(name), Some(Node::Text(_)));
    let is_object = |name: &str| matches!(node.get(name), Some(Node::Object(_)));
    match kind {
        // DSTU2 and STU3: `comment`, `related`, `context`; one interpretation. R5: `triggeredBy`.
        "Observation" => has(&["comment", "comments", "related", "context", "triggeredBy"]) || is_object("interpretation"),
        // DSTU2 and STU3: statuses are plain codes. R5: `participant`.
        "Condition" => is_text("clinicalStatus") || is_text("verificationStatus") || has(&["dateRecorded", "participant"]),
        "AllergyIntolerance" => {
            is_text("clinicalStatus") || is_text("verificationStatus") || is_object("type") || has(&["substance", "status", "participant"])
        }
        // STU3 and before: `date`, `notGiven`, `wasNotGiven`, `vaccinationProtocol`. R5: `administeredProduct`, `informationSource`.
        "Immunization" => {
            has(&["date", "notGiven", "wasNotGiven", "vaccinationProtocol", "administeredProduct", "informationSource"])
                || node.list("protocolApplied").iter().any(|protocol| protocol.has("doseNumber"))
        }
        // STU3: `context`, `requester.agent`. R5: `medication` with a concept and a reference inside.
        "MedicationRequest" => is_object("medication") || has(&["context"]) || node.at(&["requester", "agent"]).is_some(),
        "MedicationDispense" | "MedicationAdministration" => is_object("medication") || has(&["wasNotGiven", "notGiven", "notDone"]),
        "MedicationStatement" => is_object("medication") || has(&["taken", "wasNotTaken", "adherence"]),
        "Procedure" => {
            has(&["notDone", "notPerformed", "context", "occurrenceDateTime", "occurrencePeriod", "reportedBoolean", "reportedReference"])
        }
        "DiagnosticReport" => has(&["codedDiagnosis", "image", "context", "study"]),
        "Composition" => has(&["class"]) || matches!(node.get("subject"), Some(Node::List(_))),
        "DocumentReference" => has(&["indexed", "created", "modality"]) || matches!(node.get("context"), Some(Node::List(_))),
        // Types that only other releases have.
        "MedicationOrder"
        | "DiagnosticOrder"
        | "ProcedureRequest"
        | "ReferralRequest"
        | "DeviceUseRequest"
        | "MedicationUsage"
        | "DeviceUsage"
        | "ImagingManifest"
        | "ImagingObjectSelection"
        | "Sequence"
        | "BodySite"
        | "EligibilityRequest" => true,
        _ => false,
    }
}
