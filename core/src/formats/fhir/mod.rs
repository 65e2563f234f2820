//! FHIR R4 JSON: reads Bundles and single resources of JP Core, 健診結果報告書 (eCheckup), 自治体検診, 電子カルテ情報共有
//! (CLINS) and IPS, and writes a collection with Provenance, an IPS
//! document and a PHR file.
//!
//! Tolerant of what is missing, strict about what would change a meaning. See `docs/formats/fhir-r4.md`.

mod build;
mod clinical;
mod context;
mod datatypes;
mod document;
mod expense;
mod facts;
mod facts_clinical;
mod facts_medication;
mod gather;
mod grouping;
mod insurance;
mod library;
mod medication;
mod my_number;
mod observation;
mod own;
mod phr;
mod raw;
mod read;
mod release;
mod subject;
mod summary;
mod summary_words;
mod understanding;
mod vaccination;
mod vital_sign;
mod write;

pub(super) use insurance::without_insurance_lines;
pub use phr::PhrWriter;
pub use summary::SummaryWriter;
pub use write::{CollectionWriter, Origin, write_collection};

use super::{FormatError, Reading, json};

/// Version of this reader; raised whenever the same bytes would give other records.
pub const PARSER: u32 = 2;

/// Reads a Bundle, a single resource, or one resource a line (NDJSON, `.phr`).
pub fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    read::read_nodes(&json::documents(bytes)?)
}

/// Reads a Bundle or resource that is parsed already, for example the one inside a health card. Numbers are as
/// `serde_json` keeps them: it writes exponents its own way (`1e1` becomes `1e+1`).
pub fn read_value(value: &serde_json::Value) -> Result<Reading, FormatError> {
    read::read_nodes(&[(1, json::Node::of(value))])
}
