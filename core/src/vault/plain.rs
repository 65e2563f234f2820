//! For the benchmark only: the same vault as a plain `SQLite` file, without key, anchor and page root, behind the same
//! type, so that the same code can be timed on both. The feature `plain-baseline` is never compiled into a shell.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    Vault, VaultError,
    connection::{begin_engine, restrain},
    engine::{Open, Role},
    open::read_meta,
};

impl Vault {
    /// Writes the content of this vault, in clear, to a new file. Long.
    ///
    /// # Errors
    /// `VaultExists` when there is a file already; `Locked`, `NoSpace`.
    pub fn export_plain(&self, path: &Path) -> Result<(), VaultError> {
        // Our connections never create a file, so the empty one is made here.
        match std::fs::File::create_new(path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(VaultError::VaultExists),
            created => created?,
        };
        let name = path.to_str().ok_or(VaultError::Io(std::io::ErrorKind::InvalidFilename))?;
        self.read(|conn| {
            // The export writes the tables behind full-text search directly, which our connections otherwise forbid.
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
            let exported = export(conn, name);
            restrain(conn)?;
            exported
        })
    }

    /// Opens a file written by [`Vault::export_plain`]. Quick.
    ///
    /// # Errors
    /// `VaultMissing`; `VaultDamaged` when it is something else.
    pub fn open_plain(path: &Path) -> Result<Self, VaultError> {
        if !path.try_exists()? {
            return Err(VaultError::VaultMissing);
        }
        begin_engine()?;
        let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        // The same settings as the vault's own, except that SQLite checkpoints by itself, as plain SQLite does.
        conn.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA journal_mode = WAL; \
             PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;",
        )?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        conn.set_prepared_statement_cache_capacity(128);
        let generation = read_meta(&conn)?.change.generation;
        Ok(Self::from_open(Open { conn, role: Role::Plain { generation }, place: None, is_distrusted: false }))
    }
}

fn export(conn: &Connection, name: &str) -> Result<(), VaultError> {
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    conn.execute("ATTACH DATABASE ?1 AS plain KEY ''", [name])?;
    let copied = conn
        .query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))
        .and_then(|()| conn.pragma_update(Some("plain"), "user_version", version));
    conn.execute_batch("DETACH DATABASE plain")?;
    Ok(copied?)
}
