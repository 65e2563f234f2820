//! Sessions: what a phone, the portal's call-back and a browser may do with one. Every step reads the session, decides, and
//! writes it back only if nobody else wrote meanwhile, so that any relay on the same store can take any step.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use chrono::{DateTime, SubsecRound as _, Utc};
use techo_protocol::{
    Digest, SessionId,
    message::{Failure, LONGEST_WAIT, Progress, RefusalKind, Return, Stage, Start},
    seal::PrivateKey,
};
use tokio::{sync::Semaphore, time::timeout_at};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::Clock,
    config::{Limits, delta},
    key_ring::KeyRing,
    metrics::{self, Metrics},
    rates::Rates,
    store::{Attempt, Begun, Change, Pending, Revision, Session, Store, StoreError, Wake},
    upstream::{identity::IdentityServer, portal::PortalServer},
    wakes::Wakes,
};

mod fetch;
mod hand_over;
mod legs;
mod sight;

/// Everything that a relay's handlers share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) identity: IdentityServer,
    pub(crate) portal: PortalServer,
    pub(crate) services: Vec<String>,
    pub(crate) seal: Arc<PrivateKey>,
    pub(crate) key_ring: KeyRing,
    pub(crate) wakes: Wakes,
    pub(crate) rates: Rates,
    /// The relay takes no new sessions and lets nobody wait.
    pub(crate) stopping: CancellationToken,
    /// What must be finished before the relay ends.
    pub(crate) tasks: TaskTracker,
    pub(crate) fetches: Semaphore,
    /// Call-backs for an unknown number that may be looked up again for a moment.
    pub(crate) patient: Semaphore,
    /// Sessions whose result this relay is about to fetch, so that a second call-back starts no second task.
    pub(crate) fetching: Mutex<HashSet<SessionId>>,
}

/// A session as it was read.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) id: SessionId,
    pub(crate) session: Session,
    pub(crate) revision: Revision,
}

impl From<StoreError> for RefusalKind {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Away => Self::Busy,
            StoreError::Unreadable => Self::Internal,
        }
    }
}

/// A few letters of a session's id, by which lines of a log belong together.
pub(crate) fn tag(id: &SessionId) -> String {
    id.to_string().chars().take(6).collect()
}

