//! Files that are not what was written: each is told apart, none is answered by a new vault, and what can be read can be
//! rescued or gone on with.

use std::{
    fs,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use techo_bindings::{ExportFormat, Language, NewKeys, NewPerson, Sex, TechoError, Vault, vault_exists};

use crate::scene::{Notebook, add_hanako, add_taro, device, device_key};

/// Bytes of a page.
const PAGE: u64 = 4096;

/// A notebook with two people, as a killed process leaves it: the last changes are in the log only.
fn killed() -> Notebook {
    let (notebook, vault) = Notebook::made();
    add_hanako(&vault);
    add_taro(&vault);
    let left = notebook.copy();
    vault.lock();
    left
}

/// A notebook with two people, locked.
fn locked() -> Notebook {
    let (notebook, vault) = Notebook::made();
    add_hanako(&vault);
    add_taro(&vault);
    vault.lock();
    notebook
}

fn flip(path: &Path, at: u64) {
    let mut file = fs::File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

/// Nothing is made over it, whatever is wrong with it.
fn is_not_replaced(notebook: &Notebook) {
    assert!(vault_exists(notebook.dir()));
    let keys = NewKeys { device: Some(device()), passphrase: None };
    assert_eq!(Vault::create(notebook.dir(), keys, Language::Japanese).err(), Some(TechoError::VaultExists));
}

fn accept_loss(notebook: &Notebook) -> Result<std::sync::Arc<Vault>, TechoError> {
    Vault::accept_loss(notebook.dir(), device_key(), Language::Japanese)
}

#[test]
fn a_process_that_is_killed_loses_nothing() {
    let left = killed();
    assert_eq!(left.open().unwrap().people().unwrap().len(), 2);
}

#[test]
fn a_lost_log_is_told_by_how_much_is_missing_and_the_rest_can_be_gone_on_with() {
    let left = killed();
    fs::remove_file(left.file("vault-wal")).unwrap();
    assert_eq!(left.open().err(), Some(TechoError::VaultRolledBack { missing: 2 }));
    is_not_replaced(&left);
    let rescued = Vault::rescue(left.dir(), device_key(), Language::Japanese).unwrap();
    assert_eq!(rescued.people(), Ok(Vec::new()));
    assert_eq!(rescued.position().err(), Some(TechoError::ReadOnly));
    rescued.lock();
    let accepted = accept_loss(&left).unwrap();
    add_hanako(&accepted);
    accepted.lock();
    assert_eq!(left.open().unwrap().people().unwrap().len(), 1);
    assert_eq!(accept_loss(&left).err(), Some(TechoError::NothingLost));
}

#[test]
fn a_damaged_page_is_found_and_what_can_be_read_can_be_exported() {
    let whole = locked();
    let pages = fs::metadata(whole.file("vault")).unwrap().len() / PAGE;
    let mut rescued = 0;
    for page in 0..pages {
        let notebook = whole.copy();
        flip(&notebook.file("vault"), page * PAGE + 2000);
        match notebook.open() {
            Err(error) => assert_eq!(error, TechoError::VaultDamaged, "page {page}"),
            Ok(vault) => {
                // Opening does not wait until every page was looked at; asking does.
                match vault.verify() {
                    Ok(found) => assert!(!found.ok && !found.problems.is_empty(), "page {page}"),
                    Err(error) => assert_eq!(error, TechoError::VaultDamaged, "page {page}"),
                }
                vault.lock();
            }
        }
        is_not_replaced(&notebook);
        // Without some pages, the first for one, nothing can be read at all.
        let Ok(vault) = Vault::rescue(notebook.dir(), device_key(), Language::Japanese) else { continue };
        if !vault.people().is_ok_and(|people| people.len() == 2) {
            continue;
        }
        rescued += 1;
        let out = notebook.path("out.csv");
        assert_eq!(vault.add_person(namesake()).err(), Some(TechoError::ReadOnly), "page {page}");
        vault.confirm_presence(device_key()).unwrap();
        if vault.export(ExportFormat::Csv, None, None, out.clone()).is_ok() {
            assert!(Path::new(&out).is_file());
        }
        vault.lock();
        assert_eq!(accept_loss(&notebook).unwrap().people().unwrap().len(), 2, "page {page}");
    }
    assert!(pages > 10 && rescued > pages / 2, "{rescued} of {pages}");
}

fn namesake() -> NewPerson {
    NewPerson {
        name: "手帳 春子".to_owned(),
        kana: None,
        former_names: Vec::new(),
        born: "1999-01-01".to_owned(),
        sex: Sex::Female,
        gestation: None,
    }
}

#[test]
fn an_empty_file_and_a_missing_anchor_are_no_new_vault() {
    let notebook = locked();
    fs::write(notebook.file("vault"), b"").unwrap();
    assert_eq!(notebook.open().err(), Some(TechoError::VaultDamaged));
    is_not_replaced(&notebook);

    let notebook = locked();
    fs::remove_file(notebook.file("anchor")).unwrap();
    assert_eq!(notebook.open().err(), Some(TechoError::VaultUnproven));
    is_not_replaced(&notebook);
    assert_eq!(accept_loss(&notebook).unwrap().people().unwrap().len(), 2);
}

#[test]
fn an_older_vault_under_a_newer_anchor_is_told() {
    let (notebook, vault) = Notebook::made();
    add_hanako(&vault);
    vault.lock();
    let old = fs::read(notebook.file("vault")).unwrap();
    let vault = notebook.open().unwrap();
    add_taro(&vault);
    vault.lock();
    fs::write(notebook.file("vault"), old).unwrap();
    assert_eq!(notebook.open().err(), Some(TechoError::VaultRolledBack { missing: 1 }));
    is_not_replaced(&notebook);
}
