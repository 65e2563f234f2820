//! What leaves and comes back knows by which consent it came, and nothing leaves without the person.

use std::collections::BTreeSet;

use super::*;
use crate::{
    consent::{
        Actor, Answer, Answered, Basis, ConsentGrant, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service,
        Wish,
    },
    present::Language,
    transfer::{Choice, backup, export_archive, export_csv, export_fhir, export_originals, import_archive, restore},
    vault::{Act, ConsentStanding, Setting, Trimmed, VaultError},
};

fn id(number: u8) -> ConsentId {
    ConsentId::from_bytes([0xc0 + number; 16])
}

/// Asked, answered with yes, and both in the ledger.
fn granted(vault: &Vault, number: u8, subject: PersonId) -> ConsentGrant {
    let services = [Service { id: "ZZ0001".to_owned(), items: BTreeSet::from([Item::Checkup]) }];
    let frame = Frame {
        id: id(number),
        subject,
        actor: Actor { basis: Basis::OwnCard, person: None },
        purpose: Purpose::Keep,
        operator: Operator { japanese: "見本".to_owned(), english: "Sample".to_owned(), contact: "none".to_owned() },
        keeping: Keeping { relay_seconds: 600 },
    };
    let wishes = vec![Wish { item: Item::Checkup, period: Period::default() }];
    let request = ConsentRequest::new(frame, wishes, &services).unwrap();
    vault.note_consent_asked(&request, at(100)).unwrap();
    let yes = [Answer { item: Item::Checkup, granted: true }];
    let Ok(Answered::Granted(grant)) = request.answer(&yes, &services, at(100)) else { unreachable!("a yes was given") };
    vault.note_consent_answered(&grant.permitted().receipt, at(100)).unwrap();
    grant
}

/// A fetch that brought one trimmed document, and another one that is running.
fn fetched(vault: &Vault) -> DocumentBody {
    let answer = Trimmed { full: Fingerprint::of(b"the whole answer"), size: 16 };
    vault.begin_fetch(granted(vault, 1, HANAKO), b"", at(200), at(101)).unwrap();
    let mut filing = filing(HANAKO, 95, vec![b"what was left".to_vec()], samples::documents().remove(1));
    filing.about = DocumentBody { consent: Some(id(1)), trimmed: Some(answer), ..filing.about };
    vault.end_fetch(id(1), (Act::Fetched, "{}"), std::slice::from_ref(&filing), at(102)).unwrap();
    vault.begin_fetch(granted(vault, 2, HANAKO), b"a state", at(200), at(103)).unwrap();
    vault.fetch_key(id(2), 0).unwrap();
    filing.about
}

#[test]
fn a_restored_vault_knows_its_consents_and_no_fetch_that_was_running() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let about = fetched(&vault);
    backup(&vault, &scene.path("backup"), &passphrase(), at(230), &mut quiet).unwrap();
    let secret = DeviceSecret::from_bytes(SECRET);
    restore(&scene.path("to"), &slots(&secret), &scene.path("backup"), Some(&passphrase()), at(240), &mut quiet).unwrap();
    let other = open(&scene.path("to"));
    assert_eq!(shown(&other), shown(&vault));
    let told = other.consent(id(1)).unwrap();
    assert_eq!((told.standing(), told.documents.len()), (ConsentStanding::Fetched, 1));
    assert_eq!(other.document(told.documents[0]).unwrap().about, about);
    assert_eq!((other.consent(id(2)).unwrap().standing(), other.fetches().unwrap().len()), (ConsentStanding::LeftOpen, 0));
    assert_eq!(other.check_records().unwrap(), Vec::<String>::new());
    // What came by the consent can be erased by it here as well; reading it anew changes nothing about that.
    other.refile(told.documents[0], &[]).unwrap();
    assert_eq!(other.document(told.documents[0]).unwrap().about, about);
    assert_eq!(other.withdraw_consent(id(1), true, at(250)).unwrap().documents, 1);
    assert_eq!(other.consent(id(2)).unwrap().standing(), ConsentStanding::LeftOpen);
    assert!(!other.withdraw_consent(id(2), false, at(250)).unwrap().running_fetch_ended);
}

#[test]
fn an_archive_carries_the_consent_of_a_document_and_leaves_the_ledger_behind() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let about = fetched(&vault);
    export_archive(&vault, None, &scene.path("out"), None, at(220), &mut quiet).unwrap();
    let other = scene.empty("to");
    import_archive(&other, &scene.path("out"), None, at(230), &mut quiet).unwrap();
    assert_eq!(shown(&other), shown(&vault));
    let came: Vec<_> = other.documents(None).unwrap().into_iter().filter(|document| document.about.consent.is_some()).collect();
    assert_eq!((came.len(), &came[0].about), (1, &about));
    assert_eq!((other.consents().unwrap(), other.consent(id(1)).err()), (vec![], Some(VaultError::NotFound)));
    assert_eq!(other.check_records().unwrap(), Vec::<String>::new());
    export_archive(&other, None, &scene.path("again"), None, at(240), &mut quiet).unwrap();
    assert!(fs::read(scene.path("out")).unwrap() == fs::read(scene.path("again")).unwrap());
}

#[test]
fn nothing_leaves_while_the_person_is_not_here() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let before = (ledger(&vault), scene.names());
    let late = at(300);
    let out = scene.path("out");
    let needed = || Err(TransferError::Vault(VaultError::PresenceNeeded));
    let every = |now| {
        [
            export_archive(&vault, None, &out, None, now, &mut quiet).map(drop),
            backup(&vault, &out, &passphrase(), now, &mut quiet).map(drop),
            export_csv(&vault, &Choice::of(None), &out, Language::Japanese, now, &mut quiet).map(drop),
            export_fhir(&vault, &Choice::of(None), &out, now, &mut quiet).map(drop),
            export_originals(&vault, None, &out, now, &mut quiet).map(drop),
        ]
    };
    assert_eq!(every(late), [needed(), needed(), needed(), needed(), needed()]);
    assert_eq!((ledger(&vault), scene.names()), before);
    vault.set_setting(Setting::Reauthenticate, false, at(299)).unwrap();
    assert_eq!(every(late), [Ok(()), Ok(()), Ok(()), Ok(()), Ok(())]);
}

#[test]
fn a_rescue_lets_records_out_for_the_person_alone() {
    let scene = Scene::new();
    scene.family("from").lock();
    let secret = DeviceSecret::from_bytes(SECRET);
    let vault = Vault::open_for_rescue(&scene.path("from"), Unlock::Device(&secret)).unwrap();
    let export = || export_archive(&vault, None, &scene.path("out"), None, at(5), &mut quiet).map(drop);
    assert_eq!(export(), Err(TransferError::Vault(VaultError::PresenceNeeded)));
    vault.confirm_presence(Unlock::Device(&secret), at(5)).unwrap();
    assert_eq!(export(), Ok(()));
}
