//! A scripted portal and identity server: answers well unless told otherwise, notes every request, and can cut a connection
//! at any byte. It speaks HTTP by hand so that it can misbehave, and shares no code with what it tests.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_rustls::TlsAcceptor;

/// What an endpoint does with one request instead of answering well.
#[derive(Clone)]
pub(crate) enum Act {
    /// Answers with this status and this body.
    Answer(u16, String),
    /// Writes this many bytes of its good answer and closes the connection.
    Cut(usize),
    /// Answers well after the bell has rung.
    Wait(Arc<Notify>),
    /// Begins an answer of no announced length and goes on until nobody listens.
    Endless,
}

/// One request that came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
    /// Whether it came over TLS with a client's certificate.
    pub(crate) certified: bool,
}

impl Came {
    pub(crate) fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What stands in an ID token, to be made wrong by a test.
pub(crate) struct Claims {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

/// A connection, with or without TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

type Twist = Box<dyn FnOnce(&mut Claims) + Send>;

pub(crate) struct Fake {
    address: SocketAddr,
    is_tls: bool,
    came: Mutex<Vec<Came>>,
    acts: Mutex<HashMap<String, VecDeque<Act>>>,
    /// Changes an ID token before it is signed.
    pub(crate) twist: Mutex<Option<Twist>>,
    /// Nonce of the session that logs in.
    pub(crate) nonce: Mutex<String>,
    /// Signs ID tokens; `kid` is its number.
    keys: Mutex<Vec<EcdsaKeyPair>>,
    /// Unix seconds in ID tokens.
    pub(crate) now: i64,
    /// `selfPersonalData`.
    pub(crate) data: Mutex<String>,
    pub(crate) user: Mutex<Value>,
    requests: Mutex<u32>,
}

pub(crate) const TOKEN: &str = "/online-authorization-web/oauth/token";
pub(crate) const REQUEST: &str = "/online-resource-web/request";
pub(crate) const RESULT: &str = "/online-resource-web/result";
pub(crate) const IDENTITY_TOKEN: &str = "/realm/protocol/openid-connect/token";
pub(crate) const USERINFO: &str = "/realm/protocol/openid-connect/userinfo";
pub(crate) const CERTS: &str = "/realm/protocol/openid-connect/certs";

/// Words that only a person's data, a token or a code would carry. None may be found in a log or a store.
pub(crate) const CANARIES: [&str; 8] = [
    "canary-portal-token",
    "canary-identity-token",
    "canary-data",
    "canary-subject",
    "canary-code-identity",
    "canary-code-portal",
    "手帳 花子",
    "19720415",
];

fn key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random).unwrap()
}

impl Fake {
    pub(crate) async fn start(now: i64) -> Arc<Self> {
        Self::start_with(now, None).await
    }

