//! Takes documents in.

use std::{collections::BTreeMap, io::Cursor};

use chrono::{DateTime, Utc};

use super::{
    IntakeError, Origin, Prepared,
    prepare::{Arrival, ready},
    reconcile::reconcile,
    series::{series_way, take_series},
};
use crate::{
    base::PersonId,
    formats::{self, Contents, Detected, FormatError, FormatId, Part, Reading, Refusal, Unread, health_card::KeySet},
    record::{Fact, Person},
    vault::{DocumentId, Filed, Given, Vault, VaultError, WaitingPart},
};

/// Bytes that came in.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The file's name, where it had one.
    pub name: Option<&'a str>,
    /// When.
    pub now: DateTime<Utc>,
}

/// What the person has said beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Permissions<'a> {
    /// The document is this person's although it names somebody else.
    pub anyway: bool,
    /// Twelve digits in a text are no My Number, wherever they stand.
    pub digits_checked: bool,
    /// They are none at these places.
    pub digits_checked_at: &'a [&'a str],
    /// A picture is kept as a document, also where it shows a QR code; and what the person says about it, or about a PDF.
    pub document: Option<&'a Given>,
}

/// What became of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// The format it was read as.
    pub format: FormatId,
    /// The document; none while parts of it are missing.
    pub document: Option<DocumentId>,
    /// The very same document was here before; nothing was added.
    pub already_here: bool,
    /// Records it states, all filed.
    pub ready: u32,
    /// Of these, records that an earlier document had stated.
    pub known: u32,
    /// Of the ready ones, records that are kept and shown as they came, not understood or contradicting themselves.
    pub kept: u32,
    /// Entries that were not taken.
    pub refused: Vec<Refusal>,
    /// Parts of it are still missing; what came is kept until they come.
    pub pending: bool,
    /// What the parts of a split document have in common; none where it came whole.
    pub set: Option<String>,
}

/// One document of a file: a file can be a container of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its name inside the container; none for the file itself.
    pub member: Option<String>,
    /// The format its bytes are in, read or not; none where it is of no format with a reader.
    pub format: Option<FormatId>,
    /// What became of it.
    pub result: Result<TakenIn, IntakeError>,
}

/// Takes one file in for `person`. Each document in it is filed by itself, whole or not at all, and is durable when it
/// is handed to `done`.
pub fn take_in(vault: &Vault, person: &Person, file: Incoming<'_>, keys: &KeySet, may: Permissions<'_>, done: &mut dyn FnMut(Outcome)) {
    if let Some(way) = series_way(vault, file.bytes) {
        let format = Some(way.kind().format());
        let result = take_series(vault, person, &mut Cursor::new(file.bytes), file.name, way.kind(), may, file.now);
        return done(Outcome { member: None, format, result });
    }
    let intake = Intake { vault, person, may, name: file.name, now: file.now, keys };
    match read_as(file.bytes, keys, may) {
        Ok(Contents::Document(reading)) => {
            let format = Some(reading.format);
            done(Outcome { member: None, format, result: intake.file(*reading, vec![file.bytes.to_vec()], file.name) });
        }
        Ok(Contents::Container(members)) => {
            for member in members {
                let (format, result) = match member.reading {
                    Ok(reading) => (Some(reading.format), intake.file(*reading, vec![member.bytes], Some(&member.name))),
                    Err(error) => (format_of(&error, &member.bytes), Err(error.into())),
                };
                done(Outcome { member: Some(member.name), format, result });
            }
        }
        Ok(Contents::Part(part)) => done(Outcome { member: None, format: Some(part.format), result: intake.part(&part, file.bytes) }),
        Ok(Contents::Codes(codes)) => {
            let several = codes.len() > 1;
            for (number, code) in (1..).zip(codes) {
                let (format, result) = intake.code(code);
                done(Outcome { member: several.then(|| code_name(number)), format, result });
            }
        }
        Err(error) => done(Outcome { member: None, format: format_of(&error, file.bytes), result: Err(error.into()) }),
    }
    // All of it is durable; links that cannot be worked out now stay due.
    reconcile(vault).ok();
}

/// Reads a file as the person wants it: a picture as a document, where they said so.
pub(super) fn read_as(bytes: &[u8], keys: &KeySet, may: Permissions<'_>) -> Result<Contents, FormatError> {
    if may.document.is_some() && formats::detect(bytes) == Detected::Picture {
        return formats::document::read_picture(bytes).map(|reading| Contents::Document(Box::new(reading)));
    }
    formats::read(bytes, keys)
}

/// What one of several QR codes of a picture is called.
pub(super) fn code_name(number: u32) -> String {
    format!("QR {number}")
}

