//! Addresses that somebody else sends, that came before, that come late or for another leg: nothing changes.

use techo_core::sync::{self, End, Leg, Reply, Return, SyncError, SyncSession, SyncStep, Trouble};
use techo_protocol::message::RefusalKind;
use url::Url;

use crate::{
    relay::{answered, name, refused},
    scene::Scene,
};

fn browsing(scene: &mut Scene, session: &mut SyncSession, leg: Leg) -> Url {
    for _ in 0..50 {
        if let SyncStep::Browse { leg: here, url, .. } = session.step()
            && *here == leg
        {
            return url.clone();
        }
        scene.advance(session);
    }
    panic!("never browsed for {leg:?}");
}

fn is_foreign(scene: &Scene, session: &mut SyncSession, address: &str) {
    let before = (format!("{:?}", session.step()), scene.vault.fetch(session.id()).ok().map(|fetch| fetch.state.to_vec()), scene.ledger());
    assert_eq!(session.redirect(&scene.vault, address, scene.now), Err(SyncError::ForeignRedirect), "{address}");
    let after = (format!("{:?}", session.step()), scene.vault.fetch(session.id()).ok().map(|fetch| fetch.state.to_vec()), scene.ledger());
    assert!(before == after, "nothing changes");
}

#[test]
fn a_redirect_counts_once_for_its_leg_and_its_session() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    is_foreign(&scene, &mut session, "https://www.example.jp/redirect?code=c&state=s");
    let identity = browsing(&mut scene, &mut session, Leg::Identity);
    let own = scene.relay.browse(&identity);
    let state = own.rsplit('=').next().unwrap().to_owned();
    for foreign in [
        "https://www.example.jp/redirect?code=c",
        "https://www.example.jp/redirect?code=c&state=",
        &format!("https://www.example.jp/redirect?code=c&state={}", state.to_lowercase()),
        &format!("https://www.example.jp/redirect?code=c&code=d&state={state}"),
        &format!("https://evil.example/redirect?code=c&state={state}"),
        "javascript:alert(1)",
    ] {
        is_foreign(&scene, &mut session, foreign);
    }
    session.redirect(&scene.vault, &own, scene.now).unwrap();
    is_foreign(&scene, &mut session, &own);
    let authorization = browsing(&mut scene, &mut session, Leg::Result);
    is_foreign(&scene, &mut session, &own);
    let second = scene.relay.browse(&authorization);
    session.redirect(&scene.vault, &second, scene.now).unwrap();
    is_foreign(&scene, &mut session, &second);
    scene.run(&mut session).digest();
    for late in [own, second] {
        is_foreign(&scene, &mut session, &late);
    }
    scene.is_over_with_one_receipt();
}

#[test]
fn a_link_of_somebody_elses_session_gets_nobody_anything() {
    let mut attacker = Scene::new();
    let mut theirs = attacker.start();
    let link = browsing(&mut attacker, &mut theirs, Leg::Identity);
    // The victim opens the attacker's link; the app with a fetch of its own is handed the redirect.
    let address = attacker.relay.browse(&link);
    let mut scene = Scene::new();
    let mut session = scene.start();
    browsing(&mut scene, &mut session, Leg::Identity);
    is_foreign(&scene, &mut session, &address);
    assert_eq!(scene.run(&mut session).digest().documents.len(), 1);
}

#[test]
fn an_address_that_comes_when_the_time_is_over_ends_it() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    let url = browsing(&mut scene, &mut session, Leg::Identity);
    let address = scene.relay.browse(&url);
    scene.now = session.expires();
    session.redirect(&scene.vault, &address, scene.now).unwrap();
    assert_eq!((scene.run(&mut session).end().id(), scene.documents()), ("expired", 0));
    scene.is_over_with_one_receipt();
}

#[test]
fn a_person_who_never_comes_back_is_told_so_by_the_clock() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    browsing(&mut scene, &mut session, Leg::Result);
    session.tick(&scene.vault, scene.now).unwrap();
    browsing(&mut scene, &mut session, Leg::Result);
    assert_eq!(scene.relay.carried.last().map(String::as_str), Some("Get "), "the relay was asked whether it still knows of it");
    scene.now = session.expires();
    let id = session.id();
    drop(session);
    let mut session = scene.resume(id).unwrap();
    assert_eq!(scene.run(&mut session).end().id(), "expired");
    scene.is_over_with_one_receipt();
}

