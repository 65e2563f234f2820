//! One try of one exchange: the request is built, sent, and its answer read and counted.

use std::{io, time::Duration};

use bytes::Bytes;
use reqwest::{
    Client, Request, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
};
use techo_protocol::{VERSION, message::VERSION_HEADER};
use tokio::time::timeout;
use url::Url;
use zeroize::Zeroizing;

use super::{patience::Patience, trust};
use crate::portal::{Exchange, Method, Reply, Trouble};

/// Carries `exchange` once.
pub(super) async fn run(client: &Client, api: &Url, exchange: &Exchange, patience: &Patience) -> Result<Reply, Trouble> {
    let request = request(api, exchange)?;
    let wait = patience.silence + Duration::from_secs(exchange.wait.into());
    // Connecting has its own limit, which the client keeps.
    let answer = timeout(patience.connect + wait, client.execute(request)).await.map_err(|_| Trouble::TimedOut)?;
    read(answer.map_err(|error| trouble(&error))?, exchange.largest_reply, patience).await
}

fn request(api: &Url, exchange: &Exchange) -> Result<Request, Trouble> {
    let mut url = api.clone();
    // Set, not joined: a path that begins with two slashes would name another host.
    let (path, query) = exchange.path.split_once('?').map_or((exchange.path.as_str(), None), |(path, query)| (path, Some(query)));
    url.set_path(path);
    url.set_query(query);
    let method = match exchange.method {
        Method::Get => reqwest::Method::GET,
        Method::Put => reqwest::Method::PUT,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut request = Request::new(method, url);
    let headers = request.headers_mut();
    headers.insert(VERSION_HEADER, HeaderValue::from(VERSION));
    if let Some(secret) = &exchange.bearer {
        headers.insert(AUTHORIZATION, bearer(secret)?);
    }
    if let Some(body) = &exchange.body {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(Bytes::from_owner(body.clone()).into());
    }
    Ok(request)
}

/// In a buffer that is wiped when the library lets go of it. What it writes to the connection, and what TLS encrypts, are
/// copies that nobody can wipe; they are this one session's.
fn bearer(secret: &Zeroizing<String>) -> Result<HeaderValue, Trouble> {
    let mut text = Zeroizing::new(Vec::with_capacity("Bearer ".len() + secret.len()));
    text.extend_from_slice(b"Bearer ");
    text.extend_from_slice(secret.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(|_| Trouble::Unexpected)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn read(mut answer: Response, largest: usize, patience: &Patience) -> Result<Reply, Trouble> {
    let status = answer.status();
    if !(status.is_success() || status.is_client_error() || status.is_server_error()) {
        // A redirect: whoever is behind it has proved nothing.
        return Err(Trouble::Unexpected);
    }
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let promised = answer.content_length().map(usize::try_from);
    let ours = is_ours(answer.headers());
    if !ours && promised != Some(Ok(0)) && status != StatusCode::NO_CONTENT {
        // A balancer before the relay says in words of its own that nobody is there: the status counts, the page does not.
        return match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                Ok(Reply::Answered { status: status.as_u16(), retry_after, body: Zeroizing::default() })
            }
            _ => Err(Trouble::Unexpected),
        };
    }
    let room = match promised {
        Some(Ok(length)) if length <= largest => length,
        Some(_) => return Err(Trouble::TooLarge),
        None => 0,
    };
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    while let Some(piece) =
        timeout(patience.silence, answer.chunk()).await.map_err(|_| Trouble::TimedOut)?.map_err(|error| trouble(&error))?
    {
        if piece.len() > largest.saturating_sub(body.len()) {
            return Err(Trouble::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Reply::Answered { status: status.as_u16(), retry_after, body })
}

/// Whether the content type is one of the protocol's two: a message, or sealed bytes.
fn is_ours(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| ["application/json", "application/octet-stream"].iter().any(|ours| kind.trim().eq_ignore_ascii_case(ours)))
}

/// What an error of the library means. Its text is left behind: it names addresses.
fn trouble(error: &reqwest::Error) -> Trouble {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    if error.is_timeout() {
        return Trouble::TimedOut;
    }
    if !error.is_connect() {
        // Also where TLS finds bytes changed on the way, or the relay hangs up without a good-bye: the answer is not whole.
        return Trouble::Broken;
    }
    if let Some(doubt) = trust::doubt(error) {
        return Trouble::NotTheRelay(doubt);
    }
    let broke = trust::causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof));
    if broke { Trouble::Broken } else { Trouble::Offline }
}
