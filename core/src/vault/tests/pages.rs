//! Pages of the vault file: any older one put back, any byte changed, and the control that both engines agree.

use std::collections::BTreeSet;

use super::*;
use crate::vault::{Problem, ProblemKind};

const PAGE: usize = 4096;

/// What a page is for, asked from `SQLite` itself.
fn kinds(vault: &Vault) -> BTreeMap<u32, String> {
    vault
        .read(|conn| {
            let mut statement = conn.prepare("SELECT pageno, name FROM dbstat")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<BTreeMap<u32, String>, _>>()?)
        })
        .unwrap()
}

#[test]
fn any_single_older_page_put_back_is_named() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 80);
    add_original(&vault, "to be erased", 40_000).unwrap();
    vault.lock();
    let earlier = scene.image();
    let vault = scene.open().unwrap();
    add_many(&vault, 80, 80);
    vault.write(|tx| Ok(tx.execute("UPDATE notes SET text = text || '!' WHERE id % 3 = 0", [])?)).unwrap();
    vault.write(|tx| Ok(tx.execute("DELETE FROM papers", [])?)).unwrap();
    vault.write(|tx| Ok(tx.execute_batch("CREATE TABLE later (id INTEGER PRIMARY KEY)")?)).unwrap();
    let kinds = kinds(&vault);
    vault.lock();
    let whole = scene.image();
    let main = scene.file("vault");
    let pages = earlier[&main].len().min(whole[&main].len()) / PAGE;
    let mut tried = BTreeSet::new();
    for number in 0..pages {
        let bytes = number * PAGE..(number + 1) * PAGE;
        if earlier[&main][bytes.clone()] == whole[&main][bytes.clone()] {
            continue;
        }
        let page = u32::try_from(number + 1).unwrap();
        tried.insert(if page == 1 { "first".to_owned() } else { kinds.get(&page).cloned().unwrap_or_else(|| "free".to_owned()) });
        let mut damaged = whole.clone();
        damaged.get_mut(&main).unwrap()[bytes.clone()].copy_from_slice(&earlier[&main][bytes]);
        scene.put_back(&damaged);
        match scene.open() {
            Ok(vault) => {
                let expected = Problem { page: Some(page), kind: ProblemKind::Replaced };
                assert_eq!(vault.verify().unwrap().problems, [expected], "page {page}");
            }
            // The page with the history in it, or one without which nothing can be read.
            Err(error) => {
                assert!(matches!(error, VaultError::VaultDamaged | VaultError::VaultRolledBack { .. }), "page {page}: {error:?}");
                assert_same(&scene.image(), &damaged);
            }
        }
    }
    for kind in ["first", "free", "meta", "notes", "notes_by_day", "notes_search_data"] {
        assert!(tried.contains(kind), "no page of {kind} among {tried:?}");
    }
    scene.put_back(&whole);
    assert!(scene.open().unwrap().verify().unwrap().ok);
}

#[test]
fn any_changed_byte_of_a_page_is_named_with_its_page() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 60);
    vault.lock();
    let whole = scene.image();
    let main = scene.file("vault");
    for number in 0..whole[&main].len() / PAGE {
        let page = u32::try_from(number + 1).unwrap();
        for (round, byte) in [0, 15, 16, 1999, 4015, 4016, 4032, 4095].into_iter().enumerate() {
            let mut damaged = whole.clone();
            damaged.get_mut(&main).unwrap()[number * PAGE + byte] ^= 1 << (round % 8);
            scene.put_back(&damaged);
            match scene.open() {
                Ok(vault) => {
                    let problems = vault.verify().unwrap().problems;
                    assert!(
                        problems.contains(&Problem { page: Some(page), kind: ProblemKind::Changed }),
                        "page {page} byte {byte}: {problems:?}"
                    );
                }
                Err(error) => {
                    assert_eq!(error, VaultError::VaultDamaged, "page {page} byte {byte}");
                    assert_same(&scene.image(), &damaged);
                }
            }
        }
    }
}

#[test]
fn two_pages_exchanged_are_both_named() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 200);
    vault.lock();
    let mut damaged = scene.image();
    let bytes = damaged.get_mut(&scene.file("vault")).unwrap();
    let count = bytes.len() / PAGE;
    assert!(count > 12);
    let (left, right) = bytes.split_at_mut((count - 1) * PAGE);
    left[(count - 3) * PAGE..(count - 2) * PAGE].swap_with_slice(&mut right[..PAGE]);
    scene.put_back(&damaged);
    let problems = scene.open().unwrap().verify().unwrap().problems;
    assert_eq!(
        problems.iter().filter_map(|problem| problem.page).collect::<Vec<_>>(),
        [count - 2, count].map(|page| u32::try_from(page).unwrap())
    );
}

