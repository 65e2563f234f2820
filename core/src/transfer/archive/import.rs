//! From an archive into a vault: beside what is there already, or into a new one. The whole file is checked before the
//! first byte of it is filed.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{
    layout::{HandOverMark, Manifest},
    read::{ArchivedDocument, Piece},
    walk,
};
use crate::{
    base::{Fingerprint, Passphrase, PersonId, fold_name},
    formats::{self, FormatId},
    insight, intake,
    record::{Change, Person},
    transfer::{Progress, Step, TransferError, act},
    vault::{Act, EventToFile, Filed, Filing, PersonRoot, Returning, SliceMark, Vault, VaultError},
};

/// A transaction ends when its documents have this many bytes …
const BATCH_BYTES: u64 = 1024 * 1024;
/// … or are this many.
const BATCH_DOCUMENTS: usize = 64;

/// What importing or restoring an archive did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveImport {
    /// Everybody in the archive.
    pub people: Vec<PersonImport>,
    /// Documents that were filed.
    pub documents_new: u64,
    /// Documents that were here already and added nothing.
    pub already_here: u64,
    /// Entries of the ledger that were restored; an import leaves the archive's ledger alone.
    pub ledger: u32,
    /// It was a slice: only a part of one person's records came.
    pub slice: Option<SliceMark>,
    /// It handed one person's records over.
    pub hand_over: Option<HandOverMark>,
}

/// What became of one person of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonImport {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Whether the person was not in the vault before.
    pub is_new: bool,
    /// Somebody else in the vault with the same name and date of birth, under another id: perhaps the same person added
    /// twice. Never merged; the person decides.
    pub namesake: Option<PersonId>,
    /// Records of the person now in the vault.
    pub records: u64,
    /// Records of the person in the archive.
    pub expected: u64,
    /// The person's root in the vault now.
    pub root: Fingerprint,
    /// The person's root in the archive.
    pub expected_root: Fingerprint,
    /// Whether the vault now holds exactly what the archive held of this person.
    pub root_equal: bool,
}

