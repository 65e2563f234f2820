//! Privacy policy, terms and contact, as the core has them.

use crate::{Language, redacted::redacted};

/// A legal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LegalKind {
    /// The privacy policy.
    Privacy,
    /// The terms of use.
    Terms,
    /// Whom to turn to.
    Contact,
}

/// A legal text, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LegalText {
    /// Which.
    pub kind: LegalKind,
    /// Its version, to be agreed to.
    pub version: String,
    /// Its heading.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

redacted!(LegalText);

/// *Instant.* A legal text.
#[uniffi::export]
pub fn legal_text(kind: LegalKind, language: Language) -> LegalText {
    drop(language);
    LegalText { kind, version: String::new(), title: String::new(), paragraphs: Vec::new() }
}
