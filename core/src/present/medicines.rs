//! The medicines of a day: what is taken, until when and by which documents; one ingredient twice, worded for asking a
//! pharmacist; what is left over; and, on demand, what the person keeps hidden.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{Language, date_text};
use crate::{
    base::{PartialDate, PersonId},
    insight::{self, Course, LEFT_OVER, MedicineList, RULES_EDITION, SameBy, Told},
    record::{Body, ChangeKind, Fact, Standing},
    vault::{ChangesOf, DocumentId, EventId, FactId, PAGE, StoredEvent, TimelinePage, Vault, VaultError},
};

/// The medicines of a day, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicinesView {
    /// The medicines, those that are taken first.
    pub rows: Vec<MedicineRow>,
    /// One ingredient twice: what to ask a pharmacist, a sentence each.
    pub same: Vec<SameText>,
    /// Which could not be compared, and why.
    pub unchecked_text: Option<String>,
    /// What a pharmacist wrote about left-over medicines.
    pub left_over: Vec<LeftOver>,
    /// How many medicines the person keeps hidden; they are among the rows only on demand.
    pub hidden: u32,
    /// The rules' source and edition, and what they are not.
    pub note: String,
}

/// One medicine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicineRow {
    /// Whether and how it is taken.
    pub course: Course,
    /// The same in words.
    pub course_text: &'static str,
    /// The product as received.
    pub title: String,
    /// Dose with its unit, as received.
    pub dose: Option<String>,
    /// How to take it, as received.
    pub usage: Option<String>,
    /// From when: `2026-05-01`.
    pub from: Option<String>,
    /// The last day, where it can be told.
    pub until: Option<String>,
    /// The records that tell of it, the leading one first.
    pub sources: Vec<MedicineSource>,
    /// It could not be compared with every other one.
    pub unchecked: bool,
    /// The person keeps it hidden.
    pub hidden: bool,
}

/// A record that tells of a medicine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicineSource {
    /// The record.
    pub record: FactId,
    /// The institution as received.
    pub place: Option<String>,
    /// The event's day.
    pub date: Option<String>,
    /// The document.
    pub document: DocumentId,
}

/// Two medicines with one ingredient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameText {
    /// One, by its place among the rows.
    pub one: u32,
    /// The other.
    pub other: u32,
    /// How it is known: `code` or `name`.
    pub by: &'static str,
    /// What to do about it.
    pub text: String,
}

/// A remark on left-over medicines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOver {
    /// The record.
    pub record: FactId,
    /// The day.
    pub date: Option<String>,
    /// The day in words.
    pub date_text: String,
    /// The remark as received.
    pub text: String,
}

/// A record of a medicine or of what is left over, out of the vault.
struct Seen {
    record: FactId,
    fact: Fact,
    day: Option<PartialDate>,
    place: Option<String>,
    document: DocumentId,
    hidden: bool,
}

/// The medicines that are taken on a day, and what has ended within the time that is looked back. *Quick.*
pub fn medicines(
    vault: &Vault,
    person: PersonId,
    on: NaiveDate,
    with_hidden: bool,
    language: Language,
) -> Result<MedicinesView, VaultError> {
    let from = on.checked_sub_days(Days::new(insight::look_back_days())).unwrap_or(on);
    let mut seen = Vec::new();
    let mut page = TimelinePage {
        person: Some(person),
        from: Some(PartialDate::Day(from)),
        until: Some(PartialDate::Day(on)),
        limit: PAGE,
        ..TimelinePage::default()
    };
    loop {
        let lines = vault.timeline(&page)?;
        for line in &lines {
            let stored = vault.event(line.id)?;
            let shown: Vec<usize> = (0..stored.ids.len()).filter(|place| matches!(stored.hidden_facts.get(*place), Some(None))).collect();
            take(stored, &shown, false, &mut seen);
        }
        match lines.last() {
            Some(last) if lines.len() == PAGE as usize => page.after = Some(last.id),
            Some(_) | None => break,
        }
    }
    let mut hidden = Vec::new();
    for (event, places) in kept_hidden(vault, person)? {
        take(vault.event(event)?, &places, true, &mut hidden);
    }
    hidden.retain(|seen| matches!(seen.fact.body, Body::Medication(_)));
    let count = u32::try_from(hidden.len()).unwrap_or(u32::MAX);
    if with_hidden {
        seen.append(&mut hidden);
    }
    let told: Vec<Told<'_>> = seen.iter().map(|seen| Told { fact: &seen.fact, day: seen.day, place: seen.place.as_deref() }).collect();
    let list = insight::medicines(&told, on);
    Ok(view(&seen, &list, count, language))
}

/// What the person keeps hidden: events, and which of their records.
pub(super) fn kept_hidden(vault: &Vault, person: PersonId) -> Result<Vec<(EventId, Vec<usize>)>, VaultError> {
    let mut records: BTreeSet<(EventId, usize)> = BTreeSet::new();
    let mut after = None;
    loop {
        let changes = vault.changes(ChangesOf::Kind(person, ChangeKind::KeepHidden), after, PAGE)?;
        for target in changes.iter().flat_map(|change| &change.targets) {
            let Some(event) = target.event else { continue };
            let stored = vault.event(event)?;
            let is_meant = |id: FactId| target.record.is_none_or(|record| record == id);
            records.extend(stored.ids.iter().enumerate().filter(|(_, (id, _))| is_meant(*id)).map(|(place, _)| (event, place)));
        }
        match changes.last() {
            Some(last) if changes.len() == PAGE as usize => after = Some(last.entry),
            Some(_) | None => break,
        }
    }
    let mut all: Vec<(EventId, Vec<usize>)> = Vec::new();
    for (event, place) in records {
        match all.last_mut().filter(|(known, _)| *known == event) {
            Some((_, places)) => places.push(place),
            None => all.push((event, vec![place])),
        }
    }
    Ok(all)
}

