//! Whose it is: who logged in, and whom an answer is about. Decided inside the phone, from what was opened in the vault,
//! before anything is filed.

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::{Question, SyncError, SyncSession, error::of_running};
use crate::{
    formats::{FormatError, self_information},
    portal::{Doubtful, End, Leg, Login, Match, Round, compare, judge_login, read_answer, read_identity, receipt, subject_of},
    vault::{Act, Vault, VaultError},
};

/// What judging came to.
pub(super) enum Verdict {
    /// Nothing speaks against it.
    GoOn,
    /// Only the person can say.
    Ask(Question),
    /// It must not go on.
    End(End),
}

impl SyncSession {
    /// Judges what was sealed for a leg.
    pub(super) fn judge(&mut self, vault: &Vault, leg: Leg, now: DateTime<Utc>) -> Result<Verdict, SyncError> {
        match leg {
            Leg::Identity => self.judge_login(vault, now),
            Leg::Result => self.judge_answer(vault),
        }
    }

    /// Opens the kept bytes of the round under way; none where they are not from this relay for this fetch.
    pub(super) fn unseal(&self, vault: &Vault, leg: Leg) -> Result<Option<Zeroizing<Vec<u8>>>, SyncError> {
        let Some(round) = &self.conversation.round else { return Err(SyncError::OutOfTurn) };
        match vault.open_sealed(self.id, self.number(), leg, round.session, &self.profile.seal) {
            Ok(plain) => Ok(Some(plain)),
            Err(VaultError::SealForged) => Ok(None),
            Err(other) => Err(of_running(other)),
        }
    }

    fn judge_login(&mut self, vault: &Vault, now: DateTime<Utc>) -> Result<Verdict, SyncError> {
        let known = self.conversation.round.as_ref().and_then(Round::login);
        let login = if let Some(login) = known {
            login
        } else {
            let Some(plain) = self.unseal(vault, Leg::Identity)? else { return Ok(Verdict::End(End::Forged)) };
            let Some(identity) = read_identity(&plain) else { return Ok(Verdict::End(End::Malformed)) };
            let people = vault.people()?;
            let request = &self.permitted.request;
            let person = people.iter().find(|person| person.id == request.subject).ok_or(SyncError::NoSuchFetch)?;
            let actor = people.iter().find(|person| Some(person.id) == request.actor.person);
            let login = judge_login(&subject_of(&identity), request.actor.basis, actor, person, &people);
            self.note_login(vault, &login, false, now)?;
            login
        };
        Ok(match login {
            Login::Subject | Login::Actor | Login::Unknown => Verdict::GoOn,
            Login::NotYou(differs) => Verdict::End(End::NotYou { leg: Leg::Identity, differs }),
            Login::Ask(Doubtful::Shared(others)) => Verdict::Ask(Question::Login { others }),
            Login::Ask(Doubtful::TooLittle) => Verdict::Ask(Question::Login { others: Vec::new() }),
        })
    }

    /// Keeps who logged in, with its line in the ledger.
    pub(super) fn note_login(&mut self, vault: &Vault, login: &Login, is_confirmed: bool, now: DateTime<Utc>) -> Result<(), SyncError> {
        let detail = receipt::checked(self.conversation.over.len(), login, is_confirmed);
        self.conversation.round.as_mut().ok_or(SyncError::OutOfTurn)?.keep_login(login);
        self.keep(vault, Some((Act::IdentityChecked, &detail, now)))
    }

    fn judge_answer(&self, vault: &Vault) -> Result<Verdict, SyncError> {
        let Some(plain) = self.unseal(vault, Leg::Result)? else { return Ok(Verdict::End(End::Forged)) };
        let Some(round) = &self.conversation.round else { return Err(SyncError::OutOfTurn) };
        let Some(answer) = read_answer(&plain) else { return Ok(Verdict::End(End::Malformed)) };
        let subjects = match self_information::subjects(answer.self_personal_data.as_str().as_bytes()) {
            Ok(subjects) => subjects,
            Err(error) => return Ok(Verdict::End(end_of(&error))),
        };
        let people = vault.people()?;
        let subject = self.permitted.request.subject;
        let person = people.iter().find(|person| person.id == subject).ok_or(SyncError::NoSuchFetch)?;
        let (mut is_stated, mut rivals) = (false, Vec::new());
        for (_, stated) in &subjects {
            match compare(stated, person, &people) {
                Match::Same => is_stated = true,
                // One stranger among many statements is enough.
                Match::NotYou(differs) => return Ok(Verdict::End(End::NotYou { leg: Leg::Result, differs })),
                Match::Ask(Doubtful::Shared(others)) => rivals.extend(others),
                Match::Ask(Doubtful::TooLittle) => {}
            }
        }
        rivals.sort_unstable();
        rivals.dedup();
        // Who showed their card to デジタル認証アプリ proves nothing here: the portal's own login came after it, and may have
        // been another card's.
        Ok(if round.is_confirmed || (rivals.is_empty() && is_stated) {
            Verdict::GoOn
        } else if rivals.is_empty() {
            Verdict::Ask(Question::Unstated)
        } else {
            Verdict::Ask(Question::Answer { others: rivals })
        })
    }
}

/// What an answer that cannot be read is the end of.
pub(super) fn end_of(error: &FormatError) -> End {
    match error {
        FormatError::MyNumber { .. } => End::MyNumber,
        FormatError::NoAnswer { code } => End::PortalRefused { code: code.clone().unwrap_or_default() },
        FormatError::Limit { .. } => End::TooLarge,
        FormatError::Empty
        | FormatError::NotRead(_)
        | FormatError::Malformed { .. }
        | FormatError::DeletionRequest { .. }
        | FormatError::BadSignature { .. } => End::Malformed,
    }
}
