//! The town: stand-in and relay together, spoken to as a phone does, in plain requests.

use techo_protocol::{
    CodeVerifier, Digest, GrantDigest, Nonce, SecretText, SessionId, SessionSecret, State, VERSION,
    message::{AuthorizationCode, Identity, IdentityCode, Progress, Return, Stage, Start, VERSION_HEADER},
    profile::Profile,
    seal::{Binding, Leg as Sealed, PrivateKey, open},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{ApiFace, Arrival, Card, Plan, Town, TownThread, Visit, tls};

/// A phone as plainly as can be.
pub(super) struct Phone {
    profile: Profile,
    http: reqwest::Client,
    id: SessionId,
    secret: SessionSecret,
    key: PrivateKey,
    grant: GrantDigest,
    states: [State; 2],
}

impl Phone {
    pub(super) fn of(town: &Town) -> Self {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client(&town.api_roots(), None).unwrap())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            profile: Profile::read(&town.profile().map(|profile| toml::to_string(&profile).unwrap()).unwrap()).unwrap(),
            http,
            id: SessionId::make().unwrap(),
            secret: SessionSecret::make().unwrap(),
            key: PrivateKey::make().unwrap(),
            grant: GrantDigest::of(&[7; 32], b"grant"),
            states: [State::make().unwrap(), State::make().unwrap()],
        }
    }

    fn at(&self, path: &str) -> String {
        self.profile.api.join(&format!("/v1/sessions/{}{path}", self.id)).unwrap().to_string()
    }

    pub(super) async fn start(&self, service: &str, port: u16) -> Result<Progress, reqwest::Error> {
        let start = Start {
            secret: self.secret.digest(),
            phone: self.key.public().unwrap(),
            grant: self.grant,
            service: service.to_owned(),
            identity_state: Digest::of(self.states[0].to_text().as_bytes()),
            authorization_state: Digest::of(self.states[1].to_text().as_bytes()),
            back: Return::Loopback { port },
        };
        let request = self.http.put(self.at("")).header("content-type", "application/json").header(VERSION_HEADER, VERSION);
        let response = request.body(serde_json::to_vec(&start).unwrap()).send().await?;
        Ok(serde_json::from_slice(&response.bytes().await?).unwrap())
    }

    async fn send(&self, request: reqwest::RequestBuilder, body: Option<Vec<u8>>) -> (u16, Vec<u8>) {
        let request = request.header("authorization", format!("Bearer {}", *self.secret.to_text())).header(VERSION_HEADER, VERSION);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body),
            None => request,
        };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
    }

    pub(super) async fn bring(&self, leg: &str, body: Vec<u8>) -> Progress {
        let (status, body) = self.send(self.http.post(self.at(leg)), Some(body)).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    pub(super) async fn wait_until(&self, stage: Stage) {
        let mut seen = Stage::AwaitingIdentity;
        while seen != stage {
            let (_, body) = self.send(self.http.get(self.at(&format!("?seen={}&wait=20", seen.id()))), None).await;
            let progress: Progress = serde_json::from_slice(&body).unwrap();
            assert_ne!(progress.stage, Stage::Failed, "{progress:?}");
            seen = progress.stage;
        }
    }

    pub(super) async fn take(&self, leg: Sealed) -> String {
        let name = if leg == Sealed::Identity { "identity" } else { "result" };
        let (status, sealed) = self.send(self.http.get(self.at(&format!("/sealed/{name}"))), None).await;
        assert_eq!(status, 200);
        let binding = Binding { session: self.id, grant: self.grant, leg };
        let plain = open(&binding, &self.key, &self.profile.seal, &sealed).unwrap();
        self.send(self.http.delete(self.at(&format!("/sealed/{name}"))), None).await;
        String::from_utf8(plain.to_vec()).unwrap()
    }

    pub(super) fn identity_address(&self, challenge: &str, nonce: &str) -> String {
        let mut address = self.profile.identity_authorize().unwrap();
        address.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.profile.identity_client),
            ("redirect_uri", self.profile.redirect.as_str()),
            ("scope", "openid name birthdate gender"),
            ("state", &self.states[0].to_text()),
            ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
            ("acr_values", "aal3 crl"),
        ]);
        address.to_string()
    }

    pub(super) fn portal_address(&self, service: &str) -> String {
        let mut address = self.profile.portal_authorize().unwrap();
        address.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.profile.portal_client(service)),
            ("redirect_uri", self.profile.redirect.as_str()),
            ("state", &self.states[1].to_text()),
            ("login_type", "0"),
        ]);
        address.to_string()
    }
}

