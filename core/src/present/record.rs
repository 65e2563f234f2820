//! One record with everything that is known about it, and lists of records.

use super::{
    Attached, Language, Marked, Sensitive, WrittenView, attached::attached, date_text, details::details, done::slice_text, kind_name,
    standing_text, words::absent_text, written::written,
};
use crate::{
    base::PersonId,
    formats::FormatId,
    insight::{level, sensitivity},
    record::{Body, Coding, Concept, Event, Expense, Fact, SignatureCheck, Standing, Value},
    terms::{Kind, answer, information_level},
    vault::{DocumentId, EventId, EventLine, FactId, Vault, VaultError},
};

/// A record, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// The record; none for an event that is shown by itself.
    pub record: Option<FactId>,
    /// Its event.
    pub event: EventId,
    /// Whose.
    pub person: PersonId,
    /// The day as `2024-05-03`, `2024-05` or `2024`; none where no date is known.
    pub date: Option<String>,
    /// The day in words for the screen.
    pub date_text: String,
    /// What it is.
    pub kind: Kind,
    /// The kind's name in the person's language.
    pub kind_name: &'static str,
    /// What it is called.
    pub title: String,
    /// The result: a number exactly as measured, the meaning of an answer, or words.
    pub value: Option<String>,
    /// The unit a person reads.
    pub unit: Option<String>,
    /// The leading code as received.
    pub code: Option<String>,
    /// Its code system as received.
    pub system: Option<String>,
    /// The institution as received.
    pub source: Option<String>,
    /// The document.
    pub document: DocumentId,
    /// Where the record stands in the original; none for an event that is shown by itself.
    pub place: Option<String>,
    /// How far our reading is trusted.
    pub standing: Standing,
    /// What to say when it is not simply understood.
    pub standing_text: Option<&'static str>,
    /// Everything else, a line each.
    pub details: Vec<Detail>,
    /// Level for an information bank, 1 to 3.
    pub level: u8,
    /// Why it is sensitive, and so left out of every summary and hand-over unless chosen; none where it is not. In lists only
    /// what the rules say.
    pub sensitive: Option<Sensitive>,
    /// Documents attached to it; empty in lists.
    pub attached: Vec<Attached>,
    /// Whether it is hidden: corrected, removed, or of an entry that was undone. Shown only to who asks for this very record.
    pub is_hidden: bool,
    /// Where it was written or changed by hand: by whom, when, why.
    pub written: Option<WrittenView>,
}

/// One more line about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What the line is about, in the person's language.
    pub label: &'static str,
    /// What it says, as received.
    pub text: String,
}

/// One record with its source and its place in the original. *Quick.*
pub fn record(vault: &Vault, id: FactId, language: Language) -> Result<RecordView, VaultError> {
    let stored = vault.fact(id)?;
    let mut view = view(&stored.event, Some((id, &stored.fact)), language);
    let document = vault.document(stored.event.document)?;
    let mut add = |japanese, english, text: String| view.details.push(Detail { label: language.pick(japanese, english), text });
    add("原本での位置", "Place in the original", stored.fact.at.clone());
    add("原本", "Original", document.fingerprint.to_string());
    if let Some(name) = document.about.name {
        add("ファイル名", "File name", name);
    }
    add("受け取った日時", "Received", document.received);
    add("読み取り", "Read by", format!("{} v{}", document.about.format, document.about.parser));
    if let Some(slice) = &document.about.slice {
        add("共有された一部", "A shared part", slice_text(slice, language));
    }
    if document.about.original_erased {
        add("原本の状態", "State of the original", language.pick("求めにより消去済み", "erased on request").to_owned());
    }
    for (other, document) in &stored.stated_again {
        add("同じ記録", "Also stated by", format!("{other} ({document})"));
    }
    let event = vault.event(stored.event.id)?;
    if let Some(place) = event.ids.iter().position(|(fact, _)| *fact == id) {
        view.sensitive = Marked::of(vault, event.person)?.reason(&event, place);
    }
    view.level = level_of(&event.event, &stored.fact, &document.about.format);
    view.attached = attached(vault, id, event.person)?;
    let mut add = |japanese, english, text: String| view.details.push(Detail { label: language.pick(japanese, english), text });
    add("情報のレベル", "Level of information", view.level.to_string());
    if let Some(sensitive) = view.sensitive {
        add("取り扱いに注意", "Sensitive", sensitive.text(language).to_owned());
    }
    for attached in &view.attached {
        add("添付", "Attached", attached.title.clone());
    }
    if let Some(check) = &event.event.signature {
        add("署名", "Signature", signature_text(check, language));
    }
    view.is_hidden = stored.hidden.is_some();
    view.written = written(vault, stored.event.document, stored.hidden, language)?;
    if let Some(written) = &view.written {
        view.details.splice(0..0, written.details(view.is_hidden, language));
    }
    Ok(view)
}

