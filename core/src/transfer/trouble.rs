//! What a trouble with a file of ours means for a person.

use super::TransferError;
use crate::present::TroubleKind;

impl From<&TransferError> for TroubleKind {
    fn from(error: &TransferError) -> Self {
        // No `_` arm: a new error must be given a meaning here before it compiles.
        match error {
            TransferError::PassphraseNeeded => Self::PassphraseNeeded,
            TransferError::WrongPassphrase => Self::WrongKey,
            TransferError::FileMissing => Self::FileMissing,
            TransferError::NoSpace => Self::NoSpace,
            TransferError::VaultExists | TransferError::NotEmpty => Self::VaultExists,
            TransferError::PersonNeeded => Self::PersonNeeded,
            TransferError::NotThisPerson => Self::NotThisPerson,
            TransferError::OnlySlice => Self::OnlySlice,
            TransferError::NothingToWrite { .. } => Self::NothingToWrite,
            TransferError::TooMuchForCodes => Self::TooMuchForCodes,
            TransferError::NotAnArchive => Self::NotAnArchive,
            TransferError::TooNew { .. } => Self::TooNew,
            TransferError::Truncated => Self::ArchiveTruncated,
            TransferError::Damaged(_) | TransferError::TooMuchWork { .. } => Self::ArchiveDamaged,
            TransferError::Changed => Self::Changed,
            TransferError::Vault(error) => error.into(),
            TransferError::Io(_) => Self::FileUnusable,
            TransferError::Internal(_) => Self::Internal,
        }
    }
}
