//! The names and lines of an archive, version 4. `docs/formats/techo-archive.md` describes them for somebody without
//! this program; change both together.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    base::{Fingerprint, PartialDate, PersonId},
    transfer::TransferError,
    vault::{DocumentBody, SliceMark, WaitingPart},
};

/// The newest version this program reads, and the one it writes for a slice, a hand-over, and where documents came by a slice.
/// Version 1 knew no consents and no trimmed originals, version 2 no samples, version 3 no slices and no hand-overs.
pub(super) const VERSION: u32 = 4;
/// What an archive with samples and without slices is.
const WITHOUT_SLICES: u32 = 3;
/// What an archive without samples is, as before there were any: an older program reads it.
const WITHOUT_SAMPLES: u32 = 2;
pub(super) const HEAD: &str = "techo-archive.json";
pub(super) const PEOPLE: &str = "people.jsonl";
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const MANIFEST_SUM: &str = "manifest.sha256";
const FORMAT: &str = "techo-archive";

/// A new file of lines is begun where the next line would make this one larger, so that memory stays bounded.
pub(super) const CHUNK: usize = 4 * 1024 * 1024;
/// Largest file of lines that is read: a chunk, or one line that is larger than that by itself.
pub(super) const LINES_LIMIT: u64 = 128 * 1024 * 1024;
/// Largest file that describes one thing.
pub(super) const SMALL_LIMIT: u64 = 16 * 1024 * 1024;
/// Most bytes of events, samples and originals that one document may have together.
pub(super) const DOCUMENT_LIMIT: u64 = 1024 * 1024 * 1024;

/// The first entry: what this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) format: String,
    pub(super) version: u32,
    /// It is a slice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) slice: Option<SliceMark>,
    /// It hands one person's records over to a vault of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hand_over: Option<HandOverMark>,
}

/// What a hand-over says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOverMark {
    /// Who handed the records over, as they wrote it.
    pub from: String,
    /// The day.
    pub on: PartialDate,
    /// Whether the records stay in the vault they come from, by what was chosen when it was made.
    pub kept: bool,
}

impl Head {
    pub(super) fn ours(has_samples: bool, has_slices: bool, hand_over: Option<HandOverMark>) -> Self {
        let version = match (has_slices || hand_over.is_some(), has_samples) {
            (true, _) => VERSION,
            (false, true) => WITHOUT_SLICES,
            (false, false) => WITHOUT_SAMPLES,
        };
        Self { format: FORMAT.to_owned(), version, slice: None, hand_over }
    }

    pub(super) fn of_slice(mark: &SliceMark) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, slice: Some(mark.clone()), hand_over: None }
    }

    /// Whether this is an archive at all, of whatever version.
    pub(super) fn is_archive(&self) -> bool {
        self.format == FORMAT
    }

    /// Whether this program reads it.
    pub(super) fn is_known(&self) -> bool {
        let is_marked = self.slice.is_some() || self.hand_over.is_some();
        self.is_archive() && (1..=VERSION).contains(&self.version) && !(is_marked && self.version <= WITHOUT_SLICES)
    }
}

/// What is known about a document besides its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DocumentLine {
    pub(super) fingerprint: Fingerprint,
    pub(super) received: String,
    /// Parts of the original; 0 where it was erased.
    pub(super) parts: u32,
    /// Number of the ledger's entry that tells of the import, counted from 1; only in a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ledger: Option<u32>,
    pub(super) about: DocumentBody,
}

/// A part that waits for the others; its bytes are in an entry of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingLine {
    pub(super) received: String,
    pub(super) format: String,
    pub(super) set: String,
    pub(super) number: u32,
    pub(super) of: u32,
}

impl WaitingLine {
    pub(super) fn of(received: String, part: &WaitingPart) -> Self {
        Self { received, format: part.format.clone(), set: part.set.clone(), number: part.number, of: part.of }
    }

    pub(super) fn part(self, bytes: Vec<u8>) -> WaitingPart {
        WaitingPart { format: self.format, set: self.set, number: self.number, of: self.of, bytes }
    }
}

/// The last entry but one: what should have come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) people: Vec<ManifestPerson>,
    /// Entries of the ledger; none where the archive is no backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ledger: Option<u32>,
    /// Entries before this one.
    pub(super) entries: u64,
    /// [`super::tape::Sums`] over them.
    pub(super) sum: Fingerprint,
}

/// One person in the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ManifestPerson {
    pub(super) id: PersonId,
    pub(super) documents: u64,
    pub(super) events: u64,
    /// Days of samples, counted for each document that states them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) days: u64,
    /// Records, each counted once however many documents state it.
    pub(super) records: u64,
    pub(super) root: Fingerprint,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if hands a reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

pub(super) fn document_name(person: PersonId, number: u32) -> String {
    format!("people/{person}/{number:06}/document.json")
}

pub(super) fn events_name(person: PersonId, number: u32, chunk: u32) -> String {
    format!("people/{person}/{number:06}/events-{chunk:05}.jsonl")
}

pub(super) fn samples_name(person: PersonId, number: u32, chunk: u32) -> String {
    format!("people/{person}/{number:06}/samples-{chunk:05}.jsonl")
}

pub(super) fn original_name(person: PersonId, number: u32, part: u32, of: u32) -> String {
    if of == 1 {
        format!("people/{person}/{number:06}/original")
    } else {
        format!("people/{person}/{number:06}/original-{part:02}of{of:02}")
    }
}

pub(super) fn waiting_name(person: PersonId, number: u32) -> String {
    format!("people/{person}/waiting/{number:06}.json")
}

pub(super) fn waiting_bytes_name(person: PersonId, number: u32) -> String {
    format!("people/{person}/waiting/{number:06}.part")
}

pub(super) fn ledger_name(chunk: u32) -> String {
    format!("ledger-{chunk:05}.jsonl")
}

/// The one way to write a line or a small file.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, TransferError> {
    serde_json::to_vec(value).map_err(|_| TransferError::Internal(3))
}

/// Reads what [`encode`] wrote, and nothing that is written in another way: what is filed is exactly what was checked.
pub(super) fn decode<T: Serialize + for<'de> Deserialize<'de>>(bytes: &[u8], what: &'static str) -> Result<T, TransferError> {
    let value: T = serde_json::from_slice(bytes).map_err(|_| TransferError::Damaged(what))?;
    if encode(&value)? == bytes { Ok(value) } else { Err(TransferError::Damaged(what)) }
}

/// The lines of a file, each ended by a line feed.
pub(super) fn lines(bytes: &[u8]) -> Result<impl Iterator<Item = &[u8]>, TransferError> {
    let body = bytes.strip_suffix(b"\n").ok_or(TransferError::Damaged("a file of lines"))?;
    Ok(body.split(|byte| *byte == b'\n'))
}

/// An instant as the vault writes it, and in no other spelling.
pub(super) fn instant(text: &str) -> Result<DateTime<Utc>, TransferError> {
    let read = DateTime::parse_from_rfc3339(text).map_err(|_| TransferError::Damaged("an instant"))?.to_utc();
    if read.to_rfc3339_opts(SecondsFormat::Secs, true) == text { Ok(read) } else { Err(TransferError::Damaged("an instant")) }
}
