//! Self-measured quantities: what a day of them comes to, which units devices write, and what the types of their exports
//! mean. Converting happens here alone, by factors with their source; the value as written is kept beside the result.

use std::{collections::HashMap, sync::LazyLock};

use rust_decimal::Decimal as Number;

use super::{
    canonical_unit, quantity,
    quantity::Quantity,
    table::{filled, rows},
};
use crate::base::{Decimal, fold};

const SERIES: &str = include_str!("data/series.tsv");
const CONVERSIONS: &str = include_str!("data/conversions.tsv");
const APPLE: &str = include_str!("data/apple-health.tsv");
const CONNECT: &str = include_str!("data/health-connect.tsv");
const HEADERS: &str = include_str!("data/measurement-headers.tsv");

/// What a day of samples comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// The largest sum of one device.
    Total,
    /// The mean of the values.
    Mean,
    /// The last value.
    Last,
    /// The highest value.
    High,
}

/// How a quantity is shown by days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayShape {
    /// What a day comes to.
    pub rule: DayRule,
    /// How many decimals a mean is written with.
    pub decimals: u32,
}

static SHAPES: LazyLock<HashMap<&'static str, DayShape>> = LazyLock::new(|| {
    rows::<3>(SERIES)
        .filter_map(|[quantity, day, decimals]| {
            let rule = match day {
                "total" => DayRule::Total,
                "mean" => DayRule::Mean,
                "last" => DayRule::Last,
                "high" => DayRule::High,
                _ => return None,
            };
            Some((quantity, DayShape { rule, decimals: decimals.parse().ok()? }))
        })
        .collect()
});

/// How a quantity is shown by days; a mean where the table does not say.
pub fn day_shape(quantity: &str) -> DayShape {
    SHAPES.get(quantity).copied().unwrap_or(DayShape { rule: DayRule::Mean, decimals: 1 })
}

struct Conversion {
    minus: Number,
    times: Number,
    by: Number,
    decimals: u32,
}

static FACTORS: LazyLock<HashMap<(&'static str, &'static str), Conversion>> = LazyLock::new(|| {
    rows::<6>(CONVERSIONS)
        .filter_map(|[quantity, unit, minus, times, by, decimals]| {
            let conversion = Conversion {
                minus: minus.parse().ok()?,
                times: times.parse().ok()?,
                by: by.parse().ok()?,
                decimals: decimals.parse().ok()?,
            };
            Some(((quantity, unit), conversion))
        })
        .collect()
});

/// A value in the unit of its quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InOwnUnit {
    /// The value.
    pub value: Decimal,
    /// Whether it was written in another unit.
    pub converted: bool,
}

/// A value that was written in `unit`, in the quantity's own unit. None where the two cannot be compared or nobody told us how.
pub fn in_own_unit(quantity: &Quantity, unit: &str, value: &Decimal) -> Option<InOwnUnit> {
    let plain = without_molar_mass(unit);
    if canonical_unit(&plain) == canonical_unit(quantity.ucum.unwrap_or_default()) {
        return Some(InOwnUnit { value: value.clone(), converted: false });
    }
    let mut key = fold(&plain);
    key.retain(|character| character != ' ');
    let factor = FACTORS.get(&(quantity.id, key.as_str()))?;
    let number = value.number().checked_sub(factor.minus)?.checked_mul(factor.times)?.checked_div(factor.by)?;
    let text = number.round_dp(factor.decimals).normalize().to_string();
    Some(InOwnUnit { value: text.parse().ok()?, converted: true })
}

/// `mmol<180.1558800000541>/L` → `mmol/L`.
fn without_molar_mass(unit: &str) -> String {
    match (unit.split_once('<'), unit.split_once('>')) {
        (Some((before, _)), Some((_, behind))) => format!("{before}{behind}"),
        _ => unit.to_owned(),
    }
}

/// What a person reads for a unit of ours: `mmHg` for `mm[Hg]`.
pub fn shown_unit(ucum: &str) -> &str {
    match ucum {
        "mm[Hg]" => "mmHg",
        "{steps}" => "歩",
        "{h`b}/min" => "/分",
        "Cel" => "℃",
        "min" => "分",
        "cm2" => "cm²",
        "kg/m2" => "kg/m²",
        other => other,
    }
}

/// What a type of Apple Health means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppleType {
    /// The quantity.
    pub quantity: &'static Quantity,
    /// What a value is multiplied by: 100 where a fraction is written under the sign `%`.
    pub times: u32,
    /// For a category: the values that count; empty for a quantity.
    pub values: Vec<&'static str>,
}

static APPLE_TYPES: LazyLock<HashMap<&'static str, Vec<AppleType>>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Vec<AppleType>> = HashMap::new();
    for [name, id, times, values] in rows::<4>(APPLE) {
        let Some((quantity, times)) = quantity(id).zip(times.parse().ok()) else { continue };
        let values = values.split('|').filter(|value| !value.is_empty()).collect();
        table.entry(name).or_default().push(AppleType { quantity, times, values });
    }
    table
});

