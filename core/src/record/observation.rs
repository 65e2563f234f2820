//! What was measured, graded, found or answered.

use serde::{Deserialize, Serialize};

use super::Concept;
use crate::base::Decimal;

/// One measurement, finding or answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Observation {
    /// The result.
    pub value: Value,
    /// The unit, for a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// How it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Concept>,
    /// H, L, N … as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpretation: Option<Concept>,
    /// The reference ranges that came with the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference: Vec<ReferenceRange>,
    /// The group the item belongs to in its document (一連検査グループ, a panel), for example `"9A110161000000049"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The body site as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_site: Option<Concept>,
    /// The specimen as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specimen: Option<Concept>,
    /// Remarks as received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Status as received where it is not the ordinary one, for example `"preliminary"` or `"entered-in-error"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl Observation {
    /// An observation of `value` and nothing more.
    pub const fn new(value: Value) -> Self {
        Self {
            value,
            unit: None,
            method: None,
            interpretation: None,
            reference: Vec::new(),
            group: None,
            body_site: None,
            specimen: None,
            notes: Vec::new(),
            status: None,
        }
    }
}

/// A result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A number as it was written, and the sign before it where there is one.
    Number {
        /// `<`, `>` …, where the result is beyond what can be measured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comparator: Option<Comparator>,
        /// The number.
        decimal: Decimal,
    },
    /// From a number to a number.
    Between {
        /// Lower end.
        low: Option<Decimal>,
        /// Upper end.
        high: Option<Decimal>,
    },
    /// One choice of a code table, codes as received; `rank` is the place in the order where the table has one
    /// (－ is 1, ± is 2 …).
    Coded {
        /// The choice as received.
        choice: Concept,
        /// What the code means by its own table, looked up by (system, code); none when the table does not know it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meaning: Option<String>,
        /// Place in the table's order, for an ordinal table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<u8>,
    },
    /// Words.
    Text(String),
    /// No result, and why.
    Absent {
        /// Why there is none.
        reason: AbsentReason,
        /// The words or code that came with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsentReason {
    /// 未実施 not performed (`negationInd="true"`, `not-performed`).
    NotPerformed,
    /// 測定不能 performed, but no result could be had (`nullFlavor` NI, UNK, `error`).
    NotMeasurable,
    /// Performed; the reason for the missing value was not given or is not one of these.
    Unknown,
}

/// The sign before a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// Below the number.
    #[serde(rename = "<")]
    Less,
    /// At most the number.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Above the number.
    #[serde(rename = ">")]
    Greater,
    /// At least the number.
    #[serde(rename = ">=")]
    GreaterOrEqual,
}

impl Comparator {
    /// `"<"`, `"<="`, `">"` or `">="`.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A unit as it was printed and, where given, its code (UCUM).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unit {
    /// What a person reads, for example `"mmHg"`.
    pub shown: String,
    /// The UCUM code, for example `"mm[Hg]"`, where the document says it or the unit is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ucum: Option<String>,
}

/// A reference range as received.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReferenceRange {
    /// Lower limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Decimal>,
    /// Upper limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Decimal>,
    /// The range in words, or a remark on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
