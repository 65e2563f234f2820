//! What a relay counts: names as OpenTelemetry has them, text as Prometheus reads it. No label says whose session it is.

use std::{fmt, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use techo_protocol::message::{Failure, Stage};

use crate::upstream::call::Broken;

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(clippy::struct_field_names, reason = "named as OpenTelemetry names them")]
struct RequestLabels {
    http_route: String,
    http_request_method: String,
    http_response_status_code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    call: &'static str,
    outcome: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabels {
    stage: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FailureLabels {
    failure: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallbackLabels {
    known: &'static str,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Status(u16),
    Broken(Broken),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Broken(Broken::Unreachable) => f.write_str("unreachable"),
            Self::Broken(Broken::TooLarge) => f.write_str("too_large"),
        }
    }
}

/// One relay's counters. A process may run several relays.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Histograms<RequestLabels>,
    calls: Histograms<CallLabels>,
    seals: Histogram,
    stages: Family<StageLabels, Counter>,
    failures: Family<FailureLabels, Counter>,
    callbacks: Family<CallbackLabels, Counter>,
    store_errors: Counter,
    /// Sessions in the store when they were last counted.
    pub(crate) sessions: Gauge,
    waiting: Gauge,
}

/// A status request that waits. It may end at any time: phones hang up.
#[derive(Debug)]
pub(crate) struct Waits<'a>(&'a Gauge);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let requests: Histograms<RequestLabels> = Family::new_with_constructor(from_a_millisecond);
        let calls: Histograms<CallLabels> = Family::new_with_constructor(from_a_millisecond);
        let mut metrics = Self {
            registry: Registry::default(),
            requests,
            calls,
            seals: Histogram::new(exponential_buckets(0.000_1, 2.0, 14)),
            stages: Family::default(),
            failures: Family::default(),
            callbacks: Family::default(),
            store_errors: Counter::default(),
            sessions: Gauge::default(),
            waiting: Gauge::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let timed = |registry: &mut Registry, name, help, metric: &Histograms<RequestLabels>| {
            registry.register_with_unit(name, help, Unit::Seconds, metric.clone());
        };
        timed(registry, "http_server_request_duration", "Requests answered; a status request may wait on purpose", &self.requests);
        registry.register_with_unit(
            "techo_relay_call_duration",
            "Calls to the portal and to the identity server",
            Unit::Seconds,
            self.calls.clone(),
        );
        registry.register_with_unit("techo_relay_seal_duration", "Sealing a result to a phone", Unit::Seconds, self.seals.clone());
        registry.register("techo_relay_stage", "Sessions that reached a stage through this relay", self.stages.clone());
        registry.register("techo_relay_failure", "Sessions that failed in this relay, by reason", self.failures.clone());
        registry.register("techo_relay_callback", "Call-backs of the portal", self.callbacks.clone());
        registry.register("techo_relay_store_error", "Store operations that failed", self.store_errors.clone());
        registry.register("techo_relay_sessions", "Sessions in the store, of all relays that share it", self.sessions.clone());
        registry.register("techo_relay_waiting", "Status requests that wait in this relay", self.waiting.clone());
    }

    /// All of it, as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    pub(crate) fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let labels =
            RequestLabels { http_route: route.to_owned(), http_request_method: method.to_owned(), http_response_status_code: status };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    pub(crate) fn called(&self, call: &'static str, outcome: Outcome, took: Duration) {
        self.calls.get_or_create(&CallLabels { call, outcome: outcome.to_string() }).observe(took.as_secs_f64());
    }

    pub(crate) fn sealed(&self, took: Duration) {
        self.seals.observe(took.as_secs_f64());
    }

    pub(crate) fn reached(&self, stage: Stage, failure: Option<&Failure>) {
        self.stages.get_or_create(&StageLabels { stage: stage.id() }).inc();
        if let Some(failure) = failure {
            self.failures.get_or_create(&FailureLabels { failure: id(failure) }).inc();
        }
    }

    pub(crate) fn called_back(&self, is_known: bool) {
        self.callbacks.get_or_create(&CallbackLabels { known: if is_known { "yes" } else { "no" } }).inc();
    }

    /// Counts a status request while it waits.
    pub(crate) fn waits(&self) -> Waits<'_> {
        self.waiting.inc();
        Waits(&self.waiting)
    }

    pub(crate) fn store_failed(&self) {
        self.store_errors.inc();
    }
}

fn from_a_millisecond() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 16))
}

/// A failure's name, without what it carries.
pub(crate) fn id(failure: &Failure) -> &'static str {
    match failure {
        Failure::CodeRefused => "code_refused",
        Failure::IdentityRefused => "identity_refused",
        Failure::Maintenance => "maintenance",
        Failure::Portal { .. } => "portal",
        Failure::Unreachable => "unreachable",
        Failure::Late => "late",
        Failure::TooLarge => "too_large",
        Failure::Malformed => "malformed",
    }
}
