//! What browsers see: a redirect that forwards and never consumes, a page that tells nothing, and the files by which an
//! app owns the address.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use techo_protocol::message::{Return, Stage};
use techo_relay::{AndroidApp, Apps};

use crate::{
    fake::{IDENTITY_TOKEN, TOKEN},
    world::{Phone, World},
};

async fn open(world: &World, query: &str) -> Response {
    world.http.get(format!("http://{}/redirect{query}", world.relay.public())).send().await.unwrap()
}

async fn begun(world: &World, back: Return) -> Phone {
    let phone = Phone { back, ..world.phone() };
    phone.start().await.unwrap();
    phone
}

/// The page, with everything about it that keeps it harmless.
async fn page(response: Response) -> String {
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assert!(response.headers().get("set-cookie").is_none());
    let text = response.text().await.unwrap();
    for active in ["<script", "<form", "<a ", "href", "src=", "style", "http-equiv"] {
        assert!(!text.contains(active), "{active}");
    }
    let (japanese, english) = (text.find("手続きを始めた端末で").unwrap(), text.find("Open Techo on the device where you began").unwrap());
    assert!(japanese < english);
    text
}

#[tokio::test]
async fn a_desktops_browser_is_sent_on_to_the_app_with_what_the_app_needs_and_no_more() {
    let world = World::new().await;
    let phone = begun(&world, Return::Loopback { port: 50_123 }).await;
    let state = phone.identity_state.to_text();
    let response = open(&world, &format!("?code=a%26b&state={}&session_state=s&iss=https%3A%2F%2Fi&scope=x&utm=y&code=c", *state)).await;
    assert_eq!(response.status(), 302);
    let expected = format!("http://127.0.0.1:50123/techo?code=a%26b&state={}&iss=https%3A%2F%2Fi&session_state=s", *state);
    assert_eq!(response.headers()["location"], expected);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    assert!(response.bytes().await.unwrap().is_empty());
    // A refusal is forwarded likewise, on either leg.
    let state = phone.authorization_state.to_text();
    let response = open(&world, &format!("?error=access_denied&error_description=x&state={}", *state)).await;
    assert_eq!(
        response.headers()["location"],
        format!("http://127.0.0.1:50123/techo?state={}&error=access_denied&error_description=x", *state)
    );
}

#[tokio::test]
async fn a_redirect_uses_nothing_up_and_sends_no_code_on() {
    let world = World::new().await;
    let phone = begun(&world, Return::Loopback { port: 50_123 }).await;
    let query = format!("?code=canary-code-identity&state={}", *phone.identity_state.to_text());
    for _ in 0..3 {
        assert_eq!(open(&world, &query).await.status(), 302);
    }
    assert!(world.fake.came(IDENTITY_TOKEN).is_empty() && world.fake.came(TOKEN).is_empty());
    assert_eq!(phone.status().await.unwrap().stage, Stage::AwaitingIdentity);
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
}

#[tokio::test]
async fn whoever_has_no_such_app_is_told_where_to_go_and_shown_nothing_of_the_address() {
    let world = World::new().await;
    let phone = begun(&world, Return::AppLink).await;
    let plain = page(open(&world, "").await).await;
    let own = format!("?code=canary-code&state={}", *phone.identity_state.to_text());
    let long = format!("?state={}&code={}", *phone.identity_state.to_text(), "x".repeat(5000));
    for query in [own.as_str(), "?code=canary-code&state=unknown", "?state=%00%ff", "?error=access_denied", "?%", &long] {
        assert_eq!(page(open(&world, query).await).await, plain, "{query}");
    }
    // Also after the session has ended.
    let gone = begun(&world, Return::Loopback { port: 50_123 }).await;
    world.clock.advance(600);
    assert_eq!(page(open(&world, &format!("?code=c&state={}", *gone.identity_state.to_text())).await).await, plain);
}

#[tokio::test]
async fn looking_at_a_link_without_opening_it_does_nothing() {
    let world = World::new().await;
    let phone = begun(&world, Return::Loopback { port: 50_123 }).await;
    let address = format!("http://{}/redirect?code=c&state={}", world.relay.public(), *phone.identity_state.to_text());
    let response = world.http.head(&address).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers().get("location").is_none());
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        assert_eq!(world.http.request(method, &address).send().await.unwrap().status(), 405);
    }
}

#[tokio::test]
async fn a_state_cannot_lead_a_browser_anywhere_but_to_this_machine() {
    let world = World::new().await;
    let phone = begun(&world, Return::Loopback { port: 50_123 }).await;
    let state = phone.identity_state.to_text();
    for odd in ["code=%0d%0aset-cookie:x=1", "code=//example.jp", "code=@example.jp%2F", "iss=%22%3E%3Cscript%3E"] {
        let response = open(&world, &format!("?{odd}&state={}", *state)).await;
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        assert!(location.starts_with("http://127.0.0.1:50123/techo?"), "{location}");
        assert!(!location.contains(['\r', '\n', '"', '<', '@']), "{location}");
        assert!(response.headers().get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn an_app_owns_the_redirect_address_by_two_files() {
    let digest = ["AB"; 32].join(":");
    let android = vec![AndroidApp { package: "jp.example.techo".to_owned(), certificates: vec![digest.clone()] }];
    let apps = Apps { android, apple: vec!["TEAM000000.jp.example.techo".to_owned()] };
    let world = World::with(|config| config.apps = apps).await;
    let file = async |name: &str| {
        let response = world.http.get(format!("http://{}/.well-known/{name}", world.relay.public())).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/json");
        serde_json::from_slice::<Value>(&response.bytes().await.unwrap()).unwrap()
    };
    let target = json!({ "namespace": "android_app", "package_name": "jp.example.techo", "sha256_cert_fingerprints": [digest] });
    let expected = json!([{ "relation": ["delegate_permission/common.handle_all_urls"], "target": target }]);
    assert_eq!(file("assetlinks.json").await, expected);
    let details = json!([{ "appIDs": ["TEAM000000.jp.example.techo"], "components": [{ "/": "/redirect" }] }]);
    assert_eq!(file("apple-app-site-association").await, json!({ "applinks": { "details": details } }));
}

#[tokio::test]
async fn each_listener_shows_its_own_face_only() {
    let world = World::new().await;
    let phone = begun(&world, Return::AppLink).await;
    let (public, api, admin) = (world.relay.public(), world.relay.api(), world.relay.admin());
    for (address, path) in [
        (public, format!("/v1/sessions/{}", phone.id)),
        (public, "/metrics".to_owned()),
        (public, "/health/ready".to_owned()),
        (public, "/".to_owned()),
        (api, "/redirect".to_owned()),
        (api, "/metrics".to_owned()),
        (api, "/portal/result-ready".to_owned()),
        (admin, format!("/v1/sessions/{}", phone.id)),
        (admin, "/redirect".to_owned()),
    ] {
        let response = world.http.get(format!("http://{address}{path}")).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
}
