//! `history`: a quantity over the years, as a table, in the terminal and as a picture.

use techo_core::{present, record::Person, vault::Vault};

use super::{door, one_person};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    json, svg,
    terminal::{Page, plain},
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
                    document: point.document.map(|document| document.to_string()),
                    series: &series.key,
                    id: point.record.to_string(),
                    home: series.home,
                };
                session.line(page, &json::line(&line))?;
            }
        } else {
            show_series(session, series, page)?;
        }
    }
    if session.json { Ok(()) } else { session.line(page, present::chart_note(session.language)) }
}

fn show_series(session: &Session, series: &present::SeriesView, page: &mut Page) -> Result<(), Failure> {
    let chart = present::series_chart(series, session.language);
    let columns = session.surface.columns.unwrap_or(80);
    session.lines(page, &trend::trend(&chart, columns, session.language))?;
    session.line(page, &plain(&chart.text))?;
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
        let flag = present::mark_of(point).map_or("", present::Mark::sign);
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
            &point.document.map_or_else(|| point.record.to_string(), |document| document.to_string()),
        ];
        table.row(cells);
    }
    session.lines(page, &table.lines(session.surface.columns))?;
    if chart.not_charted > 0 {
        session.line(page, &present::not_charted_text(chart.not_charted, session.language))?;
    }
    session.line(page, "")
}

fn write_svg(session: &Session, found: &present::HistoryView, out: &std::path::Path) -> Result<(), Failure> {
    let chart = present::chart(found, session.language);
    let picture = svg::svg(&chart, session.language)
        .ok_or_else(|| Failure::new(Exit::NothingFound, present::nothing_to_draw_text(session.language)))?;
    crate::write_new(out, picture.as_bytes()).map_err(|error| file_failure(out, &error))?;
    if !session.json {
        crate::note(&say(Word::SvgWritten, session.language, &[("path", &out.display().to_string())]));
        for one in &chart.left_out {
            crate::note(&present::left_out_text(one, session.language));
        }
    }
    Ok(())
}
