//! Who logged in: what of the identity server's answers is believed, and what becomes of the rest.

use serde_json::{Value, json};
use techo_protocol::{
    message::{Failure, Identity, Stage},
    seal::Leg,
};

use crate::{
    fake::{Act, CERTS, Claims, IDENTITY_TOKEN, USERINFO},
    world::{NOW, Phone, World},
};

/// A phone that has begun, with its nonce known to the identity server.
async fn begun(world: &World) -> Phone {
    let phone = world.phone();
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    phone
}

/// How a session fails when the identity server behaves like this.
async fn failure(world: &World) -> Option<Failure> {
    begun(world).await.identity("canary-code-identity").await.unwrap().failure
}

async fn failure_with(twist: impl FnOnce(&mut Claims) + Send + 'static) -> Option<Failure> {
    let world = World::new().await;
    *world.fake.twist.lock().unwrap() = Some(Box::new(twist));
    let failure = failure(&world).await;
    if failure.is_some() {
        assert!(world.fake.came(USERINFO).is_empty(), "the access token of a refused login was used");
    }
    failure
}

async fn failure_with_claim(name: &'static str, value: Value) -> Option<Failure> {
    failure_with(move |token| token.claims[name] = value).await
}

#[tokio::test]
async fn an_id_token_counts_only_if_it_is_for_this_login_at_this_client_from_this_server_now() {
    let refused = Some(Failure::IdentityRefused);
    assert_eq!(failure_with_claim("iss", json!("https://example.jp")).await, refused);
    assert_eq!(failure_with_claim("nonce", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await, refused);
    assert_eq!(failure_with(|token| drop(token.claims.as_object_mut().unwrap().remove("nonce"))).await, refused);
    for audience in [json!("RP00000002"), json!([]), json!(["RP00000002"]), json!(["RP00000001", "RP00000002"])] {
        assert_eq!(failure_with_claim("aud", audience).await, refused);
    }
    assert_eq!(failure_with_claim("aud", json!(["RP00000001"])).await, None);
    // A minute is given for clocks that differ.
    assert_eq!(failure_with_claim("exp", json!(NOW - 61)).await, refused);
    assert_eq!(failure_with_claim("exp", json!(NOW - 59)).await, None);
    assert_eq!(failure_with_claim("iat", json!(NOW + 61)).await, refused);
    assert_eq!(failure_with_claim("iat", json!(NOW + 59)).await, None);
    assert_eq!(failure_with_claim("exp", json!("soon")).await, refused);
}

#[tokio::test]
async fn an_id_token_counts_only_with_an_es256_signature_by_a_key_of_the_server() {
    let refused = Some(Failure::IdentityRefused);
    for algorithm in ["none", "HS256", "RS256", "ES384", "EdDSA"] {
        assert_eq!(failure_with(move |token| token.header["alg"] = json!(algorithm)).await, refused, "{algorithm}");
    }
    for key in ["7", "rsa", "new", "448"] {
        assert_eq!(failure_with(move |token| token.header["kid"] = json!(key)).await, refused, "{key}");
    }
    let world = World::new().await;
    for forged in ["", "a.b", "a.b.c", "e30.e30.AAAA"] {
        let body = json!({ "access_token": "canary-identity-token", "id_token": forged });
        world.fake.next(IDENTITY_TOKEN, [Act::Answer(200, body.to_string())]);
        assert_eq!(failure(&world).await, refused, "{forged}");
    }
    // A good token with somebody else's signature.
    let other = World::new().await;
    let phone = begun(&world).await;
    other.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    let body = other.fake.token_for(&world.fake.issuer());
    world.fake.next(IDENTITY_TOKEN, [Act::Answer(200, body)]);
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().failure, refused);
}

#[tokio::test]
async fn the_servers_keys_are_asked_for_once_and_again_when_an_unknown_one_signs() {
    let world = World::new().await;
    for _ in 0..3 {
        assert_eq!(failure(&world).await, None);
    }
    assert_eq!(world.fake.came(CERTS).len(), 1);
    world.fake.change_key();
    for _ in 0..2 {
        assert_eq!(failure(&world).await, None);
    }
    assert_eq!(world.fake.came(CERTS).len(), 2);
}

#[tokio::test]
async fn a_key_that_took_the_place_of_another_under_its_name_or_without_one_is_found_but_not_asked_for_all_the_time() {
    for has_name in [true, false] {
        let world = World::new().await;
        let log_in = async || {
            let nameless = |token: &mut Claims| drop(token.header.as_object_mut().unwrap().remove("kid"));
            if !has_name {
                *world.fake.twist.lock().unwrap() = Some(Box::new(nameless));
            }
            failure(&world).await
        };
        assert_eq!(log_in().await, None);
        world.clock.advance(60);
        world.fake.replace_key();
        assert_eq!(log_in().await, None);
        assert_eq!(world.fake.came(CERTS).len(), 2);
        world.fake.replace_key();
        assert_eq!(log_in().await, Some(Failure::IdentityRefused));
        assert_eq!(world.fake.came(CERTS).len(), 2);
        world.clock.advance(60);
        assert_eq!(log_in().await, None);
        assert_eq!(world.fake.came(CERTS).len(), 3);
    }
}

