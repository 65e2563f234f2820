//! 個人番号 (My Number) must never be taken in. This file knows how it is labelled, how its check digit works, and how to
//! find one in free text without stumbling over times, ids and codes. Readers refuse a labelled one; the intake asks about
//! a bare one.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::base::fold;

const DIGITS: usize = 12;
/// Labels are short. A long text that speaks of the number is no label.
const LABEL_CHARS: usize = 40;
/// A label ends with its word, or nearly so (個人番号欄): 個人番号は書かないでください is a sentence.
const BEHIND_LABEL: usize = 4;
/// How many characters before a number in running text are looked at for its caption: `個人番号（マイナンバー）：`.
const CAPTION_CHARS: usize = 24;

/// Whether `text` is a name for the 個人番号: an element's or attribute's name, a caption, an item's name. Width, kana,
/// case, spaces and punctuation do not matter.
pub fn is_label(text: &str) -> bool {
    if text.len() > LABEL_CHARS * 4 {
        return false;
    }
    let folded = fold(text);
    let japanese = without_brackets(&folded);
    let ends_with = |label: &str| {
        japanese.rsplit_once(label).is_some_and(|(_, rest)| rest.chars().filter(|c| c.is_alphanumeric()).count() <= BEHIND_LABEL)
    };
    if ["個人番号", "まいなんばー", "まいなんば"].into_iter().any(ends_with) {
        return true;
    }
    if !folded.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let plain: Vec<char> = text.nfkc().filter(|c| !matches!(c, ' ' | '_' | '-' | '.' | ':')).collect();
    ["mynumber", "individualnumber", "kojinbango"].iter().any(|label| {
        let length = label.len();
        plain.windows(length).enumerate().any(|(start, window)| {
            let same = window.iter().zip(label.chars()).all(|(found, wanted)| found.eq_ignore_ascii_case(&wanted));
            // "dummyNumber" is no label; "personMyNumber" is.
            let begins = start == 0
                || window.first().is_some_and(char::is_ascii_uppercase)
                || plain.get(start.wrapping_sub(1)).is_none_or(|before| !before.is_ascii_alphabetic());
            same && begins
        })
    })
}

/// Whether `text` is nothing but twelve digits, in either width, bare or grouped by spaces or hyphens.
pub fn is_twelve_digits(text: &str) -> bool {
    let mut digits = 0_usize;
    for character in text.trim().chars() {
        if digit(character).is_some() {
            digits += 1;
        } else if !is_separator(character) {
            return false;
        }
    }
    digits == DIGITS
}

/// Whether the last of twelve digits is the check digit of the others, by the rule of 総務省令第85号 (2014) article 5.
///
/// ```
/// assert!(techo_core::formats::my_number::valid_check_digit("123456789018"));
/// ```
pub fn valid_check_digit(twelve: &str) -> bool {
    let digits: Vec<u32> = twelve.chars().filter_map(digit).collect();
    let Some((check, others)) = digits.split_last().filter(|_| digits.len() == DIGITS) else {
        return false;
    };
    // Weights counted from the digit next to the check digit: 2 3 4 5 6 7 2 3 4 5 6.
    let sum: u32 = others.iter().rev().zip((2..=7).cycle()).map(|(digit, weight)| digit * weight).sum();
    let expected = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    *check == expected
}

/// Where in free text a standalone number with a valid check digit stands, as byte ranges. A date with a time
/// (202405031015), a part of a longer code and a number beside letters are left alone.
pub fn standalone_runs(text: &str) -> Vec<Range<usize>> {
    runs(text)
        .into_iter()
        .filter(|run| {
            let found = text.get(run.clone()).unwrap_or_default();
            valid_check_digit(found) && !is_moment(found)
        })
        .collect()
}

/// Whether running text carries a captioned number: `マイナンバー：1234 5678 9018`. The check digit does not matter.
pub fn is_labelled_in(text: &str) -> bool {
    runs(text).iter().any(|run| {
        let before = text.get(..run.start).unwrap_or_default();
        let start = before.char_indices().rev().nth(CAPTION_CHARS - 1).map_or(0, |(index, _)| index);
        before.get(start..).is_some_and(is_label)
    })
}

/// Standalone runs of twelve digits, bare or grouped 4-4-4.
fn runs(text: &str) -> Vec<Range<usize>> {
    // Nearly every text of a document ends here.
    if text.len() < DIGITS || text.chars().filter(|c| digit(*c).is_some()).count() < DIGITS {
        return Vec::new();
    }
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let at = |index: usize| characters.get(index).map(|(_, character)| *character);
    let is_digit = |index: usize| at(index).and_then(digit).is_some();
    let mut found = Vec::new();
    let mut start = 0;
    while start < characters.len() {
        if !is_digit(start) {
            start += 1;
            continue;
        }
        let digits_from = |from: usize| (from..characters.len()).take_while(|index| is_digit(*index)).count();
        let first = digits_from(start);
        let mut end = start + first;
        let grouped = |end: usize| at(end).is_some_and(is_separator) && digits_from(end + 1) == 4;
        if first == 4 && grouped(end) && grouped(end + 5) {
            end += 10;
        }
        let whole = first == DIGITS || end == start + DIGITS + 2;
        if whole
            && is_boundary(at(start.wrapping_sub(1)), at(start.wrapping_sub(2)), first == 4)
            && is_boundary(at(end), at(end + 1), first == 4)
        {
            let byte = |index: usize| characters.get(index).map_or(text.len(), |(byte, _)| *byte);
            found.push(byte(start)..byte(end));
        }
        start = end;
    }
    found
}

