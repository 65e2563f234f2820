//! Stopped in the middle: killed at every step, interrupted, without a network, with a relay that forgets or remembers. And
//! gone on with, or not.

use std::sync::Arc;

use serde_json::Value;
use techo_core::{
    base::Passphrase,
    consent::{Actor, Answer, Answered, Basis, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service, Wish},
    sync::{Return, start_sync},
    vault::{Unlock, Vault},
};
use techo_portal_standin::{Card, Door, Fault, Leg, Plan, Visit};
use techo_relay::MemoryStore;

use super::{HANAKO, Scene};
use crate::notebook::{Notebook, PASSPHRASE, copy, count};

/// The steps a fetch tells of, in order.
fn steps(lines: &[Value]) -> Vec<String> {
    lines.iter().map(|line| format!("{}{}", line["step"].as_str().unwrap(), line["at"].as_str().unwrap_or_default())).collect()
}

#[test]
fn killed_at_every_step_it_goes_on_or_never_began() {
    let Some(mut scene) = Scene::new() else { return };
    let untouched = Notebook::nowhere();
    copy(&scene.notebook.path("vault"), &untouched.path("vault"));
    let whole = scene.fetch("checkup").ended(0);
    let (lines, new) = (whole.said.lines(), count(&whole.step("done"), "new"));
    scene.ends_well(new);
    let begun = steps(&lines).iter().position(|step| step == "started").unwrap();
    for killed in 0..lines.len() {
        std::fs::remove_dir_all(scene.notebook.path("vault")).unwrap();
        copy(&untouched.path("vault"), &scene.notebook.path("vault"));
        let mut running = scene.start_hanako("checkup");
        for step in 0..=killed {
            let line = running.next().unwrap();
            // The browser is out when it is killed; the last one is not opened at all.
            if line["step"] == "browse" && step < killed {
                scene.browse(&line, &Visit::with(Card::Hanako));
            }
        }
        running.kill();
        let is_over = scene.ledger().iter().any(|line| line["act"] == "fetched");
        if is_over {
            scene.start(&["--resume"]).end().ended(9);
            scene.ends_well(new);
        } else if scene.ledger().iter().any(|line| line["act"] == "fetch_started") {
            // Announced, and not begun a second time.
            let second = scene.start_hanako("checkup").end().ended(39);
            assert!(second.out.contains("\"unfinished\"") && second.err.contains("--resume"), "{}{}", second.out, second.err);
            let fetched = scene.resume().ended(0);
            assert_eq!(count(&fetched.step("done"), "new"), new, "killed at {:?}", steps(&lines[..=killed]));
            scene.ends_well(new);
        } else {
            // What was said to have begun has begun; what had not been said yet may have.
            assert!(killed < begun, "{:?}", steps(&lines[..=killed]));
            scene.start(&["--resume"]).end().ended(9);
            scene.ends_well(0);
        }
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_where_it_is_and_says_how_to_go_on() {
    let Some(mut scene) = Scene::new() else { return };
    // While the browser is out, because the portal's pages are closed.
    scene.orders().always(Fault::Maintenance(Door::Pages(Leg::Identity)));
    let mut running = scene.start_hanako("vaccination");
    let line = running.until("browse");
    assert_eq!(scene.browse(&line, &Visit::with(Card::Hanako)).status, 503);
    running.interrupt();
    let said = running.end().ended(36);
    assert_eq!(said.error()["error"], "CANCELLED");
    assert!(said.err.contains("--resume"), "{}", said.err);
    scene.orders().cancel();
    // And while the relay waits for the portal.
    scene.orders().hold(Door::Result);
    let mut running = scene.start(&["--resume"]);
    for _ in 0..2 {
        let line = running.until("browse");
        scene.browse(&line, &Visit::with(Card::Hanako));
    }
    assert_eq!(running.until("at")["at"], "waiting");
    running.interrupt();
    running.end().ended(36);
    scene.orders().release(Door::Result);
    let new = count(&scene.resume().ended(0).step("done"), "new");
    scene.ends_well(new);
}

#[test]
fn a_foreign_redirect_is_refused_while_the_fetch_waits_on() {
    let Some(scene) = Scene::new() else { return };
    let mut running = scene.start_hanako("vaccination");
    let line = running.until("browse");
    scene.orders().once(Fault::ForeignState(Leg::Identity));
    // Somebody else's state: the relay knows no such session and sends nobody to our port; the fetch still waits.
    let foreign = scene.browse(&line, &Visit::with(Card::Hanako));
    assert!(foreign.page.contains("Open Techo on the device where you began"), "{}", foreign.page);
    // Straight to the port, past the relay, with a state of their own.
    let arrived = scene.browse(&line, &Visit::with(Card::Hanako));
    let back = arrived.address().unwrap().clone();
    assert!(arrived.page.contains("戻ってください"), "{}", arrived.page);
    let line = running.until("browse");
    let get = |url: &url::Url| scene.town.visit(url.as_str(), &Visit::with(Card::Hanako)).unwrap();
    // The first leg's address again, which has been used.
    let again = get(&back);
    assert!(again.status == 403 && again.page.contains("待っているものではありません"), "{}", again.page);
    let mut forged = back.clone();
    forged.set_query(Some("code=stolen&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(get(&forged).status, 403);
    scene.browse(&line, &Visit::with(Card::Hanako));
    let said = running.end().ok();
    assert_eq!(said.lines().iter().filter(|line| line["step"] == "foreign").count(), 2);
    let new = count(said.lines().last().unwrap(), "new");
    scene.ends_well(new);
}

#[test]
fn without_a_network_nothing_is_lost_and_the_notebook_is_as_usable_as_ever() {
    let Some(mut scene) = Scene::new() else { return };
    scene.town.stop_relay(0).unwrap();
    let said = scene.start_hanako("vaccination").end().ended(40);
    assert_eq!(said.error()["error"], "OFFLINE");
    scene.notebook.run(&["timeline"]).ok();
    scene
        .notebook
        .run(&["import", crate::notebook::text(&crate::notebook::fixture("family/hanako-tokutei-2024.xml")), "--person", HANAKO])
        .ok();
    let before: usize = scene.notebook.run(&["verify", "--json"]).ok().line()["people"][0]["records"].as_u64().unwrap().try_into().unwrap();
    scene.town.start_relay(0).unwrap();
    let new = count(&scene.resume().ended(0).step("done"), "new");
    scene.ends_well(before + new);
}

#[test]
fn a_relay_that_was_restarted_has_forgotten_unless_it_shares_its_store() {
    let outliving = || Plan { store: Some(Arc::new(MemoryStore::new())), ..Plan::default() };
    let plans = if super::IS_SHARED { vec![(true, Plan::default())] } else { vec![(false, Plan::default()), (true, outliving())] };
    for (is_shared, plan) in plans {
        let Some(mut scene) = Scene::with(plan) else { return };
        let mut running = scene.start_hanako("vaccination");
        let line = running.until("browse");
        scene.browse(&line, &Visit::with(Card::Hanako));
        let line = running.until("browse");
        scene.town.restart_relay().unwrap();
        if is_shared {
            scene.browse(&line, &Visit::with(Card::Hanako));
            let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(0);
            scene.ends_well(count(&fetched.step("done"), "new"));
            continue;
        }
        // The relay no longer knows where to send the browser; the program notices, and says to begin again.
        let lost = scene.browse(&line, &Visit::with(Card::Hanako));
        assert!(lost.page.contains("Open Techo on the device where you began"), "{}", lost.page);
        let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(37);
        assert_eq!((&fetched.step("ended")["reason"], fetched.arrivals.len()), (&Value::from("forgotten"), 0));
        scene.ends_well(0);

        // Also when it is killed meanwhile: nobody is sent to the card again.
        let mut running = scene.start_hanako("vaccination");
        let line = running.until("browse");
        scene.browse(&line, &Visit::with(Card::Hanako));
        running.until("browse");
        running.kill();
        scene.town.restart_relay().unwrap();
        let fetched = scene.resume().ended(37);
        assert_eq!((&fetched.step("ended")["reason"], fetched.arrivals.len()), (&Value::from("forgotten"), 0));
        scene.ends_well(0);
    }
}

#[test]
fn two_at_once_are_never_let_in_and_another_person_may() {
    let Some(mut scene) = Scene::new() else { return };
    let mut running = scene.start_hanako("vaccination");
    let line = running.until("browse");
    // A second program does not get at the vault at all.
    let said = scene.start_hanako("vaccination").end().ended(12);
    assert_eq!(said.error()["error"], "VAULT_IN_USE");
    running.kill();
    // Hanako's is unfinished: not another one for her, but one for Taro.
    scene.start_hanako("checkup").end().ended(39);
    let taro = scene.start(&["--person", crate::notebook::FAMILY[2].0, "--items", "vaccination", "--as", "parent", "--yes"]);
    let fetched = scene.play(taro, &Visit::with(Card::Taro)).ended(0);
    assert_eq!(fetched.steps("unfinished").len(), 1);
    let taros = count(&fetched.step("done"), "new");
    // The browser that was out all the time comes back to the port it was told.
    let mut running = scene.start(&["--resume"]);
    let again = running.until("browse");
    assert_eq!((&again["leg"], &again["consent"]), (&line["leg"], &line["consent"]));
    scene.browse(&line, &Visit::with(Card::Hanako));
    let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(0);
    scene.ends_well(taros + count(&fetched.step("done"), "new"));
}

/// A fetch by Hanako that was begun three hours ago and left.
fn begin_long_ago(scene: &Scene) {
    let passphrase = Passphrase::new(PASSPHRASE).unwrap();
    let vault = Vault::open(&scene.notebook.path("vault"), Unlock::Passphrase(&passphrase)).unwrap();
    let then = chrono::Utc::now() - chrono::TimeDelta::hours(3);
    vault.confirm_presence(Unlock::Passphrase(&passphrase), then).unwrap();
    let profile = scene.town.profile().unwrap();
    let hanako = vault.people().unwrap()[0].id;
    let services = [Service { id: "ZZ0001".to_owned(), items: [Item::Checkup].into() }];
    let frame = Frame {
        id: ConsentId::from_bytes([7; 16]),
        subject: hanako,
        actor: Actor { basis: Basis::OwnCard, person: Some(hanako) },
        purpose: Purpose::Keep,
        operator: Operator {
            japanese: profile.operator.ja.clone(),
            english: profile.operator.en.clone(),
            contact: profile.operator.contact.clone(),
        },
        keeping: Keeping { relay_seconds: 600 },
    };
    let request = ConsentRequest::new(frame, vec![Wish { item: Item::Checkup, period: Period::default() }], &services).unwrap();
    vault.note_consent_asked(&request, then).unwrap();
    let answer = Answer { item: Item::Checkup, granted: true };
    let Answered::Granted(grant) = request.answer(&[answer], &services, then).unwrap() else { panic!("granted") };
    vault.note_consent_answered(&grant.permitted().receipt, then).unwrap();
    start_sync(&vault, grant, &profile, Return::Loopback { port: 9 }, then).unwrap();
    vault.lock();
}

#[test]
fn a_fetch_whose_time_is_over_ends_when_it_is_gone_on_with_or_when_the_next_one_begins() {
    let Some(mut scene) = Scene::new() else { return };
    begin_long_ago(&scene);
    let fetched = scene.resume().ended(37);
    assert_eq!((&fetched.step("ended")["reason"], fetched.arrivals.len()), (&Value::from("expired"), 0));
    scene.ends_well(0);

    let Some(mut scene) = Scene::new() else { return };
    begin_long_ago(&scene);
    let fetched = scene.fetch("checkup").ended(0);
    assert_eq!(fetched.step("ended")["reason"], "expired", "the old one");
    assert_eq!(scene.ledger().iter().filter(|line| line["act"] == "fetch_ended").count(), 1);
    scene.ends_well(count(&fetched.step("done"), "new"));
}
