//! A relay, a portal and a browser as data. It keeps to the protocol, checks what it is brought, and counts what it was
//! asked; faults are put in by the tests.

use std::collections::BTreeMap;

use techo_core::sync::{Exchange, Method, Reply};
use techo_protocol::{
    Digest, SecretText, SessionId,
    message::{Answer, AuthorizationCode, Failure, Identity, IdentityCode, Progress, Refusal, RefusalKind, Stage, Start},
    seal::{self, Binding, Leg, PrivateKey},
};
use url::Url;
use zeroize::Zeroizing;

/// Who taps the card, and what the portal has for one service.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) login: [&'static str; 3],
    pub(crate) answer: String,
    pub(crate) identity_failure: Option<Failure>,
    pub(crate) portal_failure: Option<Failure>,
    /// Status requests that find the portal still at work.
    pub(crate) polls: u32,
    /// What the browser brings instead of a code, for a leg.
    pub(crate) browser: [Option<&'static str>; 2],
}

impl Plan {
    pub(crate) fn of(login: [&'static str; 3], answer: &str) -> Self {
        Self { login, answer: answer.to_owned(), identity_failure: None, portal_failure: None, polls: 1, browser: [None, None] }
    }
}

pub(crate) struct Session {
    pub(crate) start: Start,
    pub(crate) stage: Stage,
    failure: Option<Failure>,
    polls: u32,
    codes: [Option<String>; 2],
    challenge: Option<String>,
    nonce: Option<String>,
}

/// Decides instead of the relay; none lets the relay answer.
pub(crate) type Spoiler = Box<dyn FnMut(&Exchange, &mut Relay) -> Option<Reply>>;

pub(crate) struct Relay {
    pub(crate) key: PrivateKey,
    pub(crate) plans: BTreeMap<String, Plan>,
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) carried: Vec<String>,
    pub(crate) spoiler: Option<Spoiler>,
    /// The test makes up progress that the relay never made.
    pub(crate) is_lied_about: bool,
}

/// For example `GET /sealed/result`.
pub(crate) fn name(exchange: &Exchange) -> String {
    let tail = exchange.path.strip_prefix("/v1/sessions/").unwrap();
    let tail = tail.split_once(['/', '?']).map_or("", |(_, rest)| rest.split('?').next().unwrap());
    let tail = if tail.starts_with("seen=") { "status" } else { tail };
    format!("{:?} {tail}", exchange.method)
}

pub(crate) fn answered(status: u16, body: &[u8]) -> Reply {
    Reply::Answered { status, retry_after: None, body: Zeroizing::new(body.to_vec()) }
}

pub(crate) fn refused(kind: RefusalKind) -> Reply {
    let retry_after = matches!(kind, RefusalKind::Busy | RefusalKind::SlowDown).then_some(7);
    Reply::Answered { status: kind.status(), retry_after, body: Zeroizing::new(serde_json::to_vec(&Refusal { error: kind }).unwrap()) }
}

pub(crate) fn progress(stage: Stage, failure: Option<Failure>) -> Reply {
    answered(200, &serde_json::to_vec(&Progress { stage, failure, expires_in: 500 }).unwrap())
}

impl Relay {
    pub(crate) fn new() -> Self {
        Self {
            key: PrivateKey::make().unwrap(),
            plans: BTreeMap::new(),
            sessions: BTreeMap::new(),
            carried: Vec::new(),
            spoiler: None,
            is_lied_about: false,
        }
    }

    pub(crate) fn carry(&mut self, exchange: &Exchange) -> Reply {
        self.carried.push(name(exchange));
        if let Some(mut spoiler) = self.spoiler.take() {
            let spoiled = spoiler(exchange, self);
            self.spoiler.get_or_insert(spoiler);
            if let Some(reply) = spoiled {
                return reply;
            }
        }
        self.honest(exchange)
    }

