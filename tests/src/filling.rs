//! A vault full of synthetic reports, filed the way a person's own documents are: read, committed and anchored one by one.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use techo_core::{
    formats::health_card::KeySet,
    intake::{Incoming, Permissions, take_in},
    vault::Vault,
};

use crate::synthetic::{self, FACTS_PER_REPORT};

/// Imports reports until there are `records`; each document is read, filed, committed and anchored before the next. Gives
/// the time that took, without that of making the documents.
///
/// # Errors
/// Whatever refuses a document, and fewer records than were asked for.
pub fn import(vault: &Vault, records: u64) -> Result<Duration, Box<dyn Error>> {
    let person = synthetic::person();
    let now = chrono::Utc::now;
    let keys = KeySet::new(now().timestamp());
    let documents = records.div_ceil(u64::try_from(FACTS_PER_REPORT)?);
    let mut spent = Duration::ZERO;
    for number in 0..documents {
        let bytes = synthetic::report(number);
        let start = Instant::now();
        let mut failed = None;
        take_in(vault, &person, Incoming { bytes: &bytes, name: None, now: now() }, &keys, Permissions::default(), &mut |outcome| {
            failed = outcome.result.err();
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
