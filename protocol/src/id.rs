//! Random values that name or prove something: a session, its secret, a state, a nonce, a PKCE verifier. Shown and sent
//! as base64url without padding. The secret ones cannot be printed or cloned and are wiped when dropped.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The text is not base64url of the right length, or the system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token of the right form")]
pub struct BadToken;

fn decode<const LENGTH: usize>(text: &str) -> Result<[u8; LENGTH], BadToken> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| BadToken)?);
    bytes.as_slice().try_into().map_err(|_| BadToken)
}

fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], BadToken> {
    let mut bytes = [0; LENGTH];
    SystemRandom::new().fill(&mut bytes).map_err(|_| BadToken)?;
    Ok(bytes)
}

/// Values that may be shown: they name or bind, and open nothing.
macro_rules! open {
    ($($(#[$doc:meta])* $name:ident: $length:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// The value of these bytes.
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = BadToken;

            fn from_str(text: &str) -> Result<Self, BadToken> {
                decode(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

open! {
    /// Names one fetch, 128 random bits drawn by the phone, so that a start that is repeated is the same start.
    SessionId: 16;
    /// SHA-256 of a secret or a token: what the relay keeps instead of it.
    Digest: 32;
    /// Salted SHA-256 of the consent that was given: binds a result to it and says nothing about it.
    GrantDigest: 32;
    /// An X25519 public key.
    PublicKey: 32;
}

impl SessionId {
    /// A new random id.
    ///
    /// # Errors
    /// [`BadToken`] when the system has no random bytes.
    pub fn make() -> Result<Self, BadToken> {
        random().map(Self)
    }
}

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0; 32];
        out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
        Self(out)
    }

    /// Whether this is the digest of `bytes`, in a time that tells nothing.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.0.ct_eq(&Self::of(bytes).0).into()
    }
}

impl GrantDigest {
    /// The digest of a consent's canonical bytes under a random salt that never leaves the phone.
    pub fn of(salt: &[u8; 32], grant: &[u8]) -> Self {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        context.update(b"techo grant 1");
        context.update(salt);
        context.update(grant);
        let mut out = [0; 32];
        out.copy_from_slice(context.finish().as_ref());
        Self(out)
    }
}

/// Values that prove or open something: 256 random bits.
macro_rules! secret {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name(Zeroizing<[u8; 32]>);

        impl $name {
            /// A new random one.
            ///
            /// # Errors
            /// [`BadToken`] when the system has no random bytes.
            pub fn make() -> Result<Self, BadToken> {
                random().map(|bytes| Self(Zeroizing::new(bytes)))
            }

            /// The text that travels: base64url, 43 characters.
            pub fn to_text(&self) -> Zeroizing<String> {
                Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0))
            }

            /// The digest of the text, which the other side may keep.
            pub fn digest(&self) -> Digest {
                Digest::of(self.to_text().as_bytes())
            }

            /// Whether `text` is this one, in a time that tells nothing.
            pub fn is(&self, text: &str) -> bool {
                self.to_text().as_bytes().ct_eq(text.as_bytes()).into()
            }
        }

        impl FromStr for $name {
            type Err = BadToken;

            fn from_str(text: &str) -> Result<Self, BadToken> {
                decode(text).map(|bytes| Self(Zeroizing::new(bytes)))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_text())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Zeroizing::new(String::deserialize(deserializer)?).parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

secret! {
    /// Proves to the relay that a request comes from the phone that began the session. The relay keeps its digest only.
    SessionSecret;
    /// OAuth `state` of one browser leg. Single use, bound to the session.
    State;
    /// OpenID Connect `nonce` of the identity leg.
    Nonce;
    /// PKCE code verifier (RFC 7636) of the identity leg.
    CodeVerifier;
}

/// Text that somebody else made and that nobody may print: a one-time code, a name. Wiped when dropped.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

impl CodeVerifier {
    /// The S256 code challenge: base64url of the SHA-256 of the verifier's text.
    pub fn challenge(&self) -> String {
        self.digest().to_string()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_challenge_agrees_with_the_example_of_rfc_7636() {
        let verifier: CodeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".parse().unwrap();
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn no_secret_prints_itself_and_every_one_reads_back() {
        let secret = SessionSecret::make().unwrap();
        assert_eq!(format!("{secret:?}{:?}", SecretText::new("canary".to_owned())), "SessionSecret(..)SecretText(..)");
        assert!(secret.to_text().parse::<SessionSecret>().unwrap().is(&secret.to_text()));
        assert!(secret.digest().is_of(secret.to_text().as_bytes()));
        assert!(!secret.is(&State::make().unwrap().to_text()));
        assert_eq!("short".parse::<State>().err(), Some(BadToken));
    }

    #[test]
    fn a_grant_digest_depends_on_its_salt() {
        assert_ne!(GrantDigest::of(&[0; 32], b"grant"), GrantDigest::of(&[1; 32], b"grant"));
        assert_ne!(SessionId::make().unwrap(), SessionId::make().unwrap());
    }
}