/// The records of one event. *Quick.*
pub fn event(vault: &Vault, id: EventId, language: Language) -> Result<(EventLine, Vec<RecordView>), VaultError> {
    let stored = vault.event(id)?;
    let shown = stored.ids.iter().zip(&stored.hidden_facts).map(|((_, same_as), hidden)| same_as.is_none() && hidden.is_none());
    let line = EventLine {
        id,
        person: stored.person,
        day: stored.event.day,
        kind: stored.event.kind,
        title: stored.event.title,
        place: stored.event.place,
        records: u32::try_from(shown.filter(|shown| *shown).count()).unwrap_or(u32::MAX),
        document: stored.document,
        hidden: stored.hidden,
        behind: stored.behind,
        linked: stored.linked,
    };
    let facts = stored.ids.iter().zip(&stored.event.facts).zip(&stored.hidden_facts);
    let views =
        facts.map(|(((id, _), fact), hidden)| RecordView { is_hidden: hidden.is_some(), ..view(&line, Some((*id, fact)), language) });
    let views = views.collect();
    Ok((line, views))
}

/// A page of what a search finds, and where to go on. *Quick.*
pub fn search(
    vault: &Vault,
    words: &str,
    person: Option<PersonId>,
    after: Option<EventId>,
    limit: u32,
    language: Language,
) -> Result<(Vec<RecordView>, Option<EventId>), VaultError> {
    let found = vault.search(words, person, after, limit)?;
    let views = found.hits.iter().map(|hit| view(&hit.event, hit.record.as_ref().map(|(id, fact)| (*id, fact)), language)).collect();
    Ok((views, found.next))
}

fn view(event: &EventLine, record: Option<(FactId, &Fact)>, language: Language) -> RecordView {
    let fact = record.map(|(_, fact)| fact);
    let kind = fact.map_or(event.kind, |fact| fact.kind);
    let day = fact.and_then(|fact| fact.when.as_ref()).map(|when| when.day).or(event.day);
    let leading = fact.and_then(|fact| fact.concept.leading());
    let (value, unit) = fact.map_or((None, None), |fact| value_and_unit(fact, language));
    let standing = fact.map_or(Standing::Understood, |fact| fact.standing);
    let head = Event {
        kind: event.kind,
        day: event.day,
        title: event.title.clone(),
        place: event.place.clone(),
        signature: None,
        facts: Vec::new(),
    };
    RecordView {
        record: record.map(|(id, _)| id),
        event: event.id,
        person: event.person,
        date: day.map(|day| day.to_string()),
        date_text: date_text(day, language),
        kind,
        kind_name: kind_name(kind, language),
        title: fact.map_or_else(|| event.title.clone(), |fact| fact.title.clone()),
        value,
        unit,
        code: leading.map(|coding| coding.code.clone()),
        system: leading.and_then(|coding| coding.system.clone()),
        source: event.place.clone(),
        document: event.document,
        place: fact.map(|fact| fact.at.clone()),
        standing,
        standing_text: standing_text(standing, language),
        details: fact.map(|fact| details(fact, language)).unwrap_or_default(),
        level: fact.map_or_else(|| information_level(event.kind, false, &[&event.title]), |fact| level(&head, fact, false)),
        sensitive: fact.and_then(|fact| sensitivity(&head, fact)).map(Sensitive::Group),
        attached: Vec::new(),
        is_hidden: event.hidden.is_some(),
        written: None,
    }
}

/// Its level; what is written by hand is the person's own.
fn level_of(event: &Event, fact: &Fact, format: &str) -> u8 {
    level(event, fact, FormatId::of_id(format) == Some(FormatId::Entry))
}

