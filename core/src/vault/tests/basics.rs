//! Creating, opening, reading, writing, locking.

use super::*;
use crate::vault::engine::Role;

#[test]
fn what_was_written_is_there_after_locking_and_opening() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add(&vault, "血圧 120/80").unwrap();
    assert_eq!(count(&vault), Ok(1));
    vault.lock();
    assert_eq!(count(&vault), Err(VaultError::Locked));
    assert_eq!(add(&vault, "x"), Err(VaultError::Locked));
    assert_eq!(vault.verify(), Err(VaultError::Locked));
    assert_eq!(vault.position(), Err(VaultError::Locked));
    assert_eq!(count(&scene.open().unwrap()), Ok(1));
}

#[test]
fn a_failed_write_changes_nothing() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let before = vault.position().unwrap();
    let failed = vault.write(|tx| {
        tx.execute("INSERT INTO notes (day, text) VALUES ('', 'x')", [])?;
        Err::<(), _>(VaultError::Internal(0))
    });
    assert_eq!(failed, Err(VaultError::Internal(0)));
    assert_eq!(count(&vault), Ok(0));
    assert_eq!(vault.position().unwrap(), before);
}

#[test]
fn work_that_panics_is_undone_and_the_vault_goes_on() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        vault.write(|tx| -> Result<(), VaultError> {
            tx.execute("INSERT INTO notes (day, text) VALUES ('', 'x')", [])?;
            std::panic::resume_unwind(Box::new(()))
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(count(&vault), Ok(0));
    add(&vault, "after").unwrap();
    assert!(vault.verify().unwrap().ok);
}

#[test]
fn each_write_is_anchored_and_the_root_stays_right_through_checkpoints() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let start = vault.position().unwrap().generation;
    for round in 0..6_u32 {
        add_many(&vault, round * 20, 20);
        add_original(&vault, &format!("large {round}"), 700_000).unwrap();
        vault.write(|tx| Ok(tx.execute("DELETE FROM notes WHERE id % 7 = 3", [])?)).unwrap();
        vault.write(|tx| Ok(tx.execute("DELETE FROM papers WHERE name < ?1", [format!("large {}", round.saturating_sub(2))])?)).unwrap();
        assert_eq!(vault.verify().unwrap().problems, []);
    }
    assert_eq!(vault.position().unwrap().generation, start + 6 * 23);
    vault.lock();
    let vault = scene.open().unwrap();
    assert!(vault.verify().unwrap().ok);
    assert_eq!(vault.position().unwrap().generation, start + 6 * 23);
}

#[test]
fn a_transaction_larger_than_the_cache_is_witnessed_whole() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    // More than the 16 MB cache: SQLite spills pages into the log before the commit and writes some of them twice.
    vault
        .write(|tx| {
            for number in 0..60 {
                tx.execute("INSERT INTO papers (name, bytes) VALUES (?1, randomblob(500000))", [format!("{number:03}")])?;
                tx.execute("INSERT INTO notes (day, text) VALUES ('2026', hex(randomblob(900)))", [])?;
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(vault.verify().unwrap().problems, []);
    vault.lock();
    assert!(scene.open().unwrap().verify().unwrap().ok);
}

#[test]
fn a_rolled_back_spill_leaves_no_trace_in_the_root() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let refused = vault.write(|tx| {
        for number in 0..50 {
            tx.execute("INSERT INTO papers (name, bytes) VALUES (?1, randomblob(500000))", [format!("{number:03}")])?;
        }
        Err::<(), _>(VaultError::Internal(0))
    });
    assert_eq!(refused, Err(VaultError::Internal(0)));
    add(&vault, "after").unwrap();
    assert_eq!(vault.verify().unwrap().problems, []);
    let crashed = scene.image();
    vault.lock();
    scene.put_back(&crashed);
    let vault = scene.open().unwrap();
    assert_eq!(count(&vault), Ok(1));
    assert!(vault.verify().unwrap().ok);
}

#[test]
fn locking_interrupts_a_running_statement_closes_the_file_and_checkpoints() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 5);
    assert!(open_files(&scene.dir()) > 0);
    std::thread::scope(|scope| {
        let (begun, begins) = std::sync::mpsc::channel();
        let vault = &vault;
        let endless = scope.spawn(move || {
            vault.read(|conn| {
                begun.send(()).unwrap();
                let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
                Ok(conn.query_row(endless, [], |row| row.get::<_, i64>(0))?)
            })
        });
        begins.recv().unwrap();
        vault.lock();
        assert_eq!(endless.join().unwrap(), Err(VaultError::Locked));
    });
    assert_eq!(open_files(&scene.dir()), 0);
    assert_eq!(fs::metadata(scene.dir().join(scene.file("vault-wal"))).unwrap().len(), 0);
    assert_eq!(count(&scene.open().unwrap()), Ok(5));
}

