//! Sealing: the tar file inside zstd inside age, under a passphrase. Other programs open it with `age -d | zstd -d | tar x`.
//!
//! age itself cannot tell a wrong passphrase from a damaged header, nor a cut inside its last chunk from damage. So the
//! length of the last chunk is chosen to fit the header (ADR 0010): a header that changed, or an end that is missing,
//! does not fit any more. A skippable zstd frame fills up to that length.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use age::secrecy::SecretString;

use crate::{
    base::{Fingerprint, Passphrase},
    transfer::TransferError,
};

/// scrypt's work factor: 2^15 takes 32 MiB. 2^16 takes 64 MiB, and with a vault open the program needed 103 MB (ADR 0010).
#[cfg(not(test))]
pub(super) const WORK: u8 = 15;
/// In unit tests next to nothing, for they seal thousands of times; the tests from outside use the real one.
#[cfg(test)]
pub(super) const WORK: u8 = 2;
/// The most that is done to open an archive: 2^18 takes 256 MiB, what the age program asks for.
pub(super) const MOST_WORK: u8 = 18;
/// The beginning of every archive we seal.
pub(super) const PREFIX: &[u8] = b"age-encryption.org/v1\n-> scrypt ";
/// age's chunk before and after sealing.
pub(super) const CHUNK: u64 = 64 * 1024;
pub(super) const SEALED_CHUNK: u64 = CHUNK + 16;
/// Random bytes between age's header and the first chunk.
pub(super) const NONCE: u64 = 16;
/// A header longer than this is not ours.
pub(super) const HEADER_LIMIT: usize = 4096;
const ZSTD_LEVEL: i32 = 3;
const SKIPPABLE: u32 = 0x184D_2A50;

/// The length of age's header: up to the end of the line that begins with `---`.
pub(super) fn header_length(bytes: &[u8]) -> Option<usize> {
    let mark = bytes.windows(5).position(|window| window == b"\n--- ")?;
    let rest = bytes.get(mark + 1..)?;
    Some(mark + 2 + rest.iter().position(|byte| *byte == b'\n')?)
}

/// How many bytes the last chunk behind this header holds before sealing: between half a chunk and a chunk less one.
pub(super) fn last_chunk(header: &[u8]) -> u64 {
    let [high, low, ..] = *Fingerprint::of(header).as_bytes();
    CHUNK / 2 + u64::from(u16::from_be_bytes([high, low]) >> 1)
}

/// The passphrase in the form age takes.
pub(super) fn secret(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.as_str().to_owned())
}

/// Where the tar file goes: straight out, or sealed.
pub(super) enum Sink<W: Write> {
    Plain(W),
    Sealed { zstd: zstd::Encoder<'static, Counted<age::stream::StreamWriter<Tap<W>>>>, last: u64 },
}

impl<W: Write> Sink<W> {
    pub(super) fn new(out: W, passphrase: Option<&Passphrase>) -> Result<Self, TransferError> {
        let Some(passphrase) = passphrase else { return Ok(Self::Plain(out)) };
        let mut recipient = age::scrypt::Recipient::new(secret(passphrase));
        recipient.set_work_factor(WORK);
        let encryptor =
            age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).map_err(|_| TransferError::Internal(4))?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sealed = encryptor.wrap_output(Tap { inner: out, seen: Arc::clone(&seen) })?;
        let header = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        let header = header.get(..header_length(&header).unwrap_or(0)).unwrap_or_default();
        let zstd = zstd::Encoder::new(Counted { inner: sealed, count: 0 }, ZSTD_LEVEL)?;
        Ok(Self::Sealed { zstd, last: last_chunk(header) })
    }

    /// Writes what must follow, and gives back what it wrote to.
    pub(super) fn finish(self) -> Result<W, TransferError> {
        let (zstd, last) = match self {
            Self::Plain(out) => return Ok(out),
            Self::Sealed { zstd, last } => (zstd, last),
        };
        let mut counted = zstd.finish()?;
        let mut missing = (CHUNK + last - counted.count % CHUNK) % CHUNK;
        // A skippable frame begins with eight bytes of its own.
        if (1..8).contains(&missing) {
            missing += CHUNK;
        }
        if let Some(content) = missing.checked_sub(8).and_then(|content| u32::try_from(content).ok()) {
            counted.write_all(&SKIPPABLE.to_le_bytes())?;
            counted.write_all(&content.to_le_bytes())?;
            io::copy(&mut io::Read::take(io::repeat(0), u64::from(content)), &mut counted)?;
        }
        Ok(counted.inner.finish()?.inner)
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Sealed { zstd, .. } => zstd.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Sealed { zstd, .. } => zstd.flush(),
        }
    }
}

/// Counts what is written through it.
pub(super) struct Counted<W> {
    inner: W,
    count: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Remembers the first bytes written through it: age's header, which cannot be asked for.
pub(super) struct Tap<W> {
    inner: W,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl<W: Write> Write for Tap<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let room = HEADER_LIMIT.saturating_sub(seen.len()).min(written);
        seen.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
