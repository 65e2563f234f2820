//! The newest value of each chosen quantity with the ones before it, and apart from it what was measured at home.

use super::{ClinicLine, ClinicSection, LeftOutReasons, SectionId, gather::Reading, words};
use crate::{
    base::PartialDate,
    insight::clinic::Part,
    present::{
        Language, days,
        history::{PointId, PointView, point_view},
        mark_of,
    },
    terms::quantity,
    vault::{HistoryPoint, VaultError},
};

/// Values before the newest that are written beside it.
const WRITTEN: usize = 5;
/// Values read at a time: some can be sensitive or outside of the days.
const READ: u32 = 24;

/// A quantity's lines, why some of its values are not there, and whether there are older ones.
type OfQuantity = (Vec<ClinicLine>, LeftOutReasons, bool);

pub(super) fn results(reading: &mut Reading<'_>) -> Result<ClinicSection, VaultError> {
    let is_beside_medicines = reading.selection.has(Part::Medicines);
    let mut all: OfQuantity = (Vec::new(), LeftOutReasons { hidden: reading.hidden_values(), ..LeftOutReasons::default() }, false);
    for id in reading.selection.quantities.clone() {
        if id == "egfr" && is_beside_medicines {
            continue;
        }
        let (lines, reasons, more) = of_quantity(reading, id)?;
        all.0.extend(lines);
        all.1.sensitive += reasons.sensitive;
        all.1.outside |= reasons.outside;
        all.2 |= more;
    }
    let (lines, reasons, more) = all;
    Ok(ClinicSection::new(SectionId::Results, lines, reasons, more, reading.language))
}

/// One quantity, as institutions measured it and as it was measured at home.
pub(super) fn of_quantity(reading: &mut Reading<'_>, id: &'static str) -> Result<OfQuantity, VaultError> {
    let language = reading.language;
    let (from, until) = reading.selection.period(Part::Results, reading.on);
    let (mut lines, mut reasons, mut more) = (Vec::new(), LeftOutReasons::default(), false);
    for line in reading.series.iter().filter(|line| line.key == id).cloned().collect::<Vec<_>>() {
        let mut shown: Vec<(HistoryPoint, String, bool)> = Vec::new();
        let mut last = None;
        'pages: loop {
            let page = reading.vault.history(reading.person, &line, last, READ)?;
            let is_full = u32::try_from(page.len()).is_ok_and(|count| count == READ);
            last = page.last().map(|value| value.id);
            for value in page {
                if !is_within(value.day, from, until) {
                    reasons.outside = true;
                    // The newest come first: behind one before the first day there is none to show.
                    let is_past = from.is_some_and(|from| value.day.is_none_or(|day| day.last_day() < from.first_day()));
                    if is_past {
                        break 'pages;
                    }
                    continue;
                }
                if shown.len() >= reading.values {
                    more = true;
                    break 'pages;
                }
                let (event, sensitive) = reading.measured(value.id, &value.fact)?;
                if sensitive && !reading.selection.sensitive {
                    reasons.sensitive += 1;
                    continue;
                }
                let source = reading.source(&event, value.fact.said_by.as_deref())?;
                shown.push((value, source, sensitive));
            }
            if !is_full {
                break;
            }
        }
        let name = quantity(id).map_or(id, |known| language.pick(known.japanese, known.english));
        let sensitive = shown.iter().any(|(.., sensitive)| *sensitive);
        let source = shown.first().map(|(_, source, _)| source.clone());
        let points = shown.iter().map(|(value, ..)| point_view(value, language)).collect();
        lines.extend(line_of(name, points, source, language).map(|line| ClinicLine { sensitive, ..line }));
    }
    let first = from.map(|day| day.first_day());
    let last = until.map(|day| day.last_day());
    if let Some(page) = days(reading.vault, reading.person, id, (first, last), None, language)? {
        let source = language.pick("自己測定（家庭）", "measured at home").to_owned();
        more |= page.days.len() > reading.values;
        lines.extend(line_of(&page.name, page.days.into_iter().take(reading.values).collect(), Some(source), language));
        // Nothing is told of days outside, where a page would have to be read for it.
        if (first.is_some() || last.is_some())
            && days(reading.vault, reading.person, id, (None, None), None, language)?.is_some_and(|all| {
                all.next.is_some()
                    || all.days.iter().any(|day| !is_within(day.date.as_deref().and_then(|day| day.parse().ok()), from, until))
            })
        {
            reasons.outside = true;
        }
    }
    Ok((lines, reasons, more))
}

fn is_within(day: Option<PartialDate>, from: Option<PartialDate>, until: Option<PartialDate>) -> bool {
    if from.is_none() && until.is_none() {
        return true;
    }
    let Some(day) = day else { return false };
    from.is_none_or(|from| day.last_day() >= from.first_day()) && until.is_none_or(|until| day.first_day() <= until.last_day())
}

/// The line of values that come the newest first.
fn line_of(name: &str, values: Vec<PointView>, source: Option<String>, language: Language) -> Option<ClinicLine> {
    let newest = values.first()?;
    let mark = mark_of(newest);
    let mut value = newest.value.clone();
    if let Some(unit) = &newest.unit {
        value.extend([" ", unit]);
    }
    if let Some(mark) = mark {
        value.extend([" ", mark.sign()]);
    }
    let earlier: Vec<String> = values
        .iter()
        .skip(1)
        .take(WRITTEN)
        .map(|point| format!("{} {}", point.date.as_deref().unwrap_or(language.pick("日付なし", "no date")), point.value))
        .collect();
    if !earlier.is_empty() {
        value.push_str(&words::before(&earlier, language));
    }
    let records: Vec<PointId> = values.iter().map(|point| point.record).collect();
    let date = newest.date.clone();
    let mut trend = values;
    trend.reverse();
    Some(ClinicLine { title: name.to_owned(), value: Some(value), date, source, trend, mark, records, ..ClinicLine::default() })
}
