//! The ID token of the identity leg, and the ways in which a test can order it to be wrong.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    error::StandInError,
    orders::{Fault, TokenFlaw},
    world::{Ask, Granted, Shared, make_token},
};

/// How long an ID token is valid, in seconds. Ours.
const SECONDS: i64 = 300;

/// The token, and what was ordered to be wrong with it.
pub(crate) fn write(shared: &Shared, granted: &Granted) -> Result<(String, Option<&'static str>), StandInError> {
    let ordered = |fault: &Fault| match fault {
        Fault::IdToken(flaw) => Some(*flaw),
        _ => None,
    };
    let flaw = shared.orders.take(Some(&granted.login.state), ordered);
    let now = shared.clock.now();
    let Ask::Identity { nonce, .. } = &granted.login.ask else { return Err(StandInError::Certificate("not an identity leg")) };
    let client = &granted.login.client;
    let mut claims = json!({
        "iss": shared.addresses.issuer.as_str().trim_end_matches('/'),
        "sub": shared.pairwise(granted.card, client),
        "aud": client,
        "azp": client,
        "iat": now.timestamp(),
        "auth_time": now.timestamp(),
        "exp": (now + TimeDelta::seconds(SECONDS)).timestamp(),
        "nonce": nonce,
        "acr": "aal3",
        "jti": make_token()?,
    });
    let mut put = |name: &str, value: Option<Value>| {
        let Some(claims) = claims.as_object_mut() else { return };
        match value {
            Some(value) => claims.insert(name.to_owned(), value),
            None => claims.remove(name),
        };
    };
    let hour = TimeDelta::hours(1);
    match flaw {
        None | Some(TokenFlaw::OtherKey | TokenFlaw::Unsigned | TokenFlaw::Symmetric) => {}
        Some(TokenFlaw::Nonce) => put("nonce", Some(make_token()?.into())),
        Some(TokenFlaw::NoNonce) => put("nonce", None),
        Some(TokenFlaw::Audience) => {
            put("aud", Some("RP99999998".into()));
            put("azp", Some("RP99999998".into()));
        }
        Some(TokenFlaw::Issuer) => put("iss", Some("https://issuer.example/api/realms/main".into())),
        Some(TokenFlaw::Expired) => {
            put("iat", Some((now - hour - hour).timestamp().into()));
            put("auth_time", Some((now - hour - hour).timestamp().into()));
            put("exp", Some((now - hour).timestamp().into()));
        }
    }
    let token = match flaw {
        Some(TokenFlaw::OtherKey) => shared.other_key.sign(&claims)?,
        Some(TokenFlaw::Unsigned) => shared.key.leave_unsigned(&claims),
        Some(TokenFlaw::Symmetric) => shared.key.sign_symmetric(&claims),
        _ => shared.key.sign(&claims)?,
    };
    Ok((token, flaw.map(|_| "a wrong ID token")))
}
