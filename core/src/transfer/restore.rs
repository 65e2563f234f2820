//! A new vault from a backup. It is built in a directory beside its place and renamed into it when it is whole, so that
//! a restore that fails or is killed leaves nothing where the vault should be.

use std::{fs, io, path::Path};

use chrono::{DateTime, Utc};

use super::{
    ArchiveImport, Progress, TransferError, act,
    archive::{check_archive, note_hand_over, restore_into},
    output::{directory_of, sync_directory},
};
use crate::{
    base::Passphrase,
    vault::{Act, NewSlots, PersonRoot, Vault},
};

/// Makes a new vault in `dir` from a backup or any other archive: the same people, documents, originals, records and
/// ledger, under a new key with new slots. *Long.*
///
/// `dir` must be missing or empty. The archive is checked from end to end before anything is made, and the new vault is
/// read through and compared with the archive's roots before it is given its place. It is closed when this returns.
pub fn restore(
    dir: &Path,
    slots: &NewSlots<'_>,
    path: &Path,
    passphrase: Option<&Passphrase>,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveImport, TransferError> {
    refuse_occupied(dir)?;
    let checked = check_archive(path, passphrase, progress)?;
    if checked.slice.is_some() {
        return Err(TransferError::OnlySlice);
    }
    let parent = directory_of(dir);
    fs::create_dir_all(parent)?;
    let aside = tempfile::Builder::new().prefix(".techo-restore-").tempdir_in(parent)?;
    let unfinished = aside.path().join("unfinished");
    let vault = Vault::create(&unfinished, slots)?;
    let restored = restore_into(&vault, path, passphrase, progress)?;
    let roots: Vec<PersonRoot> =
        restored.people.iter().map(|one| PersonRoot { person: one.person, records: one.records, root: one.root }).collect();
    let is_same = roots.len() == checked.people.len() && roots.iter().zip(&checked.people).all(|(one, other)| one.root == other.root);
    if !is_same || restored.documents_new != checked.documents {
        return Err(TransferError::Changed);
    }
    act::note(&vault, now, Act::Restored, "techo", &roots)?;
    note_hand_over(&vault, &restored, &roots, now)?;
    if !vault.check_records()?.is_empty() {
        return Err(TransferError::Internal(8));
    }
    vault.lock();
    drop(vault);
    refuse_occupied(dir)?;
    // An empty directory gives way to the vault; one that is not empty any more makes the rename fail.
    match fs::remove_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => fs::rename(&unfinished, dir)?,
    }
    sync_directory(parent)?;
    Ok(restored)
}

/// Nothing is restored over a vault, nor into a directory that holds anything at all.
fn refuse_occupied(dir: &Path) -> Result<(), TransferError> {
    let mut entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(TransferError::NotEmpty),
        Err(error) => return Err(error.into()),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    Err(if Vault::is_at(dir) { TransferError::VaultExists } else { TransferError::NotEmpty })
}
