//! What an item of a checkup measures, in plain words, and in which band of the issuing body a value lies. Both are data files
//! with source and edition. No diagnosis: a band is what was published, and a professional says what it means for somebody.

use std::sync::LazyLock;

use rust_decimal::Decimal as Number;

use crate::{
    insight::series_of,
    record::{Body, Fact, Sex, Value},
};

const EXPLANATIONS: &str = include_str!("../data/explanations.tsv");
const BANDS: &str = include_str!("../data/checkup-bands.tsv");

/// The edition of the explanations.
pub const EXPLANATIONS_EDITION: &str = "1 (2026-11)";
/// The edition of the bands.
pub const BANDS_EDITION: &str = "1 (2026-11)";
/// From this age on the bands are meant for somebody.
pub const BANDS_FROM_YEARS: u32 = 20;

/// What an item measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// A quantity's id, or `code:` and the beginning of a code.
    item: &'static str,
    /// In やさしい日本語.
    pub japanese: &'static str,
    /// In plain English.
    pub english: &'static str,
}

/// How far a value is from the ordinary, by the published limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Within both limits.
    Within,
    /// 保健指導判定値
    Guidance,
    /// 受診勧奨判定値
    Advice,
}

impl Level {
    /// Its id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Guidance => "guidance",
            Self::Advice => "advice",
        }
    }
}

/// The published limits of an item, and where a value lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckupBand {
    /// Where the value lies.
    pub level: Level,
    /// The limit of guidance as published: `"≥130"`.
    pub guidance: Option<String>,
    /// The limit of advice.
    pub advice: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    AtLeast,
    AtMost,
    Below,
    RankAtLeast,
}

struct Limit {
    item: &'static str,
    sex: Option<Sex>,
    level: Level,
    compare: Compare,
    bound: Number,
}

static ITEMS: LazyLock<Vec<Explanation>> = LazyLock::new(|| rows(EXPLANATIONS).filter_map(explanation).collect());
static LIMITS: LazyLock<Vec<Limit>> = LazyLock::new(|| rows(BANDS).filter_map(limit).collect());

fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1)
}

fn explanation(line: &'static str) -> Option<Explanation> {
    let [item, japanese, english] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    Some(Explanation { item, japanese, english })
}

fn limit(line: &'static str) -> Option<Limit> {
    let [item, sex, level, compare, limit] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let sex = match sex {
        "male" => Some(Sex::Male),
        "female" => Some(Sex::Female),
        "" => None,
        _ => return None,
    };
    let level = match level {
        "guidance" => Level::Guidance,
        "advice" => Level::Advice,
        _ => return None,
    };
    let compare = match compare {
        ">=" => Compare::AtLeast,
        "<=" => Compare::AtMost,
        "<" => Compare::Below,
        "rank>=" => Compare::RankAtLeast,
        _ => return None,
    };
    Some(Limit { item, sex, level, compare, bound: limit.parse().ok()? })
}

/// What a record's item measures; none where nobody has explained it yet.
pub fn explanation_of(fact: &Fact) -> Option<&'static Explanation> {
    let series = series_of(fact).map(|series| series.key);
    let by_quantity = series.as_deref().and_then(|key| ITEMS.iter().find(|item| item.item == key));
    let starts = |item: &Explanation| {
        let prefix = item.item.strip_prefix("code:")?;
        fact.concept.codings.iter().any(|coding| coding.code.starts_with(prefix)).then_some(())
    };
    by_quantity.or_else(|| ITEMS.iter().find(|item| starts(item).is_some()))
}

/// The band of the issuing body a record's value lies in; none where no limits are published for its item and unit, or it is no
/// value that can be compared.
pub fn checkup_band(fact: &Fact, sex: Sex) -> Option<CheckupBand> {
    let Body::Observation(observation) = &fact.body else { return None };
    let key = series_of(fact)?.key;
    let limits = || LIMITS.iter().filter(|limit| limit.item == key && limit.sex.is_none_or(|own| own == sex));
    let reaches = |limit: &Limit| match (&observation.value, limit.compare) {
        (Value::Number { comparator: None, decimal }, Compare::AtLeast) => Some(decimal.number() >= limit.bound),
        (Value::Number { comparator: None, decimal }, Compare::AtMost) => Some(decimal.number() <= limit.bound),
        (Value::Number { comparator: None, decimal }, Compare::Below) => Some(decimal.number() < limit.bound),
        (Value::Coded { rank: Some(rank), .. }, Compare::RankAtLeast) => Some(Number::from(*rank) >= limit.bound),
        _ => None,
    };
    let mut level = None;
    for limit in limits() {
        let is_there = reaches(limit)?;
        level = level.max(Some(if is_there { limit.level } else { Level::Within }));
    }
    let text = |wanted: Level| limits().find(|limit| limit.level == wanted).map(Limit::text);
    Some(CheckupBand { level: level?, guidance: text(Level::Guidance), advice: text(Level::Advice) })
}

