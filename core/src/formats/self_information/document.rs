//! A document inside an answer: XML as it is or in base64, or FHIR. Recognised by its beginning, read by its own reader,
//! and cut between its parts.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::{
    formats::{
        Detected, FormatError, FormatId, Reading, Refusal,
        detect::detect,
        fhir,
        insurance::{Message, Part},
        tokutei, xml,
    },
    record::{Event, Subject},
    terms::Kind,
};

/// How a document is written into the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// The answer itself is the document.
    Bare,
    /// As the text of a string.
    Text,
    /// As base64 in a string.
    Base64,
}

/// The bytes of a document in a text, where it is one.
pub(super) fn unwrap(text: &str) -> Option<(Wrapping, Cow<'_, [u8]>)> {
    if looks_like_xml(text.as_bytes()) {
        return Some((Wrapping::Text, Cow::Borrowed(text.as_bytes())));
    }
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    // Nearly every text ends here. Four characters show whether it begins like XML.
    let head: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).take(8).collect();
    let first = STANDARD.decode(head.get(..8)?).ok()?;
    if !matches!(first.as_slice(), [b'<', ..] | [0xEF, 0xBB, 0xBF, b'<', ..] | [0xFE, 0xFF, 0, b'<', ..] | [0xFF, 0xFE, b'<', 0, ..]) {
        return None;
    }
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if !packed.iter().all(|byte| is_base64(*byte)) {
        return None;
    }
    STANDARD.decode(packed).ok().map(|bytes| (Wrapping::Base64, Cow::Owned(bytes)))
}

/// The text of a string for changed bytes of the document in it.
pub(super) fn wrap(wrapping: Wrapping, bytes: &[u8]) -> Option<String> {
    match wrapping {
        Wrapping::Bare | Wrapping::Text => String::from_utf8(bytes.to_vec()).ok(),
        Wrapping::Base64 => Some(STANDARD.encode(bytes)),
    }
}

/// Whether bytes begin as markup does; `<5` and `<基準値` do not.
pub(super) fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    matches!(bytes, [b'<', b'?' | b'!' | b'_' | b'a'..=b'z' | b'A'..=b'Z', ..]) && bytes.contains(&b'>')
}

/// What a document says.
#[derive(Default)]
pub(super) struct Document {
    pub(super) subjects: Vec<(String, Subject)>,
    pub(super) parts: Vec<Piece>,
    pub(super) refused: Vec<Refusal>,
}

/// What can be taken out of a document by itself.
pub(super) struct Piece {
    pub(super) asked: Kind,
    pub(super) events: Vec<Event>,
    /// Where it stands in the text; nowhere where the document can only be taken as a whole.
    pub(super) spans: Vec<Range<usize>>,
    pub(super) around: Vec<Range<usize>>,
}

/// Reads an XML document.
pub(super) fn read_xml(bytes: &[u8]) -> Result<Document, FormatError> {
    match detect(bytes) {
        Detected::Document(FormatId::Tokutei | FormatId::InsuranceXml) => {}
        Detected::Empty => return Err(FormatError::Empty),
        Detected::NotRead(unread) => {
            // What is broken is told as such, and a number in it is found all the same.
            let text = xml::text(bytes)?;
            xml::refuse_my_number(&xml::parse(&text)?)?;
            return Err(FormatError::NotRead(unread));
        }
        Detected::Document(_) | Detected::CheckupArchive | Detected::Zip | Detected::Picture => {
            return Err(FormatError::NotRead(crate::formats::Unread::OtherXml));
        }
    }
    let text = xml::text(bytes)?;
    let document = xml::parse(&text)?;
    xml::refuse_my_number(&document)?;
    let root = document.root_element();
    if root.tag_name().name() == "ClinicalDocument" {
        return tokutei::read(bytes).map(whole);
    }
    let message = Message::read(root)?;
    let parts = message.parts.into_iter().map(|Part { event, asked, spans, around }| Piece { asked, events: vec![event], spans, around });
    Ok(Document { subjects: message.subjects, parts: parts.collect(), refused: message.refused })
}

/// Reads a FHIR document.
pub(super) fn read_fhir(text: &str) -> Result<Document, FormatError> {
    fhir::read(text.as_bytes()).map(whole)
}

fn whole(reading: Reading) -> Document {
    let mut kinds = reading.events.iter().map(|event| event.kind);
    let first = kinds.next().unwrap_or(Kind::Other);
    let asked = if kinds.all(|kind| kind == first) { first } else { Kind::Other };
    let about = (reading.subject != Subject::default()).then(|| ("document".to_owned(), reading.subject));
    let parts = if reading.events.is_empty() {
        Vec::new()
    } else {
        vec![Piece { asked, events: reading.events, spans: Vec::new(), around: Vec::new() }]
    };
    Document { subjects: about.into_iter().collect(), parts, refused: reading.refused }
}

/// Where a part stands, and whether it is kept.
pub(super) struct Decided<'a> {
    pub(super) spans: &'a [Range<usize>],
    pub(super) around: &'a [Range<usize>],
    pub(super) is_kept: bool,
}

