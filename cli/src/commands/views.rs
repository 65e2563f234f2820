//! `timeline`, `show` and `search`.

use techo_core::{
    base::PersonId,
    present::{self, RecordView},
    record::Standing,
    vault::{DayId, EventId, FactId, PAGE, TimelinePage, Vault},
};

use super::{Names, door, find_person, links};
use crate::{
    Session, args,
    exit::{Exit, Failure},
    json,
    terminal::{Mark, Page, Side, Table, plain},
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
                    linked: row.linked,
                };
                session.line(page, &json::line(&line))?;
            } else {
                let records = row.records.to_string();
                let source = row.source.as_deref().unwrap_or("");
                // Told by several: how many more stands beside the institution.
                let source = match present::sources_text(row.linked, session.language) {
                    Some(more) => format!("{source} ({more})").trim_start().to_owned(),
                    None => source.to_owned(),
                };
                table.row([row.date_text.as_str(), row.kind_name, &row.title, &records, &source, name, &row.id.to_string()]);
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
        let (event, mut records) = present::event(&vault, id, session.language)?;
        // Of an event that is hidden as a whole, who asks for it sees everything.
        if event.hidden.is_none() {
            records.retain(|record| !record.is_hidden);
        }
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
            let same = links::same_event_lines(session, &present::same_event(&vault, id, session.language)?);
            if !same.is_empty() {
                session.line(&mut page, "")?;
                session.lines(&mut page, &same)?;
            }
        }
    } else if let Ok(id) = arguments.id.parse::<DayId>() {
        show_day(session, &mut page, &vault, &names, id)?;
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

/// A day of measurements with all its samples, read a page at a time.
fn show_day(session: &Session, page: &mut Page, vault: &Vault, names: &Names, id: DayId) -> Result<(), Failure> {
    let mut skip = 0;
    loop {
        let day = present::day(vault, id, skip, session.language)?;
        let date = day.date.to_string();
        if skip == 0 && !session.json {
            let heading = format!("{date}  {}  {} {}  {}  {}", day.name, day.value, day.unit, day.text, names.name(day.person));
            session.line(page, &plain(&heading))?;
            session.line(page, "")?;
        }
        if session.json {
            for sample in &day.samples {
                let line = json::SampleLine {
                    id: id.to_string(),
                    person: names.name(day.person),
                    date: date.clone(),
                    quantity: &day.quantity,
                    time: sample.time.as_deref(),
                    seconds: sample.seconds,
                    value: &sample.value,
                    unit: &day.unit,
                    written: sample.written.as_deref(),
                    source: &sample.source,
                    document: sample.document.to_string(),
                };
                session.line(page, &json::line(&line))?;
            }
        } else {
            let headings = [
                Word::ColumnTime,
                Word::ColumnValue,
                Word::ColumnUnit,
                Word::ColumnLasted,
                Word::ColumnWritten,
                Word::ColumnDevice,
                Word::ColumnDocument,
            ];
            let mut table = session.table(&headings, Word::ColumnValue);
            for sample in &day.samples {
                let seconds = if sample.seconds > 0 { sample.seconds.to_string() } else { String::new() };
                let written = sample.written.as_deref().unwrap_or("");
                let document = sample.document.to_string();
                table.row([sample.time.as_deref().unwrap_or(""), &sample.value, &day.unit, &seconds, written, &sample.source, &document]);
            }
            session.lines(page, &table.lines(session.surface.columns))?;
        }
        skip += u32::try_from(day.samples.len()).unwrap_or(u32::MAX);
        if day.samples.is_empty() || skip >= day.count {
            return Ok(());
        }
    }
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
        level: record.level,
        sensitive: record.sensitive.map(present::Sensitive::id),
        attached: record.attached.iter().filter_map(|attached| attached.document).map(|document| document.to_string()).collect(),
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
