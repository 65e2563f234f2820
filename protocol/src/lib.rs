//! What a phone and the relay say to each other: the messages, the sealing of a result to one phone, the names that
//! Mynaportal uses, and the profile by which a phone knows its relay. Both sides use this crate, so neither can drift.

mod id;
pub mod message;
pub mod names;
pub mod profile;
pub mod seal;

pub use id::{BadToken, CodeVerifier, Digest, GrantDigest, Nonce, PublicKey, SecretText, SessionId, SessionSecret, State};

/// Version of everything in this crate that travels. A relay refuses another one by name.
pub const VERSION: u16 = 1;
