//! The keys: what opens a vault, what a new one begins with, and the ways in that can be added and taken away.
//!
//! Secrets are wiped here as soon as they were used. The copies that Kotlin, Swift and the call between them make on the way
//! cannot be wiped from here.

use std::path::Path;

use techo_core::{
    base::{DeviceSecret, Passphrase, RecoveryCode},
    present,
    vault::{self, NewSlots, Unlock},
};
use zeroize::Zeroizing;

use crate::{TechoError, Vault, redacted::redacted, room::now};

/// A way to open a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SlotKind {
    /// By this device's keystore.
    Device,
    /// By a passphrase.
    Passphrase,
    /// By the recovery kit.
    Recovery,
}

/// What opens a vault. Exactly this way is tried and no other.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Key {
    /// What the platform's keystore unsealed.
    Device {
        /// The 32 bytes of `make_device_secret`.
        secret: Vec<u8>,
    },
    /// What the person typed.
    Passphrase {
        /// As typed.
        text: String,
    },
    /// The code of the recovery kit.
    Recovery {
        /// As typed; hyphens, spaces and width do not matter.
        code: String,
    },
}

/// What a new vault can be opened with. At least one.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct NewKeys {
    /// The 32 bytes of `make_device_secret`.
    pub device: Option<Vec<u8>>,
    /// A passphrase as typed.
    pub passphrase: Option<String>,
}

/// A recovery kit: to be written on paper, and not kept anywhere else.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RecoveryKit {
    /// The code: eight groups of five characters.
    pub code: String,
    /// The kit's heading.
    pub title: String,
    /// What the person must know about it, a line each.
    pub lines: Vec<String>,
}

redacted!(Key, NewKeys, RecoveryKit);

impl From<vault::SlotKind> for SlotKind {
    fn from(kind: vault::SlotKind) -> Self {
        match kind {
            vault::SlotKind::Device => Self::Device,
            vault::SlotKind::Passphrase => Self::Passphrase,
            vault::SlotKind::Recovery => Self::Recovery,
        }
    }
}

impl From<SlotKind> for vault::SlotKind {
    fn from(kind: SlotKind) -> Self {
        match kind {
            SlotKind::Device => Self::Device,
            SlotKind::Passphrase => Self::Passphrase,
            SlotKind::Recovery => Self::Recovery,
        }
    }
}

/// A key as the core takes it, wiped when it is dropped.
pub(crate) enum ReadKey {
    Device(DeviceSecret),
    Passphrase(Passphrase),
    Recovery(RecoveryCode),
}

impl Key {
    pub(crate) fn read(self) -> Result<ReadKey, TechoError> {
        Ok(match self {
            Self::Device { secret } => ReadKey::Device(device(secret)?),
            Self::Passphrase { text } => ReadKey::Passphrase(passphrase(text)?),
            Self::Recovery { code } => ReadKey::Recovery(RecoveryCode::read(&Zeroizing::new(code))?),
        })
    }
}

impl ReadKey {
    pub(crate) const fn unlock(&self) -> Unlock<'_> {
        match self {
            Self::Device(secret) => Unlock::Device(secret),
            Self::Passphrase(passphrase) => Unlock::Passphrase(passphrase),
            Self::Recovery(code) => Unlock::Recovery(code),
        }
    }
}

/// The keys of a new vault as the core takes them.
pub(crate) struct ReadKeys {
    device: Option<DeviceSecret>,
    passphrase: Option<Passphrase>,
}

impl NewKeys {
    pub(crate) fn read(self) -> Result<ReadKeys, TechoError> {
        // Both are taken out first, so that the one is wiped where the other is refused.
        let (device_bytes, typed) = (self.device.map(Zeroizing::new), self.passphrase.map(Zeroizing::new));
        Ok(ReadKeys {
            device: device_bytes.map(|mut bytes| device(std::mem::take(&mut *bytes))).transpose()?,
            passphrase: typed.map(|mut typed| passphrase(std::mem::take(&mut *typed))).transpose()?,
        })
    }
}

impl ReadKeys {
    pub(crate) const fn slots(&self) -> NewSlots<'_> {
        NewSlots { device: self.device.as_ref(), passphrase: self.passphrase.as_ref(), recovery: None }
    }

    /// One of them, the quicker one.
    pub(crate) fn unlock(&self) -> Option<Unlock<'_>> {
        self.device.as_ref().map(Unlock::Device).or_else(|| self.passphrase.as_ref().map(Unlock::Passphrase))
    }
}

