//! How a result is sealed to one phone: HPKE (RFC 9180) in auth mode — DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
//! ChaCha20-Poly1305 — to the phone's one-time key, from the relay's static key that the phone's profile pins.
//!
//! `info` = `"techo seal"`, protocol version (2 bytes), session id (16), grant digest (32), leg (1). The plaintext is cut
//! into parts of 64 KiB; the last one may be shorter, and is the only one where there is nothing. `aad` of a part = its
//! number from 0 (4 bytes, big-endian) and 1 for the last part, else 0. Sealed bytes = encapsulated key (32), then the
//! parts in their order, each 16 bytes longer than its plaintext.

use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _,
    aead::{AeadCtxR, ChaCha20Poly1305},
    kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{GrantDigest, PublicKey, SessionId, VERSION};

/// Bytes of plaintext in a part.
pub const PART: usize = 64 * 1024;
const TAG: usize = 16;
const KEY: usize = 32;

type Kem = X25519HkdfSha256;
type Private = <Kem as hpke::Kem>::PrivateKey;

/// What of a session is sealed. Each leg has its own HPKE context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// Who logged in: [`crate::message::Identity`] as JSON.
    Identity,
    /// What the portal answered: [`crate::message::Answer`] as JSON.
    Result,
}

/// What a sealed leg is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The session.
    pub session: SessionId,
    /// The consent it was made for.
    pub grant: GrantDigest,
    /// Which leg.
    pub leg: Leg,
}

impl Binding {
    fn info(&self) -> Vec<u8> {
        let leg = match self.leg {
            Leg::Identity => 1_u8,
            Leg::Result => 2,
        };
        [b"techo seal", &VERSION.to_be_bytes()[..], self.session.as_bytes(), self.grant.as_bytes(), &[leg]].concat()
    }
}

/// Why something sealed was not opened, or not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The bytes are too short to be sealed bytes.
    #[error("sealed bytes end too early")]
    Truncated,
    /// Not from the pinned relay, not for this session, key or consent, or changed on the way.
    #[error("the seal does not fit")]
    Forged,
    /// A key is not an X25519 key, or the library failed.
    #[error("sealing is not possible with this key")]
    Key,
}

/// A private X25519 key: the phone's one-time key or the relay's static one. Wiped when dropped, never printed.
pub struct PrivateKey(Zeroizing<[u8; KEY]>);

