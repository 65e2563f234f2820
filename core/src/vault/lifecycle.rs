//! How a vault comes to be, is opened, is rescued, and goes on in a new epoch.

use std::path::Path;

use rusqlite::Transaction;

use super::{
    VaultError,
    anchor::{Anchor, Position},
    connection::{self, Mode},
    directory::{Directory, Epoch, Kept, Lock},
    engine::{Holding, Open, Role, Vault},
    envelope::Envelope,
    epoch::{self, Beginning, Owner},
    keys::Keys,
    migrate::{self, MIGRATIONS, Migration},
    open::{self, Proven, Sealed},
    recover,
    salvage::{self, Salvaged},
    slot::{NewSlots, Slot, Unlock},
    witness::MAIN,
};
use crate::base::{VaultKey, make_random};

impl Vault {
    /// Creates a new, empty vault in `dir`, which is made if it is missing, and opens it. Long: stretches the passphrase.
    ///
    /// # Errors
    /// `VaultExists` when there is one already; `KeyUnavailable` when `slots` is empty.
    pub fn create(dir: &Path, slots: &NewSlots<'_>) -> Result<Self, VaultError> {
        Self::create_filled(dir, slots, |_| Ok(()))
    }

    /// Creates a vault that appears in `dir` only when `fill` has succeeded and every page has been checked: a
    /// restored backup is there whole or not at all. Long.
    ///
    /// # Errors
    /// As [`Vault::create`], and whatever `fill` answers; there is no vault in `dir` then.
    pub fn create_filled<E: From<VaultError>>(
        dir: &Path,
        slots: &NewSlots<'_>,
        fill: impl FnOnce(&Self) -> Result<(), E>,
    ) -> Result<Self, E> {
        let directory = Directory::new(dir);
        directory.prepare_for_creation()?;
        let lock = directory.lock()?;
        // Again, now that nobody else can: another process may have created one in between.
        directory.prepare_for_creation()?;
        directory.remove_unfinished()?;
        let epoch = Epoch::first()?;
        let (key, id, salt) = (new_key()?, random()?, random()?);
        let keys = Keys::derive(&key, &id)?;
        let envelope = Envelope { revision: 1, id, salt, check: keys.check, slots: Slot::all(&key, &id, slots)? };
        let owner = Owner { directory: &directory, envelope: &envelope, key: &key, keys: &keys };
        epoch::build(&owner, epoch, &Beginning::Empty, None, |conn| migrate::migrate(conn, MIGRATIONS))?;

        let unfinished = directory.unfinished_path(epoch);
        let filling = open_sealed(directory, epoch, unfinished.clone(), None, (envelope, key, keys), MIGRATIONS.len(), None)?.0;
        fill(&filling)?;
        let holding = filling.end()?;
        let owner = Owner { directory: &holding.directory, envelope: &holding.envelope, key: &holding.key, keys: &holding.keys };
        epoch::prove(&owner, epoch, &unfinished)?;
        holding.directory.publish(epoch)?;
        let Holding { directory, envelope, key, keys, .. } = holding;
        let path = directory.epoch_path(epoch);
        Ok(open_sealed(directory, epoch, path, Some(lock), (envelope, key, keys), MIGRATIONS.len(), None)?.0)
    }

    /// Opens the vault in `dir`; never creates one. Quick with a key, long with a passphrase.
    ///
    /// # Errors
    /// One variant per different thing to do; whatever it is, every file is as it was.
    pub fn open(dir: &Path, unlock: Unlock<'_>) -> Result<Self, VaultError> {
        Self::open_with(dir, unlock, MIGRATIONS, None)
    }

    /// Opens the vault and expects it to be at least as far as `seen`, which a shell kept in the platform's keystore.
    ///
    /// # Errors
    /// As [`Vault::open`]; `VaultRolledBack` and `VaultForked` also when the whole directory was put back.
    pub fn open_at_least(dir: &Path, unlock: Unlock<'_>, seen: Position) -> Result<Self, VaultError> {
        Self::open_with(dir, unlock, MIGRATIONS, Some(seen))
    }

    /// Opens without the background check, so that a test has the vault to itself.
    #[cfg(test)]
    pub(super) fn open_unwatched(dir: &Path, unlock: Unlock<'_>) -> Result<Self, VaultError> {
        Self::open_proven(dir, unlock, MIGRATIONS, None)
    }

    pub(super) fn open_with(dir: &Path, unlock: Unlock<'_>, steps: &[Migration], seen: Option<Position>) -> Result<Self, VaultError> {
        Self::open_proven(dir, unlock, steps, seen).map(Self::watched)
    }

