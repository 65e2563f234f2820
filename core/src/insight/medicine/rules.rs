//! The numbers of the rules about medicines, from their data file with source and edition.

use std::sync::LazyLock;

const RULES: &str = include_str!("../data/medicine-rules.tsv");

/// The edition of the rules, to be shown with what they find.
pub const RULES_EDITION: &str = "1 (2026-11)";

static NUMBERS: LazyLock<Vec<(&'static str, u64)>> = LazyLock::new(|| {
    let lines = RULES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
    lines.filter_map(|line| line.split_once('\t').and_then(|(rule, rest)| Some((rule, rest.split('\t').next()?.parse().ok()?)))).collect()
});

fn number(rule: &str) -> u64 {
    NUMBERS.iter().find(|(own, _)| *own == rule).map_or(0, |(_, number)| *number)
}

/// Digits of a code that tell the ingredient.
pub(super) fn price_code_digits() -> usize {
    usize::try_from(number("price-code-digits")).unwrap_or(0)
}

/// For so many days a prescription can be handed in, its own day among them.
pub(super) fn prescription_days() -> u64 {
    number("prescription-days")
}

/// So many days after it was handed out, a medicine without days is still listed.
pub(super) fn apart_days() -> u64 {
    number("apart-days")
}

/// So many days before a day medicines are looked for.
pub fn look_back_days() -> u64 {
    number("look-back-days")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_a_number_and_the_edition_is_the_files() {
        assert_eq!(NUMBERS.len(), 5);
        assert!([price_code_digits() as u64, prescription_days(), apart_days(), look_back_days()].iter().all(|number| *number > 0));
        let (edition, month) = RULES_EDITION.split_once(' ').unwrap_or_default();
        assert!(RULES.starts_with(&format!("# Rules about medicines, edition {edition} {month}.")));
    }
}
