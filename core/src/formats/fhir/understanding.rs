//! How far an observation is understood: the item by its code, the answer by (system, code), and whether the words that
//! came with a code are another one's. Names are compared after NFKC, with brackets and spaces folded.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    base::fold,
    record::{Concept, Observation, Reason, Standing, Value},
    terms::{self, Answer, Item},
};

/// So many codes of one answer are compared with their tables. Real answers have one or two.
const CODINGS: usize = 8;
/// Vocabularies that are public and stable enough for a bare code to say what it is.
const PUBLIC: [&str; 12] = [
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://hl7.org/fhir/sid/",
    "http://unitsofmeasure.org",
    "http://www.whocc.no/atc",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://terminology.hl7.org/CodeSystem/",
    "http://medis.or.jp/CodeSystem/",
    "http://capstandard.jp/iyaku.info/CodeSystem/",
    "http://jpfhir.jp/fhir/",
    "1.2.392.200119.",
    "1.2.392.100495.",
];

/// The folded names of all known items, each with the codes that bear it.
static NAMES: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
    for item in terms::items() {
        names.entry(name_key(item.name)).or_default().push(item.code);
    }
    names
});

/// One spelling of a name: width, kana, case, spaces and the shape of brackets do not matter.
fn name_key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '「' | '」'));
    key
}

/// The checkup item a concept means, by any of its codes.
pub(super) fn known(item: &Concept) -> Option<&'static Item> {
    item.codings.iter().find_map(|coding| terms::item(Some(coding.system.as_deref()?), &coding.code))
}

/// What a choice means by its own table. Nothing, where its words are another answer's.
pub(super) fn answer(choice: &Concept) -> Option<Answer> {
    let found = choice.codings.iter().find_map(|coding| terms::answer(coding.system.as_deref()?, &coding.code))?;
    (!contradicts_itself(choice)).then_some(found)
}

/// Whether the words that came with an answer's code are those of another answer of the same table: 1 = 所見なし sent as
/// 所見あり. Published samples of 自治体検診 do that.
pub(super) fn contradicts_itself(choice: &Concept) -> bool {
    choice.codings.iter().take(CODINGS).any(|coding| {
        let (Some(system), Some(display)) = (coding.system.as_deref(), coding.display.as_deref()) else { return false };
        let Some(own) = terms::answer(system, &coding.code) else { return false };
        let said = name_key(display);
        if said == name_key(own.meaning) {
            return false;
        }
        let another = |code: u32| {
            let code = code.to_string();
            code != coding.code && terms::answer(system, &code).is_some_and(|other| name_key(other.meaning) == said)
        };
        (0..100).any(another)
    })
}

/// Whether the words that came with an item's code are another known item's name and not its own.
fn bears_another_name(item: &Concept) -> bool {
    item.codings.iter().any(|coding| {
        let (Some(system), Some(display)) = (coding.system.as_deref(), coding.display.as_deref()) else { return false };
        let is_item = terms::item(Some(system), &coding.code).is_some();
        is_item && NAMES.get(&name_key(display)).is_some_and(|codes| !codes.contains(&coding.code.as_str()))
    })
}

/// Whether a concept says what it is: in words, or by a code of a public vocabulary.
pub(super) fn is_readable(concept: &Concept) -> bool {
    let worded = concept.text.is_some() || concept.codings.iter().any(|coding| coding.display.is_some());
    worded || concept.codings.iter().any(|coding| !coding.code.is_empty() && coding.system.as_deref().is_some_and(is_public))
}

fn is_public(system: &str) -> bool {
    let bare = system.trim().trim_start_matches("urn:oid:");
    PUBLIC.iter().any(|public| bare.starts_with(public))
}

/// How far an item and its value are understood.
pub(super) fn of(item: &Concept, observation: &Observation) -> Standing {
    if bears_another_name(item) {
        return Standing::Quarantined(Reason::Name);
    }
    match &observation.value {
        Value::Coded { choice, meaning, .. } => {
            if contradicts_itself(choice) {
                return Standing::Quarantined(Reason::Name);
            }
            // An item of the masters answered by a code no table has: 不明なコード.
            let wants_table = known(item).is_some_and(|item| item.table.is_some());
            if meaning.is_none() && (wants_table || !is_readable(choice)) {
                return Standing::NotUnderstood;
            }
        }
        // A quantity whose number is none stays words.
        Value::Text(_) if observation.unit.is_some() => return Standing::Quarantined(Reason::Type),
        Value::Text(words) if words.starts_with('{') => return Standing::NotUnderstood,
        Value::Absent { detail: None, reason: crate::record::AbsentReason::Unknown } => return Standing::NotUnderstood,
        Value::Between { low: None, high: None } => return Standing::NotUnderstood,
        Value::Number { .. } | Value::Between { .. } | Value::Text(_) | Value::Absent { .. } => {}
    }
    // `registered`: there is no result yet, whatever stands there. `cancelled`: it was never obtained.
    if matches!(observation.status.as_deref(), Some("registered" | "cancelled" | "unknown")) {
        return Standing::NotUnderstood;
    }
    if known(item).is_some() || is_readable(item) { Standing::Understood } else { Standing::NotUnderstood }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Coding;

    fn coded(system: &str, code: &str, display: &str) -> Concept {
        Concept::of(Coding::new(system, code).with_display(display))
    }

    #[test]
    fn a_name_is_its_own_in_any_width_and_another_items_is_found_out() {
        let system = "urn:oid:1.2.392.200119.6.1005";
        assert!(!bears_another_name(&coded(system, "9N016160100000001", "腹囲（実測）")));
        assert!(!bears_another_name(&coded(system, "9N016160100000001", "ウエスト")));
        assert!(bears_another_name(&coded(system, "9N001000000000001", "収縮期血圧（１回目）")));
    }

    #[test]
    fn an_answer_with_the_words_of_its_opposite_means_nothing() {
        let table = "urn:oid:1.2.392.100495.100.2050";
        assert!(contradicts_itself(&coded(table, "1", "所見あり")));
        assert_eq!(answer(&coded(table, "1", "所見あり")), None);
        assert_eq!(answer(&coded(table, "1", "所見なし")).map(|answer| answer.meaning), Some("所見なし"));
        assert!(!contradicts_itself(&coded("urn:oid:1.2.392.100495.100.2740", "1", "異状認めず")));
    }
}
