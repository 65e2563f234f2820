//! A forgiving walk over XML that streams by: tags only, in bounded memory. The export of Apple Health has a document type
//! declaration that no strict reader takes and control characters that XML forbids; nothing in it is ever expanded.

use crate::formats::{Fault, FormatError};

/// Longest tag. Real ones stay below 2 kB; a metadata value may be longer.
const TAG: usize = 1024 * 1024;

/// Where the walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    /// Inside something that ends with these bytes and is passed over.
    Skipping(&'static [u8]),
}

/// The walk. Bytes go in as they come; whole tags come out.
pub(super) struct Scanner {
    place: Place,
    /// The beginning of what was not whole yet.
    rest: Vec<u8>,
}

impl Scanner {
    pub(super) const fn new() -> Self {
        Self { place: Place::Text, rest: Vec::new() }
    }

    /// Takes more bytes and hands each tag, without its angle brackets, to `tag`.
    pub(super) fn feed(&mut self, bytes: &[u8], tag: &mut dyn FnMut(&[u8]) -> Result<(), FormatError>) -> Result<(), FormatError> {
        if self.rest.is_empty() {
            let left = self.walk(bytes, tag)?;
            self.rest.extend_from_slice(left);
        } else {
            let mut joined = std::mem::take(&mut self.rest);
            joined.extend_from_slice(bytes);
            let left = self.walk(&joined, tag)?;
            let kept = joined.len() - left.len();
            joined.drain(..kept);
            self.rest = joined;
        }
        if self.rest.len() > TAG {
            return Err(FormatError::Limit { what: "size", place: "a tag".to_owned() });
        }
        Ok(())
    }

    /// Whether it ended between two tags.
    pub(super) fn is_at_rest(&self) -> bool {
        self.place == Place::Text && self.rest.iter().all(u8::is_ascii_whitespace)
    }

    /// Walks as far as whole tags go; what is left begins the next round.
    fn walk<'a>(&mut self, mut bytes: &'a [u8], tag: &mut dyn FnMut(&[u8]) -> Result<(), FormatError>) -> Result<&'a [u8], FormatError> {
        loop {
            match self.place {
                Place::Skipping(end) => match find(bytes, end) {
                    Some(at) => {
                        bytes = bytes.get(at + end.len()..).unwrap_or_default();
                        self.place = Place::Text;
                    }
                    // Enough is kept that an end cut in two is still found.
                    None => return Ok(bytes.get(bytes.len().saturating_sub(end.len() - 1)..).unwrap_or_default()),
                },
                Place::Text => {
                    let Some(start) = bytes.iter().position(|byte| *byte == b'<') else { return Ok(&[]) };
                    bytes = bytes.get(start..).unwrap_or_default();
                    match opening(bytes) {
                        Opening::Short => return Ok(bytes),
                        Opening::Skip(length, end) => {
                            bytes = bytes.get(length..).unwrap_or_default();
                            self.place = Place::Skipping(end);
                        }
                        Opening::Tag => {
                            let Some(length) = tag_length(bytes) else { return Ok(bytes) };
                            tag(bytes.get(1..length - 1).unwrap_or_default())?;
                            bytes = bytes.get(length..).unwrap_or_default();
                        }
                    }
                }
            }
        }
    }
}

