//! A ZIP that is written entry by entry into a file that must appear whole or not at all.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
};

use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::TransferError;

/// The ZIP being written. `failed` is where the file underneath leaves its first failure.
pub(super) struct Parcel<'a> {
    zip: ZipWriter<Patient<'a>>,
    failed: &'a Cell<Option<io::ErrorKind>>,
}

impl<'a> Parcel<'a> {
    pub(super) fn begin(out: &'a mut BufWriter<File>, failed: &'a Cell<Option<io::ErrorKind>>) -> Self {
        Self { zip: ZipWriter::new(Patient { out, place: 0, failed }), failed }
    }

    /// Adds an entry.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), TransferError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).map_err(failure)?;
        self.zip.write_all(bytes)?;
        // What the writer underneath has swallowed.
        self.failed.get().map_or(Ok(()), |kind| Err(io::Error::from(kind).into()))
    }

    /// Ends the ZIP.
    pub(super) fn finish(self) -> Result<(), TransferError> {
        let failed = self.failed;
        self.zip.finish().map_err(failure)?;
        failed.get().map_or(Ok(()), |kind| Err(io::Error::from(kind).into()))
    }
}

/// A file that keeps its first failure to itself and takes everything that comes after it for written. The ZIP library
/// writes to standard error when it is dropped over a file that fails, and a library has nothing to say there.
struct Patient<'a> {
    out: &'a mut BufWriter<File>,
    place: u64,
    failed: &'a Cell<Option<io::ErrorKind>>,
}

impl Patient<'_> {
    fn or_pretend<T>(&self, done: io::Result<T>, pretended: T) -> T {
        done.unwrap_or_else(|error| {
            self.failed.set(self.failed.get().or(Some(error.kind())));
            pretended
        })
    }
}

impl Write for Patient<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if self.failed.get().is_some() { Ok(()) } else { self.out.write_all(bytes) };
        self.or_pretend(written, ());
        self.place = self.place.saturating_add(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = if self.failed.get().is_some() { Ok(()) } else { self.out.flush() };
        self.or_pretend(flushed, ());
        Ok(())
    }
}

impl Seek for Patient<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let pretended = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::Current(by) | SeekFrom::End(by) => self.place.saturating_add_signed(by),
        };
        let sought = if self.failed.get().is_some() { Ok(pretended) } else { self.out.seek(to) };
        self.place = self.or_pretend(sought, pretended);
        Ok(self.place)
    }
}

fn failure(error: ZipError) -> TransferError {
    match error {
        ZipError::Io(error) => error.into(),
        _ => TransferError::Internal(13),
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_full_disk_is_told_by_us_and_by_nobody_else() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let (mut out, failed) = (BufWriter::with_capacity(8, full), Cell::new(None));
        let mut parcel = Parcel::begin(&mut out, &failed);
        assert_eq!(parcel.put("a", b"content"), Err(TransferError::NoSpace));
        // Ended all the same, the archive ends in peace: this is what keeps its destructor silent.
        assert_eq!(parcel.finish(), Err(TransferError::NoSpace));
    }
}
