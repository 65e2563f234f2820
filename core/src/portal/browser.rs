//! The browser's part: the addresses it opens, and the address it comes back to. Coming back is strict: what is not
//! exactly ours is foreign, and changes nothing.

use std::collections::BTreeSet;

use techo_protocol::{
    SecretText, State,
    message::{LOOPBACK_PATH, Return},
    names::{BadNames, names},
    profile::Profile,
    seal::Leg,
};
use url::{Host, Url};

use super::{End, end::code_of, wire::Round};

/// Longest address that is looked at.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// Longest one-time code.
const LONGEST_CODE: usize = 2 * 1024;

/// The address is not the one this leg waits for: of another session or leg, seen before, late, or not ours at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address is not the one this fetch waits for")]
pub struct ForeignRedirect;

/// What the browser brought.
#[derive(Debug)]
pub(super) enum Returned {
    /// A one-time code.
    Code(SecretText),
    /// An error instead.
    Error(End),
}

/// The address to open for a leg.
pub(super) fn address(round: &Round, leg: Leg, profile: &Profile) -> Result<Url, BadNames> {
    let names = names()?;
    let (mut url, client, state) = match leg {
        Leg::Identity => (profile.identity_authorize()?, profile.identity_client.clone(), &round.identity_state),
        Leg::Result => (profile.portal_authorize()?, profile.portal_client(&round.service), &round.authorization_state),
    };
    let state = state.to_text();
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", &client);
        query.append_pair("redirect_uri", profile.redirect.as_str());
        query.append_pair("state", &state);
        match leg {
            Leg::Identity => {
                query.append_pair("scope", &names.identity.scope.value);
                query.append_pair("nonce", &round.nonce.to_text());
                query.append_pair("code_challenge", &round.verifier.challenge());
                query.append_pair("code_challenge_method", "S256");
                query.append_pair("acr_values", &names.identity.acr_values.value);
            }
            Leg::Result => {
                query.append_pair("login_type", &names.portal.login_type.value);
            }
        }
    }
    Ok(url)
}

/// Reads the address the browser came back to. `state` is the one the leg was opened with.
pub(super) fn read_return(address: &str, registered: &Url, back: Return, state: &State) -> Result<Returned, ForeignRedirect> {
    if address.len() > LONGEST_ADDRESS {
        return Err(ForeignRedirect);
    }
    let url = Url::parse(address.trim()).map_err(|_| ForeignRedirect)?;
    if !is_ours(&url, registered, back) {
        return Err(ForeignRedirect);
    }
    let mut seen = BTreeSet::new();
    let (mut code, mut error, mut description, mut own_state) = (None, None, None, None);
    for (name, value) in url.query_pairs() {
        // Twice the same parameter, and two readers could each believe another one.
        if !seen.insert(name.clone().into_owned()) {
            return Err(ForeignRedirect);
        }
        match &*name {
            "code" => code = Some(SecretText::new(value.into_owned())),
            "error" => error = Some(value.into_owned()),
            "error_description" => description = Some(value.into_owned()),
            "state" => own_state = Some(SecretText::new(value.into_owned())),
            // The identity service adds session_state; what else is added says nothing to us.
            _ => {}
        }
    }
    if !own_state.is_some_and(|own| state.is(own.as_str())) {
        return Err(ForeignRedirect);
    }
    match (code, error) {
        (Some(code), None) if is_code(code.as_str()) => Ok(Returned::Code(code)),
        (None, Some(error)) => Ok(Returned::Error(end_of(&error, description.as_deref().unwrap_or_default()))),
        _ => Err(ForeignRedirect),
    }
}

