//! デジタル認証アプリ: exchanges the identity leg's code, checks the ID token, and asks who logged in. Of the answer, name,
//! birth date and sex go on to be sealed; everything else is forgotten here.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use techo_protocol::{
    Nonce, SecretText,
    message::{Failure, Identity, IdentityCode},
    names::{BadNames, names},
};

use super::{
    call::{Call, Caller, Repeat, Reply, failure},
    jwt,
    telegram::{FORM, bearer, form},
};
use crate::config::IdentityClient;

/// Keys are asked for again by a signature that none of them made no more often than this.
const AGAIN: TimeDelta = TimeDelta::seconds(60);
/// Clocks may differ by this much.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
const LARGEST: usize = 64 * 1024;

const TOKEN: Call = Call { name: "identity_token", repeat: Repeat::Unsent, largest: LARGEST };
const CERTS: Call = Call { name: "identity_certs", repeat: Repeat::Safe, largest: LARGEST };
const USERINFO: Call = Call { name: "identity_userinfo", repeat: Repeat::Safe, largest: LARGEST };

/// デジタル認証アプリ, as its client sees it.
#[derive(Debug)]
pub(crate) struct IdentityServer {
    caller: Caller,
    client: IdentityClient,
    issuer: String,
    token: String,
    userinfo: String,
    certs: String,
    redirect: String,
    assertion_life: i64,
    maintenance: u16,
    keys: Mutex<Keys>,
}

/// What it signs with, as far as is known.
#[derive(Debug, Default)]
struct Keys {
    known: Vec<Jwk>,
    asked: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: SecretText,
    id_token: SecretText,
}

#[derive(Deserialize)]
struct IdToken {
    iss: String,
    sub: SecretText,
    aud: Audience,
    exp: i64,
    iat: i64,
    nonce: SecretText,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct UserInfo {
    sub: SecretText,
    name: Option<SecretText>,
    birthdate: SecretText,
    gender: Option<SecretText>,
}

impl IdentityServer {
    pub(crate) fn new(caller: Caller, client: IdentityClient, issuer: String, redirect: String) -> Result<Self, BadNames> {
        let names = names()?;
        let at = |path: &str| format!("{issuer}{path}");
        Ok(Self {
            token: at(&names.identity.token.value),
            userinfo: at(&names.identity.userinfo.value),
            certs: at(&names.identity.certs.value),
            assertion_life: i64::from(names.identity.assertion_seconds.value),
            maintenance: names.portal.maintenance_status.value,
            keys: Mutex::default(),
            caller,
            client,
            issuer,
            redirect,
        })
    }

    /// Who logged in.
    pub(crate) async fn who(&self, code: &IdentityCode, now: DateTime<Utc>) -> Result<Identity, Failure> {
        let tokens = self.exchange(code, now).await?;
        let id = self.id_token(tokens.id_token.as_str(), &code.nonce, now).await?;
        let bearer = bearer(&tokens.access_token)?;
        let reply = self
            .caller
            .call(USERINFO, |client| client.get(&self.userinfo).header(AUTHORIZATION, bearer.clone()).header(ACCEPT, "application/json"));
        let reply = self.judged(reply.await, Failure::IdentityRefused)?;
        let about: UserInfo = serde_json::from_slice(&reply.body).map_err(|_| Failure::Malformed)?;
        // OpenID Connect Core 5.3.2: an answer about somebody else must not be used.
        if about.sub != id.sub {
            return Err(Failure::IdentityRefused);
        }
        // What is not said cannot be compared; the phone judges that.
        let or_nothing = |text: Option<SecretText>| text.unwrap_or_else(|| SecretText::new(String::new()));
        Ok(Identity { name: or_nothing(about.name), birthdate: about.birthdate, gender: or_nothing(about.gender) })
    }

