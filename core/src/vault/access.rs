//! The vault's slots: adding, changing and removing the ways to open it. No data is encrypted again.

use std::path::Path;

use super::{
    VaultError,
    directory::Directory,
    engine::{Holding, Role, Vault},
    envelope::Envelope,
    slot::{MAX_DEVICE_SLOT, Slot, Work},
};
use crate::base::{DeviceSecret, Passphrase, RecoveryCode, VaultKey};

/// A way to open the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// By this device's keystore.
    Device,
    /// By a passphrase.
    Passphrase,
    /// By the paper kit.
    Recovery,
}

impl SlotKind {
    const fn number(self) -> u8 {
        match self {
            Self::Device => 1,
            Self::Passphrase => 2,
            Self::Recovery => 3,
        }
    }

    pub(super) const fn of(slot: &Slot) -> Self {
        match slot {
            Slot::Device(_) => Self::Device,
            Slot::Passphrase { .. } => Self::Passphrase,
            Slot::Recovery { .. } => Self::Recovery,
        }
    }
}

impl Vault {
    /// The sealed bytes of the device slot of a locked vault, for the platform's keystore to unseal. Instant.
    ///
    /// # Errors
    /// `VaultMissing`, `VaultDamaged`; `KeyUnavailable` when there is no device slot.
    pub fn device_slot(dir: &Path) -> Result<Vec<u8>, VaultError> {
        let envelope = peek(dir)?;
        envelope
            .slots
            .into_iter()
            .find_map(|slot| if let Slot::Device(sealed) = slot { Some(sealed) } else { None })
            .ok_or(VaultError::KeyUnavailable)
    }

    /// The ways in which a locked vault can be opened. Instant.
    ///
    /// # Errors
    /// `VaultMissing`, `VaultDamaged`.
    pub fn slot_kinds(dir: &Path) -> Result<Vec<SlotKind>, VaultError> {
        Ok(peek(dir)?.slots.iter().map(SlotKind::of).collect())
    }

    /// The ways in which this open vault can be opened. *Quick.*
    ///
    /// # Errors
    /// `Locked`.
    pub fn slots(&self) -> Result<Vec<SlotKind>, VaultError> {
        self.with_place(|place| Ok(place.envelope.slots.iter().map(SlotKind::of).collect()))
    }

    /// The key, for a platform's keystore to seal into [`Vault::put_device_slot`].
    ///
    /// # Errors
    /// `Locked`.
    pub fn key_for_device(&self) -> Result<VaultKey, VaultError> {
        self.with_place(|place| Ok(VaultKey::from_bytes(*place.key.as_bytes())))
    }

    /// Keeps what a platform's keystore has sealed, at most 4096 bytes in its own format.
    ///
    /// # Errors
    /// `Locked`, `NoSpace`; `KeyUnavailable` when it is longer.
    pub fn put_device_slot(&self, sealed: Vec<u8>) -> Result<(), VaultError> {
        if sealed.len() > MAX_DEVICE_SLOT {
            return Err(VaultError::KeyUnavailable);
        }
        self.put(|_| Ok(Slot::Device(sealed)))
    }

    /// Lets `secret`, which the desktop's keystore keeps, open the vault, instead of an earlier device secret.
    ///
    /// # Errors
    /// `Locked`, `NoSpace`.
    pub fn put_device_secret(&self, secret: &DeviceSecret) -> Result<(), VaultError> {
        self.put(|place| Slot::for_device(&place.key, &place.envelope.id, secret))
    }

    /// Sets or changes the passphrase. Long: stretches it.
    ///
    /// # Errors
    /// `Locked`, `NoSpace`.
    pub fn put_passphrase(&self, passphrase: &Passphrase) -> Result<(), VaultError> {
        self.put_passphrase_with(passphrase, Work::NOW)
    }

    pub(super) fn put_passphrase_with(&self, passphrase: &Passphrase, work: Work) -> Result<(), VaultError> {
        self.put(|place| Slot::for_passphrase(&place.key, &place.envelope.id, passphrase, work))
    }

    /// Lets a new paper kit open the vault, instead of an earlier one.
    ///
    /// # Errors
    /// `Locked`, `NoSpace`.
    pub fn put_recovery_code(&self, code: &RecoveryCode) -> Result<(), VaultError> {
        self.put(|place| Slot::for_recovery(&place.key, &place.envelope.id, code))
    }

    /// Takes a way to open the vault away; the last one stays.
    ///
    /// # Errors
    /// `Locked`, `NoSpace`; `KeyUnavailable` when there is none of this kind or it is the last.
    pub fn remove_slot(&self, kind: SlotKind) -> Result<(), VaultError> {
        self.change_envelope(|place| {
            let mut envelope = place.envelope.clone();
            envelope.slots.retain(|slot| slot.kind() != kind.number());
            if envelope.slots.is_empty() || envelope.slots.len() == place.envelope.slots.len() {
                return Err(VaultError::KeyUnavailable);
            }
            envelope.revision += 1;
            Ok(envelope)
        })
    }

    /// Seals the key under the same passphrase again when its slot costs less than today's.
    pub(super) fn raise_work(&self, passphrase: &Passphrase) -> Result<(), VaultError> {
        let is_cheap = |slot: &Slot| matches!(slot, Slot::Passphrase { work, .. } if work.is_less_than_now());
        if self.with_place(|place| Ok(place.envelope.slots.iter().any(is_cheap)))? { self.put_passphrase(passphrase) } else { Ok(()) }
    }

    fn put(&self, make: impl FnOnce(&Holding) -> Result<Slot, VaultError>) -> Result<(), VaultError> {
        self.change_envelope(|place| {
            let mut envelope = place.envelope.clone();
            envelope.put(make(place)?);
            Ok(envelope)
        })
    }

    /// Writes another envelope; the old one stays in force when that fails.
    fn change_envelope(&self, change: impl FnOnce(&Holding) -> Result<Envelope, VaultError>) -> Result<(), VaultError> {
        self.with(|open| {
            let (Role::Witnessed(_), Some(place)) = (&open.role, open.place.as_mut()) else { return Err(VaultError::ReadOnly) };
            let envelope = change(place)?;
            envelope.write(&place.path, &place.keys)?;
            place.envelope = envelope;
            Ok(())
        })
    }
}

fn peek(dir: &Path) -> Result<Envelope, VaultError> {
    let directory = Directory::new(dir);
    Envelope::peek(&directory.epoch_path(directory.current_or_newest()?))
}
