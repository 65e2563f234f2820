//! Items that no public code exists for, under keys of our own: what infant checkups, pregnancy visits and school checkups
//! say beside measurements. A data file, so that an official list can take its place.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    Kind,
    table::{filled, rows},
};

/// Our own code system: the keys of this table.
pub const ITEM_SYSTEM: &str = "urn:techo:item";

const ITEMS: &str = include_str!("data/own-items.tsv");

/// One item.
#[derive(Clone, Debug)]
pub struct OwnItem {
    /// Our key, for example `"fundal-height"`. Never changes.
    pub id: &'static str,
    /// Japanese name.
    pub japanese: &'static str,
    /// English name.
    pub english: &'static str,
    /// The kinds of record that use it.
    pub kinds: Vec<Kind>,
    /// Whether it is a number; else it is said in words.
    pub is_number: bool,
    /// The unit of a number that a person writes by hand.
    pub unit: Option<&'static str>,
}

static TABLE: LazyLock<(Vec<OwnItem>, HashMap<&'static str, usize>)> = LazyLock::new(|| {
    let item = |[id, japanese, english, kinds, shape, unit, _source]: [&'static str; 7]| OwnItem {
        id,
        japanese,
        english,
        kinds: kinds.split('|').filter_map(|kind| kind.parse().ok()).collect(),
        is_number: shape == "number",
        unit: filled(unit),
    };
    let all: Vec<OwnItem> = rows::<7>(ITEMS).map(item).collect();
    let by_id = all.iter().enumerate().map(|(place, item)| (item.id, place)).collect();
    (all, by_id)
});

/// Every item of our own.
pub fn own_items() -> &'static [OwnItem] {
    &TABLE.0
}

/// The item with this key.
pub fn own_item(id: &str) -> Option<&'static OwnItem> {
    TABLE.0.get(*TABLE.1.get(id)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn no_row_is_dropped_and_every_item_has_a_kind_and_a_mark() {
        assert_eq!((row_count(ITEMS), TABLE.1.len()), (own_items().len(), own_items().len()));
        for [id, _, _, kinds, shape, unit, mark] in rows::<7>(ITEMS) {
            let item = own_item(id);
            assert_eq!(item.map(|item| item.kinds.len()), Some(kinds.split('|').count()), "{id}");
            assert!(matches!(shape, "number" | "text") && matches!(mark, "S" | "R"), "{id}");
            assert!(shape == "number" || unit.is_empty(), "{id}: words have no unit");
        }
    }
}
