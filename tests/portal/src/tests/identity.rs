//! デジタル認証アプリ: the way that works, and each rule broken once.

use std::collections::HashSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::operator::{Changes, Fields, Operator, VERIFIER, changed, claims_of};
use crate::{Card, Door, Leg, Outcome, Visit, jws};

#[tokio::test]
async fn a_person_logs_in_and_the_operator_learns_name_birth_date_and_sex() {
    let operator = Operator::begin().await;
    let query = Operator::identity_query();
    let arrival = operator.visit_identity(&query, &Visit::with(Card::Hanako)).await;
    assert_eq!(arrival.parameter("state"), query.get("state").cloned());
    assert!(arrival.parameter("session_state").is_some() && arrival.error().is_none());
    assert_eq!(arrival.operator.as_deref(), Some("見本の運営者"));

    let (status, tokens) = operator.identity_token(&operator.identity_form(&arrival.code().unwrap())).await;
    assert_eq!((status, tokens["token_type"].as_str()), (200, Some("Bearer")));
    assert!(tokens.get("refresh_token").is_none());

    let certs: Value = {
        let address = format!("{}/protocol/openid-connect/certs", operator.issuer());
        serde_json::from_slice(&operator.http.get(address).send().await.unwrap().bytes().await.unwrap()).unwrap()
    };
    assert_eq!((certs["keys"][0]["alg"].as_str(), certs["keys"].as_array().unwrap().len()), (Some("ES256"), 1));
    let claims = jws::verify(tokens["id_token"].as_str().unwrap(), &point_of(&certs["keys"][0])).unwrap();
    assert_eq!((&claims["iss"], &claims["aud"], &claims["nonce"]), (&json!(operator.issuer()), &json!("RP99999999"), &json!("nonce-1")));

    let (status, about) = operator.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    assert_eq!(about, json!({ "sub": claims["sub"], "name": "手帳 花子", "birthdate": "19720415", "gender": "2" }));
    assert_eq!(operator.userinfo("another").await.0, 401);
    operator.stand_in.clock().forward(TimeDelta::hours(1));
    assert_eq!(operator.userinfo(tokens["access_token"].as_str().unwrap()).await.0, 401, "a token that has expired");
}

fn point_of(jwk: &Value) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    [vec![4], part("x"), part("y")].concat()
}

#[tokio::test]
async fn a_persons_subject_is_the_same_each_time_and_another_persons_is_another() {
    let operator = Operator::begin().await;
    let mut subjects = Vec::new();
    for card in [Card::Futaba, Card::Futaba, Card::Wakaba] {
        let (_, tokens) = operator.identity_token(&operator.identity_form(&operator.identity_code(card).await)).await;
        subjects.push(claims_of(tokens["id_token"].as_str().unwrap())["sub"].clone());
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[1], subjects[2]);
}

/// What is changed, the error that goes back to the operator (none: the browser stays), and why.
type Rule<'a> = (Changes<'a>, Option<&'a str>, &'static str);

#[tokio::test]
async fn each_rule_of_authorize_is_kept() {
    let long = "s".repeat(256);
    let long = Some(long.as_str());
    let bad = Some("invalid_request");
    let scope = Some("invalid_scope");
    let kind = Some("unsupported_response_type");
    let rules: &[Rule<'_>] = &[
        (&[("client_id", None)], None, "unknown client_id"),
        (&[("client_id", Some("RP99999990"))], None, "unknown client_id"),
        (&[("redirect_uri", None)], None, "redirect_uri is not registered"),
        (&[("redirect_uri", Some("https://relay.example/redirect/"))], None, "redirect_uri is not registered"),
        (&[("redirect_uri", Some("https://evil.example/redirect"))], None, "redirect_uri is not registered"),
        (&[("response_type", None)], kind, "response_type is not code"),
        (&[("response_type", Some("code id_token"))], kind, "response_type is not code"),
        (&[("scope", None)], scope, "scope without openid, or not registered"),
        (&[("scope", Some("name birthdate"))], scope, "scope without openid, or not registered"),
        (&[("scope", Some("openid address"))], scope, "scope without openid, or not registered"),
        (&[("scope", Some("openid profile"))], scope, "scope without openid, or not registered"),
        (&[("state", None)], bad, "state is not 1 to 255 characters"),
        (&[("state", long)], bad, "state is not 1 to 255 characters"),
        (&[("nonce", None)], bad, "no nonce"),
        (&[("code_challenge", None)], bad, "no code_challenge"),
        (&[("code_challenge", Some("with space"))], bad, "code_challenge is not base64url"),
        (&[("code_challenge", long)], bad, "no code_challenge"),
        (&[("code_challenge_method", None)], bad, "code_challenge_method is not S256"),
        (&[("code_challenge_method", Some("plain"))], bad, "code_challenge_method is not S256"),
        (&[("acr_values", Some("aal3 aal9"))], bad, "unknown acr_values"),
    ];
    let operator = Operator::begin().await;
    let door = Door::Pages(Leg::Identity);
    for (changes, error, reason) in rules {
        let before = operator.stand_in.journal().count(door, Outcome::Refused(reason));
        let arrival = operator.visit_identity(&changed(Operator::identity_query(), changes), &Visit::with(Card::Hanako)).await;
        assert_eq!(arrival.error().as_deref(), *error, "{changes:?}");
        assert_eq!(arrival.status, if error.is_some() { 0 } else { 400 }, "{changes:?}");
        assert_eq!(operator.stand_in.journal().count(door, Outcome::Refused(reason)), before + 1, "{changes:?}");
    }
    let twice = format!("{}&state=again", operator.identity_address(&Operator::identity_query()));
    let arrival = operator.citizen().visit(&twice, &Visit::with(Card::Hanako)).await.unwrap();
    assert!(arrival.status == 400 && arrival.page.contains("a parameter twice"));
}