#[test]
fn our_page_check_and_sqlciphers_own_agree() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    // The check behind the unlock would find the damage below as well, and the vault would answer no more.
    vault.await_check().unwrap();
    add_many(&vault, 0, 60);
    vault.checkpoint().unwrap();
    let theirs = |vault: &Vault| -> Vec<String> {
        vault
            .read(|conn| {
                let mut statement = conn.prepare("PRAGMA cipher_integrity_check")?;
                Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
            })
            .unwrap()
    };
    assert_eq!(theirs(&vault), Vec::<String>::new());
    assert_eq!(vault.verify().unwrap().problems, []);
    let path = scene.dir().join(scene.file("vault"));
    let mut bytes = fs::read(&path).unwrap();
    for page in [5_usize, 9] {
        bytes[(page - 1) * PAGE + 77] ^= 32;
    }
    fs::write(&path, bytes).unwrap();
    let named: Vec<u32> = vault.verify().unwrap().problems.iter().filter_map(|problem| problem.page).collect();
    assert_eq!(named, [5, 9]);
    let said = theirs(&vault);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].ends_with("page 5") && said[1].ends_with("page 9"), "{said:?}");
}

#[test]
fn a_vault_that_is_stale_in_one_page_stops_answering_once_the_background_check_is_through() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 80);
    vault.lock();
    let earlier = scene.image();
    let vault = scene.open().unwrap();
    vault.write(|tx| Ok(tx.execute("UPDATE notes SET text = 'x' || text", [])?)).unwrap();
    let table = kinds(&vault).into_iter().filter(|(_, name)| name == "notes").map(|(page, _)| page).max().unwrap();
    vault.lock();
    let whole = scene.image();
    let main = scene.file("vault");
    let mut damaged = whole.clone();
    let bytes = (table as usize - 1) * PAGE..table as usize * PAGE;
    damaged.get_mut(&main).unwrap()[bytes.clone()].copy_from_slice(&earlier[&main][bytes]);
    scene.put_back(&damaged);
    let vault = scene.open().unwrap();
    assert_eq!(vault.await_check(), Err(VaultError::VaultDamaged));
    assert_eq!(count(&vault), Err(VaultError::VaultDamaged));
    assert_eq!(add(&vault, "no"), Err(VaultError::VaultDamaged));
    assert_eq!(vault.verify().unwrap().problems, [Problem { page: Some(table), kind: ProblemKind::Replaced }]);
    vault.lock();
    assert_same(&scene.image(), &damaged);
    scene.put_back(&whole);
    let vault = scene.open().unwrap();
    vault.await_check().unwrap();
    assert_eq!(count(&vault), Ok(80));
}

#[test]
fn the_background_check_does_not_mind_a_busy_vault() {
    let scene = Scene::new();
    for round in 0..8 {
        let vault = scene.open().unwrap();
        for number in 0..12 {
            add_original(&vault, &format!("{round}-{number}"), 600_000).unwrap();
            if number % 3 == 2 {
                vault.write(|tx| Ok(tx.execute("DELETE FROM papers WHERE name < ?1", [format!("{round}-{number}")])?)).unwrap();
            }
        }
        vault.await_check().unwrap();
        assert_eq!(count(&vault), Ok(0));
        assert!(vault.verify().unwrap().ok);
    }
}

#[test]
fn a_stale_page_that_was_overwritten_since_stays_in_the_books() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 10);
    vault.lock();
    let earlier = scene.image();
    let vault = scene.open().unwrap();
    add_many(&vault, 10, 2);
    let notes: Vec<u32> = kinds(&vault).into_iter().filter(|(_, name)| name == "notes").map(|(page, _)| page).collect();
    vault.lock();
    let mut damaged = scene.image();
    let main = scene.file("vault");
    // The leaf that took the last notes and will take the next.
    let mut places = notes.into_iter().map(|page| (page as usize - 1) * PAGE..page as usize * PAGE);
    let bytes = places.rfind(|bytes| earlier[&main].get(bytes.clone()).is_some_and(|old| *old != damaged[&main][bytes.clone()])).unwrap();
    damaged.get_mut(&main).unwrap()[bytes.clone()].copy_from_slice(&earlier[&main][bytes]);
    scene.put_back(&damaged);
    let vault = Vault::open_unwatched(&scene.dir(), Unlock::Device(&DeviceSecret::from_bytes(SECRET))).unwrap();
    add_many(&vault, 20, 3);
    assert!(!vault.verify().unwrap().ok);
    vault.lock();
    assert!(!scene.open().unwrap().verify().unwrap().ok);
}
