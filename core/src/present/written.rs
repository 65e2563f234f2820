//! Where a record was written or changed by hand: by whom, when, why, and the record that it stands in the place of.

use super::{ChangeView, Detail, Language, change, change_name};
use crate::{
    record::ChangeKind,
    vault::{ChangesOf, DocumentId, FactId, Vault, VaultError},
};

/// That a record was written by hand, or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenView {
    /// The entry that brought it, or that hides it.
    pub entry: DocumentId,
    /// Who, when, what, for the screen: 訂正 2026-04-01 手帳 花子（本人）.
    pub text: String,
    /// Why.
    pub reason: Option<String>,
    /// The record that it stands in the place of, or that stands in its place: one tap away.
    pub other: Option<FactId>,
}

impl WrittenView {
    /// The lines of the record's sheet that tell of it.
    pub(super) fn details(&self, is_hidden: bool, language: Language) -> Vec<Detail> {
        let mut lines = vec![Detail { label: language.pick("手で書いた記録", "Written by hand"), text: self.text.clone() }];
        if let Some(reason) = &self.reason {
            lines.push(Detail { label: language.pick("理由", "Reason"), text: reason.clone() });
        }
        if let Some(other) = self.other {
            let label = if is_hidden { language.pick("いまの記録", "Now") } else { language.pick("元の記録", "Was") };
            lines.push(Detail { label, text: other.to_string() });
        }
        lines
    }
}

/// Who wrote or hid a record: what hides it comes first, since that is why it is not in the lists.
pub(super) fn written(
    vault: &Vault,
    document: DocumentId,
    hidden: Option<DocumentId>,
    language: Language,
) -> Result<Option<WrittenView>, VaultError> {
    let entry = match hidden {
        Some(entry) => entry,
        None if vault.changes(ChangesOf::Entry(document), None, 1)?.is_empty() => return Ok(None),
        None => document,
    };
    let change = change(vault, entry, language)?;
    let day = change.at.get(..10).unwrap_or_default();
    let other = if hidden.is_some() { change.records.first().copied() } else { original_of(vault, &change)? };
    let text = format!("{} {day} {}", change_name(change.change.kind, language), change.author_text);
    Ok(Some(WrittenView { entry, text, reason: change.reason, other }))
}

/// The record that a correction stands in the place of.
fn original_of(vault: &Vault, change: &ChangeView) -> Result<Option<FactId>, VaultError> {
    match (change.change.kind, change.record, change.target) {
        (ChangeKind::Correct, Some(record), _) => Ok(Some(record)),
        (ChangeKind::Correct, None, Some(event)) => Ok(vault.event(event)?.ids.first().map(|(id, _)| *id)),
        _ => Ok(None),
    }
}
