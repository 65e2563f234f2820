//! The relay over its sockets with its sessions in Valkey: the tests of `tests/relay` again, where every relay has a
//! connection of its own to the store, and besides them what only a store of its own can do: go away, come back, be written
//! to by somebody else.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

#[path = "../relay/conversation.rs"]
mod conversation;
#[path = "../relay/fake.rs"]
mod fake;
mod faults;
#[path = "../relay/identity.rs"]
mod identity;
#[path = "../relay/result.rs"]
mod result;
#[path = "../relay/sessions.rs"]
mod sessions;
#[path = "../relay/several.rs"]
mod several;
mod shelf;
#[path = "../relay/stolen.rs"]
mod stolen;
mod wire;
#[path = "../relay/world.rs"]
mod world;
