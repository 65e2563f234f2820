//! The messages between a phone and its relay: JSON over HTTPS. `docs/relay.md` shows the conversation.
//!
//! | | |
//! |---|---|
//! | `PUT /v1/sessions/{id}` | [`Start`] → [`Progress`]; the same start again is the same session |
//! | `POST /v1/sessions/{id}/identity` | [`IdentityCode`] → [`Progress`] |
//! | `POST /v1/sessions/{id}/authorization` | [`AuthorizationCode`] → [`Progress`] |
//! | `GET /v1/sessions/{id}?seen=STAGE&wait=SECONDS` | [`Progress`], as soon as the stage is no longer `seen`, or after at most [`LONGEST_WAIT`] |
//! | `GET /v1/sessions/{id}/sealed/{leg}` | sealed bytes, see [`crate::seal`] |
//! | `DELETE /v1/sessions/{id}/sealed/{leg}` | taken: the relay forgets them, and never hands them over again; 204, also when repeated |
//! | `DELETE /v1/sessions/{id}` | the relay forgets the session; 204 |
//!
//! Every request but the start carries `Authorization: Bearer` with the session secret; every request carries
//! [`VERSION_HEADER`]. A refusal is a [`Refusal`].

use serde::{Deserialize, Serialize};

use crate::{CodeVerifier, Digest, GrantDigest, Nonce, PublicKey, SecretText};

/// Header with [`crate::VERSION`] as a decimal number.
pub const VERSION_HEADER: &str = "techo-protocol";
/// Longest wait of a status request, in seconds.
pub const LONGEST_WAIT: u16 = 20;
/// Largest body of a request, in bytes.
pub const LARGEST_REQUEST: usize = 16 * 1024;
/// Largest answer of the portal that is handed over, in bytes of plaintext.
pub const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The path the redirect page sends a browser to on the loopback interface.
pub const LOOPBACK_PATH: &str = "/techo";

/// Where the redirect page sends the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Return {
    /// To the app, by App Link or Universal Link. A browser that shows the page has no such app.
    AppLink,
    /// To this port of the loopback interface of the machine the browser runs on.
    Loopback {
        /// The port, fixed for the session.
        port: u16,
    },
}

/// Begins a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// SHA-256 of the session secret's text.
    pub secret: Digest,
    /// The phone's one-time key: results are sealed to it.
    pub phone: PublicKey,
    /// What the session is for, as a salted digest.
    pub grant: GrantDigest,
    /// The service id whose item set is asked for, for example `"ST0001"`.
    pub service: String,
    /// SHA-256 of the identity leg's state.
    pub identity_state: Digest,
    /// SHA-256 of the authorization leg's state.
    pub authorization_state: Digest,
    /// Where the browser goes back to.
    pub back: Return,
}

/// The identity leg's code, brought by the app that began the session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityCode {
    /// The one-time code.
    pub code: SecretText,
    /// The state that came with it.
    pub state: SecretText,
    /// PKCE verifier.
    pub verifier: CodeVerifier,
    /// The nonce that the ID token must carry.
    pub nonce: Nonce,
}

/// The authorization leg's code, brought by the app that began the session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationCode {
    /// The one-time code.
    pub code: SecretText,
    /// The state that came with it.
    pub state: SecretText,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The identity leg's code has not come.
    AwaitingIdentity,
    /// Who logged in is sealed and waits to be taken.
    IdentitySealed,
    /// The authorization leg's code has not come.
    AwaitingAuthorization,
    /// The portal was asked and has not answered.
    Requested,
    /// The answer is sealed and waits to be taken.
    ResultSealed,
    /// The answer was taken. Nothing of it is left.
    Taken,
    /// It ended without an answer.
    Failed,
}

impl Stage {
    /// As in JSON and in `seen=`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AwaitingIdentity => "awaiting_identity",
            Self::IdentitySealed => "identity_sealed",
            Self::AwaitingAuthorization => "awaiting_authorization",
            Self::Requested => "requested",
            Self::ResultSealed => "result_sealed",
            Self::Taken => "taken",
            Self::Failed => "failed",
        }
    }

    /// The stage of an id.
    pub fn read(id: &str) -> Option<Self> {
        let all = [
            Self::AwaitingIdentity,
            Self::IdentitySealed,
            Self::AwaitingAuthorization,
            Self::Requested,
            Self::ResultSealed,
            Self::Taken,
            Self::Failed,
        ];
        all.into_iter().find(|stage| stage.id() == id)
    }
}