#[tokio::test]
async fn what_is_said_about_another_subject_is_not_used() {
    let world = World::new().await;
    world.fake.user.lock().unwrap()["sub"] = json!("somebody else");
    assert_eq!(failure(&world).await, Some(Failure::IdentityRefused));
}

#[tokio::test]
async fn what_the_server_does_not_say_stays_empty_but_a_birth_date_is_needed() {
    let world = World::new().await;
    *world.fake.user.lock().unwrap() = json!({ "sub": "canary-subject", "birthdate": "1972-04-15" });
    let phone = begun(&world).await;
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    let identity: Identity = phone.open(Leg::Identity, &phone.sealed("identity").await.unwrap());
    assert_eq!((identity.name.as_str(), identity.birthdate.as_str(), identity.gender.as_str()), ("", "1972-04-15", ""));
    *world.fake.user.lock().unwrap() = json!({ "sub": "canary-subject", "name": "手帳 花子", "gender": "2" });
    assert_eq!(failure(&world).await, Some(Failure::Malformed));
}

#[tokio::test]
async fn nothing_but_name_birth_date_and_sex_is_sealed() {
    let world = World::new().await;
    let phone = begun(&world).await;
    phone.identity("canary-code-identity").await.unwrap();
    let identity: Value = phone.open(Leg::Identity, &phone.sealed("identity").await.unwrap());
    assert_eq!(identity, json!({ "name": "手帳 花子", "birthdate": "19720415", "gender": "2" }));
}

#[tokio::test]
async fn a_code_is_never_sent_twice_whatever_the_server_does() {
    let refuse = |status| Act::Answer(status, json!({ "error": "invalid_grant" }).to_string());
    let garbage = |text: &str| Act::Answer(200, text.to_owned());
    for (act, expected) in [
        (refuse(400), Failure::CodeRefused),
        (refuse(401), Failure::CodeRefused),
        (refuse(500), Failure::Unreachable),
        (refuse(502), Failure::Unreachable),
        (refuse(503), Failure::Maintenance),
        (refuse(302), Failure::Malformed),
        (garbage(""), Failure::Malformed),
        (garbage("{}"), Failure::Malformed),
        (garbage(&"x".repeat(64 * 1024 + 1)), Failure::TooLarge),
        (Act::Cut(0), Failure::Unreachable),
        (Act::Cut(9), Failure::Unreachable),
        (Act::Cut(150), Failure::Unreachable),
    ] {
        let world = World::new().await;
        world.fake.next(IDENTITY_TOKEN, [act]);
        let phone = begun(&world).await;
        let progress = phone.identity("canary-code-identity").await.unwrap();
        assert_eq!((progress.stage, progress.failure.as_ref()), (Stage::Failed, Some(&expected)));
        // Said again, it is not tried again.
        assert_eq!(phone.identity("canary-code-identity").await.unwrap().failure, Some(expected));
        assert_eq!(world.fake.came(IDENTITY_TOKEN).len(), 1);
    }
}

#[tokio::test]
async fn what_may_be_asked_twice_is_asked_again_when_the_server_stumbles() {
    for path in [CERTS, USERINFO] {
        let world = World::new().await;
        world.fake.next(path, [Act::Answer(500, String::new()), Act::Cut(40)]);
        assert_eq!(failure(&world).await, None);
        assert_eq!(world.fake.came(path).len(), 3);
        let world = World::new().await;
        world.fake.next(path, [(); 3].map(|()| Act::Cut(0)));
        assert_eq!(failure(&world).await, Some(Failure::Unreachable));
        assert_eq!(world.fake.came(path).len(), 3);
        let world = World::new().await;
        world.fake.next(path, [Act::Answer(503, String::new())]);
        assert_eq!(failure(&world).await, Some(Failure::Maintenance));
        assert_eq!(world.fake.came(path).len(), 1);
    }
}

#[tokio::test]
async fn an_access_token_that_is_refused_says_nothing_about_who_logged_in() {
    let world = World::new().await;
    world.fake.next(USERINFO, [Act::Answer(401, String::new())]);
    assert_eq!(failure(&world).await, Some(Failure::IdentityRefused));
    let world = World::new().await;
    world.fake.next(CERTS, [Act::Answer(200, "[]".to_owned())]);
    assert_eq!(failure(&world).await, Some(Failure::Malformed));
}
