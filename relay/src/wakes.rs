//! Who waits for which session in this relay. A wait that began before a session was read misses nothing that is written
//! after.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use techo_protocol::SessionId;
use tokio::sync::{Notify, futures::OwnedNotified};

use crate::store::Wake;

/// The waiting of one relay.
#[derive(Debug, Default)]
pub(crate) struct Wakes(Mutex<HashMap<SessionId, Waiting>>);

#[derive(Debug)]
struct Waiting {
    bell: Arc<Notify>,
    count: usize,
}

/// One wait. It ends with the value.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    wakes: &'a Wakes,
    id: SessionId,
    bell: Arc<Notify>,
}

impl Wakes {
    /// Begins a wait for a session.
    pub(crate) fn wait(&self, id: SessionId) -> Wait<'_> {
        let mut waiting = self.waiting();
        let entry = waiting.entry(id).or_insert_with(|| Waiting { bell: Arc::default(), count: 0 });
        entry.count += 1;
        Wait { wakes: self, id, bell: Arc::clone(&entry.bell) }
    }

    /// Wakes whom it concerns.
    pub(crate) fn wake(&self, wake: Wake) {
        let waiting = self.waiting();
        match wake {
            Wake::Session(id) => waiting.get(&id).into_iter().for_each(|one| one.bell.notify_waiters()),
            Wake::All => waiting.values().for_each(|one| one.bell.notify_waiters()),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<SessionId, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wait<'_> {
    /// Ends at the next wake after this call, also if it is polled later.
    pub(crate) fn next(&self) -> OwnedNotified {
        Arc::clone(&self.bell).notified_owned()
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Entry::Occupied(mut entry) = self.wakes.waiting().entry(self.id) {
            entry.get_mut().count -= 1;
            if entry.get().count == 0 {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn a_wake_between_the_beginning_of_a_wait_and_its_first_look_is_not_missed() {
        let (wakes, id) = (Wakes::default(), SessionId::make().unwrap());
        for wake in [Wake::Session(id), Wake::All] {
            let wait = wakes.wait(id);
            let next = wait.next();
            wakes.wake(wake);
            next.await;
        }
    }

    #[tokio::test]
    async fn a_wake_is_for_all_who_wait_for_that_session_and_for_nobody_else() {
        let (wakes, id, other) = (Wakes::default(), SessionId::make().unwrap(), SessionId::make().unwrap());
        let (one, two, stranger) = (wakes.wait(id), wakes.wait(id), wakes.wait(other));
        let (first, second, third) = (one.next(), two.next(), stranger.next());
        wakes.wake(Wake::Session(id));
        tokio::join!(first, second);
        assert!(tokio::time::timeout(std::time::Duration::ZERO, third).await.is_err());
    }

    #[test]
    fn nothing_is_left_of_waits_that_ended() {
        let (wakes, id) = (Wakes::default(), SessionId::make().unwrap());
        let (one, two) = (wakes.wait(id), wakes.wait(id));
        drop(one);
        assert_eq!(wakes.waiting().len(), 1);
        drop(two);
        assert_eq!(wakes.waiting().len(), 0);
    }
}
