//! The envelope: the vault's id, its salt, a key check value and the vault key sealed once per slot. Two copies, each
//! written whole; `docs/vault-format.md` has the bytes and a test holds them.

use std::path::Path;

use ring::{digest, hmac};

use super::{
    VaultError, files,
    keys::{Keys, VaultId},
    slot::{MAX_DEVICE_SLOT, Slot, Unlock, Work, unseal},
};
use crate::base::VaultKey;

const MAGIC: &[u8; 8] = b"TECHOENV";
const VERSION: u16 = 1;
const COPIES: [&str; 2] = ["envelope", "envelope.copy"];
const MAX_SLOTS: usize = 8;
const LIMIT: u64 = 64 * 1024;

/// What stands in the envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    /// Grows by one with every change, so that the newer copy is known.
    pub(super) revision: u64,
    pub(super) id: VaultId,
    /// SQLCipher's salt, also the first 16 bytes of the vault file.
    pub(super) salt: [u8; 16],
    pub(super) check: [u8; 32],
    pub(super) slots: Vec<Slot>,
}

/// One copy as read: well formed and with the right checksum, but not yet proved with the key.
struct Copy {
    envelope: Envelope,
    /// Everything the MAC covers, and the MAC.
    covered: Vec<u8>,
    mac: [u8; 32],
}

impl Envelope {
    /// Reads the newest copy, takes the key out with `unlock`, and proves both.
    ///
    /// `WrongKey` when the key is another, `VaultDamaged` when no copy is whole, `VaultMissing` when there is none.
    pub(super) fn open(dir: &Path, unlock: Unlock<'_>) -> Result<(Self, VaultKey, Keys), VaultError> {
        let copies = read_copies(dir)?;
        let newest = copies.first().ok_or(VaultError::VaultDamaged)?;
        let key = unseal(&newest.envelope.slots, &newest.envelope.id, unlock)?;
        let keys = Keys::derive(&key, &newest.envelope.id)?;
        if keys.check != newest.envelope.check {
            return Err(VaultError::WrongKey);
        }
        // The key is right. A copy whose MAC is wrong was changed by somebody without the key.
        let proved = copies.into_iter().find(|copy| hmac::verify(&keys.envelope, &copy.covered, &copy.mac).is_ok());
        Ok((proved.ok_or(VaultError::VaultDamaged)?.envelope, key, keys))
    }

    /// The newest copy without proof: enough to find the device slot before there is a key.
    pub(super) fn peek(dir: &Path) -> Result<Self, VaultError> {
        read_copies(dir)?.into_iter().next().map(|copy| copy.envelope).ok_or(VaultError::VaultDamaged)
    }

    /// Writes both copies, one after the other, so that one is whole at every moment.
    pub(super) fn write(&self, dir: &Path, keys: &Keys) -> Result<(), VaultError> {
        let bytes = self.encode(keys)?;
        for name in COPIES {
            files::write_durably(dir, name, &bytes)?;
        }
        Ok(())
    }

    /// Writes the copies again when they differ from this envelope: one was damaged, or a change was cut short.
    pub(super) fn heal(&self, dir: &Path, keys: &Keys) -> Result<(), VaultError> {
        let bytes = self.encode(keys)?;
        for name in COPIES {
            if files::read_small(&dir.join(name), LIMIT).ok().flatten().as_ref() != Some(&bytes) {
                files::write_durably(dir, name, &bytes)?;
            }
        }
        Ok(())
    }

    /// Puts `slot` in the place of the slot of the same kind, or adds it.
    pub(super) fn put(&mut self, slot: Slot) {
        self.slots.retain(|old| old.kind() != slot.kind());
        self.slots.push(slot);
        self.slots.sort_by_key(Slot::kind);
        self.revision += 1;
    }

