//! What an operator registered with デジタル認証アプリ and the portal before anything works: ids, addresses, a key and a
//! certificate. Everything is compared exactly.

use rustls::pki_types::CertificateDer;
use techo_protocol::names::names;
use url::Url;

use crate::{error::StandInError, service};

/// A registration.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Service provider id: `SP` and 8 digits.
    pub provider: String,
    /// The operator's name, for the consent screen.
    pub operator: String,
    /// The redirect address, compared as text.
    pub redirect: String,
    /// Where the portal calls back.
    pub callback: Url,
    /// The roots by which the portal trusts the call-back's host.
    pub callback_roots: Vec<CertificateDer<'static>>,
    /// The certificate that the operator's server shows at the portal's server host.
    pub certificate: CertificateDer<'static>,
    /// Client id at デジタル認証アプリ: letters and digits.
    pub identity_client: String,
    /// The P-256 key that signs the operator's client assertions: an uncompressed point, 65 bytes.
    pub identity_key: Vec<u8>,
}

impl Registration {
    /// Refuses what could not be registered.
    pub(crate) fn check(&self) -> Result<(), StandInError> {
        let digits = self.provider.strip_prefix("SP").unwrap_or_default();
        if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(StandInError::NotRegistered("provider: SP and 8 digits"));
        }
        if self.identity_client.is_empty() || !self.identity_client.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(StandInError::NotRegistered("identity client: letters and digits"));
        }
        if self.redirect.len() > 255 || !Url::parse(&self.redirect).is_ok_and(|url| url.scheme() == "https" && url.fragment().is_none()) {
            return Err(StandInError::NotRegistered("redirect: https, 255 characters at most, no fragment"));
        }
        if self.callback.scheme() != "https" {
            return Err(StandInError::NotRegistered("call-back: https"));
        }
        if self.identity_key.len() != 65 {
            return Err(StandInError::NotRegistered("key: an uncompressed point of P-256"));
        }
        names()?;
        Ok(())
    }

    /// The items of the service in a client id `SP99999999_ZZ0001`, or `None` where it is not this operator's.
    pub(crate) fn items_of_client(&self, client: &str) -> Option<&'static [&'static str]> {
        let service = client.strip_prefix(self.provider.as_str())?.strip_prefix('_')?;
        service::items_of(service)
    }

    /// The 8 digits of the provider id.
    pub(crate) fn digits(&self) -> &str {
        self.provider.strip_prefix("SP").unwrap_or_default()
    }
}
