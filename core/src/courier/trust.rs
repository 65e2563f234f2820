//! Whom the courier believes: a relay whose certificate leads to one of the profile's roots and names its host, over
//! TLS 1.3. Nobody else, whatever the system trusts.
//!
//! reqwest links `rustls-platform-verifier`, which asks the system's store of roots. It is not used: a client that is given
//! a finished configuration asks only that. `tests/environment.rs` proves it with a root that the system trusts.

use std::{error::Error, io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    client::Resumption,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
    version::TLS13,
};

use super::CourierError;
use crate::portal::Doubt;

/// TLS with these roots and no others.
pub(super) fn only(roots: &[String]) -> Result<ClientConfig, CourierError> {
    let mut store = RootCertStore::empty();
    for (at, pem) in roots.iter().enumerate() {
        let bad = CourierError::Root { position: at + 1 };
        let found: Result<Vec<CertificateDer<'_>>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        let [root] = <[_; 1]>::try_from(found.map_err(|_| bad)?).map_err(|_| bad)?;
        store.add(root).map_err(|_| bad)?;
    }
    if store.is_empty() {
        return Err(CourierError::NoRoot);
    }
    // Only our own apps talk to this host, and only our own relay answers: nobody needs TLS 1.2, and without it there
    // is nothing to be talked down to.
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(|_| CourierError::Setup)?
        .with_root_certificates(store)
        .with_no_client_auth();
    // Every exchange sees a certificate; a resumed session would not.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// What TLS said, if it is TLS that said something.
pub(super) fn doubt(error: &(dyn Error + 'static)) -> Option<Doubt> {
    let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>())?;
    Some(match tls {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            // A bad signature: somebody's root that bears the name of ours, or ours is not who signed.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Doubt::UnknownRoot,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Doubt::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Doubt::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Doubt::OtherHost,
            _ => Doubt::Handshake,
        },
        _ => Doubt::Handshake,
    })
}

/// An error, what caused it, and so on.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // `source` of an input/output error leaves out the error it wraps, which is where TLS says what is wrong.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}
