//! What a relay must be told: where it listens, which portal it speaks to and as whom, its keys, its limits. Read from a
//! TOML file (`config/file.rs`); secrets stand in files or environment variables that the file names.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    time::Duration,
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use techo_protocol::{
    names::{BadNames, names},
    profile::{LONGEST_KEEPING, is_loopback, is_plain, is_provider, is_service},
    seal::PrivateKey,
};
use url::Url;

use crate::{key_ring::KeyRing, store::ValkeyAddress, upstream::jwt::ClientKey};

mod file;
mod limits;
mod secret;

pub use file::Folder;
pub use limits::Limits;
pub(crate) use limits::delta;

/// Path of the portal's call-back where none is given.
pub const DEFAULT_CALLBACK: &str = "/portal/result-ready";

/// Everything a relay is told.
#[derive(Debug)]
pub struct Config {
    /// Which portal.
    pub environment: Environment,
    /// Roots by which the servers of the portal and of デジタル認証アプリ are known. Nothing else is trusted.
    pub roots: Vec<CertificateDer<'static>>,
    /// The relay at デジタル認証アプリ.
    pub identity: IdentityClient,
    /// The relay at the portal.
    pub portal: PortalClient,
    /// The registered redirect address. Its path is where the redirect page is.
    pub redirect: Url,
    /// Path of the portal's call-back.
    pub callback: String,
    /// The apps to which the redirect address belongs.
    pub apps: Apps,
    /// Browsers and the portal's call-back.
    pub public: Listener,
    /// Phones.
    pub api: Listener,
    /// Health and metrics: for the operator's own network only.
    pub admin: Listener,
    /// The static key that phones pin.
    pub seal: PrivateKey,
    /// Seals what must outlive this process in the store.
    pub key_ring: KeyRing,
    /// Where sessions wait.
    pub store: StoreChoice,
    /// Limits and times.
    pub limits: Limits,
}

/// Which portal the relay talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Environment {
    /// The portal's test environment and the sandbox of デジタル認証アプリ.
    Test,
    /// The real ones.
    Production,
    /// A stand-in: synthetic people, nothing real.
    StandIn {
        /// Stands for the issuer of デジタル認証アプリ.
        issuer: Url,
        /// Stands for the portal's browser host.
        app: Url,
        /// Stands for the portal's host for servers.
        sp: Url,
    },
}

/// Addresses of an environment, without a slash at their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hosts {
    pub(crate) issuer: String,
    pub(crate) sp: String,
}

impl Environment {
    pub(crate) fn hosts(&self) -> Result<Hosts, BadNames> {
        let names = names()?;
        let (issuer, sp) = match self {
            Self::Test => (names.identity.issuer.test.value.as_str(), names.portal.sp.test.value.as_str()),
            Self::Production => (names.identity.issuer.production.value.as_str(), names.portal.sp.production.value.as_str()),
            Self::StandIn { issuer, sp, .. } => (issuer.as_str(), sp.as_str()),
        };
        Ok(Hosts { issuer: issuer.trim_end_matches('/').to_owned(), sp: sp.trim_end_matches('/').to_owned() })
    }
}

/// Where sessions wait.
#[derive(Clone, Debug, Default)]
pub enum StoreChoice {
    /// In this process: for one relay alone.
    #[default]
    Memory,
    /// In Valkey or Redis, for as many relays as share it.
    Valkey(ValkeyAddress),
}

impl fmt::Display for StoreChoice {
    /// Which kind; not where, as the address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Valkey(_) => "valkey",
        })
    }
}

/// The relay as a client of デジタル認証アプリ.
#[derive(Debug)]
pub struct IdentityClient {
    /// Client id.
    pub id: String,
    /// Signs the client assertion (`private_key_jwt`).
    pub key: ClientKey,
}

/// The relay as a service provider at the portal.
#[derive(Debug)]
pub struct PortalClient {
    /// `SP` and 8 digits.
    pub provider: String,
    /// Service ids that are offered: two letters and four digits each.
    pub services: Vec<String>,
    /// The operator's certificate for mutual TLS. Without one the portal's test environment may refuse.
    pub certificate: Option<Certified>,
}

/// A certificate chain with its key.
#[derive(Debug)]
pub struct Certified {
    /// The certificate, then what leads to its root.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its private key.
    pub key: PrivateKeyDer<'static>,
}

/// One of the relay's listeners.
#[derive(Debug)]
pub struct Listener {
    /// Where.
    pub bind: Bind,
    /// TLS ends here; without it, a balancer before the relay must end it.
    pub tls: Option<Certified>,
}

/// Where a listener is.
#[derive(Debug)]
pub enum Bind {
    /// At an address; port 0 is any free one.
    Address(SocketAddr),
    /// At a socket that listens already.
    Socket(TcpListener),
}

impl Listener {
    /// Any free port of the loopback interface, without TLS.
    pub fn loopback() -> Self {
        Self { bind: Bind::Address((Ipv4Addr::LOCALHOST, 0).into()), tls: None }
    }

