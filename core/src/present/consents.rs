//! Consents in words: what was asked, what was answered, where each stands, and what taking one back does and cannot do.

use chrono::{DateTime, Utc};

use super::{
    Language,
    fetch::{actor_text, purpose_text},
    ledger::{copies_elsewhere, item_name, listed, name_of, somebody_erased_text},
};
use crate::{
    base::PersonId,
    consent::{ConsentId, Item},
    record::Person,
    vault::{ConsentRecord, ConsentStanding, DocumentId, LedgerEntry, Vault, VaultError, Withdrawn},
};

/// A consent, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentLine {
    /// Its name, and that of its fetch.
    pub id: ConsentId,
    /// Whose data.
    pub subject: Option<PersonId>,
    /// Their name, or that they were erased.
    pub name: String,
    /// When it was asked.
    pub asked: Option<DateTime<Utc>>,
    /// Where it stands.
    pub standing: ConsentStanding,
    /// Where it stands, in a word or two.
    pub standing_text: &'static str,
    /// Who acted, and by what right. None where the words of the question were erased; so with the next four.
    pub actor: Option<String>,
    /// What for.
    pub purpose: Option<&'static str>,
    /// Who obtains it.
    pub operator: Option<String>,
    /// What was granted, by name; none where it was not answered.
    pub granted: Option<Vec<String>>,
    /// What was declined, by name; all that was asked for where it was not answered.
    pub declined: Vec<String>,
    /// Answer, operator and documents in one line.
    pub about: Option<String>,
    /// The documents that came by it and are here.
    pub documents: Vec<DocumentId>,
    /// Whether there is something to take back, or to erase.
    pub can_be_withdrawn: bool,
}

/// Every consent that the ledger tells of, the newest first. *Quick*.
pub fn consents(vault: &Vault, language: Language) -> Result<Vec<ConsentLine>, VaultError> {
    let people = vault.people()?;
    Ok(vault.consents()?.iter().map(|record| consent_line(&people, record, language)).collect())
}

/// One consent in words; `people` are those of the vault. *Instant*.
pub fn consent_line(people: &[Person], record: &ConsentRecord, language: Language) -> ConsentLine {
    let names = |items: &mut dyn Iterator<Item = Item>| items.map(|item| item_name(item, language).to_owned()).collect::<Vec<_>>();
    let name = |id: PersonId| name_of(people, id).unwrap_or(somebody_erased_text(language)).to_owned();
    let subject = record.subject.map_or_else(|| somebody_erased_text(language).to_owned(), name);
    let (request, receipt) = (record.request.as_ref(), record.receipt.as_ref());
    let operator = request.map(|request| language.pick(&request.operator.japanese, &request.operator.english).to_owned());
    let granted = receipt.map(|receipt| names(&mut receipt.granted.iter().map(|wish| wish.item)));
    let declined = match (receipt, request) {
        (Some(receipt), _) => names(&mut receipt.declined.iter().copied()),
        (None, Some(request)) => names(&mut request.wishes.iter().map(|wish| wish.item)),
        (None, None) => Vec::new(),
    };
    let standing = record.standing();
    ConsentLine {
        id: record.id,
        subject: record.subject,
        asked: record.asked,
        standing,
        standing_text: consent_standing_text(standing, language),
        actor: request.map(|request| actor_text(request.actor.basis, request.actor.person.map(name), &subject, language)),
        purpose: request.map(|request| purpose_text(request.purpose, language)),
        about: operator.as_deref().map(|operator| about(granted.as_deref(), &declined, operator, record.documents.len(), language)),
        operator,
        granted,
        declined,
        name: subject,
        documents: record.documents.clone(),
        can_be_withdrawn: standing != ConsentStanding::Withdrawn || !record.documents.is_empty(),
    }
}

fn about(granted: Option<&[String]>, declined: &[String], operator: &str, documents: usize, language: Language) -> String {
    let granted = granted.map_or_else(
        || language.pick("（答えはありません）", "(not answered)").to_owned(),
        |granted| listed(granted.iter().cloned(), language),
    );
    let declined = listed(declined.iter().cloned(), language);
    match language {
        Language::Japanese => {
            format!("はい：{granted}　いいえ：{declined}　取得者：{operator}　いまある書類 {documents} 件")
        }
        Language::English => format!("yes: {granted}; no: {declined}; obtained by {operator}; {documents} documents here"),
    }
}

/// Where a consent stands, in a word or two.
pub const fn consent_standing_text(standing: ConsentStanding, language: Language) -> &'static str {
    match standing {
        ConsentStanding::Asked => language.pick("たずねただけ", "asked"),
        ConsentStanding::Declined => language.pick("断った", "declined"),
        ConsentStanding::Granted => language.pick("同意した（まだ使われていない）", "granted, not used"),
        ConsentStanding::Fetching => language.pick("取得の途中", "being fetched"),
        ConsentStanding::Fetched => language.pick("取得した", "fetched"),
        ConsentStanding::Ended => language.pick("取得できなかった", "ended without an answer"),
        ConsentStanding::LeftOpen => language.pick("途中で控えから戻された", "left open: restored from a backup meanwhile"),
        ConsentStanding::Withdrawn => language.pick("撤回した", "withdrawn"),
    }
}

