//! Where the store is: a URL, which may hold a password, and for TLS the roots that its certificate must lead to.

use std::fmt;

use redis::{Client, ConnectionAddr, IntoConnectionInfo as _, TlsCertificates};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

/// Why there can be no store at an address. Says nothing of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not of the form `unix:///path`, `redis://…` or `rediss://…`, or it asks for TLS without proof of the server.
    #[error("not unix://, redis:// or rediss:// with host and port")]
    Form,
    /// TLS without roots, or roots without TLS.
    #[error("rediss:// needs roots, and nothing else does")]
    Roots,
}

/// An address of a store.
#[derive(Clone)]
pub struct ValkeyAddress(Box<Client>);

impl ValkeyAddress {
    /// Reads an address: `unix:///path/to/socket`, `redis://host:6379/0`, or, with `roots` in PEM, `rediss://user:password@host:6380/0`.
    ///
    /// # Errors
    /// [`BadAddress`].
    pub fn new(address: &str, roots: Option<&str>) -> Result<Self, BadAddress> {
        let info = address.into_connection_info().map_err(|_| BadAddress::Form)?;
        let client = match (info.addr(), roots) {
            (ConnectionAddr::TcpTls { insecure: true, .. }, _) => return Err(BadAddress::Form),
            (ConnectionAddr::TcpTls { .. }, Some(roots)) => {
                let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(roots.as_bytes()).collect();
                if found.map_or(true, |found| found.is_empty()) {
                    return Err(BadAddress::Roots);
                }
                let certificates = TlsCertificates { client_tls: None, root_cert: Some(roots.as_bytes().to_vec()) };
                Client::build_with_tls(info, certificates).map_err(|_| BadAddress::Roots)?
            }
            (ConnectionAddr::TcpTls { .. }, None) | (_, Some(_)) => return Err(BadAddress::Roots),
            (_, None) => Client::open(info).map_err(|_| BadAddress::Form)?,
        };
        Ok(Self(Box::new(client)))
    }

    pub(super) fn client(&self) -> &Client {
        &self.0
    }
}

impl fmt::Debug for ValkeyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValkeyAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_what_is_none_and_prints_nothing() {
        for good in ["unix:///run/valkey.sock", "redis://store.example", "valkey://:canary@store.example:6379/3"] {
            let address = ValkeyAddress::new(good, None);
            assert!(address.is_ok(), "{good}");
            assert!(!format!("{address:?}").contains("canary"));
        }
        for (bad, why) in [
            ("", BadAddress::Form),
            ("store.example", BadAddress::Form),
            ("http://store.example", BadAddress::Form),
            ("rediss://store.example", BadAddress::Roots),
            ("rediss://store.example/#insecure", BadAddress::Form),
        ] {
            assert_eq!(ValkeyAddress::new(bad, None).err(), Some(why), "{bad}");
        }
        assert_eq!(ValkeyAddress::new("redis://store.example", Some("")).err(), Some(BadAddress::Roots));
        assert_eq!(ValkeyAddress::new("rediss://store.example", Some("")).err(), Some(BadAddress::Roots));
    }
}
