//! Beginning a fetch, and what it keeps while it runs.

use techo_protocol::{
    GrantDigest, SessionId,
    message::LARGEST_ANSWER,
    seal::{self, Binding, Leg, PrivateKey},
};

use super::*;
use crate::vault::{Act, VaultError};

#[test]
fn a_fetch_is_there_after_locking_with_all_that_was_kept() {
    let (scene, vault) = family();
    let grant = granted(&vault, 1, HANAKO);
    let permitted = grant.permitted().clone();
    let digest = vault.begin_fetch(grant, b"state 1", at(600), at(3)).unwrap();
    let key = vault.fetch_key(id(1), 0).unwrap();
    vault.keep_sealed(id(1), 0, Leg::Identity, b"sealed", b"state 2").unwrap();

    let vault = reopened(&scene, vault);
    let fetch = vault.fetch(id(1)).unwrap();
    assert_eq!((fetch.id, &fetch.permitted, fetch.grant), (id(1), &permitted, digest));
    assert_eq!((fetch.begun, fetch.expires, fetch.state.as_slice()), (at(3), at(600), &b"state 2"[..]));
    assert_eq!(fetch.kept, [(0, Leg::Identity)]);
    assert_eq!(vault.fetch_key(id(1), 0).unwrap(), key);
    assert_eq!(vault.fetches().unwrap().len(), 1);
    assert!(!format!("{fetch:?}").contains("115"), "the state printed itself: {fetch:?}");
    assert_eq!(vault.fetch(id(2)).err(), Some(VaultError::NotFound));
}

#[test]
fn the_digest_is_salted_so_that_the_same_consent_looks_different_each_time() {
    let ((_one, vault), (_two, other)) = (family(), family());
    assert_ne!(begun(&vault, 1, HANAKO), begun(&other, 1, HANAKO));
}

#[test]
fn an_expired_yes_begins_nothing() {
    let (_scene, vault) = family();
    for (number, now) in [(1, 2 + 600), (2, 1)] {
        let grant = granted(&vault, number, HANAKO);
        vault.confirm_presence(Unlock::Device(&secret()), at(now)).unwrap();
        let before = (ledger(&vault), vault.position().unwrap());
        assert_eq!(vault.begin_fetch(grant, b"", at(900), at(now)), Err(VaultError::GrantExpired));
        assert_eq!((ledger(&vault), vault.position().unwrap(), rows(&vault)), (before.0, before.1, [0, 0, 0]));
    }
}

#[test]
fn one_fetch_at_a_time_for_one_person() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    let second = granted(&vault, 2, HANAKO);
    let before = (ledger(&vault), vault.position().unwrap());
    assert_eq!(vault.begin_fetch(second, b"", at(600), at(3)), Err(VaultError::FetchRunning));
    assert_eq!((ledger(&vault), vault.position().unwrap()), before);
    begun(&vault, 3, TARO);
    vault.end_fetch(id(1), (Act::FetchEnded, r#"{"reason":"cancelled"}"#), &[], at(4)).unwrap();
    begun(&vault, 4, HANAKO);
    let ids: Vec<ConsentId> = vault.fetches().unwrap().iter().map(|fetch| fetch.id).collect();
    assert_eq!(ids, [id(3), id(4)]);
}

#[test]
fn one_consent_pays_for_one_fetch_also_where_a_second_yes_was_made_of_it() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    let again = yes(request(1, HANAKO), at(2));
    assert_eq!(vault.begin_fetch(again, b"", at(600), at(3)), Err(VaultError::ConsentSpent));
    vault.end_fetch(id(1), (Act::FetchEnded, "{}"), &[], at(4)).unwrap();
    let again = yes(request(1, HANAKO), at(4));
    assert_eq!(vault.begin_fetch(again, b"", at(600), at(5)), Err(VaultError::ConsentSpent));
}

#[test]
fn nothing_begins_that_the_ledger_does_not_tell_of_just_so() {
    let (_scene, vault) = family();
    let begin = |grant| vault.begin_fetch(grant, b"", at(600), at(3));
    assert_eq!(begin(yes(request(1, HANAKO), at(2))), Err(VaultError::ConsentNeeded));
    vault.note_consent_asked(&request(1, HANAKO), at(1)).unwrap();
    assert_eq!(begin(yes(request(1, HANAKO), at(2))), Err(VaultError::ConsentNeeded));
    // Asked for checkups alone, and then a grant for more.
    let mut less = request(2, HANAKO);
    less.wishes.pop();
    vault.note_consent_asked(&less, at(1)).unwrap();
    vault.note_consent_answered(&yes(less, at(2)).permitted().receipt, at(2)).unwrap();
    assert_eq!(begin(yes(request(2, HANAKO), at(2))), Err(VaultError::ConsentNeeded));
    vault.note_consent_asked(&request(3, HANAKO), at(1)).unwrap();
    vault.note_consent_answered(&no(request(3, HANAKO)), at(2)).unwrap();
    assert_eq!(begin(yes(request(3, HANAKO), at(2))), Err(VaultError::ConsentNeeded));
    assert_eq!(rows(&vault), [0, 0, 0]);
}

#[test]
fn each_round_has_a_key_of_its_own_and_keeps_it() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    begun(&vault, 2, TARO);
    let keys = [(1, 0), (1, 1), (2, 0)].map(|(number, round)| vault.fetch_key(id(number), round).unwrap());
    assert_eq!(keys, [(1, 0), (1, 1), (2, 0)].map(|(number, round)| vault.fetch_key(id(number), round).unwrap()));
    assert!(keys[0] != keys[1] && keys[0] != keys[2]);
    assert_eq!(rows(&vault), [2, 3, 0]);
    assert_eq!(vault.fetch_key(id(9), 0), Err(VaultError::NotFound));
}

