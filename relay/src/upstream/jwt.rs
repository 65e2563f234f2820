//! Signed tokens of OpenID Connect: the client assertion that the relay signs, and the check of an ID token's signature.
//! The `jsonwebtoken` crate reads and writes them; the cryptography given to it is ring's, and ES256 is all it is given.

use std::{fmt, sync::OnceLock};

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    jwk::{AlgorithmParameters, EllipticCurve, Jwk},
    signature::{self, Signer, Verifier},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey},
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use serde::{Serialize, de::DeserializeOwned};

/// A token or a key that is not of the only kind that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an ES256 token or key of the expected form")]
pub struct BadToken;

/// The key that signs client assertions: P-256. Never printed, wiped by ring's and jsonwebtoken's own means.
pub struct ClientKey {
    key: EncodingKey,
    id: Option<String>,
}

impl ClientKey {
    /// Reads a PKCS#8 key in PEM.
    ///
    /// # Errors
    /// [`BadToken`].
    pub fn from_pem(pem: &str, id: Option<String>) -> Result<Self, BadToken> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| BadToken)?;
        Self::from_der(der.secret_pkcs8_der(), id)
    }

    /// Reads a PKCS#8 key. `id` is the key's `kid` at デジタル認証アプリ, where it has one.
    ///
    /// # Errors
    /// [`BadToken`].
    pub fn from_der(der: &[u8], id: Option<String>) -> Result<Self, BadToken> {
        pair(der).map_err(|_| BadToken)?;
        Ok(Self { key: EncodingKey::from_ec_der(der), id })
    }

    /// A signed token.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, BadToken> {
        install();
        let header = Header { kid: self.id.clone(), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key).map_err(|_| BadToken)
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey(..)")
    }
}

/// The key id that a token names, if it is an ES256 token.
pub(crate) fn key_id(token: &str) -> Result<Option<String>, BadToken> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| BadToken)?;
    if header.alg == Algorithm::ES256 { Ok(header.kid) } else { Err(BadToken) }
}

/// Whether a key is of the only kind that counts.
pub(crate) fn is_es256(key: &Jwk) -> bool {
    matches!(&key.algorithm, AlgorithmParameters::EllipticCurve(parameters) if parameters.curve == EllipticCurve::P256)
}

/// The claims of a token that `key` signed. Only the signature is checked: what the claims say is the caller's to judge,
/// by a clock of its own.
pub(crate) fn verify<T: DeserializeOwned>(token: &str, key: &Jwk) -> Result<T, BadToken> {
    install();
    if !is_es256(key) {
        return Err(BadToken);
    }
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let key = DecodingKey::from_jwk(key).map_err(|_| BadToken)?;
    jsonwebtoken::decode(token, &key, &validation).map(|data| data.claims).map_err(|_| BadToken)
}

/// Makes ring the crate's cryptography, once a process. Another one that stands there already is one that a test brought.
fn install() {
    static PROVIDER: CryptoProvider =
        CryptoProvider { signer_factory: make_signer, verifier_factory: make_verifier, key_utils: KeyUtils::new_unimplemented() };
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        let _ = PROVIDER.install_default();
    });
}

fn pair(der: &[u8]) -> Result<EcdsaKeyPair, ring::error::KeyRejected> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that jsonwebtoken asks for")]
fn make_signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    only_es256(*algorithm)?;
    let pair = pair(key.as_bytes()).map_err(|_| ErrorKind::InvalidEcdsaKey)?;
    Ok(Box::new(Es256Signer(pair)))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that jsonwebtoken asks for")]
fn make_verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    only_es256(*algorithm)?;
    Ok(Box::new(Es256Verifier(key.try_get_as_bytes()?.to_vec())))
}

fn only_es256(algorithm: Algorithm) -> Result<(), Error> {
    if algorithm == Algorithm::ES256 { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

struct Es256Signer(EcdsaKeyPair);

impl Signer<Vec<u8>> for Es256Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let signed = self.0.sign(&SystemRandom::new(), message).map_err(|_| signature::Error::new())?;
        Ok(signed.as_ref().to_vec())
    }
}

impl JwtSigner for Es256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct Es256Verifier(Vec<u8>);

impl Verifier<Vec<u8>> for Es256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.0);
        key.verify(message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Es256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}
