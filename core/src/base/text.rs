//! Folding: two spellings of one word become one, so that ｹﾝｼﾝ finds けんしん and ＨｂＡ１ｃ finds HbA1c.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Folds text for searching: NFKC (half-width kana, full-width Latin), katakana to hiragana, lower case,
/// every run of white space to one space, none at the ends.
///
/// ```
/// assert_eq!(techo_core::base::fold("ＬＤＬ　ｺﾚｽﾃﾛｰﾙ"), "ldl これすてろーる");
/// ```
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Most text of a document is in its normal form already, and an import folds all of it.
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        fold_normal(text.chars(), &mut out);
    } else {
        fold_normal(text.nfkc(), &mut out);
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

fn fold_normal(characters: impl Iterator<Item = char>, out: &mut String) {
    for character in characters.flat_map(char::to_lowercase).map(hiragana) {
        if character.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(character);
        }
    }
}

/// Folds a person's name for comparing: like [`fold`], without any space, middle dot or hyphen, and with small kana as
/// large ones: health insurers' systems write ケンシヨウ where others write ケンショウ.
pub fn fold_name(name: &str) -> String {
    fold(name).chars().filter(|c| !matches!(c, ' ' | '・' | '-' | '‐' | '=' | '.' | ',')).map(large_kana).map(plain_kanji).collect()
}

fn hiragana(character: char) -> char {
    match character {
        'ァ'..='ヶ' => char::from_u32(u32::from(character) - 0x60).unwrap_or(character),
        'ヽ' => 'ゝ',
        'ヾ' => 'ゞ',
        _ => character,
    }
}

fn large_kana(character: char) -> char {
    match character {
        'ぁ' => 'あ',
        'ぃ' => 'い',
        'ぅ' => 'う',
        'ぇ' => 'え',
        'ぉ' => 'お',
        'っ' => 'つ',
        'ゃ' => 'や',
        'ゅ' => 'ゆ',
        'ょ' => 'よ',
        'ゎ' => 'わ',
        _ => character,
    }
}

// Variant forms that the family register allows and that many systems replace, so that a name is not called a
// different one for its font. Only variants of the very same surname character.
fn plain_kanji(character: char) -> char {
    match character {
        '髙' => '高',
        '﨑' => '崎',
        '邊' | '邉' => '辺',
        '齋' => '斎',
        '齊' => '斉',
        '濵' | '濱' => '浜',
        '德' => '徳',
        '澤' => '沢',
        '廣' => '広',
        '眞' => '真',
        '國' => '国',
        '惠' => '恵',
        '𠮷' => '吉',
        '嶋' | '嶌' => '島',
        '櫻' => '桜',
        '瀨' => '瀬',
        '曾' => '曽',
        '黑' => '黒',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_kana_do_not_matter() {
        assert_eq!(fold("ﾊﾟﾋﾟﾌﾟ"), fold("ぱぴぷ"));
        assert_eq!(fold("  γ－ＧＴ\u{3000}( 肝 )\n"), "γ-gt ( 肝 )");
        assert_eq!(fold("血圧"), "血圧");
    }

    #[test]
    fn a_name_is_the_same_in_any_spelling_of_its_system() {
        assert_eq!(fold_name("ﾔﾏﾀﾞ ﾖｳｼﾞﾖｳ"), fold_name("ヤマダ　ヨウジョウ"));
        assert_eq!(fold_name("髙橋 邊"), fold_name("高橋辺"));
        assert_ne!(fold_name("山田 太郎"), fold_name("山田 次郎"));
    }
}
