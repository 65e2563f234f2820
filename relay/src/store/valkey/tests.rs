//! The store against a server of its own, alone and over TLS, present, hanging and gone.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path, time::Instant};

use chrono::TimeDelta;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use techo_protocol::{
    GrantDigest, PublicKey,
    message::{Return, Stage, Start},
};
use techo_valkey_server::{Tls, ValkeyServer};

use super::{super::conformance, *};

/// A store with nothing in it that hears what is written.
async fn store(address: &ValkeyAddress, ring: &KeyRing) -> ValkeyStore {
    let store = ValkeyStore::new(address, ring.clone());
    assert_eq!(next(&mut store.wakes()).await, Wake::All);
    store
}

/// The next that is heard. A test that hears nothing fails.
async fn next(wakes: &mut broadcast::Receiver<Wake>) -> Wake {
    tokio::time::timeout(Duration::from_secs(30), wakes.recv()).await.unwrap().unwrap()
}

fn address(server: &ValkeyServer) -> ValkeyAddress {
    ValkeyAddress::new(&server.address(), None).unwrap()
}

fn session(name: &str) -> (SessionId, Session) {
    let digest = |part: &str| Digest::of(format!("{name} {part}").as_bytes());
    let start = Start {
        secret: digest("secret"),
        phone: PublicKey::from_bytes([7; 32]),
        grant: GrantDigest::of(&[1; 32], name.as_bytes()),
        service: "ST0001".to_owned(),
        identity_state: digest("identity"),
        authorization_state: digest("authorization"),
        back: Return::AppLink,
    };
    let (stage, expires) = (Stage::AwaitingIdentity, Utc::now() + TimeDelta::seconds(600));
    let expires = DateTime::from_timestamp_millis(expires.timestamp_millis()).unwrap();
    let session = Session { start, stage, failure: None, expires, identity: None, authorization: None, codes: Vec::new(), awaited: None };
    (SessionId::make().unwrap(), session)
}

async fn begun(store: &ValkeyStore, name: &str) -> (SessionId, Session, Revision) {
    let (id, session) = session(name);
    assert_eq!(store.begin(&id, &session, Utc::now(), 100).await, Ok(Begun::New));
    let (_, revision) = store.read_session(&id).await.unwrap().unwrap();
    (id, session, revision)
}

#[tokio::test]
async fn the_valkey_store_does_what_every_store_must() {
    let Some(server) = ValkeyServer::start() else { return };
    let (address, ring) = (address(&server), KeyRing::make().unwrap());
    conformance::check(|| {
        assert_eq!(server.command("FLUSHALL").unwrap(), "+OK");
        store(&address, &ring)
    })
    .await;
}

/// The root in PEM, and the server's certificate and key written into a folder.
fn certified(folder: &Path) -> String {
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &root).unwrap();
    fs::write(folder.join("certificate"), certificate.pem()).unwrap();
    fs::write(folder.join("key"), key.serialize_pem()).unwrap();
    root.pem()
}

#[tokio::test]
async fn over_tls_it_is_the_same_and_a_foreign_server_is_not_spoken_to() {
    let folder = tempfile::tempdir().unwrap();
    let root = certified(folder.path());
    let tls = Tls { certificate: &folder.path().join("certificate"), key: &folder.path().join("key") };
    let Some(server) = ValkeyServer::start_with_tls(tls) else { return };
    // As docs/relay.md has it.
    let user = "ACL SETUSER relay on >canary ~{techo}:* &{techo}:* +@all -@dangerous -@admin";
    assert_eq!(server.command(user).unwrap(), "+OK");
    let (at, ring) = (server.tls_address().replace("://", "://relay:canary@"), KeyRing::make().unwrap());
    let address = ValkeyAddress::new(&at, Some(&root)).unwrap();
    conformance::check(|| {
        assert_eq!(server.command("FLUSHALL").unwrap(), "+OK");
        store(&address, &ring)
    })
    .await;
    let foreign = certified(folder.path());
    let stranger = ValkeyStore::new(&ValkeyAddress::new(&at, Some(&foreign)).unwrap(), ring);
    assert_eq!(stranger.sweep_all(Utc::now()).await, Err(StoreError::Away));
}

