//! The person's way through the pages of a leg: card, PIN, for whom, consent, and back to the operator. The same for
//! デジタル認証アプリ and for the portal; what differs is what was asked for.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use url::Url;

use crate::{
    answer,
    card::{Card, PIN},
    door::{self, FORM},
    error::StandInError,
    journal::{Door, Leg, Outcome},
    orders::Fault,
    pages::{self, Obtaining, leg_path},
    parameters::Parameters,
    service::{self},
    world::{Ask, CODE_SECONDS, Granted, LOGIN_SECONDS, Login, Shared, Step, WRONG_PINS, make_token},
};

/// The steps of a leg; `authorize` is added by the leg itself.
pub(crate) fn routes(leg: Leg) -> Router<Arc<Shared>> {
    let step = move |State(shared): State<Arc<Shared>>, Path(name): Path<String>, headers: HeaderMap, body: Bytes| async move {
        if let Some(closed) = door::enter(&shared, Door::Pages(leg), None).await {
            return closed;
        }
        step(&shared, leg, &name, &headers, &body)
    };
    Router::new().route(&format!("/stand-in/{}/{{step}}", leg_path(leg)), post(step)).route("/stand-in/style.css", get(answer::style))
}

/// An authorize request that keeps to the rules.
pub(crate) struct Begun {
    pub(crate) ask: Ask,
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) state: String,
}

/// Shows the first page.
pub(crate) fn begin(shared: &Shared, begun: Begun) -> Response {
    let leg = begun.ask.leg();
    if shared.orders.has(Some(&begun.state), &Fault::Refuse(leg)) {
        shared.note(Door::Pages(leg), Some(&begun.state), Outcome::Ordered("refused"));
        return back_with_error(&begun.redirect, &begun.state, "access_denied");
    }
    let (Ok(ticket), Ok(cookie)) = (make_token(), make_token()) else {
        return answer::plain(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let Begun { ask, client, redirect, state } = begun;
    let until = shared.after(LOGIN_SECONDS);
    let login = Login {
        ask,
        client,
        redirect,
        state,
        cookie: cookie.clone(),
        step: Step::Card,
        card: None,
        subject: None,
        is_expired: false,
        until,
    };
    let mut response = show(&login, pages::choose_card(leg, &ticket));
    let text = format!("{}={cookie}; Path=/; Secure; HttpOnly; SameSite=Strict", cookie_name(leg));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    shared.world().logins.insert(ticket, login);
    response
}

/// Refuses a request that cannot be answered by going back: nobody knows where to.
pub(crate) fn refuse_here(shared: &Shared, leg: Leg, reason: &'static str) -> Response {
    shared.note(Door::Pages(leg), None, Outcome::Refused(reason));
    answer::html(StatusCode::BAD_REQUEST, pages::refused(leg, reason), None)
}

/// Goes back to the operator with an error.
pub(crate) fn back_with_error(redirect: &str, state: &str, error: &str) -> Response {
    let state = (!state.is_empty()).then_some(("state", state));
    back(redirect, &[("error", error)].into_iter().chain(state).collect::<Vec<_>>())
}

fn back(redirect: &str, pairs: &[(&str, &str)]) -> Response {
    let Ok(mut address) = Url::parse(redirect) else { return answer::plain(StatusCode::INTERNAL_SERVER_ERROR) };
    address.query_pairs_mut().extend_pairs(pairs);
    answer::redirect(address.as_str())
}

fn show(login: &Login, page: String) -> Response {
    let origin = Url::parse(&login.redirect).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    answer::html(StatusCode::OK, page, Some(&origin))
}

const fn cookie_name(leg: Leg) -> &'static str {
    match leg {
        Leg::Identity => "__Host-mihon-identity",
        Leg::Authorization => "__Host-mihon-portal",
    }
}

fn cookie(headers: &HeaderMap, leg: Leg) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie_name(leg)).map(|(_, value)| value.to_owned())
}

fn step(shared: &Shared, leg: Leg, name: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    let refuse = |reason| refuse_here(shared, leg, reason);
    if !door::has_type(headers, FORM) {
        return refuse("not a form");
    }
    let Some(form) = Parameters::read(body) else { return refuse("a field twice") };
    let Some(ticket) = form.one("ticket") else { return refuse("no ticket") };
    let Some(login) = shared.world().logins.get(ticket).cloned() else { return refuse("no such login") };
    if login.ask.leg() != leg || cookie(headers, leg).as_deref() != Some(login.cookie.as_str()) {
        return refuse("another browser");
    }
    if shared.clock.now() > login.until {
        return refuse("the page waited too long");
    }
    let done = match (name, login.step) {
        ("card", Step::Card) => choose_card(shared, ticket, login, &form),
        ("pin", Step::Pin) => check_pin(shared, ticket, login, &form),
        ("subject", Step::Subject) => choose_subject(shared, ticket, login, &form),
        ("consent", Step::Consent) => finish(shared, ticket, login, &form),
        ("cancel", _) => Ok(deny(shared, ticket, &login)),
        _ => Err("not at this step"),
    };
    done.unwrap_or_else(refuse)
}

/// What the portal's own client knows as the error of an expired card.
const CARD_EXPIRED: &str = "Certificate expired";

type Stepped = Result<Response, &'static str>;

/// Remembers where the login is now and shows its page.
fn go_on(shared: &Shared, ticket: &str, login: Login, page: String) -> Response {
    let response = show(&login, page);
    shared.world().logins.insert(ticket.to_owned(), login);
    response
}

