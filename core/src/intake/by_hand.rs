//! From a form to the notebook: a record added by hand, one put right, one taken out of sight, a change undone. Each becomes
//! an entry, and is written down as one.

use chrono::{DateTime, Utc};

use super::{IntakeError, Permissions, WrittenDown, write_down};
use crate::{
    base::PartialDate,
    insight::{FieldTrouble, Trouble, Typed, amended, event_by_hand},
    record::{Author, Entry, EntryAct, Event, Person},
    terms::{Kind, vaccines_coded},
    vault::{ChangesOf, DocumentId, EventId, FactId, TimelinePage, Vault, VaultError},
};

/// Who writes, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Pen<'a> {
    /// Who.
    pub author: &'a Author,
    /// When.
    pub now: DateTime<Utc>,
    /// What day it is where the person is.
    pub today: chrono::NaiveDate,
    /// Why.
    pub reason: Option<&'a str>,
    /// What was said yes to beforehand.
    pub may: Permissions<'a>,
}

/// What was typed into a form.
#[derive(Clone, Copy)]
pub struct Filled<'a> {
    /// What kind of record.
    pub kind: Kind,
    /// Field id and what was typed into it.
    pub values: &'a [(String, String)],
    /// Fields about which a question was asked and answered with yes.
    pub confirmed: &'a [String],
}

/// Why nothing was written down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PenError {
    /// Something is wrong with the form, or has to be asked.
    #[error("{} fields of the form are wrong or have to be asked about", .0.len())]
    Form(Vec<FieldTrouble>),
    /// It must not or cannot be kept.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// There is nothing to undo.
    #[error("there is nothing to undo")]
    NothingToUndo,
}

impl From<VaultError> for PenError {
    fn from(error: VaultError) -> Self {
        Self::Intake(error.into())
    }
}

/// Adds a record.
///
/// # Errors
/// `Form` with everything that is wrong or has to be asked; `Intake` as of [`write_down`].
pub fn add_by_hand(vault: &Vault, person: &Person, filled: Filled<'_>, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let typed = typed(person, filled, &pen);
    let event = event_by_hand(typed).map_err(PenError::Form)?;
    if !filled.confirmed.iter().any(|id| id == "on") && is_here_that_day(vault, person, &event)? {
        return Err(PenError::Form(vec![FieldTrouble { field: "on".to_owned(), trouble: Trouble::SameDay }]));
    }
    Ok(write(vault, person, EntryAct::Add { event }, pen)?)
}

/// Puts a record right: the person's own words stand in its place, and the original is as it was.
///
/// # Errors
/// As of [`add_by_hand`]; `NotFound` where there is no such record.
pub fn correct_by_hand(vault: &Vault, record: FactId, filled: Filled<'_>, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let stored = vault.fact(record)?;
    let person = vault.person(stored.event.person)?;
    let event = vault.event(stored.event.id)?.event;
    let event = amended(&event, &stored.fact, typed(&person, filled, &pen)).map_err(PenError::Form)?;
    Ok(write(vault, &person, EntryAct::Correct { target: vault.target_of_record(record)?, event }, pen)?)
}

/// Takes a record out of every list. It can be undone, and the original stays; who wants it gone erases it.
pub fn remove_record(vault: &Vault, record: FactId, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let person = vault.person(vault.fact(record)?.event.person)?;
    Ok(write(vault, &person, EntryAct::Remove { target: vault.target_of_record(record)? }, pen)?)
}

/// Takes an event with all its records out of every list.
pub fn remove_event(vault: &Vault, event: EventId, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let person = vault.person(vault.event(event)?.person)?;
    Ok(write(vault, &person, EntryAct::Remove { target: vault.target_of_event(event)? }, pen)?)
}

/// Undoes an entry: what it did counts no more. An entry that undid another can be undone too.
pub fn undo_entry(vault: &Vault, entry: DocumentId, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let changes = vault.changes(ChangesOf::Entry(entry), None, 1)?;
    let change = changes.first().filter(|change| change.undone_by.is_none()).ok_or(PenError::NothingToUndo)?;
    let person = vault.person(change.person)?;
    Ok(write(vault, &person, EntryAct::Undo { entry: change.fingerprint }, pen)?)
}

/// The newest entry that counts and undoes nothing: what a person means by "undo".
pub fn last_change(vault: &Vault, person: &Person) -> Result<Option<DocumentId>, VaultError> {
    let mut after = None;
    loop {
        let page = vault.changes(ChangesOf::Person(person.id), after, crate::vault::PAGE)?;
        let found = page.iter().find(|change| change.undone_by.is_none() && change.undoes.is_none() && change.kind.id() != "undo");
        if let Some(found) = found {
            return Ok(Some(found.entry));
        }
        let Some(last) = page.last() else { return Ok(None) };
        after = Some(last.entry);
    }
}

fn typed<'a>(person: &Person, filled: Filled<'a>, pen: &Pen<'a>) -> Typed<'a> {
    Typed {
        kind: filled.kind,
        values: filled.values,
        confirmed: filled.confirmed,
        author: &pen.author.name,
        today: pen.today,
        born: person.born,
        sex: person.sex,
        gestation: person.gestation,
    }
}

pub(super) fn write(vault: &Vault, person: &Person, act: EntryAct, pen: Pen<'_>) -> Result<WrittenDown, IntakeError> {
    let reason = pen.reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    write_down(vault, person, Entry { at: pen.now, author: pen.author.clone(), reason, act }, pen.may)
}

/// Whether a dose of the same vaccine on the same day is in the notebook: a page of the handbook typed in twice, more often
/// than not.
fn is_here_that_day(vault: &Vault, person: &Person, event: &Event) -> Result<bool, VaultError> {
    let Some(day) = event.day.filter(|_| event.kind == Kind::Vaccination) else { return Ok(false) };
    let vaccine = |event: &Event| -> Vec<&'static str> {
        let codings = event.facts.iter().flat_map(|fact| &fact.concept.codings);
        let found = codings.flat_map(|coding| vaccines_coded(coding.system.as_deref().unwrap_or(""), &coding.code));
        found.map(|vaccine| vaccine.id).collect()
    };
    let wanted = vaccine(event);
    let mut page = TimelinePage {
        person: Some(person.id),
        kind: Some(Kind::Vaccination),
        from: Some(PartialDate::Day(day.first_day())),
        until: Some(PartialDate::Day(day.last_day())),
        limit: crate::vault::PAGE,
        ..TimelinePage::default()
    };
    loop {
        let lines = vault.timeline(&page)?;
        for line in &lines {
            let other = vault.event(line.id)?.event;
            let is_same = vaccine(&other).iter().any(|id| wanted.contains(id)) || other.facts.iter().any(|fact| fact.title == event.title);
            if other.day == Some(day) && is_same {
                return Ok(true);
            }
        }
        let Some(last) = lines.last() else { return Ok(false) };
        page.after = Some(last.id);
    }
}
