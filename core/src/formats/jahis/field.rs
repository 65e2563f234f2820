//! One field as the format can carry it: no comma, no line end, only characters of Shift_JIS, and not too long.

use super::text::GETA;

/// Characters that Shift_JIS has under another name. The encoder would drop them, or read back as something else.
const SAME: [(char, char); 10] =
    [(',', '，'), ('〜', '～'), ('—', '―'), ('‖', '∥'), ('−', '－'), ('¥', '￥'), ('‾', '￣'), ('¢', '￠'), ('£', '￡'), ('µ', 'μ')];

/// A cleaned text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Clean {
    /// The text.
    pub(super) text: String,
    /// How many characters had to be replaced by [`GETA`].
    pub(super) replaced: usize,
}

/// The text without what would break the line, in characters that Shift_JIS has.
pub(super) fn clean(text: &str) -> Clean {
    let mut replaced = 0;
    let text: String = text
        .trim()
        .chars()
        .map(|character| {
            let character = SAME.iter().find(|(other, _)| *other == character).map_or(character, |(_, ours)| *ours);
            if character.is_control() || character.is_whitespace() && character != '\u{3000}' {
                ' '
            } else if width(character).is_some() {
                character
            } else {
                replaced += 1;
                GETA
            }
        })
        .collect();
    Clean { text, replaced }
}

/// The characters of a text that have to be replaced.
pub(super) fn lacking(text: &str) -> impl Iterator<Item = char> {
    let is_kept = |character: char| {
        let named_otherwise = SAME.iter().any(|(other, _)| *other == character);
        named_otherwise || character.is_control() || character.is_whitespace() || width(character).is_some()
    };
    text.chars().filter(move |character| !is_kept(*character))
}

/// The text in pieces of at most `bytes` bytes of Shift_JIS; no piece begins or ends with a space, which readers trim.
pub(super) fn pieces(text: &str, bytes: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut length = 0;
    for character in text.chars() {
        let width = width(character).unwrap_or(2);
        if length + width > bytes {
            pieces.push(std::mem::take(&mut piece).trim().to_owned());
            length = 0;
        }
        piece.push(character);
        length += width;
    }
    pieces.push(piece.trim().to_owned());
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// How many bytes a character takes in Shift_JIS; `None` where it lacks it.
fn width(character: char) -> Option<usize> {
    let mut buffer = [0; 4];
    let (bytes, _, lacking) = encoding_rs::SHIFT_JIS.encode(character.encode_utf8(&mut buffer));
    (!lacking).then_some(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_line_ends_and_unknown_characters_do_not_break_a_line() {
        let cleaned = clean(" a,b\r\nc〜😀𠮷\u{E000} ");
        assert_eq!(cleaned, Clean { text: "a，b  c～〓〓〓".to_owned(), replaced: 3 });
    }

    #[test]
    fn every_replacement_is_in_shift_jis_and_reads_back() {
        for (_, ours) in SAME {
            let text = ours.to_string();
            let (bytes, _, lacking) = encoding_rs::SHIFT_JIS.encode(&text);
            assert!(!lacking, "{ours}");
            assert_eq!(encoding_rs::SHIFT_JIS.decode_without_bom_handling(&bytes).0, text);
        }
    }

    #[test]
    fn pieces_count_bytes_of_shift_jis() {
        assert_eq!(pieces("あいうab", 5), ["あい", "うab"]);
        assert_eq!(pieces("", 5), Vec::<String>::new());
    }
}
