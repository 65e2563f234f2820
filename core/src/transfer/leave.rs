//! What every export of records has in common: who asks is the person, the file appears whole or not at all, and one line of
//! the ledger says what left.

use std::{fs::File, io::BufWriter, path::Path};

use chrono::{DateTime, Utc};

use super::{
    TransferError, act,
    choice::{Choice, Count, Exported},
    output,
};
use crate::vault::{Act, PersonRoot, Vault};

/// An export that is about to be written.
pub(super) struct Leaving<'a> {
    pub(super) vault: &'a Vault,
    /// Whose records, and which.
    pub(super) choice: &'a Choice<'a>,
    /// Where to.
    pub(super) out: &'a Path,
    pub(super) now: DateTime<Utc>,
    /// The format's public id.
    pub(super) format: &'static str,
}

impl Leaving<'_> {
    /// Has `write` fill the file and count what is in it, and writes the ledger's line.
    pub(super) fn write(
        self,
        write: impl FnOnce(&mut BufWriter<File>, &[PersonRoot], &mut Count) -> Result<(), TransferError>,
    ) -> Result<Exported, TransferError> {
        let Self { vault, choice, out, now, format } = self;
        vault.require_presence(now)?;
        let roots = act::roots(vault, choice.person)?;
        output::write_whole(
            out,
            |file| {
                let mut count = Count::default();
                write(file, &roots, &mut count)?;
                Ok(count)
            },
            |_, count| {
                let done = count.report(&roots);
                act::note(vault, now, Act::Exported, format, &done.people)?;
                Ok(done)
            },
        )
    }
}
