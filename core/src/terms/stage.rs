//! Which infant checkup a name stands for: 3〜4か月, １歳６ヶ月, 3歳児. Towns write these in many ways.

use std::sync::LazyLock;

use super::table::rows;
use crate::base::fold;

const STAGES: &str = include_str!("data/infant-checkup-stages.tsv");

/// The stage of an infant's life a checkup belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfantStage {
    /// Our id, for example `"18m"`.
    pub id: &'static str,
    /// What the checkup is called, for example `"1歳6か月児健診"`.
    pub japanese: &'static str,
    /// The same in English.
    pub english: &'static str,
}

static TABLE: LazyLock<Vec<(&'static str, InfantStage)>> = LazyLock::new(|| {
    rows::<5>(STAGES).map(|[holds, id, japanese, english, _source]| (holds, InfantStage { id, japanese, english })).collect()
});

/// Every stage once, the youngest last as the table has them.
pub fn infant_stages() -> Vec<InfantStage> {
    let mut stages: Vec<InfantStage> = Vec::new();
    for (_, stage) in &*TABLE {
        if stages.iter().all(|known| known.id != stage.id) {
            stages.push(*stage);
        }
    }
    stages
}

/// The stage that a name speaks of; none where it speaks of none.
pub fn infant_stage(name: &str) -> Option<InfantStage> {
    let key = stage_key(name);
    let is_in = |holds: &str| {
        key.match_indices(holds)
            .any(|(at, _)| !key.get(..at).and_then(|before| before.chars().next_back()).is_some_and(|c| c.is_ascii_digit()))
    };
    TABLE.iter().find(|(holds, _)| is_in(holds)).map(|(_, stage)| *stage)
}

fn stage_key(name: &str) -> String {
    let folded = fold(name);
    let mut key = String::with_capacity(folded.len());
    let mut rest = folded.chars().peekable();
    while let Some(character) = rest.next() {
        let before_month = matches!(rest.peek(), Some('月'));
        match character {
            ' ' => {}
            '才' => key.push('歳'),
            'ゖ' | 'ゕ' | 'け' | 'ヶ' | 'ヵ' | '箇' | '個' | 'ケ' if before_month => key.push('か'),
            '~' | '〜' | '-' | '−' | '‐' | '–' | '—' | 'ー' | '・' | '、' | ',' | '/' => key.push('〜'),
            '一' => key.push('1'),
            '二' => key.push('2'),
            '三' => key.push('3'),
            '四' => key.push('4'),
            '五' => key.push('5'),
            '六' => key.push('6'),
            '七' => key.push('7'),
            '九' => key.push('9'),
            _ => key.push(character),
        }
    }
    // 3か月〜4か月 and 3〜4か月 are one name.
    key.replace("か月〜", "〜").replace("児〜", "〜")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn every_way_of_writing_a_stage_is_known() {
        assert_eq!(row_count(STAGES), TABLE.len());
        for (name, id) in [
            ("１か月児健診", "1m"),
            ("3～4か月児健康診査", "3-4m"),
            ("３・４ヶ月児健診", "3-4m"),
            ("3か月児健診", "3-4m"),
            ("４カ月児健康診査情報", "3-4m"),
            ("3か月～4か月児健診", "3-4m"),
            ("6-7ヵ月児健康診査", "6-7m"),
            ("9～10か月児健康診査", "9-10m"),
            ("10か月児健診", "9-10m"),
            ("１歳６か月児健康診査", "18m"),
            ("１才６ケ月児健診", "18m"),
            ("一歳六か月児健康診査", "18m"),
            ("三歳児健診", "3y"),
            ("３歳６か月児健康診査", "3y"),
            ("５歳児健康診査", "5y"),
            ("新生児訪問", "newborn"),
        ] {
            assert_eq!(infant_stage(name).map(|stage| stage.id), Some(id), "{name}: {}", stage_key(name));
        }
        for name in ["乳幼児健診情報", "健診結果", "13歳", "21か月", ""] {
            assert_eq!(infant_stage(name), None, "{name}");
        }
        assert!(infant_stages().len() > 9);
    }
}
