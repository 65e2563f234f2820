//! Each fault that can be ordered, and that it is gone when its order is used up.

use std::time::Duration;

use serde_json::{Value, json};

use super::operator::{Operator, claims_of, data_of};
use crate::{Card, Door, Fault, Leg, Malformed, Orders, Outcome, TokenFlaw, Visit, jws, telegram};

async fn identity_arrival(operator: &Operator) -> crate::Arrival {
    operator.visit_identity(&Operator::identity_query(), &Visit::with(Card::Hanako)).await
}

async fn identity_refusal(operator: &Operator) -> Value {
    let code = operator.identity_code(Card::Hanako).await;
    operator.identity_token(&operator.identity_form(&code)).await.1["error_description"].clone()
}

#[tokio::test]
async fn faults_of_the_pages() {
    let operator = Operator::begin().await;
    let orders: &Orders = operator.stand_in.orders();
    let leg = Leg::Identity;
    orders.once(Fault::Refuse(leg));
    assert_eq!(identity_arrival(&operator).await.error().as_deref(), Some("access_denied"));
    orders.once(Fault::CardExpired(leg));
    let expired = identity_arrival(&operator).await;
    assert!(expired.error().as_deref() == Some("Certificate expired") && expired.page.contains("有効期限が切れています"));
    orders.once(Fault::NoState(leg));
    let stateless = identity_arrival(&operator).await;
    assert!(
        stateless.code().is_some()
            && !stateless.address().unwrap().query().unwrap().starts_with("state=")
            && !stateless.address().unwrap().as_str().contains("&state=")
    );
    orders.once(Fault::WrongRedirect(leg));
    assert_eq!(identity_arrival(&operator).await.address().unwrap().path(), "/elsewhere");
    orders.once(Fault::ForeignState(leg));
    let query = Operator::identity_query();
    let foreign = operator.visit_identity(&query, &Visit::with(Card::Hanako)).await;
    assert!(foreign.parameter("state").is_some() && foreign.parameter("state") != query.get("state").cloned());
    orders.once(Fault::Maintenance(Door::Pages(leg)));
    let closed = identity_arrival(&operator).await;
    assert!(closed.status == 503 && closed.page.contains("メンテナンス中"));
    orders.once(Fault::ExpiredCode(leg));
    assert_eq!(identity_refusal(&operator).await, "code expired");
    orders.once(Fault::ReplayedCode(leg));
    assert_eq!(identity_refusal(&operator).await, "code used before");
    // Each was ordered once: it is fine again.
    assert_eq!(identity_refusal(&operator).await, Value::Null);
}

#[tokio::test]
async fn a_fault_of_one_session_is_not_another_ones() {
    let operator = Operator::begin().await;
    let (mine, yours) = (Operator::portal_query("ZZ0001"), Operator::portal_query("ZZ0001"));
    operator.stand_in.orders().in_session(&yours["state"], Fault::Refuse(Leg::Authorization));
    assert!(operator.visit_portal(&mine, &Visit::with(Card::Hanako)).await.code().is_some());
    for _ in 0..2 {
        assert!(operator.visit_portal(&yours, &Visit::with(Card::Hanako)).await.error().is_some());
    }
}

#[tokio::test]
async fn a_wrong_id_token_is_wrong_in_the_way_that_was_ordered() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let now = operator.stand_in.clock().now().timestamp();
    let certs: Value = {
        let address = format!("{}/protocol/openid-connect/certs", operator.issuer());
        serde_json::from_slice(&operator.http.get(address).send().await.unwrap().bytes().await.unwrap()).unwrap()
    };
    let key = {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let part = |name: &str| URL_SAFE_NO_PAD.decode(certs["keys"][0][name].as_str().unwrap()).unwrap();
        [vec![4], part("x"), part("y")].concat()
    };
    let token = async |flaw: Option<TokenFlaw>| {
        if let Some(flaw) = flaw {
            orders.once(Fault::IdToken(flaw));
        }
        let code = operator.identity_code(Card::Hanako).await;
        let (_, tokens) = operator.identity_token(&operator.identity_form(&code)).await;
        tokens["id_token"].as_str().unwrap().to_owned()
    };
    assert_ne!(claims_of(&token(Some(TokenFlaw::Nonce)).await)["nonce"], "nonce-1");
    assert_eq!(claims_of(&token(Some(TokenFlaw::NoNonce)).await)["nonce"], Value::Null);
    assert_ne!(claims_of(&token(Some(TokenFlaw::Audience)).await)["aud"], "RP99999999");
    assert_ne!(claims_of(&token(Some(TokenFlaw::Issuer)).await)["iss"], json!(operator.issuer()));
    assert!(claims_of(&token(Some(TokenFlaw::Expired)).await)["exp"].as_i64().unwrap() < now);
    assert_eq!(jws::verify(&token(Some(TokenFlaw::OtherKey)).await, &key).err(), Some("signature does not fit"));
    assert_eq!(jws::verify(&token(Some(TokenFlaw::Unsigned)).await, &key).err(), Some("not ES256"));
    assert_eq!(jws::verify(&token(Some(TokenFlaw::Symmetric)).await, &key).err(), Some("not ES256"));
    assert!(jws::verify(&token(None).await, &key).is_ok());
}

