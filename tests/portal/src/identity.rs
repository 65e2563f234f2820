//! デジタル認証アプリ: authorize, token, userinfo, certs. Authorization code with PKCE S256 and private_key_jwt; nothing
//! else is there, and nothing optional is missing that the specification asks for.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    answer,
    browser::{self, Begun},
    card::Sex,
    door::{self, FORM},
    error::StandInError,
    id_token,
    journal::{Door, Leg, Outcome},
    jws,
    orders::Fault,
    parameters::Parameters,
    registration::Registration,
    world::{Ask, Granted, Shared, TOKEN_SECONDS, World, make_token},
};

const LEG: Leg = Leg::Identity;
/// Every scope there is. Only those of `names.identity.scope` are registered.
const KNOWN_SCOPES: &[&str] = &["openid", "name", "address", "birthdate", "gender", "sign"];
const KNOWN_ACR: &[&str] = &["aal3", "crl"];
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far clocks may differ, in seconds. Ours.
const SKEW: i64 = 60;

/// The endpoints below the issuer, and the pages.
pub(crate) fn routes(shared: &Shared) -> Router<Arc<Shared>> {
    let names = &shared.names.identity;
    let base = shared.addresses.issuer.path().trim_end_matches('/').to_owned();
    Router::new()
        .route(&format!("{base}{}", names.authorize.value), get(authorize))
        .route(&format!("{base}{}", names.token.value), post(token))
        .route(&format!("{base}{}", names.userinfo.value), get(userinfo))
        .route(&format!("{base}{}", names.certs.value), get(certs))
        .merge(browser::routes(LEG))
}

