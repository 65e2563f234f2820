//! One round as a state machine: [`Round::next`] takes what happened and says what comes next. Every place can be
//! written down, and every exchange repeated, so a round goes on wherever it was left.

use techo_protocol::{
    message::{LONGEST_WAIT, Progress, RefusalKind, Stage, Start},
    names::BadNames,
    profile::Profile,
    seal::Leg,
};
use url::Url;
use zeroize::Zeroizing;

use super::{
    End, Exchange, ForeignRedirect, Method, Reply, Trouble,
    browser::{self, Returned},
    wire::{self, Place, Round},
};

/// Times the relay may answer nonsense in a row before that is the end.
const MOST_FAULTS: u32 = 3;
/// Longest pause between two tries, in seconds.
const LONGEST_PAUSE: u32 = 30;
/// Longest pause the relay can ask for, in seconds.
const LONGEST_RETRY_AFTER: u32 = 120;

/// What happened.
#[derive(Debug)]
pub(crate) enum Answer<'a> {
    /// An exchange was carried.
    Replied(Reply),
    /// The browser came back to this address.
    Redirected(&'a str),
    /// What was sealed was opened, and may be gone on with.
    Judged,
}

/// What comes next.
pub(crate) enum Step {
    /// Carry this.
    Exchange(Exchange),
    /// Keep these sealed bytes together with the round as it is now, then go on.
    Keep(Leg, Zeroizing<Vec<u8>>),
    /// Open the kept bytes and judge them.
    Judge(Leg),
    /// Open the browser.
    Browse(Leg, Url),
    /// Nothing for these seconds.
    Wait(u32, Delay),
    /// The round's answer is kept.
    Over,
    /// It ended otherwise.
    End(End),
}

/// Why there is a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// No way to the relay.
    Offline,
    /// The relay did not answer, or broke off.
    NoAnswer,
    /// The relay is busy and said so.
    Busy,
}

/// How far a conversation is, in steps that a person knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Milestone {
    /// The relay is being told.
    Beginning,
    /// The browser is out to show who logs in.
    Identity,
    /// Who logged in is being compared.
    Comparing,
    /// The browser is out to ask for consent at the portal.
    Authorization,
    /// The portal was asked.
    Waiting,
    /// The answer is being taken.
    Taking,
    /// The answer is here and is being read.
    Filing,
}

