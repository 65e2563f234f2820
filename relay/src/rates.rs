//! How often a session may ask. Counted per session and not per address, because carriers put thousands of phones behind
//! one address; and per relay, because a balancer sends a session's requests anywhere.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use techo_protocol::SessionId;

/// A bucket of requests for each session that asked lately.
#[derive(Debug)]
pub(crate) struct Rates {
    burst: f64,
    per_second: f64,
    buckets: Mutex<HashMap<SessionId, Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// A bucket that has not been touched for this long is as good as new, whatever the rate.
const FORGET: Duration = Duration::from_mins(20);

impl Rates {
    pub(crate) fn new(burst: u32, per_second: u32) -> Self {
        Self { burst: burst.into(), per_second: per_second.into(), buckets: Mutex::default() }
    }

    /// Whether a session may ask now. Only for sessions that proved their secret: nobody else may fill this memory.
    pub(crate) fn may(&self, id: SessionId, now: Instant) -> bool {
        let mut buckets = self.buckets();
        let bucket = buckets.entry(id).or_insert(Bucket { left: self.burst, at: now });
        let gained = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
        bucket.left = (bucket.left + gained).min(self.burst);
        bucket.at = now;
        let may = bucket.left >= 1.0;
        if may {
            bucket.left -= 1.0;
        }
        may
    }

    /// Forgets buckets that are full again.
    pub(crate) fn sweep(&self, now: Instant) {
        let is_kept = |bucket: &Bucket| {
            let age = now.saturating_duration_since(bucket.at);
            age < FORGET && bucket.left + age.as_secs_f64() * self.per_second < self.burst
        };
        self.buckets().retain(|_, bucket| is_kept(bucket));
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<SessionId, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_session_that_asks_too_often_waits_and_others_do_not() {
        let (rates, now) = (Rates::new(3, 2), Instant::now());
        let (id, other) = (SessionId::make().unwrap(), SessionId::make().unwrap());
        assert_eq!([(); 4].map(|()| rates.may(id, now)), [true, true, true, false]);
        assert!(rates.may(other, now));
        let later = now + Duration::from_secs(1);
        assert_eq!([(); 3].map(|()| rates.may(id, later)), [true, true, false]);
    }

    #[test]
    fn a_bucket_that_is_full_again_is_forgotten() {
        let (rates, now) = (Rates::new(3, 2), Instant::now());
        let id = SessionId::make().unwrap();
        assert!(rates.may(id, now));
        rates.sweep(now);
        assert_eq!(rates.buckets().len(), 1);
        rates.sweep(now + Duration::from_secs(1));
        assert_eq!(rates.buckets().len(), 0);
        let never = Rates::new(3, 0);
        assert!(never.may(id, now));
        never.sweep(now + FORGET);
        assert_eq!(never.buckets().len(), 0);
    }
}
