//! What a person decides about a record or an event without changing it: to keep it hidden, to treat it as sensitive, to put
//! a document beside it. Each is an entry, and taken back by undoing it.

use super::{
    IntakeError, Pen, PenError, WrittenDown,
    by_hand::{undo_entry, write},
};
use crate::{
    base::PersonId,
    record::{ChangeKind, EntryAct, Target},
    vault::{ChangesOf, DocumentId, EventId, FactId, PAGE, StoredTarget, Vault, VaultError},
};

/// What is decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One record.
    Record(FactId),
    /// An event with all its records.
    Event(EventId),
}

impl Subject {
    fn person(self, vault: &Vault) -> Result<PersonId, VaultError> {
        match self {
            Self::Record(record) => Ok(vault.fact(record)?.event.person),
            Self::Event(event) => Ok(vault.event(event)?.person),
        }
    }

    fn target(self, vault: &Vault) -> Result<Target, VaultError> {
        match self {
            Self::Record(record) => vault.target_of_record(record),
            Self::Event(event) => vault.target_of_event(event),
        }
    }

    fn is(self, target: &StoredTarget) -> bool {
        match self {
            Self::Record(record) => target.record == Some(record),
            Self::Event(event) => target.record.is_none() && target.event == Some(event),
        }
    }
}

/// Keeps it hidden: out of every list, summary and hand-over, and shown on demand.
///
/// # Errors
/// `NotFound` of the vault; as of [`super::write_down`].
pub fn keep_hidden(vault: &Vault, subject: Subject, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    decided(vault, subject, EntryAct::KeepHidden { target: subject.target(vault)? }, pen)
}

/// Marks it as sensitive.
///
/// # Errors
/// As of [`keep_hidden`].
pub fn mark_sensitive(vault: &Vault, subject: Subject, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    decided(vault, subject, EntryAct::MarkSensitive { target: subject.target(vault)? }, pen)
}

/// Puts a document of the same person beside it.
///
/// # Errors
/// As of [`keep_hidden`]; `NotFound` where the document is somebody else's.
pub fn attach(vault: &Vault, subject: Subject, document: DocumentId, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let document = vault.document(document)?;
    if document.person != subject.person(vault)? {
        return Err(VaultError::NotFound.into());
    }
    decided(vault, subject, EntryAct::Attach { target: subject.target(vault)?, document: document.fingerprint }, pen)
}

/// Takes back the newest decision of this kind about it that counts.
///
/// # Errors
/// `NothingToUndo` where there is none.
pub fn take_back(vault: &Vault, subject: Subject, kind: ChangeKind, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let of = match subject {
        Subject::Record(record) => ChangesOf::Record(record),
        Subject::Event(event) => ChangesOf::Event(event),
    };
    let changes = vault.changes(of, None, PAGE)?;
    let counts = changes
        .iter()
        .find(|change| change.kind == kind && change.undone_by.is_none() && change.targets.iter().any(|target| subject.is(target)));
    undo_entry(vault, counts.ok_or(PenError::NothingToUndo)?.entry, pen)
}

fn decided(vault: &Vault, subject: Subject, act: EntryAct, pen: Pen<'_>) -> Result<WrittenDown, PenError> {
    let person = vault.person(subject.person(vault)?)?;
    write(vault, &person, act, pen).map_err(|error: IntakeError| error.into())
}
