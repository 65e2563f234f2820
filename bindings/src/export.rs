//! What leaves as a file and comes back as one: exports, the backup, the restored vault, an archive beside what is here.
//! And what leaves for good: erasing.

use std::path::Path;

use techo_core::{
    base::PersonId,
    intake, present,
    transfer::{self, ArchiveImport, Choice, Exported, Missing},
    vault::{self, PersonRoot},
};

use crate::{Language, NewKeys, TechoError, Vault, reading::person_id, redacted::redacted, room::now};

/// What a file is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ExportFormat {
    /// The documents as they came, in a ZIP.
    Originals,
    /// A Techo archive: everything, readable without this program.
    Techo,
    /// FHIR R4, for other programs.
    Fhir,
    /// A table for a spreadsheet.
    Csv,
    /// An International Patient Summary of one person.
    Ips,
    /// A PHR file of one person: one resource a line.
    Phr,
    /// お薬手帳 of one person, for pharmacies (JAHIS).
    Jahis,
    /// Checkups as 特定健診 XML, in a ZIP.
    Kenshin,
    /// What came from Mynaportal, as it came, in a ZIP.
    Portal,
}

/// What was written.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ExportDone {
    /// In words; a line for each kind of record that the form did not carry as it is.
    pub text: String,
}

/// What an archive holds, or brought.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ArchiveDone {
    /// Everybody in it.
    pub people: Vec<ArchivePerson>,
    /// How many documents.
    pub documents: u64,
    /// In words.
    pub text: String,
}

/// One person of an archive.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ArchivePerson {
    /// The name.
    pub name: String,
    /// The person's records in the vault now.
    pub records: u64,
    /// Whether the root proves that nothing is missing. Somebody who was here before may have more than the archive knows of.
    pub is_whole: bool,
}

/// What to erase, by id.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Erasure {
    /// One record, with every restatement of it and the originals that state it.
    Record {
        /// The record's id.
        id: String,
    },
    /// One document with its records. What another document states as well stays, as that document's.
    Document {
        /// The document's id.
        id: String,
    },
    /// A person with everything.
    Person {
        /// The person's id.
        id: String,
    },
}

/// What went.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Erased {
    /// In words: what went, and the copies elsewhere that are out of reach.
    pub text: String,
    /// Records.
    pub records: u64,
    /// Documents that are gone altogether.
    pub documents: u64,
}

redacted!(ExportDone, ArchiveDone, ArchivePerson, Erasure, Erased);

/// *Long.* Makes a new vault in `dir`, which must be missing or empty, from a backup or another archive. It is whole or not
/// there at all, and stays closed.
///
/// `PassphraseNeeded` where the archive is sealed and none was given.
#[uniffi::export]
pub fn restore(
    dir: String,
    keys: NewKeys,
    archive: String,
    passphrase: Option<String>,
    language: Language,
) -> Result<ArchiveDone, TechoError> {
    let keys = keys.read()?;
    let sealed = passphrase.map(crate::keys::passphrase).transpose()?;
    let done = transfer::restore(Path::new(&dir), &keys.slots(), Path::new(&archive), sealed.as_ref(), now(), &mut |_| {})?;
    let people = arrived(&done);
    let is_whole = people.iter().all(|person| person.is_whole);
    let text = present::archive_text(people.len(), people.iter().map(|person| person.records).sum(), is_whole, language.into());
    Ok(ArchiveDone { people, documents: done.documents_new, text })
}

/// The report of a format that carries everything.
fn whole(people: Vec<PersonRoot>) -> Exported {
    Exported { people, ..Exported::default() }
}

#[uniffi::export]
impl Vault {
    /// *Long.* Writes everybody's records, or one person's, to the file `out`. Needs presence. A passphrase seals a Techo archive;
    /// the other formats have none, and with one nothing is written (`NotSealable`). A summary, a PHR file and a notebook are one
    /// person's: `WishInvalid` (`person`) where there are several and none was named.
    pub fn export(
        &self,
        format: ExportFormat,
        person: Option<String>,
        passphrase: Option<String>,
        out: String,
    ) -> Result<ExportDone, TechoError> {
        let (vault, person, out) = (&self.room.vault, person_id(person)?, Path::new(&out));
        let seal = passphrase.map(crate::keys::passphrase).transpose()?;
        if seal.is_some() && format != ExportFormat::Techo {
            return Err(TechoError::NotSealable);
        }
        let language = self.room.language();
        let nobody_watches = &mut |_| {};
        let choice = Choice::of(person);
        let done = match format {
            ExportFormat::Techo => whole(transfer::export_archive(vault, person, out, seal.as_ref(), now(), nobody_watches)?.people),
            ExportFormat::Originals => whole(transfer::export_originals(vault, person, out, now(), nobody_watches)?),
            ExportFormat::Fhir => transfer::export_fhir(vault, &choice, out, now(), nobody_watches)?,
            ExportFormat::Csv => transfer::export_csv(vault, &choice, out, language, now(), nobody_watches)?,
            ExportFormat::Ips => transfer::export_summary(vault, &choice, out, now(), nobody_watches)?,
            ExportFormat::Phr => transfer::export_phr(vault, &choice, out, now(), nobody_watches)?,
            ExportFormat::Jahis => transfer::export_notebook(vault, &choice, out, now(), nobody_watches)?,
            ExportFormat::Kenshin => transfer::export_checkups(vault, &choice, out, now(), nobody_watches)?,
            ExportFormat::Portal => transfer::export_portal(vault, &choice, out, now(), nobody_watches)?,
        };
        let missing = |one: &Missing| present::not_carried_text(one.kind, one.reason, one.records, language);
        let written = present::export_text(done.people.len(), done.records(), language);
        let lines: Vec<String> = std::iter::once(written).chain(done.not_carried.iter().map(missing)).collect();
        Ok(ExportDone { text: lines.join("\n") })
    }

