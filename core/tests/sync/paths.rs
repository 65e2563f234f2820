//! The ways a fetch can go well, and what is left when half of it does.

use techo_core::{
    base::Fingerprint,
    consent::{Basis, Item, Period, Wish},
    formats::{self, FormatError, health_card::KeySet},
    intake::reread,
    sync::{End, Leg, Profile, Reply, SyncError, SyncStep, Trouble},
    vault::{Act, VaultError},
};
use techo_protocol::message::Failure;

use crate::{
    relay::{Plan, name},
    scene::{AS_HANAKO, HANAKO, ICHIRO, OF_HANAKO, Scene, checkup, doses},
};

#[test]
fn a_fetch_files_what_was_consented_to_and_leaves_nothing_else() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    let id = session.id();
    let digest = scene.run(&mut session).digest();
    assert_eq!((digest.documents.len(), digest.already_here, digest.cut().count()), (1, 0, 0));
    assert!(digest.new >= 2 && digest.refused.is_empty() && digest.missing.is_none());
    let group = &digest.groups[0];
    assert_eq!((group.name.as_str(), group.item, group.returned, group.kept), ("予防接種情報", Item::Vaccination, 2, 2));
    let receipt = scene.is_over_with_one_receipt();
    assert_eq!(receipt.act, Act::Fetched.id());
    let detail = receipt.detail.unwrap();
    assert!(detail.contains(r#""process":"P-0001""#) && detail.contains(r#""returned":2"#), "{detail}");
    assert!(!detail.contains("花子") && !detail.contains("one-time"), "{detail}");

    let document = scene.vault.document(digest.documents[0]).unwrap();
    assert_eq!((document.person, document.about.consent, document.about.trimmed), (HANAKO, Some(id), None));
    let original = scene.vault.original(document.id).unwrap();
    assert_eq!(original[0].as_slice(), doses(OF_HANAKO, &["20240401", "20250401"]).as_bytes(), "byte for byte");
    // Nobody else was asked anything beyond the protocol, each thing once.
    assert_eq!(
        scene.relay.carried,
        [
            "Put ",
            "Post identity",
            "Get sealed/identity",
            "Delete sealed/identity",
            "Post authorization",
            "Get status",
            "Get sealed/result",
            "Delete sealed/result"
        ]
    );
    assert_eq!(scene.ledger().iter().filter(|entry| entry.act == Act::IdentityChecked.id()).count(), 1);
    assert_eq!(scene.resume(id).err(), Some(SyncError::NoSuchFetch), "a grant pays for one fetch");
}

#[test]
fn a_second_fetch_adds_nothing_and_a_correction_keeps_the_old_value() {
    let mut scene = Scene::new();
    let wish = [Scene::own(Item::Checkup)];
    let mut first = scene.start_for(HANAKO, Basis::OwnCard, None, &wish);
    assert!(scene.run(&mut first).digest().new > 0);
    let mut second = scene.start_for(HANAKO, Basis::OwnCard, None, &wish);
    let digest = scene.run(&mut second).digest();
    assert_eq!((digest.new, digest.documents.len(), digest.known_documents.len()), (0, 0, 1));

    scene.relay.plans.get_mut("ST0002").unwrap().answer = checkup().replace("53.4", "54.3");
    let mut third = scene.start_for(HANAKO, Basis::OwnCard, None, &wish);
    let digest = scene.run(&mut third).digest();
    assert_eq!((digest.new, digest.changed.len()), (1, 1), "{digest:?}");
    assert!(digest.already_here > 0);
    assert_eq!(scene.receipts().len(), 3);
}

#[test]
fn what_nobody_consented_to_is_cut_before_anything_is_filed() {
    let mut scene = Scene::new();
    let answer = r#"{"見本県見本市":{"予防接種情報":{"氏名":"手帳　花子","接種履歴":[
        {"接種年月日":"20240401","ワクチン名":"昔（架空）"},{"接種年月日":"20250401","ワクチン名":"今（架空）"}]},
        "なぞの情報":{"なぞ":"surplus-canary"},"健診情報":{"健診受診日":"20250601","身長":"158.2"}}}"#;
    scene.plan().answer = answer.to_owned();
    let period = Period { from: Some("2025-01-01".parse().unwrap()), until: None };
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &[Wish { item: Item::Vaccination, period }]);
    let digest = scene.run(&mut session).digest();
    let counts: Vec<(&str, Item, u32, u32)> =
        digest.groups.iter().map(|group| (group.name.as_str(), group.item, group.returned, group.kept)).collect();
    assert_eq!(counts[0], ("予防接種情報", Item::Vaccination, 2, 1));
    assert!(counts.contains(&("なぞの情報", Item::Other, 1, 0)) && counts.contains(&("健診情報", Item::Checkup, 1, 0)), "{counts:?}");
    assert_eq!(digest.cut().count(), 3);
    let document = scene.vault.document(digest.documents[0]).unwrap();
    let original = scene.vault.original(document.id).unwrap();
    let text = std::str::from_utf8(&original[0]).unwrap();
    assert!(text.contains("今（架空）") && !text.contains("昔（架空）") && !text.contains("canary") && !text.contains("158.2"), "{text}");
    let trimmed = document.about.trimmed.unwrap();
    assert_eq!((trimmed.full, trimmed.size), (Fingerprint::of(answer.as_bytes()), answer.len() as u64));
    assert!(scene.is_over_with_one_receipt().detail.unwrap().contains(r#""trimmed":true"#));
}

#[test]
fn where_everything_is_cut_the_receipt_says_so_and_nothing_is_filed() {
    let mut scene = Scene::new();
    let period = Period { from: Some("2030-01-01".parse().unwrap()), until: None };
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &[Wish { item: Item::Vaccination, period }]);
    let digest = scene.run(&mut session).digest();
    assert_eq!((digest.documents.len(), digest.new, digest.cut().count()), (0, 0, 1));
    assert_eq!(scene.documents(), 0);
    assert!(scene.is_over_with_one_receipt().detail.unwrap().contains(r#""kept":0"#));
}

#[test]
fn two_services_are_two_rounds_and_file_together() {
    let mut scene = Scene::new();
    let wishes = [Scene::own(Item::Vaccination), Scene::own(Item::Checkup)];
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &wishes);
    let mut browsed = Vec::new();
    while !matches!(session.step(), SyncStep::Done(_) | SyncStep::Ended(_)) {
        assert!(browsed.len() < 10, "{browsed:?}");
        if let SyncStep::Browse { round, rounds, leg, .. } = session.step() {
            browsed.push((*round, *rounds, *leg));
            assert_eq!(scene.documents(), 0, "nothing is filed before the end");
        }
        scene.advance(&mut session);
    }
    assert_eq!(browsed, [(1, 2, Leg::Identity), (1, 2, Leg::Result), (2, 2, Leg::Identity), (2, 2, Leg::Result)]);
    let digest = scene.run(&mut session).digest();
    assert_eq!((digest.documents.len(), digest.groups.len()), (2, 2));
    scene.is_over_with_one_receipt();
    assert_eq!(scene.relay.sessions.len(), 2);
}

#[test]
fn when_the_second_round_brings_nothing_the_first_is_kept_and_the_rest_is_named() {
    let mut scene = Scene::new();
    scene.relay.plans.get_mut("ST0002").unwrap().portal_failure = Some(Failure::Maintenance);
    let wishes = [Scene::own(Item::Vaccination), Scene::own(Item::Checkup)];
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &wishes);
    let digest = scene.run(&mut session).digest();
    let missing = digest.missing.unwrap();
    assert_eq!((missing.items.into_iter().collect::<Vec<_>>(), missing.why), (vec![Item::Checkup], End::Maintenance));
    assert_eq!(digest.documents.len(), 1);
    let receipt = scene.is_over_with_one_receipt();
    assert!(receipt.detail.unwrap().contains(r#""missing":{"reason":"maintenance","services":["ST0002"]}"#));
}

#[test]
fn a_second_round_that_is_given_up_is_forgotten_by_the_relay_and_the_first_is_filed_whatever_it_says() {
    for is_offline in [false, true] {
        let mut scene = Scene::new();
        scene.relay.plans.get_mut("ST0002").unwrap().browser[1] = Some("error=access_denied");
        scene.relay.spoiler =
            Some(Box::new(move |exchange, _| (is_offline && name(exchange) == "Delete ").then_some(Reply::Failed(Trouble::Offline))));
        let wishes = [Scene::own(Item::Vaccination), Scene::own(Item::Checkup)];
        let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &wishes);
        let digest = scene.run(&mut session).digest();
        assert_eq!((digest.missing.unwrap().why, digest.documents.len()), (End::Refused, 1));
        assert_eq!(scene.relay.carried.last().map(String::as_str), Some("Delete "));
        assert_eq!(scene.relay.sessions.len(), if is_offline { 2 } else { 1 }, "of the first, the relay remembers that it was taken");
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn a_fetch_goes_on_with_the_profile_it_began_with_and_no_other() {
    let mut scene = Scene::new();
    let session = scene.start();
    let changes: &[fn(&mut Profile)] = &[
        |profile| profile.api = "https://other.example.jp".parse().unwrap(),
        |profile| profile.operator.ja.push('＊'),
        |profile| profile.operator.contact.push('x'),
        |profile| profile.services[0].items.clear(),
        |profile| drop(profile.services.pop()),
        |profile| profile.groups[0].item = "other".to_owned(),
        |profile| profile.redirect = "https://other.example.jp/redirect".parse().unwrap(),
        |profile| profile.provider.push('x'),
    ];
    let own = scene.profile.clone();
    for (number, change) in changes.iter().enumerate() {
        change(&mut scene.profile);
        assert_eq!(scene.resume(session.id()).err(), Some(SyncError::OtherRelay), "{number}");
        scene.profile = own.clone();
    }
    // A root may be exchanged meanwhile: the relay is still who it was.
    scene.profile.roots.push(own.roots[0].clone());
    let mut session = scene.resume(session.id()).unwrap();
    assert_eq!(scene.run(&mut session).digest().documents.len(), 1);
}

#[test]
fn what_was_fetched_in_names_that_nobody_knows_can_be_read_again_after_a_loss() {
    let mut scene = Scene::new();
    let answer = r#"{"city-1":{"group-1":{"name-1":"value-1"}}}"#;
    scene.relay.plans.insert("ST0003".to_owned(), Plan::of(AS_HANAKO, answer));
    assert!(matches!(formats::read(answer.as_bytes(), &KeySet::new(0)), Err(FormatError::NotRead(_))), "as a file it is of no format");
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &[Scene::own(Item::Other)]);
    let digest = scene.run(&mut session).digest();
    let (document, new) = (digest.documents[0], u64::from(digest.new));
    assert!(new > 0);
    scene.vault.refile(document, &[]).unwrap();
    assert_eq!(scene.vault.stated(document).unwrap(), 0);
    let again = reread(&scene.vault, &KeySet::new(0)).unwrap();
    assert_eq!((again.documents, again.records, scene.vault.stated(document).unwrap()), (1, new, new));
}

#[test]
fn a_grant_is_spent_in_time_by_the_person_for_the_relay_that_was_named() {
    let mut scene = Scene::new();
    let wish = [Scene::own(Item::Vaccination)];
    let grant = scene.consent(HANAKO, Basis::OwnCard, None, &wish);
    scene.now += chrono::TimeDelta::minutes(3);
    let other = scene.consent(HANAKO, Basis::OwnCard, None, &wish);
    let operator = scene.profile.operator.clone();
    scene.profile.operator.ja = "ほかの運営者".to_owned();
    assert_eq!(scene.try_start(other).err(), Some(SyncError::OtherRelay));
    scene.profile.operator = operator;
    scene.now += chrono::TimeDelta::minutes(6);
    assert_eq!(scene.try_start(grant).err(), Some(SyncError::PresenceNeeded));
    let late = scene.consent(HANAKO, Basis::OwnCard, None, &wish);
    scene.now += chrono::TimeDelta::minutes(4);
    let running = scene.try_start(late).unwrap();
    assert_eq!(scene.try_start(scene.consent(HANAKO, Basis::OwnCard, None, &wish)).err(), Some(SyncError::FetchRunning));
    // Somebody else's fetch does not disturb.
    let mut of_ichiro = scene.start_for(ICHIRO, Basis::OwnCard, None, &wish);
    of_ichiro.cancel(&scene.vault, scene.now).unwrap();
    let seal = scene.profile.seal;
    scene.profile.seal = techo_protocol::PublicKey::from_bytes([9; 32]);
    assert_eq!(scene.resume(running.id()).err(), Some(SyncError::OtherRelay));
    scene.profile.seal = seal;
    assert!(scene.resume(running.id()).is_ok());
    assert_eq!(scene.vault.fetch(techo_core::consent::ConsentId::from_bytes([9; 16])).err(), Some(VaultError::NotFound));
}
