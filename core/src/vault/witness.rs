//! The witness of an open vault: after every commit it reads what was written, brings the page root up to date, and
//! makes the anchor durable. Only then is a change acknowledged.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use ring::{digest, hmac};
use rusqlite::Connection;

use super::{
    VaultError,
    anchor::{Anchor, Change, Record},
    files,
    keys::Keys,
    page::{self, Overlay, Tag},
    wal::{self, Frame, Place},
};

/// The WAL is checkpointed once it is longer than this many frames, about 4 MiB.
const CHECKPOINT_AT: u32 = 1000;

/// Names of an epoch's files.
pub(super) const MAIN: &str = "vault";
pub(super) const WAL: &str = "vault-wal";
pub(super) const TAGS: &str = "tags";

/// What watches over one open epoch.
pub(super) struct Witness {
    path: PathBuf,
    main: File,
    /// Opened with the first commit: an undisturbed vault may have no log yet.
    wal: Option<File>,
    anchor: Anchor,
    root_key: hmac::Key,
    head_key: hmac::Key,
    tip: Record,
    overlay: Overlay,
    /// A change that is committed but that the anchor could not take yet.
    pending: Option<Change>,
    /// Grows whenever the main file has changed.
    checkpoints: u64,
}

impl Witness {
    /// `tip` is what the anchor says and what the disk was found to hold; `overlay` the pages in the log up to there.
    pub(super) fn new(path: &Path, keys: &Keys, tip: Record, overlay: Overlay) -> Result<Self, VaultError> {
        Ok(Self {
            path: path.to_owned(),
            main: File::open(path.join(MAIN))?,
            wal: None,
            anchor: Anchor::open(path, keys)?,
            root_key: keys.root.clone(),
            head_key: keys.head.clone(),
            tip,
            overlay,
            pending: None,
            checkpoints: 0,
        })
    }

    /// Lets a test take the anchor's file away from under the witness.
    #[cfg(test)]
    pub(super) fn replace_anchor(&mut self, file: File) {
        self.anchor.replace_file(file);
    }

    pub(super) fn tip(&self) -> &Record {
        &self.tip
    }

