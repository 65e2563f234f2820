//! What a fetch needs next.

use std::fmt;

use url::Url;

use super::Digest;
use crate::portal::{Delay, End, Exchange, Leg, Question};

/// What a fetch needs next.
pub enum SyncStep {
    /// Carry this and bring the reply to [`super::SyncSession::answer`]. At most one exchange.
    Exchange(Exchange),
    /// Open this in the system's browser and bring the address it comes back to to [`super::SyncSession::redirect`].
    Browse {
        /// Which round, counted from 1.
        round: u16,
        /// How many there are; each needs the card once.
        rounds: u16,
        /// [`Leg::Identity`]: who are you. [`Leg::Result`]: the portal's own login and consent.
        leg: Leg,
        /// The address. It holds the leg's state: for the browser only.
        url: Url,
    },
    /// Ask the person and bring the answer to [`super::SyncSession::decide`].
    Confirm(Question),
    /// Nothing for these seconds; then [`super::SyncSession::tick`].
    Wait {
        /// Seconds.
        seconds: u32,
        /// Why.
        why: Delay,
    },
    /// What was consented to is filed.
    Done(Digest),
    /// Nothing was filed. The receipt says why.
    Ended(End),
}

impl fmt::Debug for SyncStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exchange(exchange) => f.debug_tuple("Exchange").field(exchange).finish(),
            // The address's parameters are the leg's secrets.
            Self::Browse { round, rounds, leg, url } => {
                write!(f, "Browse({round}/{rounds}, {leg:?}, {})", url.host_str().unwrap_or_default())
            }
            Self::Confirm(question) => f.debug_tuple("Confirm").field(question).finish(),
            Self::Wait { seconds, why } => write!(f, "Wait({seconds}, {why:?})"),
            Self::Done(digest) => f.debug_tuple("Done").field(digest).finish(),
            Self::Ended(end) => f.debug_tuple("Ended").field(end).finish(),
        }
    }
}
