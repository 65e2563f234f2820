//! The language texts are in, and the version of the library.

use chrono::{DateTime, Local, SecondsFormat, Utc};
use techo_core::present;

/// The person's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

impl From<Language> for present::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Japanese => Self::Japanese,
            Language::English => Self::English,
        }
    }
}

/// *Instant.* The version of this library, for a shell to compare with the one it was built with.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// An instant for programs: UTC, RFC 3339.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An instant for a person, by the clock of this device.
pub(crate) fn time_text(at: DateTime<Utc>) -> String {
    let offset = *at.with_timezone(&Local).offset();
    present::time_text(at, offset)
}

/// An instant as the vault writes it, for a person; as it is written where it is none.
pub(crate) fn written_time_text(at: &str) -> String {
    DateTime::parse_from_rfc3339(at).map_or_else(|_| at.to_owned(), |at| time_text(at.with_timezone(&Utc)))
}
