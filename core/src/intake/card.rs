//! The emergency card as a person writes it: an entry like any other, that stands in the place of the one before.

use super::{Pen, PenError, WrittenDown, by_hand::write};
use crate::{
    insight::card::{CARD_TITLE, CardEntry, card_entries, card_event},
    record::{EntryAct, Person},
    terms::Kind,
    vault::{EventId, PAGE, TimelinePage, Vault, VaultError},
};

/// The event that keeps somebody's card; none where there is no card.
pub fn card_of(vault: &Vault, person: &Person) -> Result<Option<(EventId, Vec<CardEntry>)>, VaultError> {
    let mut page = TimelinePage { person: Some(person.id), kind: Some(Kind::Note), limit: PAGE, ..TimelinePage::default() };
    loop {
        let lines = vault.timeline(&page)?;
        for line in lines.iter().filter(|line| line.title == CARD_TITLE) {
            let entries = card_entries(&vault.event(line.id)?.event);
            if !entries.is_empty() {
                return Ok(Some((line.id, entries)));
            }
        }
        match lines.last() {
            Some(last) if lines.len() == PAGE as usize => page.after = Some(last.id),
            Some(_) | None => return Ok(None),
        }
    }
}

/// Writes the card down; an empty one takes it out of the lists. None where there was nothing to do.
///
/// # Errors
/// As of [`super::write_down`].
pub fn write_card(vault: &Vault, person: &Person, entries: &[CardEntry], pen: Pen<'_>) -> Result<Option<WrittenDown>, PenError> {
    let before = card_of(vault, person)?;
    let act = match (card_event(entries, pen.today, &pen.author.name), before) {
        (None, None) => return Ok(None),
        (Some(event), None) => EntryAct::Add { event },
        (Some(event), Some((id, _))) => EntryAct::Correct { target: vault.target_of_event(id)?, event },
        (None, Some((id, _))) => EntryAct::Remove { target: vault.target_of_event(id)? },
    };
    Ok(Some(write(vault, person, act, pen)?))
}
