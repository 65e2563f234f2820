//! The archive as a tar file with exactly one way to write it. The reader builds each header anew from name and size and
//! compares all 512 bytes, so that links, owners, paths that lead elsewhere and bytes that mean nothing have no place.

use std::io::{Read, Write};

use ring::digest::{Context, SHA256};

use crate::{base::Fingerprint, transfer::TransferError};

pub(super) const BLOCK: usize = 512;
/// The longest name an entry can have without an extension of the format.
const NAME: usize = 100;

/// SHA-256 over the lines `<SHA-256 of the entry>  <name>` of the entries, as `sha256sum` prints them, in their order.
/// One number for any number of entries.
pub(super) struct Sums {
    context: Context,
    entries: u64,
}

impl Sums {
    pub(super) fn new() -> Self {
        Self { context: Context::new(&SHA256), entries: 0 }
    }

    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) {
        self.context.update(sum_line(name, bytes).as_bytes());
        self.entries += 1;
    }

    /// How many entries there were, and the sum.
    pub(super) fn finish(self) -> (u64, Fingerprint) {
        let mut sum = [0; 32];
        sum.copy_from_slice(self.context.finish().as_ref());
        (self.entries, Fingerprint::from_bytes(sum))
    }
}

/// One line as `sha256sum` prints it.
pub(super) fn sum_line(name: &str, bytes: &[u8]) -> String {
    format!("{}  {name}\n", Fingerprint::of(bytes))
}

/// The one header an entry can have: an ordinary file, nobody's, from 1970.
pub(super) fn header(name: &str, size: u64) -> Result<[u8; BLOCK], TransferError> {
    let mut header = tar::Header::new_ustar();
    if name.is_empty() || name.len() > NAME {
        return Err(TransferError::Internal(1));
    }
    header.set_path(name).map_err(|_| TransferError::Internal(2))?;
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    Ok(*header.as_bytes())
}

const fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

/// Writes entries.
pub(super) struct TapeWriter<W> {
    out: W,
}

impl<W: Write> TapeWriter<W> {
    pub(super) const fn new(out: W) -> Self {
        Self { out }
    }

    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), TransferError> {
        let size = bytes.len() as u64;
        self.out.write_all(&header(name, size)?)?;
        self.out.write_all(bytes)?;
        self.out.write_all([0; BLOCK].get(..usize::try_from(padding(size)).unwrap_or(0)).unwrap_or(&[]))?;
        Ok(())
    }

    /// Writes the two empty blocks that end a tar file.
    pub(super) fn finish(mut self) -> Result<W, TransferError> {
        self.out.write_all(&[0; 2 * BLOCK])?;
        Ok(self.out)
    }
}

/// Reads entries one behind the other. The next entry's name is known before its content is read.
pub(super) struct TapeReader<R> {
    input: R,
    next: Option<(String, u64)>,
}

impl<R: Read> TapeReader<R> {
    pub(super) fn new(input: R) -> Result<Self, TransferError> {
        let mut tape = Self { input, next: None };
        tape.advance()?;
        Ok(tape)
    }

    /// The name of the next entry; none at the end.
    pub(super) fn name(&self) -> Option<&str> {
        self.next.as_ref().map(|(name, _)| name.as_str())
    }

