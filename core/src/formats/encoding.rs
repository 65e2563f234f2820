//! From bytes to text: byte order marks, declared encodings, declarations that lie, and 外字. What cannot be decoded is
//! replaced by U+FFFD where the rest is plainly readable, and refused where it is not.

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a damaged text may be unreadable: one character in this many.
const READABLE: usize = 10;

/// The text of `bytes`, without a byte order mark; `None` when it is in no encoding we know.
///
/// `declared` is what the document says about itself, for example `"Shift_JIS"`. It is the first candidate, not the
/// truth: Japanese text that is valid UTF-8 *is* UTF-8, whatever its first line says.
pub(crate) fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Option<Cow<'a, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return if encoding == UTF_8 { utf8(rest) } else { Some(encoding.decode_without_bom_handling(rest).0) };
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Some(encoding.decode_without_bom_handling(bytes).0);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if declared.is_none_or(|encoding| encoding == UTF_8)
        && let Some(text) = utf8(bytes)
    {
        return Some(text);
    }
    let candidates = [declared.filter(|encoding| [SHIFT_JIS, EUC_JP].contains(encoding)), Some(SHIFT_JIS), Some(EUC_JP)];
    let strict = candidates.iter().flatten().find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes));
    strict.or_else(|| candidates.into_iter().flatten().find_map(|encoding| mostly_readable(encoding, bytes)))
}

/// The first `limit` bytes as text for looking at, never for reading: whatever is unreadable is replaced.
pub(crate) fn glance(bytes: &[u8], limit: usize) -> Cow<'_, str> {
    let head = bytes.get(..limit).unwrap_or(bytes);
    let encoding = Encoding::for_bom(head).map(|(encoding, _)| encoding).or_else(|| utf16_without_mark(head));
    match encoding {
        Some(encoding) => encoding.decode(head).0,
        None => String::from_utf8_lossy(head),
    }
}

/// UTF-8, also when it ends in the middle of a character (a truncated file, which the parser then names as such) and
/// when a few bytes are broken.
fn utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(error) if error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).map(Cow::Borrowed)
        }
        Err(_) => mostly_readable(UTF_8, bytes),
    }
}

/// Decodes with replacement, if nearly all that is not ASCII could be read.
fn mostly_readable<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let replaced = text.matches('\u{FFFD}').count();
    let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
    (replaced.saturating_mul(READABLE) <= beyond_ascii).then_some(text)
}

fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{' | b'[' | b'J', 0, second, 0, ..] if second.is_ascii() => Some(UTF_16LE),
        [0, b'<' | b'{' | b'[' | b'J', 0, second, ..] if second.is_ascii() => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    const TEXT: &str = "<名前>テチョウ　ハナコ</名前>";

    #[test]
    fn every_encoding_gives_the_same_text() {
        for encoding in [SHIFT_JIS, EUC_JP] {
            let (bytes, ..) = encoding.encode(TEXT);
            assert_eq!(decode(&bytes, Some(encoding.name())).as_deref(), Some(TEXT), "{}", encoding.name());
        }
        for little in [true, false] {
            let units = TEXT.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            let mark: &[u8] = if little { &[0xFF, 0xFE] } else { &[0xFE, 0xFF] };
            let marked: Vec<u8> = mark.iter().copied().chain(units).collect();
            assert_eq!(decode(&marked, None).as_deref(), Some(TEXT));
        }
        assert_eq!(decode(format!("\u{FEFF}{TEXT}").as_bytes(), Some("Shift_JIS")).as_deref(), Some(TEXT));
    }

    #[test]
    fn a_declaration_that_lies_is_not_believed() {
        assert_eq!(decode(TEXT.as_bytes(), Some("Shift_JIS")).as_deref(), Some(TEXT));
        let (bytes, ..) = SHIFT_JIS.encode(TEXT);
        assert_eq!(decode(&bytes, Some("UTF-8")).as_deref(), Some(TEXT));
        assert_eq!(decode(&bytes, None).as_deref(), Some(TEXT));
    }

    #[test]
    fn a_few_broken_bytes_are_replaced_and_noise_is_refused() {
        let mut bytes = TEXT.repeat(3).into_bytes();
        bytes[4] = 0xFF;
        assert!(decode(&bytes, Some("UTF-8")).is_some_and(|text| text.contains('\u{FFFD}') && text.contains("ハナコ")));
        assert_eq!(decode(&[0xFF, 0x00, 0xFD, 0x80, 0xFF, 0xFD], None), None);
    }

    #[test]
    fn a_text_cut_inside_a_character_is_read_up_to_there() {
        let cut = &TEXT.as_bytes()[..TEXT.len() - 6];
        assert!(decode(cut, None).is_some_and(|text| text.starts_with("<名前>")));
    }
}
