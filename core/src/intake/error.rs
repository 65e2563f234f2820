//! Why a document was not filed.

use crate::{formats::FormatError, vault::VaultError};

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
    /// The vault would not take it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// In what a document differs from the person. All that could be compared and differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mismatch {
    /// No name of the document is one of the person's.
    pub name: bool,
    /// Another date of birth.
    pub born: bool,
    /// Another sex.
    pub sex: bool,
}

impl Mismatch {
    /// Whether nothing differs.
    pub const fn is_none(self) -> bool {
        !self.name && !self.born && !self.sex
    }

    /// For example `"name, date of birth"`.
    pub fn english(self) -> String {
        self.words(["name", "date of birth", "sex"], ", ")
    }

    /// For example `"氏名・生年月日"`.
    pub fn japanese(self) -> String {
        self.words(["氏名", "生年月日", "性別"], "・")
    }

    fn words(self, names: [&str; 3], separator: &str) -> String {
        let differs = [self.name, self.born, self.sex];
        names.into_iter().zip(differs).filter_map(|(name, differs)| differs.then_some(name)).collect::<Vec<_>>().join(separator)
    }
}
