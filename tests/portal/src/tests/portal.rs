//! The portal: the way that works, and each rule broken once.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::operator::{Changes, Operator, changed, client, data_of, encoded};
use crate::{Card, Door, Leg, Outcome, Visit, service, tls::Usage};

#[tokio::test]
async fn the_whole_way_brings_the_groups_of_the_service_and_no_other() {
    let operator = Operator::begin().await;
    let arrival = operator.visit_portal(&Operator::portal_query("ZZ0102"), &Visit::with(Card::Taro)).await;
    assert_eq!(arrival.items, ["vaccination", "infant_checkup", "pregnancy"]);
    let data = operator.fetch("ZZ0102", &Visit::with(Card::Taro)).await;
    let groups: Vec<&String> = data["見本県見本市"].as_object().unwrap().keys().collect();
    assert_eq!(groups, ["乳幼児健診情報", "予防接種情報"], "太郎 has no pregnancy");
    assert_eq!(data["見本県見本市"]["予防接種情報"]["対象者情報"]["氏名"], "手帳 太郎");
    assert_eq!(data.as_object().unwrap().len(), 1);
    for door in [Door::Token(Leg::Authorization), Door::Request, Door::Callback, Door::Result] {
        operator.noted(door, Outcome::Done, 1).await;
        assert_eq!(operator.stand_in.journal().count(door, Outcome::Done), 1, "{door:?}");
    }
}

#[tokio::test]
async fn every_service_answers_for_everybody() {
    let operator = Operator::begin().await;
    for (id, items) in service::SERVICES {
        let data = operator.fetch(id, &Visit::with(Card::Hanako)).await;
        let groups = data.as_object().unwrap().values().flat_map(|groups| groups.as_object().unwrap().keys());
        let allowed: Vec<&str> = service::groups_of(items).iter().map(|group| group.name).collect();
        for name in groups {
            assert!(allowed.contains(&name.as_str()), "{id}: {name}");
        }
    }
}

#[tokio::test]
async fn a_registered_proxy_chooses_whose_information_it_is_and_nobody_else_can() {
    let operator = Operator::begin().await;
    let proxy = Visit::with(Card::Hanako).for_subject(Card::Ichiro);
    let data = operator.fetch("ZZ0009", &proxy).await;
    assert_eq!(data["見本県見本市"]["介護情報"]["対象者情報"]["氏名"], "手帳 一郎");
    let stranger = operator.visit_portal(&Operator::portal_query("ZZ0009"), &Visit::with(Card::Hanako).for_subject(Card::Jiro)).await;
    assert!(stranger.code().is_none() && stranger.page.contains("not a registered proxy"));
}

#[tokio::test]
async fn each_rule_of_authorize_is_kept() {
    let rules: &[(Changes<'_>, &str)] = &[
        (&[("response_type", None)], "response_type is not code"),
        (&[("response_type", Some("token"))], "response_type is not code"),
        (&[("client_id", None)], "no client_id"),
        (&[("client_id", Some("SP99999999"))], "client_id is not of its form"),
        (&[("client_id", Some("SP99999999_ZZ1"))], "client_id is not of its form"),
        (&[("client_id", Some("SP99999999_ZZ0999"))], "client_id is not registered"),
        (&[("client_id", Some("SP99999998_ZZ0001"))], "client_id is not registered"),
        (&[("redirect_uri", None)], "redirect_uri is not registered"),
        (&[("redirect_uri", Some("https://relay.example/redirect?x=1"))], "redirect_uri is not registered"),
        (&[("login_type", None)], "login_type is another"),
        (&[("login_type", Some("1"))], "login_type is another"),
        (&[("state", None)], "state is not 1 to 255 characters"),
        (&[("state", Some("a b"))], "state is not 1 to 255 characters"),
        (&[("scope", Some("openid"))], "unknown parameter"),
        (&[("code_challenge", Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))], "unknown parameter"),
    ];
    let operator = Operator::begin().await;
    for (changes, reason) in rules {
        let arrival = operator.visit_portal(&changed(Operator::portal_query("ZZ0001"), changes), &Visit::with(Card::Hanako)).await;
        assert_eq!((arrival.status, arrival.trail.len()), (400, 1), "{changes:?}");
        assert!(arrival.page.contains(reason), "{changes:?}");
    }
    let twice = format!("{}&login_type=0", operator.portal_address(&Operator::portal_query("ZZ0001")));
    assert_eq!(operator.citizen().visit(&twice, &Visit::with(Card::Hanako)).await.unwrap().status, 400);
}

