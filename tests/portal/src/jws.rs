//! JSON Web Signatures with ES256 (RFC 7515, 7518): the ID tokens the stand-in signs and the client assertions it
//! checks. Just these; the relay uses a library, so that no mistake here is made on both sides.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey},
};
use serde_json::{Map, Value, json};

use crate::error::StandInError;

/// A P-256 key that signs, with the name it has in `certs`.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    id: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

impl SigningKey {
    /// A new random key.
    pub fn make(id: &str) -> Result<Self, StandInError> {
        let fails = |_| StandInError::Certificate("signing key");
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(fails)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random)
            .map_err(|_| StandInError::Certificate("signing key"))?;
        Ok(Self { pair, pkcs8: document.as_ref().to_vec(), id: id.to_owned() })
    }

    /// The public key: 65 bytes, an uncompressed point.
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// The private key, PKCS#8 DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The private key, PKCS#8 PEM.
    pub fn pem(&self) -> String {
        let text = base64::engine::general_purpose::STANDARD.encode(&self.pkcs8);
        let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    }

    /// As in a JWKS.
    pub fn jwk(&self) -> Value {
        let coordinates = self.public().get(1..).unwrap_or_default();
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        })
    }

    /// Signs claims.
    pub fn sign(&self, claims: &Value) -> Result<String, StandInError> {
        let text = self.signed_part("ES256", claims);
        let signature =
            self.pair.sign(&SystemRandom::new(), text.as_bytes()).map_err(|_| StandInError::Certificate("signature of a token"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Claims that nobody signed: `alg: none`.
    pub fn leave_unsigned(&self, claims: &Value) -> String {
        format!("{}.", self.signed_part("none", claims))
    }

    /// Claims under HS256 with the public key as the secret: what a careless verifier accepts.
    pub fn sign_symmetric(&self, claims: &Value) -> String {
        let text = self.signed_part("HS256", claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.public()), text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    fn signed_part(&self, algorithm: &str, claims: &Value) -> String {
        let header = json!({ "alg": algorithm, "typ": "JWT", "kid": self.id });
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
    }
}

/// The claims of `token` if `key` (an uncompressed point) signed it with ES256; else why not.
pub(crate) fn verify(token: &str, key: &[u8]) -> Result<Map<String, Value>, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("not a JWS")?;
    let (header, claims) = signed.split_once('.').ok_or("not a JWS")?;
    let read = |part: &str| -> Option<Map<String, Value>> {
        serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?.as_object().cloned()
    };
    let header = read(header).ok_or("not a JWS")?;
    if header.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err("not ES256");
    }
    if header.contains_key("crit") {
        return Err("unknown critical header");
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "not a JWS")?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(signed.as_bytes(), &signature).map_err(|_| "signature does not fit")?;
    read(claims).ok_or("claims are not an object")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_signature_fits_its_key_and_its_words_only() {
        let (key, other) = (SigningKey::make("1").unwrap(), SigningKey::make("2").unwrap());
        let token = key.sign(&json!({ "iss": "見本" })).unwrap();
        assert_eq!(verify(&token, key.public()).unwrap().get("iss"), Some(&json!("見本")));
        assert_eq!(verify(&token, other.public()), Err("signature does not fit"));
        let forged = other.sign(&json!({ "iss": "見本二" })).unwrap();
        let mixed = format!("{}.{}", forged.rsplit_once('.').unwrap().0, token.rsplit_once('.').unwrap().1);
        assert_eq!(verify(&mixed, key.public()), Err("signature does not fit"));
        assert_eq!(verify(&key.leave_unsigned(&json!({})), key.public()), Err("not ES256"));
        assert_eq!(verify(&key.sign_symmetric(&json!({})), key.public()), Err("not ES256"));
    }
}