/// The app's loopback port: answers whatever a browser asks for, and says with which request the answer came.
pub(super) async fn receive(listener: &TcpListener) -> String {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4096];
        let read = stream.read(&mut buffer).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").await.unwrap();
        let line = String::from_utf8_lossy(&buffer[..read]).lines().next().unwrap_or_default().to_owned();
        // Browsers open connections in advance and ask for icons.
        if line.contains("state=") {
            return line;
        }
    }
}

async fn through(town: &Town, listener: &TcpListener, address: &str, card: Card) -> Arrival {
    let citizen = town.citizen().unwrap();
    let visit = Visit::with(card);
    let (arrival, line) = tokio::join!(citizen.visit(address, &visit), receive(listener));
    let arrival = arrival.unwrap();
    assert!(line.contains(&arrival.code().unwrap()), "the app heard {line}");
    assert_eq!((arrival.status, arrival.address().unwrap().host_str()), (200, Some("127.0.0.1")));
    arrival
}

#[tokio::test]
async fn a_fetch_goes_through_the_town_from_the_start_to_the_opened_answer() {
    let town = Town::start(Plan::default()).await.unwrap();
    let phone = Phone::of(&town);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let progress = phone.start("ZZ0105", listener.local_addr().unwrap().port()).await.unwrap();
    assert_eq!(progress.stage, Stage::AwaitingIdentity);

    let (verifier, nonce) = (CodeVerifier::make().unwrap(), Nonce::make().unwrap());
    let arrival = through(&town, &listener, &phone.identity_address(&verifier.challenge(), &nonce.to_text()), Card::Hanako).await;
    let secret = |name: &str| SecretText::new(arrival.parameter(name).unwrap());
    let code = IdentityCode { code: secret("code"), state: secret("state"), verifier, nonce };
    phone.bring("/identity", serde_json::to_vec(&code).unwrap()).await;
    phone.wait_until(Stage::IdentitySealed).await;
    let identity: Identity = serde_json::from_str(&phone.take(Sealed::Identity).await).unwrap();
    assert_eq!((identity.name.as_str(), identity.birthdate.as_str(), identity.gender.as_str()), ("手帳 花子", "19720415", "2"));

    let arrival = through(&town, &listener, &phone.portal_address("ZZ0105"), Card::Hanako).await;
    let secret = |name: &str| SecretText::new(arrival.parameter(name).unwrap());
    let code = AuthorizationCode { code: secret("code"), state: secret("state") };
    phone.bring("/authorization", serde_json::to_vec(&code).unwrap()).await;
    phone.wait_until(Stage::ResultSealed).await;
    let answer = phone.take(Sealed::Result).await;
    assert!(answer.contains("特定健診情報") && answer.contains("手帳 花子") && answer.contains("ノルバスク"));
    let held = town.memory(0).unwrap().dump();
    assert!(!held.windows("手帳".len()).any(|bytes| bytes == "手帳".as_bytes()));
    town.stop().await;
}

