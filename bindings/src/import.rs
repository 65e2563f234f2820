//! Files in: a look at what a file holds before anything is filed, and filing it.

use std::sync::Arc;

use crate::{TechoError, Trouble, Vault, redacted::redacted, room::Room};

/// What a file holds, before anything of it is filed. It is forgotten with this object.
#[derive(uniffi::Object)]
pub struct ImportDraft {
    room: Arc<Room>,
}

/// A draft, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DraftView {
    /// The documents in it, at most 100.
    pub documents: Vec<DraftDocument>,
    /// It is a Techo archive: `import_archive` takes it in as a whole.
    pub is_archive: bool,
    /// And sealed.
    pub archive_needs_passphrase: bool,
    /// Whether there is something to take in.
    pub can_take: bool,
    /// In one sentence.
    pub summary: String,
}

/// One document of a draft.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DraftDocument {
    /// The file's name, or that of the file in the container.
    pub name: String,
    /// What it is; none where it is of no form that is read.
    pub format_name: Option<String>,
    /// The id of the one person it fits.
    pub person: Option<String>,
    /// Whom it says it is about.
    pub person_text: String,
    /// What differs from that person, where something does.
    pub differs: Option<String>,
    /// Which days it is about.
    pub days_text: Option<String>,
    /// What it holds, for example `予防接種 3`.
    pub kinds: Vec<String>,
    /// How many records.
    pub records: u32,
    /// Entries that cannot be taken, at most 100.
    pub refused: Vec<RefusedLine>,
    /// The very same document is here already.
    pub already_here: bool,
    /// A question that must be answered first: twelve digits that could be a My Number.
    pub question: Option<String>,
    /// Why it is not taken.
    pub trouble: Option<Trouble>,
}

/// An entry that was not taken.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RefusedLine {
    /// Where it stands, without any value in it.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// What was taken in.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ImportDone {
    /// The sum, in one sentence.
    pub text: String,
    /// Each document, a line each, at most 100.
    pub lines: Vec<String>,
    /// Records that were filed.
    pub records: u32,
    /// Of these, records that an earlier document had stated.
    pub known: u32,
    /// Entries that were not taken, at most 100.
    pub refused: Vec<RefusedLine>,
    /// Split documents of which parts are still missing.
    pub waiting: Vec<String>,
    /// The newest event that was filed, to show first.
    pub first_event: Option<String>,
}

redacted!(DraftView, DraftDocument, RefusedLine, ImportDone);

#[uniffi::export]
impl Vault {
    /// *Long.* Looks at a file, or at a picture with QR codes, and files nothing.
    pub fn look(&self, path: String, name: Option<String>) -> Result<Arc<ImportDraft>, TechoError> {
        drop((path, name));
        Err(TechoError::Internal { code: 1 })
    }
}

#[uniffi::export]
impl ImportDraft {
    /// *Instant.* What it holds.
    pub fn view(&self) -> DraftView {
        let summary = self.room.language().pick("", "").to_owned();
        DraftView { documents: Vec::new(), is_archive: false, archive_needs_passphrase: false, can_take: false, summary }
    }

    /// *Long.* Files it for `person`: all of it that can be, nothing in part. `anyway` where the document names somebody else and is
    /// this person's all the same; `digits_checked` where the person has seen that twelve digits are no My Number.
    pub fn take(&self, person: String, anyway: bool, digits_checked: bool) -> Result<ImportDone, TechoError> {
        drop((person, anyway, digits_checked));
        Err(TechoError::Internal { code: 1 })
    }
}
