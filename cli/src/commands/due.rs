//! `due`: what is to be done within twelve months, as a list and as a calendar file.

use techo_core::{
    present::{self, DueRow, DueView, dose_status_text, kind_name},
    record::Person,
};

use super::{door, find_person, now};
use crate::{
    Session,
    args::Due,
    calendar::{Entry, calendar},
    exit::{Exit, Failure, file_failure},
    json,
    terminal::{Page, plain},
    words::{Word, say},
    write_new,
};

pub(super) fn due(session: &Session, arguments: &Due) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let people = match &arguments.person {
        Some(name) => vec![find_person(&vault, name, session)?],
        None => vault.people()?,
    };
    if people.is_empty() {
        return Err(Failure::new(Exit::NothingFound, Word::NoPeople.text(session.language)));
    }
    let moment = now();
    let on = arguments.on.map_or_else(|| moment.with_timezone(&chrono::Local).date_naive(), |day| day.first_day());
    let mut views: Vec<(Person, DueView)> = Vec::new();
    for person in people {
        let view = present::due(&vault, person.id, on, session.language)?;
        views.push((person, view));
    }
    let mut all: Vec<(&Person, &DueRow)> = views.iter().flat_map(|(person, view)| view.rows.iter().map(move |row| (person, row))).collect();
    all.sort_by_key(|(_, row)| (row.date, row.until));
    if let Some(path) = &arguments.calendar {
        let entries: Vec<Entry> = all.iter().map(|(person, row)| entry(session, arguments.plain_words, person, row)).collect();
        write_new(path, calendar(&entries, moment).as_bytes()).map_err(|error| file_failure(path, &error))?;
    }
    let mut page = Page::open(session.surface);
    if session.json {
        for (person, row) in &all {
            session.line(&mut page, &json::line(&line(person, row)))?;
        }
    } else {
        table(session, &mut page, &all)?;
        if let Some((_, view)) = views.first() {
            session.line(&mut page, &plain(&view.note))?;
        }
        if let Some(path) = &arguments.calendar {
            session.line(&mut page, &say(Word::CalendarWritten, session.language, &[("path", &path.display().to_string())]))?;
        }
    }
    session.finish(page)?;
    Ok(Exit::Done)
}

fn line<'a>(person: &'a Person, row: &'a DueRow) -> json::DueLine<'a> {
    json::DueLine {
        id: &row.id,
        person: &person.name,
        date: row.date.to_string(),
        kind: row.kind.id(),
        title: &row.title,
        status: row.status.id(),
        until: row.until.map(|day| day.to_string()),
        rule: row.rule,
        source: row.source,
    }
}

fn table(session: &Session, page: &mut Page, all: &[(&Person, &DueRow)]) -> Result<(), Failure> {
    if all.is_empty() {
        return session.line(page, Word::NothingDue.text(session.language));
    }
    let headings = [Word::ColumnDate, Word::ColumnUntil, Word::ColumnPerson, Word::ColumnKind, Word::ColumnTitle, Word::ColumnCourse];
    let mut table = session.table(&headings, Word::ColumnValue);
    for (person, row) in all {
        let (date, until) = (row.date.to_string(), row.until.map(|day| day.to_string()).unwrap_or_default());
        let kind = kind_name(row.kind, session.language);
        table.row([date.as_str(), until.as_str(), &person.name, kind, &row.title, dose_status_text(row.status, session.language)]);
    }
    session.lines(page, &table.lines(session.surface.columns))
}

/// What a calendar says: no word about health and nobody's name, unless it is asked for.
fn entry(session: &Session, plain_words: bool, person: &Person, row: &DueRow) -> Entry {
    let id = format!("{} {}", person.id, row.id);
    let quiet = Word::DayToLook.text(session.language);
    let text = if plain_words { format!("{} {}", person.name, row.title) } else { quiet.to_owned() };
    Entry { id, day: row.date, text, merges: !plain_words }
}
