//! The anchor: outside the vault file, what the vault file must be. Two 4 KiB slots written in turn, so that one whole
//! record is on the disk at every moment; inside a slot the record stands twice, so that one bad sector spoils nothing.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use ring::hmac;

use super::{
    VaultError, files,
    keys::{Keys, VaultId},
    page::Root,
    wal::Place,
};

const NAME: &str = "anchor";
const MAGIC: &[u8; 8] = b"TECHOANC";
const VERSION: u16 = 1;
const SLOT: usize = 4096;
const COPY: usize = SLOT / 2;
const COVERED: usize = 186;

/// How far a vault's history goes. A shell may keep the last one it saw in the platform's keystore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Counts the acknowledged changes.
    pub generation: u64,
    /// Proves the whole history up to here.
    pub head: [u8; 32],
}

/// What one change wrote into the vault about itself; the `meta` table holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) generation: u64,
    /// The head before this change.
    pub(super) previous: [u8; 32],
    pub(super) nonce: [u8; 16],
}

/// What the anchor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Counts the anchor's own writes; its lowest bit chooses the slot.
    pub(super) sequence: u64,
    pub(super) epoch: [u8; 8],
    pub(super) id: VaultId,
    pub(super) change: Change,
    /// The head after the change.
    pub(super) head: [u8; 32],
    pub(super) root: Root,
    /// The vault's size in pages.
    pub(super) pages: u32,
    /// Up to where the WAL belongs to it.
    pub(super) wal: Place,
}

/// The anchor file of the open epoch.
#[derive(Debug)]
pub(super) struct Anchor {
    file: File,
    key: hmac::Key,
}

/// What was found in an anchor file.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: Record,
    /// One slot is unreadable: the record may not be the newest there was.
    pub(super) is_doubtful: bool,
}

impl Anchor {
    /// Creates the anchor of a new epoch, both slots alike.
    pub(super) fn create(dir: &Path, keys: &Keys, record: &Record) -> Result<(), VaultError> {
        let slot = slot(&keys.anchor, record);
        files::write_durably(dir, NAME, &[slot, slot].concat())?;
        Ok(())
    }

    /// Reads the anchor. `VaultUnproven` when it is missing or neither slot is whole.
    pub(super) fn read(dir: &Path, keys: &Keys) -> Result<Found, VaultError> {
        let limit = u64::try_from(2 * SLOT).unwrap_or_default();
        let bytes = match files::read_small(&dir.join(NAME), limit) {
            Ok(found) => found.ok_or(VaultError::VaultUnproven)?,
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => return Err(VaultError::VaultUnproven),
            Err(error) => return Err(error.into()),
        };
        let mut slots =
            bytes.chunks(SLOT).map(|slot| slot.chunks(COPY).filter_map(|copy| decode(&keys.anchor, copy)).max_by_key(|r| r.sequence));
        let (first, second) = (slots.next().flatten(), slots.next().flatten());
        let is_doubtful = first.is_none() || second.is_none();
        let record = [first, second].into_iter().flatten().max_by_key(|record| record.sequence).ok_or(VaultError::VaultUnproven)?;
        Ok(Found { record, is_doubtful })
    }

    /// Opens the anchor for writing; it must have been read before.
    pub(super) fn open(dir: &Path, keys: &Keys) -> Result<Self, VaultError> {
        Ok(Self { file: files::open_existing(&path(dir))?, key: keys.anchor.clone() })
    }

    #[cfg(test)]
    pub(super) fn replace_file(&mut self, file: File) {
        self.file = file;
    }

    /// Writes the next record; when this returns, it is on the disk.
    pub(super) fn write(&self, record: &Record) -> Result<(), VaultError> {
        files::write_at(&self.file, &slot(&self.key, record), (record.sequence & 1) * SLOT as u64)?;
        self.file.sync_data()?;
        Ok(())
    }
}

impl Record {
    /// The record's place in history, for a shell to keep.
    pub(super) const fn position(&self) -> Position {
        Position { generation: self.change.generation, head: self.head }
    }
}

/// Where the anchor lies.
pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

fn slot(key: &hmac::Key, record: &Record) -> [u8; SLOT] {
    let covered = encode(record);
    let mac = hmac::sign(key, &covered);
    let mut slot = [0; SLOT];
    for copy in slot.chunks_mut(COPY) {
        copy.iter_mut().zip(covered.iter().chain(mac.as_ref())).for_each(|(to, from)| *to = *from);
    }
    slot
}

fn encode(record: &Record) -> Vec<u8> {
    let mut out = Vec::with_capacity(COVERED);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_be_bytes());
    out.extend_from_slice(&record.sequence.to_be_bytes());
    out.extend_from_slice(&record.epoch);
    out.extend_from_slice(&record.id);
    out.extend_from_slice(&record.change.generation.to_be_bytes());
    out.extend_from_slice(&record.change.previous);
    out.extend_from_slice(&record.change.nonce);
    out.extend_from_slice(&record.head);
    out.extend_from_slice(&record.root.to_bytes());
    out.extend_from_slice(&record.pages.to_be_bytes());
    out.extend_from_slice(&record.wal.salts);
    out.extend_from_slice(&record.wal.frames.to_be_bytes());
    out.extend_from_slice(&record.wal.checksum);
    out
}

fn decode(key: &hmac::Key, copy: &[u8]) -> Option<Record> {
    let (covered, rest) = copy.split_at_checked(COVERED)?;
    hmac::verify(key, covered, rest.first_chunk::<32>()?).ok()?;
    let mut rest = covered;
    if take::<8>(&mut rest)? != *MAGIC || u16::from_be_bytes(take(&mut rest)?) != VERSION {
        return None;
    }
    Some(Record {
        sequence: u64::from_be_bytes(take(&mut rest)?),
        epoch: take(&mut rest)?,
        id: take(&mut rest)?,
        change: Change { generation: u64::from_be_bytes(take(&mut rest)?), previous: take(&mut rest)?, nonce: take(&mut rest)? },
        head: take(&mut rest)?,
        root: Root::from_bytes(take(&mut rest)?),
        pages: u32::from_be_bytes(take(&mut rest)?),
        wal: Place { salts: take(&mut rest)?, frames: u32::from_be_bytes(take(&mut rest)?), checksum: take(&mut rest)? },
    })
}

fn take<const LENGTH: usize>(rest: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (first, after) = rest.split_first_chunk::<LENGTH>()?;
    *rest = after;
    Some(*first)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::base::VaultKey;

    #[test]
    fn the_bytes_never_change() {
        let keys = Keys::derive(&VaultKey::from_bytes(std::array::from_fn(|i| u8::try_from(i).unwrap())), &[0x11; 16]).unwrap();
        let record = Record {
            sequence: 3,
            epoch: [0, 0, 0, 1, 0xAA, 0xBB, 0xCC, 0xDD],
            id: [0x11; 16],
            change: Change { generation: 42, previous: [0x44; 32], nonce: [0x55; 16] },
            head: [0x66; 32],
            root: Root::from_bytes([0x77; 32]),
            pages: 1234,
            wal: Place { salts: [0x88; 8], frames: 9, checksum: [0x99; 8] },
        };
        let slot = slot(&keys.anchor, &record);
        assert_eq!(data_encoding::HEXLOWER.encode(&slot[..COVERED + 32]), include_str!("tests/anchor.hex").trim());
        assert!(slot[COVERED + 32..COPY].iter().all(|byte| *byte == 0));
        assert_eq!(slot[..COPY], slot[COPY..]);
        assert_eq!(decode(&keys.anchor, &slot), Some(record));
    }
}
