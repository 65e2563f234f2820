//! The stand-in as a whole: three hosts on loopback ports, started, registered with, and stopped.

use std::sync::Arc;

use axum::Router;
use rustls::pki_types::CertificateDer;
use techo_protocol::names::names;
use tokio::net::TcpListener;
use url::Url;

use crate::{
    card::Card,
    clock::Clock,
    error::StandInError,
    identity,
    journal::Journal,
    orders::Orders,
    portal,
    registration::Registration,
    serve::{Serving, serve},
    tls::{self, Authority, Issued, Usage, VALID},
    world::{Addresses, Shared},
};

/// Mynaportal and デジタル認証アプリ, played. Stops when dropped.
pub struct StandIn {
    shared: Arc<Shared>,
    root: Authority,
    server: Issued,
    serving: Vec<Serving>,
}

impl std::fmt::Debug for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandIn").field("addresses", &self.shared.addresses).finish_non_exhaustive()
    }
}

impl StandIn {
    /// Starts on free ports of the loopback interface. Must be called within a tokio runtime.
    pub async fn start(clock: Clock, orders: Orders) -> Result<Self, StandInError> {
        let names = names()?;
        let root = Authority::make("見本ポータルのルート")?;
        let server = root.issue(&["localhost", "127.0.0.1"], Usage::Server, VALID)?;
        let (identity, app, sp) = (listen().await?, listen().await?, listen().await?);
        let realm = Url::parse(&names.identity.issuer.test.value).map(|url| url.path().to_owned()).unwrap_or_default();
        let addresses = Addresses { issuer: address(&identity, &realm)?, app: address(&app, "")?, sp: address(&sp, "")? };
        let shared = Arc::new(Shared::make(names, addresses, clock, orders)?);

        let known = Arc::clone(&shared);
        let registered = move || known.world().registration.as_ref().map(|registration| registration.certificate.clone());
        let with_state = |routes: Router<Arc<Shared>>| routes.with_state(Arc::clone(&shared));
        let serving = vec![
            serve(identity, tls::server(&server)?, with_state(identity::routes(&shared)))?,
            serve(app, tls::server(&server)?, with_state(portal::app_routes(&shared)))?,
            serve(sp, tls::mutual_server(&server, Arc::new(registered))?, with_state(portal::sp_routes(&shared)))?,
        ];
        Ok(Self { shared, root, server, serving })
    }

    /// Registers an operator, instead of the one before. Nothing is answered before.
    pub fn register(&self, registration: Registration) -> Result<(), StandInError> {
        registration.check()?;
        self.shared.world().registration = Some(registration);
        Ok(())
    }

    /// Where it is.
    pub fn addresses(&self) -> &Addresses {
        &self.shared.addresses
    }

    /// The root of its hosts' certificates.
    pub fn root(&self) -> CertificateDer<'static> {
        self.root.certificate()
    }

    /// The same as PEM.
    pub fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// SHA-256 of its hosts' public key, base64, for a browser that is to accept just this one.
    pub fn spki_digest(&self) -> String {
        self.server.spki_digest()
    }

    /// The faults that are ordered.
    pub fn orders(&self) -> &Orders {
        &self.shared.orders
    }

    /// What happened.
    pub fn journal(&self) -> &Journal {
        &self.shared.journal
    }

    /// What time it is here.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Every one-time code and access token that was given out so far: for tests that search where none may be.
    pub fn given_out(&self) -> Vec<String> {
        let world = self.shared.world();
        world.codes.keys().chain(world.tokens.keys()).cloned().collect()
    }

    /// Resets a card at the municipal office: it is no longer locked.
    pub fn unlock(&self, card: Card) {
        self.shared.world().wrong_pins.remove(&card);
    }

    /// Whether three wrong PINs locked a card.
    pub fn is_locked(&self, card: Card) -> bool {
        self.shared.world().is_locked(card)
    }

    /// Stops all three hosts.
    pub async fn stop(self) {
        for serving in self.serving {
            serving.stop().await;
        }
    }
}

/// A free port of the loopback interface.
pub(crate) async fn listen() -> Result<TcpListener, StandInError> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).await?)
}

// By number and not by name: what a browser learns of `localhost` (HSTS) would hold for everything else there.
fn address(listener: &TcpListener, path: &str) -> Result<Url, StandInError> {
    let port = listener.local_addr()?.port();
    Url::parse(&format!("https://127.0.0.1:{port}{path}")).map_err(|_| StandInError::NotRegistered("address"))
}