/// Whether a number may begin or end beside `near`, with `far` behind it: `ID-1234…` and `1.2.1234…` go on, `(1234…` and
/// `は1234…` do not.
fn is_boundary(near: Option<char>, far: Option<char>, grouped: bool) -> bool {
    let in_word =
        |character: char| character.is_ascii_alphanumeric() || digit(character).is_some() || matches!(character, 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    let Some(near) = near else { return true };
    let joins = matches!(near, '-' | '_' | '.' | '/' | '+' | '#' | '－' | '．' | '／') || (grouped && is_separator(near));
    let goes_on = in_word(near) || (joins && far.is_some_and(in_word));
    !goes_on
}

/// Twelve digits that read as a day and a time of day.
fn is_moment(found: &str) -> bool {
    let digits: Vec<u32> = found.chars().filter_map(digit).collect();
    let number = |range: Range<usize>| digits.get(range).unwrap_or_default().iter().fold(0, |sum, digit| sum * 10 + digit);
    (1900..2100).contains(&number(0..4))
        && (1..=12).contains(&number(4..6))
        && (1..=31).contains(&number(6..8))
        && number(8..10) < 24
        && number(10..12) < 60
}

/// Cuts out what stands in brackets, unless a label stands there alone: 個人番号(12桁) but (個人番号).
fn without_brackets(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut rest = folded;
    while let Some((before, inside, behind)) =
        rest.split_once('(').and_then(|(before, tail)| tail.split_once(')').map(|(inside, behind)| (before, inside, behind)))
    {
        out.push_str(before);
        if inside.contains("個人番号") || inside.contains("まいなんば") {
            out.push_str(inside);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn digit(character: char) -> Option<u32> {
    match character {
        '０'..='９' => Some(u32::from(character) - u32::from('０')),
        _ => character.to_digit(10),
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\u{3000}' | '\u{A0}' | '-' | '－' | '‐' | '‑' | '–' | '−')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_label_is_known() {
        for label in [
            "個人番号",
            "マイナンバー",
            "ﾏｲﾅﾝﾊﾞｰ",
            "個人番号（12桁の半角数字）",
            "番号（マイナンバー）：",
            "個人番号欄",
            "myNumber",
            "My Number",
            "MY_NUMBER",
            "individualNumber",
            "patientMyNumber",
            "kojinBangou",
        ] {
            assert!(is_label(label), "{label}");
        }
        for other in
            ["番号", "保険者番号", "dummyNumber", "number", "被保険者番号", "機関番号", "economyNumberOf", "個人番号は書かないでください"]
        {
            assert!(!is_label(other), "{other}");
        }
    }

    #[test]
    fn the_check_digit_follows_the_published_rule() {
        // 1×6+2×5+3×4+4×3+5×2+6×7+7×6+8×5+9×4+0×3+1×2 = 212, 212 mod 11 = 3, 11 − 3 = 8.
        assert!(valid_check_digit("123456789018") && valid_check_digit("１２３４５６７８９０１８"));
        assert!((0..10).filter(|last| valid_check_digit(&format!("12345678901{last}"))).count() == 1);
        assert!(!valid_check_digit("12345678901") && !valid_check_digit(""));
        // A remainder of 0 or 1 gives the check digit 0.
        assert!(valid_check_digit("000000000000"));
    }

    #[test]
    fn a_number_in_free_text_is_found_in_every_spelling() {
        for text in
            ["番号は123456789018です", "１２３４５６７８９０１８", "1234 5678 9018", "(1234-5678-9018)", "１２３４－５６７８－９０１８。"]
        {
            assert_eq!(standalone_runs(text).len(), 1, "{text}");
        }
        let found = standalone_runs("メモ：1234 5678 9018、以上");
        assert_eq!(found.first().and_then(|run| "メモ：1234 5678 9018、以上".get(run.clone())), Some("1234 5678 9018"));
    }

    #[test]
    fn times_ids_and_codes_are_left_alone() {
        for text in [
            "123456789019",
            "ID-123456789018",
            "X123456789018",
            "1.2.123456789018",
            "1123456789018",
            "1234 5678 9018 1234",
            "9N001000000000001",
            "12-34-5678-9018",
            "123456789018.5",
            "090-1234-5678",
        ] {
            assert!(standalone_runs(text).is_empty(), "{text}");
        }
        let moment = (0..60).map(|minute| format!("2024050310{minute:02}")).find(|text| valid_check_digit(text));
        assert!(moment.is_some_and(|text| standalone_runs(&text).is_empty()));
    }

    #[test]
    fn a_captioned_number_is_labelled_whatever_its_check_digit() {
        assert!(is_labelled_in("マイナンバー： 1234 5678 9012"));
        assert!(is_labelled_in("氏名 手帳花子 個人番号（マイナンバー）：123456789012 住所"));
        assert!(!is_labelled_in("個人番号は記載しないこと。連絡先を書くこと。受付 202405031015"));
        assert!(!is_labelled_in("受付番号 123456789018"));
    }
}
