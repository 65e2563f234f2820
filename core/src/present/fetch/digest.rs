//! What a fetch came to, in words: new, changed at the source, already here, refused, cut, missing.

use super::end_text;
use crate::{
    consent::Item,
    intake::{Changed, Digest},
    present::{Language, RecordView, record, refusal_text},
    vault::{Vault, VaultError},
};

/// A digest, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestView {
    /// The sum, in one line.
    pub sum: String,
    /// Values that the source states otherwise now; the old ones are kept.
    pub changed: Vec<String>,
    /// What was cut before anything was filed.
    pub cut: Vec<String>,
    /// What could not be taken, each with its place.
    pub refused: Vec<String>,
    /// What did not come, why, and what to do.
    pub missing: Option<String>,
}

/// A digest in words. *Quick.*
///
/// # Errors
/// `NotFound` where records of it were erased since.
pub fn digest(vault: &Vault, digest: &Digest, language: Language) -> Result<DigestView, VaultError> {
    let changed = digest.changed.iter().map(|changed| changed_text(vault, *changed, language)).collect::<Result<_, _>>()?;
    let cut = digest.cut().map(|group| {
        let (name, count) = (group_name(&group.name, group.item, language), group.returned.saturating_sub(group.kept));
        match language {
            Language::Japanese => format!("{name}: {count} 件は同意の外なので切り取りました"),
            Language::English => format!("{name}: {count} cut, beyond the consent"),
        }
    });
    let refused = digest.refused.iter().map(|refusal| match language {
        Language::Japanese => refusal_text(&refusal.reason, language),
        Language::English => format!("{}: {}", refusal.place, refusal_text(&refusal.reason, language)),
    });
    let missing = digest.missing.as_ref().map(|missing| {
        let names: Vec<&str> = missing.items.iter().map(|item| language.pick(item.japanese(), item.english())).collect();
        let end = end_text(&missing.why, language);
        match language {
            Language::Japanese => format!("届かなかったもの: {}。{}。{}", names.join("、"), end.what, end.todo),
            Language::English => format!("Did not come: {}. {}. {}", names.join(", "), end.what, end.todo),
        }
    });
    Ok(DigestView { sum: sum_text(digest, language), changed, cut: cut.collect(), refused: refused.collect(), missing })
}

fn sum_text(digest: &Digest, language: Language) -> String {
    let cut: u32 = digest.cut().map(|group| group.returned.saturating_sub(group.kept)).sum();
    let (new, changed, known, refused) = (digest.new, digest.changed.len(), digest.already_here, digest.refused.len());
    let is_all_here = digest.documents.is_empty() && !digest.known_documents.is_empty();
    match language {
        Language::Japanese if is_all_here => "前に受け取ったものと同じです。増えた記録はありません".to_owned(),
        Language::English if is_all_here => "The same as was here before; nothing was added".to_owned(),
        Language::Japanese => {
            format!(
                "新しい記録 {new} 件、変わったもの {changed} 件、すでにあったもの {known} 件、読めなかったもの {refused} 件、切り取ったもの {cut} 件"
            )
        }
        Language::English => format!("{new} new, {changed} changed at the source, {known} already here, {refused} refused, {cut} cut"),
    }
}

fn changed_text(vault: &Vault, changed: Changed, language: Language) -> Result<String, VaultError> {
    let (new, old) = (record(vault, changed.new, language)?, record(vault, changed.old, language)?);
    let (now, before) = (value_text(&new), value_text(&old));
    Ok(match language {
        Language::Japanese => format!("{} {}: {before} → {now}（前の値も残しています）", new.date_text, new.title),
        Language::English => format!("{} {}: {before} → {now} (the old value is kept)", new.date_text, new.title),
    })
}

fn value_text(view: &RecordView) -> String {
    let value = view.value.as_deref().unwrap_or("—");
    view.unit.as_deref().map_or_else(|| value.to_owned(), |unit| format!("{value} {unit}"))
}

/// An answer that is one bare document has a group without a name.
fn group_name(name: &str, item: Item, language: Language) -> String {
    if name.is_empty() { language.pick(item.japanese(), item.english()).to_owned() } else { name.to_owned() }
}
