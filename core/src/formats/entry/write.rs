//! From an entry to its document.

use chrono::SecondsFormat;

use super::{
    read::check,
    wire::{VERSION, Wire},
};
use crate::{
    formats::{Fault, FormatError},
    record::Entry,
};

/// The one way to write an entry.
///
/// # Errors
/// `Limit` and `Malformed` for what could not be read again.
pub fn write(entry: &Entry) -> Result<Vec<u8>, FormatError> {
    check(entry)?;
    bytes_of(entry)
}

pub(super) fn bytes_of(entry: &Entry) -> Result<Vec<u8>, FormatError> {
    let wire = Wire {
        techo_entry: VERSION,
        at: entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        author: entry.author.clone(),
        reason: entry.reason.clone(),
        act: entry.act.clone(),
    };
    serde_json::to_vec(&wire).map_err(|_| FormatError::Malformed { place: "document".to_owned(), fault: Fault::Type })
}
