//! The three kinds of envelope slot, each holding the vault key sealed in its own way: by this device's keystore, by a
//! passphrase, by the paper recovery kit. Changing a slot re-encrypts no data.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::{
    VaultError,
    keys::{self, Sealed, VaultId},
};
use crate::base::{DeviceSecret, Passphrase, RecoveryCode, VaultKey, make_random};

/// A platform may seal the key in its own format, but not without bound.
pub(super) const MAX_DEVICE_SLOT: usize = 4096;

/// How much work a passphrase guess costs, written in the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) memory_kib: u32,
    pub(super) rounds: u32,
    pub(super) lanes: u32,
}

impl Work {
    /// What new slots cost, and what older ones are raised to when they are next used.
    pub(super) const NOW: Self = Self { memory_kib: 46 * 1024, rounds: 3, lanes: 1 };
    /// A slot asking for more would let a forged file exhaust a phone. Eight times today's work leaves room to raise it.
    const MOST: Self = Self { memory_kib: 8 * 46 * 1024, rounds: 16, lanes: 4 };

    pub(super) const fn is_bounded(self) -> bool {
        self.memory_kib <= Self::MOST.memory_kib && self.rounds <= Self::MOST.rounds && self.lanes <= Self::MOST.lanes
    }

    /// Whether a guess costs less than it does today.
    pub(super) const fn is_less_than_now(self) -> bool {
        // Memory times rounds is the attacker's cost; lanes only spread it.
        (self.memory_kib as u64) * (self.rounds as u64) < (Self::NOW.memory_kib as u64) * (Self::NOW.rounds as u64)
    }
}

/// The vault key, sealed one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Sealed by this device; on a phone in the platform's own format, on a desktop under a [`DeviceSecret`].
    Device(Vec<u8>),
    /// Sealed under a passphrase stretched with Argon2id.
    Passphrase { work: Work, salt: [u8; 16], sealed: Sealed },
    /// Sealed under the recovery code, which is random enough to need no stretching.
    Recovery { salt: [u8; 16], sealed: Sealed },
}

/// What unlocks the vault. Exactly the given slot is tried and no other.
#[derive(Debug)]
pub enum Unlock<'a> {
    /// The key itself, which a platform's keystore unsealed from [`super::Vault::device_slot`].
    Key(VaultKey),
    /// The secret this device's keystore keeps.
    Device(&'a DeviceSecret),
    /// The passphrase.
    Passphrase(&'a Passphrase),
    /// The code from the paper kit.
    Recovery(&'a RecoveryCode),
}

/// The slots a new vault, or a vault with a new key, begins with. At least one must be given.
#[derive(Debug, Default)]
pub struct NewSlots<'a> {
    /// Seal for this device.
    pub device: Option<&'a DeviceSecret>,
    /// Seal under a passphrase.
    pub passphrase: Option<&'a Passphrase>,
    /// Seal under a recovery code.
    pub recovery: Option<&'a RecoveryCode>,
}

impl Slot {
    pub(super) fn for_device(key: &VaultKey, id: &VaultId, secret: &DeviceSecret) -> Result<Self, VaultError> {
        let wrapping = keys::derive_wrapping(secret.as_bytes(), id, b"techo device slot 1")?;
        Ok(Self::Device(keys::seal(key, &wrapping, &context(id, 1, &[]))?.to_vec()))
    }

    pub(super) fn for_passphrase(key: &VaultKey, id: &VaultId, passphrase: &Passphrase, work: Work) -> Result<Self, VaultError> {
        let salt = make_random()?;
        let sealed = keys::seal(key, &*stretch(passphrase, &salt, work)?, &context(id, 2, &work.to_bytes()))?;
        Ok(Self::Passphrase { work, salt, sealed })
    }

    pub(super) fn for_recovery(key: &VaultKey, id: &VaultId, code: &RecoveryCode) -> Result<Self, VaultError> {
        let salt: [u8; 16] = make_random()?;
        let wrapping = keys::derive_wrapping(code.as_bytes(), &salt, b"techo recovery slot 1")?;
        Ok(Self::Recovery { salt, sealed: keys::seal(key, &wrapping, &context(id, 3, &[]))? })
    }

    /// All slots asked for.
    pub(super) fn all(key: &VaultKey, id: &VaultId, wanted: &NewSlots<'_>) -> Result<Vec<Self>, VaultError> {
        let mut slots = Vec::new();
        if let Some(secret) = wanted.device {
            slots.push(Self::for_device(key, id, secret)?);
        }
        if let Some(passphrase) = wanted.passphrase {
            slots.push(Self::for_passphrase(key, id, passphrase, Work::NOW)?);
        }
        if let Some(code) = wanted.recovery {
            slots.push(Self::for_recovery(key, id, code)?);
        }
        // A vault without a slot could never be opened again.
        if slots.is_empty() { Err(VaultError::KeyUnavailable) } else { Ok(slots) }
    }

    /// The slot's kind as written in the envelope.
    pub(super) const fn kind(&self) -> u8 {
        match self {
            Self::Device(_) => 1,
            Self::Passphrase { .. } => 2,
            Self::Recovery { .. } => 3,
        }
    }
}

impl Work {
    pub(super) fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        let parts = [self.memory_kib, self.rounds, self.lanes];
        for (to, from) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(parts) {
            *to = from.to_be_bytes();
        }
        bytes
    }
}

