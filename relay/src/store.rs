//! Where sessions wait: the one thing that several relays behind a balancer share. It is given random ids, digests, times
//! and sealed bytes only, each with a time limit. [`MemoryStore`] serves one relay; the shared tests say what any other
//! store must do.

use std::{fmt, future::Future, pin::Pin};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use techo_protocol::{
    Digest, SessionId,
    message::{Failure, Stage, Start},
    seal::Leg,
};
use tokio::sync::broadcast;

#[cfg(test)]
pub(crate) mod conformance;
mod memory;
mod valkey;

pub use memory::MemoryStore;
pub use valkey::{BadAddress, ValkeyAddress, ValkeyStore};

/// Why a store did not do what it was asked. Carries nothing of what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It does not answer.
    #[error("the store does not answer")]
    Away,
    /// What it holds is not what was put into it.
    #[error("the store holds something unreadable")]
    Unreadable,
}

/// What a store will answer. A boxed future, so that a relay can be handed any store.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A session as it is kept. Everything in it is random, a digest, a time, a stage, or sealed under the relay's key ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What the phone began it with.
    pub start: Start,
    /// How far it is.
    pub stage: Stage,
    /// Why it failed, with [`Stage::Failed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When it is forgotten.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub expires: DateTime<Utc>,
    /// The identity leg's code, once it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Attempt>,
    /// The authorization leg's code, once it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Attempt>,
    /// SHA-256 of the codes that a browser brought to the redirect page for this session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Digest>,
    /// What is needed to fetch the result, while it is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaited: Option<Awaited>,
}

/// A code that came. A code is sent on once only, whatever happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Digest of the session's id, the leg and the code: knows the same code again.
    pub code: Digest,
    /// Until when the relay that sent it on is given to finish.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: DateTime<Utc>,
}

/// A result that was asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The access token and the portal's number of the request, sealed under the key ring, as text.
    pub ticket: String,
    /// When the portal was asked.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: DateTime<Utc>,
    /// Until when the relay that fetches it is given to finish. None: nobody fetches.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub claimed: Option<DateTime<Utc>>,
    /// How often it was fetched and not ready.
    #[serde(default)]
    pub early: u8,
    /// When it is fetched again without being called.
    #[serde(default, with = "chrono::serde::ts_milliseconds_option")]
    pub again: Option<DateTime<Utc>>,
}

impl fmt::Debug for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Awaited").field("since", &self.since).field("claimed", &self.claimed).finish_non_exhaustive()
    }
}

/// Which writing of a session was read. It changes with every writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision(pub u64);

/// What became of a beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
pub enum Begun {
    /// It is kept.
    New,
    /// A session of this id is there and stays as it is.
    There(Session),
    /// Another session has one of its states. Nothing is kept.
    Clash,
    /// As many sessions as may be are there. Nothing is kept.
    Full,
}

/// What is written in one step.
#[derive(Clone, Debug)]
pub struct Change {
    /// The session from now on.
    pub session: Session,
    /// Sealed bytes that are kept from now on.
    pub seal: Option<(Leg, Bytes)>,
    /// Sealed bytes that are forgotten.
    pub unseal: Option<Leg>,
    /// Digest of the portal's number of the request, by which the session is found from now on.
    pub process: Option<Digest>,
}

impl Change {
    /// The session, and nothing else.
    pub fn of(session: Session) -> Self {
        Self { session, seal: None, unseal: None, process: None }
    }
}

/// Somebody wrote or forgot a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// This one.
    Session(SessionId),
    /// Nobody knows which: look again at all.
    All,
}

/// For whom a browser brought a code to the redirect page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenFor {
    /// This session.
    One(SessionId),
    /// More than one: somebody has got hold of a code that is not theirs, and whose it is cannot be told any more.
    Several,
}

/// Keeps sessions. Every operation is one step: another relay sees all of it or nothing.
///
/// A store may drop a session any time after [`Session::expires`]; that nothing expired is used is the relay's business.
/// With the session go its sealed bytes and the digests by which it is found.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Keeps a new session and the digests of its two states, if no other has its id or one of its states, and fewer than
    /// `most` are there at `now`.
    fn begin<'a>(&'a self, id: &'a SessionId, session: &'a Session, now: DateTime<Utc>, most: usize) -> Pending<'a, Begun>;

    /// The session and which writing of it this is.
    fn session<'a>(&'a self, id: &'a SessionId) -> Pending<'a, Option<(Session, Revision)>>;

    /// Writes `change` if the session is still as it was at `seen`; false where it is not, or is gone. Wakes the waiting.
    fn replace<'a>(&'a self, id: &'a SessionId, seen: Revision, change: Change, now: DateTime<Utc>) -> Pending<'a, bool>;

    /// Sealed bytes of a leg.
    fn sealed<'a>(&'a self, id: &'a SessionId, leg: Leg) -> Pending<'a, Option<Bytes>>;

    /// The session with this digest of a state.
    fn by_state<'a>(&'a self, state: &'a Digest) -> Pending<'a, Option<SessionId>>;

    /// The session with this digest of a number of a request.
    fn by_process<'a>(&'a self, process: &'a Digest) -> Pending<'a, Option<SessionId>>;

    /// Remembers until `until` that a browser brought the code of this digest for this session, and says for whom it was
    /// brought so far. None: `most` codes are remembered at `now`, and this one is not. A code does not go with its
    /// session: it may be stolen when its session is gone and it has not been spent.
    fn see<'a>(
        &'a self,
        code: &'a Digest,
        id: &'a SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Pending<'a, Option<SeenFor>>;

    /// For whom the code of this digest was brought.
    fn by_code<'a>(&'a self, code: &'a Digest) -> Pending<'a, Option<SeenFor>>;

    /// Forgets a session with all that belongs to it. Wakes the waiting.
    fn forget<'a>(&'a self, id: &'a SessionId) -> Pending<'a, ()>;

    /// Drops what has expired at `now`, and says how many sessions remain. An error says that the store is away.
    fn sweep(&self, now: DateTime<Utc>) -> Pending<'_, usize>;

    /// Every writing from now on, whoever wrote.
    fn wakes(&self) -> broadcast::Receiver<Wake>;
}