#[tokio::test]
async fn faults_of_userinfo() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let code = operator.identity_code(Card::Hanako).await;
    let (_, tokens) = operator.identity_token(&operator.identity_form(&code)).await;
    let token = tokens["access_token"].as_str().unwrap();
    let about = async || operator.userinfo(token).await.1;
    let right = about().await;
    orders.once(Fault::IdentityOf(Card::Jiro));
    let other = about().await;
    assert_eq!((&other["sub"], &other["name"]), (&right["sub"], &json!("見本 次郎")));
    orders.once(Fault::OtherSubject);
    assert_ne!(about().await["sub"], right["sub"]);
    orders.once(Fault::IdentityWithoutName);
    assert_eq!(about().await["name"], Value::Null);
    orders.once(Fault::OtherIdentityEncoding);
    let encoded = about().await;
    assert_eq!((&encoded["birthdate"], &encoded["gender"]), (&json!("1972-04-15"), &json!("female")));
    assert_eq!(about().await, right);
}

#[tokio::test]
async fn a_door_is_closed_as_often_as_ordered_and_then_open() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let token = operator.access("ZZ0001", &Visit::with(Card::Hanako)).await;
    orders.times(2, Fault::ServerError(Door::Request, 502)).once(Fault::Maintenance(Door::Result));
    for expected in [502, 502, 200] {
        assert_eq!(operator.request(&token, &Operator::request_body()).await.0, expected);
    }
    let process = operator.process(&token).await;
    operator.called_back(2).await;
    assert_eq!(operator.result(&token, &process).await.0, 503);
    assert_eq!(operator.result(&token, &process).await.0, 200);
    orders.once(Fault::Hangup(Door::Request));
    let before = operator.called_back.borrow().len();
    assert!(operator.post_json("/online-resource-web/request", &token, &Operator::request_body()).await.is_err());
    assert_eq!(operator.called_back(before + 1).await.len(), before + 1, "the work was done all the same");
}

#[tokio::test]
async fn who_comes_to_a_held_door_waits_and_a_slow_one_takes_its_time() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let token = operator.access("ZZ0001", &Visit::with(Card::Hanako)).await;
    orders.hold(Door::Request);
    let body = Operator::request_body();
    let asking = operator.request(&token, &body);
    tokio::pin!(asking);
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut asking).await.is_err());
    assert_eq!(operator.stand_in.journal().count(Door::Request, Outcome::Done), 0);
    orders.release(Door::Request);
    assert_eq!(asking.await.0, 200);
    orders.once(Fault::Slow(Door::Request, Duration::from_millis(80)));
    let started = std::time::Instant::now();
    operator.request(&token, &Operator::request_body()).await;
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn faults_of_the_call_back() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let token = operator.access("ZZ0001", &Visit::with(Card::Hanako)).await;
    let ready = async |process: &str| operator.result(&token, process).await.1["commonHeader"]["errorCode"] == "";

    orders.once(Fault::CallbackTwice);
    let process = operator.process(&token).await;
    assert_eq!(operator.called_back(2).await, [process.clone(), process]);

    orders.once(Fault::CallbackForeign);
    let process = operator.process(&token).await;
    let named = operator.called_back(4).await;
    assert!(named[2] != process && named[3] == process);

    orders.once(Fault::CallbackEarly);
    let answering = operator.process(&token).await;
    assert_eq!(operator.called_back.borrow().len(), 5, "before the answer");
    assert!(ready(&answering).await);

    orders.once(Fault::CallbackLost);
    let lost = operator.process(&token).await;
    while !ready(&lost).await {
        tokio::task::yield_now().await;
    }
    assert_eq!(operator.called_back.borrow().len(), 5);

    orders.once(Fault::CallbackLate(Duration::from_secs(1)));
    let late = operator.process(&token).await;
    assert!(!ready(&late).await);
    operator.called_back(6).await;
    assert!(ready(&late).await);

    orders.once(Fault::ErrorCode(Door::Callback, "ZZ0500"));
    operator.process(&token).await;
    operator.called_back(7).await;
    assert_eq!(operator.called_back.borrow()[6]["commonHeader"]["errorCode"], "ZZ0500");
}

