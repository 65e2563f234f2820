//! `hand-over`: a child's records go to a vault of their own; `slice`: a part of them for the other parent's.

use chrono::NaiveDate;
use techo_core::{
    base::PartialDate,
    present::{self, Marked},
    record::Person,
    transfer::{self, Choice, TransferError},
    vault::{SliceMark, StoredDay, StoredEvent, Vault},
};

use super::{card, door, export, keep, now, one_person};
use crate::{
    Session,
    args::{self, HandOver},
    exit::{Exit, Failure},
    json,
    progress::Progress,
    terminal::{ask, plain},
    words::Word,
};

pub(super) fn hand_over(session: &Session, arguments: &HandOver) -> Result<Exit, Failure> {
    let vault = door::open_present(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    let (out, language) = (arguments.out.as_path(), session.language);
    // A file that was written before, and whose last step was not done, goes on from there.
    let goes_on = arguments.end_access && out.is_file();
    if !goes_on {
        export::refuse_existing(out)?;
    }
    let on = arguments.on.map_or_else(today, |day| day.first_day());
    let may = |question: &str| arguments.consent.yes || ask(&plain(question), language).unwrap_or(false);
    if let Some(question) = present::hand_over_question(&person.name, transfer::years_on(person.born, on), arguments.age, language)
        && !may(&question)
    {
        return Err(Exit::Declined.into());
    }
    let prompt = if goes_on { Word::AskArchivePassphrase } else { Word::AskNewArchivePassphrase };
    let passphrase = export::archive_passphrase(session, &arguments.archive, prompt)?;
    if !goes_on {
        let progress = Progress::new(Word::Writing.text(language), 1, !session.json);
        let by = by(&vault, &person, arguments.by.as_deref())?;
        let of = transfer::HandOver { person: person.id, from: &by, on, keeps: arguments.keep_access };
        transfer::hand_over(&vault, of, out, &passphrase, now(), &mut |at| progress.at(at.done, at.of)).map_err(export::of_file(out))?;
    }
    let roots = vault.roots()?.into_iter().filter(|root| root.person == person.id).collect::<Vec<_>>();
    let records = roots.iter().map(|root| root.records).sum();
    let names = super::Names::of(&vault)?;
    let lines = roots.iter().map(|root| keep::root_text(session, &names, root)).collect::<Vec<_>>();
    let tell = |ended: bool| -> Result<Exit, Failure> {
        if session.json {
            let root = roots.first().map(|root| root.root.to_string()).unwrap_or_default();
            let path = out.display().to_string();
            session.print(&json::line(&json::HandOverLine { person: person.name.clone(), path, records, root, access_ended: ended }))?;
            return Ok(Exit::Done);
        }
        let told = present::handed_over_text(&person.name, records, !ended, language);
        session.print(&format!("{}: {}", plain(&told), plain(&out.display().to_string())))?;
        lines.iter().try_for_each(|line| session.print(line))?;
        session.print(Word::HandOverHow.text(language))?;
        Ok(Exit::Done)
    };
    if !arguments.end_access {
        return tell(false);
    }
    if !may(&present::end_access_question(&person.name, records, language)) {
        transfer::keep_access(&vault, person.id, now())?;
        tell(false)?;
        return Err(Exit::Declined.into());
    }
    let progress = Progress::new(Word::Reading.text(language), 1, !session.json);
    let ended = transfer::end_access(&vault, person.id, out, &passphrase, now(), &mut |at| progress.at(at.done, at.of));
    drop(progress);
    ended.map_err(export::of_file(out))?;
    // What lies outside of the vault for the locked screen goes with the person.
    card::erase(session, person.id)?;
    card::renew(session, &vault)?;
    tell(true)
}

pub(super) fn slice(session: &Session, arguments: &args::Slice) -> Result<Exit, Failure> {
    let vault = door::open_present(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    let out = arguments.out.as_path();
    export::refuse_existing(out)?;
    let from = by(&vault, &person, arguments.by.as_deref())?;
    let mark = SliceMark { from, on: PartialDate::Day(today()), only: arguments.only.map(|only| only.id().to_owned()) };
    let sensitive = export::Sensitive::of(&vault, Some(person.id))?;
    let is_withheld = |stored: &StoredEvent, place: usize| sensitive.has(stored, place);
    let is_day_withheld = |day: &StoredDay| Marked::day_reason(day).is_some();
    let choice = Choice {
        person: Some(person.id),
        from: arguments.from,
        until: arguments.until,
        withhold: (!arguments.include_sensitive).then_some(&is_withheld),
        withhold_day: (!arguments.include_sensitive).then_some(&is_day_withheld),
        with_hidden: arguments.with_hidden,
        ..Choice::default()
    };
    let passphrase = export::archive_passphrase(session, &arguments.archive, Word::AskNewArchivePassphrase)?;
    let progress = Progress::new(Word::Writing.text(session.language), 1, !session.json);
    let done = transfer::export_slice(&vault, &choice, &mark, out, &passphrase, now(), &mut |at| progress.at(at.done, at.of));
    drop(progress);
    let done = match done {
        Err(TransferError::NothingToWrite { not_carried }) => return export::nothing_written(session, "techo-slice", &not_carried),
        done => done.map_err(export::of_file(out))?,
    };
    export::tell_written(session, &vault, &done, "techo-slice", out, present::export_text)?;
    if !session.json {
        session.print(&plain(&present::slice_text(&mark, session.language)))?;
    }
    Ok(Exit::Done)
}

fn today() -> NaiveDate {
    now().with_timezone(&chrono::Local).date_naive()
}

/// Who hands something on: as told, else the first of the notebook who is somebody else.
fn by(vault: &Vault, person: &Person, told: Option<&str>) -> Result<String, Failure> {
    if let Some(told) = told {
        return Ok(told.to_owned());
    }
    let others = vault.people()?.into_iter().find(|other| other.id != person.id);
    Ok(others.map_or_else(|| person.name.clone(), |other| other.name))
}