    /// What the relay itself answers.
    pub(crate) fn honest(&mut self, exchange: &Exchange) -> Reply {
        let path = exchange.path.strip_prefix("/v1/sessions/").unwrap();
        let (id, tail) = path.split_at(path.find(['/', '?']).unwrap_or(path.len()));
        if exchange.method == Method::Put {
            assert!(exchange.bearer.is_none() && tail.is_empty());
            return self.begin(id, serde_json::from_slice(exchange.body.as_ref().unwrap()).unwrap());
        }
        let secret = exchange.bearer.as_ref().unwrap();
        match self.sessions.get(id) {
            Some(session) if session.start.secret.is_of(secret.as_bytes()) => {}
            _ => return refused(RefusalKind::UnknownSession),
        }
        let body = exchange.body.as_ref().map(|body| body.as_slice());
        match (exchange.method, tail) {
            (Method::Post, "/identity") => self.identity(id, &serde_json::from_slice(body.unwrap()).unwrap()),
            (Method::Post, "/authorization") => self.authorization(id, &serde_json::from_slice(body.unwrap()).unwrap()),
            (Method::Get, "/sealed/identity") => self.sealed(id, Leg::Identity),
            (Method::Get, "/sealed/result") => self.sealed(id, Leg::Result),
            (Method::Delete, "/sealed/identity") => self.taken(id, Leg::Identity),
            (Method::Delete, "/sealed/result") => self.taken(id, Leg::Result),
            (Method::Delete, "") => {
                self.sessions.remove(id);
                answered(204, b"")
            }
            (Method::Get, "") => {
                assert_eq!(exchange.wait, 0, "answered at once");
                self.status(id)
            }
            (Method::Get, query) => {
                assert!(query.starts_with("?seen=") && query.ends_with("&wait=20") && exchange.wait == 20, "{query}");
                self.status(id)
            }
            other => panic!("no such request: {other:?}"),
        }
    }

    fn begin(&mut self, id: &str, start: Start) -> Reply {
        if let Some(session) = self.sessions.get(id) {
            return if session.start == start { self.status(id) } else { refused(RefusalKind::WrongStage) };
        }
        let Some(plan) = self.plans.get(&start.service) else { return refused(RefusalKind::UnknownService) };
        let session = Session {
            stage: Stage::AwaitingIdentity,
            failure: None,
            polls: plan.polls,
            codes: [None, None],
            challenge: None,
            nonce: None,
            start,
        };
        self.sessions.insert(id.to_owned(), session);
        self.status(id)
    }

    fn status(&mut self, id: &str) -> Reply {
        let session = self.sessions.get_mut(id).unwrap();
        if session.stage == Stage::Requested {
            session.polls = session.polls.saturating_sub(1);
            if session.polls == 0 {
                session.stage = Stage::ResultSealed;
            }
        }
        progress(session.stage, session.failure.clone())
    }

    fn identity(&mut self, id: &str, code: &IdentityCode) -> Reply {
        let session = self.sessions.get_mut(id).unwrap();
        if !session.start.identity_state.is_of(code.state.as_str().as_bytes()) {
            return refused(RefusalKind::ForeignState);
        }
        if session.codes[0].as_deref() == Some(code.code.as_str()) {
            return self.status(id);
        }
        if session.stage != Stage::AwaitingIdentity || session.codes[0].is_some() {
            return refused(RefusalKind::WrongStage);
        }
        // The code was given for this browser's challenge and nonce.
        assert_eq!(session.challenge.as_deref(), Some(code.verifier.challenge().as_str()));
        assert_eq!(session.nonce.as_deref(), Some(code.nonce.to_text().as_str()));
        session.codes[0] = Some(code.code.as_str().to_owned());
        let failure = self.plans[&session.start.service].identity_failure.clone();
        session.stage = if failure.is_some() { Stage::Failed } else { Stage::IdentitySealed };
        session.failure = failure;
        self.status(id)
    }