#[test]
fn a_desktop_waits_on_the_port_it_named_or_begins_anew() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    let at = |port| Return::Loopback { port };
    let resume = |scene: &Scene, id, port| sync::resume_sync(&scene.vault, id, &scene.profile, at(port), scene.now).unwrap();
    let first = browsing(&mut scene, &mut session, Leg::Identity);
    let id = session.id();
    // Nobody has logged in: a new process may name another port, and gets a session of its own for it.
    let mut session = resume(&scene, id, 49_200);
    assert_eq!(session.back(), at(49_200));
    let url = browsing(&mut scene, &mut session, Leg::Identity);
    assert!(first != url && scene.relay.sessions.len() == 2);
    let to_loopback =
        |address: String, port: u16| address.replace("https://www.example.jp/redirect", &format!("http://127.0.0.1:{port}/techo"));
    let address = scene.relay.browse(&url);
    is_foreign(&scene, &mut session, &address);
    session.redirect(&scene.vault, &to_loopback(address, 49_200), scene.now).unwrap();
    // From here on the session's port counts.
    for _ in 0..20 {
        if matches!(session.step(), SyncStep::Browse { .. }) {
            break;
        }
        scene.advance(&mut session);
    }
    let mut session = resume(&scene, id, 49_300);
    assert_eq!(session.back(), at(49_200));
    assert_eq!(sync::unfinished(&scene.vault).unwrap()[0].back, Some(at(49_200)));
    let url = browsing(&mut scene, &mut session, Leg::Result);
    let address = to_loopback(scene.relay.browse(&url), 49_200);
    session.redirect(&scene.vault, &address, scene.now).unwrap();
    assert_eq!(scene.run(&mut session).digest().documents.len(), 1);
}

#[test]
fn a_relay_that_forgot_the_session_meanwhile_ends_it_before_the_card_is_tapped_in_vain() {
    for leg in [Leg::Identity, Leg::Result] {
        for resumes in [true, false] {
            let mut scene = Scene::new();
            let mut session = scene.start();
            browsing(&mut scene, &mut session, leg);
            // The relay is started anew.
            scene.relay.sessions.clear();
            if resumes {
                session = scene.resume(session.id()).unwrap();
            } else {
                session.tick(&scene.vault, scene.now).unwrap();
            }
            scene.advance(&mut session);
            let SyncStep::Ended(end) = session.step() else { panic!("{:?}", session.step()) };
            assert_eq!((end, scene.documents()), (&End::Forgotten, 0));
            scene.is_over_with_one_receipt();
        }
    }
}

#[test]
fn a_relay_that_cannot_be_asked_in_between_costs_nobody_the_browser() {
    let trouble: &[fn() -> Reply] = &[
        || Reply::Failed(Trouble::Offline),
        || Reply::Failed(Trouble::Cancelled),
        || refused(RefusalKind::Busy),
        || answered(404, b"<html>welcome to our network</html>"),
        || answered(200, b"<html>welcome to our network</html>"),
    ];
    for make in trouble {
        let mut scene = Scene::new();
        scene.relay.spoiler = Some(Box::new(move |exchange, _| (name(exchange) == "Get ").then(make)));
        let mut session = scene.start();
        let url = browsing(&mut scene, &mut session, Leg::Result);
        session = scene.resume(session.id()).unwrap();
        scene.advance(&mut session);
        assert!(matches!(session.step(), SyncStep::Browse { leg: Leg::Result, url: same, .. } if *same == url));
        assert_eq!(scene.run(&mut session).digest().documents.len(), 1);
        assert_eq!(scene.waits, 0);
    }
}

#[test]
fn a_browser_that_comes_back_while_the_relay_is_asked_is_heard() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    let url = browsing(&mut scene, &mut session, Leg::Identity);
    let address = scene.relay.browse(&url);
    session = scene.resume(session.id()).unwrap();
    assert!(matches!(session.step(), SyncStep::Exchange(_)));
    is_foreign(&scene, &mut session, &address.replace("state=", "state=x"));
    session.redirect(&scene.vault, &address, scene.now).unwrap();
    assert_eq!(scene.run(&mut session).digest().documents.len(), 1);
    assert!(!scene.relay.carried.contains(&"Get ".to_owned()));
}