#[tokio::test]
async fn everything_forgets_itself() {
    let Some(server) = ValkeyServer::start() else { return };
    let store = store(&address(&server), &KeyRing::make().unwrap()).await;
    let (id, session, seen) = begun(&store, "one").await;
    let process = Digest::of(b"process");
    let seal = Some((Leg::Result, Bytes::from_static(b"sealed")));
    let longer = Session { expires: session.expires + TimeDelta::seconds(300), ..session.clone() };
    let change = Change { seal, process: Some(process), ..Change::of(longer) };
    assert_eq!(store.replace(&id, seen, change, Utc::now()).await, Ok(true));
    let states = [session.start.identity_state, session.start.authorization_state].map(|state| state_key(&state));
    let keys = states.into_iter().chain([session_key(&id), process_key(&process), EXPIRIES.to_owned()]);
    for key in keys {
        let left: i64 = server.command(&format!("PTTL {key}")).unwrap().trim_start_matches(':').parse().unwrap();
        assert!((600_000..=900_000).contains(&left), "{key}: {left} ms");
    }
    assert_eq!(server.command("DBSIZE").unwrap(), ":5");
    store.drop_session(&id).await.unwrap();
    assert_eq!(server.command("DBSIZE").unwrap(), ":0");
}

#[tokio::test]
async fn a_writing_whose_answer_was_lost_knows_itself_again() {
    let Some(server) = ValkeyServer::start() else { return };
    let store = store(&address(&server), &KeyRing::make().unwrap()).await;
    let (id, session) = session("one");
    let (first, second) = (Revision(1), Revision(2));
    for _ in 0..2 {
        assert_eq!(store.begin_as(first, &id, &session, Utc::now(), 100).await, Ok(Begun::New));
    }
    assert_eq!(store.begin_as(second, &id, &session, Utc::now(), 100).await, Ok(Begun::There(session.clone())));
    for _ in 0..2 {
        assert_eq!(store.replace_as(second, &id, first, Change::of(session.clone()), Utc::now()).await, Ok(true));
    }
    assert_eq!(store.replace_as(Revision(3), &id, first, Change::of(session), Utc::now()).await, Ok(false));
}

#[tokio::test]
async fn a_server_that_is_gone_is_said_to_be_away_and_found_again() {
    let Some(mut server) = ValkeyServer::start() else { return };
    let store = store(&address(&server), &KeyRing::make().unwrap()).await;
    let (id, session, seen) = begun(&store, "one").await;
    let mut wakes = store.wakes();
    server.kill();
    assert_eq!(store.read_session(&id).await, Err(StoreError::Away));
    assert_eq!(store.replace(&id, seen, Change::of(session.clone()), Utc::now()).await, Err(StoreError::Away));
    assert_eq!(store.begin(&id, &session, Utc::now(), 100).await, Err(StoreError::Away));
    assert_eq!(store.sweep_all(Utc::now()).await, Err(StoreError::Away));
    server.start_again();
    // Who waits is woken, to see for themselves.
    assert_eq!(next(&mut wakes).await, Wake::All);
    tokio::time::sleep(link::REST).await;
    assert_eq!(store.read_session(&id).await, Ok(None));
    let (_, _, seen) = begun(&store, "two").await;
    assert_ne!(seen, Revision(0));
    // A connection that breaks between two operations costs nobody an answer.
    assert!(server.command("CLIENT KILL TYPE normal SKIPME yes").unwrap().starts_with(':'));
    assert_eq!(store.sweep_all(Utc::now()).await, Ok(1));
}

#[tokio::test]
async fn a_server_that_hangs_is_not_waited_for_and_what_it_was_told_is_not_lost() {
    let Some(server) = ValkeyServer::start() else { return };
    let limits = [Duration::from_millis(200); 2];
    let store = ValkeyStore::with(&address(&server), KeyRing::make().unwrap(), limits);
    let (id, session, seen) = begun(&store, "one").await;
    server.hang();
    let asked = Instant::now();
    let failed = Session { stage: Stage::Failed, ..session };
    assert_eq!(store.replace(&id, seen, Change::of(failed.clone()), Utc::now()).await, Err(StoreError::Away));
    assert_eq!(store.read_session(&id).await, Err(StoreError::Away));
    assert!(asked.elapsed() < Duration::from_mins(1));
    server.go_on();
    // The server may have heard it or not; whoever writes again sees which.
    let (kept, now) = store.read_session(&id).await.unwrap().unwrap();
    if now == seen {
        assert_eq!(store.replace(&id, seen, Change::of(failed), Utc::now()).await, Ok(true));
    } else {
        assert_eq!(kept, failed);
    }
}

