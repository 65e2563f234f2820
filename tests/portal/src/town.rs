//! A whole town in one process: the stand-in, the relay in front of it (or two), their certificates, and the profile that
//! a phone carries. Everything is new at each start and on loopback ports.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use rustls::pki_types::CertificateDer;
use techo_protocol::{
    profile::{self, Operator, Profile},
    seal::PrivateKey,
};
use techo_relay::{
    Apps, Bind, Certified, ClientKey, Config, Environment, IdentityClient, KeyRing, Limits, Listener, MemoryStore, PortalClient, Relay,
    Running, Store, ValkeyAddress, ValkeyStore,
};
use url::Url;

use crate::{
    citizen::Citizen,
    clock::Clock,
    error::StandInError,
    journal::Journal,
    jws::SigningKey,
    orders::Orders,
    registration::Registration,
    service,
    stand_in::StandIn,
    tls::{Authority, EXPIRED, Issued, NOT_YET, Usage, VALID},
};

const PROVIDER: &str = "SP99999999";
const IDENTITY_CLIENT: &str = "RP99999999";
const REDIRECT: &str = "/redirect";
const CALLBACK: &str = "/portal/result-ready";

/// What the phone's API shows of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiFace {
    /// A certificate of our first root.
    #[default]
    Good,
    /// A certificate of our root in reserve.
    Reserve,
    /// A certificate of a root that no profile names.
    ForeignRoot,
    /// A certificate that has expired.
    Expired,
    /// A certificate that is not valid yet.
    NotYet,
    /// A certificate for another host.
    OtherHost,
    /// No TLS at all.
    Plain,
}

/// How a town is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Faults to order; more can be ordered at any time.
    pub orders: Orders,
    /// What time it is, for the stand-in and for the relay.
    pub clock: Clock,
    /// Where the relays keep sessions, together. `None`: each in its own memory, empty after a restart.
    pub store: Option<Arc<dyn Store>>,
    /// The address of a Valkey or Redis server where the relays keep sessions, together, under the town's key ring. Each
    /// relay has its own connection, as if it ran on another machine. Not with `store`.
    pub valkey: Option<ValkeyAddress>,
    /// The relays' limits.
    pub limits: Limits,
    /// What the phone's API shows of itself.
    pub face: ApiFace,
    /// The apps to which the redirect address belongs.
    pub apps: Apps,
}

impl Default for Plan {
    /// Nothing goes wrong, by the machine's clock, in memory; pauses and the notice before a stop are short.
    fn default() -> Self {
        let limits = Limits {
            notice: Duration::ZERO,
            stop: Duration::from_secs(2),
            pause: Duration::from_millis(20),
            callback_patience: Duration::from_millis(300),
            // Until then an error may mean "not ready", and nobody who tests errors wants to wait for minutes.
            callback_wait: Duration::from_secs(4),
            ..Limits::default()
        };
        Self {
            orders: Orders::none(),
            clock: Clock::system(),
            store: None,
            valkey: None,
            limits,
            face: ApiFace::Good,
            apps: Apps::default(),
        }
    }
}

/// One relay of the town.
struct Seat {
    public: SocketAddr,
    api: SocketAddr,
    store: Arc<dyn Store>,
    memory: Option<Arc<MemoryStore>>,
    running: Option<Running>,
}

/// What every relay of the town is given.
struct Keys {
    identity: SigningKey,
    portal: Issued,
    public_root: Authority,
    public: Issued,
    api_roots: [Authority; 2],
    api: Option<Issued>,
    seal: PrivateKey,
    ring: [u8; 32],
}

/// A town. Everything in it ends when it is dropped; [`Town::stop`] lets the relays finish.
pub struct Town {
    plan: Plan,
    stand_in: StandIn,
    keys: Keys,
    seats: Vec<Seat>,
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").field("stand_in", &self.stand_in).field("relays", &self.seats.len()).finish_non_exhaustive()
    }
}

fn certified(issued: &Issued) -> Certified {
    Certified { chain: vec![issued.certificate.clone()], key: issued.key() }
}

impl Keys {
    fn make(face: ApiFace) -> Result<Self, StandInError> {
        let public_root = Authority::make("見本の公開ルート")?;
        let api_roots = [Authority::make("見本の手帳ルート")?, Authority::make("見本の手帳ルート（予備）")?];
        let [first, reserve] = &api_roots;
        let here = ["127.0.0.1", "localhost"];
        let api = match face {
            ApiFace::Good => Some(first.issue(&here, Usage::Server, VALID)?),
            ApiFace::Reserve => Some(reserve.issue(&here, Usage::Server, VALID)?),
            ApiFace::ForeignRoot => Some(Authority::make("見本の知らないルート")?.issue(&here, Usage::Server, VALID)?),
            ApiFace::Expired => Some(first.issue(&here, Usage::Server, EXPIRED)?),
            ApiFace::NotYet => Some(first.issue(&here, Usage::Server, NOT_YET)?),
            ApiFace::OtherHost => Some(first.issue(&["api.other.example"], Usage::Server, VALID)?),
            ApiFace::Plain => None,
        };
        let mut ring = [0; 32];
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut ring)
            .map_err(|_| StandInError::Certificate("random numbers"))?;
        Ok(Self {
            identity: SigningKey::make("techo-1")?,
            portal: Authority::make("見本の運営者のルート")?.issue(&["relay.techo.example"], Usage::Client, VALID)?,
            public: public_root.issue(&here, Usage::Server, VALID)?,
            public_root,
            api_roots,
            api,
            seal: PrivateKey::make().map_err(|_| StandInError::Certificate("key of the seal"))?,
            ring,
        })
    }
}