#[tokio::test]
async fn each_rule_of_the_token_endpoint_is_kept() {
    let operator = Operator::begin().await;
    let (bad, grant, client) = ("invalid_request", "invalid_grant", "invalid_client");
    let rules: &[(Changes<'_>, u16, &str)] = &[
        (&[("grant_type", Some("refresh_token"))], 400, "unsupported_grant_type"),
        (&[("grant_type", None)], 400, "unsupported_grant_type"),
        (&[("code", None)], 400, bad),
        (&[("code", Some("another"))], 400, grant),
        (&[("redirect_uri", None)], 400, grant),
        (&[("redirect_uri", Some("https://relay.example/other"))], 400, grant),
        (&[("code_verifier", None)], 400, grant),
        (&[("code_verifier", Some("tooshort"))], 400, grant),
        (&[("code_verifier", Some("XBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))], 400, grant),
        (&[("client_id", Some("RP99999990"))], 401, client),
        (&[("client_assertion", None)], 401, client),
        (&[("client_assertion", Some("a.b.c"))], 401, client),
        (&[("client_assertion_type", None)], 401, client),
        (&[("client_assertion_type", Some("urn:ietf:params:oauth:client-assertion-type:saml2-bearer"))], 401, client),
    ];
    for (changes, status, error) in rules {
        let form = changed(operator.identity_form(&operator.identity_code(Card::Taro).await), changes);
        let (answered, body) = operator.identity_token(&form).await;
        assert_eq!((answered, body["error"].as_str()), (*status, Some(*error)), "{changes:?} {body}");
    }
    let code = operator.identity_code(Card::Taro).await;
    operator.stand_in.clock().forward(TimeDelta::seconds(61));
    assert_eq!(operator.identity_token(&operator.identity_form(&code)).await.1["error_description"], "code expired");
    let json =
        operator.http.post(format!("{}/protocol/openid-connect/token", operator.issuer())).header("content-type", "application/json");
    assert_eq!(json.body("{}").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn each_rule_of_private_key_jwt_is_kept() {
    let operator = Operator::begin().await;
    let now = operator.stand_in.clock().now().timestamp();
    let url = format!("{}/protocol/openid-connect/token", operator.issuer());
    let wrong: &[(&str, Value, &str)] = &[
        ("iss", json!("RP99999990"), "iss and sub are not the client"),
        ("sub", json!("RP99999990"), "iss and sub are not the client"),
        ("aud", json!(operator.issuer()), "aud is not the token endpoint"),
        ("aud", json!([url, "https://other.example"]), "aud is not the token endpoint"),
        ("aud", Value::Null, "aud is not the token endpoint"),
        ("jti", Value::Null, "no jti"),
        ("iat", Value::Null, "no iat or exp"),
        ("exp", Value::Null, "no iat or exp"),
        ("exp", json!(now), "assertion expired, or not valid yet"),
        ("exp", json!(now + 301), "assertion lives too long"),
        ("iat", json!(now + 120), "assertion expired, or not valid yet"),
        ("nbf", json!(now + 120), "assertion expired, or not valid yet"),
    ];
    let code = operator.identity_code(Card::Taro).await;
    let try_with = async |assertion: String| {
        let form = changed(operator.identity_form(&code), &[("client_assertion", Some(&assertion))]);
        operator.identity_token(&form).await
    };
    for (name, value, reason) in wrong {
        let mut claims = operator.assertion_claims();
        claims[*name] = value.clone();
        let (status, body) = try_with(operator.key.sign(&claims).unwrap()).await;
        assert_eq!((status, body["error_description"].as_str()), (401, Some(*reason)), "{name} {value}");
    }
    let claims = operator.assertion_claims();
    for forged in [
        operator.key.leave_unsigned(&claims),
        operator.key.sign_symmetric(&claims),
        crate::SigningKey::make("operator").unwrap().sign(&claims).unwrap(),
    ] {
        assert_eq!(try_with(forged).await.1["error"], "invalid_client");
    }
    // The code is not spent by somebody who is not the client.
    let once = operator.key.sign(&claims).unwrap();
    assert_eq!(try_with(once.clone()).await.0, 200);
    assert_eq!(try_with(once).await.1["error_description"], "jti used before");
}

#[tokio::test]
async fn a_code_used_twice_takes_its_token_back() {
    let operator = Operator::begin().await;
    let code = operator.identity_code(Card::Ichiro).await;
    let (_, tokens) = operator.identity_token(&operator.identity_form(&code)).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(operator.userinfo(token).await.0, 200);
    assert_eq!(operator.identity_token(&operator.identity_form(&code)).await.1["error_description"], "code used before");
    assert_eq!(operator.userinfo(token).await.0, 401);
}

#[tokio::test]
async fn only_what_was_asked_for_is_told() {
    let operator = Operator::begin().await;
    let query: Fields = changed(Operator::identity_query(), &[("scope", Some("openid birthdate")), ("acr_values", None)]);
    let code = operator.visit_identity(&query, &Visit::with(Card::Taro)).await.code().unwrap();
    let (_, tokens) = operator.identity_token(&operator.identity_form(&code)).await;
    let (_, about) = operator.userinfo(tokens["access_token"].as_str().unwrap()).await;
    let names: HashSet<&str> = about.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, HashSet::from(["sub", "birthdate"]));
    assert_eq!(VERIFIER.len(), 43);
}
