//! The keys the person trusts: issuers' published key sets (JWKS), and the instant cards are checked against.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::json;
use crate::formats::{Fault, FormatError};

/// Issuers' public keys by key id. Only P-256 keys for ES256 whose id is their own RFC 7638 thumbprint are taken.
#[derive(Clone, Debug)]
pub struct KeySet {
    checked_at: i64,
    keys: BTreeMap<String, Key>,
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The public point, uncompressed: 0x04, x, y.
    pub(super) point: Vec<u8>,
    /// Whose key it is; empty where nobody said, and then it is anybody's.
    pub(super) issuers: BTreeSet<String>,
}

/// What a key set contributed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Keys that can be used.
    pub usable: usize,
    /// Keys left out: another curve or use, a wrong id, a private part, broken.
    pub skipped: usize,
}

impl KeySet {
    /// A set without keys. Cards are checked to be in force at `checked_at`, in seconds since 1970-01-01 UTC; formats
    /// read no clock.
    pub const fn new(checked_at: i64) -> Self {
        Self { checked_at, keys: BTreeMap::new() }
    }

    /// Adds the keys of a JWKS, `{"keys": […]}`.
    ///
    /// `issuer` is the address the keys were published under, where that is known: they then vouch for that issuer's
    /// cards only.
    pub fn add(&mut self, jwks: &str, issuer: Option<&str>) -> Result<Added, FormatError> {
        let place = "key set";
        let value = json::parse(jwks.trim_start_matches('\u{FEFF}').as_bytes(), place)?;
        let keys = value.get("keys").ok_or_else(|| FormatError::Malformed { place: place.to_owned(), fault: Fault::Missing })?;
        let keys = keys.as_array().ok_or_else(|| FormatError::Malformed { place: place.to_owned(), fault: Fault::Type })?;
        let mut added = Added::default();
        for key in keys {
            let Some((id, point)) = usable(key) else {
                added.skipped += 1;
                continue;
            };
            added.usable += 1;
            let entry = self.keys.entry(id).or_insert_with(|| Key { point, issuers: BTreeSet::new() });
            entry.issuers.extend(issuer.map(str::to_owned));
        }
        Ok(added)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) const fn checked_at(&self) -> i64 {
        self.checked_at
    }

    pub(super) fn key(&self, id: &str) -> Option<&Key> {
        self.keys.get(id)
    }
}

/// The id and the point of a key we can use.
fn usable(key: &Value) -> Option<(String, Vec<u8>)> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let absent_or = |name: &str, expected: &str| key.get(name).is_none_or(|value| value.as_str() == Some(expected));
    let is_public = text("kty") == Some("EC") && text("crv") == Some("P-256") && key.get("d").is_none();
    if !is_public || !absent_or("use", "sig") || !absent_or("alg", "ES256") {
        return None;
    }
    let (kid, x, y) = (text("kid")?, text("x")?, text("y")?);
    let coordinate = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
    let point = [vec![4], coordinate(x)?, coordinate(y)?].concat();
    (kid == thumbprint(x, y)).then(|| (kid.to_owned(), point))
}

/// RFC 7638: SHA-256 over the required members in lexical order. The coordinates were decoded strictly, so they hold
/// nothing that JSON would escape.
fn thumbprint(x: &str, y: &str) -> String {
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    // The published example key of the health cards framework (its id is the thumbprint of these coordinates).
    const X: &str = "11XvRWy1I2S0EyJlyf_bWfw_TQ5CJJNLw78bHXNxcgw";
    const Y: &str = "eZXwxvO1hvCY0KucrPfKo7yAyMT6Ajc3N7OkAB6VYy8";
    const ID: &str = "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s";

    fn jwk(change: &[(&str, &str)]) -> String {
        let mut key = serde_json::json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": ID, "x": X, "y": Y});
        for (name, value) in change {
            key.as_object_mut().unwrap().insert((*name).to_owned(), Value::from(*value));
        }
        key.to_string()
    }

    #[test]
    fn a_published_key_is_taken_and_its_id_is_its_thumbprint() {
        assert_eq!(thumbprint(X, Y), ID);
        let mut keys = KeySet::new(0);
        assert_eq!(keys.add(&format!(r#"{{"keys":[{}]}}"#, jwk(&[])), None), Ok(Added { usable: 1, skipped: 0 }));
        assert_eq!(keys.len(), 1);
    }

    #[test]
    fn unusable_keys_are_skipped_and_counted() {
        let bad = [
            jwk(&[("crv", "P-384")]),
            jwk(&[("kty", "RSA")]),
            jwk(&[("use", "enc")]),
            jwk(&[("alg", "RS256")]),
            jwk(&[("kid", "another")]),
            jwk(&[("d", "secret")]),
            jwk(&[("x", "AAAA")]),
            "7".to_owned(),
        ];
        let mut keys = KeySet::new(0);
        let jwks = format!(r#"{{"keys":[{}]}}"#, bad.join(","));
        assert_eq!(keys.add(&jwks, None), Ok(Added { usable: 0, skipped: bad.len() }));
        assert!(keys.is_empty());
    }

    #[test]
    fn what_is_no_key_set_is_refused() {
        let mut keys = KeySet::new(0);
        for text in ["", "[]", "{}", r#"{"keys":7}"#] {
            assert!(keys.add(text, None).is_err(), "{text}");
        }
    }
}