    fn authorization(&mut self, id: &str, code: &AuthorizationCode) -> Reply {
        let session = self.sessions.get_mut(id).unwrap();
        if !session.start.authorization_state.is_of(code.state.as_str().as_bytes()) {
            return refused(RefusalKind::ForeignState);
        }
        if session.codes[1].as_deref() == Some(code.code.as_str()) {
            return self.status(id);
        }
        if session.stage != Stage::AwaitingAuthorization || session.codes[1].is_some() {
            return refused(RefusalKind::WrongStage);
        }
        session.codes[1] = Some(code.code.as_str().to_owned());
        let failure = self.plans[&session.start.service].portal_failure.clone();
        session.stage = if failure.is_some() { Stage::Failed } else { Stage::Requested };
        session.failure = failure;
        progress(session.stage, session.failure.clone())
    }

    fn sealed(&mut self, id: &str, leg: Leg) -> Reply {
        let session = &self.sessions[id];
        match (leg, session.stage) {
            (Leg::Identity, Stage::IdentitySealed) | (Leg::Result, Stage::ResultSealed) => answered(200, &self.seal(id, leg, &self.key)),
            (Leg::Identity, Stage::AwaitingIdentity) => refused(RefusalKind::WrongStage),
            (Leg::Identity, _) | (Leg::Result, Stage::Taken) => refused(RefusalKind::Taken),
            (Leg::Result, _) => refused(RefusalKind::WrongStage),
        }
    }

    /// What a session's leg is sealed to, by any key.
    pub(crate) fn seal(&self, id: &str, leg: Leg, key: &PrivateKey) -> Vec<u8> {
        let start = &self.sessions[id].start;
        let has = &self.plans[&start.service];
        let text = |text: &str| SecretText::new(text.to_owned());
        let plain = match leg {
            Leg::Identity => {
                let [name, birthdate, gender] = has.login;
                serde_json::to_vec(&Identity { name: text(name), birthdate: text(birthdate), gender: text(gender) })
            }
            Leg::Result => serde_json::to_vec(&Answer { self_personal_data: text(&has.answer), process: "P-0001".to_owned() }),
        };
        let session: SessionId = id.parse().unwrap();
        seal::seal(&Binding { session, grant: start.grant, leg }, &start.phone, key, &plain.unwrap()).unwrap()
    }

    fn taken(&mut self, id: &str, leg: Leg) -> Reply {
        let session = self.sessions.get_mut(id).unwrap();
        match (leg, session.stage) {
            (Leg::Identity, Stage::IdentitySealed) => session.stage = Stage::AwaitingAuthorization,
            (Leg::Result, Stage::ResultSealed) => session.stage = Stage::Taken,
            _ => {}
        }
        answered(204, b"")
    }

    /// What the browser comes back to when it opens the address: the page lets the person in, and forwards.
    pub(crate) fn browse(&mut self, url: &Url) -> String {
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked.len(), url.query_pairs().count(), "no parameter twice");
        assert_eq!((asked["response_type"].as_str(), asked["redirect_uri"].as_str()), ("code", "https://www.example.jp/redirect"));
        let state = asked["state"].clone();
        let leg = usize::from(!url.path().ends_with("/openid-connect/auth"));
        let digest = Digest::of(state.as_bytes());
        let known = |session: &&mut Session| [session.start.identity_state, session.start.authorization_state][leg] == digest;
        let Some(session) = self.sessions.values_mut().find(known) else {
            // Only where a test lied about the relay's progress: an honest one knows the digest before the browser opens.
            assert!(self.is_lied_about, "the relay knows the state's digest before the browser is opened");
            return format!("https://www.example.jp/redirect?code=one-time&state={state}");
        };
        if leg == 0 {
            assert_eq!((asked["client_id"].as_str(), asked["scope"].as_str()), ("RP00000001", "openid name birthdate gender"));
            assert_eq!((asked["code_challenge_method"].as_str(), asked["acr_values"].as_str()), ("S256", "aal3 crl"));
            (session.challenge, session.nonce) = (Some(asked["code_challenge"].clone()), Some(asked["nonce"].clone()));
        } else {
            assert_eq!(asked["client_id"], format!("SP99999999_{}", session.start.service));
            assert_eq!((asked["login_type"].as_str(), asked.len()), ("0", 5));
        }
        let brought = self.plans[&session.start.service].browser[leg].unwrap_or("code=one-time&session_state=x");
        format!("https://www.example.jp/redirect?{brought}&state={state}")
    }
}