/// Imports an archive into a vault. Documents that are here already add nothing; a person of the archive who is not here
/// is added. *Long.*
///
/// The archive is read twice: the first time everything in it is checked and nothing is written.
pub fn import_archive(
    vault: &Vault,
    path: &Path,
    passphrase: Option<&Passphrase>,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveImport, TransferError> {
    import_archive_into(vault, path, passphrase, None, now, progress)
}

/// The same. A slice is filed for `into`, or for the person it is about: by the id, else by name and date of birth, as a
/// document would be; nobody of that name is added. A slice adds what is new; it replaces and removes nothing. For any other
/// archive `into` means nothing.
///
/// # Errors
/// `NotThisPerson` where `into` was born on another day; `PersonNeeded` where several people could be meant.
pub fn import_archive_into(
    vault: &Vault,
    path: &Path,
    passphrase: Option<&Passphrase>,
    into: Option<PersonId>,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveImport, TransferError> {
    let checked = walk(path, passphrase, Step::Checking, progress, &mut |_| Ok(()))?;
    let mut import = Import { into, ..Import::new(vault, Way::Beside(now)) };
    let manifest = walk(path, passphrase, Step::Filing, progress, &mut |piece| import.take(piece))?;
    let report = import.finish(&checked, &manifest)?;
    let roots: Vec<PersonRoot> =
        report.people.iter().map(|one| PersonRoot { person: one.person, records: one.records, root: one.root }).collect();
    act::note(vault, now, Act::Imported, if report.slice.is_some() { "techo-slice" } else { "techo" }, &roots)?;
    note_hand_over(vault, &report, &roots, now)?;
    Ok(report)
}

/// The vault that a person's records came to says so as well.
pub(in crate::transfer) fn note_hand_over(
    vault: &Vault,
    report: &ArchiveImport,
    roots: &[PersonRoot],
    now: DateTime<Utc>,
) -> Result<(), TransferError> {
    let Some(mark) = &report.hand_over else { return Ok(()) };
    let of = if mark.kept { "kept" } else { "ended" };
    act::note_of(vault, now, Act::TakenOver, ("techo", Some(of)), roots)
}

/// Fills a vault that holds nothing yet with an archive that [`super::check_archive`] has found whole.
pub(in crate::transfer) fn restore_into(
    vault: &Vault,
    path: &Path,
    passphrase: Option<&Passphrase>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveImport, TransferError> {
    let mut import = Import::new(vault, Way::Anew);
    let manifest = walk(path, passphrase, Step::Filing, progress, &mut |piece| import.take(piece))?;
    import.finish(&manifest, &manifest)
}

enum Way {
    /// Beside what is in the vault, at this instant.
    Beside(DateTime<Utc>),
    /// Into an empty vault, as it was.
    Anew,
}

#[derive(Default)]
struct Batch {
    documents: Vec<Returning>,
    bytes: u64,
}

#[derive(Default)]
struct Counts {
    new: u64,
    known: u64,
    ledger: u32,
}

struct Known {
    person: Person,
    is_new: bool,
    namesake: Option<PersonId>,
}

struct Import<'a> {
    vault: &'a Vault,
    way: Way,
    batch: Batch,
    people: Vec<Known>,
    counts: Counts,
    /// Whom a slice is to be filed for.
    into: Option<PersonId>,
    slice: Option<SliceMark>,
    hand_over: Option<HandOverMark>,
}

impl<'a> Import<'a> {
    fn new(vault: &'a Vault, way: Way) -> Self {
        let (batch, people, counts) = (Batch::default(), Vec::new(), Counts::default());
        Self { vault, way, batch, people, counts, into: None, slice: None, hand_over: None }
    }

    fn take(&mut self, piece: Piece) -> Result<(), TransferError> {
        match piece {
            Piece::Head(head) => {
                self.slice = head.slice;
                self.hand_over = head.hand_over;
                Ok(())
            }
            Piece::People(people) if self.slice.is_some() => self.sliced(people),
            Piece::People(people) => self.people(people),
            Piece::Document(document) => {
                self.batch.bytes += document.size;
                let mut returning = returning(*document)?;
                if let (Some(_), Some(known)) = (&self.slice, self.people.first()) {
                    returning.filing.person = known.person.id;
                }
                self.batch.documents.push(returning);
                let is_full = self.batch.bytes >= BATCH_BYTES || self.batch.documents.len() >= BATCH_DOCUMENTS;
                if is_full { self.file() } else { Ok(()) }
            }
            Piece::Waiting(person, received, part) => {
                self.file()?;
                match self.way {
                    Way::Beside(_) => self.vault.keep_part(person, &part, received)?,
                    Way::Anew => self.vault.restore_part(person, received, &part)?,
                }
                Ok(())
            }
            Piece::Ledger(entries) => {
                self.file()?;
                if matches!(self.way, Way::Anew) {
                    self.vault.restore_ledger(&entries)?;
                    self.counts.ledger += u32::try_from(entries.len()).unwrap_or(u32::MAX);
                }
                Ok(())
            }
        }
    }

    fn people(&mut self, people: Vec<Person>) -> Result<(), TransferError> {
        let here = self.vault.people()?;
        if matches!(self.way, Way::Anew) {
            self.vault.restore_people(&people)?;
        }
        for person in people {
            let is_new = !here.iter().any(|other| other.id == person.id);
            if let (true, Way::Beside(now)) = (is_new, &self.way) {
                self.vault.add_person(&person, *now)?;
            }
            let is_namesake =
                |other: &&Person| other.id != person.id && other.born == person.born && fold_name(&other.name) == fold_name(&person.name);
            let namesake = here.iter().find(is_namesake).map(|other| other.id);
            self.people.push(Known { person, is_new, namesake });
        }
        Ok(())
    }

    /// Whom the slice is filed for.
    fn sliced(&mut self, people: Vec<Person>) -> Result<(), TransferError> {
        let Way::Beside(now) = self.way else { return Err(TransferError::OnlySlice) };
        let here = self.vault.people()?;
        for person in people {
            let namesakes: Vec<&Person> = here.iter().filter(|other| person.is_namesake_of(other)).collect();
            let found = match (self.into, here.iter().find(|other| other.id == person.id), namesakes.as_slice()) {
                (Some(into), ..) => {
                    let chosen = here.iter().find(|other| other.id == into).ok_or(VaultError::NotFound)?;
                    // A name may have changed, also after its parents have parted; the day of birth has not.
                    if chosen.born != person.born {
                        return Err(TransferError::NotThisPerson);
                    }
                    Some(chosen)
                }
                (None, Some(same), _) => Some(same),
                (None, None, [one]) => Some(*one),
                (None, None, []) => None,
                (None, None, _) => return Err(TransferError::PersonNeeded),
            };
            let is_new = found.is_none();
            let person = found.cloned().unwrap_or(person);
            if is_new {
                self.vault.add_person(&person, now)?;
            }
            self.people.push(Known { person, is_new, namesake: None });
        }
        Ok(())
    }

    fn file(&mut self) -> Result<(), TransferError> {
        let Batch { documents, .. } = std::mem::take(&mut self.batch);
        if documents.is_empty() {
            return Ok(());
        }
        match self.way {
            Way::Beside(now) => {
                for filed in self.vault.file_again(&documents, now)? {
                    match filed {
                        Filed::New { .. } => self.counts.new += 1,
                        Filed::AlreadyHere { .. } => self.counts.known += 1,
                    }
                }
            }
            Way::Anew => {
                self.vault.restore_documents(&documents)?;
                self.counts.new += documents.len() as u64;
            }
        }
        Ok(())
    }

    fn finish(mut self, checked: &Manifest, manifest: &Manifest) -> Result<ArchiveImport, TransferError> {
        self.file()?;
        if checked != manifest {
            return Err(TransferError::Changed);
        }
        // Links are derived: an archive carries the decisions about them and nothing else.
        intake::reconcile(self.vault)?;
        let roots = self.vault.roots()?;
        let people = self
            .people
            .iter()
            .zip(&manifest.people)
            .map(|(known, told)| {
                let now = roots.iter().find(|root| root.person == known.person.id).ok_or(TransferError::Changed)?;
                Ok(PersonImport {
                    person: known.person.id,
                    name: known.person.name.clone(),
                    is_new: known.is_new,
                    namesake: known.namesake,
                    records: now.records,
                    expected: told.records,
                    root: now.root,
                    expected_root: told.root,
                    root_equal: now.root == told.root,
                })
            })
            .collect::<Result<_, TransferError>>()?;
        let Self { counts, slice, hand_over, .. } = self;
        Ok(ArchiveImport { people, documents_new: counts.new, already_here: counts.known, ledger: counts.ledger, slice, hand_over })
    }
}

/// What filing needs: identities and series are worked out anew, just as when the document came in; standings are kept.
fn returning(document: ArchivedDocument) -> Result<Returning, TransferError> {
    let change = change_of(&document)?;
    let prepared = insight::prepare(&document.events);
    let events = document
        .events
        .into_iter()
        .zip(prepared)
        .map(|(event, prepared)| EventToFile {
            event,
            identities: prepared.identities,
            series: prepared.series.into_iter().map(|series| series.map(|series| (series.key, series.code, series.label))).collect(),
        })
        .collect();
    let filing = Filing {
        person: document.person,
        fingerprint: document.line.fingerprint,
        parts: document.parts,
        received: document.received,
        about: document.line.about,
        events,
        change,
    };
    Ok(Returning { filing, positions: document.positions, samples: document.samples, ledger: document.line.ledger })
}

/// What an entry that somebody wrote by hand changes; none where its original was erased, and for any other document.
fn change_of(document: &ArchivedDocument) -> Result<Option<Change>, TransferError> {
    let is_entry = FormatId::of_id(&document.line.about.format) == Some(FormatId::Entry);
    let Some(original) = document.parts.first().filter(|_| is_entry) else { return Ok(None) };
    let entry = formats::entry::parse(original).map_err(|_| TransferError::Damaged("an entry that somebody wrote"))?;
    Ok(Some(entry.act.change()))
}
