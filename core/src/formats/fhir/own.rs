//! The marks our own export leaves, so that what was exported reads back as it was: how far a fact is trusted, its kind
//! and title, its event. They can only lower trust in a fact, never raise it.

use super::{
    datatypes::{coding, concept, period_of, shared},
    grouping::Heading,
    vital_sign,
};
use crate::{
    formats::json::Node,
    record::{Body, Concept, Fact, MedicationStage, Reason, Standing, Unit},
    terms::Kind,
};

/// Tag: how far the fact is trusted.
pub(super) const STANDING: &str = "urn:techo:standing";
/// Tag and type: the kind of a fact or event, by its public id.
pub(super) const KIND: &str = "urn:techo:kind";
/// Extension: the title, where it is not the concept's.
pub(super) const TITLE: &str = "urn:techo:title";
/// Extension: the group of an observation.
pub(super) const GROUP: &str = "urn:techo:group";
/// Extension: the unit of a value that is no number.
pub(super) const UNIT: &str = "urn:techo:unit";
/// Extension: the time of day, where it is not of the form FHIR asks for.
pub(super) const TIME: &str = "urn:techo:time";
/// Extensions of a dosage whose dose is no number.
pub(super) const DOSE: &str = "urn:techo:dose";
pub(super) const DOSE_UNIT: &str = "urn:techo:dose-unit";
/// Extension: a quantity that fits no field, in `value` and `unit`.
pub(super) const QUANTITY: &str = "urn:techo:quantity";
/// Extension: the stage of a medicine.
pub(super) const STAGE: &str = "urn:techo:stage";
/// Extension: the prescriber of a medicine that is no order.
pub(super) const PRESCRIBER: &str = "urn:techo:prescriber";
/// Extension: 一般名, where it is not one of the product's codes.
pub(super) const GENERIC: &str = "urn:techo:generic";
/// HL7's extension for a value that is not known.
pub(super) const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// Extension: a status that R4 has no code for.
pub(super) const STATUS: &str = "urn:techo:status";
/// Extensions: statuses and an end that R4's tables and rules do not allow where they belong.
pub(super) const CLINICAL: &str = "urn:techo:clinical-status";
pub(super) const VERIFICATION: &str = "urn:techo:verification-status";
pub(super) const ABATED: &str = "urn:techo:abated";
/// Extension: what was kept as it came and is no FHIR resource.
pub(super) const RAW: &str = "urn:techo:raw";
/// Extension: the institution, where the event itself is not written.
pub(super) const PLACE: &str = "urn:techo:place";
/// Extensions of a Basic that is a 医療費: R4 has no resource for what a person paid.
pub(super) const EXPENSE: &str = "urn:techo:expense";
pub(super) const EXPENSE_AMOUNTS: [&str; 4] =
    ["urn:techo:expense-points", "urn:techo:expense-total", "urn:techo:expense-own-share", "urn:techo:expense-days"];
pub(super) const EXPENSE_CLASS: &str = "urn:techo:expense-class";
pub(super) const EXPENSE_NOTE: &str = "urn:techo:expense-note";
/// Extension: the event, where the type has no member for it.
pub(super) const ENCOUNTER: &str = "urn:techo:encounter";
/// Extension of a `meta`: a profile that a resource kept as it came claims.
const PROFILE: &str = "urn:techo:profile";
/// Extension: the fingerprint of an attachment whose bytes stay in the original.
pub(super) const SHA256: &str = "urn:techo:sha256";
/// Format of a content: our own words, as [`TEXT`] or [`NOTE`].
pub(super) const FORMAT: &str = "urn:techo:format";
pub(super) const TEXT: &str = "narrative";
pub(super) const NOTE: &str = "note";

const STANDINGS: [(&str, Standing); 6] = [
    ("not-understood", Standing::NotUnderstood),
    ("quarantined-unit", Standing::Quarantined(Reason::Unit)),
    ("quarantined-range", Standing::Quarantined(Reason::Range)),
    ("quarantined-name", Standing::Quarantined(Reason::Name)),
    ("quarantined-withdrawn", Standing::Quarantined(Reason::Withdrawn)),
    ("quarantined-type", Standing::Quarantined(Reason::Type)),
];

