//! The ways a fetch can go well, and what decides whose it is.

use techo_core::{
    base::Fingerprint,
    consent::{Basis, Item, Period, Wish},
    formats::{self, FormatError, health_card::KeySet},
    intake::reread,
    record::Mismatch,
    sync::{End, Leg, Profile, Question, Reply, SyncError, SyncStep, Trouble},
    vault::{Act, VaultError},
};
use techo_protocol::message::Failure;

use crate::{
    relay::{Plan, name},
    scene::{
        AS_HANAKO, AS_ICHIRO, AS_TARO, HANAKO, ICHIRO, OF_A_BOY, OF_HANAKO, OF_ICHIRO, OF_TARO, Outcome, Scene, TARO, TWIN, checkup, doses,
    },
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
fn a_stranger_in_the_second_round_undoes_the_first() {
    let mut scene = Scene::new();
    scene.relay.plans.insert("ST0002".to_owned(), Plan::of(AS_ICHIRO, &checkup()));
    let wishes = [Scene::own(Item::Vaccination), Scene::own(Item::Checkup)];
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &wishes);
    let end = scene.run(&mut session).end();
    let differs = Mismatch { name: true, born: true, sex: true };
    assert_eq!((end, scene.documents()), (End::NotYou { leg: Leg::Identity, differs }, 0));
    scene.is_over_with_one_receipt();
}

