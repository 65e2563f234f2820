//! The open vault: one connection behind one mutex, reads, writes that return only when committed *and* anchored,
//! and `lock`, after which nothing of it is left in memory.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
    thread::JoinHandle,
    time::Duration,
};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, InterruptHandle, Transaction, TransactionBehavior};

use super::{
    VaultError,
    anchor::{Change, Position},
    cache::Cache,
    directory::{Directory, Epoch, Lock},
    envelope::Envelope,
    keys::Keys,
    watch::{self, Stop},
    witness::Witness,
};
use crate::base::VaultKey;

/// An open vault. It is closed by [`Vault::lock`] or by dropping it.
pub struct Vault {
    pub(super) shared: Arc<Shared>,
    interrupt: Mutex<InterruptHandle>,
    watcher: Mutex<Option<JoinHandle<()>>>,
    cache: Mutex<Cache>,
    /// When the person last confirmed that it is they who ask.
    present: Mutex<Option<DateTime<Utc>>>,
}

/// What the background check shares with the vault.
pub(super) struct Shared {
    open: Mutex<Option<Open>>,
    pub(super) stop: Stop,
}

/// What exists only while the vault is unlocked. Fields are dropped in this order: the lock goes last.
pub(super) struct Open {
    pub(super) conn: Connection,
    pub(super) role: Role,
    pub(super) place: Option<Holding>,
    /// The background check found a page that is not the one we wrote.
    pub(super) is_distrusted: bool,
}

/// What may be done with the connection.
pub(super) enum Role {
    /// Everything; each write is witnessed.
    Witnessed(Box<Witness>),
    /// Reading from a vault that could not be proven.
    Rescue,
    /// The benchmark's plain file.
    #[cfg(feature = "plain-baseline")]
    Plain { generation: u64 },
}

/// Where the open vault lies and what opens it.
pub(super) struct Holding {
    pub(super) directory: Directory,
    pub(super) epoch: Epoch,
    pub(super) path: std::path::PathBuf,
    pub(super) envelope: Envelope,
    pub(super) key: VaultKey,
    pub(super) keys: Keys,
    /// Held for its lock; `None` while an epoch is built under somebody else's lock.
    pub(super) lock: Option<Lock>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    pub(super) fn from_open(open: Open) -> Self {
        let interrupt = Mutex::new(open.conn.get_interrupt_handle());
        Self {
            interrupt,
            shared: Arc::new(Shared { open: Mutex::new(Some(open)), stop: Stop::default() }),
            watcher: Mutex::new(None),
            cache: Mutex::default(),
            present: Mutex::default(),
        }
    }

    /// Begins to check the page root in the background. A vault that fails it answers `VaultDamaged` from then on.
    pub(super) fn watched(self) -> Self {
        self.watch();
        self
    }

    pub(super) fn watch(&self) {
        self.shared.stop.begin();
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = watch::begin(&self.shared);
    }

