//! Spellings of one unit. Only spellings: nothing is converted, since a converted value is no longer the measured one.

use std::{collections::HashMap, sync::LazyLock};

use super::table::rows;
use crate::base::fold;

const UNITS: &str = include_str!("data/units.tsv");

static SPELLINGS: LazyLock<HashMap<String, &'static str>> =
    LazyLock::new(|| rows::<2>(UNITS).map(|[spelling, ucum]| (spelling_key(spelling), ucum)).collect());

fn spelling_key(unit: &str) -> String {
    let mut key = fold(unit);
    key.retain(|c| c != ' ');
    key
}

/// The one spelling of a unit used for comparing: the UCUM code the item tables use where the unit is known, else the
/// folded text as received.
pub fn canonical_unit(unit: &str) -> String {
    let key = spelling_key(unit);
    SPELLINGS.get(&key).map_or(key, |ucum| (*ucum).to_owned())
}

/// The unit's UCUM code, where the unit is one that the table has.
pub fn known_unit(unit: &str) -> Option<&'static str> {
    SPELLINGS.get(&spelling_key(unit)).copied()
}

/// Whether two spellings mean one unit.
pub fn same_unit(one: &str, other: &str) -> bool {
    canonical_unit(one) == canonical_unit(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn spellings_of_one_unit_are_the_same() {
        assert!(
            same_unit("mmHg", "mm[Hg]") && same_unit("ＭＧ／ｄｌ", "mg/dL") && same_unit("IU/L", "U/l") && same_unit("万/μL", "10*4/mm3")
        );
        assert!(!same_unit("mg/dL", "mmol/L") && !same_unit("cm", "mmHg"));
    }

    #[test]
    fn no_row_is_dropped_and_every_target_is_its_own_spelling() {
        assert_eq!(row_count(UNITS), SPELLINGS.len());
        for ucum in SPELLINGS.values() {
            assert_eq!(canonical_unit(ucum), *ucum);
        }
    }
}
