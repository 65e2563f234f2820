//! The institutions' ZIP, read in memory and within bounds; nothing is ever written to disk. Of the archive's layout only
//! `DATA/h*.xml` are results; where a ZIP has none, whatever in it is of a format we read is taken.

use std::io::{Cursor, ErrorKind, Read as _};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use super::{Contents, Detected, Fault, FormatError, Member, Unread, detect};
use crate::base::limits;

/// Entries whose names end so may be documents, where the institutions' layout is not kept.
const ENDINGS: [&str; 5] = [".xml", ".json", ".txt", ".phr", ".smart-health-card"];

/// One entry, by its name alone.
struct Entry {
    index: usize,
    /// Folders parted by `/`, decoded.
    name: String,
    leads_outside: bool,
}

/// Reads every document of a ZIP; `read` reads one document.
///
/// Entries that lead outside, are encrypted, are ZIPs themselves or break a limit are refused one by one. The whole is
/// refused when it holds no document, or when the limits on the whole are broken.
pub(super) fn read(bytes: &[u8], read: impl Fn(&[u8]) -> Result<Contents, FormatError>) -> Result<Vec<Member>, FormatError> {
    let mut archive = open(bytes)?;
    let entries = entries(&mut archive)?;
    check_sizes(&mut archive, bytes.len())?;
    let has_results = entries.iter().any(|entry| is_result(&entry.name));
    let mut members = Vec::new();
    let mut unpacked = 0_usize;
    for entry in &entries {
        let is_wanted = if has_results { is_result(&entry.name) } else { is_candidate(&entry.name) };
        if entry.leads_outside {
            members.push(refused(entry, malformed(entry, Fault::Traversal)));
        } else if is_nested(&entry.name) {
            members.push(refused(entry, FormatError::Limit { what: "nesting", place: place(entry) }));
        } else if is_wanted {
            match unpack(&mut archive, entry) {
                Ok(bytes) => {
                    unpacked = unpacked.saturating_add(bytes.len());
                    if unpacked > limits::CONTAINER_BYTES {
                        return Err(FormatError::Limit { what: "size", place: place(entry) });
                    }
                    if has_results || matches!(detect(&bytes), Detected::Document(_)) {
                        let reading = read(&bytes).and_then(|contents| match contents {
                            Contents::Document(reading) => Ok(reading),
                            // One QR code of several is no document yet.
                            Contents::Part(_) => Err(malformed(entry, Fault::Truncated)),
                            Contents::Container(_) | Contents::Codes(_) => Err(FormatError::Limit { what: "nesting", place: place(entry) }),
                        });
                        members.push(Member { name: entry.name.clone(), bytes, reading });
                    }
                }
                Err(error) => members.push(refused(entry, error)),
            }
        }
    }
    let is_anything_open = members.iter().any(|member| !member.bytes.is_empty());
    match members.first().map(|member| &member.reading) {
        None => Err(FormatError::NotRead(Unread::OtherZip)),
        // Nothing could be opened: the reason is the file's.
        Some(Err(error)) if !is_anything_open => Err(error.clone()),
        Some(_) => Ok(members),
    }
}

/// Whether the ZIP is laid out as the institutions do it. Looks at names only.
pub(super) fn holds_checkups(bytes: &[u8]) -> bool {
    let names = open(bytes).and_then(|mut archive| entries(&mut archive));
    names.is_ok_and(|entries| entries.iter().any(|entry| is_result(&entry.name)))
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, FormatError> {
    let whole = || "the ZIP".to_owned();
    if bytes.len() > limits::CONTAINER_BYTES {
        return Err(FormatError::Limit { what: "size", place: whole() });
    }
    // Counted before the directory is built in memory: each entry begins with this mark.
    let listed = bytes.windows(4).filter(|window| *window == [b'P', b'K', 1, 2]).count();
    if listed > limits::CONTAINER_ENTRIES {
        return Err(FormatError::Limit { what: "entries", place: whole() });
    }
    // A ZIP is read from its end: where that is missing nothing else can be said.
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| FormatError::Malformed { place: whole(), fault: Fault::Truncated })
}

