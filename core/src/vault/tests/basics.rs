//! Creating, opening, reading, writing, locking.

use super::*;

#[test]
fn what_was_written_is_there_after_locking_and_opening() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add(&vault, "血圧 120/80").unwrap();
    assert_eq!(count(&vault), Ok(1));
    vault.lock();
    assert_eq!(count(&vault), Err(VaultError::Locked));
    assert_eq!(add(&vault, "x"), Err(VaultError::Locked));
    assert_eq!(count(&scene.open().unwrap()), Ok(1));
}

#[test]
fn a_failed_write_changes_nothing() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let failed = vault.write(|tx| {
        tx.execute("INSERT INTO notes (text) VALUES ('x')", [])?;
        Err::<(), _>(VaultError::Internal(0))
    });
    assert_eq!(failed, Err(VaultError::Internal(0)));
    assert_eq!(count(&vault), Ok(0));
}
