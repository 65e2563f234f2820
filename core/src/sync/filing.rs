//! The end of a fetch that brought something: opened, cut, prepared by intake, and filed in one transaction with the one
//! receipt. Either all of it is in the vault then, or nothing is.

use chrono::{DateTime, Utc};
use techo_protocol::SessionId;

use super::{Changed, Digest, GroupCount, Missing, Question, SyncError, SyncSession, SyncStep, error::of_running, judge::end_of, trim};
use crate::{
    base::Fingerprint,
    consent::Item,
    formats::{Refusal, health_card::KeySet},
    intake::{self, Incoming, IntakeError, Origin, Permissions},
    portal::{End, Leg, read_answer, receipt},
    vault::{Act, Filed, Filing, Trimmed, Vault, VaultError},
};

/// What is to be filed.
#[derive(Default)]
struct Batch {
    filings: Vec<Filing>,
    answers: Vec<receipt::Answer>,
    groups: Vec<GroupCount>,
    refused: Vec<Refusal>,
}

/// Why there is nothing to file (yet).
enum Stop {
    /// Twelve digits at this place.
    Digits(String),
    End(End),
    Error(SyncError),
}

impl From<VaultError> for Stop {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::SealForged => Self::End(End::Forged),
            other => Self::Error(of_running(other)),
        }
    }
}

impl From<IntakeError> for Stop {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Format(error) => Self::End(end_of(&error)),
            // Every subject was compared before; should the reader see one that was not, it counts.
            IntakeError::NotThisPerson(differs) => Self::End(End::NotYou { leg: Leg::Result, differs }),
            // Only what is written by hand is looked through for these.
            IntakeError::PossibleMyNumber { place } | IntakeError::InsurerNumber { place } => Self::Digits(place),
            IntakeError::Vault(error) => error.into(),
        }
    }
}

impl SyncSession {
    /// Files what came, and ends the fetch.
    pub(super) fn finish(&mut self, vault: &Vault, now: DateTime<Utc>) -> Result<(), SyncError> {
        let batch = match self.batch(vault, now) {
            Ok(batch) => batch,
            Err((_, Stop::Error(error))) => return Err(error),
            Err((_, Stop::End(end))) => return self.end_all(vault, end, now),
            Err((answer, Stop::Digits(place))) => {
                self.keep(vault, None)?;
                self.doubtful = Some((answer, place.clone()));
                self.step = SyncStep::Confirm(Question::Digits { place });
                return Ok(());
            }
        };
        let shortfall = self.conversation.shortfall();
        let missing: &[String] = self.conversation.services.get(self.conversation.over.len()..).unwrap_or_default();
        let detail = receipt::fetched(&batch.answers, shortfall.as_ref().map(|why| (missing, why)));
        let filed = vault.end_fetch(self.id, (Act::Fetched, &detail), &batch.filings, now).map_err(of_running)?;
        // Filed and durable; links that cannot be worked out now stay due.
        intake::reconcile(vault).ok();
        let missing = shortfall.map(|why| Missing { items: self.items_of(missing), why });
        self.step = SyncStep::Done(digest(vault, &filed, batch, missing));
        Ok(())
    }

    /// Opens, cuts and prepares every answer; or which of them stops it, and why.
    fn batch(&self, vault: &Vault, now: DateTime<Utc>) -> Result<Batch, (u16, Stop)> {
        let mut batch = Batch::default();
        for (number, over) in (0_u16..).zip(&self.conversation.over) {
            self.add(&mut batch, vault, (number, over.session), now).map_err(|stop| (number, stop))?;
        }
        Ok(batch)
    }

    fn add(&self, batch: &mut Batch, vault: &Vault, (number, session): (u16, SessionId), now: DateTime<Utc>) -> Result<(), Stop> {
        let person = vault.person(self.permitted.request.subject)?;
        let plain = vault.open_sealed(self.id, number, Leg::Result, session, &self.profile.seal)?;
        let answer = read_answer(&plain).ok_or(Stop::End(End::Malformed))?;
        let full = answer.self_personal_data.as_str().as_bytes();
        let left = trim::cut(full, &self.permitted.receipt.granted, &self.profile).map_err(|error| Stop::End(end_of(&error)))?;
        if !left.trimmed.kept.is_empty() {
            let cut_from = Trimmed { full: Fingerprint::of(full), size: full.len() as u64 };
            let origin = Origin { consent: Some(self.id), trimmed: (!left.trimmed.cut.is_empty()).then_some(cut_from) };
            let checked = self.conversation.digits_checked.iter().filter(|(answer, _)| *answer == number);
            let checked: Vec<&str> = checked.map(|(_, place)| place.as_str()).collect();
            let may = Permissions { digits_checked_at: &checked, ..Permissions::default() };
            let file = Incoming { bytes: &left.trimmed.bytes, name: None, now };
            let prepared = intake::prepare(&person, file, &KeySet::new(now.timestamp()), may, origin)?;
            batch.filings.push(prepared.filing);
            batch.refused.extend(prepared.refused);
        }
        let service = self.conversation.services.get(usize::from(number)).cloned().unwrap_or_default();
        batch.answers.push(receipt::Answer {
            service,
            process: receipt::word(&answer.process),
            groups: left.groups.iter().map(of_group).collect(),
            trimmed: !left.trimmed.cut.is_empty(),
        });
        add(&mut batch.groups, left.groups);
        Ok(())
    }

    /// What was consented to and only these services would have returned.
    fn items_of(&self, services: &[String]) -> std::collections::BTreeSet<Item> {
        let of = |asked: &dyn Fn(&String) -> bool| -> Vec<Item> {
            let known = self.profile.services.iter().filter(|service| asked(&service.id));
            known.flat_map(|service| &service.items).filter_map(|item| item.parse().ok()).collect()
        };
        let came = of(&|id| self.conversation.services.contains(id) && !services.contains(id));
        let lost = of(&|id| services.contains(id));
        let granted = self.permitted.receipt.granted.iter().map(|wish| wish.item);
        granted.filter(|item| lost.contains(item) && !came.contains(item)).collect()
    }
}

fn of_group(group: &GroupCount) -> receipt::Portion {
    receipt::Portion { group: group.name.clone(), item: group.item, returned: group.returned, kept: group.kept }
}

fn add(all: &mut Vec<GroupCount>, groups: Vec<GroupCount>) {
    for group in groups {
        match all.iter_mut().find(|known| known.name == group.name && known.item == group.item) {
            Some(known) => {
                known.returned = known.returned.saturating_add(group.returned);
                known.kept = known.kept.saturating_add(group.kept);
            }
            None => all.push(group),
        }
    }
}

fn digest(vault: &Vault, filed: &[Filed], batch: Batch, missing: Option<Missing>) -> Digest {
    let mut digest = Digest { refused: batch.refused, groups: batch.groups, missing, ..Digest::default() };
    for filed in filed {
        match *filed {
            Filed::New { document, stated, known } => {
                digest.documents.push(document);
                digest.new += stated.saturating_sub(known);
                digest.already_here += known;
                // Filed and durable already: a vault that is locked at this very moment only shortens the summary.
                let changed = vault.changed_by(document).unwrap_or_default();
                digest.changed.extend(changed.into_iter().map(|(new, old)| Changed { new, old }));
            }
            Filed::AlreadyHere { document } => digest.known_documents.push(document),
        }
    }
    digest
}
