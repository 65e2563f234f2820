//! Allergies, conditions and procedures: each once by its name, with everybody who says so.

use super::{
    ClinicLine, ClinicSection, SectionId,
    gather::{Reading, Seen},
    points,
    words::{joined, labelled, word},
};
use crate::{
    base::fold,
    insight::clinic::Part,
    present::{Language, record::label, standing_text},
    record::{Body, Concept, Fact, Value},
    vault::VaultError,
};

pub(super) fn allergies(reading: &mut Reading<'_>) -> Result<ClinicSection, VaultError> {
    // What can kill comes first, whatever its day.
    let is_high = |seen: &Seen| match &seen.record.fact.body {
        Body::Allergy(allergy) => allergy.criticality.as_deref().is_some_and(|text| matches!(fold(text).as_str(), "high" | "高" | "重い")),
        _ => false,
    };
    section(reading, Part::Allergies, SectionId::Allergies, is_high)
}

pub(super) fn conditions(reading: &mut Reading<'_>) -> Result<ClinicSection, VaultError> {
    // What goes on comes before what is over.
    let goes_on = |seen: &Seen| match &seen.record.fact.body {
        Body::Condition(condition) => condition.abated.is_none(),
        _ => true,
    };
    section(reading, Part::Conditions, SectionId::Conditions, goes_on)
}

pub(super) fn procedures(reading: &mut Reading<'_>) -> Result<ClinicSection, VaultError> {
    section(reading, Part::Procedures, SectionId::Procedures, |_| true)
}

fn section(reading: &mut Reading<'_>, part: Part, id: SectionId, first: impl Fn(&Seen) -> bool) -> Result<ClinicSection, VaultError> {
    let mut found = reading.found(part)?;
    let mut groups: Vec<(String, Vec<Seen>)> = Vec::new();
    for seen in found.seen {
        let name = fold(&seen.record.fact.title);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push(seen),
            None => groups.push((name, vec![seen])),
        }
    }
    let mut lines: Vec<(bool, ClinicLine)> = Vec::new();
    for (_, members) in groups {
        // One telling that is sensitive makes all of them so: the same name would give it away.
        let sensitive = members.iter().any(|seen| seen.sensitive);
        if sensitive && !reading.selection.sensitive {
            found.reasons.sensitive += 1;
            continue;
        }
        let is_first = members.iter().any(&first);
        lines.push((is_first, ClinicLine { sensitive, ..line(reading, &members)? }));
    }
    lines.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| b.date.cmp(&a.date)));
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    Ok(ClinicSection::new(id, lines, found.reasons, found.more, reading.language))
}

/// The newest telling's name and day, with what any of them says.
fn line(reading: &mut Reading<'_>, members: &[Seen]) -> Result<ClinicLine, VaultError> {
    let language = reading.language;
    let (mut values, mut sources): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut line = ClinicLine::default();
    for seen in members {
        let (event, fact) = (&seen.record.event, &seen.record.fact);
        if line.title.is_empty() {
            line.title.clone_from(&fact.title);
            line.date = fact.when.as_ref().map(|when| when.day).or(event.day).map(|day| day.to_string());
        }
        let source = reading.source(event, fact.said_by.as_deref())?;
        values.extend(said(fact, language).filter(|text| !values.contains(text)));
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    line.value = joined(values.into_iter().map(Some), language);
    line.source = Some(sources.join(language.pick("、", ", ")));
    line.records = points(members.iter().map(|seen| seen.record.id));
    Ok(line)
}

/// What a record says besides its name.
fn said(fact: &Fact, language: Language) -> Option<String> {
    let of = |japanese, english, text: Option<String>| text.map(|text| labelled(japanese, english, &word(text, language), language));
    let code = |concept: Option<&Concept>| label(concept).map(|text| word(text, language));
    let words = |texts: &[String]| Some(texts.join(language.pick("、", ", "))).filter(|text| !text.is_empty());
    let doubt = standing_text(fact.standing, language).map(str::to_owned);
    let parts = match &fact.body {
        Body::Allergy(allergy) => vec![
            words(&allergy.reactions),
            of("重大さ", "criticality", allergy.criticality.clone()),
            allergy.nature.clone().map(|text| word(text, language)),
            code(allergy.clinical_status.as_ref()),
            code(allergy.verification.as_ref()),
            of("発症", "since", allergy.onset.clone()),
            words(&allergy.notes),
        ],
        Body::Condition(condition) => vec![
            code(condition.clinical_status.as_ref()),
            code(condition.verification.as_ref()),
            label(condition.severity.as_ref()),
            label(condition.body_site.as_ref()),
            of("発症", "since", condition.onset.clone()),
            of("終わり", "until", condition.abated.clone()),
            words(&condition.notes),
        ],
        Body::Procedure(procedure) => {
            let mut parts = vec![procedure.status.clone()];
            parts.extend(procedure.body_sites.iter().map(|site| label(Some(site))));
            parts.extend(procedure.reasons.iter().map(|reason| of("理由", "reason", label(Some(reason)))));
            parts.push(words(&procedure.notes));
            parts
        }
        Body::Observation(observation) => match &observation.value {
            Value::Text(text) => vec![Some(text.clone())],
            Value::Number { .. } | Value::Between { .. } | Value::Coded { .. } | Value::Absent { .. } => {
                let (value, unit) = crate::present::record::value_and_unit(fact, language);
                vec![value, unit]
            }
        },
        Body::Note(text) | Body::Raw(text) => vec![Some(text.clone())],
        Body::Vaccination(_) | Body::Medication(_) | Body::Expense(_) | Body::Narrative(_) => Vec::new(),
    };
    joined(parts.into_iter().chain([doubt]), language)
}
