//! The desktop's keystore (Secret Service, macOS Keychain, Windows Credential Manager): keeps the device secret that
//! opens the vault without a passphrase. Where there is none, the passphrase is asked for; nothing else changes.

use keyring::v1::{Entry, Error};
use techo_core::base::DeviceSecret;
use zeroize::Zeroizing;

const SERVICE: &str = "techo";

/// What the keystore said.
#[derive(Debug)]
pub(crate) enum Recalled {
    /// The secret it keeps for this vault.
    Secret(DeviceSecret),
    /// It works, and keeps none for this vault.
    Nothing,
    /// There is no keystore here, or it is locked.
    Unavailable,
}

/// The secret for the vault in this directory. `vault` is what tells vaults apart: the directory's canonical path.
pub(crate) fn recall(vault: &str) -> Recalled {
    let Ok(entry) = Entry::new(SERVICE, vault) else { return Recalled::Unavailable };
    match entry.get_secret().map(Zeroizing::new) {
        Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice())
            .map_or(Recalled::Nothing, |bytes| Recalled::Secret(DeviceSecret::from_bytes(*Zeroizing::new(bytes)))),
        Err(Error::NoEntry) => Recalled::Nothing,
        // The library's words can name people and places of the system; what matters is that there is no key from here.
        Err(_) => Recalled::Unavailable,
    }
}

/// Keeps the secret, and says whether it is really there: some keystores take a secret and lose it.
pub(crate) fn remember(vault: &str, secret: &DeviceSecret) -> bool {
    let Ok(entry) = Entry::new(SERVICE, vault) else { return false };
    if entry.set_secret(secret.as_bytes()).is_err() {
        return false;
    }
    let back = entry.get_secret().map(Zeroizing::new);
    back.is_ok_and(|bytes| bytes.as_slice() == secret.as_bytes())
}

/// Forgets the secret; nothing to forget is fine.
pub(crate) fn forget(vault: &str) {
    if let Ok(entry) = Entry::new(SERVICE, vault) {
        // It is not there, or it cannot be reached: neither can be mended from here.
        drop(entry.delete_credential());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::print_stdout, reason = "a test that skips says so")]
    use super::*;

    /// On a machine without a keystore (a server, CI) this proves that its absence is an answer and not a failure; where
    /// there is one, that a secret comes back as it was.
    #[test]
    fn a_secret_comes_back_or_its_absence_is_told() {
        let vault = "techo test of the keystore";
        let secret = DeviceSecret::from_bytes([7; 32]);
        if remember(vault, &secret) {
            assert!(matches!(recall(vault), Recalled::Secret(back) if back.as_bytes() == secret.as_bytes()));
            forget(vault);
            assert!(matches!(recall(vault), Recalled::Nothing));
        } else {
            assert!(!matches!(recall(vault), Recalled::Secret(_)));
            println!("SKIPPED: no keystore on this machine; only its absence was tested");
        }
    }
}
