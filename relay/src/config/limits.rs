//! How much a relay takes on, and how long it waits and keeps: the numbers, and what follows from several of them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use techo_protocol::names::names;

/// Limits and times. The defaults are meant for a relay in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sessions in all, in the store.
    pub sessions: usize,
    /// How long a session lives from its start. A request to the portal prolongs it, so that an answer that comes as
    /// late as it may can still be taken.
    pub life: Duration,
    /// How long the call-back is waited for.
    pub callback_wait: Duration,
    /// How long a sealed result can be taken, at least.
    pub hand_over: Duration,
    /// Requests of one session at once.
    pub burst: u32,
    /// Requests of one session per second, in the long run.
    pub per_second: u32,
    /// Connections of one listener.
    pub connections: usize,
    /// Results fetched at the same time; each may hold an answer of the largest size twice.
    pub fetches: usize,
    /// A request's headers must come within this time.
    pub headers: Duration,
    /// A request's body must come within this time.
    pub body: Duration,
    /// A connection ends after this time, or a little later if a request is under way.
    pub connection: Duration,
    /// A connection to the portal must stand within this time.
    pub connect: Duration,
    /// A call to the portal must end within this time.
    pub call: Duration,
    /// All calls of one step (who logged in; the request; the result) with their repetitions must end within this time.
    /// A little later another relay may judge the one that took the step dead.
    pub step: Duration,
    /// How often a call is made that may be repeated.
    pub attempts: u32,
    /// The pause before a repeated call; doubled each time, and shortened by chance to anything down to a half.
    pub pause: Duration,
    /// A call-back for an unknown number is looked up again until this time has passed: the portal may be faster than
    /// the store.
    pub callback_patience: Duration,
    /// Between saying that it stops and accepting nothing more, a relay gives balancers this time to look elsewhere.
    pub notice: Duration,
    /// Requests under way may go on for this time when the relay stops.
    pub stop: Duration,
    /// How long anything of a session is kept at most, as the phones' profile says it (`keeping_seconds`) to a person who is
    /// asked for consent. Other limits must not add up to more.
    pub keeping: Duration,
    /// How often expired sessions are dropped and the store is asked whether it is there.
    pub sweep: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions: 100_000,
            life: Duration::from_mins(10),
            callback_wait: callback_wait(),
            hand_over: Duration::from_mins(2),
            burst: 60,
            per_second: 5,
            connections: 20_000,
            fetches: 32,
            headers: Duration::from_secs(30),
            body: Duration::from_secs(10),
            connection: Duration::from_mins(5),
            connect: Duration::from_secs(5),
            call: Duration::from_secs(30),
            step: Duration::from_secs(90),
            attempts: 3,
            pause: Duration::from_millis(400),
            callback_patience: Duration::from_millis(600),
            notice: Duration::from_secs(5),
            stop: Duration::from_secs(25),
            keeping: Duration::from_mins(30),
            sweep: Duration::from_secs(5),
        }
    }
}

impl Limits {
    /// How long the relay that took a code, or a result to fetch, is given before another one may judge it dead.
    pub(crate) fn lease(&self) -> TimeDelta {
        delta(self.step + Duration::from_secs(15))
    }

    /// Until when a request that was made at `since` may be claimed by another relay when one has died over it.
    pub(crate) fn last_claim(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        since + delta(self.callback_wait + self.hand_over) + self.lease()
    }

    /// The longest that a session can live: each code and each claim comes at the last moment, and takes as long as it may.
    pub(crate) fn longest(&self) -> TimeDelta {
        delta(self.life + self.callback_wait + self.hand_over * 3) + self.lease() * 4
    }
}

pub(crate) fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

fn callback_wait() -> Duration {
    let seconds = names().map_or(360, |names| names.portal.callback_seconds.value);
    Duration::from_secs(u64::from(seconds))
}
