//! Files that appear whole or not at all: written aside in the same directory, forced to the disk, checked, then renamed.
//! Whatever fails on the way, nothing is left behind and a file of the same name stays as it was.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use super::TransferError;

/// Bytes gathered before the system is asked to write.
const BUFFER: usize = 128 * 1024;

/// Writes a file with `write`, has `check` look at it as it lies on the disk, and gives it its name.
pub(super) fn write_whole<W, C>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<W, TransferError>,
    check: impl FnOnce(&Path, W) -> Result<C, TransferError>,
) -> Result<C, TransferError> {
    if path.is_dir() {
        return Err(TransferError::Io(io::ErrorKind::IsADirectory));
    }
    let directory = directory_of(path);
    let fresh = tempfile::Builder::new().prefix(".techo-").suffix(".part").tempfile_in(directory)?;
    let mut out = BufWriter::with_capacity(BUFFER, fresh.reopen()?);
    let written = write(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    drop(out);
    let checked = check(fresh.path(), written)?;
    fresh.persist(path).map_err(|failed| failed.error)?;
    sync_directory(directory)?;
    Ok(checked)
}

/// The directory a path is in.
pub(super) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Makes created and renamed names of a directory durable.
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    // Windows cannot open a directory as a file and orders renames itself.
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("export");
        std::fs::write(&path, "old").unwrap();
        let names = || std::fs::read_dir(home.path()).unwrap().count();
        let full = |_: &mut BufWriter<File>| Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull).into());
        assert_eq!(write_whole(&path, full, |_, ()| Ok(())), Err(TransferError::NoSpace));
        let write = |out: &mut BufWriter<File>| Ok(out.write_all(b"new")?);
        assert_eq!(write_whole(&path, write, |_, ()| Err::<(), _>(TransferError::Changed)), Err(TransferError::Changed));
        assert_eq!((std::fs::read_to_string(&path).unwrap().as_str(), names()), ("old", 1));
        write_whole(&path, write, |_, ()| Ok(())).unwrap();
        assert_eq!((std::fs::read_to_string(&path).unwrap().as_str(), names()), ("new", 1));
    }
}
