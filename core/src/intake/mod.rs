//! Floor 4: one document comes in. It is bounded, read, matched against the person it is meant for, checked against
//! itself, and filed with its original in one transaction, or nothing of it is. Does not know where it came from.

mod by_hand;
mod card;
mod decide;
mod digest;
mod draft;
mod entry;
mod error;
mod marks;
mod numbers;
mod prepare;
mod reconcile;
mod reread;
mod series;
mod take;

pub use by_hand::{Filled, Pen, PenError, add_by_hand, correct_by_hand, last_change, remove_event, remove_record, undo_entry};
pub use card::{card_of, write_card};
pub use decide::{Deciding, join, keep_apart};
pub use digest::{Changed, Digest, GroupCount, Missing};
pub use draft::{Draft, DraftDocument, DraftReading, DraftState, Fits};
pub use entry::{WrittenDown, write_down};
pub use error::IntakeError;
pub use marks::{Subject, attach, keep_hidden, mark_sensitive, take_back};
pub use prepare::{Origin, Prepared, prepare};
pub use reconcile::{Reconciliation, reconcile};
pub use reread::{Reread, reread};
pub use series::{SeriesKind, saved_mapping, take_series};
pub use take::{Incoming, Outcome, Permissions, TakenIn, take_in};

pub use crate::record::Mismatch;