fn is_ours(url: &Url, registered: &Url, back: Return) -> bool {
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let is_where_we_wait = match back {
        Return::AppLink => {
            url.scheme() == registered.scheme()
                && url.host() == registered.host()
                && url.port_or_known_default() == registered.port_or_known_default()
                && url.path() == registered.path()
        }
        Return::Loopback { port } => {
            url.scheme() == "http" && is_loopback(url) && url.port_or_known_default() == Some(port) && url.path() == LOOPBACK_PATH
        }
    };
    is_plain && is_where_we_wait
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// RFC 6749 A.11: printable ASCII.
fn is_code(code: &str) -> bool {
    (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// What an error of the browser leg means. `access_denied` and an error about an expired certificate are known
/// (specification §1.1, IF001-02); in which parameter the latter stands is not, so both are looked at.
fn end_of(error: &str, description: &str) -> End {
    let words = format!("{error} {description}").to_ascii_lowercase();
    if words.contains("certificate") && words.contains("expired") {
        return End::CardExpired;
    }
    match error {
        "access_denied" => End::Refused,
        // RFC 6749 4.1.2.1: temporary overloading or maintenance of the server.
        "temporarily_unavailable" => End::Maintenance,
        other => End::BrowserFailed { code: code_of(other) },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    const APP: &str = "https://www.example.jp/redirect";

    fn read(address: &str, back: Return, state: &State) -> Result<Returned, ForeignRedirect> {
        read_return(address, &Url::parse(APP).unwrap(), back, state)
    }

    #[test]
    fn a_code_comes_back_to_the_app_or_to_the_loopback_port() {
        let state = State::make().unwrap();
        let query = format!("code=a%2Bb&state={}&session_state=x", *state.to_text());
        for (place, back) in [
            (APP, Return::AppLink),
            ("https://www.example.jp:443/redirect", Return::AppLink),
            ("http://127.0.0.1:49152/techo", Return::Loopback { port: 49_152 }),
            ("http://[::1]:49152/techo", Return::Loopback { port: 49_152 }),
        ] {
            let Returned::Code(code) = read(&format!("{place}?{query}"), back, &state).unwrap() else { panic!() };
            assert_eq!(code.as_str(), "a+b");
        }
    }

    #[test]
    fn what_is_not_exactly_ours_is_foreign() {
        let (state, other) = (State::make().unwrap(), State::make().unwrap());
        let (own, foreign) = (state.to_text(), other.to_text());
        let (own, foreign) = (own.as_str(), foreign.as_str());
        let loopback = Return::Loopback { port: 49_152 };
        for (address, back) in [
            (format!("{APP}?code=c&state={foreign}"), Return::AppLink),
            (format!("{APP}?code=c"), Return::AppLink),
            (format!("{APP}?state={own}"), Return::AppLink),
            (format!("{APP}?code=&state={own}"), Return::AppLink),
            (format!("{APP}?code=c&error=access_denied&state={own}"), Return::AppLink),
            (format!("{APP}?code=c&state={own}&state={own}"), Return::AppLink),
            (format!("{APP}?code=c&code=d&state={own}"), Return::AppLink),
            (format!("{APP}?x=1&x=2&code=c&state={own}"), Return::AppLink),
            (format!("{APP}?code=c%0d&state={own}"), Return::AppLink),
            (format!("{APP}/?code=c&state={own}"), Return::AppLink),
            (format!("{APP}?code=c&state={own}#fragment"), Return::AppLink),
            (format!("https://user@www.example.jp/redirect?code=c&state={own}"), Return::AppLink),
            (format!("http://www.example.jp/redirect?code=c&state={own}"), Return::AppLink),
            (format!("https://www.example.jp:8443/redirect?code=c&state={own}"), Return::AppLink),
            (format!("https://www.example.com/redirect?code=c&state={own}"), Return::AppLink),
            (format!("techo:/redirect?code=c&state={own}"), Return::AppLink),
            (format!("http://127.0.0.1:49152/techo?code=c&state={own}"), Return::AppLink),
            (format!("{APP}?code=c&state={own}"), loopback),
            (format!("http://127.0.0.1:49153/techo?code=c&state={own}"), loopback),
            (format!("http://192.0.2.1:49152/techo?code=c&state={own}"), loopback),
            (format!("http://127.0.0.1:49152/redirect?code=c&state={own}"), loopback),
            (format!("{APP}?code={}&state={own}", "c".repeat(LONGEST_CODE + 1)), Return::AppLink),
            (format!("{APP}?code=c&state={own}&pad={}", "p".repeat(LONGEST_ADDRESS)), Return::AppLink),
            (String::new(), Return::AppLink),
        ] {
            assert_eq!(read(&address, back, &state).err(), Some(ForeignRedirect), "{address}");
        }
    }

    #[test]
    fn an_error_is_told_by_what_it_means() {
        let state = State::make().unwrap();
        for (query, end) in [
            ("error=access_denied", End::Refused),
            ("error=server_error&error_description=Certificate+expired", End::CardExpired),
            ("error=Certificate%20expired", End::CardExpired),
            ("error=temporarily_unavailable", End::Maintenance),
            ("error=invalid_request&error_description=%E8%8A%B1%E5%AD%90", End::BrowserFailed { code: "invalid_request".to_owned() }),
        ] {
            let Returned::Error(found) = read(&format!("{APP}?{query}&state={}", *state.to_text()), Return::AppLink, &state).unwrap()
            else {
                panic!("{query}")
            };
            assert_eq!(found, end);
        }
        assert!(read(&format!("{APP}?error=access_denied"), Return::AppLink, &state).is_err(), "an error needs the state as well");
    }
}
