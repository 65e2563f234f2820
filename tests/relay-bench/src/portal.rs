//! The least that a relay takes for the portal and for デジタル認証アプリ: every request is answered well and at once, and the
//! result is ready as soon as it was asked for.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::{Failure, http::Connection};

pub(crate) struct Portal {
    address: SocketAddr,
    key: EcdsaKeyPair,
    /// `selfPersonalData`.
    data: String,
    requests: AtomicUsize,
    /// Where relays take call-backs.
    relays: Mutex<Vec<SocketAddr>>,
}

impl Portal {
    /// One whose answers have this many bytes.
    pub(crate) async fn start(bytes: usize) -> Result<Arc<Self>, Failure> {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(|_| "no key")?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).map_err(|_| "no key")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let portal =
            Self { address: listener.local_addr()?, key, data: "1".repeat(bytes), requests: AtomicUsize::new(0), relays: Mutex::default() };
        let (portal, serving) = {
            let portal = Arc::new(portal);
            (Arc::clone(&portal), portal)
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let portal = Arc::clone(&serving);
                tokio::spawn(async move {
                    if let Err(error) = portal.serve(stream).await {
                        eprintln!("portal: {error}");
                    }
                });
            }
        });
        Ok(portal)
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on these relays are called back in turn.
    pub(crate) fn call_back(&self, relays: &[SocketAddr]) {
        if let Ok(mut known) = self.relays.lock() {
            *known = relays.to_vec();
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) -> Result<(), Failure> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                if stream.read_until(b'\n', &mut head).await? == 0 {
                    return Ok(());
                }
            }
            let head = String::from_utf8(head)?;
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            stream.read_exact(&mut body).await?;
            let answer = self.answer(&path, &body)?.to_string();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
            stream.write_all(&[head.as_bytes(), answer.as_bytes()].concat()).await?;
        }
    }

    fn answer(self: &Arc<Self>, path: &str, body: &[u8]) -> Result<Value, Failure> {
        Ok(match path {
            "/realm/protocol/openid-connect/token" => {
                json!({ "access_token": "token", "id_token": self.id_token(body)?, "token_type": "Bearer" })
            }
            "/realm/protocol/openid-connect/certs" => {
                let point = self.key.public_key().as_ref();
                let part = |range: std::ops::Range<usize>| point.get(range).map(|bytes| BASE64URL_NOPAD.encode(bytes));
                json!({ "keys": [{ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "1", "x": part(1..33), "y": part(33..65) }] })
            }
            "/realm/protocol/openid-connect/userinfo" => json!({ "sub": "1", "name": "手帳 花子", "birthdate": "19720415", "gender": "2" }),
            "/online-authorization-web/oauth/token" => json!({ "access_token": "token", "token_type": "Bearer" }),
            "/online-resource-web/request" => {
                let number = self.requests.fetch_add(1, Ordering::Relaxed);
                let process = format!("PROCESS-{number}");
                let (portal, ready) = (Arc::clone(self), process.clone());
                tokio::spawn(async move {
                    if let Err(error) = portal.ready(number, ready).await {
                        eprintln!("call-back: {error}");
                    }
                });
                json!({ "commonHeader": header(body, "IFA0301-S01", Some(&process))? })
            }
            "/online-resource-web/result" => json!({
                "commonHeader": header(body, "IFA0303-S01", None)?,
                "selfPersonalDataProvisionInfo": { "selfPersonalData": self.data },
            }),
            other => return Err(format!("{other}: not an address of the portal").into()),
        })
    }

    /// The call-back.
    async fn ready(&self, number: usize, process: String) -> Result<(), Failure> {
        let relay = {
            let relays = self.relays.lock().map_err(|_| "no relays")?;
            relays.get(number % relays.len().max(1)).copied().ok_or("no relays")?
        };
        let telegram = json!({ "commonHeader": {
            "telegramId": "TL-99999999-261121093000-0007", "telegramType": "IFA0302-R01", "mode": "1", "processId": process, "errorCode": "",
        } });
        let telegram = telegram.to_string();
        let mut connection = Connection::open(relay).await?;
        let mut answer = connection.ask("POST", "/portal/result-ready", "", telegram.as_bytes()).await?;
        // The relay may not have written down yet what it was answered: it is told again.
        for _ in 0..20 {
            if answer.status == 200 {
                return Ok(());
            }
            sleep(Duration::from_millis(100)).await;
            answer = connection.ask("POST", "/portal/result-ready", "", telegram.as_bytes()).await?;
        }
        Err(format!("the relay does not take the call-back: {}", answer.status).into())
    }

    fn id_token(&self, form: &[u8]) -> Result<String, Failure> {
        let code = url::form_urlencoded::parse(form).find(|(name, _)| name == "code").ok_or("no code")?.1.into_owned();
        let now = chrono::Utc::now().timestamp();
        let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let claims = json!({
            "iss": format!("{}/realm", self.base()), "sub": "1", "aud": "RP00000001", "nonce": code, "iat": now, "exp": now + 300,
        });
        let message = format!("{}.{}", part(json!({ "alg": "ES256", "typ": "JWT", "kid": "1" })), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).map_err(|_| "no signature")?;
        Ok(format!("{message}.{}", BASE64URL_NOPAD.encode(signature.as_ref())))
    }
}

/// The header of an answer: of the same telegram, and the same process where none is given.
fn header(body: &[u8], kind: &str, process: Option<&str>) -> Result<Value, Failure> {
    let request: Value = serde_json::from_slice(body)?;
    let field = |name: &str| request.pointer(&format!("/commonHeader/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let process = process.map_or_else(|| field("processId"), str::to_owned);
    Ok(json!({ "telegramId": field("telegramId"), "telegramType": kind, "mode": "1", "processId": process, "errorCode": "" }))
}
