//! What a reader hands over: whom a document is about, what it says, and what it could not take.

use super::FormatError;
use crate::record::{Event, Subject};

/// The formats with a reader. The ids are public and are listed in `docs/formats/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormatId {
    /// 特定健診 XML (HL7 CDA, schema hc08 V08 and its forerunners).
    Tokutei,
    /// JAHIS 電子版お薬手帳.
    JahisTc,
    /// FHIR R4 JSON: a Bundle, a single resource or one resource a line.
    Fhir,
    /// SMART Health Card, as file or as QR text.
    HealthCard,
    /// 自己情報: the answer of Mynaportal, by municipality and 特定個人情報名.
    SelfInformation,
    /// 医療保険情報: medicines and procedures as health insurance knows them.
    InsuranceXml,
    /// What a person wrote down by hand in a notebook of ours.
    Entry,
    /// A table with Japanese column names, as a person downloads it.
    Table,
    /// The export of Apple Health: ZIP or XML, read as a stream.
    AppleHealth,
    /// Records of Health Connect as JSON.
    HealthConnect,
    /// A table of measurements, read by a mapping that the person confirmed.
    Measurements,
    /// A FHIR document that came as QR codes shown in turn.
    HandOverCodes,
    /// A PDF, kept as a document.
    Pdf,
    /// A picture, kept as a document.
    PictureDocument,
}

impl FormatId {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::Tokutei,
        Self::JahisTc,
        Self::Fhir,
        Self::HealthCard,
        Self::SelfInformation,
        Self::InsuranceXml,
        Self::Entry,
        Self::Table,
        Self::AppleHealth,
        Self::HealthConnect,
        Self::Measurements,
        Self::HandOverCodes,
        Self::Pdf,
        Self::PictureDocument,
    ];

    /// The format with this public id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.id() == id)
    }

    /// Whether its documents are series of samples, which have a way in of their own.
    pub const fn is_series(self) -> bool {
        matches!(self, Self::AppleHealth | Self::HealthConnect | Self::Measurements)
    }

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tokutei => "tokutei-xml",
            Self::JahisTc => "jahis-tc",
            Self::Fhir => "fhir-r4",
            Self::HealthCard => "smart-health-card",
            Self::SelfInformation => "mynaportal-self-information",
            Self::InsuranceXml => "insurance-xml",
            Self::Entry => "techo-entry",
            Self::Table => "table-csv",
            Self::AppleHealth => "apple-health",
            Self::HealthConnect => "health-connect",
            Self::Measurements => "measurements-csv",
            Self::HandOverCodes => "hand-over-codes",
            Self::Pdf => "pdf",
            Self::PictureDocument => "picture-document",
        }
    }
}

/// What one document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its format.
    pub format: FormatId,
    /// Version of the reader; raised whenever the same bytes would give other records.
    pub parser: u32,
    /// Whom it is about.
    pub subject: Subject,
    /// Who issued it (the facility, the pharmacy, the card's issuer), as received.
    pub source: Option<String>,
    /// What it says, a day at a time, in the order of the document.
    pub events: Vec<Event>,
    /// Entries that were not taken, each with its place and the reason.
    pub refused: Vec<Refusal>,
}

/// One entry that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it stands, without any value in it.
    pub place: String,
    /// Why.
    pub reason: FormatError,
}

/// What a file turned out to hold.
#[derive(Clone, Debug)]
pub enum Contents {
    /// One document.
    Document(Box<Reading>),
    /// A container of documents, each read by itself.
    Container(Vec<Member>),
    /// One part of a document that was split over several QR codes.
    Part(Part),
    /// The QR codes of a picture, each as the bytes it holds; [`super::read_code`] reads one.
    Codes(Vec<Vec<u8>>),
}

/// One document of a container.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name in the container.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it says, or why it was refused.
    pub reading: Result<Box<Reading>, FormatError>,
}

/// One part of a split document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its format.
    pub format: FormatId,
    /// What the parts of one set have in common.
    pub set: String,
    /// Which part, counted from 1.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
}
