//! The one page a person may see of the relay. It shows nothing of the address it was opened with, loads nothing, and runs
//! nothing.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

const PAGE: &str = r#"<!doctype html>
<html lang="ja">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>手帳 Techo</title>
<h1>手続きを始めた端末で、手帳（Techo）アプリを開いてください</h1>
<p>マイナポータルでの手続きの続きは、始めた端末のアプリで行います。アプリに戻れば続きが表示されます。</p>
<p>ご自分で手帳（Techo）を操作していないのにこのページが開いた場合は、このまま閉じてください。何も送られていません。</p>
<hr>
<div lang="en">
<h1>Open Techo on the device where you began</h1>
<p>The app on that device goes on from here. Go back to it and it will show the next step.</p>
<p>If you did not begin anything in Techo and this page opened, close it. Nothing has been sent.</p>
</div>
</html>
"#;

const SAFE: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// "Open Techo where you began."
pub(super) fn here() -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    (StatusCode::OK, SAFE, [(header::CONTENT_TYPE, html)], PAGE).into_response()
}

/// On to the app on this machine.
pub(super) fn onward(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => (StatusCode::FOUND, SAFE, [(header::LOCATION, address)], Body::empty()).into_response(),
        Err(_) => here(),
    }
}
