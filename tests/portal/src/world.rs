//! What the stand-in remembers: logins in a browser, codes, tokens, processes, locked cards. One lock around all of it;
//! nobody holds it while waiting.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::{SecureRandom as _, SystemRandom};
use techo_protocol::names::Names;
use url::Url;

use crate::{
    card::Card,
    clock::Clock,
    error::StandInError,
    journal::{Door, Journal, Leg, Outcome},
    jws::SigningKey,
    orders::Orders,
    registration::Registration,
};

/// How long a page waits for the person, in seconds. Ours.
pub(crate) const LOGIN_SECONDS: i64 = 600;
/// How long a one-time code lives, in seconds. The real lifetime is not known.
pub(crate) const CODE_SECONDS: i64 = 60;
/// How long an access token lives, in seconds. The real lifetime is not known.
pub(crate) const TOKEN_SECONDS: i64 = 600;
/// Wrong PINs in a row that lock a card, as on a real one.
pub(crate) const WRONG_PINS: u8 = 3;

/// What the browser came for.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Identity { nonce: String, challenge: String, scopes: Vec<String> },
    Authorization { items: &'static [&'static str] },
}

impl Ask {
    pub(crate) const fn leg(&self) -> Leg {
        match self {
            Self::Identity { .. } => Leg::Identity,
            Self::Authorization { .. } => Leg::Authorization,
        }
    }
}

/// Which page the person is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Card,
    Pin,
    Subject,
    Consent,
}

/// A browser on its way through the pages.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) ask: Ask,
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) state: String,
    pub(crate) cookie: String,
    pub(crate) step: Step,
    pub(crate) card: Option<Card>,
    pub(crate) subject: Option<Card>,
    /// The certificate on the card has expired, so that is what is sent back.
    pub(crate) is_expired: bool,
    pub(crate) until: DateTime<Utc>,
}

/// A one-time code, or the token it became.
#[derive(Clone, Debug)]
pub(crate) struct Granted {
    pub(crate) login: Login,
    pub(crate) card: Card,
    pub(crate) subject: Card,
    pub(crate) until: DateTime<Utc>,
    /// The token that a code was exchanged for; a token's own is `None`.
    pub(crate) became: Option<String>,
    /// A code that somebody else has spent; a token that was revoked.
    pub(crate) is_dead: bool,
}

/// A request to the portal.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) token: String,
    pub(crate) telegram: String,
    pub(crate) state: String,
    pub(crate) subject: Card,
    pub(crate) items: &'static [&'static str],
    pub(crate) is_ready: bool,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) registration: Option<Registration>,
    pub(crate) logins: HashMap<String, Login>,
    pub(crate) codes: HashMap<String, Granted>,
    pub(crate) tokens: HashMap<String, Granted>,
    pub(crate) processes: HashMap<String, Process>,
    pub(crate) wrong_pins: HashMap<Card, u8>,
    pub(crate) assertions: HashSet<String>,
    pub(crate) serial: u32,
}

impl World {
    pub(crate) fn is_locked(&self, card: Card) -> bool {
        self.wrong_pins.get(&card).is_some_and(|wrong| *wrong >= WRONG_PINS)
    }
}

/// Where the stand-in is.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Stands for the issuer of デジタル認証アプリ.
    pub issuer: Url,
    /// Stands for the portal's browser host.
    pub app: Url,
    /// Stands for the portal's server host, which wants a client certificate.
    pub sp: Url,
}

pub(crate) struct Shared {
    pub(crate) names: &'static Names,
    pub(crate) addresses: Addresses,
    pub(crate) clock: Clock,
    pub(crate) orders: Orders,
    pub(crate) journal: Journal,
    pub(crate) key: SigningKey,
    pub(crate) other_key: SigningKey,
    pub(crate) salt: String,
    world: Mutex<World>,
}

impl Shared {
    pub(crate) fn make(names: &'static Names, addresses: Addresses, clock: Clock, orders: Orders) -> Result<Self, StandInError> {
        Ok(Self {
            names,
            addresses,
            clock,
            orders,
            journal: Journal::default(),
            key: SigningKey::make("mihon-1")?,
            // The same name: who looks a key up by name alone finds the other one.
            other_key: SigningKey::make("mihon-1")?,
            salt: make_token()?,
            world: Mutex::default(),
        })
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn after(&self, seconds: i64) -> DateTime<Utc> {
        self.clock.now() + TimeDelta::seconds(seconds)
    }

    pub(crate) fn note(&self, door: Door, session: Option<&str>, outcome: Outcome) {
        self.journal.note(door, session, outcome);
    }

    /// A person's subject id for this client, and no other's.
    pub(crate) fn pairwise(&self, card: Card, client: &str) -> String {
        let text = format!("{}|{}|{client}", self.salt, card.id());
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()))
    }
}

/// 256 random bits as base64url.
pub(crate) fn make_token() -> Result<String, StandInError> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| StandInError::Certificate("random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
