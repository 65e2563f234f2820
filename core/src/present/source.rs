//! Who says so: the source mark of a rule's row, as a person reads it. The rows keep the marks of the specification (S read, R
//! recalled, X contradicted); nobody outside knows them.

use super::Language;

/// The source of a rule in words.
pub fn source_text(mark: &str, language: Language) -> String {
    let mut is_doubtful = false;
    let mut named = Vec::new();
    let (read, rest) = mark.split_once(':').filter(|(letter, _)| letter.len() == 1).unwrap_or((mark, ""));
    for part in rest.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        if part.ends_with(" R") || part.ends_with("recalled") {
            is_doubtful = true;
        } else {
            named.push(name(part.trim_end_matches(" (X)"), language));
        }
        is_doubtful |= part.ends_with("(X)");
    }
    let sources = named.join(language.pick("、", ", "));
    match (read, named.is_empty(), is_doubtful) {
        ("S", false, false) => sources,
        ("S", false, true) => {
            format!("{sources}{}", language.pick("（一部は公の資料で確かめていません）", " (part of it not confirmed by a public source)"))
        }
        _ => language.pick("公の資料で確かめていません", "not confirmed by a public source").to_owned(),
    }
}

/// One source, without where we noted it.
fn name(part: &str, language: Language) -> String {
    let inner = part.strip_prefix("spec ").and_then(|noted| noted.split_once('(')).map_or(part, |(_, inner)| inner.trim_end_matches(')'));
    inner
        .replace("kurashi-rakuda yobousesshu.json", "kurashi-rakuda")
        .replace("kurashi-rakuda", language.pick("公開データ kurashi-rakuda", "the open data kurashi-rakuda"))
        .replace("MHLW rotavirus Q&A", language.pick("厚生労働省「ロタウイルスワクチン」Q&A", "MHLW, rotavirus Q&A"))
        .replace(" and other towns", language.pick("ほか", " and other towns"))
        .replace("municipal pages", language.pick("市区町村のページ", "pages of towns"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_becomes_a_name_and_a_doubt_is_said() {
        let ja = |mark| source_text(mark, Language::Japanese);
        assert_eq!(ja("S: 国立市; 栗東市"), "国立市、栗東市");
        assert_eq!(ja("S: 国立市; 栗東市; third dose R"), "国立市、栗東市（一部は公の資料で確かめていません）");
        assert_eq!(ja("S: spec §2.2 (がん検診の指針 2025-12-24)"), "がん検診の指針 2025-12-24");
        assert_eq!(ja("S: 高崎市; kurashi-rakuda yobousesshu.json"), "高崎市、公開データ kurashi-rakuda");
        assert_eq!(ja("R: 特例措置 recalled"), "公の資料で確かめていません");
        assert_eq!(ja("R"), "公の資料で確かめていません");
        assert_eq!(source_text("S: MHLW rotavirus Q&A; 安曇野市", Language::English), "MHLW, rotavirus Q&A, 安曇野市");
        assert_eq!(ja("X: 読谷村"), "公の資料で確かめていません");
    }

    #[test]
    fn no_mark_of_the_rules_reaches_a_person() {
        let calendar = include_str!("../insight/data/checkup-calendar.tsv").split(['\t', '\n']).filter(|cell| cell.starts_with("S: "));
        let marks: Vec<&str> = crate::insight::vaccination_rules().iter().map(|rule| rule.source).chain(calendar).collect();
        assert!(marks.len() > 40, "only {} marks", marks.len());
        for mark in marks {
            for language in [Language::Japanese, Language::English] {
                let text = source_text(mark, language);
                assert!(!["S:", "R:", "X:", "spec", ".json", " R"].iter().any(|mark| text.contains(mark)), "{mark} → {text}");
            }
        }
    }
}
