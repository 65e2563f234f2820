//! Files the way the vault needs them: written whole or not at all, on the disk before we say so, read and written at
//! a place without moving a shared cursor.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

/// Writes `bytes` as `name` in `dir`, so that after a crash the old file or the new one is there, whole.
pub(super) fn write_durably(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut fresh = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
    fresh.write_all(bytes)?;
    fresh.as_file().sync_all()?;
    fresh.persist(dir.join(name)).map_err(|failed| failed.error)?;
    sync_dir(dir)
}

/// Makes created, renamed and removed names of a directory durable.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    // Windows cannot open a directory as a file and orders renames itself.
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// The file's bytes, or `None` when there is no such file. Refuses more than `limit` bytes.
pub(super) fn read_small(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(found) if found.len() > limit => Err(io::ErrorKind::FileTooLarge.into()),
        Ok(_) => fs::read(path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The file's length, or `None` when there is no such file.
pub(super) fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file that must exist, for reading and writing.
pub(super) fn open_existing(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).open(path)
}

/// Fills `buffer` from `offset`, as far as the file goes; returns how much was read.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match read_once(file, rest, offset + done as u64) {
            Ok(0) => break,
            Ok(more) => done += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Fills all of `buffer` from `offset`; `UnexpectedEof` when the file ends before.
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    if read_at(file, buffer, offset)? == buffer.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(unix)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Writes all of `bytes` at `offset`.
#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

/// Writes all of `bytes` at `offset`.
#[cfg(windows)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    let mut done = 0;
    while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
        match std::os::windows::fs::FileExt::seek_write(file, rest, offset + done as u64)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            more => done += more,
        }
    }
    Ok(())
}
