//! Everything that must not open, each with its own error and without changing one byte; and what must open.

use super::*;
use crate::{
    base::{Passphrase, RecoveryCode, VaultKey},
    vault::{
        migrate::{MIGRATIONS, Migration},
        slot::Work,
    },
};

/// A locked vault with notes, and its image.
fn filled() -> (Scene, Image) {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 40);
    vault.lock();
    let image = scene.image();
    (scene, image)
}

#[test]
fn an_undamaged_vault_opens_clean_and_opening_changes_nothing() {
    let (scene, whole) = filled();
    for _ in 0..3 {
        let vault = scene.open().unwrap();
        assert_eq!(count(&vault), Ok(40));
        assert_eq!(vault.verify().unwrap().problems, []);
        vault.lock();
        assert_same(&scene.image(), &whole);
    }
}

#[test]
fn a_wrong_key_of_any_kind_is_a_wrong_key_and_touches_nothing() {
    let (scene, whole) = filled();
    let wrong_device = DeviceSecret::from_bytes([1; 32]);
    let tries = [Unlock::Key(VaultKey::from_bytes([1; 32])), Unlock::Device(&wrong_device)];
    for unlock in tries {
        assert_eq!(Vault::open(&scene.dir(), unlock).err(), Some(VaultError::WrongKey));
        assert_same(&scene.image(), &whole);
    }
    // Slots that were never made.
    let code = RecoveryCode::make().unwrap();
    let passphrase = Passphrase::new("never set").unwrap();
    for unlock in [Unlock::Recovery(&code), Unlock::Passphrase(&passphrase)] {
        assert_eq!(Vault::open(&scene.dir(), unlock).err(), Some(VaultError::KeyUnavailable));
        assert_same(&scene.image(), &whole);
    }
    assert!(scene.open().unwrap().verify().unwrap().ok);
}

#[test]
fn a_wrong_key_on_a_crashed_vault_leaves_the_log_alone() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 5);
    let crashed = scene.image();
    drop(vault);
    scene.put_back(&crashed);
    assert_eq!(Vault::open(&scene.dir(), Unlock::Key(VaultKey::from_bytes([1; 32]))).err(), Some(VaultError::WrongKey));
    assert_same(&scene.image(), &crashed);
    assert_eq!(count(&scene.open().unwrap()), Ok(5));
}

#[test]
fn nothing_is_created_by_opening() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(open(&home.path().join("nowhere")).err(), Some(VaultError::VaultMissing));
    assert!(!home.path().join("nowhere").exists());
    assert_eq!(open(home.path()).err(), Some(VaultError::VaultMissing));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn nothing_is_created_over_a_vault() {
    let (scene, whole) = filled();
    let secret = DeviceSecret::from_bytes([1; 32]);
    let again = || Vault::create(&scene.dir(), &NewSlots { device: Some(&secret), ..NewSlots::default() }).err();
    assert_eq!(again(), Some(VaultError::VaultExists));
    assert_same(&scene.image(), &whole);
    // Not even over one that has lost its CURRENT.
    let mut damaged = whole.clone();
    damaged.remove(Path::new("CURRENT"));
    scene.put_back(&damaged);
    assert_eq!(again(), Some(VaultError::VaultExists));
    assert_same(&scene.image(), &damaged);
}

#[test]
fn a_vault_without_a_slot_is_not_created() {
    let home = tempfile::tempdir().unwrap();
    let refused = Vault::create(&home.path().join("v"), &NewSlots::default());
    assert_eq!(refused.err(), Some(VaultError::KeyUnavailable));
    assert_eq!(open(&home.path().join("v")).err(), Some(VaultError::VaultMissing));
}

#[test]
fn a_missing_an_empty_and_a_garbled_file_are_three_different_things() {
    let (scene, whole) = filled();
    let main = scene.file("vault");
    let with = |bytes: Option<Vec<u8>>| {
        let mut damaged = whole.clone();
        match bytes {
            Some(bytes) => damaged.insert(main.clone(), bytes),
            None => damaged.remove(&main),
        };
        damaged
    };
    let length = whole[&main].len();
    scene.refuses(&with(None), &VaultError::VaultMissing, &whole);
    scene.refuses(&with(Some(vec![])), &VaultError::VaultEmpty, &whole);
    scene.refuses(&with(Some(vec![0; length])), &VaultError::VaultDamaged, &whole);
    scene.refuses(&with(Some(vec![0x5A; length])), &VaultError::VaultDamaged, &whole);
    scene.refuses(&with(Some(b"SQLite format 3\0".repeat(1000))), &VaultError::VaultDamaged, &whole);
    for cut in [1, 100, 4095, 4096, length - 4096, length - 1] {
        scene.refuses(&with(Some(whole[&main][..cut].to_vec())), &VaultError::VaultDamaged, &whole);
    }
    let longer = [whole[&main].as_slice(), &[0; 4096]].concat();
    scene.refuses(&with(Some(longer)), &VaultError::VaultDamaged, &whole);
}

