//! SQLite's write-ahead log, read by us. `SQLite` stops in silence at the first bad frame and overwrites the rest, so
//! what the log holds is judged here, against the anchor, before `SQLite` sees it.

use std::{fs::File, io};

use super::{
    VaultError, files,
    page::{PAGE, TAG_AT, Tag},
};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// Bytes of a frame: its header and a page.
pub(super) const FRAME: usize = FRAME_HEADER + PAGE;
const VERSION: u32 = 3_007_000;
/// The magic number; its lowest bit says that checksums are over big-endian words.
const MAGIC: u32 = 0x377f_0682;

/// A place in the log: which log, how many frames, and the running checksum there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The two salts; new ones with every restart of the log.
    pub(super) salts: [u8; 8],
    pub(super) frames: u32,
    pub(super) checksum: [u8; 8],
}

/// What we keep of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) page: u32,
    /// Zero, or the vault's size in pages when this frame ends a commit.
    pub(super) commit: u32,
    pub(super) checksum: [u8; 8],
    pub(super) tag: Tag,
}

/// The log as far as its checksums hold.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The salts, when the header is whole.
    pub(super) salts: Option<[u8; 8]>,
    pub(super) frames: Vec<Frame>,
    /// Bytes in the file, whole or not.
    pub(super) length: u64,
}

impl Log {
    /// Reads a log and follows its checksums to the first frame that does not fit.
    pub(super) fn read(file: &File) -> Result<Self, VaultError> {
        let mut log = Self { length: file.metadata()?.len(), ..Self::default() };
        let mut header = [0; HEADER];
        if files::read_at(file, &mut header, 0)? < HEADER {
            return Ok(log);
        }
        let magic = word(&header, 0);
        let big = magic & 1 == 1;
        let (start, salts, checksum) = (header.get(..24).unwrap_or_default(), bytes_at(&header, 16), bytes_at(&header, 24));
        let mut sum = Checksum::default();
        sum.take(start, big);
        if magic & !1 != MAGIC || word(&header, 4) != VERSION || word(&header, 8) as usize != PAGE || sum.to_bytes() != checksum {
            return Ok(log);
        }
        log.salts = Some(salts);
        let mut buffer = vec![0; FRAME * 64];
        let mut offset = HEADER as u64;
        loop {
            let found = files::read_at(file, &mut buffer, offset)?;
            for bytes in buffer.get(..found).unwrap_or_default().chunks_exact(FRAME) {
                sum.take(bytes.get(..8).unwrap_or_default(), big);
                sum.take(bytes.get(FRAME_HEADER..).unwrap_or_default(), big);
                let frame = Frame {
                    page: word(bytes, 0),
                    commit: word(bytes, 4),
                    checksum: bytes_at(bytes, 16),
                    tag: bytes_at(bytes, FRAME_HEADER + TAG_AT),
                };
                if bytes_at(bytes, 8) != salts || frame.checksum != sum.to_bytes() || frame.page == 0 {
                    return Ok(log);
                }
                log.frames.push(frame);
            }
            if found < buffer.len() {
                return Ok(log);
            }
            offset += buffer.len() as u64;
        }
    }

    /// The place after the last commit, and the vault's size there; `None` when nothing is committed in the log.
    pub(super) fn last_commit(&self) -> Option<(Place, u32)> {
        let index = self.frames.iter().rposition(|frame| frame.commit > 0)?;
        let frame = self.frames.get(index)?;
        Some((Place { salts: self.salts?, frames: u32::try_from(index + 1).ok()?, checksum: frame.checksum }, frame.commit))
    }

    /// Whether the log holds, whole, everything up to `place`.
    pub(super) fn reaches(&self, place: &Place) -> bool {
        let last = (place.frames as usize).checked_sub(1).and_then(|index| self.frames.get(index));
        place.frames == 0
            || (self.salts == Some(place.salts) && last.is_some_and(|frame| frame.commit > 0 && frame.checksum == place.checksum))
    }

    /// How many commits end after the first `frames` frames.
    pub(super) fn commits_after(&self, frames: u32) -> usize {
        self.frames.iter().skip(frames as usize).filter(|frame| frame.commit > 0).count()
    }
}

/// Reads the one commit that `SQLite` has just appended after `place`: 88 bytes per frame instead of 4 KiB.
///
/// Returns the commit's frames and the place after it.
pub(super) fn read_commit(file: &File, place: &Place) -> Result<(Vec<Frame>, Place), VaultError> {
    let mut header = [0; HEADER];
    files::read_exact_at(file, &mut header, 0)?;
    let salts = bytes_at(&header, 16);
    // Other salts: the log was restarted, so everything before is in the main file and the commit begins the log.
    let start = if salts == place.salts { place.frames } else { 0 };
    let mut frames = Vec::new();
    let mut ahead = [0; HMAC_AND_HEADER];
    files::read_exact_at(file, ahead.last_chunk_mut::<FRAME_HEADER>().ok_or(VaultError::Internal(12))?, offset_of(start))?;
    loop {
        let head: [u8; FRAME_HEADER] = bytes_at(&ahead, 64);
        let index = start + u32::try_from(frames.len()).map_err(|_| VaultError::Internal(13))?;
        // From this page's HMAC to the end of the next frame's header in one read; the last one ends earlier.
        let found = files::read_at(file, &mut ahead, offset_of(index) + (FRAME_HEADER + TAG_AT) as u64)?;
        if found < 64 || bytes_at::<8>(&head, 8) != salts {
            return Err(VaultError::VaultDamaged);
        }
        let frame = Frame { page: word(&head, 0), commit: word(&head, 4), checksum: bytes_at(&head, 16), tag: bytes_at(&ahead, 0) };
        frames.push(frame);
        if frame.commit > 0 {
            return Ok((frames, Place { salts, frames: index + 1, checksum: frame.checksum }));
        }
        if found < ahead.len() {
            return Err(VaultError::VaultDamaged);
        }
    }
}

const HMAC_AND_HEADER: usize = 64 + FRAME_HEADER;

/// Where a frame begins; frames are counted from zero.
pub(super) fn offset_of(frame: u32) -> u64 {
    HEADER as u64 + u64::from(frame) * FRAME as u64
}

/// The page inside a frame.
pub(super) fn read_page(file: &File, frame: u32, page: &mut [u8]) -> io::Result<()> {
    files::read_exact_at(file, page, offset_of(frame) + FRAME_HEADER as u64)
}

/// SQLite's running checksum over pairs of 32-bit words.
#[derive(Clone, Copy, Default)]
struct Checksum(u32, u32);

impl Checksum {
    fn take(&mut self, bytes: &[u8], big: bool) {
        for pair in bytes.as_chunks::<8>().0 {
            let [first, second]: [u32; 2] = [0, 4].map(|at| if big { word(pair, at) } else { word(pair, at).swap_bytes() });
            self.0 = self.0.wrapping_add(first).wrapping_add(self.1);
            self.1 = self.1.wrapping_add(second).wrapping_add(self.0);
        }
    }

    fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        let words = self.0.to_be_bytes().into_iter().chain(self.1.to_be_bytes());
        bytes.iter_mut().zip(words).for_each(|(to, from)| *to = from);
        bytes
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes_at(bytes, at))
}

fn bytes_at<const LENGTH: usize>(bytes: &[u8], at: usize) -> [u8; LENGTH] {
    bytes.get(at..).and_then(|rest| rest.first_chunk::<LENGTH>()).copied().unwrap_or([0; LENGTH])
}
