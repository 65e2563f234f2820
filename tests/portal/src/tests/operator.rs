//! An operator's server as plainly as can be, with nothing of the relay in it: what it sends stands here in full, so that
//! a test can change one word of it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;
use url::{Url, form_urlencoded};

use crate::{
    Arrival, Card, Citizen, Clock, Door, Orders, Outcome, Registration, SigningKey, StandIn, Visit,
    serve::{Serving, serve},
    stand_in::listen,
    tls::{self, Authority, Issued, Usage, VALID},
    world::make_token,
};

pub(super) const REDIRECT: &str = "https://relay.example/redirect";
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Names and values, of a query, a form or claims.
pub(super) type Fields = BTreeMap<&'static str, String>;

/// Fields to change, or to leave out where `None`.
pub(super) type Changes<'a> = &'a [(&'static str, Option<&'a str>)];

/// `fields` with some of them changed, or left out where `None`.
pub(super) fn changed(mut fields: Fields, changes: Changes<'_>) -> Fields {
    for (name, value) in changes {
        match value {
            Some(value) => fields.insert(name, (*value).to_owned()),
            None => fields.remove(name),
        };
    }
    fields
}

pub(super) fn encoded(fields: &Fields) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub(super) struct Operator {
    pub(super) stand_in: StandIn,
    pub(super) key: SigningKey,
    pub(super) certificate: Issued,
    pub(super) http: reqwest::Client,
    /// What the call-back brought, each with whether it is acknowledged.
    pub(super) called_back: watch::Receiver<Vec<Value>>,
    /// What the call-back is answered with instead of an acknowledgement.
    pub(super) answer: Arc<Mutex<Option<(u16, String)>>>,
    pub(super) roots: Authority,
    _serving: Serving,
}

pub(super) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 3, 0, 0).unwrap()
}

