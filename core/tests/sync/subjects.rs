//! What decides whose an answer is, what the person is asked about it, and what is never taken in.

use techo_core::{
    consent::{Basis, Item},
    record::Mismatch,
    sync::{End, Leg, Question, SyncStep},
};

use crate::{
    relay::Plan,
    scene::{AS_HANAKO, AS_ICHIRO, AS_TARO, HANAKO, OF_A_BOY, OF_HANAKO, OF_ICHIRO, OF_TARO, Outcome, Scene, TARO, TWIN, checkup, doses},
};

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
