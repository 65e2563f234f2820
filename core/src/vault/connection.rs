//! A connection to the encrypted file: proved to be `SQLCipher` before it is given the key, configured the same way
//! every time, and never allowed to checkpoint, delete or create on its own.

use std::{
    fmt::Write as _,
    path::Path,
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, config::DbConfig};
use zeroize::Zeroizing;

use super::VaultError;
use crate::base::VaultKey;

/// How the file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A file that must not exist yet.
    New,
    /// An existing file, with its WAL.
    Existing,
    /// An existing file as it is, without a WAL and without any lock or write.
    Frozen,
}

/// Before the key is given: the mode that keeps the WAL index in memory, so that no `-shm` file ever exists, and the
/// engine's log switched off.
const BEFORE_KEY: &str = "PRAGMA cipher_log_level = NONE; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;";

/// `cipher_memory_security` stays off: it wipes and locks every allocation of the SQL engine, which made opening five
/// times slower (1.7 ms instead of 0.3) and ordinary work a quarter slower, and phones let a process lock little memory.
/// `SQLCipher` wipes its own key memory regardless.
const AFTER_KEY: &str = "PRAGMA cache_size = -32768; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                         PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF; \
                         PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;";

/// Opens, proves, keys and configures a connection; reads nothing yet beyond what the pragmas need.
pub(super) fn connect(path: &Path, mode: Mode, key: &VaultKey, salt: &[u8; 16]) -> Result<Connection, VaultError> {
    let conn = open(path, mode)?;
    prove_sqlcipher(&conn)?;
    restrain(&conn)?;
    conn.execute_batch(BEFORE_KEY)?;
    conn.execute_batch(&key_pragma(key, salt))?;
    conn.execute_batch(AFTER_KEY).map_err(unreadable)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// Lets `SQLCipher` begin, once in a process, before anybody opens a connection to work with.
///
/// `SQLite` calls itself initialised, and lets other threads through, *before* it runs `SQLCipher`'s own part (`SQLITE_EXTRA_INIT`
/// at the end of `sqlite3_initialize`). Whoever opens in that moment is refused its key with `SQLITE_ERROR`
/// (`sqlcipherCodecAttach` finds `sqlcipher_init` unset): with 32 threads it came about in 7 of 600 starts of a process, with 3
/// in 3 of 600. A connection that has come back from being opened has run both parts.
pub(super) fn begin_engine() -> Result<(), VaultError> {
    static HAS_BEGUN: Mutex<bool> = Mutex::new(false);
    let mut has_begun = HAS_BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    if !*has_begun {
        Connection::open_in_memory()?;
        *has_begun = true;
    }
    Ok(())
}

/// Proves the engine before anything of the vault is touched.
pub(super) fn prove_engine() -> Result<(), VaultError> {
    begin_engine()?;
    prove_sqlcipher(&Connection::open_in_memory()?)
}

/// Plain `SQLite` accepts `PRAGMA key` and writes clear text. Only `SQLCipher` answers this question.
fn prove_sqlcipher(conn: &Connection) -> Result<(), VaultError> {
    let version: Option<String> = conn.query_row("PRAGMA cipher_version", [], |row| row.get(0)).optional()?;
    version.map(|_| ()).ok_or(VaultError::NotSqlCipher)
}

/// Checkpoints are ours alone, and no statement may write the schema by the back door.
pub(super) fn restrain(conn: &Connection) -> Result<(), VaultError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(())
}

fn open(path: &Path, mode: Mode) -> Result<Connection, VaultError> {
    begin_engine()?;
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = match mode {
        Mode::New => Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE),
        Mode::Existing => Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_WRITE),
        Mode::Frozen => {
            let uri = frozen_uri(path).ok_or(VaultError::Io(std::io::ErrorKind::InvalidFilename))?;
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)
        }
    };
    Ok(conn?)
}

/// `file:` URI that tells `SQLite` the file cannot change, so that it looks for no WAL and takes no lock.
fn frozen_uri(path: &Path) -> Option<String> {
    let text = std::path::absolute(path).ok()?.to_str()?.replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b':') {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").ok()?;
        }
    }
    uri.push_str("?immutable=1");
    Some(uri)
}

/// `PRAGMA key = "x'…'"` with the raw key and the salt; wiped when dropped.
fn key_pragma(key: &VaultKey, salt: &[u8; 16]) -> Zeroizing<String> {
    let mut sql = Zeroizing::new(String::with_capacity(128));
    sql.push_str("PRAGMA key = \"x'");
    push_hex(&mut sql, key.as_bytes());
    push_hex(&mut sql, salt);
    sql.push_str("'\";");
    sql
}

fn push_hex(sql: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    for nibble in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        sql.extend(DIGITS.get(usize::from(nibble)));
    }
}

/// The key is known to be right, so whatever the first read stumbles over is damage — unless the system failed.
pub(super) fn unreadable(error: rusqlite::Error) -> VaultError {
    match VaultError::from(error) {
        // SQLCipher answers SQLITE_ERROR for a page whose HMAC does not fit.
        VaultError::Sqlite(rusqlite::ffi::SQLITE_ERROR) => VaultError::VaultDamaged,
        other => other,
    }
}
