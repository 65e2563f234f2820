//! Whoever answers in the relay's place, and whoever sits down at somebody else's desk.

use techo_portal_standin::{ApiFace, Card, Plan, Visit};

use super::{HANAKO, Running, Scene};
use crate::notebook::{count, end, program};

#[test]
fn nobody_but_the_relay_is_talked_to() {
    for face in [ApiFace::ForeignRoot, ApiFace::Expired, ApiFace::NotYet, ApiFace::OtherHost, ApiFace::Plain] {
        let Some(mut scene) = Scene::with(Plan { face, ..Plan::default() }) else { return };
        let running = scene.start_hanako("checkup");
        let said = scene.play(running, &Visit::with(Card::Hanako)).ended(31).said;
        let ended = said.lines().pop().unwrap();
        assert_eq!((ended["step"].as_str(), ended["reason"].as_str()), (Some("ended"), Some("not_the_relay")), "{face:?}");
        scene.notebook.run(&["timeline"]).ok();
        scene.ends_well(0);
    }
    // The root in reserve is as good.
    let Some(mut scene) = Scene::with(Plan { face: ApiFace::Reserve, ..Plan::default() }) else { return };
    let new = count(&scene.fetch("vaccination").ended(0).step("done"), "new");
    scene.ends_well(new);
}

#[test]
fn a_fetch_asks_who_is_there_and_the_setting_is_switched_off_only_by_them() {
    let Some(mut scene) = Scene::new() else { return };
    let setting = |arguments: &[&str]| {
        let lines = scene.notebook.run(&[&["settings", "--json"], arguments].concat()).ok().lines();
        lines.iter().find(|line| line["setting"] == "reauthenticate").unwrap()["on"].clone()
    };
    assert_eq!(setting(&[]), true);
    // Nobody who could be asked, and no passphrase given.
    let mut alone = program(scene.notebook.home.path());
    alone.args(["--vault", "vault", "fetch", "--relay", "relay.toml", "--person", HANAKO, "--items", "checkup", "--yes", "--json"]);
    end(alone).ended(19);
    assert_eq!(setting(&["reauthentication", "off"]), false);
    assert_eq!(setting(&["reauthentication", "on"]), true);
    let acts: Vec<String> =
        scene.ledger().iter().filter(|line| line["act"] == "setting_changed").map(|line| line["words"].to_string()).collect();
    assert_eq!(acts.len(), 2, "{acts:?}");
    // The profile may be named by the environment.
    let mut command = scene.notebook.command(&["fetch", "--no-browser", "--json", "--person", HANAKO, "--items", "vaccination", "--yes"]);
    command.env("TECHO_RELAY", "relay.toml");
    let fetched = scene.play(Running::of(command), &Visit::with(Card::Hanako)).ended(0);
    scene.ends_well(count(&fetched.step("done"), "new"));
}
