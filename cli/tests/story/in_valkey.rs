//! The same stories where the relay keeps its sessions in Valkey, as it does where many relays run. Without a server each
//! says that it was skipped; in continuous integration it fails.

/// Whether relays keep their sessions in a store that outlives them.
const IS_SHARED: bool = true;

#[expect(clippy::duplicate_mod, reason = "the same stories, on purpose")]
#[path = "portal/mod.rs"]
mod portal;
