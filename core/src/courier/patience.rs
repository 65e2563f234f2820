//! How long an exchange may take, and how often it is tried. What broke is tried again after a pause with jitter, because
//! thousands of phones lose the same relay at the same moment; what was refused never is.

use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::portal::{Reply, Trouble};

/// The limits of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// To look the name up, connect and shake hands.
    pub(super) connect: Duration,
    /// Without a byte of the answer, beyond what the relay was asked to wait.
    pub(super) silence: Duration,
    /// The whole call with every try and pause, beyond what the relay was asked to wait.
    pub(super) whole: Duration,
    /// How often at most, the first time included.
    pub(super) tries: u32,
    /// Longest pause before the second try; three times as long before each further one.
    pub(super) pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(15),
            // The largest answer (16 MiB) over a poor mobile line, 1 Mbit/s.
            whole: Duration::from_secs(150),
            tries: 3,
            pause: Duration::from_millis(500),
        }
    }
}

impl Patience {
    /// Runs `errand` until it brings an answer, fails in a way that another try would not heal, or the limits are reached.
    pub(super) async fn repeat<F: Future<Output = Result<Reply, Trouble>>>(
        &self,
        wait: u16,
        errand: impl Fn() -> F,
    ) -> Result<Reply, Trouble> {
        let asked = Duration::from_secs(wait.into());
        let all = async {
            let mut pause = self.pause;
            for _ in 1..self.tries {
                match errand().await {
                    // No way to the relay is often a phone between two networks.
                    Err(Trouble::Broken | Trouble::Offline) => tokio::time::sleep(jittered(pause)).await,
                    done => return done,
                }
                pause = pause.saturating_mul(3);
            }
            errand().await
        };
        tokio::time::timeout(self.whole + asked, all).await.unwrap_or(Err(Trouble::TimedOut))
    }
}

/// Somewhere between half of `longest` and all of it.
fn jittered(longest: Duration) -> Duration {
    let mut byte = [0];
    // Without random bytes the pause is merely not spread.
    let spread = SystemRandom::new().fill(&mut byte).map_or(u8::MAX, |()| byte[0]);
    longest / 2 + longest / 2 * u32::from(spread) / u32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::{cell::Cell, collections::BTreeSet};

    use super::*;

    /// How often an errand that always ends like this is run.
    fn runs(trouble: Trouble, patience: &Patience) -> u32 {
        let runs = Cell::new(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let ended = runtime.block_on(patience.repeat(0, || {
            runs.set(runs.get() + 1);
            async move { Err(trouble) }
        }));
        assert_eq!(ended.err(), Some(trouble));
        runs.get()
    }

    #[test]
    fn only_what_broke_is_tried_again_and_not_for_ever() {
        use crate::portal::Doubt;
        let patience = Patience { tries: 4, pause: Duration::ZERO, ..Patience::default() };
        assert_eq!(runs(Trouble::Broken, &patience), 4);
        assert_eq!(runs(Trouble::Offline, &patience), 4);
        for final_trouble in
            [Trouble::NotTheRelay(Doubt::UnknownRoot), Trouble::TimedOut, Trouble::TooLarge, Trouble::Unexpected, Trouble::Cancelled]
        {
            assert_eq!(runs(final_trouble, &patience), 1, "{final_trouble}");
        }
    }

    #[test]
    fn a_pause_is_spread_over_half_of_itself() {
        let longest = Duration::from_millis(500);
        let pauses: BTreeSet<Duration> = (0..200).map(|_| jittered(longest)).collect();
        assert!(pauses.iter().all(|pause| (longest / 2..=longest).contains(pause)));
        assert!(pauses.len() > 20, "{} different pauses", pauses.len());
    }
}
