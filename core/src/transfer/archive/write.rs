//! From the vault to the entries of an archive, one document at a time.

use std::io::Write;

use super::{
    ArchiveContent,
    layout::{self, DocumentLine, HandOverMark, Head, Manifest, ManifestPerson, WaitingLine},
    tape::{Sums, TapeWriter, sum_line},
};
use crate::{
    base::{Fingerprint, PersonId},
    record::Person,
    transfer::{Progress, Step, TransferError},
    vault::{CanonicalEvent, DocumentId, PersonRoot, Vault, person_root},
};

/// Ledger entries read from the vault at a time.
const LEDGER_PAGE: u32 = 1000;

/// What goes into an archive.
#[derive(Default)]
pub(in crate::transfer) struct Scope {
    /// One person, or everybody.
    pub(in crate::transfer) person: Option<PersonId>,
    /// Whether the ledger goes along: in a backup.
    pub(in crate::transfer) ledger: bool,
    /// What a hand-over says about itself.
    pub(in crate::transfer) hand_over: Option<HandOverMark>,
}

/// Writes the archive's tar file and says what it holds.
pub(super) fn write<W: Write>(
    vault: &Vault,
    scope: &Scope,
    out: W,
    progress: &mut dyn FnMut(Progress),
) -> Result<(W, ArchiveContent), TransferError> {
    let people: Vec<Person> = match scope.person {
        Some(person) => vec![vault.person(person)?],
        None => vault.people()?,
    };
    let roots = vault.roots()?;
    let mut writer = Writer::new(out, scope.ledger);
    let mut documents = Vec::with_capacity(people.len());
    for person in &people {
        let ids = vault.document_ids(person.id)?;
        writer.of += ids.len() as u64;
        documents.push(ids);
    }
    let mut has_samples = false;
    for person in &people {
        has_samples |= !vault.sample_lines(person.id)?.is_empty();
    }
    let mut has_slices = false;
    for id in documents.iter().flatten() {
        has_slices = has_slices || vault.document(*id)?.about.slice.is_some();
    }
    let head = Head::ours(has_samples, has_slices, scope.hand_over.clone());
    writer.put(layout::HEAD, &layout::encode(&head)?)?;
    writer.people(&people)?;
    let mut waiting = 0;
    let mut listed = Vec::with_capacity(people.len());
    for (person, ids) in people.iter().zip(documents) {
        let known = roots.iter().find(|root| root.person == person.id).ok_or(TransferError::Changed)?;
        listed.push(writer.person(vault, known, &ids, progress)?);
        waiting += writer.waiting(vault, person.id)?;
    }
    let ledger = scope.ledger.then(|| writer.ledger(vault)).transpose()?;
    let (out, manifest) = writer.finish(listed, ledger)?;
    Ok((out, ArchiveContent::of(&manifest, head, waiting)))
}

/// What was written of one person.
#[derive(Default)]
pub(super) struct Told {
    pub(super) digests: Vec<[u8; 32]>,
    pub(super) events: u64,
    pub(super) days: u64,
}