#[tokio::test]
async fn a_restart_empties_the_memory_of_a_relay_and_keeps_its_address() {
    let mut town = Town::start(Plan::default()).await.unwrap();
    let phone = Phone::of(&town);
    phone.start("ZZ0001", 49_152).await.unwrap();
    let before = town.profile().unwrap();
    town.restart_relay().await.unwrap();
    assert_eq!(town.profile().unwrap(), before);
    let (status, _) = phone.send(phone.http.get(phone.at("?wait=0")), None).await;
    assert_eq!(status, 404);
    town.kill_relay(0);
    assert!(phone.start("ZZ0001", 49_152).await.is_err());
    town.start_relay(0).await.unwrap();
    assert_eq!(phone.start("ZZ0001", 49_152).await.unwrap().stage, Stage::AwaitingIdentity);
}

#[tokio::test]
async fn two_relays_share_a_store_and_a_session() {
    let store = std::sync::Arc::new(techo_relay::MemoryStore::new());
    let mut town = Town::start(Plan { store: Some(store), ..Plan::default() }).await.unwrap();
    let mut phone = Phone::of(&town);
    phone.start("ZZ0001", 49_152).await.unwrap();
    let second = town.second_relay().await.unwrap();
    town.kill_relay(0);
    phone.profile = town.profile_of(second).unwrap();
    let (status, body) = phone.send(phone.http.get(phone.at("?wait=0")), None).await;
    assert_eq!((status, serde_json::from_slice::<Progress>(&body).unwrap().stage), (200, Stage::AwaitingIdentity));
}

#[tokio::test]
async fn relays_of_a_town_share_sessions_in_valkey() {
    let Some(server) = techo_valkey_server::ValkeyServer::start() else { return };
    let valkey = Some(techo_relay::ValkeyAddress::new(&server.address(), None).unwrap());
    let mut town = Town::start(Plan { valkey, ..Plan::default() }).await.unwrap();
    assert!(town.memory(0).is_none());
    let mut phone = Phone::of(&town);
    phone.start("ZZ0001", 49_152).await.unwrap();
    let second = town.second_relay().await.unwrap();
    town.restart_relay().await.unwrap();
    for relay in [second, 0] {
        phone.profile = town.profile_of(relay).unwrap();
        let (status, body) = phone.send(phone.http.get(phone.at("?wait=0")), None).await;
        assert_eq!((status, serde_json::from_slice::<Progress>(&body).unwrap().stage), (200, Stage::AwaitingIdentity));
    }
    assert_eq!(server.command("FLUSHALL").unwrap(), "+OK");
    let (status, _) = phone.send(phone.http.get(phone.at("?wait=0")), None).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn each_wrong_face_of_the_api_is_refused_and_the_reserve_is_not() {
    for (face, is_trusted) in [
        (ApiFace::Good, true),
        (ApiFace::Reserve, true),
        (ApiFace::ForeignRoot, false),
        (ApiFace::Expired, false),
        (ApiFace::NotYet, false),
        (ApiFace::OtherHost, false),
        (ApiFace::Plain, false),
    ] {
        let town = Town::start(Plan { face, ..Plan::default() }).await.unwrap();
        assert_eq!(Phone::of(&town).start("ZZ0001", 49_152).await.is_ok(), is_trusted, "{face:?}");
    }
}

#[test]
fn a_town_runs_beside_somebody_who_blocks() {
    let mut town = TownThread::start(Plan::default()).unwrap();
    let profile = Profile::read(&town.profile_text().unwrap()).unwrap();
    let client = profile.portal_client("ZZ0001");
    let mut address = profile.portal_authorize().unwrap();
    address.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", &client),
        ("redirect_uri", profile.redirect.as_str()),
        ("state", "a-state"),
        ("login_type", "0"),
    ]);
    // Nobody began a session with this state: the relay sends the browser nowhere.
    let arrival = town.visit(address.as_str(), &Visit::with(Card::Taro)).unwrap();
    assert!(arrival.code().is_some() && arrival.page.contains("手続きを始めた端末"), "{arrival:?}");
    let beside = town.visit_beside(address.as_str(), &Visit::with(Card::Taro).refusing()).unwrap();
    assert_eq!(beside.join().unwrap().unwrap().error().as_deref(), Some("access_denied"));
    town.restart_relay().unwrap();
    town.stop();
}
