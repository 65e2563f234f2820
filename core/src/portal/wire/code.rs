//! The messages that bring a code, written from where their secrets lie: `techo_protocol::message` owns what it holds, and
//! a secret that is copied is a secret twice.

use serde::Serialize;
use techo_protocol::{CodeVerifier, Nonce, SecretText, State, seal::Leg};
use zeroize::Zeroizing;

use super::{Place, Round};

/// [`techo_protocol::message::IdentityCode`].
#[derive(Serialize)]
struct IdentityCode<'a> {
    code: &'a SecretText,
    state: &'a State,
    verifier: &'a CodeVerifier,
    nonce: &'a Nonce,
}

/// [`techo_protocol::message::AuthorizationCode`].
#[derive(Serialize)]
struct AuthorizationCode<'a> {
    code: &'a SecretText,
    state: &'a State,
}

/// The body that brings the code of the leg the round is at; empty where it is at none.
pub(in crate::portal) fn write_code(round: &Round) -> Zeroizing<Vec<u8>> {
    match &round.place {
        Place::Bring(Leg::Identity, code) => {
            super::write(&IdentityCode { code, state: &round.identity_state, verifier: &round.verifier, nonce: &round.nonce })
        }
        Place::Bring(Leg::Result, code) => super::write(&AuthorizationCode { code, state: &round.authorization_state }),
        _ => Zeroizing::default(),
    }
}
