//! The profile of a relay: a TOML file by which a phone knows whom it talks to. The shells carry their operator's; the
//! command line is given one; the stand-in writes one.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{
    PublicKey,
    names::{BadNames, names},
};

/// Longest keeping that a profile may say, in seconds.
pub const LONGEST_KEEPING: u32 = 3600;

/// Which Mynaportal the relay talks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
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
    },
}

/// As a profile writes it: a word, or a table under `stand-in`.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(String),
    #[serde(rename_all = "kebab-case")]
    Table {
        stand_in: StandIn,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StandIn {
    issuer: Url,
    app: Url,
}

impl TryFrom<Written> for Environment {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Word(word) if word == "test" => Ok(Self::Test),
            Written::Word(word) if word == "production" => Ok(Self::Production),
            Written::Word(_) => Err("test, production, or a table stand-in"),
            Written::Table { stand_in: StandIn { issuer, app } } => Ok(Self::StandIn { issuer, app }),
        }
    }
}

impl From<Environment> for Written {
    fn from(environment: Environment) -> Self {
        match environment {
            Environment::Test => Self::Word("test".to_owned()),
            Environment::Production => Self::Word("production".to_owned()),
            Environment::StandIn { issuer, app } => Self::Table { stand_in: StandIn { issuer, app } },
        }
    }
}

/// Who runs the relay, sees the answer in passing, and is named when consent is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Name in Japanese.
    pub ja: String,
    /// Name in English.
    pub en: String,
    /// Where a person can write to or call.
    pub contact: String,
}

/// A service id and the item set that was registered for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Two letters and four digits.
    pub id: String,
    /// Consent items, by their ids.
    pub items: Vec<String>,
}

/// A group of an answer (特定個人情報名) and the consent item it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The name as it stands in answers.
    pub name: String,
    /// 特定個人情報名コード, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Consent item, by its id.
    pub item: String,
    /// How that is known.
    pub source: String,
}

/// What a phone knows of a relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Which portal.
    pub environment: Environment,
    /// Who runs the relay.
    pub operator: Operator,
    /// The phone's API, without a path.
    pub api: Url,
    /// The registered redirect address.
    pub redirect: Url,
    /// The relay's static key, base64url: what is not sealed by it is not opened.
    pub seal: PublicKey,
    /// Our own roots as PEM, the second in reserve. The API's certificate must lead to one of them; nothing else counts.
    pub roots: Vec<String>,
    /// How long the relay keeps anything of a session at most, in seconds: 1 to [`LONGEST_KEEPING`]. A person is told this
    /// when consent is asked; the relay's configuration is held to it.
    pub keeping_seconds: u32,
    /// Client id at デジタル認証アプリ.
    pub identity_client: String,
    /// Service provider id: `SP` and 8 digits.
    pub provider: String,
    /// Service ids and their item sets.
    #[serde(rename = "service")]
    pub services: Vec<Service>,
    /// Groups of answers and their items.
    #[serde(rename = "group", default)]
    pub groups: Vec<Group>,
}

/// Why a profile is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProfile {
    /// Not TOML, or a field is missing, unknown or of another form.
    #[error("the profile is not readable")]
    Unreadable,
    /// An address is not https, or has a user, a query or a fragment.
    #[error("{0}: not a plain https address")]
    Address(&'static str),
    /// No root, or one that is no PEM certificate.
    #[error("roots: not a certificate")]
    Root,
    /// No service, an id of another form, or a service without items.
    #[error("service: not two letters and four digits with at least one item")]
    Service,
    /// Not `SP` and 8 digits.
    #[error("provider: not SP and 8 digits")]
    Provider,
    /// Kept for no time, or for more than [`LONGEST_KEEPING`].
    #[error("keeping_seconds: not between 1 and 3600")]
    Keeping,
    /// Nobody is named as the operator.
    #[error("operator: a name in Japanese and in English and a contact are needed")]
    Operator,
}

impl Profile {
    /// Reads and checks a profile.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn read(text: &str) -> Result<Self, BadProfile> {
        let profile: Self = basic_toml::from_str(text).map_err(|_| BadProfile::Unreadable)?;
        profile.check()?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), BadProfile> {
        address("api", &self.api, false)?;
        address("redirect", &self.redirect, false)?;
        if let Environment::StandIn { issuer, app } = &self.environment {
            // A stand-in may run without TLS, but then on this machine only.
            address("issuer", issuer, true)?;
            address("app", app, true)?;
        }
        if self.roots.is_empty() || !self.roots.iter().all(|root| root.contains("-----BEGIN CERTIFICATE-----")) {
            return Err(BadProfile::Root);
        }
        if self.services.is_empty() || self.services.iter().any(|service| service.items.is_empty() || !is_service(&service.id)) {
            return Err(BadProfile::Service);
        }
        if !(1..=LONGEST_KEEPING).contains(&self.keeping_seconds) {
            return Err(BadProfile::Keeping);
        }
        if !is_provider(&self.provider) {
            return Err(BadProfile::Provider);
        }
        if [&self.operator.ja, &self.operator.en, &self.operator.contact].iter().any(|text| text.trim().is_empty()) {
            return Err(BadProfile::Operator);
        }
        Ok(())
    }

    /// The address of デジタル認証アプリ that the browser opens, without parameters.
    ///
    /// # Errors
    /// [`BadNames`], never in a build whose tests passed.
    pub fn identity_authorize(&self) -> Result<Url, BadNames> {
        let names = &names()?.identity;
        let base = match &self.environment {
            Environment::Test => names.issuer.test.value.as_str(),
            Environment::Production => names.issuer.production.value.as_str(),
            Environment::StandIn { issuer, .. } => issuer.as_str(),
        };
        join(base, &names.authorize.value)
    }

    /// The portal's address that the browser opens, without parameters.
    ///
    /// # Errors
    /// [`BadNames`], never in a build whose tests passed.
    pub fn portal_authorize(&self) -> Result<Url, BadNames> {
        let names = &names()?.portal;
        let base = match &self.environment {
            Environment::Test => names.app.test.value.as_str(),
            Environment::Production => names.app.production.value.as_str(),
            Environment::StandIn { app, .. } => app.as_str(),
        };
        join(base, &names.authorize.value)
    }

    /// The client id at the portal for a service: `SP99999999_ST0001`.
    pub fn portal_client(&self, service: &str) -> String {
        format!("{}_{service}", self.provider)
    }
}

