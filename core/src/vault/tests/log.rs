//! The write-ahead log: flipped anywhere, cut, deleted, put back, ahead of the anchor by one and by more.

use super::*;

const HEADER: usize = 32;
const FRAME: usize = 24 + 4096;

/// A vault whose last three changes stand in the log only, as a crash would leave it.
fn crashed() -> (Scene, Image) {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 30);
    vault.lock();
    let vault = scene.open().unwrap();
    add_many(&vault, 30, 3);
    let image = scene.image();
    vault.lock();
    scene.put_back(&image);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(33));
    assert!(vault.verify().unwrap().ok);
    drop(vault);
    (scene, image)
}

#[test]
fn any_flipped_bit_of_the_log_is_named_and_nothing_changes_on_the_disk() {
    let (scene, whole) = crashed();
    let log = scene.file("vault-wal");
    let length = whole[&log].len();
    assert!(length > HEADER + 6 * FRAME);
    // Every bit of the header, of the first and last frame headers, and of the last page's IV and HMAC; elsewhere
    // one bit in every 97 bytes, moving through the byte.
    let last = length - FRAME;
    let every: Vec<usize> = (0..HEADER + 24).chain(last..last + 24).chain(length - 80..length).collect();
    let bits = every
        .into_iter()
        .flat_map(|byte| (0..8).map(move |bit| (byte, bit)))
        .chain((0..length).step_by(97).map(|byte| (byte, byte / 97 % 8)));
    let mut tried = 0;
    for (byte, bit) in bits {
        let mut damaged = whole.clone();
        damaged.get_mut(&log).unwrap()[byte] ^= 1 << bit;
        scene.put_back(&damaged);
        assert_eq!(scene.open().err(), Some(VaultError::VaultDamaged), "bit {bit} of byte {byte}");
        assert_same(&scene.image(), &damaged);
        tried += 1;
    }
    assert!(tried > 1000, "{tried}");
    scene.put_back(&whole);
    assert_eq!(count(&scene.open().unwrap()), Ok(33));
}

#[test]
fn a_deleted_or_emptied_log_says_how_many_changes_are_missing() {
    let (scene, whole) = crashed();
    let log = scene.file("vault-wal");
    let mut damaged = whole.clone();
    damaged.remove(&log);
    scene.refuses(&damaged, &VaultError::VaultRolledBack { missing: 3 }, &whole);
    damaged.insert(log, Vec::new());
    scene.refuses(&damaged, &VaultError::VaultRolledBack { missing: 3 }, &whole);
}

#[test]
fn a_log_cut_anywhere_says_how_many_changes_are_missing() {
    let (scene, whole) = crashed();
    let log = scene.file("vault-wal");
    let bytes = &whole[&log];
    let frames = (bytes.len() - HEADER) / FRAME;
    let ends: Vec<usize> =
        (0..frames).filter(|frame| bytes[HEADER + frame * FRAME + 4..][..4] != [0; 4]).map(|frame| HEADER + (frame + 1) * FRAME).collect();
    assert_eq!(ends.len(), 3);
    for cut in (0..frames).flat_map(|frame| [0, 1, 24, FRAME - 1].map(|more| HEADER + frame * FRAME + more)) {
        let mut damaged = whole.clone();
        damaged.get_mut(&log).unwrap().truncate(cut);
        let missing = ends.iter().filter(|end| **end > cut).count() as u64;
        scene.put_back(&damaged);
        assert_eq!(scene.open().err(), Some(VaultError::VaultRolledBack { missing }), "cut at {cut}");
        assert_same(&scene.image(), &damaged);
    }
}

#[test]
fn an_older_log_put_back_is_a_rollback() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 2);
    let earlier = scene.image();
    add_many(&vault, 2, 4);
    let whole = scene.image();
    drop(vault);
    let log = scene.file("vault-wal");
    let mut damaged = whole.clone();
    damaged.insert(log.clone(), earlier[&log].clone());
    scene.refuses(&damaged, &VaultError::VaultRolledBack { missing: 4 }, &whole);
}

#[test]
fn a_log_of_another_run_put_back_is_refused() {
    let (scene, earlier) = crashed();
    // The same vault, opened, checkpointed and written to again: a log with other salts.
    let vault = scene.open().unwrap();
    vault.lock();
    let vault = scene.open().unwrap();
    add_many(&vault, 100, 5);
    let whole = scene.image();
    drop(vault);
    let log = scene.file("vault-wal");
    let mut damaged = whole.clone();
    damaged.insert(log.clone(), earlier[&log].clone());
    scene.refuses(&damaged, &VaultError::VaultRolledBack { missing: 5 }, &whole);
}

