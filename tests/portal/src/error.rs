//! What can fail when the stand-in is set up or visited: mistakes of whoever uses it, never a person's data.

/// Why the stand-in, its town or its citizen could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StandInError {
    /// A socket could not be opened.
    #[error("a socket: {0}")]
    Socket(std::io::ErrorKind),
    /// A certificate or key could not be made or used.
    #[error("certificates and keys: {0}")]
    Certificate(&'static str),
    /// The list of Mynaportal's names is not readable.
    #[error(transparent)]
    Names(#[from] techo_protocol::names::BadNames),
    /// Nobody has registered with the stand-in, or under another name.
    #[error("not registered: {0}")]
    NotRegistered(&'static str),
    /// The browser came to something it cannot go on from.
    #[error("the browser stopped: {0}")]
    Browser(String),
    /// The relay did not start.
    #[error("the relay: {0}")]
    Relay(String),
    /// The thread of a town ended early.
    #[error("the town's thread ended")]
    Ended,
}

impl From<std::io::Error> for StandInError {
    fn from(error: std::io::Error) -> Self {
        Self::Socket(error.kind())
    }
}
