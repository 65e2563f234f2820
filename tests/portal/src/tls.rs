//! Certificates made at each start and thrown away with it, and TLS configurations over them: *ring* only, and no root
//! that was not given.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PublicKeyData as _, date_time_ymd,
};
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring::default_provider},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

use crate::error::StandInError;

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// A server shows it.
    Server,
    /// A client shows it (mTLS).
    Client,
}

/// From when until when: years, both with their first day. A certificate of 2020–2021 has expired.
pub type Years = (i32, i32);

/// Valid now and for long.
pub const VALID: Years = (2020, 2120);
/// No longer valid.
pub const EXPIRED: Years = (2020, 2021);
/// Not valid yet.
pub const NOT_YET: Years = (2118, 2120);

/// A root that issues certificates. Its key is nowhere but in memory.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
#[derive(Clone)]
pub struct Issued {
    /// The certificate, DER.
    pub certificate: CertificateDer<'static>,
    /// The certificate, PEM.
    pub pem: String,
    /// The key, PKCS#8 PEM.
    pub key_pem: String,
    key: Vec<u8>,
    spki: Vec<u8>,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issued(..)")
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority(..)")
    }
}

const fn refused(what: &'static str) -> impl Fn(rcgen::Error) -> StandInError {
    move |_| StandInError::Certificate(what)
}

impl Authority {
    /// A new root of this name.
    pub fn make(name: &str) -> Result<Self, StandInError> {
        let mut params = parameters(&[], name, VALID)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().map_err(refused("key of a root"))?;
        CertifiedIssuer::self_signed(params, key).map(Self).map_err(refused("root"))
    }

    /// The root's certificate, PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// The root's certificate, DER.
    pub fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A certificate for these host names and addresses.
    pub fn issue(&self, names: &[&str], usage: Usage, years: Years) -> Result<Issued, StandInError> {
        let mut params = parameters(names, names.first().copied().unwrap_or("stand-in"), years)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![match usage {
            Usage::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Usage::Client => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(refused("key"))?;
        let certificate = params.signed_by(&key, &self.0).map_err(refused("certificate"))?;
        Ok(Issued {
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            key: key.serialize_der(),
            spki: key.subject_public_key_info(),
        })
    }
}

fn parameters(names: &[&str], common: &str, (from, until): Years) -> Result<CertificateParams, StandInError> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).map_err(refused("name"))?;
    params.distinguished_name.push(DnType::CommonName, format!("{common} (見本 stand-in)"));
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    Ok(params)
}

impl Issued {
    /// SHA-256 of the public key, base64: how a browser is told of one key that it may accept.
    pub fn spki_digest(&self) -> String {
        STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, &self.spki))
    }

    /// The key, for a server of somebody else's making.
    pub fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(default_provider())
}

/// A client that trusts these roots and nothing else, and shows `own` where it is asked to.
pub fn client(roots: &[CertificateDer<'static>], own: Option<&Issued>) -> Result<ClientConfig, StandInError> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root.clone()).map_err(|_| StandInError::Certificate("root to trust"))?;
    }
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| StandInError::Certificate("TLS versions"))?
        .with_root_certificates(store);
    match own {
        None => Ok(builder.with_no_client_auth()),
        Some(own) => builder
            .with_client_auth_cert(vec![own.certificate.clone()], own.key())
            .map_err(|_| StandInError::Certificate("certificate of a client")),
    }
}

/// A server that shows `own` and asks nobody for a certificate.
pub fn server(own: &Issued) -> Result<ServerConfig, StandInError> {
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| StandInError::Certificate("TLS versions"))?
        .with_no_client_auth()
        .with_single_cert(vec![own.certificate.clone()], own.key())
        .map_err(|_| StandInError::Certificate("certificate of a server"))
}

/// Which client certificate is let in now: the registered one, or none before there is one.
pub type Registered = Arc<dyn Fn() -> Option<CertificateDer<'static>> + Send + Sync>;

/// A server that lets in who shows the registered certificate, and ends the handshake with everybody else.
pub fn mutual_server(own: &Issued, registered: Registered) -> Result<ServerConfig, StandInError> {
    let provider = provider();
    let only = OnlyRegistered { registered, algorithms: provider.signature_verification_algorithms };
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| StandInError::Certificate("TLS versions"))?
        .with_client_cert_verifier(Arc::new(only))
        .with_single_cert(vec![own.certificate.clone()], own.key())
        .map_err(|_| StandInError::Certificate("certificate of a server"))
}

struct OnlyRegistered {
    registered: Registered,
    algorithms: WebPkiSupportedAlgorithms,
}

impl std::fmt::Debug for OnlyRegistered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnlyRegistered")
    }
}

impl ClientCertVerifier for OnlyRegistered {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if (self.registered)().is_some_and(|registered| registered.as_ref() == shown.as_ref()) {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