#[test]
fn somebody_elses_card_stops_before_the_portal_is_asked() {
    let mut scene = Scene::new();
    scene.plan().login = AS_ICHIRO;
    let mut session = scene.start();
    let end = scene.run(&mut session).end();
    assert!(matches!(end, End::NotYou { leg: Leg::Identity, .. }), "{end:?}");
    assert!(!scene.relay.carried.contains(&"Post authorization".to_owned()));
    assert_eq!(scene.relay.carried.last().map(String::as_str), Some("Delete "), "the relay forgets at once");
    let detail = scene.is_over_with_one_receipt().detail.unwrap();
    assert!(detail.contains(r#""reason":"not_you""#) && detail.contains(r#""differs":["name","born","sex"]"#), "{detail}");
}

#[test]
fn every_subject_that_an_answer_states_must_be_the_person() {
    for answer in [
        doses(OF_ICHIRO, &["20240401"]),
        // A stranger's group behind one that is right.
        format!(
            r#"{{"見本県見本市":{{"予防接種情報":{{{OF_HANAKO}"接種履歴":[{{"接種年月日":"20240401"}}]}},"健診情報":{{{OF_ICHIRO}"身長":"170"}}}}}}"#
        ),
    ] {
        let mut scene = Scene::new();
        scene.plan().answer = answer;
        let mut session = scene.start();
        let end = scene.run(&mut session).end();
        assert!(matches!(end, End::NotYou { leg: Leg::Result, .. }), "{end:?}");
        assert_eq!(scene.documents(), 0);
        assert!(scene.is_over_with_one_receipt().detail.unwrap().contains(r#""code":"answer""#));
    }
}

#[test]
fn a_parents_own_login_is_no_mismatch_and_the_answer_decides() {
    let wish = [Scene::own(Item::Vaccination)];
    for (basis, login) in [(Basis::ChildsCard, AS_TARO), (Basis::ChildsCard, AS_HANAKO), (Basis::RegisteredProxy, AS_HANAKO)] {
        let mut scene = Scene::new();
        *scene.plan() = Plan::of(login, &doses(OF_TARO, &["20240401"]));
        let mut session = scene.start_for(TARO, basis, Some(HANAKO), &wish);
        assert_eq!(scene.run(&mut session).digest().documents.len(), 1, "{basis:?}");
        assert_eq!(scene.vault.documents(Some(TARO)).unwrap().len(), 1);

        // The other child's, or the parent's own records: not filed under this child.
        for answer in [doses(OF_HANAKO, &["20240401"]), doses(OF_ICHIRO, &["20240401"])] {
            let mut scene = Scene::new();
            *scene.plan() = Plan::of(login, &answer);
            let mut session = scene.start_for(TARO, basis, Some(HANAKO), &wish);
            assert!(matches!(scene.run(&mut session).end(), End::NotYou { leg: Leg::Result, .. }));
            assert_eq!(scene.documents(), 0);
        }
    }
    let mut scene = Scene::new();
    *scene.plan() = Plan::of(AS_ICHIRO, &doses(OF_TARO, &["20240401"]));
    let mut session = scene.start_for(TARO, Basis::ChildsCard, Some(HANAKO), &wish);
    assert!(matches!(scene.run(&mut session).end(), End::NotYou { leg: Leg::Identity, .. }), "the request says who acts");
}

#[test]
fn an_answer_that_does_not_say_whose_it_is_needs_a_word() {
    let nameless = doses("", &["20240401"]);
    for (says, (subject, basis, actor)) in [true, false].into_iter().flat_map(|says| {
        // Also where she logged in with her own card: the portal's own login comes after it, with whatever card.
        [(HANAKO, Basis::OwnCard, None), (TARO, Basis::ChildsCard, Some(HANAKO))].map(|who| (says, who))
    }) {
        let mut scene = Scene::new();
        *scene.plan() = Plan::of(AS_HANAKO, &nameless);
        scene.says = says;
        let mut session = scene.start_for(subject, basis, actor, &[Scene::own(Item::Vaccination)]);
        let outcome = scene.run(&mut session);
        assert_eq!(scene.asked, [Question::Unstated]);
        if says {
            assert_eq!(outcome.digest().documents.len(), 1);
        } else {
            assert_eq!((outcome.end(), scene.documents()), (End::NotConfirmed, 0));
        }
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn twins_are_asked_about_and_nobody_else_is() {
    let boy = ["テチョウ　タロウ", "20190620", "1"];
    for (has_twin, asked) in
        [(false, vec![]), (true, vec![Question::Login { others: vec![TWIN] }, Question::Answer { others: vec![TWIN] }])]
    {
        for says in [true, false] {
            let mut scene = Scene::new();
            if has_twin {
                scene.add_twin();
            }
            scene.says = says;
            *scene.plan() = Plan::of(boy, &doses(OF_A_BOY, &["20240401"]));
            let mut session = scene.start_for(TARO, Basis::ChildsCard, Some(HANAKO), &[Scene::own(Item::Vaccination)]);
            let outcome = scene.run(&mut session);
            if has_twin && !says {
                assert_eq!((outcome.end(), scene.asked.as_slice(), scene.documents()), (End::NotConfirmed, &asked[..1], 0));
            } else {
                assert_eq!((outcome.digest().documents.len(), &scene.asked), (1, &asked));
            }
            scene.is_over_with_one_receipt();
        }
    }
}

#[test]
fn a_my_number_is_never_taken_in_and_what_may_be_one_is_asked_about() {
    let mut scene = Scene::new();
    scene.plan().answer = doses(r#""個人番号":"123456789018","#, &["20240401"]);
    let mut session = scene.start();
    assert_eq!((scene.run(&mut session).end(), scene.documents()), (End::MyNumber, 0));
    scene.is_over_with_one_receipt();

    for says in [true, false] {
        let mut scene = Scene::new();
        scene.says = says;
        scene.plan().answer =
            r#"{"見本県見本市":{"予防接種情報":{"氏名":"手帳　花子","接種履歴":[{"接種年月日":"20240401","ワクチン名":"架空","備考":"123456789018 のこと"}]}}}"#
                .to_owned();
        let mut session = scene.start();
        let outcome = scene.run(&mut session);
        assert!(matches!(scene.asked.as_slice(), [Question::Digits { .. }]), "{:?}", scene.asked);
        if says {
            assert_eq!(outcome.digest().documents.len(), 1);
        } else {
            assert_eq!((outcome.end(), scene.documents()), (End::MyNumber, 0));
        }
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
fn every_place_with_twelve_digits_is_asked_about_by_itself() {
    let note = |name: &str| {
        format!(
            r#"{{"接種年月日":"20240401","ワクチン名":"{name}","備考":"123456789018 のこと"}},{{"接種年月日":"20250401","ワクチン名":"{name}2","備考":"123456789018 とも"}}"#
        )
    };
    let answer = |group: &str| format!(r#"{{"見本県見本市":{{"{group}":{{{OF_HANAKO}"接種履歴":[{}]}}}}}}"#, note("架空"));
    let wishes = [Scene::own(Item::Vaccination), Scene::own(Item::Checkup)];
    // A no to any of them is the end; each answer has two places, and the places of both are called alike.
    for yes in 0..=4 {
        let mut scene = Scene::new();
        scene.plan().answer = answer("予防接種情報");
        scene.relay.plans.get_mut("ST0002").unwrap().answer = answer("予防接種情報");
        let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &wishes);
        while !matches!(session.step(), SyncStep::Done(_) | SyncStep::Ended(_)) {
            scene.says = scene.asked.len() < yes;
            scene.advance(&mut session);
            if matches!(session.step(), SyncStep::Confirm(_)) {
                // The same question comes again after a pause.
                session = scene.resume(session.id()).unwrap();
            }
        }
        assert_eq!(scene.asked.len(), (yes + 1).min(4), "{:?}", scene.asked);
        assert!(scene.asked.iter().all(|question| matches!(question, Question::Digits { .. })));
        match scene.run(&mut session) {
            Outcome::Done(digest) => assert_eq!((yes, digest.documents.len() + digest.known_documents.len()), (4, 2)),
            Outcome::Ended(end) => assert_eq!((end, scene.documents(), yes < 4), (End::MyNumber, 0, true)),
        }
        scene.is_over_with_one_receipt();
    }
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
