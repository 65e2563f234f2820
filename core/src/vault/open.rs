//! Decides whether an epoch on the disk is what its anchor says. Nothing here changes a byte until everything is
//! decided: a vault that is refused can be healed by putting the right bytes back.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use ring::hmac;
use rusqlite::Connection;

use super::{
    VaultError,
    anchor::{Anchor, Change, Found, Position, Record},
    connection::{self, Mode},
    directory::Epoch,
    envelope::Envelope,
    files,
    keys::{self, Keys, VaultId},
    migrate,
    page::{self, Overlay, PAGE},
    wal::{self, Log, Place},
    witness::{MAIN, WAL, Witness},
};
use crate::base::VaultKey;

/// An epoch whose envelope has been opened.
pub(super) struct Sealed<'a> {
    pub(super) path: PathBuf,
    pub(super) epoch: Epoch,
    pub(super) envelope: &'a Envelope,
    pub(super) key: &'a VaultKey,
    pub(super) keys: &'a Keys,
}

/// An epoch that may be trusted.
pub(super) struct Proven {
    pub(super) conn: Connection,
    pub(super) witness: Witness,
    /// The schema version found, not newer than ours.
    pub(super) version: usize,
}

/// The `meta` row.
pub(super) struct Meta {
    pub(super) id: VaultId,
    pub(super) change: Change,
}

/// What the disk holds, compared with the anchor.
enum Verdict {
    /// Exactly what the anchor says; the log belongs to it up to this place.
    Same(Place),
    /// One commit more, whole, that follows the anchored one.
    OneAhead(Change),
}

/// Before any key: the files exist and are not empty.
pub(super) fn check_files(path: &Path) -> Result<(), VaultError> {
    match files::length(&path.join(MAIN))? {
        None => Err(VaultError::VaultMissing),
        Some(0) => Err(VaultError::VaultEmpty),
        Some(_) => Ok(()),
    }
}

/// Proves an epoch: log, anchor, vault and schema, in this order, each failing closed.
pub(super) fn prove(sealed: &Sealed<'_>, known: usize, at_least: Option<Position>) -> Result<Proven, VaultError> {
    check_files(&sealed.path)?;
    // SQLite would play a rollback journal back into the vault. We never write one.
    if files::length(&sealed.path.join(format!("{MAIN}-journal")))?.is_some() {
        return Err(VaultError::VaultDamaged);
    }
    let found = Anchor::read(&sealed.path, sealed.keys)?;
    let anchor = found.record;
    if anchor.id != sealed.envelope.id || anchor.epoch != sealed.epoch.to_bytes() {
        return Err(VaultError::VaultUnproven);
    }
    let log = read_log(&sealed.path)?;
    refuse_broken(log.as_ref(), &anchor.wal)?;

    // Without a log, SQLite would create one just by looking; frozen, it creates nothing.
    let mode = if log.is_some() { Mode::Existing } else { Mode::Frozen };
    let conn = connect(sealed, mode)?;
    let meta = read_meta(&conn)?;
    if meta.id != sealed.envelope.id {
        return Err(VaultError::VaultForked);
    }
    let log = log.unwrap_or_default();
    let verdict = judge(sealed, &found, &meta.change, &log)?;
    let version = migrate::version(&conn, known)?;
    check_position(&anchor, &verdict, at_least)?;

    // Decided. From here on the vault is ours to write.
    let conn = if mode == Mode::Frozen { connect(sealed, Mode::Existing)? } else { conn };
    let belonging = match verdict {
        Verdict::Same(place) => place.frames,
        Verdict::OneAhead(_) => {
            if log.reaches(&anchor.wal) {
                anchor.wal.frames
            } else {
                0
            }
        }
    };
    let mut witness = Witness::new(&sealed.path, sealed.keys, anchor, overlay(&log, belonging))?;
    match verdict {
        Verdict::Same(place) if place == anchor.wal => {}
        Verdict::Same(place) => witness.anchor_place(place)?,
        Verdict::OneAhead(change) => witness.acknowledge(change)?,
    }
    Ok(Proven { conn, witness, version })
}

pub(super) fn connect(sealed: &Sealed<'_>, mode: Mode) -> Result<Connection, VaultError> {
    connection::connect(&sealed.path.join(MAIN), mode, sealed.key, &sealed.envelope.salt)
}

/// The log's content, or `None` when there is no log file.
pub(super) fn read_log(path: &Path) -> Result<Option<Log>, VaultError> {
    match File::open(path.join(WAL)) {
        Ok(file) => Log::read(&file).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn read_meta(conn: &Connection) -> Result<Meta, VaultError> {
    let row = conn.query_row("SELECT vault_id, generation, previous, nonce FROM meta WHERE only_row = 1", [], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?, row.get::<_, Vec<u8>>(3)?))
    });
    let (id, generation, previous, nonce) = row.map_err(connection::unreadable)?;
    let read = || {
        let generation = u64::try_from(generation).ok()?;
        Some(Meta {
            id: id.try_into().ok()?,
            change: Change { generation, previous: previous.try_into().ok()?, nonce: nonce.try_into().ok()? },
        })
    };
    read().ok_or(VaultError::VaultDamaged)
}

