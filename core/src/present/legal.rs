//! Privacy policy, terms of use and contact, as they stand in `docs/legal`, one paragraph at a time.

use super::Language;
use crate::consent::LegalKind;

/// A text, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalText {
    /// Which.
    pub kind: LegalKind,
    /// Its version, counted from 1; what a person agrees to. The same in both languages.
    pub version: u32,
    /// The version as it is written, with its day.
    pub version_text: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its paragraphs.
    pub paragraphs: Vec<&'static str>,
}

/// One of the texts. *Instant*.
pub fn legal(kind: LegalKind, language: Language) -> LegalText {
    let text = match (kind, language) {
        (LegalKind::Privacy, Language::Japanese) => include_str!("../../../docs/legal/privacy.ja.md"),
        (LegalKind::Privacy, Language::English) => include_str!("../../../docs/legal/privacy.en.md"),
        (LegalKind::Terms, Language::Japanese) => include_str!("../../../docs/legal/terms.ja.md"),
        (LegalKind::Terms, Language::English) => include_str!("../../../docs/legal/terms.en.md"),
        (LegalKind::Contact, Language::Japanese) => include_str!("../../../docs/legal/contact.ja.md"),
        (LegalKind::Contact, Language::English) => include_str!("../../../docs/legal/contact.en.md"),
    };
    let mut blocks = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    let title = blocks.next().map(|line| line.trim_start_matches("# ")).unwrap_or_default();
    let version_text = blocks.next().unwrap_or_default();
    let digits: String = version_text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    LegalText { kind, version: digits.parse().unwrap_or_default(), version_text, title, paragraphs: blocks.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_version_and_the_same_paragraphs() {
        for kind in LegalKind::ALL {
            let (japanese, english) = (legal(kind, Language::Japanese), legal(kind, Language::English));
            assert!(japanese.version > 0, "{kind:?}");
            assert_eq!((japanese.version, japanese.paragraphs.len()), (english.version, english.paragraphs.len()), "{kind:?}");
            let day = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert_eq!(day(japanese.version_text), day(english.version_text), "{kind:?}");
            assert!(japanese.paragraphs.len() >= 4 && !japanese.title.is_ascii() && english.title.is_ascii(), "{kind:?}");
            for paragraph in &english.paragraphs {
                assert!(paragraph.is_ascii() && !paragraph.contains('\n') && !paragraph.starts_with('#'), "{paragraph}");
            }
        }
    }
}