#[test]
fn a_change_whose_anchor_failed_is_anchored_before_the_next_one() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    vault.await_check().unwrap();
    let path = scene.dir().join(scene.file("anchor"));
    let swap = |file: fs::File| {
        let swapped = vault.with(|open| {
            let Role::Witnessed(witness) = &mut open.role else { unreachable!() };
            witness.replace_anchor(file);
            Ok(())
        });
        swapped.unwrap();
    };
    let before = vault.position().unwrap();
    swap(fs::File::open(&path).unwrap());
    assert!(matches!(add(&vault, "committed, not anchored"), Err(VaultError::Io(_))));
    assert!(matches!(add(&vault, "not even begun"), Err(VaultError::Io(_))));
    assert_eq!(vault.position().unwrap(), before);
    let crashed = scene.image();
    swap(fs::File::options().write(true).open(&path).unwrap());
    add(&vault, "after").unwrap();
    assert_eq!(vault.position().unwrap().generation, before.generation + 2);
    assert_eq!(count(&vault), Ok(2));
    assert_eq!(vault.verify().unwrap().problems, []);
    vault.lock();
    assert!(scene.open().unwrap().verify().unwrap().ok);
    scene.put_back(&crashed);
    assert_eq!(count(&scene.open().unwrap()), Ok(1));
}

/// How many files below `dir` this process has open (Linux; elsewhere the question is not asked).
fn open_files(dir: &Path) -> usize {
    if !cfg!(target_os = "linux") {
        return usize::from(dir.join("asked").exists());
    }
    let dir = dir.canonicalize().unwrap();
    fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter(|path| path.starts_with(&dir))
        .count()
}

#[test]
fn nothing_readable_is_on_the_disk() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add(&vault, "MARKER-8d1f").unwrap();
    let check = |image: Image| assert!(image.values().all(|bytes| !bytes.windows(11).any(|window| window == b"MARKER-8d1f")));
    check(scene.image());
    vault.lock();
    check(scene.image());
}

#[test]
fn no_shared_memory_file_and_no_journal_is_ever_written() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 3);
    let names: Vec<String> = scene.image().keys().map(|name| name.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["anchor", "envelope", "envelope.copy", "tags", "vault", "vault-wal", "CURRENT", "lock"]);
}

#[cfg(feature = "plain-baseline")]
#[test]
fn the_plain_baseline_holds_the_same_rows() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 30);
    let path = scene.home.path().join("plain.sqlite");
    vault.export_plain(&path).unwrap();
    assert!(fs::read(&path).unwrap().starts_with(b"SQLite format 3"));
    let plain = Vault::open_plain(&path).unwrap();
    assert_eq!(count(&plain), Ok(30));
    add(&plain, "one more").unwrap();
    assert_eq!(count(&plain), Ok(31));
    let found: i64 = plain.read(|conn| Ok(conn.query_row("SELECT count(*) FROM notes_search('note')", [], |row| row.get(0))?)).unwrap();
    assert_eq!(found, 30);
}
