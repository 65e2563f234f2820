//! Pages as `SQLCipher` 4 writes them, and the page root: one number for the whole vault that changes with any page.
//!
//! Every page ends with its IV and its HMAC. The root is the sum, over all pages, of a keyed weight of page number and
//! HMAC, so a commit changes it by the pages it wrote and a stale page of any kind changes it too.

use std::{collections::BTreeMap, fs::File, io, ops::Range, thread};

use ring::hmac;

use super::{VaultError, files};

/// Bytes of a page.
pub(super) const PAGE: usize = 4096;
const HMAC: usize = 64;
/// Where a page's HMAC begins.
pub(super) const TAG_AT: usize = PAGE - HMAC;
/// The page at one GiB, which `SQLite` never uses because its locks live there.
const LOCK_PAGE: u32 = 0x4000_0000 / 4096 + 1;

/// The first 16 bytes of a page's HMAC. A page that was never written has all zeros.
pub(super) type Tag = [u8; 16];

/// Pages that stand in the WAL and not yet in the main file.
pub(super) type Overlay = BTreeMap<u32, Tag>;

/// Σ PRF(page number ‖ tag), as two sums modulo 2¹²⁸.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Root(u128, u128);

impl Root {
    pub(super) fn add(&mut self, key: &hmac::Key, page: u32, tag: &Tag) {
        let weight = weight(key, page, tag);
        *self = Self(self.0.wrapping_add(weight.0), self.1.wrapping_add(weight.1));
    }

    pub(super) fn subtract(&mut self, key: &hmac::Key, page: u32, tag: &Tag) {
        let weight = weight(key, page, tag);
        *self = Self(self.0.wrapping_sub(weight.0), self.1.wrapping_sub(weight.1));
    }

    pub(super) fn merge(&mut self, other: Self) {
        *self = Self(self.0.wrapping_add(other.0), self.1.wrapping_add(other.1));
    }

    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let halves = [self.0.to_be_bytes(), self.1.to_be_bytes()];
        bytes.as_chunks_mut::<16>().0.iter_mut().zip(halves).for_each(|(to, from)| *to = from);
        bytes
    }

    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        match bytes.as_chunks::<16>().0 {
            [first, second] => Self(u128::from_be_bytes(*first), u128::from_be_bytes(*second)),
            _ => Self::default(),
        }
    }
}

fn weight(key: &hmac::Key, page: u32, tag: &Tag) -> Root {
    // The lock page is never written and must weigh nothing, whatever a file system leaves in the hole.
    if page == LOCK_PAGE {
        return Root::default();
    }
    let mut message = [0; 20];
    message.iter_mut().zip(page.to_be_bytes().into_iter().chain(*tag)).for_each(|(to, from)| *to = from);
    let mac = hmac::sign(key, &message);
    Root::from_bytes(mac.as_ref().try_into().unwrap_or_default())
}

/// The tag of a page in the main file; zeros beyond its end.
pub(super) fn tag_in(main: &File, page: u32) -> io::Result<Tag> {
    let mut tag = Tag::default();
    files::read_at(main, &mut tag, offset_of(page) + TAG_AT as u64)?;
    Ok(tag)
}

/// Where a page begins in the main file.
pub(super) fn offset_of(page: u32) -> u64 {
    u64::from(page.saturating_sub(1)) * PAGE as u64
}

/// The root of the vault as it lies on the disk, read from the pages' own HMACs: `pages` pages of `main`, those in
/// `overlay` replaced.
pub(super) fn scan(main: &File, key: &hmac::Key, pages: u32, overlay: &Overlay) -> Result<Root, VaultError> {
    let parts = in_parts(pages, |range| {
        let mut root = Root::default();
        for page in range {
            let tag = match overlay.get(&page) {
                Some(tag) => *tag,
                None => tag_in(main, page)?,
            };
            root.add(key, page, &tag);
        }
        Ok(root)
    })?;
    let mut root = Root::default();
    for part in parts {
        root.merge(part);
    }
    Ok(root)
}

/// Runs `work` over the pages 1..=`pages`, in one part per processor.
pub(super) fn in_parts<R: Send>(pages: u32, work: impl Fn(Range<u32>) -> Result<R, VaultError> + Sync) -> Result<Vec<R>, VaultError> {
    let processors = thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(1)).min(8);
    // A thread costs about as much as 200 pages.
    let count = processors.min(pages / 200).max(1);
    let share = pages.div_ceil(count);
    let bounds: Vec<Range<u32>> = (0..count).map(|part| (part * share).min(pages) + 1..((part + 1) * share).min(pages) + 1).collect();
    thread::scope(|scope| {
        let running: Vec<_> = bounds.into_iter().map(|range| scope.spawn(|| work(range))).collect();
        running.into_iter().map(|part| part.join().map_err(|_| VaultError::Internal(11))?).collect()
    })
}

/// Whether a page's HMAC fits its bytes, as `SQLCipher` would check it.
pub(super) fn is_whole(key: &hmac::Key, page: u32, bytes: &[u8]) -> bool {
    if page == LOCK_PAGE {
        return true;
    }
    // The first 16 bytes of page 1 are the salt, which is neither encrypted nor covered.
    let start = if page == 1 { 16 } else { 0 };
    let Some((covered, mac)) = bytes.split_last_chunk::<HMAC>() else { return false };
    let mut context = hmac::Context::with_key(key);
    context.update(covered.get(start..).unwrap_or_default());
    context.update(&page.to_le_bytes());
    context.sign().as_ref() == mac
}

/// The tag of a page held in memory.
pub(super) fn tag_of(bytes: &[u8]) -> Tag {
    bytes.get(TAG_AT..).and_then(|mac| mac.first_chunk::<16>()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn key() -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[3; 32])
    }

    #[test]
    fn a_root_forgets_a_page_that_is_taken_off_again() {
        let mut root = Root::default();
        root.add(&key(), 1, &[1; 16]);
        let before = root;
        root.add(&key(), 2, &[2; 16]);
        assert_ne!(root, before);
        root.subtract(&key(), 2, &[2; 16]);
        assert_eq!(root, before);
        assert_eq!(Root::from_bytes(root.to_bytes()), root);
    }

    #[test]
    fn the_same_page_in_two_places_does_not_cancel() {
        let (mut one, mut other) = (Root::default(), Root::default());
        one.add(&key(), 1, &[1; 16]);
        one.add(&key(), 2, &[2; 16]);
        other.add(&key(), 1, &[2; 16]);
        other.add(&key(), 2, &[1; 16]);
        assert_ne!(one, other);
    }

    #[test]
    fn parts_cover_every_page_once() {
        for pages in [0, 1, 199, 200, 1001, 5000] {
            let mut all: Vec<u32> = in_parts(pages, |range| Ok(range.collect::<Vec<_>>())).unwrap().into_iter().flatten().collect();
            all.sort_unstable();
            assert_eq!(all, (1..=pages).collect::<Vec<_>>());
        }
    }
}