pub(super) struct Writer<W> {
    tape: TapeWriter<W>,
    sums: Sums,
    done: u64,
    of: u64,
    with_ledger: bool,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W, with_ledger: bool) -> Self {
        Self { tape: TapeWriter::new(out), sums: Sums::new(), done: 0, of: 0, with_ledger }
    }

    pub(super) fn people(&mut self, people: &[Person]) -> Result<(), TransferError> {
        let mut lines = Vec::new();
        for person in people {
            lines.extend(layout::encode(person)?);
            lines.push(b'\n');
        }
        if people.is_empty() { Ok(()) } else { self.put(layout::PEOPLE, &lines) }
    }

    /// Writes the manifest, which vouches for everything before it.
    pub(super) fn finish(mut self, people: Vec<ManifestPerson>, ledger: Option<u32>) -> Result<(W, Manifest), TransferError> {
        let (entries, sum) = self.sums.finish();
        let manifest = Manifest { people, ledger, entries, sum };
        let bytes = layout::encode(&manifest)?;
        self.tape.put(layout::MANIFEST, &bytes)?;
        self.tape.put(layout::MANIFEST_SUM, sum_line(layout::MANIFEST, &bytes).as_bytes())?;
        Ok((self.tape.finish()?, manifest))
    }

    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), TransferError> {
        self.sums.add(name, bytes);
        self.tape.put(name, bytes)
    }

    fn person(
        &mut self,
        vault: &Vault,
        known: &PersonRoot,
        documents: &[DocumentId],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ManifestPerson, TransferError> {
        let mut told = Told::default();
        for (number, id) in (1_u32..).zip(documents) {
            self.document(vault, known.person, number, *id, &mut told)?;
            self.done += 1;
            progress(Progress { step: Step::Writing, done: self.done, of: self.of });
        }
        let Told { digests, events, days } = told;
        let root = person_root(known.person, digests);
        // What was written must be what the vault says it holds; somebody may have filed or erased meanwhile.
        if root != known.root {
            return Err(TransferError::Changed);
        }
        Ok(ManifestPerson { id: known.person, documents: documents.len() as u64, events, days, records: known.records, root })
    }

    fn document(&mut self, vault: &Vault, person: PersonId, number: u32, id: DocumentId, told: &mut Told) -> Result<(), TransferError> {
        let document = vault.document(id)?;
        let parts = vault.original_parts(id)?;
        let line = DocumentLine {
            fingerprint: document.fingerprint,
            received: document.received,
            parts,
            ledger: if self.with_ledger { vault.ledger_number(id)? } else { None },
            about: document.about,
        };
        self.put(&layout::document_name(person, number), &layout::encode(&line)?)?;
        let mut chunks = Chunks::default();
        vault.each_event_of(id, |stored| {
            let event = CanonicalEvent { document: line.fingerprint, position: stored.position, event: stored.event };
            let bytes = event.to_bytes()?;
            told.digests.push(*Fingerprint::of(&bytes).as_bytes());
            told.events += 1;
            chunks.add(&bytes, |chunk, lines| self.put(&layout::events_name(person, number, chunk), lines))
        })?;
        chunks.finish(|chunk, lines| self.put(&layout::events_name(person, number, chunk), lines))?;
        let mut chunks = Chunks::default();
        vault.each_samples_of(id, |day| {
            let bytes = day.to_bytes()?;
            told.digests.push(*Fingerprint::of(&bytes).as_bytes());
            told.days += 1;
            chunks.add(&bytes, |chunk, lines| self.put(&layout::samples_name(person, number, chunk), lines))
        })?;
        chunks.finish(|chunk, lines| self.put(&layout::samples_name(person, number, chunk), lines))?;
        for part in 0..parts {
            // One part at a time: an original of measurements can be larger than memory.
            self.put(&layout::original_name(person, number, part + 1, parts), &vault.original_part(id, part)?)?;
        }
        Ok(())
    }

    fn waiting(&mut self, vault: &Vault, person: PersonId) -> Result<u64, TransferError> {
        let waiting = vault.parts_in_waiting(person)?;
        let count = waiting.len() as u64;
        for (number, (received, part)) in (1_u32..).zip(waiting) {
            self.put(&layout::waiting_name(person, number), &layout::encode(&WaitingLine::of(received, &part))?)?;
            self.put(&layout::waiting_bytes_name(person, number), &part.bytes)?;
        }
        Ok(count)
    }

    fn ledger(&mut self, vault: &Vault) -> Result<u32, TransferError> {
        let mut chunks = Chunks::default();
        let mut count = 0;
        loop {
            let page = vault.ledger(count, LEDGER_PAGE)?;
            count += u32::try_from(page.len()).map_err(|_| TransferError::Internal(6))?;
            for entry in &page {
                chunks.add(&layout::encode(entry)?, |chunk, lines| self.put(&layout::ledger_name(chunk), lines))?;
            }
            if page.is_empty() {
                chunks.finish(|chunk, lines| self.put(&layout::ledger_name(chunk), lines))?;
                return Ok(count);
            }
        }
    }
}

/// Lines gathered into files of bounded size.
#[derive(Default)]
pub(super) struct Chunks {
    lines: Vec<u8>,
    written: u32,
}

impl Chunks {
    pub(super) fn add(&mut self, line: &[u8], put: impl FnOnce(u32, &[u8]) -> Result<(), TransferError>) -> Result<(), TransferError> {
        if !self.lines.is_empty() && self.lines.len() + line.len() >= layout::CHUNK {
            self.written += 1;
            put(self.written, &self.lines)?;
            self.lines.clear();
        }
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
        Ok(())
    }

    pub(super) fn finish(self, put: impl FnOnce(u32, &[u8]) -> Result<(), TransferError>) -> Result<(), TransferError> {
        if self.lines.is_empty() { Ok(()) } else { put(self.written + 1, &self.lines) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn lines_are_cut_into_files_of_bounded_size_and_none_is_lost() {
        let mut files: Vec<(u32, Vec<u8>)> = Vec::new();
        let mut keep = |number: u32, lines: &[u8]| {
            files.push((number, lines.to_vec()));
            Ok(())
        };
        let mut chunks = Chunks::default();
        let line = vec![b'x'; 1024 * 1024];
        for _ in 0..9 {
            chunks.add(&line, &mut keep).unwrap();
        }
        chunks.add(&vec![b'y'; 5 * 1024 * 1024], &mut keep).unwrap();
        chunks.finish(&mut keep).unwrap();
        let sizes: Vec<(u32, usize)> = files.iter().map(|(number, lines)| (*number, lines.len() / 1024 / 1024)).collect();
        assert_eq!(sizes, [(1, 3), (2, 3), (3, 3), (4, 5)]);
        assert_eq!(files.iter().map(|(_, lines)| layout::lines(lines).unwrap().count()).sum::<usize>(), 10);
    }
}
