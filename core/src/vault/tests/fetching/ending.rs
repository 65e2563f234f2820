//! Ending a fetch: everything or nothing.

use techo_protocol::seal::Leg;

use super::*;
use crate::vault::{Act, FACTS_PER_EVENT, Filed, VaultError};

/// A fetch with a key, a sealed answer and a state.
fn running(vault: &Vault) {
    begun(vault, 1, HANAKO);
    vault.fetch_key(id(1), 0).unwrap();
    vault.keep_sealed(id(1), 0, Leg::Result, &[7; 5000], b"state 2").unwrap();
}

#[test]
fn all_documents_are_filed_with_one_receipt_and_nothing_of_the_fetch_is_left() {
    let (scene, vault) = family();
    running(&vault);
    let filings = [
        document(HANAKO, "first", &[weight("50.5")], Some(id(1))),
        document(HANAKO, "second", &[weight("50.5"), weight("51.0")], Some(id(1))),
    ];
    let filed = vault.end_fetch(id(1), (Act::Fetched, r#"{"kept":2}"#), &filings, at(9)).unwrap();
    assert!(matches!(filed[..], [Filed::New { stated: 1, known: 0, .. }, Filed::New { stated: 2, known: 1, .. }]), "{filed:?}");
    assert_eq!(acts(&vault)[5..], ["imported", "imported", "fetched"]);
    assert_eq!(rows(&vault), [0, 0, 0]);
    assert_eq!(std::fs::metadata(scene.dir().join(scene.file("vault-wal"))).unwrap().len(), 0, "the log still has the key");
    assert_eq!(vault.consent(id(1)).unwrap().documents.len(), 2);
    for gone in [
        vault.fetch(id(1)).map(drop),
        vault.fetch_key(id(1), 0).map(drop),
        vault.keep_fetch_state(id(1), b"", None),
        vault.keep_sealed(id(1), 0, Leg::Result, b"", b""),
        vault.end_fetch(id(1), (Act::Fetched, "{}"), &[], at(9)).map(drop),
    ] {
        assert_eq!(gone, Err(VaultError::NotFound));
    }
    let vault = reopened(&scene, vault);
    assert!(is_sound(&vault) && vault.documents(None).unwrap().len() == 2);
}

#[test]
fn a_document_that_was_here_already_stays_what_it_was() {
    let (_scene, vault) = family();
    vault.file(&document(HANAKO, "paper", &[weight("50.5")], None)).unwrap();
    running(&vault);
    let filings = [document(HANAKO, "paper", &[weight("50.5")], Some(id(1)))];
    let filed = vault.end_fetch(id(1), (Act::Fetched, "{}"), &filings, at(9)).unwrap();
    assert!(matches!(filed[..], [Filed::AlreadyHere { .. }]));
    let told = vault.consent(id(1)).unwrap();
    assert_eq!((told.documents.len(), vault.documents(None).unwrap()[0].about.consent), (0, None));
}

#[test]
fn what_cannot_be_filed_leaves_the_fetch_and_the_vault_as_they_were() {
    let (_scene, vault) = family();
    running(&vault);
    let good = || document(HANAKO, "good", &[weight("50.5")], Some(id(1)));
    let mut huge = document(HANAKO, "huge", &[weight("50.5")], Some(id(1)));
    let fact = huge.events[0].event.facts[0].clone();
    huge.events[0].event.facts = vec![fact; FACTS_PER_EVENT + 1];
    let cases = [
        (Act::Fetched, "{}", vec![good(), huge], VaultError::TooManyFacts),
        (Act::Fetched, "{}", vec![good(), document(TARO, "his", &[weight("18.2")], Some(id(1)))], VaultError::Internal(22)),
        (Act::Fetched, "{}", vec![good(), document(HANAKO, "loose", &[weight("1")], None)], VaultError::Internal(22)),
        (Act::Fetched, "{}", vec![good(), document(HANAKO, "other", &[weight("1")], Some(id(2)))], VaultError::Internal(22)),
        (Act::Fetched, "not an object", vec![good()], VaultError::Codec),
        (Act::FetchEnded, "{}", vec![good()], VaultError::Internal(21)),
        (Act::Imported, "{}", vec![], VaultError::Internal(21)),
    ];
    let before = (ledger(&vault), vault.position().unwrap());
    for (act, detail, filings, error) in cases {
        assert_eq!(vault.end_fetch(id(1), (act, detail), &filings, at(9)), Err(error));
        assert_eq!((ledger(&vault), vault.position().unwrap()), before);
        assert_eq!((rows(&vault), vault.documents(None).unwrap().len()), ([1, 1, 1], 0));
        assert_eq!(vault.fetch(id(1)).unwrap().state.as_slice(), b"state 2");
    }
    vault.end_fetch(id(1), (Act::Fetched, "{}"), &[good()], at(9)).unwrap();
    assert!(is_sound(&vault));
}

#[test]
fn another_persons_fetch_goes_on() {
    let (_scene, vault) = family();
    running(&vault);
    begun(&vault, 2, TARO);
    let key = vault.fetch_key(id(2), 3).unwrap();
    vault.keep_sealed(id(2), 3, Leg::Identity, &[8; 9000], b"his").unwrap();
    vault.end_fetch(id(1), (Act::FetchEnded, r#"{"reason":"refused"}"#), &[], at(9)).unwrap();
    assert_eq!(rows(&vault), [1, 1, 1]);
    let fetch = vault.fetch(id(2)).unwrap();
    assert_eq!((fetch.state.as_slice(), fetch.kept.as_slice()), (&b"his"[..], &[(3, Leg::Identity)][..]));
    assert_eq!(vault.fetch_key(id(2), 3), Ok(key));
    vault.end_fetch(id(2), (Act::FetchEnded, "{}"), &[], at(9)).unwrap();
    assert!(is_sound(&vault));
}

#[test]
fn what_a_fetch_leaves_behind_that_belongs_to_nobody_is_named() {
    let (_scene, vault) = family();
    running(&vault);
    vault.write(|tx| Ok(tx.execute("INSERT INTO fetch_keys (consent, round, private) VALUES (x'00', 0, x'00')", [])?)).unwrap();
    assert_eq!(vault.check_records().unwrap(), ["fetches: a key or an answer that belongs to no fetch"]);
    vault.write(|tx| Ok(tx.execute("DELETE FROM fetch_keys WHERE consent = x'00'", [])?)).unwrap();
    vault.file(&document(HANAKO, "paper", &[weight("50.5")], None)).unwrap();
    vault.write(|tx| Ok(tx.execute("UPDATE documents SET consent = zeroblob(16)", [])?)).unwrap();
    assert_eq!(vault.check_records().unwrap(), ["document d1: its consent is not the one it was filed with"]);
}
