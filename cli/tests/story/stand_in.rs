//! The stand-in that the program brings along: run by itself, and in the demo.

use techo_core::sync::Profile;
use techo_portal_standin::Card;

use crate::in_memory::portal::{HANAKO, Running, family};
use crate::notebook::{Notebook, copy, end, program};

#[cfg(unix)]
#[test]
fn the_stand_in_runs_until_it_is_stopped_and_takes_its_profile_along() {
    let notebook = Notebook::nowhere();
    let mut running = Running::of(notebook.command(&["portal-stand-in", "--profile-out", "relay.toml", "--json"]));
    assert_eq!(running.next().unwrap()["profile"], "relay.toml");
    let profile = Profile::read(&std::fs::read_to_string(notebook.path("relay.toml")).unwrap()).unwrap();
    assert!(profile.operator.ja.contains("架空") && profile.services.iter().all(|service| service.id.starts_with("ZZ")));
    // Somebody answers there, and it is the relay: the start of a fetch is taken, and the browser is wanted.
    copy(&family().path("vault"), &notebook.path("vault"));
    let mut fetching = Running::of(notebook.command(&[
        "fetch",
        "--relay",
        "relay.toml",
        "--no-browser",
        "--json",
        "--person",
        HANAKO,
        "--items",
        "care",
        "--yes",
    ]));
    assert_eq!(fetching.until("browse")["leg"], "identity");
    fetching.interrupt();
    fetching.end().ended(36);
    running.interrupt();
    running.end().ended(0);
    assert!(!notebook.path("relay.toml").exists());
    assert_eq!(notebook.run(&["portal-stand-in", "--cards", "--json"]).ok().lines().len(), Card::ALL.len());
}

#[test]
fn the_demo_shows_a_fetch_with_what_is_new_changed_known_and_cut() {
    let home = Notebook::nowhere();
    let mut demo = program(home.home.path());
    demo.args(["demo", "--lang", "en"]);
    let said = end(demo).ok();
    for part in [
        "Whose: 手帳 太郎",
        "parent or guardian, with 手帳 太郎's card",
        "already here",
        "cut, beyond the consent",
        "the old value is kept",
    ] {
        assert!(said.out.contains(part), "{part} in {}", said.out);
    }
    for kind in [
        "Health checkup",
        "Screening",
        "Infant checkup",
        "Pregnancy visit",
        "School checkup",
        "Vaccination",
        "Medicine",
        "Prescription",
        "Condition",
        "Allergy or reaction",
        "Infection",
        "Procedure",
        "Laboratory",
        "Expense",
        "Care",
    ] {
        assert!(said.out.contains(kind), "no {kind} in the demo: {}", said.out);
    }
    // What the town and the card tell of one dose is one event, with the reason.
    for part in ["the same event", "lot"] {
        assert!(said.out.contains(part), "no {part} in the demo: {}", said.out);
    }
    assert_eq!(said.out.matches("root equal").count(), 3, "{}", said.out);
}
