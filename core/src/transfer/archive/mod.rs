//! The Techo archive: everything about one person or everybody in one file, canonical, with a root per person, readable
//! without this program. `docs/formats/techo-archive.md` describes it.

mod import;
mod layout;
mod read;
mod seal;
mod slice;
mod tape;
mod unseal;
mod write;

use std::{io, path::Path};

use chrono::{DateTime, Utc};

pub use import::{ArchiveImport, PersonImport, import_archive, import_archive_into};
pub(super) use import::{note_hand_over, restore_into};
pub use layout::HandOverMark;
use layout::{Head, Manifest};
pub use unseal::{ArchiveForm, archive_form, archive_form_at};
pub(super) use write::Scope;

use super::{
    Progress, Step, TransferError, act,
    choice::{Chooser, Count},
    output,
};
use crate::{
    base::{Passphrase, PersonId},
    vault::{Act, PersonRoot, SliceMark, Vault},
};

/// What an archive holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveContent {
    /// Everybody in it, with the number of their records and their root.
    pub people: Vec<PersonRoot>,
    /// Documents.
    pub documents: u64,
    /// Entries of the ledger; none where the archive is no backup.
    pub ledger: Option<u32>,
    /// It is a slice: only a part.
    pub slice: Option<SliceMark>,
    /// It hands one person's records over.
    pub hand_over: Option<HandOverMark>,
    /// Parts of split documents that wait for the others.
    pub waiting: u64,
}

impl ArchiveContent {
    fn of(manifest: &Manifest, head: Head, waiting: u64) -> Self {
        Self {
            people: manifest
                .people
                .iter()
                .map(|person| PersonRoot { person: person.id, records: person.records, root: person.root })
                .collect(),
            documents: manifest.people.iter().map(|person| person.documents).sum(),
            ledger: manifest.ledger,
            slice: head.slice,
            hand_over: head.hand_over,
            waiting,
        }
    }
}

/// Writes an archive of one person or of everybody to `out`, sealed under `passphrase` or plain without one. *Long.*
///
/// The file appears whole or not at all and replaces one of the same name. The ledger stays behind, but gets a line.
pub fn export_archive(
    vault: &Vault,
    person: Option<PersonId>,
    out: &Path,
    passphrase: Option<&Passphrase>,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveContent, TransferError> {
    vault.require_presence(now)?;
    output::write_whole(
        out,
        |file| write_archive(vault, &Scope { person, ..Scope::default() }, file, passphrase, progress),
        |_, content| {
            act::note(vault, now, Act::Exported, "techo", &content.people)?;
            Ok(content)
        },
    )
}

/// Writes the archive of everything, with the ledger, sealed, and reads it back before it gets its name. *Long.*
///
/// Decrypts what lies on the disk and checks every checksum and root; only then does the file replace one of the same
/// name, so that a backup that cannot be read never takes the place of one that can.
pub fn backup(
    vault: &Vault,
    out: &Path,
    passphrase: &Passphrase,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveContent, TransferError> {
    vault.require_presence(now)?;
    let report = std::cell::RefCell::new(progress);
    output::write_whole(
        out,
        |file| write_archive(vault, &Scope { ledger: true, ..Scope::default() }, file, Some(passphrase), &mut **report.borrow_mut()),
        |path, written| {
            let read = check_archive(path, Some(passphrase), &mut **report.borrow_mut())?;
            if read != written {
                return Err(TransferError::Damaged("what was read back"));
            }
            act::note(vault, now, Act::BackedUp, "techo", &written.people)?;
            Ok(written)
        },
    )
}

/// Reads an archive to its end, checks every checksum and root, and says what it holds. Changes nothing. *Long.*
pub fn check_archive(
    path: &Path,
    passphrase: Option<&Passphrase>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveContent, TransferError> {
    let (mut head, mut waiting) = (None, 0);
    let manifest = walk(path, passphrase, Step::Checking, progress, &mut |piece| {
        match piece {
            read::Piece::Head(found) => head = Some(found),
            read::Piece::Waiting(..) => waiting += 1,
            read::Piece::People(_) | read::Piece::Document(_) | read::Piece::Ledger(_) => {}
        }
        Ok(())
    })?;
    Ok(ArchiveContent::of(&manifest, head.ok_or(TransferError::NotAnArchive)?, waiting))
}

pub(super) fn write_archive(
    vault: &Vault,
    scope: &Scope,
    out: &mut dyn io::Write,
    passphrase: Option<&Passphrase>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveContent, TransferError> {
    let (sink, content) = write::write(vault, scope, seal::Sink::new(out, passphrase)?, progress)?;
    sink.finish()?;
    Ok(content)
}

/// Writes a slice, sealed.
pub(super) fn write_slice(
    chooser: &Chooser<'_>,
    (person, mark): (PersonId, &SliceMark),
    out: &mut dyn io::Write,
    passphrase: &Passphrase,
    count: &mut Count,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), TransferError> {
    let (sink, _) = slice::write(chooser, person, mark, seal::Sink::new(out, Some(passphrase))?, count, progress)?;
    sink.finish().map(drop)
}

/// Walks through an archive file.
fn walk(
    path: &Path,
    passphrase: Option<&Passphrase>,
    step: Step,
    progress: &mut dyn FnMut(Progress),
    take: &mut dyn FnMut(read::Piece) -> Result<(), TransferError>,
) -> Result<Manifest, TransferError> {
    let source = unseal::open(path, passphrase, None)?;
    let (read, length, cut) = (source.read, source.length, source.cut);
    let walked = read::walk(source.tar, &mut |piece| {
        progress(Progress { step, done: read.get(), of: length });
        take(piece)
    });
    if let (Err(TransferError::Truncated), Some(cut)) = (&walked, cut) {
        // Bytes put behind a sealed file look like a chunk that is cut short. Without them it would be whole.
        let is_whole = unseal::open(path, passphrase, Some(cut)).is_ok_and(|source| {
            let mut tar = source.tar;
            io::copy(&mut tar, &mut io::sink()).is_ok()
        });
        if is_whole {
            return Err(TransferError::Damaged("bytes behind the end"));
        }
    }
    let manifest = walked?;
    progress(Progress { step, done: length, of: length });
    Ok(manifest)
}
