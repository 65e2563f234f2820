//! A relay from its start to its end: three listeners, the tasks behind them, and a stop that lets everybody finish.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use rustls::{
    SupportedProtocolVersion,
    version::{TLS12, TLS13},
};
use techo_protocol::names::BadNames;
use tokio::{
    sync::{Semaphore, broadcast::error::RecvError},
    time::{sleep, timeout},
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{
    clock::{Clock, SystemClock},
    config::{Certified, Config, ConfigError, Environment, Limits, Listener, StoreChoice},
    http::{self, public::PublicPages},
    metrics::Metrics,
    rates::Rates,
    serve::{BadListener, Bound, fits},
    service::Service,
    store::{MemoryStore, Store, ValkeyStore, Wake},
    upstream::{call::Caller, identity::IdentityServer, portal::PortalServer},
    wakes::Wakes,
};

/// Call-backs for an unknown number that are looked up again at the same time. The portal's own are rarely this early.
const PATIENT: usize = 32;

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
    #[error("{listener}: {kind}")]
    Socket {
        /// Where it stands in the configuration.
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
    /// A mistake of ours: never in a build whose tests passed.
    #[error(transparent)]
    Names(#[from] BadNames),
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
        let store: Arc<dyn Store> = match &config.store {
            StoreChoice::Memory => Arc::new(MemoryStore::new()),
            StoreChoice::Valkey(address) => Arc::new(ValkeyStore::new(address, config.key_ring.clone())),
        };
        Self::start_with(config, store, Arc::new(SystemClock)).await
    }

    /// Whether a relay would start with this configuration, as far as that can be known without listening anywhere.
    ///
    /// # Errors
    /// [`RelayError`].
    pub fn check(config: &Config) -> Result<(), RelayError> {
        config.check()?;
        let metrics = Arc::new(Metrics::new());
        caller(config, config.portal.certificate.as_ref(), &metrics)?;
        for (field, listener) in [("listen.public", &config.public), ("listen.api", &config.api), ("listen.admin", &config.admin)] {
            listener.tls.as_ref().map_or(Ok(()), fits).map_err(|_| RelayError::Certificate { field })?;
        }
        Ok(())
    }

    /// Starts a relay with this store, which others may share, and this clock.
    ///
    /// # Errors
    /// [`RelayError`]; nothing listens then.
    pub async fn start_with(config: Config, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Running, RelayError> {
        config.check()?;
        let limits = Arc::new(config.limits.clone());
        let metrics = Arc::new(Metrics::new());
        let pages = PublicPages::new(&config)?;
        let hosts = config.environment.hosts()?;
        let redirect = config.redirect.to_string();
        let (plain, mutual) = (caller(&config, None, &metrics)?, caller(&config, config.portal.certificate.as_ref(), &metrics)?);
        let identity = IdentityServer::new(plain, config.identity, hosts.issuer, redirect.clone())?;
        let portal = PortalServer::new(mutual, &hosts.sp, config.portal.provider, redirect)?;
        // Browsers may be old; our own phones are not.
        let (public, at_public) = bind("listen.public", config.public, &[&TLS13, &TLS12]).await?;
        let (api, at_api) = bind("listen.api", config.api, &[&TLS13]).await?;
        let (admin, at_admin) = bind("listen.admin", config.admin, &[&TLS13, &TLS12]).await?;
        let (stopping, closing, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let service = Arc::new(Service {
            store,
            clock,
            metrics,
            identity,
            portal,
            services: config.portal.services,
            seal: Arc::new(config.seal),
            key_ring: config.key_ring,
            wakes: Wakes::default(),
            rates: Rates::new(limits.burst, limits.per_second),
            stopping: stopping.clone(),
            tasks: tasks.clone(),
            fetches: Semaphore::new(limits.fetches),
            patient: Semaphore::new(PATIENT),
            fetching: Mutex::default(),
            limits: Arc::clone(&limits),
        });
        // Not counted among what must be finished: they end with the relay.
        tokio::spawn(closing.clone().run_until_cancelled_owned(listen(Arc::clone(&service))));
        tokio::spawn(closing.clone().run_until_cancelled_owned(sweep(Arc::clone(&service))));
        let faces = [
            (public, pages.router(Arc::clone(&service))),
            (api, http::api::router(Arc::clone(&service))),
            (admin, http::admin::router(service)),
        ];
        for (listener, router) in faces {
            tasks.spawn(listener.serve(router, Arc::clone(&limits), closing.clone(), tasks.clone()));
        }
        tracing::info!(public = %at_public, api = %at_api, admin = %at_admin, "started");
        Ok(Running { addresses: [at_public, at_api, at_admin], stopping, closing: closing.drop_guard(), tasks, limits })
    }
}

/// Rings for whoever waits in this relay when another relay, or this one, has written.
async fn listen(service: Arc<Service>) {
    let mut wakes = service.store.wakes();
    loop {
        match wakes.recv().await {
            Ok(wake) => service.wakes.wake(wake),
            Err(RecvError::Lagged(_)) => service.wakes.wake(Wake::All),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn sweep(service: Arc<Service>) {
    loop {
        sleep(service.limits.sweep).await;
        service.count().await;
    }
}

fn caller(config: &Config, certificate: Option<&Certified>, metrics: &Arc<Metrics>) -> Result<Caller, RelayError> {
    let is_plain_allowed = matches!(config.environment, Environment::StandIn { .. });
    let caller = Caller::new(&config.roots, certificate, is_plain_allowed, &config.limits, Arc::clone(metrics));
    caller.map_err(|_| RelayError::Certificate { field: "environment.roots or portal.certificate" })
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
        tracing::info!("stopping");
        self.stopping.cancel();
        sleep(self.limits.notice).await;
        drop(self.closing);
        self.tasks.close();
        // Who has not finished by then has not answered for a long time.
        let _ = timeout(self.limits.stop, self.tasks.wait()).await;
    }
}
