//! A relay from its start to its end: three listeners, the tasks behind them, and a stop that lets everybody finish.

use std::{io, net::SocketAddr, sync::Arc};

use rustls::{
    SupportedProtocolVersion,
    version::{TLS12, TLS13},
};
use tokio::time::{sleep, timeout};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{
    clock::{Clock, SystemClock},
    config::{Config, ConfigError, Limits, Listener},
    serve::{BadListener, Bound},
    store::{MemoryStore, Store},
};

/// Starts relays.
#[derive(Debug)]
pub struct Relay;

/// Why a relay does not start.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The configuration contradicts itself.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A listener has no socket. The system says why.
    #[error("listener {listener}: {kind}")]
    Socket {
        /// `public`, `api` or `admin`.
        listener: &'static str,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// A certificate and its key do not fit, or a root is not one.
    #[error("{field}: certificate, key or root is not usable")]
    Certificate {
        /// Where it stands in the configuration.
        field: &'static str,
    },
    /// A mistake of ours.
    #[error("the relay's own data are not readable")]
    Internal,
}

/// A relay at work. Dropped without [`Running::stop`], it ends without letting anybody finish.
#[derive(Debug)]
pub struct Running {
    addresses: [SocketAddr; 3],
    stopping: CancellationToken,
    closing: DropGuard,
    tasks: TaskTracker,
    limits: Arc<Limits>,
}

impl Relay {
    /// Starts a relay with the store that its configuration names and the machine's clock. Needs a runtime of tokio.
    ///
    /// # Errors
    /// [`RelayError`]; nothing listens then.
    pub async fn start(config: Config) -> Result<Running, RelayError> {
        Self::start_with(config, Arc::new(MemoryStore::new()), Arc::new(SystemClock)).await
    }

    /// Starts a relay with this store, which others may share, and this clock.
    ///
    /// # Errors
    /// [`RelayError`]; nothing listens then.
    pub async fn start_with(config: Config, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Running, RelayError> {
        config.check()?;
        let limits = Arc::new(config.limits.clone());
        // Browsers may be old; our own phones are not.
        let (public, at_public) = bind("public", config.public, &[&TLS13, &TLS12]).await?;
        let (api, at_api) = bind("api", config.api, &[&TLS13]).await?;
        let (admin, at_admin) = bind("admin", config.admin, &[&TLS13, &TLS12]).await?;
        let (stopping, closing, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let _ = (store, clock);
        for (listener, router) in [(public, axum::Router::new()), (api, axum::Router::new()), (admin, axum::Router::new())] {
            tasks.spawn(listener.serve(router, Arc::clone(&limits), closing.clone(), tasks.clone()));
        }
        Ok(Running { addresses: [at_public, at_api, at_admin], stopping, closing: closing.drop_guard(), tasks, limits })
    }
}

async fn bind(
    name: &'static str,
    listener: Listener,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<(Bound, SocketAddr), RelayError> {
    let bound = Bound::new(listener, versions).await;
    let bound = bound.and_then(|bound| Ok((bound.address()?, bound)));
    match bound {
        Ok((address, bound)) => Ok((bound, address)),
        Err(BadListener::Socket(error)) => Err(RelayError::Socket { listener: name, kind: error.kind() }),
        Err(BadListener::Tls(_)) => Err(RelayError::Certificate { field: name }),
    }
}

impl Running {
    /// Where browsers and the portal's call-back come.
    pub fn public(&self) -> SocketAddr {
        let [address, _, _] = self.addresses;
        address
    }

    /// Where phones come.
    pub fn api(&self) -> SocketAddr {
        let [_, address, _] = self.addresses;
        address
    }

    /// Health and metrics.
    pub fn admin(&self) -> SocketAddr {
        let [_, _, address] = self.addresses;
        address
    }

    /// Stops: no new sessions, waiting polls are answered at once, and who looks at the health sees it; after the notice
    /// nothing is accepted any more, and what is under way is finished.
    pub async fn stop(self) {
        self.stopping.cancel();
        sleep(self.limits.notice).await;
        drop(self.closing);
        self.tasks.close();
        // Who has not finished by then has not answered for a long time.
        let _ = timeout(self.limits.stop, self.tasks.wait()).await;
    }
}
