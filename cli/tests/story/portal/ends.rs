//! Fetches of which nothing comes: each ends with its own code, a sentence that helps, one receipt, and a vault as it was.

use serde_json::Value;
use techo_portal_standin::{Card, Door, Fault, Leg, Malformed, Visit};

use super::{Fetched, HANAKO, Scene, receipt};

/// Nothing was taken in, and the receipt says why.
#[track_caller]
fn nothing_came(scene: &Scene, fetched: &Fetched, reason: &str) {
    let ended = fetched.step("ended");
    assert_eq!(ended["reason"], reason);
    let ledger = scene.ledger();
    let receipt = receipt(&ledger);
    assert_eq!((&receipt["act"], &receipt["detail"]["reason"]), (&Value::from("fetch_ended"), &Value::from(reason)));
    assert!(receipt["words"].as_str().unwrap().contains("何も取り込んでいません"));
}

#[test]
fn who_says_no_is_not_fetched_for() {
    let Some(mut scene) = Scene::new() else { return };
    // Before anything: item by item, and silence is a no.
    for arguments in [&["--answers", "checkup=no,medication=no"][..], &[]] {
        let running = scene.start(&[&["--person", HANAKO, "--items", "checkup,medication"], arguments].concat());
        let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(26);
        assert_eq!((fetched.step("answer")["granted"].as_array().unwrap().len(), fetched.steps("started").len()), (0, 0));
    }
    // One of two: the other is not asked of the portal either.
    let running = scene.start(&["--person", HANAKO, "--items", "checkup,medication", "--answers", "checkup=no,medication=yes"]);
    let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(0);
    assert_eq!(fetched.step("answer")["services"], serde_json::json!(["ZZ0002"]));
    let done = fetched.step("done");
    assert!(done["groups"].as_array().unwrap().iter().all(|group| group["item"] == "medication"));
    let records = crate::notebook::count(&done, "new");
    // On the portal's own pages.
    for (fault, legs) in [(None, 1), (Some(Fault::Refuse(Leg::Identity)), 1), (Some(Fault::Refuse(Leg::Authorization)), 2)] {
        let visit = if fault.is_none() { Visit::with(Card::Hanako).refusing() } else { Visit::with(Card::Hanako) };
        if let Some(fault) = fault {
            scene.orders().once(fault);
        }
        let running = scene.start_hanako("checkup");
        let fetched = scene.play(running, &visit).ended(26);
        assert_eq!(fetched.arrivals.len(), legs);
        nothing_came(&scene, &fetched, "refused");
    }
    let standings: Vec<Value> =
        scene.notebook.run(&["consents", "--json"]).ok().lines().iter().map(|line| line["standing"].clone()).collect();
    assert_eq!(standings, ["ended", "ended", "ended", "fetched", "declined", "declined"]);
    scene.ends_well(records);
}

#[test]
fn an_expired_and_a_replayed_code_open_nothing() {
    let Some(mut scene) = Scene::new() else { return };
    for fault in [
        Fault::ExpiredCode(Leg::Identity),
        Fault::ReplayedCode(Leg::Identity),
        Fault::ExpiredCode(Leg::Authorization),
        Fault::ReplayedCode(Leg::Authorization),
    ] {
        scene.orders().once(fault);
        let fetched = scene.fetch("checkup").ended(37);
        nothing_came(&scene, &fetched, "code_refused");
    }
    scene.ends_well(0);
}

#[test]
fn somebody_elses_card_and_somebody_elses_answer_are_not_filed() {
    let Some(mut scene) = Scene::new() else { return };
    let running = scene.start_hanako("checkup");
    let fetched = scene.play(running, &Visit::with(Card::Jiro)).ended(33);
    nothing_came(&scene, &fetched, "not_you");
    assert_eq!(fetched.step("ended")["code"], "identity");
    assert!(fetched.said.err.contains("氏名"), "{}", fetched.said.err);

    // The right card first, and somebody else's answer then.
    for fault in [Fault::AnswerOf(Card::Jiro), Fault::AnswerOf(Card::Ichiro)] {
        scene.orders().once(fault);
        let fetched = scene.fetch("checkup,expense").ended(33);
        nothing_came(&scene, &fetched, "not_you");
        assert_eq!(fetched.step("ended")["code"], "answer");
    }
    scene.notebook.run(&["search", "別の見本医院"]).ended(9);
    scene.ends_well(0);
}