/// The tag of a standing; none for what is understood.
pub(super) fn standing_code(standing: Standing) -> Option<&'static str> {
    STANDINGS.iter().find(|(_, known)| *known == standing).map(|(code, _)| *code)
}

const STAGES: [(&str, MedicationStage); 4] = [
    ("prescribed", MedicationStage::Prescribed),
    ("dispensed", MedicationStage::Dispensed),
    ("taken", MedicationStage::Taken),
    ("over-the-counter", MedicationStage::OverTheCounter),
];

/// The word for a stage.
pub(super) fn stage_code(stage: MedicationStage) -> &'static str {
    STAGES.iter().find(|(_, known)| *known == stage).map_or("taken", |(code, _)| code)
}

/// The event an Encounter of our export stands for.
pub(super) fn event(encounter: &Node<'_>) -> Option<Heading> {
    let kind = encounter.list("type").iter().find_map(|kind| {
        let mark = concept(kind).codings.into_iter().find(|coding| coding.system.as_deref() == Some(KIND))?;
        let title = kind.text("text").map(str::to_owned).or(mark.display);
        Some((mark.code.parse::<Kind>().ok()?, title))
    })?;
    let (kind, title) = kind;
    let place = encounter.at(&["serviceProvider", "display"]).and_then(Node::as_text).map(shared);
    let day = period_of(encounter, "period").ok().flatten().map(|when| when.day);
    Some(Heading { kind, title: title.map_or_else(|| kind.japanese().to_owned(), |title| shared(&title)), place, day })
}

/// Applies the marks on a resource to its fact.
pub(super) fn apply(fact: &mut Fact, node: &Node<'_>) {
    let tags = || node.get("meta").map(|meta| meta.list("tag")).unwrap_or_default().iter().filter_map(coding);
    if let Some(title) = node.extension(TITLE).and_then(|title| title.text("valueString")) {
        title.clone_into(&mut fact.title);
    }
    if let Some(kind) = tags().find(|tag| tag.system.as_deref() == Some(KIND)).and_then(|tag| tag.code.parse().ok()) {
        fact.kind = kind;
    }
    let word = |url: &str| node.extension(url).and_then(|extension| extension.text("valueString")).map(str::to_owned);
    if let (Some(time), Some(when)) = (word(TIME), &mut fact.when) {
        when.time = Some(time);
    }
    let status = word(STATUS);
    match &mut fact.body {
        Body::Observation(observation) => {
            vital_sign::without_added_code(&mut fact.concept);
            observation.group = word(GROUP).or_else(|| observation.group.take());
            observation.status = status.or_else(|| observation.status.take());
            if observation.unit.is_none() {
                let coded = kept_concept(node, UNIT);
                let ucum = coded.as_ref().and_then(Concept::leading).map(|coding| coding.code.clone());
                let shown = coded.and_then(|unit| unit.text).or_else(|| word(UNIT)).or_else(|| ucum.clone());
                observation.unit = shown.map(|shown| Unit { shown, ucum });
            }
        }
        Body::Medication(medication) => {
            medication.prescriber = word(PRESCRIBER).or_else(|| medication.prescriber.take());
            medication.status = status.or_else(|| medication.status.take());
            if let Some(stage) = word(STAGE).and_then(|stage| STAGES.iter().find(|(code, _)| *code == stage).map(|(_, stage)| *stage)) {
                medication.stage = stage;
            }
            medication.generic = kept_concept(node, GENERIC).or_else(|| medication.generic.take());
        }
        Body::Vaccination(vaccination) => vaccination.status = status.or_else(|| vaccination.status.take()),
        Body::Procedure(procedure) => procedure.status = status.or_else(|| procedure.status.take()),
        Body::Narrative(narrative) => narrative.status = status.or_else(|| narrative.status.take()),
        Body::Condition(condition) => {
            condition.clinical_status = kept_concept(node, CLINICAL).or_else(|| condition.clinical_status.take());
            condition.verification = kept_concept(node, VERIFICATION).or_else(|| condition.verification.take());
            condition.abated = word(ABATED).or_else(|| condition.abated.take());
        }
        Body::Allergy(allergy) => {
            // R4 wants a code in any case; ours beside "unknown" says nothing.
            let is_unknown = node.get("clinicalStatus").is_some_and(|status| status.extension(ABSENT).is_some());
            allergy.clinical_status = kept_concept(node, CLINICAL).or_else(|| allergy.clinical_status.take().filter(|_| !is_unknown));
            allergy.verification = kept_concept(node, VERIFICATION).or_else(|| allergy.verification.take());
        }
        Body::Expense(_) | Body::Note(_) | Body::Raw(_) => {}
    }
    let standing = tags().find(|tag| tag.system.as_deref() == Some(STANDING)).map(|tag| tag.code);
    let said = standing.and_then(|code| STANDINGS.iter().find(|(known, _)| *known == code)).map(|(_, standing)| *standing);
    if let Some(said) = said.filter(|said| distrust(*said) >= distrust(fact.standing)) {
        fact.standing = said;
    }
}