fn entries(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<Entry>, FormatError> {
    let mut entries = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let place = format!("entry {}", index + 1);
        let file = archive.by_index_raw(index).map_err(|_| FormatError::Malformed { place, fault: Fault::Syntax })?;
        if file.is_dir() {
            continue;
        }
        let name = decoded_name(&file);
        let leads_outside = file.is_symlink() || is_outside(&name);
        entries.push(Entry { index, name, leads_outside });
    }
    Ok(entries)
}

/// The promised sizes of all entries together, so that entries that overlap cannot multiply.
fn check_sizes(archive: &mut ZipArchive<Cursor<&[u8]>>, packed: usize) -> Result<(), FormatError> {
    let promised = archive.decompressed_size().unwrap_or(u128::MAX);
    let most = u128::from(limits::UNPACK_RATIO).saturating_mul(packed as u128);
    if promised > most {
        return Err(FormatError::Limit { what: "ratio", place: "the ZIP".to_owned() });
    }
    Ok(())
}

/// Names are UTF-8, whatever the flag says, or else CP932; Windows writers part folders by backslashes.
fn decoded_name(file: &ZipFile<'_, Cursor<&[u8]>>) -> String {
    let raw = file.name_raw();
    let name = std::str::from_utf8(raw).map_or_else(|_| encoding_rs::SHIFT_JIS.decode(raw).0.into_owned(), str::to_owned);
    name.replace('\\', "/")
}

fn is_outside(name: &str) -> bool {
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    name.starts_with('/') || has_drive || name.contains('\0') || name.split('/').any(|step| step == "..")
}

/// `<root folder>/DATA/h….xml`: `c` and `p` are settlements, `g` is guidance.
fn is_result(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut steps = lower.rsplit('/');
    let file = steps.next().unwrap_or_default();
    let ending = file.rsplit('.').next();
    file.starts_with('h') && ending == Some("xml") && steps.next() == Some("data")
}

fn is_candidate(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

fn is_nested(name: &str) -> bool {
    name.to_ascii_lowercase().rsplit('.').next() == Some("zip")
}

fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, entry: &Entry) -> Result<Vec<u8>, FormatError> {
    let file = archive.by_index(entry.index).map_err(|error| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => malformed(entry, Fault::Encrypted),
        _ => malformed(entry, Fault::Syntax),
    })?;
    if file.encrypted() {
        return Err(malformed(entry, Fault::Encrypted));
    }
    let packed = file.compressed_size().max(1);
    // Small entries may shrink by any ratio: what counts is what could hurt.
    let most = packed.saturating_mul(limits::UNPACK_RATIO).max(64 * 1024).min(limits::DOCUMENT_BYTES as u64);
    let what = if most < limits::DOCUMENT_BYTES as u64 { "ratio" } else { "size" };
    let mut bytes = Vec::with_capacity(usize::try_from(file.size().min(most)).unwrap_or(0));
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => malformed(entry, Fault::Truncated),
        _ => malformed(entry, Fault::Syntax),
    })?;
    if bytes.len() as u64 > most {
        return Err(FormatError::Limit { what, place: place(entry) });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(FormatError::Limit { what: "nesting", place: place(entry) });
    }
    Ok(bytes)
}

fn refused(entry: &Entry, error: FormatError) -> Member {
    Member { name: entry.name.clone(), bytes: Vec::new(), reading: Err(error) }
}

fn malformed(entry: &Entry, fault: Fault) -> FormatError {
    FormatError::Malformed { place: place(entry), fault }
}

// The name may be a person's; the number is not.
fn place(entry: &Entry) -> String {
    format!("entry {}", entry.index + 1)
}
