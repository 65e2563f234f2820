//! From an archive into a vault: beside what is there already, or into a new one. The whole file is checked before the
//! first byte of it is filed.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{
    layout::Manifest,
    read::{ArchivedDocument, Piece},
    walk,
};
use crate::{
    base::{Fingerprint, Passphrase, PersonId, fold_name},
    formats::{self, FormatId},
    insight, intake,
    record::{Change, Person},
    transfer::{Progress, Step, TransferError, act},
    vault::{Act, EventToFile, Filed, Filing, PersonRoot, Returning, Vault},
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
    let checked = walk(path, passphrase, Step::Checking, progress, &mut |_| Ok(()))?;
    let mut import = Import { vault, way: Way::Beside(now), batch: Batch::default(), people: Vec::new(), counts: Counts::default() };
    let manifest = walk(path, passphrase, Step::Filing, progress, &mut |piece| import.take(piece))?;
    let report = import.finish(&checked, &manifest)?;
    let roots: Vec<PersonRoot> =
        report.people.iter().map(|one| PersonRoot { person: one.person, records: one.records, root: one.root }).collect();
    act::note(vault, now, Act::Imported, "techo", &roots)?;
    Ok(report)
}

/// Fills a vault that holds nothing yet with an archive that [`super::check_archive`] has found whole.
pub(in crate::transfer) fn restore_into(
    vault: &Vault,
    path: &Path,
    passphrase: Option<&Passphrase>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ArchiveImport, TransferError> {
    let mut import = Import { vault, way: Way::Anew, batch: Batch::default(), people: Vec::new(), counts: Counts::default() };
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
}

impl Import<'_> {
    fn take(&mut self, piece: Piece) -> Result<(), TransferError> {
        match piece {
            Piece::People(people) => self.people(people),
            Piece::Document(document) => {
                self.batch.bytes += document.size;
                self.batch.documents.push(returning(*document)?);
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
            .into_iter()
            .zip(&manifest.people)
            .map(|(known, told)| {
                let now = roots.iter().find(|root| root.person == known.person.id).ok_or(TransferError::Changed)?;
                Ok(PersonImport {
                    person: known.person.id,
                    name: known.person.name,
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
        Ok(ArchiveImport { people, documents_new: self.counts.new, already_here: self.counts.known, ledger: self.counts.ledger })
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
    Ok(Returning { filing, positions: document.positions, ledger: document.line.ledger })
}

/// What an entry that somebody wrote by hand changes; none where its original was erased, and for any other document.
fn change_of(document: &ArchivedDocument) -> Result<Option<Change>, TransferError> {
    let is_entry = FormatId::of_id(&document.line.about.format) == Some(FormatId::Entry);
    let Some(original) = document.parts.first().filter(|_| is_entry) else { return Ok(None) };
    let entry = formats::entry::parse(original).map_err(|_| TransferError::Damaged("an entry that somebody wrote"))?;
    Ok(Some(entry.act.change()))
}
