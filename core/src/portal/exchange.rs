//! One exchange with the relay as a value: what to send, and what came of it. Whoever carries it need not know what the
//! bytes mean.

use zeroize::Zeroizing;

/// HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Begins a session; the same again is the same session.
    Put,
    /// Brings a code; the same code again is answered with how far the session is.
    Post,
    /// Lets something go; may be repeated.
    Delete,
}

/// What to send to the relay. Every exchange of the protocol may be repeated after a broken connection. A copy is wiped as
/// the first is: whoever carries one need not hold the session it came from meanwhile.
#[derive(Clone)]
pub struct Exchange {
    /// How.
    pub method: Method,
    /// Path and query below the API's address, for example `/v1/sessions/…?wait=20`.
    pub path: String,
    /// The session secret, for `Authorization: Bearer`.
    pub bearer: Option<Zeroizing<String>>,
    /// JSON to send.
    pub body: Option<Zeroizing<Vec<u8>>>,
    /// Seconds the relay may hold the request open; 0 where it answers at once.
    pub wait: u16,
    /// Most bytes an answer may have.
    pub largest_reply: usize,
}

impl std::fmt::Debug for Exchange {
    // The path names the session, which opens nothing without its secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

/// What came of an exchange.
pub enum Reply {
    /// The relay answered.
    Answered {
        /// HTTP status.
        status: u16,
        /// Seconds of `Retry-After`, where given.
        retry_after: Option<u32>,
        /// The body.
        body: Zeroizing<Vec<u8>>,
    },
    /// It did not.
    Failed(Trouble),
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answered { status, .. } => write!(f, "Answered({status})"),
            Self::Failed(trouble) => write!(f, "Failed({trouble:?})"),
        }
    }
}

/// Why an exchange brought no answer, also when it was tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No way to the relay: no network, no such host, nobody listening.
    #[error("the relay cannot be reached")]
    Offline,
    /// It took too long.
    #[error("the relay did not answer in time")]
    TimedOut,
    /// Whoever answered could not prove to be the relay. Nothing was sent.
    #[error("whoever answered is not the relay: {0}")]
    NotTheRelay(Doubt),
    /// The connection broke in the middle.
    #[error("the connection broke")]
    Broken,
    /// The answer is larger than it may be.
    #[error("the answer is too large")]
    TooLarge,
    /// It is not the protocol: a redirect, another content type.
    #[error("the answer is not one of the relay's")]
    Unexpected,
    /// The person stopped it.
    #[error("stopped")]
    Cancelled,
}

/// What is wrong with whoever answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The certificate leads to none of our roots.
    #[error("unknown root")]
    UnknownRoot,
    /// The certificate has expired.
    #[error("certificate expired")]
    Expired,
    /// The certificate is not valid yet: or the device's clock is behind.
    #[error("certificate not yet valid")]
    NotYet,
    /// The certificate is another host's.
    #[error("another host's certificate")]
    OtherHost,
    /// Anything else about the certificate or the handshake.
    #[error("the handshake failed")]
    Handshake,
}

impl Doubt {
    const ALL: [Self; 5] = [Self::UnknownRoot, Self::Expired, Self::NotYet, Self::OtherHost, Self::Handshake];

    /// The public id, as it stands in the ledger.
    pub const fn id(self) -> &'static str {
        match self {
            Self::UnknownRoot => "unknown_root",
            Self::Expired => "expired",
            Self::NotYet => "not_yet",
            Self::OtherHost => "other_host",
            Self::Handshake => "handshake",
        }
    }

    /// The doubt of this id.
    pub fn read(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|doubt| doubt.id() == id)
    }
}
