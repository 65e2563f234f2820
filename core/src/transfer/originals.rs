//! The originals, byte for byte, in a ZIP that any computer opens, with a list of what is what.

use std::{cell::Cell, path::Path};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Progress, Step, TransferError, cell, choice::Choice, leave::Leaving, parcel::Parcel, table};
use crate::{
    base::{Fingerprint, PersonId},
    formats::FormatId,
    record::Person,
    vault::{Document, PersonRoot, Vault},
};

/// Longest name an entry gets behind its number, in characters.
const NAME: usize = 80;

/// One line of the list.
#[derive(Serialize)]
pub(super) struct Entry {
    file: String,
    /// SHA-256 of this file.
    sha256: String,
    /// SHA-256 of the document: of all its parts one behind the other.
    document: String,
    person: String,
    name: String,
    received: String,
    format: String,
    part: u32,
    parts: u32,
}

/// Writes the originals of one person or of everybody as a ZIP with `index.csv` and `index.json`. *Long.*
///
/// Originals hold what records never do: insurer symbols and numbers, addresses, whatever the institution printed. Whoever
/// calls this asks the person first.
pub fn export_originals(
    vault: &Vault,
    person: Option<PersonId>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<PersonRoot>, TransferError> {
    let done = Leaving { vault, choice: &Choice::of(person), out, now, format: "originals" }.write(|file, roots, count| {
        let failed = Cell::new(None);
        let mut bundle = Bundle { parcel: Parcel::begin(file, &failed), entries: Vec::new(), number: 0 };
        let documents = roots.iter().map(|root| vault.document_ids(root.person)).collect::<Result<Vec<_>, _>>()?;
        let of = documents.iter().map(|ids| ids.len() as u64).sum();
        let mut done = 0;
        for (root, ids) in roots.iter().zip(documents) {
            let person = vault.person(root.person)?;
            for id in ids {
                bundle.kept(vault, &person, &vault.document(id)?)?;
                done += 1;
                progress(Progress { step: Step::Writing, done, of });
            }
            count.write_all(root);
        }
        bundle.finish()
    })?;
    Ok(done.people)
}

/// The ZIP and the list of what is in it.
pub(super) struct Bundle<'a> {
    pub(super) parcel: Parcel<'a>,
    pub(super) entries: Vec<Entry>,
    pub(super) number: u32,
}

impl Bundle<'_> {
    /// Adds a document's original as it is kept.
    fn kept(&mut self, vault: &Vault, person: &Person, document: &Document) -> Result<(), TransferError> {
        if !FormatId::of_id(&document.about.format).is_some_and(FormatId::is_series) {
            return self.document(person, document, &vault.original(document.id)?);
        }
        let parts = vault.original_parts(document.id)?;
        if parts == 0 {
            return Ok(());
        }
        // What was cut into parts only to fit into memory leaves as the one file it was.
        self.number += 1;
        let file = format!("{:04}_{}", self.number, safe_name(document.about.name.as_deref().unwrap_or_default()));
        self.parcel.start(&file)?;
        for part in 0..parts {
            self.parcel.append(&vault.original_part(document.id, part)?)?;
        }
        self.entries.push(Entry {
            file,
            sha256: document.fingerprint.to_string(),
            document: document.fingerprint.to_string(),
            person: person.id.to_string(),
            name: person.name.clone(),
            received: document.received.clone(),
            format: document.about.format.clone(),
            part: 1,
            parts: 1,
        });
        Ok(())
    }

    /// Adds a document's original, part by part; nothing where it is gone.
    pub(super) fn document(&mut self, person: &Person, document: &Document, original: &[impl AsRef<[u8]>]) -> Result<(), TransferError> {
        if original.is_empty() {
            return Ok(());
        }
        self.number += 1;
        let name = safe_name(document.about.name.as_deref().unwrap_or_default());
        let parts = u32::try_from(original.len()).map_err(|_| TransferError::Internal(10))?;
        for (part, bytes) in (1_u32..).zip(original) {
            let number = self.number;
            let file = if parts == 1 { format!("{number:04}_{name}") } else { format!("{number:04}-{part:02}of{parts:02}_{name}") };
            self.parcel.put(&file, bytes.as_ref())?;
            self.entries.push(Entry {
                file,
                sha256: Fingerprint::of(bytes.as_ref()).to_string(),
                document: document.fingerprint.to_string(),
                person: person.id.to_string(),
                name: person.name.clone(),
                received: document.received.clone(),
                format: document.about.format.clone(),
                part,
                parts,
            });
        }
        Ok(())
    }

    /// Adds the list and ends the ZIP.
    pub(super) fn finish(mut self) -> Result<(), TransferError> {
        let json = serde_json::to_vec_pretty(&self.entries).map_err(|_| TransferError::Internal(11))?;
        let mut rows = table::writer(Vec::from("\u{feff}"));
        rows.write_record(["file", "sha256", "document", "person", "name", "received", "format", "part", "parts"])
            .map_err(table::failure)?;
        for entry in &self.entries {
            let (part, parts) = (entry.part.to_string(), entry.parts.to_string());
            let name = cell::text(&entry.name);
            let texts = [&entry.file, &entry.sha256, &entry.document, &entry.person, &*name, &entry.received, &entry.format, &part, &parts];
            rows.write_record(texts).map_err(table::failure)?;
        }
        let csv = rows.into_inner().map_err(|_| TransferError::Internal(12))?;
        self.parcel.put("index.csv", &csv)?;
        self.parcel.put("index.json", &json)?;
        self.parcel.finish()
    }
}

/// The last part of a name, without anything that leads elsewhere or that some system cannot write.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
    let safe: String =
        last.chars().map(|character| if character.is_control() || "<>:\"|?*".contains(character) { '_' } else { character }).collect();
    let trimmed = safe.trim_matches([' ', '.']);
    // The end is kept: it says what kind of file it is.
    let skipped = trimmed.chars().count().saturating_sub(NAME);
    let short: String = trimmed.chars().skip(skipped).collect();
    if short.is_empty() { "original".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_and_can_be_written_on_any_system() {
        for (name, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\DATA\\h1.xml", "h1.xml"),
            ("結果 2024.json", "結果 2024.json"),
            ("..", "original"),
            ("", "original"),
            ("a/b/", "b"),
            ("con:\u{7}?.txt", "con___.txt"),
            (" .hidden ", "hidden"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        let long = safe_name(&format!("{}.json", "長".repeat(300)));
        assert!(long.chars().count() == NAME && long.ends_with("長.json"));
    }
}
