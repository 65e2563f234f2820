//! The open vault: one connection behind one mutex, reads, writes that return only when committed *and* anchored,
//! and `lock`, after which nothing of it is left in memory.

use std::{
    fs::File,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError, TryLockError},
    time::Duration,
};

use rusqlite::{Connection, InterruptHandle, Transaction, TransactionBehavior};

use super::{
    VaultError,
    cache::Cache,
    connection::{self, Mode},
    directory::{Directory, Epoch},
    envelope::Envelope,
    keys::Keys,
    migrate::{self, MIGRATIONS},
    slot::{NewSlots, Slot, Unlock},
};
use crate::base::{VaultKey, make_random};

/// An open vault. It is closed by [`Vault::lock`] or by dropping it.
pub struct Vault {
    open: Mutex<Option<Open>>,
    interrupt: InterruptHandle,
    cache: Mutex<Cache>,
}

/// What exists only while the vault is unlocked.
struct Open {
    conn: Connection,
    #[expect(dead_code, reason = "held for its lock")]
    lock: File,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    /// Creates a new vault in `dir`, which is made if it is missing. Long: stretches the passphrase.
    ///
    /// # Errors
    /// `VaultExists` when there is one already; `KeyUnavailable` when `slots` is empty.
    pub fn create(dir: &Path, slots: &NewSlots<'_>) -> Result<Self, VaultError> {
        let directory = Directory::new(dir);
        directory.prepare_for_creation()?;
        let lock = directory.lock()?;
        directory.remove_unfinished()?;
        let epoch = Epoch::first()?;
        let path = directory.unfinished_path(epoch);
        std::fs::create_dir(&path)?;
        let (key, id, salt) = (VaultKey::make()?, make_random()?, make_random()?);
        let keys = Keys::derive(&key, &id)?;
        let envelope = Envelope { revision: 1, id, salt, check: keys.check, slots: Slot::all(&key, &id, slots)? };
        envelope.write(&path, &keys)?;
        let mut conn = connection::connect(&path.join("vault"), Mode::New, &key, &salt)?;
        conn.execute_batch("PRAGMA journal_mode = WAL")?;
        migrate::migrate(&mut conn, MIGRATIONS)?;
        conn.execute("INSERT INTO meta VALUES (1, ?1, 0, x'', x'')", [id])?;
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        drop(conn);
        directory.publish(epoch)?;
        Self::from_epoch(&directory.epoch_path(epoch), &key, &salt, lock)
    }

    /// Opens the vault in `dir`; never creates one. Quick with a key, long with a passphrase.
    ///
    /// # Errors
    /// One variant per different thing to do; whatever it is, every file is as it was.
    pub fn open(dir: &Path, unlock: Unlock<'_>) -> Result<Self, VaultError> {
        let directory = Directory::new(dir);
        let epoch = directory.current()?;
        let lock = directory.lock()?;
        let path = directory.epoch_path(epoch);
        let (envelope, key, _) = Envelope::open(&path, unlock)?;
        Self::from_epoch(&path, &key, &envelope.salt, lock)
    }

    fn from_epoch(path: &Path, key: &VaultKey, salt: &[u8; 16], lock: File) -> Result<Self, VaultError> {
        let conn = connection::connect(&path.join("vault"), Mode::Existing, key, salt)?;
        migrate::version(&conn, MIGRATIONS.len())?;
        Ok(Self { cache: Mutex::default(), interrupt: conn.get_interrupt_handle(), open: Mutex::new(Some(Open { conn, lock })) })
    }

    /// Reads with the one connection. Statements should come from `prepare_cached`.
    ///
    /// # Errors
    /// `Locked` after [`Vault::lock`], otherwise what `work` answers.
    pub(in crate::vault) fn read<R>(&self, work: impl FnOnce(&Connection) -> Result<R, VaultError>) -> Result<R, VaultError> {
        let mut guard = self.held();
        let open = guard.as_mut().ok_or(VaultError::Locked)?;
        work(&open.conn)
    }

    /// Writes in one transaction: all of `work` or nothing. When this returns `Ok`, the change is committed and
    /// anchored on the disk.
    ///
    /// # Errors
    /// `Locked` after [`Vault::lock`], `NoSpace` on a full disk, otherwise what `work` answers; nothing is changed then.
    pub(in crate::vault) fn write<R>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<R, VaultError>) -> Result<R, VaultError> {
        let mut guard = self.held();
        let open = guard.as_mut().ok_or(VaultError::Locked)?;
        let tx = open.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&tx)?;
        tx.commit()?;
        Ok(result)
    }

    /// [`Vault::read`] with what the vault remembers between calls.
    pub(in crate::vault) fn read_cached<R>(
        &self,
        work: impl FnOnce(&Connection, &mut Cache) -> Result<R, VaultError>,
    ) -> Result<R, VaultError> {
        self.read(|connection| work(connection, &mut self.cache.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// [`Vault::write`] with what the vault remembers between calls. After a write that failed it remembers nothing,
    /// for it may have learned row numbers that were rolled back.
    pub(in crate::vault) fn write_cached<R>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Cache) -> Result<R, VaultError>,
    ) -> Result<R, VaultError> {
        let result = self.write(|tx| work(tx, &mut self.cache.lock().unwrap_or_else(PoisonError::into_inner)));
        if result.is_err() {
            self.cache.lock().unwrap_or_else(PoisonError::into_inner).forget();
        }
        result
    }

    /// Closes the vault: a running statement is interrupted, the file closed, the key wiped. Later calls answer `Locked`.
    pub fn lock(&self) {
        let mut guard = loop {
            self.interrupt.interrupt();
            match self.open.try_lock() {
                Ok(guard) => break guard,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        drop(guard.take());
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).forget();
    }

    fn held(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
