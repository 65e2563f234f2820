//! The medicines of a year in one list: what is taken, and apart from it what has ended or was stopped; eGFR beside them.

use super::{
    ClinicLine, ClinicSection, LeftOutReasons, SectionId,
    gather::{Reading, Seen},
    points, results,
    words::{joined, labelled},
};
use crate::{
    insight::{self, ListedMedicine, Told, clinic::Part},
    present::{medicines::course_text, record::label},
    record::{Body, Concept},
    vault::VaultError,
};

const EGFR: &str = "egfr";

pub(super) fn medicines(reading: &mut Reading<'_>) -> Result<Vec<ClinicSection>, VaultError> {
    let mut found = reading.found(Part::Medicines)?;
    let told: Vec<Told<'_>> = found
        .seen
        .iter()
        .map(|seen| Told { fact: &seen.record.fact, day: seen.record.event.day, place: seen.record.event.place.as_deref() })
        .collect();
    let list = insight::medicines(&told, reading.on);
    let (mut current, mut stopped) = (Vec::new(), Vec::new());
    for listed in &list.medicines {
        let sources: Vec<&Seen> = listed.sources.iter().filter_map(|place| found.seen.get(*place)).collect();
        // One telling that is sensitive makes the medicine so.
        let sensitive = sources.iter().any(|seen| seen.sensitive);
        if sensitive && !reading.selection.sensitive {
            found.reasons.sensitive += 1;
            continue;
        }
        let to = if listed.course.is_over() { &mut stopped } else { &mut current };
        if let Some(line) = line(reading, listed, &sources)? {
            to.push(ClinicLine { sensitive, ..line });
        }
    }
    let language = reading.language;
    let mut sections = vec![ClinicSection::new(SectionId::MedicinesCurrent, current, found.reasons, found.more, language)];
    if reading.selection.quantities.contains(&EGFR) {
        let (lines, reasons, more) = results::of_quantity(reading, EGFR)?;
        if !lines.is_empty() || reasons.is_any() {
            sections.push(ClinicSection::new(SectionId::Kidney, lines, reasons, more, language));
        }
    }
    if !stopped.is_empty() {
        sections.push(ClinicSection::new(SectionId::MedicinesStopped, stopped, LeftOutReasons::default(), false, language));
    }
    Ok(sections)
}

fn line(reading: &mut Reading<'_>, listed: &ListedMedicine, sources: &[&Seen]) -> Result<Option<ClinicLine>, VaultError> {
    let language = reading.language;
    let Some(lead) = sources.first() else { return Ok(None) };
    let Body::Medication(medicine) = &lead.record.fact.body else { return Ok(None) };
    let mut places: Vec<String> = Vec::new();
    for seen in sources {
        let source = reading.source(&seen.record.event, seen.record.fact.said_by.as_deref())?;
        if !places.contains(&source) {
            places.push(source);
        }
    }
    let named = |concept: &Concept| concept.label().map(str::to_owned);
    let ingredients: Vec<String> = medicine.ingredients.iter().filter_map(named).collect();
    let generic = medicine.generic.as_ref().and_then(named).or_else(|| (!ingredients.is_empty()).then(|| ingredients.join("、")));
    let with_unit = |amount: &Option<String>, unit: &Option<String>| {
        amount.as_ref().map(|amount| format!("{amount}{}", unit.as_deref().unwrap_or_default()))
    };
    let until = listed.until.map(|day| labelled("最後の日", "last day", &day.to_string(), language));
    let value = joined(
        [
            Some(course_text(listed.course, language).to_owned()),
            generic.as_ref().map(|name| labelled("一般名", "general name", name, language)),
            with_unit(&medicine.dose, &medicine.dose_unit),
            label(medicine.usage.as_ref()),
            with_unit(&medicine.quantity, &medicine.quantity_unit),
            until,
        ],
        language,
    );
    Ok(Some(ClinicLine {
        title: lead.record.fact.title.clone(),
        value,
        date: listed.from.map(|day| day.to_string()).or_else(|| lead.record.event.day.map(|day| day.to_string())),
        source: Some(places.join(language.pick("、", ", "))),
        generic,
        records: points(sources.iter().map(|seen| seen.record.id)),
        ..ClinicLine::default()
    }))
}
