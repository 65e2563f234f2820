//! JSON at the portal's border: what is kept of a conversation while the app sleeps, and what the relay says. Nothing else
//! in the room uses serde. The kept form is versioned; secrets in it are wiped when dropped, and it is written into the
//! vault only.

mod code;
mod kept;
pub(crate) mod receipt;

pub(super) use code::write_code;
pub(crate) use kept::{Conversation, Place, Round};
use serde::{Serialize, de::DeserializeOwned};
use techo_protocol::{
    message::{Answer, Identity, Progress, Refusal},
    seal::sealed_length,
};
use zeroize::Zeroizing;

/// Version of the kept form.
const VERSION: u16 = 1;
/// Room for a message or a kept state: reserved in full, for a buffer that grows leaves pieces behind in freed memory.
const ROOM: usize = 16 * 1024;

/// Most bytes of a message of the relay's own.
pub(super) const LARGEST_MESSAGE: usize = 16 * 1024;
/// Most bytes of a sealed identity.
pub(super) const LARGEST_IDENTITY: usize = sealed_length(LARGEST_MESSAGE);
/// Most bytes of a sealed answer.
pub(super) const LARGEST_RESULT: usize = sealed_length(techo_protocol::message::LARGEST_ANSWER);

/// JSON of a message or a kept state.
pub(super) fn write<T: Serialize>(message: &T) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(ROOM));
    // Derived serialisation into memory: it cannot fail, and nothing would be sent if it did.
    if serde_json::to_writer(&mut *out, message).is_err() {
        out.clear();
    }
    out
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// How far the relay says the session is.
pub(super) fn read_progress(body: &[u8]) -> Option<Progress> {
    read(body)
}

/// Why the relay refused.
pub(super) fn read_refusal(body: &[u8]) -> Option<Refusal> {
    read(body)
}

/// Who logged in, from the opened seal.
pub(crate) fn read_identity(plain: &[u8]) -> Option<Identity> {
    read(plain)
}

/// What the portal answered, from the opened seal.
pub(crate) fn read_answer(plain: &[u8]) -> Option<Answer> {
    read(plain)
}

/// The words of a ledger entry.
pub(crate) fn write_detail<T: Serialize>(detail: &T) -> String {
    // As above; an entry without words would still be an entry.
    serde_json::to_string(detail).unwrap_or_default()
}

impl Conversation {
    /// As it is kept.
    pub(crate) fn write(&self) -> Zeroizing<Vec<u8>> {
        write(self)
    }

    /// The kept conversation; none where another version wrote it, or it is damaged.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        read(bytes).filter(|kept: &Self| kept.version == VERSION)
    }
}
