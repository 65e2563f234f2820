//! Cells of a table that a spreadsheet opens: text that a spreadsheet would take for a formula is made harmless in a way
//! that can be undone, numbers stay as they are.

use std::borrow::Cow;

use crate::base::Decimal;

/// What begins a formula or a command in some spreadsheet; the full-width ones in Japanese ones.
const DANGEROUS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// Put before a dangerous text, and before a text that begins with it by itself.
const MARK: char = '\'';

/// A text as a cell. An apostrophe stands before it where it begins like a formula; see `docs/formats/csv.md`.
pub(super) fn text(words: &str) -> Cow<'_, str> {
    let begins = |first: char| DANGEROUS.contains(&first) || first == MARK;
    // +, ++, － and so on are results, and no spreadsheet makes a formula of signs alone.
    let is_sign = words.chars().all(|character| matches!(character, '+' | '-' | '＋' | '－'));
    if words.chars().next().is_some_and(begins) && !is_sign { Cow::Owned(format!("{MARK}{words}")) } else { Cow::Borrowed(words) }
}

/// A number as a cell: the digits as they were written, never with an exponent.
pub(super) fn number(decimal: &Decimal) -> Cow<'_, str> {
    let written = decimal.as_str();
    if written.contains(['e', 'E']) { Cow::Owned(decimal.number().to_string()) } else { Cow::Borrowed(written) }
}

/// Words that may be a number.
pub(super) fn number_or_text(words: &str) -> Cow<'_, str> {
    match words.parse::<Decimal>() {
        Ok(decimal) if decimal.as_str() == words => Cow::Owned(number(&decimal).into_owned()),
        _ => text(words),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_results_and_numbers_are_not() {
        for (words, cell) in [
            ("=1+1", "'=1+1"),
            ("-1+cmd", "'-1+cmd"),
            ("+81", "'+81"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("'quoted", "''quoted"),
            ("+", "+"),
            ("++", "++"),
            ("－", "－"),
            ("血圧", "血圧"),
            ("", ""),
        ] {
            assert_eq!(text(words), cell);
        }
        assert_eq!(number_or_text("-0.30"), "-0.30");
        assert_eq!(number_or_text("-0.30 mg"), "'-0.30 mg");
    }

    #[test]
    fn a_number_never_has_an_exponent() {
        for (written, cell) in [("1.2e3", "1200"), ("5.60", "5.60"), ("1e-6", "0.000001"), ("-2E2", "-200"), ("00.10", "00.10")] {
            assert_eq!(number(&written.parse().unwrap()), cell);
        }
    }

    proptest! {
        #[test]
        fn a_marked_text_can_be_undone_and_never_begins_like_a_formula(words in any::<String>()) {
            let cell = text(&words).into_owned();
            prop_assert_eq!(cell.strip_prefix('\'').unwrap_or(&cell), words.as_str());
            let is_sign = cell.chars().all(|character| "+-＋－".contains(character));
            prop_assert!(is_sign || !cell.starts_with(DANGEROUS));
        }
    }
}
