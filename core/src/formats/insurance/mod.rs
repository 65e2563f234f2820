//! 医療保険情報 as XML: medicines from claims (レセプト), medicines handed out and ordered by 電子処方箋, procedures; in both
//! layouts that are known from public programs. What is read, kept and refused is told in `docs/formats/insurance-xml.md`.

mod entry;
mod names;
mod read;

use super::{FormatError, FormatId, Reading, qualification, xml};
pub(in crate::formats) use read::{Message, Part};

/// Version of the reader; raised whenever the same bytes would give other records.
pub const PARSER: u32 = 1;

/// Reads the bytes of one message.
pub fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    let text = xml::text(bytes)?;
    let document = xml::parse(&text)?;
    xml::refuse_my_number(&document)?;
    let message = Message::read(document.root_element())?;
    let subject = qualification::union(&message.subjects)?;
    let events = message.parts.into_iter().map(|part| part.event).collect();
    Ok(Reading { format: FormatId::InsuranceXml, parser: PARSER, subject, source: None, events, refused: message.refused })
}

/// Whether the text of a document is of these layouts: it has a month of medicines or a procedure, or it is a message
/// that says nothing but how the request ended.
pub(super) fn is_layout(root: &str, text: &str) -> bool {
    names::TELL_TALES.iter().any(|name| text.contains(name)) || (names::ROOTS.contains(&root) && text.contains(names::RESULT))
}
