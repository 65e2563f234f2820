//! What can go wrong when records leave or come in as a file, sorted by what somebody would do about it. Every text is
//! safe to log: no person's data, no path, no other library's words.

use std::io;

use super::Missing;
use crate::vault::VaultError;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    // The person must act.
    /// The archive is sealed and no passphrase was given.
    #[error("the archive is sealed; its passphrase is needed")]
    PassphraseNeeded,
    /// The passphrase does not open the archive. What the file can say about itself without it is in order.
    #[error("this passphrase does not open the archive")]
    WrongPassphrase,
    /// There is no such file.
    #[error("there is no such file")]
    FileMissing,
    /// The disk is full. Nothing was written.
    #[error("no space left on the disk")]
    NoSpace,
    /// There is a vault where one was to be restored, and nothing is restored over it.
    #[error("there is already a vault here; nothing is restored over it")]
    VaultExists,
    /// There is something else where the vault was to be restored.
    #[error("the directory for the restored vault is not empty")]
    NotEmpty,

    /// A file of this format is about one person, and there are several.
    #[error("a file of this format is about one person; say whose")]
    PersonNeeded,

    /// The slice is about a person who was born on another day than the one it was to be filed for. Nothing was filed.
    #[error("the slice is about somebody else")]
    NotThisPerson,
    /// The file is a slice: a part of one person's records. No vault is made from it, and nothing ends because of it.
    #[error("the archive is a slice, which is only a part")]
    OnlySlice,

    /// Nothing of what was chosen can be in a file of this format. None was written.
    #[error("nothing of what was chosen can be in a file of this format; none was written")]
    NothingToWrite {
        /// What was chosen and why it is not carried.
        not_carried: Vec<Missing>,
    },

    /// What was chosen is more than QR codes can hold that somebody would film. None was made.
    #[error("too much for QR codes; choose fewer records")]
    TooMuchForCodes,

    // The file is wrong.
    /// The file is something else.
    #[error("not a Techo archive")]
    NotAnArchive,
    /// A newer version of Techo wrote the archive.
    #[error("the archive has version {found}, this program knows {known}")]
    TooNew {
        /// The version found.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The end of the file is missing.
    #[error("the archive is truncated: its end is missing")]
    Truncated,
    /// Bytes of the file are not what was written.
    #[error("the archive is damaged ({0})")]
    Damaged(&'static str),
    /// Whoever sealed the archive asks for more work than a phone can do.
    #[error("opening the archive asks for too much work (2^{required}, at most 2^{most} is done)")]
    TooMuchWork {
        /// The scrypt work factor asked for, as a power of two.
        required: u8,
        /// The largest that is done.
        most: u8,
    },

    // Something else is wrong.
    /// The vault changed while it was being written out, or the file while it was being read. Nothing was kept; try again.
    #[error("the content changed while it was being read; try again")]
    Changed,
    /// The vault could not do its part.
    #[error("{0}")]
    Vault(VaultError),
    /// Reading or writing a file failed.
    #[error("input or output failed: {0:?}")]
    Io(io::ErrorKind),
    /// Our own mistake, by a number that is unique in this room.
    #[error("internal error {0}")]
    Internal(u16),
}

impl From<VaultError> for TransferError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NoSpace => Self::NoSpace,
            VaultError::VaultExists => Self::VaultExists,
            other => Self::Vault(other),
        }
    }
}

impl From<io::Error> for TransferError {
    /// Our own errors pass through other libraries' readers as the inner error and come out again here.
    fn from(error: io::Error) -> Self {
        use io::ErrorKind;
        if let Some(own) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return own.clone();
        }
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::NoSpace,
            ErrorKind::NotFound => Self::FileMissing,
            other => Self::Io(other),
        }
    }
}

impl From<TransferError> for io::Error {
    fn from(error: TransferError) -> Self {
        Self::other(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_error_survives_a_foreign_reader_and_foreign_words_do_not() {
        let through = TransferError::from(io::Error::from(TransferError::Truncated));
        assert_eq!(through, TransferError::Truncated);
        let foreign = TransferError::from(io::Error::new(io::ErrorKind::InvalidData, "marker_51c0"));
        assert!(!format!("{foreign} {foreign:?}").contains("marker"));
        assert_eq!(TransferError::from(io::Error::from(io::ErrorKind::StorageFull)), TransferError::NoSpace);
    }
}
