//! Opening an archive file: what form it has, and a stream of the tar file inside. Says whether a sealed archive does not
//! open because of the passphrase, because bytes of it changed, or because its end is missing.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::Path,
    rc::Rc,
};

use super::{
    layout,
    seal::{CHUNK, HEADER_LIMIT, MOST_WORK, NONCE, PREFIX, SEALED_CHUNK, header_length, last_chunk, secret},
    tape,
};
use crate::{base::Passphrase, transfer::TransferError};

/// zstd may remember this much (2^23 is 8 MiB; we write with 2 MiB).
const WINDOW_LOG: u32 = 23;
const BUFFER: usize = 128 * 1024;
/// How far first bytes may be off and still be damaged ones of ours.
const NEARLY: usize = 8;

/// The two forms of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveForm {
    /// A tar file.
    Plain,
    /// A tar file inside zstd inside age, under a passphrase.
    Sealed,
}

/// The form of the archive at `path`, or what its first bytes say is wrong with it. *Quick.*
pub fn archive_form_at(path: &Path) -> Result<ArchiveForm, TransferError> {
    let mut first = Vec::new();
    File::open(path)?.take(HEADER_LIMIT as u64).read_to_end(&mut first)?;
    form_of(&first)
}

/// The form of the archive that begins with these bytes (512 are enough); none when it is something else.
pub fn archive_form(first: &[u8]) -> Option<ArchiveForm> {
    if first.starts_with(PREFIX) {
        return Some(ArchiveForm::Sealed);
    }
    let name = layout::HEAD.as_bytes();
    let is_tar = first.get(257..262) == Some(b"ustar") && first.strip_prefix(name).is_some_and(|rest| rest.first() == Some(&0));
    is_tar.then_some(ArchiveForm::Plain)
}

/// An opened archive: a stream of its tar file.
pub(super) struct Source {
    pub(super) tar: Box<dyn Read>,
    /// Bytes of the file read so far.
    pub(super) read: Rc<Cell<u64>>,
    /// Bytes of the file.
    pub(super) length: u64,
    /// Where the file would end if bytes had been put behind it.
    pub(super) cut: Option<u64>,
}

/// Opens the archive, or the first `until` bytes of it.
pub(super) fn open(path: &Path, passphrase: Option<&Passphrase>, until: Option<u64>) -> Result<Source, TransferError> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(TransferError::Io(io::ErrorKind::IsADirectory));
    }
    let mut first = Vec::new();
    (&mut file).take(HEADER_LIMIT as u64).read_to_end(&mut first)?;
    let whole = file.seek(SeekFrom::End(0))?;
    let length = until.unwrap_or(whole).min(whole);
    file.seek(SeekFrom::Start(0))?;
    let read = Rc::new(Cell::new(0));
    let input = BufReader::with_capacity(BUFFER, Metered { inner: file.take(length), read: Rc::clone(&read) });
    let form = form_of(&first)?;
    let (tar, cut): (Box<dyn Read>, _) = match form {
        ArchiveForm::Plain => (Box::new(input), None),
        ArchiveForm::Sealed => {
            let (tar, cut) = unseal(input, &first, length, passphrase.ok_or(TransferError::PassphraseNeeded)?)?;
            (Box::new(tar), cut)
        }
    };
    Ok(Source { tar, read, length, cut })
}

/// The form, or what is wrong with the first bytes: the end missing already, a few of ours changed, or not ours at all.
fn form_of(first: &[u8]) -> Result<ArchiveForm, TransferError> {
    if let Some(form) = archive_form(first) {
        return Ok(form);
    }
    let head = layout::encode(&layout::Head::ours(false, false, None))?;
    let plain = tape::header(layout::HEAD, head.len() as u64)?;
    for ours in [PREFIX, &plain] {
        if ours.starts_with(first) {
            return Err(TransferError::Truncated);
        }
        let off = ours.iter().zip(first).filter(|(one, other)| one != other).count();
        if first.len() >= ours.len() && off <= NEARLY {
            return Err(TransferError::Damaged("its first bytes"));
        }
    }
    Err(TransferError::NotAnArchive)
}

type Input = BufReader<Metered<io::Take<File>>>;
type Unsealed = Unpacked<zstd::Decoder<'static, BufReader<Payload<age::stream::StreamReader<Input>>>>>;

fn unseal(input: Input, first: &[u8], length: u64, passphrase: &Passphrase) -> Result<(Unsealed, Option<u64>), TransferError> {
    let Some(header) = header_length(first).and_then(|length| first.get(..length)) else {
        let is_whole = length > first.len() as u64 || first.len() == HEADER_LIMIT;
        return Err(if is_whole { TransferError::Damaged("its header") } else { TransferError::Truncated });
    };
    let payload = length.checked_sub(header.len() as u64 + NONCE).ok_or(TransferError::Truncated)?;
    let last = last_chunk(header) + (SEALED_CHUNK - CHUNK);
    let fits = payload % SEALED_CHUNK == last;
    let opened = age::Decryptor::new_buffered(input).and_then(|decryptor| {
        let mut identity = age::scrypt::Identity::new(secret(passphrase));
        identity.set_max_work_factor(MOST_WORK);
        decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity))
    });
    let reader = opened.map_err(|error| match error {
        age::DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => TransferError::Truncated,
        age::DecryptError::Io(error) => error.into(),
        // The length of a whole file fits its header: one that does not fit was changed.
        _ if !fits => TransferError::Damaged("its header"),
        age::DecryptError::ExcessiveWork { required, .. } => TransferError::TooMuchWork { required, most: MOST_WORK },
        age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed | age::DecryptError::NoMatchingKeys => {
            TransferError::WrongPassphrase
        }
        _ => TransferError::Damaged("its header"),
    })?;
    let too_long = (payload % SEALED_CHUNK).checked_sub(last).filter(|extra| *extra > 0);
    let payload = Payload { inner: reader, delivered: 0, length: payload, last };
    let mut zstd = zstd::Decoder::with_buffer(BufReader::with_capacity(BUFFER, payload))?;
    zstd.window_log_max(WINDOW_LOG)?;
    Ok((Unpacked { inner: zstd }, too_long.map(|extra| length - extra)))
}

/// Counts the bytes of the file that were read.
struct Metered<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let more = self.inner.read(buffer)?;
        self.read.set(self.read.get() + more as u64);
        Ok(more)
    }
}

/// age's chunks, and what it means when one does not open.
struct Payload<R> {
    inner: R,
    /// Bytes given on so far.
    delivered: u64,
    /// Sealed bytes there are.
    length: u64,
    /// Sealed bytes the last chunk should have.
    last: u64,
}

impl<R: Read> Read for Payload<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(more) => {
                self.delivered += more as u64;
                Ok(more)
            }
            Err(error) => Err(match error.kind() {
                io::ErrorKind::UnexpectedEof => TransferError::Truncated.into(),
                io::ErrorKind::InvalidData => {
                    let left = self.length.saturating_sub(self.delivered / CHUNK * SEALED_CHUNK);
                    // Only the last chunk can be short, and a whole file's is exactly as long as its header says.
                    let is_cut = left <= SEALED_CHUNK && left != self.last;
                    if is_cut { TransferError::Truncated.into() } else { TransferError::Damaged("a sealed chunk").into() }
                }
                _ => error,
            }),
        }
    }
}

/// Behind the seal every byte is what was sealed, so that anything wrong is the fault of whoever sealed it.
struct Unpacked<R> {
    inner: R,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<TransferError>) => error,
            io::ErrorKind::Other | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                TransferError::Damaged("its compression").into()
            }
            _ => error,
        })
    }
}
