//! From the entries of an archive to what they say. One walk checks everything there is to check: order, names, spelling,
//! checksums, counts, roots and the ledger's chain. Verifying is a walk that keeps nothing.

use std::{collections::HashSet, io::Read};

use chrono::{DateTime, Utc};

use super::{
    layout::{self, DocumentLine, Head, Manifest, ManifestPerson, WaitingLine},
    tape::{Sums, TapeReader, sum_line},
};
use crate::{
    base::{Fingerprint, PersonId, limits},
    record::{Event, Person},
    transfer::TransferError,
    vault::{CanonicalEvent, CanonicalSamples, FACTS_PER_EVENT, LedgerEntry, SliceMark, WaitingPart, person_root},
};

/// One piece of an archive, in the archive's order.
pub(super) enum Piece {
    /// What the archive says it is; the first.
    Head(Head),
    /// Everybody.
    People(Vec<Person>),
    /// A document with what it says and its original.
    Document(Box<ArchivedDocument>),
    /// A part that waits for the others.
    Waiting(PersonId, DateTime<Utc>, WaitingPart),
    /// Some of the ledger's entries.
    Ledger(Vec<LedgerEntry>),
}

/// A document out of an archive.
pub(super) struct ArchivedDocument {
    pub(super) person: PersonId,
    pub(super) line: DocumentLine,
    pub(super) received: DateTime<Utc>,
    pub(super) events: Vec<Event>,
    pub(super) positions: Vec<u32>,
    /// Days of samples in canonical form, each checked; unpacked when they are filed.
    pub(super) samples: Vec<Vec<u8>>,
    pub(super) parts: Vec<Vec<u8>>,
    /// Bytes it takes in the archive.
    pub(super) size: u64,
}

/// Walks through an archive's tar file and hands each piece to `take`. The pieces are vouched for only when the walk has
/// come to its end: the checksums stand there.
pub(super) fn walk<R: Read>(tar: R, take: &mut dyn FnMut(Piece) -> Result<(), TransferError>) -> Result<Manifest, TransferError> {
    let mut walk = Walk { tape: TapeReader::new(tar)?, sums: Sums::new(), links: 0, slice: None };
    let head = walk.head()?;
    let is_slice = head.slice.is_some();
    take(Piece::Head(head))?;
    let people = walk.people()?;
    if is_slice && people.len() != 1 {
        return Err(TransferError::Damaged("a slice is of one person"));
    }
    let listed: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    take(Piece::People(people))?;
    let mut found = Vec::with_capacity(listed.len());
    for person in listed {
        found.push(walk.person(person, take)?);
        walk.waiting(person, take)?;
    }
    let ledger = walk.ledger(take)?;
    walk.manifest(&found, ledger)
}

struct Walk<R> {
    tape: TapeReader<R>,
    sums: Sums,
    /// Highest ledger number a document names.
    links: u32,
    /// What every document of a slice says about itself.
    slice: Option<SliceMark>,
}

/// What was counted of one person.
struct Found {
    id: PersonId,
    documents: u64,
    events: u64,
    days: u64,
    root: Fingerprint,
}

