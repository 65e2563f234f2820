//! What every store must do. A store's own tests call [`check`] with a way to make an empty one.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::future::Future;

use chrono::TimeDelta;
use techo_protocol::{GrantDigest, PublicKey, message::Return};

use super::*;

fn now() -> DateTime<Utc> {
    // Milliseconds are what a store keeps.
    DateTime::from_timestamp_millis(Utc::now().timestamp_millis()).unwrap()
}

fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn session(name: &str, expires: DateTime<Utc>) -> (SessionId, Session) {
    let start = Start {
        secret: digest(name),
        phone: PublicKey::from_bytes([7; 32]),
        grant: GrantDigest::of(&[1; 32], name.as_bytes()),
        service: "ST0001".to_owned(),
        identity_state: digest(&format!("{name} identity")),
        authorization_state: digest(&format!("{name} authorization")),
        back: Return::Loopback { port: 40_000 },
    };
    let stage = Stage::AwaitingIdentity;
    let session = Session { start, stage, failure: None, expires, identity: None, authorization: None, codes: Vec::new(), awaited: None };
    (SessionId::make().unwrap(), session)
}

fn later(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

async fn begun<S: Store>(store: &S, name: &str) -> (SessionId, Session, Revision) {
    let (id, session) = session(name, later(600));
    assert_eq!(store.begin(&id, &session, now(), 100).await, Ok(Begun::New));
    let (kept, revision) = store.session(&id).await.unwrap().unwrap();
    assert_eq!(kept, session);
    (id, session, revision)
}

/// Everything below, each against an empty store.
pub(crate) async fn check<S: Store, F: Future<Output = S>>(make: impl Fn() -> F) {
    a_session_is_begun_once(&make().await).await;
    a_state_belongs_to_one_session(&make().await).await;
    no_more_begin_than_may_be(&make().await).await;
    of_two_writers_one_wins(&make().await).await;
    sealed_bytes_come_and_go_with_the_writing(&make().await).await;
    everything_in_a_session_comes_back_as_it_was(&make().await).await;
    a_request_is_found_by_its_number(&make().await).await;
    what_is_forgotten_is_gone_with_all_that_belongs_to_it(&make().await).await;
    what_has_expired_is_dropped_and_makes_room(&make().await).await;
    every_writing_wakes_whoever_listens(&make().await).await;
    a_code_belongs_to_the_one_session_it_was_seen_for(&make().await).await;
}

async fn a_session_is_begun_once<S: Store>(store: &S) {
    let (id, session, revision) = begun(store, "one").await;
    let other = Session { stage: Stage::Taken, ..session.clone() };
    assert_eq!(store.begin(&id, &other, now(), 100).await, Ok(Begun::There(session.clone())));
    assert_eq!(store.session(&id).await, Ok(Some((session, revision))));
    assert_eq!(store.session(&SessionId::make().unwrap()).await, Ok(None));
}

async fn a_state_belongs_to_one_session<S: Store>(store: &S) {
    let (id, begun, _) = begun(store, "one").await;
    for state in [begun.start.identity_state, begun.start.authorization_state] {
        assert_eq!(store.by_state(&state).await, Ok(Some(id)));
        let (other, mut clashing) = session("two", later(600));
        clashing.start.authorization_state = state;
        assert_eq!(store.begin(&other, &clashing, now(), 100).await, Ok(Begun::Clash));
        assert_eq!(store.session(&other).await, Ok(None));
        assert_eq!(store.by_state(&clashing.start.identity_state).await, Ok(None));
        assert_eq!(store.by_state(&state).await, Ok(Some(id)));
    }
    assert_eq!(store.by_state(&digest("nobody's")).await, Ok(None));
}

async fn no_more_begin_than_may_be<S: Store>(store: &S) {
    let (id, first, _) = begun(store, "one").await;
    let (other, second) = session("two", later(600));
    assert_eq!(store.begin(&other, &second, now(), 1).await, Ok(Begun::Full));
    assert_eq!(store.session(&other).await, Ok(None));
    assert_eq!(store.by_state(&second.start.identity_state).await, Ok(None));
    // What is there already is found also when it is full.
    assert_eq!(store.begin(&id, &first, now(), 1).await, Ok(Begun::There(first)));
    store.forget(&id).await.unwrap();
    assert_eq!(store.begin(&other, &second, now(), 1).await, Ok(Begun::New));
}

async fn of_two_writers_one_wins<S: Store>(store: &S) {
    let (id, session, seen) = begun(store, "one").await;
    let write = |stage| store.replace(&id, seen, Change::of(Session { stage, ..session.clone() }), now());
    let (first, second) = tokio::join!(write(Stage::Requested), write(Stage::Failed));
    assert_ne!(first.unwrap(), second.unwrap());
    let (kept, revision) = store.session(&id).await.unwrap().unwrap();
    assert_eq!(kept.stage, if first.unwrap() { Stage::Requested } else { Stage::Failed });
    assert_ne!(revision, seen);
    assert_eq!(write(Stage::Taken).await, Ok(false));
    assert_eq!(store.replace(&id, revision, Change::of(session.clone()), now()).await, Ok(true));
    // Written back to what it was, it still is another writing.
    assert_eq!(write(Stage::Taken).await, Ok(false));
    let unknown = SessionId::make().unwrap();
    assert_eq!(store.replace(&unknown, seen, Change::of(session), now()).await, Ok(false));
    assert_eq!(store.session(&unknown).await, Ok(None));
}

async fn sealed_bytes_come_and_go_with_the_writing<S: Store>(store: &S) {
    let (id, session, seen) = begun(store, "one").await;
    let large = Bytes::from((0..3_000_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>());
    let seal = |leg, bytes: &Bytes| Change { seal: Some((leg, bytes.clone())), ..Change::of(session.clone()) };
    assert_eq!(store.sealed(&id, Leg::Identity).await, Ok(None));
    assert!(store.replace(&id, seen, seal(Leg::Identity, &large), now()).await.unwrap());
    // The loser of a race leaves no bytes.
    assert!(!store.replace(&id, seen, seal(Leg::Result, &Bytes::from_static(b"late")), now()).await.unwrap());
    assert_eq!(store.sealed(&id, Leg::Result).await, Ok(None));
    for _ in 0..2 {
        assert_eq!(store.sealed(&id, Leg::Identity).await, Ok(Some(large.clone())));
    }
    let (_, seen) = store.session(&id).await.unwrap().unwrap();
    let empty = Bytes::new();
    let exchange = Change { unseal: Some(Leg::Identity), ..seal(Leg::Result, &empty) };
    assert!(store.replace(&id, seen, exchange, now()).await.unwrap());
    assert_eq!(store.sealed(&id, Leg::Identity).await, Ok(None));
    assert_eq!(store.sealed(&id, Leg::Result).await, Ok(Some(empty)));
}

async fn everything_in_a_session_comes_back_as_it_was<S: Store>(store: &S) {
    let (id, session, seen) = begun(store, "one").await;
    let whole = Session {
        stage: Stage::Failed,
        failure: Some(Failure::Portal { code: "TM99".to_owned() }),
        expires: session.expires + TimeDelta::milliseconds(1),
        identity: Some(Attempt { code: digest("code"), until: later(30) }),
        authorization: Some(Attempt { code: digest("other"), until: later(31) }),
        codes: vec![digest("seen"), digest("seen too")],
        awaited: Some(Awaited { ticket: "sealed".to_owned(), since: now(), claimed: Some(later(32)), early: 3, again: Some(later(33)) }),
        ..session
    };
    assert!(store.replace(&id, seen, Change::of(whole.clone()), now()).await.unwrap());
    assert_eq!(store.session(&id).await.unwrap().unwrap().0, whole);
}

async fn a_request_is_found_by_its_number<S: Store>(store: &S) {
    let (id, session, seen) = begun(store, "one").await;
    let process = digest("process");
    assert_eq!(store.by_process(&process).await, Ok(None));
    let change = Change { process: Some(process), ..Change::of(session.clone()) };
    assert!(store.replace(&id, seen, change, now()).await.unwrap());
    assert_eq!(store.by_process(&process).await, Ok(Some(id)));
    let (_, seen) = store.session(&id).await.unwrap().unwrap();
    assert!(store.replace(&id, seen, Change::of(session), now()).await.unwrap());
    assert_eq!(store.by_process(&process).await, Ok(Some(id)));
}

async fn what_is_forgotten_is_gone_with_all_that_belongs_to_it<S: Store>(store: &S) {
    let (id, session, seen) = begun(store, "one").await;
    let (kept, ..) = begun(store, "two").await;
    let process = digest("process");
    let seal = Some((Leg::Result, Bytes::from_static(b"sealed")));
    let change = Change { seal, process: Some(process), ..Change::of(session.clone()) };
    assert!(store.replace(&id, seen, change, now()).await.unwrap());
    store.forget(&id).await.unwrap();
    store.forget(&id).await.unwrap();
    assert_eq!(store.session(&id).await, Ok(None));
    assert_eq!(store.sealed(&id, Leg::Result).await, Ok(None));
    assert_eq!(store.by_process(&process).await, Ok(None));
    for state in [session.start.identity_state, session.start.authorization_state] {
        assert_eq!(store.by_state(&state).await, Ok(None));
    }
    assert!(store.session(&kept).await.unwrap().is_some());
    assert_eq!(store.sweep(now()).await, Ok(1));
}

async fn what_has_expired_is_dropped_and_makes_room<S: Store>(store: &S) {
    let (stays, ..) = begun(store, "stays").await;
    let (id, session) = session("one", later(60));
    assert_eq!(store.begin(&id, &session, now(), 2).await, Ok(Begun::New));
    assert_eq!(store.sweep(now()).await, Ok(2));
    let (other, next) = self::session("two", later(900));
    assert_eq!(store.begin(&other, &next, now(), 2).await, Ok(Begun::Full));
    // A longer life is a writing like any other.
    let (_, seen) = store.session(&id).await.unwrap().unwrap();
    let longer = Session { expires: later(120), ..session.clone() };
    assert!(store.replace(&id, seen, Change::of(longer), now()).await.unwrap());
    assert_eq!(store.begin(&other, &next, later(90), 2).await, Ok(Begun::Full));
    assert_eq!(store.begin(&other, &next, later(121), 2).await, Ok(Begun::New));
    assert_eq!(store.sweep(later(121)).await, Ok(2));
    assert_eq!(store.sweep(later(1000)).await, Ok(0));
    // A store that counts time by itself may hold these a little longer; a new session of that id is begun nevertheless.
    let (again, fresh) = self::session("three", later(2000));
    assert_eq!(store.begin(&again, &fresh, later(1000), 1).await, Ok(Begun::New));
    let _ = stays;
}

async fn every_writing_wakes_whoever_listens<S: Store>(store: &S) {
    let (mut one, mut two) = (store.wakes(), store.wakes());
    let (id, session, seen) = begun(store, "one").await;
    assert!(store.replace(&id, seen, Change::of(session), now()).await.unwrap());
    for listener in [&mut one, &mut two] {
        let wake = tokio::time::timeout(std::time::Duration::from_secs(10), listener.recv()).await.unwrap();
        assert_eq!(wake, Ok(Wake::Session(id)));
    }
    store.forget(&id).await.unwrap();
    let wake = tokio::time::timeout(std::time::Duration::from_secs(10), one.recv()).await.unwrap();
    assert_eq!(wake, Ok(Wake::Session(id)));
}

async fn a_code_belongs_to_the_one_session_it_was_seen_for<S: Store>(store: &S) {
    let ((one, ..), (two, ..)) = (begun(store, "one").await, begun(store, "two").await);
    let (code, other, third) = (digest("code"), digest("other"), digest("third"));
    let see = |code, id, at, most| store.see(code, id, at + TimeDelta::seconds(600), at, most);
    let (begin, end) = (now(), later(601));
    assert_eq!(store.by_code(&code).await, Ok(None));
    for _ in 0..2 {
        assert_eq!(see(&code, &one, begin, 2).await, Ok(Some(SeenFor::One(one))));
    }
    assert_eq!(store.by_code(&code).await, Ok(Some(SeenFor::One(one))));
    // Codes of sessions that are gone are remembered nevertheless.
    store.forget(&one).await.unwrap();
    assert_eq!(store.by_code(&code).await, Ok(Some(SeenFor::One(one))));
    assert_eq!(see(&other, &two, begin, 2).await, Ok(Some(SeenFor::One(two))));
    assert_eq!(see(&third, &two, begin, 2).await, Ok(None));
    assert_eq!(store.by_code(&third).await, Ok(None));
    // Seen for a second session it is nobody's, and stays so, also where it is full.
    assert_eq!(see(&code, &two, begin, 2).await, Ok(Some(SeenFor::Several)));
    assert_eq!(see(&code, &one, begin, 2).await, Ok(Some(SeenFor::Several)));
    assert_eq!(store.by_code(&code).await, Ok(Some(SeenFor::Several)));
    // Their time ends, and makes room.
    assert_eq!(see(&third, &two, end, 2).await, Ok(Some(SeenFor::One(two))));
    assert_eq!(see(&code, &two, end, 2).await, Ok(Some(SeenFor::One(two))));
}
