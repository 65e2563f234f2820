//! Filing a document of samples: the original in parts and the samples a day at a time, all in one transaction, so that a
//! gigabyte goes through a few megabytes of memory. SQLite spills what it changed into the log as it goes.

use chrono::{DateTime, Utc};

use super::{
    Vault, VaultError, documents,
    filing::{self, DocumentBody, EventToFile, Filed, Filing},
    ids::DocumentId,
    ledger::{self, Act},
    people, recover, samples,
};
use crate::{
    base::{Fingerprint, PersonId},
    record::SampleDay,
};

/// A document of samples ready to be filed.
pub struct SeriesFiling<'a> {
    /// Whose samples these are.
    pub person: PersonId,
    /// SHA-256 of the original.
    pub fingerprint: Fingerprint,
    /// When it was received.
    pub received: DateTime<Utc>,
    /// What is known about it.
    pub about: DocumentBody,
    /// What stands in the timeline.
    pub events: Vec<EventToFile>,
    /// The samples, a day at a time.
    pub days: &'a mut dyn Iterator<Item = SampleDay>,
    /// The original, a part at a time; none at its end.
    pub parts: &'a mut dyn FnMut() -> Result<Option<Vec<u8>>, VaultError>,
}

/// What filing samples did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesFiled {
    /// The document is new.
    New {
        /// Its id.
        document: DocumentId,
        /// Samples it states, each once.
        stated: u64,
        /// Of these, samples that an earlier document had stated.
        known: u64,
    },
    /// The very same document was here already; nothing was added.
    AlreadyHere {
        /// Its id.
        document: DocumentId,
    },
}

impl Vault {
    /// Files a document of samples: all of it or nothing. Returns once it is durable. *Long.*
    pub fn file_series(&self, filing: SeriesFiling<'_>) -> Result<SeriesFiled, VaultError> {
        self.write_cached(|tx, cache| {
            let SeriesFiling { person, fingerprint, received, about, events, days, parts } = filing;
            let row = people::row_of(tx, person)?;
            if let Some(document) = documents::find(tx, row, fingerprint)? {
                return Ok(SeriesFiled::AlreadyHere { document });
            }
            let format = about.format.clone();
            let head = Filing { person, fingerprint, parts: Vec::new(), received, about, events, change: None };
            let Filed::New { document, .. } = filing::insert(tx, cache, row, &head)? else { return Err(VaultError::Internal(20)) };
            for part in 0_u32.. {
                let Some(bytes) = parts()? else { break };
                documents::add_part(tx, document, part, &bytes)?;
            }
            let (mut stated, mut known) = (0, 0);
            for day in days {
                let counted = samples::insert(tx, row, (document, fingerprint), &day)?;
                stated += counted.stated;
                known += counted.known;
            }
            let detail =
                format!(r#"{{"person":"{person}","document":"{fingerprint}","format":"{format}","records":{stated},"known":{known}}}"#);
            let entry = ledger::append(tx, received, Act::Imported, Some(&detail))?;
            documents::link_ledger(tx, document, entry)?;
            Ok(SeriesFiled::New { document, stated, known })
        })
    }

    /// Files what a document of samples says anew, in the place of what is here of it.
    pub fn refile_series(
        &self,
        document: DocumentId,
        events: &[EventToFile],
        days: &mut dyn Iterator<Item = SampleDay>,
    ) -> Result<(), VaultError> {
        self.write_cached(|tx, cache| {
            let found = documents::by_id(tx, document)?;
            let person = people::row_of(tx, found.person)?;
            recover::file_events_anew(tx, cache, document, events)?;
            for day in days {
                samples::insert(tx, person, (document, found.fingerprint), &day)?;
            }
            Ok(())
        })
    }
}