#[test]
fn bytes_after_the_last_change_do_not_matter() {
    let (scene, whole) = crashed();
    let log = scene.file("vault-wal");
    for more in [vec![0; 10], vec![0xA5; FRAME * 2], whole[&log][HEADER..].to_vec()] {
        let mut torn = whole.clone();
        torn.get_mut(&log).unwrap().extend(more);
        scene.put_back(&torn);
        let vault = scene.open().unwrap();
        assert_eq!(count(&vault), Ok(33));
        add(&vault, "and on").unwrap();
        assert!(vault.verify().unwrap().ok);
    }
}

/// Images before and after each of `changes` more changes.
fn steps(changes: u32) -> (Scene, Vec<Image>) {
    let (scene, first) = crashed();
    scene.put_back(&first);
    let vault = scene.open().unwrap();
    let mut images = vec![scene.image()];
    for number in 0..changes {
        add(&vault, &format!("step {number}")).unwrap();
        images.push(scene.image());
    }
    drop(vault);
    (scene, images)
}

#[test]
fn a_crash_between_commit_and_anchor_is_anchored_at_the_next_opening() {
    let (scene, images) = steps(1);
    let anchor = scene.file("anchor");
    let mut crashed = images[1].clone();
    crashed.insert(anchor.clone(), images[0][&anchor].clone());
    scene.put_back(&crashed);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(34));
    assert!(vault.verify().unwrap().ok);
    drop(vault);
    assert_eq!(count(&scene.open().unwrap()), Ok(34));
}

#[test]
fn a_crash_before_the_first_anchor_after_a_checkpoint_is_healed_too() {
    let scene = Scene::new();
    let before = scene.image();
    let vault = scene.open().unwrap();
    add(&vault, "first in a new log").unwrap();
    let mut crashed = scene.image();
    drop(vault);
    let anchor = scene.file("anchor");
    crashed.insert(anchor.clone(), before[&anchor].clone());
    scene.put_back(&crashed);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(1));
    assert!(vault.verify().unwrap().ok);
}

#[test]
fn a_change_that_was_never_anchored_may_be_lost_whole_but_not_half() {
    let (scene, images) = steps(1);
    let (anchor, log) = (scene.file("anchor"), scene.file("vault-wal"));
    let start = images[0][&log].len();
    for byte in (start..images[1][&log].len()).step_by(211) {
        let mut crashed = images[1].clone();
        crashed.insert(anchor.clone(), images[0][&anchor].clone());
        crashed.get_mut(&log).unwrap()[byte] ^= 4;
        scene.put_back(&crashed);
        let vault = scene.open().unwrap();
        assert_eq!(count(&vault), Ok(33));
        assert!(vault.verify().unwrap().ok);
    }
}

#[test]
fn a_forged_change_behind_the_last_one_is_not_anchored() {
    let (scene, images) = steps(1);
    let (anchor, log) = (scene.file("anchor"), scene.file("vault-wal"));
    let start = images[0][&log].len();
    let frames = (images[1][&log].len() - start) / FRAME;
    assert!(frames > 2);
    for changed in 0..frames {
        let mut forged = images[1].clone();
        forged.insert(anchor.clone(), images[0][&anchor].clone());
        // Somebody without the key changes one page and makes SQLite's checksums, which need no key, fit again.
        let bytes = forged.get_mut(&log).unwrap();
        bytes[start + changed * FRAME + 24 + 100] ^= 1;
        make_checksums_fit(bytes, start);
        scene.put_back(&forged);
        let refused = scene.open().err();
        assert!(matches!(refused, Some(VaultError::VaultForked | VaultError::VaultDamaged)), "frame {changed}: {refused:?}");
        assert_same(&scene.image(), &forged);
    }
}

/// SQLite's running checksum over little-endian words, from the frame that begins at `start` to the end.
fn make_checksums_fit(bytes: &mut [u8], start: usize) {
    let mut sum: [u32; 2] = [16, 20].map(|at| u32::from_be_bytes(bytes[start - FRAME + at..][..4].try_into().unwrap()));
    for at in (start..bytes.len()).step_by(FRAME) {
        let covered = [&bytes[at..at + 8], &bytes[at + 24..at + FRAME]].concat();
        for pair in covered.chunks_exact(8) {
            sum[0] = sum[0].wrapping_add(u32::from_le_bytes(pair[..4].try_into().unwrap())).wrapping_add(sum[1]);
            sum[1] = sum[1].wrapping_add(u32::from_le_bytes(pair[4..].try_into().unwrap())).wrapping_add(sum[0]);
        }
        bytes[at + 16..at + 20].copy_from_slice(&sum[0].to_be_bytes());
        bytes[at + 20..at + 24].copy_from_slice(&sum[1].to_be_bytes());
    }
}

