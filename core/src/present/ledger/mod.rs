//! The ledger as sentences: who did what, for whom. An entry that a newer version wrote is shown by its id, and words that
//! were erased are said to be.

mod sentence;

pub(super) use sentence::{item_name, listed, somebody_erased_text};

use super::Language;
use crate::{
    base::PersonId,
    record::Person,
    vault::{LedgerEntry, PAGE, Vault, VaultError},
};

/// Entries read from the vault at a time.
const SOME: u32 = 500;

/// An entry of the ledger, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Its number, counted from 1, the earliest.
    pub number: u64,
    /// When, UTC, RFC 3339, as it was written.
    pub at: String,
    /// What was done: an `Act`'s id.
    pub act: String,
    /// Whom it is about.
    pub people: Vec<PersonId>,
    /// Their names; who was erased has none any more.
    pub names: Vec<String>,
    /// The sentence.
    pub text: String,
    /// Its words were erased with a record, a document or a person.
    pub is_erased: bool,
}

/// One entry as a sentence; `number` is its place counted from 1, `people` are those of the vault. *Instant*.
pub fn ledger_line(people: &[Person], number: u64, entry: &LedgerEntry, language: Language) -> LedgerLine {
    let told = entry.told();
    let mut text = sentence::sentence(&entry.act, &told, people, language);
    if entry.detail.is_none() {
        text.push_str(language.pick("（内容は消されています）", " (its words were erased)"));
    }
    let names = told.people.iter().filter_map(|id| name_of(people, *id)).map(str::to_owned).collect();
    LedgerLine { number, at: entry.at.clone(), act: entry.act.clone(), people: told.people, names, text, is_erased: entry.detail.is_none() }
}

/// A page of the ledger, the newest first: the entries before number `before` (none for the newest), at most `limit` and
/// at most a page of them. *Quick*.
pub fn ledger(vault: &Vault, before: Option<u64>, limit: u32, language: Language) -> Result<Vec<LedgerLine>, VaultError> {
    let people = vault.people()?;
    let end = before.map_or(vault.ledger_length()?, |before| before.saturating_sub(1));
    let first = end.saturating_sub(u64::from(limit.min(PAGE)));
    let (Ok(from), Ok(count)) = (u32::try_from(first), u32::try_from(end - first)) else { return Ok(Vec::new()) };
    let entries = vault.ledger(from, count)?;
    let mut lines: Vec<LedgerLine> =
        (first + 1..).zip(&entries).map(|(number, entry)| ledger_line(&people, number, entry, language)).collect();
    lines.reverse();
    Ok(lines)
}

/// What has left the notebook and can be recalled by nobody: the exports and backups that the ledger knows of and `counts`
/// lets through, the earliest first, and what it cannot know of. *Quick* up to some thousand entries. Ask it before an
/// erasure: afterwards the ledger no longer says whose exports they were.
pub fn copies_elsewhere(vault: &Vault, counts: impl Fn(&LedgerEntry) -> bool, language: Language) -> Result<Vec<String>, VaultError> {
    let mut lines = Vec::new();
    let mut from = 0;
    loop {
        let entries = vault.ledger(from, SOME)?;
        let copies = entries.iter().filter(|entry| counts(entry)).filter_map(|entry| copy_text(entry, language));
        lines.extend(copies);
        let count = u32::try_from(entries.len()).unwrap_or(SOME);
        if count < SOME {
            break;
        }
        from += count;
    }
    let unknown = language
        .pick("ほかに写したファイル、印刷したもの、発行元にある原本", "files copied elsewhere, printouts, and what the issuer keeps");
    lines.push(unknown.to_owned());
    Ok(lines)
}

fn copy_text(entry: &LedgerEntry, language: Language) -> Option<String> {
    let at = &entry.at;
    Some(match (entry.act.as_str(), language) {
        ("exported", Language::Japanese) => format!("{at} に書き出したファイル"),
        ("exported", Language::English) => format!("a file exported at {at}"),
        ("backed_up", Language::Japanese) => format!("{at} に取った控え"),
        ("backed_up", Language::English) => format!("a backup taken at {at}"),
        _ => return None,
    })
}

pub(super) fn name_of(people: &[Person], id: PersonId) -> Option<&str> {
    people.iter().find(|person| person.id == id).map(|person| person.name.as_str())
}
