//! Withdrawing a consent.

use super::*;
use crate::vault::{Act, ConsentStanding, Kept, VaultError, Withdrawn};

/// A fetch that brought two documents; the second states a value that a paper had stated before, and one that a later
/// paper states again.
fn fetched(vault: &Vault) {
    vault.file(&document(HANAKO, "paper", &[weight("50.5")], None)).unwrap();
    begun(vault, 1, HANAKO);
    let filings = [
        document(HANAKO, "first", &[weight("52.0")], Some(id(1))),
        document(HANAKO, "second", &[weight("50.5"), weight("51.0")], Some(id(1))),
    ];
    vault.end_fetch(id(1), (Act::Fetched, "{}"), &filings, at(9)).unwrap();
    // Its second value is the fetched document's second: the same record.
    vault.file(&document(HANAKO, "later", &[weight("60.0"), weight("51.0")], None)).unwrap();
}

fn values(vault: &Vault) -> Vec<String> {
    let series = vault.find_series(&["body-weight"], "", "").unwrap().remove(0);
    let points = vault.history(HANAKO, &series, None, 100).unwrap();
    let mut values: Vec<String> = points
        .into_iter()
        .map(|point| match point.fact.body {
            Body::Observation(Observation { value: Value::Number { decimal, .. }, .. }) => decimal.as_str().to_owned(),
            _ => unreachable!("a number was filed"),
        })
        .collect();
    values.sort();
    values
}

const NOTHING: Withdrawn = Withdrawn { documents: 0, records: 0, erased: false, running_fetch_ended: false, was_already: false };

#[test]
fn a_withdrawal_marks_the_consent_and_leaves_what_came_by_it() {
    let (_scene, vault) = family();
    fetched(&vault);
    let withdrawn = vault.withdraw_consent(id(1), false, at(10)).unwrap();
    assert_eq!(withdrawn, Withdrawn { documents: 2, records: 3, ..NOTHING });
    let told = vault.consent(id(1)).unwrap();
    assert_eq!((told.standing(), told.documents.len()), (ConsentStanding::Withdrawn, 2));
    assert_eq!(told.withdrawn.map(|one| (one.at, one.erased)), Some((at(10), false)));
    assert_eq!(values(&vault), ["50.5", "51.0", "52.0", "60.0"]);

    let before = (ledger(&vault), vault.position().unwrap());
    let again = vault.withdraw_consent(id(1), false, at(11)).unwrap();
    assert_eq!(again, Withdrawn { was_already: true, ..withdrawn });
    assert_eq!((ledger(&vault), vault.position().unwrap()), before);
}

#[test]
fn with_erasure_what_came_by_it_goes_and_what_others_state_stays() {
    let (scene, vault) = family();
    fetched(&vault);
    let before = vault.documents(None).unwrap();
    let withdrawn = vault.withdraw_consent(id(1), true, at(10)).unwrap();
    assert_eq!(withdrawn, Withdrawn { documents: 2, records: 3, erased: true, ..NOTHING });
    assert_eq!(values(&vault), ["50.5", "51.0", "60.0"]);
    let names: Vec<_> = vault.documents(None).unwrap().into_iter().map(|document| document.about.name.unwrap()).collect();
    assert_eq!(names, ["paper", "later"]);
    // The lines about the two documents have lost their words; the consent's own have not.
    for gone in before.iter().filter(|document| document.about.consent.is_some()) {
        let name = gone.fingerprint.to_string();
        assert!(!ledger(&vault).iter().any(|entry| entry.detail.as_deref().unwrap_or_default().contains(&name)));
    }
    assert_eq!(acts(&vault)[10..], ["consent_withdrawn", "erased"]);
    let told = vault.consent(id(1)).unwrap();
    assert_eq!((told.documents.len(), told.withdrawn.unwrap().erased, told.request.is_some()), (0, true, true));
    assert_eq!(vault.kept_copies().unwrap(), Vec::<Kept>::new());
    let vault = reopened(&scene, vault);
    assert!(is_sound(&vault));
    assert_eq!(vault.withdraw_consent(id(1), true, at(11)).unwrap(), Withdrawn { was_already: true, ..NOTHING });
}

#[test]
fn what_a_first_withdrawal_left_a_second_can_erase() {
    let (_scene, vault) = family();
    fetched(&vault);
    vault.withdraw_consent(id(1), false, at(10)).unwrap();
    let second = vault.withdraw_consent(id(1), true, at(11)).unwrap();
    assert_eq!(second, Withdrawn { documents: 2, records: 3, erased: true, running_fetch_ended: false, was_already: true });
    let told = vault.consent(id(1)).unwrap();
    assert_eq!(told.withdrawn.map(|one| (one.at, one.erased)), Some((at(10), true)));
    assert_eq!((told.documents.len(), vault.documents(None).unwrap().len()), (0, 2));
}

#[test]
fn a_fetch_that_is_running_ends_with_the_consent() {
    let (_scene, vault) = family();
    begun(&vault, 1, HANAKO);
    vault.fetch_key(id(1), 0).unwrap();
    let withdrawn = vault.withdraw_consent(id(1), false, at(10)).unwrap();
    assert_eq!(withdrawn, Withdrawn { running_fetch_ended: true, ..NOTHING });
    assert_eq!((rows(&vault), vault.fetch(id(1)).err()), ([0, 0, 0], Some(VaultError::NotFound)));
    assert_eq!(acts(&vault)[5..], ["fetch_ended", "consent_withdrawn"]);
    assert!(vault.consent(id(1)).unwrap().ended.unwrap().detail.contains(r#""reason":"withdrawn""#));
    assert!(is_sound(&vault));
}

#[test]
fn a_yes_that_was_withdrawn_begins_nothing() {
    let (_scene, vault) = family();
    let grant = granted(&vault, 1, HANAKO);
    vault.withdraw_consent(id(1), false, at(3)).unwrap();
    assert_eq!(vault.begin_fetch(grant, b"", at(600), at(4)), Err(VaultError::ConsentSpent));
    vault.note_consent_asked(&request(2, HANAKO), at(4)).unwrap();
    vault.withdraw_consent(id(2), false, at(4)).unwrap();
    let late = yes(request(2, HANAKO), at(4)).permitted().receipt.clone();
    assert_eq!(vault.note_consent_answered(&late, at(5)), Err(VaultError::ConsentSpent));
    assert_eq!(vault.withdraw_consent(id(9), false, at(5)), Err(VaultError::NotFound));
}

#[test]
fn erasing_asks_for_presence_and_marking_does_not() {
    let (_scene, vault) = family();
    fetched(&vault);
    let lines = ledger(&vault).len();
    assert_eq!(vault.withdraw_consent(id(1), true, at(900)), Err(VaultError::PresenceNeeded));
    assert_eq!((ledger(&vault).len(), vault.consent(id(1)).unwrap().withdrawn), (lines, None));
    assert!(vault.withdraw_consent(id(1), false, at(900)).is_ok());
}
