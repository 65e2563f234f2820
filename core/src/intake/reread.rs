//! Reads originals again where their records are not all there: after a loss, the originals are the truth and the records
//! are derived from them.

use super::{
    prepare::{events_to_file, name_kept, read},
    series::{self, SeriesKind},
};
use crate::{
    formats::{self, Contents, FormatId, Reading, health_card::KeySet, measurements},
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
        if FormatId::of_id(&document.about.format).is_some_and(FormatId::is_series) {
            series_again(vault, &document, &mut done)?;
            continue;
        }
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

/// Reads a file of measurements again whose samples or lines are not all there.
fn series_again(vault: &Vault, document: &Document, done: &mut Reread) -> Result<(), VaultError> {
    let mapping: Option<measurements::Mapping> = document.about.mapping.as_deref().and_then(|mapping| mapping.parse().ok());
    let kind = match (FormatId::of_id(&document.about.format), &mapping) {
        (Some(FormatId::AppleHealth), _) => SeriesKind::AppleHealth,
        (Some(FormatId::HealthConnect), _) => SeriesKind::HealthConnect,
        (Some(FormatId::Measurements), Some(mapping)) => SeriesKind::Table(mapping),
        _ => return Ok(()),
    };
    let Ok(mut file) = series::Parts::open(vault, document.id) else { return Ok(()) };
    let Ok(reading) = series::read(&mut file, kind) else { return Ok(()) };
    let events = events_to_file(reading.events);
    let facts = events.iter().map(|event| event.event.facts.len() as u64).sum::<u64>();
    // The file may state a sample twice; what is filed states it once.
    let samples = reading.days.iter().map(|day| day.samples.len() as u64).sum::<u64>();
    if vault.stated(document.id)? < facts || vault.samples_stated(document.id)? < samples {
        vault.refile_series(document.id, &events, &mut reading.days.iter())?;
        done.documents += 1;
        done.records += facts + samples;
    }
    Ok(())
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
            let format = [FormatId::JahisTc, FormatId::HealthCard, FormatId::HandOverCodes]
                .into_iter()
                .find(|format| format.id() == document.about.format)?;
            formats::assemble(format, &slices, keys).ok()
        }
    }
}
