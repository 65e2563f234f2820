//! `timeline`, `show`, `history` and `search`.

use techo_core::{
    base::PersonId,
    present::{self, RecordView},
    record::{Person, Standing},
    terms::same_unit,
    vault::{EventId, FactId, PAGE, TimelinePage, Vault},
};

use super::{Names, door, find_person, one_person};
use crate::{
    Session, args,
    chart::{Band, Chart, ChartPoint, Line},
    exit::{Exit, Failure, file_failure},
    json, svg,
    terminal::{Mark, Page, Side, Table, plain},
    trend,
    words::{Word, say},
};

/// Rows shown at first where nobody said how many.
const FIRST_ROWS: u32 = 100;

pub(super) fn timeline(session: &Session, arguments: &args::Timeline) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let names = Names::of(&vault)?;
    let mut page = Page::open(session.surface);
    timeline_page(session, &mut page, &vault, &names, arguments)?;
    session.finish(page)?;
    Ok(Exit::Done)
}

/// The timeline on a page that is open.
pub(super) fn timeline_page(
    session: &Session,
    page: &mut Page,
    vault: &Vault,
    names: &Names,
    arguments: &args::Timeline,
) -> Result<(), Failure> {
    let person = arguments.person.as_deref().map(|name| find_person(vault, name, session)).transpose()?;
    // A program that reads JSON wants everything unless it says otherwise; a person wants a screenful at a time.
    let mut wanted = arguments.limit.unwrap_or(if session.json { u32::MAX } else { FIRST_ROWS });
    let headings = [
        Word::ColumnDate,
        Word::ColumnKind,
        Word::ColumnTitle,
        Word::ColumnRecords,
        Word::ColumnSource,
        Word::ColumnPerson,
        Word::ColumnId,
    ];
    let mut table = session.table(&headings, Word::ColumnRecords);
    let (mut after, mut shown) = (None, 0_usize);
    let more = loop {
        let query = TimelinePage {
            person: person.as_ref().map(|person| person.id),
            kind: arguments.kind,
            from: arguments.from,
            until: arguments.until,
            after,
            limit: wanted.min(PAGE),
        };
        let view = present::timeline(vault, &query, session.language)?;
        for row in &view.rows {
            shown += 1;
            wanted -= 1;
            let name = names.name(row.person);
            if session.json {
                let line = json::TimelineLine {
                    id: row.id.to_string(),
                    person: name,
                    date: row.date.as_deref(),
                    kind: row.kind.id(),
                    title: &row.title,
                    records: row.records.into(),
                    source: row.source.as_deref(),
                    document: row.document.to_string(),
                };
                session.line(page, &json::line(&line))?;
            } else {
                let records = row.records.to_string();
                let source = row.source.as_deref().unwrap_or("");
                table.row([row.date_text.as_str(), row.kind_name, &row.title, &records, source, name, &row.id.to_string()]);
            }
        }
        after = view.next;
        if wanted == 0 || after.is_none() {
            break after.is_some();
        }
    };
    if !session.json {
        if shown == 0 {
            session.line(page, Word::NothingYet.text(session.language))?;
        } else {
            session.lines(page, &table.lines(session.surface.columns))?;
        }
        if more {
            session.line(page, Word::More.text(session.language))?;
        }
    }
    Ok(())
}

pub(super) fn show(session: &Session, arguments: &args::Show) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let names = Names::of(&vault)?;
    let mut page = Page::open(session.surface);
    if let Ok(id) = arguments.id.parse::<EventId>() {
        let (event, records) = present::event(&vault, id, session.language)?;
        if session.json {
            for record in &records {
                session.line(&mut page, &record_json(record, &names))?;
            }
        } else {
            let heading = [
                present::date_text(event.day, session.language),
                present::kind_name(event.kind, session.language).to_owned(),
                event.title,
                event.place.unwrap_or_default(),
                names.name(event.person).to_owned(),
            ];
            session.line(&mut page, &plain(&heading.join("  ")))?;
            session.line(&mut page, "")?;
            session.lines(&mut page, &records_table(session, &records, None).lines(session.surface.columns))?;
            session.lines(&mut page, &doubts(session, &records))?;
        }
    } else {
        let id: FactId = arguments.id.parse().map_err(|_| Failure::new(Exit::NothingFound, arguments.id.clone()))?;
        let record = present::record(&vault, id, session.language)?;
        if session.json {
            session.line(&mut page, &record_json(&record, &names))?;
        } else {
            session.lines(&mut page, &sheet(session, &record, &names))?;
        }
    }
    session.finish(page)?;
    Ok(Exit::Done)
}