/// What a record type of Apple Health means; nothing where it is none that is understood.
pub fn apple_type(name: &str) -> &'static [AppleType] {
    APPLE_TYPES.get(name).map_or(&[], Vec::as_slice)
}

/// One way to find a value in a record of Health Connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectType {
    /// The quantity.
    pub quantity: &'static Quantity,
    /// Paths to the value, tried in their order; `*` for the length of the interval.
    pub paths: Vec<&'static str>,
    /// The unit of the value.
    pub unit: &'static str,
}

static CONNECT_TYPES: LazyLock<HashMap<&'static str, Vec<ConnectType>>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Vec<ConnectType>> = HashMap::new();
    for [name, id, paths, unit] in rows::<4>(CONNECT) {
        let Some(quantity) = quantity(id) else { continue };
        table.entry(name).or_default().push(ConnectType { quantity, paths: paths.split('|').collect(), unit });
    }
    table
});

/// What a record type of Health Connect means, with or without `Record` behind its name.
pub fn connect_type(name: &str) -> &'static [ConnectType] {
    CONNECT_TYPES.get(name.strip_suffix("Record").unwrap_or(name)).map_or(&[], Vec::as_slice)
}

/// What the words over a column propose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnWords {
    /// Day and time.
    Moment,
    /// The day.
    Date,
    /// The time of day.
    Time,
    /// A quantity, and the unit where the header has none.
    Quantity(&'static Quantity, &'static str),
}

static HEADER_WORDS: LazyLock<HashMap<String, ColumnWords>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for [meaning, words, unit] in rows::<3>(HEADERS) {
        let meant = match meaning {
            "moment" => ColumnWords::Moment,
            "date" => ColumnWords::Date,
            "time" => ColumnWords::Time,
            id => match quantity(id) {
                Some(quantity) => ColumnWords::Quantity(quantity, filled(unit).unwrap_or_default()),
                None => continue,
            },
        };
        for word in words.split('|') {
            let mut key = fold(word);
            key.retain(|character| character != ' ');
            table.entry(key).or_insert(meant);
        }
    }
    table
});

/// What the words over a column propose; the words without their unit.
pub fn column_words(words: &str) -> Option<ColumnWords> {
    let mut key = fold(words);
    key.retain(|character| character != ' ');
    HEADER_WORDS.get(&key).copied()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::terms::table::row_count;

    fn converted(id: &str, unit: &str, value: &str) -> Option<(String, bool)> {
        in_own_unit(quantity(id)?, unit, &value.parse().ok()?).map(|own| (own.value.as_str().to_owned(), own.converted))
    }

    #[test]
    fn no_row_of_the_data_files_is_dropped() {
        assert_eq!(row_count(SERIES), SHAPES.len());
        assert_eq!(row_count(CONVERSIONS), FACTORS.len());
        assert_eq!(row_count(APPLE), APPLE_TYPES.values().map(Vec::len).sum::<usize>());
        assert_eq!(row_count(CONNECT), CONNECT_TYPES.values().map(Vec::len).sum::<usize>());
        let words: usize = rows::<3>(HEADERS).map(|[_, words, _]| words.split('|').count()).sum();
        assert_eq!(words, HEADER_WORDS.len(), "a word is there twice");
        for id in SHAPES.keys().chain(FACTORS.keys().map(|(id, _)| id)) {
            assert!(quantity(id).is_some(), "{id}");
        }
    }

    #[test]
    fn a_unit_is_converted_by_its_factor_and_another_quantitys_is_refused() {
        assert_eq!(converted("body-weight", "kg", "62.50"), Some(("62.50".to_owned(), false)));
        assert_eq!(converted("body-weight", "lb", "137.2"), Some(("62.233".to_owned(), true)));
        assert_eq!(converted("body-temperature", "degF", "98.6"), Some(("37".to_owned(), true)));
        assert_eq!(converted("glucose", "mmol<180.1558800000541>/L", "5.5"), Some(("99.1".to_owned(), true)));
        assert_eq!(converted("body-weight", "cm", "62"), None);
        assert_eq!(converted("systolic", "kPa", "16"), None);
    }

    #[test]
    fn the_words_over_a_column_are_known_in_any_width() {
        assert!(matches!(column_words("最高血圧"), Some(ColumnWords::Quantity(quantity, _)) if quantity.id == "systolic"));
        assert!(matches!(column_words("ＳＹＳ"), Some(ColumnWords::Quantity(quantity, _)) if quantity.id == "systolic"));
        assert_eq!(column_words("測定 日時"), Some(ColumnWords::Moment));
        assert_eq!(column_words("メモ"), None);
        assert_eq!(apple_type("HKQuantityTypeIdentifierStepCount").first().unwrap().quantity.id, "steps");
        assert_eq!(connect_type("StepsRecord"), connect_type("Steps"));
    }
}