    /// A socket that listens already, with or without TLS.
    pub fn on(socket: TcpListener, tls: Option<Certified>) -> Self {
        Self { bind: Bind::Socket(socket), tls }
    }
}

/// The apps to which the redirect address belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apps {
    /// Android apps.
    pub android: Vec<AndroidApp>,
    /// App ids on Apple's platforms: team id, a dot, bundle id.
    pub apple: Vec<String>,
}

/// An Android app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndroidApp {
    /// Package name.
    pub package: String,
    /// SHA-256 of its signing certificates, upper-case hexadecimal in pairs with colons.
    pub certificates: Vec<String>,
}

/// Why a configuration is not used. Names the field and never its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, or a field is missing, unknown or of another form. Line and column count from 1.
    #[error("not readable at line {line}")]
    Unreadable {
        /// Line, from 1; 0 where it is not known.
        line: usize,
    },
    /// A file that a field names is not there or not readable.
    #[error("{field}: the file cannot be read")]
    File {
        /// The field.
        field: &'static str,
    },
    /// A file with a secret can be read by others than its owner.
    #[error("{field}: the file can be read by others than its owner (chmod 600)")]
    Open {
        /// The field.
        field: &'static str,
    },
    /// An environment variable that a field names is not set.
    #[error("{field}: the environment variable is not set")]
    Variable {
        /// The field.
        field: &'static str,
    },
    /// A field has not the form that is documented.
    #[error("{field}: {expected}")]
    Form {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// The system has no random bytes.
    #[error("no random bytes for new keys")]
    Random,
}

impl Config {
    /// A relay on free ports of the loopback interface, without TLS, with new keys and no roots: for a stand-in on this
    /// machine. Everything in it may be changed before the start.
    ///
    /// # Errors
    /// [`ConfigError::Random`].
    pub fn local(environment: Environment, identity: IdentityClient, portal: PortalClient, redirect: Url) -> Result<Self, ConfigError> {
        Ok(Self {
            environment,
            roots: Vec::new(),
            identity,
            portal,
            redirect,
            callback: DEFAULT_CALLBACK.to_owned(),
            apps: Apps::default(),
            public: Listener::loopback(),
            api: Listener::loopback(),
            admin: Listener::loopback(),
            seal: PrivateKey::make().map_err(|_| ConfigError::Random)?,
            key_ring: KeyRing::make().map_err(|_| ConfigError::Random)?,
            store: StoreChoice::Memory,
            limits: Limits::default(),
        })
    }

    /// Checks what a file cannot say by its form alone.
    ///
    /// # Errors
    /// [`ConfigError::Form`] with the field.
    pub fn check(&self) -> Result<(), ConfigError> {
        let form = |is_good: bool, field, expected| if is_good { Ok(()) } else { Err(ConfigError::Form { field, expected }) };
        form(is_provider(&self.portal.provider), "portal.provider", "SP and 8 digits")?;
        let services = &self.portal.services;
        form(!services.is_empty() && services.iter().all(|id| is_service(id)), "portal.services", "two letters and four digits each")?;
        form(is_https_or_loopback(&self.redirect), "redirect", "an https address without user, query and fragment")?;
        form(is_path(&self.callback), "callback", "a path of letters, digits, `-`, `.`, `_` and `/`")?;
        form(is_path(self.redirect.path()), "redirect", "an address with a path of letters, digits, `-`, `.`, `_` and `/`")?;
        form(self.redirect.path() != self.callback, "callback", "another path than the redirect page's")?;
        let is_real = !matches!(self.environment, Environment::StandIn { .. });
        form(!is_real || !self.roots.is_empty(), "environment.roots", "at least one certificate")?;
        form(!is_real || self.portal.certificate.is_some(), "portal.certificate", "the operator's certificate for mutual TLS")?;
        if let Environment::StandIn { issuer, app, sp } = &self.environment {
            for (field, url) in [("environment.issuer", issuer), ("environment.app", app), ("environment.sp", sp)] {
                form(is_https_or_loopback(url), field, "an https address, or http on this machine")?;
            }
        }
        let is_told = self.limits.longest() <= delta(self.limits.keeping);
        form(is_told, "limits.keeping", "at least what the other limits add up to: life + callback-wait + 3 hand-over + 4 (step + 15)")?;
        let is_short = self.limits.keeping <= Duration::from_secs(u64::from(LONGEST_KEEPING));
        form(is_short, "limits.keeping", "an hour at most, as no phone takes a profile that says more")?;
        form(self.limits.sessions > 0 && self.limits.connections > 0, "limits", "more than nothing")?;
        form(self.limits.attempts > 0 && self.limits.fetches > 0 && self.limits.burst > 0, "limits", "more than nothing")
    }
}

/// A path of its own on the public listener.
fn is_path(path: &str) -> bool {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._".contains(&byte));
    path.len() > 1 && path.starts_with('/') && !path.contains("//") && !path.contains("/.") && is_plain
}

fn is_https_or_loopback(url: &Url) -> bool {
    is_plain(url) && (url.scheme() == "https" && url.has_host() || url.scheme() == "http" && is_loopback(url))
}
