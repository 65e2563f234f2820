//! PDF and pictures, kept as documents: nothing is read out of them. A file that can act by itself is refused, and so is one
//! whose inside nobody can look at; `docs/formats/documents.md` says what is looked for, and what cannot be seen.

mod guard;
mod object;
mod tokens;

use super::{Fault, FormatError, FormatId, Reading, picture};
use crate::{
    base::{Fingerprint, limits},
    record::{Attachment, Body, Concept, Event, Fact, Narrative, Standing, Subject},
    terms::Kind,
};

/// Version of the reader.
pub const PARSER: u32 = 1;

/// What a document is called until somebody gives it a title.
const PDF: &str = "PDFの文書";
/// The same of a picture.
const PICTURE: &str = "画像の文書";
/// How far into a file a viewer looks for the mark of a PDF.
const MARK_WITHIN: usize = 1024;

/// Whether documents of this format are kept without being read.
pub const fn is_kept(format: FormatId) -> bool {
    matches!(format, FormatId::Pdf | FormatId::PictureDocument)
}

/// A PDF as one event of one record.
///
/// # Errors
/// `Limit`; `Malformed` for what is no whole PDF, what can act by itself, and what nobody can look into.
pub fn read_pdf(bytes: &[u8]) -> Result<Reading, FormatError> {
    bounded(bytes)?;
    guard::look(bytes)?;
    Ok(reading(bytes, FormatId::Pdf, "application/pdf", PDF))
}

/// A picture (PNG or JPEG) as one event of one record, whether or not it shows QR codes. It must open.
///
/// # Errors
/// `Limit`, `Malformed`.
pub fn read_picture(bytes: &[u8]) -> Result<Reading, FormatError> {
    bounded(bytes)?;
    // A file that is a picture to one viewer and a PDF to another.
    if bytes.get(..MARK_WITHIN).unwrap_or(bytes).windows(5).any(|window| window == b"%PDF-") {
        return Err(FormatError::Malformed { place: "document".to_owned(), fault: Fault::Mixed });
    }
    picture::check(bytes)?;
    let media_type = if bytes.starts_with(&[0x89, b'P', b'N', b'G']) { "image/png" } else { "image/jpeg" };
    Ok(reading(bytes, FormatId::PictureDocument, media_type, PICTURE))
}

fn bounded(bytes: &[u8]) -> Result<(), FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "document".to_owned() });
    }
    Ok(())
}

fn reading(bytes: &[u8], format: FormatId, media_type: &str, title: &str) -> Reading {
    let attachment = Attachment {
        content_type: Some(media_type.to_owned()),
        title: None,
        url: None,
        bytes: u64::try_from(bytes.len()).ok(),
        fingerprint: Some(Fingerprint::of(bytes)),
    };
    let fact = Fact {
        kind: Kind::Document,
        title: title.to_owned(),
        concept: Concept::default(),
        when: None,
        body: Body::Narrative(Narrative { attachments: vec![attachment], ..Narrative::default() }),
        at: "document".to_owned(),
        said_by: None,
        standing: Standing::Understood,
    };
    let event = Event { kind: Kind::Document, day: None, title: title.to_owned(), place: None, signature: None, facts: vec![fact] };
    Reading { format, parser: PARSER, subject: Subject::default(), source: None, events: vec![event], refused: Vec::new() }
}

#[cfg(test)]
mod tests;