fn join(base: &str, path: &str) -> Result<Url, BadNames> {
    Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).map_err(|_| BadNames)
}

/// Whether this is a service provider's id: `SP` and 8 digits.
pub fn is_provider(id: &str) -> bool {
    id.strip_prefix("SP").is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether this is a service id: two letters and four digits.
pub fn is_service(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.len() == 6 && bytes.iter().take(2).all(u8::is_ascii_uppercase) && bytes.iter().skip(2).all(u8::is_ascii_digit)
}

/// Whether an address leads to the machine it is opened on.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether an address has neither user nor password, query nor fragment.
pub fn is_plain(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none()
}

fn address(field: &'static str, url: &Url, loopback_may_be_plain: bool) -> Result<(), BadProfile> {
    let is_safe = url.scheme() == "https" || (loopback_may_be_plain && url.scheme() == "http" && is_loopback(url));
    if is_safe && is_plain(url) && url.has_host() { Ok(()) } else { Err(BadProfile::Address(field)) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn text() -> String {
        format!(
            r#"
api = "https://api.example.jp"
redirect = "https://www.example.jp/redirect"
seal = "{}"
roots = ["-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"]
keeping_seconds = 1800
identity_client = "RP00000001"
provider = "SP99999999"
[environment.stand-in]
issuer = "http://127.0.0.1:8081/api/realms/main"
app = "http://127.0.0.1:8080"
[operator]
ja = "見本の運営者"
en = "A sample operator"
contact = "contact@example.jp"
[[service]]
id = "ST0001"
items = ["checkup", "vaccination"]
"#,
            PublicKey::from_bytes([9; 32])
        )
    }

    #[test]
    fn a_profile_reads_and_writes_back() {
        let profile = Profile::read(&text()).unwrap();
        assert_eq!(Profile::read(&toml::to_string(&profile).unwrap()), Ok(profile.clone()));
        assert_eq!(profile.portal_client("ST0001"), "SP99999999_ST0001");
        assert_eq!(profile.portal_authorize().unwrap().as_str(), "http://127.0.0.1:8080/online-authorization-web/oauth/authorize");
        let real = Profile { environment: Environment::Production, ..profile };
        assert_eq!(Profile::read(&toml::to_string(&real).unwrap()), Ok(real));
        let production = Profile::read(&text().replace("[environment.stand-in]", "[ignored]")).err();
        assert_eq!(production, Some(BadProfile::Unreadable));
    }

    #[test]
    fn what_is_unsafe_is_refused_by_name() {
        let refused = |from: &str, to: &str| Profile::read(&text().replace(from, to)).err();
        assert_eq!(refused("https://api.example.jp", "http://api.example.jp"), Some(BadProfile::Address("api")));
        assert_eq!(refused("https://api.example.jp", "http://127.0.0.1"), Some(BadProfile::Address("api")));
        assert_eq!(refused("https://www.example.jp/redirect", "https://user@example.jp/"), Some(BadProfile::Address("redirect")));
        assert_eq!(refused("http://127.0.0.1:8080", "http://example.jp"), Some(BadProfile::Address("app")));
        assert_eq!(refused("-----BEGIN CERTIFICATE-----", ""), Some(BadProfile::Root));
        assert_eq!(refused("ST0001", "st0001"), Some(BadProfile::Service));
        assert_eq!(refused("SP99999999", "SP9999999x"), Some(BadProfile::Provider));
        assert_eq!(refused("見本の運営者", " "), Some(BadProfile::Operator));
        for seconds in ["0", "3601"] {
            assert_eq!(refused("keeping_seconds = 1800", &format!("keeping_seconds = {seconds}")), Some(BadProfile::Keeping));
        }
        assert_eq!(refused("keeping_seconds = 1800", "keeping_seconds = 3600"), None);
        assert_eq!(refused("keeping_seconds = 1800", ""), Some(BadProfile::Unreadable));
        assert_eq!(refused("provider", "provided"), Some(BadProfile::Unreadable));
    }
}
