//! `erase record|document|person`: on request, for good, and saying what it cannot reach.

use techo_core::{intake, present, vault::Erasure};

use super::{card, door, find_person, now};
use crate::{
    Session,
    args::EraseCommand,
    exit::{Exit, Failure},
    json,
    terminal::{ask, plain},
    words::{Word, say},
};

pub(super) fn erase(session: &Session, what: &EraseCommand) -> Result<Exit, Failure> {
    let vault = door::open_present(session)?;
    let (of, arguments) = match what {
        EraseCommand::Record(arguments) => ("record", arguments),
        EraseCommand::Document(arguments) => ("document", arguments),
        EraseCommand::Person(arguments) => ("person", arguments),
    };
    let unknown = || Failure::new(Exit::NothingFound, arguments.id.clone());
    let (erasure, described) = match what {
        EraseCommand::Record(_) => {
            let id = arguments.id.parse().map_err(|_| unknown())?;
            let record = vault.fact(id)?;
            (Erasure::Record(id), format!("{} ({})", record.fact.title, arguments.id))
        }
        EraseCommand::Document(_) => {
            let id = arguments.id.parse().map_err(|_| unknown())?;
            let name = vault.document(id)?.about.name.unwrap_or_default();
            (Erasure::Document(id), format!("{name} ({})", arguments.id))
        }
        EraseCommand::Person(_) => {
            let person = find_person(&vault, &arguments.id, session)?;
            (Erasure::Person(person.id), person.name)
        }
    };
    let question = say(Word::AskErase, session.language, &[("what", &plain(&described))]);
    if !arguments.consent.yes && !ask(&question, session.language).unwrap_or(false) {
        return Err(Exit::Declined.into());
    }
    // Asked before the erasure: afterwards the ledger no longer says whose exports they were.
    let cannot_reach = present::copies_elsewhere(&vault, |_| true, session.language)?;
    if let Erasure::Person(person) = erasure {
        card::erase(session, person)?;
    }
    let erased = vault.erase(erasure, now())?;
    card::renew(session, &vault)?;
    // What it stood before is shown in its place; should that not be possible now, the next opening does it.
    intake::reconcile(&vault).ok();
    if session.json {
        session.print(&json::line(&json::EraseLine { erased: of, id: &arguments.id, records: erased.records, cannot_reach }))?;
        return Ok(Exit::Done);
    }
    session.print(&say(Word::Erased, session.language, &[("records", &erased.records.to_string())]))?;
    if erased.originals > 0 {
        session.print(&say(Word::OriginalsWent, session.language, &[("originals", &erased.originals.to_string())]))?;
    }
    session.print(present::out_of_reach_title(session.language))?;
    for line in &cannot_reach {
        session.print(&format!("  {}", plain(line)))?;
    }
    Ok(Exit::Done)
}