impl PrivateKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`SealError::Key`] when the system has no random bytes.
    pub fn make() -> Result<Self, SealError> {
        let mut seed = Zeroizing::new([0; KEY]);
        let random = ring::rand::SystemRandom::new();
        ring::rand::SecureRandom::fill(&random, &mut *seed).map_err(|_| SealError::Key)?;
        let (private, _) = Kem::derive_keypair(&*seed);
        let mut bytes = private.to_bytes();
        let mut own = Zeroizing::new([0; KEY]);
        own.copy_from_slice(&bytes);
        bytes.as_mut_slice().zeroize();
        Ok(Self(own))
    }

    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 bytes, to be kept where secrets are kept.
    pub fn as_bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    /// The public half.
    ///
    /// # Errors
    /// [`SealError::Key`] when the bytes are no key.
    pub fn public(&self) -> Result<PublicKey, SealError> {
        let mut bytes = [0; KEY];
        bytes.copy_from_slice(&Kem::sk_to_pk(&self.inner()?).to_bytes());
        Ok(PublicKey::from_bytes(bytes))
    }

    fn inner(&self) -> Result<Private, SealError> {
        Private::from_bytes(&*self.0).map_err(|_| SealError::Key)
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

fn public(key: &PublicKey) -> Result<<Kem as hpke::Kem>::PublicKey, SealError> {
    <Kem as hpke::Kem>::PublicKey::from_bytes(key.as_bytes()).map_err(|_| SealError::Key)
}

fn aad(number: u32, is_last: bool) -> [u8; 5] {
    let mut aad = [0, 0, 0, 0, u8::from(is_last)];
    aad.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    aad
}

/// How long `plain` bytes become.
pub const fn sealed_length(plain: usize) -> usize {
    let parts = if plain == 0 { 1 } else { plain.div_ceil(PART) };
    KEY + plain + parts * TAG
}

/// Seals `plain` to `phone`.
///
/// # Errors
/// [`SealError::Key`] when a key is not one.
pub fn seal(binding: &Binding, phone: &PublicKey, relay: &PrivateKey, plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let own = relay.inner()?;
    let mode = OpModeS::Auth((own.clone(), Kem::sk_to_pk(&own)));
    let (key, mut context) =
        hpke::setup_sender::<ChaCha20Poly1305, HkdfSha256, Kem>(&mode, &public(phone)?, &binding.info()).map_err(|_| SealError::Key)?;
    let mut sealed = Vec::with_capacity(sealed_length(plain.len()));
    sealed.extend_from_slice(&key.to_bytes());
    let mut rest = plain;
    for number in 0_u32.. {
        let (part, after) = rest.split_at(rest.len().min(PART));
        let is_last = after.is_empty();
        let start = sealed.len();
        sealed.extend_from_slice(part);
        let here = sealed.get_mut(start..).ok_or(SealError::Key)?;
        let tag = context.seal_inout_detached(here.into(), &aad(number, is_last)).map_err(|_| SealError::Key)?;
        sealed.extend_from_slice(&tag.to_bytes());
        rest = after;
        if is_last {
            break;
        }
    }
    Ok(sealed)
}

/// Opens what `relay` sealed for this binding: all of it or nothing.
///
/// # Errors
/// [`SealError::Truncated`] and [`SealError::Forged`].
pub fn open(binding: &Binding, phone: &PrivateKey, relay: &PublicKey, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (key, mut rest) = sealed.split_first_chunk::<KEY>().ok_or(SealError::Truncated)?;
    if rest.len() < TAG {
        return Err(SealError::Truncated);
    }
    let key = <Kem as hpke::Kem>::EncappedKey::from_bytes(key).map_err(|_| SealError::Forged)?;
    let mode = OpModeR::Auth(public(relay)?);
    let mut context: AeadCtxR<ChaCha20Poly1305, HkdfSha256, Kem> =
        hpke::setup_receiver(&mode, &phone.inner()?, &key, &binding.info()).map_err(|_| SealError::Forged)?;
    // Reserved in full beforehand: a buffer that grows leaves pieces behind in freed memory.
    let mut plain = Zeroizing::new(Vec::with_capacity(rest.len()));
    for number in 0_u32.. {
        let (part, after) = rest.split_at(rest.len().min(PART + TAG));
        let is_last = after.is_empty();
        let cut = part.len().checked_sub(TAG).ok_or(SealError::Truncated)?;
        let (text, tag) = part.split_at(cut);
        let tag = hpke::aead::AeadTag::<ChaCha20Poly1305>::from_bytes(tag).map_err(|_| SealError::Forged)?;
        let start = plain.len();
        plain.extend_from_slice(text);
        let here = plain.get_mut(start..).ok_or(SealError::Truncated)?;
        context.open_inout_detached(here.into(), &aad(number, is_last), &tag).map_err(|_| SealError::Forged)?;
        rest = after;
        if is_last {
            break;
        }
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    struct Pair {
        phone: PrivateKey,
        relay: PrivateKey,
        binding: Binding,
    }

    fn pair() -> Pair {
        let binding = Binding { session: SessionId::from_bytes([1; 16]), grant: GrantDigest::of(&[2; 32], b"grant"), leg: Leg::Result };
        Pair { phone: PrivateKey::make().unwrap(), relay: PrivateKey::make().unwrap(), binding }
    }

    impl Pair {
        fn seal(&self, plain: &[u8]) -> Vec<u8> {
            seal(&self.binding, &self.phone.public().unwrap(), &self.relay, plain).unwrap()
        }

        fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
            open(&self.binding, &self.phone, &self.relay.public().unwrap(), sealed)
        }
    }

    #[test]
    fn every_length_around_a_part_opens_again() {
        let pair = pair();
        for length in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 7] {
            let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let sealed = pair.seal(&plain);
            assert_eq!(sealed.len(), sealed_length(length));
            assert_eq!(*pair.open(&sealed).unwrap(), plain);
        }
    }

    #[test]
    fn nothing_opens_for_another_session_grant_leg_phone_or_relay() {
        let pair = pair();
        let sealed = pair.seal(b"canary");
        let forged = Err(SealError::Forged);
        let (phone, relay) = (&pair.phone, pair.relay.public().unwrap());
        let other = |change: &dyn Fn(&mut Binding)| {
            let mut binding = pair.binding;
            change(&mut binding);
            open(&binding, phone, &relay, &sealed).map(|plain| plain.to_vec())
        };
        assert_eq!(other(&|binding| binding.session = SessionId::from_bytes([9; 16])), forged);
        assert_eq!(other(&|binding| binding.grant = GrantDigest::of(&[3; 32], b"grant")), forged);
        assert_eq!(other(&|binding| binding.leg = Leg::Identity), forged);
        assert_eq!(other(&|_| ()), Ok(b"canary".to_vec()));
        let stranger = PrivateKey::make().unwrap();
        assert_eq!(open(&pair.binding, &stranger, &relay, &sealed).err(), Some(SealError::Forged));
        assert_eq!(open(&pair.binding, phone, &stranger.public().unwrap(), &sealed).err(), Some(SealError::Forged));
    }

    #[test]
    fn a_cut_a_swap_and_every_flipped_bit_are_seen() {
        let pair = pair();
        let sealed = pair.seal(&vec![7; 2 * PART + 3]);
        for length in [0, KEY - 1, KEY, KEY + TAG - 1, KEY + PART + TAG, KEY + 2 * (PART + TAG), sealed.len() - 1] {
            assert!(pair.open(&sealed[..length]).is_err(), "cut at {length}");
        }
        let (first, second) = (KEY..KEY + PART + TAG, KEY + PART + TAG..KEY + 2 * (PART + TAG));
        let swapped = [&sealed[..KEY], &sealed[second.clone()], &sealed[first], &sealed[second.end..]].concat();
        assert_eq!(pair.open(&swapped).err(), Some(SealError::Forged));
        let small = pair.seal(b"canary");
        for bit in 0..small.len() * 8 {
            let mut flipped = small.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // The top bit of an X25519 key is ignored when it is read (RFC 7748) but is part of the key schedule.
            assert!(pair.open(&flipped).is_err(), "bit {bit}");
        }
    }
}
