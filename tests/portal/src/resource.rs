//! The portal's server host, after the token: `request` (IF001-04), the call-back (IF001-05) and `result` (IF001-06).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use crate::{
    answer, callback,
    document::{self, Wanted},
    door::{self, JSON},
    journal::{Door, Leg, Outcome},
    orders::{Fault, Malformed},
    telegram,
    world::{Ask, Granted, Process, Shared, make_token},
};

/// Why a telegram is not answered with what it asks for.
struct Refused {
    status: StatusCode,
    code: &'static str,
    reason: &'static str,
}

const fn bad(reason: &'static str) -> Refused {
    Refused { status: StatusCode::BAD_REQUEST, code: telegram::BAD_TELEGRAM, reason }
}

const fn error(code: &'static str, reason: &'static str) -> Refused {
    Refused { status: StatusCode::OK, code, reason }
}

/// Who asks, with the token's text.
fn authorized(shared: &Shared, headers: &HeaderMap) -> Option<(String, Granted)> {
    let token = door::bearer(headers)?;
    let granted = shared.world().tokens.get(&token).cloned()?;
    let is_good = granted.login.ask.leg() == Leg::Authorization && shared.clock.now() < granted.until;
    is_good.then_some((token, granted))
}

fn unauthorized(shared: &Shared, door: Door) -> Response {
    shared.note(door, None, Outcome::Refused("invalid_token"));
    let mut response = answer::json(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_token" }));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
    response
}

fn refuse(shared: &Shared, door: Door, session: &str, kind: &str, refused: &Refused) -> Response {
    shared.note(door, Some(session), Outcome::Refused(refused.reason));
    let header = telegram::header("", kind, &shared.names.portal.mode.value, "", refused.code);
    answer::json(refused.status, &json!({ "commonHeader": header }))
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refused> {
    if !door::has_type(headers, JSON) {
        return Err(bad("not JSON"));
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| bad("not JSON"))?;
    value.as_object().cloned().ok_or(bad("not an object"))
}

fn ordered_code(shared: &Shared, door: Door, session: &str) -> Option<&'static str> {
    let ordered = |fault: &Fault| match fault {
        Fault::ErrorCode(at, code) if *at == door => Some(*code),
        _ => None,
    };
    shared.orders.take(Some(session), ordered)
}

/// IF001-04.
pub(crate) async fn request(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let door = Door::Request;
    let asking = authorized(&shared, &headers);
    let session = asking.as_ref().map(|(_, granted)| granted.login.state.clone());
    if let Some(closed) = door::enter(&shared, door, session.as_deref()).await {
        return closed;
    }
    let Some((token, granted)) = asking else { return unauthorized(&shared, door) };
    let session = granted.login.state.clone();
    let kind = &shared.names.portal.request_telegram.value;
    let (header, process) = match begin(&shared, &token, &granted, &headers, &body) {
        Ok(begun) => begun,
        Err(refused) => return refuse(&shared, door, &session, kind, &refused),
    };
    shared.note(door, Some(&session), Outcome::Done);
    if shared.orders.has(Some(&session), &Fault::CallbackEarly) {
        callback::deliver(&shared, &process).await;
    } else {
        let (shared, process) = (Arc::clone(&shared), process.clone());
        tokio::spawn(async move { callback::deliver(&shared, &process).await });
    }
    let header = telegram::header(&header.telegram, kind, &shared.names.portal.mode.value, &process, "");
    door::leave(&shared, door, Some(&session), answer::json(StatusCode::OK, &json!({ "commonHeader": header }))).await
}

fn begin(shared: &Shared, token: &str, granted: &Granted, headers: &HeaderMap, body: &[u8]) -> Result<(telegram::Header, String), Refused> {
    let names = &shared.names.portal;
    let body = read(headers, body)?;
    let mut world = shared.world();
    let registration = world.registration.clone().ok_or(bad("nobody is registered"))?;
    let header = telegram::check(&body, registration.digits(), &names.request_telegram.value, &names.mode.value).map_err(bad)?;
    if !header.process.is_empty() {
        return Err(bad("processId before there is one"));
    }
    let info = body.get("selfProvisionDataReqInfo").and_then(Value::as_object).ok_or(bad("no selfProvisionDataReqInfo"))?;
    let condition = info.get("inquiryCondition").and_then(Value::as_str).ok_or(bad("no inquiryCondition"))?;
    if body.len() != 2 || info.len() != 1 {
        return Err(bad("unknown member"));
    }
    if !telegram::is_inquiry(condition) {
        return Err(bad("inquiryCondition is not Date=YYYYMMDD"));
    }
    if let Some(code) = ordered_code(shared, Door::Request, &granted.login.state) {
        return Err(error(code, "ordered error code"));
    }
    let same = world.processes.iter().find(|(_, process)| process.telegram == header.telegram);
    match same.map(|(id, process)| (id.clone(), process.token == token)) {
        // The same telegram again, after an answer that was lost.
        Some((id, true)) => return Ok((header, id)),
        Some((_, false)) => return Err(bad("telegramId used before")),
        None => {}
    }
    let Ask::Authorization { items } = granted.login.ask else { return Err(bad("not this token")) };
    let id = format!("ZZ{}", make_token().map_err(|_| bad("no random numbers"))?.replace(['-', '_'], "0"));
    let process = Process {
        token: token.to_owned(),
        telegram: header.telegram.clone(),
        state: granted.login.state.clone(),
        subject: granted.subject,
        items,
        is_ready: false,
    };
    world.processes.insert(id.clone(), process);
    Ok((header, id))
}

/// IF001-06.
pub(crate) async fn result(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let door = Door::Result;
    let asking = authorized(&shared, &headers);
    let session = asking.as_ref().map(|(_, granted)| granted.login.state.clone());
    if let Some(closed) = door::enter(&shared, door, session.as_deref()).await {
        return closed;
    }
    let Some((token, granted)) = asking else { return unauthorized(&shared, door) };
    let session = granted.login.state.clone();
    let (header, process) = match find(&shared, &token, &headers, &body) {
        Ok(found) => found,
        Err(refused) => return refuse(&shared, door, &session, &shared.names.portal.result_telegram.value, &refused),
    };
    let response = answered(&shared, &header, &process);
    let cut = |fault: &Fault| match fault {
        Fault::CutResult(after) => Some(*after),
        _ => None,
    };
    if let Some(after) = shared.orders.take(Some(&session), cut) {
        shared.note(door, Some(&session), Outcome::Ordered("cut"));
        return answer::cut(response, after).await;
    }
    shared.note(door, Some(&session), Outcome::Done);
    door::leave(&shared, door, Some(&session), response).await
}

fn find(shared: &Shared, token: &str, headers: &HeaderMap, body: &[u8]) -> Result<(telegram::Header, Process), Refused> {
    let names = &shared.names.portal;
    let body = read(headers, body)?;
    let world = shared.world();
    let registration = world.registration.as_ref().ok_or(bad("nobody is registered"))?;
    let header = telegram::check(&body, registration.digits(), &names.result_telegram.value, &names.mode.value).map_err(bad)?;
    if body.len() != 1 {
        return Err(bad("unknown member"));
    }
    let process = world.processes.get(&header.process).filter(|process| process.token == token).cloned();
    let process = process.ok_or(error(telegram::UNKNOWN_PROCESS, "unknown processId"))?;
    drop(world);
    if let Some(code) = ordered_code(shared, Door::Result, &process.state) {
        return Err(error(code, "ordered error code"));
    }
    if !process.is_ready || shared.orders.has(Some(&process.state), &Fault::NotReady) {
        return Err(error(telegram::NOT_READY, "not ready"));
    }
    Ok((header, process))
}

/// The answer itself, with what was ordered to be wrong with it.
fn answered(shared: &Shared, header: &telegram::Header, process: &Process) -> Response {
    let session = Some(process.state.as_str());
    let take = |wanted: &dyn Fn(&Fault) -> Option<Malformed>| shared.orders.take(session, wanted);
    let malformed = take(&|fault| match fault {
        Fault::Malformed(how) => Some(*how),
        _ => None,
    });
    let has = |fault: Fault| shared.orders.has(session, &fault);
    let subject = shared.orders.take(session, |fault| match fault {
        Fault::AnswerOf(card) => Some(*card),
        _ => None,
    });
    let more = shared.orders.take(session, |fault| match fault {
        Fault::MoreItems(items) => Some(*items),
        _ => None,
    });
    let wanted = Wanted {
        subject: subject.unwrap_or(process.subject),
        items: if has(Fault::NothingThere) { Vec::new() } else { [process.items, more.unwrap_or_default()].concat() },
        has_name: !has(Fault::AnswerWithoutName),
        at_least: shared.orders.take(session, |fault| match fault {
            Fault::Large(bytes) => Some(*bytes),
            _ => None,
        }),
        is_xml_cut: malformed == Some(Malformed::CutXml),
    };
    let data = document::answer(&wanted);
    let id = if has(Fault::WrongProcess) { "ZZ000000000000" } else { header.process.as_str() };
    let names = &shared.names.portal;
    let header = telegram::header(&header.telegram, &names.result_telegram.value, &names.mode.value, id, "");
    let whole = |data: Value| json!({ "commonHeader": header, "selfPersonalDataProvisionInfo": { "selfPersonalData": data } });
    let status = StatusCode::OK;
    match malformed {
        None | Some(Malformed::CutXml) => answer::json(status, &whole(data.into())),
        Some(Malformed::Cut) => {
            let half: String = data.chars().take(data.chars().count() / 2).collect();
            answer::json(status, &whole(half.into()))
        }
        Some(Malformed::NotJson) => answer::json(status, &whole("見本：JSON ではない文字列".into())),
        Some(Malformed::OtherShape) => answer::json(status, &whole("[[1,2],\"見本\"]".into())),
        Some(Malformed::Object) => answer::json(status, &whole(serde_json::from_str(&data).unwrap_or_default())),
        Some(Malformed::Missing) => answer::json(status, &json!({ "commonHeader": header })),
        Some(Malformed::Html) => answer::raw(b"<!DOCTYPE html><title>502</title>".to_vec(), "text/html"),
        Some(Malformed::NotUtf8) => {
            let mut bytes = whole(data.into()).to_string().into_bytes();
            if let Some(byte) = bytes.iter_mut().rev().nth(8) {
                *byte = 0xff;
            }
            answer::raw(bytes, "application/json; charset=utf-8")
        }
    }
}
