//! Values that the source states differently now.

use super::*;
use crate::{
    record::When,
    vault::{DocumentId, FactId, Filed, VaultError},
};

fn file(vault: &Vault, name: &str, values: &[Measured]) -> DocumentId {
    match vault.file(&document(HANAKO, name, values, None)).unwrap() {
        Filed::New { document, .. } => document,
        Filed::AlreadyHere { .. } => unreachable!("the document is new"),
    }
}

/// Pairs of new and old values.
fn changed(vault: &Vault, document: DocumentId) -> Vec<(String, String)> {
    let value = |id: FactId| match vault.fact(id).unwrap().fact.body {
        Body::Observation(Observation { value: Value::Number { decimal, .. }, .. }) => decimal.as_str().to_owned(),
        _ => unreachable!("a number was filed"),
    };
    vault.changed_by(document).unwrap().into_iter().map(|(new, old)| (value(new), value(old))).collect()
}

fn pair(new: &str, old: &str) -> (String, String) {
    (new.to_owned(), old.to_owned())
}

#[test]
fn another_value_of_the_same_item_and_day_is_a_change_and_the_old_one_stays() {
    let (_scene, vault) = family();
    file(&vault, "first", &[weight("50.5")]);
    let second = file(&vault, "second", &[weight("51.0")]);
    assert_eq!(changed(&vault, second), [pair("51.0", "50.5")]);
    let third = file(&vault, "third", &[weight("51.5")]);
    // The latest document is what it is compared with.
    assert_eq!(changed(&vault, third), [pair("51.5", "51.0")]);
    let series = vault.find_series(&["body-weight"], "", "").unwrap().remove(0);
    assert_eq!(vault.history(HANAKO, &series, None, 10).unwrap().len(), 3);
    // Said from the newer document only.
    assert_eq!(changed(&vault, second), [pair("51.0", "50.5")]);
}

#[test]
fn another_day_item_institution_or_person_is_no_change() {
    let (_scene, vault) = family();
    file(&vault, "first", &[weight("50.5")]);
    vault.file(&document(TARO, "his", &[weight("18.2")], None)).unwrap();
    let others = [
        Measured { day: "2024-05-04", ..weight("51.0") },
        Measured { code: "9N006000000000002", ..weight("51.0") },
        Measured { place: Some("別のクリニック"), ..weight("51.0") },
    ];
    for (number, other) in others.into_iter().enumerate() {
        let document = file(&vault, &format!("other {number}"), &[other]);
        assert_eq!(changed(&vault, document), [], "{number}");
    }
    // Institutions are compared in one spelling, and where one is not named, the day and the item decide.
    let spelled = file(&vault, "spelled", &[Measured { place: Some("見本ｸﾘﾆｯｸ"), ..weight("53.0") }]);
    assert_eq!(changed(&vault, spelled), [pair("53.0", "50.5")]);
    let nowhere = file(&vault, "nowhere", &[Measured { place: None, ..weight("54.0") }]);
    assert_eq!(changed(&vault, nowhere), [pair("54.0", "53.0")]);
    assert_eq!(vault.changed_by("d99".parse().unwrap()), Err(VaultError::NotFound));
}

#[test]
fn another_time_of_the_day_is_no_change() {
    let (_scene, vault) = family();
    let at_time = |name: &str, value, time: &str| {
        let mut filing = document(HANAKO, name, &[weight(value)], None);
        let day = "2024-05-03".parse().unwrap();
        filing.events[0].event.facts[0].when = Some(When { day, time: Some(time.to_owned()), until: None });
        match vault.file(&filing).unwrap() {
            Filed::New { document, .. } => document,
            Filed::AlreadyHere { .. } => unreachable!("the document is new"),
        }
    };
    at_time("morning", "50.5", "07:00");
    assert_eq!(changed(&vault, at_time("evening", "51.0", "21:00")), []);
    assert_eq!(changed(&vault, at_time("corrected", "51.5", "07:00")), [pair("51.5", "50.5")]);
}

#[test]
fn the_same_value_in_another_spelling_is_no_change() {
    let (_scene, vault) = family();
    file(&vault, "first", &[weight("50.5")]);
    let second = file(&vault, "second", &[weight("50.50")]);
    assert_eq!(changed(&vault, second), []);
}

#[test]
fn of_several_values_those_that_are_stated_again_have_not_changed() {
    let (_scene, vault) = family();
    file(&vault, "first", &[weight("50.5"), weight("51.0"), weight("51.5")]);
    // The first and the third again; the second is another.
    let second = file(&vault, "second", &[weight("50.5"), weight("52.0"), weight("51.5")]);
    assert_eq!(changed(&vault, second), [pair("52.0", "51.0")]);
    // Two new values beside one that was there: each old value is changed once.
    let third = file(&vault, "third", &[weight("50.5"), weight("53.0"), weight("51.5"), weight("54.0")]);
    assert_eq!(changed(&vault, third), [pair("53.0", "52.0"), pair("54.0", "51.0")]);
}