#[test]
fn a_damaged_or_missing_current_is_damage_and_not_a_missing_vault() {
    let (scene, whole) = filled();
    let current = Path::new("CURRENT");
    for text in [None, Some(""), Some("techo vault 1\n"), Some("techo vault 1\n../../etc\n"), Some("techo vault 9\n000001-00000000\n")] {
        let mut damaged = whole.clone();
        match text {
            Some(text) => damaged.insert(current.into(), text.into()),
            None => damaged.remove(current),
        };
        scene.refuses(&damaged, &VaultError::VaultDamaged, &whole);
    }
    let mut elsewhere = whole.clone();
    elsewhere.insert(current.into(), b"techo vault 1\n000009-01020304\n".to_vec());
    scene.refuses(&elsewhere, &VaultError::VaultMissing, &whole);
}

#[test]
fn without_its_anchor_a_vault_is_unproven() {
    let (scene, whole) = filled();
    let anchor = scene.file("anchor");
    let mut damaged = whole.clone();
    damaged.remove(&anchor);
    scene.refuses(&damaged, &VaultError::VaultUnproven, &whole);
    for bytes in [vec![], vec![0; 8192], vec![0xFF; 8192], vec![0; 9000], whole[&anchor][..100].to_vec()] {
        damaged.insert(anchor.clone(), bytes);
        scene.refuses(&damaged, &VaultError::VaultUnproven, &whole);
    }
    // An anchor of the same key in another vault's directory, and another vault's anchor here.
    let other = Scene::new();
    damaged.insert(anchor, other.image()[&other.file("anchor")].clone());
    scene.refuses(&damaged, &VaultError::VaultUnproven, &whole);
}

#[test]
fn any_flipped_bit_of_the_anchor_is_borne_and_any_spoilt_slot_is_named() {
    let (scene, whole) = filled();
    let anchor = scene.file("anchor");
    for bit in (0..8192 * 8).step_by(301) {
        let mut damaged = whole.clone();
        damaged.get_mut(&anchor).unwrap()[bit / 8] ^= 1 << (bit % 8);
        scene.put_back(&damaged);
        assert_eq!(count(&scene.open().unwrap()), Ok(40), "bit {bit}");
    }
    for slot in [0, 4096] {
        let mut damaged = whole.clone();
        damaged.get_mut(&anchor).unwrap()[slot..slot + 4096].fill(0);
        // One slot may have held a newer record: an older one must not vouch in its place.
        let expected = VaultError::VaultUnproven;
        scene.put_back(&damaged);
        let refused = scene.open().err();
        assert!(refused == Some(expected), "{refused:?}");
        assert_same(&scene.image(), &damaged);
    }
}

#[test]
fn an_older_vault_file_put_back_says_how_many_changes_are_missing() {
    let (scene, earlier) = filled();
    let vault = scene.open().unwrap();
    add_many(&vault, 40, 7);
    vault.lock();
    let whole = scene.image();
    let main = scene.file("vault");
    let mut damaged = whole.clone();
    damaged.insert(main.clone(), earlier[&main].clone());
    scene.refuses(&damaged, &VaultError::VaultRolledBack { missing: 7 }, &whole);
    // With its log deleted too, as a backup program might put it back.
    damaged.remove(&scene.file("vault-wal"));
    scene.refuses(&damaged, &VaultError::VaultRolledBack { missing: 7 }, &whole);
}

#[test]
fn a_whole_directory_put_back_is_seen_by_a_shell_that_kept_its_position() {
    let (scene, earlier) = filled();
    let vault = scene.open().unwrap();
    add_many(&vault, 40, 2);
    let seen = vault.position().unwrap();
    vault.lock();
    let secret = DeviceSecret::from_bytes(SECRET);
    assert!(Vault::open_at_least(&scene.dir(), Unlock::Device(&secret), seen).is_ok());
    scene.put_back(&earlier);
    assert!(scene.open().is_ok(), "without a position nobody can know");
    let refused = Vault::open_at_least(&scene.dir(), Unlock::Device(&secret), seen).err();
    assert_eq!(refused, Some(VaultError::VaultRolledBack { missing: 2 }));
    // And a directory that went another way from there.
    let vault = scene.open().unwrap();
    add_many(&vault, 70, 2);
    vault.lock();
    assert_eq!(Vault::open_at_least(&scene.dir(), Unlock::Device(&secret), seen).err(), Some(VaultError::VaultForked));
}

#[test]
fn a_vault_that_went_another_way_is_forked() {
    let (scene, start) = filled();
    let branch = |text: &str| {
        scene.put_back(&start);
        let vault = scene.open().unwrap();
        add(&vault, text).unwrap();
        vault.lock();
        scene.image()
    };
    let (here, there) = (branch("here"), branch("there"));
    let main = scene.file("vault");
    let mut damaged = here.clone();
    damaged.insert(main.clone(), there[&main].clone());
    scene.refuses(&damaged, &VaultError::VaultForked, &here);
}

