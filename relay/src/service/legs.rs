//! The two browser legs: a code comes from the app that began the session, with its state and, for the identity leg, the
//! PKCE verifier. It is taken once, sent on once, and what it gave is sealed or kept under the key ring.

use std::sync::Arc;

use techo_protocol::{
    Digest, SessionId,
    message::{AuthorizationCode, Failure, Identity, IdentityCode, Progress, RefusalKind, Stage},
    seal::{self, Binding, Leg},
};
use tokio::time::{Duration, timeout};

use super::{Seen, Service, tag};
use crate::{
    config::delta,
    key_ring::Kind,
    store::{Attempt, Awaited, Change, Session},
    upstream::portal::Ticket,
    wire::exact_json,
};

/// How long a phone waits for what its code gave, before it is told how far it is and asks again: less than the silence a
/// phone puts up with.
const CODE_WAIT: Duration = Duration::from_secs(10);

/// What became of a code that came.
enum Taken {
    /// It is ours to send on.
    Now(Box<Session>),
    /// It came before.
    Before,
}

impl Service {
    /// Takes the identity leg's code.
    pub(crate) async fn identity(self: &Arc<Self>, seen: Seen, code: IdentityCode) -> Result<Progress, RefusalKind> {
        let id = seen.id;
        if let Taken::Now(session) = self.take(seen, Leg::Identity, code.code.as_str(), code.state.as_str()).await? {
            let service = Arc::clone(self);
            // A task of its own: the code is spent, whether the phone waits for the answer or not.
            self.tasks.spawn(async move {
                let who = service.in_time(service.identity.who(&code, service.now())).await;
                let sealed = who.and_then(|identity| service.seal_identity(id, &session, &identity));
                service.settle(id, |session| service.identity_settled(session, sealed.clone())).await;
            });
        }
        self.status(id, Some(Stage::AwaitingIdentity), CODE_WAIT).await
    }

    /// Takes the authorization leg's code.
    pub(crate) async fn authorization(self: &Arc<Self>, seen: Seen, code: AuthorizationCode) -> Result<Progress, RefusalKind> {
        let id = seen.id;
        if let Taken::Now(session) = self.take(seen, Leg::Result, code.code.as_str(), code.state.as_str()).await? {
            let service = Arc::clone(self);
            self.tasks.spawn(async move {
                let asked = service.in_time(service.portal.ask(&session.start.service, &code.code, service.now())).await;
                let ticket = asked.and_then(|ticket| service.seal_ticket(id, &ticket));
                service.settle(id, |session| service.request_settled(session, ticket.clone())).await;
            });
        }
        self.status(id, Some(Stage::AwaitingAuthorization), CODE_WAIT).await
    }

    /// What the calls of a step gave, if they ended in time.
    pub(super) async fn in_time<T>(&self, calls: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        timeout(self.limits.step, calls).await.unwrap_or(Err(Failure::Unreachable))
    }

    /// Takes a code for a leg: one code, one time, with the state of this session.
    async fn take(&self, mut seen: Seen, leg: Leg, code: &str, state: &str) -> Result<Taken, RefusalKind> {
        let plain = code;
        let code = code_digest(&seen.id, leg, plain);
        loop {
            let session = &seen.session;
            let (due, expected, before) = match leg {
                Leg::Identity => (Stage::AwaitingIdentity, session.start.identity_state, session.identity),
                Leg::Result => (Stage::AwaitingAuthorization, session.start.authorization_state, session.authorization),
            };
            if !expected.is_of(state.as_bytes()) {
                return Err(RefusalKind::ForeignState);
            }
            match before {
                // The answer to it was lost on the way, or is still being worked on.
                Some(attempt) if attempt.code == code => return Ok(Taken::Before),
                Some(_) => return Err(RefusalKind::WrongStage),
                None if session.stage != due => return Err(RefusalKind::WrongStage),
                None => {}
            }
            if !self.is_own(&seen, plain).await? {
                tracing::warn!(session = tag(&seen.id), "a code that is not this session's");
                return Err(RefusalKind::ForeignState);
            }
            let until = self.now() + self.limits.lease();
            let attempt = Some(Attempt { code, until });
            // What it gives must find its session, and be taken, however late it comes.
            let expires = session.expires.max(until + delta(self.limits.hand_over));
            let session = match leg {
                Leg::Identity => Session { identity: attempt, expires, ..session.clone() },
                Leg::Result => Session { authorization: attempt, expires, ..session.clone() },
            };
            if self.replace(&seen, Change::of(session.clone())).await? {
                return Ok(Taken::Now(Box::new(session)));
            }
            // Somebody else wrote: the same code twice at once, mostly.
            seen = self.live(seen.id).await?.ok_or(RefusalKind::UnknownSession)?;
        }
    }

    fn seal_identity(&self, id: SessionId, session: &Session, identity: &Identity) -> Result<bytes::Bytes, Failure> {
        let binding = Binding { session: id, grant: session.start.grant, leg: Leg::Identity };
        let plain = exact_json(identity).map_err(|_| Failure::Malformed)?;
        let sealed = seal::seal(&binding, &session.start.phone, &self.seal, &plain);
        // A phone whose key is not one cannot be answered.
        sealed.map(Into::into).map_err(|_| Failure::Malformed)
    }

    fn identity_settled(&self, session: &Session, sealed: Result<bytes::Bytes, Failure>) -> Option<Change> {
        if session.stage != Stage::AwaitingIdentity {
            return None;
        }
        let expires = session.expires.max(self.now() + delta(self.limits.hand_over));
        Some(match sealed {
            Ok(sealed) => {
                let session = Session { stage: Stage::IdentitySealed, expires, ..session.clone() };
                Change { seal: Some((Leg::Identity, sealed)), ..Change::of(session) }
            }
            Err(failure) => Change::of(Session { stage: Stage::Failed, failure: Some(failure), ..session.clone() }),
        })
    }

    /// The ticket, sealed under the key ring, and the digest by which the call-back finds the session.
    fn seal_ticket(&self, id: SessionId, ticket: &Ticket) -> Result<(String, Digest), Failure> {
        let plain = exact_json(ticket).map_err(|_| Failure::Malformed)?;
        let sealed = self.key_ring.seal(&id, Kind::Ticket, &plain).map_err(|_| Failure::Unreachable)?;
        Ok((sealed, Digest::of(ticket.process.as_bytes())))
    }

    fn request_settled(&self, session: &Session, ticket: Result<(String, Digest), Failure>) -> Option<Change> {
        if session.stage != Stage::AwaitingAuthorization {
            return None;
        }
        let now = self.now();
        // Late as the answer may be, there must be time to fetch and to take it.
        let expires = session.expires.max(now + delta(self.limits.callback_wait + self.limits.hand_over));
        Some(match ticket {
            Ok((ticket, process)) => {
                let awaited = Some(Awaited { ticket, since: now, claimed: None, early: 0, again: None });
                let session = Session { stage: Stage::Requested, expires, awaited, ..session.clone() };
                Change { process: Some(process), ..Change::of(session) }
            }
            Err(failure) => Change::of(Session { stage: Stage::Failed, failure: Some(failure), ..session.clone() }),
        })
    }
}

/// Bound to session and leg, so that the digest of a short code tells nothing about it elsewhere.
fn code_digest(id: &SessionId, leg: Leg, code: &str) -> Digest {
    let leg: &[u8] = match leg {
        Leg::Identity => b"identity",
        Leg::Result => b"result",
    };
    Digest::of(&[id.as_bytes(), leg, code.as_bytes()].concat())
}
