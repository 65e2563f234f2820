//! A new epoch: built complete and aside, proved by opening it and checking every page, and only then made current.
//! Creation, migration, accepted losses and restored backups all come this way.

use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::{Connection, TransactionBehavior};

use super::{
    VaultError,
    anchor::{Anchor, Change, Position, Record},
    connection::{self, Mode},
    directory::{Directory, Epoch},
    envelope::Envelope,
    files,
    keys::Keys,
    open::{self, Sealed},
    page::{self, Overlay, PAGE},
    verify,
    wal::Place,
    witness::{self, MAIN, TAGS},
};
use crate::base::{VaultKey, make_random};

/// What a new epoch begins with.
pub(super) enum Beginning<'a> {
    /// An empty file.
    Empty,
    /// The pages of a checkpointed vault file, encrypted with the same key and salt.
    PagesOf(&'a Path),
}

/// Whose epoch it is.
pub(super) struct Owner<'a> {
    pub(super) directory: &'a Directory,
    pub(super) envelope: &'a Envelope,
    pub(super) key: &'a VaultKey,
    pub(super) keys: &'a Keys,
}

/// Builds `epoch` aside: envelope, vault, `work` on it, page tags, anchor. `after` is the history it continues.
///
/// The epoch is proved but not yet current; [`Directory::publish`] does that.
pub(super) fn build(
    owner: &Owner<'_>,
    epoch: Epoch,
    beginning: &Beginning<'_>,
    after: Option<Position>,
    work: impl FnOnce(&mut Connection) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let path = owner.directory.unfinished_path(epoch);
    fs::create_dir(&path)?;
    owner.envelope.write(&path, owner.keys)?;
    let main = path.join(MAIN);
    let mode = match beginning {
        Beginning::Empty => Mode::New,
        Beginning::PagesOf(other) => {
            fs::copy(other, &main)?;
            Mode::Existing
        }
    };
    let mut conn = connection::connect(&main, mode, owner.key, &owner.envelope.salt)?;
    conn.execute_batch("PRAGMA journal_mode = WAL")?;
    work(&mut conn)?;
    let change = begin_history(&mut conn, owner, after)?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        return Err(VaultError::Sqlite(rusqlite::ffi::SQLITE_BUSY));
    }
    conn.close().map_err(|(_, error)| error)?;
    seal(owner, epoch, &path, change)?;
    prove(owner, epoch, &path)
}

/// Opens the finished epoch as anybody would and checks every page of it.
pub(super) fn prove(owner: &Owner<'_>, epoch: Epoch, path: &Path) -> Result<(), VaultError> {
    let sealed = Sealed { path: path.to_owned(), epoch, envelope: owner.envelope, key: owner.key, keys: owner.keys };
    let proven = open::prove(&sealed, usize::MAX, None)?;
    let checked = verify::check(&proven.witness, owner.key, owner.envelope.salt)?;
    if checked.ok { Ok(()) } else { Err(VaultError::VaultDamaged) }
}

/// Says inside the vault whose it is and where its history begins.
fn begin_history(conn: &mut Connection, owner: &Owner<'_>, after: Option<Position>) -> Result<Change, VaultError> {
    let (generation, previous) = after.map_or((0, [0; 32]), |position| (position.generation, position.head));
    let change = Change { generation: generation.checked_add(1).ok_or(VaultError::Internal(17))?, previous, nonce: make_random()? };
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute("DELETE FROM meta", [])?;
    tx.execute(
        "INSERT INTO meta (only_row, vault_id, generation, previous, nonce) VALUES (1, ?1, ?2, ?3, ?4)",
        (owner.envelope.id, i64::try_from(change.generation).map_err(|_| VaultError::Internal(18))?, previous, change.nonce),
    )?;
    tx.commit()?;
    Ok(change)
}

/// Writes the page tags and the anchor of a closed, checkpointed vault file.
fn seal(owner: &Owner<'_>, epoch: Epoch, path: &Path, change: Change) -> Result<(), VaultError> {
    let main = File::options().read(true).write(true).open(path.join(MAIN))?;
    main.sync_all()?;
    let pages = u32::try_from(main.metadata()?.len() / PAGE as u64).map_err(|_| VaultError::Internal(19))?;
    let root = page::scan(&main, &owner.keys.root, pages, &Overlay::new())?;
    let mut tags = Vec::with_capacity(pages as usize * 16);
    for page in 1..=pages {
        tags.extend_from_slice(&page::tag_in(&main, page)?);
    }
    files::write_durably(path, TAGS, &tags)?;
    let start = [epoch.to_bytes().as_slice(), &change.nonce, &root.to_bytes(), &pages.to_be_bytes()].concat();
    let record = Record {
        sequence: 1,
        epoch: epoch.to_bytes(),
        id: owner.envelope.id,
        change,
        head: witness::head(&owner.keys.head, &change.previous, change.generation, &start),
        root,
        pages,
        wal: Place::default(),
    };
    Anchor::create(path, owner.keys, &record)?;
    files::sync_dir(path)?;
    Ok(())
}