    /// The next entry's content, if its name is `name`; an entry of more than `limit` bytes is refused.
    pub(super) fn take(&mut self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, TransferError> {
        let Some((_, size)) = self.next.take_if(|(next, _)| next == name) else { return Ok(None) };
        if size > limit {
            return Err(TransferError::Damaged("an entry is too large"));
        }
        // Grows with what is really there: a header may claim more than the file has.
        let mut bytes = Vec::new();
        (&mut self.input).take(size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(TransferError::Truncated);
        }
        let mut rest = Vec::with_capacity(BLOCK);
        (&mut self.input).take(padding(size)).read_to_end(&mut rest)?;
        if rest.len() as u64 != padding(size) {
            return Err(TransferError::Truncated);
        }
        if rest.iter().any(|byte| *byte != 0) {
            return Err(TransferError::Damaged("bytes behind an entry"));
        }
        self.advance()?;
        Ok(Some(bytes))
    }

    fn block(&mut self) -> Result<[u8; BLOCK], TransferError> {
        let mut block = [0; BLOCK];
        match self.input.read_exact(&mut block) {
            Ok(()) => Ok(block),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(TransferError::Truncated),
            Err(error) => Err(error.into()),
        }
    }

    fn advance(&mut self) -> Result<(), TransferError> {
        let block = self.block()?;
        if block == [0; BLOCK] {
            return self.end();
        }
        let damaged = TransferError::Damaged("an entry's header");
        let read = tar::Header::from_byte_slice(&block);
        let name = read.path_bytes().to_vec();
        let name = String::from_utf8(name).map_err(|_| damaged.clone())?;
        let size = read.entry_size().map_err(|_| damaged.clone())?;
        if name.is_empty() || name.len() > NAME || header(&name, size) != Ok(block) {
            return Err(damaged);
        }
        self.next = Some((name, size));
        Ok(())
    }

    /// One more empty block, and then nothing at all.
    fn end(&mut self) -> Result<(), TransferError> {
        if self.block()? != [0; BLOCK] {
            return Err(TransferError::Damaged("the end mark"));
        }
        let mut more = [0; 1];
        match self.input.read(&mut more)? {
            0 => Ok(()),
            _ => Err(TransferError::Damaged("bytes behind the end")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn written(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tape = TapeWriter::new(Vec::new());
        for (name, bytes) in entries {
            tape.put(name, bytes).unwrap();
        }
        tape.finish().unwrap()
    }

    #[test]
    fn an_ordinary_tar_program_reads_what_is_written() {
        let bytes = written(&[("a.json", b"{}"), ("people/0/original", &[7; 1000]), ("empty", b"")]);
        let mut archive = tar::Archive::new(bytes.as_slice());
        let read: Vec<(String, Vec<u8>)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                (entry.path().unwrap().to_string_lossy().into_owned(), content)
            })
            .collect();
        assert_eq!(
            read,
            [("a.json".to_owned(), b"{}".to_vec()), ("people/0/original".to_owned(), vec![7; 1000]), ("empty".to_owned(), vec![])]
        );
    }

    #[test]
    fn links_owners_times_and_long_names_are_no_entries() {
        type Change = fn(&mut tar::Header);
        let changes: [Change; 7] = [
            |header| header.set_entry_type(tar::EntryType::Symlink),
            |header| header.set_entry_type(tar::EntryType::Directory),
            |header| header.set_mode(0o755),
            |header| header.set_mtime(1),
            |header| header.set_uid(1000),
            |header| header.set_username("root").unwrap(),
            |header| header.set_link_name("/etc/passwd").unwrap(),
        ];
        for change in changes {
            let mut header = tar::Header::new_ustar();
            header.clone_from(tar::Header::from_byte_slice(&super::header("a", 0).unwrap()));
            change(&mut header);
            header.set_cksum();
            let mut bytes = header.as_bytes().to_vec();
            bytes.extend([0; 2 * BLOCK]);
            assert_eq!(TapeReader::new(bytes.as_slice()).err(), Some(TransferError::Damaged("an entry's header")));
        }
        assert_eq!(header(&"x".repeat(101), 0), Err(TransferError::Internal(1)));
    }

    #[test]
    fn a_size_beyond_the_limit_or_the_file_is_refused_without_reading_it() {
        let mut bytes = header("a", 1 << 40).unwrap().to_vec();
        bytes.extend([0; 2 * BLOCK]);
        let mut tape = TapeReader::new(bytes.as_slice()).unwrap();
        assert_eq!(tape.take("a", 1 << 20), Err(TransferError::Damaged("an entry is too large")));
        let mut tape = TapeReader::new(bytes.as_slice()).unwrap();
        assert_eq!(tape.take("a", u64::MAX), Err(TransferError::Truncated));
    }

    #[test]
    fn an_entry_is_taken_by_its_name_only_and_the_end_is_the_end() {
        let bytes = written(&[("a", b"1"), ("b", b"2")]);
        let mut tape = TapeReader::new(bytes.as_slice()).unwrap();
        assert_eq!(tape.take("b", 9), Ok(None));
        assert_eq!((tape.take("a", 9), tape.name()), (Ok(Some(b"1".to_vec())), Some("b")));
        assert_eq!((tape.take("b", 9), tape.name()), (Ok(Some(b"2".to_vec())), None));
        let longer = [bytes.as_slice(), &[0]].concat();
        let mut tape = TapeReader::new(longer.as_slice()).unwrap();
        assert_eq!(tape.take("a", 9), Ok(Some(b"1".to_vec())));
        assert_eq!(tape.take("b", 9), Err(TransferError::Damaged("bytes behind the end")));
    }
}
