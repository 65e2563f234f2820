//! How long a session lives, how a phone waits in it, and what is not lost when its time runs out meanwhile.

use std::sync::Arc;

use reqwest::{Method, StatusCode};
use techo_protocol::{
    SessionId,
    message::{RefusalKind, Stage},
};
use tokio::sync::Notify;

use crate::{
    fake::{Act, IDENTITY_TOKEN, RESULT},
    world::{NOW, Phone, World, refusal, said},
};

#[tokio::test]
async fn a_session_ends_with_its_time() {
    let world = World::new().await;
    let (phone, other) = (world.phone(), world.phone());
    phone.start().await.unwrap();
    world.clock.advance(599);
    other.start().await.unwrap();
    assert_eq!(phone.status().await.unwrap().expires_in, 1);
    world.clock.advance(1);
    assert_eq!(refusal(phone.status().await), RefusalKind::UnknownSession);
    assert_eq!(refusal(phone.identity("canary-code-identity").await), RefusalKind::UnknownSession);
    assert!(world.fake.came(IDENTITY_TOKEN).is_empty());
    assert!(other.status().await.is_ok());
    // Begun again it is a new one.
    assert_eq!(phone.start().await.unwrap().expires_in, 600);
}

#[tokio::test]
async fn a_session_that_waits_for_the_portal_lives_long_enough_to_be_answered() {
    let world = World::new().await;
    let phone = world.logged_in().await;
    world.clock.advance(550);
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().expires_in, 360 + 120);
    world.clock.advance(470);
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().expires_in, 120);
    world.clock.advance(120);
    assert_eq!(phone.sealed("result").await.unwrap_err().1, RefusalKind::UnknownSession);
    let (status, _) = world.call_back(&world.relay, &world.fake.process()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_waiting_phone_is_answered_as_soon_as_something_happens() {
    let world = World::new().await;
    let phone = world.requested().await;
    // At once where the phone has not seen what is there.
    assert_eq!(phone.wait(Stage::AwaitingAuthorization).await.unwrap().stage, Stage::Requested);
    let call = async {
        while world.waiting().await < 2 {
            tokio::task::yield_now().await;
        }
        world.ready().await;
    };
    let (one, two, ()) = tokio::join!(phone.wait(Stage::Requested), phone.wait(Stage::Requested), call);
    assert_eq!(one.unwrap().stage, Stage::ResultSealed);
    assert_eq!(two.unwrap().stage, Stage::ResultSealed);
    assert_eq!(world.waiting().await, 0);
    // A phone that hangs up is not waited with.
    let hangs_up = tokio::spawn(phone.request(Method::GET, "?seen=result_sealed&wait=20").send());
    while world.waiting().await < 1 {
        tokio::task::yield_now().await;
    }
    hangs_up.abort();
    while world.waiting().await > 0 {
        tokio::task::yield_now().await;
    }
    for query in ["?seen=everything", "?wait=-1", "?wait=soon", "?sen=requested"] {
        assert_eq!(refusal(said(phone.request(Method::GET, query)).await), RefusalKind::BadRequest, "{query}");
    }
    let unknown = SessionId::make().unwrap();
    let gone = Phone { id: unknown, ..phone.at(&world.relay) };
    assert_eq!(refusal(gone.wait(Stage::Requested).await), RefusalKind::UnknownSession);
}

#[tokio::test]
async fn what_a_code_gives_is_not_lost_although_the_session_would_have_ended_meanwhile() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    world.clock.advance(599);
    *world.fake.twist.lock().unwrap() = Some(Box::new(|token| token.claims["exp"] = serde_json::json!(NOW + 900)));
    let bell = Arc::new(Notify::new());
    world.fake.next(IDENTITY_TOKEN, [Act::Wait(bell.clone())]);
    let slow = async {
        while world.fake.came(IDENTITY_TOKEN).is_empty() {
            tokio::task::yield_now().await;
        }
        world.clock.advance(100);
        bell.notify_one();
    };
    let (said, ()) = tokio::join!(phone.identity("canary-code-identity"), slow);
    assert_eq!(said.unwrap().stage, Stage::IdentitySealed);
    assert!(phone.sealed("identity").await.is_ok());
}

#[tokio::test]
async fn a_result_is_not_lost_although_the_session_would_have_ended_while_it_was_fetched() {
    let world = World::new().await;
    let phone = world.requested().await;
    let left = phone.status().await.unwrap().expires_in;
    world.clock.advance(left - 1);
    let bell = Arc::new(Notify::new());
    world.fake.next(RESULT, [Act::Wait(bell.clone())]);
    world.ready().await;
    while world.fake.came(RESULT).is_empty() {
        tokio::task::yield_now().await;
    }
    world.clock.advance(100);
    bell.notify_one();
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
}
