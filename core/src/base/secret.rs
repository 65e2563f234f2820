//! Secrets: the vault's key, a passphrase, a device's secret. None of them can be printed or cloned, and all are wiped
//! when dropped. The recovery code has its own file because a person types it.

use std::fmt;

use ring::rand::{SecureRandom, SystemRandom};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system has no random bytes to give")]
pub struct NoRandomness;

/// Fresh random bytes from the operating system.
///
/// # Errors
/// [`NoRandomness`] when the system's source fails.
pub fn make_random<const LENGTH: usize>() -> Result<[u8; LENGTH], NoRandomness> {
    let mut bytes = [0; LENGTH];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// The 32-byte key that encrypts the vault. Never printed, never cloned, wiped when dropped.
#[derive(PartialEq, Eq)]
pub struct VaultKey(Zeroizing<[u8; 32]>);

/// 32 random bytes that the system's keystore keeps for this device; they unseal the envelope's device slot.
pub struct DeviceSecret(Zeroizing<[u8; 32]>);

/// What a person types to unlock the vault, in Unicode form NFKC, so that one keyboard's half-width text and another's
/// full-width text are the same passphrase. Never empty.
pub struct Passphrase(Zeroizing<String>);

/// A passphrase needs at least one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a passphrase needs at least one character")]
pub struct EmptyPassphrase;

impl VaultKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system's source fails.
    pub fn make() -> Result<Self, NoRandomness> {
        Ok(Self(Zeroizing::new(make_random()?)))
    }

    /// The key a platform's keystore has unsealed.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl DeviceSecret {
    /// A new random secret, to be kept in the system's keystore.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system's source fails.
    pub fn make() -> Result<Self, NoRandomness> {
        Ok(Self(Zeroizing::new(make_random()?)))
    }

    /// The secret as the keystore gave it back.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 bytes, for the keystore only.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Passphrase {
    /// A passphrase as typed. Line ends at the end are taken off: a passphrase file usually has one.
    ///
    /// # Errors
    /// [`EmptyPassphrase`] when nothing is left.
    pub fn new(typed: &str) -> Result<Self, EmptyPassphrase> {
        // Reserved in full beforehand: a string that grows leaves pieces of the passphrase in freed memory.
        let mut folded = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(4)));
        folded.extend(typed.trim_end_matches(['\r', '\n']).nfkc());
        if folded.is_empty() { Err(EmptyPassphrase) } else { Ok(Self(folded)) }
    }

    /// The text as UTF-8 in NFKC.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text in NFKC.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey(..)")
    }
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceSecret(..)")
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn no_secret_prints_itself() {
        let shown = format!(
            "{:?} {:?} {:?}",
            VaultKey::from_bytes([0xAB; 32]),
            DeviceSecret::from_bytes([0xCD; 32]),
            Passphrase::new("ひみつ").unwrap()
        );
        assert_eq!(shown, "VaultKey(..) DeviceSecret(..) Passphrase(..)");
    }

    #[test]
    fn a_passphrase_is_the_same_in_half_and_full_width() {
        assert_eq!(Passphrase::new("ﾃﾁｮｳ２０２６\n").unwrap().as_str(), Passphrase::new("テチョウ2026").unwrap().as_str());
        assert_eq!(Passphrase::new("\r\n").err(), Some(EmptyPassphrase));
    }

    #[test]
    fn two_random_keys_differ() {
        assert!(VaultKey::make().unwrap() != VaultKey::make().unwrap());
    }
}
