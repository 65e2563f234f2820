//! The document as it stands in the file.

use serde::{Deserialize, Serialize};

use crate::record::{Author, EntryAct};

/// The version this program writes and reads.
pub(super) const VERSION: u32 = 1;

/// The document; the order of its fields is the order in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) techo_entry: u32,
    /// RFC 3339, UTC, with milliseconds.
    pub(super) at: String,
    pub(super) author: Author,
    pub(super) reason: Option<String>,
    pub(super) act: EntryAct,
}

/// What a newer version has in common with this one.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) techo_entry: u32,
}
