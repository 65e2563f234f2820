//! Files of measurements come in: Apple Health as a stream, Health Connect and confirmed tables at once. The file is read
//! three times, for its fingerprint, for what it says and to be kept, and must be the same file each time.

use std::io::{Cursor, Read, Seek, SeekFrom};

use chrono::{DateTime, Utc};

use super::{IntakeError, Permissions, TakenIn, prepare::events_to_file};
use crate::{
    base::{Fingerprint, FingerprintWriter, limits},
    formats::{self, Detected, Fault, FormatError, FormatId, SeriesReading, Unread, apple_health, health_connect, measurements},
    record::Person,
    vault::{DocumentBody, RefusedEntry, SeriesFiled, SeriesFiling, Vault, VaultError},
};

/// How a file of measurements is read.
#[derive(Clone, Copy, Debug)]
pub enum SeriesKind<'a> {
    /// The export of Apple Health.
    AppleHealth,
    /// Records of Health Connect.
    HealthConnect,
    /// A table, by the mapping that the person confirmed.
    Table(&'a measurements::Mapping),
}

impl SeriesKind<'_> {
    /// The format of its documents.
    pub const fn format(self) -> FormatId {
        match self {
            Self::AppleHealth => FormatId::AppleHealth,
            Self::HealthConnect => FormatId::HealthConnect,
            Self::Table(_) => FormatId::Measurements,
        }
    }
}

/// How bytes in memory are read, where they are a file of measurements.
pub(super) enum Way {
    Apple,
    Connect,
    Table(measurements::Mapping),
}

impl Way {
    pub(super) const fn kind(&self) -> SeriesKind<'_> {
        match self {
            Self::Apple => SeriesKind::AppleHealth,
            Self::Connect => SeriesKind::HealthConnect,
            Self::Table(mapping) => SeriesKind::Table(mapping),
        }
    }
}

/// How bytes are read as measurements; none where they are something else, or a table that nobody has confirmed a mapping for.
pub(super) fn series_way(vault: &Vault, bytes: &[u8]) -> Option<Way> {
    match formats::detect(bytes) {
        Detected::Document(FormatId::AppleHealth) => Some(Way::Apple),
        Detected::Document(FormatId::HealthConnect) => Some(Way::Connect),
        Detected::Zip => apple_health::holds_export(&mut Cursor::new(bytes)).then_some(Way::Apple),
        Detected::Document(FormatId::Measurements) => saved_mapping(vault, bytes).map(Way::Table),
        Detected::Document(_) | Detected::Empty | Detected::CheckupArchive | Detected::Picture | Detected::NotRead(_) => None,
    }
}

/// The mapping that was confirmed for tables with these headings, where it still fits and leaves nothing to ask.
pub fn saved_mapping(vault: &Vault, bytes: &[u8]) -> Option<measurements::Mapping> {
    let proposal = measurements::propose(bytes).ok()?;
    let mapping = vault.mapping(proposal.key).ok()??.parse().ok()?;
    measurements::with_mapping(bytes, &mapping).is_ok_and(|read| read.questions.is_empty()).then_some(mapping)
}

/// Takes a file of measurements in for `person`: all of it or nothing, durable when this returns. *Long*; memory grows with
/// the samples and not with the file.
///
/// # Errors
/// `Format` with what is wrong with the file, `Limit` for one larger than [`limits::SERIES_BYTES`]; `NotThisPerson`; `Vault`.
pub fn take_series<R: Read + Seek>(
    vault: &Vault,
    person: &Person,
    file: &mut R,
    name: Option<&str>,
    kind: SeriesKind<'_>,
    may: Permissions<'_>,
    now: DateTime<Utc>,
) -> Result<TakenIn, IntakeError> {
    let fingerprint = fingerprint(file)?;
    let format = kind.format();
    if let Some(document) = vault.find_document(person.id, fingerprint)? {
        return Ok(TakenIn { document: Some(document), already_here: true, ..nothing(format) });
    }
    let reading = read(file, kind)?;
    let differs = reading.subject.mismatch(person);
    if !differs.is_none() && !may.anyway {
        return Err(IntakeError::NotThisPerson(differs));
    }
    let SeriesReading { parser, source, events, refused, days, .. } = reading;
    let about = DocumentBody {
        format: format.id().to_owned(),
        parser,
        source,
        name: name.map(str::to_owned),
        refused: refused.iter().map(|refusal| RefusedEntry { place: refusal.place.clone(), reason: refusal.reason.to_string() }).collect(),
        claimed: !differs.is_none(),
        original_erased: false,
        consent: None,
        trimmed: None,
        given: None,
        slice: None,
        mapping: if let SeriesKind::Table(mapping) = kind { Some(mapping.to_string()) } else { None },
    };
    file.seek(SeekFrom::Start(0)).map_err(|_| unreadable())?;
    let mut again = Some(FingerprintWriter::new());
    let mut changed = false;
    let mut parts = || next_part(file, fingerprint, &mut again, &mut changed);
    let mut days = days.iter();
    let filing = SeriesFiling {
        person: person.id,
        fingerprint,
        received: now,
        about,
        events: events_to_file(events),
        days: &mut days,
        parts: &mut parts,
    };
    let filed = match vault.file_series(filing) {
        Err(_) if changed => return Err(unreadable().into()),
        filed => filed?,
    };
    // The months may be what an institution's document tells of as well; what is filed stays filed.
    super::reconcile(vault).ok();
    Ok(match filed {
        SeriesFiled::New { document, stated, known } => TakenIn {
            document: Some(document),
            ready: u32::try_from(stated).unwrap_or(u32::MAX),
            known: u32::try_from(known).unwrap_or(u32::MAX),
            refused,
            ..nothing(format)
        },
        SeriesFiled::AlreadyHere { document } => TakenIn { document: Some(document), already_here: true, ..nothing(format) },
    })
}

