//! The stories of fetching where the relay keeps its sessions in its own memory.

/// Whether relays keep their sessions in a store that outlives them.
const IS_SHARED: bool = false;

#[path = "portal/mod.rs"]
pub(crate) mod portal;
