//! Withdrawing a consent: one step that ends its fetch, says so in the ledger and, where the person wants it, erases what
//! came by it. What others were given meanwhile cannot be recalled from here.

use chrono::{DateTime, Utc};

use super::{
    Act, DocumentId, Vault, VaultError,
    codec_detail::{self, About, Said},
    consents, documents,
    erase::{self, Erasure},
    fetch_rows, ledger,
};
use crate::consent::ConsentId;

/// What a withdrawal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Documents that came by the consent: erased now, or still here.
    pub documents: u32,
    /// Records they state. What another document states as well stays, as that document's.
    pub records: u64,
    /// Whether they were erased.
    pub erased: bool,
    /// A fetch was running and is ended; nothing of it was filed.
    pub running_fetch_ended: bool,
    /// The consent had been withdrawn before.
    pub was_already: bool,
}

impl Vault {
    /// Withdraws a consent. With `erase` every document that came by it is erased, as [`Vault::erase`] does. Again, it
    /// changes nothing but what is still there to erase. *Long* with `erase`.
    ///
    /// # Errors
    /// `NotFound` when the ledger does not tell of it; `PresenceNeeded` with `erase`.
    pub fn withdraw_consent(&self, id: ConsentId, erase: bool, now: DateTime<Utc>) -> Result<Withdrawn, VaultError> {
        if erase {
            self.require_presence(now)?;
        }
        let before = self.consent(id)?;
        if before.withdrawn.is_some() && (!erase || before.documents.is_empty()) {
            let records = before.documents.iter().map(|document| self.stated(*document)).sum::<Result<u64, _>>()?;
            let documents = count(&before.documents);
            return Ok(Withdrawn { documents, records, erased: false, running_fetch_ended: false, was_already: true });
        }
        let withdrawn = self.write_cached(|tx, cache| {
            let record = consents::told(tx, id)?.ok_or(VaultError::NotFound)?;
            let person = record.subject.ok_or(VaultError::NotFound)?;
            let about = About { consent: id, person };
            if record.is_running {
                fetch_rows::remove(tx, id)?;
                ledger::append(tx, now, Act::FetchEnded, Some(&codec_detail::write(about, &Said::Ended { reason: "withdrawn" })?))?;
            }
            let mut records = 0;
            for document in &record.documents {
                records +=
                    if erase { erase::run(tx, cache, Erasure::Document(*document))?.records } else { documents::stated(tx, *document)? };
            }
            let documents = count(&record.documents);
            let said = Said::Withdrawn { documents, records, erased: erase };
            ledger::append(tx, now, Act::ConsentWithdrawn, Some(&codec_detail::write(about, &said)?))?;
            if erase && documents > 0 {
                ledger::append(tx, now, Act::Erased, Some(&format!(r#"{{"of":"consent","records":{records}}}"#)))?;
            }
            let was_already = record.withdrawn.is_some();
            Ok(Withdrawn { documents, records, erased: erase, running_fetch_ended: record.is_running, was_already })
        })?;
        if withdrawn.erased && withdrawn.documents > 0 {
            // Gaps between rows, the log, and copies kept aside still have it.
            self.rewrite()?;
        } else if withdrawn.running_fetch_ended {
            self.forget_log();
        }
        Ok(withdrawn)
    }
}

fn count(documents: &[DocumentId]) -> u32 {
    u32::try_from(documents.len()).unwrap_or(u32::MAX)
}