/// What a file of measurements says.
pub(super) fn read<R: Read + Seek>(file: &mut R, kind: SeriesKind<'_>) -> Result<SeriesReading, FormatError> {
    if matches!(kind, SeriesKind::AppleHealth) {
        return apple_health::read(file);
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(|_| unreadable())?;
    file.take(limits::DOCUMENT_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    match kind {
        SeriesKind::AppleHealth => Err(FormatError::NotRead(Unread::Unknown)),
        SeriesKind::HealthConnect => health_connect::read(&bytes),
        SeriesKind::Table(mapping) => measurements::read(&bytes, mapping),
    }
}

fn nothing(format: FormatId) -> TakenIn {
    TakenIn { format, document: None, already_here: false, ready: 0, known: 0, kept: 0, refused: Vec::new(), pending: false, set: None }
}

fn unreadable() -> FormatError {
    FormatError::Malformed { place: "the file".to_owned(), fault: Fault::Truncated }
}

fn fingerprint<R: Read + Seek>(file: &mut R) -> Result<Fingerprint, FormatError> {
    file.seek(SeekFrom::Start(0)).map_err(|_| unreadable())?;
    let (mut writer, mut size, mut chunk) = (FingerprintWriter::new(), 0_u64, vec![0; 256 * 1024]);
    loop {
        match file.read(&mut chunk) {
            Ok(0) if size == 0 => return Err(FormatError::Empty),
            Ok(0) => return Ok(writer.finish()),
            Ok(count) => {
                writer.update(chunk.get(..count).unwrap_or_default());
                size += count as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return Err(unreadable()),
        }
        if size > limits::SERIES_BYTES {
            return Err(FormatError::Limit { what: "size", place: "the file".to_owned() });
        }
    }
}

/// The next part to keep. At the end the parts must be the file that was read.
fn next_part<R: Read>(
    file: &mut R,
    expected: Fingerprint,
    again: &mut Option<FingerprintWriter>,
    changed: &mut bool,
) -> Result<Option<Vec<u8>>, VaultError> {
    let mut part = Vec::new();
    let read = file.take(limits::SERIES_PART as u64).read_to_end(&mut part);
    if read.is_ok() && !part.is_empty() {
        if let Some(again) = again {
            again.update(&part);
        }
        return Ok(Some(part));
    }
    if read.is_ok() && again.take().is_some_and(|again| again.finish() == expected) {
        return Ok(None);
    }
    // Not the file that was read: nothing of it is kept.
    *changed = true;
    Err(VaultError::Codec)
}

/// An original in parts, as one file.
pub(super) struct Parts<'a> {
    vault: &'a Vault,
    document: crate::vault::DocumentId,
    sizes: Vec<u64>,
    at: u64,
    held: Option<(u32, zeroize::Zeroizing<Vec<u8>>)>,
}

impl<'a> Parts<'a> {
    pub(super) fn open(vault: &'a Vault, document: crate::vault::DocumentId) -> Result<Self, VaultError> {
        let count = vault.original_parts(document)?;
        let sizes = (0..count).map(|part| Ok(vault.original_part(document, part)?.len() as u64)).collect::<Result<_, VaultError>>()?;
        Ok(Self { vault, document, sizes, at: 0, held: None })
    }

    /// The part that holds a place, and how far into it.
    fn find(&self) -> Option<(u32, u64)> {
        let mut start = 0;
        for (number, size) in (0_u32..).zip(&self.sizes) {
            if self.at < start + size {
                return Some((number, self.at - start));
            }
            start += size;
        }
        None
    }
}

impl Read for Parts<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let Some((number, inside)) = self.find() else { return Ok(0) };
        if self.held.as_ref().is_none_or(|(held, _)| *held != number) {
            let bytes = self.vault.original_part(self.document, number).map_err(std::io::Error::other)?;
            self.held = Some((number, bytes));
        }
        let rest = self.held.as_ref().and_then(|(_, bytes)| bytes.get(usize::try_from(inside).ok()?..)).unwrap_or_default();
        let count = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Parts<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let end = self.sizes.iter().sum::<u64>();
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => end.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
