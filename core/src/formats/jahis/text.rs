//! From bytes to lines: which encoding it is, where lines end, and which characters nobody can read.
//!
//! The format is Shift_JIS with CR LF, but UTF-8 with LF is about too. The bytes decide, never the name.

use crate::{base::limits, formats::FormatError};

/// What stands for a character that cannot be read (外字), as printers have done it since lead type.
pub(super) const GETA: char = '〓';
/// Every fact takes a handful of lines; a file of more lines than this is no notebook.
const LINES: usize = limits::FACTS * 4;

/// One line that is not blank.
pub(super) struct Line {
    /// Counted from 1, blank lines included.
    pub(super) number: usize,
    /// The words, unreadable characters replaced by [`GETA`].
    pub(super) text: String,
    /// How many characters were replaced.
    pub(super) replaced: usize,
}

/// The lines of a file. Lines end with CR LF, LF or CR; a DOS end-of-file mark (0x1A) ends a line too, because files
/// that were joined carry one in the middle.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<Line>, FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "the file".to_owned() });
    }
    let text = decode(bytes);
    let mut lines = Vec::new();
    let mut rest = text.as_str();
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let end = rest.find(['\r', '\n', '\u{1A}']).unwrap_or(rest.len());
        let (line, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = tail.strip_prefix("\r\n").or_else(|| tail.strip_prefix(['\r', '\n', '\u{1A}'])).unwrap_or(tail);
        let line = line.trim_start_matches('\u{FEFF}');
        if line.trim().is_empty() {
            continue;
        }
        if lines.len() == LINES {
            return Err(FormatError::Limit { what: "entries", place: format!("line {number}") });
        }
        let replaced = line.chars().filter(|c| is_unreadable(*c)).count();
        let text = if replaced == 0 { line.to_owned() } else { line.chars().map(|c| if is_unreadable(c) { GETA } else { c }).collect() };
        lines.push(Line { number, text, replaced });
    }
    if lines.is_empty() { Err(FormatError::Empty) } else { Ok(lines) }
}

fn decode(bytes: &[u8]) -> String {
    if let Some(text) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(text).into_owned();
    }
    if is_utf8(bytes) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    encoding_rs::SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether the bytes are meant as UTF-8. Shift_JIS is almost never valid UTF-8; the exception is text whose only
/// Japanese is a few half-width kana, which looks like two-byte Latin letters. That goes to the format's own encoding.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut short, mut long, mut broken) = (0usize, 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character.len_utf8() {
                1 => {}
                2 => short += 1,
                _ => long += 1,
            }
        }
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if long == 0 && short > 0 && broken == 0 {
        return encoding_rs::SHIFT_JIS.decode_without_bom_handling(bytes).1;
    }
    // A UTF-8 file with a broken spot is still UTF-8; Shift_JIS read as UTF-8 breaks at nearly every character.
    broken == 0 || long > broken.saturating_mul(4)
}

/// 外字 come out of Windows-31J in the private use area; half characters and control bytes are no text either.
fn is_unreadable(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. | '\u{FFFD}') || (character.is_control() && character != '\t')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<String> {
        lines(bytes).unwrap().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn all_line_ends_and_the_dos_end_mark_are_line_ends() {
        assert_eq!(texts(b"a\r\nb\nc\rd\x1A"), ["a", "b", "c", "d"]);
        assert_eq!(lines(b"a\r\n\r\nb").unwrap().last().unwrap().number, 3);
        assert!(matches!(lines(b"\r\n\x1A"), Err(FormatError::Empty)));
    }

    #[test]
    fn the_bytes_decide_the_encoding() {
        let words = "テチョウ 花子，①髙";
        let (sjis, _, lossy) = encoding_rs::SHIFT_JIS.encode(words);
        assert!(!lossy);
        assert_eq!(texts(&sjis), [words]);
        assert_eq!(texts(words.as_bytes()), [words]);
        assert_eq!(texts(format!("\u{FEFF}{words}").as_bytes()), [words]);
    }

    #[test]
    fn half_width_kana_alone_are_shift_jis() {
        assert_eq!(texts(&[b'1', b',', 0xC3, 0xBD]), ["1,ﾃｽ"]);
    }

    #[test]
    fn a_character_outside_every_table_is_shown_as_a_geta_and_counted() {
        // F040 is the first of the user-defined characters; 0x83 before a comma is half a character.
        let lines = lines(b"1,\xF0\x40\x8E\x71,\x83,x").unwrap();
        let line = lines.first().unwrap();
        assert_eq!((line.text.as_str(), line.replaced), ("1,〓子,〓,x", 2));
    }

    #[test]
    fn utf8_with_a_broken_spot_is_still_utf8() {
        let mut bytes = "手帳の花子さんの薬".as_bytes().to_vec();
        bytes.pop();
        assert_eq!(texts(&bytes), ["手帳の花子さんの〓"]);
    }
}
