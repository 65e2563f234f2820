//! The ledger as sentences: who did what, for whom.

use techo_core::{present, vault::PAGE};

use crate::{TechoError, Vault, redacted::redacted, words::written_time_text};

/// A page of the ledger.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LedgerPage {
    /// The newest first.
    pub lines: Vec<LedgerLine>,
    /// What to give as `before` for the next page; none when that was all.
    pub next: Option<u64>,
}

/// One entry.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LedgerLine {
    /// Its number, counted from 1.
    pub number: u64,
    /// When: UTC, RFC 3339.
    pub at: String,
    /// When, for the screen.
    pub at_text: String,
    /// What was done, in a sentence.
    pub text: String,
}

redacted!(LedgerPage, LedgerLine);

#[uniffi::export]
impl Vault {
    /// *Quick.* The entries before number `before` (the newest ones when none), at most `limit` and at most 100.
    pub fn ledger(&self, before: Option<u64>, limit: u32) -> Result<LedgerPage, TechoError> {
        let lines = present::ledger(&self.room.vault, before, limit.clamp(1, PAGE), self.room.language())?;
        let next = lines.last().map(|line| line.number).filter(|number| *number > 1);
        let line = |line: present::LedgerLine| LedgerLine {
            number: line.number,
            at_text: written_time_text(&line.at),
            at: line.at,
            text: line.text,
        };
        Ok(LedgerPage { lines: lines.into_iter().map(line).collect(), next })
    }
}
