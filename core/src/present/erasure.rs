//! Erasing in words: what will go, and what went. The copies that nobody can reach from here are the ledger's to tell.

use super::Language;
use crate::vault::{Erased, Erasure, Vault, VaultError};

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
