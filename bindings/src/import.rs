//! Files in: a look at what a file holds before anything is filed, and filing it. A Techo archive is only recognised here;
//! `import_archive` takes it in as a whole.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
    sync::Arc,
};

use techo_core::{
    base::limits,
    formats::{self, Detected, FormatError, Unread, health_card::KeySet},
    intake::{Draft, IntakeError, Outcome, Permissions, TakenIn},
    present::{self, Language},
    record::Person,
    transfer::{ArchiveForm, TransferError, archive_form_at},
    vault::{EventId, PAGE, VaultError},
};

use crate::{
    TechoError, Trouble, Vault,
    errors::megabytes,
    keep::{Table, TableReading, can_keep},
    redacted::redacted,
    room::{Room, now},
};

/// Bytes of a file by which an archive is known.
const HEAD_BYTES: u64 = 65_536;

/// What a file holds, before anything of it is filed. It is forgotten with this object.
#[derive(uniffi::Object)]
pub struct ImportDraft {
    pub(crate) room: Arc<Room>,
    pub(crate) draft: Draft,
    /// A table whose reading nobody has confirmed.
    pub(crate) table: Option<Table>,
    view: DraftView,
}

/// A draft, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own, and the shells have no other shape")]
pub struct DraftView {
    /// The documents in it, the first 100.
    pub documents: Vec<DraftDocument>,
    /// It is a Techo archive: `import_archive` takes it in as a whole.
    pub is_archive: bool,
    /// And sealed.
    pub archive_needs_passphrase: bool,
    /// The id of the one person whom every document fits; none where that cannot be told.
    pub person: Option<String>,
    /// Whether there is something to take in.
    pub can_take: bool,
    /// In one sentence.
    pub summary: String,
    /// Why nothing of it can be taken in.
    pub trouble: Option<Trouble>,
    /// A table of measurements that `confirm_table` has to be asked of first.
    #[uniffi(default = None)]
    pub table: Option<TableReading>,
    /// It is a PDF or a picture, which `keep` files as a document by a title and of a day.
    #[uniffi(default = false)]
    pub can_keep: bool,
}

/// One document of a draft.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DraftDocument {
    /// The file's name, with that of the file in the container.
    pub name: String,
    /// What it is; none where it is of no form that is read.
    pub format_name: Option<String>,
    /// The id of the one person it fits.
    pub person: Option<String>,
    /// Whom it says it is about, and who of the vault that is.
    pub person_text: String,
    /// What differs from the person it nearly fits.
    pub differs: Option<String>,
    /// Who issued it, as received.
    pub source: Option<String>,
    /// Which days it is about.
    pub days_text: Option<String>,
    /// What it holds, for example `予防接種 3`.
    pub kinds: Vec<String>,
    /// How many records.
    pub records: u32,
    /// Entries that cannot be taken, the first 100.
    pub refused: Vec<RefusedLine>,
    /// The very same document is here already.
    pub already_here: bool,
    /// That parts of it are missing, and which.
    pub waiting: Option<String>,
    /// A question that must be answered first: twelve digits that could be a My Number.
    pub question: Option<String>,
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
    /// All of it, a line each, in the order in which it is read out.
    pub lines: Vec<String>,
}

/// An entry that was not taken.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RefusedLine {
    /// Where it stands, without any value in it.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// What was taken in.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ImportDone {
    /// The sum, in one sentence.
    pub text: String,
    /// Each document, a line each, the first 100.
    pub lines: Vec<String>,
    /// Records that were filed.
    pub records: u32,
    /// Of these, records that an earlier document had stated.
    pub known: u32,
    /// Entries and documents that were not taken, the first 100.
    pub refused: Vec<RefusedLine>,
    /// Split documents of which parts are still missing.
    pub waiting: Vec<String>,
    /// The newest event of what was taken in, to show first.
    pub first_event: Option<String>,
    /// The document, where it is one.
    #[uniffi(default = None)]
    pub document: Option<String>,
}

redacted!(DraftView, DraftDocument, RefusedLine, ImportDone);