impl<R: Read> Walk<R> {
    fn entry(&mut self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, TransferError> {
        let bytes = self.tape.take(name, limit)?;
        if let Some(bytes) = &bytes {
            self.sums.add(name, bytes);
        }
        Ok(bytes)
    }

    fn head(&mut self) -> Result<Head, TransferError> {
        let bytes = self.entry(layout::HEAD, layout::SMALL_LIMIT)?.ok_or(TransferError::NotAnArchive)?;
        // Read loosely first: a newer version may say more.
        match serde_json::from_slice::<Head>(&bytes) {
            Ok(head) if head.is_archive() && head.version > layout::VERSION => {
                Err(TransferError::TooNew { found: head.version, known: layout::VERSION })
            }
            Ok(head) if head.is_known() && layout::encode(&head)? == bytes => {
                self.slice.clone_from(&head.slice);
                Ok(head)
            }
            _ => Err(TransferError::Damaged("what it says it is")),
        }
    }

    fn people(&mut self) -> Result<Vec<Person>, TransferError> {
        let Some(bytes) = self.entry(layout::PEOPLE, layout::SMALL_LIMIT)? else { return Ok(Vec::new()) };
        let mut seen = HashSet::new();
        layout::lines(&bytes)?
            .map(|line| {
                let person: Person = layout::decode(line, "a person")?;
                let is_valid = Person::new(person.id, &person.name, person.born, person.sex).is_ok_and(|made| made.name == person.name);
                if is_valid && seen.insert(person.id) { Ok(person) } else { Err(TransferError::Damaged("a person")) }
            })
            .collect()
    }

    fn person(&mut self, id: PersonId, take: &mut dyn FnMut(Piece) -> Result<(), TransferError>) -> Result<Found, TransferError> {
        let mut digests = Vec::new();
        let (mut events, mut days) = (0, 0);
        let mut documents = HashSet::new();
        for number in 1_u32.. {
            let Some(bytes) = self.entry(&layout::document_name(id, number), layout::SMALL_LIMIT)? else { break };
            let line: DocumentLine = layout::decode(&bytes, "a document")?;
            // Half the fingerprint is enough to notice a document that is there twice.
            if !documents.insert(line.fingerprint.short()) {
                return Err(TransferError::Damaged("a document that is there twice"));
            }
            let document = self.document(id, number, line, &mut digests)?;
            events += document.events.len() as u64;
            days += document.samples.len() as u64;
            take(Piece::Document(Box::new(document)))?;
        }
        Ok(Found { id, documents: documents.len() as u64, events, days, root: person_root(id, digests) })
    }

    fn document(
        &mut self,
        person: PersonId,
        number: u32,
        line: DocumentLine,
        digests: &mut Vec<[u8; 32]>,
    ) -> Result<ArchivedDocument, TransferError> {
        let received = layout::instant(&line.received)?;
        self.links = self.links.max(line.ledger.unwrap_or(0));
        if line.ledger == Some(0) {
            return Err(TransferError::Damaged("a document"));
        }
        // Nothing of a slice may look like a whole document, or bring an original along.
        if self.slice.is_some() && (line.about.slice != self.slice || line.parts != 0) {
            return Err(TransferError::Damaged("a document of a slice"));
        }
        let mut document = ArchivedDocument {
            person,
            received,
            events: Vec::new(),
            positions: Vec::new(),
            samples: Vec::new(),
            parts: Vec::new(),
            size: 0,
            line,
        };
        for chunk in 1_u32.. {
            let Some(bytes) = self.entry(&layout::events_name(person, number, chunk), layout::LINES_LIMIT)? else { break };
            document.grow(bytes.len())?;
            for line in layout::lines(&bytes)? {
                document.event(line)?;
                digests.push(*Fingerprint::of(line).as_bytes());
            }
        }
        for chunk in 1_u32.. {
            let Some(bytes) = self.entry(&layout::samples_name(person, number, chunk), layout::LINES_LIMIT)? else { break };
            document.grow(bytes.len())?;
            for line in layout::lines(&bytes)? {
                document.day(line)?;
                digests.push(*Fingerprint::of(line).as_bytes());
            }
        }
        let parts = document.line.parts;
        for part in 1..=parts {
            let name = layout::original_name(person, number, part, parts);
            let bytes = self.entry(&name, limits::DOCUMENT_BYTES as u64)?.ok_or(TransferError::Damaged("an original is missing"))?;
            document.grow(bytes.len())?;
            document.parts.push(bytes);
        }
        if parts > 0 && Fingerprint::of_parts(document.parts.iter().map(Vec::as_slice)) != document.line.fingerprint {
            return Err(TransferError::Damaged("an original"));
        }
        Ok(document)
    }

    fn waiting(&mut self, person: PersonId, take: &mut dyn FnMut(Piece) -> Result<(), TransferError>) -> Result<(), TransferError> {
        for number in 1_u32.. {
            let Some(bytes) = self.entry(&layout::waiting_name(person, number), layout::SMALL_LIMIT)? else { break };
            let line: WaitingLine = layout::decode(&bytes, "a waiting part")?;
            let received = layout::instant(&line.received)?;
            let name = layout::waiting_bytes_name(person, number);
            let bytes = self.entry(&name, limits::DOCUMENT_BYTES as u64)?.ok_or(TransferError::Damaged("a waiting part"))?;
            take(Piece::Waiting(person, received, line.part(bytes)))?;
        }
        Ok(())
    }

    fn ledger(&mut self, take: &mut dyn FnMut(Piece) -> Result<(), TransferError>) -> Result<u32, TransferError> {
        let mut previous: Option<Fingerprint> = None;
        let mut count = 0;
        for chunk in 1_u32.. {
            let Some(bytes) = self.entry(&layout::ledger_name(chunk), layout::LINES_LIMIT)? else { break };
            let mut entries = Vec::new();
            for line in layout::lines(&bytes)? {
                let entry: LedgerEntry = layout::decode(line, "a ledger entry")?;
                if !entry.follows(previous.as_ref()) {
                    return Err(TransferError::Damaged("the ledger's chain"));
                }
                previous = Some(entry.chain);
                entries.push(entry);
                count += 1;
            }
            take(Piece::Ledger(entries))?;
        }
        Ok(count)
    }

    fn manifest(mut self, found: &[Found], ledger: u32) -> Result<Manifest, TransferError> {
        let (entries, sum) = std::mem::replace(&mut self.sums, Sums::new()).finish();
        let Some(bytes) = self.tape.take(layout::MANIFEST, layout::SMALL_LIMIT)? else {
            return Err(TransferError::Damaged("an entry that does not belong there"));
        };
        let summed = self.tape.take(layout::MANIFEST_SUM, layout::SMALL_LIMIT)?;
        if summed.as_deref() != Some(sum_line(layout::MANIFEST, &bytes).as_bytes()) || self.tape.name().is_some() {
            return Err(TransferError::Damaged("the manifest"));
        }
        let manifest: Manifest = layout::decode(&bytes, "the manifest")?;
        if (manifest.entries, manifest.sum) != (entries, sum) {
            return Err(TransferError::Damaged("a checksum"));
        }
        let people_fit = manifest.people.len() == found.len() && manifest.people.iter().zip(found).all(|(told, found)| found.is(told));
        let ledger_fits = manifest.ledger.unwrap_or(0) == ledger && self.links <= ledger;
        if people_fit && ledger_fits { Ok(manifest) } else { Err(TransferError::Damaged("a count or a root")) }
    }
}

impl Found {
    fn is(&self, told: &ManifestPerson) -> bool {
        (self.id, self.documents, self.events, self.days, self.root) == (told.id, told.documents, told.events, told.days, told.root)
    }
}

impl ArchivedDocument {
    fn grow(&mut self, bytes: usize) -> Result<(), TransferError> {
        self.size += bytes as u64;
        if self.size > layout::DOCUMENT_LIMIT { Err(TransferError::Damaged("a document is too large")) } else { Ok(()) }
    }

    fn day(&mut self, line: &[u8]) -> Result<(), TransferError> {
        let read: CanonicalSamples = layout::decode(line, "a day of samples")?;
        let is_canonical = !read.samples.samples.is_empty() && read.samples.clone().canonical() == read.samples;
        if read.document != self.line.fingerprint || !is_canonical {
            return Err(TransferError::Damaged("a day of samples"));
        }
        self.samples.push(line.to_vec());
        Ok(())
    }

    fn event(&mut self, line: &[u8]) -> Result<(), TransferError> {
        let read: CanonicalEvent = layout::decode(line, "an event")?;
        let in_order = self.positions.last().is_none_or(|last| *last < read.position);
        if read.document != self.line.fingerprint || !in_order || read.event.facts.len() > FACTS_PER_EVENT {
            return Err(TransferError::Damaged("an event"));
        }
        self.events.push(read.event);
        self.positions.push(read.position);
        Ok(())
    }
}