/// The bytes of an XML document without the parts that are not kept; `None` where it cannot be cut.
pub(super) fn cut(bytes: &[u8], parts: &[Decided<'_>]) -> Option<Vec<u8>> {
    let mut around: HashMap<&Range<usize>, bool> = HashMap::new();
    for part in parts {
        for range in part.around {
            *around.entry(range).or_insert(false) |= part.is_kept;
        }
    }
    let of_parts = parts.iter().filter(|part| !part.is_kept).flat_map(|part| part.spans);
    let emptied = around.iter().filter(|(_, is_needed)| !**is_needed).map(|(range, _)| *range);
    let mut gone: Vec<Range<usize>> = of_parts.chain(emptied).cloned().collect();
    gone.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    // One inside another goes with it.
    let mut end = 0;
    gone.retain(|range| {
        let stands_apart = range.start >= end;
        end = end.max(range.end);
        stands_apart
    });
    let text = xml::text(bytes).ok()?;
    match utf16(bytes) {
        Some(encoding) => Some(encoded(&without(text.as_bytes(), &gone)?, encoding)),
        None => without(bytes, &in_bytes(bytes, &text, &gone)?),
    }
}

/// Ranges of the text as ranges of the bytes it was decoded from. Every encoding but UTF-16 writes `<` and `>` as ASCII does
/// and uses these bytes for nothing else, so that the one of a number in the text is the one of that number in the bytes.
fn in_bytes(bytes: &[u8], text: &str, ranges: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
    let mut opening = counted(bytes, text.as_bytes(), b'<');
    let mut closing = counted(bytes, text.as_bytes(), b'>');
    ranges.iter().map(|range| Some(opening(range.start)?..closing(range.end.checked_sub(1)?)? + 1)).collect()
}

/// Finds, for rising places of a mark in the text, the places of the same mark in the bytes, in one walk over both.
fn counted<'a>(bytes: &'a [u8], text: &'a [u8], mark: u8) -> impl FnMut(usize) -> Option<usize> + 'a {
    let places = |of: &'a [u8]| of.iter().enumerate().filter(move |(_, byte)| **byte == mark).map(|(place, _)| place);
    let mut pairs = places(text).zip(places(bytes));
    move |wanted| pairs.by_ref().find(|(in_text, _)| *in_text == wanted).map(|(_, in_bytes)| in_bytes)
}

fn without(bytes: &[u8], gone: &[Range<usize>]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for range in gone {
        out.extend_from_slice(bytes.get(from..range.start)?);
        from = range.end;
    }
    out.extend_from_slice(bytes.get(from..)?);
    Some(out)
}

fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn encoded(text: &[u8], encoding: &'static Encoding) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
    if encoding == UTF_16BE { units.flat_map(u16::to_be_bytes).collect() } else { units.flat_map(u16::to_le_bytes).collect() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use encoding_rs::{EUC_JP, SHIFT_JIS};

    use super::*;

    #[test]
    fn a_document_is_known_by_its_beginning() {
        let wrapping = |text: &str| unwrap(text).map(|(wrapping, _)| wrapping);
        assert_eq!(wrapping("\u{FEFF} <?xml version='1.0'?><a/>"), Some(Wrapping::Text));
        assert_eq!(wrapping("<XmlMsg>"), Some(Wrapping::Text));
        let packed = STANDARD.encode("<XmlMsg>薬</XmlMsg>");
        assert_eq!(wrapping(&packed), Some(Wrapping::Base64));
        let (head, tail) = packed.split_at(12);
        assert_eq!(unwrap(&format!("{head}\r\n{tail}")).unwrap().1, "<XmlMsg>薬</XmlMsg>".as_bytes());
        for words in ["<5", "<基準値", "< 0.1", "", "PFhtbE1zZz", "PFhtbE1z薬", "なし", "12345678", "a>b"] {
            assert_eq!(wrapping(words), None, "{words}");
        }
    }

    #[test]
    fn what_is_kept_of_a_document_keeps_its_bytes_in_every_encoding() {
        for encoding in [SHIFT_JIS, EUC_JP, encoding_rs::UTF_8, UTF_16LE, UTF_16BE] {
            let head = format!("<?xml version=\"1.0\" encoding=\"{}\"?>\n<a>", encoding.name());
            let source = format!("\r\n{head}<b>表<![CDATA[<x>]]></b><b>ソ能</b><c n='>'/></a>\r\n");
            let written = |text: &str| match encoding.name() {
                "UTF-16LE" | "UTF-16BE" => encoded(text.trim().as_bytes(), encoding),
                _ => encoding.encode(text).0.to_vec(),
            };
            let at = |what: &str| source.trim().find(what).unwrap()..source.trim().find(what).unwrap() + what.len();
            let (gone, kept) = ([at("<b>表<![CDATA[<x>]]></b>")], [at("<b>ソ能</b>")]);
            let parts = [Decided { spans: &gone, around: &[], is_kept: false }, Decided { spans: &kept, around: &[], is_kept: true }];
            let left = format!("\r\n{head}<b>ソ能</b><c n='>'/></a>\r\n");
            assert_eq!(cut(&written(&source), &parts).unwrap(), written(&left), "{}", encoding.name());
        }
    }

    #[test]
    fn an_element_goes_with_the_last_part_in_it() {
        let source = "<a><m><d>1</d><d>2</d></m><m><d>3</d></m></a>";
        let (one, two) = (3..26, 26..41);
        let spans = [6..14, 14..22, 29..37];
        let around = [[one.clone()], [one], [two]];
        let cut = |kept: [bool; 3]| {
            let parts: Vec<Decided<'_>> = (0..3)
                .map(|n| Decided { spans: spans.get(n..=n).unwrap(), around: around.get(n).unwrap(), is_kept: *kept.get(n).unwrap() })
                .collect();
            String::from_utf8(cut(source.as_bytes(), &parts).unwrap()).unwrap()
        };
        assert_eq!(cut([true, false, false]), "<a><m><d>1</d></m></a>");
        assert_eq!(cut([false, false, true]), "<a><m><d>3</d></m></a>");
        assert_eq!(cut([true, true, true]), source);
    }
}
