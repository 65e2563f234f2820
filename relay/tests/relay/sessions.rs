//! Who may begin a session, who may ask about it, in which order and how often.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use techo_protocol::{
    SessionSecret, State, VERSION,
    message::{RefusalKind, Return, Stage, Start, VERSION_HEADER},
};

use crate::{
    fake::{Act, IDENTITY_TOKEN, TOKEN},
    world::{Phone, World, refusal, refused, said},
};

#[tokio::test]
async fn a_start_that_is_repeated_is_the_same_session_and_another_one_of_its_id_is_refused() {
    let world = World::new().await;
    let phone = world.phone();
    let first = phone.start().await.unwrap();
    assert_eq!(phone.start().await.unwrap(), first);
    assert_eq!(first.expires_in, 600);
    for other in [
        Start { secret: SessionSecret::make().unwrap().digest(), ..phone.to_start() },
        Start { back: Return::Loopback { port: 40_000 }, ..phone.to_start() },
        Start { authorization_state: State::make().unwrap().digest(), ..phone.to_start() },
    ] {
        assert_eq!(refusal(phone.start_as(&other).await), RefusalKind::WrongStage);
    }
    // Also a start that is repeated late changes nothing.
    let phone = world.logged_in().await;
    assert_eq!(phone.start().await.unwrap().stage, Stage::AwaitingAuthorization);
}

#[tokio::test]
async fn a_start_must_be_one_this_relay_can_serve() {
    let world = World::new().await;
    let phone = world.phone();
    let start = phone.to_start();
    let as_it_should_be = || start.clone();
    for (other, expected) in [
        (Start { service: "ST0002".to_owned(), ..as_it_should_be() }, RefusalKind::UnknownService),
        (Start { back: Return::Loopback { port: 631 }, ..as_it_should_be() }, RefusalKind::BadRequest),
        (Start { authorization_state: start.identity_state, ..as_it_should_be() }, RefusalKind::BadRequest),
    ] {
        assert_eq!(refusal(phone.start_as(&other).await), expected);
    }
    for body in ["", "{}", "[]", "null", "{\"secret\":", &format!("{{\"name\":\"x\",{}", &serde_json::to_string(&start).unwrap()[1..])] {
        assert_eq!(refusal(said(phone.request(Method::PUT, "").body(body.to_owned())).await), RefusalKind::BadRequest, "{body}");
    }
    assert_eq!(refusal(phone.status().await), RefusalKind::UnknownSession);
    assert!(phone.start().await.is_ok());
}

#[tokio::test]
async fn nobody_takes_the_state_of_another_session() {
    let world = World::new().await;
    let (victim, thief) = (world.phone(), world.phone());
    victim.start().await.unwrap();
    let start = Start { identity_state: victim.identity_state.digest(), ..thief.to_start() };
    assert_eq!(refusal(thief.start_as(&start).await), RefusalKind::WrongStage);
    assert_eq!(refusal(thief.status().await), RefusalKind::UnknownSession);
}