    pub(super) fn main(&self) -> &File {
        &self.main
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn root_key(&self) -> &hmac::Key {
        &self.root_key
    }

    pub(super) fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// Counts the times the main file was written; between two, it does not change.
    pub(super) fn checkpoints(&self) -> u64 {
        self.checkpoints
    }

    /// What the next change writes about itself into the vault.
    pub(super) fn next_change(&self) -> Result<Change, VaultError> {
        let generation = self.tip.change.generation.checked_add(1).ok_or(VaultError::Internal(14))?;
        Ok(Change { generation, previous: self.tip.head, nonce: crate::base::make_random()? })
    }

    /// Whether a commit still waits for its anchor.
    pub(super) fn settle(&mut self) -> Result<(), VaultError> {
        self.pending.map_or(Ok(()), |change| self.acknowledge(change))
    }

    /// Anchors the change that `SQLite` has just committed.
    pub(super) fn acknowledge(&mut self, change: Change) -> Result<(), VaultError> {
        self.pending = Some(change);
        let (frames, place) = self.read_commit()?;
        let tip = self.after(&frames, place, change)?;
        self.anchor.write(&tip)?;
        self.tip = tip;
        self.overlay.extend(frames.iter().map(|frame| (frame.page, frame.tag)));
        self.pending = None;
        Ok(())
    }

    /// Writes the anchor again for the same change, with another place in the log.
    pub(super) fn anchor_place(&mut self, place: Place) -> Result<(), VaultError> {
        let tip = Record { sequence: self.tip.sequence + 1, wal: place, ..self.tip };
        self.anchor.write(&tip)?;
        self.tip = tip;
        Ok(())
    }

    /// Whether the log is long enough to be worth a checkpoint.
    pub(super) fn wants_checkpoint(&self) -> bool {
        self.tip.wal.frames >= CHECKPOINT_AT
    }

    /// Moves the log into the main file. Everything in it is acknowledged, so a crash at any point loses nothing: until
    /// the log is cut, it still holds every page.
    pub(super) fn checkpoint(&mut self, conn: &Connection) -> Result<(), VaultError> {
        self.settle()?;
        if self.tip.wal.frames == 0 {
            return Ok(());
        }
        self.write_tags()?;
        self.checkpoints += 1;
        let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy != 0 {
            return Err(VaultError::Sqlite(rusqlite::ffi::SQLITE_BUSY));
        }
        self.overlay.clear();
        self.tip.wal = Place::default();
        self.anchor_place(Place::default())
    }

    /// Brings the sidecar of page tags to where the main file will be.
    fn write_tags(&self) -> Result<(), VaultError> {
        let tags = File::options().write(true).create(true).truncate(false).open(self.path.join(TAGS))?;
        for (page, tag) in self.overlay.range(..=self.tip.pages) {
            files::write_at(&tags, tag, tag_offset(*page))?;
        }
        tags.set_len(tag_offset(self.tip.pages.saturating_add(1)))?;
        tags.sync_data()?;
        Ok(())
    }

    fn read_commit(&mut self) -> Result<(Vec<Frame>, Place), VaultError> {
        let wal = match self.wal.take() {
            Some(open) => open,
            None => File::open(self.path.join(WAL))?,
        };
        wal::read_commit(self.wal.insert(wal), &self.tip.wal)
    }

    /// What the anchor will say once `frames` are acknowledged.
    fn after(&self, frames: &[Frame], wal: Place, change: Change) -> Result<Record, VaultError> {
        let pages = frames.last().map(|frame| frame.commit).ok_or(VaultError::Internal(15))?;
        let written: Overlay = frames.iter().map(|frame| (frame.page, frame.tag)).collect();
        let mut root = self.tip.root;
        for (page, tag) in &written {
            if *page <= self.tip.pages {
                root.subtract(&self.root_key, *page, &self.tag(*page)?);
            }
            if *page <= pages {
                root.add(&self.root_key, *page, tag);
            }
        }
        // Pages that a shrunken vault gives up, or that a grown one has never written.
        for page in pages.saturating_add(1)..=self.tip.pages {
            if !written.contains_key(&page) {
                root.subtract(&self.root_key, page, &self.tag(page)?);
            }
        }
        for page in self.tip.pages.saturating_add(1)..=pages {
            if !written.contains_key(&page) {
                root.add(&self.root_key, page, &self.tag(page)?);
            }
        }
        let head = self.head_after(&written, root.to_bytes(), pages, change);
        Ok(Record { sequence: self.tip.sequence + 1, change, head, root, pages, wal, ..self.tip })
    }

    /// `HMAC(previous ‖ generation ‖ change digest)`; the digest is over the pages written and the root after them.
    fn head_after(&self, written: &Overlay, root: [u8; 32], pages: u32, change: Change) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&change.nonce);
        context.update(&root);
        context.update(&pages.to_be_bytes());
        for (page, tag) in written {
            context.update(&page.to_be_bytes());
            context.update(tag);
        }
        head(&self.head_key, &change.previous, change.generation, context.finish().as_ref())
    }

    /// A page's tag before the change: from the log, else from the main file itself. The sidecar is not asked, so a
    /// page that was exchanged behind our back stays visible in the root even after it has been overwritten.
    fn tag(&self, page: u32) -> Result<Tag, VaultError> {
        match self.overlay.get(&page) {
            Some(tag) => Ok(*tag),
            None => Ok(page::tag_in(&self.main, page)?),
        }
    }
}

/// The head of a history that continues `previous`.
pub(super) fn head(key: &hmac::Key, previous: &[u8; 32], generation: u64, change: &[u8]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    context.update(previous);
    context.update(&generation.to_be_bytes());
    context.update(change);
    context.sign().as_ref().try_into().unwrap_or_default()
}

/// Where a page's tag stands in the sidecar.
pub(super) fn tag_offset(page: u32) -> u64 {
    u64::from(page.saturating_sub(1)) * 16
}
