//! What the State forgets: the records with the day they leave Mynaportal, what leaves first at the top, and what one fetch
//! would bring home before.

use std::collections::{BTreeMap, btree_map::Entry};

use chrono::NaiveDate;

use super::{Language, kind_name};
use crate::{
    base::PersonId,
    formats::FormatId,
    insight::{
        reconcile,
        retention::{Length, RETENTION_EDITION, Retention, retention_of, retentions},
    },
    terms::Kind,
    vault::{Document, DocumentId, EventId, EventLine, PAGE, TimelinePage, Vault, VaultError},
};

/// What is known about leaving, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgetsView {
    /// What still leaves, the soonest first; behind it what has left, the latest first; behind it what nobody knows about.
    pub rows: Vec<ForgetRow>,
    /// What one fetch today would bring, and until when: a sentence for each kind whose time is known, and one for those whose is
    /// not.
    pub fetch: Vec<String>,
    /// The rules' edition, and what the days are not.
    pub note: String,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgetRow {
    /// The event.
    pub event: EventId,
    /// Whose.
    pub person: PersonId,
    /// What it is.
    pub kind: Kind,
    /// The kind's name.
    pub kind_name: &'static str,
    /// What it is called.
    pub title: String,
    /// When it was.
    pub date: Option<String>,
    /// The day it leaves; none where nobody knows.
    pub leaves_on: Option<NaiveDate>,
    /// Days until then; negative where it has left.
    pub days: Option<i64>,
    /// The same in words.
    pub days_text: String,
    /// By whom.
    pub source: &'static str,
}

/// The records of a person, or of everybody, as seen on a day. *Quick* up to some thousand events.
pub fn forgets(vault: &Vault, person: Option<PersonId>, on: NaiveDate, language: Language) -> Result<ForgetsView, VaultError> {
    let mut rows = Vec::new();
    let mut documents: BTreeMap<DocumentId, Document> = BTreeMap::new();
    let mut page = TimelinePage { person, limit: PAGE, ..TimelinePage::default() };
    loop {
        let lines = vault.timeline(&page)?;
        for line in &lines {
            if let Some(rule) = rule_of(vault, line, &mut documents)? {
                rows.push(row(line, rule, on, language));
            }
        }
        match lines.last() {
            Some(last) if lines.len() == PAGE as usize => page.after = Some(last.id),
            Some(_) | None => break,
        }
    }
    // Still to leave, gone, unknown; within each the nearest to today first.
    rows.sort_by_key(|row| match row.days {
        Some(days) if days >= 0 => (0, days, row.event),
        Some(days) => (1, -days, row.event),
        None => (2, 0, row.event),
    });
    Ok(ForgetsView { rows, fetch: fetch(on, language), note: note(language) })
}

/// The rule for an event; of medicines it depends on who tells of them.
fn rule_of(
    vault: &Vault,
    line: &EventLine,
    documents: &mut BTreeMap<DocumentId, Document>,
) -> Result<Option<&'static Retention>, VaultError> {
    if line.kind != Kind::Medication {
        return Ok(retention_of(line.kind, ""));
    }
    let about = match documents.entry(line.document) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(empty) => empty.insert(vault.document(line.document)?),
    };
    // Only insurance information tells of medicines from claims.
    let is_claim = FormatId::of_id(&about.about.format) == Some(FormatId::InsuranceXml) && {
        let stored = vault.event(line.id)?;
        let told =
            reconcile::Told { event: &stored.event, format: &about.about.format, document: about.fingerprint, position: stored.position };
        reconcile::source_of(&told).id == "claim"
    };
    Ok(retention_of(line.kind, if is_claim { "claim" } else { "dispensing" }))
}

fn row(line: &EventLine, rule: &'static Retention, on: NaiveDate, language: Language) -> ForgetRow {
    let leaves_on = rule.leaves_on(line.day);
    let days = leaves_on.map(|day| day.signed_duration_since(on).num_days());
    ForgetRow {
        event: line.id,
        person: line.person,
        kind: line.kind,
        kind_name: kind_name(line.kind, language),
        title: line.title.clone(),
        date: line.day.map(|day| day.to_string()),
        leaves_on,
        days,
        days_text: days_text(days, language),
        source: language.pick(rule.source_japanese, rule.source_english),
    }
}

fn days_text(days: Option<i64>, language: Language) -> String {
    match (days, language) {
        (None, _) => language.pick("わかりません", "not known").to_owned(),
        (Some(0), _) => language.pick("きょう消えます", "leaves today").to_owned(),
        (Some(days @ 1..), Language::Japanese) => format!("あと{days}日"),
        (Some(days @ 1..), Language::English) => format!("in {days} days"),
        (Some(days), Language::Japanese) => format!("{}日前に消えました", -days),
        (Some(days), Language::English) => format!("left {} days ago", -days),
    }
}

/// What one fetch would bring: everything since the day that leaves today.
fn fetch(on: NaiveDate, language: Language) -> Vec<String> {
    let mut by_length: Vec<(Length, Vec<&'static str>)> = Vec::new();
    let mut unknown: Vec<&'static str> = Vec::new();
    for rule in retentions() {
        let name = kind_name(rule.kind, language);
        let names = match rule.length {
            None => &mut unknown,
            Some(length) => {
                if !by_length.iter().any(|(own, _)| *own == length) {
                    by_length.push((length, Vec::new()));
                }
                let Some((_, names)) = by_length.iter_mut().find(|(own, _)| *own == length) else { continue };
                names
            }
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut told: Vec<String> = by_length
        .iter()
        .filter_map(|(length, names)| Some((length.before(on)?, names.join(language.pick("・", ", ")))))
        .map(|(since, names)| match language {
            Language::Japanese => format!("きょう一度取得すれば、{since} より後の{names}が手もとに残ります"),
            Language::English => format!("One fetch today keeps what is later than {since} of: {names}"),
        })
        .collect();
    if !unknown.is_empty() {
        let names = unknown.join(language.pick("・", ", "));
        told.push(match language {
            Language::Japanese => format!("いつ消えるかわからないもの：{names}。早めの取得をおすすめします"),
            Language::English => format!("Nobody knows when these leave: {names}. Better to fetch them early"),
        });
    }
    told
}

fn note(language: Language) -> String {
    match language {
        Language::Japanese => {
            format!(
                "マイナポータルから消える日の目安です（Techo の規則 第{RETENTION_EDITION}版）。この手帳にある記録は、あなたが消すまで消えません"
            )
        }
        Language::English => format!(
            "An estimate of when records leave Mynaportal (Techo's rules, edition {RETENTION_EDITION}). What is in this notebook stays until you erase it"
        ),
    }
}