#[test]
fn another_vaults_file_is_damage() {
    let (scene, whole) = filled();
    let other = Scene::new();
    let mut damaged = whole.clone();
    damaged.insert(scene.file("vault"), other.image()[&other.file("vault")].clone());
    scene.refuses(&damaged, &VaultError::VaultDamaged, &whole);
}

#[test]
fn a_rollback_journal_that_somebody_left_is_not_played_back() {
    let (scene, whole) = filled();
    let mut damaged = whole.clone();
    damaged.insert(scene.file("vault-journal"), vec![0xD9; 8192]);
    scene.refuses(&damaged, &VaultError::VaultDamaged, &whole);
}

#[test]
fn one_process_at_a_time() {
    let (scene, _) = filled();
    let vault = scene.open().unwrap();
    assert_eq!(scene.open().err(), Some(VaultError::VaultInUse));
    assert_eq!(Vault::open_for_rescue(&scene.dir(), Unlock::Device(&DeviceSecret::from_bytes(SECRET))).err(), Some(VaultError::VaultInUse));
    vault.lock();
    assert!(scene.open().is_ok());
}

#[test]
fn a_child_process_that_is_just_starting_does_not_keep_the_lock() {
    let (scene, _) = filled();
    let vault = scene.open().unwrap();
    let inherited = vault.with_place(|place| Ok(place.lock.as_ref().unwrap().inherited()?)).unwrap();
    vault.lock();
    assert!(scene.open().is_ok());
    drop(inherited);
}

const NEXT: &[Migration] = &[
    MIGRATIONS[0],
    MIGRATIONS[1],
    MIGRATIONS[2],
    MIGRATIONS[3],
    MIGRATIONS[4],
    MIGRATIONS[5],
    |tx| tx.execute_batch("ALTER TABLE notes ADD COLUMN mood TEXT"),
    |tx| tx.execute_batch("UPDATE notes SET mood = 'calm'"),
];

fn open_with(scene: &Scene, steps: &[Migration]) -> Result<Vault, VaultError> {
    Vault::open_with(&scene.dir(), Unlock::Device(&DeviceSecret::from_bytes(SECRET)), steps, None)
}

#[test]
fn a_migration_makes_a_new_epoch_and_keeps_the_old_one_until_the_next_opening() {
    let (scene, before) = filled();
    let old_main = before[&scene.file("vault")].clone();
    let vault = open_with(&scene, NEXT).unwrap();
    let calm: i64 = vault.read(|conn| Ok(conn.query_row("SELECT count(*) FROM notes WHERE mood = 'calm'", [], |row| row.get(0))?)).unwrap();
    assert_eq!(calm, 40);
    assert!(vault.verify().unwrap().ok);
    assert_eq!(vault.kept_copies().unwrap(), [Kept::Migrated]);
    assert!(scene.image().values().any(|bytes| *bytes == old_main));
    vault.lock();
    let vault = open_with(&scene, NEXT).unwrap();
    assert_eq!(vault.kept_copies().unwrap(), []);
    vault.lock();
    // Today's program does not know that schema.
    let newer = scene.image();
    assert_eq!(scene.open().err(), Some(VaultError::VaultTooNew { found: 8, known: 6 }));
    assert_same(&scene.image(), &newer);
}

#[test]
fn a_migration_that_fails_leaves_the_vault_as_it_was() {
    let (scene, before) = filled();
    let broken: &[Migration] =
        &[NEXT[0], NEXT[1], NEXT[2], NEXT[3], NEXT[4], NEXT[5], |tx| tx.execute_batch("INSERT INTO nowhere VALUES (1)")];
    assert_eq!(open_with(&scene, broken).err(), Some(VaultError::Sqlite(1)));
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(40));
    assert!(vault.verify().unwrap().ok);
    vault.lock();
    assert_same(&scene.image(), &before);
}

#[test]
fn a_passphrase_opens_alone_and_is_raised_when_it_was_cheap() {
    let scene = Scene::new();
    let passphrase = Passphrase::new("桜の咲く朝").unwrap();
    let cheap = Work { memory_kib: 64, rounds: 1, lanes: 1 };
    let vault = scene.open().unwrap();
    vault.put_passphrase_with(&passphrase, cheap).unwrap();
    vault.lock();
    assert_eq!(work_of(&scene), Some(cheap));
    let wrong = Passphrase::new("桜の咲く夜").unwrap();
    let before = scene.image();
    assert_eq!(Vault::open(&scene.dir(), Unlock::Passphrase(&wrong)).err(), Some(VaultError::WrongKey));
    assert_same(&scene.image(), &before);
    Vault::open(&scene.dir(), Unlock::Passphrase(&passphrase)).unwrap().lock();
    assert_eq!(work_of(&scene), Some(Work::NOW));
    Vault::open(&scene.dir(), Unlock::Passphrase(&passphrase)).unwrap().lock();
}

fn work_of(scene: &Scene) -> Option<Work> {
    let envelope = crate::vault::envelope::Envelope::peek(&scene.dir().join(scene.file(""))).unwrap();
    envelope.slots.iter().find_map(|slot| if let crate::vault::slot::Slot::Passphrase { work, .. } = slot { Some(*work) } else { None })
}