    /// One that is reached at `localhost` over TLS.
    pub(crate) async fn start_with(now: i64, tls: Option<TlsAcceptor>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Arc::new(Self {
            address: listener.local_addr().unwrap(),
            is_tls: tls.is_some(),
            came: Mutex::default(),
            acts: Mutex::default(),
            twist: Mutex::default(),
            nonce: Mutex::default(),
            keys: Mutex::new(vec![key()]),
            now,
            data: Mutex::new(r#"{"見本市":{"canary-data":{"日":"20260401"}}}"#.to_owned()),
            user: Mutex::new(json!({
                "sub": "canary-subject", "name": "手帳 花子", "birthdate": "19720415", "gender": "2", "address": "canary-data",
            })),
            requests: Mutex::new(0),
        });
        let serving = Arc::clone(&fake);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&serving).accept(socket, tls.clone()));
            }
        });
        fake
    }

    pub(crate) fn base(&self) -> String {
        if self.is_tls { format!("https://localhost:{}", self.address.port()) } else { format!("http://{}", self.address) }
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}/realm", self.base())
    }

    /// What the next requests to `path` meet, in this order.
    pub(crate) fn next(&self, path: &str, acts: impl IntoIterator<Item = Act>) {
        self.acts.lock().unwrap().entry(path.to_owned()).or_default().extend(acts);
    }

    /// From now on another key signs ID tokens.
    pub(crate) fn change_key(&self) {
        self.keys.lock().unwrap().push(key());
    }

    /// From now on another key signs ID tokens, and the one before it is offered no more.
    pub(crate) fn replace_key(&self) {
        *self.keys.lock().unwrap() = vec![key()];
    }

    pub(crate) fn came(&self, path: &str) -> Vec<Came> {
        self.came.lock().unwrap().iter().filter(|came| came.path == path).cloned().collect()
    }

    /// The number of the latest request.
    pub(crate) fn process(&self) -> String {
        format!("PROCESS-{}", self.requests.lock().unwrap())
    }

    async fn accept(self: Arc<Self>, socket: TcpStream, tls: Option<TlsAcceptor>) {
        let Some(tls) = tls else { return self.serve(socket, false).await };
        // A client that does not trust us goes away.
        let Ok(socket) = tls.accept(socket).await else { return };
        let certified = socket.get_ref().1.peer_certificates().is_some();
        self.serve(socket, certified).await;
    }

    async fn serve<S: Stream>(self: Arc<Self>, mut socket: S, certified: bool) {
        let Some(mut came) = read(&mut socket).await else { return };
        came.certified = certified;
        let act = self.acts.lock().unwrap().get_mut(&came.path).and_then(VecDeque::pop_front);
        self.came.lock().unwrap().push(came.clone());
        let (status, body) = self.good(&came);
        let mut cut = usize::MAX;
        let (status, body) = match act {
            None => (status, body),
            Some(Act::Answer(status, body)) => (status, body),
            Some(Act::Cut(bytes)) => {
                cut = bytes;
                (status, body)
            }
            Some(Act::Wait(bell)) => {
                bell.notified().await;
                (status, body)
            }
            Some(Act::Endless) => return endless(socket).await,
        };
        let head = format!("HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        let whole = [head.as_bytes(), body.as_bytes()].concat();
        let _ = socket.write_all(&whole[..whole.len().min(cut)]).await;
        let _ = socket.shutdown().await;
    }

    fn good(&self, came: &Came) -> (u16, String) {
        let body = match came.path.as_str() {
            IDENTITY_TOKEN => json!({ "access_token": "canary-identity-token", "id_token": self.id_token(), "token_type": "Bearer" }),
            CERTS => self.certs(),
            USERINFO => self.user.lock().unwrap().clone(),
            TOKEN => json!({ "access_token": "canary-portal-token", "token_type": "Bearer" }),
            REQUEST => {
                *self.requests.lock().unwrap() += 1;
                json!({ "commonHeader": header(came, "IFA0301-S01", &self.process()) })
            }
            RESULT => {
                let process = came.json()["commonHeader"]["processId"].as_str().unwrap().to_owned();
                json!({
                    "commonHeader": header(came, "IFA0303-S01", &process),
                    "selfPersonalDataProvisionInfo": { "selfPersonalData": *self.data.lock().unwrap() },
                })
            }
            _ => return (404, String::new()),
        };
        (200, body.to_string())
    }

    fn certs(&self) -> Value {
        let keys = self.keys.lock().unwrap();
        let keys = keys.iter().enumerate().map(|(number, key)| {
            let point = key.public_key().as_ref();
            let (x, y) = (BASE64URL_NOPAD.encode(&point[1..33]), BASE64URL_NOPAD.encode(&point[33..]));
            json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": number.to_string(), "x": x, "y": y })
        });
        // Servers offer keys of other kinds beside the one they sign with.
        let others = [
            json!({ "kty": "RSA", "kid": "rsa", "use": "enc", "alg": "RSA-OAEP", "n": "AQAB", "e": "AQAB", "x5c": ["MAA="], "x5t": "AAAA" }),
            json!({ "kty": "AKP", "kid": "new", "use": "sig", "alg": "ML-DSA-65", "pub": "AAAA" }),
            json!({ "kty": "OKP", "kid": "448", "use": "sig", "alg": "EdDSA", "crv": "Ed448", "x": "AAAA" }),
        ];
        json!({ "keys": keys.chain(others).collect::<Vec<_>>() })
    }

    /// A token answer that claims to come from `issuer`.
    pub(crate) fn token_for(&self, issuer: &str) -> String {
        let issuer = issuer.to_owned();
        *self.twist.lock().unwrap() = Some(Box::new(move |token| token.claims["iss"] = json!(issuer)));
        json!({ "access_token": "canary-identity-token", "id_token": self.id_token() }).to_string()
    }

    fn id_token(&self) -> String {
        let keys = self.keys.lock().unwrap();
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": (keys.len() - 1).to_string() });
        let claims = json!({
            "iss": self.issuer(), "sub": "canary-subject", "aud": "RP00000001", "nonce": *self.nonce.lock().unwrap(),
            "iat": self.now, "exp": self.now + 300,
        });
        let mut token = Claims { header, claims };
        if let Some(twist) = self.twist.lock().unwrap().take() {
            twist(&mut token);
        }
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let message = format!("{}.{}", part(&token.header), part(&token.claims));
        let signature = keys.last().unwrap().sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

async fn endless<S: Stream>(mut socket: S) {
    let head = b"HTTP/1.1 200 x\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n\"";
    let piece = vec![b'x'; 64 * 1024];
    let mut written = socket.write_all(head).await;
    while written.is_ok() {
        written = socket.write_all(&piece).await;
    }
}

async fn read<S: Stream>(socket: &mut S) -> Option<Came> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let mut more = [0; 4096];
        let count = socket.read(&mut more).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&more[..count]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers: HashMap<_, _> =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        let mut more = [0; 4096];
        let count = socket.read(&mut more).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&more[..count]);
    }
    let body = String::from_utf8(bytes[end..].to_vec()).unwrap();
    Some(Came { path, authorization: headers.get("authorization").cloned(), body, certified: false })
}

fn header(came: &Came, kind: &str, process: &str) -> Value {
    let id = &came.json()["commonHeader"]["telegramId"];
    json!({ "telegramId": id, "telegramType": kind, "mode": "1", "processId": process, "errorCode": "" })
}
