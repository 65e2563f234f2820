//! Backup and restore.

use super::*;
use crate::transfer::{ArchiveImport, backup, check_archive, restore};

fn restored(scene: &Scene, name: &str, from: &str, words: &str) -> Result<ArchiveImport, TransferError> {
    let secret = DeviceSecret::from_bytes(SECRET);
    restore(&scene.path(name), &slots(&secret), &scene.path(from), Passphrase::new(words).ok().as_ref(), at(240), &mut quiet)
}

#[test]
fn a_restored_vault_holds_the_same_people_documents_originals_records_and_ledger() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let before = ledger(&vault);
    let content = backup(&vault, &scene.path("backup"), &passphrase(), at(230), &mut quiet).unwrap();
    assert_eq!((content.people.clone(), content.ledger), (vault.roots().unwrap(), Some(u32::try_from(before.len()).unwrap())));
    let report = restored(&scene, "new/place/vault", "backup", "春の手帳").unwrap();
    assert!(report.people.iter().all(|person| person.root_equal && person.records == person.expected));
    assert_eq!((report.documents_new, report.ledger), (7, u32::try_from(before.len()).unwrap()));

    let other = open(&scene.path("new/place/vault"));
    assert_eq!(shown(&other), shown(&vault));
    assert_eq!(other.roots().unwrap(), vault.roots().unwrap());
    let after = ledger(&other);
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!((after.len(), after[before.len()].act.as_str()), (before.len() + 1, "restored"));
    assert_eq!(other.check_records().unwrap(), Vec::<String>::new());
    // Erasing a restored document still finds the ledger's words about it.
    let document = other.document_ids(HANAKO).unwrap()[0];
    let number = other.ledger_number(document).unwrap().unwrap();
    let fingerprint = other.document(document).unwrap().fingerprint.to_string();
    assert!(after[usize::try_from(number).unwrap() - 1].detail.as_deref().unwrap().contains(&fingerprint));
    assert_eq!(scene.names(), ["backup", "from", "new"].map(str::to_owned).into());
    assert_eq!(fs::read_dir(scene.path("new/place")).unwrap().count(), 1);
}

#[test]
fn nothing_is_restored_over_a_vault_or_into_a_directory_that_holds_anything() {
    let scene = Scene::new();
    let vault = scene.family("from");
    backup(&vault, &scene.path("backup"), &passphrase(), at(230), &mut quiet).unwrap();
    vault.lock();
    assert_eq!(restored(&scene, "from", "backup", "春の手帳"), Err(TransferError::VaultExists));
    assert_eq!(restored(&scene, "backup", "backup", "春の手帳"), Err(TransferError::NotEmpty));
    fs::create_dir(scene.path("empty")).unwrap();
    restored(&scene, "empty", "backup", "春の手帳").unwrap();
    assert_eq!(open(&scene.path("empty")).people().unwrap().len(), 2);
    fs::create_dir(scene.path("full")).unwrap();
    fs::write(scene.path("full/letter"), "x").unwrap();
    assert_eq!(restored(&scene, "full", "backup", "春の手帳"), Err(TransferError::NotEmpty));
    assert_eq!(shown(&open(&scene.path("from"))).len(), shown(&open(&scene.path("empty"))).len());
}

#[test]
fn a_restore_that_fails_leaves_nothing() {
    let scene = Scene::new();
    backup(&scene.family("from"), &scene.path("backup"), &passphrase(), at(230), &mut quiet).unwrap();
    let before = scene.names();
    assert_eq!(restored(&scene, "to", "backup", "秋の手帳"), Err(TransferError::WrongPassphrase));
    assert_eq!(restored(&scene, "to", "backup", ""), Err(TransferError::PassphraseNeeded));
    assert_eq!(restored(&scene, "to", "nowhere", "春の手帳"), Err(TransferError::FileMissing));
    let nothing = slots_of_nobody();
    let failed = restore(&scene.path("to"), &nothing, &scene.path("backup"), Some(&passphrase()), at(240), &mut quiet);
    assert!(matches!(failed, Err(TransferError::Vault(_))), "{failed:?}");
    assert_eq!(scene.names(), before);
}

fn slots_of_nobody() -> NewSlots<'static> {
    NewSlots::default()
}

#[test]
fn a_backup_replaces_an_older_one_only_when_it_reads_back() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let path = scene.path("backup");
    fs::write(&path, "older").unwrap();
    vault.lock();
    assert!(backup(&vault, &path, &passphrase(), at(230), &mut quiet).is_err());
    assert_eq!((fs::read(&path).unwrap(), scene.names().len()), (b"older".to_vec(), 2));
    let vault = open(&scene.path("from"));
    backup(&vault, &path, &passphrase(), at(230), &mut quiet).unwrap();
    assert_eq!(check_archive(&path, Some(&passphrase()), &mut quiet).unwrap().people, vault.roots().unwrap());
    assert_eq!(ledger(&vault).last().unwrap().act, "backed_up");
}

#[test]
fn a_backup_of_a_restored_vault_holds_the_ledger_and_one_more_line() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let first = backup(&vault, &scene.path("one"), &passphrase(), at(230), &mut quiet).unwrap();
    restored(&scene, "to", "one", "春の手帳").unwrap();
    let second = backup(&open(&scene.path("to")), &scene.path("two"), &passphrase(), at(250), &mut quiet).unwrap();
    assert_eq!((second.people, second.documents, second.ledger), (first.people, first.documents, first.ledger.map(|count| count + 1)));
}
