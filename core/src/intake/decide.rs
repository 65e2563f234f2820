//! What the person says about two events: that they are one, or that they are two. Kept as an entry like everything written
//! by hand, and never overruled by a rule: not by a later document, nor by a better reader, nor by an archive.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{IntakeError, Permissions, entry::write_down, reconcile::reconcile};
use crate::{
    base::Fingerprint,
    record::{Author, Entry, EntryAct},
    vault::{EventId, Vault, VaultError},
};

/// Who decides, when and why.
#[derive(Clone, Debug)]
pub struct Deciding {
    /// Who.
    pub author: Author,
    /// Why, in the author's words.
    pub reason: Option<String>,
    /// When.
    pub now: DateTime<Utc>,
}

/// Makes two events of one person one. Gives the entry's fingerprint: how an undoing names it.
///
/// # Errors
/// `Vault(NotFound)` for an event that is not here, and where the two are one event or two people's.
pub fn join(vault: &Vault, one: EventId, other: EventId, deciding: Deciding) -> Result<Fingerprint, IntakeError> {
    let written = decide(vault, one, other, deciding, true)?;
    // Durable already; what is due is worked out with the next change where this one is stopped.
    reconcile(vault).ok();
    Ok(written)
}

/// Keeps an event apart from another, or from everything it is linked with. Gives the entries' fingerprints, one for each it
/// is now kept apart from; none where it is linked with nothing.
///
/// # Errors
/// As of [`join`].
pub fn keep_apart(vault: &Vault, event: EventId, other: Option<EventId>, deciding: &Deciding) -> Result<Vec<Fingerprint>, IntakeError> {
    let others: BTreeSet<EventId> = match other {
        Some(other) => BTreeSet::from([other]),
        None => vault.links_of(event)?.iter().flat_map(|link| [link.event, link.lead]).filter(|id| *id != event).collect(),
    };
    let mut written = Vec::with_capacity(others.len());
    for other in others {
        written.push(decide(vault, event, other, deciding.clone(), false)?);
    }
    reconcile(vault).ok();
    Ok(written)
}

fn decide(vault: &Vault, one: EventId, other: EventId, deciding: Deciding, joined: bool) -> Result<Fingerprint, IntakeError> {
    let person = vault.event(one)?.person;
    if one == other || vault.event(other)?.person != person {
        return Err(VaultError::NotFound.into());
    }
    let events = [vault.target_of_event(one)?, vault.target_of_event(other)?];
    let act = if joined { EntryAct::Join { events } } else { EntryAct::KeepApart { events } };
    let Deciding { author, reason, now } = deciding;
    let entry = Entry { at: now, author, reason, act };
    Ok(write_down(vault, &vault.person(person)?, entry, Permissions::default())?.fingerprint)
}
