//! Several relays of one operator on one store: any of them takes any step, and what one began and did not finish is taken
//! over or given up, never done twice.

use std::sync::Arc;

use techo_protocol::{
    message::{Answer, Failure, RefusalKind, Stage},
    seal::{Leg, PrivateKey},
};
use techo_relay::{Config, KeyRing};
use tokio::sync::Notify;

use crate::{
    fake::{Act, RESULT, TOKEN},
    world::{Phone, World, config},
};

const SEAL: [u8; 32] = [9; 32];
const OLD: [u8; 32] = [1; 32];
const NEW: [u8; 32] = [2; 32];

fn keyed(config: &mut Config, ring: &[(&str, &[u8; 32])]) {
    config.seal = PrivateKey::from_bytes(SEAL);
    config.key_ring = KeyRing::new(ring.iter().map(|(id, key)| ((*id).to_owned(), *key))).unwrap();
}

/// A world whose relay has the old key, and another relay with these keys.
async fn two(ring: &[(&str, &[u8; 32])]) -> (World, techo_relay::Running) {
    let world = World::with(|config| keyed(config, &[("old", &OLD)])).await;
    let mut other = config(&world.fake);
    keyed(&mut other, ring);
    let other = world.beside(other).await;
    (world, other)
}

async fn until(done: impl Fn() -> bool) {
    while !done() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_step_may_come_to_another_relay() {
    let (world, other) = two(&[("old", &OLD)]).await;
    let here = world.phone();
    let there = here.at(&other);
    here.start().await.unwrap();
    assert_eq!(there.start().await.unwrap().stage, Stage::AwaitingIdentity);
    world.fake.nonce.lock().unwrap().clone_from(&here.nonce.to_text());
    assert_eq!(there.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    assert_eq!(here.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    assert_eq!(here.delete_sealed("identity").await, 204);
    assert_eq!(there.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
    // The phone waits here, the call-back comes there.
    let call = async {
        while world.waiting().await < 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.call_back(&other, &world.fake.process()).await.0, 200);
    };
    let (said, ()) = tokio::join!(here.wait(Stage::Requested), call);
    assert_eq!(said.unwrap().stage, Stage::ResultSealed);
    world.ready().await;
    let _: Answer = here.open(Leg::Result, &here.sealed("result").await.unwrap());
    assert_eq!(there.delete_sealed("result").await, 204);
    assert_eq!(here.sealed("result").await.unwrap_err().1, RefusalKind::Taken);
    assert_eq!((world.fake.came(TOKEN).len(), world.fake.came(RESULT).len()), (1, 1));
    other.stop().await;
    assert_eq!(here.status().await.unwrap().stage, Stage::Taken);
}

#[tokio::test]
async fn call_backs_to_several_relays_at_once_fetch_once() {
    let (world, other) = two(&[("old", &OLD)]).await;
    let phone = world.requested().await;
    let process = world.fake.process();
    let (one, two, three) =
        tokio::join!(world.call_back(&world.relay, &process), world.call_back(&other, &process), world.call_back(&other, &process));
    assert!([one, two, three].iter().all(|(status, _)| *status == 200));
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    assert_eq!(world.fake.came(RESULT).len(), 1);
}

#[tokio::test]
async fn a_fetch_of_a_relay_that_died_is_taken_over_after_its_time() {
    let (world, other) = two(&[("old", &OLD)]).await;
    let phone = world.requested().await.at(&other);
    let never = Arc::new(Notify::new());
    world.fake.next(RESULT, [Act::Wait(never)]);
    world.ready().await;
    until(|| world.fake.came(RESULT).len() == 1).await;
    // It holds the claim and does not come back.
    world.clock.advance(104);
    for _ in 0..20 {
        assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
    }
    assert_eq!(world.fake.came(RESULT).len(), 1);
    world.clock.advance(1);
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    assert_eq!(world.fake.came(RESULT).len(), 2);
}

#[tokio::test]
async fn a_relay_that_was_judged_dead_and_comes_back_changes_nothing() {
    let (world, other) = two(&[("old", &OLD)]).await;
    let phone = world.requested().await.at(&other);
    let bell = Arc::new(Notify::new());
    world.fake.next(RESULT, [Act::Wait(bell.clone())]);
    world.ready().await;
    until(|| world.fake.came(RESULT).len() == 1).await;
    world.clock.advance(400);
    phone.wait(Stage::Requested).await.unwrap();
    let sealed = phone.sealed("result").await.unwrap();
    phone.delete_sealed("result").await;
    bell.notify_one();
    let World { relay, shelf, .. } = world;
    // The first relay finishes everything before it ends.
    relay.stop().await;
    assert_eq!(phone.sealed("result").await.unwrap_err().1, RefusalKind::Taken);
    assert!(!shelf.dump().windows(sealed.len()).any(|window| window == sealed));
}

#[tokio::test]
async fn a_code_that_a_relay_took_to_its_grave_is_given_up_and_not_sent_again() {
    let (world, other) = two(&[("old", &OLD)]).await;
    let phone = world.logged_in().await;
    let there = phone.at(&other);
    world.fake.next(TOKEN, [Act::Wait(Arc::new(Notify::new()))]);
    let dying = tokio::spawn(phone.request(reqwest::Method::POST, "/authorization").body(body(&phone)).send());
    until(|| !world.fake.came(TOKEN).is_empty()).await;
    dying.abort();
    assert_eq!(there.status().await.unwrap().stage, Stage::AwaitingAuthorization);
    world.clock.advance(400);
    assert_eq!(there.failure(Stage::AwaitingAuthorization).await, Failure::Unreachable);
    assert_eq!(there.authorization("canary-code-portal").await.unwrap().stage, Stage::Failed);
    assert_eq!(world.fake.came(TOKEN).len(), 1);
}

fn body(phone: &Phone) -> String {
    format!(r#"{{"code":"canary-code-portal","state":"{}"}}"#, *phone.authorization_state.to_text())
}

#[tokio::test]
async fn a_new_key_on_the_ring_opens_what_waits_under_the_old_one() {
    let (world, other) = two(&[("new", &NEW), ("old", &OLD)]).await;
    let phone = world.requested().await;
    assert_eq!(world.call_back(&other, &world.fake.process()).await.0, 200);
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
}

#[tokio::test]
async fn a_key_that_left_the_ring_too_early_costs_the_fetch_and_nothing_else() {
    let (world, other) = two(&[("new", &NEW)]).await;
    let phone = world.requested().await;
    assert_eq!(world.call_back(&other, &world.fake.process()).await.0, 200);
    assert_eq!(phone.failure(Stage::Requested).await, Failure::Unreachable);
    assert!(world.fake.came(RESULT).is_empty());
}

#[tokio::test]
async fn a_phone_whose_request_broke_off_finds_its_code_taken() {
    let world = World::new().await;
    let phone = world.logged_in().await;
    let bell = Arc::new(Notify::new());
    world.fake.next(TOKEN, [Act::Wait(bell.clone())]);
    let dying = tokio::spawn(phone.request(reqwest::Method::POST, "/authorization").body(body(&phone)).send());
    until(|| !world.fake.came(TOKEN).is_empty()).await;
    dying.abort();
    let _ = dying.await;
    bell.notify_one();
    assert_eq!(phone.wait(Stage::AwaitingAuthorization).await.unwrap().stage, Stage::Requested);
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
    assert_eq!(world.fake.came(TOKEN).len(), 1);
}
