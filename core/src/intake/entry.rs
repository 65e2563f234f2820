//! What a person writes down by hand, on its way into the vault: checked for what must never be kept, written as a document
//! of its own and filed like any other.

use chrono::TimeDelta;

use super::{
    IntakeError, Origin, Permissions,
    prepare::{Arrival, own},
};
use crate::{
    base::Fingerprint,
    formats::{
        FormatError,
        entry::{self, Guarded},
    },
    record::{Entry, Person},
    vault::{DocumentId, Filed, Vault},
};

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenDown {
    /// The document it is kept as.
    pub document: DocumentId,
    /// Its fingerprint: how an undoing names it.
    pub fingerprint: Fingerprint,
    /// Records it states.
    pub records: u32,
}

/// Writes an entry into `person`'s notebook. Durable when this returns, with everything it changes.
///
/// # Errors
/// `PossibleMyNumber` and a `MyNumber` of `Format` as of any document; `InsurerNumber`; `Format` for what no entry can be.
pub fn write_down(vault: &Vault, person: &Person, mut entry: Entry, may: Permissions<'_>) -> Result<WrittenDown, IntakeError> {
    match entry::guarded(&entry)? {
        Some(Guarded::MyNumber(place)) => return Err(FormatError::MyNumber { place }.into()),
        Some(Guarded::Insurer(place)) => return Err(IntakeError::InsurerNumber { place }),
        Some(Guarded::Digits(place)) if !(may.digits_checked || may.digits_checked_at.contains(&place.as_str())) => {
            return Err(IntakeError::PossibleMyNumber { place });
        }
        Some(Guarded::Digits(_)) | None => {}
    }
    let mut bytes = entry::write(&entry)?;
    // The same words at the same instant are a second entry: what was removed, put back and removed again.
    while vault.find_document(person.id, Fingerprint::of(&bytes))?.is_some() {
        entry.at += TimeDelta::milliseconds(1);
        bytes = entry::write(&entry)?;
    }
    let fingerprint = Fingerprint::of(&bytes);
    let arrival = Arrival { name: None, now: entry.at, origin: Origin::default() };
    let prepared = own(&entry, bytes, person, &arrival)?;
    let filed = vault.file(&prepared.filing)?;
    // Durable; links that cannot be worked out now stay due.
    super::reconcile(vault).ok();
    Ok(match filed {
        Filed::New { document, stated, .. } => WrittenDown { document, fingerprint, records: stated },
        Filed::AlreadyHere { document } => WrittenDown { document, fingerprint, records: 0 },
    })
}
