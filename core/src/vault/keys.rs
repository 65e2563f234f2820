//! The keys that grow from the vault key, one per purpose, and the one way the room seals a key under another.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf, hmac, pbkdf2,
};
use zeroize::Zeroizing;

use super::VaultError;
use crate::base::{VaultKey, make_random};

/// A random name for the vault, the same in the envelope, in the anchor and inside the vault.
pub(super) type VaultId = [u8; 16];

/// A vault key sealed under another key: 12 bytes nonce, 32 bytes ciphertext, 16 bytes tag.
pub(super) type Sealed = [u8; SEALED];
pub(super) const SEALED: usize = NONCE_LEN + 32 + 16;

/// The subkeys. ring keeps its own keys in ordinary memory, so none of these is the vault key itself.
pub(super) struct Keys {
    /// Proves the anchor.
    pub(super) anchor: hmac::Key,
    /// Weighs each page in the page root.
    pub(super) root: hmac::Key,
    /// Links each change to the one before.
    pub(super) head: hmac::Key,
    /// Proves the envelope.
    pub(super) envelope: hmac::Key,
    /// Tells the right key from a wrong one without touching the vault file.
    pub(super) check: [u8; 32],
}

impl Keys {
    pub(super) fn derive(key: &VaultKey, id: &VaultId) -> Result<Self, VaultError> {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, id).extract(key.as_bytes());
        let mac = |purpose: &[u8]| -> Result<hmac::Key, VaultError> { Ok(hmac::Key::new(hmac::HMAC_SHA256, &*expand(&prk, purpose)?)) };
        Ok(Self {
            anchor: mac(b"techo anchor 1")?,
            root: mac(b"techo page root 1")?,
            head: mac(b"techo head 1")?,
            envelope: mac(b"techo envelope 1")?,
            check: *expand(&prk, b"techo key check 1")?,
        })
    }
}

/// The key of SQLCipher's page HMAC: PBKDF2-HMAC-SHA512 of the raw key, two rounds, salt XOR 0x3a (`SQLCipher` 4 format).
pub(super) fn derive_page_mac(key: &VaultKey, salt: [u8; 16]) -> hmac::Key {
    let mut derived = Zeroizing::new([0; 32]);
    let two = std::num::NonZeroU32::MIN.saturating_add(1);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, two, &salt.map(|byte| byte ^ 0x3a), key.as_bytes(), &mut *derived);
    hmac::Key::new(hmac::HMAC_SHA512, &*derived)
}

/// A wrapping key from secret bytes that are already random.
pub(super) fn derive_wrapping(secret: &[u8], salt: &[u8], purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    expand(&hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret), purpose)
}

fn expand(prk: &hkdf::Prk, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let mut out = Zeroizing::new([0; 32]);
    prk.expand(&[purpose], hkdf::HKDF_SHA256).and_then(|okm| okm.fill(&mut *out)).map_err(|_| VaultError::Internal(2))?;
    Ok(out)
}

/// Seals the vault key with AES-256-GCM. `context` is authenticated with it.
pub(super) fn seal(key: &VaultKey, wrapping: &[u8; 32], context: &[u8]) -> Result<Sealed, VaultError> {
    let nonce: [u8; NONCE_LEN] = make_random()?;
    let mut secret = Zeroizing::new(*key.as_bytes());
    let tag = gcm(wrapping)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut *secret)
        .map_err(|_| VaultError::Internal(3))?;
    let mut sealed = [0; SEALED];
    let parts = nonce.iter().chain(secret.iter()).chain(tag.as_ref());
    sealed.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
    Ok(sealed)
}

/// Unseals the vault key; `WrongKey` when the wrapping key or the context is another.
pub(super) fn unseal(sealed: &Sealed, wrapping: &[u8; 32], context: &[u8]) -> Result<VaultKey, VaultError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::Internal(4))?;
    let mut rest = Zeroizing::new(rest.to_vec());
    let secret = gcm(wrapping)?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut rest)
        .map_err(|_| VaultError::WrongKey)?;
    let secret: &[u8; 32] = (&*secret).try_into().map_err(|_| VaultError::Internal(5))?;
    Ok(VaultKey::from_bytes(*secret))
}

fn gcm(wrapping: &[u8; 32]) -> Result<LessSafeKey, VaultError> {
    UnboundKey::new(&AES_256_GCM, wrapping).map(LessSafeKey::new).map_err(|_| VaultError::Internal(6))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_sealed_key_opens_with_its_own_secret_and_context_only() {
        let key = VaultKey::make().unwrap();
        let mut sealed = seal(&key, &[1; 32], b"here").unwrap();
        assert!(unseal(&sealed, &[1; 32], b"here").unwrap() == key);
        assert_eq!(unseal(&sealed, &[2; 32], b"here").err(), Some(VaultError::WrongKey));
        assert_eq!(unseal(&sealed, &[1; 32], b"there").err(), Some(VaultError::WrongKey));
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(unseal(&sealed, &[1; 32], b"here").err(), Some(VaultError::WrongKey));
    }

    #[test]
    fn each_purpose_and_each_vault_has_its_own_key() {
        let key = VaultKey::from_bytes([7; 32]);
        let (one, other) = (Keys::derive(&key, &[1; 16]).unwrap(), Keys::derive(&key, &[2; 16]).unwrap());
        assert_ne!(one.check, other.check);
        let tags = [&one.anchor, &one.root, &one.head, &one.envelope, &other.root].map(|k| hmac::sign(k, b"x").as_ref().to_vec());
        assert!((0..5).all(|a| (0..a).all(|b| tags.get(a) != tags.get(b))));
    }
}
