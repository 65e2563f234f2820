//! One call to a server of the government: time-outs, a size that is counted while reading, and repetition where repeating
//! is safe. No connection is kept: one that died while it waited would cost a person the code that was to go over it.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, RequestBuilder, redirect::Policy};
use ring::rand::{SecureRandom, SystemRandom};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};
use techo_protocol::message::Failure;
use tokio::time::sleep;
use zeroize::Zeroizing;

use crate::{
    config::{Certified, Limits},
    metrics::{Metrics, Outcome},
};

/// An answer, as far as it was needed.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// No answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Not reached, too slow, or broken off.
    Unreachable,
    /// Larger than may be.
    TooLarge,
}

/// Whether a call may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// After every failure: asking twice is asking once.
    Safe,
    /// Only if no byte of it was sent: a code is good for one try, and a request is one fetch.
    Unsent,
}

/// What a call is, for the metrics and the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) repeat: Repeat,
    /// Largest body of the answer, in bytes.
    pub(crate) largest: usize,
}

/// Makes calls.
#[derive(Debug)]
pub(crate) struct Caller {
    client: Client,
    attempts: u32,
    pause: Duration,
    metrics: Arc<Metrics>,
}

/// Roots, a certificate or its key that rustls refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadCertificate;

impl Caller {
    /// A caller that trusts `roots` only, and shows `certificate` where it has one.
    pub(crate) fn new(
        roots: &[CertificateDer<'static>],
        certificate: Option<&Certified>,
        is_plain_allowed: bool,
        limits: &Limits,
        metrics: Arc<Metrics>,
    ) -> Result<Self, BadCertificate> {
        let mut trusted = RootCertStore::empty();
        for root in roots {
            trusted.add(root.clone()).map_err(|_| BadCertificate)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|_| BadCertificate)?;
        let tls = tls.with_root_certificates(trusted);
        let tls = match certificate {
            None => tls.with_no_client_auth(),
            Some(Certified { chain, key }) => tls.with_client_auth_cert(chain.clone(), key.clone_key()).map_err(|_| BadCertificate)?,
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(!is_plain_allowed)
            .no_proxy()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .connect_timeout(limits.connect)
            .timeout(limits.call)
            .build()
            .map_err(|_| BadCertificate)?;
        Ok(Self { client, attempts: limits.attempts, pause: limits.pause, metrics })
    }

    /// Makes a call, again where that is safe. `request` makes it anew each time.
    pub(crate) async fn call(&self, call: Call, request: impl Fn(&Client) -> RequestBuilder) -> Result<Reply, Broken> {
        let mut pause = self.pause;
        let mut attempt = 1;
        loop {
            let started = tokio::time::Instant::now();
            let (outcome, may_repeat) = once(call, request(&self.client)).await;
            let named = match &outcome {
                Ok(reply) => Outcome::Status(reply.status),
                Err(broken) => Outcome::Broken(*broken),
            };
            self.metrics.called(call.name, named, started.elapsed());
            tracing::info!(call = call.name, attempt, outcome = %named, "called");
            if !may_repeat || attempt >= self.attempts {
                return outcome;
            }
            sleep(shortened(pause)).await;
            (pause, attempt) = (pause * 2, attempt + 1);
        }
    }
}

/// The outcome, and whether another try may be made.
async fn once(call: Call, request: RequestBuilder) -> (Result<Reply, Broken>, bool) {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return (Err(Broken::Unreachable), call.repeat == Repeat::Safe || error.is_connect()),
    };
    let status = response.status().as_u16();
    let outcome = match read(response, call.largest).await {
        Ok(body) => Ok(Reply { status, body }),
        Err(broken) => Err(broken),
    };
    let is_worth_repeating = match &outcome {
        // A server that is closed for maintenance is not there a second later.
        Ok(reply) => matches!(reply.status, 500 | 502 | 504..),
        Err(broken) => *broken == Broken::Unreachable,
    };
    (outcome, is_worth_repeating && call.repeat == Repeat::Safe)
}

/// Reads a body, no further than `largest` bytes. What has been read is wiped wherever it was; what the HTTP library holds
/// in its own buffers is not.
async fn read(mut response: reqwest::Response, largest: usize) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let announced = response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced.is_some_and(|length| length > largest) {
        return Err(Broken::TooLarge);
    }
    let mut body = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(4096)));
    while let Some(chunk) = response.chunk().await.map_err(|_| Broken::Unreachable)? {
        let length = body.len() + chunk.len();
        if length > largest {
            return Err(Broken::TooLarge);
        }
        if length > body.capacity() {
            // Moved by hand: a vector that grows by itself leaves its old bytes behind in freed memory.
            let mut larger = Zeroizing::new(Vec::with_capacity(length.saturating_mul(2).min(largest)));
            larger.extend_from_slice(&body);
            body = larger;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A pause between a half of `pause` and all of it, by chance, so that relays that failed together do not return together.
fn shortened(pause: Duration) -> Duration {
    let mut byte = [255];
    // Without random bytes the pause is as long as it may be.
    let _ = SystemRandom::new().fill(&mut byte);
    let [byte] = byte;
    pause / 2 + pause * u32::from(byte) / 510
}

/// What it means for a session that a server did not answer, or with this status instead of success.
pub(crate) fn failure(outcome: &Result<Reply, Broken>, maintenance: u16) -> Option<Failure> {
    match outcome {
        Err(Broken::Unreachable) => Some(Failure::Unreachable),
        Err(Broken::TooLarge) => Some(Failure::TooLarge),
        Ok(reply) if reply.status == maintenance => Some(Failure::Maintenance),
        Ok(reply) if reply.status >= 500 => Some(Failure::Unreachable),
        Ok(_) => None,
    }
}
