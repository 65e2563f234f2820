//! Values of an answer: dates, numbers with a unit behind them, yes and no.

use unicode_normalization::UnicodeNormalization;

use crate::{
    base::{PartialDate, fold},
    formats::tokutei::{parse_number, read_time},
    record::{Unit, Value},
    terms::known_unit,
};

/// A date in any shape, and the time on its clock where there is one.
pub(in crate::formats) fn date(text: &str) -> Option<(PartialDate, Option<String>)> {
    read_time(text)
}

/// A number and the unit that is written behind it, as written; none for anything else. `any_unit` takes words we do not
/// know for a unit too.
pub(super) fn number(text: &str, any_unit: bool) -> Option<(Value, Option<Unit>)> {
    let folded: String = text.trim().nfkc().collect();
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '<' | '>' | '=' | '≦' | '≧' | '≤' | '≥');
    let end = folded.find(|c: char| !is_of_number(c)).unwrap_or(folded.len());
    let (digits, unit) = folded.split_at_checked(end)?;
    let unit = unit.trim();
    if !unit.is_empty() && !any_unit && known_unit(unit).is_none() {
        return None;
    }
    Some((parse_number(digits)?, (!unit.is_empty()).then(|| read_unit(unit))))
}

/// A unit as it is written, with its code where our table has it.
pub(super) fn read_unit(written: &str) -> Unit {
    Unit { shown: written.to_owned(), ucum: known_unit(written).map(str::to_owned) }
}

/// Whether words say yes or no; none where they say neither.
pub(super) fn yes_or_no(words: &str) -> Option<bool> {
    match fold(words).as_str() {
        "なし" | "無" | "無し" | "未" | "未接種" | "未実施" | "いいえ" | "false" | "×" => Some(false),
        "あり" | "有" | "有り" | "済" | "済み" | "接種" | "接種済" | "接種済み" | "実施" | "実施済" | "はい" | "true" | "○" => {
            Some(true)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_with_the_unit_behind_it_and_not_with_words() {
        let read = |text: &str| {
            number(text, false).map(|(value, unit)| match value {
                Value::Number { decimal, .. } => {
                    format!("{decimal} {}", unit.map(|unit| unit.shown).unwrap_or_default()).trim_end().to_owned()
                }
                other => format!("{other:?}"),
            })
        };
        assert_eq!(read("75.20").as_deref(), Some("75.20"));
        assert_eq!(read("９．６ｋｇ").as_deref(), Some("9.6 kg"));
        assert_eq!(read("9600 g").as_deref(), Some("9600 g"));
        for words in ["測定せず", "10か月", "75.2 cm くらい", "", "2024-05-03"] {
            assert_eq!(read(words), None, "{words}");
        }
    }

    #[test]
    fn every_shape_of_a_date_is_read() {
        for text in ["20240401", "2024-04-01", "令和6年4月1日", "2024年4月1日", "R6.4.1", "２０２４／４／１"] {
            assert_eq!(date(text).map(|(day, _)| day.to_string()).as_deref(), Some("2024-04-01"), "{text}");
        }
        assert_eq!(date("2024-04-01 10:20").and_then(|(_, time)| time).as_deref(), Some("10:20"));
        assert_eq!(date("不明"), None);
    }
}
