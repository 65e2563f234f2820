//! New epochs: created whole or not at all, rescued from, and begun again after an accepted loss.

use super::*;
use crate::vault::{Salvaged, migrate::MIGRATIONS, page};

fn unlock() -> DeviceSecret {
    DeviceSecret::from_bytes(SECRET)
}

fn rescue(scene: &Scene) -> Result<Vault, VaultError> {
    Vault::open_for_rescue(&scene.dir(), Unlock::Device(&unlock()))
}

fn accept(scene: &Scene) -> Result<(Vault, Salvaged), VaultError> {
    // The production schema has no notes; the ledger step stands for what the store does there.
    Vault::accept_loss_from(&scene.dir(), Unlock::Device(&unlock()), WITH_NOTES, |tx, _| {
        tx.execute("INSERT INTO notes_search (rowid, text) SELECT id, text FROM notes", [])?;
        tx.execute("INSERT INTO notes (day, text) VALUES ('2026', 'loss accepted')", [])?;
        Ok(())
    })
}

const WITH_NOTES: &[crate::vault::migrate::Migration] =
    &[MIGRATIONS[0], MIGRATIONS[1], MIGRATIONS[2], MIGRATIONS[3], MIGRATIONS[4], |tx| {
        MIGRATIONS[5](tx).and_then(|()| tx.execute_batch(SCHEMA))
    }];

#[test]
fn a_vault_appears_only_when_it_has_been_filled() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("vault");
    let secret = unlock();
    let slots = NewSlots { device: Some(&secret), ..NewSlots::default() };
    let failed = Vault::create_filled(&dir, &slots, |vault| {
        vault.write(|tx| Ok(tx.execute_batch(SCHEMA)?))?;
        add(vault, "half")?;
        Err(VaultError::Internal(0))
    });
    assert_eq!(failed.err(), Some(VaultError::Internal(0)));
    assert_eq!(open(&dir).err(), Some(VaultError::VaultMissing));
    let filled = Vault::create_filled::<VaultError>(&dir, &slots, |vault| {
        vault.write(|tx| Ok(tx.execute_batch(SCHEMA)?))?;
        add_many(vault, 0, 20);
        Ok(())
    });
    let vault = filled.unwrap();
    assert_eq!(count(&vault), Ok(20));
    assert!(vault.verify().unwrap().ok);
    drop(vault);
    assert_eq!(count(&open(&dir).unwrap()), Ok(20));
    assert!(fs::read_dir(&dir).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().ends_with(".new")));
}

#[test]
fn a_sound_vault_has_no_loss_to_accept() {
    let scene = Scene::new();
    let before = scene.image();
    assert_eq!(accept(&scene).err(), Some(VaultError::NothingLost));
    assert_same(&scene.image(), &before);
}

/// Damages a vault in one way, then: it is refused or found out, read in a rescue without a change, and begun again.
fn goes_on(damage: impl FnOnce(&Scene, &Image, &mut Image), expected_notes: std::ops::RangeInclusive<i64>) -> (Scene, Salvaged) {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 100);
    vault.lock();
    let earlier = scene.image();
    let vault = scene.open().unwrap();
    vault.write(|tx| Ok(tx.execute("UPDATE notes SET text = '#' || text", [])?)).unwrap();
    add_many(&vault, 100, 100);
    add_original(&vault, "an original", 9000).unwrap();
    vault.lock();
    let vault = scene.open().unwrap();
    add_many(&vault, 200, 2);
    let crashed = scene.image();
    let position = vault.position().unwrap();
    drop(vault);
    let mut damaged = crashed.clone();
    damage(&scene, &earlier, &mut damaged);
    scene.put_back(&damaged);
    let is_refused = scene.open().is_err();
    if !is_refused {
        scene.put_back(&damaged);
        assert!(!scene.open().unwrap().verify().unwrap().ok);
        scene.put_back(&damaged);
    }
    assert_same(&scene.image(), &damaged);

    if let Ok(vault) = rescue(&scene) {
        assert_eq!(add(&vault, "no"), Err(VaultError::ReadOnly));
        assert_eq!(vault.position(), Err(VaultError::ReadOnly));
        drop(vault);
        assert_same(&scene.image(), &damaged);
    }

    let (vault, salvaged) = accept(&scene).unwrap();
    vault.await_check().unwrap();
    let notes = count(&vault).unwrap();
    assert!(expected_notes.contains(&(notes - 1)), "{notes} notes, {salvaged:?}");
    assert_eq!(vault.verify().unwrap().problems, []);
    let (indexed, found): (i64, i64) = vault
        .read(|conn| {
            let indexed = conn.query_row("SELECT count(*) FROM notes INDEXED BY notes_by_day WHERE day > ''", [], |row| row.get(0))?;
            Ok((indexed, conn.query_row("SELECT count(*) FROM notes_search('note')", [], |row| row.get(0))?))
        })
        .unwrap();
    assert_eq!((indexed, found), (notes, notes - 1));
    assert!(vault.position().unwrap().generation >= position.generation || damaged.len() < crashed.len());
    assert_eq!(vault.kept_copies().unwrap(), [Kept::Damaged]);
    drop(vault);
    let kept: Vec<Vec<u8>> = scene.image().into_iter().filter(|(name, _)| name.starts_with("kept")).map(|(_, bytes)| bytes).collect();
    for (name, bytes) in damaged.iter().filter(|(name, _)| name.components().count() > 1) {
        assert!(kept.contains(bytes), "{} was not kept", name.display());
    }
    assert_eq!(count(&scene.open().unwrap()), Ok(notes));
    (scene, salvaged)
}

