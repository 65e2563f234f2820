//! The random values of one round. The phone draws them all; the relay is told digests.

use techo_protocol::{BadToken, CodeVerifier, Nonce, SessionId, SessionSecret, State};

/// What one round needs that nobody can guess.
#[derive(Debug)]
pub(crate) struct Secrets {
    /// Names the session.
    pub(crate) session: SessionId,
    /// Proves to the relay that it is us.
    pub(crate) secret: SessionSecret,
    /// State of the identity leg.
    pub(crate) identity_state: State,
    /// State of the authorization leg.
    pub(crate) authorization_state: State,
    /// PKCE verifier of the identity leg.
    pub(crate) verifier: CodeVerifier,
    /// Nonce of the identity leg.
    pub(crate) nonce: Nonce,
}

impl Secrets {
    /// Fresh ones: 256 bits each, the session's name 128.
    pub(crate) fn make() -> Result<Self, BadToken> {
        Ok(Self {
            session: SessionId::make()?,
            secret: SessionSecret::make()?,
            identity_state: State::make()?,
            authorization_state: State::make()?,
            verifier: CodeVerifier::make()?,
            nonce: Nonce::make()?,
        })
    }
}
