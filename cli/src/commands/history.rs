//! `history`: a quantity over the years, as a table, in the terminal and as a picture.

use techo_core::{present, record::Person, terms::same_unit, vault::Vault};

use super::{door, one_person};
use crate::{
    Session, args,
    chart::{Band, Chart, ChartPoint, Line},
    exit::{Exit, Failure, file_failure},
    json, svg,
    terminal::{Mark, Page},
    trend,
    words::{Word, say},
};

pub(super) fn history(session: &Session, arguments: &args::History) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    if let Some(out) = &arguments.out {
        write_svg(session, &found_history(session, &vault, &person, &arguments.quantity)?, out)?;
    }
    let mut page = Page::open(session.surface);
    let shown = history_page(session, &mut page, &vault, &person, &arguments.quantity);
    session.finish(page)?;
    shown.map(|()| Exit::Done)
}

fn found_history(session: &Session, vault: &Vault, person: &Person, quantity: &str) -> Result<present::HistoryView, Failure> {
    let found = present::history(vault, person.id, quantity, session.language)?;
    if found.series.is_empty() {
        return Err(Failure::new(Exit::NothingFound, say(Word::NoHistory, session.language, &[("quantity", quantity)])));
    }
    Ok(found)
}

/// The history of a quantity, on a page that is open.
pub(super) fn history_page(session: &Session, page: &mut Page, vault: &Vault, person: &Person, quantity: &str) -> Result<(), Failure> {
    let found = found_history(session, vault, person, quantity)?;
    for series in &found.series {
        if session.json {
            for point in &series.points {
                let line = json::HistoryLine {
                    date: point.date.as_deref(),
                    value: &point.value,
                    unit: point.unit.as_deref(),
                    code: point.code.as_deref(),
                    method: point.method.as_deref(),
                    document: point.document.to_string(),
                    series: &series.key,
                };
                session.line(page, &json::line(&line))?;
            }
        } else {
            show_series(session, series, page)?;
        }
    }
    if session.json { Ok(()) } else { session.line(page, Word::ChartNote.text(session.language)) }
}

fn show_series(session: &Session, series: &present::SeriesView, page: &mut Page) -> Result<(), Failure> {
    let chart = chart(std::slice::from_ref(series));
    let columns = session.surface.columns.unwrap_or(80);
    session.lines(page, &trend::trend(&chart, columns, session.language))?;
    let headings = [
        Word::ColumnDate,
        Word::ColumnValue,
        Word::ColumnUnit,
        Word::ColumnFlag,
        Word::ColumnReference,
        Word::ColumnMethod,
        Word::ColumnDocument,
    ];
    let mut table = session.table(&headings, Word::ColumnValue);
    for point in &series.points {
        let date = point.date.as_deref().unwrap_or("");
        let flag = mark(point).map_or("", Mark::sign);
        let range = match (point.low, point.high) {
            (Some(low), Some(high)) => format!("{low}–{high}"),
            (Some(low), None) => format!("≥{low}"),
            (None, Some(high)) => format!("≤{high}"),
            (None, None) => String::new(),
        };
        let cells = [
            date,
            &point.value,
            point.unit.as_deref().unwrap_or(""),
            flag,
            &range,
            point.method.as_deref().unwrap_or(""),
            &point.document.to_string(),
        ];
        table.row(cells);
    }
    session.lines(page, &table.lines(session.surface.columns))?;
    let left_out = series.points.iter().filter(|point| point.height.is_none()).count();
    if left_out > 0 {
        session.line(page, &say(Word::NotCharted, session.language, &[("count", &left_out.to_string())]))?;
    }
    session.line(page, "")
}

fn write_svg(session: &Session, found: &present::HistoryView, out: &std::path::Path) -> Result<(), Failure> {
    // One axis has one unit; what is in another is named and left to the table.
    let unit = |one: &present::SeriesView| one.unit.clone().unwrap_or_default();
    let first = found.series.first().map(unit).unwrap_or_default();
    let (drawn, left_out): (Vec<_>, Vec<_>) = found.series.iter().cloned().partition(|one| same_unit(&unit(one), &first));
    let picture = svg::svg(&chart(&drawn), session.language)
        .ok_or_else(|| Failure::new(Exit::NothingFound, Word::NothingToDraw.text(session.language)))?;
    crate::write_new(out, picture.as_bytes()).map_err(|error| file_failure(out, &error))?;
    if !session.json {
        crate::note(&say(Word::SvgWritten, session.language, &[("path", &out.display().to_string())]));
        for one in &left_out {
            crate::note(&say(Word::OtherUnit, session.language, &[("name", &one.name), ("unit", &unit(one))]));
        }
    }
    Ok(())
}

/// The chart of some series. The height is for the place on the paper; what is written is the value as measured.
fn chart(series: &[present::SeriesView]) -> Chart {
    let as_float = |number: rust_decimal::Decimal| number.to_string().parse::<f64>().ok();
    let lines = series
        .iter()
        .map(|one| Line {
            name: one.name.clone(),
            // The range that the newest value came with.
            band: one.points.last().and_then(|point| {
                let band = Band { low: point.low.and_then(as_float), high: point.high.and_then(as_float) };
                (band.low.is_some() || band.high.is_some()).then_some(band)
            }),
            points: one
                .points
                .iter()
                .filter_map(|point| {
                    Some(ChartPoint {
                        day: point.day_number?,
                        height: as_float(point.height?)?,
                        value: point.value.clone(),
                        mark: mark(point),
                    })
                })
                .collect(),
        })
        .collect();
    let title = match series {
        [one] => one.name.clone(),
        several => several.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("・"),
    };
    Chart { title, unit: series.iter().find_map(|one| one.unit.clone()), lines }
}

fn mark(point: &present::PointView) -> Option<Mark> {
    match point.flag.as_deref()? {
        "H" | "HH" | "HU" | ">" => Some(Mark::High),
        "L" | "LL" | "LU" | "<" => Some(Mark::Low),
        "N" => None,
        _ => Some(Mark::Abnormal),
    }
}
