//! HTTP answers of the stand-in, with the headers that keep a browser from keeping anything.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use serde_json::Value;

fn with_type(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = (status, body.into()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A page. `goes_to` is the origin that its form may lead to besides this host.
pub(crate) fn html(status: StatusCode, page: String, goes_to: Option<&str>) -> Response {
    let mut response = with_type(status, "text/html; charset=utf-8", page);
    // Browsers hold a form to this list when it is redirected (measured: Chromium stays on the page without the
    // operator's origin). The app's own port is for those that look at every further redirect as well.
    let further = goes_to.map_or_else(String::new, |origin| format!(" {origin} http://127.0.0.1:* http://[::1]:* http://localhost:*"));
    let policy = format!("default-src 'none'; style-src 'self'; form-action 'self'{further}; base-uri 'none'; frame-ancestors 'none'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// The style sheet.
pub(crate) async fn style() -> Response {
    with_type(StatusCode::OK, "text/css; charset=utf-8", crate::pages::STYLE)
}

/// JSON.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    with_type(status, "application/json; charset=utf-8", value.to_string())
}

/// Any bytes said to be JSON.
pub(crate) fn raw(body: Vec<u8>, kind: &'static str) -> Response {
    with_type(StatusCode::OK, kind, body)
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> Response {
    let mut response = with_type(StatusCode::FOUND, "text/plain; charset=utf-8", "");
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// Text with a status, as web servers say it.
pub(crate) fn plain(status: StatusCode) -> Response {
    with_type(status, "text/plain; charset=utf-8", status.canonical_reason().unwrap_or_default())
}

/// The same answer, but the connection breaks after `after` bytes of the body that was announced in full.
pub(crate) async fn cut(response: Response, after: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(after + 1)));
    let sent = whole.slice(..after.min(whole.len()));
    Response::from_parts(parts, Body::new(Cut { bytes: Some(sent), is_flushed: false }))
}

struct Cut {
    bytes: Option<Bytes>,
    is_flushed: bool,
}

impl HttpBody for Cut {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.is_flushed {
            // One turn in which the server has nothing to wait for but its own writing.
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionAborted.into())))
    }
}
