//! Roots and certificates, good ones and bad ones.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    version::TLS13,
};

/// Somebody who issues certificates.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

fn may_issue(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

/// What a relay on the loopback interface would ask for.
pub(super) fn for_this_machine() -> CertificateParams {
    CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap()
}

pub(super) fn expired() -> CertificateParams {
    let mut parameters = for_this_machine();
    (parameters.not_before, parameters.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    parameters
}

pub(super) fn not_yet_valid() -> CertificateParams {
    let mut parameters = for_this_machine();
    (parameters.not_before, parameters.not_after) = (date_time_ymd(4000, 1, 1), date_time_ymd(4001, 1, 1));
    parameters
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        Self(CertifiedIssuer::self_signed(may_issue(name), KeyPair::generate().unwrap()).unwrap())
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server with a good certificate of this authority.
    pub(super) fn server(&self) -> ServerConfig {
        self.server_with(&for_this_machine())
    }

    pub(super) fn server_with(&self, parameters: &CertificateParams) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        config(vec![certificate.der().clone()], &key, &TLS13)
    }

    pub(super) fn server_of_version(&self, version: &'static SupportedProtocolVersion) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = for_this_machine().signed_by(&key, &self.0).unwrap();
        config(vec![certificate.der().clone()], &key, version)
    }

    /// A server whose certificate comes from somebody whom this authority lets issue.
    pub(super) fn server_below(&self) -> ServerConfig {
        let between = CertifiedIssuer::signed_by(may_issue("between"), KeyPair::generate().unwrap(), &self.0).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = for_this_machine().signed_by(&key, &between).unwrap();
        config(vec![certificate.der().clone(), between.der().clone()], &key, &TLS13)
    }
}

/// A server that vouches for itself.
pub(super) fn self_signed() -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let certificate = for_this_machine().self_signed(&key).unwrap();
    config(vec![certificate.der().clone()], &key, &TLS13)
}

fn config(chain: Vec<CertificateDer<'static>>, key: &KeyPair, version: &'static SupportedProtocolVersion) -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap()
}
