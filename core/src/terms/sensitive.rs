//! Which groups of information are sensitive, and of what level for an information bank, by kind, code and name; two data
//! files with their sources. Knows no record: `insight` asks with what a record says.

use std::sync::LazyLock;

use super::{Kind, table::rows};
use crate::base::fold;

const SENSITIVE: &str = include_str!("data/sensitivity.tsv");
const LEVELS: &str = include_str!("data/information-level.tsv");

/// Why something is sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SensitiveGroup {
    /// 妊娠・出産
    Pregnancy,
    /// こころの健康
    Mental,
    /// HIV・肝炎・性感染症
    Infection,
}

impl SensitiveGroup {
    fn of_id(id: &str) -> Option<Self> {
        [Self::Pregnancy, Self::Mental, Self::Infection].into_iter().find(|group| group.id() == id)
    }

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pregnancy => "pregnancy",
            Self::Mental => "mental",
            Self::Infection => "infection",
        }
    }

    /// What a person reads, in Japanese.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Pregnancy => "妊娠・出産",
            Self::Mental => "こころの健康",
            Self::Infection => "感染症（HIV・肝炎・性感染症）",
        }
    }

    /// What a person reads, in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Pregnancy => "pregnancy",
            Self::Mental => "mental health",
            Self::Infection => "infections (HIV, hepatitis, sexually transmitted)",
        }
    }
}

/// What is asked about a record.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Kind of the event.
    pub event: Kind,
    /// Kind of the record.
    pub record: Kind,
    /// Names: titles, words of codes, institution, prescriber.
    pub names: &'a [&'a str],
    /// ICD-10 codes.
    pub icd10: &'a [&'a str],
    /// YJ and price-list codes.
    pub price_codes: &'a [&'a str],
}

enum Match {
    Kind,
    Name,
    Icd10,
    PriceCode,
}

struct Kinds {
    is_without: bool,
    listed: Vec<Kind>,
}

impl Kinds {
    fn of(column: &str) -> Self {
        let listed = |text: &str| text.split('|').filter_map(|kind| kind.parse().ok()).collect();
        match (column, column.strip_prefix('!')) {
            ("*", _) => Self { is_without: true, listed: Vec::new() },
            (_, Some(without)) => Self { is_without: true, listed: listed(without) },
            (_, None) => Self { is_without: false, listed: listed(column) },
        }
    }

    fn has(&self, kind: Kind) -> bool {
        self.listed.contains(&kind) != self.is_without
    }
}

struct Rule {
    kinds: Kinds,
    by: Match,
    /// Folded for names.
    words: Vec<String>,
    why: SensitiveGroup,
}

