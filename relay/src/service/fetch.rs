//! The result: after the portal's call-back, or when the call-back did not come in time, one relay claims the session,
//! fetches the answer, seals it to the phone and forgets the rest.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use techo_protocol::{
    Digest, SessionId,
    message::{Answer, Failure, LARGEST_ANSWER, Stage},
    seal::{self, Binding, Leg},
};
use tokio::time::sleep;

use super::{Service, tag};
use crate::{
    config::delta,
    store::{Awaited, Change, Session, StoreError},
    upstream::portal::{Occasion, Ticket},
    wire::exact_json,
};

/// A session that this relay fetches for.
struct Claim {
    session: Session,
    awaited: Awaited,
    until: DateTime<Utc>,
}

/// A fetch of this relay, until it ends in whatever way.
struct UnderWay {
    service: Arc<Service>,
    id: SessionId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.service.fetching.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Service {
    /// The portal says that a result is ready. It is a hint: false where no such request is known, and otherwise the result
    /// is fetched, once, however often it is said.
    pub(crate) async fn result_ready(self: &Arc<Self>, process: &str) -> Result<bool, StoreError> {
        let digest = Digest::of(process.as_bytes());
        let mut found = self.find(&digest).await?;
        // The portal may call before its answer to the request has been written down, here or by another relay.
        for part in [8, 4, 2] {
            if found.is_none() && self.limits.callback_patience > Duration::ZERO {
                sleep(self.limits.callback_patience / part).await;
                found = self.find(&digest).await?;
            }
        }
        let Some((id, stage)) = found else { return Ok(false) };
        if stage == Stage::Requested {
            self.fetch(id, Occasion::Called);
        }
        Ok(true)
    }

    async fn find(&self, process: &Digest) -> Result<Option<(SessionId, Stage)>, StoreError> {
        let Some(id) = self.asked(self.store.by_process(process)).await? else { return Ok(None) };
        Ok(self.live(id).await?.map(|seen| (id, seen.session.stage)))
    }

    /// Fetches what is due in a session that waits for its result.
    pub(super) fn tend_result(self: &Arc<Self>, id: SessionId, session: &Session, now: DateTime<Utc>) {
        let Some(awaited) = &session.awaited else { return };
        let is_late = awaited.since + delta(self.limits.callback_wait) <= now;
        match awaited.claimed {
            None if is_late => self.fetch(id, Occasion::Late),
            // Whoever claimed it is gone: asking for a result twice is asking once.
            Some(until) if until <= now => self.fetch(id, if is_late { Occasion::Late } else { Occasion::Called }),
            None | Some(_) => {}
        }
    }

    /// Starts a task that fetches, unless one is under way in this relay.
    fn fetch(self: &Arc<Self>, id: SessionId, occasion: Occasion) {
        let is_new = self.fetching.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        if is_new {
            let under_way = UnderWay { service: Arc::clone(self), id };
            self.tasks.spawn(async move { under_way.service.fetch_once(id, occasion).await });
        }
    }

    async fn fetch_once(&self, id: SessionId, occasion: Occasion) {
        // Never closed.
        let Ok(_permit) = self.fetches.acquire().await else { return };
        let Ok(Some(claim)) = self.claim(id).await else { return };
        let sealed = self.fetched(id, &claim, occasion).await;
        self.settle(id, |session| self.result_settled(session, claim.until, &sealed)).await;
    }

    /// Makes the fetch this relay's, unless it is another's.
    async fn claim(&self, id: SessionId) -> Result<Option<Claim>, StoreError> {
        loop {
            let Some(seen) = self.live(id).await? else { return Ok(None) };
            let now = self.now();
            let is_free = |awaited: &Awaited| awaited.claimed.is_none_or(|until| until <= now);
            let awaited = seen.session.awaited.clone().filter(|awaited| seen.session.stage == Stage::Requested && is_free(awaited));
            let Some(awaited) = awaited else { return Ok(None) };
            let until = now + self.limits.lease();
            let claimed = Awaited { claimed: Some(until), ..awaited.clone() };
            let session = Session { awaited: Some(claimed), ..seen.session.clone() };
            if self.replace(&seen, Change::of(session.clone())).await? {
                return Ok(Some(Claim { session, awaited, until }));
            }
        }
    }

    async fn fetched(&self, id: SessionId, claim: &Claim, occasion: Occasion) -> Result<Bytes, Failure> {
        let ticket = self.open_ticket(id, &claim.awaited.ticket)?;
        let answer = self.in_time(self.portal.result(&ticket, occasion, self.now())).await?;
        self.seal_answer(id, &claim.session, answer).await
    }

    fn open_ticket(&self, id: SessionId, sealed: &str) -> Result<Ticket, Failure> {
        let plain = self.key_ring.open(&id, sealed).map_err(|error| {
            // A key left the ring too early, or somebody wrote into the store.
            tracing::error!(session = tag(&id), %error, "ticket");
            Failure::Unreachable
        })?;
        serde_json::from_slice(&plain).map_err(|_| Failure::Unreachable)
    }

    async fn seal_answer(&self, id: SessionId, session: &Session, answer: Answer) -> Result<Bytes, Failure> {
        let binding = Binding { session: id, grant: session.start.grant, leg: Leg::Result };
        let (phone, key) = (session.start.phone, Arc::clone(&self.seal));
        let started = Instant::now();
        // Off the threads that answer phones: the largest answers take milliseconds.
        let sealing = tokio::task::spawn_blocking(move || {
            let plain = exact_json(&answer).map_err(|_| Failure::Malformed)?;
            drop(answer);
            if plain.len() > LARGEST_ANSWER {
                return Err(Failure::TooLarge);
            }
            seal::seal(&binding, &phone, &key, &plain).map(Bytes::from).map_err(|_| Failure::Malformed)
        });
        let sealed = sealing.await.map_err(|_| Failure::Unreachable)?;
        self.metrics.sealed(started.elapsed());
        sealed
    }

    fn result_settled(&self, session: &Session, claimed: DateTime<Utc>, sealed: &Result<Bytes, Failure>) -> Option<Change> {
        let is_ours = session.awaited.as_ref().is_some_and(|awaited| awaited.claimed == Some(claimed));
        if session.stage != Stage::Requested || !is_ours {
            return None;
        }
        let session = Session { awaited: None, ..session.clone() };
        let expires = session.expires.max(self.now() + delta(self.limits.hand_over));
        Some(match sealed {
            Ok(sealed) => {
                let session = Session { stage: Stage::ResultSealed, expires, ..session };
                Change { seal: Some((Leg::Result, sealed.clone())), ..Change::of(session) }
            }
            Err(failure) => Change::of(Session { stage: Stage::Failed, failure: Some(failure.clone()), ..session }),
        })
    }
}
