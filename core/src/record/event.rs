//! Events and facts.

use serde::{Deserialize, Serialize};

use super::{Allergy, Concept, Condition, Expense, Medication, Narrative, Observation, Procedure, Vaccination};
use crate::{base::PartialDate, terms::Kind};

/// What happened on one day, as one document tells it: a checkup, a dispensing, a dose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What it was.
    pub kind: Kind,
    /// When it was; the record date (the examination date, not the date of printing). None where the document gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<PartialDate>,
    /// Its name, for example `"特定健康診査"`.
    pub title: String,
    /// The institution, as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What the check of the document's signature said, where it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureCheck>,
    /// The records, in the order of the document.
    pub facts: Vec<Fact>,
}

/// One record: a measurement or answer, a dose, a medicine, a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub kind: Kind,
    /// Its name: the master's where the code is known, else as received.
    pub title: String,
    /// Codes and words as received.
    #[serde(default, skip_serializing_if = "Concept::is_empty")]
    pub concept: Concept,
    /// When, where that is not just the event's day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// What is said.
    pub body: Body,
    /// Where in the document it stands, for example `"entry[12]/observation"` or `"line 8"`. Without any value in it.
    pub at: String,
    /// Who says so, where the document names somebody for this very record (a doctor, 作成者).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// How far we trust our reading of it.
    #[serde(default, skip_serializing_if = "Standing::is_understood")]
    pub standing: Standing,
}

/// A day and, where it is known, the time on its clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct When {
    /// The day as written.
    pub day: PartialDate,
    /// Time of day and offset as written, for example `"09:30:00+09:00"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Last day, for something that lasted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
}

/// What a fact says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A measurement, finding or answer.
    Observation(Observation),
    /// A vaccine dose.
    Vaccination(Vaccination),
    /// A medicine.
    Medication(Medication),
    /// A condition.
    Condition(Condition),
    /// An allergy or adverse reaction.
    Allergy(Allergy),
    /// A procedure.
    Procedure(Procedure),
    /// What it cost.
    Expense(Expense),
    /// A document or narrative.
    Narrative(Narrative),
    /// A note in words.
    Note(String),
    /// Kept as it came because no reader understands it; the text is the original's own.
    Raw(String),
}

/// How far we trust our reading of a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Read and understood.
    #[default]
    Understood,
    /// Kept and shown, but the item or its answer is not in any of our tables.
    NotUnderstood,
    /// Kept and shown, never charted: it contradicts itself.
    Quarantined(Reason),
}

impl Standing {
    /// Whether there is nothing to say about it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if hands a reference")]
    pub const fn is_understood(&self) -> bool {
        matches!(self, Self::Understood)
    }
}

/// Why a fact is quarantined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The unit does not belong to the item.
    Unit,
    /// The value is beyond what the item can be.
    Range,
    /// The words that came with the code are another item's.
    Name,
    /// The document withdraws the fact (`entered-in-error`).
    Withdrawn,
    /// The value is not of the item's type.
    Type,
}

/// What the check of a signature said, at the time of reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum SignatureCheck {
    /// The signature is the issuer's, by a key of the given key set.
    Valid {
        /// The issuer's address.
        issuer: String,
        /// The key's id.
        key: String,
    },
    /// No given key has the id the card names; nothing can be said.
    UnknownKey {
        /// The issuer the card claims.
        issuer: String,
        /// The key's id.
        key: String,
    },
    /// The signature is the issuer's, but the card is not in force: expired or not yet valid.
    NotInForce {
        /// The issuer's address.
        issuer: String,
        /// The key's id.
        key: String,
    },
}
