//! One fetch while it runs. Each call takes what happened, keeps in the vault what must not be lost, and leaves the next
//! step. A call that fails has changed nothing.

use std::fmt;

use chrono::{DateTime, Utc};
use techo_protocol::GrantDigest;
use zeroize::Zeroizing;

use super::{Question, SyncError, SyncStep, error::of_running, judge::Verdict, start::count};
use crate::{
    consent::{ConsentId, Permitted},
    portal::{Answer, Conversation, End, Exchange, Leg, Login, Milestone, Profile, Reply, Return, Round, Secrets, Step, receipt},
    vault::{Act, Fetch, Vault, VaultError},
};

/// One fetch in progress.
pub struct SyncSession {
    pub(super) id: ConsentId,
    pub(super) profile: Profile,
    pub(super) permitted: Permitted,
    grant: GrantDigest,
    expires: DateTime<Utc>,
    back: Return,
    pub(super) conversation: Conversation,
    /// The conversation as the vault has it.
    saved: Zeroizing<Vec<u8>>,
    pub(super) step: SyncStep,
    /// It has ended; what is left is to tell the relay.
    ended: Option<End>,
    /// What the exchange of this step is for, where it is none of the round's own.
    aside: Option<Aside>,
    /// Which answer, and where in it, the person is being asked about twelve digits.
    pub(super) doubtful: Option<(u16, String)>,
    /// The vault failed in the middle of a call: the step is found anew with the next one.
    is_stale: bool,
}

/// An exchange that is none of the round's own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aside {
    /// The browser may be out; meanwhile the relay is asked whether it still knows the session.
    Look,
    /// The relay is told to forget a round that brought nothing; the earlier answers are filed whatever comes of it.
    Farewell,
}

impl fmt::Debug for SyncSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncSession").field("id", &self.id).field("step", &self.step).finish_non_exhaustive()
    }
}

impl SyncSession {
    /// The consent that pays for it, and its name. *Instant.*
    pub const fn id(&self) -> ConsentId {
        self.id
    }

    /// What is needed next. *Instant.*
    pub const fn step(&self) -> &SyncStep {
        &self.step
    }

    /// How far it is. *Instant.*
    pub fn milestone(&self) -> Milestone {
        self.conversation.milestone()
    }

    /// Which round, counted from 1, of how many. *Instant.*
    pub fn rounds(&self) -> (u16, u16) {
        let rounds = self.conversation.services.len();
        (count((self.conversation.over.len() + 1).min(rounds)), count(rounds))
    }

    /// Where the browser of this round comes back to: a shell with a loopback port waits there. *Instant.*
    pub fn back(&self) -> Return {
        self.conversation.round.as_ref().map_or(self.back, |round| round.back)
    }

    /// Until when the browser and the relay can go on with it. *Instant.*
    pub const fn expires(&self) -> DateTime<Utc> {
        self.expires
    }

    /// Brings the address the browser came back to. *Quick.*
    ///
    /// # Errors
    /// `ForeignRedirect` leaves everything as it was: of another session or leg, seen before, late, or not ours at all.
    pub fn redirect(&mut self, vault: &Vault, url: &str, now: DateTime<Utc>) -> Result<(), SyncError> {
        self.refresh_if_stale(vault, now)?;
        // It may come back while the relay is being asked whether it still knows of it.
        if !matches!(self.step, SyncStep::Browse { .. }) && self.aside != Some(Aside::Look) {
            return Err(SyncError::ForeignRedirect);
        }
        self.attempt(|session| {
            let step = session.next(Answer::Redirected(url))?;
            session.settle(vault, step, now)
        })
    }