#[tokio::test]
async fn each_rule_of_the_token_endpoint_is_kept() {
    let rules: &[(Changes<'_>, &str)] = &[
        (&[("grant_type", None)], "grant_type is not authorization_code"),
        (&[("grant_type", Some("client_credentials"))], "grant_type is not authorization_code"),
        (&[("code", None)], "no code"),
        (&[("code", Some("another"))], "unknown code"),
        (&[("redirect_uri", None)], "code of another client or address"),
        (&[("redirect_uri", Some("https://relay.example/other"))], "code of another client or address"),
        (&[("client_id", None)], "client_id is not registered"),
        (&[("client_id", Some("SP99999999_ZZ0002"))], "code of another client or address"),
        (&[("code_verifier", Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))], "unknown parameter"),
    ];
    let operator = Operator::begin().await;
    for (changes, reason) in rules {
        let code = operator.portal_code("ZZ0001", &Visit::with(Card::Hanako)).await;
        let (status, body) = operator.portal_token(&changed(Operator::portal_form("ZZ0001", &code), changes)).await;
        assert_eq!((status, body["error_description"].as_str()), (401, Some(*reason)), "{changes:?}");
    }
    let code = operator.portal_code("ZZ0001", &Visit::with(Card::Hanako)).await;
    operator.stand_in.clock().forward(TimeDelta::seconds(60));
    assert_eq!(operator.portal_token(&Operator::portal_form("ZZ0001", &code)).await.1["error_description"], "code expired");
    // The code of the other leg is none here.
    let code = operator.identity_code(Card::Hanako).await;
    assert_eq!(operator.portal_token(&Operator::portal_form("ZZ0001", &code)).await.1["error_description"], "unknown code");
}

#[tokio::test]
async fn a_code_used_twice_takes_its_token_back() {
    let operator = Operator::begin().await;
    let code = operator.portal_code("ZZ0001", &Visit::with(Card::Hanako)).await;
    let (_, answered) = operator.portal_token(&Operator::portal_form("ZZ0001", &code)).await;
    let token = answered["access_token"].as_str().unwrap();
    assert!(answered.get("refresh_token").is_none());
    assert_eq!(operator.portal_token(&Operator::portal_form("ZZ0001", &code)).await.1["error_description"], "code used before");
    assert_eq!(operator.request(token, &Operator::request_body()).await.0, 401);
}

#[tokio::test]
async fn the_server_host_talks_to_the_registered_certificate_only() {
    let operator = Operator::begin().await;
    let address = operator.sp("/online-authorization-web/oauth/token");
    let form = encoded(&Operator::portal_form("ZZ0001", "code"));
    let stranger = operator.roots.issue(&["relay.example"], Usage::Client, crate::tls::VALID).unwrap();
    for own in [None, Some(&stranger)] {
        let sent = client(&operator.stand_in, own).post(&address).body(form.clone()).send().await;
        assert!(sent.is_err(), "a handshake with {own:?}");
    }
    let sent = client(&operator.stand_in, Some(&operator.certificate)).post(&address).body(form).send().await;
    assert_eq!(sent.unwrap().status(), 401);
}

