//! What the ledger tells of consents.

use super::*;
use crate::vault::{Act, ConsentStanding, Erasure, VaultError};

fn standing(vault: &Vault, number: u8) -> ConsentStanding {
    vault.consent(id(number)).unwrap().standing()
}

#[test]
fn a_consent_is_told_from_the_question_to_the_documents_that_came() {
    let (scene, vault) = family();
    let question = request(1, HANAKO);
    vault.note_consent_asked(&question, at(1)).unwrap();
    assert_eq!(standing(&vault, 1), ConsentStanding::Asked);
    let grant = yes(question.clone(), at(2));
    let receipt = grant.permitted().receipt.clone();
    vault.note_consent_answered(&receipt, at(2)).unwrap();
    assert_eq!(standing(&vault, 1), ConsentStanding::Granted);
    vault.begin_fetch(grant, b"", at(600), at(3)).unwrap();
    assert_eq!(standing(&vault, 1), ConsentStanding::Fetching);
    vault.keep_fetch_state(id(1), b"2", Some((Act::IdentityChecked, r#"{"same":true}"#, at(4)))).unwrap();
    let filing = document(HANAKO, "answer", &[weight("50.5")], Some(id(1)));
    vault.end_fetch(id(1), (Act::Fetched, r#"{"kept":1}"#), &[filing], at(5)).unwrap();

    let vault = reopened(&scene, vault);
    let told = vault.consent(id(1)).unwrap();
    assert_eq!((told.subject, told.request.as_ref(), told.receipt.as_ref()), (Some(HANAKO), Some(&question), Some(&receipt)));
    assert_eq!((told.asked, told.answered, told.begun), (Some(at(1)), Some(at(2)), Some(at(3))));
    let end = told.ended.clone().unwrap();
    assert_eq!((end.at, end.has_answer), (at(5), true));
    assert_eq!(end.detail, format!(r#"{{"consent":"{}","kept":1,"person":"{HANAKO}"}}"#, id(1)));
    let document = vault.documents(Some(HANAKO)).unwrap().remove(0);
    assert_eq!((told.documents.as_slice(), document.about.consent), (&[document.id][..], Some(id(1))));
    assert_eq!((told.standing(), told.is_running, told.withdrawn), (ConsentStanding::Fetched, false, None));
    assert_eq!(acts(&vault)[2..], ["consent_asked", "consent_answered", "fetch_started", "identity_checked", "imported", "fetched"]);
    assert!(is_sound(&vault));
}

#[test]
fn the_newest_consent_comes_first_and_each_stands_where_it_stands() {
    let (_scene, vault) = family();
    vault.note_consent_asked(&request(1, HANAKO), at(1)).unwrap();
    vault.note_consent_asked(&request(2, HANAKO), at(1)).unwrap();
    vault.note_consent_answered(&no(request(2, HANAKO)), at(2)).unwrap();
    begun(&vault, 3, HANAKO);
    vault.end_fetch(id(3), (Act::FetchEnded, r#"{"reason":"refused"}"#), &[], at(5)).unwrap();
    begun(&vault, 4, TARO);
    let all: Vec<_> = vault.consents().unwrap().iter().map(|one| (one.id, one.standing())).collect();
    let expected = [
        (id(4), ConsentStanding::Fetching),
        (id(3), ConsentStanding::Ended),
        (id(2), ConsentStanding::Declined),
        (id(1), ConsentStanding::Asked),
    ];
    assert_eq!(all, expected);
    assert_eq!(vault.consent(id(9)), Err(VaultError::NotFound));
}

#[test]
fn the_same_question_and_answer_again_change_nothing_and_others_are_refused() {
    let (_scene, vault) = family();
    let grant = granted(&vault, 1, HANAKO);
    let before = ledger(&vault);
    vault.note_consent_asked(&request(1, HANAKO), at(5)).unwrap();
    vault.note_consent_answered(&grant.permitted().receipt, at(5)).unwrap();
    assert_eq!(vault.note_consent_asked(&request(1, TARO), at(5)), Err(VaultError::ConsentSpent));
    assert_eq!(vault.note_consent_answered(&no(request(1, HANAKO)), at(5)), Err(VaultError::ConsentSpent));
    assert_eq!(vault.note_consent_answered(&no(request(2, HANAKO)), at(5)), Err(VaultError::ConsentNeeded));
    let stranger = request(3, PersonId::from_bytes([9; 16]));
    assert_eq!(vault.note_consent_asked(&stranger, at(5)), Err(VaultError::NotFound));
    assert_eq!(ledger(&vault), before);
}

#[test]
fn erasing_a_person_takes_the_words_of_their_consents_and_leaves_a_chain_that_verifies() {
    let (_scene, vault) = family();
    begun(&vault, 1, TARO);
    vault.fetch_key(id(1), 0).unwrap();
    let filing = document(TARO, "answer", &[weight("18.2")], Some(id(1)));
    vault.end_fetch(id(1), (Act::Fetched, r#"{"kept":1}"#), &[filing], at(5)).unwrap();
    begun(&vault, 2, TARO);
    begun(&vault, 3, HANAKO);
    vault.erase(Erasure::Person(TARO), at(6)).unwrap();

    let about_taro = |entry: &LedgerEntry| {
        let detail = entry.detail.as_deref().unwrap_or_default();
        [TARO.to_string(), id(1).to_string(), id(2).to_string()].iter().any(|name| detail.contains(name))
    };
    assert!(!ledger(&vault).iter().any(about_taro));
    assert_eq!(ledger(&vault).iter().filter(|entry| entry.detail.is_none()).count(), 9);
    let left: Vec<_> = vault.consents().unwrap().iter().map(|one| (one.id, one.standing())).collect();
    assert_eq!(left, [(id(3), ConsentStanding::Fetching)]);
    // The fetch that was running for 太郎 went with him, and says so without naming him.
    let ended: Vec<_> = ledger(&vault).into_iter().filter(|entry| entry.act == Act::FetchEnded.id()).map(|entry| entry.detail).collect();
    assert_eq!(ended, [Some(r#"{"reason":"erased"}"#.to_owned())]);
    assert_eq!(rows(&vault), [1, 0, 0]);
    assert!(is_sound(&vault));
}

#[test]
fn erasing_who_acted_leaves_the_childs_consent_without_its_question_and_it_can_still_be_withdrawn() {
    let (_scene, vault) = family();
    begun(&vault, 1, TARO);
    vault.end_fetch(id(1), (Act::Fetched, "{}"), &[document(TARO, "answer", &[weight("18.2")], Some(id(1)))], at(5)).unwrap();
    vault.erase(Erasure::Person(HANAKO), at(6)).unwrap();
    let told = vault.consent(id(1)).unwrap();
    assert_eq!((told.request, told.subject, told.receipt.is_some()), (None, Some(TARO), true));
    assert_eq!(vault.withdraw_consent(id(1), true, at(7)).unwrap().documents, 1);
    assert!(is_sound(&vault));
}

#[test]
fn imports_are_not_walked() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    vault
        .read(|connection| {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", crate::vault::consents::LINES))?;
            let steps = explain.query_map([None::<String>], |row| row.get::<_, String>(3))?.collect::<Result<Vec<_>, _>>()?;
            assert_eq!(steps, ["SCAN ledger USING INDEX ledger_consents"]);
            Ok(())
        })
        .unwrap();
    // The index holds the lines about consents and no other.
    vault.note_act(at(5), Act::Exported, Some("{}")).unwrap();
    let told: i64 = vault
        .read(|connection| {
            let sql = "SELECT count(*) FROM ledger INDEXED BY ledger_consents WHERE act IN
                ('consent_asked', 'consent_answered', 'consent_withdrawn', 'identity_checked', 'fetch_started', 'fetched', 'fetch_ended')";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!((told, ledger(&vault).len()), (3, 6));
}

#[test]
fn a_line_in_words_that_nobody_knows_is_no_reason_to_show_no_consent() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    vault.note_act(at(5), Act::IdentityChecked, Some("no JSON at all")).unwrap();
    vault.note_act(at(5), Act::ConsentAsked, Some(r#"{"consent":"00112233445566778899aabbccddeeff","request":{"items":7}}"#)).unwrap();
    let all = vault.consents().unwrap();
    assert_eq!((all.len(), all[0].request.as_ref(), all[1].id), (2, None, id(1)));
    assert!(all[1].request.is_some());
}
