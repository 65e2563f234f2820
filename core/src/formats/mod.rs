//! Floor 3: from bytes to records and back. Pure functions: no vault, no portal, no clock.
//!
//! One folder per format (`wire.rs`, `read.rs`, `write.rs`); [`read`] looks at the content and picks the reader.

pub mod apple_health;
mod budget;
mod carried;
pub mod codes;
mod detect;
pub mod document;
mod encoding;
pub mod entry;
mod error;
pub mod fhir;
pub mod health_card;
pub mod health_connect;
pub mod health_link;
pub mod insurance;
pub mod jahis;
mod json;
pub mod measurements;
mod months;
pub mod my_number;
mod picture;
pub mod qr;
mod qualification;
mod reading;
pub mod self_information;
mod series;
pub mod table;
mod tags;
pub mod tokutei;
mod xml;
mod zip;

pub use carried::NotCarried;
pub use detect::{Detected, detect};
pub use error::{Fault, FormatError, Unread};
use health_card::KeySet;
pub use reading::{Contents, FormatId, Member, Part, Reading, Refusal};
pub use series::{SampleDays, SeriesReading};

/// The media type of a document of the format with this public id; bytes of no known form where it is none of ours.
pub fn media_type(format: &str) -> &'static str {
    match FormatId::of_id(format) {
        Some(FormatId::Tokutei | FormatId::InsuranceXml) => "application/xml",
        Some(FormatId::SelfInformation | FormatId::Entry | FormatId::HealthConnect) => "application/json",
        Some(FormatId::JahisTc | FormatId::Table | FormatId::Measurements) => "text/csv",
        Some(FormatId::HandOverCodes) => "text/plain",
        Some(FormatId::Fhir) => "application/fhir+json",
        Some(FormatId::HealthCard) => "application/smart-health-card",
        Some(FormatId::Pdf) => "application/pdf",
        // A ZIP or its XML, a PNG or a JPEG: which, the bytes and the record say.
        Some(FormatId::AppleHealth | FormatId::PictureDocument) | None => "application/octet-stream",
    }
}

/// Reads a file: one document, a container of documents, one part of a split document, or a picture with QR codes. `keys`
/// are the keys that signatures are checked against.
pub fn read(bytes: &[u8], keys: &KeySet) -> Result<Contents, FormatError> {
    match detect(bytes) {
        Detected::CheckupArchive | Detected::Zip => {
            zip::read(bytes, |member| read_document(detect(member), member, keys)).map(Contents::Container)
        }
        Detected::Picture => picture::codes(bytes).map(Contents::Codes),
        Detected::Document(FormatId::Pdf) => document::read_pdf(bytes).map(|reading| Contents::Document(Box::new(reading))),
        detected => read_document(detected, bytes, keys),
    }
}

/// Reads what one QR code of a picture holds: a document or a part of one.
pub fn read_code(content: &[u8], keys: &KeySet) -> Result<Contents, FormatError> {
    read_document(detect(content), content, keys)
}

/// Reads a document of which all parts are there, in any order.
pub fn assemble(format: FormatId, parts: &[&[u8]], keys: &KeySet) -> Result<Reading, FormatError> {
    match format {
        FormatId::JahisTc => jahis::assemble(parts),
        FormatId::HealthCard => health_card::assemble(parts, keys),
        FormatId::HandOverCodes => codes::assemble(parts),
        // These are never split.
        FormatId::Tokutei
        | FormatId::Fhir
        | FormatId::SelfInformation
        | FormatId::InsuranceXml
        | FormatId::Entry
        | FormatId::Table
        | FormatId::AppleHealth
        | FormatId::HealthConnect
        | FormatId::Measurements
        | FormatId::Pdf
        | FormatId::PictureDocument => Err(FormatError::Malformed { place: "parts".to_owned(), fault: Fault::Mixed }),
    }
}

/// Reads a file that is no container.
fn read_document(detected: Detected, bytes: &[u8], keys: &KeySet) -> Result<Contents, FormatError> {
    match detected {
        Detected::Empty => Err(FormatError::Empty),
        Detected::Document(FormatId::Tokutei) => tokutei::read(bytes).map(|reading| Contents::Document(Box::new(reading))),
        Detected::Document(FormatId::SelfInformation) => self_information::read(bytes).map(|reading| Contents::Document(Box::new(reading))),
        Detected::Document(FormatId::InsuranceXml) => insurance::read(bytes).map(|reading| Contents::Document(Box::new(reading))),
        Detected::Document(FormatId::Entry) => entry::read(bytes).map(|reading| Contents::Document(Box::new(reading))),
        Detected::Document(FormatId::Table) => table::read(bytes).map(|reading| Contents::Document(Box::new(reading))),
        Detected::Document(FormatId::JahisTc) => jahis::read(bytes),
        // Series are read as a stream and filed by themselves: `intake::take_series`.
        Detected::Document(FormatId::AppleHealth | FormatId::HealthConnect) => Err(FormatError::NotRead(Unread::Series)),
        Detected::Document(FormatId::Measurements) => Err(FormatError::NotRead(Unread::MeasurementTable)),
        Detected::Document(FormatId::Fhir) => fhir::read(bytes).map(|reading| Contents::Document(Box::new(reading))),
        Detected::Document(FormatId::HealthCard) => health_card::read(bytes, keys),
        Detected::Document(FormatId::HandOverCodes) => codes::read(bytes),
        Detected::CheckupArchive | Detected::Zip => Err(FormatError::NotRead(Unread::OtherZip)),
        // Something inside of something is kept as a document only when the person chose it.
        Detected::Document(FormatId::Pdf) => Err(FormatError::NotRead(Unread::Pdf)),
        Detected::Picture | Detected::Document(FormatId::PictureDocument) => Err(FormatError::NotRead(Unread::Picture)),
        Detected::NotRead(unread) => Err(FormatError::NotRead(unread)),
    }
}
