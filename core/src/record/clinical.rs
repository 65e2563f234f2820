//! Doses, medicines, conditions, allergies, procedures and documents. What a thing *is* (its codes and name) is the
//! fact's concept; here is what else is known about it.

use serde::{Deserialize, Serialize};

use super::Concept;
use crate::base::{Decimal, Fingerprint, PartialDate};

/// A vaccine dose; the vaccine is the fact's concept, the day is the event's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Vaccination {
    /// Lot number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// Which dose, as received: `"1"`, `"1期追加"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose_number: Option<String>,
    /// The series as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The diseases it protects from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Concept>,
    /// Manufacturer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// Amount, for example `0.5` with unit mL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<(Decimal, String)>,
    /// Where on the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Concept>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<Concept>,
    /// When the lot expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<PartialDate>,
    /// Whether the dose was given; `false` when the document says it was not.
    pub given: bool,
    /// Why it was not given, and other remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Status as received where it is not the ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// How far a medicine got on its way to the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MedicationStage {
    /// Ordered by a prescriber.
    Prescribed,
    /// Handed out by a pharmacy or a ward.
    #[default]
    Dispensed,
    /// Said to be taken.
    Taken,
    /// Bought without prescription (要指導・一般用医薬品).
    OverTheCounter,
}

/// A medicine; the product is the fact's concept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Medication {
    /// How far it got.
    pub stage: MedicationStage,
    /// The number that groups products taken together (RP番号).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Dose as written, in `dose_unit`. Per day for 内服, per use for 屯服 in practice: shown as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// Unit of the dose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose_unit: Option<String>,
    /// How and when to take it (用法).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Concept>,
    /// Number of days or times dispensed, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Unit of the quantity (日分, 回分 …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity_unit: Option<String>,
    /// Form of use (内服, 屯服, 外用 …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// General name (一般名) and its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generic: Option<Concept>,
    /// Ingredients with their codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ingredients: Vec<Concept>,
    /// From when it is taken, where that is not the event's day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<PartialDate>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<PartialDate>,
    /// Who prescribed it, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prescriber: Option<String>,
    /// Remarks, cautions, supplements, in the order received.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Status as received where it is not the ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A condition; its name is the fact's concept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// active, resolved … as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinical_status: Option<Concept>,
    /// confirmed, provisional (疑い) … as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Concept>,
    /// Since when, as a date or in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onset: Option<String>,
    /// Until when, as a date or in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abated: Option<String>,
    /// How severe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Concept>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_site: Option<Concept>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// An allergy, an intolerance or an adverse reaction; the substance is the fact's concept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Allergy {
    /// allergy or intolerance, as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    /// food, medication, environment …, as received.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// low, high … as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criticality: Option<String>,
    /// active … as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinical_status: Option<Concept>,
    /// confirmed, refuted … as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Concept>,
    /// What happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<String>,
    /// Since when, as a date or in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onset: Option<String>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A procedure; its name is the fact's concept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Procedure {
    /// Status as received where it is not `completed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Where on the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body_sites: Vec<Concept>,
    /// Why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Concept>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// 医療費 what one month or day at one institution cost; the month or day and the institution are the event's. Money is in
/// yen, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Expense {
    /// 点数, as written. One point is ten yen; nothing is converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Decimal>,
    /// 医療費の総額
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Decimal>,
    /// 窓口で支払った額, what the person paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_share: Option<Decimal>,
    /// 日数・回数, how many days or visits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<Decimal>,
    /// 診療区分 as received: 入院, 外来, 歯科, 調剤 …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Other amounts and remarks, each with its name as received: `公費負担額: 1200`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A document or a part of one: its words as plain text, and what is attached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Narrative {
    /// The words, without markup.
    pub text: String,
    /// Attachments inside the document. Their bytes stay in the original.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Status as received where it is not the ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Something attached to a document: what it is and where to find it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    /// MIME type as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Title as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Address as received, when the bytes are not inside. Never fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Decoded size in bytes, when the bytes are inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Fingerprint of the decoded bytes, when they are inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
}
