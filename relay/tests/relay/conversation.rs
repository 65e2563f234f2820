//! A whole fetch, and what each step of it says and keeps.

use techo_protocol::{
    message::{Answer, Identity, RefusalKind, Stage},
    seal::Leg,
};

use crate::{
    fake::{CANARIES, IDENTITY_TOKEN, REQUEST, RESULT, TOKEN, USERINFO},
    world::{Phone, World, client_public},
};

/// None of the words is in the store.
fn nothing_plain(world: &World, phone: &Phone, at: &str) {
    let dump = world.shelf.dump();
    let has = |word: &[u8]| dump.windows(word.len()).any(|window| window == word);
    // The search finds what is there: the session's id, as bytes in memory and as text in Valkey.
    assert!(has(phone.id.as_bytes()) || has(phone.id.to_string().as_bytes()), "{at}");
    for canary in CANARIES {
        assert!(!has(canary.as_bytes()), "{at}: {canary} is in the store");
    }
}

#[tokio::test]
async fn a_fetch_from_start_to_hand_over_leaves_nothing_plain_in_the_store_at_any_step() {
    let world = World::new().await;
    let phone = world.phone();
    assert_eq!(phone.start().await.unwrap().stage, Stage::AwaitingIdentity);
    nothing_plain(&world, &phone, "started");

    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    nothing_plain(&world, &phone, "identity sealed");
    let sealed = phone.sealed("identity").await.unwrap();
    let identity: Identity = phone.open(Leg::Identity, &sealed);
    assert_eq!(identity.name.as_str(), "手帳 花子");
    assert_eq!(identity.birthdate.as_str(), "19720415");
    assert_eq!(identity.gender.as_str(), "2");
    assert_eq!(phone.delete_sealed("identity").await, 204);
    assert_eq!(phone.status().await.unwrap().stage, Stage::AwaitingAuthorization);

    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
    nothing_plain(&world, &phone, "requested");
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    nothing_plain(&world, &phone, "result sealed");
    let sealed = phone.sealed("result").await.unwrap();
    let answer: Answer = phone.open(Leg::Result, &sealed);
    assert_eq!(answer.self_personal_data.as_str(), *world.fake.data.lock().unwrap());
    assert_eq!(answer.process, world.fake.process());
    assert_eq!(phone.delete_sealed("result").await, 204);
    assert_eq!(phone.status().await.unwrap().stage, Stage::Taken);
    nothing_plain(&world, &phone, "taken");
    assert_eq!(phone.sealed("result").await, Err((410.try_into().unwrap(), RefusalKind::Taken)));
}

#[tokio::test]
async fn the_portal_is_asked_as_its_specification_says() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.ready().await;
    phone.wait(Stage::Requested).await.unwrap();

    let [token] = &world.fake.came(TOKEN)[..] else { unreachable!() };
    let form = token.form();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "canary-code-portal");
    assert_eq!(form["redirect_uri"], "https://www.example.jp/redirect");
    assert_eq!(form["client_id"], "SP99999999_ST0001");
    assert_eq!(form.len(), 4);

    let [request] = &world.fake.came(REQUEST)[..] else { unreachable!() };
    assert_eq!(request.authorization.as_deref(), Some("Bearer canary-portal-token"));
    let telegram = request.json();
    let header = &telegram["commonHeader"];
    // 2026-11-21, 17:00 in Japan.
    assert!(header["telegramId"].as_str().unwrap().starts_with("TL-99999999-261121170000-"), "{header}");
    assert_eq!(header["telegramId"].as_str().unwrap().len(), 29);
    assert_eq!((&header["telegramType"], &header["mode"]), (&"IFA0301-R01".into(), &"1".into()));
    assert_eq!((&header["processId"], &header["errorCode"]), (&"".into(), &"".into()));
    assert_eq!(telegram["selfProvisionDataReqInfo"]["inquiryCondition"], "Date=20261121");

    let [result] = &world.fake.came(RESULT)[..] else { unreachable!() };
    assert_eq!(result.authorization.as_deref(), Some("Bearer canary-portal-token"));
    assert_eq!(result.json()["commonHeader"]["telegramType"], "IFA0303-R01");
    assert_eq!(result.json()["commonHeader"]["processId"], world.fake.process().as_str());
    assert_ne!(result.json()["commonHeader"]["telegramId"], header["telegramId"]);
    assert!(result.json().get("selfProvisionDataReqInfo").is_none());
}

#[tokio::test]
async fn the_identity_server_is_told_who_asks_by_a_signed_assertion() {
    let world = World::new().await;
    let phone = world.logged_in().await;
    let [token] = &world.fake.came(IDENTITY_TOKEN)[..] else { unreachable!() };
    let form = token.form();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "canary-code-identity");
    assert_eq!(form["redirect_uri"], "https://www.example.jp/redirect");
    assert_eq!(form["code_verifier"], *phone.verifier.to_text());
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let parts: Vec<_> = form["client_assertion"].split('.').collect();
    let part = |number: usize| data_encoding::BASE64URL_NOPAD.decode(parts[number].as_bytes()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&part(0)).unwrap();
    assert_eq!((&header["alg"], &header["kid"]), (&"ES256".into(), &"client-key".into()));
    let claims: serde_json::Value = serde_json::from_slice(&part(1)).unwrap();
    assert_eq!((&claims["iss"], &claims["sub"]), (&"RP00000001".into(), &"RP00000001".into()));
    assert_eq!(claims["aud"], format!("{}{}", world.fake.base(), IDENTITY_TOKEN));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert_eq!(claims["jti"].as_str().unwrap().len(), 22);
    let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, client_public());
    key.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &part(2)).unwrap();
    let [userinfo] = &world.fake.came(USERINFO)[..] else { unreachable!() };
    assert_eq!(userinfo.authorization.as_deref(), Some("Bearer canary-identity-token"));
}