#[test]
fn maintenance_an_error_and_silence_are_told_apart() {
    let Some(mut scene) = Scene::new() else { return };
    for (fault, code, reason) in [
        (Fault::Maintenance(Door::Request), 34, "maintenance"),
        (Fault::ErrorCode(Door::Result, "ZZ99"), 35, "portal_refused"),
        (Fault::ServerError(Door::Token(Leg::Authorization), 500), 34, "portal_unreachable"),
        (Fault::CutResult(100), 34, "portal_unreachable"),
        (Fault::CardExpired(Leg::Identity), 35, "card_expired"),
    ] {
        scene.orders().always(fault.clone());
        let fetched = scene.fetch("checkup").ended(code);
        nothing_came(&scene, &fetched, reason);
        scene.orders().cancel();
    }
    // A code of the portal is told, so that it can be asked about.
    let ledger = scene.ledger();
    let told: Vec<&Value> = ledger.iter().filter(|line| line["detail"]["code"] == "ZZ99").collect();
    assert_eq!(told.len(), 1);
    // A connection that breaks once is not the end.
    scene.orders().once(Fault::CutResult(100));
    let done = scene.fetch("checkup").ended(0).step("done");
    scene.ends_well(crate::notebook::count(&done, "new"));
}

#[test]
fn what_cannot_be_read_or_is_too_large_is_not_filed() {
    let Some(mut scene) = Scene::new() else { return };
    for (fault, reason) in [
        (Fault::Malformed(Malformed::Cut), "malformed"),
        (Fault::Malformed(Malformed::Html), "malformed"),
        (Fault::Malformed(Malformed::OtherShape), "malformed"),
        (Fault::Large(17 * 1024 * 1024), "too_large"),
    ] {
        scene.orders().always(fault.clone());
        let fetched = scene.fetch("medication").ended(44);
        nothing_came(&scene, &fetched, reason);
        scene.orders().cancel();
    }
    scene.ends_well(0);
}

#[test]
fn items_that_nobody_offers_and_arguments_that_make_no_sense_are_refused_before_anything() {
    let Some(scene) = Scene::new() else { return };
    let mut profile = scene.town.profile().unwrap();
    profile.services.retain(|service| service.items == ["checkup"]);
    std::fs::write(scene.notebook.path("little.toml"), toml::to_string(&profile).unwrap()).unwrap();
    std::fs::write(scene.notebook.path("broken.toml"), "api = 1").unwrap();
    let fetch = |arguments: &[&str], code: i32, error: &str| {
        let said = scene.notebook.run(&[&["fetch", "--json", "--yes"], arguments].concat()).ended(code);
        assert_eq!(said.error()["error"], error);
        assert!(!said.out.contains("\"started\""));
    };
    let me = ["--person", HANAKO, "--items", "checkup,care"];
    fetch(&[&me[..], &["--relay", "little.toml"]].concat(), 42, "NOT_OFFERED");
    fetch(&[&me[..], &["--relay", "broken.toml"]].concat(), 41, "BAD_PROFILE");
    fetch(&me, 41, "BAD_PROFILE");
    fetch(&[&me[..], &["--relay", "no-such.toml"]].concat(), 21, "FILE");
    fetch(&["--person", "だれでもない", "--items", "checkup", "--relay", "relay.toml"], 9, "NOTHING_FOUND");
    fetch(&["--items", "checkup", "--relay", "relay.toml"], 2, "USAGE");
    fetch(&["--person", HANAKO, "--items", "teeth", "--relay", "relay.toml"], 2, "USAGE");
    fetch(&["--person", HANAKO, "--relay", "relay.toml"], 2, "USAGE");
    fetch(&[&me[..], &["--relay", "relay.toml", "--actor", HANAKO]].concat(), 2, "USAGE");
    fetch(&[&me[..], &["--relay", "relay.toml", "--from", "2026-02", "--until", "2026-01"]].concat(), 2, "USAGE");
    fetch(&["--resume", "--relay", "relay.toml"], 9, "NOTHING_FOUND");
    scene.ends_well(0);
}
