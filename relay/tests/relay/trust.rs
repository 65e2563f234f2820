//! Whom the relay trusts and how it is known itself: its own certificate, the operator's towards the portal, and the only
//! roots that count.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use reqwest::Client;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};
use techo_protocol::message::{Failure, Stage};
use techo_relay::{Bind, Certified, Config, HandClock, Listener, MemoryStore, Relay, RelayError, Running};
use tokio_rustls::TlsAcceptor;

use crate::{
    fake::{CERTS, Fake, IDENTITY_TOKEN, REQUEST, RESULT, TOKEN, USERINFO},
    world::{NOW, Phone, client, config, now},
};

/// A root and what it has signed.
struct Authority {
    root: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().der().clone();
        Self { root, issuer: Issuer::new(params, key) }
    }

    fn certified(&self, host: &str) -> Certified {
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec![host.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Certified { chain: vec![leaf.der().clone()], key: der }
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        roots
    }

    /// A client that trusts this root only.
    fn client(&self, versions: &[&'static rustls::SupportedProtocolVersion]) -> Client {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        let tls = tls.with_root_certificates(self.roots()).with_no_client_auth();
        Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
    }
}

/// A portal behind TLS that notes whether a client shows a certificate of `clients`, and refuses one of anybody else.
async fn portal(servers: &Authority, clients: &Authority) -> Arc<Fake> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(clients.roots()), Arc::clone(&provider));
    let verifier = verifier.allow_unauthenticated().build().unwrap();
    let Certified { chain, key } = servers.certified("localhost");
    let tls = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap();
    Fake::start_with(NOW, Some(TlsAcceptor::from(Arc::new(tls)))).await
}

async fn relay(fake: &Fake, change: impl FnOnce(&mut Config)) -> (Running, Phone) {
    let mut config = config(fake);
    change(&mut config);
    let seal = config.seal.public().unwrap();
    let store = Arc::new(MemoryStore::new());
    let relay = Relay::start_with(config, store, Arc::new(HandClock::new(now()))).await.unwrap();
    let phone = Phone::new(&format!("http://{}", relay.api()), seal, client());
    fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    phone.start().await.unwrap();
    (relay, phone)
}

#[tokio::test]
async fn the_operators_certificate_is_shown_to_the_portal_and_to_nobody_else() {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let fake = portal(&servers, &clients).await;
    let (relay, phone) = relay(&fake, |config| {
        config.roots = vec![servers.root.clone()];
        config.portal.certificate = Some(clients.certified("operator.example.jp"));
    })
    .await;
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    phone.delete_sealed("identity").await;
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
    let header = serde_json::json!({ "commonHeader": { "processId": fake.process() } }).to_string();
    let called = phone.http.post(format!("http://{}/portal/result-ready", relay.public())).body(header).send().await.unwrap();
    assert_eq!(called.status(), 200);
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    for (path, expected) in [(IDENTITY_TOKEN, false), (CERTS, false), (USERINFO, false), (TOKEN, true), (REQUEST, true), (RESULT, true)] {
        assert!(fake.came(path).iter().all(|came| came.certified == expected), "{path}");
        assert_eq!(fake.came(path).len(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_server_under_another_root_or_name_is_not_spoken_to() {
    let (servers, others) = (Authority::new("servers"), Authority::new("others"));
    let fake = portal(&servers, &servers).await;
    let (_relay, phone) = relay(&fake, |config| config.roots = vec![others.root.clone()]).await;
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().failure, Some(Failure::Unreachable));
    let (_relay, phone) = relay(&fake, |_| {}).await;
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().failure, Some(Failure::Unreachable));
    let (_relay, phone) = relay(&fake, |config| {
        config.roots = vec![servers.root.clone()];
        let techo_relay::Environment::StandIn { issuer, .. } = &mut config.environment else { unreachable!() };
        issuer.set_host(Some("127.0.0.1")).unwrap();
    })
    .await;
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().failure, Some(Failure::Unreachable));
    assert!(fake.came(IDENTITY_TOKEN).is_empty());
}

#[tokio::test]
async fn a_phone_finds_the_relay_by_its_own_root_and_over_tls_1_3_only() {
    let (ours, others) = (Authority::new("ours"), Authority::new("others"));
    let fake = Fake::start(NOW).await;
    let mut config = config(&fake);
    let seal = config.seal.public().unwrap();
    config.api = Listener { bind: Bind::Address(([127, 0, 0, 1], 0).into()), tls: Some(ours.certified("localhost")) };
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let public = socket.local_addr().unwrap();
    config.public = Listener::on(socket, Some(ours.certified("localhost")));
    Relay::check(&config).unwrap();
    let relay = Relay::start_with(config, Arc::new(MemoryStore::new()), Arc::new(HandClock::new(now()))).await.unwrap();
    assert_eq!(relay.public(), public);

    let api = format!("https://localhost:{}", relay.api().port());
    let (new, old) = (&[&rustls::version::TLS13][..], &[&rustls::version::TLS12][..]);
    let phone = Phone::new(&api, seal, ours.client(new));
    assert_eq!(phone.start().await.unwrap().stage, Stage::AwaitingIdentity);
    for stranger in [others.client(new), ours.client(old), client()] {
        assert!(stranger.get(&api).send().await.unwrap_err().is_connect());
    }
    assert!(client().get(format!("http://{}", relay.api())).send().await.is_err());
    // Browsers may be older.
    let page = ours.client(old).get(format!("https://localhost:{}/redirect", public.port())).send().await.unwrap();
    assert_eq!(page.status(), 200);
    relay.stop().await;
}

#[tokio::test]
async fn a_certificate_with_another_ones_key_starts_nothing() {
    let ours = Authority::new("ours");
    let fake = Fake::start(NOW).await;
    let odd = || {
        let (one, two) = (ours.certified("localhost"), ours.certified("localhost"));
        Some(Certified { chain: one.chain, key: two.key })
    };
    let mut listener = config(&fake);
    listener.api.tls = odd();
    let mut portal = config(&fake);
    portal.portal.certificate = odd();
    let mut root = config(&fake);
    root.roots = vec![CertificateDer::from(vec![1, 2, 3])];
    for config in [listener, portal, root] {
        assert!(matches!(Relay::check(&config), Err(RelayError::Certificate { .. })));
        assert!(matches!(Relay::start(config).await, Err(RelayError::Certificate { .. })));
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let fake = Fake::start(NOW).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = config(&fake);
    config.admin.bind = Bind::Address(taken.local_addr().unwrap());
    let refused = Relay::start(config).await.unwrap_err();
    assert_eq!(refused.to_string(), "listen.admin: address in use");
}
