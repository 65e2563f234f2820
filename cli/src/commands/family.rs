//! `forgets`, `explain` and `board`: what leaves Mynaportal and when, a checkup in plain words, the family at a glance.

use techo_core::{
    base::PartialDate,
    present::{self, ExplainView, ForgetsView},
    vault::{EventId, FactId},
};

use super::{Names, door, find_person, now};
use crate::{
    Session, args,
    exit::{Exit, Failure},
    json,
    terminal::{Page, plain},
    words::Word,
};

/// The day that is asked for, or today.
fn day(on: Option<PartialDate>) -> chrono::NaiveDate {
    on.map_or_else(|| now().with_timezone(&chrono::Local).date_naive(), |day| day.first_day())
}

pub(super) fn forgets(session: &Session, arguments: &args::Forgets) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let person = arguments.person.as_deref().map(|name| find_person(&vault, name, session)).transpose()?;
    let view = present::forgets(&vault, person.map(|person| person.id), day(arguments.on), session.language)?;
    let names = Names::of(&vault)?;
    let mut page = Page::open(session.surface);
    let shown = if session.json { forget_lines(session, &mut page, &view) } else { forget_table(session, &mut page, &view, &names) };
    session.finish(page)?;
    shown.map(|()| Exit::Done)
}

fn forget_lines(session: &Session, page: &mut Page, view: &ForgetsView) -> Result<(), Failure> {
    for row in &view.rows {
        let line = json::ForgetLine {
            id: row.event.to_string(),
            kind: row.kind.id(),
            leaves_on: row.leaves_on.map(|day| day.to_string()),
            days: row.days,
            source: row.source,
        };
        session.line(page, &json::line(&line))?;
    }
    Ok(())
}

fn forget_table(session: &Session, page: &mut Page, view: &ForgetsView, names: &Names) -> Result<(), Failure> {
    if view.rows.is_empty() {
        session.line(page, Word::NothingLeaves.text(session.language))?;
    } else {
        let headings = [
            Word::ColumnLeaves,
            Word::ColumnLeft,
            Word::ColumnPerson,
            Word::ColumnKind,
            Word::ColumnTitle,
            Word::ColumnDate,
            Word::ColumnId,
        ];
        let mut table = session.table(&headings, Word::ColumnLeft);
        for row in &view.rows {
            let leaves = row.leaves_on.map(|day| day.to_string()).unwrap_or_default();
            let (date, id) = (row.date.as_deref().unwrap_or(""), row.event.to_string());
            table.row([leaves.as_str(), &row.days_text, names.name(row.person), row.kind_name, &row.title, date, &id]);
        }
        session.lines(page, &table.lines(session.surface.columns))?;
    }
    for text in view.fetch.iter().chain([&view.note]) {
        session.line(page, &plain(text))?;
    }
    Ok(())
}

pub(super) fn explain(session: &Session, arguments: &args::Explain) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let view = match (arguments.id.parse::<EventId>(), arguments.id.parse::<FactId>()) {
        (Ok(event), _) => present::explain(&vault, event, session.language)?,
        (_, Ok(record)) => present::explain_record(&vault, record, session.language)?,
        _ => return Err(Failure::new(Exit::NothingFound, arguments.id.clone())),
    };
    let mut page = Page::open(session.surface);
    let shown = if session.json { explain_lines(session, &mut page, &view) } else { explain_text(session, &mut page, &view) };
    session.finish(page)?;
    shown.map(|()| Exit::Done)
}

fn explain_lines(session: &Session, page: &mut Page, view: &ExplainView) -> Result<(), Failure> {
    for item in &view.items {
        let line = json::ExplainLine {
            id: item.record.to_string(),
            item: &item.title,
            what: item.what,
            value: item.value.as_deref(),
            unit: item.unit.as_deref(),
            level: item.level,
            band: item.band.as_deref(),
            source: item.source,
            range: item.range.as_deref(),
            previous_date: item.previous_date.as_deref(),
            previous: item.previous.as_deref(),
            change: item.change.as_deref(),
        };
        session.line(page, &json::line(&line))?;
    }
    Ok(())
}

fn explain_text(session: &Session, page: &mut Page, view: &ExplainView) -> Result<(), Failure> {
    let head = [view.date.as_deref(), Some(view.title.as_str()), view.place.as_deref()];
    session.line(page, &plain(&head.into_iter().flatten().collect::<Vec<_>>().join("  ")))?;
    for item in &view.items {
        let (value, unit) = (item.value.as_deref().unwrap_or(""), item.unit.as_deref().unwrap_or(""));
        session.line(page, "")?;
        session.line(page, plain(&format!("{}  {value} {unit}", item.title)).trim_end())?;
        let what = item.what.unwrap_or_else(|| Word::NotExplained.text(session.language));
        for text in [Some(what), item.band.as_deref(), item.range.as_deref(), item.change_text.as_deref()].into_iter().flatten() {
            session.line(page, &format!("  {}", plain(text)))?;
        }
    }
    session.line(page, "")?;
    for note in &view.notes {
        session.line(page, &plain(note))?;
    }
    Ok(())
}

pub(super) fn board(session: &Session, arguments: &args::Board) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let rows = present::board(&vault, day(arguments.on), session.language)?;
    let mut page = Page::open(session.surface);
    if rows.is_empty() && !session.json {
        session.line(&mut page, Word::NoPeople.text(session.language))?;
    }
    for row in &rows {
        let (last, next, changed) = (row.last_checkup.as_ref(), row.next.as_ref(), row.changed.as_ref());
        if session.json {
            let line = json::BoardLine {
                person: &row.name,
                age: &row.age_text,
                last_checkup: last.map(|last| last.event.to_string()),
                last_checkup_on: last.map(|last| last.date.as_str()),
                next_due: next.map(|next| next.what.as_str()),
                next_due_on: next.map(|next| next.on.to_string()),
                next_due_status: next.map(|next| next.status),
                changed: changed.map(|changed| changed.text.as_str()),
                changed_at: changed.map(|changed| changed.at.as_str()),
                growth: row.growth.as_deref(),
            };
            session.line(&mut page, &json::line(&line))?;
            continue;
        }
        session.line(&mut page, &plain(&format!("{}  {}", row.name, row.age_text)))?;
        let none = || Word::NothingKnown.text(session.language).to_owned();
        let last = last.map_or_else(none, |last| format!("{} {}", last.date, last.title));
        let next = next.map(|next| format!("{} {}", next.on, next.what));
        let changed = changed.map_or_else(none, |changed| format!("{} {}", changed.at.get(..10).unwrap_or_default(), changed.text));
        let told = [
            (Word::BoardCheckup, Some(last)),
            (Word::BoardNext, next),
            (Word::BoardChanged, Some(changed)),
            (Word::BoardGrowth, row.growth.clone()),
        ];
        for (word, text) in told {
            if let Some(text) = text {
                session.line(&mut page, &format!("  {} {}", word.text(session.language), plain(text.trim())))?;
            }
        }
    }
    session.finish(page)?;
    Ok(Exit::Done)
}
