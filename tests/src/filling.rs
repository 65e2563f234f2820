//! A vault full of synthetic reports, filed the way a person's own documents are: read, committed and anchored one by one.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use techo_core::{
    formats::health_card::KeySet,
    intake::{Incoming, Origin, Permissions, prepare, take_in},
    vault::Vault,
};

use crate::synthetic::{self, FACTS_PER_REPORT};

/// Imports reports until there are `records`; each document is read, filed, committed and anchored before the next. Gives
/// the time that took, without that of making the documents.
///
/// # Errors
/// Whatever refuses a document, and fewer records than were asked for.
pub fn import(vault: &Vault, records: u64) -> Result<Duration, Box<dyn Error>> {
    import_of(vault, records, synthetic::report)
}

/// The same with any documents, made by their number.
///
/// # Errors
/// As [`import`].
pub fn import_of(vault: &Vault, records: u64, document: fn(u64) -> Vec<u8>) -> Result<Duration, Box<dyn Error>> {
    let person = synthetic::person();
    let now = chrono::Utc::now;
    let keys = KeySet::new(now().timestamp());
    let (mut spent, mut taken_in) = (Duration::ZERO, 0_u64);
    for number in 0.. {
        if taken_in >= records {
            break;
        }
        let bytes = document(number);
        let start = Instant::now();
        let mut failed = None;
        take_in(vault, &person, Incoming { bytes: &bytes, name: None, now: now() }, &keys, Permissions::default(), &mut |outcome| {
            match outcome.result {
                Ok(taken) => taken_in += u64::from(taken.ready.saturating_sub(taken.known)),
                Err(error) => failed = Some(error),
            }
        });
        spent += start.elapsed();
        if let Some(error) = failed {
            return Err(error.to_string().into());
        }
    }
    let stored: u64 = vault.roots()?.iter().map(|root| root.records).sum();
    if stored < records {
        return Err(format!("{stored} records were filed, not {records}").into());
    }
    Ok(spent)
}

/// Files the first `records` once more as another source tells them, and works no links out: the pass that does is what is measured.
///
/// # Errors
/// Whatever refuses a document.
pub fn file_retold(vault: &Vault, records: u64) -> Result<(), Box<dyn Error>> {
    let person = synthetic::person();
    let now = chrono::Utc::now();
    let keys = KeySet::new(now.timestamp());
    for number in 0..records.div_ceil(u64::try_from(FACTS_PER_REPORT)?) {
        let mut bytes = synthetic::report(number);
        bytes.extend_from_slice(b"<!-- told again -->\n");
        let file = Incoming { bytes: &bytes, name: None, now };
        let prepared = prepare(&person, file, &keys, Permissions::default(), Origin::default()).map_err(|error| error.to_string())?;
        vault.file(&prepared.filing)?;
    }
    Ok(())
}