enum Opening {
    /// Too few bytes to tell.
    Short,
    /// Passed over: so many bytes in, and up to this end.
    Skip(usize, &'static [u8]),
    /// A tag.
    Tag,
}

fn opening(bytes: &[u8]) -> Opening {
    let whole: [(&[u8], &[u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
    for (start, end) in whole {
        if bytes.starts_with(start) {
            return Opening::Skip(start.len(), end);
        }
    }
    if bytes.starts_with(b"<!") || bytes.len() < 2 {
        let begins = whole.iter().any(|(start, _)| start.starts_with(bytes));
        // A declaration: with an internal subset it ends where that ends, whatever its errors.
        let subset = bytes.iter().position(|byte| matches!(byte, b'[' | b'>'));
        return match subset {
            _ if begins => Opening::Short,
            Some(at) if bytes.get(at) == Some(&b'[') => Opening::Skip(at + 1, b"]>"),
            Some(at) => Opening::Skip(at, b">"),
            None => Opening::Short,
        };
    }
    Opening::Tag
}

/// The length of the tag that `bytes` begin with, both brackets counted; a `>` inside quotes is none.
fn tag_length(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

fn find(bytes: &[u8], end: &[u8]) -> Option<usize> {
    bytes.windows(end.len()).position(|window| window == end)
}

/// The name of a tag, `/` in front of an end tag's.
pub(super) fn name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().skip(1).position(|byte| byte.is_ascii_whitespace() || *byte == b'/').map_or(tag.len(), |at| at + 1);
    tag.get(..end).unwrap_or(tag)
}

/// Hands each attribute of a tag to `each`, raw.
pub(super) fn attributes<'a>(tag: &'a [u8], mut each: impl FnMut(&'a [u8], &'a [u8])) {
    let mut rest = tag.get(name(tag).len()..).unwrap_or_default();
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let key = rest.get(..equals).unwrap_or_default().trim_ascii();
        let after = rest.get(equals + 1..).unwrap_or_default().trim_ascii_start();
        let Some((quote, inside)) = after.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\'')) else { return };
        let Some(end) = inside.iter().position(|byte| byte == quote) else { return };
        each(key, inside.get(..end).unwrap_or_default());
        rest = inside.get(end + 1..).unwrap_or_default();
    }
}

/// The words of a raw attribute: the five names of XML and numbered characters; any other entity stays as it is written.
pub(super) fn words(raw: &[u8]) -> Result<String, FormatError> {
    let text = std::str::from_utf8(raw).map_err(|_| FormatError::Malformed { place: String::new(), fault: Fault::Encoding })?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let entity = behind.split_once(';').filter(|(entity, _)| entity.len() <= 8);
        let character = entity.and_then(|(entity, _)| match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            number => {
                let hex = number.strip_prefix("#x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
                hex.or_else(|| number.strip_prefix('#').and_then(|digits| digits.parse().ok())).and_then(char::from_u32)
            }
        });
        if let (Some(character), Some((_, after))) = (character, entity) {
            out.push(character);
            rest = after;
        } else {
            out.push('&');
            rest = behind;
        }
    }
    out.push_str(rest);
    // Control characters that XML forbids stand in real exports; they mean nothing.
    out.retain(|character| !character.is_control());
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn tags(text: &[u8], step: usize) -> Vec<String> {
        let (mut scanner, mut found) = (Scanner::new(), Vec::new());
        for piece in text.chunks(step) {
            scanner
                .feed(piece, &mut |tag| {
                    found.push(String::from_utf8_lossy(tag).into_owned());
                    Ok(())
                })
                .unwrap();
        }
        found
    }

    #[test]
    fn tags_come_out_whole_however_the_bytes_are_cut() {
        let text = b"<?xml version='1.0'?><!DOCTYPE HealthData [ <!ELEMENT a (b|>\n<!ATTLIST x y CDATA #IMPLIED <!-- > -->\n]>\n<HealthData locale='ja_JP'><!-- <no> --><Record a=\"1 > 2\" b='\x0b'/><![CDATA[<no>]]></HealthData>";
        for step in 1..text.len() {
            assert_eq!(tags(text, step), ["HealthData locale='ja_JP'", "Record a=\"1 > 2\" b='\x0b'/", "/HealthData"], "{step}");
        }
    }

    #[test]
    fn an_entity_is_never_expanded() {
        assert_eq!(words("a&amp;b &bomb; &#x3042;&#11;\u{b}c &".as_bytes()).unwrap(), "a&b &bomb; あc &");
    }

    #[test]
    fn a_tag_without_an_end_is_no_reason_to_fill_the_memory() {
        let mut scanner = Scanner::new();
        let chunk = vec![b'x'; 256 * 1024];
        scanner.feed(b"<Record a=\"", &mut |_| Ok(())).unwrap();
        let ended = (0..64).find_map(|_| scanner.feed(&chunk, &mut |_| Ok(())).err());
        assert!(matches!(ended, Some(FormatError::Limit { what: "size", .. })));
    }
}
