//! Every fault, and what it ends in: vault unchanged or wholly updated, one receipt.

use techo_core::sync::{self, Doubt, End, Exchange, Reply, SyncError, SyncStep, Trouble};
use techo_protocol::{
    message::{Failure, RefusalKind, Stage},
    seal::{Leg, PrivateKey},
};

use crate::{
    relay::{Relay, answered, name, progress, refused},
    scene::{Outcome, Scene},
};

type Make = fn() -> Reply;

/// Answers one request otherwise, these many times.
fn spoil(scene: &mut Scene, at: &'static str, times: u32, make: Make) {
    let mut left = times;
    scene.relay.spoiler = Some(Box::new(move |exchange: &Exchange, _: &mut Relay| {
        (name(exchange) == at && left > 0).then(|| {
            left -= 1;
            make()
        })
    }));
}

fn outcome(at: &'static str, times: u32, make: Make) -> (Outcome, Scene) {
    let mut scene = Scene::new();
    spoil(&mut scene, at, times, make);
    let mut session = scene.start();
    let outcome = scene.run(&mut session);
    (outcome, scene)
}

const EVERY: &[&str] = &[
    "Put ",
    "Post identity",
    "Get sealed/identity",
    "Delete sealed/identity",
    "Post authorization",
    "Get status",
    "Get sealed/result",
    "Delete sealed/result",
];

#[test]
fn what_passes_is_waited_out_at_every_exchange() {
    let passing: &[Make] = &[
        || Reply::Failed(Trouble::Offline),
        || Reply::Failed(Trouble::TimedOut),
        || Reply::Failed(Trouble::Broken),
        || refused(RefusalKind::Busy),
        || refused(RefusalKind::SlowDown),
        || refused(RefusalKind::Internal),
        || answered(502, b"<html>bad gateway</html>"),
        || Reply::Failed(Trouble::Unexpected),
    ];
    for at in EVERY {
        for (number, make) in passing.iter().enumerate() {
            let (outcome, scene) = outcome(at, 2, *make);
            assert_eq!(outcome.digest().documents.len(), 1, "{at} {number}");
            // The goodbye is said once: the answer is safe, and the relay forgets by itself.
            assert_eq!(scene.waits, if *at == "Delete sealed/result" { 0 } else { 2 }, "{at} {number}");
            scene.is_over_with_one_receipt();
        }
    }
}