fn rule([_, kinds, by, words, why, _]: [&'static str; 6]) -> Option<Rule> {
    let by = match by {
        "kind" => Match::Kind,
        "name" => Match::Name,
        "icd10" => Match::Icd10,
        "yj" => Match::PriceCode,
        _ => return None,
    };
    let word = |word: &str| if matches!(by, Match::Name) { fold(word) } else { word.to_owned() };
    let words = words.split('|').filter(|word| !word.is_empty()).map(word).collect();
    Some(Rule { kinds: Kinds::of(kinds), by, words, why: SensitiveGroup::of_id(why)? })
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| rows::<6>(SENSITIVE).filter_map(rule).collect());

/// Why this is sensitive; none where no rule says so.
pub fn sensitive_group(asked: &Asked<'_>) -> Option<SensitiveGroup> {
    let names: LazyLock<Vec<String>, _> = LazyLock::new(|| asked.names.iter().map(|name| fold(name)).collect());
    let begins = |rule: &Rule, codes: &[&str]| codes.iter().any(|code| rule.words.iter().any(|word| code.starts_with(word.as_str())));
    let fits = |rule: &&Rule| match rule.by {
        Match::Kind => rule.kinds.has(asked.event) || rule.kinds.has(asked.record),
        Match::Name => {
            rule.kinds.has(asked.event)
                && rule.kinds.has(asked.record)
                && names.iter().any(|name| rule.words.iter().any(|word| holds(name, word)))
        }
        Match::Icd10 => begins(rule, asked.icd10),
        Match::PriceCode => begins(rule, asked.price_codes),
    };
    RULES.iter().find(fits).map(|rule| rule.why)
}

/// Whether a name holds a word. A short Latin word must not be the middle of another: HIV is not in "archive".
fn holds(name: &str, word: &str) -> bool {
    let is_latin = word.len() <= 5 && word.is_ascii();
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    name.match_indices(word).any(|(at, _)| {
        let before = name.get(..at).and_then(|text| text.chars().next_back());
        let behind = name.get(at + word.len()..).and_then(|text| text.chars().next());
        !is_latin || !(is_letter(before) || is_letter(behind))
    })
}

struct LevelRule {
    kinds: Kinds,
    is_own: bool,
    words: Vec<String>,
    level: u8,
}

static LEVEL_RULES: LazyLock<Vec<LevelRule>> = LazyLock::new(|| {
    let rule = |[_, kinds, from, words, level, _]: [&'static str; 6]| {
        let words = words.split('|').filter(|word| !word.is_empty()).map(fold).collect();
        Some(LevelRule { kinds: Kinds::of(kinds), is_own: from == "self", words, level: level.parse().ok()? })
    };
    rows::<6>(LEVELS).filter_map(rule).collect()
});

/// The level for an information bank, 1 to 3, of something that was not made anonymous (that would be 0). `is_own`: the
/// person or a device of theirs recorded it.
pub fn information_level(event: Kind, is_own: bool, names: &[&str]) -> u8 {
    let names: Vec<String> = names.iter().map(|name| fold(name)).collect();
    let fits = |rule: &&LevelRule| {
        rule.kinds.has(event)
            && (is_own || !rule.is_own)
            && (rule.words.is_empty() || names.iter().any(|name| rule.words.iter().any(|word| holds(name, word))))
    };
    LEVEL_RULES.iter().find(fits).map_or(3, |rule| rule.level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;

    fn asked<'a>(kind: Kind, names: &'a [&'a str]) -> Asked<'a> {
        Asked { event: kind, record: kind, names, icd10: &[], price_codes: &[] }
    }

    #[test]
    fn no_row_is_dropped_and_every_kind_is_one() {
        assert_eq!((row_count(SENSITIVE), row_count(LEVELS)), (RULES.len(), LEVEL_RULES.len()));
        let columns = rows::<6>(SENSITIVE).chain(rows::<6>(LEVELS)).map(|[_, kinds, ..]| kinds);
        for kinds in columns.filter(|kinds| *kinds != "*") {
            let kinds = kinds.trim_start_matches('!');
            assert_eq!(Kinds::of(kinds).listed.len(), kinds.split('|').count(), "{kinds}");
        }
    }

    #[test]
    fn the_named_groups_are_sensitive_and_their_neighbours_are_not() {
        let of = |kind, name: &str| sensitive_group(&asked(kind, &[name]));
        assert_eq!(of(Kind::Pregnancy, "血圧"), Some(SensitiveGroup::Pregnancy));
        assert_eq!(of(Kind::Finding, "妊娠の可能性"), Some(SensitiveGroup::Pregnancy));
        assert_eq!(of(Kind::Condition, "ウツ病"), Some(SensitiveGroup::Mental));
        assert_eq!(of(Kind::Medication, "こころ心療内科"), Some(SensitiveGroup::Mental));
        for name in ["ＨＩＶ抗体", "HBs抗原", "ＨＢｓＡｇ", "肝炎ウイルス検診", "梅毒TP抗体", "C型肝炎"] {
            assert_eq!(of(Kind::Laboratory, name), Some(SensitiveGroup::Infection), "{name}");
        }
        for name in ["archive", "うつぶせで寝る", "精神発達", "インフルエンザ", "血圧", "母子健康手帳"] {
            assert_eq!(of(Kind::Finding, name), None, "{name}");
        }
        // Every child is vaccinated against hepatitis B.
        assert_eq!(of(Kind::Vaccination, "B型肝炎"), None);
        let coded = |icd10: &[&str], price_codes: &[&str]| sensitive_group(&Asked { icd10, price_codes, ..asked(Kind::Condition, &[]) });
        assert_eq!(
            (coded(&["F32.9"], &[]), coded(&["B24"], &[]), coded(&["I10"], &[])),
            (Some(SensitiveGroup::Mental), Some(SensitiveGroup::Infection), None)
        );
        assert_eq!((coded(&[], &["1179042F1022"]), coded(&[], &["2149039F1022"])), (Some(SensitiveGroup::Mental), None));
    }

    #[test]
    fn the_level_is_of_kind_and_source() {
        assert_eq!(information_level(Kind::Measurement, true, &["体重"]), 1);
        assert_eq!(information_level(Kind::Checkup, false, &["体重"]), 2);
        assert_eq!(information_level(Kind::Vaccination, true, &["MR"]), 2);
        assert_eq!(information_level(Kind::Laboratory, false, &["尿酸"]), 3);
        assert_eq!(information_level(Kind::Measurement, true, &["腸内細菌 多様性"]), 3);
    }
}
