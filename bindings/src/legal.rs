//! Privacy policy, terms of use and contact, as the core has them.

use techo_core::{consent, present};

use crate::{Language, redacted::redacted};

/// A legal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LegalKind {
    /// The privacy policy.
    Privacy,
    /// The terms of use.
    Terms,
    /// Whom to turn to; nobody agrees to it.
    Contact,
}

/// A legal text, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LegalText {
    /// Which.
    pub kind: LegalKind,
    /// Its version, for `agree`.
    pub version: String,
    /// Its version with its day, for the screen.
    pub version_text: String,
    /// Its heading.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

redacted!(LegalText);

impl From<consent::LegalKind> for LegalKind {
    fn from(kind: consent::LegalKind) -> Self {
        match kind {
            consent::LegalKind::Privacy => Self::Privacy,
            consent::LegalKind::Terms => Self::Terms,
            consent::LegalKind::Contact => Self::Contact,
        }
    }
}

impl From<LegalKind> for consent::LegalKind {
    fn from(kind: LegalKind) -> Self {
        match kind {
            LegalKind::Privacy => Self::Privacy,
            LegalKind::Terms => Self::Terms,
            LegalKind::Contact => Self::Contact,
        }
    }
}

/// *Instant.* A legal text.
#[uniffi::export]
pub fn legal_text(kind: LegalKind, language: Language) -> LegalText {
    let text = present::legal(kind.into(), language.into());
    LegalText {
        kind: text.kind.into(),
        version: text.version.to_string(),
        version_text: text.version_text.to_owned(),
        title: text.title.to_owned(),
        paragraphs: text.paragraphs.into_iter().map(str::to_owned).collect(),
    }
}
