//! Floor 6: HTTPS to the relay. Carries one exchange at a time and does not know what the bytes mean.
//!
//! Every call has a runtime and a connection of its own: an app is put to sleep between calls, and a connection kept alive
//! over that failed on every next use. The answer's meaning, and whether to ask again later, is thought in `portal`.

mod errand;
mod patience;
mod trouble;
mod trust;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use reqwest::{Client, redirect, retry};
use techo_protocol::profile::Profile;
use tokio::{runtime, sync::Notify};
use url::Url;

use crate::{
    portal::{Exchange, Reply, Trouble},
    sync::{SyncError, SyncSession, SyncStep},
    vault::Vault,
};
use patience::Patience;

/// Why there is no courier for a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// The API's address is not https.
    #[error("the relay's address is not https")]
    Address,
    /// No root at all.
    #[error("the profile has no root")]
    NoRoot,
    /// One of the profile's roots is not exactly one PEM certificate that can be a root.
    #[error("root {position} is not a certificate")]
    Root {
        /// Which, counted from 1.
        position: usize,
    },
    /// The TLS library refused our configuration: our own mistake.
    #[error("TLS cannot be set up")]
    Setup,
}

/// Carries exchanges to one relay and back.
pub struct Courier {
    api: Url,
    client: Client,
    patience: Patience,
    stop: Notify,
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").field("api", &self.api.as_str()).finish_non_exhaustive()
    }
}

impl Courier {
    /// *Instant.* A courier to the relay of this profile, that trusts the profile's roots and nobody else.
    pub fn new(profile: &Profile) -> Result<Self, CourierError> {
        Self::with(&profile.api, &profile.roots, Patience::default())
    }

    fn with(api: &Url, roots: &[String], patience: Patience) -> Result<Self, CourierError> {
        if api.scheme() != "https" || !api.has_host() {
            return Err(CourierError::Address);
        }
        let client = Client::builder()
            .tls_backend_preconfigured(trust::only(roots)?)
            .https_only(true)
            .http1_only()
            // Neither the environment's proxy nor the system's: who stands between could not prove to be the relay anyway.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            // The library's own repeating is off; ours is in `patience`, counted and tested.
            .retry(retry::never())
            .pool_max_idle_per_host(0)
            .connect_timeout(patience.connect)
            .build()
            .map_err(|_| CourierError::Setup)?;
        Ok(Self { api: api.clone(), client, patience, stop: Notify::new() })
    }

    /// *Long.* At most one exchange of a fetch: carries it and brings the reply to the session. Does nothing at a step that is
    /// not [`SyncStep::Exchange`]. The vault is not touched while the relay is waited for.
    ///
    /// # Errors
    /// What the session says to the reply; no way to the relay is no error but the session's next step.
    pub fn advance(&self, vault: &Vault, session: &mut SyncSession, now: impl Fn() -> DateTime<Utc>) -> Result<(), SyncError> {
        let SyncStep::Exchange(exchange) = session.step() else { return Ok(()) };
        let reply = self.carry(exchange);
        session.answer(vault, reply, now())
    }

    /// *Long.* Carries one exchange: returns the relay's answer, or why there is none. Blocks this thread, so it must not be
    /// called from within an asynchronous runtime.
    ///
    /// What broke before the answer was whole is tried again, a few times; every exchange of the protocol may be repeated.
    pub fn carry(&self, exchange: &Exchange) -> Reply {
        self.carry_unless(exchange, &AtomicBool::new(false))
    }

    /// *Long.* [`Courier::carry`], unless `is_stopped` is set. Whoever sets it and then calls [`Courier::cancel`] stops the
    /// exchange wherever this thread is by then.
    pub fn carry_unless(&self, exchange: &Exchange, is_stopped: &AtomicBool) -> Reply {
        // Made before anything else: a stop from another thread counts from here on.
        let stopped = self.stop.notified();
        if is_stopped.load(Ordering::SeqCst) {
            return Reply::Failed(Trouble::Cancelled);
        }
        let carried = block_on(async {
            tokio::select! {
                biased;
                () = stopped => Err(Trouble::Cancelled),
                carried = self.patience.repeat(exchange.wait, || errand::run(&self.client, &self.api, exchange, &self.patience)) => carried,
            }
        });
        carried.unwrap_or_else(Reply::Failed)
    }

    /// *Instant.* Ends the exchange that is being carried, from any thread; it fails with [`Trouble::Cancelled`]. Does nothing
    /// where none is: whoever loops stops looping first.
    pub fn cancel(&self) {
        self.stop.notify_waiters();
    }
}

/// A runtime for one call. The future, and with it the request, is first touched inside.
fn block_on<T>(call: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    // Fails where the system has no more file descriptors; then there is no way to the relay either.
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(|_| Trouble::Offline)?;
    let done = runtime.block_on(call);
    // Dropping it would wait for a name look-up that hangs in the system, long after the person has stopped.
    runtime.shutdown_background();
    done
}
