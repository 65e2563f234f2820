//! The relay's three faces: the phone's API, the public pages with the portal's call-back, and the operator's own.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http_body_util::BodyExt as _;
use techo_protocol::message::LARGEST_REQUEST;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use crate::service::Service;

pub(crate) mod admin;
pub(crate) mod api;
mod page;
pub(crate) mod public;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BadBody {
    TooLarge,
    /// Broken off, or slower than it may be.
    Broken,
}

/// Reads a body, no further than it may be long, and no longer than it may take. Wiped when dropped.
async fn read_body(body: Body, time: Duration) -> Result<Zeroizing<Vec<u8>>, BadBody> {
    timeout(time, collect(body)).await.map_err(|_| BadBody::Broken)?
}

async fn collect(mut body: Body) -> Result<Zeroizing<Vec<u8>>, BadBody> {
    // In full from the beginning: a buffer that grew would leave codes and verifiers in freed memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST_REQUEST));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BadBody::Broken)?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > LARGEST_REQUEST {
            return Err(BadBody::TooLarge);
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes)
}

/// Counts and times what a router answers, by its routes and never by its addresses.
fn measured(router: Router<Arc<Service>>, service: Arc<Service>) -> Router {
    router.layer(from_fn_with_state(Arc::clone(&service), measure)).with_state(service)
}

/// A method's name in the metrics. Any word may come as a method, and each label is kept for ever: only those that are
/// known have one of their own.
fn label(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

async fn measure(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let mut response = next.run(request).await;
    // Nothing the relay answers is worth keeping, and nothing may be guessed about its type.
    let headers = response.headers_mut();
    headers.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let method = label(&method);
    service.metrics.answered(route, method, response.status().as_u16(), started.elapsed());
    response
}
