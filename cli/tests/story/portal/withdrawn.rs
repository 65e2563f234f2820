//! A consent is taken back in one step: with what came by it, or without; while its fetch runs, or long after.

use serde_json::Value;
use techo_portal_standin::{Card, Visit};

use super::{HANAKO, Scene};
use crate::{
    erasure::{all_of, holds},
    notebook::{FAMILY, Said, count},
};

#[test]
fn what_came_by_a_withdrawn_consent_goes_when_the_person_says_so() {
    let Some(mut scene) = Scene::new() else { return };
    let taro = scene.start(&["--person", FAMILY[2].0, "--items", "vaccination", "--as", "parent", "--yes"]);
    let kept = count(&scene.play(taro, &Visit::with(Card::Taro)).ended(0).step("done"), "new");
    let fetched = scene.fetch("vaccination").ended(0);
    let (id, new) = (fetched.step("done")["consent"].as_str().unwrap().to_owned(), count(&fetched.step("done"), "new"));
    scene.notebook.run(&["export", "--format", "csv", "--person", HANAKO, "--out", "for-the-clinic.csv"]).ok();
    assert!(holds(&all_of(&scene.notebook, "before"), "MIHON-FLU26"));

    // Without erasing: the records stay, and the person is told what remains where.
    let line = scene.notebook.run(&["withdraw", &id, "--json"]).ok().line();
    assert_eq!((&line["erased"], count(&line, "documents"), &line["was_already"]), (&Value::from(false), 1, &Value::from(false)));
    let out_of_reach = line["cannot_reach"].to_string();
    for part in ["マイナポータル", "見本の運営者", "書き出したファイル"] {
        assert!(out_of_reach.contains(part), "{part} in {out_of_reach}");
    }
    assert_eq!(scene.notebook.run(&["consents", "--json"]).ok().lines()[0]["standing"], "withdrawn");
    scene.ends_well(kept + new);

    // Erasing wants a yes.
    scene.notebook.run(&["withdraw", &id, "--erase"]).ended(26);
    let line = scene.notebook.run(&["withdraw", &id, "--erase", "--yes", "--json"]).ok().line();
    assert_eq!((&line["erased"], count(&line, "documents"), &line["was_already"]), (&Value::from(true), 1, &Value::from(true)));
    std::fs::remove_file(scene.notebook.path("for-the-clinic.csv")).unwrap();
    for left in ["before.csv", "before.fhir", "before.techo", "before.originals"] {
        std::fs::remove_file(scene.notebook.path(left)).unwrap();
    }
    assert!(!holds(&all_of(&scene.notebook, "after"), "MIHON-FLU26"), "erased, and still somewhere");
    scene.notebook.run(&["search", "MIHON-FLU26"]).ended(9);
    assert!(!scene.notebook.run(&["search", "MIHON-HIB1", "--json"]).ok().lines().is_empty(), "the child's stay");
    scene.ends_well(kept);
    let told = scene.notebook.run(&["ledger"]).ok().out;
    assert!(told.contains("撤回しました（届いたものも消しました）"), "{told}");
    scene.notebook.run(&["withdraw", "00000000000000000000000000000000"]).ended(9);
    scene.notebook.run(&["withdraw", "nonsense"]).ended(9);
}

#[test]
fn withdrawing_ends_a_fetch_that_is_under_way() {
    let Some(scene) = Scene::new() else { return };
    let mut running = scene.start_hanako("checkup");
    let id = running.until("browse")["consent"].as_str().unwrap().to_owned();
    running.kill();
    let line = scene.notebook.run(&["withdraw", &id, "--json"]).ok().line();
    assert_eq!((&line["running_fetch_ended"], count(&line, "documents")), (&Value::from(true), 0));
    assert_eq!(line["relay_told"], false, "without the relay's profile nobody can be told");
    scene.start(&["--resume"]).end().ended(9);
    assert_eq!(super::receipt(&scene.ledger())["detail"]["reason"], "withdrawn");
    scene.ends_well(0);
}

#[test]
fn the_relay_is_told_of_a_withdrawal_where_its_profile_is_at_hand() {
    let Some(scene) = Scene::new() else { return };
    let mut running = scene.start_hanako("checkup");
    let id = running.until("browse")["consent"].as_str().unwrap().to_owned();
    running.kill();
    assert!(!scene.relay_keeps_nothing());
    let mut withdraw = scene.notebook.command(&["withdraw", &id, "--json"]);
    let line = Said::of(&withdraw.env("TECHO_RELAY", "relay.toml").output().unwrap()).ok().line();
    assert_eq!((&line["running_fetch_ended"], &line["relay_told"]), (&Value::from(true), &Value::from(true)));
    assert!(scene.relay_keeps_nothing(), "the relay has forgotten it before its time");
}
