//! Vaccines: our own ids with antigens, codes and every Japanese name, and the names of CVX codes. Signed cards carry the
//! bare code, towns and handbooks a name or a product; nobody knows their vaccines by number.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};

use super::table::rows;
use crate::base::fold;

/// Our own code system: the ids of the vaccine list.
pub const VACCINE_SYSTEM: &str = "urn:techo:vaccine";

const CVX_NAMES: &str = include_str!("data/vaccines.tsv");
const LIST: &str = include_str!("data/vaccine-list.tsv");

static NAMES: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> =
    LazyLock::new(|| rows::<3>(CVX_NAMES).map(|[code, japanese, english]| (code, (japanese, english))).collect());

/// One vaccine of our list, for example 5種混合. The kind of vaccine, not the product of one maker.
#[derive(Clone, Debug)]
pub struct Vaccine {
    /// Our id, for example `"dpt_ipv_hib"`. Never changes.
    pub id: &'static str,
    /// Japanese name.
    pub japanese: &'static str,
    /// English name.
    pub english: &'static str,
    /// What it protects from, for example `"pertussis"`; empty for `"other"`.
    pub antigens: Vec<&'static str>,
    /// Codes that stand for it alone or for it among others: (system, code).
    pub codes: Vec<(&'static str, &'static str)>,
    /// Everyday and product names as people write them, for choosing from.
    pub names: Vec<&'static str>,
}

static VACCINES: LazyLock<Vec<Vaccine>> = LazyLock::new(|| {
    let parts = |column: &'static str| column.split('|').filter(|part| !part.is_empty());
    let coded = |code: &'static str| match code.split_once(':')? {
        ("cvx", code) => Some(("http://hl7.org/fhir/sid/cvx", code)),
        ("hot9", code) => Some(("urn:oid:1.2.392.200119.4.403.1", code)),
        _ => None,
    };
    let vaccine = |[id, japanese, english, antigens, codes, names]: [&'static str; 6]| Vaccine {
        id,
        japanese,
        english,
        antigens: parts(antigens).collect(),
        codes: parts(codes).filter_map(coded).collect(),
        names: parts(names).collect(),
    };
    rows::<6>(LIST).map(vaccine).collect()
});

/// Every name as it is compared, with the places of its vaccines.
static BY_NAME: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, vaccine) in VACCINES.iter().enumerate().filter(|(_, vaccine)| !vaccine.names.is_empty()) {
        let own = vaccine.names.iter().copied().chain([vaccine.id, vaccine.japanese, vaccine.english]);
        for name in own.map(name_key).collect::<HashSet<_>>() {
            by_name.entry(name).or_default().push(place);
        }
    }
    by_name
});

/// Every vaccine of our list, as it is offered for choosing.
pub fn vaccines() -> &'static [Vaccine] {
    &VACCINES
}

/// The vaccine with this id.
pub fn vaccine(id: &str) -> Option<&'static Vaccine> {
    VACCINES.iter().find(|vaccine| vaccine.id == id)
}

/// The vaccines that words can mean: `５種混合ワクチン（1期初回）`, `シルガード９`. Several where the name stands for several
/// (肺炎球菌 is a child's or an older person's), none where no name of the list is in the words.
pub fn vaccines_named(words: &str) -> Vec<&'static Vaccine> {
    let key = name_key(words);
    let found = BY_NAME.get(&key).cloned().unwrap_or_else(|| held(&key));
    found.into_iter().filter_map(|place| VACCINES.get(place)).collect()
}

/// The one vaccine that words mean; none where they can mean several.
pub fn vaccine_named(words: &str) -> Option<&'static Vaccine> {
    match vaccines_named(words).as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The vaccines that a code can stand for.
pub fn vaccines_coded(system: &str, code: &str) -> Vec<&'static Vaccine> {
    if system.trim() == VACCINE_SYSTEM {
        return vaccine(code).into_iter().collect();
    }
    let (system, code) = if is_cvx(system) {
        ("http://hl7.org/fhir/sid/cvx", format!("{code:0>2}"))
    } else if is_hot9(system) {
        ("urn:oid:1.2.392.200119.4.403.1", code.to_owned())
    } else {
        return Vec::new();
    };
    VACCINES.iter().filter(|vaccine| vaccine.codes.contains(&(system, code.as_str()))).collect()
}

/// The Japanese and the English name of a vaccine by its code system and code; none where the table does not have it.
pub fn vaccine_name(system: &str, code: &str) -> Option<(&'static str, &'static str)> {
    if system.trim() == VACCINE_SYSTEM {
        return vaccine(code).map(|vaccine| (vaccine.japanese, vaccine.english));
    }
    // "3" and "03" are one code; the published form has two digits.
    is_cvx(system).then(|| NAMES.get(code).or_else(|| NAMES.get(format!("{code:0>2}").as_str())).copied()).flatten()
}