    fn open_proven(dir: &Path, unlock: Unlock<'_>, steps: &[Migration], seen: Option<Position>) -> Result<Self, VaultError> {
        let directory = Directory::new(dir);
        let epoch = directory.current()?;
        let lock = directory.lock()?;
        // Read again under the lock: another process may just have begun a new epoch.
        let epoch = if directory.current()? == epoch { epoch } else { directory.current()? };
        let path = directory.epoch_path(epoch);
        open::check_files(&path)?;
        connection::prove_engine()?;
        let passphrase = if let Unlock::Passphrase(passphrase) = &unlock { Some(*passphrase) } else { None };
        let opened = Envelope::open(&path, unlock)?;
        let (vault, version) = open_sealed(directory, epoch, path, Some(lock), opened, steps.len(), seen)?;
        let vault = if version < steps.len() { vault.climb(steps)? } else { vault.tidy() };
        if let Some(passphrase) = passphrase {
            // A slot from a slower day is made as hard as today's; failing that, it still opens.
            vault.raise_work(passphrase).ok();
        }
        Ok(vault)
    }

    /// Opens what is left of a vault for reading and exporting, after `open` has refused it. Changes no file.
    ///
    /// # Errors
    /// `WrongKey`, `VaultInUse`, `VaultTooNew`; `VaultDamaged` when not even the first page can be read.
    pub fn open_for_rescue(dir: &Path, unlock: Unlock<'_>) -> Result<Self, VaultError> {
        let directory = Directory::new(dir);
        let epoch = directory.current_or_newest()?;
        let lock = directory.lock()?;
        let path = directory.epoch_path(epoch);
        open::check_files(&path)?;
        let (envelope, key, keys) = Envelope::open(&path, unlock)?;
        let conn = {
            let sealed = Sealed { path: path.clone(), epoch, envelope: &envelope, key: &key, keys: &keys };
            let conn = rescue_connection(&sealed)?;
            // What is shown is read in today's schema; the files are not ours to migrate now.
            if migrate::version(&conn, MIGRATIONS.len())? < MIGRATIONS.len() {
                drop(conn);
                recover::in_todays_schema(|| rescue_connection(&sealed))?
            } else {
                conn
            }
        };
        let place = Holding { directory, epoch, path, envelope, key, keys, lock: Some(lock) };
        Ok(Self::from_open(Open { conn, role: Role::Rescue, place: Some(place), is_distrusted: false }))
    }

