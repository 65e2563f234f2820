//! The keys under which something waits in the store that this relay, or another one, must open later: an access token.
//! AES-256-GCM; the session's id and what is sealed are additional data. The first key seals; all of them open, so a key can be changed while
//! sessions wait.

use std::{fmt, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use techo_protocol::SessionId;
use zeroize::Zeroizing;

const KEY: usize = 32;

/// What is sealed for a session: one cannot be put in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An access token with the number of its request.
    Ticket,
    /// The session, as it was at this writing.
    Record(u64),
}

/// Something was not sealed or not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// No key, two of the same id, or an id that is not 1 to 32 letters, digits, `-`, `.` or `_`.
    #[error("a key ring needs keys, each with its own short id")]
    Ids,
    /// Sealed under a key that is not on the ring, for another session, or changed.
    #[error("what was sealed does not open")]
    Sealed,
    /// The system has no random bytes.
    #[error("no random bytes")]
    Random,
}

/// Several keys with ids, newest first. A clone is the same ring, not a copy of its keys.
#[derive(Clone)]
pub struct KeyRing(Arc<[(String, LessSafeKey)]>);

impl KeyRing {
    /// The keys, newest first.
    ///
    /// # Errors
    /// [`KeyRingError::Ids`].
    pub fn new<'a>(keys: impl IntoIterator<Item = (String, &'a [u8; KEY])>) -> Result<Self, KeyRingError> {
        let mut ring: Vec<(String, LessSafeKey)> = Vec::new();
        for (id, key) in keys {
            let is_plain = (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
            if !is_plain || ring.iter().any(|(other, _)| *other == id) {
                return Err(KeyRingError::Ids);
            }
            let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| KeyRingError::Ids)?;
            ring.push((id, LessSafeKey::new(key)));
        }
        if ring.is_empty() { Err(KeyRingError::Ids) } else { Ok(Self(ring.into())) }
    }

    /// A ring with one new random key.
    ///
    /// # Errors
    /// [`KeyRingError::Random`].
    pub fn make() -> Result<Self, KeyRingError> {
        let mut key = Zeroizing::new([0; KEY]);
        SystemRandom::new().fill(&mut *key).map_err(|_| KeyRingError::Random)?;
        Self::new([("first".to_owned(), &*key)])
    }

    /// Seals `plain` as a session's `kind`. The text is the key's id, a colon, and base64url of nonce and sealed bytes.
    ///
    /// # Errors
    /// [`KeyRingError::Random`].
    pub(crate) fn seal(&self, session: &SessionId, kind: Kind, plain: &[u8]) -> Result<String, KeyRingError> {
        let (id, key) = self.0.first().ok_or(KeyRingError::Ids)?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| KeyRingError::Random)?;
        // Sealed in place and in full room, so that no plain piece stays behind in freed memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(plain.len() + AES_256_GCM.tag_len()));
        bytes.extend_from_slice(plain);
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad(session, kind), &mut *bytes)
            .map_err(|_| KeyRingError::Random)?;
        Ok(format!("{id}:{}", BASE64URL_NOPAD.encode(&[&nonce[..], &bytes].concat())))
    }

    /// Opens what was sealed as a session's `kind`.
    ///
    /// # Errors
    /// [`KeyRingError::Sealed`].
    pub(crate) fn open(&self, session: &SessionId, kind: Kind, sealed: &str) -> Result<Zeroizing<Vec<u8>>, KeyRingError> {
        let (id, text) = sealed.split_once(':').ok_or(KeyRingError::Sealed)?;
        let (_, key) = self.0.iter().find(|(known, _)| known == id).ok_or(KeyRingError::Sealed)?;
        let mut bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| KeyRingError::Sealed)?);
        let (nonce, _) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(KeyRingError::Sealed)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = key.open_within(nonce, aad(session, kind), &mut bytes, NONCE_LEN..).map_err(|_| KeyRingError::Sealed)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

fn aad(session: &SessionId, kind: Kind) -> Aad<Vec<u8>> {
    let (letter, revision) = match kind {
        Kind::Ticket => (b't', 0),
        Kind::Record(revision) => (b'r', revision),
    };
    Aad::from([&session.as_bytes()[..], &[letter], &revision.to_be_bytes()].concat())
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const TICKET: Kind = Kind::Ticket;

    fn ring(keys: &[(&str, u8)]) -> KeyRing {
        let keys: Vec<_> = keys.iter().map(|(id, byte)| ((*id).to_owned(), [*byte; KEY])).collect();
        KeyRing::new(keys.iter().map(|(id, key)| (id.clone(), key))).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_session_only() {
        let (one, two) = (SessionId::make().unwrap(), SessionId::make().unwrap());
        let ring = ring(&[("a", 1)]);
        let sealed = ring.seal(&one, TICKET, b"canary").unwrap();
        assert!(!sealed.contains("canary"));
        assert_eq!(*ring.open(&one, TICKET, &sealed).unwrap(), b"canary");
        assert_eq!(ring.open(&two, TICKET, &sealed).err(), Some(KeyRingError::Sealed));
        let short: String = sealed.chars().skip(2).collect();
        for broken in ["", "a", "a:", "b:AAAA", &format!("a:AA{short}"), &short, &sealed.replace("a:", "b:")] {
            assert_eq!(ring.open(&one, TICKET, broken).err(), Some(KeyRingError::Sealed), "{broken}");
        }
        assert_ne!(ring.seal(&one, TICKET, b"canary"), ring.seal(&one, TICKET, b"canary"));
    }

    #[test]
    fn what_is_sealed_opens_as_what_it_was_and_at_its_own_writing_only() {
        let (session, ring) = (SessionId::make().unwrap(), ring(&[("a", 1)]));
        let kinds = [Kind::Ticket, Kind::Record(0), Kind::Record(7), Kind::Record(7 << 56)];
        for sealed in kinds {
            let text = ring.seal(&session, sealed, b"canary").unwrap();
            for opened in kinds {
                assert_eq!(ring.open(&session, opened, &text).is_ok(), opened == sealed, "{sealed:?} as {opened:?}");
            }
        }
    }

    #[test]
    fn the_newest_key_seals_and_every_key_opens() {
        let session = SessionId::make().unwrap();
        let old = ring(&[("old", 1)]).seal(&session, TICKET, b"waits").unwrap();
        let changed = ring(&[("new", 2), ("old", 1)]);
        assert_eq!(*changed.open(&session, TICKET, &old).unwrap(), b"waits");
        assert!(changed.seal(&session, TICKET, b"later").unwrap().starts_with("new:"));
        assert_eq!(ring(&[("new", 2)]).open(&session, TICKET, &old).err(), Some(KeyRingError::Sealed));
    }

    #[test]
    fn a_ring_needs_keys_with_ids_of_their_own() {
        assert_eq!(KeyRing::new([]).err(), Some(KeyRingError::Ids));
        for ids in [["a", "a"], ["a", ""], ["a", "b:c"]] {
            assert_eq!(KeyRing::new(ids.map(|id| (id.to_owned(), &[1; KEY]))).err(), Some(KeyRingError::Ids));
        }
        assert_eq!(format!("{:?}", ring(&[("a", 1), ("b", 2)])), r#"["a", "b"]"#);
    }
}