async fn ready(operator: &Operator, service: &str) -> (String, String) {
    let token = operator.access(service, &Visit::with(Card::Futaba)).await;
    let before = operator.called_back.borrow().len();
    let process = operator.process(&token).await;
    operator.called_back(before + 1).await;
    (token, process)
}

#[tokio::test]
async fn faults_of_the_answer() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let (token, process) = ready(&operator, "ZZ0003").await;
    let answer = async || operator.result(&token, &process).await.1;
    let name = |answered: &Value| data_of(answered)["見本県見本市"]["予防接種情報"]["対象者情報"]["氏名"].clone();
    assert_eq!(name(&answer().await), "手帳 双葉");
    orders.once(Fault::AnswerOf(Card::Wakaba));
    assert_eq!(name(&answer().await), "手帳 若葉");
    orders.once(Fault::AnswerWithoutName);
    let nameless = answer().await;
    assert_eq!(name(&nameless), Value::Null);
    assert_eq!(data_of(&nameless)["見本県見本市"]["予防接種情報"]["対象者情報"]["生年月日"], "20210505");
    orders.once(Fault::MoreItems(&["medication", "infant_checkup"]));
    let more = data_of(&answer().await);
    assert!(more["見本健康保険組合"]["薬剤情報"].is_string() && more["見本県見本市"]["乳幼児健診情報"].is_object());
    orders.once(Fault::NothingThere);
    assert_eq!(data_of(&answer().await), json!({}));
    orders.once(Fault::Large(200_000));
    assert!(answer().await.to_string().len() > 200_000);
    orders.once(Fault::WrongProcess);
    assert_ne!(answer().await["commonHeader"]["processId"], json!(process));
    orders.once(Fault::ErrorCode(Door::Result, "ZZ0500"));
    assert_eq!(answer().await["commonHeader"]["errorCode"], "ZZ0500");
    orders.once(Fault::NotReady);
    assert_eq!(answer().await["commonHeader"]["errorCode"], telegram::NOT_READY);
    assert_eq!(name(&answer().await), "手帳 双葉");
}

#[tokio::test]
async fn malformed_answers() {
    let operator = Operator::begin().await;
    let orders = operator.stand_in.orders();
    let token = operator.access("ZZ0105", &Visit::with(Card::Hanako)).await;
    let process = operator.process(&token).await;
    operator.called_back(1).await;
    let bytes = async |how: Malformed| {
        orders.once(Fault::Malformed(how));
        let request = operator.http.post(operator.sp("/online-resource-web/result")).header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json; charset=utf-8");
        request.body(Operator::result_body(&process).to_string()).send().await.unwrap().bytes().await.unwrap()
    };
    let inside = async |how: Malformed| {
        let answered: Value = serde_json::from_slice(&bytes(how).await).unwrap();
        answered["selfPersonalDataProvisionInfo"]["selfPersonalData"].clone()
    };
    for how in [Malformed::Cut, Malformed::NotJson] {
        assert!(serde_json::from_str::<Value>(inside(how).await.as_str().unwrap()).is_err(), "{how:?}");
    }
    assert!(serde_json::from_str::<Value>(inside(Malformed::OtherShape).await.as_str().unwrap()).unwrap().is_array());
    assert!(inside(Malformed::Object).await.is_object());
    assert!(inside(Malformed::Missing).await.is_null());
    assert!(serde_json::from_slice::<Value>(&bytes(Malformed::Html).await).is_err());
    assert!(std::str::from_utf8(&bytes(Malformed::NotUtf8).await).is_err());
    let cut: Value = serde_json::from_str(inside(Malformed::CutXml).await.as_str().unwrap()).unwrap();
    assert!(roxmltree::Document::parse(cut["見本健康保険組合"]["薬剤情報"].as_str().unwrap()).is_err());
}

#[tokio::test]
async fn the_connection_breaks_after_the_byte_that_was_ordered() {
    let operator = Operator::begin().await;
    let token = operator.access("ZZ0900", &Visit::with(Card::Hanako)).await;
    let process = operator.process(&token).await;
    operator.called_back(1).await;
    let ask = async || {
        let request = operator.http.post(operator.sp("/online-resource-web/result")).header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json; charset=utf-8");
        request.body(Operator::result_body(&process).to_string()).send().await.unwrap()
    };
    let whole = ask().await.bytes().await.unwrap();
    for after in [0, 1, 100, 16_384, whole.len() - 1, whole.len()] {
        operator.stand_in.orders().once(Fault::CutResult(after));
        let mut response = ask().await;
        let mut read = Vec::new();
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => read.extend_from_slice(&chunk),
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        assert!(broken, "cut after {after}");
        assert_eq!(read, whole[..after], "cut after {after}");
    }
    assert_eq!(ask().await.bytes().await.unwrap(), whole);
}
