//! The JSON lines of fetching from Mynaportal, and of the ledger and the consents.

use serde::Serialize;
use serde_json::Value;

/// An entry of the ledger: `ledger`.
#[derive(Debug, Serialize)]
pub(crate) struct LedgerLine<'a> {
    /// Counted from 1.
    pub(crate) number: u64,
    pub(crate) at: &'a str,
    pub(crate) act: &'a str,
    /// Names of those it is about and who are still here.
    pub(crate) people: Vec<&'a str>,
    /// The sentence.
    pub(crate) words: &'a str,
    /// None once erased.
    pub(crate) detail: Option<Value>,
}

/// What the check of the chain found: `ledger --verify`.
#[derive(Debug, Serialize)]
pub(crate) struct LedgerCheckLine {
    pub(crate) ok: bool,
    pub(crate) entries: u64,
    pub(crate) head: Option<String>,
    /// Number of the first entry that does not follow, counted from 1.
    pub(crate) broken: Option<u64>,
}
