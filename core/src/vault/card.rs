//! Whether the emergency card is shown on this device, and to whom: kept per person in the vault, with a line in the ledger.

use chrono::{DateTime, Utc};

use super::{
    Act, Vault, VaultError, ledger,
    settings::{put, value},
};
use crate::base::PersonId;

/// Who can read somebody's emergency card on this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardState {
    /// Nobody; at first.
    #[default]
    Off,
    /// Whoever opens the notebook.
    AfterUnlock,
    /// Whoever holds the device: it is sealed in a small file of its own, under a key that asks for nothing.
    WithoutUnlocking,
}

impl CardState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Off, Self::AfterUnlock, Self::WithoutUnlocking];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::AfterUnlock => "after_unlock",
            Self::WithoutUnlocking => "without_unlocking",
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Off => 0,
            Self::AfterUnlock => 1,
            Self::WithoutUnlocking => 2,
        }
    }
}

/// The setting's name.
pub(super) fn name_of(person: PersonId) -> String {
    format!("card_{person}")
}

impl Vault {
    /// Who can read the card.
    ///
    /// # Errors
    /// `Locked`.
    pub fn card_state(&self, person: PersonId) -> Result<CardState, VaultError> {
        let number = self.read(|connection| value(connection, &name_of(person)))?;
        Ok(CardState::ALL.into_iter().find(|state| number == Some(state.number())).unwrap_or_default())
    }

    /// Switches the card, with a line in the ledger where that changes anything. What is readable without unlocking is a file
    /// of the shell's: it writes the file after switching on, and erases it before switching off.
    ///
    /// # Errors
    /// `PresenceNeeded` to make it readable without unlocking; `NotFound` for nobody of this vault.
    pub fn set_card_state(&self, person: PersonId, state: CardState, now: DateTime<Utc>) -> Result<(), VaultError> {
        self.person(person)?;
        if state == CardState::WithoutUnlocking {
            self.require_presence(now)?;
        }
        if self.card_state(person)? == state {
            return Ok(());
        }
        self.write(|tx| {
            put(tx, &name_of(person), state.number())?;
            let detail = format!(r#"{{"person":"{person}","card":"{}"}}"#, state.id());
            ledger::append(tx, now, Act::CardSwitched, Some(&detail)).map(drop)
        })
    }
}
