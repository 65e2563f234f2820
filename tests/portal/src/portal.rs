//! マイナポータル, 自己情報取得API (IF001): the browser's host with `authorize`, and the token endpoint of the server's
//! host. As strict as what is known allows: what a request needs must be there exactly, and nothing else.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    answer,
    browser::{self, Begun},
    door::{self, FORM},
    journal::{Door, Leg, Outcome},
    parameters::Parameters,
    resource,
    world::{Ask, Granted, Shared, TOKEN_SECONDS, make_token},
};

const LEG: Leg = Leg::Authorization;

/// The browser's host.
pub(crate) fn app_routes(shared: &Shared) -> Router<Arc<Shared>> {
    Router::new().route(&shared.names.portal.authorize.value, get(authorize)).merge(browser::routes(LEG))
}

/// The server's host.
pub(crate) fn sp_routes(shared: &Shared) -> Router<Arc<Shared>> {
    let names = &shared.names.portal;
    Router::new()
        .route(&names.token.value, post(token))
        .route(&names.request.value, post(resource::request))
        .route(&names.result.value, post(resource::result))
}

async fn authorize(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    if let Some(closed) = door::enter(&shared, Door::Pages(LEG), None).await {
        return closed;
    }
    match check_authorize(&shared, query.as_deref().unwrap_or_default()) {
        Ok(begun) => browser::begin(&shared, begun),
        // Which errors the real one sends back is not known, so this one sends none: a wrong request stays here.
        Err(reason) => browser::refuse_here(&shared, LEG, reason),
    }
}

fn check_authorize(shared: &Shared, query: &str) -> Result<Begun, &'static str> {
    let asked = Parameters::read(query.as_bytes()).ok_or("a parameter twice")?;
    let registration = shared.world().registration.clone().ok_or("nobody is registered")?;
    if asked.has_other_than(&["response_type", "client_id", "redirect_uri", "state", "login_type"]) {
        return Err("unknown parameter");
    }
    let client = asked.one("client_id").ok_or("no client_id")?;
    if !is_client(client) {
        return Err("client_id is not of its form");
    }
    let items = registration.items_of_client(client).ok_or("client_id is not registered")?;
    let redirect = asked.one("redirect_uri").filter(|to| *to == registration.redirect).ok_or("redirect_uri is not registered")?;
    if asked.one("response_type") != Some("code") {
        return Err("response_type is not code");
    }
    if asked.one("login_type") != Some(shared.names.portal.login_type.value.as_str()) {
        return Err("login_type is another");
    }
    let state = asked.one("state").filter(|state| state.len() <= 255 && state.bytes().all(|byte| byte.is_ascii_graphic()));
    let state = state.ok_or("state is not 1 to 255 characters")?;
    let owned = str::to_owned;
    Ok(Begun { ask: Ask::Authorization { items }, client: owned(client), redirect: owned(redirect), state: owned(state) })
}

/// `SP`, 8 digits, `_`, 2 letters, 4 digits.
fn is_client(text: &str) -> bool {
    let bytes = text.as_bytes();
    let are = |range: std::ops::Range<usize>, is: fn(&u8) -> bool| bytes.get(range).is_some_and(|part| part.iter().all(is));
    bytes.len() == 17
        && text.starts_with("SP")
        && are(2..10, u8::is_ascii_digit)
        && are(10..11, |byte| *byte == b'_')
        && are(11..13, u8::is_ascii_uppercase)
        && are(13..17, u8::is_ascii_digit)
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let code = Parameters::read(&body).and_then(|form| form.one("code").map(str::to_owned)).unwrap_or_default();
    let session = shared.world().codes.get(&code).map(|granted| granted.login.state.clone());
    let (door, session) = (Door::Token(LEG), session.as_deref());
    if let Some(closed) = door::enter(&shared, door, session).await {
        return closed;
    }
    let response = match exchange(&shared, &headers, &body) {
        Ok(answered) => {
            shared.note(door, session, Outcome::Done);
            answer::json(StatusCode::OK, &answered)
        }
        Err((error, reason)) => {
            shared.note(door, session, Outcome::Refused(reason));
            // 401 whatever the error: so it was read in a client.
            answer::json(StatusCode::UNAUTHORIZED, &json!({ "error": error, "error_description": reason }))
        }
    };
    door::leave(&shared, door, session, response).await
}

fn exchange(shared: &Shared, headers: &HeaderMap, body: &[u8]) -> Result<Value, (&'static str, &'static str)> {
    let invalid = |reason| ("invalid_request", reason);
    let bad_grant = |reason| ("invalid_grant", reason);
    if !door::has_type(headers, FORM) {
        return Err(invalid("not a form"));
    }
    let form = Parameters::read(body).ok_or(invalid("a parameter twice"))?;
    if form.has_other_than(&["grant_type", "code", "redirect_uri", "client_id"]) {
        return Err(invalid("unknown parameter"));
    }
    if form.one("grant_type") != Some("authorization_code") {
        return Err(("unsupported_grant_type", "grant_type is not authorization_code"));
    }
    let mut world = shared.world();
    let registration = world.registration.clone().ok_or(("invalid_client", "nobody is registered"))?;
    let client = form.one("client_id").filter(|client| registration.items_of_client(client).is_some());
    let client = client.ok_or(("invalid_client", "client_id is not registered"))?;
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
    if client != granted.login.client || form.one("redirect_uri") != Some(granted.login.redirect.as_str()) {
        return Err(bad_grant("code of another client or address"));
    }
    let token = make_token().map_err(|_| ("server_error", "no random numbers"))?;
    if let Some(spent) = world.codes.get_mut(code) {
        spent.became = Some(token.clone());
    }
    let answered = json!({ "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS });
    world.tokens.insert(token, Granted { until: shared.after(TOKEN_SECONDS), ..granted });
    Ok(answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_of_its_form() {
        assert!(is_client("SP99999999_ZZ0001"));
        for other in ["SP9999999_ZZ0001", "SP99999999-ZZ0001", "SP99999999_zz0001", "SP99999999_ZZ00011", "sp99999999_ZZ0001", ""] {
            assert!(!is_client(other), "{other}");
        }
    }
}