    /// Accepts that changes are lost: sets the damaged epoch aside and begins a new one from what is readable. `ledger`
    /// runs in the new epoch's last transaction and says so there; it also fills again what can be derived, because
    /// full-text tables arrive empty. Long.
    ///
    /// # Errors
    /// `NothingLost` when the vault is sound; otherwise as [`Vault::open_for_rescue`]. The old epoch is kept.
    pub(in crate::vault) fn accept_loss_with(
        dir: &Path,
        unlock: Unlock<'_>,
        ledger: impl FnOnce(&Transaction<'_>, &Salvaged) -> Result<(), VaultError>,
    ) -> Result<(Self, Salvaged), VaultError> {
        Self::accept_loss_from(dir, unlock, MIGRATIONS, ledger)
    }

    pub(super) fn accept_loss_from(
        dir: &Path,
        unlock: Unlock<'_>,
        steps: &[Migration],
        ledger: impl FnOnce(&Transaction<'_>, &Salvaged) -> Result<(), VaultError>,
    ) -> Result<(Self, Salvaged), VaultError> {
        let directory = Directory::new(dir);
        let old = directory.current_or_newest()?;
        let lock = directory.lock()?;
        let path = directory.epoch_path(old);
        open::check_files(&path)?;
        let (envelope, key, keys) = Envelope::open(&path, unlock)?;
        let sealed = Sealed { path: path.clone(), epoch: old, envelope: &envelope, key: &key, keys: &keys };
        if is_sound(&sealed, steps.len()) && directory.current() == Ok(old) {
            return Err(VaultError::NothingLost);
        }
        directory.remove_unfinished()?;
        let after = last_position(&sealed);
        let new = old.next()?;
        let owner = Owner { directory: &directory, envelope: &envelope, key: &key, keys: &keys };
        let mut salvaged = Salvaged::default();
        epoch::build(&owner, new, &Beginning::Empty, after, |conn| {
            migrate::migrate(conn, steps)?;
            salvaged = salvage::copy_readable(conn, || rescue_connection(&sealed))?;
            let tx = conn.transaction()?;
            ledger(&tx, &salvaged)?;
            Ok(tx.commit()?)
        })?;
        directory.publish(new)?;
        directory.keep(old, Kept::Damaged)?;
        let path = directory.epoch_path(new);
        let (vault, _) = open_sealed(directory, new, path, Some(lock), (envelope, key, keys), steps.len(), None)?;
        Ok((vault.watched(), salvaged))
    }

    /// Epochs that were set aside and still hold what they held: an erasure must remove them or name them.
    ///
    /// # Errors
    /// `Locked`, `Io`.
    pub fn kept_copies(&self) -> Result<Vec<Kept>, VaultError> {
        self.with_place(|place| Ok(place.directory.kept()?.into_iter().map(|(_, why)| why).collect()))
    }

    /// Removes epochs that were set aside for one of these reasons. Returns how many went.
    ///
    /// # Errors
    /// `Locked`, `Io`.
    pub fn remove_kept_copies(&self, reasons: &[Kept]) -> Result<usize, VaultError> {
        self.with_place(|place| place.directory.remove_kept(reasons))
    }

    pub(super) fn with_place<R>(&self, work: impl FnOnce(&mut Holding) -> Result<R, VaultError>) -> Result<R, VaultError> {
        self.with(|open| work(open.place.as_mut().ok_or(VaultError::ReadOnly)?))
    }

    /// Migrates in a new epoch, so that the old one is there, untouched, until the new one has opened once more.
    fn climb(self, steps: &[Migration]) -> Result<Self, VaultError> {
        let position = self.position()?;
        let holding = self.end()?;
        let Holding { directory, epoch: old, path, envelope, key, keys, lock } = holding;
        directory.remove_unfinished()?;
        let new = old.next()?;
        let owner = Owner { directory: &directory, envelope: &envelope, key: &key, keys: &keys };
        epoch::build(&owner, new, &Beginning::PagesOf(&path.join(MAIN)), Some(position), |conn| migrate::migrate(conn, steps))?;
        directory.publish(new)?;
        directory.keep(old, Kept::Migrated)?;
        let path = directory.epoch_path(new);
        Ok(open_sealed(directory, new, path, lock, (envelope, key, keys), steps.len(), None)?.0)
    }

    /// After a good opening: removes what an interrupted change of epoch left, and makes both envelope copies whole.
    /// Nothing here may refuse a vault that has just been proven.
    fn tidy(self) -> Self {
        self.with_place(|place| {
            place.envelope.heal(&place.path, &place.keys)?;
            place.directory.remove_unfinished()?;
            place.directory.keep_strays(place.epoch)?;
            place.directory.remove_kept(&[Kept::Migrated])
        })
        .ok();
        self
    }

    /// Checkpoints, closes, and hands back what it held. Unlike [`Vault::lock`] it reports a failed checkpoint.
    fn end(self) -> Result<Holding, VaultError> {
        self.checkpoint()?;
        self.take_open()?.place.ok_or(VaultError::Internal(20))
    }
}

/// Opens an epoch whose envelope is open; answers the vault and the schema version found.
fn open_sealed(
    directory: Directory,
    epoch: Epoch,
    path: std::path::PathBuf,
    lock: Option<Lock>,
    (envelope, key, keys): (Envelope, VaultKey, Keys),
    known: usize,
    seen: Option<Position>,
) -> Result<(Vault, usize), VaultError> {
    let sealed = Sealed { path: path.clone(), epoch, envelope: &envelope, key: &key, keys: &keys };
    let Proven { conn, witness, version } = open::prove(&sealed, known, seen)?;
    let place = Holding { directory, epoch, path, envelope, key, keys, lock };
    let open = Open { conn, role: Role::Witnessed(Box::new(witness)), place: Some(place), is_distrusted: false };
    Ok((Vault::from_open(open), version))
}

/// A connection that reads what `SQLite` can still read, and writes nothing.
fn rescue_connection(sealed: &Sealed<'_>) -> Result<rusqlite::Connection, VaultError> {
    let has_log = open::read_log(&sealed.path)?.is_some();
    let conn = open::connect(sealed, if has_log { Mode::Existing } else { Mode::Frozen })?;
    conn.execute_batch("PRAGMA query_only = ON").map_err(connection::unreadable)?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(connection::unreadable)?;
    Ok(conn)
}

/// Whether the epoch opens and every page of it is right.
fn is_sound(sealed: &Sealed<'_>, known: usize) -> bool {
    let Ok(proven) = open::prove(sealed, known, None) else { return false };
    super::verify::check(&proven.witness, sealed.key, sealed.envelope.salt).is_ok_and(|checked| checked.ok)
}

/// The furthest position that anything of the epoch still tells of, so that a new epoch never counts backwards.
fn last_position(sealed: &Sealed<'_>) -> Option<Position> {
    let anchored = Anchor::read(&sealed.path, sealed.keys).ok().map(|found| found.record.position());
    let inside = rescue_connection(sealed).ok().and_then(|conn| open::read_meta(&conn).ok());
    let inside = inside.map(|meta| Position { generation: meta.change.generation, head: meta.change.previous });
    [anchored, inside].into_iter().flatten().max_by_key(|position| position.generation)
}

fn new_key() -> Result<VaultKey, VaultError> {
    Ok(VaultKey::make()?)
}

fn random() -> Result<[u8; 16], VaultError> {
    Ok(make_random()?)
}
