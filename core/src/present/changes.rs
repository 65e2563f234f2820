//! What was written by hand and changed: who, when and why, and where what it was about is to be found.

use super::Language;
use crate::{
    formats::entry,
    record::{Author, ChangeKind},
    vault::{ChangesOf, DocumentId, EventId, FactId, PAGE, StoredChange, Vault, VaultError},
};

/// One change, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeView {
    /// The change itself.
    pub change: StoredChange,
    /// Who made it; only the name where its original was erased.
    pub author: String,
    /// What the author is to the person, as a public id; none where the original was erased.
    pub relation: Option<&'static str>,
    /// Who made it, for the screen: 手帳 花子（本人）.
    pub author_text: String,
    /// When: UTC, RFC 3339.
    pub at: String,
    /// Why, in the author's words.
    pub reason: Option<String>,
    /// What it did, for the screen: 訂正「体重」.
    pub text: String,
    /// Whether it counts, waits or was undone, for the screen; none where it simply counts.
    pub standing_text: Option<&'static str>,
    /// The record it is about.
    pub record: Option<FactId>,
    /// The event it is about.
    pub target: Option<EventId>,
    /// The records it brings.
    pub records: Vec<FactId>,
}

/// A page of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesView {
    /// The newest first.
    pub rows: Vec<ChangeView>,
    /// Where to go on; none when that was all.
    pub next: Option<DocumentId>,
}

/// A page of changes. *Quick.*
pub fn changes(vault: &Vault, of: ChangesOf, after: Option<DocumentId>, language: Language) -> Result<ChangesView, VaultError> {
    let found = vault.changes(of, after, PAGE)?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count >= PAGE);
    let next = found.last().filter(|_| is_full).map(|change| change.entry);
    let rows = found.into_iter().map(|change| view(vault, change, language)).collect::<Result<_, _>>()?;
    Ok(ChangesView { rows, next })
}

/// One change. *Quick.*
///
/// # Errors
/// `NotFound` where the document is no entry.
pub fn change(vault: &Vault, entry: DocumentId, language: Language) -> Result<ChangeView, VaultError> {
    let found = vault.changes(ChangesOf::Entry(entry), None, 1)?;
    view(vault, found.into_iter().next().ok_or(VaultError::NotFound)?, language)
}

fn view(vault: &Vault, change: StoredChange, language: Language) -> Result<ChangeView, VaultError> {
    let document = vault.document(change.entry)?;
    let original = vault.original(change.entry)?;
    // What cannot be read any more is still told of: the records it brought are there.
    let entry = original.first().and_then(|bytes| entry::parse(bytes).ok());
    let (author, reason) = match entry {
        Some(entry) => (Some(entry.author), entry.reason),
        None => (None, None),
    };
    let name = author.as_ref().map_or_else(|| document.about.source.clone().unwrap_or_default(), |author| author.name.clone());
    let author_text = author.as_ref().map_or_else(|| name.clone(), |author| author_text(author, language));
    let (target, record) = change.targets.first().map_or((None, None), |target| (target.event, target.record));
    let about = about(vault, &change, target, record)?;
    let what = change_name(change.kind, language);
    let text = match about {
        Some(title) => format!("{what}{}{title}{}", language.pick("「", ": "), language.pick("」", "")),
        None => what.to_owned(),
    };
    let standing_text = if change.undone_by.is_some() {
        Some(language.pick("取り消し済み", "undone"))
    } else if change.waits() {
        Some(language.pick("対象がまだ見つかりません", "waits for what it is about"))
    } else {
        None
    };
    let records = match change.event {
        Some(event) => vault.event(event)?.ids.into_iter().map(|(id, _)| id).collect(),
        None => Vec::new(),
    };
    Ok(ChangeView {
        author: name,
        relation: author.map(|author| author.relation.id()),
        author_text,
        at: document.received,
        reason,
        text,
        standing_text,
        record,
        target,
        records,
        change,
    })
}

/// What the change is about, by its name.
fn about(vault: &Vault, change: &StoredChange, target: Option<EventId>, record: Option<FactId>) -> Result<Option<String>, VaultError> {
    if let Some(record) = record {
        return Ok(Some(vault.fact(record)?.fact.title));
    }
    if let Some(event) = target.or(change.event) {
        return Ok(Some(vault.event(event)?.event.title));
    }
    let Some(undone) = change.undoes else { return Ok(None) };
    let undone = vault.changes(ChangesOf::Entry(undone), None, 1)?.into_iter().next();
    match undone {
        // What an undoing of an undoing is about stands further down; its own line tells.
        Some(undone) if undone.kind != ChangeKind::Undo => {
            let (target, record) = undone.targets.first().map_or((None, None), |target| (target.event, target.record));
            about(vault, &undone, target, record)
        }
        _ => Ok(None),
    }
}

/// Who, for the screen: 手帳 花子（本人）.
pub fn author_text(author: &Author, language: Language) -> String {
    let relation = language.pick(author.relation.japanese(), author.relation.english());
    match language {
        Language::Japanese => format!("{}（{relation}）", author.name),
        Language::English => format!("{} ({relation})", author.name),
    }
}

/// What a kind of change is called.
pub const fn change_name(kind: ChangeKind, language: Language) -> &'static str {
    match kind {
        ChangeKind::Add => language.pick("追加", "Added"),
        ChangeKind::Correct => language.pick("訂正", "Corrected"),
        ChangeKind::Remove => language.pick("一覧から外す", "Removed from the lists"),
        ChangeKind::Undo => language.pick("取り消し", "Undone"),
        ChangeKind::KeepHidden => language.pick("ふだんは見せない", "Kept hidden"),
        ChangeKind::MarkSensitive => language.pick("取り扱いに注意", "Marked as sensitive"),
        ChangeKind::Attach => language.pick("添付", "Attached"),
        ChangeKind::Join => language.pick("同じできごと", "Joined"),
        ChangeKind::KeepApart => language.pick("別のできごと", "Kept apart"),
    }
}
