//! Presence: before records leave, are fetched or are erased, the person shows again that it is they who ask. The key in
//! memory says only that somebody opened the vault some time ago.

use std::{path::Path, sync::PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Position, Setting, Unlock, Vault, VaultError, engine::Role, keys::Keys, slot};

/// How long a confirmation holds.
pub const PRESENCE_MINUTES: i64 = 5;

impl Vault {
    /// Opens the vault as [`Vault::open`] and [`Vault::open_at_least`] do. Whoever gave the passphrase or the recovery code is
    /// here, and is not asked for it a second time; a device's keystore opens the vault for anybody who holds the device.
    /// *Long* with a passphrase.
    ///
    /// # Errors
    /// As of [`Vault::open_at_least`].
    pub fn open_in_presence(dir: &Path, unlock: Unlock<'_>, seen: Option<Position>, now: DateTime<Utc>) -> Result<Self, VaultError> {
        let is_here = matches!(unlock, Unlock::Passphrase(_) | Unlock::Recovery(_));
        let vault = match seen {
            Some(seen) => Self::open_at_least(dir, unlock, seen),
            None => Self::open(dir, unlock),
        }?;
        *vault.present().lock().unwrap_or_else(PoisonError::into_inner) = is_here.then_some(now);
        Ok(vault)
    }

    /// Remembers, until the lock or for [`PRESENCE_MINUTES`], that the person is here. *Long* with a passphrase. Works on a
    /// rescued vault as well: its envelope is whole, or it would not be open.
    ///
    /// # Errors
    /// `WrongKey`; `KeyUnavailable` when the vault has no such slot; `Locked`.
    pub fn confirm_presence(&self, unlock: Unlock<'_>, now: DateTime<Utc>) -> Result<(), VaultError> {
        let envelope = self.with_place(|place| Ok(place.envelope.clone()))?;
        // Without the mutex: stretching a passphrase takes its time.
        let key = slot::unseal(&envelope.slots, &envelope.id, unlock)?;
        if Keys::derive(&key, &envelope.id)?.check != envelope.check {
            return Err(VaultError::WrongKey);
        }
        self.with(|_| {
            *self.present().lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
            Ok(())
        })
    }

    /// Nothing, where the person confirmed lately or the setting is off. *Instant.*
    ///
    /// # Errors
    /// `PresenceNeeded`; `Locked`.
    pub fn require_presence(&self, now: DateTime<Utc>) -> Result<(), VaultError> {
        let setting = self.setting(Setting::Reauthenticate);
        let is_asked = self.with(|open| match open.role {
            Role::Witnessed(_) => setting,
            // Where the setting cannot be read, it is what it was at first.
            Role::Rescue => Ok(setting.unwrap_or(true)),
            #[cfg(feature = "plain-baseline")]
            Role::Plain { .. } => Ok(false),
        })?;
        let confirmed = *self.present().lock().unwrap_or_else(PoisonError::into_inner);
        let is_here = confirmed.is_some_and(|at| {
            let age = now.signed_duration_since(at);
            age >= TimeDelta::zero() && age < TimeDelta::minutes(PRESENCE_MINUTES)
        });
        if is_here || !is_asked { Ok(()) } else { Err(VaultError::PresenceNeeded) }
    }
}
