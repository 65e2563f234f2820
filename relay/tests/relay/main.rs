//! The relay over its sockets, against a scripted portal. Nothing here sleeps: clocks are moved by hand and waits end when
//! what they wait for has happened.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

mod configuration;
mod conversation;
mod fake;
mod identity;
mod operation;
mod public;
mod result;
mod sessions;
mod several;
mod shelf;
mod stolen;
mod times;
mod trust;
mod world;
