//! The originals, byte for byte, in a ZIP that any computer opens, with a list of what is what.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{Progress, Step, TransferError, act, cell, output, table};
use crate::{
    base::{Fingerprint, PersonId},
    formats::FormatId,
    record::Person,
    vault::{Act, Document, PersonRoot, Vault},
};

/// Longest name an entry gets behind its number, in characters.
const NAME: usize = 80;

/// One line of the list.
#[derive(Serialize)]
struct Entry {
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
    vault.require_presence(now)?;
    let roots = act::roots(vault, person)?;
    output::write_whole(
        out,
        |file| {
            let failed = Cell::new(None);
            let patient = Patient { out: file, place: 0, failed: &failed };
            let mut bundle = Bundle { zip: ZipWriter::new(patient), failed: &failed, entries: Vec::new(), number: 0 };
            let documents = roots.iter().map(|root| vault.document_ids(root.person)).collect::<Result<Vec<_>, _>>()?;
            let of = documents.iter().map(|ids| ids.len() as u64).sum();
            let mut done = 0;
            for (root, ids) in roots.iter().zip(documents) {
                let person = vault.person(root.person)?;
                for id in ids {
                    bundle.document(vault, &person, &vault.document(id)?)?;
                    done += 1;
                    progress(Progress { step: Step::Writing, done, of });
                }
            }
            bundle.finish()
        },
        |_, ()| act::note(vault, now, Act::Exported, "originals", &roots),
    )?;
    Ok(roots)
}

struct Bundle<'a> {
    zip: ZipWriter<Patient<'a>>,
    failed: &'a Cell<Option<io::ErrorKind>>,
    entries: Vec<Entry>,
    number: u32,
}

impl Bundle<'_> {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), TransferError> {
        self.start(name)?;
        self.zip.write_all(bytes)?;
        self.check()
    }

    fn start(&mut self, name: &str) -> Result<(), TransferError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).map_err(failure)
    }

    /// What the writer underneath has swallowed.
    fn check(&self) -> Result<(), TransferError> {
        self.failed.get().map_or(Ok(()), |kind| Err(io::Error::from(kind).into()))
    }

    fn document(&mut self, vault: &Vault, person: &Person, document: &Document) -> Result<(), TransferError> {
        let parts = vault.original_parts(document.id)?;
        if parts == 0 {
            return Ok(());
        }
        self.number += 1;
        let (number, name) = (self.number, safe_name(document.about.name.as_deref().unwrap_or_default()));
        let entry = |file: String, sha256: String, part: u32, parts: u32| Entry {
            file,
            sha256,
            document: document.fingerprint.to_string(),
            person: person.id.to_string(),
            name: person.name.clone(),
            received: document.received.clone(),
            format: document.about.format.clone(),
            part,
            parts,
        };
        // What was cut into parts only to fit into memory leaves as the one file it was.
        if FormatId::of_id(&document.about.format).is_some_and(FormatId::is_series) {
            let file = format!("{number:04}_{name}");
            self.start(&file)?;
            for part in 0..parts {
                self.zip.write_all(&vault.original_part(document.id, part)?)?;
            }
            self.check()?;
            self.entries.push(entry(file, document.fingerprint.to_string(), 1, 1));
            return Ok(());
        }
        for part in 1..=parts {
            let file = if parts == 1 { format!("{number:04}_{name}") } else { format!("{number:04}-{part:02}of{parts:02}_{name}") };
            let bytes = vault.original_part(document.id, part - 1)?;
            self.put(&file, &bytes)?;
            self.entries.push(entry(file, Fingerprint::of(&bytes).to_string(), part, parts));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), TransferError> {
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
        self.put("index.csv", &csv)?;
        self.put("index.json", &json)?;
        let failed = self.failed;
        self.zip.finish().map_err(failure)?;
        failed.get().map_or(Ok(()), |kind| Err(io::Error::from(kind).into()))
    }
}

/// A file that keeps its first failure to itself and takes everything that comes after it for written. The ZIP library
/// writes to standard error when it is dropped over a file that fails, and a library has nothing to say there.
struct Patient<'a> {
    out: &'a mut BufWriter<File>,
    place: u64,
    failed: &'a Cell<Option<io::ErrorKind>>,
}

impl Patient<'_> {
    fn or_pretend<T>(&self, done: io::Result<T>, pretended: T) -> T {
        done.unwrap_or_else(|error| {
            self.failed.set(self.failed.get().or(Some(error.kind())));
            pretended
        })
    }
}

impl Write for Patient<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if self.failed.get().is_some() { Ok(()) } else { self.out.write_all(bytes) };
        self.or_pretend(written, ());
        self.place = self.place.saturating_add(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = if self.failed.get().is_some() { Ok(()) } else { self.out.flush() };
        self.or_pretend(flushed, ());
        Ok(())
    }
}

impl Seek for Patient<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let pretended = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::Current(by) | SeekFrom::End(by) => self.place.saturating_add_signed(by),
        };
        let sought = if self.failed.get().is_some() { Ok(pretended) } else { self.out.seek(to) };
        self.place = self.or_pretend(sought, pretended);
        Ok(self.place)
    }
}

fn failure(error: ZipError) -> TransferError {
    match error {
        ZipError::Io(error) => error.into(),
        _ => TransferError::Internal(13),
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
    #![cfg_attr(target_os = "linux", expect(clippy::unwrap_used, reason = "tests"))]
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_by_us_and_by_nobody_else() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let (mut out, failed) = (BufWriter::with_capacity(8, full), Cell::new(None));
        let patient = Patient { out: &mut out, place: 0, failed: &failed };
        let mut bundle = Bundle { zip: ZipWriter::new(patient), failed: &failed, entries: Vec::new(), number: 0 };
        assert_eq!(bundle.put("a", b"content"), Err(TransferError::NoSpace));
        // Ended all the same, the archive ends in peace: this is what keeps its destructor silent.
        assert_eq!(bundle.finish(), Err(TransferError::NoSpace));
    }

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
