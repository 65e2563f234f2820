//! Reads originals again where their records are not all there: after a loss, the originals are the truth and the records
//! are derived from them.

use super::prepare::{events_to_file, name_kept, read};
use crate::{
    formats::{self, Contents, FormatId, Reading, health_card::KeySet},
    vault::{Document, Vault, VaultError},
};

/// What reading again brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// Documents whose records were filed anew.
    pub documents: u64,
    /// Records they now have.
    pub records: u64,
}

/// Reads every original again and files anew what a document states, where its records are not as many as it states.
/// Documents whose original is gone or cannot be read keep what they have. *Long.*
pub fn reread(vault: &Vault, keys: &KeySet) -> Result<Reread, VaultError> {
    let mut done = Reread::default();
    for document in vault.documents(None)? {
        let Some(reading) = reading_of(vault, &document, keys) else { continue };
        if reading.format == FormatId::Entry {
            done.documents += u64::from(entry_again(vault, &document)?);
        }
        let events = events_to_file(reading.events);
        let stated = events.iter().map(|event| event.event.facts.len() as u64).sum::<u64>();
        if vault.stated(document.id)? < stated {
            vault.refile(document.id, &events)?;
            done.documents += 1;
            done.records += stated;
        }
    }
    super::reconcile(vault)?;
    Ok(done)
}

/// Applies an entry again whose change was lost.
fn entry_again(vault: &Vault, document: &Document) -> Result<bool, VaultError> {
    let parts = vault.original(document.id)?;
    let [whole] = parts.as_slice() else { return Ok(false) };
    let Ok(entry) = formats::entry::parse(whole) else { return Ok(false) };
    vault.apply_again(document.id, &entry.act.change())
}

fn reading_of(vault: &Vault, document: &Document, keys: &KeySet) -> Option<Reading> {
    let parts = vault.original(document.id).ok()?;
    match parts.as_slice() {
        [] => None,
        [whole] => {
            let mut reading = match FormatId::of_id(&document.about.format) {
                // A picture may show QR codes and was kept as a document all the same.
                Some(FormatId::PictureDocument) => formats::document::read_picture(whole).ok()?,
                _ => match read(whole, keys, document.about.consent.is_some()) {
                    Ok(Contents::Document(reading)) => *reading,
                    _ => return None,
                },
            };
            name_kept(&mut reading, document.about.name.as_deref(), document.about.given.as_ref());
            Some(reading)
        }
        several => {
            let slices: Vec<&[u8]> = several.iter().map(|part| part.as_slice()).collect();
            let format = [FormatId::JahisTc, FormatId::HealthCard].into_iter().find(|format| format.id() == document.about.format)?;
            formats::assemble(format, &slices, keys).ok()
        }
    }
}
