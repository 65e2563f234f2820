//! What every door of the stand-in has in common: faults that a test ordered for it, and the reading of headers.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use crate::{
    answer,
    journal::{Door, Outcome},
    orders::Fault,
    pages,
    world::Shared,
};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

/// Waits as ordered. The answer where the door is closed by an order, before anything is done.
pub(crate) async fn enter(shared: &Shared, door: Door, session: Option<&str>) -> Option<Response> {
    shared.orders.pass(door).await;
    let slow = |fault: &Fault| match fault {
        Fault::Slow(at, time) if *at == door => Some(*time),
        _ => None,
    };
    if let Some(time) = shared.orders.take(session, slow) {
        tokio::time::sleep(time).await;
    }
    let status = |fault: &Fault| match fault {
        Fault::Maintenance(at) if *at == door => Some(shared.names.portal.maintenance_status.value),
        Fault::ServerError(at, status) if *at == door => Some(*status),
        _ => None,
    };
    let status = shared.orders.take(session, status)?;
    shared.note(door, session, Outcome::Ordered("closed"));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    Some(match door {
        Door::Pages(leg) => answer::html(status, pages::maintenance(leg), None),
        _ => answer::plain(status),
    })
}

/// Breaks off after the work is done, where that was ordered.
pub(crate) async fn leave(shared: &Shared, door: Door, session: Option<&str>, response: Response) -> Response {
    if shared.orders.has(session, &Fault::Hangup(door)) {
        shared.note(door, session, Outcome::Ordered("hung up"));
        return answer::cut(response, 0).await;
    }
    response
}

/// Whether the content type is this one, in UTF-8 where it says more.
pub(crate) fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let (kind, rest) = value.split_once(';').map_or((value, None), |(kind, rest)| (kind, Some(rest)));
    kind.trim().eq_ignore_ascii_case(expected) && rest.is_none_or(|rest| rest.trim().eq_ignore_ascii_case("charset=utf-8"))
}

/// The bearer token, given once.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
    (!token.is_empty() && !token.contains(' ')).then(|| token.to_owned())
}
