//! Out of one family's notebook into another: the coming-of-age hand-over of everything about one person, and the slice that
//! one parent shares with the other. Nothing ends here but what was read back from the disk and compared.

use std::{cell::RefCell, path::Path};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ArchiveContent, Choice, Exported, HandOverMark, Progress, TransferError, act,
    archive::{Scope, check_archive, write_archive, write_slice},
    choice::{Chooser, Count},
    output,
};
use crate::{
    base::{PartialDate, Passphrase, PersonId},
    intake,
    vault::{Act, Erased, Erasure, PersonRoot, SliceMark, Vault},
};

/// Whose records are handed over, by whom and when.
#[derive(Clone, Copy, Debug)]
pub struct HandOver<'a> {
    /// Whose.
    pub person: PersonId,
    /// Who hands them over, as they write it.
    pub from: &'a str,
    /// The day.
    pub on: NaiveDate,
    /// Whether they are to stay in this vault as well, by what the person agreed to.
    pub keeps: bool,
}

/// Full years of age on a day; none before the birth.
pub fn years_on(born: PartialDate, on: NaiveDate) -> Option<u32> {
    on.years_since(born.first_day())
}

/// Writes everything about one person, sealed, and reads it back: only when the root of what lies on the disk is the vault's does the
/// file get its name. Nothing is erased: where the records are not to stay, [`end_access`] is called next, and only then. *Long.*
///
/// # Errors
/// `Vault(PresenceNeeded)`; `NoSpace`, `Io`, `Damaged`: there is no file then, and nothing has changed.
pub fn hand_over(
    vault: &Vault,
    of: HandOver<'_>,
    out: &Path,
    passphrase: &Passphrase,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveContent, TransferError> {
    vault.require_presence(now)?;
    let mark = HandOverMark { from: of.from.to_owned(), on: PartialDate::Day(of.on), kept: of.keeps };
    let scope = Scope { person: Some(of.person), hand_over: Some(mark), ..Scope::default() };
    let report = RefCell::new(progress);
    let content = output::write_whole(
        out,
        |file| write_archive(vault, &scope, file, Some(passphrase), &mut **report.borrow_mut()),
        |path, written| {
            let read = check_archive(path, Some(passphrase), &mut **report.borrow_mut())?;
            if read != written || read.people != act::roots(vault, Some(of.person))? {
                return Err(TransferError::Damaged("what was read back"));
            }
            act::note(vault, now, Act::Exported, "techo", &written.people)?;
            Ok(written)
        },
    )?;
    if of.keeps {
        act::note_of(vault, now, Act::HandedOver, ("techo", Some("kept")), &content.people)?;
    }
    Ok(content)
}

/// Ends the access of this vault to somebody whose records were handed over: erases the person here, for good. The file is
/// read once more, from its first byte to its last, and must be a hand-over that holds everything that is here now. *Long.*
///
/// # Errors
/// What reading the file can meet, and `Changed` where the file lacks anything that is here, or holds anybody else:
/// nothing was erased then.
pub fn end_access(
    vault: &Vault,
    person: PersonId,
    archive: &Path,
    passphrase: &Passphrase,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Erased, TransferError> {
    vault.require_presence(now)?;
    let content = check_archive(archive, Some(passphrase), progress)?;
    if content.slice.is_some() {
        return Err(TransferError::OnlySlice);
    }
    let roots: Vec<PersonRoot> = act::roots(vault, Some(person))?;
    // The root is of records; decisions without any, and parts that wait for others, are counted besides.
    let holds_all = content.people == roots
        && content.documents == vault.document_ids(person)?.len() as u64
        && content.waiting == vault.parts_in_waiting(person)?.len() as u64;
    if content.hand_over.is_none() || !holds_all {
        return Err(TransferError::Changed);
    }
    let erased = vault.erase(Erasure::Person(person), now)?;
    // What it stood before is shown in its place; should that not be possible now, the next opening does it.
    intake::reconcile(vault).ok();
    act::note_of(vault, now, Act::HandedOver, ("techo", Some("ended")), &[])?;
    Ok(erased)
}

/// Says that the records stay here after all.
///
/// # Errors
/// `Vault`.
pub fn keep_access(vault: &Vault, person: PersonId, now: DateTime<Utc>) -> Result<(), TransferError> {
    act::note_of(vault, now, Act::HandedOver, ("techo", Some("kept")), &act::roots(vault, Some(person))?)
}

/// Writes the chosen records of one person as a sealed slice for another notebook, and reads it back. `mark` says from whom, of
/// which day, and whether it is growth only. *Long.*
///
/// # Errors
/// `Vault(PresenceNeeded)`; `PersonNeeded` where the choice names nobody; `NothingToWrite`; `NoSpace`, `Io`.
pub fn export_slice(
    vault: &Vault,
    choice: &Choice<'_>,
    mark: &SliceMark,
    out: &Path,
    passphrase: &Passphrase,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    vault.require_presence(now)?;
    let person = choice.person.ok_or(TransferError::PersonNeeded)?;
    let roots = act::roots(vault, Some(person))?;
    let chooser = Chooser::of(vault, choice, person)?;
    let report = RefCell::new(progress);
    output::write_whole(
        out,
        |file| {
            let mut count = Count::default();
            write_slice(&chooser, (person, mark), file, passphrase, &mut count, &mut **report.borrow_mut())?;
            Ok(count)
        },
        |path, count| {
            let read = check_archive(path, Some(passphrase), &mut **report.borrow_mut())?;
            if read.slice.as_ref() != Some(mark) {
                return Err(TransferError::Damaged("what was read back"));
            }
            let done = count.report(&roots);
            act::note(vault, now, Act::Exported, "techo-slice", &done.people)?;
            Ok(done)
        },
    )
}
