//! What can go wrong with the vault, sorted by what somebody would do about it. Every text is safe to log: numbers and
//! kinds only, never a person's data, a path, or another library's words.

use std::io;

/// What happened to the vault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    // The person must act.
    /// The vault was locked; open it again.
    #[error("the vault is locked")]
    Locked,
    /// The key, passphrase, device secret or recovery code does not open this vault.
    #[error("this key does not open the vault")]
    WrongKey,
    /// The vault has no slot of the kind that was given.
    #[error("the vault has no such key slot")]
    KeyUnavailable,
    /// There is no vault in this directory.
    #[error("there is no vault here")]
    VaultMissing,
    /// There is already a vault in this directory, and nothing is created over it.
    #[error("there is already a vault here")]
    VaultExists,
    /// Another process has the vault open.
    #[error("another process has the vault open")]
    VaultInUse,
    /// The vault was written by a newer version of Techo.
    #[error("the vault has schema version {found}, this program knows {known}")]
    VaultTooNew {
        /// The version found in the file.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The disk is full. Nothing was written; the vault goes on once there is room.
    #[error("no space left on the disk")]
    NoSpace,
    /// There is no such person, document, event or record.
    #[error("there is nothing with this id")]
    NotFound,
    /// There is a person with this id already.
    #[error("this person is in the vault already")]
    PersonExists,
    /// One event or one day holds more than the vault can number.
    #[error("more records than one event can hold")]
    TooManyFacts,
    /// The vault was opened to rescue its content and takes no changes.
    #[error("the vault is open for reading only")]
    ReadOnly,
    /// There is no loss to accept: the vault is whole.
    #[error("the vault is whole, nothing is lost")]
    NothingLost,
    /// Whoever asks must show again that they are the person: [`super::Vault::confirm_presence`].
    #[error("the person must confirm that it is they who ask")]
    PresenceNeeded,
    /// The ledger has no such question and answer: nobody was asked, or something else was answered.
    #[error("the ledger has no such consent")]
    ConsentNeeded,
    /// The consent was answered otherwise, used or withdrawn already.
    #[error("the consent was answered, used or withdrawn already")]
    ConsentSpent,
    /// The yes is too old, or from the future. Nothing was written.
    #[error("the consent has expired")]
    GrantExpired,
    /// A fetch for this person has not ended yet.
    #[error("another fetch for this person is running")]
    FetchRunning,

    // Somebody else is wrong.
    /// Sealed bytes are not from our relay, not for this fetch, or not whole.
    #[error("the seal does not fit")]
    SealForged,

    // The files are wrong.
    /// The vault's file is empty.
    #[error("the vault file is empty")]
    VaultEmpty,
    /// Bytes of the vault are not what was written.
    #[error("the vault is damaged")]
    VaultDamaged,
    /// The vault is older than its anchor says: acknowledged changes are missing.
    #[error("the vault is older than its anchor: {missing} changes are missing")]
    VaultRolledBack {
        /// How many acknowledged changes are missing.
        missing: u64,
    },
    /// The vault has another history than its anchor.
    #[error("the vault has another history than its anchor")]
    VaultForked,
    /// The anchor is missing, unreadable, or too old to vouch for the vault.
    #[error("nothing vouches for the vault")]
    VaultUnproven,

    /// A stored record is not in a form that any version wrote.
    #[error("a stored record cannot be decoded")]
    Codec,

    // The system or the build is wrong.
    /// The SQL engine is not `SQLCipher` and would write clear text.
    #[error("the database engine does not encrypt")]
    NotSqlCipher,
    /// The operating system gave no random bytes.
    #[error("the system has no random bytes to give")]
    NoRandomness,
    /// Reading or writing a file failed.
    #[error("input or output failed: {0:?}")]
    Io(io::ErrorKind),
    /// `SQLite` answered with this extended result code.
    #[error("database error {0}")]
    Sqlite(i32),
    /// Our own mistake, by a number that is unique in the source.
    #[error("internal error {0}")]
    Internal(u16),
}

// SQLite's message text can quote our SQL and our data, so only the number crosses this line.
impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error() {
            Some(e) if e.code == ErrorCode::DiskFull => Self::NoSpace,
            Some(e) if matches!(e.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::VaultDamaged,
            Some(e) => Self::Sqlite(e.extended_code),
            None => Self::Sqlite(rusqlite::ffi::SQLITE_MISUSE),
        }
    }
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::NoSpace,
            other => Self::Io(other),
        }
    }
}

impl From<crate::base::NoRandomness> for VaultError {
    fn from(_: crate::base::NoRandomness) -> Self {
        Self::NoRandomness
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn no_text_of_sqlite_leaves_the_room() {
        crate::vault::connection::begin_engine().unwrap();
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let error = conn.execute_batch("SELECT marker_73b1 FROM nowhere").unwrap_err();
        assert!(error.to_string().contains("nowhere"));
        let ours = VaultError::from(error);
        assert_eq!(ours, VaultError::Sqlite(1));
        assert!(!format!("{ours} {ours:?}").contains("nowhere"));
    }

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        assert_eq!(VaultError::from(io::Error::from(io::ErrorKind::StorageFull)), VaultError::NoSpace);
        assert_eq!(VaultError::from(io::Error::from(io::ErrorKind::PermissionDenied)), VaultError::Io(io::ErrorKind::PermissionDenied));
    }
}
