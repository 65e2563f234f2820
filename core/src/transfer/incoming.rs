//! A file that somebody chose, read no further than anything we take can be: a film of a gigabyte picked by mistake costs
//! nothing.

use std::{fs::File, io::Read as _, path::Path};

use super::TransferError;
use crate::base::limits;

/// Bytes that tell what a file is.
const START: u64 = 65_536;

/// A file's content, as far as it was read.
#[derive(Clone, PartialEq, Eq)]
pub enum IncomingFile {
    /// All of it.
    Whole(Vec<u8>),
    /// Its beginning: it is larger than any document or container. Only an archive of ours may be.
    TooLarge(Vec<u8>),
}

impl IncomingFile {
    /// The first bytes, which tell what it is.
    pub fn start(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) | Self::TooLarge(bytes) => bytes,
        }
    }
}

impl std::fmt::Debug for IncomingFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::TooLarge(_) => f.write_str("TooLarge"),
        }
    }
}

/// Reads a file that may be documents, at most `limits::CONTAINER_BYTES` of it. *Long*.
///
/// # Errors
/// `FileMissing`, `Io`.
pub fn read_incoming(path: &Path) -> Result<IncomingFile, TransferError> {
    let mut file = File::open(path)?;
    let limit = u64::try_from(limits::CONTAINER_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    if file.metadata()?.len() > limit {
        file.take(START).read_to_end(&mut bytes)?;
        return Ok(IncomingFile::TooLarge(bytes));
    }
    // A pipe has no length; the limit holds for it all the same.
    (&mut file).take(limit + 1).read_to_end(&mut bytes)?;
    let is_larger = u64::try_from(bytes.len()).is_ok_and(|read| read > limit);
    Ok(if is_larger { IncomingFile::TooLarge(bytes) } else { IncomingFile::Whole(bytes) })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_huge_file_is_known_by_its_beginning_and_never_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film");
        std::fs::write(&path, b"age-encryption.org/v1\n").unwrap();
        assert_eq!(read_incoming(&path).unwrap(), IncomingFile::Whole(b"age-encryption.org/v1\n".to_vec()));
        // A hole takes no room on the disk.
        File::options().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
        let IncomingFile::TooLarge(start) = read_incoming(&path).unwrap() else { unreachable!("a gigabyte") };
        assert_eq!((start.len(), start.starts_with(b"age-")), (65_536, true));
        assert_eq!(read_incoming(&folder.path().join("nothing")), Err(TransferError::FileMissing));
    }
}
