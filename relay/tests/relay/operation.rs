//! The relay as a process among others: health, a store that is away, a stop that lets everybody finish, and people who
//! are slow on purpose.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::{Method, StatusCode};
use techo_protocol::{
    Digest, SessionId,
    message::{RefusalKind, Stage},
    seal::Leg,
};
use techo_relay::{Begun, Change, MemoryStore, Pending, Relay, Revision, SeenFor, Session, Store, StoreError, Wake};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Notify, broadcast},
};

use crate::{
    fake::{Act, IDENTITY_TOKEN, TOKEN},
    world::{Phone, World, config, said},
};

/// A store that can be told not to answer the next so many questions.
#[derive(Debug, Default)]
struct Moody {
    store: MemoryStore,
    silent: AtomicU32,
    /// Tells nobody who wrote.
    is_mute: bool,
}

impl Moody {
    fn answer<'a, T: Send + 'a>(&self, answer: Pending<'a, T>) -> Pending<'a, T> {
        let is_silent = self.silent.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if is_silent { Box::pin(async { Err(StoreError::Away) }) } else { answer }
    }
}

impl Store for Moody {
    fn begin<'a>(&'a self, id: &'a SessionId, session: &'a Session, now: DateTime<Utc>, most: usize) -> Pending<'a, Begun> {
        self.answer(Box::pin(async move { self.store.begin(id, session, now, most).await }))
    }

    fn session<'a>(&'a self, id: &'a SessionId) -> Pending<'a, Option<(Session, Revision)>> {
        self.answer(Box::pin(async move { self.store.session(id).await }))
    }

    fn replace<'a>(&'a self, id: &'a SessionId, seen: Revision, change: Change, now: DateTime<Utc>) -> Pending<'a, bool> {
        self.answer(Box::pin(async move { self.store.replace(id, seen, change, now).await }))
    }

    fn sealed<'a>(&'a self, id: &'a SessionId, leg: Leg) -> Pending<'a, Option<Bytes>> {
        self.answer(Box::pin(async move { self.store.sealed(id, leg).await }))
    }

    fn by_state<'a>(&'a self, state: &'a Digest) -> Pending<'a, Option<SessionId>> {
        self.answer(Box::pin(async move { self.store.by_state(state).await }))
    }

    fn by_process<'a>(&'a self, process: &'a Digest) -> Pending<'a, Option<SessionId>> {
        self.answer(Box::pin(async move { self.store.by_process(process).await }))
    }

    fn see<'a>(
        &'a self,
        code: &'a Digest,
        id: &'a SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Pending<'a, Option<SeenFor>> {
        self.answer(Box::pin(async move { self.store.see(code, id, until, now, most).await }))
    }

    fn by_code<'a>(&'a self, code: &'a Digest) -> Pending<'a, Option<SeenFor>> {
        self.answer(Box::pin(async move { self.store.by_code(code).await }))
    }

    fn forget<'a>(&'a self, id: &'a SessionId) -> Pending<'a, ()> {
        self.answer(Box::pin(async move { self.store.forget(id).await }))
    }

    fn sweep(&self, now: DateTime<Utc>) -> Pending<'_, usize> {
        self.answer(Box::pin(async move { self.store.sweep(now).await }))
    }

    fn wakes(&self) -> broadcast::Receiver<Wake> {
        if self.is_mute { broadcast::channel(1).1 } else { self.store.wakes() }
    }
}

/// A world whose relay stands on a moody store.
async fn moody() -> (World, Arc<Moody>) {
    on(Moody::default()).await
}

async fn on(store: Moody) -> (World, Arc<Moody>) {
    let (mut world, store) = (World::new().await, Arc::new(store));
    let mut config = config(&world.fake);
    // Only what a test asks for may ask the store.
    config.limits.sweep = Duration::from_hours(1);
    world.seal = config.seal.public().unwrap();
    world.relay = Relay::start_with(config, store.clone(), world.clock.clone()).await.unwrap();
    (world, store)
}