/// Takes the key out of the slot that `unlock` names.
pub(super) fn unseal(slots: &[Slot], id: &VaultId, unlock: Unlock<'_>) -> Result<VaultKey, VaultError> {
    match unlock {
        Unlock::Key(key) => Ok(key),
        Unlock::Device(secret) => {
            let sealed = slots.iter().find_map(|slot| if let Slot::Device(sealed) = slot { Some(sealed) } else { None });
            let sealed = sealed.ok_or(VaultError::KeyUnavailable)?;
            // A device slot in a platform's own format has no key for our secret.
            let sealed: &Sealed = sealed.as_slice().try_into().map_err(|_| VaultError::KeyUnavailable)?;
            keys::unseal(sealed, &*keys::derive_wrapping(secret.as_bytes(), id, b"techo device slot 1")?, &context(id, 1, &[]))
        }
        Unlock::Passphrase(passphrase) => {
            let found = slots
                .iter()
                .find_map(|slot| if let Slot::Passphrase { work, salt, sealed } = slot { Some((work, salt, sealed)) } else { None });
            let (work, salt, sealed) = found.ok_or(VaultError::KeyUnavailable)?;
            keys::unseal(sealed, &*stretch(passphrase, salt, *work)?, &context(id, 2, &work.to_bytes()))
        }
        Unlock::Recovery(code) => {
            let found = slots.iter().find_map(|slot| if let Slot::Recovery { salt, sealed } = slot { Some((salt, sealed)) } else { None });
            let (salt, sealed) = found.ok_or(VaultError::KeyUnavailable)?;
            keys::unseal(sealed, &*keys::derive_wrapping(code.as_bytes(), salt, b"techo recovery slot 1")?, &context(id, 3, &[]))
        }
    }
}

/// What is authenticated with a sealed key: a slot moved to another vault or with other parameters does not open.
fn context(id: &VaultId, kind: u8, parameters: &[u8]) -> Vec<u8> {
    [b"techo slot".as_slice(), id, &[kind], parameters].concat()
}

fn stretch(passphrase: &Passphrase, salt: &[u8; 16], work: Work) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    if !work.is_bounded() {
        return Err(VaultError::VaultDamaged);
    }
    let params = Params::new(work.memory_kib, work.rounds, work.lanes, Some(32)).map_err(|_| VaultError::VaultDamaged)?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *out)
        .map_err(|_| VaultError::Internal(7))?;
    Ok(out)
}
