//! Erasing in words: what will go, what went, and the copies elsewhere that nobody can reach from here.

use super::Language;
use crate::vault::{Erased, Erasure, LedgerEntry, Vault, VaultError};

/// Entries of the ledger read at a time.
const ENTRIES: u32 = 500;

/// What will go, as the question before it. *Quick.*
///
/// # Errors
/// `NotFound`; `Locked`.
pub fn erasure_question(vault: &Vault, what: Erasure, language: Language) -> Result<String, VaultError> {
    let what = match what {
        Erasure::Record(id) => vault.fact(id)?.fact.title,
        Erasure::Document(id) => {
            let document = vault.document(id)?;
            document.about.name.unwrap_or_else(|| language.pick("この書類", "This document").to_owned())
        }
        Erasure::Person(id) => match (vault.person(id)?.name, language) {
            (name, Language::Japanese) => format!("{name}さんの記録すべて"),
            (name, Language::English) => format!("Everything about {name}"),
        },
    };
    Ok(match language {
        Language::Japanese => format!("{what} を消します。元に戻せません。よろしいですか"),
        Language::English => format!("{what} will be erased, for good. Are you sure?"),
    })
}

/// What went, a line each.
pub fn erased_text(erased: &Erased, language: Language) -> Vec<String> {
    let (records, originals) = (erased.records, erased.originals);
    let mut lines = vec![match language {
        Language::Japanese => format!("消しました（記録 {records} 件）"),
        Language::English => format!("Erased ({records} records)"),
    }];
    if originals > 0 {
        lines.push(match language {
            Language::Japanese => format!("この記録を含む原本 {originals} 件も消しました。ほかの記録は残っています"),
            Language::English => format!("{originals} originals that held it went too; the other records stay"),
        });
    }
    lines
}

/// The exports and backups that the ledger knows of and `counts` lets through, and what it cannot know of. To be asked before
/// anything is erased: afterwards the ledger no longer says whose exports they were. *Quick.*
///
/// # Errors
/// `Locked`.
pub fn copies_elsewhere(
    vault: &Vault,
    language: Language,
    at: impl Fn(&str) -> String,
    counts: impl Fn(&LedgerEntry) -> bool,
) -> Result<Vec<String>, VaultError> {
    let mut lines = Vec::new();
    let mut from = 0;
    loop {
        let page = vault.ledger(from, ENTRIES)?;
        let count = u32::try_from(page.len()).unwrap_or(ENTRIES);
        for entry in page {
            let when = at(&entry.at);
            lines.push(match (entry.act.as_str(), language) {
                ("exported", Language::Japanese) if counts(&entry) => format!("{when} に書き出したファイル"),
                ("exported", Language::English) if counts(&entry) => format!("a file exported at {when}"),
                ("backed_up", Language::Japanese) if counts(&entry) => format!("{when} に取った控え"),
                ("backed_up", Language::English) if counts(&entry) => format!("a backup taken at {when}"),
                _ => continue,
            });
        }
        if count < ENTRIES {
            break;
        }
        from += count;
    }
    lines.push(
        language
            .pick("ほかに写したファイル、印刷したもの、発行元にある原本", "files copied elsewhere, printouts, and what the issuer keeps")
            .to_owned(),
    );
    Ok(lines)
}
