//! Who tells an event, and which of several is shown first. The order and its reasons are in `data/sources.tsv`.

use std::sync::LazyLock;

use super::{Told, table::rows};
use crate::{
    record::{Body, SignatureCheck},
    terms::Kind,
};

const SOURCES: &str = include_str!("data/sources.tsv");

/// Which formats are whose. What a format can pass on from several sources is told apart below.
const FORMATS: [(&str, &str); 8] = [
    ("smart-health-card", "signed"),
    ("pmh", "pmh"),
    ("mynaportal-self-information", "town"),
    ("fhir-r4", "fhir"),
    ("tokutei-xml", "insurer"),
    ("insurance-xml", "claim"),
    ("jahis-tc", "notebook"),
    ("techo-entry", "own"),
];
/// 作成者 2 of a notebook: the person wrote it.
const BY_THE_PERSON: &str = "患者等";

/// A source with its place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id in the table.
    pub id: &'static str,
    /// The lowest leads.
    pub rank: u8,
    /// Why it stands there.
    pub japanese: &'static str,
    /// The same in English.
    pub english: &'static str,
}

struct Row {
    family: &'static str,
    source: Source,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    rows::<5>(SOURCES)
        .filter_map(|[family, id, rank, japanese, english]| {
            Some(Row { family, source: Source { id, rank: rank.parse().ok()?, japanese, english } })
        })
        .collect()
});

/// What every kind without a row of its own gets.
const UNRANKED: Source = Source { id: "other", rank: 8, japanese: "", english: "" };

/// Who tells the event, with the place in the order of its kind.
pub fn source_of(told: &Told<'_>) -> Source {
    let family = match told.event.kind {
        Kind::Vaccination => "dose",
        Kind::Medication | Kind::Prescription => "medicine",
        _ => "results",
    };
    let of = |id: &str| TABLE.iter().find(|row| row.family == family && row.source.id == id).map(|row| row.source);
    of(id_of(told)).or_else(|| of("other")).unwrap_or(UNRANKED)
}

/// The source's id.
fn id_of(told: &Told<'_>) -> &'static str {
    let id = FORMATS.iter().find(|(format, _)| *format == told.format).map_or("other", |(_, id)| id);
    let starts = |prefix: &str| told.event.facts.first().is_some_and(|fact| fact.at.starts_with(prefix));
    match id {
        // A card whose issuer is not known says no more than any other file.
        "signed" if !matches!(told.event.signature, Some(SignatureCheck::Valid { .. } | SignatureCheck::NotInForce { .. })) => "fhir",
        // The three origins of one message are told apart by the names of its elements.
        "claim" if starts("Cz") => "handed-out",
        "claim" if starts("Sh") => "ordered",
        "notebook" if is_by_the_person(told) => "own",
        id => id,
    }
}

/// Whether every medicine was written by the person. A remark of theirs in a pharmacy's entry is only a remark.
fn is_by_the_person(told: &Told<'_>) -> bool {
    let mut medicines = told.event.facts.iter().filter(|fact| matches!(fact.body, Body::Medication(_))).peekable();
    medicines.peek().is_some() && medicines.all(|fact| fact.said_by.as_deref() == Some(BY_THE_PERSON))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::reconcile::table::row_count;

    #[test]
    fn every_family_has_every_source_it_can_meet_with_a_reason() {
        assert_eq!(row_count(SOURCES), TABLE.len());
        for family in ["dose", "results", "medicine"] {
            let ranks: Vec<u8> = TABLE.iter().filter(|row| row.family == family).map(|row| row.source.rank).collect();
            assert!(ranks.is_sorted() && ranks.last() == Some(&9), "{family}: own records come last");
        }
        assert!(TABLE.iter().all(|row| !row.source.japanese.is_empty() && !row.source.english.is_empty()));
    }
}
