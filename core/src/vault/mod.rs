//! Floor 3: the encrypted file on the disk. The only room with SQL and the only room with key bytes.
//!
//! `engine` is the open vault; `open` decides whether what lies on the disk may be trusted; `anchor`, `page` and `wal`
//! are how it knows. `docs/vault-format.md` describes every byte.

mod access;
mod anchor;
mod cache;
mod card;
mod changed;
mod changes;
mod clinical;
mod codec;
mod codec_detail;
mod codec_told;
mod connection;
mod consents;
mod directory;
mod documents;
mod engine;
mod envelope;
mod epoch;
mod erase;
mod error;
mod fetch;
mod fetch_rows;
mod files;
mod filing;
mod ids;
mod keys;
mod ledger;
mod lifecycle;
mod links;
mod lists;
mod migrate;
mod open;
mod page;
mod people;
#[cfg(feature = "plain-baseline")]
mod plain;
mod presence;
mod recover;
mod restore;
mod rewrite;
mod roots;
mod salvage;
mod sample_lists;
mod samples;
mod search;
mod series_filing;
mod settings;
mod showing;
mod slot;
mod verify;
mod wal;
mod watch;
mod withdraw;
mod witness;
mod words;

pub use access::SlotKind;
pub use anchor::Position;
pub use card::CardState;
pub use changes::{ChangesOf, StoredChange, StoredTarget};
pub use clinical::{Arrivals, CLINICAL_KINDS, ClinicalRecord};
pub use codec::CanonicalEvent;
pub use codec_told::Told;
pub use consents::{ConsentRecord, ConsentStanding, FetchEnd, Withdrawal};
pub use directory::Kept;
pub use documents::{Document, WaitingPart};
pub use engine::Vault;
pub use erase::{Erased, Erasure};
pub use error::VaultError;
pub use fetch::Fetch;
pub use filing::{DocumentBody, EventToFile, FACTS_PER_EVENT, Filed, Filing, Given, RefusedEntry, SliceMark, Trimmed};
pub use ids::{BadRowId, DayId, DocumentId, EventId, FactId};
pub use ledger::{Act, LedgerEntry};
pub use links::{Link, LinkDecision, Linking, Moment, ToldEvent};
pub use lists::{EventLine, HistoryPoint, PAGE, SeriesLine, StoredEvent, StoredFact, TimelinePage};
pub use presence::PRESENCE_MINUTES;
pub use restore::Returning;
pub use roots::{PersonRoot, person_root};
pub use salvage::Salvaged;
pub use sample_lists::{DayLine, DaySource, SampleLine, StoredDay};
pub use samples::CanonicalSamples;
pub use search::{Hit, Hits};
pub use series_filing::{SeriesFiled, SeriesFiling};
pub use settings::{Agreement, KIT_DAYS, LockAfter, Setting};
pub use showing::{Showing, ToShow};
pub use slot::{NewSlots, Unlock};
pub use verify::{Problem, ProblemKind, Verification};
pub use withdraw::Withdrawn;

#[cfg(test)]
mod tests;