/// The format of a document that its reader refused; none where no reader wants it.
pub(super) fn format_of(error: &FormatError, bytes: &[u8]) -> Option<FormatId> {
    match (error, formats::detect(bytes)) {
        (FormatError::NotRead(_), _) => None,
        (_, Detected::Document(format)) => Some(format),
        (_, Detected::Empty | Detected::CheckupArchive | Detected::Zip | Detected::Picture | Detected::NotRead(_)) => None,
    }
}

struct Intake<'a> {
    vault: &'a Vault,
    person: &'a Person,
    may: Permissions<'a>,
    name: Option<&'a str>,
    now: DateTime<Utc>,
    keys: &'a KeySet,
}

impl Intake<'_> {
    /// Matches, checks and files one reading.
    fn file(&self, reading: Reading, parts: Vec<Vec<u8>>, name: Option<&str>) -> Result<TakenIn, IntakeError> {
        let Prepared { format, filing, refused } =
            ready(reading, parts, self.person, &Arrival { name, now: self.now, origin: Origin::default() }, self.may)?;
        let is_kept = |fact: &&Fact| !fact.standing.is_understood();
        let kept = filing.events.iter().flat_map(|event| &event.event.facts).filter(is_kept).count();
        let kept = u32::try_from(kept).unwrap_or(u32::MAX);
        let taken = |document, already_here, ready, known, refused| TakenIn {
            format,
            document: Some(document),
            already_here,
            ready,
            known,
            kept: if already_here { 0 } else { kept },
            refused,
            pending: false,
            set: None,
        };
        Ok(match self.vault.file(&filing)? {
            Filed::New { document, stated, known } => taken(document, false, stated, known, refused),
            Filed::AlreadyHere { document } => taken(document, true, 0, 0, Vec::new()),
        })
    }

    /// Files what one QR code of a picture holds. The content is the original; the picture is not kept.
    fn code(&self, content: Vec<u8>) -> (Option<FormatId>, Result<TakenIn, IntakeError>) {
        match formats::read_code(&content, self.keys) {
            Ok(Contents::Document(reading)) => (Some(reading.format), self.file(*reading, vec![content], self.name)),
            Ok(Contents::Part(part)) => (Some(part.format), self.part(&part, &content)),
            // No code holds as much.
            Ok(Contents::Container(_) | Contents::Codes(_)) => (None, Err(FormatError::NotRead(Unread::Unknown).into())),
            Err(error) => (format_of(&error, &content), Err(error.into())),
        }
    }

    /// Keeps one part of a split document, and files the whole when this was the last one missing.
    fn part(&self, part: &Part, bytes: &[u8]) -> Result<TakenIn, IntakeError> {
        let format = part.format.id();
        let own = WaitingPart { format: format.to_owned(), set: part.set.clone(), number: part.number, of: part.of, bytes: bytes.to_vec() };
        if let Some(document) = filed_with(self.vault, self.person.id, format, bytes)? {
            let set = Some(part.set.clone());
            return Ok(TakenIn {
                format: part.format,
                document: Some(document),
                already_here: true,
                ready: 0,
                known: 0,
                kept: 0,
                refused: Vec::new(),
                pending: false,
                set,
            });
        }
        // By number; a part that came again in other bytes (another scan, another card) replaces the one that waits.
        let waiting = self.vault.waiting_parts(self.person.id, format, &part.set)?;
        let parts: BTreeMap<u32, Vec<u8>> =
            waiting.into_iter().map(|part| (part.number, part.bytes)).chain([(own.number, own.bytes.clone())]).collect();
        if parts.len() < usize::try_from(part.of).unwrap_or(usize::MAX) {
            self.vault.keep_part(self.person.id, &own, self.now)?;
            return Ok(TakenIn {
                format: part.format,
                document: None,
                already_here: false,
                ready: 0,
                known: 0,
                kept: 0,
                refused: Vec::new(),
                pending: true,
                set: Some(part.set.clone()),
            });
        }
        let slices: Vec<&[u8]> = parts.values().map(Vec::as_slice).collect();
        let reading = formats::assemble(part.format, &slices, self.keys)?;
        let taken = self.file(reading, parts.into_values().collect(), self.name)?;
        self.vault.drop_parts(self.person.id, format, &part.set)?;
        Ok(TakenIn { set: Some(part.set.clone()), ..taken })
    }
}

/// The person's document that was made of this very part and others, where it is here already.
pub(super) fn filed_with(vault: &Vault, person: PersonId, format: &str, part: &[u8]) -> Result<Option<DocumentId>, VaultError> {
    for document in vault.documents(Some(person))?.iter().filter(|document| document.about.format == format) {
        let parts = vault.original(document.id)?;
        if parts.len() > 1 && parts.iter().any(|own| own.as_slice() == part) {
            return Ok(Some(document.id));
        }
    }
    Ok(None)
}