    /// Brings what came of the exchange. *Quick*, long where an answer of many records is filed.
    ///
    /// # Errors
    /// `OutOfTurn` where no exchange was asked for; what the vault says. The same exchange can be carried again then.
    pub fn answer(&mut self, vault: &Vault, reply: Reply, now: DateTime<Utc>) -> Result<(), SyncError> {
        if let Some(end) = self.ended.take() {
            self.step = SyncStep::Ended(end);
            return Ok(());
        }
        if self.is_stale {
            // The reply is of an exchange that the vault may know more about by now; every exchange may be repeated.
            return self.refresh_if_stale(vault, now);
        }
        if !matches!(self.step, SyncStep::Exchange(_)) {
            return Err(SyncError::OutOfTurn);
        }
        if let Some(aside) = self.aside {
            return self.attempt(|session| match Round::looked(&reply).filter(|_| aside == Aside::Look) {
                Some(end) => session.end(vault, end, now),
                None => session.enter(vault, now),
            });
        }
        self.attempt(|session| {
            let step = session.next(Answer::Replied(reply))?;
            session.settle(vault, step, now)
        })
    }

    /// Brings the person's answer to a question. A no ends the fetch, and nothing is filed. *Quick*, long where an
    /// answer of many records is filed.
    ///
    /// # Errors
    /// `OutOfTurn` where nothing was asked.
    pub fn decide(&mut self, vault: &Vault, yes: bool, now: DateTime<Utc>) -> Result<(), SyncError> {
        self.refresh_if_stale(vault, now)?;
        let SyncStep::Confirm(question) = &self.step else { return Err(SyncError::OutOfTurn) };
        let question = question.clone();
        self.attempt(|session| match (yes, question) {
            (false, Question::Digits { .. }) => session.end_all(vault, End::MyNumber, now),
            (false, _) => session.end_all(vault, End::NotConfirmed, now),
            (true, Question::Login { .. }) => {
                session.note_login(vault, &Login::Subject, true, now)?;
                session.enter(vault, now)
            }
            (true, Question::Answer { .. } | Question::Unstated) => {
                session.conversation.round.as_mut().ok_or(SyncError::OutOfTurn)?.is_confirmed = true;
                session.keep(vault, None)?;
                session.enter(vault, now)
            }
            (true, Question::Digits { .. }) => {
                session.conversation.digits_checked.extend(session.doubtful.take());
                session.keep(vault, None)?;
                session.enter(vault, now)
            }
        })
    }

    /// Says that time has passed: after a pause, or to learn whether the time is over. Where the browser is out, the next
    /// step asks the relay whether it still knows the session; the browser may come back all the same. *Quick.*
    pub fn tick(&mut self, vault: &Vault, now: DateTime<Utc>) -> Result<(), SyncError> {
        match self.step {
            SyncStep::Browse { .. } => self.attempt(|session| {
                session.enter(vault, now)?;
                session.look();
                Ok(())
            }),
            SyncStep::Wait { .. } => self.attempt(|session| session.enter(vault, now)),
            SyncStep::Exchange(_) | SyncStep::Confirm(_) | SyncStep::Done(_) | SyncStep::Ended(_) => self.refresh_if_stale(vault, now),
        }
    }

    /// Stops it. Nothing is filed, also of what came already. The step that may be left tells the relay to forget; it may
    /// be left out. *Quick.*
    pub fn cancel(&mut self, vault: &Vault, now: DateTime<Utc>) -> Result<(), SyncError> {
        if let Some(end) = self.ended.take() {
            self.step = SyncStep::Ended(end);
        }
        if matches!(self.step, SyncStep::Done(_) | SyncStep::Ended(_)) {
            return Ok(());
        }
        self.attempt(|session| session.end_all(vault, End::Cancelled, now))
    }

    pub(super) fn load(vault: &Vault, fetch: Fetch, profile: &Profile, back: Return, now: DateTime<Utc>) -> Result<Self, SyncError> {
        let kept = Conversation::read(&fetch.state);
        if kept.as_ref().is_some_and(|kept| !kept.is_with(profile)) {
            return Err(SyncError::OtherRelay);
        }
        let is_readable = kept.is_some();
        let mut session = Self {
            id: fetch.id,
            profile: profile.clone(),
            permitted: fetch.permitted,
            grant: fetch.grant,
            expires: fetch.expires,
            back,
            conversation: kept.unwrap_or_else(|| Conversation::new(Vec::new(), profile)),
            saved: fetch.state,
            step: SyncStep::Ended(End::StateUnreadable),
            ended: None,
            aside: None,
            doubtful: None,
            is_stale: false,
        };
        if is_readable {
            // Nobody has logged in yet, and the browser would come back to where nobody waits any more.
            if session.conversation.round.as_ref().is_some_and(|round| round.is_fresh() && round.back != back) {
                session.conversation.round = None;
            }
            session.enter(vault, now)?;
            session.look();
        } else {
            session.end_all(vault, End::StateUnreadable, now)?;
        }
        Ok(session)
    }