#[tokio::test]
async fn what_somebody_else_put_there_is_not_believed() {
    let Some(server) = ValkeyServer::start() else { return };
    let (address, ring) = (address(&server), KeyRing::make().unwrap());
    let store = store(&address, &ring).await;
    let (one, session, revision) = begun(&store, "one").await;
    let (two, ..) = begun(&store, "two").await;
    let put = |key: &str, field: &str, value: &str| server.command(&format!("HSET {key} {field} {value}")).unwrap();
    // Another session's record, with another phone's key in it; one in clear; one under somebody's own ring.
    let other: String = redis::cmd("HGET")
        .arg(session_key(&two))
        .arg("record")
        .query_async(&mut address.client().get_multiplexed_async_connection().await.unwrap())
        .await
        .unwrap();
    let clear = serde_json::to_string(&session).unwrap().replace('"', "\\\"");
    let own = KeyRing::make().unwrap().seal(&one, Kind::Record(revision.0), &serde_json::to_vec(&session).unwrap()).unwrap();
    for forged in [other, format!("\"{clear}\""), own, "x".to_owned()] {
        put(&session_key(&one), "record", &forged);
        assert_eq!(store.read_session(&one).await, Err(StoreError::Unreadable));
        assert_eq!(store.begin(&one, &session, Utc::now(), 100).await, Err(StoreError::Unreadable));
    }
    assert_eq!(server.command(&format!("SET {} nonsense", state_key(&session.start.identity_state))).unwrap(), "+OK");
    assert_eq!(store.look_up(state_key(&session.start.identity_state)).await, Err(StoreError::Unreadable));
    put(&session_key(&one), "revision", "nonsense");
    assert_eq!(store.read_session(&one).await, Err(StoreError::Unreadable));
    // A key of another kind.
    let unknown = SessionId::make().unwrap();
    assert_eq!(server.command(&format!("SET {} nonsense", session_key(&unknown))).unwrap(), "+OK");
    assert_eq!(store.read_session(&unknown).await, Err(StoreError::Away));
    assert!(store.read_session(&two).await.unwrap().is_some());
}

#[tokio::test]
async fn a_relay_hears_what_another_wrote() {
    let Some(server) = ValkeyServer::start() else { return };
    let (address, ring) = (address(&server), KeyRing::make().unwrap());
    let (one, two) = (store(&address, &ring).await, store(&address, &ring).await);
    let mut wakes = two.wakes();
    let (id, session, seen) = begun(&one, "one").await;
    assert_eq!(one.replace(&id, seen, Change::of(session.clone()), Utc::now()).await, Ok(true));
    assert_eq!(next(&mut wakes).await, Wake::Session(id));
    assert_eq!(two.read_session(&id).await.unwrap().unwrap().0, session);
    two.drop_session(&id).await.unwrap();
    assert_eq!(next(&mut wakes).await, Wake::Session(id));
    // Two that forget the same tell it once; a word that is no session's makes everybody look.
    two.drop_session(&id).await.unwrap();
    assert_eq!(server.command(&format!("PUBLISH {WAKES} nonsense")).unwrap(), ":2");
    assert_eq!(next(&mut wakes).await, Wake::All);
}

#[tokio::test]
async fn an_older_state_is_not_believed_as_the_present_one() {
    let Some(server) = ValkeyServer::start() else { return };
    let (address, ring) = (address(&server), KeyRing::make().unwrap());
    let store = store(&address, &ring).await;
    let (id, session, seen) = begun(&store, "one").await;
    let mut connection = address.client().get_multiplexed_async_connection().await.unwrap();
    let record: String = redis::cmd("HGET").arg(session_key(&id)).arg("record").query_async(&mut connection).await.unwrap();
    let later = Session { stage: Stage::Taken, ..session.clone() };
    assert_eq!(store.replace(&id, seen, Change::of(later), Utc::now()).await, Ok(true));
    server.command(&format!("HSET {} record {record}", session_key(&id))).unwrap();
    assert_eq!(store.read_session(&id).await, Err(StoreError::Unreadable));
    assert_eq!(store.begin(&id, &session, Utc::now(), 100).await, Err(StoreError::Unreadable));
}