enum Refused {
    /// The client or its address is not known: the browser stays here.
    Here(&'static str),
    /// The browser goes back with this error.
    Back { redirect: String, state: String, error: &'static str, reason: &'static str },
}

async fn authorize(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    if let Some(closed) = door::enter(&shared, Door::Pages(LEG), None).await {
        return closed;
    }
    match check_authorize(&shared, query.as_deref().unwrap_or_default()) {
        Ok(begun) => browser::begin(&shared, begun),
        Err(Refused::Here(reason)) => browser::refuse_here(&shared, LEG, reason),
        Err(Refused::Back { redirect, state, error, reason }) => {
            shared.note(Door::Pages(LEG), Some(&state), Outcome::Refused(reason));
            browser::back_with_error(&redirect, &state, error)
        }
    }
}

fn check_authorize(shared: &Shared, query: &str) -> Result<Begun, Refused> {
    let here = Refused::Here;
    let asked = Parameters::read(query.as_bytes()).ok_or(here("a parameter twice"))?;
    let registration = shared.world().registration.clone().ok_or(here("nobody is registered"))?;
    let client = asked.one("client_id").filter(|client| *client == registration.identity_client).ok_or(here("unknown client_id"))?;
    let redirect = asked.one("redirect_uri").filter(|to| *to == registration.redirect).ok_or(here("redirect_uri is not registered"))?;
    let state = asked.one("state").unwrap_or_default();
    let back = |error, reason| Refused::Back { redirect: redirect.to_owned(), state: state.to_owned(), error, reason };
    let bad = |reason| back("invalid_request", reason);
    if !(1..=255).contains(&state.chars().count()) {
        return Err(bad("state is not 1 to 255 characters"));
    }
    if asked.one("response_type") != Some("code") {
        return Err(back("unsupported_response_type", "response_type is not code"));
    }
    let scopes: Vec<String> = asked.one("scope").unwrap_or_default().split(' ').map(str::to_owned).collect();
    let registered: Vec<&str> = shared.names.identity.scope.value.split(' ').collect();
    let is_allowed = |scope: &String| KNOWN_SCOPES.contains(&scope.as_str()) && registered.contains(&scope.as_str());
    if !scopes.iter().any(|scope| scope == "openid") || !scopes.iter().all(is_allowed) {
        return Err(back("invalid_scope", "scope without openid, or not registered"));
    }
    let nonce = asked.one("nonce").ok_or(bad("no nonce"))?;
    if asked.one("code_challenge_method") != Some("S256") {
        return Err(bad("code_challenge_method is not S256"));
    }
    let challenge = asked.one("code_challenge").filter(|text| (1..=128).contains(&text.len())).ok_or(bad("no code_challenge"))?;
    if !challenge.bytes().all(is_unreserved) {
        return Err(bad("code_challenge is not base64url"));
    }
    if !asked.one("acr_values").is_none_or(|values| values.split(' ').all(|value| KNOWN_ACR.contains(&value))) {
        return Err(bad("unknown acr_values"));
    }
    let ask = Ask::Identity { nonce: nonce.to_owned(), challenge: challenge.to_owned(), scopes };
    Ok(Begun { ask, client: client.to_owned(), redirect: redirect.to_owned(), state: state.to_owned() })
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// A refused token request: status, OAuth error, and why.
type Denied = (StatusCode, &'static str, &'static str);

const fn invalid(reason: &'static str) -> Denied {
    (StatusCode::BAD_REQUEST, "invalid_request", reason)
}

const fn not_the_client(reason: &'static str) -> Denied {
    (StatusCode::UNAUTHORIZED, "invalid_client", reason)
}

const fn bad_grant(reason: &'static str) -> Denied {
    (StatusCode::BAD_REQUEST, "invalid_grant", reason)
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let code = Parameters::read(&body).and_then(|form| form.one("code").map(str::to_owned)).unwrap_or_default();
    let session = shared.world().codes.get(&code).map(|granted| granted.login.state.clone());
    let (door, session) = (Door::Token(LEG), session.as_deref());
    if let Some(closed) = door::enter(&shared, door, session).await {
        return closed;
    }
    let response = match exchange(&shared, &headers, &body) {
        Ok((answered, flaw)) => {
            shared.note(door, session, flaw.map_or(Outcome::Done, Outcome::Ordered));
            answer::json(StatusCode::OK, &answered)
        }
        Err((status, error, reason)) => {
            shared.note(door, session, Outcome::Refused(reason));
            answer::json(status, &json!({ "error": error, "error_description": reason }))
        }
    };
    door::leave(&shared, door, session, response).await
}

fn exchange(shared: &Shared, headers: &HeaderMap, body: &[u8]) -> Result<(Value, Option<&'static str>), Denied> {
    if !door::has_type(headers, FORM) {
        return Err(invalid("not a form"));
    }
    let form = Parameters::read(body).ok_or(invalid("a parameter twice"))?;
    if form.one("grant_type") != Some("authorization_code") {
        return Err((StatusCode::BAD_REQUEST, "unsupported_grant_type", "grant_type is not authorization_code"));
    }
    let mut world = shared.world();
    let registration = world.registration.clone().ok_or(not_the_client("nobody is registered"))?;
    check_client(shared, &mut world, &registration, &form)?;
    let code = form.one("code").ok_or(invalid("no code"))?;
    let granted = world.codes.get(code).filter(|granted| granted.login.ask.leg() == LEG).cloned().ok_or(bad_grant("unknown code"))?;
    if let Some(token) = &granted.became {
        // RFC 6749, 4.1.2: whoever it was that came first, what the code became is worth nothing now.
        world.tokens.remove(token);
        return Err(bad_grant("code used before"));
    }
    if granted.is_dead {
        return Err(bad_grant("code used before"));
    }
    // A code is offered once: a failed try spends it as well.
    if let Some(spent) = world.codes.get_mut(code) {
        spent.is_dead = true;
    }
    if shared.clock.now() >= granted.until {
        return Err(bad_grant("code expired"));
    }
    if form.one("redirect_uri") != Some(granted.login.redirect.as_str()) || granted.login.client != registration.identity_client {
        return Err(bad_grant("code of another client or address"));
    }
    let verifier = form.one("code_verifier").ok_or(bad_grant("no code_verifier"))?;
    let Ask::Identity { challenge, .. } = &granted.login.ask else { return Err(bad_grant("unknown code")) };
    let is_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
    if !is_formed || s256(verifier) != *challenge {
        return Err(bad_grant("code_verifier does not fit"));
    }
    let token = make_token().map_err(internal)?;
    if let Some(spent) = world.codes.get_mut(code) {
        spent.became = Some(token.clone());
    }
    let (id_token, flaw) = id_token::write(shared, &granted).map_err(internal)?;
    let scope = match &granted.login.ask {
        Ask::Identity { scopes, .. } => scopes.join(" "),
        Ask::Authorization { .. } => String::new(),
    };
    let answered = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope, "id_token": id_token,
    });
    world.tokens.insert(token, Granted { until: shared.after(TOKEN_SECONDS), ..granted });
    Ok((answered, flaw))
}

fn internal(_: StandInError) -> Denied {
    (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "no random numbers")
}

fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()))
}

