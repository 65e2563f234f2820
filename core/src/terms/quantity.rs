//! Quantities: what may be drawn as one line although it comes under several codes, and what may not although it bears
//! one name.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    item::JlacSystem,
    table::{filled, rows},
};
use crate::base::fold;

/// Our own code system: the ids of this table. For values that a source names in words and codes in no system we know.
pub const QUANTITY_SYSTEM: &str = "urn:techo:quantity-id";

const QUANTITIES: &str = include_str!("data/quantities.tsv");

/// One quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Our id, for example `"systolic"`.
    pub id: &'static str,
    /// Japanese name.
    pub japanese: &'static str,
    /// English name.
    pub english: &'static str,
    /// UCUM unit its values are in; none for a pure number or a graded result.
    pub ucum: Option<&'static str>,
    /// The widest a living person can show, low and high. For finding slips; never a reference range.
    pub plausible: Option<(rust_decimal::Decimal, rust_decimal::Decimal)>,
    aliases: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Rule {
    AnyJlac,
    Checkup,
    GeneralJlac,
}

struct Quantities {
    all: Vec<Quantity>,
    by_id: HashMap<&'static str, usize>,
    loinc: HashMap<&'static str, usize>,
    /// JLAC10 prefixes, the longest first.
    prefixes: Vec<(&'static str, Rule, usize)>,
}

static TABLE: LazyLock<Quantities> = LazyLock::new(|| {
    let mut table = Quantities { all: Vec::new(), by_id: HashMap::new(), loinc: HashMap::new(), prefixes: Vec::new() };
    for [id, japanese, english, ucum, low, high, aliases, codes] in rows::<8>(QUANTITIES) {
        let index = table.all.len();
        table.by_id.insert(id, index);
        for code in codes.split('|').filter(|code| !code.is_empty()) {
            match code.split_once(':') {
                Some(("loinc", code)) => drop(table.loinc.insert(code, index)),
                Some(("jlac", prefix)) => table.prefixes.push((prefix, Rule::AnyJlac, index)),
                Some(("kenshin", prefix)) => table.prefixes.push((prefix, Rule::Checkup, index)),
                Some(("jlac10", prefix)) => table.prefixes.push((prefix, Rule::GeneralJlac, index)),
                _ => {}
            }
        }
        let names = aliases.split('|').filter(|alias| !alias.is_empty()).chain([id, japanese, english]);
        table.all.push(Quantity {
            id,
            japanese,
            english,
            ucum: filled(ucum),
            plausible: low.parse().ok().zip(high.parse().ok()),
            aliases: names.map(fold).collect(),
        });
    }
    table.prefixes.sort_by_key(|(prefix, ..)| std::cmp::Reverse(prefix.len()));
    table
});

/// The quantity a code measures, where our table knows it.
pub fn quantity_of(system: Option<&str>, code: &str) -> Option<&'static Quantity> {
    let table = &*TABLE;
    let system = system?;
    if system.trim() == "http://loinc.org" || system.trim() == "urn:oid:2.16.840.1.113883.6.1" {
        return table.all.get(*table.loinc.get(code)?);
    }
    if system.trim() == QUANTITY_SYSTEM {
        return quantity(code);
    }
    let jlac = JlacSystem::of(system)?;
    let fits = |rule: Rule| match rule {
        Rule::AnyJlac => true,
        Rule::Checkup => jlac != JlacSystem::General,
        Rule::GeneralJlac => jlac == JlacSystem::General,
    };
    let (.., index) = table.prefixes.iter().find(|(prefix, rule, _)| code.starts_with(prefix) && fits(*rule))?;
    table.all.get(*index)
}

/// The quantity with this id.
pub fn quantity(id: &str) -> Option<&'static Quantity> {
    TABLE.all.get(*TABLE.by_id.get(id)?)
}

/// The leading LOINC code of a quantity, where the table has one.
pub fn loinc_of(id: &str) -> Option<&'static str> {
    let codes = rows::<8>(QUANTITIES).find(|row| row.first() == Some(&id)).and_then(|row| row.last().copied())?;
    codes.split('|').find_map(|code| code.strip_prefix("loinc:"))
}

/// Every quantity of the table.
pub fn quantities() -> &'static [Quantity] {
    &TABLE.all
}

/// The quantities a person can mean by `words`: an exact name, id or alias; several where the name covers what must not
/// be mixed (ALP by JSCC and by IFCC; fasting and casual glucose).
pub fn find_quantities(words: &str) -> Vec<&'static Quantity> {
    let folded = fold(words);
    TABLE.all.iter().filter(|quantity| quantity.aliases.contains(&folded)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;
    use crate::terms::{ValueType, items, same_unit};

    const CHECKUP: Option<&str> = Some("urn:oid:1.2.392.200119.6.1005");

    fn id_of(system: Option<&str>, code: &str) -> Option<&'static str> {
        quantity_of(system, code).map(|quantity| quantity.id)
    }

    #[test]
    fn every_row_is_read_and_every_prefix_meets_an_item_or_is_known_to_be_old() {
        assert_eq!(row_count(QUANTITIES), quantities().len());
        for (prefix, ..) in &TABLE.prefixes {
            let old_or_general = ["3D045", "3H010", "3H015"].iter().any(|old| prefix.starts_with(old));
            assert!(old_or_general || items().iter().any(|item| item.code.starts_with(prefix)), "{prefix}");
        }
    }

    #[test]
    fn the_unit_of_a_quantity_is_the_unit_of_its_items() {
        for item in items().iter().filter(|item| item.value_type == ValueType::Quantity) {
            if let Some(quantity) = quantity_of(CHECKUP, item.code) {
                assert!(same_unit(quantity.ucum.unwrap_or(""), item.ucum.unwrap_or("")), "{} {}", item.code, item.name);
            }
        }
    }

    #[test]
    fn what_is_not_comparable_is_apart() {
        assert_eq!(id_of(CHECKUP, "3B070000002327101"), Some("alp-jscc"));
        assert_eq!(id_of(CHECKUP, "3B070000002327501"), Some("alp-ifcc"));
        assert_eq!(id_of(CHECKUP, "3D010000001926101"), Some("glucose-fasting"));
        assert_eq!(id_of(CHECKUP, "3D010129901926101"), Some("glucose-casual"));
        assert_eq!(id_of(Some("urn:oid:1.2.392.200119.4.504"), "3D010000002227101"), Some("glucose"));
        assert_eq!(id_of(CHECKUP, "3A015000000106101"), None, "albumin in urine is not albumin in serum");
    }

    #[test]
    fn methods_of_one_quantity_are_together() {
        for code in ["9A751000000000001", "9A752000000000001", "9A755000000000001"] {
            assert_eq!(id_of(CHECKUP, code), Some("systolic"));
        }
        assert_eq!(id_of(Some("http://loinc.org"), "8480-6"), Some("systolic"));
        assert_eq!(id_of(None, "8480-6"), None, "a code without its system means nothing");
    }

    #[test]
    fn a_name_finds_all_it_can_mean() {
        let found = |words| find_quantities(words).iter().map(|quantity| quantity.id).collect::<Vec<_>>();
        assert_eq!(found("血圧"), ["systolic", "diastolic"]);
        assert_eq!(found("ＡＬＰ"), ["alp-jscc", "alp-ifcc", "alp-other"]);
        assert_eq!(found("HbA1c"), ["hba1c", "hba1c-jds"]);
        assert_eq!(found("ﾅﾄﾘｳﾑ"), ["sodium"]);
        assert!(found("血").is_empty());
    }
}