impl Town {
    /// Starts the stand-in and one relay, registers the relay's operator, and connects them.
    pub async fn start(plan: Plan) -> Result<Self, StandInError> {
        let keys = Keys::make(plan.face)?;
        let stand_in = StandIn::start(plan.clock.clone(), plan.orders.clone()).await?;
        let mut town = Self { plan, stand_in, keys, seats: Vec::new() };
        let first = town.new_seat()?;
        town.seats.push(first);
        town.stand_in.register(Registration {
            provider: PROVIDER.to_owned(),
            operator: operator().ja,
            redirect: town.redirect()?.to_string(),
            callback: town.public_url(CALLBACK)?,
            callback_roots: vec![town.keys.public_root.certificate()],
            certificate: town.keys.portal.certificate.clone(),
            identity_client: IDENTITY_CLIENT.to_owned(),
            identity_key: town.keys.identity.public().to_vec(),
        })?;
        town.start_relay(0).await?;
        Ok(town)
    }

    /// A place for a relay: two ports, which stay its own.
    fn new_seat(&self) -> Result<Seat, StandInError> {
        let port = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
        let (store, memory) = self.store_of_its_own()?;
        Ok(Seat { public: port()?, api: port()?, store, memory, running: None })
    }

    fn store_of_its_own(&self) -> Result<(Arc<dyn Store>, Option<Arc<MemoryStore>>), StandInError> {
        if let Some(shared) = &self.plan.store {
            return Ok((Arc::clone(shared), None));
        }
        if let Some(address) = &self.plan.valkey {
            return Ok((Arc::new(ValkeyStore::new(address, self.key_ring()?)), None));
        }
        let memory = Arc::new(MemoryStore::new());
        Ok((Arc::<MemoryStore>::clone(&memory), Some(memory)))
    }

    fn key_ring(&self) -> Result<KeyRing, StandInError> {
        KeyRing::new([("town".to_owned(), &self.keys.ring)]).map_err(|error| StandInError::Relay(error.to_string()))
    }

    fn public_url(&self, path: &str) -> Result<Url, StandInError> {
        let seat = self.seats.first().ok_or(StandInError::NotRegistered("relay"))?;
        url("https", seat.public, path)
    }

    fn redirect(&self) -> Result<Url, StandInError> {
        self.public_url(REDIRECT)
    }

    fn config(&self, seat: &Seat) -> Result<Config, StandInError> {
        let relay = |error: &dyn std::fmt::Display| StandInError::Relay(error.to_string());
        let keys = &self.keys;
        let addresses = self.stand_in.addresses();
        let environment = Environment::StandIn { issuer: addresses.issuer.clone(), app: addresses.app.clone(), sp: addresses.sp.clone() };
        let key = ClientKey::from_der(keys.identity.pkcs8(), Some("techo-1".to_owned())).map_err(|error| relay(&error))?;
        let identity = IdentityClient { id: IDENTITY_CLIENT.to_owned(), key };
        let portal = PortalClient {
            provider: PROVIDER.to_owned(),
            services: service::SERVICES.iter().map(|(id, _)| (*id).to_owned()).collect(),
            certificate: Some(certified(&keys.portal)),
        };
        let mut config = Config::local(environment, identity, portal, self.redirect()?).map_err(|error| relay(&error))?;
        config.roots = vec![self.stand_in.root()];
        CALLBACK.clone_into(&mut config.callback);
        config.apps = self.plan.apps.clone();
        config.public = Listener { bind: Bind::Address(seat.public), tls: Some(certified(&keys.public)) };
        config.api = Listener { bind: Bind::Address(seat.api), tls: keys.api.as_ref().map(certified) };
        config.seal = PrivateKey::from_bytes(*keys.seal.as_bytes());
        config.key_ring = self.key_ring()?;
        config.limits = self.plan.limits.clone();
        Ok(config)
    }

    /// Starts the relay of this number, at the ports it had.
    pub async fn start_relay(&mut self, number: usize) -> Result<(), StandInError> {
        let seat = self.seats.get(number).ok_or(StandInError::NotRegistered("relay"))?;
        let clock: Arc<dyn techo_relay::Clock> = Arc::new(self.plan.clock.clone());
        let running = Relay::start_with(self.config(seat)?, Arc::clone(&seat.store), clock).await;
        let running = running.map_err(|error| StandInError::Relay(error.to_string()))?;
        if let Some(seat) = self.seats.get_mut(number) {
            seat.running = Some(running);
        }
        Ok(())
    }