/// private_key_jwt (OpenID Connect Core, 9).
fn check_client(shared: &Shared, world: &mut World, registration: &Registration, form: &Parameters) -> Result<(), Denied> {
    if form.one("client_assertion_type") != Some(ASSERTION) {
        return Err(not_the_client("client_assertion_type is another"));
    }
    let assertion = form.one("client_assertion").ok_or(not_the_client("no client_assertion"))?;
    let claims = jws::verify(assertion, &registration.identity_key).map_err(not_the_client)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let client = Some(registration.identity_client.as_str());
    if text("iss") != client || text("sub") != client || form.one("client_id").is_some_and(|given| Some(given) != client) {
        return Err(not_the_client("iss and sub are not the client"));
    }
    let url = format!("{}{}", shared.addresses.issuer.as_str().trim_end_matches('/'), shared.names.identity.token.value);
    let is_here = |value: &Value| value.as_str() == Some(url.as_str());
    let audience = match claims.get("aud") {
        Some(Value::Array(list)) => list.len() == 1 && list.iter().all(is_here),
        Some(one) => is_here(one),
        None => false,
    };
    if !audience {
        return Err(not_the_client("aud is not the token endpoint"));
    }
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let (issued, expires) = time("iat").zip(time("exp")).ok_or(not_the_client("no iat or exp"))?;
    let now = shared.clock.now().timestamp();
    if expires <= now || issued > now + SKEW || time("nbf").is_some_and(|from| from > now + SKEW) {
        return Err(not_the_client("assertion expired, or not valid yet"));
    }
    if expires - issued > i64::from(shared.names.identity.assertion_seconds.value) || issued > expires {
        return Err(not_the_client("assertion lives too long"));
    }
    let jti = text("jti").filter(|jti| !jti.is_empty()).ok_or(not_the_client("no jti"))?;
    if !world.assertions.insert(jti.to_owned()) {
        return Err(not_the_client("jti used before"));
    }
    Ok(())
}

async fn userinfo(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let granted = door::bearer(&headers).and_then(|token| shared.world().tokens.get(&token).cloned());
    let granted = granted.filter(|granted| granted.login.ask.leg() == LEG && shared.clock.now() < granted.until);
    let session = granted.as_ref().map(|granted| granted.login.state.clone());
    let session = session.as_deref();
    if let Some(closed) = door::enter(&shared, Door::Userinfo, session).await {
        return closed;
    }
    let Some(granted) = granted else {
        shared.note(Door::Userinfo, None, Outcome::Refused("invalid_token"));
        let mut response = answer::json(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_token" }));
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
        return response;
    };
    let response = answer::json(StatusCode::OK, &claims(&shared, &granted));
    shared.note(Door::Userinfo, session, Outcome::Done);
    door::leave(&shared, Door::Userinfo, session, response).await
}

fn claims(shared: &Shared, granted: &Granted) -> Value {
    let session = Some(granted.login.state.as_str());
    let other = |fault: &Fault| match fault {
        Fault::IdentityOf(card) => Some(*card),
        _ => None,
    };
    let person = shared.orders.take(session, other).unwrap_or(granted.card).person();
    let has = |fault: Fault| shared.orders.has(session, &fault);
    let named = if has(Fault::OtherSubject) { "somebody else" } else { granted.login.client.as_str() };
    let is_other_encoding = has(Fault::OtherIdentityEncoding);
    let mut claims = json!({ "sub": shared.pairwise(granted.card, named) });
    let Ask::Identity { scopes, .. } = &granted.login.ask else { return claims };
    let asked = |scope: &str| scopes.iter().any(|other| other == scope);
    let mut put = |name: &str, value: String| {
        if asked(name)
            && let Some(claims) = claims.as_object_mut()
        {
            claims.insert(name.to_owned(), Value::from(value));
        }
    };
    if !has(Fault::IdentityWithoutName) {
        put("name", person.name.to_owned());
    }
    let (birth, gender) = match (is_other_encoding, person.sex) {
        (false, sex) => (person.birth.to_owned(), sex.digit()),
        (true, Sex::Female) => (person.birth_dashed(), "female"),
        (true, Sex::Male) => (person.birth_dashed(), "male"),
    };
    put("birthdate", birth);
    put("gender", gender.to_owned());
    claims
}

async fn certs(State(shared): State<Arc<Shared>>) -> Response {
    if let Some(closed) = door::enter(&shared, Door::Certs, None).await {
        return closed;
    }
    shared.note(Door::Certs, None, Outcome::Done);
    door::leave(&shared, Door::Certs, None, answer::json(StatusCode::OK, &json!({ "keys": [shared.key.jwk()] }))).await
}