impl Limit {
    fn text(&self) -> String {
        match self.compare {
            Compare::AtLeast => format!("≥{}", self.bound),
            Compare::AtMost => format!("≤{}", self.bound),
            Compare::Below => format!("<{}", self.bound),
            Compare::RankAtLeast => (if self.bound <= Number::TWO { "±" } else { "＋" }).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{
        record::{Coding, Concept, Observation, Standing, Unit},
        terms::{Kind, quantity},
    };

    fn fact(code: &str, value: Value, unit: Option<&str>) -> Fact {
        let mut observation = Observation::new(value);
        observation.unit = unit.map(|unit| Unit { shown: unit.to_owned(), ucum: Some(unit.to_owned()) });
        Fact {
            kind: Kind::Measurement,
            title: String::new(),
            concept: Concept::of(Coding::new("1.2.392.200119.6.1005", code)),
            when: None,
            body: Body::Observation(observation),
            at: String::new(),
            said_by: None,
            standing: Standing::Understood,
        }
    }

    fn measured(code: &str, value: &str, unit: &str) -> Fact {
        fact(code, Value::Number { comparator: None, decimal: value.parse().unwrap() }, Some(unit))
    }

    #[test]
    fn no_row_is_dropped_and_every_item_is_one_that_there_is() {
        assert_eq!((ITEMS.len(), LIMITS.len()), (rows(EXPLANATIONS).count(), rows(BANDS).count()));
        assert!(ITEMS.iter().all(|item| item.item.starts_with("code:") || quantity(item.item).is_some()));
        assert!(LIMITS.iter().all(|limit| quantity(limit.item).is_some()));
        for item in ITEMS.iter() {
            assert!(item.japanese.ends_with('。') && item.english.ends_with('.'), "{}", item.item);
        }
    }

    #[test]
    fn a_value_at_a_limit_has_reached_it() {
        let level = |code: &str, value: &str, unit: &str, sex| checkup_band(&measured(code, value, unit), sex).unwrap().level;
        for (value, wanted) in [("129", Level::Within), ("130", Level::Guidance), ("139", Level::Guidance), ("140", Level::Advice)] {
            assert_eq!(level("9A751000000000001", value, "mm[Hg]", Sex::Male), wanted, "{value}");
        }
        assert_eq!(level("9N016160100000001", "87", "cm", Sex::Male), Level::Guidance);
        assert_eq!(level("9N016160100000001", "87", "cm", Sex::Female), Level::Within);
        for (value, wanted) in [("13.1", Level::Within), ("13.0", Level::Guidance), ("12.0", Level::Advice)] {
            assert_eq!(level("2A030000001930101", value, "g/dL", Sex::Male), wanted, "{value}");
        }
        assert_eq!(level("3F070000002327101", "30", "mg/dL", Sex::Male), Level::Guidance, "a second limit of HDL is not certain");
    }

    #[test]
    fn a_graded_answer_is_compared_by_its_place_and_another_unit_not_at_all() {
        let graded = |rank| fact("1A010000000191111", Value::Coded { choice: Concept::text("±"), meaning: None, rank: Some(rank) }, None);
        let levels: Vec<Level> = [1, 2, 3, 5].map(|rank| checkup_band(&graded(rank), Sex::Female).unwrap().level).to_vec();
        assert_eq!(levels, [Level::Within, Level::Guidance, Level::Advice, Level::Advice]);
        assert_eq!(checkup_band(&measured("3D010000001926101", "5.6", "mmol/L"), Sex::Male), None);
        let beyond = fact(
            "3D010000001926101",
            Value::Number { comparator: Some(crate::record::Comparator::Less), decimal: "100".parse().unwrap() },
            Some("mg/dL"),
        );
        assert_eq!(checkup_band(&beyond, Sex::Male), None, "below a limit of measuring is no value");
    }

    #[test]
    fn an_item_is_explained_by_its_quantity_or_its_code_and_others_are_not() {
        assert!(explanation_of(&measured("9A752000000000001", "120", "mm[Hg]")).unwrap().japanese.contains("血圧"));
        let smoking = fact("9N736000000000011", Value::Text("はい".to_owned()), None);
        assert!(explanation_of(&smoking).unwrap().english.contains("smoking"));
        assert_eq!(explanation_of(&fact("9N808000000000011", Value::Text("はい".to_owned()), None)), None);
    }
}