#[tokio::test]
async fn a_phone_of_another_version_is_told_so() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    let address = format!("{}/v1/sessions/{}", phone.api, phone.id);
    let plain = || phone.http.get(&address).bearer_auth(&*phone.secret.to_text());
    for request in [plain(), plain().header(VERSION_HEADER, VERSION + 1), plain().header(VERSION_HEADER, "one")] {
        assert_eq!(refusal(said(request).await), RefusalKind::OtherVersion);
    }
    let begins = phone.http.put(&address).body(serde_json::to_string(&phone.to_start()).unwrap());
    assert_eq!(refusal(said(begins.header(VERSION_HEADER, VERSION + 1)).await), RefusalKind::OtherVersion);
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_session_look_alike() {
    let world = World::new().await;
    let phone = world.requested().await;
    let stranger = world.phone();
    let wrong = Phone { secret: SessionSecret::make().unwrap(), ..phone.at(&world.relay) };
    let requests = |phone: &Phone| {
        let bare = phone.http.get(format!("{}/v1/sessions/{}", phone.api, phone.id)).header(VERSION_HEADER, VERSION);
        [
            phone.request(Method::GET, ""),
            phone.request(Method::GET, "?seen=requested&wait=20"),
            phone.request(Method::DELETE, ""),
            phone.request(Method::POST, "/identity").body("{}"),
            phone.request(Method::POST, "/authorization").body("{}"),
            phone.request(Method::GET, "/sealed/identity"),
            phone.request(Method::GET, "/sealed/result"),
            phone.request(Method::DELETE, "/sealed/result"),
            bare,
        ]
    };
    for (unknown, wrong) in requests(&stranger).into_iter().zip(requests(&wrong)) {
        let (unknown, wrong) = (unknown.send().await.unwrap(), wrong.send().await.unwrap());
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        assert_eq!(wrong.status(), StatusCode::NOT_FOUND);
        let without_date = |response: &reqwest::Response| {
            let mut headers = response.headers().clone();
            headers.remove("date");
            headers
        };
        assert_eq!(without_date(&unknown), without_date(&wrong));
        assert_eq!(unknown.bytes().await.unwrap(), wrong.bytes().await.unwrap());
    }
    assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
}

#[tokio::test]
async fn a_foreign_state_is_refused_and_costs_nothing() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    let foreign = State::make().unwrap();
    for state in [&foreign, &phone.authorization_state] {
        assert_eq!(refusal(phone.identity_with("canary-code-identity", state).await), RefusalKind::ForeignState);
    }
    assert!(world.fake.came(IDENTITY_TOKEN).is_empty());
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    phone.delete_sealed("identity").await;
    for state in [&foreign, &phone.identity_state] {
        assert_eq!(refusal(phone.authorization_with("canary-code-portal", state).await), RefusalKind::ForeignState);
    }
    assert!(world.fake.came(TOKEN).is_empty());
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
}

#[tokio::test]
async fn a_code_is_sent_on_once_and_its_repetition_gets_the_progress() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    for _ in 0..2 {
        assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
        assert_eq!(refusal(phone.identity("another").await), RefusalKind::WrongStage);
    }
    phone.delete_sealed("identity").await;
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::AwaitingAuthorization);
    for _ in 0..2 {
        assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
        assert_eq!(refusal(phone.authorization("another").await), RefusalKind::WrongStage);
    }
    world.ready().await;
    phone.wait(Stage::Requested).await.unwrap();
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::ResultSealed);
    assert_eq!(refusal(phone.identity("another").await), RefusalKind::WrongStage);
    assert_eq!((world.fake.came(IDENTITY_TOKEN).len(), world.fake.came(TOKEN).len()), (1, 1));
}

#[tokio::test]
async fn a_code_that_comes_twice_at_once_is_sent_on_once() {
    let world = World::new().await;
    let phone = world.logged_in().await;
    let bell = std::sync::Arc::new(tokio::sync::Notify::new());
    world.fake.next(TOKEN, [Act::Wait(bell.clone())]);
    let ring = async {
        while world.fake.came(TOKEN).is_empty() || world.waiting().await < 3 {
            tokio::task::yield_now().await;
        }
        bell.notify_one();
    };
    let code = || phone.authorization("canary-code-portal");
    let (one, two, three, ()) = tokio::join!(code(), code(), code(), ring);
    for said in [one, two, three] {
        assert_eq!(said.unwrap().stage, Stage::Requested);
    }
    assert_eq!(world.fake.came(TOKEN).len(), 1);
}

#[tokio::test]
async fn each_step_has_its_time() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    let early = RefusalKind::WrongStage;
    assert_eq!(refusal(phone.authorization("canary-code-portal").await), early);
    for leg in ["identity", "result"] {
        assert_eq!(phone.sealed(leg).await.unwrap_err().1, early);
        assert_eq!(phone.delete_sealed(leg).await, StatusCode::CONFLICT);
    }
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    phone.identity("canary-code-identity").await.unwrap();
    // Not before the identity was taken.
    assert_eq!(refusal(phone.authorization("canary-code-portal").await), early);
    assert_eq!(phone.sealed("result").await.unwrap_err().1, early);
    assert!(world.fake.came(TOKEN).is_empty());
    assert_eq!(phone.sealed("everything").await.unwrap_err().1, RefusalKind::BadRequest);
}

