//! The doses: on a sheet vaccine by vaccine with product, lot and place, else the newest first; and, from the vaccination
//! planner, the doses of which there is no record.

use super::{
    ClinicLine, ClinicSection, DoseLine, LeftOutReasons, SectionId,
    gather::Reading,
    points,
    words::{joined, labelled},
};
use crate::{
    base::{PersonId, fold},
    insight::{DoseStatus, clinic::Part},
    present::{Language, VaccineRow, record::label, standing_text, vaccines},
    record::{Body, Fact, Vaccination},
    vault::{Vault, VaultError},
};
use chrono::NaiveDate;

pub(super) fn vaccinations(reading: &mut Reading<'_>) -> Result<ClinicSection, VaultError> {
    let language = reading.language;
    let mut found = reading.found(Part::Vaccinations)?;
    let mut lines = Vec::new();
    for seen in &found.seen {
        if seen.sensitive && !reading.selection.sensitive {
            found.reasons.sensitive += 1;
            continue;
        }
        let (event, fact) = (&seen.record.event, &seen.record.fact);
        let source = reading.source(event, fact.said_by.as_deref())?;
        let dose = match &fact.body {
            Body::Vaccination(dose) => Some(dose_line(fact, dose, event.place.clone())),
            _ => None,
        };
        lines.push(ClinicLine {
            title: fact.title.clone(),
            value: value(fact, dose.as_ref(), language),
            date: fact.when.as_ref().map(|when| when.day).or(event.day).map(|day| day.to_string()),
            source: Some(source),
            dose,
            sensitive: seen.sensitive,
            records: points([seen.record.id]),
            ..ClinicLine::default()
        });
    }
    if reading.selection.sheet {
        lines.sort_by(|one, other| fold(&one.title).cmp(&fold(&other.title)).then_with(|| one.date.cmp(&other.date)));
    }
    Ok(ClinicSection::new(SectionId::Vaccinations, lines, found.reasons, found.more, language))
}

/// What the vaccination plan says is to be given now, or was to be given.
pub(super) fn missing(vault: &Vault, person: PersonId, on: NaiveDate, language: Language) -> Result<ClinicSection, VaultError> {
    let plan = vaccines(vault, person, on, language)?;
    let is_missing = |row: &&VaccineRow| matches!(row.dose.status, DoseStatus::Due | DoseStatus::Overdue);
    let lines = plan.rows.iter().filter(is_missing).map(|row| ClinicLine {
        title: format!("{} {}", row.vaccine_text, row.dose_text),
        value: Some(format!("{}  {}", row.status_text, row.days_text)),
        date: row.dose.earliest.map(|day| day.to_string()),
        source: Some(row.rule().source.to_owned()),
        ..ClinicLine::default()
    });
    let mut section = ClinicSection::new(SectionId::MissingDoses, lines.collect(), LeftOutReasons::default(), false, language);
    let none = plan.no_plan_text.unwrap_or(language.pick("計画から見て、足りない記録はありません", "By the plan, no record is missing"));
    section.empty = section.empty.map(|_| none);
    Ok(section)
}

fn dose_line(fact: &Fact, dose: &Vaccination, place: Option<String>) -> DoseLine {
    let product = fact.concept.text.clone().or_else(|| fact.concept.leading().and_then(|coding| coding.display.clone()));
    let number = [dose.series.clone(), dose.dose_number.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    DoseLine {
        number: Some(number).filter(|number| !number.is_empty()),
        product: product.or_else(|| dose.manufacturer.clone()).filter(|product| *product != fact.title),
        lot: dose.lot.clone(),
        place,
    }
}

fn value(fact: &Fact, line: Option<&DoseLine>, language: Language) -> Option<String> {
    let Body::Vaccination(dose) = &fact.body else { return None };
    let of = |japanese, english, text: Option<&String>| text.map(|text| labelled(japanese, english, text, language));
    joined(
        [
            (!dose.given).then(|| language.pick("接種していません", "not given").to_owned()),
            of("回", "dose", line.and_then(|line| line.number.as_ref())),
            of("製品", "product", line.and_then(|line| line.product.as_ref())),
            of("ロット", "lot", dose.lot.as_ref()),
            of("製造", "by", dose.manufacturer.as_ref()),
            dose.site.as_ref().and_then(|site| label(Some(site))),
            dose.status.clone(),
            (!dose.notes.is_empty()).then(|| dose.notes.join(language.pick("、", ", "))),
            standing_text(fact.standing, language).map(str::to_owned),
        ],
        language,
    )
}