pub(super) fn client(stand_in: &StandIn, own: Option<&Issued>) -> reqwest::Client {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client(&[stand_in.root()], own).unwrap())
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl Operator {
    pub(super) async fn begin() -> Self {
        let stand_in = StandIn::start(Clock::by_hand(noon()), Orders::none()).await.unwrap();
        let roots = Authority::make("operator").unwrap();
        let key = SigningKey::make("operator").unwrap();
        let certificate = roots.issue(&["relay.example"], Usage::Client, VALID).unwrap();
        let listener = listen().await.unwrap();
        let callback = Url::parse(&format!("https://{}/ready", listener.local_addr().unwrap())).unwrap();
        let (sender, called_back) = watch::channel(Vec::new());
        let answer: Arc<Mutex<Option<(u16, String)>>> = Arc::default();
        let other = Arc::clone(&answer);
        let take = move |body: Bytes| async move {
            let mut telegram: Value = serde_json::from_slice(&body).unwrap();
            sender.send_modify(|all: &mut Vec<Value>| all.push(telegram.clone()));
            if let Some((status, text)) = other.lock().unwrap().clone() {
                return (StatusCode::from_u16(status).unwrap(), text);
            }
            telegram["commonHeader"]["telegramType"] = json!("IFA0302-S01");
            (StatusCode::OK, telegram.to_string())
        };
        let own = roots.issue(&["127.0.0.1"], Usage::Server, VALID).unwrap();
        let serving = serve(listener, tls::server(&own).unwrap(), Router::new().route("/ready", post(take))).unwrap();
        stand_in
            .register(Registration {
                provider: "SP99999999".to_owned(),
                operator: "見本の運営者".to_owned(),
                redirect: REDIRECT.to_owned(),
                callback,
                callback_roots: vec![roots.certificate()],
                certificate: certificate.certificate.clone(),
                identity_client: "RP99999999".to_owned(),
                identity_key: key.public().to_vec(),
            })
            .unwrap();
        let http = client(&stand_in, Some(&certificate));
        Self { stand_in, key, certificate, http, called_back, answer, roots, _serving: serving }
    }

    pub(super) fn citizen(&self) -> Citizen {
        Citizen::new(&[self.stand_in.root()]).unwrap()
    }

    pub(super) fn issuer(&self) -> String {
        self.stand_in.addresses().issuer.to_string()
    }

    pub(super) fn sp(&self, path: &str) -> String {
        self.stand_in.addresses().sp.join(path).unwrap().to_string()
    }

    // The identity leg.

    pub(super) fn identity_query() -> Fields {
        let challenge = URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()));
        Fields::from([
            ("response_type", "code".to_owned()),
            ("client_id", "RP99999999".to_owned()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("scope", "openid name birthdate gender".to_owned()),
            ("state", make_token().unwrap()),
            ("nonce", "nonce-1".to_owned()),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
            ("acr_values", "aal3 crl".to_owned()),
        ])
    }

    pub(super) fn identity_address(&self, query: &Fields) -> String {
        format!("{}/protocol/openid-connect/auth?{}", self.issuer(), encoded(query))
    }

    pub(super) fn assertion_claims(&self) -> Value {
        let now = self.stand_in.clock().now().timestamp();
        json!({
            "iss": "RP99999999", "sub": "RP99999999", "aud": format!("{}/protocol/openid-connect/token", self.issuer()),
            "jti": make_token().unwrap(), "iat": now, "exp": now + 300,
        })
    }

    pub(super) fn identity_form(&self, code: &str) -> Fields {
        Fields::from([
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("client_id", "RP99999999".to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", self.key.sign(&self.assertion_claims()).unwrap()),
        ])
    }

    pub(super) async fn identity_token(&self, form: &Fields) -> (u16, Value) {
        self.post_form(&format!("{}/protocol/openid-connect/token", self.issuer()), form).await
    }

    pub(super) async fn userinfo(&self, token: &str) -> (u16, Value) {
        let address = format!("{}/protocol/openid-connect/userinfo", self.issuer());
        let response = self.http.get(address).header("authorization", format!("Bearer {token}")).send().await.unwrap();
        (response.status().as_u16(), json_of(response).await)
    }

    /// A code of the identity leg, after the pages.
    pub(super) async fn identity_code(&self, card: Card) -> String {
        self.visit_identity(&Self::identity_query(), &Visit::with(card)).await.code().unwrap()
    }

    pub(super) async fn visit_identity(&self, query: &Fields, visit: &Visit) -> Arrival {
        let visit = visit.clone().stopping_before_delivery();
        self.citizen().visit(&self.identity_address(query), &visit).await.unwrap()
    }

    // The portal's leg.

    pub(super) fn portal_query(service: &str) -> Fields {
        Fields::from([
            ("response_type", "code".to_owned()),
            ("client_id", format!("SP99999999_{service}")),
            ("redirect_uri", REDIRECT.to_owned()),
            ("state", make_token().unwrap()),
            ("login_type", "0".to_owned()),
        ])
    }

    pub(super) fn portal_address(&self, query: &Fields) -> String {
        format!("{}online-authorization-web/oauth/authorize?{}", self.stand_in.addresses().app, encoded(query))
    }

    pub(super) async fn visit_portal(&self, query: &Fields, visit: &Visit) -> Arrival {
        let visit = visit.clone().stopping_before_delivery();
        self.citizen().visit(&self.portal_address(query), &visit).await.unwrap()
    }

    pub(super) async fn portal_code(&self, service: &str, visit: &Visit) -> String {
        self.visit_portal(&Self::portal_query(service), visit).await.code().unwrap()
    }

    pub(super) fn portal_form(service: &str, code: &str) -> Fields {
        Fields::from([
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("client_id", format!("SP99999999_{service}")),
        ])
    }

    pub(super) async fn portal_token(&self, form: &Fields) -> (u16, Value) {
        self.post_form(&self.sp("/online-authorization-web/oauth/token"), form).await
    }

    /// An access token of the portal, after the pages.
    pub(super) async fn access(&self, service: &str, visit: &Visit) -> String {
        let code = self.portal_code(service, visit).await;
        let (status, answered) = self.portal_token(&Self::portal_form(service, &code)).await;
        assert_eq!(status, 200, "{answered}");
        answered["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) fn request_body() -> Value {
        static SERIAL: AtomicU32 = AtomicU32::new(1);
        let serial = SERIAL.fetch_add(1, Ordering::SeqCst);
        json!({
            "commonHeader": {
                "telegramId": format!("TL-99999999-261121120000-{serial:04}"), "telegramType": "IFA0301-R01",
                "mode": "1", "processId": "", "errorCode": "",
            },
            "selfProvisionDataReqInfo": { "inquiryCondition": "Date=20261121" },
        })
    }

    pub(super) fn result_body(process: &str) -> Value {
        json!({ "commonHeader": {
            "telegramId": "TL-99999999-261121120001-0002", "telegramType": "IFA0303-R01", "mode": "1", "processId": process, "errorCode": "",
        } })
    }

    pub(super) async fn post_json(&self, path: &str, token: &str, body: &Value) -> Result<(u16, Value), reqwest::Error> {
        let request = self.http.post(self.sp(path)).header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json; charset=utf-8").body(body.to_string());
        let response = request.send().await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }

    pub(super) async fn request(&self, token: &str, body: &Value) -> (u16, Value) {
        self.post_json("/online-resource-web/request", token, body).await.unwrap()
    }

    pub(super) async fn result(&self, token: &str, process: &str) -> (u16, Value) {
        self.post_json("/online-resource-web/result", token, &Self::result_body(process)).await.unwrap()
    }

    /// The process of a new request.
    pub(super) async fn process(&self, token: &str) -> String {
        let (status, answered) = self.request(token, &Self::request_body()).await;
        assert_eq!((status, &answered["commonHeader"]["errorCode"]), (200, &json!("")), "{answered}");
        answered["commonHeader"]["processId"].as_str().unwrap().to_owned()
    }

    /// Waits until there were `count` call-backs, and says which processes they named.
    pub(super) async fn called_back(&self, count: usize) -> Vec<String> {
        let mut called_back = self.called_back.clone();
        let all = called_back.wait_for(|all| all.len() >= count).await.unwrap();
        all.iter().map(|telegram| telegram["commonHeader"]["processId"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until this was noted so often.
    pub(super) async fn noted(&self, door: Door, outcome: Outcome, count: usize) {
        while self.stand_in.journal().count(door, outcome) < count {
            tokio::task::yield_now().await;
        }
    }

    /// The whole way of the portal's leg to the answer's data.
    pub(super) async fn fetch(&self, service: &str, visit: &Visit) -> Value {
        let token = self.access(service, visit).await;
        let before = self.called_back.borrow().len();
        let process = self.process(&token).await;
        self.called_back(before + 1).await;
        let (status, answered) = self.result(&token, &process).await;
        assert_eq!((status, &answered["commonHeader"]["processId"]), (200, &json!(process)));
        data_of(&answered)
    }

    async fn post_form(&self, address: &str, form: &Fields) -> (u16, Value) {
        let request = self.http.post(address).header("content-type", "application/x-www-form-urlencoded").body(encoded(form));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), json_of(response).await)
    }
}

async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default()
}

/// The claims of a JWS, unchecked.
pub(super) fn claims_of(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// What `selfPersonalData` says.
pub(super) fn data_of(answered: &Value) -> Value {
    serde_json::from_str(answered["selfPersonalDataProvisionInfo"]["selfPersonalData"].as_str().unwrap()).unwrap()
}
