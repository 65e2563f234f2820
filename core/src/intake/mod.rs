//! Floor 4: one document comes in. It is bounded, read, matched against the person it is meant for, checked against
//! itself, and filed with its original in one transaction, or nothing of it is. Does not know where it came from.

mod digest;
mod draft;
mod entry;
mod error;
mod numbers;
mod prepare;
mod reread;
mod series;
mod take;

pub use digest::{Changed, Digest, GroupCount, Missing};
pub use draft::{Draft, DraftDocument, DraftReading, DraftState, Fits};
pub use entry::{WrittenDown, write_down};
pub use error::IntakeError;
pub use prepare::{Origin, Prepared, prepare};
pub use reread::{Reread, reread};
pub use series::{SeriesKind, saved_mapping, take_series};
pub use take::{Incoming, Outcome, Permissions, TakenIn, take_in};

pub use crate::record::Mismatch;