pub(super) fn search(session: &Session, arguments: &args::Search) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let names = Names::of(&vault)?;
    let person = arguments.person.as_deref().map(|name| find_person(&vault, name, session)).transpose()?;
    let mut page = Page::open(session.surface);
    let found = search_page(session, &mut page, &vault, &names, &arguments.words.join(" "), person.map(|person| person.id));
    session.finish(page)?;
    found.map(|()| Exit::Done)
}

/// What a search finds, on a page that is open.
pub(super) fn search_page(
    session: &Session,
    page: &mut Page,
    vault: &Vault,
    names: &Names,
    words: &str,
    person: Option<PersonId>,
) -> Result<(), Failure> {
    let (mut after, mut shown) = (None, 0_usize);
    loop {
        let (records, next) = present::search(vault, words, person, after, PAGE, session.language)?;
        shown += records.len();
        if session.json {
            for record in &records {
                session.line(page, &record_json(record, names))?;
            }
        } else if !records.is_empty() {
            session.lines(page, &records_table(session, &records, Some(names)).lines(session.surface.columns))?;
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    if shown == 0 {
        return Err(Failure::new(Exit::NothingFound, say(Word::NoHit, session.language, &[("words", words)])));
    }
    Ok(())
}

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

fn record_json(record: &RecordView, names: &Names) -> String {
    json::line(&json::RecordLine {
        id: record.record.map_or_else(|| record.event.to_string(), |id| id.to_string()),
        person: names.name(record.person),
        date: record.date.as_deref(),
        kind: record.kind.id(),
        title: &record.title,
        value: record.value.as_deref(),
        unit: record.unit.as_deref(),
        code: record.code.as_deref(),
        system: record.system.as_deref(),
        source: record.source.as_deref(),
        document: record.document.to_string(),
        place: record.place.as_deref(),
        standing: standing_id(record.standing),
    })
}

const fn standing_id(standing: Standing) -> &'static str {
    match standing {
        Standing::Understood => "understood",
        Standing::NotUnderstood => "not_understood",
        Standing::Quarantined(_) => "quarantined",
    }
}

/// A table of records; with `names` each line says when, and whose it is.
fn records_table(session: &Session, records: &[RecordView], names: Option<&Names>) -> Table {
    let plain_headings = [Word::ColumnTitle, Word::ColumnValue, Word::ColumnUnit, Word::ColumnDoubt, Word::ColumnId];
    let long_headings = [
        Word::ColumnDate,
        Word::ColumnTitle,
        Word::ColumnValue,
        Word::ColumnUnit,
        Word::ColumnDoubt,
        Word::ColumnSource,
        Word::ColumnPerson,
        Word::ColumnId,
    ];
    let headings: &[Word] = if names.is_some() { &long_headings } else { &plain_headings };
    let mut table = session.table(headings, Word::ColumnValue);
    for record in records {
        let id = record.record.map_or_else(|| record.event.to_string(), |id| id.to_string());
        let doubt = if record.standing.is_understood() { "" } else { Mark::Doubtful.sign() };
        let (value, unit) = (record.value.as_deref().unwrap_or(""), record.unit.as_deref().unwrap_or(""));
        match names {
            Some(names) => {
                let source = record.source.as_deref().unwrap_or("");
                table.row([record.date_text.as_str(), &record.title, value, unit, doubt, source, names.name(record.person), &id]);
            }
            None => table.row([record.title.as_str(), value, unit, doubt, &id]),
        }
    }
    table
}

/// What is said about the records that are not simply understood, once each.
fn doubts(session: &Session, records: &[RecordView]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for record in records {
        if let Some(text) = record.standing_text {
            lines.push(format!("{} {}: {text}", Mark::Doubtful.shown(session.surface), plain(&record.title)));
        }
    }
    lines
}

/// One record with everything about it.
fn sheet(session: &Session, record: &RecordView, names: &Names) -> Vec<String> {
    let value = format!("{} {}", record.value.as_deref().unwrap_or(""), record.unit.as_deref().unwrap_or(""));
    let mut lines = vec![
        format!("{}  {}", plain(&record.title), plain(value.trim())),
        plain(&[record.date_text.as_str(), record.kind_name, names.name(record.person), record.source.as_deref().unwrap_or("")].join("  ")),
    ];
    if let Some(text) = record.standing_text {
        lines.push(format!("{} {text}", Mark::Doubtful.shown(session.surface)));
    }
    lines.push(String::new());
    let mut table = Table::new(&[("", Side::Left), ("", Side::Left)]);
    for detail in &record.details {
        table.row([detail.label, &detail.text]);
    }
    table.row([Word::ColumnDocument.text(session.language), &record.document.to_string()]);
    lines.extend(table.lines(None).into_iter().skip(1));
    lines
}
