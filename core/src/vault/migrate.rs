//! The migration ladder: every schema there has ever been, oldest first. The schema version *is* the position.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::VaultError;

/// One step of the ladder.
pub(super) type Migration = fn(&Transaction<'_>) -> rusqlite::Result<()>;

/// Append, never insert, never edit one that has shipped.
pub(super) const MIGRATIONS: &[Migration] = &[
    |tx| tx.execute_batch(include_str!("migrations/0001_notebook.sql")),
    |tx| tx.execute_batch(include_str!("migrations/0002_fetches.sql")),
    |tx| tx.execute_batch(include_str!("migrations/0003_changes.sql")),
    |tx| tx.execute_batch(include_str!("migrations/0004_links.sql")),
    |tx| tx.execute_batch(include_str!("migrations/0005_samples.sql")),
    |tx| tx.execute_batch(include_str!("migrations/0006_clinical.sql")),
];

/// The schema version in the file. `VaultTooNew` when `known` steps do not reach it.
pub(super) fn version(conn: &Connection, known: usize) -> Result<usize, VaultError> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(super::connection::unreadable)?;
    match usize::try_from(found) {
        Ok(version) if version <= known => Ok(version),
        _ => Err(VaultError::VaultTooNew { found, known: u32::try_from(known).unwrap_or(u32::MAX) }),
    }
}

/// Whether the vault in the file is one with samples.
pub(super) fn has_samples(connection: &Connection) -> Result<bool, VaultError> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'samples')", [], |row| row.get(0))?)
}

/// Climbs the steps that are still missing.
pub(super) fn migrate(conn: &mut Connection, steps: &[Migration]) -> Result<(), VaultError> {
    let found = version(conn, steps.len())?;
    for (number, step) in steps.iter().enumerate().skip(found) {
        // One transaction per step, version included: a killed app resumes at a whole step.
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step(&tx)?;
        tx.pragma_update(None, "user_version", i64::try_from(number + 1).map_err(|_| VaultError::Internal(10))?)?;
        tx.commit()?;
    }
    Ok(())
}
