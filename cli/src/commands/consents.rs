//! `consents` and `withdraw`: what was permitted, and taking it back.

use techo_core::{
    consent::{Basis, ConsentId, Purpose, Wish},
    intake,
    present::{self, ConsentLine, Language},
    vault::{ConsentRecord, ConsentStanding},
};

use super::{Names, door, fetch::Farewell, instant, ledger::local, now};
use crate::{
    Session, args,
    exit::{Exit, Failure},
    json,
    terminal::{Page, ask, plain},
    words::{Word, say},
};

pub(super) fn consents(session: &Session) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let (names, records) = (Names::of(&vault)?, vault.consents()?);
    let mut page = Page::open(session.surface);
    let shown = records.iter().try_for_each(|record| {
        if session.json {
            session.line(&mut page, &json::line(&line(record, &names, session.language)))
        } else {
            session.lines(&mut page, &told(&present::consent_line(&names.0, record, session.language)))
        }
    });
    session.finish(page)?;
    shown?;
    if records.is_empty() && !session.json {
        session.print(Word::NoConsents.text(session.language))?;
    }
    Ok(Exit::Done)
}

fn line<'a>(record: &'a ConsentRecord, names: &'a Names, language: Language) -> json::ConsentLine<'a> {
    let request = record.request.as_ref();
    let receipt = record.receipt.as_ref();
    let wishes = |wishes: &[Wish]| wishes.iter().map(json::WishLine::from).collect();
    json::ConsentLine {
        id: record.id.to_string(),
        person: record.subject.map(|id| names.name(id)).filter(|name| !name.is_empty()),
        standing: standing_id(record.standing()),
        basis: request.map(|request| basis_id(request.actor.basis)),
        actor: request.and_then(|request| request.actor.person).map(|id| names.name(id)).filter(|name| !name.is_empty()),
        purpose: request.map(|request| purpose_id(request.purpose)),
        operator: request.map(|request| language.pick(&request.operator.japanese, &request.operator.english)),
        items: request.map(|request| wishes(&request.wishes)).unwrap_or_default(),
        granted: receipt.map(|receipt| receipt.granted.iter().map(|wish| wish.item.id()).collect()).unwrap_or_default(),
        declined: receipt.map(|receipt| receipt.declined.iter().map(|item| item.id()).collect()).unwrap_or_default(),
        asked: record.asked.map(instant),
        answered: record.answered.map(instant),
        begun: record.begun.map(instant),
        ended: record.ended.as_ref().map(|end| instant(end.at)),
        withdrawn: record.withdrawn.map(|withdrawal| instant(withdrawal.at)),
        documents: record.documents.iter().map(ToString::to_string).collect(),
    }
}

fn told(consent: &ConsentLine) -> Vec<String> {
    let at = consent.asked.map(|at| local(&instant(at))).unwrap_or_default();
    let mut lines = vec![format!("{at}  {}  {}  {}", plain(&consent.name), consent.standing_text, consent.id)];
    lines.extend(consent.about.iter().map(|about| format!("    {}", plain(about))));
    lines
}

pub(super) const fn basis_id(basis: Basis) -> &'static str {
    match basis {
        Basis::OwnCard => "own_card",
        Basis::ChildsCard => "childs_card",
        Basis::RegisteredProxy => "registered_proxy",
    }
}

pub(super) const fn purpose_id(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Keep => "keep",
        Purpose::Show => "show",
    }
}

const fn standing_id(standing: ConsentStanding) -> &'static str {
    match standing {
        ConsentStanding::Asked => "asked",
        ConsentStanding::Declined => "declined",
        ConsentStanding::Granted => "granted",
        ConsentStanding::Fetching => "fetching",
        ConsentStanding::Fetched => "fetched",
        ConsentStanding::Ended => "ended",
        ConsentStanding::LeftOpen => "left_open",
        ConsentStanding::Withdrawn => "withdrawn",
    }
}

pub(super) fn withdraw(session: &Session, arguments: &args::Withdraw) -> Result<Exit, Failure> {
    let vault = if arguments.erase { door::open_present(session)? } else { door::open(session)? };
    let unknown = || Failure::new(Exit::NothingFound, arguments.id.clone());
    let id: ConsentId = arguments.id.parse().map_err(|_| unknown())?;
    let record = vault.consents()?.into_iter().find(|record| record.id == id).ok_or_else(unknown)?;
    if arguments.erase && !arguments.consent.yes {
        let question = say(Word::AskWithdrawErase, session.language, &[("documents", &record.documents.len().to_string())]);
        if !ask(&question, session.language).unwrap_or(false) {
            return Err(Exit::Declined.into());
        }
    }
    // Asked before anything is erased: afterwards the ledger no longer says whose exports they were.
    let cannot_reach = present::out_of_reach(&vault, &record, session.language)?;
    let farewell = Farewell::take(&vault, id);
    let withdrawn = vault.withdraw_consent(id, arguments.erase, now())?;
    intake::reconcile(&vault).ok();
    // What counts is done; the relay forgets by itself, too, only later.
    let relay_told = withdrawn.running_fetch_ended.then(|| farewell.tell());
    if session.json {
        let line = json::WithdrawLine {
            id: &arguments.id,
            was_already: withdrawn.was_already,
            documents: withdrawn.documents.into(),
            records: withdrawn.records,
            erased: withdrawn.erased,
            running_fetch_ended: withdrawn.running_fetch_ended,
            relay_told,
            cannot_reach,
        };
        session.print(&json::line(&line))?;
        return Ok(Exit::Done);
    }
    for line in present::withdrawn_text(&withdrawn, relay_told, session.language) {
        session.print(&plain(&line))?;
    }
    // What to do on a command line about what the core has said.
    if relay_told == Some(false) {
        session.print(Word::RelayNotTold.text(session.language))?;
    }
    if withdrawn.documents > 0 && !withdrawn.erased {
        session.print(&say(Word::CameByItStays, session.language, &[("id", &arguments.id)]))?;
    }
    if !cannot_reach.is_empty() {
        session.print(present::out_of_reach_title(session.language))?;
        for line in &cannot_reach {
            session.print(&format!("  {}", plain(line)))?;
        }
    }
    Ok(Exit::Done)
}
