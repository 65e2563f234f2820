//! Refuses an answer that carries a labelled 個人番号: an item called so, a caption beside twelve digits, or captioned
//! words. Documents inside are looked at by their own readers.

use super::here::short;
use crate::formats::{
    FormatError,
    json::{Content, Spanned},
    my_number::{is_label, is_labelled_in, is_twelve_digits},
};

/// Fails with the place of the first labelled number.
pub(super) fn refuse(value: &Spanned<'_>, place: &str) -> Result<(), FormatError> {
    find(value, false).map_or(Ok(()), |path| Err(FormatError::MyNumber { place: format!("{place}{path}") }))
}

/// The path of the first labelled number below a value; `labelled`: something around it is called so.
fn find(value: &Spanned<'_>, labelled: bool) -> Option<String> {
    match &value.content {
        Content::Null => None,
        Content::Word(words) | Content::Text(words) => ((labelled && is_twelve_digits(words)) || is_labelled_in(words)).then(String::new),
        Content::List(items) => {
            let labelled = labelled || items.iter().any(is_caption);
            items.iter().enumerate().find_map(|(index, item)| find(item, labelled).map(|path| format!("[{}]{path}", index + 1)))
        }
        Content::Object(members) => {
            let labelled = labelled || members.iter().any(|(_, value)| is_caption(value));
            members.iter().find_map(|(name, value)| find(value, labelled || is_label(name)).map(|path| format!("/{}{path}", short(name))))
        }
    }
}

/// A value that is the caption of the one beside it: `{"項目名": "個人番号", "値": …}`.
fn is_caption(value: &Spanned<'_>) -> bool {
    matches!(&value.content, Content::Text(words) if is_label(words))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::formats::json::spanned;

    #[test]
    fn a_labelled_number_is_found_and_a_masked_or_bare_one_is_not() {
        let refused = |text: &str| refuse(&spanned(text.as_bytes()).unwrap().0, "answer").is_err();
        for labelled in [
            r#"{"市":{"群":{"個人番号":"123456789018"}}}"#,
            r#"{"市":{"群":[{"マイナンバー":123456789018}]}}"#,
            r#"{"市":{"群":[{"項目名":"個人番号","値":"１２３４ ５６７８ ９０１８"}]}}"#,
            r#"{"市":{"群":{"個人番号":{"値":"123456789018"}}}}"#,
            r#"{"市":{"群":{"備考":"個人番号は123456789018です"}}}"#,
            r#"{"市":{"群":["個人番号","123456789018"]}}"#,
        ] {
            assert!(refused(labelled), "{labelled}");
        }
        for harmless in [
            r#"{"市":{"群":{"個人番号":"************"}}}"#,
            r#"{"市":{"群":{"ロット番号":"123456789018"}}}"#,
            r#"{"市":{"群":{"備考":"個人番号は書かないこと","ロット番号":"123456789018"}}}"#,
        ] {
            assert!(!refused(harmless), "{harmless}");
        }
    }
}
