//! Somebody reads the address a victim's browser was sent back with, and brings the code for a session of their own.

use reqwest::StatusCode;
use techo_protocol::{
    State,
    message::{RefusalKind, Return, Stage},
};

use crate::{
    fake::{IDENTITY_TOKEN, TOKEN},
    world::{Phone, Said, World},
};

const CODE: &str = "canary-code-portal";

/// A phone at which the portal's leg is due, with its browser on the same machine.
async fn due(world: &World, back: Return) -> Phone {
    let phone = Phone { back, ..world.phone() };
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    let code = format!("identity-{}", phone.id);
    open(world, &code, &phone.identity_state).await;
    assert_eq!(phone.identity(&code).await.unwrap().stage, Stage::IdentitySealed);
    assert_eq!(phone.delete_sealed("identity").await, StatusCode::NO_CONTENT);
    phone
}

/// A browser comes back with this code and this state. Whether it was sent on to the app.
async fn open(world: &World, code: &str, state: &State) -> bool {
    let address = format!("http://{}/redirect?code={code}&state={}", world.relay.public(), *state.to_text());
    world.http.get(address).send().await.unwrap().status() == StatusCode::FOUND
}

fn is_refused(said: Said) -> bool {
    said.is_err_and(|refused| refused == (StatusCode::FORBIDDEN, RefusalKind::ForeignState))
}

const LOOPBACK: Return = Return::Loopback { port: 50_123 };

#[tokio::test]
async fn a_stolen_code_counts_for_no_session_of_the_thief() {
    for back in [LOOPBACK, Return::AppLink] {
        let world = World::new().await;
        let victim = due(&world, LOOPBACK).await;
        let thief = due(&world, back).await;
        assert!(open(&world, CODE, &victim.authorization_state).await);
        assert!(is_refused(thief.authorization(CODE).await));
        assert!(world.fake.came(TOKEN).is_empty(), "the victim's code was sent on for the thief");
        assert_eq!(victim.authorization(CODE).await.unwrap().stage, Stage::Requested);
        assert_eq!(thief.status().await.unwrap().stage, Stage::AwaitingAuthorization);
    }
}

#[tokio::test]
async fn a_thief_who_shows_the_code_with_a_state_of_his_own_spoils_it_for_everybody() {
    let world = World::new().await;
    let (victim, thief) = (due(&world, LOOPBACK).await, due(&world, LOOPBACK).await);
    for (first, second) in [(&victim, &thief), (&thief, &victim)] {
        let code = format!("code-{}", first.id);
        assert!(open(&world, &code, &first.authorization_state).await);
        assert!(!open(&world, &code, &second.authorization_state).await, "the browser was sent on with a stolen code");
        assert!(is_refused(second.authorization(&code).await));
        assert!(is_refused(first.authorization(&code).await));
    }
    assert!(world.fake.came(TOKEN).is_empty());
}

#[tokio::test]
async fn a_code_outlives_the_session_it_was_seen_for() {
    let world = World::new().await;
    let victim = due(&world, LOOPBACK).await;
    assert!(open(&world, CODE, &victim.authorization_state).await);
    assert_eq!(victim.request(reqwest::Method::DELETE, "").send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let thief = due(&world, Return::AppLink).await;
    world.clock.advance(599);
    assert!(is_refused(thief.authorization(CODE).await));
    assert!(world.fake.came(TOKEN).is_empty());
}

#[tokio::test]
async fn an_app_on_the_browsers_machine_may_bring_only_what_the_browser_brought() {
    let world = World::new().await;
    let phone = Phone { back: LOOPBACK, ..world.phone() };
    phone.start().await.unwrap();
    assert!(is_refused(phone.identity("canary-code-identity").await));
    assert!(world.fake.came(IDENTITY_TOKEN).is_empty());
    // What looks at the link without opening it is no browser.
    let query = format!("code=canary-code-identity&state={}", *phone.identity_state.to_text());
    world.http.head(format!("http://{}/redirect?{query}", world.relay.public())).send().await.unwrap();
    assert!(is_refused(phone.identity("canary-code-identity").await));
    // Logged in again in the same browser, either code may come, and a few of them at most.
    let codes = ["one", "two", "three", "four", "five", "canary-code-identity"];
    for code in codes {
        assert!(open(&world, code, &phone.identity_state).await);
    }
    assert!(!open(&world, "seven", &phone.identity_state).await);
    assert!(open(&world, "two", &phone.identity_state).await);
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
}