    /// The number of the round under way, as the vault counts.
    pub(super) fn number(&self) -> u16 {
        count(self.conversation.over.len())
    }

    /// Keeps the conversation where it has changed, or where there is something to write into the ledger with it.
    pub(super) fn keep(&mut self, vault: &Vault, note: Option<(Act, &str, DateTime<Utc>)>) -> Result<(), SyncError> {
        let state = self.conversation.write();
        if note.is_some() || *state != *self.saved {
            vault.keep_fetch_state(self.id, &state, note).map_err(of_running)?;
            self.saved = state;
        }
        Ok(())
    }

    /// Ends the whole fetch: nothing is filed, one receipt.
    pub(super) fn end_all(&mut self, vault: &Vault, end: End, now: DateTime<Utc>) -> Result<(), SyncError> {
        vault.end_fetch(self.id, (Act::FetchEnded, &receipt::ended(&end)), &[], now).map_err(of_running)?;
        self.aside = None;
        (self.step, self.ended) = match self.farewell_of(&end) {
            Some(farewell) => (SyncStep::Exchange(farewell), Some(end)),
            None => (SyncStep::Ended(end), None),
        };
        Ok(())
    }

    /// What makes the relay forget the round under way, where it still has something of it after this end.
    fn farewell_of(&self, end: &End) -> Option<Exchange> {
        self.conversation.round.as_ref().filter(|_| end.leaves_a_session()).and_then(Round::farewell)
    }

    fn next(&mut self, answer: Answer<'_>) -> Result<Step, SyncError> {
        let round = self.conversation.round.as_mut().ok_or(SyncError::OutOfTurn)?;
        Ok(round.next(answer, &self.profile)?)
    }

    /// Where the browser is the next step: asks the relay first whether it still knows the session. A relay that was
    /// started anew cannot take what the browser brings, and the person need not tap their card for it.
    fn look(&mut self) {
        if let (SyncStep::Browse { .. }, Some(round)) = (&self.step, &self.conversation.round) {
            self.step = SyncStep::Exchange(round.look());
            self.aside = Some(Aside::Look);
        }
    }

    /// Finds the step from what is kept.
    fn enter(&mut self, vault: &Vault, now: DateTime<Utc>) -> Result<(), SyncError> {
        self.aside = None;
        match self.round_step(vault)? {
            Some(step) => self.settle(vault, step, now),
            None => self.finish(vault, now),
        }
    }

    /// The step of the round under way, or of the next one; none when there is no other.
    fn round_step(&mut self, vault: &Vault) -> Result<Option<Step>, SyncError> {
        if self.conversation.round.is_none() {
            let Some(service) = self.conversation.next_service().map(str::to_owned) else { return Ok(None) };
            let phone = vault.fetch_key(self.id, self.number()).map_err(of_running)?;
            self.conversation.round = Some(Round::new(service, Secrets::make()?, phone, self.grant, self.back));
        }
        let Some(round) = &self.conversation.round else { return Ok(None) };
        Ok(Some(round.step(&self.profile)?))
    }

