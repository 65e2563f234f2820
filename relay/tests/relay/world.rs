//! One or two relays, a portal, a phone, and a clock that is moved by hand.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use techo_protocol::{
    CodeVerifier, GrantDigest, Nonce, PublicKey, SecretText, SessionId, SessionSecret, State, VERSION,
    message::{AuthorizationCode, Failure, IdentityCode, Progress, Refusal, RefusalKind, Return, Stage, Start, VERSION_HEADER},
    seal::{Binding, Leg, PrivateKey, open},
};
use techo_relay::{ClientKey, Config, Environment, HandClock, IdentityClient, PortalClient, Relay, Running};

use crate::{fake::Fake, shelf::Shelf};

/// A day in Japan, in the afternoon.
pub(crate) const NOW: i64 = 1_795_248_000;

pub(crate) struct World {
    pub(crate) fake: Arc<Fake>,
    pub(crate) shelf: Shelf,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) relay: Running,
    pub(crate) seal: PublicKey,
    pub(crate) http: Client,
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

pub(crate) fn client() -> Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// The operator's key at the identity server, PKCS#8.
static CLIENT_KEY: LazyLock<Vec<u8>> =
    LazyLock::new(|| EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap().as_ref().to_vec());

/// The public half of the operator's key.
pub(crate) fn client_public() -> Vec<u8> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &CLIENT_KEY, &SystemRandom::new()).unwrap();
    pair.public_key().as_ref().to_vec()
}

pub(crate) fn config(fake: &Fake) -> Config {
    let environment = Environment::StandIn {
        issuer: fake.issuer().parse().unwrap(),
        app: fake.base().parse().unwrap(),
        sp: fake.base().parse().unwrap(),
    };
    let identity =
        IdentityClient { id: "RP00000001".to_owned(), key: ClientKey::from_der(&CLIENT_KEY, Some("client-key".to_owned())).unwrap() };
    let portal = PortalClient { provider: "SP99999999".to_owned(), services: vec!["ST0001".to_owned()], certificate: None };
    let redirect = "https://www.example.jp/redirect".parse().unwrap();
    let mut config = Config::local(environment, identity, portal, redirect).unwrap();
    config.limits.pause = std::time::Duration::from_millis(1);
    config.limits.callback_patience = std::time::Duration::ZERO;
    config.limits.notice = std::time::Duration::ZERO;
    config.limits.burst = 10_000;
    config
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let fake = Fake::start(NOW).await;
        let (shelf, clock) = (Shelf::new(), Arc::new(HandClock::new(now())));
        let mut config = config(&fake);
        change(&mut config);
        let seal = config.seal.public().unwrap();
        let relay = Relay::start_with(config, shelf.store().await, clock.clone()).await.unwrap();
        Self { fake, shelf, clock, relay, seal, http: client() }
    }

    /// Another relay of the same operator on the same store, with the same keys as `config` gives it.
    pub(crate) async fn beside(&self, config: Config) -> Running {
        Relay::start_with(config, self.shelf.store().await, self.clock.clone()).await.unwrap()
    }

    pub(crate) fn phone(&self) -> Phone {
        Phone::new(&format!("http://{}", self.relay.api()), self.seal, self.http.clone())
    }

    /// A phone whose person has logged in and taken the identity.
    pub(crate) async fn logged_in(&self) -> Phone {
        let phone = self.phone();
        assert_eq!(phone.start().await.unwrap().stage, Stage::AwaitingIdentity);
        self.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
        assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
        assert_eq!(phone.delete_sealed("identity").await, StatusCode::NO_CONTENT);
        phone
    }

    /// A phone that waits for the portal's result.
    pub(crate) async fn requested(&self) -> Phone {
        let phone = self.logged_in().await;
        assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
        phone
    }

    /// The portal's call-back, to this relay.
    pub(crate) async fn call_back(&self, relay: &Running, process: &str) -> (StatusCode, Value) {
        let header = json!({
            "telegramId": "TL-99999999-261121093000-0007", "telegramType": "IFA0302-R01", "mode": "1", "processId": process, "errorCode": "",
        });
        let address = format!("http://{}/portal/result-ready", relay.public());
        let response = self.http.post(address).body(json!({ "commonHeader": header }).to_string()).send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// What the operator's listener says.
    pub(crate) async fn admin(&self, path: &str) -> (StatusCode, String) {
        let response = self.http.get(format!("http://{}{path}", self.relay.admin())).send().await.unwrap();
        (response.status(), String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap())
    }

    /// How many status requests wait.
    pub(crate) async fn waiting(&self) -> u32 {
        let (_, text) = self.admin("/metrics").await;
        text.lines().find_map(|line| line.strip_prefix("techo_relay_waiting ")).unwrap().parse().unwrap()
    }

    /// The portal's call-back for the latest request.
    pub(crate) async fn ready(&self) {
        let (status, _) = self.call_back(&self.relay, &self.fake.process()).await;
        assert_eq!(status, StatusCode::OK);
    }
}

pub(crate) struct Phone {
    pub(crate) api: String,
    pub(crate) http: Client,
    pub(crate) id: SessionId,
    pub(crate) secret: SessionSecret,
    pub(crate) key: PrivateKey,
    pub(crate) identity_state: State,
    pub(crate) authorization_state: State,
    pub(crate) verifier: CodeVerifier,
    pub(crate) nonce: Nonce,
    pub(crate) grant: GrantDigest,
    pub(crate) back: Return,
    pub(crate) seal: PublicKey,
}