fn take(stored: StoredEvent, places: &[usize], hidden: bool, seen: &mut Vec<Seen>) {
    let StoredEvent { event, ids, document, .. } = stored;
    for (place, (fact, (record, _))) in event.facts.into_iter().zip(ids).enumerate() {
        let is_wanted = matches!(fact.body, Body::Medication(_)) || fact.title == LEFT_OVER;
        if is_wanted && places.contains(&place) && !matches!(fact.standing, Standing::Quarantined(_)) {
            seen.push(Seen { record, fact, day: event.day, place: event.place.clone(), document, hidden });
        }
    }
}

fn view(seen: &[Seen], list: &MedicineList, hidden: u32, language: Language) -> MedicinesView {
    let row = |(number, listed): (usize, &insight::ListedMedicine)| {
        let sources: Vec<&Seen> = listed.sources.iter().filter_map(|source| seen.get(*source)).collect();
        let lead = sources.first()?;
        let Body::Medication(medicine) = &lead.fact.body else { return None };
        let dose = medicine.dose.as_ref().map(|dose| format!("{dose}{}", medicine.dose_unit.as_deref().unwrap_or("")));
        let source = |seen: &&Seen| MedicineSource {
            record: seen.record,
            place: seen.place.clone(),
            date: seen.day.map(|day| day.to_string()),
            document: seen.document,
        };
        Some(MedicineRow {
            course: listed.course,
            course_text: course_text(listed.course, language),
            title: lead.fact.title.clone(),
            dose,
            usage: medicine.usage.as_ref().and_then(|usage| usage.label()).map(str::to_owned),
            from: listed.from.map(|day| day.to_string()),
            until: listed.until.map(|day| day.to_string()),
            sources: sources.iter().map(source).collect(),
            unchecked: list.unchecked.contains(&number),
            hidden: sources.iter().any(|seen| seen.hidden),
        })
    };
    let rows: Vec<MedicineRow> = list.medicines.iter().enumerate().filter_map(row).collect();
    let title = |place: usize| rows.get(place).map_or("", |row| row.title.as_str());
    let same = list.same.iter().map(|same| SameText {
        one: u32::try_from(same.one).unwrap_or(u32::MAX),
        other: u32::try_from(same.other).unwrap_or(u32::MAX),
        by: match same.by {
            SameBy::Code => "code",
            SameBy::Name => "name",
        },
        text: same_text(title(same.one), title(same.other), same.by, same.ways_differ, language),
    });
    let same = same.collect();
    let unchecked: Vec<&str> = list.unchecked.iter().map(|place| title(*place)).collect();
    let unchecked_text = (!unchecked.is_empty()).then(|| match language {
        Language::Japanese => format!(
            "成分を確かめられない薬があります（成分の分かるコードや名前が、ほかの薬とくらべられる形でありません）：{}。薬剤師に確かめてください",
            unchecked.join("、")
        ),
        Language::English => format!(
            "Cannot be checked (no code or name of the ingredient that could be compared with the others): {}. Please ask a pharmacist",
            unchecked.join(", ")
        ),
    });
    MedicinesView { left_over: left_over(seen, language), same, unchecked_text, hidden, note: note(language), rows }
}

fn left_over(seen: &[Seen], language: Language) -> Vec<LeftOver> {
    let said = seen.iter().filter_map(|seen| match &seen.fact.body {
        Body::Note(text) if seen.fact.title == LEFT_OVER => Some((seen, text)),
        _ => None,
    });
    said.map(|(seen, text)| LeftOver {
        record: seen.record,
        date: seen.day.map(|day| day.to_string()),
        date_text: date_text(seen.day, language),
        text: text.clone(),
    })
    .collect()
}

pub(super) const fn course_text(course: Course, language: Language) -> &'static str {
    match course {
        Course::Current => language.pick("服用中", "being taken"),
        Course::AsNeeded => language.pick("必要なとき（頓服）", "as needed"),
        Course::External => language.pick("外用", "external"),
        Course::OverTheCounter => language.pick("市販薬", "over the counter"),
        Course::Unknown => language.pick("いつまでか分かりません", "until when is not known"),
        Course::Finished => language.pick("日数を過ぎた薬", "days are over"),
        Course::Stopped => language.pick("中止した薬", "stopped"),
    }
}

fn same_text(one: &str, other: &str, by: SameBy, ways_differ: bool, language: Language) -> String {
    match language {
        Language::Japanese => {
            let by = match by {
                SameBy::Code => "薬のコードの先頭7桁が同じ",
                SameBy::Name => "成分または一般名の名前が同じ",
            };
            let ways = if ways_differ { "。外用とそれ以外の組み合わせです" } else { "" };
            format!("「{one}」と「{other}」は、同じ成分かもしれません（{by}）{ways}。薬剤師に確かめてください")
        }
        Language::English => {
            let by = match by {
                SameBy::Code => "the first seven digits of their codes are the same",
                SameBy::Name => "the name of the ingredient or the general name is the same",
            };
            let ways = if ways_differ { "; one of them is external" } else { "" };
            format!("{one} and {other} may have the same ingredient ({by}){ways}. Please ask a pharmacist")
        }
    }
}

fn note(language: Language) -> String {
    match language {
        Language::Japanese => format!(
            "記録にある薬だけを、Techo の規則 第{RULES_EDITION}版で見くらべました。診断でも、飲み合わせの判定でもありません。見つからなくても、重なりがないとは言えません"
        ),
        Language::English => format!(
            "Only the medicines on record were compared, by Techo's rules, edition {RULES_EDITION}. This is no diagnosis and no check of interactions; where nothing is found there may still be something"
        ),
    }
}
