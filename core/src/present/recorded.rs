//! The records of one kind of a person, each once: what the views of doses, checkups and pregnancies are made of.

use std::collections::BTreeSet;

use crate::{
    base::{PartialDate, PersonId},
    record::Fact,
    terms::Kind,
    vault::{FactId, PAGE, TimelinePage, Vault, VaultError},
};

/// A record with the day of its event.
pub(super) struct Recorded {
    pub(super) id: FactId,
    pub(super) fact: Fact,
    pub(super) day: Option<PartialDate>,
}

/// Every record of a kind that is shown: neither hidden nor behind another telling, and each once, whoever else states it.
pub(super) fn recorded(vault: &Vault, person: PersonId, kind: Kind) -> Result<Vec<Recorded>, VaultError> {
    let mut page = TimelinePage { person: Some(person), kind: Some(kind), limit: PAGE, ..TimelinePage::default() };
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    loop {
        let lines = vault.timeline(&page)?;
        for line in &lines {
            let stored = vault.event(line.id)?;
            let event = stored.event;
            for ((fact, (id, same_as)), hidden) in event.facts.into_iter().zip(stored.ids).zip(stored.hidden_facts) {
                if hidden.is_none() && seen.insert(same_as.unwrap_or(id)) {
                    all.push(Recorded { id, fact, day: event.day });
                }
            }
        }
        match lines.last() {
            Some(last) if lines.len() == PAGE as usize => page.after = Some(last.id),
            Some(_) | None => return Ok(all),
        }
    }
}
