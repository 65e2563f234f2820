//! The operator's own listener: whether the relay lives, whether a balancer should send it anything, and what it counts.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::measured;
use crate::service::Service;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let routes =
        Router::new().route("/health/live", get(|| async { "live\n" })).route("/health/ready", get(ready)).route("/metrics", get(metrics));
    measured(routes, service)
}

/// Ready while it is not stopping and its store answers.
async fn ready(State(service): State<Arc<Service>>) -> Response {
    let is_there = !service.stopping.is_cancelled() && service.count().await;
    if is_there { "ready\n".into_response() } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response() }
}

async fn metrics(State(service): State<Arc<Service>>) -> Response {
    ([(header::CONTENT_TYPE, OPEN_METRICS)], service.metrics.text()).into_response()
}