#[uniffi::export]
impl Vault {
    /// *Long.* Looks at a file, or at a picture with QR codes, and files nothing. `name` is what the person calls the file. What is
    /// wrong with it stands in the draft.
    ///
    /// `TooLarge` before it is read; `FileMissing`; `FileUnusable`.
    pub fn look(&self, path: String, name: Option<String>) -> Result<Arc<ImportDraft>, TechoError> {
        let path = Path::new(&path);
        let bytes = read_bounded(path)?;
        let name = name.or_else(|| path.file_name().and_then(|name| name.to_str()).map(str::to_owned));
        let mut looked = ImportDraft::looked(&self.room, bytes, name.as_deref())?;
        looked.view.archive_needs_passphrase = looked.draft.is_archive() && archive_form_at(path)? == ArchiveForm::Sealed;
        Ok(Arc::new(looked))
    }
}

#[uniffi::export]
impl ImportDraft {
    /// *Instant.* What it holds.
    pub fn view(&self) -> DraftView {
        self.view.clone()
    }

    /// *Long.* Files it for `person`: every document whole or not at all. `anyway` where a document names somebody else and is this
    /// person's all the same; `digits_checked` where the person has seen that twelve digits are no My Number. Where one of its
    /// documents leaves such a question open, nothing is taken in.
    ///
    /// `NotThisPerson`, `PossibleMyNumber`: ask, and call again. `OutOfTurn` for an archive.
    pub fn take(&self, person: String, anyway: bool, digits_checked: bool) -> Result<ImportDone, TechoError> {
        let vault = &self.room.vault;
        let person = vault.person(person.parse()?)?;
        let may = Permissions { anyway, digits_checked, ..Permissions::default() };
        self.refuse(&person, may)?;
        let mut sum = Sum::of(&self.room, &self.draft);
        self.draft.take(vault, &person, may, now(), &mut |outcome| sum.add(&outcome));
        sum.done()
    }
}

impl ImportDraft {
    pub(crate) fn look(room: &Arc<Room>, bytes: Vec<u8>, name: Option<&str>) -> Result<Arc<Self>, TechoError> {
        Ok(Arc::new(Self::looked(room, bytes, name)?))
    }

    fn looked(room: &Arc<Room>, bytes: Vec<u8>, name: Option<&str>) -> Result<Self, TechoError> {
        let (table, can_keep) = (Table::of(&room.vault, &bytes), can_keep(&bytes));
        let draft = Draft::look(&room.vault, bytes, name, &keys())?;
        let mut view = DraftView::of(room, &draft)?;
        view.table = table.as_ref().map(|table| table.reading(room.language()));
        view.can_keep = can_keep;
        Ok(Self { room: Arc::clone(room), draft, table, view })
    }

    /// Refuses before anything is filed.
    fn refuse(&self, person: &Person, may: Permissions<'_>) -> Result<(), TechoError> {
        if self.draft.is_archive() {
            return Err(TechoError::OutOfTurn);
        }
        let mut unreadable = None;
        let mut is_any = false;
        for document in self.draft.documents() {
            match document.objection(person, may) {
                None => is_any = true,
                // One bad document of many is told of afterwards; a question is asked before.
                Some(error @ IntakeError::Format(_)) => drop(unreadable.get_or_insert(error)),
                Some(error) => return Err(error.into()),
            }
        }
        match unreadable {
            Some(error) if !is_any => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// No keys are known beforehand: a signature is told of as unchecked.
fn keys() -> KeySet {
    KeySet::new(now().timestamp())
}

/// A file's bytes, or the first of them where it is an archive, which may be of any size. What is larger than any document or
/// container is not read.
fn read_bounded(path: &Path) -> Result<Vec<u8>, TechoError> {
    let read = || -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut bytes = Vec::new();
        (&mut file).take(HEAD_BYTES).read_to_end(&mut bytes)?;
        if formats::detect(&bytes) == Detected::NotRead(Unread::TechoArchive) {
            return Ok(Some(bytes));
        }
        let limit = u64::try_from(limits::CONTAINER_BYTES).unwrap_or(u64::MAX);
        if file.metadata()?.len() > limit {
            return Ok(None);
        }
        // A pipe has no length; the limit holds for it all the same.
        (&mut file).take(limit.saturating_sub(HEAD_BYTES).saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() <= limits::CONTAINER_BYTES).then_some(bytes))
    };
    read().map_err(TransferError::from)?.ok_or(TechoError::TooLarge { limit_mb: megabytes(limits::CONTAINER_BYTES) })
}

fn page() -> usize {
    usize::try_from(PAGE).unwrap_or(usize::MAX)
}

impl DraftView {
    fn of(room: &Room, draft: &Draft) -> Result<Self, TechoError> {
        let language = room.language();
        let view = present::draft(&room.vault, draft, language)?;
        let trouble = present::draft_trouble(&view).and_then(|_| view.documents.first()?.trouble.clone()).map(Trouble::from);
        Ok(Self {
            is_archive: view.is_archive,
            archive_needs_passphrase: false,
            person: view.person.map(|person| person.to_string()),
            can_take: view.can_take,
            summary: view.summary,
            trouble,
            table: None,
            can_keep: false,
            documents: view.documents.into_iter().take(page()).map(|line| DraftDocument::of(line, language)).collect(),
        })
    }
}

impl DraftDocument {
    fn of(line: present::DraftLine, language: Language) -> Self {
        let lines = line.lines(language);
        let refused = |refused: present::RefusedText| RefusedLine { place: refused.place, reason: refused.reason };
        Self {
            lines,
            name: line.name,
            format_name: line.format.map(str::to_owned),
            person: line.person.map(|person| person.to_string()),
            person_text: line.person_text.unwrap_or_default(),
            differs: line.differs,
            source: line.source,
            days_text: line.days,
            kinds: line.kinds,
            records: line.records,
            refused: line.refused.into_iter().take(page()).map(refused).collect(),
            already_here: line.here.is_some(),
            waiting: line.waiting,
            question: line.question,
            trouble: line.trouble.map(Trouble::from),
        }
    }
}

/// What an import comes to, document by document.
pub(crate) struct Sum<'a> {
    room: &'a Room,
    name: &'a str,
    done: ImportDone,
    documents: u32,
    /// The vault gave way; what is durable by then stays.
    failed: Option<VaultError>,
}

