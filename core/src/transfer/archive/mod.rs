//! The Techo archive: everything about one person or everybody in one file, canonical, with a root per person, readable
//! without this program. `docs/formats/techo-archive.md` describes it.

mod import;
mod layout;
mod read;
mod seal;
mod tape;
mod unseal;
mod write;

use std::{io, path::Path};

use chrono::{DateTime, Utc};

pub(super) use import::restore_into;
pub use import::{ArchiveImport, PersonImport, import_archive};
use layout::Manifest;
pub use unseal::{ArchiveForm, archive_form, archive_form_at};
use write::Scope;

use super::{Progress, Step, TransferError, act, output};
use crate::{
    base::{Passphrase, PersonId},
    vault::{Act, PersonRoot, Vault},
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
}

impl ArchiveContent {
    fn of(manifest: &Manifest) -> Self {
        Self {
            people: manifest
                .people
                .iter()
                .map(|person| PersonRoot { person: person.id, records: person.records, root: person.root })
                .collect(),
            documents: manifest.people.iter().map(|person| person.documents).sum(),
            ledger: manifest.ledger,
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
        |file| write_archive(vault, &Scope { person, ledger: false }, file, passphrase, progress),
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
        |file| write_archive(vault, &Scope { person: None, ledger: true }, file, Some(passphrase), &mut **report.borrow_mut()),
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
    walk(path, passphrase, Step::Checking, progress, &mut |_| Ok(())).map(|manifest| ArchiveContent::of(&manifest))
}

fn write_archive(
    vault: &Vault,
    scope: &Scope,
    out: &mut dyn io::Write,
    passphrase: Option<&Passphrase>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveContent, TransferError> {
    let (sink, manifest) = write::write(vault, scope, seal::Sink::new(out, passphrase)?, progress)?;
    sink.finish()?;
    Ok(ArchiveContent::of(&manifest))
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