    fn encode(&self, keys: &Keys) -> Result<Vec<u8>, VaultError> {
        let mut out = Vec::with_capacity(512);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_be_bytes());
        out.extend_from_slice(&self.revision.to_be_bytes());
        out.extend_from_slice(&self.id);
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&self.check);
        out.push(u8::try_from(self.slots.len()).map_err(|_| VaultError::Internal(8))?);
        for slot in &self.slots {
            let body = match slot {
                Slot::Device(sealed) => sealed.clone(),
                Slot::Passphrase { work, salt, sealed } => [work.to_bytes().as_slice(), salt, sealed].concat(),
                Slot::Recovery { salt, sealed } => [salt.as_slice(), sealed].concat(),
            };
            out.push(slot.kind());
            out.extend_from_slice(&u16::try_from(body.len()).map_err(|_| VaultError::Internal(9))?.to_be_bytes());
            out.extend_from_slice(&body);
        }
        let mac = hmac::sign(&keys.envelope, &out);
        out.extend_from_slice(mac.as_ref());
        let checksum = digest::digest(&digest::SHA256, &out);
        out.extend_from_slice(checksum.as_ref());
        Ok(out)
    }
}

/// The whole copies, newest first.
fn read_copies(dir: &Path) -> Result<Vec<Copy>, VaultError> {
    let mut found = Vec::new();
    let mut missing = 0;
    for name in COPIES {
        match files::read_small(&dir.join(name), LIMIT) {
            Ok(Some(bytes)) => found.extend(decode(&bytes)),
            Ok(None) => missing += 1,
            // Too large to be ours; the other copy may be whole.
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {}
            Err(error) => return Err(error.into()),
        }
    }
    if missing == COPIES.len() {
        return Err(VaultError::VaultDamaged);
    }
    found.sort_by_key(|copy| std::cmp::Reverse(copy.envelope.revision));
    Ok(found)
}

fn decode(bytes: &[u8]) -> Option<Copy> {
    let (body, checksum) = bytes.split_last_chunk::<32>()?;
    if digest::digest(&digest::SHA256, body).as_ref() != checksum {
        return None;
    }
    let (covered, mac) = body.split_last_chunk::<32>()?;
    let mut rest = covered;
    if take::<8>(&mut rest)? != *MAGIC || u16::from_be_bytes(take(&mut rest)?) != VERSION {
        return None;
    }
    let revision = u64::from_be_bytes(take(&mut rest)?);
    let (id, salt, check) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
    let [count] = take::<1>(&mut rest)?;
    if usize::from(count) > MAX_SLOTS {
        return None;
    }
    let mut slots = Vec::new();
    for _ in 0..count {
        let [kind] = take::<1>(&mut rest)?;
        let length = usize::from(u16::from_be_bytes(take(&mut rest)?));
        let (body, after) = rest.split_at_checked(length)?;
        rest = after;
        slots.push(decode_slot(kind, body)?);
    }
    rest.is_empty().then(|| Copy { envelope: Envelope { revision, id, salt, check, slots }, covered: covered.to_vec(), mac: *mac })
}

fn decode_slot(kind: u8, mut body: &[u8]) -> Option<Slot> {
    let slot = match kind {
        1 if body.len() <= MAX_DEVICE_SLOT => return Some(Slot::Device(body.to_vec())),
        2 => {
            let work = Work {
                memory_kib: u32::from_be_bytes(take(&mut body)?),
                rounds: u32::from_be_bytes(take(&mut body)?),
                lanes: u32::from_be_bytes(take(&mut body)?),
            };
            Slot::Passphrase { work, salt: take(&mut body)?, sealed: take(&mut body)? }
        }
        3 => Slot::Recovery { salt: take(&mut body)?, sealed: take(&mut body)? },
        _ => return None,
    };
    body.is_empty().then_some(slot)
}

fn take<const LENGTH: usize>(rest: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (first, after) = rest.split_first_chunk::<LENGTH>()?;
    *rest = after;
    Some(*first)
}