fn is_cvx(system: &str) -> bool {
    matches!(system.trim(), "http://hl7.org/fhir/sid/cvx" | "urn:oid:2.16.840.1.113883.12.292")
}

fn is_hot9(system: &str) -> bool {
    matches!(
        system.trim(),
        "urn:oid:1.2.392.200119.4.403.1" | "urn:oid:1.2.392.100495.20.2.74" | "http://medis.or.jp/CodeSystem/master-HOT9"
    )
}

/// How names are compared: in any width, without white space, dots and quotes, and 五種混合 as 5種混合.
fn name_key(words: &str) -> String {
    let folded = fold(words);
    let mut key = String::with_capacity(folded.len());
    let mut rest = folded.chars().peekable();
    while let Some(character) = rest.next() {
        let digit = match character {
            '一' => '1',
            '二' | '弐' => '2',
            '三' => '3',
            '四' => '4',
            '五' => '5',
            '九' => '9',
            _ => character,
        };
        match character {
            ' ' | '・' | '、' | ',' | '「' | '」' | '『' | '』' | '"' | '(' | ')' | '[' | ']' => {}
            '‐' | '‑' | '–' | '—' | '−' | '―' => key.push('-'),
            _ if digit != character && matches!(rest.peek(), Some('種' | '価' | '混')) => key.push(digit),
            _ => key.push(character),
        }
    }
    key
}

/// The vaccines whose names stand in the words: the longest name wins over what lies in it, and a name in Latin letters
/// stands alone (DT is not in DTP).
fn held(key: &str) -> Vec<usize> {
    let mut hits: Vec<(Range<usize>, &Vec<usize>)> = Vec::new();
    for (name, places) in BY_NAME.iter() {
        for (start, _) in key.match_indices(name.as_str()) {
            let span = start..start + name.len();
            if stands_alone(key, name, &span) {
                hits.push((span, places));
            }
        }
    }
    hits.sort_by_key(|(span, _)| (std::cmp::Reverse(span.len()), span.start));
    let mut kept: Vec<(Range<usize>, &Vec<usize>)> = Vec::new();
    for (span, places) in hits {
        if kept.iter().all(|(taken, _)| span.end <= taken.start || taken.end <= span.start) {
            kept.push((span, places));
        }
    }
    kept.sort_by_key(|(span, _)| span.start);
    let mut seen = HashSet::new();
    // インフルエンザ in two places of one text is one vaccine; two names that agree on one vaccine mean that one.
    let common = kept.first().map(|(_, first)| {
        let in_all = |place: &&usize| kept.iter().all(|(_, places)| places.contains(place));
        first.iter().filter(in_all).copied().collect::<Vec<_>>()
    });
    match common {
        Some(common) if !common.is_empty() => common,
        _ => kept.iter().flat_map(|(_, places)| places.iter().copied()).filter(|place| seen.insert(*place)).collect(),
    }
}

