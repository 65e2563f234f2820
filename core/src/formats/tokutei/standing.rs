//! How far an observation is to be trusted: whether its item is known, its value is of the item's type, and the words beside
//! the code are the item's own. Units and ranges are checked later, for every format alike.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    base::fold,
    record::{Reason, Standing, Value},
    terms::{Item, Kind, ValueType, items},
};

/// Codes by name: whole names, and names without what stands in brackets.
struct Names {
    whole: HashMap<String, Vec<&'static str>>,
    base: HashMap<String, Vec<&'static str>>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { whole: HashMap::new(), base: HashMap::new() };
    for item in items() {
        let key = name_key(item.name);
        names.base.entry(base_name(&key).to_owned()).or_default().push(item.code);
        names.whole.entry(key).or_default().push(item.code);
    }
    names
});

/// The kind of a fact: by its item, else by its value.
pub(super) fn kind(item: Option<&Item>, value: &Value) -> Kind {
    let is_measured = match item {
        Some(item) => matches!(item.value_type, ValueType::Quantity | ValueType::Ordinal),
        None => matches!(value, Value::Number { .. } | Value::Between { .. }),
    };
    if is_measured { Kind::Measurement } else { Kind::Finding }
}

/// What to think of a value, given the words that came with the item's code.
pub(super) fn standing(item: Option<&Item>, display: Option<&str>, value: &Value) -> Standing {
    let Some(item) = item else { return Standing::NotUnderstood };
    if display.is_some_and(|display| is_another_items(display, item)) {
        return Standing::Quarantined(Reason::Name);
    }
    let fits = match value {
        Value::Number { .. } | Value::Between { .. } => item.value_type == ValueType::Quantity,
        Value::Coded { .. } => matches!(item.value_type, ValueType::Coded | ValueType::Ordinal),
        Value::Text(_) => item.value_type == ValueType::Text,
        Value::Absent { .. } => true,
    };
    match value {
        _ if !fits => Standing::Quarantined(Reason::Type),
        Value::Coded { meaning: None, .. } => Standing::NotUnderstood,
        _ => Standing::Understood,
    }
}

/// Whether the words are the name of some other item. Words that no item has are nobody's: systems rename freely.
fn is_another_items(display: &str, item: &Item) -> bool {
    if display == item.name {
        return false;
    }
    let key = name_key(display);
    let owners = NAMES.whole.get(&key).or_else(|| NAMES.base.get(base_name(&key)));
    owners.is_some_and(|owners| !owners.contains(&item.code))
}

fn name_key(name: &str) -> String {
    fold(name)
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| match c {
            '[' | '〔' | '【' | '〈' | '{' => '(',
            ']' | '〕' | '】' | '〉' | '}' => ')',
            _ => c,
        })
        .collect()
}

fn base_name(key: &str) -> &str {
    key.split('(').next().filter(|base| !base.is_empty()).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::terms::item;

    fn is_foreign(code: &str, display: &str) -> bool {
        is_another_items(display, item(None, code).unwrap())
    }

    #[test]
    fn words_of_another_item_are_noticed_in_any_width_and_bracket() {
        assert!(is_foreign("9N001000000000001", "収縮期血圧"));
        assert!(is_foreign("9N001000000000001", "収縮期血圧（その他）"));
        assert!(is_foreign("3F015000002327101", "随時中性脂肪【トリグリセリド】"));
    }

    #[test]
    fn an_old_or_shortened_name_is_nobodys() {
        for display in ["空腹時中性脂肪", "空腹時中性脂肪（トリグリセリド）", "中性脂肪", "中性脂肪(トリグリセリド)", "TG"]
        {
            assert!(!is_foreign("3F015000002327101", display), "{display}");
        }
        assert!(!is_foreign("9A755000000000001", "収縮期血圧"));
    }

    #[test]
    fn no_item_is_taken_for_another_by_its_own_name() {
        for item in items() {
            assert!(!is_another_items(&item.name.replace('(', "（"), item), "{}", item.name);
        }
    }
}