fn deny(shared: &Shared, ticket: &str, login: &Login) -> Response {
    shared.world().logins.remove(ticket);
    let error = if login.is_expired { CARD_EXPIRED } else { "access_denied" };
    shared.note(Door::Pages(login.ask.leg()), Some(&login.state), Outcome::Refused(error));
    back_with_error(&login.redirect, &login.state, error)
}

fn choose_card(shared: &Shared, ticket: &str, mut login: Login, form: &Parameters) -> Stepped {
    let card = form.one("card").and_then(Card::of_id).ok_or("no such card")?;
    let leg = login.ask.leg();
    login.card = Some(card);
    if shared.orders.has(Some(&login.state), &Fault::CardExpired(leg)) {
        login.is_expired = true;
        shared.note(Door::Pages(leg), Some(&login.state), Outcome::Ordered("card expired"));
        return Ok(go_on(shared, ticket, login, pages::expired(leg, ticket)));
    }
    if shared.world().is_locked(card) {
        return Ok(go_on(shared, ticket, login, pages::locked(leg, ticket)));
    }
    login.step = Step::Pin;
    Ok(go_on(shared, ticket, login, pages::ask_pin(leg, ticket, card, None)))
}

fn check_pin(shared: &Shared, ticket: &str, mut login: Login, form: &Parameters) -> Stepped {
    let leg = login.ask.leg();
    let card = login.card.ok_or("no card")?;
    let is_right = form.one("pin") == Some(PIN);
    let wrong = {
        let mut world = shared.world();
        let wrong = world.wrong_pins.entry(card).or_default();
        match (is_right, *wrong < WRONG_PINS) {
            (true, true) => *wrong = 0,
            _ => *wrong = wrong.saturating_add(1).min(WRONG_PINS),
        }
        *wrong
    };
    if wrong >= WRONG_PINS {
        shared.note(Door::Pages(leg), Some(&login.state), Outcome::Refused("card locked"));
        return Ok(go_on(shared, ticket, login, pages::locked(leg, ticket)));
    }
    if wrong > 0 {
        shared.note(Door::Pages(leg), Some(&login.state), Outcome::Refused("wrong PIN"));
        return Ok(go_on(shared, ticket, login, pages::ask_pin(leg, ticket, card, Some(WRONG_PINS - wrong))));
    }
    // デジタル認証アプリ says who holds the card; only at the portal is there a choice of whose data.
    if leg == Leg::Authorization && !card.proxy_for().is_empty() {
        login.step = Step::Subject;
        return Ok(go_on(shared, ticket, login, pages::choose_subject(leg, ticket, card)));
    }
    Ok(ask_consent(shared, ticket, login, card, card))
}

fn choose_subject(shared: &Shared, ticket: &str, login: Login, form: &Parameters) -> Stepped {
    let card = login.card.ok_or("no card")?;
    let subject = form.one("subject").and_then(Card::of_id).ok_or("no such person")?;
    if subject != card && !card.proxy_for().contains(&subject) {
        return Err("not a registered proxy");
    }
    Ok(ask_consent(shared, ticket, login, card, subject))
}

fn ask_consent(shared: &Shared, ticket: &str, mut login: Login, card: Card, subject: Card) -> Response {
    let operator = shared.world().registration.as_ref().map_or_else(String::new, |registration| registration.operator.clone());
    let groups = match &login.ask {
        Ask::Identity { .. } => Vec::new(),
        Ask::Authorization { items } => service::groups_of(items),
    };
    let leg = login.ask.leg();
    let page = pages::ask_consent(leg, ticket, &Obtaining { operator: &operator, card, subject, groups: &groups });
    login.step = Step::Consent;
    login.subject = Some(subject);
    go_on(shared, ticket, login, page)
}

fn finish(shared: &Shared, ticket: &str, login: Login, form: &Parameters) -> Stepped {
    match form.one("answer") {
        Some("yes") => {}
        Some("no") => return Ok(deny(shared, ticket, &login)),
        _ => return Err("no answer"),
    }
    let (card, subject) = login.card.zip(login.subject).ok_or("no card")?;
    shared.world().logins.remove(ticket);
    let leg = login.ask.leg();
    let state = login.state.clone();
    let ordered = |fault: Fault| shared.orders.has(Some(&state), &fault);
    let lifetime = if ordered(Fault::ExpiredCode(leg)) { -1 } else { CODE_SECONDS };
    let is_dead = ordered(Fault::ReplayedCode(leg));
    let shown_state = match (ordered(Fault::ForeignState(leg)), ordered(Fault::NoState(leg))) {
        (true, _) => Some(make_token().map_err(said)?),
        (false, true) => None,
        (false, false) => Some(state.clone()),
    };
    let redirect = if ordered(Fault::WrongRedirect(leg)) { elsewhere(&login.redirect) } else { login.redirect.clone() };
    let code = make_token().map_err(said)?;
    let session = make_token().map_err(said)?;
    let granted = Granted { login, card, subject, until: shared.after(lifetime), became: None, is_dead };
    shared.world().codes.insert(code.clone(), granted);
    shared.note(Door::Pages(leg), Some(&state), Outcome::Done);
    let mut pairs = vec![("code", code.as_str())];
    pairs.extend(shown_state.as_deref().map(|state| ("state", state)));
    if leg == Leg::Identity {
        pairs.push(("session_state", session.as_str()));
    }
    Ok(back(&redirect, &pairs))
}

fn said(_: StandInError) -> &'static str {
    "no random numbers"
}

/// The same host, another path.
fn elsewhere(redirect: &str) -> String {
    Url::parse(redirect).map_or_else(
        |_| redirect.to_owned(),
        |mut url| {
            url.set_path("/elsewhere");
            url.to_string()
        },
    )
}