#[test]
fn a_rolled_back_vault_goes_on_without_the_missing_changes() {
    let (_, salvaged) = goes_on(|scene, _, image| drop(image.remove(&scene.file("vault-wal"))), 200..=200);
    assert_eq!(salvaged.incomplete, Vec::<String>::new());
}

#[test]
fn an_unproven_vault_goes_on_with_everything() {
    let (_, salvaged) = goes_on(|scene, _, image| drop(image.remove(&scene.file("anchor"))), 202..=202);
    assert_eq!(salvaged.incomplete, Vec::<String>::new());
}

#[test]
fn a_vault_with_a_damaged_log_goes_on_from_its_readable_part() {
    goes_on(
        |scene, _, image| {
            let log = image.get_mut(&scene.file("vault-wal")).unwrap();
            let end = log.len();
            log[end - 500] ^= 1;
        },
        201..=201,
    );
}

#[test]
fn a_vault_without_current_goes_on() {
    let (_, salvaged) = goes_on(|_, _, image| drop(image.remove(Path::new("CURRENT"))), 202..=202);
    assert_eq!(salvaged.incomplete, Vec::<String>::new());
}

#[test]
fn a_vault_with_a_stale_page_goes_on_with_indexes_that_fit() {
    goes_on(
        |scene, earlier, image| {
            let main = scene.file("vault");
            let old = &earlier[&main];
            let new = image.get_mut(&main).unwrap();
            // The middle of the pages that differ: a leaf of some table or index.
            let differing: Vec<usize> =
                (5..old.len() / 4096).filter(|page| old[page * 4096..][..4096] != new[page * 4096..][..4096]).collect();
            let page = differing[differing.len() / 2];
            new[page * 4096..][..4096].copy_from_slice(&old[page * 4096..][..4096]);
        },
        100..=202,
    );
}

#[test]
fn a_vault_with_bad_pages_loses_their_rows_and_no_others() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 200);
    let read = vault.read(|conn| {
        let mut statement = conn.prepare("SELECT pageno FROM dbstat WHERE name = 'notes' AND pagetype = 'leaf' ORDER BY path")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<u32>, _>>()?)
    });
    let leaves: Vec<usize> = read.unwrap().into_iter().map(|page| page as usize).collect();
    vault.lock();
    assert!(leaves.len() > 12);
    // One in the middle, one beside a good one, and the last.
    let pages = [leaves[4], leaves[6], leaves[leaves.len() - 1]];
    let mut damaged = scene.image();
    let main = damaged.get_mut(&scene.file("vault")).unwrap();
    for page in pages {
        main[(page - 1) * 4096 + 50] ^= 1;
    }
    scene.put_back(&damaged);
    let (vault, salvaged) = accept(&scene).unwrap();
    assert_eq!(salvaged.incomplete, ["notes"]);
    let kept = count(&vault).unwrap() - 1;
    let per_leaf = 200 / i64::try_from(leaves.len()).unwrap() + 2;
    assert!((200 - 3 * per_leaf..200).contains(&kept), "{kept} of 200, {} leaves", leaves.len());
    // Rows on both sides of every bad page, and the one between two bad ones.
    let ids: Vec<i64> = vault
        .read(|conn| Ok(conn.prepare("SELECT id FROM notes ORDER BY id")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?))
        .unwrap();
    let gaps = ids.windows(2).filter(|pair| pair[1] - pair[0] > 1).count();
    assert_eq!(gaps, 2, "two bad pages inside; the ledger's note follows the last readable one");
    assert!(vault.verify().unwrap().ok);
    assert_eq!(page::PAGE, 4096);
}

#[test]
fn an_interrupted_change_of_epoch_is_tidied_up() {
    let scene = Scene::new();
    let whole = scene.image();
    // Killed while building, and killed between publishing and setting the old epoch aside.
    let mut interrupted = whole.clone();
    for (name, bytes) in &whole {
        if let Ok(file) = name.strip_prefix(scene.file("")) {
            interrupted.insert(Path::new("000002-aabbccdd.new").join(file), bytes.clone());
            interrupted.insert(Path::new("000007-aabbccdd").join(file), bytes.clone());
        }
    }
    scene.put_back(&interrupted);
    let vault = scene.open().unwrap();
    assert_eq!(vault.kept_copies().unwrap(), [Kept::Replaced]);
    assert_eq!(vault.remove_kept_copies(&[Kept::Replaced]).unwrap(), 1);
    vault.lock();
    let left: Vec<_> = scene.image().into_keys().collect();
    assert_eq!(left, whole.into_keys().collect::<Vec<_>>());
}