/// Pages in the first `frames` frames of the log.
pub(super) fn overlay(log: &Log, frames: u32) -> Overlay {
    log.frames.iter().take(frames as usize).map(|frame| (frame.page, frame.tag)).collect()
}

/// A log that has the bytes but not the checksums is damaged, and `SQLite` must not see it: it would go on from the
/// last good frame and overwrite the rest.
fn refuse_broken(log: Option<&Log>, anchored: &Place) -> Result<(), VaultError> {
    let Some(log) = log else { return Ok(()) };
    if anchored.frames == 0 || log.reaches(anchored) || log.length == 0 {
        return Ok(());
    }
    let is_other_log = log.salts.is_some_and(|salts| salts != anchored.salts);
    let is_cut_short = log.salts.is_some() && log.length < wal::offset_of(anchored.frames) && is_whole_as_far_as_it_goes(log);
    if is_other_log || is_cut_short { Ok(()) } else { Err(VaultError::VaultDamaged) }
}

/// Whether every frame that is completely there has a fitting checksum.
fn is_whole_as_far_as_it_goes(log: &Log) -> bool {
    u32::try_from(log.frames.len()).is_ok_and(|frames| log.length < wal::offset_of(frames.saturating_add(1)))
}

fn judge(sealed: &Sealed<'_>, found: &Found, vault: &Change, log: &Log) -> Result<Verdict, VaultError> {
    let anchor = &found.record;
    let anchored = &anchor.change;
    let has_base = log.reaches(&anchor.wal);
    let ahead = log.commits_after(if has_base { anchor.wal.frames } else { 0 });
    if vault.generation < anchored.generation {
        return Err(VaultError::VaultRolledBack { missing: anchored.generation - vault.generation });
    }
    if vault.generation == anchored.generation {
        if vault != anchored {
            return Err(VaultError::VaultForked);
        }
        // One of the anchor's two slots is unreadable, and it may have been the newer one.
        if found.is_doubtful {
            return Err(VaultError::VaultUnproven);
        }
        return same(sealed, anchor, log, has_base && ahead == 0);
    }
    let follows = vault.generation - anchored.generation == 1 && ahead == 1;
    if !follows {
        // Only a crash between commit and anchor puts the vault ahead, and then by one commit in the log.
        return Err(VaultError::VaultUnproven);
    }
    if vault.previous != anchor.head || !are_frames_whole(sealed, log, if has_base { anchor.wal.frames } else { 0 })? {
        return Err(VaultError::VaultForked);
    }
    if !has_base && scan(sealed, anchor.pages, &Overlay::new())? != anchor.root.to_bytes() {
        return Err(VaultError::VaultDamaged);
    }
    Ok(Verdict::OneAhead(*vault))
}

/// The vault says the same as the anchor. Unless the log is exactly as anchored, all pages have to prove it: a crash
/// came between cutting the log and telling the anchor.
fn same(sealed: &Sealed<'_>, anchor: &Record, log: &Log, is_as_anchored: bool) -> Result<Verdict, VaultError> {
    if is_as_anchored {
        let length = files::length(&sealed.path.join(MAIN))?.unwrap_or_default();
        if anchor.wal.frames == 0 && length != u64::from(anchor.pages) * PAGE as u64 {
            return Err(VaultError::VaultDamaged);
        }
        return Ok(Verdict::Same(anchor.wal));
    }
    let (place, pages) = log.last_commit().unwrap_or((Place::default(), anchor.pages));
    let root = scan(sealed, pages, &overlay(log, place.frames))?;
    if pages == anchor.pages && root == anchor.root.to_bytes() { Ok(Verdict::Same(place)) } else { Err(VaultError::VaultDamaged) }
}

fn scan(sealed: &Sealed<'_>, pages: u32, overlay: &Overlay) -> Result<[u8; 32], VaultError> {
    let main = File::open(sealed.path.join(MAIN))?;
    Ok(page::scan(&main, &sealed.keys.root, pages, overlay)?.to_bytes())
}

/// Whether the pages in the log after `start` were written with our key.
fn are_frames_whole(sealed: &Sealed<'_>, log: &Log, start: u32) -> Result<bool, VaultError> {
    let key: hmac::Key = keys::derive_page_mac(sealed.key, sealed.envelope.salt);
    let file = File::open(sealed.path.join(WAL))?;
    let mut bytes = vec![0; PAGE];
    let end = log.last_commit().map_or(0, |(place, _)| place.frames);
    for (number, frame) in (0..end).zip(&log.frames).skip(start as usize) {
        wal::read_page(&file, number, &mut bytes)?;
        if !page::is_whole(&key, frame.page, &bytes) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A vault that is older than what this device has already seen was put back whole, anchor included.
fn check_position(anchor: &Record, verdict: &Verdict, at_least: Option<Position>) -> Result<(), VaultError> {
    let Some(seen) = at_least else { return Ok(()) };
    let generation = match verdict {
        Verdict::Same(_) => anchor.change.generation,
        Verdict::OneAhead(change) => change.generation,
    };
    if generation < seen.generation {
        return Err(VaultError::VaultRolledBack { missing: seen.generation - generation });
    }
    let anchored_the_same = anchor.change.generation == seen.generation;
    if anchored_the_same && anchor.head != seen.head { Err(VaultError::VaultForked) } else { Ok(()) }
}