#[tokio::test]
async fn a_relay_says_whether_it_lives_and_whether_it_can_be_used() {
    let (world, store) = moody().await;
    assert_eq!(world.admin("/health/live").await, (StatusCode::OK, "live\n".to_owned()));
    assert_eq!(world.admin("/health/ready").await, (StatusCode::OK, "ready\n".to_owned()));
    store.silent.store(1, Ordering::SeqCst);
    assert_eq!(world.admin("/health/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.admin("/health/ready").await.0, StatusCode::OK);
    store.silent.store(u32::MAX, Ordering::SeqCst);
    assert_eq!(world.admin("/health/live").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_store_that_is_away_makes_the_relay_busy_and_loses_nothing() {
    let (world, store) = moody().await;
    let phone = world.requested().await;
    store.silent.store(u32::MAX, Ordering::SeqCst);
    for request in [phone.request(Method::GET, ""), phone.request(Method::DELETE, ""), phone.request(Method::GET, "/sealed/result")] {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["retry-after"], "10");
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(world.phone().start().await.unwrap_err().1, RefusalKind::Busy);
    assert_eq!(world.call_back(&world.relay, &world.fake.process()).await.0, StatusCode::SERVICE_UNAVAILABLE);
    let page = world.http.get(format!("http://{}/redirect?code=c&state={}", world.relay.public(), *phone.identity_state.to_text()));
    assert_eq!(page.send().await.unwrap().status(), StatusCode::OK);
    store.silent.store(0, Ordering::SeqCst);
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    let (_, metrics) = world.admin("/metrics").await;
    let errors = metrics.lines().find_map(|line| line.strip_prefix("techo_relay_store_error_total ")).unwrap();
    assert_eq!(errors, "6");
}

#[tokio::test]
async fn what_a_code_gave_is_kept_although_the_store_was_away_for_a_moment() {
    let (world, store) = moody().await;
    let phone = world.logged_in().await;
    let bell = Arc::new(Notify::new());
    world.fake.next(TOKEN, [Act::Wait(bell.clone())]);
    let trouble = async {
        while world.fake.came(TOKEN).is_empty() {
            tokio::task::yield_now().await;
        }
        store.silent.store(2, Ordering::SeqCst);
        bell.notify_one();
    };
    let (_, ()) = tokio::join!(phone.authorization("canary-code-portal"), trouble);
    assert_eq!(phone.wait(Stage::AwaitingAuthorization).await.unwrap().stage, Stage::Requested);
    assert_eq!(store.silent.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_phone_is_woken_by_what_its_own_relay_did_although_the_store_tells_nobody() {
    let (world, _store) = on(Moody { is_mute: true, ..Moody::default() }).await;
    let phone = world.requested().await;
    let call = async {
        while world.waiting().await < 1 {
            tokio::task::yield_now().await;
        }
        world.ready().await;
    };
    let both = async { tokio::join!(phone.wait(Stage::Requested), call) };
    // Unwoken it would be answered after 20 seconds.
    let (said, ()) = tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
    assert_eq!(said.unwrap().stage, Stage::ResultSealed);
}

#[tokio::test]
async fn a_relay_that_stops_lets_nobody_wait_takes_nobody_new_and_tells_the_balancer() {
    let world = World::with(|config| config.limits.notice = Duration::from_hours(1)).await;
    let phone = world.requested().await;
    let (api, admin, http) = (phone.api.clone(), world.relay.admin(), world.http.clone());
    let waits = tokio::spawn(phone.request(Method::GET, "?seen=requested&wait=20").send());
    while world.waiting().await < 1 {
        tokio::task::yield_now().await;
    }
    let other = Phone::new(&api, world.seal, http.clone());
    let stopping = tokio::spawn(world.relay.stop());
    assert_eq!(waits.await.unwrap().unwrap().status(), StatusCode::OK);
    assert_eq!(other.start().await.unwrap_err().1, RefusalKind::Busy);
    assert_eq!(http.get(format!("http://{admin}/health/ready")).send().await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(http.get(format!("http://{admin}/health/live")).send().await.unwrap().status(), StatusCode::OK);
    // Who is there already is served.
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::Requested);
    stopping.abort();
}

#[tokio::test]
async fn a_relay_ends_when_what_is_under_way_is_done() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    let bell = Arc::new(Notify::new());
    world.fake.next(IDENTITY_TOKEN, [Act::Wait(bell.clone())]);
    let body = format!(
        r#"{{"code":"canary-code-identity","state":"{}","verifier":"{}","nonce":"{}"}}"#,
        *phone.identity_state.to_text(),
        *phone.verifier.to_text(),
        *phone.nonce.to_text()
    );
    let posted = tokio::spawn(phone.request(Method::POST, "/identity").body(body).send());
    while world.fake.came(IDENTITY_TOKEN).is_empty() {
        tokio::task::yield_now().await;
    }
    let (api, other) = (world.relay.api(), config(&world.fake));
    let World { relay, shelf, clock, .. } = world;
    let stopped = tokio::spawn(relay.stop());
    // The phone is answered at once, with how far it is.
    assert_eq!(posted.await.unwrap().unwrap().status(), StatusCode::OK);
    assert!(!stopped.is_finished());
    bell.notify_one();
    stopped.await.unwrap();
    assert!(TcpStream::connect(api).await.is_err());
    // What the code gave was kept.
    let next = Relay::start_with(other, shelf.store().await, clock).await.unwrap();
    assert_eq!(phone.at(&next).status().await.unwrap().stage, Stage::IdentitySealed);
}

/// Sends this and reads until the relay closes the connection.
async fn talk(address: SocketAddr, text: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn whoever_is_slow_on_purpose_is_not_waited_for() {
    let short = Duration::from_millis(40);
    let world = World::with(|config| (config.limits.headers, config.limits.body) = (short, short)).await;
    for address in [world.relay.public(), world.relay.api(), world.relay.admin()] {
        for text in ["", "GET", "GET / HTTP/1.1\r\nhost: x\r\nslow: "] {
            let answer = talk(address, text).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
    }
    let phone = world.phone();
    let head = format!("PUT /v1/sessions/{} HTTP/1.1\r\nhost: x\r\ntecho-protocol: 1\r\ncontent-length: 100\r\n\r\n{{", phone.id);
    assert!(talk(world.relay.api(), &head).await.starts_with("HTTP/1.1 400 "));
    let head = "POST /portal/result-ready HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{";
    assert!(talk(world.relay.public(), head).await.starts_with("HTTP/1.1 400 "));
    assert!(phone.start().await.is_ok());
}

#[tokio::test]
async fn a_connection_does_not_live_for_ever() {
    let world = World::with(|config| config.limits.connection = Duration::from_millis(40)).await;
    let answer = talk(world.relay.admin(), "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(answer.ends_with("live\n"), "{answer}");
}

#[tokio::test]
async fn long_headers_and_what_is_no_http_are_refused() {
    let world = World::new().await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nlong: {}\r\n\r\n", "x".repeat(20_000));
    assert!(talk(world.relay.api(), &long).await.starts_with("HTTP/1.1 431 "));
    assert!(talk(world.relay.api(), "\u{16}\u{3}\u{1} hello\r\n\r\n").await.starts_with("HTTP/1.1 400 "));
    assert!(world.phone().start().await.is_ok());
}

#[tokio::test]
async fn no_more_connections_are_served_than_may_be() {
    let world = World::with(|config| config.limits.connections = 1).await;
    let mut first = TcpStream::connect(world.relay.api()).await.unwrap();
    first.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut byte = [0];
    first.read_exact(&mut byte).await.unwrap();
    let phone = world.phone();
    let second = tokio::spawn(said(phone.request(Method::GET, "")));
    // The other listeners are not concerned.
    assert_eq!(world.admin("/health/live").await.0, StatusCode::OK);
    assert!(!second.is_finished());
    drop(first);
    assert_eq!(second.await.unwrap().unwrap_err().1, RefusalKind::UnknownSession);
}

#[tokio::test]
async fn what_is_counted_has_its_names_and_nobodys_session() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.ready().await;
    phone.wait(Stage::Requested).await.unwrap();
    world.call_back(&world.relay, "unknown").await;
    world.admin("/health/ready").await;
    let (_, text) = world.admin("/metrics").await;
    for line in [
        "techo_relay_sessions 1",
        "techo_relay_stage_total{stage=\"result_sealed\"} 1",
        "techo_relay_callback_total{known=\"yes\"} 1",
        "techo_relay_callback_total{known=\"no\"} 1",
        "techo_relay_seal_duration_seconds_count 1",
        "techo_relay_call_duration_seconds_count{call=\"portal_result\",outcome=\"200\"} 1",
        "http_server_request_duration_seconds_count{http_route=\"/v1/sessions/{id}\",http_request_method=\"PUT\",http_response_status_code=\"200\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    for secret in [phone.id.to_string(), world.fake.process(), phone.secret.to_text().to_string()] {
        assert!(!text.contains(&secret));
    }
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn methods_that_nobody_knows_are_counted_together_on_every_listener() {
    let world = World::new().await;
    for address in [world.relay.public(), world.relay.api(), world.relay.admin()] {
        for method in ["ABC", "abd", "PURGE7", "PROPFIND"] {
            let answer = talk(address, &format!("{method} /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        }
    }
    let (_, metrics) = world.admin("/metrics").await;
    let count =
        "http_server_request_duration_seconds_count{http_route=\"none\",http_request_method=\"other\",http_response_status_code=\"404\"}";
    assert!(metrics.lines().any(|line| line == format!("{count} 12")), "{metrics}");
    for odd in ["ABC", "abd", "PURGE7", "PROPFIND"] {
        assert!(!metrics.contains(odd), "{odd}");
    }
}