/// What happened does not belong to this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misfit {
    /// Nobody asked.
    #[error("nothing of the kind was asked for")]
    OutOfTurn,
    /// See there.
    #[error(transparent)]
    Foreign(#[from] ForeignRedirect),
    /// See there.
    #[error(transparent)]
    Names(#[from] BadNames),
}

impl Round {
    /// What comes next, when nothing happened in between.
    pub(crate) fn step(&self, profile: &Profile) -> Result<Step, Misfit> {
        Ok(match &self.place {
            Place::Begin | Place::Bring(..) | Place::Await(..) | Place::Take(_) | Place::LetGo(_) => Step::Exchange(self.exchange()),
            Place::Ask(leg) => Step::Browse(*leg, browser::address(self, *leg, profile)?),
            Place::Judge(leg) => Step::Judge(*leg),
            Place::Over => Step::Over,
        })
    }

    /// What comes next after this. An address that is foreign, and an answer that nobody asked for, change nothing.
    pub(crate) fn next(&mut self, answer: Answer<'_>, profile: &Profile) -> Result<Step, Misfit> {
        let other = match answer {
            Answer::Replied(reply) => self.replied(reply)?,
            Answer::Redirected(address) => self.redirected(address, profile)?,
            Answer::Judged => self.judged()?,
        };
        other.map_or_else(|| self.step(profile), Ok)
    }

    /// Whether the browser is out, or the relay is to be asked for something new: what the time limit is for. Bytes that
    /// wait at the relay may be taken, and kept ones judged, also after it.
    pub(crate) const fn needs_time(&self) -> bool {
        match self.place {
            Place::Begin | Place::Ask(_) | Place::Bring(..) | Place::Await(..) => true,
            Place::Take(_) | Place::LetGo(_) | Place::Judge(_) | Place::Over => false,
        }
    }

    /// How far it is.
    pub(crate) const fn milestone(&self) -> Milestone {
        match self.place {
            Place::Begin => Milestone::Beginning,
            Place::Ask(Leg::Identity) => Milestone::Identity,
            Place::Bring(Leg::Identity, _)
            | Place::Await(Leg::Identity, _)
            | Place::Take(Leg::Identity)
            | Place::LetGo(Leg::Identity)
            | Place::Judge(Leg::Identity) => Milestone::Comparing,
            Place::Ask(Leg::Result) => Milestone::Authorization,
            Place::Bring(Leg::Result, _) | Place::Await(Leg::Result, _) => Milestone::Waiting,
            Place::Take(Leg::Result) | Place::LetGo(Leg::Result) => Milestone::Taking,
            Place::Judge(Leg::Result) | Place::Over => Milestone::Filing,
        }
    }

    /// Whether nothing is lost when the round begins anew: nobody has logged in yet.
    pub(crate) const fn is_fresh(&self) -> bool {
        matches!(self.place, Place::Begin | Place::Ask(Leg::Identity))
    }

    /// What makes the relay forget the session at once; none where it was never told of it.
    pub(crate) fn farewell(&self) -> Option<Exchange> {
        let has_begun = !matches!(self.place, Place::Begin);
        has_begun.then(|| self.request(Method::Delete, "", None, wire::LARGEST_MESSAGE))
    }

    /// What asks whether the relay still knows the session; answered at once.
    pub(crate) fn look(&self) -> Exchange {
        self.request(Method::Get, "", None, wire::LARGEST_MESSAGE)
    }

    /// What such an answer is the end of. Only what the relay knows for certain ends it: anything else is nothing new, and
    /// comes up again when the browser is back.
    pub(crate) fn looked(reply: &Reply) -> Option<End> {
        let Reply::Answered { status, body, .. } = reply else { return None };
        if (200..300).contains(status) {
            let progress = wire::read_progress(body)?;
            return match progress.stage {
                Stage::Failed => progress.failure.map(End::from),
                Stage::Taken => Some(End::Taken),
                _ => None,
            };
        }
        match wire::read_refusal(body)?.error {
            RefusalKind::UnknownSession => Some(End::Forgotten),
            RefusalKind::OtherVersion => Some(End::OtherVersion),
            _ => None,
        }
    }

    fn exchange(&self) -> Exchange {
        match &self.place {
            Place::Bring(leg, _) => {
                let tail = match leg {
                    Leg::Identity => "/identity",
                    Leg::Result => "/authorization",
                };
                // The relay asks the portal before it answers.
                let bring = self.request(Method::Post, tail, Some(wire::write_code(self)), wire::LARGEST_MESSAGE);
                Exchange { wait: LONGEST_WAIT, ..bring }
            }
            Place::Await(_, seen) => {
                let tail = format!("?seen={}&wait={LONGEST_WAIT}", seen.id());
                Exchange { wait: LONGEST_WAIT, ..self.request(Method::Get, &tail, None, wire::LARGEST_MESSAGE) }
            }
            Place::Take(leg) => self.request(Method::Get, sealed(*leg), None, largest(*leg)),
            Place::LetGo(leg) => self.request(Method::Delete, sealed(*leg), None, wire::LARGEST_MESSAGE),
            Place::Begin | Place::Ask(_) | Place::Judge(_) | Place::Over => {
                let start = Start {
                    secret: self.secret.digest(),
                    phone: self.phone,
                    grant: self.grant,
                    service: self.service.clone(),
                    identity_state: self.identity_state.digest(),
                    authorization_state: self.authorization_state.digest(),
                    back: self.back,
                };
                // The start tells the secret's digest; the secret itself travels from then on.
                Exchange { bearer: None, ..self.request(Method::Put, "", Some(wire::write(&start)), wire::LARGEST_MESSAGE) }
            }
        }
    }

    fn request(&self, method: Method, tail: &str, body: Option<Zeroizing<Vec<u8>>>, largest_reply: usize) -> Exchange {
        let path = format!("/v1/sessions/{}{tail}", self.session);
        Exchange { method, path, bearer: Some(self.secret.to_text()), body, wait: 0, largest_reply }
    }

    fn redirected(&mut self, address: &str, profile: &Profile) -> Result<Option<Step>, Misfit> {
        let Place::Ask(leg) = self.place else { return Err(ForeignRedirect.into()) };
        let state = match leg {
            Leg::Identity => &self.identity_state,
            Leg::Result => &self.authorization_state,
        };
        match browser::read_return(address, &profile.redirect, self.back, state)? {
            Returned::Code(code) => {
                self.place = Place::Bring(leg, code);
                Ok(None)
            }
            Returned::Error(end) => Ok(Some(Step::End(end))),
        }
    }

    fn judged(&mut self) -> Result<Option<Step>, Misfit> {
        self.place = match self.place {
            Place::Judge(Leg::Identity) => Place::Ask(Leg::Result),
            Place::Judge(Leg::Result) => Place::Over,
            _ => return Err(Misfit::OutOfTurn),
        };
        Ok(None)
    }

    fn replied(&mut self, reply: Reply) -> Result<Option<Step>, Misfit> {
        if matches!(self.place, Place::Ask(_) | Place::Judge(_) | Place::Over) {
            return Err(Misfit::OutOfTurn);
        }
        let (status, retry_after, body) = match reply {
            Reply::Failed(trouble) => return Ok(self.failed(trouble)),
            Reply::Answered { status, retry_after, body } => (status, retry_after, body),
        };
        Ok(if (200..300).contains(&status) { self.accepted(body) } else { self.refused(status, retry_after, &body) })
    }

    fn accepted(&mut self, body: Zeroizing<Vec<u8>>) -> Option<Step> {
        match self.place {
            Place::Take(leg) => {
                self.go(Place::LetGo(leg));
                Some(Step::Keep(leg, body))
            }
            Place::LetGo(leg) => {
                self.go(Place::Judge(leg));
                None
            }
            _ => match wire::read_progress(&body) {
                Some(progress) => self.progressed(progress),
                None => Some(self.fault()),
            },
        }
    }

    fn progressed(&mut self, progress: Progress) -> Option<Step> {
        use Leg::{Identity, Result};
        let place = match (&self.place, progress.stage) {
            (_, Stage::Failed) => return Some(Step::End(progress.failure.map_or(End::RelayFault, End::from))),
            (_, Stage::Taken) => return Some(Step::End(End::Taken)),
            (Place::Begin, Stage::AwaitingIdentity) => Place::Ask(Identity),
            (Place::Bring(Identity, _) | Place::Await(Identity, _), Stage::AwaitingIdentity) => Place::Await(Identity, progress.stage),
            (Place::Bring(Identity, _) | Place::Await(Identity, _), Stage::IdentitySealed) => Place::Take(Identity),
            (Place::Bring(Result, _) | Place::Await(Result, _), Stage::AwaitingAuthorization | Stage::Requested) => {
                Place::Await(Result, progress.stage)
            }
            (Place::Bring(Result, _) | Place::Await(Result, _), Stage::ResultSealed) => Place::Take(Result),
            // A stage that cannot follow: somebody else's steps, or a relay that has lost its way.
            _ => return Some(Step::End(End::RelayFault)),
        };
        self.go(place);
        None
    }

    fn refused(&mut self, status: u16, retry_after: Option<u32>, body: &[u8]) -> Option<Step> {
        let kind = wire::read_refusal(body).map(|refusal| refusal.error).or_else(|| of_status(status));
        match (&self.place, kind) {
            // The answer is safe here, and the relay forgets by itself when the time is over: nothing about the goodbye
            // may cost the person what they tapped their card for.
            (Place::LetGo(Leg::Result), _) => {
                self.go(Place::Judge(Leg::Result));
                return None;
            }
            // Gone already: what we wanted.
            (Place::LetGo(Leg::Identity), Some(RefusalKind::Taken | RefusalKind::WrongStage)) => {
                self.go(Place::Judge(Leg::Identity));
                return None;
            }
            _ => {}
        }
        let end = match kind {
            Some(RefusalKind::SlowDown | RefusalKind::Busy) => return Some(self.pause(Delay::Busy, retry_after)),
            Some(RefusalKind::Internal) | None if status >= 500 => return Some(self.fault()),
            Some(RefusalKind::OtherVersion) => End::OtherVersion,
            Some(RefusalKind::UnknownSession) => End::Forgotten,
            Some(RefusalKind::UnknownService) => End::NotOffered,
            Some(RefusalKind::Taken) => End::Taken,
            Some(
                RefusalKind::BadRequest
                | RefusalKind::WrongStage
                | RefusalKind::ForeignState
                | RefusalKind::TooLarge
                | RefusalKind::Internal,
            )
            | None => End::RelayFault,
        };
        Some(Step::End(end))
    }

    fn failed(&mut self, trouble: Trouble) -> Option<Step> {
        match trouble {
            // Stopped in the middle of an exchange: the same exchange is next, should the person go on.
            Trouble::Cancelled => None,
            // As in `refused`. The courier has tried more than once.
            _ if matches!(self.place, Place::LetGo(Leg::Result)) => {
                self.go(Place::Judge(Leg::Result));
                None
            }
            Trouble::Offline => Some(self.pause(Delay::Offline, None)),
            Trouble::TimedOut | Trouble::Broken => Some(self.pause(Delay::NoAnswer, None)),
            Trouble::NotTheRelay(doubt) => Some(Step::End(End::NotTheRelay(doubt))),
            Trouble::TooLarge => Some(Step::End(End::TooLarge)),
            Trouble::Unexpected => Some(self.fault()),
        }
    }

    /// Nonsense may be a balancer's on a bad day: a few times it is waited out. Being offline in between is no nonsense.
    fn fault(&mut self) -> Step {
        self.faults = self.faults.saturating_add(1);
        if self.faults >= MOST_FAULTS { Step::End(End::RelayFault) } else { self.pause(Delay::NoAnswer, None) }
    }

    fn pause(&mut self, why: Delay, retry_after: Option<u32>) -> Step {
        self.troubles = self.troubles.saturating_add(1);
        let longer = 1_u32.checked_shl(self.troubles - 1).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        Step::Wait(retry_after.map_or(longer, |seconds| seconds.clamp(1, LONGEST_RETRY_AFTER)), why)
    }

    fn go(&mut self, place: Place) {
        (self.troubles, self.faults) = (0, 0);
        self.place = place;
    }
}

/// A refusal in other words than the protocol's, by its status.
fn of_status(status: u16) -> Option<RefusalKind> {
    use RefusalKind::{
        BadRequest, Busy, ForeignState, Internal, OtherVersion, SlowDown, Taken, TooLarge, UnknownService, UnknownSession, WrongStage,
    };
    [BadRequest, OtherVersion, UnknownSession, WrongStage, ForeignState, Taken, TooLarge, UnknownService, SlowDown, Busy, Internal]
        .into_iter()
        .find(|kind| kind.status() == status)
}

const fn sealed(leg: Leg) -> &'static str {
    match leg {
        Leg::Identity => "/sealed/identity",
        Leg::Result => "/sealed/result",
    }
}

const fn largest(leg: Leg) -> usize {
    match leg {
        Leg::Identity => wire::LARGEST_IDENTITY,
        Leg::Result => wire::LARGEST_RESULT,
    }
}