/// What a relay said, or how it refused.
pub(crate) type Said = Result<Progress, (StatusCode, RefusalKind)>;

impl Phone {
    pub(crate) fn new(api: &str, seal: PublicKey, http: Client) -> Self {
        Self {
            api: api.to_owned(),
            http,
            id: SessionId::make().unwrap(),
            secret: SessionSecret::make().unwrap(),
            key: PrivateKey::make().unwrap(),
            identity_state: State::make().unwrap(),
            authorization_state: State::make().unwrap(),
            verifier: CodeVerifier::make().unwrap(),
            nonce: Nonce::make().unwrap(),
            grant: GrantDigest::of(&[3; 32], b"consent"),
            back: Return::AppLink,
            seal,
        }
    }

    /// The same phone, talking to another relay.
    pub(crate) fn at(&self, relay: &Running) -> Self {
        let copy = |text: &str| text.to_owned();
        Self {
            api: format!("http://{}", relay.api()),
            http: self.http.clone(),
            id: self.id,
            secret: copy(&self.secret.to_text()).parse().unwrap(),
            key: PrivateKey::from_bytes(*self.key.as_bytes()),
            identity_state: copy(&self.identity_state.to_text()).parse().unwrap(),
            authorization_state: copy(&self.authorization_state.to_text()).parse().unwrap(),
            verifier: copy(&self.verifier.to_text()).parse().unwrap(),
            nonce: copy(&self.nonce.to_text()).parse().unwrap(),
            ..*self
        }
    }

    pub(crate) fn to_start(&self) -> Start {
        Start {
            secret: self.secret.digest(),
            phone: self.key.public().unwrap(),
            grant: self.grant,
            service: "ST0001".to_owned(),
            identity_state: self.identity_state.digest(),
            authorization_state: self.authorization_state.digest(),
            back: self.back,
        }
    }

    /// A request with everything right about it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/v1/sessions/{}{path}", self.api, self.id));
        request.bearer_auth(&*self.secret.to_text()).header(VERSION_HEADER, VERSION)
    }

    pub(crate) async fn start(&self) -> Said {
        self.start_as(&self.to_start()).await
    }

    pub(crate) async fn start_as(&self, start: &Start) -> Said {
        said(self.request(Method::PUT, "").body(json(start))).await
    }

    pub(crate) async fn identity(&self, code: &str) -> Said {
        self.identity_with(code, &self.identity_state).await
    }

    pub(crate) async fn identity_with(&self, code: &str, state: &State) -> Said {
        let (verifier, nonce) = (self.verifier.to_text().parse().unwrap(), self.nonce.to_text().parse().unwrap());
        let code = IdentityCode { code: SecretText::new(code.to_owned()), state: text(state), verifier, nonce };
        said(self.request(Method::POST, "/identity").body(json(&code))).await
    }

    pub(crate) async fn authorization(&self, code: &str) -> Said {
        self.authorization_with(code, &self.authorization_state).await
    }

    pub(crate) async fn authorization_with(&self, code: &str, state: &State) -> Said {
        let code = AuthorizationCode { code: SecretText::new(code.to_owned()), state: text(state) };
        said(self.request(Method::POST, "/authorization").body(json(&code))).await
    }

    pub(crate) async fn status(&self) -> Said {
        said(self.request(Method::GET, "")).await
    }

    /// Waits, as long as a relay lets a phone wait, for another stage than `seen`.
    pub(crate) async fn wait(&self, seen: Stage) -> Said {
        said(self.request(Method::GET, &format!("?seen={}&wait=20", seen.id()))).await
    }

    pub(crate) async fn failure(&self, seen: Stage) -> Failure {
        let progress = self.wait(seen).await.unwrap();
        assert_eq!(progress.stage, Stage::Failed);
        progress.failure.unwrap()
    }

    pub(crate) async fn sealed(&self, leg: &str) -> Result<Vec<u8>, (StatusCode, RefusalKind)> {
        let response = self.request(Method::GET, &format!("/sealed/{leg}")).send().await.unwrap();
        if response.status() == StatusCode::OK { Ok(response.bytes().await.unwrap().to_vec()) } else { Err(refused(response).await) }
    }

    pub(crate) async fn delete_sealed(&self, leg: &str) -> StatusCode {
        self.request(Method::DELETE, &format!("/sealed/{leg}")).send().await.unwrap().status()
    }

    /// Opens what the relay sealed to this phone.
    pub(crate) fn open<T: DeserializeOwned>(&self, leg: Leg, sealed: &[u8]) -> T {
        let plain = open(&Binding { session: self.id, grant: self.grant, leg }, &self.key, &self.seal, sealed).unwrap();
        serde_json::from_slice(&plain).unwrap()
    }
}

pub(crate) fn text(state: &State) -> SecretText {
    SecretText::new(state.to_text().to_string())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

pub(crate) async fn said(request: RequestBuilder) -> Said {
    let response = request.send().await.unwrap();
    if response.status() == StatusCode::OK {
        Ok(serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
    } else {
        Err(refused(response).await)
    }
}

pub(crate) async fn refused(response: reqwest::Response) -> (StatusCode, RefusalKind) {
    let status = response.status();
    let refusal: Refusal = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(status.as_u16(), refusal.error.status());
    (status, refusal.error)
}

/// Why it was refused.
pub(crate) fn refusal(said: Said) -> RefusalKind {
    said.unwrap_err().1
}
