//! The JSON lines of fetching from Mynaportal, and of the ledger and the consents.

use serde::Serialize;
use serde_json::Value;
use techo_core::consent::Wish;

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

/// A consent: `consents`.
#[derive(Debug, Serialize)]
pub(crate) struct ConsentLine<'a> {
    pub(crate) id: String,
    pub(crate) person: Option<&'a str>,
    /// `asked`, `declined`, `granted`, `fetching`, `fetched`, `ended`, `left_open` or `withdrawn`.
    pub(crate) standing: &'a str,
    pub(crate) basis: Option<&'a str>,
    pub(crate) actor: Option<&'a str>,
    pub(crate) purpose: Option<&'a str>,
    pub(crate) operator: Option<&'a str>,
    pub(crate) items: Vec<WishLine<'a>>,
    pub(crate) granted: Vec<&'a str>,
    pub(crate) declined: Vec<&'a str>,
    pub(crate) asked: Option<String>,
    pub(crate) answered: Option<String>,
    pub(crate) begun: Option<String>,
    pub(crate) ended: Option<String>,
    pub(crate) withdrawn: Option<String>,
    pub(crate) documents: Vec<String>,
}

/// An item that is asked for.
#[derive(Debug, Serialize)]
pub(crate) struct WishLine<'a> {
    pub(crate) item: &'a str,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
}

impl From<&Wish> for WishLine<'static> {
    fn from(wish: &Wish) -> Self {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        Self { item: wish.item.id(), from: day(wish.period.from), until: day(wish.period.until) }
    }
}

/// What a withdrawal did: `withdraw`.
#[derive(Debug, Serialize)]
pub(crate) struct WithdrawLine<'a> {
    pub(crate) id: &'a str,
    pub(crate) was_already: bool,
    pub(crate) documents: u64,
    pub(crate) records: u64,
    pub(crate) erased: bool,
    pub(crate) running_fetch_ended: bool,
    pub(crate) relay_told: Option<bool>,
    pub(crate) cannot_reach: Vec<String>,
}

/// A setting: `settings`.
#[derive(Debug, Serialize)]
pub(crate) struct SettingLine<'a> {
    pub(crate) setting: &'a str,
    pub(crate) on: Option<bool>,
    pub(crate) value: Option<u32>,
    pub(crate) at: Option<String>,
}

/// A text that a person agrees to: `legal`.
#[derive(Debug, Serialize)]
pub(crate) struct LegalLine<'a> {
    pub(crate) text: &'a str,
    pub(crate) version: u32,
    pub(crate) title: &'a str,
    pub(crate) paragraphs: Vec<&'a str>,
}

/// The stand-in that runs: `portal-stand-in`.
#[cfg(feature = "stand-in")]
#[derive(Debug, Serialize)]
pub(crate) struct StandInLine<'a> {
    pub(crate) profile: &'a str,
    /// SHA-256 of the public keys that a browser has to accept, base64, separated by commas.
    pub(crate) spki_digests: &'a str,
    pub(crate) pin: &'a str,
}

/// A card of the stand-in: `portal-stand-in --cards`.
#[cfg(feature = "stand-in")]
#[derive(Debug, Serialize)]
pub(crate) struct CardLine<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kana: &'a str,
    pub(crate) born: String,
    pub(crate) sex: &'a str,
    pub(crate) pin: &'a str,
    pub(crate) proxy_for: Vec<&'a str>,
}
