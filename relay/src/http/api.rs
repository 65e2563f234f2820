//! The phone's API, as `techo_protocol::message` documents it.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::de::DeserializeOwned;
use techo_protocol::{
    VERSION,
    message::{Progress, Refusal, RefusalKind, Stage, VERSION_HEADER},
    seal::Leg,
};
use url::form_urlencoded;

use super::{BadBody, measured, read_body};
use crate::service::{Seen, Service};

/// Longest secret worth comparing.
const LONGEST_SECRET: usize = 128;

/// A refusal on its way to a phone.
struct Refused(RefusalKind);

impl From<RefusalKind> for Refused {
    fn from(kind: RefusalKind) -> Self {
        Self(kind)
    }
}

impl From<BadBody> for Refused {
    fn from(bad: BadBody) -> Self {
        match bad {
            BadBody::TooLarge => Self(RefusalKind::TooLarge),
            BadBody::Broken => Self(RefusalKind::BadRequest),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(status, &Refusal { error: self.0 });
        let after = match self.0 {
            RefusalKind::SlowDown => "2",
            RefusalKind::Busy => "10",
            _ => return response,
        };
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(after));
        response
    }
}

fn json(status: StatusCode, value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn answered(progress: &Progress) -> Response {
    json(StatusCode::OK, progress)
}

type Shared = State<Arc<Service>>;

/// The routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let routes = Router::new()
        .route("/v1/sessions/{id}", get(status).put(start).delete(forget))
        .route("/v1/sessions/{id}/identity", post(identity))
        .route("/v1/sessions/{id}/authorization", post(authorization))
        .route("/v1/sessions/{id}/sealed/{leg}", get(sealed).delete(taken));
    measured(routes, service)
}

/// Every request says its version, before anything else of it is looked at.
fn same_version(headers: &HeaderMap) -> Result<(), Refused> {
    let version = headers.get(VERSION_HEADER).and_then(|value| value.to_str().ok()?.parse().ok());
    if version == Some(VERSION) { Ok(()) } else { Err(Refused(RefusalKind::OtherVersion)) }
}

/// The session of a request, if its secret is the session's.
async fn enter(service: &Service, id: &str, headers: &HeaderMap) -> Result<Seen, Refused> {
    same_version(headers)?;
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let secret = value.and_then(|value| value.strip_prefix("Bearer ")).filter(|secret| secret.len() <= LONGEST_SECRET);
    Ok(service.enter(id, secret.unwrap_or_default()).await?)
}

async fn read<T: DeserializeOwned>(service: &Service, body: Body) -> Result<T, Refused> {
    let bytes = read_body(body, service.limits.body).await?;
    serde_json::from_slice(&bytes).map_err(|_| Refused(RefusalKind::BadRequest))
}

async fn start(State(service): Shared, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Result<Response, Refused> {
    same_version(&headers)?;
    let id = id.parse().map_err(|_| RefusalKind::BadRequest)?;
    let start = read(&service, body).await?;
    Ok(answered(&service.start(id, start).await?))
}

async fn identity(State(service): Shared, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Result<Response, Refused> {
    let seen = enter(&service, &id, &headers).await?;
    let code = read(&service, body).await?;
    Ok(answered(&service.identity(seen, code).await?))
}

async fn authorization(State(service): Shared, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Result<Response, Refused> {
    let seen = enter(&service, &id, &headers).await?;
    let code = read(&service, body).await?;
    Ok(answered(&service.authorization(seen, code).await?))
}

async fn status(State(service): Shared, Path(id): Path<String>, headers: HeaderMap, request: Request) -> Result<Response, Refused> {
    // Boxed: what is needed to enter need not be kept while waiting.
    let id = Box::pin(enter(&service, &id, &headers)).await?.id;
    let asked = StatusQuery::read(request.uri().query().unwrap_or_default()).ok_or(RefusalKind::BadRequest)?;
    // The headers share the connection's buffer: held by ten thousand waiting phones, they would be half of the memory.
    drop((headers, request));
    Ok(answered(&service.status(id, asked.seen, Duration::from_secs(asked.wait)).await?))
}

async fn sealed(State(service): Shared, Path((id, leg)): Path<(String, String)>, headers: HeaderMap) -> Result<Response, Refused> {
    let seen = enter(&service, &id, &headers).await?;
    let bytes = service.sealed(&seen, read_leg(&leg)?).await?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

async fn taken(State(service): Shared, Path((id, leg)): Path<(String, String)>, headers: HeaderMap) -> Result<StatusCode, Refused> {
    let seen = enter(&service, &id, &headers).await?;
    service.taken(seen, read_leg(&leg)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn forget(State(service): Shared, Path(id): Path<String>, headers: HeaderMap) -> Result<StatusCode, Refused> {
    let seen = enter(&service, &id, &headers).await?;
    service.forget(&seen).await.map_err(RefusalKind::from)?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_leg(text: &str) -> Result<Leg, Refused> {
    match text {
        "identity" => Ok(Leg::Identity),
        "result" => Ok(Leg::Result),
        _ => Err(Refused(RefusalKind::BadRequest)),
    }
}

/// `seen=STAGE&wait=SECONDS`, each optional. A wait that is too long is as long as it may be.
#[derive(Debug, Default, PartialEq, Eq)]
struct StatusQuery {
    seen: Option<Stage>,
    wait: u64,
}

impl StatusQuery {
    fn read(query: &str) -> Option<Self> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "seen" => asked.seen = Some(Stage::read(&value)?),
                "wait" => asked.wait = value.parse().ok()?,
                _ => return None,
            }
        }
        Some(asked)
    }
}
