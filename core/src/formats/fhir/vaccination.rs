//! Immunization: one event for each dose.

use std::collections::HashSet;

use super::{
    context::{Context, fact, performers, speakers},
    datatypes::{concept, concept_of, concepts_of, decimal, label_of, moment_of, notes, status_beyond, unit},
    read::{Reader, Refused, dated, fault},
    understanding,
};
use crate::{
    formats::{Fault, json::Node},
    record::{Body, Coding, Concept, Standing, Vaccination},
    terms::{Kind, vaccine_name},
};

const NEXT_DOSE: &str = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Immunization_DueDateOfNextDose";

pub(super) fn read(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let vaccine = concept_of(node, "vaccineCode").ok_or_else(|| fault("vaccineCode", Fault::Missing))?;
    let when = dated(node, "occurrenceDateTime")?;
    let expires = moment_of(node, "expirationDate").map_err(|reason| fault("expirationDate", reason))?.map(|when| when.day);
    let manufacturer = reader.library.speaker(index, node.get("manufacturer"));
    let body = Vaccination {
        lot: node.text("lotNumber").map(str::to_owned),
        manufacturer,
        amount: node.get("doseQuantity").and_then(|dose| Some((decimal(dose)?, unit(dose).map(|unit| unit.shown).unwrap_or_default()))),
        site: concept_of(node, "site"),
        route: concept_of(node, "route"),
        expires,
        given: node.text("status") != Some("not-done"),
        notes: remarks(node),
        status: status_beyond(node, &["completed"]),
        ..protocol(node)
    };
    let said_by = speakers(reader.library, index, performers(node), context.place.as_deref());
    let readable = understanding::is_readable(&vaccine) && node.has("status");
    let name = listed_name(&vaccine);
    let mut dose = fact(Kind::Vaccination, vaccine, when.clone(), Body::Vaccination(body), resource.place.clone());
    if let Some(name) = name {
        name.clone_into(&mut dose.title);
    }
    let mut draft = context.draft(Kind::Vaccination, when.as_ref(), dose);
    draft.fact.said_by = said_by;
    draft.fact.standing = if readable { Standing::Understood } else { Standing::NotUnderstood };
    draft.alone = true;
    reader.drafts.push(draft);
    Ok(())
}

/// Our own name for a vaccine that came as a bare code; signed cards leave all words out.
fn listed_name(vaccine: &Concept) -> Option<&'static str> {
    let is_bare = vaccine.text.is_none() && vaccine.codings.iter().all(|coding| coding.display.is_none());
    let listed = |coding: &Coding| vaccine_name(coding.system.as_deref()?, &coding.code);
    is_bare.then(|| vaccine.codings.iter().find_map(listed)).flatten().map(|(japanese, _)| japanese)
}

/// Dose, series and targets of the first protocol; those of further ones join the targets.
fn protocol(node: &Node<'_>) -> Vaccination {
    let first = node.first("protocolApplied");
    let dose = first.and_then(|protocol| protocol.get("doseNumberPositiveInt").or_else(|| protocol.get("doseNumberString")));
    let mut met = HashSet::new();
    let all = node.list("protocolApplied").iter().flat_map(|protocol| concepts_of(protocol, "targetDisease"));
    let targets: Vec<Concept> = all.filter(|target| met.insert(target.clone())).collect();
    Vaccination {
        dose_number: dose.and_then(Node::as_words).map(str::to_owned),
        series: first.and_then(|protocol| protocol.text("series")).map(str::to_owned),
        targets,
        ..Vaccination::default()
    }
}

fn remarks(node: &Node<'_>) -> Vec<String> {
    let mut remarks = notes(node);
    remarks.extend(label_of(node, "statusReason"));
    remarks.extend(node.text("occurrenceString").map(str::to_owned));
    remarks.extend(node.list("reasonCode").iter().filter_map(|reason| concept(reason).label().map(str::to_owned)));
    if node.flag("isSubpotent") == Some(true) {
        remarks.push("力価不足 (subpotent)".to_owned());
    }
    let doses = node
        .first("protocolApplied")
        .and_then(|protocol| protocol.get("seriesDosesPositiveInt").or_else(|| protocol.get("seriesDosesString")));
    remarks.extend(doses.and_then(Node::as_words).map(|doses| format!("全{doses}回")));
    remarks.extend(node.extension(NEXT_DOSE).and_then(|next| next.text("valueDate")).map(|next| format!("次回予定 {next}")));
    remarks
}
