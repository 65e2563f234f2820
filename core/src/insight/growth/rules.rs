//! The numbers of the rules about growth, from their data file with source and edition.

use std::sync::LazyLock;

use super::Measure;

pub(super) const RULES: &str = include_str!("../data/growth-rules.tsv");

/// The edition of the rules, to be shown with what they find.
pub const RULES_EDITION: &str = "1 (2026-11)";

/// One row: which rule, of what, numbers, words.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) of: &'static str,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) factors: [Option<f64>; 3],
    pub(super) words: &'static str,
}

pub(super) static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    super::tables::lines(RULES)
        .filter_map(|line| {
            let [name, of, low, high, a, b, c, _source, words] = super::tables::columns::<9>(line)?;
            let number = |text: &str| text.parse::<f64>().ok();
            Some(Rule { name, of, low: number(low), high: number(high), factors: [number(a), number(b), number(c)], words })
        })
        .collect()
});

static CORRECTED: LazyLock<[u32; 3]> = LazyLock::new(|| ["born-before-days", "term-days", "until-months"].map(whole));

fn whole(of: &str) -> u32 {
    let found = super::tables::lines(RULES).find_map(|line| match super::tables::columns::<9>(line)? {
        ["corrected", own, _, high, ..] if own == of => high.parse().ok(),
        _ => None,
    });
    found.unwrap_or(0)
}

/// A child of a shorter pregnancy has a corrected age.
pub(super) fn born_before_days() -> u32 {
    let [days, _, _] = *CORRECTED;
    days
}

/// How long a pregnancy lasts to the day a child is due.
pub(super) fn term_days() -> u32 {
    let [_, days, _] = *CORRECTED;
    days
}

/// The corrected age is used below this age.
pub(super) fn corrected_until_months() -> u32 {
    let [_, _, months] = *CORRECTED;
    months
}

/// The share of the outermost curves within which a value is believed.
pub(super) fn plausible(measure: Measure) -> Option<(f64, f64)> {
    ALL.iter().find(|rule| rule.name == "plausible" && rule.of == measure.id()).and_then(|rule| rule.low.zip(rule.high))
}
