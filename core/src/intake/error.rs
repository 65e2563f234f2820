//! Why a document was not filed.

use crate::{formats::FormatError, record::Mismatch, vault::VaultError};

/// Why a document was not filed. Nothing of it was kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// The file is wrong, or of a kind that is not read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The document is about somebody else; filed only when the person says so.
    #[error("the document is about somebody else: {} differ", .0.english())]
    NotThisPerson(Mismatch),
    /// A text holds twelve digits that could be a My Number; filed only when the person says that they are not.
    #[error("twelve digits that could be an Individual Number (My Number) stand in the text at {place}")]
    PossibleMyNumber {
        /// Where.
        place: String,
    },
    /// A text written by hand holds a symbol or number of an insurance card.
    #[error("a symbol or number of an insurance card stands at {place}; it is not kept")]
    InsurerNumber {
        /// Where.
        place: String,
    },
    /// The vault would not take it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}