/// What a withdrawal did, a line each. `relay_told` is whether the relay was told to forget a fetch that was running; none
/// where there was nothing to tell.
pub fn withdrawn_text(withdrawn: &Withdrawn, relay_told: Option<bool>, language: Language) -> Vec<String> {
    let mut lines = vec![
        if withdrawn.was_already {
            language.pick("この同意は前に撤回されています", "The consent had been withdrawn before")
        } else {
            language.pick("同意を撤回しました", "The consent is withdrawn")
        }
        .to_owned(),
    ];
    if withdrawn.running_fetch_ended {
        let ended =
            language.pick("途中の取得を終わらせました。何も取り込んでいません", "A running fetch was ended; nothing of it was taken in");
        lines.push(ended.to_owned());
    }
    lines.extend(relay_told.map(|is_told| {
        if is_told {
            language.pick("リレーにも伝え、この取得を消させました", "The relay was told, and has forgotten the request")
        } else {
            language.pick(
                "リレーには伝えられませんでした。リレーは時間が来れば自分で消します",
                "The relay could not be told; it forgets by itself when the time is over",
            )
        }
        .to_owned()
    }));
    if withdrawn.documents > 0 {
        let (documents, records) = (withdrawn.documents, withdrawn.records);
        lines.push(match (withdrawn.erased, language) {
            (true, Language::Japanese) => format!("届いた書類 {documents} 件（記録 {records} 件）を消しました"),
            (true, Language::English) => format!("{documents} documents that came by it ({records} records) were erased"),
            (false, Language::Japanese) => format!("届いた書類 {documents} 件（記録 {records} 件）は残っています"),
            (false, Language::English) => format!("{documents} documents that came by it ({records} records) stay"),
        });
    }
    lines
}

/// What others were given by this consent and cannot be recalled from here, a line each. Nothing where it was never spent.
/// Ask it before the withdrawal erases anything: afterwards the ledger no longer says whose exports there were. *Quick*.
pub fn out_of_reach(vault: &Vault, record: &ConsentRecord, language: Language) -> Result<Vec<String>, VaultError> {
    let Some(begun) = record.begun else { return Ok(Vec::new()) };
    let portal = language.pick("マイナポータルに残る利用の記録（いつ、何を渡したか）", "what Mynaportal has logged: when it gave out what");
    let mut lines = vec![portal.to_owned()];
    if let Some(request) = &record.request {
        let operator = &request.operator;
        let (japanese, english, contact) = (&operator.japanese, &operator.english, &operator.contact);
        lines.push(match language {
            Language::Japanese => {
                format!("{japanese}（{contact}）に残る通信の時刻などの記録（中身は残さない約束です）")
            }
            Language::English => format!("what {english} ({contact}) has logged: times and the like; it promises to keep no content"),
        });
    }
    // What left the notebook before the fetch had none of it.
    let is_later = |entry: &LedgerEntry| DateTime::parse_from_rfc3339(&entry.at).is_ok_and(|at| at >= begun);
    let left_later = |entry: &LedgerEntry| is_later(entry) && record.subject.is_none_or(|person| names(entry, person));
    lines.extend(copies_elsewhere(vault, left_later, language)?);
    Ok(lines)
}

/// What stands above the lines of [`out_of_reach`] and [`copies_elsewhere`].
pub const fn out_of_reach_title(language: Language) -> &'static str {
    language.pick("この手帳の外にある写しには手が届きません:", "Copies outside this notebook are out of reach:")
}

fn names(entry: &LedgerEntry, person: PersonId) -> bool {
    entry.detail.as_ref().is_none_or(|detail| detail.contains(&person.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn a_withdrawal_says_what_it_did_and_what_stays() {
        let stays = Withdrawn { documents: 2, records: 9, erased: false, running_fetch_ended: true, was_already: false };
        let lines = withdrawn_text(&stays, Some(false), Language::Japanese);
        let wanted = ["同意を撤回しました", "途中の取得を終わらせました", "自分で消します", "届いた書類 2 件（記録 9 件）は残っています"];
        assert_eq!(lines.len(), wanted.len());
        assert!(lines.iter().zip(wanted).all(|(line, part)| line.contains(part)), "{lines:?}");
        let again = Withdrawn { documents: 2, erased: true, was_already: true, running_fetch_ended: false, records: 9 };
        let lines = withdrawn_text(&again, None, Language::English);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains("before") && lines[1].ends_with("were erased"), "{lines:?}");
    }
}
