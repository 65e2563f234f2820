//! The store goes away and comes back, a relay ends and another goes on, and somebody writes into the store.

use std::sync::Arc;

use chrono::Utc;
use redis::Commands as _;
use reqwest::{Method, StatusCode};
use techo_protocol::{
    SessionId,
    message::{Answer, Identity, RefusalKind, Stage, Start},
    seal::{self, Binding, Leg, PrivateKey, SealError},
};
use techo_relay::{Config, HandClock, KeyRing, MemoryStore, Relay, StoreChoice, ValkeyAddress};
use techo_valkey_server::ValkeyServer;

use crate::{
    fake::{Fake, REQUEST, RESULT, TOKEN},
    shelf::Shelf,
    world::{Phone, World, client, config},
};

/// The keys of an operator, which every relay has.
pub(crate) fn keyed(config: &mut Config, ring: &KeyRing) {
    config.seal = PrivateKey::from_bytes([9; 32]);
    config.key_ring = ring.clone();
}

/// A world with a store of its own, and the ring of its relay. None where there is no server.
pub(crate) async fn world() -> Option<(World, KeyRing)> {
    let ring = KeyRing::make().unwrap();
    let world = World::with(|config| keyed(config, &ring)).await;
    let has_server = world.shelf.server(|_| ()).is_some();
    has_server.then_some((world, ring))
}

fn key(id: SessionId) -> String {
    format!("{{techo}}:s:{id}")
}

/// Somebody who can write into the store.
fn intruder(world: &World) -> redis::Connection {
    let address = world.shelf.server(|server| server.address()).unwrap();
    redis::Client::open(address).unwrap().get_connection().unwrap()
}

/// Another relay takes the place of the first, which ends without finishing anything, as in a power cut.
async fn restart(world: &mut World, ring: &KeyRing, phone: &Phone) -> Phone {
    let mut again = config(&world.fake);
    keyed(&mut again, ring);
    let next = world.beside(again).await;
    drop(std::mem::replace(&mut world.relay, next));
    phone.at(&world.relay)
}

#[tokio::test]
async fn a_relay_that_starts_again_goes_on_with_its_sessions_at_every_stage() {
    let Some((mut world, ring)) = world().await else { return };
    let phone = world.phone();
    phone.start().await.unwrap();
    let phone = restart(&mut world, &ring, &phone).await;
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    let phone = restart(&mut world, &ring, &phone).await;
    let sealed = phone.sealed("identity").await.unwrap();
    assert_eq!(phone.open::<Identity>(Leg::Identity, &sealed).birthdate.as_str(), "19720415");
    assert_eq!(phone.delete_sealed("identity").await, StatusCode::NO_CONTENT);
    let phone = restart(&mut world, &ring, &phone).await;
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
    let phone = restart(&mut world, &ring, &phone).await;
    // The token waited in the store, under the ring.
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    let phone = restart(&mut world, &ring, &phone).await;
    let sealed = phone.sealed("result").await.unwrap();
    assert_eq!(phone.open::<Answer>(Leg::Result, &sealed).process, world.fake.process());
    assert_eq!(phone.delete_sealed("result").await, StatusCode::NO_CONTENT);
    let phone = restart(&mut world, &ring, &phone).await;
    assert_eq!(phone.sealed("result").await.unwrap_err().1, RefusalKind::Taken);
    assert_eq!([TOKEN, REQUEST, RESULT].map(|path| world.fake.came(path).len()), [1, 1, 1]);
}

#[tokio::test]
async fn a_relay_that_starts_again_with_nothing_in_memory_knows_no_such_session() {
    let world = World::new().await;
    let memory = Relay::start_with(config(&world.fake), Arc::new(MemoryStore::new()), world.clock.clone()).await.unwrap();
    let phone = world.phone().at(&memory);
    phone.start().await.unwrap();
    let again = Relay::start_with(config(&world.fake), Arc::new(MemoryStore::new()), world.clock.clone()).await.unwrap();
    drop(memory);
    let phone = phone.at(&again);
    assert_eq!(phone.status().await.unwrap_err(), (StatusCode::NOT_FOUND, RefusalKind::UnknownSession));
    assert_eq!(phone.identity("canary-code-identity").await.unwrap_err().1, RefusalKind::UnknownSession);
    assert!(world.fake.came(TOKEN).is_empty());
}

