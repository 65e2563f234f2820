//! The configuration as a TOML file; `docs/relay.md` shows one. Paths in it follow the folder it stands in.

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, time::Duration};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde::Deserialize;
use techo_protocol::seal::PrivateKey;
use url::Url;

use super::{
    AndroidApp, Apps, Bind, Certified, Config, ConfigError, Environment, IdentityClient, Limits, Listener, PortalClient, StoreChoice,
    secret::{self, Environ, Source},
};
use crate::{
    key_ring::KeyRing,
    store::{BadAddress, ValkeyAddress},
    upstream::jwt::ClientKey,
};

/// Where the paths of a configuration start, and the environment it is read in.
#[derive(Clone, Copy)]
pub struct Folder<'a> {
    /// The folder that paths follow.
    pub path: &'a Path,
    /// Reads environment variables.
    pub environ: Environ<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    environment: EnvironmentFile,
    identity: IdentityFile,
    portal: PortalFile,
    redirect: Url,
    #[serde(default = "callback")]
    callback: String,
    #[serde(default)]
    apps: AppsFile,
    listen: ListenFile,
    seal: Source,
    key_ring: Vec<RingKeyFile>,
    #[serde(default)]
    store: StoreFile,
    #[serde(default)]
    limits: LimitsFile,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct EnvironmentFile {
    name: EnvironmentName,
    /// PEM file with the roots.
    roots: Option<String>,
    issuer: Option<Url>,
    app: Option<Url>,
    sp: Option<Url>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EnvironmentName {
    Test,
    Production,
    StandIn,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct IdentityFile {
    client: String,
    key: Source,
    key_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PortalFile {
    provider: String,
    services: Vec<String>,
    certificate: Option<String>,
    key: Option<Source>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct AppsFile {
    android: Vec<AndroidFile>,
    apple: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AndroidFile {
    package: String,
    certificates: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ListenFile {
    public: ListenerFile,
    api: ListenerFile,
    #[serde(default)]
    admin: ListenerFile,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ListenerFile {
    address: SocketAddr,
    certificate: Option<String>,
    key: Option<Source>,
}

impl Default for ListenerFile {
    /// The admin listener's: whoever wants it elsewhere must say so.
    fn default() -> Self {
        Self { address: ([127, 0, 0, 1], 9464).into(), certificate: None, key: None }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RingKeyFile {
    id: String,
    key: Source,
}

/// Where sessions wait.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum StoreFile {
    /// In this process.
    #[default]
    Memory,
    /// In Valkey or Redis.
    #[serde(rename_all = "kebab-case")]
    Valkey {
        /// May hold a password.
        address: Source,
        /// PEM file with the roots of the store's certificate.
        roots: Option<String>,
    },
}

/// Each limit by its name, a whole number: seconds where it is a time, milliseconds where the name ends with `-ms`.
#[derive(Default, Deserialize)]
#[serde(transparent)]
struct LimitsFile(BTreeMap<String, u32>);

fn callback() -> String {
    super::DEFAULT_CALLBACK.to_owned()
}

impl Config {
    /// Reads a configuration file. Paths in it follow its folder.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn open(path: &Path, environ: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|_| ConfigError::File { field: "configuration" })?;
        Self::read(&text, Folder { path: path.parent().unwrap_or(Path::new("")), environ })
    }

    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn read(text: &str, folder: Folder<'_>) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigError::Unreadable { line: line(text, &error) })?;
        let key = file.seal.key("seal", folder.path, folder.environ)?;
        let config = Self {
            roots: file.environment.roots(folder)?,
            environment: file.environment.read()?,
            identity: file.identity.read(folder)?,
            portal: file.portal.read(folder)?,
            redirect: file.redirect,
            callback: file.callback,
            apps: file.apps.read()?,
            public: file.listen.public.read(folder)?,
            api: file.listen.api.read(folder)?,
            admin: file.listen.admin.read(folder)?,
            seal: PrivateKey::from_bytes(*key),
            key_ring: key_ring(&file.key_ring, folder)?,
            store: file.store.read(folder)?,
            limits: file.limits.read()?,
        };
        config.check()?;
        Ok(config)
    }
}

fn line(text: &str, error: &toml::de::Error) -> usize {
    let before = error.span().and_then(|span| text.get(..span.start));
    before.map_or(0, |before| before.matches('\n').count() + 1)
}

impl StoreFile {
    fn read(self, folder: Folder<'_>) -> Result<StoreChoice, ConfigError> {
        let Self::Valkey { address, roots } = self else { return Ok(StoreChoice::Memory) };
        let address = address.read("store.valkey.address", folder.path, folder.environ)?;
        let roots = roots.map(|path| secret::read("store.valkey.roots", &folder.path.join(path), false)).transpose()?;
        let address = ValkeyAddress::new(address.trim(), roots.as_ref().map(|roots| roots.as_str()));
        address.map(StoreChoice::Valkey).map_err(|error| match error {
            BadAddress::Form => {
                ConfigError::Form { field: "store.valkey.address", expected: "unix:///path, redis://host:port or rediss://host:port" }
            }
            BadAddress::Roots => {
                ConfigError::Form { field: "store.valkey.roots", expected: "rediss:// needs roots in PEM, and nothing else does" }
            }
        })
    }
}

impl EnvironmentFile {
    fn roots(&self, folder: Folder<'_>) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
        self.roots.as_ref().map_or(Ok(Vec::new()), |path| certificates("environment.roots", path, folder))
    }

    fn read(self) -> Result<Environment, ConfigError> {
        let form = |expected| ConfigError::Form { field: "environment", expected };
        match (self.name, self.issuer, self.app, self.sp) {
            (EnvironmentName::Test, None, None, None) => Ok(Environment::Test),
            (EnvironmentName::Production, None, None, None) => Ok(Environment::Production),
            (EnvironmentName::StandIn, Some(issuer), Some(app), Some(sp)) => Ok(Environment::StandIn { issuer, app, sp }),
            (EnvironmentName::StandIn, ..) => Err(form("a stand-in needs issuer, app and sp")),
            (EnvironmentName::Test | EnvironmentName::Production, ..) => Err(form("issuer, app and sp are a stand-in's")),
        }
    }
}

impl IdentityFile {
    fn read(self, folder: Folder<'_>) -> Result<IdentityClient, ConfigError> {
        let is_plain = !self.client.is_empty() && self.client.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_plain {
            return Err(ConfigError::Form { field: "identity.client", expected: "letters and digits" });
        }
        let text = self.key.read("identity.key", folder.path, folder.environ)?;
        let key = ClientKey::from_pem(&text, self.key_id);
        let key = key.map_err(|_| ConfigError::Form { field: "identity.key", expected: "a P-256 private key, PKCS#8 in PEM" })?;
        Ok(IdentityClient { id: self.client, key })
    }
}

impl PortalFile {
    fn read(self, folder: Folder<'_>) -> Result<PortalClient, ConfigError> {
        let certificate = certified(["portal.certificate", "portal.key"], self.certificate, self.key, folder)?;
        Ok(PortalClient { provider: self.provider, services: self.services, certificate })
    }
}

impl ListenerFile {
    fn read(self, folder: Folder<'_>) -> Result<Listener, ConfigError> {
        let tls = certified(["listen.certificate", "listen.key"], self.certificate, self.key, folder)?;
        Ok(Listener { bind: Bind::Address(self.address), tls })
    }
}

impl AppsFile {
    fn read(self) -> Result<Apps, ConfigError> {
        let form = |field, expected| ConfigError::Form { field, expected };
        let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !self.apple.iter().all(|id| is_name(id) && id.contains('.')) {
            return Err(form("apps.apple", "a team id, a dot, a bundle id"));
        }
        let android = self.android.into_iter().map(|app| {
            if !is_name(&app.package) {
                return Err(form("apps.android.package", "a package name"));
            }
            if app.certificates.is_empty() || !app.certificates.iter().all(|digest| is_fingerprint(digest)) {
                return Err(form("apps.android.certificates", "SHA-256 digests: 32 pairs of 0-9 and A-F with colons"));
            }
            Ok(AndroidApp { package: app.package, certificates: app.certificates })
        });
        Ok(Apps { android: android.collect::<Result<_, _>>()?, apple: self.apple })
    }
}

fn is_fingerprint(text: &str) -> bool {
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    text.split(':').count() == 32 && text.split(':').all(is_pair)
}

fn key_ring(keys: &[RingKeyFile], folder: Folder<'_>) -> Result<KeyRing, ConfigError> {
    let read = |entry: &RingKeyFile| Ok((entry.id.clone(), entry.key.key("key-ring", folder.path, folder.environ)?));
    let keys: Vec<_> = keys.iter().map(read).collect::<Result<_, ConfigError>>()?;
    let ring = KeyRing::new(keys.iter().map(|(id, key)| (id.clone(), &**key)));
    ring.map_err(|_| ConfigError::Form { field: "key-ring", expected: "keys, newest first, each with its own short id" })
}

fn certificates(field: &'static str, path: &str, folder: Folder<'_>) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let text = secret::read(field, &folder.path.join(path), false)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    chain.ok_or(ConfigError::Form { field, expected: "certificates in PEM" })
}

fn certified(
    [chain_field, key_field]: [&'static str; 2],
    chain: Option<String>,
    key: Option<Source>,
    folder: Folder<'_>,
) -> Result<Option<Certified>, ConfigError> {
    match (chain, key) {
        (None, None) => Ok(None),
        (Some(chain), Some(key)) => {
            let chain = certificates(chain_field, &chain, folder)?;
            let text = key.read(key_field, folder.path, folder.environ)?;
            let key = PrivateKeyDer::from_pem_slice(text.as_bytes());
            let key = key.map_err(|_| ConfigError::Form { field: key_field, expected: "a private key in PEM" })?;
            Ok(Some(Certified { chain, key }))
        }
        (Some(_), None) => Err(ConfigError::Form { field: key_field, expected: "the key of the certificate" }),
        (None, Some(_)) => Err(ConfigError::Form { field: chain_field, expected: "the certificate of the key" }),
    }
}

impl LimitsFile {
    fn read(self) -> Result<Limits, ConfigError> {
        let mut limits = Limits::default();
        for (name, value) in self.0 {
            let (seconds, whole) = (Duration::from_secs(value.into()), usize::try_from(value).unwrap_or(usize::MAX));
            let milliseconds = Duration::from_millis(value.into());
            match name.as_str() {
                "sessions" => limits.sessions = whole,
                "life" => limits.life = seconds,
                "callback-wait" => limits.callback_wait = seconds,
                "hand-over" => limits.hand_over = seconds,
                "burst" => limits.burst = value,
                "per-second" => limits.per_second = value,
                "connections" => limits.connections = whole,
                "fetches" => limits.fetches = whole,
                "headers" => limits.headers = seconds,
                "body" => limits.body = seconds,
                "connection" => limits.connection = seconds,
                "connect" => limits.connect = seconds,
                "call" => limits.call = seconds,
                "step" => limits.step = seconds,
                "attempts" => limits.attempts = value,
                "pause-ms" => limits.pause = milliseconds,
                "callback-patience-ms" => limits.callback_patience = milliseconds,
                "notice" => limits.notice = seconds,
                "stop" => limits.stop = seconds,
                "keeping" => limits.keeping = seconds,
                "sweep" => limits.sweep = seconds,
                _ => return Err(ConfigError::Form { field: "limits", expected: "a limit of this name is not known" }),
            }
        }
        Ok(limits)
    }
}