    /// *Long.* Writes everything, the ledger too, to the file `out`, sealed under a passphrase, and reads it back. Needs presence.
    pub fn backup(&self, out: String, passphrase: String) -> Result<ArchiveDone, TechoError> {
        let seal = crate::keys::passphrase(passphrase)?;
        let content = transfer::backup(&self.room.vault, Path::new(&out), &seal, now(), &mut |_| {})?;
        let names = self.room.names()?;
        let people: Vec<ArchivePerson> = content
            .people
            .iter()
            .map(|root| ArchivePerson { name: names.name(root.person), records: root.records, is_whole: true })
            .collect();
        let text = present::backup_text(people.len(), people.iter().map(|person| person.records).sum(), self.room.language());
        Ok(ArchiveDone { people, documents: content.documents, text })
    }

    /// *Long.* Takes a Techo archive in beside what is here. The whole file is checked first. A slice is filed for the person it is
    /// about, by id or by name and date of birth: `WishInvalid` (`person`) where several could be meant, see `import_slice`.
    ///
    /// `PassphraseNeeded` where it is sealed and none was given.
    pub fn import_archive(&self, path: String, passphrase: Option<String>) -> Result<ArchiveDone, TechoError> {
        self.take_archive(path, passphrase, None)
    }

    /// *Quick.* What will go, as the question before it.
    pub fn erasure_text(&self, what: Erasure) -> Result<String, TechoError> {
        Ok(present::erasure_question(&self.room.vault, what.read()?, self.room.language())?)
    }

    /// *Long.* Erases, for good. Needs presence. Returns once nothing of it is left in the vault's files.
    pub fn erase(&self, what: Erasure) -> Result<Erased, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        // Asked before: afterwards the ledger no longer says whose exports they were.
        let elsewhere = present::copies_elsewhere(vault, |_| true, language)?;
        let erased = vault.erase(what.read()?, now())?;
        // What it stood before is shown in its place; should that not be possible now, the next opening does it.
        intake::reconcile(vault).ok();
        let mut lines = present::erased_text(&erased, language);
        lines.push(present::out_of_reach_title(language).to_owned());
        lines.extend(elsewhere);
        Ok(Erased { text: lines.join("\n"), records: erased.records, documents: erased.documents })
    }
}

impl Vault {
    /// Takes an archive in; a slice for `into`, where that was said.
    pub(crate) fn take_archive(&self, path: String, passphrase: Option<String>, into: Option<PersonId>) -> Result<ArchiveDone, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let sealed = passphrase.map(crate::keys::passphrase).transpose()?;
        let done = transfer::import_archive_into(vault, Path::new(&path), sealed.as_ref(), into, now(), &mut |_| {})?;
        let people = arrived(&done);
        let is_whole = people.iter().all(|person| person.is_whole);
        let text = match &done.slice {
            Some(slice) => present::sliced_text(slice, done.documents_new, done.already_here, language),
            None => present::merged_text(done.documents_new, done.already_here, is_whole, language),
        };
        Ok(ArchiveDone { people, documents: done.documents_new, text })
    }
}

impl Erasure {
    fn read(self) -> Result<vault::Erasure, TechoError> {
        Ok(match self {
            Self::Record { id } => vault::Erasure::Record(id.parse()?),
            Self::Document { id } => vault::Erasure::Document(id.parse()?),
            Self::Person { id } => vault::Erasure::Person(id.parse()?),
        })
    }
}

/// Whose records came.
fn arrived(done: &ArchiveImport) -> Vec<ArchivePerson> {
    // Who was here before may have more than the archive knows of.
    let person = |person: &transfer::PersonImport| ArchivePerson {
        name: person.name.clone(),
        records: person.records,
        is_whole: person.root_equal || !person.is_new,
    };
    done.people.iter().map(person).collect()
}