fn stands_alone(key: &str, name: &str, span: &Range<usize>) -> bool {
    let is_latin = |character: char| character.is_ascii_alphanumeric();
    let before = key.get(..span.start).and_then(|text| text.chars().next_back());
    let after = key.get(span.end..).and_then(|text| text.chars().next());
    let clashes = |own: Option<char>, other: Option<char>| match (own, other) {
        (Some(own), Some(other)) if own.is_ascii_alphabetic() => other.is_ascii_alphabetic(),
        (Some(own), Some(other)) if own.is_ascii_digit() => is_latin(other) && other.is_ascii_digit(),
        _ => false,
    };
    !clashes(name.chars().next(), before) && !clashes(name.chars().next_back(), after)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::terms::table::row_count;

    fn ids(words: &str) -> Vec<&'static str> {
        vaccines_named(words).iter().map(|vaccine| vaccine.id).collect()
    }

    #[test]
    fn a_code_has_a_name_in_its_own_system_only() {
        assert_eq!(row_count(CVX_NAMES), NAMES.len());
        assert_eq!(vaccine_name("http://hl7.org/fhir/sid/cvx", "04").map(|names| names.1), Some("Measles and rubella"));
        assert_eq!(vaccine_name("http://hl7.org/fhir/sid/cvx", "4"), vaccine_name("http://hl7.org/fhir/sid/cvx", "04"));
        assert_eq!(vaccine_name("http://example.org", "04"), None);
        assert_eq!(vaccine_name(VACCINE_SYSTEM, "mr").map(|names| names.1), Some("Measles and rubella"));
    }

    #[test]
    fn no_row_of_the_list_is_dropped_and_every_id_and_code_is_known() {
        assert_eq!(row_count(LIST), vaccines().len());
        let unique: HashSet<_> = vaccines().iter().map(|vaccine| vaccine.id).collect();
        assert_eq!(unique.len(), vaccines().len());
        for [id, _, _, _, codes, _] in rows::<6>(LIST) {
            let wanted = codes.split('|').filter(|code| !code.is_empty()).count();
            assert_eq!(vaccine(id).map(|vaccine| vaccine.codes.len()), Some(wanted), "{id}");
        }
        for (system, code) in vaccines().iter().flat_map(|vaccine| &vaccine.codes).filter(|(system, _)| is_cvx(system)) {
            assert!(matches!(*code, "42" | "43") || vaccine_name(system, code).is_some(), "{code} has no name");
        }
        for code in NAMES.keys() {
            assert!(!vaccines_coded("http://hl7.org/fhir/sid/cvx", code).is_empty(), "CVX {code} belongs to no vaccine");
        }
    }

    #[test]
    fn every_vaccine_is_found_by_its_own_names() {
        for vaccine in vaccines().iter().filter(|vaccine| vaccine.id != "other") {
            for name in vaccine.names.iter().chain([&vaccine.japanese, &vaccine.english, &vaccine.id]) {
                assert!(ids(name).contains(&vaccine.id), "{name}: {:?}", ids(name));
                assert!(ids(&format!("{name}ワクチン（1回目）")).contains(&vaccine.id), "{name} in a sentence");
            }
        }
    }

    #[test]
    fn a_name_is_found_in_any_width_script_and_sentence() {
        for (words, id) in [
            ("５種混合", "dpt_ipv_hib"),
            ("五種混合ワクチン（１期初回２回）", "dpt_ipv_hib"),
            ("四種混合", "dpt_ipv"),
            ("ＤＰＴ－ＩＰＶ", "dpt_ipv"),
            ("三種混合", "dpt"),
            ("二種混合（ＤＴ）", "dt"),
            ("DTP", "dpt"),
            ("麻しん・風しん混合", "mr"),
            ("乾燥弱毒生麻しん風しん混合ワクチン「タケダ」", "mr"),
            ("麻疹", "measles"),
            ("沈降精製百日せきジフテリア破傷風不活化ポリオヘモフィルスb型混合ワクチン", "dpt_ipv_hib"),
            ("沈降ジフテリア破傷風混合トキソイド", "dt"),
            ("インフルエンザ菌b型", "hib"),
            ("ｲﾝﾌﾙｴﾝｻﾞHAワクチン", "influenza"),
            ("シルガード9水性懸濁筋注シリンジ", "hpv"),
            ("小児用肺炎球菌", "pneumococcal_child"),
            ("沈降13価肺炎球菌結合型ワクチン", "pneumococcal_child"),
            ("ニューモバックスNPシリンジ", "pneumococcal_adult"),
            ("乾燥組換え帯状疱疹ワクチン", "zoster"),
            ("水痘・帯状疱疹", "zoster"),
            ("新型コロナウイルスmRNAワクチン（コミナティ）", "covid19"),
            ("B型肝炎（3回目）", "hepatitis_b"),
            ("みずぼうそう", "varicella"),
            ("MMR", "mmr"),
        ] {
            assert_eq!(vaccine_named(words).map(|vaccine| vaccine.id), Some(id), "{words}: {:?}", ids(words));
        }
    }

    #[test]
    fn what_can_be_several_is_not_guessed_and_what_is_none_is_none() {
        assert_eq!(ids("肺炎球菌"), ["pneumococcal_child", "pneumococcal_adult"]);
        assert_eq!(ids("プレベナー20水性懸濁注"), ["pneumococcal_child", "pneumococcal_adult"]);
        assert_eq!(ids("ポリオ"), ["ipv", "polio_oral"]);
        assert_eq!(ids("BCGと日本脳炎"), ["bcg", "japanese_encephalitis"]);
        assert!(vaccine_named("BCGと日本脳炎").is_none());
        for words in ["", "その他", "不明", "ワクチン", "予防接種", "ADTPX"] {
            assert_eq!(ids(words), Vec::<&str>::new(), "{words}");
        }
    }

    #[test]
    fn a_code_stands_for_its_vaccine_in_its_own_system() {
        let coded = |system: &str, code: &str| vaccines_coded(system, code).iter().map(|vaccine| vaccine.id).collect::<Vec<_>>();
        assert_eq!(coded("http://hl7.org/fhir/sid/cvx", "4"), ["mr"]);
        assert_eq!(coded("http://hl7.org/fhir/sid/cvx", "216"), ["pneumococcal_child", "pneumococcal_adult"]);
        assert_eq!(coded(VACCINE_SYSTEM, "bcg"), ["bcg"]);
        assert_eq!(coded("http://medis.or.jp/CodeSystem/master-HOT9", "111501701").len(), 2);
        assert_eq!(coded("http://example.org", "04"), Vec::<&str>::new());
        assert_eq!(vaccines()[0].id, "rotavirus");
    }
}
