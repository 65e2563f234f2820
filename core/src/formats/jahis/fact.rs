//! Facts from single records, and the fields they share: dates, codes with their type, authors.

use super::{codes, wire::Row};
use crate::{
    base::{PartialDate, fold},
    formats::Fault,
    record::{Body, Concept, Fact, Observation, Standing},
    terms::Kind,
};

/// Records that only a prescription has: insurer, symbol and number. They stay in the original.
pub(super) fn is_insurance(row: &Row<'_>) -> bool {
    matches!(row.number().parse(), Ok(21..=30))
}

/// Whether the words say that there is none.
pub(super) fn says_none(words: &str) -> bool {
    let folded = fold(words);
    matches!(folded.trim_end_matches('。'), "なし" | "無し" | "無" | "特になし" | "特に無し" | "ありません")
}

/// A date, as precise as it was written; none where the field is blank.
pub(super) fn date(row: &Row<'_>, position: usize) -> Result<Option<PartialDate>, Fault> {
    row.field(position).map(|text| text.parse().map_err(|_| Fault::Date)).transpose()
}

/// A note in words, by its 作成者.
pub(super) fn note(row: &Row<'_>, title: &str, words: &str, author: Option<&str>) -> Fact {
    Fact {
        kind: Kind::Note,
        title: title.to_owned(),
        concept: Concept::default(),
        when: None,
        body: Body::Note(words.to_owned()),
        at: row.place(),
        said_by: author.map(codes::author),
        standing: Standing::Understood,
    }
}

/// A value of the patient record.
pub(super) fn measured(row: &Row<'_>, title: &str, observation: Observation) -> Fact {
    Fact {
        kind: Kind::Measurement,
        title: title.to_owned(),
        concept: Concept::text(title),
        when: None,
        body: Body::Observation(observation),
        at: row.place(),
        said_by: None,
        standing: Standing::Understood,
    }
}

/// The line itself, for what we do not understand.
pub(super) fn not_understood(row: &Row<'_>) -> Fact {
    Fact {
        kind: Kind::Other,
        title: format!("レコード {}", row.number()),
        concept: Concept::default(),
        when: None,
        body: Body::Raw(row.text.to_owned()),
        at: row.place(),
        said_by: None,
        standing: Standing::NotUnderstood,
    }
}

/// A code that its type says is there: the type 1 is "no code", any other requires one.
pub(super) fn coded<'a>(row: &Row<'a>, kind: usize, code: usize) -> Result<Option<&'a str>, Fault> {
    match (row.field(kind).map(codes::plain), row.field(code)) {
        (None | Some(codes::NO_CODE), code) => Ok(code),
        (Some(_), Some(code)) => Ok(Some(code)),
        (Some(_), None) => Err(Fault::Missing),
    }
}
