//! The export of Apple Health: `export.zip` with one large XML in it, or that XML by itself. Found by content, since the
//! names are translated; read as it streams by, since it can be gigabytes. `docs/formats/apple-health.md` describes it.

mod read;
mod scan;

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;

pub use read::PARSER;
use read::Reader;

use super::{Fault, FormatError, SeriesReading, Unread};
use crate::base::limits;

/// How much of a file is looked at for the root element: the document type declaration before it has some ten thousand bytes.
const START: usize = 64 * 1024;
const CHUNK: usize = 256 * 1024;

/// Whether a file begins as the export's XML does.
pub fn is_export(start: &[u8]) -> bool {
    let start = start.get(..START).unwrap_or(start);
    let begins = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start().starts_with(b"<");
    let has = |mark: &[u8]| start.windows(mark.len()).any(|window| window == mark);
    begins && (has(b"<!DOCTYPE HealthData") || has(b"<HealthData"))
}

/// Whether a file is an export, as a ZIP or as its XML. Leaves the file at its beginning. A file that cannot be read is none.
pub fn holds_export<R: Read + Seek>(file: &mut R) -> bool {
    let found = match start_of(file) {
        Ok(start) if start.starts_with(b"PK\x03\x04") => entry(file).is_ok_and(|entry| entry.is_some()),
        Ok(start) => is_export(&start),
        Err(_) => false,
    };
    found && file.seek(SeekFrom::Start(0)).is_ok()
}

/// Reads an export. *Long*; memory grows with the number of samples and not with the file.
pub fn read<R: Read + Seek>(file: &mut R) -> Result<SeriesReading, FormatError> {
    let start = start_of(file)?;
    if !start.starts_with(b"PK\x03\x04") {
        return stream(file);
    }
    let index = entry(file)?.ok_or(FormatError::NotRead(Unread::OtherZip))?;
    let mut archive = ZipArchive::new(file).map_err(|_| broken(Fault::Truncated))?;
    let entry = archive.by_index(index).map_err(|_| broken(Fault::Syntax))?;
    if entry.encrypted() {
        return Err(broken(Fault::Encrypted));
    }
    let most = entry.compressed_size().max(1).saturating_mul(limits::UNPACK_RATIO);
    stream(entry.take(most))
}

fn stream(mut input: impl Read) -> Result<SeriesReading, FormatError> {
    let mut reader = Reader::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match input.read(&mut chunk) {
            Ok(0) => return reader.finish(),
            Ok(count) => reader.feed(chunk.get(..count).unwrap_or_default())?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // A ZIP that is cut or damaged: what came before it is not lost, the end is said to be missing.
            Err(_) => return reader.finish(),
        }
    }
}

fn start_of<R: Read + Seek>(file: &mut R) -> Result<Vec<u8>, FormatError> {
    let unreadable = || FormatError::Malformed { place: "the file".to_owned(), fault: Fault::Truncated };
    file.seek(SeekFrom::Start(0)).map_err(|_| unreadable())?;
    let mut start = Vec::new();
    file.by_ref().take(START as u64).read_to_end(&mut start).map_err(|_| unreadable())?;
    file.seek(SeekFrom::Start(0)).map_err(|_| unreadable())?;
    Ok(start)
}

/// The entry of a ZIP that is the export's XML: the largest of those that begin so.
fn entry<R: Read + Seek>(file: &mut R) -> Result<Option<usize>, FormatError> {
    let mut archive = ZipArchive::new(file).map_err(|_| broken(Fault::Truncated))?;
    if archive.len() > limits::CONTAINER_ENTRIES {
        return Err(FormatError::Limit { what: "entries", place: "the ZIP".to_owned() });
    }
    let mut candidates = Vec::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { continue };
        if entry.name_raw().to_ascii_lowercase().ends_with(b".xml") {
            candidates.push((entry.size(), index));
        }
    }
    candidates.sort_unstable_by(|one, other| other.cmp(one));
    for (_, index) in candidates {
        let Ok(entry) = archive.by_index(index) else { continue };
        let mut start = Vec::new();
        if entry.take(START as u64).read_to_end(&mut start).is_ok() && is_export(&start) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn broken(fault: Fault) -> FormatError {
    FormatError::Malformed { place: "the ZIP".to_owned(), fault }
}
