//! `attach`, `hide`, `unhide`, `sensitive`: what a person decides about a record or an event without changing it.

use std::path::Path;

use techo_core::{
    formats::health_card::KeySet,
    intake::{self, Incoming, Outcome, Permissions, Subject, take_in},
    record::{ChangeKind, Person},
    terms::Kind,
    transfer::read_incoming,
    vault::{DocumentId, EventId, FactId, Given, Vault},
};

use super::{door, export, import, now, pen::Desk, scan::Gate};
use crate::{
    Session,
    args::{Attach, Decide, MarkSensitive, PenArgs},
    exit::{Exit, Failure},
};

pub(super) fn hide(session: &Session, arguments: &Decide) -> Result<Exit, Failure> {
    let (vault, subject, person) = of(session, &arguments.id)?;
    desk(session, &vault, &person, &arguments.pen).written(Kind::Other, &[], |_, pen| intake::keep_hidden(&vault, subject, pen))
}

pub(super) fn unhide(session: &Session, arguments: &Decide) -> Result<Exit, Failure> {
    let (vault, subject, person) = of(session, &arguments.id)?;
    let taken_back = ChangeKind::KeepHidden;
    desk(session, &vault, &person, &arguments.pen).written(Kind::Other, &[], |_, pen| intake::take_back(&vault, subject, taken_back, pen))
}

pub(super) fn sensitive(session: &Session, arguments: &MarkSensitive) -> Result<Exit, Failure> {
    let (vault, subject, person) = of(session, &arguments.id)?;
    desk(session, &vault, &person, &arguments.pen).written(Kind::Other, &[], |_, pen| {
        if arguments.undo {
            intake::take_back(&vault, subject, ChangeKind::MarkSensitive, pen)
        } else {
            intake::mark_sensitive(&vault, subject, pen)
        }
    })
}

pub(super) fn attach(session: &Session, arguments: &Attach) -> Result<Exit, Failure> {
    let (vault, subject, person) = of(session, &arguments.id)?;
    let document = match arguments.document.parse::<DocumentId>() {
        Ok(document) => document,
        Err(_) => taken(session, &vault, &person, arguments)?,
    };
    desk(session, &vault, &person, &arguments.pen).written(Kind::Other, &[], |_, pen| intake::attach(&vault, subject, document, pen))
}

/// The file, taken in as a document of the same person; or the document that it is already.
fn taken(session: &Session, vault: &Vault, person: &Person, arguments: &Attach) -> Result<DocumentId, Failure> {
    let file = Path::new(&arguments.document);
    let bytes = import::whole(read_incoming(file).map_err(export::of_file(file))?, file)?;
    Gate::of(session, &arguments.scan)?.pass(file, &mut bytes.as_slice())?;
    let given = Given { title: arguments.title.clone(), day: arguments.on };
    let may = Permissions { digits_checked: arguments.pen.consent.yes, document: Some(&given), ..Permissions::default() };
    let incoming = Incoming { bytes: &bytes, name: file.file_name().and_then(|name| name.to_str()), now: now() };
    let mut outcomes: Vec<Outcome> = Vec::new();
    take_in(vault, person, incoming, &KeySet::new(now().timestamp()), may, &mut |outcome| outcomes.push(outcome));
    let mut documents = Vec::new();
    for outcome in outcomes {
        documents.extend(outcome.result.map_err(|error| Failure::refused(&error, session.language))?.document);
    }
    // A container of several is not one document beside a record.
    match documents.as_slice() {
        [only] => Ok(*only),
        _ => Err(Failure::from(Exit::NotReadable).of_file(file)),
    }
}

fn of(session: &Session, id: &str) -> Result<(Vault, Subject, Person), Failure> {
    let vault = door::open(session)?;
    let (subject, person) = match (id.parse::<FactId>(), id.parse::<EventId>()) {
        (Ok(record), _) => (Subject::Record(record), vault.fact(record)?.event.person),
        (_, Ok(event)) => (Subject::Event(event), vault.event(event)?.person),
        _ => return Err(Failure::new(Exit::NothingFound, id)),
    };
    let person = vault.person(person)?;
    Ok((vault, subject, person))
}

const fn desk<'a>(session: &'a Session, vault: &'a Vault, person: &'a Person, pen: &'a PenArgs) -> Desk<'a> {
    Desk { session, vault, person, pen }
}