fn kept_concept(node: &Node<'_>, url: &str) -> Option<Concept> {
    node.extension(url).and_then(|extension| extension.get("valueCodeableConcept")).map(concept)
}

fn distrust(standing: Standing) -> u8 {
    match standing {
        Standing::Understood => 0,
        Standing::NotUnderstood => 1,
        Standing::Quarantined(_) => 2,
    }
}

/// A resource with its profiles in an extension of its `meta`; `None` where there is one already.
pub(super) fn with_profiles_aside(node: Node<'_>) -> Option<Node<'_>> {
    let has_both = node.get("meta").is_some_and(|meta| meta.has("profile") && meta.has("extension"));
    (!has_both).then(|| {
        renamed(node, "profile", |profiles| match profiles {
            Node::List(profiles) => ("extension", Node::List(profiles.into_iter().map(aside).collect())),
            other => ("profile", other),
        })
    })
}

/// A resource of our export with its profiles where they came from.
pub(super) fn with_profiles_back(node: Node<'_>) -> Node<'_> {
    let is_aside = node.get("meta").is_some_and(|meta| {
        let all = meta.list("extension");
        !all.is_empty() && all.iter().all(|extension| extension.text("url") == Some(PROFILE))
    });
    if !is_aside {
        return node;
    }
    renamed(node, "extension", |profiles| match profiles {
        Node::List(profiles) => {
            let back = profiles.into_iter().filter_map(|extension| extension.get("valueString").cloned());
            ("profile", Node::List(back.collect()))
        }
        other => ("extension", other),
    })
}

fn aside(profile: Node<'_>) -> Node<'_> {
    Node::Object(vec![("url".into(), Node::Text(PROFILE.into())), ("valueString".into(), profile)])
}

/// The resource with one member of its `meta` under another name, at the same place.
fn renamed<'a>(node: Node<'a>, name: &str, change: impl Fn(Node<'a>) -> (&'static str, Node<'a>)) -> Node<'a> {
    let Node::Object(members) = node else { return node };
    let meta = |value: Node<'a>| match value {
        Node::Object(members) => Node::Object(
            members
                .into_iter()
                .map(|(key, value)| {
                    if key != name {
                        return (key, value);
                    }
                    let (key, value) = change(value);
                    (key.into(), value)
                })
                .collect(),
        ),
        other => other,
    };
    Node::Object(members.into_iter().map(|(key, value)| if key == "meta" { (key, meta(value)) } else { (key, value) }).collect())
}

/// What a Basic of our export holds.
pub(super) fn raw_text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.extension(RAW)?.text("valueString")
}
