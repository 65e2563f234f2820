//! What browsers and the portal see: the redirect page, the files by which an app owns the redirect address, and the
//! portal's call-back. Nothing here takes a code: only the app that began a session may bring one, otherwise somebody
//! could begin a session, send its link to a victim, and be handed the victim's records.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use techo_protocol::{
    message::{LOOPBACK_PATH, Return},
    names::{BadNames, names},
};
use url::form_urlencoded;

use super::{BadBody, measured, page, read_body};
use crate::{
    config::{Apps, Config},
    service::Service,
    upstream::telegram::CommonHeader,
};

/// Longest query that is looked at.
const LONGEST_QUERY: usize = 4096;
/// What a browser is sent on with, where it brought it.
const FORWARDED: [&str; 6] = ["code", "state", "error", "error_description", "iss", "session_state"];

/// What the public listener is told.
#[derive(Debug)]
pub(crate) struct PublicPages {
    redirect: String,
    callback: String,
    asset_links: String,
    site_association: String,
    ready: &'static str,
}

impl PublicPages {
    pub(crate) fn new(config: &Config) -> Result<Self, BadNames> {
        let redirect = config.redirect.path().to_owned();
        let ready = names()?.portal.ready_telegram_answer.value.as_str();
        let (asset_links, site_association) = (asset_links(&config.apps), site_association(&config.apps, &redirect));
        Ok(Self { callback: config.callback.clone(), redirect, asset_links, site_association, ready })
    }

    /// The routes.
    pub(crate) fn router(self, service: Arc<Service>) -> Router {
        let (links, association, ready) = (self.asset_links, self.site_association, self.ready);
        let file = |text: String| move || async move { ([(header::CONTENT_TYPE, "application/json")], text) };
        let callback = move |State(service): State<Arc<Service>>, body: Body| async move { result_ready(&service, body, ready).await };
        let routes = Router::new()
            // What looks at a link without opening it must change nothing and learn nothing.
            .route(&self.redirect, get(redirect).head(|| async { page::here() }))
            .route(&self.callback, post(callback))
            .route("/.well-known/assetlinks.json", get(file(links)))
            .route("/.well-known/apple-app-site-association", get(file(association)));
        measured(routes, service)
    }
}

fn asset_links(apps: &Apps) -> String {
    let one = |app: &crate::config::AndroidApp| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": { "namespace": "android_app", "package_name": app.package, "sha256_cert_fingerprints": app.certificates },
        })
    };
    json!(apps.android.iter().map(one).collect::<Vec<_>>()).to_string()
}

fn site_association(apps: &Apps, redirect: &str) -> String {
    let details = if apps.apple.is_empty() { json!([]) } else { json!([{ "appIDs": apps.apple, "components": [{ "/": redirect }] }]) };
    json!({ "applinks": { "details": details } }).to_string()
}

/// The redirect page: sends a desktop's browser on to the app on the same machine, and tells everybody else where to go.
async fn redirect(State(service): State<Arc<Service>>, request: Request) -> Response {
    let query = request.uri().query().filter(|query| query.len() <= LONGEST_QUERY).unwrap_or_default();
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let value = |name: &str| pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_ref());
    // A store that is away is no reason to say more than the page says.
    let back = match value("state") {
        Some(state) => service.back(state, value("code").filter(|code| !code.is_empty())).await.ok().flatten(),
        None => None,
    };
    let Some(Return::Loopback { port }) = back else { return page::here() };
    let mut forwarded = form_urlencoded::Serializer::new(String::new());
    for name in FORWARDED {
        if let Some(value) = value(name) {
            forwarded.append_pair(name, value);
        }
    }
    page::onward(&format!("http://127.0.0.1:{port}{LOOPBACK_PATH}?{}", forwarded.finish()))
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Telegram {
    common_header: CommonHeader,
}

/// The portal says that a result is ready.
async fn result_ready(service: &Arc<Service>, body: Body, answer: &str) -> Response {
    let bytes = match read_body(body, service.limits.body).await {
        Ok(bytes) => bytes,
        Err(BadBody::TooLarge) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(BadBody::Broken) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let telegram = serde_json::from_slice::<Telegram>(&bytes).ok().filter(|telegram| telegram.common_header.is_plain());
    let Some(Telegram { common_header }) = telegram.filter(|telegram| !telegram.common_header.process_id.is_empty()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let known = service.result_ready(&common_header.process_id).await;
    service.metrics.called_back(matches!(known, Ok(true)));
    tracing::info!(known = matches!(known, Ok(true)), "called back");
    match known {
        Ok(true) => {
            let common_header = CommonHeader { telegram_type: answer.to_owned(), ..common_header };
            let body = serde_json::to_vec(&Telegram { common_header }).unwrap_or_default();
            (StatusCode::OK, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
        }
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        // The portal may say it again.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
