//! The names of Mynaportal: endpoints, telegram types, parameters, each with the mark of its source. They stand in
//! `data/mynaportal.toml` and nowhere else.

use std::sync::LazyLock;

use serde::Deserialize;

const FILE: &str = include_str!("../data/mynaportal.toml");

/// How a name is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Source {
    /// Read in a public implementation or an official page.
    #[serde(rename = "read")]
    Read,
    /// An official page seen only in part.
    #[serde(rename = "excerpt")]
    Excerpt,
    /// Somebody's claim.
    #[serde(rename = "third party")]
    ThirdParty,
    /// General knowledge, unverified.
    #[serde(rename = "recalled")]
    Recalled,
    /// Our own choice where nothing is known.
    #[serde(rename = "ours")]
    Ours,
}

/// A name with its source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced<T = String> {
    /// The name.
    pub value: T,
    /// How it is known.
    pub source: Source,
}

/// A host that is one thing in the test environment and another in production.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hosts {
    /// Test or sandbox.
    pub test: Sourced,
    /// Production.
    pub production: Sourced,
}

/// デジタル認証アプリ. Paths follow the issuer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the parameter or endpoint of its name")]
pub struct IdentityNames {
    pub issuer: Hosts,
    pub authorize: Sourced,
    pub token: Sourced,
    pub userinfo: Sourced,
    pub certs: Sourced,
    pub scope: Sourced,
    pub acr_values: Sourced,
    pub assertion_seconds: Sourced<u32>,
}

/// 自己情報取得API. `app` is the browser's host, `sp` the relay's; paths follow them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the parameter or endpoint of its name")]
pub struct PortalNames {
    pub app: Hosts,
    pub sp: Hosts,
    pub authorize: Sourced,
    pub token: Sourced,
    pub request: Sourced,
    pub result: Sourced,
    pub login_type: Sourced,
    pub request_telegram: Sourced,
    pub ready_telegram_answer: Sourced,
    pub result_telegram: Sourced,
    pub mode: Sourced,
    pub callback_seconds: Sourced<u32>,
    pub maintenance_status: Sourced<u16>,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Day of the list.
    pub edition: String,
    /// デジタル認証アプリ.
    pub identity: IdentityNames,
    /// 自己情報取得API.
    pub portal: PortalNames,
}

/// The file did not parse: a mistake of ours, found by this crate's own test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the list of Mynaportal's names is not readable")]
pub struct BadNames;

static NAMES: LazyLock<Result<Names, BadNames>> = LazyLock::new(|| basic_toml::from_str(FILE).map_err(|_| BadNames));

/// The names.
///
/// # Errors
/// [`BadNames`], never in a build whose tests passed.
pub fn names() -> Result<&'static Names, BadNames> {
    NAMES.as_ref().map_err(|error| *error)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_list_is_readable_and_every_host_is_https() {
        let names = names().unwrap();
        for hosts in [&names.identity.issuer, &names.portal.app, &names.portal.sp] {
            for host in [&hosts.test, &hosts.production] {
                assert!(host.value.starts_with("https://") && !host.value.ends_with('/'), "{}", host.value);
            }
        }
        assert!(names.identity.scope.value.split(' ').any(|scope| scope == "openid"));
    }
}
