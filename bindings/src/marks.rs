//! What a person decides about a record or an event without changing it: to keep it hidden, to treat it as sensitive, to put a
//! document beside it. Each is an entry with its author and reason, and can be undone.

use techo_core::{
    intake::{self, Subject},
    present,
    record::{ChangeKind, Person},
    terms::Kind,
    vault::{DocumentId, EventId, FactId},
};

use crate::{EntryDone, TechoError, Vault, Writer, redacted::redacted};

/// What can be decided about a record or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Mark {
    /// Out of every list, summary and hand-over; shown on demand.
    Hidden,
    /// Out of every summary and hand-over unless it is chosen.
    Sensitive,
}

/// That a record was written by hand, or changed.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Written {
    /// The entry that brought it, or that hides it: what `undo` takes.
    pub entry: String,
    /// Who, when, what, for the screen.
    pub text: String,
    /// Why.
    pub reason: Option<String>,
    /// The record that it stands in the place of, or that stands in its place.
    pub other: Option<String>,
    /// What the way there is called.
    pub other_text: Option<String>,
}

/// A document that somebody attached to a record.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AttachedDocument {
    /// The entry that attached it: undone, it is attached no more.
    pub entry: String,
    /// The document; none where it is not here.
    pub document: Option<String>,
    /// Its title, else its fingerprint.
    pub title: String,
}

redacted!(Written, AttachedDocument);

#[uniffi::export]
impl Vault {
    /// *Quick.* Marks a record or an event, or takes the mark back. `NotFound` where there is nothing to take back.
    pub fn mark(&self, id: String, mark: Mark, on: bool, writer: Writer) -> Result<EntryDone, TechoError> {
        let vault = &self.room.vault;
        let (subject, person) = self.subject(&id)?;
        self.write(Kind::Other, &[], &writer, &person.name, |_, pen| match (mark, on) {
            (Mark::Hidden, true) => intake::keep_hidden(vault, subject, pen),
            (Mark::Hidden, false) => intake::take_back(vault, subject, ChangeKind::KeepHidden, pen),
            (Mark::Sensitive, true) => intake::mark_sensitive(vault, subject, pen),
            (Mark::Sensitive, false) => intake::take_back(vault, subject, ChangeKind::MarkSensitive, pen),
        })
    }

    /// *Quick.* Puts a document of the same person beside a record or an event. `NotFound` where it is somebody else's.
    pub fn attach(&self, id: String, document: String, writer: Writer) -> Result<EntryDone, TechoError> {
        let (subject, person) = self.subject(&id)?;
        let document: DocumentId = document.parse()?;
        if self.room.vault.document(document)?.person != person.id {
            return Err(TechoError::NotFound);
        }
        self.write(Kind::Other, &[], &writer, &person.name, |_, pen| intake::attach(&self.room.vault, subject, document, pen))
    }
}

impl Written {
    /// The way to the other record is a line of its own here, not one of the details: nobody reads an id.
    pub(crate) fn of(view: present::WrittenView, details: &mut Vec<present::Detail>) -> Self {
        let other = view.other.map(|other| other.to_string());
        let at = details.iter().position(|detail| Some(&detail.text) == other.as_ref());
        Self {
            entry: view.entry.to_string(),
            text: view.text,
            reason: view.reason,
            other_text: at.map(|at| details.remove(at).label.to_owned()),
            other,
        }
    }
}

impl Vault {
    /// The record or event of this id, and whose it is.
    fn subject(&self, id: &str) -> Result<(Subject, Person), TechoError> {
        let vault = &self.room.vault;
        let (subject, person) = match (id.parse::<FactId>(), id.parse::<EventId>()) {
            (Ok(record), _) => (Subject::Record(record), vault.fact(record)?.event.person),
            (_, Ok(event)) => (Subject::Event(event), vault.event(event)?.person),
            _ => return Err(TechoError::NotFound),
        };
        Ok((subject, vault.person(person)?))
    }
}