#[tokio::test]
async fn a_relay_as_its_operator_starts_it_fetches_by_the_machines_clock() {
    let shelf = Shelf::new();
    let Some(address) = shelf.server(|server| server.address()) else { return };
    let fake = Fake::start(Utc::now().timestamp()).await;
    let mut config = config(&fake);
    config.store = StoreChoice::Valkey(ValkeyAddress::new(&address, None).unwrap());
    let seal = config.seal.public().unwrap();
    let relay = Relay::start(config).await.unwrap();
    let world = World { fake, shelf, clock: Arc::new(HandClock::new(Utc::now())), relay, seal, http: client() };
    let phone = world.requested().await;
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    let sealed = phone.sealed("result").await.unwrap();
    assert_eq!(phone.open::<Answer>(Leg::Result, &sealed).process, world.fake.process());
}

/// What a phone and whoever looks at the health are told while the store is away.
async fn is_busy(world: &World, phone: &Phone) {
    let status = phone.request(Method::GET, "").send().await.unwrap();
    assert_eq!((status.status(), status.headers()["retry-after"].to_str().unwrap()), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    assert_eq!(world.phone().start().await.unwrap_err(), (StatusCode::SERVICE_UNAVAILABLE, RefusalKind::Busy));
    assert_eq!(world.call_back(&world.relay, &world.fake.process()).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.admin("/health/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.admin("/health/live").await.0, StatusCode::OK);
}

/// Waits until the relay says that it can be used.
async fn until_ready(world: &World) {
    while world.admin("/health/ready").await.0 != StatusCode::OK {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_store_that_goes_away_makes_the_relay_busy_and_sessions_go_on_when_it_is_back() {
    let Some((world, _)) = world().await else { return };
    let phone = world.requested().await;
    world.shelf.server(|server| {
        server.save();
        server.kill();
    });
    is_busy(&world, &phone).await;
    world.shelf.server(ValkeyServer::start_again);
    until_ready(&world).await;
    assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
}

#[tokio::test]
async fn a_store_that_comes_back_empty_costs_the_session_and_says_so() {
    let Some((world, _)) = world().await else { return };
    let phone = world.requested().await;
    world.shelf.server(ValkeyServer::start_again);
    until_ready(&world).await;
    assert_eq!(phone.status().await.unwrap_err().1, RefusalKind::UnknownSession);
    assert_eq!(world.call_back(&world.relay, &world.fake.process()).await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.phone().start().await.unwrap().stage, Stage::AwaitingIdentity);
}

#[tokio::test]
async fn a_sealed_result_in_the_place_of_another_does_not_open_on_the_phone() {
    let Some((world, _)) = world().await else { return };
    let (one, two) = (world.requested().await, world.requested().await);
    for number in [1, 2] {
        assert_eq!(world.call_back(&world.relay, &format!("PROCESS-{number}")).await.0, StatusCode::OK);
    }
    for phone in [&one, &two] {
        assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    }
    let mut store = intruder(&world);
    let other: Vec<u8> = store.hget(key(two.id), "result").unwrap();
    // Made by somebody who knows everything but the relay's key.
    let binding = Binding { session: one.id, grant: one.grant, leg: Leg::Result };
    let made = seal::seal(&binding, &one.key.public().unwrap(), &PrivateKey::make().unwrap(), b"{}").unwrap();
    for forged in [other, made] {
        let () = store.hset(key(one.id), "result", &forged).unwrap();
        let sealed = one.sealed("result").await.unwrap();
        assert_eq!(sealed, forged);
        assert_eq!(seal::open(&binding, &one.key, &one.seal, &sealed).err(), Some(SealError::Forged));
    }
}

#[tokio::test]
async fn a_session_that_somebody_else_wrote_is_refused_and_the_portal_is_not_asked() {
    let Some((world, _)) = world().await else { return };
    let (one, two) = (world.requested().await, world.requested().await);
    let mut store = intruder(&world);
    let other: String = store.hget(key(two.id), "record").unwrap();
    // With the intruder's key in the place of the phone's: in clear, and under the intruder's own ring's form.
    let own = Start { phone: PrivateKey::make().unwrap().public().unwrap(), ..one.to_start() };
    let clear = serde_json::json!({ "start": own, "stage": "requested", "expires": 4_102_444_800_000_i64 }).to_string();
    // The other's record carries the other's access token.
    for forged in [other, clear.clone(), format!("first:{}", data_encoding::BASE64URL_NOPAD.encode(clear.as_bytes()))] {
        let () = store.hset(key(one.id), "record", &forged).unwrap();
        assert_eq!(one.status().await.unwrap_err(), (StatusCode::INTERNAL_SERVER_ERROR, RefusalKind::Internal));
        assert_ne!(world.call_back(&world.relay, "PROCESS-1").await.0, StatusCode::OK);
    }
    assert!(world.fake.came(RESULT).is_empty());
    // The other session is none the worse.
    assert_eq!(world.call_back(&world.relay, "PROCESS-2").await.0, StatusCode::OK);
    assert_eq!(two.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    assert_eq!(world.fake.came(RESULT).len(), 1);
}