#[test]
fn an_anchored_page_changed_in_the_log_with_fitting_checksums_is_damage() {
    let (scene, whole) = crashed();
    let log = scene.file("vault-wal");
    let mut forged = whole.clone();
    let bytes = forged.get_mut(&log).unwrap();
    bytes[HEADER + FRAME + 24 + 100] ^= 1;
    make_checksums_fit(bytes, HEADER + FRAME);
    scene.refuses(&forged, &VaultError::VaultDamaged, &whole);
}

#[test]
fn an_older_anchor_does_not_vouch_for_a_newer_vault() {
    let (scene, images) = steps(3);
    let anchor = scene.file("anchor");
    let whole = &images[3];
    let mut damaged = whole.clone();
    damaged.insert(anchor.clone(), images[1][&anchor].clone());
    scene.refuses(&damaged, &VaultError::VaultUnproven, whole);
}

#[test]
fn a_crash_between_checkpoint_and_anchor_is_healed() {
    let (scene, before) = crashed();
    scene.put_back(&before);
    scene.open().unwrap().lock();
    let mut crashed = scene.image();
    let anchor = scene.file("anchor");
    crashed.insert(anchor.clone(), before[&anchor].clone());
    scene.put_back(&crashed);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(33));
    assert!(vault.verify().unwrap().ok);
}

#[test]
fn a_crash_in_the_middle_of_a_checkpoint_loses_nothing() {
    let (scene, before) = crashed();
    scene.put_back(&before);
    scene.open().unwrap().lock();
    let after = scene.image();
    let main = scene.file("vault");
    let pages = after[&main].len() / 4096;
    for copied in 0..=pages {
        // The first pages are in the main file already, the rest not yet; the log is whole.
        let mut half = before.clone();
        let bytes = half.get_mut(&main).unwrap();
        bytes.resize(bytes.len().max(copied * 4096), 0);
        bytes[..copied * 4096].copy_from_slice(&after[&main][..copied * 4096]);
        scene.put_back(&half);
        let vault = scene.open().unwrap();
        assert_eq!(count(&vault), Ok(33));
        assert!(vault.verify().unwrap().ok);
    }
}

#[test]
fn a_log_deleted_in_the_middle_of_a_checkpoint_is_damage_unless_all_of_it_had_arrived() {
    let (scene, before) = crashed();
    scene.put_back(&before);
    scene.open().unwrap().lock();
    let after = scene.image();
    let (main, log) = (scene.file("vault"), scene.file("vault-wal"));
    let differing: Vec<usize> = (0..after[&main].len() / 4096)
        .filter(|page| before[&main].get(page * 4096..(page + 1) * 4096) != Some(&after[&main][page * 4096..(page + 1) * 4096]))
        .collect();
    for late in &differing {
        // Every page has arrived except one.
        let mut half = before.clone();
        half.insert(main.clone(), after[&main].clone());
        half.remove(&log);
        let page = late * 4096..(late + 1) * 4096;
        let old = before[&main].get(page.clone()).map_or_else(|| vec![0; 4096], <[u8]>::to_vec);
        half.get_mut(&main).unwrap()[page].copy_from_slice(&old);
        scene.put_back(&half);
        let refused = scene.open().err();
        let is_named = matches!(refused, Some(VaultError::VaultDamaged | VaultError::VaultRolledBack { missing: 3 }));
        assert!(is_named, "page {}: {refused:?}", late + 1);
        assert_same(&scene.image(), &half);
    }
    let mut all = before.clone();
    all.insert(main.clone(), after[&main].clone());
    all.remove(&log);
    scene.put_back(&all);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(33));
    assert!(vault.verify().unwrap().ok);
}

#[test]
fn a_cut_log_that_comes_back_after_a_power_loss_is_harmless() {
    let (scene, before) = crashed();
    scene.put_back(&before);
    scene.open().unwrap().lock();
    let mut back = scene.image();
    let log = scene.file("vault-wal");
    back.insert(log.clone(), before[&log].clone());
    scene.put_back(&back);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(33));
    add(&vault, "and on").unwrap();
    assert!(vault.verify().unwrap().ok);
    drop(vault);
    assert_eq!(count(&scene.open().unwrap()), Ok(34));
}

#[test]
fn a_log_damaged_under_an_open_vault_is_found_by_verify() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 3);
    let path = scene.dir().join(scene.file("vault-wal"));
    let mut bytes = fs::read(&path).unwrap();
    bytes[HEADER + 24 + 1000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let found = vault.verify().unwrap();
    assert!(!found.ok);
    assert!(found.problems.iter().any(|problem| problem.kind == crate::vault::ProblemKind::Log));
}