    /// Stops the relay of this number, as its operator would.
    pub async fn stop_relay(&mut self, number: usize) {
        if let Some(running) = self.seats.get_mut(number).and_then(|seat| seat.running.take()) {
            running.stop().await;
        }
    }

    /// Ends the relay of this number at once, as a power cut would.
    pub fn kill_relay(&mut self, number: usize) {
        drop(self.seats.get_mut(number).and_then(|seat| seat.running.take()));
    }

    /// Stops the first relay and starts it again at the same ports. What it kept in memory is gone; a shared store stays.
    pub async fn restart_relay(&mut self) -> Result<(), StandInError> {
        self.stop_relay(0).await;
        let (store, memory) = self.store_of_its_own()?;
        if let Some(seat) = self.seats.first_mut() {
            (seat.store, seat.memory) = (store, memory);
        }
        self.start_relay(0).await
    }

    /// Starts another relay beside the first, with the same keys and the same store where one was given. Its number.
    pub async fn second_relay(&mut self) -> Result<usize, StandInError> {
        let seat = self.new_seat()?;
        let number = self.seats.len();
        self.seats.push(seat);
        self.start_relay(number).await?;
        Ok(number)
    }

    /// The profile that a phone carries. It leads to the first relay.
    pub fn profile(&self) -> Result<Profile, StandInError> {
        self.profile_of(0)
    }

    /// The same, leading to the relay of this number, as a balancer would.
    pub fn profile_of(&self, number: usize) -> Result<Profile, StandInError> {
        let seat = self.seats.get(number).ok_or(StandInError::NotRegistered("relay"))?;
        let addresses = self.stand_in.addresses();
        Ok(Profile {
            environment: profile::Environment::StandIn { issuer: addresses.issuer.clone(), app: addresses.app.clone() },
            operator: operator(),
            api: url("https", seat.api, "")?,
            redirect: self.redirect()?,
            seal: self.keys.seal.public().map_err(|_| StandInError::Certificate("key of the seal"))?,
            roots: self.keys.api_roots.iter().map(Authority::pem).collect(),
            keeping_seconds: u32::try_from(self.plan.limits.keeping.as_secs()).map_err(|_| StandInError::NotRegistered("keeping"))?,
            identity_client: IDENTITY_CLIENT.to_owned(),
            provider: PROVIDER.to_owned(),
            services: service::profile_services(),
            groups: service::profile_groups(),
        })
    }

    /// The profile as TOML.
    pub fn profile_text(&self) -> Result<String, StandInError> {
        toml::to_string(&self.profile()?).map_err(|_| StandInError::NotRegistered("profile"))
    }

    /// A browser that trusts the stand-in and the public root, and nothing else.
    pub fn citizen(&self) -> Result<Citizen, StandInError> {
        Citizen::new(&[self.stand_in.root(), self.keys.public_root.certificate()])
    }

    /// Roots of the phone's API: the first, and the one in reserve.
    pub fn api_roots(&self) -> Vec<CertificateDer<'static>> {
        self.keys.api_roots.iter().map(Authority::certificate).collect()
    }

    /// SHA-256 of the public keys of the pages' hosts and of the redirect host, base64: for a real browser that is to
    /// accept these and no other unknown certificate.
    pub fn spki_digests(&self) -> Vec<String> {
        vec![self.stand_in.spki_digest(), self.keys.public.spki_digest()]
    }

    /// The stand-in.
    pub fn stand_in(&self) -> &StandIn {
        &self.stand_in
    }

    /// The faults that are ordered.
    pub fn orders(&self) -> &Orders {
        self.stand_in.orders()
    }

    /// What happened at the stand-in.
    pub fn journal(&self) -> &Journal {
        self.stand_in.journal()
    }

    /// The town's clock.
    pub fn clock(&self) -> &Clock {
        &self.plan.clock
    }

    /// The store of the relay of this number.
    pub fn store(&self, number: usize) -> Option<Arc<dyn Store>> {
        self.seats.get(number).map(|seat| Arc::clone(&seat.store))
    }

    /// The same, where it is in memory: it can show every byte it holds.
    pub fn memory(&self, number: usize) -> Option<Arc<MemoryStore>> {
        self.seats.get(number)?.memory.clone()
    }

    /// Where the relay of this number says how it is; `None` while it is stopped.
    pub fn admin(&self, number: usize) -> Option<SocketAddr> {
        self.seats.get(number)?.running.as_ref().map(Running::admin)
    }

    /// Stops everything.
    pub async fn stop(mut self) {
        for number in 0..self.seats.len() {
            self.stop_relay(number).await;
        }
        self.stand_in.stop().await;
    }
}

fn operator() -> Operator {
    Operator {
        ja: "見本の運営者（架空）".to_owned(),
        en: "A sample operator (invented)".to_owned(),
        contact: "contact@techo.example".to_owned(),
    }
}

fn url(scheme: &str, address: SocketAddr, path: &str) -> Result<Url, StandInError> {
    Url::parse(&format!("{scheme}://{address}{path}")).map_err(|_| StandInError::NotRegistered("address"))
}
