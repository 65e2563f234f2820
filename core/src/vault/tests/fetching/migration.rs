//! A vault of the first schema, as the program of that time left it: `tests/fixtures/vault-0001`.

use std::path::Path;

use super::*;
use crate::vault::{
    Kept, Setting, TimelinePage, WaitingPart,
    migrate::MIGRATIONS,
    tests::{Image, assert_same, gather},
};

/// Its files.
pub(super) fn first_vault() -> Image {
    let mut image = Image::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/vault-0001"), Path::new(""), &mut image);
    image
}

fn version(vault: &Vault) -> i64 {
    vault.read(|connection| Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)).unwrap()
}

#[test]
fn a_vault_of_the_first_schema_climbs_and_keeps_everything() {
    let scene = Scene::new();
    scene.put_back(&first_vault());
    let vault = scene.open().unwrap();
    assert_eq!((version(&vault), vault.kept_copies().unwrap()), (6, vec![Kept::Migrated]));
    let people: Vec<_> = vault.people().unwrap().into_iter().map(|person| (person.id, person.name)).collect();
    assert_eq!(people, [(HANAKO, "手帳 花子".to_owned()), (TARO, "手帳 太郎".to_owned())]);
    let roots: Vec<_> = vault.roots().unwrap().iter().map(|root| (root.records, root.root.to_string())).collect();
    let expected = [
        (3, "b64e7a65000076e84230efc2082e2dccc2bb0cf2a923d90497def549ab0b1c98".to_owned()),
        (1, "982d01e8c1d010f346c2e0076149bf3e17a88c62e286dcb341c2b76e21ef19de".to_owned()),
    ];
    assert_eq!(roots, expected);
    let documents = vault.documents(None).unwrap();
    assert_eq!(documents.len(), 3);
    assert!(documents.iter().all(|document| document.about.consent.is_none() && document.about.trimmed.is_none()));
    assert_eq!(vault.original(documents[1].id).unwrap()[0].as_slice(), b"second");
    assert_eq!(vault.search("体重", Some(HANAKO), None, 10).unwrap().hits.len(), 3);
    let part = WaitingPart { format: "jahis-tc".to_owned(), set: "s".to_owned(), number: 1, of: 2, bytes: b"part".to_vec() };
    assert_eq!(vault.waiting_parts(HANAKO, "jahis-tc", "s").unwrap(), [part]);
    let last = ledger(&vault).pop().unwrap();
    assert_eq!(last.chain.to_string(), "7021036a77a1b9186356fe26a02bb4a08656e563bcfcb16ec085ce09db53ce30");
    assert_eq!((vault.consents().unwrap(), vault.fetches().unwrap().len()), (vec![], 0));
    assert_eq!(vault.setting(Setting::Reauthenticate), Ok(true));
    assert!(is_sound(&vault));

    // What is new works on what was there.
    vault.confirm_presence(Unlock::Device(&secret()), at(0)).unwrap();
    begun(&vault, 1, HANAKO);
    vault.end_fetch(id(1), (crate::vault::Act::Fetched, "{}"), &[document(HANAKO, "new", &[weight("60.0")], Some(id(1)))], at(5)).unwrap();
    assert_eq!(vault.withdraw_consent(id(1), true, at(6)).unwrap().documents, 1);
    assert_eq!(vault.roots().unwrap()[0].root.to_string(), expected[0].1);
    let vault = reopened(&scene, vault);
    assert!(is_sound(&vault) && vault.kept_copies().unwrap().is_empty());
}

/// A flipped bit in a page of `table`'s file: the vault does not open, and what can be read is to be read.
fn damaged(page: usize) -> Scene {
    let scene = Scene::new();
    let mut image = first_vault();
    let name = image.keys().find(|name| name.ends_with("vault")).unwrap().clone();
    image.get_mut(&name).unwrap()[page * 4096 + 40] ^= 1;
    scene.put_back(&image);
    scene
}

#[test]
fn a_damaged_vault_of_the_first_schema_is_read_in_a_rescue_and_goes_on_after_an_accepted_loss() {
    let scene = damaged(1);
    let before = scene.image();
    let rescued = Vault::open_for_rescue(&scene.dir(), Unlock::Device(&secret())).unwrap();
    assert_eq!(rescued.people().unwrap().len(), 2);
    let page = TimelinePage { limit: 10, ..TimelinePage::default() };
    let shown = rescued.timeline(&page).unwrap();
    assert!(!shown.is_empty() && rescued.documents(None).unwrap().len() == 3);
    assert_eq!(
        rescued.search("体重", None, None, 10).unwrap().hits.len(),
        rescued.series_of(HANAKO).unwrap().iter().map(|(_, points)| *points as usize).sum::<usize>() + 1
    );
    drop(rescued);
    assert_same(&scene.image(), &before);
    let (vault, _) = Vault::accept_loss(&scene.dir(), Unlock::Device(&secret()), at(7)).unwrap();
    assert_eq!(vault.documents(None).unwrap().len(), 3, "rows of an older schema are no loss");
    assert_eq!(vault.timeline(&page).unwrap().len(), shown.len());
    assert!(is_sound(&vault));
}

#[test]
fn looking_at_it_with_the_steps_of_its_time_changes_no_byte() {
    let scene = Scene::new();
    scene.put_back(&first_vault());
    let vault = Vault::open_with(&scene.dir(), Unlock::Device(&secret()), &MIGRATIONS[..1], None).unwrap();
    vault.await_check().unwrap();
    assert_eq!(version(&vault), 1);
    drop(vault);
    assert_same(&scene.image(), &first_vault());
}

#[test]
fn an_allergy_inside_a_checkup_of_an_older_vault_is_found_by_its_kind() {
    let (_scene, vault) = family();
    let mut filing = document(HANAKO, "checkup", &[weight("60.0")], None);
    let fact = &mut filing.events[0].event.facts[0];
    (fact.kind, fact.body, fact.title) = (Kind::Allergy, Body::Allergy(crate::record::Allergy::default()), "卵".to_owned());
    vault.file(&filing).unwrap();
    vault.file(&document(HANAKO, "other", &[weight("61.0")], None)).unwrap();
    let found = || vault.clinical(HANAKO, Kind::Allergy, (None, None), None, 10).unwrap();
    let as_filed = found();
    assert_eq!(as_filed.iter().map(|record| (record.fact.title.as_str(), record.event.kind)).collect::<Vec<_>>(), [("卵", Kind::Checkup)]);
    // As a vault of schema 5 has it, and a body that nobody can read must keep nobody out.
    let forget = "UPDATE facts SET clinical = NULL; INSERT INTO shapes (digest, body) VALUES (zeroblob(16), x'7b')";
    vault.write(|tx| Ok(tx.execute_batch(forget)?)).unwrap();
    assert_eq!(found(), []);
    vault.write(|tx| Ok(tx.execute(crate::vault::clinical::FILL, [])?)).unwrap();
    assert_eq!(found(), as_filed);
}