/// Why a session ended without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The code was refused: too old, used before, or not for this client.
    CodeRefused,
    /// Who logged in could not be established (signature, issuer, audience, nonce or time of the ID token).
    IdentityRefused,
    /// The portal is closed for maintenance.
    Maintenance,
    /// The portal answered with an error of its own.
    Portal {
        /// Its code, letters and digits only, as received.
        code: String,
    },
    /// The portal could not be reached or broke off, also when tried again.
    Unreachable,
    /// No answer came in time.
    Late,
    /// The answer is larger than [`LARGEST_ANSWER`].
    TooLarge,
    /// The answer is not in the form that is expected.
    Malformed,
}

/// How far a session is, for the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How far.
    pub stage: Stage,
    /// Why it failed; only with [`Stage::Failed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Seconds until the relay forgets the session.
    pub expires_in: u32,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// 400: not a request of this protocol.
    BadRequest,
    /// 426: another version of the protocol.
    OtherVersion,
    /// 404: no such session, or not with this secret; the relay does not say which.
    UnknownSession,
    /// 409: the session is at another stage, or is begun already with other content.
    WrongStage,
    /// 403: the state is not this session's, or the code was not brought by a browser of this session.
    ForeignState,
    /// 410: it was handed over and forgotten.
    Taken,
    /// 413: the body is too large.
    TooLarge,
    /// 422: the relay does not offer this service id.
    UnknownService,
    /// 429 with `Retry-After`: too many requests of this session.
    SlowDown,
    /// 503 with `Retry-After`: the relay is full, stopping, or its store does not answer.
    Busy,
    /// 500: our own mistake.
    Internal,
}

impl RefusalKind {
    /// The HTTP status it travels with.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::ForeignState => 403,
            Self::UnknownSession => 404,
            Self::WrongStage => 409,
            Self::Taken => 410,
            Self::TooLarge => 413,
            Self::UnknownService => 422,
            Self::OtherVersion => 426,
            Self::SlowDown => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }
}

/// A refused request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub error: RefusalKind,
}

/// Who logged in, as デジタル認証アプリ says it. Sealed to the phone; the relay keeps nothing of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Identity {
    /// Name, as received.
    pub name: SecretText,
    /// Date of birth, as received: `YYYYMMDD` or `YYYY-MM-DD`.
    pub birthdate: SecretText,
    /// Sex, as received: `1`/`2` or `male`/`female`.
    pub gender: SecretText,
}

/// What the portal answered. Sealed to the phone; the relay keeps nothing of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// `selfPersonalData` exactly as received.
    pub self_personal_data: SecretText,
    /// The portal's number for the request (`processId`), for asking the portal about it.
    pub process: String,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn messages_have_the_shape_that_is_documented() {
        let progress = Progress { stage: Stage::Failed, failure: Some(Failure::Portal { code: "E01".to_owned() }), expires_in: 9 };
        let text = serde_json::to_string(&progress).unwrap();
        assert_eq!(text, r#"{"stage":"failed","failure":{"portal":{"code":"E01"}},"expires_in":9}"#);
        assert_eq!(serde_json::from_str::<Progress>(&text).unwrap(), progress);
        for back in [Return::AppLink, Return::Loopback { port: 49_152 }] {
            assert_eq!(serde_json::from_str::<Return>(&serde_json::to_string(&back).unwrap()).unwrap(), back);
        }
        assert_eq!(serde_json::to_string(&Stage::AwaitingIdentity).unwrap(), format!("\"{}\"", Stage::AwaitingIdentity.id()));
        assert_eq!(Stage::read("identity_sealed"), Some(Stage::IdentitySealed));
        assert_eq!(Stage::read("sealed"), None);
    }

    #[test]
    fn a_start_with_anything_unknown_in_it_is_refused() {
        assert!(serde_json::from_str::<Start>(r#"{"secret":"","name":"x"}"#).is_err());
    }
}
