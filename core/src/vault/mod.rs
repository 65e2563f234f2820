//! Floor 3: the encrypted file on the disk. The only room with SQL and the only room with key bytes.
//!
//! `engine` is the open vault; `open` decides whether what lies on the disk may be trusted; `anchor`, `page` and `wal`
//! are how it knows. `docs/vault-format.md` describes every byte.

mod access;
mod anchor;
mod connection;
mod directory;
mod engine;
mod envelope;
mod epoch;
mod error;
mod files;
mod keys;
mod lifecycle;
mod migrate;
mod open;
mod page;
#[cfg(feature = "plain-baseline")]
mod plain;
mod salvage;
mod slot;
mod verify;
mod wal;
mod watch;
mod witness;

pub use access::SlotKind;
pub use anchor::Position;
pub use directory::Kept;
pub use engine::Vault;
pub use error::VaultError;
pub use salvage::Salvaged;
pub use slot::{NewSlots, Unlock};
pub use verify::{Problem, ProblemKind, Verification};

#[cfg(test)]
mod tests;