    /// Does what can be done here until something is needed from outside.
    fn settle(&mut self, vault: &Vault, first: Step, now: DateTime<Utc>) -> Result<(), SyncError> {
        self.aside = None;
        let mut step = first;
        loop {
            step = match step {
                Step::Keep(leg, sealed) => self.take(vault, leg, &sealed)?,
                Step::Judge(leg) => match self.judge(vault, leg, now)? {
                    Verdict::GoOn => self.next(Answer::Judged)?,
                    Verdict::End(end) => Step::End(end),
                    Verdict::Ask(question) => {
                        self.keep(vault, None)?;
                        self.step = SyncStep::Confirm(question);
                        return Ok(());
                    }
                },
                Step::Over => {
                    self.conversation.close_round();
                    self.keep(vault, None)?;
                    match self.round_step(vault)? {
                        Some(step) => step,
                        None => return self.finish(vault, now),
                    }
                }
                Step::End(end) => return self.end(vault, end, now),
                Step::Exchange(_) | Step::Browse(..) | Step::Wait(..) if self.is_late(&step, now) => {
                    return self.end(vault, End::Expired, now);
                }
                Step::Exchange(exchange) => {
                    // Written down before it is sent.
                    self.keep(vault, None)?;
                    self.step = SyncStep::Exchange(exchange);
                    return Ok(());
                }
                Step::Browse(leg, url) => {
                    self.keep(vault, None)?;
                    let (round, rounds) = self.rounds();
                    self.step = SyncStep::Browse { round, rounds, leg, url };
                    return Ok(());
                }
                Step::Wait(seconds, why) => {
                    self.keep(vault, None)?;
                    self.step = SyncStep::Wait { seconds, why };
                    return Ok(());
                }
            };
        }
    }

    fn again(&self) -> Result<Step, SyncError> {
        let round = self.conversation.round.as_ref().ok_or(SyncError::OutOfTurn)?;
        Ok(round.step(&self.profile)?)
    }

    /// Takes sealed bytes. Only what opens is let go at the relay.
    fn take(&mut self, vault: &Vault, leg: Leg, sealed: &[u8]) -> Result<Step, SyncError> {
        if self.keep_sealed(vault, leg, sealed)? && self.unseal(vault, leg)?.is_some() { self.again() } else { Ok(Step::End(End::Forged)) }
    }

    /// Keeps sealed bytes with the conversation as it is with them; not where they are more than any seal can be.
    fn keep_sealed(&mut self, vault: &Vault, leg: Leg, sealed: &[u8]) -> Result<bool, SyncError> {
        let state = self.conversation.write();
        match vault.keep_sealed(self.id, self.number(), leg, sealed, &state) {
            Ok(()) => {
                self.saved = state;
                Ok(true)
            }
            Err(VaultError::SealForged) => Ok(false),
            Err(other) => Err(of_running(other)),
        }
    }

    /// Whether the time is over for this. What waits at the relay may still be taken, but nothing is waited for.
    fn is_late(&self, step: &Step, now: DateTime<Utc>) -> bool {
        let is_pause = matches!(step, Step::Wait(..));
        now >= self.expires && (is_pause || self.conversation.round.as_ref().is_some_and(Round::needs_time))
    }

    /// Ends the round: the whole fetch with it, unless earlier answers may be kept.
    fn end(&mut self, vault: &Vault, end: End, now: DateTime<Utc>) -> Result<(), SyncError> {
        if self.conversation.over.is_empty() || !end.spares_earlier_answers() {
            return self.end_all(vault, end, now);
        }
        let farewell = self.farewell_of(&end);
        self.conversation.fall_short(&end);
        self.keep(vault, None)?;
        match farewell {
            Some(farewell) => {
                (self.step, self.aside) = (SyncStep::Exchange(farewell), Some(Aside::Farewell));
                Ok(())
            }
            None => self.finish(vault, now),
        }
    }

    fn refresh_if_stale(&mut self, vault: &Vault, now: DateTime<Utc>) -> Result<(), SyncError> {
        if self.is_stale { self.attempt(|session| session.enter(vault, now)) } else { Ok(()) }
    }

    /// Runs a call. Where it fails, the conversation is again what the vault has.
    fn attempt(&mut self, work: impl FnOnce(&mut Self) -> Result<(), SyncError>) -> Result<(), SyncError> {
        let result = work(self);
        self.is_stale = match result {
            Ok(()) => false,
            // Refused before anything was done.
            Err(SyncError::ForeignRedirect | SyncError::OutOfTurn) => self.is_stale,
            Err(_) => {
                if let Some(kept) = Conversation::read(&self.saved) {
                    self.conversation = kept;
                }
                true
            }
        };
        result
    }
}
