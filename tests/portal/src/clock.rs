//! What time it is for the stand-in: the machine's clock, or one that a test turns by hand.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock. A copy shows the same time.
#[derive(Clone)]
pub struct Clock(Kind);

#[derive(Clone)]
enum Kind {
    System,
    // Milliseconds since 1970.
    ByHand(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands still at `start` until it is turned.
    pub fn by_hand(start: DateTime<Utc>) -> Self {
        Self(Kind::ByHand(Arc::new(AtomicI64::new(start.timestamp_millis()))))
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Kind::System => Utc::now(),
            Kind::ByHand(millis) => DateTime::from_timestamp_millis(millis.load(Ordering::SeqCst)).unwrap_or_default(),
        }
    }

    /// Turns a clock by hand forward. The machine's clock is left as it is.
    pub fn forward(&self, by: TimeDelta) {
        if let Kind::ByHand(millis) = &self.0 {
            millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }
}

impl techo_relay::Clock for Clock {
    fn now(&self) -> DateTime<Utc> {
        self.now()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_by_hand_stands_still_and_its_copies_turn_with_it() {
        let clock = Clock::by_hand(DateTime::UNIX_EPOCH);
        let copy = clock.clone();
        clock.forward(TimeDelta::seconds(90));
        assert_eq!(copy.now().timestamp(), 90);
    }
}