    async fn exchange(&self, code: &IdentityCode, now: DateTime<Utc>) -> Result<Tokens, Failure> {
        let assertion = self.assertion(now)?;
        let verifier = code.verifier.to_text();
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", code.code.as_str()),
            ("redirect_uri", &self.redirect),
            ("code_verifier", &verifier),
            ("client_id", &self.client.id),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ]);
        let reply = self.caller.call(TOKEN, |client| {
            client.post(&self.token).header(CONTENT_TYPE, FORM).header(ACCEPT, "application/json").body(body.clone())
        });
        let reply = self.judged(reply.await, Failure::CodeRefused)?;
        serde_json::from_slice(&reply.body).map_err(|_| Failure::Malformed)
    }

    /// RFC 7523: the relay says who it is by a token that it signed for this one exchange.
    fn assertion(&self, now: DateTime<Utc>) -> Result<String, Failure> {
        let mut random = [0; 16];
        SystemRandom::new().fill(&mut random).map_err(|_| Failure::Unreachable)?;
        let (iat, exp) = (now.timestamp(), now.timestamp() + self.assertion_life);
        let jti = BASE64URL_NOPAD.encode(&random);
        let claims = Assertion { iss: &self.client.id, sub: &self.client.id, aud: &self.token, jti, iat, exp };
        self.client.key.sign(&claims).map_err(|_| Failure::Unreachable)
    }

    /// Checks an ID token (OpenID Connect Core 3.1.3.7).
    async fn id_token(&self, token: &str, nonce: &Nonce, now: DateTime<Utc>) -> Result<IdToken, Failure> {
        let key_id = jwt::key_id(token).map_err(|_| Failure::IdentityRefused)?;
        let mut key = self.known_key(key_id.as_deref());
        if key.is_none() {
            // Keys change: an unknown one is asked for once, by a token that came over TLS from the server itself.
            self.fetch_keys(now).await?;
            key = self.known_key(key_id.as_deref());
        }
        let key = key.ok_or(Failure::IdentityRefused)?;
        let claims: IdToken = match jwt::verify(token, &key) {
            Ok(claims) => claims,
            // A key may have taken the place of another under the same name, or where neither has one.
            Err(_) if self.may_ask_again(now) => {
                self.fetch_keys(now).await?;
                let key = self.known_key(key_id.as_deref()).ok_or(Failure::IdentityRefused)?;
                jwt::verify(token, &key).map_err(|_| Failure::IdentityRefused)?
            }
            Err(_) => return Err(Failure::IdentityRefused),
        };
        let at = |seconds| DateTime::from_timestamp(seconds, 0);
        let is_ours = match &claims.aud {
            Audience::One(one) => *one == self.client.id,
            Audience::Several(several) => matches!(several.as_slice(), [one] if *one == self.client.id),
        };
        let is_timely = at(claims.exp).is_some_and(|exp| now < exp + LEEWAY) && at(claims.iat).is_some_and(|iat| iat <= now + LEEWAY);
        let is_good = claims.iss == self.issuer && is_ours && is_timely && nonce.is(claims.nonce.as_str());
        if is_good { Ok(claims) } else { Err(Failure::IdentityRefused) }
    }

    fn known_key(&self, id: Option<&str>) -> Option<Jwk> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match (id, keys.known.as_slice()) {
            (Some(id), keys) => keys.iter().find(|key| key.common.key_id.as_deref() == Some(id)).cloned(),
            // A token may leave the id out where there is one key only.
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        }
    }

    fn may_ask_again(&self, now: DateTime<Utc>) -> bool {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.asked.is_none_or(|asked| asked + AGAIN <= now)
    }

    async fn fetch_keys(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        let reply = self.caller.call(CERTS, |client| client.get(&self.certs).header(ACCEPT, "application/json"));
        let reply = self.judged(reply.await, Failure::Malformed)?;
        let set: JwkSet = serde_json::from_slice(&reply.body).map_err(|_| Failure::Malformed)?;
        let signs = |key: &Jwk| key.common.public_key_use != Some(PublicKeyUse::Encryption) && jwt::is_es256(key);
        let known = set.keys.into_iter().filter(signs).collect();
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Keys { known, asked: Some(now) };
        Ok(())
    }

    fn judged(&self, outcome: Result<Reply, super::call::Broken>, refused: Failure) -> Result<Reply, Failure> {
        match (failure(&outcome, self.maintenance), outcome) {
            (Some(failure), _) => Err(failure),
            (None, Ok(reply)) if reply.status == 200 => Ok(reply),
            (None, Ok(reply)) if (400..500).contains(&reply.status) => Err(refused),
            (None, _) => Err(Failure::Malformed),
        }
    }
}