    /// Ends the background check and waits until it has.
    pub(super) fn end_watch(&self) {
        self.shared.stop.stop();
        let watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watcher) = watcher {
            // It only ever ends: a panic in it would have left the vault as it is.
            watcher.join().ok();
        }
    }

    /// From now on [`Vault::lock`] interrupts this connection.
    pub(super) fn set_interrupt(&self, open: &Open) {
        *self.interrupt.lock().unwrap_or_else(PoisonError::into_inner) = open.conn.get_interrupt_handle();
    }

    /// Reads with the one connection. Statements should come from `prepare_cached`. Quick.
    ///
    /// # Errors
    /// `Locked` after [`Vault::lock`], `VaultDamaged` when a page was not what we wrote, otherwise what `work` answers.
    pub(in crate::vault) fn read<R>(&self, work: impl FnOnce(&Connection) -> Result<R, VaultError>) -> Result<R, VaultError> {
        let mut guard = self.shared.held();
        let open = guard.as_mut().ok_or(VaultError::Locked)?;
        open.refuse_distrusted()?;
        let result = work(&open.conn);
        self.shared.explain(result, &open.conn)
    }

    /// Writes in one transaction: all of `work` or nothing. When this returns `Ok`, the change is committed and
    /// anchored on the disk. When the anchor alone fails, the change may still be found there later.
    ///
    /// # Errors
    /// `Locked` after [`Vault::lock`], `NoSpace` on a full disk, `ReadOnly` in a rescue, otherwise what `work` answers.
    pub(in crate::vault) fn write<R>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<R, VaultError>) -> Result<R, VaultError> {
        let mut guard = self.shared.held();
        let open = guard.as_mut().ok_or(VaultError::Locked)?;
        open.refuse_distrusted()?;
        let change = open.role.next_change()?;
        let result = commit(&mut open.conn, &change, work);
        let result = self.shared.explain(result, &open.conn)?;
        open.role.acknowledge(change)?;
        if let Role::Witnessed(witness) = &mut open.role
            && witness.wants_checkpoint()
        {
            // The change is acknowledged already; a checkpoint that finds no room is tried again with the next change.
            witness.checkpoint(&open.conn).ok();
        }
        Ok(result)
    }

    /// [`Vault::read`] with what the vault remembers between calls.
    pub(in crate::vault) fn read_cached<R>(
        &self,
        work: impl FnOnce(&Connection, &mut Cache) -> Result<R, VaultError>,
    ) -> Result<R, VaultError> {
        self.read(|connection| work(connection, &mut self.remembered()))
    }

    /// [`Vault::write`] with what the vault remembers between calls. After a write that failed it remembers nothing,
    /// for it may have learned row numbers that were rolled back.
    pub(in crate::vault) fn write_cached<R>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Cache) -> Result<R, VaultError>,
    ) -> Result<R, VaultError> {
        let result = self.write(|tx| work(tx, &mut self.remembered()));
        if result.is_err() {
            self.remembered().forget();
        }
        result
    }

    /// When the person last confirmed that it is they who ask; forgotten with the lock.
    pub(super) const fn present(&self) -> &Mutex<Option<DateTime<Utc>>> {
        &self.present
    }

    fn remembered(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the write-ahead log into the vault file now. After an erasure this is what removes the last copy of the
    /// erased pages from the log. Does nothing in a rescue.
    ///
    /// # Errors
    /// `NoSpace` when the vault file cannot grow; nothing is lost then.
    pub(in crate::vault) fn checkpoint(&self) -> Result<(), VaultError> {
        let mut guard = self.shared.held();
        let open = guard.as_mut().ok_or(VaultError::Locked)?;
        if let Role::Witnessed(witness) = &mut open.role { witness.checkpoint(&open.conn) } else { Ok(()) }
    }

    /// How far the history goes, for a shell to keep in the platform's keystore. Instant.
    ///
    /// # Errors
    /// `Locked` after [`Vault::lock`]; `ReadOnly` in a rescue, which has no proven history.
    pub fn position(&self) -> Result<Position, VaultError> {
        self.with(|open| if let Role::Witnessed(witness) = &open.role { Ok(witness.tip().position()) } else { Err(VaultError::ReadOnly) })
    }

    /// Closes the vault: a running statement is interrupted, the file closed, the key wiped. Later calls answer
    /// `Locked`. Quick.
    pub fn lock(&self) {
        self.shared.stop.stop();
        // Again and again, because work that is interrupted may begin its next statement.
        let mut guard = loop {
            self.interrupt.lock().unwrap_or_else(PoisonError::into_inner).interrupt();
            match self.shared.open.try_lock() {
                Ok(guard) => break guard,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        let open = guard.take();
        drop(guard);
        self.remembered().forget();
        *self.present().lock().unwrap_or_else(PoisonError::into_inner) = None;
        if let Some(open) = open {
            open.close();
        }
        self.end_watch();
    }

    /// Waits until the background check that began with the opening is through. Whoever shows something and then ends,
    /// as a command does, waits first: before the verdict a whole but older page can be read. *Long* for a large vault.
    ///
    /// # Errors
    /// `VaultDamaged` when the vault does not add up to its anchor; `Locked` after [`Vault::lock`].
    pub fn await_check(&self) -> Result<(), VaultError> {
        let watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watcher) = watcher {
            watcher.join().ok();
        }
        self.with(|open| open.refuse_distrusted())
    }

    /// Takes what is open out of the vault, without closing it.
    pub(super) fn take_open(&self) -> Result<Open, VaultError> {
        self.shared.stop.stop();
        self.shared.held().take().ok_or(VaultError::Locked)
    }

    /// Runs `work` on what is open.
    pub(super) fn with<R>(&self, work: impl FnOnce(&mut Open) -> Result<R, VaultError>) -> Result<R, VaultError> {
        work(self.shared.held().as_mut().ok_or(VaultError::Locked)?)
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.lock();
    }
}

impl Shared {
    pub(super) fn held(&self) -> MutexGuard<'_, Option<Open>> {
        // Work that panicked was rolled back when its transaction was dropped, so the vault itself is sound.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what a bare SQL error means here.
    fn explain<R>(&self, result: Result<R, VaultError>, conn: &Connection) -> Result<R, VaultError> {
        use rusqlite::ffi::{SQLITE_ERROR, SQLITE_INTERRUPT};
        match result {
            Err(VaultError::Sqlite(SQLITE_INTERRUPT)) if self.stop.is_stopped() => Err(VaultError::Locked),
            // SQLCipher answers SQLITE_ERROR for a page whose HMAC does not fit, and from then on for every page.
            Err(VaultError::Sqlite(SQLITE_ERROR)) if conn.query_row("SELECT count(*) FROM meta", [], |_| Ok(())).is_err() => {
                Err(VaultError::VaultDamaged)
            }
            other => other,
        }
    }
}

impl Open {
    fn refuse_distrusted(&self) -> Result<(), VaultError> {
        if self.is_distrusted { Err(VaultError::VaultDamaged) } else { Ok(()) }
    }

    fn close(mut self) {
        if let Role::Witnessed(witness) = &mut self.role
            && self.conn.is_autocommit()
            && !self.is_distrusted
        {
            // If it fails, the log stays and the next opening finds everything in it.
            witness.checkpoint(&self.conn).ok();
        }
    }
}

#[cfg(test)]
impl Open {
    /// Adds up the page root again from the disk, for a test to time.
    pub(super) fn rescan(&self) -> Result<(), VaultError> {
        let Role::Witnessed(witness) = &self.role else { return Err(VaultError::ReadOnly) };
        let root = super::page::scan(witness.main(), witness.root_key(), witness.tip().pages, witness.overlay())?;
        if root == witness.tip().root { Ok(()) } else { Err(VaultError::VaultDamaged) }
    }
}

impl Role {
    /// What the next change writes about itself; refuses where nothing may be written.
    fn next_change(&mut self) -> Result<Change, VaultError> {
        match self {
            Self::Witnessed(witness) => {
                witness.settle()?;
                witness.next_change()
            }
            Self::Rescue => Err(VaultError::ReadOnly),
            #[cfg(feature = "plain-baseline")]
            Self::Plain { generation } => Ok(Change { generation: *generation + 1, previous: [0; 32], nonce: [0; 16] }),
        }
    }

    fn acknowledge(&mut self, change: Change) -> Result<(), VaultError> {
        match self {
            Self::Witnessed(witness) => witness.acknowledge(change),
            Self::Rescue => Err(VaultError::ReadOnly),
            #[cfg(feature = "plain-baseline")]
            Self::Plain { generation } => {
                *generation = change.generation;
                Ok(())
            }
        }
    }
}

fn commit<R>(
    conn: &mut Connection,
    change: &Change,
    work: impl FnOnce(&Transaction<'_>) -> Result<R, VaultError>,
) -> Result<R, VaultError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = work(&tx)?;
    let generation = i64::try_from(change.generation).map_err(|_| VaultError::Internal(16))?;
    tx.prepare_cached("UPDATE meta SET generation = ?1, previous = ?2, nonce = ?3 WHERE only_row = 1")?.execute((
        generation,
        change.previous,
        change.nonce,
    ))?;
    tx.commit()?;
    Ok(result)
}