#[test]
fn nonsense_after_being_offline_is_waited_out_like_any_other() {
    for at in EVERY {
        let mut scene = Scene::new();
        let mut replies = vec![answered(502, b""), Reply::Failed(Trouble::Offline), Reply::Failed(Trouble::TimedOut), answered(502, b"")];
        scene.relay.spoiler = Some(Box::new(move |exchange, _| if name(exchange) == *at { replies.pop() } else { None }));
        let mut session = scene.start();
        assert_eq!(scene.run(&mut session).digest().documents.len(), 1, "{at}");
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn a_lost_answer_is_asked_for_again_and_nothing_happens_twice() {
    for at in EVERY {
        let mut scene = Scene::new();
        let mut left = 1;
        // The relay does it, and the answer is lost on the way.
        scene.relay.spoiler = Some(Box::new(move |exchange, relay| {
            (name(exchange) == *at && left > 0).then(|| {
                left -= 1;
                relay.honest(exchange);
                Reply::Failed(Trouble::Broken)
            })
        }));
        let mut session = scene.start();
        assert_eq!(scene.run(&mut session).digest().documents.len(), 1, "{at}");
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn a_stopped_exchange_is_the_next_one_again() {
    for at in EVERY {
        let (outcome, scene) = outcome(at, 3, || Reply::Failed(Trouble::Cancelled));
        assert_eq!((outcome.digest().documents.len(), scene.waits), (1, 0), "{at}");
    }
}

/// At these exchanges …, this answer … ends the fetch so.
struct Fault(&'static [&'static str], Make, End);

#[test]
fn every_fault_of_the_relay_has_its_end() {
    const ALL_BUT_THE_LAST: &[&str] = &[
        "Put ",
        "Post identity",
        "Get sealed/identity",
        "Delete sealed/identity",
        "Post authorization",
        "Get status",
        "Get sealed/result",
    ];
    const TALK: &[&str] = &["Put ", "Post identity", "Post authorization", "Get status"];
    let faults = [
        Fault(ALL_BUT_THE_LAST, || Reply::Failed(Trouble::NotTheRelay(Doubt::UnknownRoot)), End::NotTheRelay(Doubt::UnknownRoot)),
        Fault(ALL_BUT_THE_LAST, || Reply::Failed(Trouble::NotTheRelay(Doubt::Expired)), End::NotTheRelay(Doubt::Expired)),
        Fault(ALL_BUT_THE_LAST, || Reply::Failed(Trouble::NotTheRelay(Doubt::OtherHost)), End::NotTheRelay(Doubt::OtherHost)),
        Fault(ALL_BUT_THE_LAST, || Reply::Failed(Trouble::TooLarge), End::TooLarge),
        Fault(ALL_BUT_THE_LAST, || refused(RefusalKind::OtherVersion), End::OtherVersion),
        Fault(ALL_BUT_THE_LAST, || refused(RefusalKind::BadRequest), End::RelayFault),
        Fault(ALL_BUT_THE_LAST, || refused(RefusalKind::UnknownSession), End::Forgotten),
        Fault(ALL_BUT_THE_LAST, || refused(RefusalKind::Internal), End::RelayFault),
        Fault(ALL_BUT_THE_LAST, || Reply::Failed(Trouble::Unexpected), End::RelayFault),
        Fault(TALK, || answered(200, b"<html>welcome to our network</html>"), End::RelayFault),
        Fault(TALK, || refused(RefusalKind::WrongStage), End::RelayFault),
        Fault(TALK, || refused(RefusalKind::ForeignState), End::RelayFault),
        Fault(TALK, || progress(Stage::Taken, None), End::Taken),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::CodeRefused)), End::CodeRefused),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::IdentityRefused)), End::IdentityRefused),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::Maintenance)), End::Maintenance),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::Unreachable)), End::PortalUnreachable),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::Late)), End::Late),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::TooLarge)), End::TooLarge),
        Fault(TALK, || progress(Stage::Failed, Some(Failure::Malformed)), End::Malformed),
        Fault(TALK, || progress(Stage::Failed, None), End::RelayFault),
        Fault(
            TALK,
            || progress(Stage::Failed, Some(Failure::Portal { code: "E9 手帳".to_owned() })),
            End::PortalRefused { code: "E9".to_owned() },
        ),
        Fault(&["Put "], || refused(RefusalKind::UnknownService), End::NotOffered),
        Fault(&["Put "], || progress(Stage::ResultSealed, None), End::RelayFault),
        Fault(&["Post identity"], || progress(Stage::ResultSealed, None), End::RelayFault),
        Fault(&["Post authorization", "Get status"], || progress(Stage::IdentitySealed, None), End::RelayFault),
        Fault(&["Get sealed/identity", "Get sealed/result"], || refused(RefusalKind::Taken), End::Taken),
        Fault(&["Get sealed/identity", "Get sealed/result"], || answered(200, b""), End::Forged),
        Fault(&["Get sealed/identity", "Get sealed/result"], || answered(200, &[7; 500]), End::Forged),
    ];
    for Fault(places, make, end) in faults {
        for at in places {
            let (outcome, scene) = outcome(at, u32::MAX, make);
            assert_eq!((outcome, scene.documents()), (Outcome::Ended(end.clone()), 0), "{at}");
            let detail = scene.is_over_with_one_receipt().detail.unwrap();
            assert!(detail.contains(&format!(r#""reason":"{}""#, end.id())) && !detail.contains("手帳"), "{detail}");
        }
    }
}

#[test]
fn an_answer_that_is_safe_here_is_filed_though_the_relay_cannot_be_told() {
    for make in [
        (|| Reply::Failed(Trouble::Offline)) as Make,
        || refused(RefusalKind::UnknownSession),
        || refused(RefusalKind::Taken),
        || refused(RefusalKind::Busy),
        || refused(RefusalKind::Internal),
        || refused(RefusalKind::OtherVersion),
        || refused(RefusalKind::BadRequest),
        || answered(502, b""),
        || answered(200, b"<html>welcome to our network</html>"),
        || Reply::Failed(Trouble::NotTheRelay(Doubt::UnknownRoot)),
        || Reply::Failed(Trouble::TooLarge),
    ] {
        let (outcome, scene) = outcome("Delete sealed/result", u32::MAX, make);
        assert_eq!(outcome.digest().documents.len(), 1);
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn offline_until_the_time_is_over_is_expired() {
    for at in EVERY.iter().filter(|at| **at != "Delete sealed/result") {
        let (outcome, scene) = outcome(at, u32::MAX, || Reply::Failed(Trouble::Offline));
        assert_eq!((outcome, scene.documents()), (Outcome::Ended(End::Expired), 0), "{at}");
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn records_sealed_by_somebody_else_for_another_session_or_leg_are_not_opened() {
    for (leg, at) in [(Leg::Identity, "Get sealed/identity"), (Leg::Result, "Get sealed/result")] {
        for kind in 0..3 {
            let mut scene = Scene::new();
            scene.relay.spoiler = Some(Box::new(move |exchange, relay| {
                let id = relay.sessions.keys().next().cloned()?;
                (name(exchange) == at).then(|| match kind {
                    0 => answered(200, &relay.seal(&id, leg, &PrivateKey::make().unwrap())),
                    1 => {
                        let other = if leg == Leg::Identity { Leg::Result } else { Leg::Identity };
                        answered(200, &relay.seal(&id, other, &relay.key))
                    }
                    _ => {
                        let mut sealed = relay.seal(&id, leg, &relay.key);
                        let last = sealed.len() - 1;
                        sealed[last] ^= 1;
                        answered(200, &sealed)
                    }
                })
            }));
            let mut session = scene.start();
            assert_eq!((scene.run(&mut session).end(), scene.documents()), (End::Forged, 0), "{at} {kind}");
            let told = scene.relay.carried.iter().filter(|name| name.as_str() == at.replace("Get", "Delete")).count();
            assert_eq!(told, 0, "only what opens is let go");
            scene.is_over_with_one_receipt();
        }
    }
}

#[test]
fn an_answer_in_no_known_form_ends_with_nothing_filed() {
    for (answer, end) in [
        ("", End::Malformed),
        ("not json", End::Malformed),
        ("[]", End::Malformed),
        (r#"{"見本県見本市":{"予防接種情報":[{"接種年月日":"2024"#, End::Malformed),
    ] {
        let mut scene = Scene::new();
        scene.plan().answer = answer.to_owned();
        let mut session = scene.start();
        assert_eq!((scene.run(&mut session).end(), scene.documents()), (end, 0), "{answer}");
        scene.is_over_with_one_receipt();
    }
}

#[test]
fn the_browser_can_end_it_too() {
    for (brought, end) in [
        ("error=access_denied", End::Refused),
        ("error=Certificate+expired", End::CardExpired),
        ("error=temporarily_unavailable", End::Maintenance),
        ("error=server_error&error_description=x", End::BrowserFailed { code: "server_error".to_owned() }),
    ] {
        for leg in [0, 1] {
            let mut scene = Scene::new();
            scene.plan().browser[leg] = Some(brought);
            let mut session = scene.start();
            assert_eq!((scene.run(&mut session).end(), scene.documents()), (end.clone(), 0));
            assert_eq!(scene.relay.carried.last().map(String::as_str), Some("Delete "), "the relay forgets at once");
            assert!(scene.relay.sessions.is_empty());
            scene.is_over_with_one_receipt();
        }
    }
}

#[test]
fn it_can_be_stopped_at_every_step() {
    let mut steps = 0;
    loop {
        let mut scene = Scene::new();
        let mut session = scene.start();
        for _ in 0..steps {
            scene.advance(&mut session);
        }
        if matches!(session.step(), SyncStep::Done(_)) {
            break;
        }
        session.cancel(&scene.vault, scene.now).unwrap();
        assert_eq!((scene.run(&mut session).end(), scene.documents()), (End::Cancelled, 0), "after {steps}");
        session.cancel(&scene.vault, scene.now).unwrap();
        scene.is_over_with_one_receipt();
        steps += 1;
        assert!(steps < 50);
    }
    assert!(steps > 8, "{steps}");
}

#[test]
fn a_withdrawal_ends_it_wherever_it_is() {
    let mut steps = 0;
    loop {
        let mut scene = Scene::new();
        let mut session = scene.start();
        for _ in 0..steps {
            scene.advance(&mut session);
        }
        if matches!(session.step(), SyncStep::Done(_)) {
            break;
        }
        let farewell = sync::farewell(&scene.vault, session.id(), &scene.profile).unwrap();
        let mut stranger = scene.profile.clone();
        stranger.seal = PrivateKey::make().unwrap().public().unwrap();
        assert_eq!(sync::farewell(&scene.vault, session.id(), &stranger).err(), Some(SyncError::OtherRelay));
        assert!(scene.vault.withdraw_consent(session.id(), false, scene.now).unwrap().running_fetch_ended);
        assert_eq!(sync::farewell(&scene.vault, session.id(), &scene.profile).err(), Some(SyncError::NoSuchFetch));
        // Whoever still holds the session gets nowhere with it.
        let gone = match session.step() {
            SyncStep::Exchange(exchange) => {
                let reply = scene.relay.carry(exchange);
                session.answer(&scene.vault, reply, scene.now)
            }
            SyncStep::Browse { url, .. } => {
                let address = scene.relay.browse(url);
                session.redirect(&scene.vault, &address, scene.now)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!((gone, scene.documents()), (Err(SyncError::NoSuchFetch), 0), "after {steps}");
        assert!(scene.is_over_with_one_receipt().detail.unwrap().contains("withdrawn"));
        assert_eq!(farewell.is_some(), steps > 0, "the relay is told what it knows of");
        if let Some(farewell) = farewell {
            scene.relay.carry(&farewell);
        }
        assert!(scene.relay.sessions.is_empty() || steps == 0, "the relay forgets at once");
        steps += 1;
        assert!(steps < 50);
    }
}
