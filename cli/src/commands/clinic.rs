//! `clinic`: what a doctor is shown, once, with its lines in the ledger before and behind.

use std::time::Duration;

use chrono::NaiveDate;
use techo_core::{
    formats::qr::{QUIET, Squares},
    insight::clinic::{Selection, occasions},
    present::{self, ClinicLine, ClinicSection, ClinicView, Language, TroubleKind},
    record::Person,
    transfer::{self, TransferError},
    vault::{self, Vault},
};

use super::{door, now, one_person};
use crate::{
    Session,
    args::{Clinic, ToShow},
    exit::{Exit, Failure, file_failure},
    json,
    pager::Left,
    terminal::{Mark, Page, plain},
    words::{Word, say},
};

/// Columns that most codes of a notebook need, with their border.
const WIDEST: usize = 89;

pub(super) fn clinic(session: &Session, arguments: &Clinic) -> Result<Exit, Failure> {
    let selection = selection(session, &arguments.what)?;
    let vault = door::open_present(session)?;
    let person = one_person(&vault, arguments.what.person.as_deref(), session)?;
    let language = arguments.lang_for_doctor.map_or(session.language, Language::from);
    let view = view(&vault, &person, &selection, &arguments.what, language)?;
    let showing = vault.begin_showing(&vault::ToShow { minutes: arguments.minutes, ..view.to_show() }, now())?;
    let begun = showing.begun();
    let mut page = Page::open_for(session.surface, arguments.minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60)));
    let shown = if session.json {
        lines(session, &mut page, &view)
    } else {
        screen(session, &mut page, &view).and_then(|()| codes(session, &mut page, &vault, &view, &selection))
    };
    // Whoever leaves the pager ends the showing; that the screen could not be written does not unwrite that it began.
    let left = page.finished();
    let ended = now();
    vault.end_showing(showing, ended)?;
    let left = left.map_err(|error| file_failure(std::path::Path::new("-"), &error))?;
    shown?;
    if left == Left::Closed {
        // The pager left its last page on the screen. What a terminal keeps for scrolling back is cleared where it obeys.
        session.print("\u{1b}[H\u{1b}[2J\u{1b}[3J")?;
    }
    if !session.json {
        match (arguments.minutes, left) {
            (Some(_), Left::Closed) => crate::note(Word::ShownUntilClosed.text(session.language)),
            (Some(_), Left::Written) => crate::note(Word::NotClosedByTime.text(session.language)),
            _ => {}
        }
        crate::note(&present::shown_for_text(ended.signed_duration_since(begun).num_seconds().max(0), session.language));
    }
    Ok(Exit::Done)
}

/// What was asked for on the command line.
pub(super) fn selection(session: &Session, asked: &ToShow) -> Result<Selection, Failure> {
    let mut selection = match (asked.occasion, asked.items.is_empty()) {
        (Some(occasion), true) => Selection::of(occasion),
        (None, true) => {
            let known: Vec<String> =
                occasions().iter().map(|one| format!("{} {}", one.id, session.language.pick(one.japanese, one.english))).collect();
            let known = known.join(session.language.pick("、", ", "));
            return Err(Failure::new(Exit::Usage, say(Word::OccasionNeeded, session.language, &[("known", &known)])));
        }
        (at, false) => Selection::of_items(at, &asked.items).map_err(|unknown| {
            let item = asked.items.get(unknown.0).map_or("", String::as_str);
            Failure::new(Exit::Usage, present::unknown_item_text(item, session.language))
        })?,
    };
    selection.sensitive = asked.include_sensitive;
    selection.from = asked.from;
    selection.until = asked.until;
    Ok(selection)
}

/// The view of what was asked for, on the day that was asked for or today.
pub(super) fn view(
    vault: &Vault,
    person: &Person,
    selection: &Selection,
    asked: &ToShow,
    language: Language,
) -> Result<ClinicView, Failure> {
    // The vaccination planner's missing doses go in here.
    Ok(present::clinic(vault, person.id, selection, day(asked), language)?)
}

/// The day that was asked for, or today.
pub(super) fn day(asked: &ToShow) -> NaiveDate {
    asked.on.map_or_else(|| now().with_timezone(&chrono::Local).date_naive(), |day| day.first_day())
}

fn lines(session: &Session, page: &mut Page, view: &ClinicView) -> Result<(), Failure> {
    let remark = |section, title, value| json::ClinicLine { section, title, value, date: None, source: None };
    for section in &view.sections {
        let id = section.id.id();
        for line in &section.lines {
            let line = json::ClinicLine {
                section: id,
                title: &line.title,
                value: line.value.as_deref(),
                date: line.date.as_deref(),
                source: line.source.as_deref(),
            };
            session.line(page, &json::line(&line))?;
        }
        if let Some(text) = section.left_out {
            session.line(page, &json::line(&remark("left_out", text, Some(id))))?;
        }
        if let Some(text) = section.more {
            session.line(page, &json::line(&remark("more", text, Some(id))))?;
        }
    }
    if let Some(text) = view.left_out {
        session.line(page, &json::line(&remark("left_out", text, None)))?;
    }
    session.line(page, &json::line(&remark("fetched", &view.fetched, None)))?;
    session.line(page, &json::line(&remark("note", view.note, None)))
}