/// A relay, and what it seals for a round of a fetch.
struct Relay {
    key: PrivateKey,
    grant: GrantDigest,
}

impl Relay {
    fn seal(&self, vault: &Vault, session: SessionId, leg: Leg, plain: &[u8]) -> Vec<u8> {
        let phone = vault.fetch_key(id(1), 0).unwrap();
        seal::seal(&Binding { session, grant: self.grant, leg }, &phone, &self.key, plain).unwrap()
    }
}

#[test]
fn what_the_relay_sealed_for_this_round_opens_and_nothing_else_does() {
    let (scene, vault) = family();
    let relay = Relay { grant: begun(&vault, 1, HANAKO), key: PrivateKey::make().unwrap() };
    let (public, stranger) = (relay.key.public().unwrap(), PrivateKey::make().unwrap().public().unwrap());
    let session = SessionId::from_bytes([5; 16]);
    let (who, what) = (relay.seal(&vault, session, Leg::Identity, b"who"), relay.seal(&vault, session, Leg::Result, &vec![7; 200_000]));
    vault.keep_sealed(id(1), 0, Leg::Identity, &who, b"2").unwrap();
    vault.keep_sealed(id(1), 0, Leg::Result, &what, b"3").unwrap();
    let vault = reopened(&scene, vault);
    let open = |leg, session, relay| vault.open_sealed(id(1), 0, leg, session, relay).map(|plain| plain.to_vec());
    assert_eq!(open(Leg::Identity, session, &public), Ok(b"who".to_vec()));
    assert_eq!(open(Leg::Result, session, &public), Ok(vec![7; 200_000]));
    // Another session, another relay.
    let forged = Err(VaultError::SealForged);
    assert_eq!(open(Leg::Result, SessionId::from_bytes([6; 16]), &public), forged);
    assert_eq!(open(Leg::Result, session, &stranger), forged);
    // The other leg's bytes, changed bytes, cut bytes, no bytes.
    let mut changed = who.clone();
    changed[40] ^= 1;
    for sealed in [what.as_slice(), &changed, &who[..who.len() - 1], b""] {
        vault.keep_sealed(id(1), 0, Leg::Identity, sealed, b"2").unwrap();
        assert_eq!(open(Leg::Identity, session, &public), forged);
    }
    // Sealed by the right relay for another consent.
    let elsewhere = Relay { grant: GrantDigest::of(&[0; 32], b"another"), key: relay.key };
    vault.keep_sealed(id(1), 0, Leg::Identity, &elsewhere.seal(&vault, session, Leg::Identity, b"who"), b"2").unwrap();
    assert_eq!(open(Leg::Identity, session, &public), forged);
    // Nothing of a round that has no answer, or no key.
    assert_eq!(vault.open_sealed(id(1), 1, Leg::Identity, session, &public).err(), Some(VaultError::NotFound));
    vault.keep_sealed(id(1), 1, Leg::Identity, &who, b"2").unwrap();
    assert_eq!(vault.open_sealed(id(1), 1, Leg::Identity, session, &public).err(), Some(VaultError::NotFound));
    vault.fetch_key(id(1), 1).unwrap();
    assert_eq!(vault.open_sealed(id(1), 1, Leg::Identity, session, &public).err(), Some(VaultError::SealForged));
}

#[test]
fn more_than_any_answer_can_be_is_not_kept() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    let most = vec![0; seal::sealed_length(LARGEST_ANSWER) + 1];
    assert_eq!(vault.keep_sealed(id(1), 0, Leg::Result, &most, b"2"), Err(VaultError::SealForged));
    vault.keep_sealed(id(1), 0, Leg::Result, &most[1..], b"2").unwrap();
    assert_eq!(vault.keep_sealed(id(2), 0, Leg::Result, b"x", b"2"), Err(VaultError::NotFound));
    assert_eq!(vault.fetch(id(1)).unwrap().state.as_slice(), b"2");
}

#[test]
fn a_state_is_kept_with_its_line_or_not_at_all() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    vault.keep_fetch_state(id(1), b"state 2", None).unwrap();
    let lines = ledger(&vault).len();
    for detail in ["no JSON", "[]", "7", ""] {
        let kept = vault.keep_fetch_state(id(1), b"state 3", Some((Act::IdentityChecked, detail, at(4))));
        assert_eq!(kept, Err(VaultError::Codec), "{detail}");
    }
    assert_eq!((vault.fetch(id(1)).unwrap().state.as_slice(), ledger(&vault).len()), (&b"state 2"[..], lines));
    // Whoever writes the detail cannot say that it is about somebody else.
    let elsewhere = format!(r#"{{"same":true,"consent":"{}"}}"#, id(9));
    vault.keep_fetch_state(id(1), b"state 3", Some((Act::IdentityChecked, &elsewhere, at(4)))).unwrap();
    let line = ledger(&vault).pop().unwrap();
    let expected = format!(r#"{{"consent":"{}","person":"{HANAKO}","same":true}}"#, id(1));
    assert_eq!((line.act.as_str(), line.detail), ("identity_checked", Some(expected)));
    assert_eq!(vault.fetch(id(1)).unwrap().state.as_slice(), b"state 3");
    assert_eq!(vault.keep_fetch_state(id(2), b"", None), Err(VaultError::NotFound));
}
