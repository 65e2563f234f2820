//! What a coded answer means. Decoded by (system, code), never by item: one item is answered from tables of opposite
//! polarity in 特定健診 (1 = 所見あり) and 自治体検診 (1 = 所見なし).

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{ValueType, item::items, table::rows};

const TABLES: &str = include_str!("data/code-tables.tsv");

/// What one code of a table means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The meaning in the table's words.
    pub meaning: &'static str,
    /// Place in the order, where the table is an ordered one (－ 1, ± 2, ＋ 3 …).
    pub rank: Option<u8>,
}

static ANSWERS: LazyLock<HashMap<&'static str, HashMap<&'static str, Answer>>> = LazyLock::new(|| {
    let ordered: HashSet<&str> =
        items().iter().filter(|item| item.value_type == ValueType::Ordinal).filter_map(|item| item.table).collect();
    let mut answers: HashMap<&'static str, HashMap<&'static str, Answer>> = HashMap::new();
    for [system, _, code, meaning] in rows::<4>(TABLES) {
        let system = bare(system);
        let rank = if ordered.contains(system) { code.parse().ok() } else { None };
        answers.entry(system).or_default().insert(code, Answer { meaning, rank });
    }
    answers
});

fn bare(system: &str) -> &str {
    system.trim().trim_start_matches("urn:oid:")
}

/// The meaning of `code` in `system` (an OID with or without `urn:oid:`, or a URL). `None` when the table or the code is
/// not known: show "不明なコード", never guess.
pub fn answer(system: &str, code: &str) -> Option<Answer> {
    // CDA and FHIR name the table of report kinds by two OIDs.
    let system = match bare(system) {
        "1.2.392.200119.6.1001" => "2.16.840.1.113883.2.2.1.6.1001",
        other => other,
    };
    ANSWERS.get(system)?.get(code.trim()).copied()
}

/// 健診プログラムサービス (table 1002), for example `"010"` → `"特定健康診査"`.
pub fn program(code: &str) -> Option<&'static str> {
    answer("1.2.392.200119.6.1002", code).map(|answer| answer.meaning)
}

/// 報告区分 (table 1001), for example `"10"` → `"特定健診情報"`.
pub fn report_kind(code: &str) -> Option<&'static str> {
    answer("1.2.392.200119.6.1001", code).map(|answer| answer.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn no_row_of_the_tables_is_dropped() {
        assert_eq!(row_count(TABLES), 565);
        assert_eq!(ANSWERS.values().map(HashMap::len).sum::<usize>(), 565);
    }

    #[test]
    fn the_same_code_means_the_opposite_in_the_other_table() {
        assert_eq!(answer("1.2.392.200119.6.2002", "1").map(|a| a.meaning), Some("所見あり"));
        assert_eq!(answer("urn:oid:1.2.392.100495.100.2050", "1").map(|a| a.meaning), Some("所見なし"));
        assert_eq!(answer("1.2.392.200119.6.9999", "1"), None);
    }

    #[test]
    fn an_ordered_table_gives_the_place_in_the_order() {
        assert_eq!(answer("1.2.392.200119.6.2102", "3").and_then(|a| a.rank), Some(3));
        assert_eq!(answer("1.2.392.200119.6.2003", "1").and_then(|a| a.rank), None);
        assert_eq!(program("010"), Some("特定健康診査"));
    }
}
