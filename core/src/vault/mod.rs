//! Floor 3: the encrypted file on the disk. The only room with SQL and the only room with key bytes.
//!
//! `engine` is the open vault; `open` decides whether what lies on the disk may be trusted; `anchor`, `page` and `wal`
//! are how it knows. `docs/vault-format.md` describes every byte.

mod cache;
mod codec;
mod connection;
mod directory;
mod documents;
mod engine;
mod envelope;
mod erase;
mod error;
mod files;
mod filing;
mod ids;
mod keys;
mod ledger;
mod lists;
mod migrate;
mod people;
mod restore;
mod roots;
mod search;
mod slot;
mod words;

pub use codec::CanonicalEvent;
pub use directory::Kept;
pub use documents::{Document, WaitingPart};
pub use engine::Vault;
pub use erase::{Erased, Erasure};
pub use error::VaultError;
pub use filing::{DocumentBody, EventToFile, FACTS_PER_EVENT, Filed, Filing, RefusedEntry};
pub use ids::{BadRowId, DocumentId, EventId, FactId};
pub use ledger::{Act, LedgerEntry};
pub use lists::{EventLine, HistoryPoint, PAGE, SeriesLine, StoredEvent, StoredFact, TimelinePage};
pub use restore::Returning;
pub use roots::{PersonRoot, person_root};
pub use search::{Hit, Hits};
pub use slot::{NewSlots, Unlock};

#[cfg(test)]
mod tests;
