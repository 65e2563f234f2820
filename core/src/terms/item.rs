//! The item masters of 特定健診 (322 items) and 自治体検診 (166 items), by 17-digit JLAC10 code.

use std::{collections::HashMap, sync::LazyLock};

use super::table::{filled, rows};

const TOKUTEI: &str = include_str!("data/tokutei-items.tsv");
const MUNICIPAL: &str = include_str!("data/municipal-items.tsv");

/// Which master an item is from. Eight codes stand in both, with other names and answer tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemFamily {
    /// 特定健診
    Tokutei,
    /// 自治体検診
    Municipal,
}

/// What kind of value an item takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// PQ: a number with a unit.
    Quantity,
    /// CD: one choice of a table.
    Coded,
    /// CO: one choice of an ordered table.
    Ordinal,
    /// ST: words.
    Text,
}

/// One item of a checkup.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Which master.
    pub family: ItemFamily,
    /// 17-digit JLAC10 code.
    pub code: &'static str,
    /// 項目名
    pub name: &'static str,
    /// 区分 the section of the form it belongs to.
    pub category: &'static str,
    /// What it takes.
    pub value_type: ValueType,
    /// `"NNN.N"`: digits before and after the point, or the greatest length of a text.
    pub format: Option<&'static str>,
    /// The unit a person reads.
    pub shown_unit: Option<&'static str>,
    /// The unit's UCUM code.
    pub ucum: Option<&'static str>,
    /// 一連検査グループ
    pub group: Option<&'static str>,
    /// `COMP`, `RSON` or `RSON1`: its part in the group.
    pub relation: Option<&'static str>,
    /// 検査方法
    pub method: Option<&'static str>,
    /// OID of its code table.
    pub table: Option<&'static str>,
}

struct Masters {
    all: Vec<Item>,
    tokutei: HashMap<&'static str, usize>,
    municipal: HashMap<&'static str, usize>,
}

static MASTERS: LazyLock<Masters> = LazyLock::new(|| {
    let mut masters = Masters { all: Vec::with_capacity(488), tokutei: HashMap::new(), municipal: HashMap::new() };
    for (family, text) in [(ItemFamily::Tokutei, TOKUTEI), (ItemFamily::Municipal, MUNICIPAL)] {
        for [code, name, category, kind, format, shown, ucum, group, relation, method, table] in rows::<11>(text) {
            let index = masters.all.len();
            match family {
                ItemFamily::Tokutei => masters.tokutei.insert(code, index),
                ItemFamily::Municipal => masters.municipal.insert(code, index),
            };
            masters.all.push(Item {
                family,
                code,
                name,
                category,
                value_type: match kind {
                    "PQ" => ValueType::Quantity,
                    "CD" => ValueType::Coded,
                    "CO" => ValueType::Ordinal,
                    _ => ValueType::Text,
                },
                format: filled(format),
                shown_unit: filled(shown),
                ucum: filled(ucum),
                group: filled(group),
                relation: filled(relation),
                method: filled(method),
                table: filled(table),
            });
        }
    }
    masters
});

/// The item a code means in its code system; without a system, the 特定健診 item first. `None` for a code of another
/// vocabulary or an item no master has.
pub fn item(system: Option<&str>, code: &str) -> Option<&'static Item> {
    let masters = &*MASTERS;
    let by = |map: &HashMap<&'static str, usize>| map.get(code).and_then(|index| masters.all.get(*index));
    let tokutei_first = || by(&masters.tokutei).or_else(|| by(&masters.municipal));
    match system.map(JlacSystem::of) {
        None | Some(Some(JlacSystem::General)) => tokutei_first(),
        Some(Some(JlacSystem::Tokutei)) => by(&masters.tokutei),
        Some(Some(JlacSystem::Municipal)) => by(&masters.municipal).or_else(|| by(&masters.tokutei)),
        Some(None) => None,
    }
}

/// Every item of both masters.
pub fn items() -> &'static [Item] {
    &MASTERS.all
}

/// The code systems that carry JLAC10 item codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JlacSystem {
    Tokutei,
    Municipal,
    General,
}

impl JlacSystem {
    pub(super) fn of(system: &str) -> Option<Self> {
        match system.trim().trim_start_matches("urn:oid:") {
            "1.2.392.200119.6.1005" => Some(Self::Tokutei),
            "1.2.392.100495.100.1051" | "http://jpfhir.jp/fhir/eCheckup/CodeSystem/jlac10" => Some(Self::Municipal),
            "1.2.392.200119.4.504" | "http://medis.or.jp/CodeSystem/master-JLAC10-17digits" => Some(Self::General),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn no_row_of_the_masters_is_dropped() {
        assert_eq!((row_count(TOKUTEI), row_count(MUNICIPAL)), (322, 166));
        assert_eq!(items().len(), 488);
        assert_eq!((MASTERS.tokutei.len(), MASTERS.municipal.len()), (322, 166));
        assert!(items().iter().all(|item| item.code.len() == 17));
    }

    #[test]
    fn one_code_is_two_items_in_two_systems() {
        let code = "9N291160700000011";
        let here = item(Some("1.2.392.200119.6.1005"), code).unwrap();
        let there = item(Some("urn:oid:1.2.392.100495.100.1051"), code).unwrap();
        assert_ne!(here.table, there.table);
        assert!(item(Some("http://loinc.org"), code).is_none());
    }
}
