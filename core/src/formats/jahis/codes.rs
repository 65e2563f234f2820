//! The code tables of the format (spec §4.2 with the codes of Ver. 2.6) and the words a person sees for them.

use crate::record::Coding;

/// 作成者 who wrote a record.
const AUTHORS: [(&str, &str); 4] = [("1", "医療関係者"), ("2", "患者等"), ("8", "その他"), ("9", "不明")];
/// 剤形 how a medicine is used.
const FORMS: [(&str, &str); 9] = [
    ("1", "内服"),
    ("2", "内滴"),
    ("3", "屯服"),
    ("4", "注射"),
    ("5", "外用"),
    ("6", "浸煎"),
    ("7", "湯"),
    ("9", "材料"),
    ("10", "その他"),
];
/// What stands before a form's code that is not in the table.
const UNKNOWN_FORM: &str = "剤形 ";
/// 提供情報種別 of record 411.
const INFORMATION: [(&str, &str); 3] =
    [("30", "入院中に副作用が発現した薬剤に関する情報"), ("31", "退院後の療養を担う保険医療機関等で必要な服薬情報"), ("99", "その他")];
/// 薬品コード種別 with the code system (spec §5.1) and, where one type has several systems, the length of the code.
const MEDICINE_SYSTEMS: [(&str, Option<usize>, &str); 6] = [
    ("2", None, "1.2.392.100495.20.2.71"),
    ("3", None, "1.2.392.100495.20.1.72"),
    ("4", None, "1.2.392.100495.20.2.73"),
    ("6", Some(9), "1.2.392.200119.4.403.1"),
    ("6", Some(7), "1.2.392.200119.4.403.2"),
    ("6", Some(13), "1.2.392.200119.4.402.1"),
];
/// 一般名処方マスタ.
const GENERIC_SYSTEM: &str = "1.2.392.100495.20.2.81";
/// No OIDs are known to us for these codes, and none are made up: the field's own name and type say what they are.
const USAGE_SYSTEM: &str = "JAHISTC 用法コード種別";
/// Codes of ingredients (record 31).
const INGREDIENT_SYSTEM: &str = "JAHISTC 成分コード種別";
/// JANコード on a package.
pub(super) const PACKAGE_SYSTEM: &str = "JAN";
/// The code type that says "there is no code".
pub(super) const NO_CODE: &str = "1";

fn word(table: &'static [(&str, &str)], code: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == plain(code)).map(|(_, word)| *word)
}

fn code_of(table: &'static [(&str, &str)], said: &str) -> Option<&'static str> {
    table.iter().find(|(_, word)| *word == said).map(|(code, _)| *code)
}

/// A code without the zeros some systems put in front: `01` is `1`.
pub(super) fn plain(code: &str) -> &str {
    let bare = code.trim_start_matches('0');
    if bare.is_empty() { code } else { bare }
}

/// Who wrote a record, in words; a code outside the table is shown as it is.
pub(super) fn author(code: &str) -> String {
    word(&AUTHORS, code).map_or_else(|| format!("作成者 {code}"), str::to_owned)
}

/// The code of a writer; somebody named is その他, nobody named is 不明.
pub(super) fn author_code(said_by: Option<&str>) -> &'static str {
    said_by.map_or("9", |said| code_of(&AUTHORS, said).unwrap_or("8"))
}

/// The form of use in words; a code outside the table is shown as it is.
pub(super) fn form(code: &str) -> String {
    word(&FORMS, code).map_or_else(|| format!("{UNKNOWN_FORM}{code}"), str::to_owned)
}

/// The code of a form of use.
pub(super) fn form_code(words: &str) -> Option<&str> {
    code_of(&FORMS, words).or_else(|| words.strip_prefix(UNKNOWN_FORM))
}

/// Whether a form needs no usage: 材料 and その他.
pub(super) fn needs_no_usage(form: &str) -> bool {
    matches!(plain(form), "9" | "10")
}

/// What record 411 is about.
pub(super) fn information(code: &str) -> Coding {
    Coding { system: None, code: code.to_owned(), display: word(&INFORMATION, code).map(str::to_owned) }
}

/// A medicine's code with its system. A type outside the table leaves the code without a system.
pub(super) fn medicine(kind: Option<&str>, code: &str) -> Coding {
    let kind = kind.map_or("", plain);
    let system = MEDICINE_SYSTEMS
        .iter()
        .find(|(known, length, _)| *known == kind && length.is_none_or(|length| length == code.chars().count()))
        .map(|(_, _, system)| (*system).to_owned());
    Coding { system, code: code.to_owned(), display: None }
}

/// The type under which the format carries this code.
pub(super) fn medicine_type(coding: &Coding) -> Option<&str> {
    let system = coding.canonical_system()?;
    let length = coding.code.chars().count();
    MEDICINE_SYSTEMS
        .iter()
        .find(|(_, needed, oid)| format!("urn:oid:{oid}") == system && needed.is_none_or(|needed| needed == length))
        .map(|(kind, _, _)| *kind)
}

/// A general name's code (一般名コード種別 2).
pub(super) fn generic(kind: Option<&str>, code: &str) -> Coding {
    let system = (kind.map(plain) == Some("2")).then(|| GENERIC_SYSTEM.to_owned());
    Coding { system, code: code.to_owned(), display: None }
}

/// Whether the code is one of 一般名処方マスタ.
pub(super) fn is_generic(coding: &Coding) -> bool {
    coding.canonical_system().as_deref() == Some("urn:oid:1.2.392.100495.20.2.81")
}

/// A usage code with its type as received.
pub(super) fn usage(kind: Option<&str>, code: &str) -> Coding {
    typed(USAGE_SYSTEM, kind, code)
}

/// The type of a usage code that came from this format.
pub(super) fn usage_type(coding: &Coding) -> Option<&str> {
    coding.system.as_deref()?.strip_prefix(USAGE_SYSTEM).map(str::trim)
}

/// An ingredient's code with its type as received.
pub(super) fn ingredient(kind: Option<&str>, code: &str) -> Coding {
    typed(INGREDIENT_SYSTEM, kind, code)
}

/// The type of an ingredient's code that came from this format.
pub(super) fn ingredient_type(coding: &Coding) -> Option<&str> {
    coding.system.as_deref()?.strip_prefix(INGREDIENT_SYSTEM).map(str::trim)
}

fn typed(system: &str, kind: Option<&str>, code: &str) -> Coding {
    Coding { system: kind.map(|kind| format!("{system} {kind}")), code: code.to_owned(), display: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hot_code_has_the_system_of_its_length() {
        let system = |code| medicine(Some("6"), code).system;
        assert_eq!(system("103835401").as_deref(), Some("1.2.392.200119.4.403.1"));
        assert_eq!(system("1038354").as_deref(), Some("1.2.392.200119.4.403.2"));
        assert_eq!(system("1038354010101").as_deref(), Some("1.2.392.200119.4.402.1"));
        assert_eq!(system("12"), None);
    }

    #[test]
    fn every_medicine_system_goes_back_to_its_type() {
        for (kind, length, _) in MEDICINE_SYSTEMS {
            let code = "1".repeat(length.unwrap_or(9));
            assert_eq!(medicine_type(&medicine(Some(kind), &code)), Some(kind));
        }
        assert_eq!(medicine_type(&Coding::new("http://loinc.org", "1")), None);
    }

    #[test]
    fn a_code_outside_the_tables_is_shown_as_it_is() {
        assert_eq!(author("7"), "作成者 7");
        assert_eq!(form("8"), "剤形 8");
        assert_eq!(author("01"), "医療関係者");
    }
}