#[tokio::test]
async fn sealed_bytes_are_handed_over_until_they_were_taken_and_never_again() {
    let world = World::new().await;
    let phone = world.requested().await;
    assert_eq!(phone.sealed("identity").await.unwrap_err().1, RefusalKind::Taken);
    world.ready().await;
    phone.wait(Stage::Requested).await.unwrap();
    let once = phone.sealed("result").await.unwrap();
    assert_eq!(phone.sealed("result").await.unwrap(), once);
    for _ in 0..2 {
        assert_eq!(phone.delete_sealed("result").await, StatusCode::NO_CONTENT);
        assert_eq!(phone.sealed("result").await.unwrap_err(), (StatusCode::GONE, RefusalKind::Taken));
        assert_eq!(phone.delete_sealed("identity").await, StatusCode::NO_CONTENT);
    }
    assert_eq!(phone.status().await.unwrap().stage, Stage::Taken);
    // The call-back, once more, brings nothing back.
    world.ready().await;
    assert_eq!(phone.sealed("result").await.unwrap_err().1, RefusalKind::Taken);
}

#[tokio::test]
async fn a_session_that_is_deleted_leaves_nothing() {
    let world = World::new().await;
    let phone = world.requested().await;
    let deleted = phone.request(Method::DELETE, "").send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    assert!(world.shelf.is_empty());
    assert_eq!(refusal(phone.status().await), RefusalKind::UnknownSession);
    let (status, _) = world.call_back(&world.relay, &world.fake.process()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_relay_that_is_full_says_when_to_come_again() {
    let world = World::with(|config| config.limits.sessions = 1).await;
    let (first, second) = (world.phone(), world.phone());
    first.start().await.unwrap();
    let response = second.request(Method::PUT, "").body(serde_json::to_string(&second.to_start()).unwrap()).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "10");
    assert_eq!(refused(response).await.1, RefusalKind::Busy);
    assert!(first.start().await.is_ok());
    world.clock.advance(600);
    assert!(second.start().await.is_ok());
}

#[tokio::test]
async fn a_session_that_asks_too_often_is_slowed_down_and_others_are_not() {
    let world = World::with(|config| (config.limits.burst, config.limits.per_second) = (3, 0)).await;
    let (eager, calm) = (world.phone(), world.phone());
    eager.start().await.unwrap();
    calm.start().await.unwrap();
    for _ in 0..3 {
        assert!(eager.status().await.is_ok());
    }
    let response = eager.request(Method::GET, "").send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(refused(response).await.1, RefusalKind::SlowDown);
    assert!(calm.status().await.is_ok());
}

#[tokio::test]
async fn somebody_without_the_secret_cannot_slow_a_session_down() {
    let world = World::with(|config| (config.limits.burst, config.limits.per_second) = (1, 0)).await;
    let phone = world.phone();
    phone.start().await.unwrap();
    let stranger = Phone { secret: SessionSecret::make().unwrap(), ..phone.at(&world.relay) };
    for _ in 0..5 {
        assert_eq!(refusal(stranger.status().await), RefusalKind::UnknownSession);
    }
    assert!(phone.status().await.is_ok());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_wherever_it_is_sent() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    let large = "x".repeat(16 * 1024 + 1);
    for request in [phone.request(Method::PUT, ""), phone.request(Method::POST, "/identity"), phone.request(Method::POST, "/authorization")]
    {
        assert_eq!(refusal(said(request.body(large.clone())).await), RefusalKind::TooLarge);
    }
    let address = format!("http://{}/portal/result-ready", world.relay.public());
    assert_eq!(phone.http.post(address).body(large).send().await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_a_relay_answers_is_kept_by_nobody() {
    let world = World::new().await;
    let phone = world.phone();
    phone.start().await.unwrap();
    let response = phone.request(Method::GET, "").send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(body, serde_json::json!({ "stage": "awaiting_identity", "expires_in": 600 }));
}
