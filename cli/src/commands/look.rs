//! `import --look`: what a file holds and whose it is, before anything of it is taken in. Writes nothing.

use std::path::Path;

use techo_core::{
    formats::{self, Detected, FormatId, Unread, health_card::KeySet},
    intake::{Draft, DraftDocument, DraftState, Fits},
    present::{self, refusal_text},
    transfer::read_incoming,
    vault::Vault,
};

use super::{Names, door, export, import};
use crate::{
    Session, args,
    exit::{Exit, Failure},
    json,
    terminal::{Page, plain},
};

pub(super) fn look(session: &Session, arguments: &args::Import) -> Result<Exit, Failure> {
    let keys = import::keys(session, arguments)?;
    let vault = door::open(session)?;
    let names = Names::of(&vault)?;
    let mut page = Page::open(session.surface);
    let mut exits = Vec::new();
    let looked = arguments.files.iter().try_for_each(|file| {
        exits.push(one(session, &mut page, &vault, &names, &keys, file)?);
        Ok(())
    });
    session.finish(page)?;
    looked.map(|()| exit_of(&exits))
}

/// 0 when all of it could be taken in; the trouble's own code when none could and all are alike; else the code for "some".
fn exit_of(exits: &[Exit]) -> Exit {
    match exits.first() {
        Some(first) if exits.iter().all(|exit| exit == first) => *first,
        _ => Exit::SomeRefused,
    }
}

fn one(session: &Session, page: &mut Page, vault: &Vault, names: &Names, keys: &KeySet, file: &Path) -> Result<Exit, Failure> {
    let incoming = read_incoming(file).map_err(export::of_file(file))?;
    let is_archive = formats::detect(incoming.start()) == Detected::NotRead(Unread::TechoArchive);
    // Of an archive the beginning tells all there is to tell.
    let bytes = if is_archive { incoming.start().to_vec() } else { import::whole(incoming, file)? };
    let name = file.display().to_string();
    let draft = Draft::look(vault, bytes, Some(&name), keys)?;
    let view = present::draft(vault, &draft, session.language)?;
    if session.json {
        for document in draft.documents() {
            session.line(page, &line(session, &name, document, names))?;
        }
    } else {
        for document in &view.documents {
            for (index, line) in document.lines(session.language).iter().enumerate() {
                session.line(page, &format!("{}{}", if index > 0 { "  " } else { "" }, plain(line)))?;
            }
        }
        session.line(page, &plain(&view.summary))?;
    }
    let some_refused = view.documents.iter().any(|document| document.trouble.is_some() || !document.refused.is_empty());
    Ok(match present::draft_trouble(&view) {
        Some(kind) => kind.into(),
        None if some_refused => Exit::SomeRefused,
        None => Exit::Done,
    })
}

fn line(session: &Session, file: &str, document: &DraftDocument, names: &Names) -> String {
    let name = document.member.as_ref().map_or_else(|| file.to_owned(), |member| format!("{file}!{member}"));
    let mut line = json::LookLine {
        file: &name,
        format: document.format.map(FormatId::id),
        person: None,
        fits: None,
        from: None,
        until: None,
        kinds: std::collections::BTreeMap::new(),
        records: 0,
        refused: Vec::new(),
        already_here: false,
        digits: None,
        missing: &[],
        archive: document.state == DraftState::Archive,
    };
    match &document.state {
        DraftState::Ready(reading) => {
            (line.person, line.fits) = match &reading.fits {
                Fits::One(person) => (Some(names.name(*person)), Some("one")),
                Fits::Several(_) => (None, Some("several")),
                Fits::Nobody => (None, Some("nobody")),
                Fits::Unstated => (None, Some("unstated")),
            };
            (line.from, line.until) = reading.days.map(|(from, until)| (from.to_string(), until.to_string())).unzip();
            line.kinds = reading.kinds.iter().map(|(kind, count)| (kind.id(), *count)).collect();
            line.records = reading.records;
            let reason = |reason| refusal_text(reason, session.language);
            let refused = reading.refused.iter();
            line.refused =
                refused.map(|refusal| json::RefusedLine { place: refusal.place.clone(), reason: reason(&refusal.reason) }).collect();
            line.already_here = !reading.here.is_empty();
            line.digits = reading.digits.as_deref();
        }
        DraftState::Waiting { missing, .. } => line.missing = missing,
        DraftState::Archive => {}
        DraftState::Unreadable(error) => {
            let place = error.place().unwrap_or("document").to_owned();
            line.refused = vec![json::RefusedLine { place, reason: refusal_text(error, session.language) }];
        }
    }
    json::line(&line)
}