impl<'a> Sum<'a> {
    pub(crate) fn of(room: &'a Room, draft: &'a Draft) -> Self {
        Self { room, name: draft.name().unwrap_or_default(), done: ImportDone::default(), documents: 0, failed: None }
    }

    pub(crate) fn add(&mut self, outcome: &Outcome) {
        let name = outcome.member.as_ref().map_or_else(|| self.name.to_owned(), |member| format!("{}: {member}", self.name));
        match &outcome.result {
            Ok(taken) => self.taken(&name, taken),
            Err(IntakeError::Vault(error)) => drop(self.failed.get_or_insert_with(|| error.clone())),
            Err(error) => {
                let place = if let IntakeError::Format(error) = error { error.place() } else { None };
                let place =
                    place.map_or_else(|| name.clone(), |place| format!("{name}: {}", present::place_text(place, self.room.language())));
                self.done.refused.push(RefusedLine { place, reason: present::reason_text(error, self.room.language()) });
            }
        }
    }

    fn taken(&mut self, name: &str, taken: &TakenIn) {
        let language = self.room.language();
        let text = present::taken_text(name, taken, language);
        if taken.pending {
            self.done.waiting.push(text.clone());
        }
        self.done.lines.push(text);
        self.documents += u32::from(!taken.pending);
        self.done.records = self.done.records.saturating_add(taken.ready);
        self.done.known = self.done.known.saturating_add(taken.known);
        let reason = |error: &FormatError| present::refusal_text(error, language);
        self.done
            .refused
            .extend(taken.refused.iter().map(|refusal| RefusedLine { place: refusal.place.clone(), reason: reason(&refusal.reason) }));
        if let Some(document) = taken.document {
            self.done.document = (self.documents == 1).then(|| document.to_string());
            let mut newest: Option<EventId> = None;
            let walked = self.room.vault.each_event_of(document, |event| {
                newest = newest.max(Some(event.id));
                Ok::<(), VaultError>(())
            });
            if let Err(error) = walked {
                self.failed.get_or_insert(error);
            }
            let shown = self.done.first_event.as_ref().and_then(|event| event.parse::<EventId>().ok());
            self.done.first_event = shown.max(newest).map(|event| event.to_string());
        }
    }

    pub(crate) fn done(mut self) -> Result<ImportDone, TechoError> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        self.done.text = present::import_sum_text(
            self.documents.into(),
            self.done.records.into(),
            u64::try_from(self.done.refused.len()).unwrap_or(u64::MAX),
            self.room.language(),
        );
        self.done.lines.truncate(page());
        self.done.refused.truncate(page());
        Ok(self.done)
    }
}
