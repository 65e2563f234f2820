//! `medicines`: what is taken on a day, one ingredient twice, what is left over.

use techo_core::present::{self, MedicinesView};

use super::{door, now, one_person};
use crate::{
    Session,
    args::Medicines,
    exit::{Exit, Failure},
    json,
    terminal::{Mark, Page, plain},
    words::{Word, say},
};

pub(super) fn medicines(session: &Session, arguments: &Medicines) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    let today = || now().with_timezone(&chrono::Local).date_naive();
    let on = arguments.on.map_or_else(today, |day| day.first_day());
    let view = present::medicines(&vault, person.id, on, arguments.hidden, session.language)?;
    let mut page = Page::open(session.surface);
    if session.json {
        lines(session, &mut page, &view, &person.name)?;
    } else {
        tables(session, &mut page, &view)?;
    }
    session.finish(page)?;
    Ok(Exit::Done)
}

fn lines(session: &Session, page: &mut Page, view: &MedicinesView, person: &str) -> Result<(), Failure> {
    let id = |place: u32| {
        let row = usize::try_from(place).ok().and_then(|place| view.rows.get(place));
        row.and_then(|row| row.sources.first()).map(|source| source.record.to_string())
    };
    for (number, row) in (0_u32..).zip(&view.rows) {
        let pairs = view.same.iter().filter(|same| same.one == number || same.other == number);
        let same = pairs.map(|same| json::SameLine {
            id: id(if same.one == number { same.other } else { same.one }).unwrap_or_default(),
            by: same.by,
            text: &same.text,
        });
        let line = json::MedicineLine {
            id: id(number),
            person,
            course: row.course.id(),
            title: &row.title,
            dose: row.dose.as_deref(),
            usage: row.usage.as_deref(),
            from: row.from.as_deref(),
            until: row.until.as_deref(),
            sources: row.sources.iter().map(|source| source.record.to_string()).collect(),
            same: same.collect(),
            unchecked: row.unchecked,
            hidden: row.hidden,
        };
        session.line(page, &json::line(&line))?;
    }
    Ok(())
}

fn tables(session: &Session, page: &mut Page, view: &MedicinesView) -> Result<(), Failure> {
    let language = session.language;
    if view.rows.is_empty() {
        session.line(page, Word::NoMedicines.text(language))?;
    } else {
        let headings = [
            Word::ColumnCourse,
            Word::ColumnTitle,
            Word::ColumnValue,
            Word::ColumnUsage,
            Word::ColumnUntil,
            Word::ColumnSource,
            Word::ColumnId,
        ];
        let mut table = session.table(&headings, Word::ColumnValue);
        for row in &view.rows {
            let places: Vec<&str> = row.sources.iter().filter_map(|source| source.place.as_deref()).collect();
            let ids: Vec<String> = row.sources.iter().map(|source| source.record.to_string()).collect();
            let (dose, usage) = (row.dose.as_deref().unwrap_or(""), row.usage.as_deref().unwrap_or(""));
            let until = row.until.as_deref().unwrap_or("");
            table.row([row.course_text, row.title.as_str(), dose, usage, until, &places.join("、"), &ids.join(" ")]);
        }
        session.lines(page, &table.lines(session.surface.columns))?;
        for text in view.same.iter().map(|same| &same.text).chain(&view.unchecked_text) {
            session.line(page, &format!("{} {}", Mark::Doubtful.shown(session.surface), plain(text)))?;
        }
    }
    for left in &view.left_over {
        let day = plain(&left.date_text);
        session.line(page, &say(Word::LeftOver, language, &[("day", &day), ("text", &plain(&left.text))]))?;
    }
    if view.hidden > 0 {
        session.line(page, &say(Word::HiddenMedicines, language, &[("count", &view.hidden.to_string())]))?;
    }
    session.line(page, &plain(&view.note))
}