#[tokio::test]
async fn each_rule_of_a_request_is_kept() {
    let rules: &[(&str, Value, &str)] = &[
        ("/commonHeader/telegramId", json!("TL-00000000-261121120000-0001"), "telegramId is not of its form"),
        ("/commonHeader/telegramId", json!("TL-99999999-261321120000-0001"), "telegramId is not of its form"),
        ("/commonHeader/telegramId", json!(7), "commonHeader is not its five texts"),
        ("/commonHeader/telegramType", json!("IFA0303-R01"), "telegramType is another"),
        ("/commonHeader/mode", json!("2"), "mode is another"),
        ("/commonHeader/processId", json!("ZZ1"), "processId before there is one"),
        ("/commonHeader/errorCode", json!("ZZ1"), "errorCode in a request"),
        ("/commonHeader/more", json!(""), "commonHeader is not its five texts"),
        ("/selfProvisionDataReqInfo/inquiryCondition", json!("Date=20260230"), "inquiryCondition is not Date=YYYYMMDD"),
        ("/selfProvisionDataReqInfo/inquiryCondition", json!("20261121"), "inquiryCondition is not Date=YYYYMMDD"),
        ("/selfProvisionDataReqInfo/more", json!(""), "unknown member"),
        ("/more", json!(""), "unknown member"),
        ("/selfProvisionDataReqInfo", Value::Null, "no selfProvisionDataReqInfo"),
        ("/commonHeader", Value::Null, "no commonHeader"),
    ];
    let operator = Operator::begin().await;
    let token = operator.access("ZZ0001", &Visit::with(Card::Hanako)).await;
    for (path, value, reason) in rules {
        let mut body = Operator::request_body();
        let (parent, name) = path.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value.clone();
        let (status, answered) = operator.request(&token, &body).await;
        assert_eq!((status, answered["commonHeader"]["errorCode"].as_str()), (400, Some("ZZ9003")), "{path} {value}");
        assert_eq!(operator.stand_in.journal().lines().last().unwrap().outcome, Outcome::Refused(reason), "{path} {value}");
    }
    for (name, value) in [("content-type", "text/plain"), ("content-type", "application/json; charset=shift_jis")] {
        let request = operator.http.post(operator.sp("/online-resource-web/request")).header("authorization", format!("Bearer {token}"));
        let sent = request.header(name, value).body(Operator::request_body().to_string()).send().await.unwrap();
        assert_eq!(sent.status(), 400, "{value}");
    }
    assert_eq!(operator.request("another", &Operator::request_body()).await.0, 401);
    operator.stand_in.clock().forward(TimeDelta::minutes(11));
    assert_eq!(operator.request(&token, &Operator::request_body()).await.0, 401, "a token that has expired");
}

#[tokio::test]
async fn a_telegram_that_is_sent_again_is_the_same_request_and_another_tokens_is_refused() {
    let operator = Operator::begin().await;
    let (token, other) =
        (operator.access("ZZ0001", &Visit::with(Card::Hanako)).await, operator.access("ZZ0001", &Visit::with(Card::Jiro)).await);
    let body = Operator::request_body();
    let process = |answered: &Value| answered["commonHeader"]["processId"].clone();
    let first = operator.request(&token, &body).await.1;
    assert_eq!(process(&operator.request(&token, &body).await.1), process(&first));
    assert_eq!(operator.request(&other, &body).await.0, 400);
}

#[tokio::test]
async fn a_result_is_given_to_its_own_token_when_it_is_ready_and_not_before() {
    let operator = Operator::begin().await;
    let (token, other) =
        (operator.access("ZZ0001", &Visit::with(Card::Hanako)).await, operator.access("ZZ0001", &Visit::with(Card::Jiro)).await);
    operator.stand_in.orders().hold(Door::Callback);
    let process = operator.process(&token).await;
    let code = |answered: &Value| answered["commonHeader"]["errorCode"].as_str().unwrap().to_owned();
    assert_eq!(code(&operator.result(&token, &process).await.1), "ZZ9001");
    operator.stand_in.orders().release(Door::Callback);
    assert_eq!(operator.called_back(1).await, std::slice::from_ref(&process));
    assert_eq!(code(&operator.result(&other, &process).await.1), "ZZ9002");
    assert_eq!(code(&operator.result(&token, "ZZ0").await.1), "ZZ9002");
    let (status, answered) = operator.result(&token, &process).await;
    assert_eq!((status, code(&answered).as_str()), (200, ""));
    assert!(data_of(&answered)["見本健康保険組合"]["特定健診情報"].as_str().unwrap().contains("手帳 花子"));
    assert_eq!(operator.result("another", &process).await.0, 401);
}

#[tokio::test]
async fn a_call_back_that_is_not_acknowledged_is_noted() {
    let answers = [
        (404, String::new(), "call-back for an unknown process"),
        (500, String::new(), "call-back was not taken"),
        (302, String::new(), "call-back was not taken"),
        (200, "ok".to_owned(), "call-back was not acknowledged"),
        (200, json!({ "commonHeader": { "telegramType": "IFA0302-S01" } }).to_string(), "call-back was not acknowledged"),
    ];
    let operator = Operator::begin().await;
    for (count, (status, text, reason)) in answers.into_iter().enumerate() {
        *operator.answer.lock().unwrap() = Some((status, text));
        let token = operator.access("ZZ0001", &Visit::with(Card::Hanako)).await;
        operator.process(&token).await;
        operator.called_back(count + 1).await;
        let noted = |line: &&crate::Line| line.door == Door::Callback;
        while operator.stand_in.journal().lines().iter().filter(noted).count() <= count {
            tokio::task::yield_now().await;
        }
        assert_eq!(operator.stand_in.journal().lines().iter().rfind(noted).unwrap().outcome, Outcome::Refused(reason), "{status}");
    }
}