fn screen(session: &Session, page: &mut Page, view: &ClinicView) -> Result<(), Failure> {
    let kana = view.kana.as_deref().map(|kana| format!("（{}）", plain(kana))).unwrap_or_default();
    let born = match view.language {
        Language::Japanese => format!("{} 生まれ", view.born),
        Language::English => format!("born {}", view.born),
    };
    session.line(page, "")?;
    session.line(page, &format!("  {}{kana}  {}  {born}", plain(&view.name), view.sex))?;
    session.line(page, &format!("  {}  {}", view.title, view.on))?;
    for section in &view.sections {
        session.line(page, "")?;
        session.line(page, &format!("■ {}", section.title))?;
        show(session, page, section)?;
    }
    session.line(page, "")?;
    if let Some(text) = view.left_out {
        session.line(page, &format!("{} {text}", Mark::Doubtful.shown(session.surface)))?;
    }
    session.line(page, &view.fetched)?;
    session.line(page, view.note)
}

/// The codes of the medicine notebook, where they belong to what is shown and the terminal can draw them.
fn codes(session: &Session, page: &mut Page, vault: &Vault, view: &ClinicView, selection: &Selection) -> Result<(), Failure> {
    if !view.code {
        return Ok(());
    }
    let Some(columns) = session.surface.columns.filter(|columns| session.surface.colours && *columns >= WIDEST) else {
        return session.line(page, &format!("\n{}", say(Word::CodesByQr, session.language, &[("columns", &WIDEST.to_string())])));
    };
    let made = match transfer::show_clinic_codes(vault, view.person, selection, view.on, now()) {
        // No medicine in these days: the screen says so already.
        Err(TransferError::NothingToWrite { .. }) => return Ok(()),
        Err(TransferError::TooMuchForCodes) => {
            return session.line(page, &format!("\n{}", TroubleKind::TooMuchForCodes.what(view.language)));
        }
        made => made?,
    };
    let text = present::codes_text(made.codes.len(), made.exported.records(), view.language);
    session.line(page, &format!("\n■ {}  {text}", present::notebook_codes_title(view.language)))?;
    for (number, code) in (1..).zip(&made.codes) {
        session.line(page, &format!("\n  {}", present::code_place_text(number, made.codes.len(), view.language)))?;
        if code.side() + 2 * QUIET > columns {
            session.line(page, &say(Word::CodesByQr, session.language, &[("columns", &(code.side() + 2 * QUIET).to_string())]))?;
            continue;
        }
        for line in drawn(code) {
            session.line(page, &line)?;
        }
    }
    session.line(page, present::shown_note(view.language))?;
    crate::note(present::codes_warning(session.language));
    Ok(())
}

/// A code of two rows a line, black on white whatever the terminal's colours are.
fn drawn(code: &Squares) -> Vec<String> {
    let side = code.side() + 2 * QUIET;
    let rows: Vec<&[bool]> = code.rows().collect();
    let is_dark = |x: usize, y: usize| {
        let at = |place: usize| place.checked_sub(QUIET);
        at(y).and_then(|y| rows.get(y)).zip(at(x)).and_then(|(row, x)| row.get(x)).is_some_and(|dark| *dark)
    };
    let square = |x: usize, y: usize| match (is_dark(x, y), is_dark(x, y + 1)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let line = |y: usize| format!("\u{1b}[38;5;16;48;5;231m{}\u{1b}[0m", (0..side).map(|x| square(x, y)).collect::<String>());
    (0..side).step_by(2).map(line).collect()
}

fn show(session: &Session, page: &mut Page, section: &ClinicSection) -> Result<(), Failure> {
    for ClinicLine { title, value, date, source, .. } in &section.lines {
        session.line(page, "")?;
        session.line(page, &format!("  {}", plain(title)))?;
        if let Some(value) = value {
            session.line(page, &format!("      {}", plain(value)))?;
        }
        let said: Vec<String> = date.iter().chain(source).map(|text| plain(text)).collect();
        session.line(page, &format!("      {}", said.join("  ")))?;
    }
    let remarks = section.empty.iter().chain(&section.more).map(|text| (*text).to_owned());
    let left_out = section.left_out.map(|text| format!("{} {text}", Mark::Doubtful.shown(session.surface)));
    for text in remarks.chain(left_out) {
        session.line(page, &format!("  {text}"))?;
    }
    Ok(())
}