/// 32 bytes that a keystore kept.
pub(crate) fn device(secret: Vec<u8>) -> Result<DeviceSecret, TechoError> {
    let secret = Zeroizing::new(secret);
    let bytes = Zeroizing::new(<[u8; 32]>::try_from(secret.as_slice()).map_err(|_| TechoError::KeyUnavailable)?);
    Ok(DeviceSecret::from_bytes(*bytes))
}

/// A passphrase as typed.
pub(crate) fn passphrase(typed: String) -> Result<Passphrase, TechoError> {
    Ok(Passphrase::new(&Zeroizing::new(typed))?)
}

/// *Instant.* Whether there is a vault in `dir`, in whatever state: then it is opened or rescued, and none is made.
#[uniffi::export]
pub fn vault_exists(dir: String) -> bool {
    vault::Vault::is_at(Path::new(&dir))
}

/// *Quick.* The ways in which the locked vault in `dir` can be opened.
#[uniffi::export]
pub fn slot_kinds(dir: String) -> Result<Vec<SlotKind>, TechoError> {
    Ok(vault::Vault::slot_kinds(Path::new(&dir))?.into_iter().map(SlotKind::from).collect())
}

/// *Instant.* 32 random bytes, for the platform's keystore to seal. The shell keeps the sealed bytes beside the vault.
#[uniffi::export]
pub fn make_device_secret() -> Result<Vec<u8>, TechoError> {
    Ok(DeviceSecret::make()?.as_bytes().to_vec())
}

#[uniffi::export]
impl Vault {
    /// *Quick.* The ways in which this vault can be opened.
    pub fn slots(&self) -> Result<Vec<SlotKind>, TechoError> {
        Ok(self.room.vault.slots()?.into_iter().map(SlotKind::from).collect())
    }

    /// *Long.* Sets or changes the passphrase. Needs presence: whoever the keystore let in could otherwise be present by a
    /// passphrase of their own.
    pub fn set_passphrase(&self, text: String) -> Result<(), TechoError> {
        let passphrase = passphrase(text)?;
        self.room.vault.require_presence(now())?;
        Ok(self.room.vault.put_passphrase(&passphrase)?)
    }

    /// *Quick.* Lets what the keystore keeps open the vault, instead of an earlier device secret. Needs presence.
    pub fn set_device_secret(&self, secret: Vec<u8>) -> Result<(), TechoError> {
        let secret = device(secret)?;
        self.room.vault.require_presence(now())?;
        Ok(self.room.vault.put_device_secret(&secret)?)
    }

    /// *Quick.* Takes a way to open the vault away. Needs presence. `KeyUnavailable` where it is the last or there is none.
    pub fn remove_slot(&self, kind: SlotKind) -> Result<(), TechoError> {
        self.room.vault.require_presence(now())?;
        Ok(self.room.vault.remove_slot(kind.into())?)
    }

    /// *Quick.* Makes a recovery kit, instead of an earlier one. Needs presence. It is shown once, and kept nowhere.
    pub fn make_recovery_kit(&self) -> Result<RecoveryKit, TechoError> {
        self.room.vault.require_presence(now())?;
        let code = RecoveryCode::make()?;
        self.room.vault.put_recovery_code(&code)?;
        let text = present::recovery_kit(self.room.language());
        Ok(RecoveryKit {
            code: code.text().as_str().to_owned(),
            title: text.title.to_owned(),
            lines: text.lines.map(str::to_owned).to_vec(),
        })
    }

    /// *Long* with a passphrase, else *quick*. Remembers for five minutes that it is the person who asks.
    pub fn confirm_presence(&self, key: Key) -> Result<(), TechoError> {
        let key = key.read()?;
        Ok(self.room.vault.confirm_presence(key.unlock(), now())?)
    }

    /// *Quick.* Whether the person must show that it is they who ask, before something leaves, comes by a fetch or is erased.
    pub fn needs_presence(&self) -> Result<bool, TechoError> {
        match self.room.vault.require_presence(now()) {
            Err(vault::VaultError::PresenceNeeded) => Ok(true),
            other => Ok(other.map(|()| false)?),
        }
    }
}
