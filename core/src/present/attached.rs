//! Documents that a person attached to a record: a photo of the handbook's page beside a dose.

use crate::{
    base::PersonId,
    record::ChangeKind,
    vault::{ChangesOf, DocumentId, FactId, PAGE, Vault, VaultError},
};

/// A document that somebody attached to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The entry that attached it: undone, it is attached no more.
    pub entry: DocumentId,
    /// The document; none where it is not here.
    pub document: Option<DocumentId>,
    /// Its title, else its fingerprint.
    pub title: String,
}

/// The documents that count as attached to a record or to its event, the newest first.
pub(super) fn attached(vault: &Vault, id: FactId, person: PersonId) -> Result<Vec<Attached>, VaultError> {
    let changes = vault.changes(ChangesOf::Record(id), None, PAGE)?;
    let counting = changes.iter().filter(|change| change.kind == ChangeKind::Attach && change.undone_by.is_none());
    let attached = counting.filter_map(|change| Some((change, change.attached?))).map(|(change, fingerprint)| {
        let document = vault.find_document(person, fingerprint)?;
        let about = document.map(|document| vault.document(document)).transpose()?.map(|document| document.about);
        let title = about.and_then(|about| about.given.and_then(|given| given.title).or(about.name));
        Ok(Attached { entry: change.entry, document, title: title.unwrap_or_else(|| fingerprint.to_string()) })
    });
    attached.collect()
}
