//! The result: after the portal's call-back, or when the call-back did not come in time, one relay claims the session,
//! fetches the answer, seals it to the phone and forgets the rest.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use techo_protocol::{
    Digest, SessionId,
    message::{Answer, Failure, LARGEST_ANSWER, Stage},
    seal::{self, Binding, Leg},
};
use tokio::time::sleep;

use super::{Service, tag};
use crate::{
    config::delta,
    key_ring::Kind,
    store::{Awaited, Change, Session, StoreError},
    upstream::portal::Ticket,
    wire::exact_json,
};

/// How often a result is fetched that is not ready before it is overdue. A call-back beyond that changes nothing.
const EARLY: u8 = 6;
/// The pause after the first of these; doubled each time.
const EARLY_PAUSE: TimeDelta = TimeDelta::seconds(15);

/// Why a result is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The portal, or somebody in its place, said that it is ready.
    Called,
    /// The portal said nothing in the time it has.
    Late,
}

/// Why a fetch brought nothing.
enum Miss {
    /// The portal answered, and it was no data. How it says "not ready" is not known: this may be it.
    NotReady(Failure),
    /// There is nothing to wait for.
    Failed(Failure),
}

/// A session that this relay fetches for.
struct Claim {
    session: Session,
    awaited: Awaited,
    until: DateTime<Utc>,
    /// When the session was to expire before it was claimed.
    expires: DateTime<Utc>,
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
        // Anybody may call back: only so many are waited with, and whoever comes when they are is told at once.
        let patient = if found.is_none() { self.patient.try_acquire().ok() } else { None };
        for part in [8, 4, 2] {
            if found.is_none() && patient.is_some() && self.limits.callback_patience > Duration::ZERO {
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
            None if awaited.again.is_some_and(|again| again <= now) => self.fetch(id, Occasion::Called),
            // Whoever claimed it is gone: asking for a result twice is asking once.
            Some(until) if until <= now => self.fetch(id, if is_late { Occasion::Late } else { Occasion::Called }),
            None | Some(_) => {}
        }
    }

    /// After which time something becomes due in a session that waits for its result, and nobody may be there to say so.
    pub(super) fn due(&self, session: &Session) -> Option<Duration> {
        let awaited = session.awaited.as_ref()?;
        let overdue = awaited.since + delta(self.limits.callback_wait);
        let next =
            awaited.claimed.or(awaited.again).map_or(overdue, |next| if awaited.claimed.is_some() { next } else { next.min(overdue) });
        // What is due already was begun, or is another relay's.
        (next - self.now()).to_std().ok().filter(|after| !after.is_zero())
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
        let Ok(Some(claim)) = self.claim(id, occasion).await else { return };
        let sealed = self.fetched(id, &claim).await;
        self.settle(id, |session| self.result_settled(session, &claim, occasion, &sealed)).await;
    }

    /// Makes the fetch this relay's, unless it is another's.
    async fn claim(&self, id: SessionId, occasion: Occasion) -> Result<Option<Claim>, StoreError> {
        loop {
            let Some(seen) = self.live(id).await? else { return Ok(None) };
            let now = self.now();
            let is_free = |awaited: &Awaited| awaited.claimed.is_none_or(|until| until <= now);
            let awaited = seen.session.awaited.clone().filter(|awaited| seen.session.stage == Stage::Requested && is_free(awaited));
            let Some(awaited) = awaited else { return Ok(None) };
            if occasion == Occasion::Called && awaited.early >= EARLY {
                return Ok(None);
            }
            if awaited.claimed.is_some() && self.limits.last_claim(awaited.since) < now {
                // One relay after another died over it: it is not kept longer than phones are told.
                self.give_up(seen, Failure::Unreachable).await?;
                return Ok(None);
            }
            let until = now + self.limits.lease();
            let claimed = Awaited { claimed: Some(until), ..awaited.clone() };
            // However long it takes, the answer must find its session, and be taken.
            let expires = seen.session.expires.max(until + delta(self.limits.hand_over));
            let session = Session { awaited: Some(claimed), expires, ..seen.session.clone() };
            if self.replace(&seen, Change::of(session.clone())).await? {
                return Ok(Some(Claim { session, awaited, until, expires: seen.session.expires }));
            }
        }
    }

    async fn fetched(&self, id: SessionId, claim: &Claim) -> Result<Bytes, Miss> {
        let ticket = self.open_ticket(id, &claim.awaited.ticket).map_err(Miss::Failed)?;
        let answer = self.in_time(self.portal.result(&ticket, self.now())).await.map_err(|failure| match failure {
            Failure::Portal { .. } | Failure::Malformed => Miss::NotReady(failure),
            failure => Miss::Failed(failure),
        })?;
        self.seal_answer(id, &claim.session, answer).await.map_err(Miss::Failed)
    }

    fn open_ticket(&self, id: SessionId, sealed: &str) -> Result<Ticket, Failure> {
        let plain = self.key_ring.open(&id, Kind::Ticket, sealed).map_err(|error| {
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

    fn result_settled(&self, session: &Session, claim: &Claim, occasion: Occasion, sealed: &Result<Bytes, Miss>) -> Option<Change> {
        let awaited = session.awaited.as_ref().filter(|awaited| awaited.claimed == Some(claim.until));
        let awaited = awaited.filter(|_| session.stage == Stage::Requested)?;
        let now = self.now();
        let is_late = awaited.since + delta(self.limits.callback_wait) <= now;
        let session = Session { awaited: None, expires: claim.expires, ..session.clone() };
        let expires = claim.expires.max(now + delta(self.limits.hand_over));
        let failure = match sealed {
            Ok(sealed) => {
                let session = Session { stage: Stage::ResultSealed, expires, ..session };
                return Some(Change { seal: Some((Leg::Result, sealed.clone())), ..Change::of(session) });
            }
            // Whoever called was early, or not the portal: the fetch is given back, as it cost the person two logins.
            Err(Miss::NotReady(_)) if !is_late => {
                let again = now + EARLY_PAUSE * (1_i32 << awaited.early.min(EARLY));
                let awaited = Awaited { claimed: None, early: awaited.early.saturating_add(1), again: Some(again), ..awaited.clone() };
                return Some(Change::of(Session { awaited: Some(awaited), ..session }));
            }
            // Nobody ever said that it is ready.
            Err(Miss::NotReady(_)) if occasion == Occasion::Late && awaited.early == 0 => Failure::Late,
            Err(Miss::NotReady(failure) | Miss::Failed(failure)) => failure.clone(),
        };
        // Also a failure must be there to be read.
        Some(Change::of(Session { stage: Stage::Failed, failure: Some(failure), expires, ..session }))
    }
}
