//! Handing over: sealed bytes stay until the phone says that it has them, and are gone for ever after that.

use bytes::Bytes;
use techo_protocol::{
    message::{RefusalKind, Stage},
    seal::Leg,
};

use super::{Seen, Service};
use crate::store::{Change, Session};

/// Where the sealed bytes of a leg are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    /// Not there yet, or never.
    NotYet,
    /// Waiting.
    Here,
    /// Taken.
    Gone,
}

fn whereabouts(session: &Session, leg: Leg) -> Where {
    match (leg, session.stage) {
        (Leg::Identity, Stage::AwaitingIdentity) => Where::NotYet,
        (Leg::Identity, Stage::IdentitySealed) => Where::Here,
        // The authorization leg begins when the identity was taken.
        (Leg::Identity, Stage::Failed) if session.authorization.is_none() => Where::NotYet,
        (Leg::Identity, _) => Where::Gone,
        (Leg::Result, Stage::ResultSealed) => Where::Here,
        (Leg::Result, Stage::Taken) => Where::Gone,
        (Leg::Result, _) => Where::NotYet,
    }
}

impl Service {
    /// Sealed bytes of a leg, as often as they are asked for until they were taken.
    pub(crate) async fn sealed(&self, seen: &Seen, leg: Leg) -> Result<Bytes, RefusalKind> {
        match whereabouts(&seen.session, leg) {
            Where::NotYet => Err(RefusalKind::WrongStage),
            Where::Gone => Err(RefusalKind::Taken),
            // Taken between the two looks, where there is nothing.
            Where::Here => self.asked(self.store.sealed(&seen.id, leg)).await?.ok_or(RefusalKind::Taken),
        }
    }

    /// The phone has them: the relay forgets them. Said twice it is the same.
    pub(crate) async fn taken(&self, mut seen: Seen, leg: Leg) -> Result<(), RefusalKind> {
        loop {
            match whereabouts(&seen.session, leg) {
                Where::NotYet => return Err(RefusalKind::WrongStage),
                Where::Gone => return Ok(()),
                Where::Here => {}
            }
            let stage = match leg {
                Leg::Identity => Stage::AwaitingAuthorization,
                Leg::Result => Stage::Taken,
            };
            let change = Change { unseal: Some(leg), ..Change::of(Session { stage, ..seen.session.clone() }) };
            if self.replace(&seen, change).await? {
                return Ok(());
            }
            seen = self.live(seen.id).await?.ok_or(RefusalKind::UnknownSession)?;
        }
    }
}
