//! Floor 3: the encrypted file on the disk. The only room with SQL and the only room with key bytes.
//!
//! `engine` is the open vault; `open` decides whether what lies on the disk may be trusted; `anchor`, `page` and `wal`
//! are how it knows. `docs/vault-format.md` describes every byte.

mod connection;
mod directory;
mod engine;
mod envelope;
mod error;
mod files;
mod keys;
mod migrate;
mod slot;

pub use directory::Kept;
pub use engine::Vault;
pub use error::VaultError;
pub use slot::{NewSlots, Unlock};

#[cfg(test)]
mod tests;