impl Service {
    /// In whole milliseconds: an instant must be the same when it comes back from the store.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(3)
    }

    /// What a store answered; its errors are counted.
    pub(crate) async fn asked<T>(&self, pending: Pending<'_, T>) -> Result<T, StoreError> {
        let answer = pending.await;
        if let Err(error) = &answer {
            self.metrics.store_failed();
            tracing::error!(%error, "store");
        }
        answer
    }

    /// Begins a session, or finds that this one is begun.
    pub(crate) async fn start(&self, id: SessionId, start: Start) -> Result<Progress, RefusalKind> {
        if self.stopping.is_cancelled() {
            return Err(RefusalKind::Busy);
        }
        if !self.services.contains(&start.service) {
            return Err(RefusalKind::UnknownService);
        }
        // Ports below belong to the machine's own services, which a browser should not be sent to.
        let is_port_usable = !matches!(start.back, Return::Loopback { port: ..1024 });
        if !is_port_usable || start.identity_state == start.authorization_state {
            return Err(RefusalKind::BadRequest);
        }
        let now = self.now();
        let expires = now + delta(self.limits.life);
        let stage = Stage::AwaitingIdentity;
        let session =
            Session { start, stage, failure: None, expires, identity: None, authorization: None, codes: Vec::new(), awaited: None };
        let mut begun = self.asked(self.store.begin(&id, &session, now, self.limits.sessions)).await?;
        if matches!(&begun, Begun::There(there) if there.expires <= now) {
            self.asked(self.store.forget(&id)).await?;
            begun = self.asked(self.store.begin(&id, &session, now, self.limits.sessions)).await?;
        }
        match begun {
            Begun::New => {
                self.metrics.reached(stage, None);
                tracing::info!(session = tag(&id), "begun");
                Ok(self.progress(&session))
            }
            Begun::There(there) if there.start == session.start => Ok(self.progress(&there)),
            Begun::There(_) | Begun::Clash => Err(RefusalKind::WrongStage),
            Begun::Full => {
                tracing::warn!(most = self.limits.sessions, "full");
                Err(RefusalKind::Busy)
            }
        }
    }

    /// The session, for the phone that began it. Whether there is none or the secret is wrong cannot be told apart, also
    /// not by the time it takes.
    pub(crate) async fn enter(&self, id: &str, secret: &str) -> Result<Seen, RefusalKind> {
        let id: SessionId = id.parse().map_err(|_| RefusalKind::UnknownSession)?;
        let seen = self.live(id).await?;
        // No secret has this digest.
        let nobody = Digest::from_bytes([0; 32]);
        let expected = seen.as_ref().map_or(nobody, |seen| seen.session.start.secret);
        let is_right = expected.is_of(secret.as_bytes());
        let seen = seen.filter(|_| is_right).ok_or(RefusalKind::UnknownSession)?;
        if self.rates.may(id, Instant::now()) { Ok(seen) } else { Err(RefusalKind::SlowDown) }
    }

    /// A session that has not expired.
    pub(crate) async fn live(&self, id: SessionId) -> Result<Option<Seen>, StoreError> {
        let found = self.asked(self.store.session(&id)).await?;
        let seen = found.map(|(session, revision)| Seen { id, session, revision });
        Ok(seen.filter(|seen| self.now() < seen.session.expires))
    }

    /// How far a session is. Answers as soon as its stage is no longer `seen`, and after `wait` in any case.
    pub(crate) async fn status(self: &Arc<Self>, id: SessionId, seen: Option<Stage>, wait: Duration) -> Result<Progress, RefusalKind> {
        let end = tokio::time::Instant::now() + wait.min(Duration::from_secs(LONGEST_WAIT.into()));
        let waiting = self.wakes.wait(id);
        let _counted = self.metrics.waits();
        loop {
            // Asked for before the session is read: what is written after the reading rings.
            let next = waiting.next();
            let now = self.live(id).await?.ok_or(RefusalKind::UnknownSession)?;
            let is_over = Some(now.session.stage) != seen || self.stopping.is_cancelled() || tokio::time::Instant::now() >= end;
            let progress = self.progress(&now.session);
            let due = self.due(&now.session).map_or(end, |after| end.min(tokio::time::Instant::now() + after));
            self.tend(now).await?;
            if is_over {
                return Ok(progress);
            }
            tokio::select! {
                _ = timeout_at(due, next) => {}
                () = self.stopping.cancelled() => {}
            }
        }
    }

    /// Does what is due in a session that somebody looks at: what another relay began and did not finish is given up or
    /// taken over, and a result whose call-back was lost is fetched.
    async fn tend(self: &Arc<Self>, seen: Seen) -> Result<(), StoreError> {
        let now = self.now();
        let is_dead = |attempt: Option<Attempt>| attempt.is_some_and(|attempt| attempt.until <= now);
        match seen.session.stage {
            // A code is not sent again: whoever had it may have spent it. Boxed, because it is rare and every wait would
            // be as large as this.
            Stage::AwaitingIdentity if is_dead(seen.session.identity) => {
                Box::pin(self.give_up(seen, Failure::Unreachable)).await?;
            }
            Stage::AwaitingAuthorization if is_dead(seen.session.authorization) => {
                Box::pin(self.give_up(seen, Failure::Unreachable)).await?;
            }
            Stage::Requested => self.tend_result(seen.id, &seen.session, now),
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn progress(&self, session: &Session) -> Progress {
        let left = (session.expires - self.now()).num_seconds().max(0);
        let expires_in = u32::try_from(left).unwrap_or(u32::MAX);
        Progress { stage: session.stage, failure: session.failure.clone(), expires_in }
    }

    /// Writes a change if the session is still as it was seen.
    pub(crate) async fn replace(&self, seen: &Seen, change: Change) -> Result<bool, StoreError> {
        let (stage, failure) = (change.session.stage, change.session.failure.clone());
        let is_written = self.asked(self.store.replace(&seen.id, seen.revision, change, self.now())).await?;
        if is_written {
            // At once for the waiting of this relay; the store tells the others.
            self.wakes.wake(Wake::Session(seen.id));
            if stage != seen.session.stage {
                self.metrics.reached(stage, failure.as_ref());
                tracing::info!(session = tag(&seen.id), stage = stage.id(), failure = failure.as_ref().map(metrics::id), "reached");
            }
        }
        Ok(is_written)
    }

    /// Ends a session without an answer, if it is still as it was seen.
    pub(crate) async fn give_up(&self, seen: Seen, failure: Failure) -> Result<bool, StoreError> {
        let session = Session { stage: Stage::Failed, failure: Some(failure), awaited: None, ..seen.session.clone() };
        self.replace(&seen, Change::of(session)).await
    }

    /// Writes the outcome of something that took long: `change` is asked anew whenever somebody else wrote meanwhile, and
    /// says nothing when the outcome is not wanted any more. A store that is away for a moment is waited for, as the
    /// outcome exists nowhere else.
    pub(crate) async fn settle(&self, id: SessionId, change: impl Fn(&Session) -> Option<Change>) {
        let mut pause = self.limits.pause;
        for _ in 0..self.limits.attempts.max(3) {
            loop {
                let Ok(found) = self.live(id).await else { break };
                let Some(seen) = found else { return };
                let Some(change) = change(&seen.session) else { return };
                match self.replace(&seen, change).await {
                    Ok(true) => return,
                    Ok(false) => {}
                    Err(_) => break,
                }
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        tracing::error!(session = tag(&id), "an outcome was lost: the store is away");
    }

    /// Drops what has expired and counts what remains. False when the store is away.
    pub(crate) async fn count(&self) -> bool {
        self.rates.sweep(Instant::now());
        let count = self.asked(self.store.sweep(self.now())).await;
        if let Ok(count) = count {
            self.metrics.sessions.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        count.is_ok()
    }

    /// Forgets a session with all that belongs to it.
    pub(crate) async fn forget(&self, seen: &Seen) -> Result<(), StoreError> {
        self.asked(self.store.forget(&seen.id)).await?;
        self.wakes.wake(Wake::Session(seen.id));
        tracing::info!(session = tag(&seen.id), "forgotten");
        Ok(())
    }
}