/// A record's result and unit.
pub(super) fn value_and_unit(fact: &Fact, language: Language) -> (Option<String>, Option<String>) {
    match &fact.body {
        Body::Observation(observation) => {
            (Some(value_text(&observation.value, language)), observation.unit.as_ref().map(|unit| unit.shown.clone()))
        }
        Body::Medication(medicine) => (medicine.dose.clone(), medicine.dose_unit.clone()),
        Body::Vaccination(dose) if !dose.given => (Some(language.pick("接種していません", "not given").to_owned()), None),
        Body::Vaccination(dose) => {
            (dose.amount.as_ref().map(|(amount, _)| amount.to_string()), dose.amount.as_ref().map(|(_, unit)| unit.clone()))
        }
        Body::Condition(condition) => (label(condition.clinical_status.as_ref()), None),
        Body::Allergy(allergy) => (Some(allergy.reactions.join("、")).filter(|text| !text.is_empty()), None),
        Body::Procedure(_) => (None, None),
        Body::Expense(expense) => expense_value(expense, language),
        Body::Narrative(narrative) => (Some(narrative.text.clone()).filter(|text| !text.is_empty()), None),
        Body::Note(text) | Body::Raw(text) => (Some(text.clone()), None),
    }
}

/// What the person paid; where that is not said, the total, else the points.
fn expense_value(expense: &Expense, language: Language) -> (Option<String>, Option<String>) {
    let yen = || Some(language.pick("円", "yen").to_owned());
    match (&expense.own_share, &expense.total, &expense.points) {
        (Some(amount), ..) | (None, Some(amount), _) => (Some(amount.to_string()), yen()),
        (None, None, Some(points)) => (Some(points.to_string()), Some(language.pick("点", "points").to_owned())),
        (None, None, None) => (None, None),
    }
}

fn value_text(value: &Value, language: Language) -> String {
    match value {
        Value::Number { comparator, decimal } => format!("{}{decimal}", comparator.map_or("", crate::record::Comparator::sign)),
        Value::Between { low, high } => {
            let end = |decimal: &Option<crate::base::Decimal>| decimal.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{}–{}", end(low), end(high))
        }
        Value::Coded { choice, meaning, .. } => match (meaning, choice.label()) {
            (Some(meaning), said) => contradicted(meaning, said, choice, language).unwrap_or_else(|| meaning.clone()),
            (None, Some(words)) if choice.codings.iter().any(|coding| coding.display.is_some()) || choice.text.is_some() => {
                words.to_owned()
            }
            (None, code) => format!("{} ({})", code.unwrap_or("?"), language.pick("不明なコード", "unknown code")),
        },
        Value::Text(text) => text.clone(),
        Value::Absent { reason, detail } => match detail {
            Some(detail) => format!("{} ({detail})", absent_text(*reason, language)),
            None => absent_text(*reason, language).to_owned(),
        },
    }
}

/// The meaning by the table with the words received beside it, where they say the opposite: (あり, なし) or (陽性, 陰性).
fn contradicted(meaning: &str, said: Option<&str>, choice: &Concept, language: Language) -> Option<String> {
    let said = said.filter(|said| choice.leading().is_none_or(|coding| *said != coding.code))?;
    let opposite = |one: &str, other: &str| meaning.contains(one) && said.contains(other) && !said.contains(one);
    let opposes =
        [("なし", "あり"), ("あり", "なし"), ("陰性", "陽性"), ("陽性", "陰性"), ("いいえ", "はい"), ("はい", "いいえ"), ("不要", "要精")];
    opposes
        .iter()
        .any(|(one, other)| opposite(one, other))
        .then(|| format!("{meaning} ({} {said})", language.pick("受け取った語:", "received as:")))
}

pub(super) fn label(concept: Option<&Concept>) -> Option<String> {
    concept.and_then(Concept::label).map(str::to_owned)
}

/// A method in words: as received, else what its code means by its own table, else the code.
pub(super) fn method_text(method: &Concept) -> Option<String> {
    let listed = |coding: &Coding| answer(coding.system.as_deref()?, &coding.code).map(|answer| answer.meaning.to_owned());
    let is_bare = method.text.is_none() && method.codings.iter().all(|coding| coding.display.is_none());
    let meaning = if is_bare { method.codings.iter().find_map(listed) } else { None };
    meaning.or_else(|| method.label().map(str::to_owned))
}

fn signature_text(check: &SignatureCheck, language: Language) -> String {
    match check {
        SignatureCheck::Valid { issuer, .. } => format!("{} {issuer}", language.pick("発行者の署名を確認しました:", "signed by")),
        SignatureCheck::UnknownKey { issuer, .. } => {
            format!(
                "{} {issuer}",
                language.pick("鍵がないため確認できません。発行者と称するもの:", "not checked, the key is unknown; claims to be from")
            )
        }
        SignatureCheck::NotInForce { issuer, .. } => {
            format!("{} {issuer}", language.pick("署名は正しいが有効期間外です:", "signed, but not in force; by"))
        }
    }
}
