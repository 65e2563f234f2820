//! The rules of the checkup calendar, from their data file; a town's own rows replace the default's.

use std::sync::LazyLock;

use crate::{record::Sex, terms::Kind};

const RULES: &str = include_str!("../data/checkup-calendar.tsv");

/// The edition of the calendar's rules.
pub const CALENDAR_EDITION: &str = "1 (2026-11)";

/// When a checkup is to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// Once, from one age in months to another.
    Months(u32, u32),
    /// By the age at the end of the fiscal year, every so many fiscal years.
    FiscalYears(i32, i32, i32),
    /// In each school year, by this month and day.
    School(i32, i32, (u32, u32)),
    /// In the year before school, by this month and day.
    Entry((u32, u32)),
    /// By weeks of a pregnancy, every so many days.
    Pregnancy(i64, i64, u64),
}

/// A checkup that is to be had, and who says so.
#[derive(Clone, Copy, Debug)]
pub struct CheckupRule {
    /// The id, for example `"infant-18m"`.
    pub id: &'static str,
    town: &'static str,
    /// What kind of record it makes.
    pub kind: Kind,
    pub(super) span: Span,
    pub(super) sex: Option<Sex>,
    pub(super) names: &'static str,
    /// What it is called.
    pub japanese: &'static str,
    /// The same in English.
    pub english: &'static str,
    /// Who says so, with the mark of how sure it is.
    pub source: &'static str,
    /// The day on which it was checked.
    pub checked: &'static str,
}

static TABLE: LazyLock<Vec<CheckupRule>> = LazyLock::new(|| rows().filter_map(|columns| rule(&columns)).collect());

/// The rules for a town (by its code), or the national default.
pub(super) fn rules(town: Option<&str>) -> impl Iterator<Item = &'static CheckupRule> {
    let own: Vec<&'static CheckupRule> = TABLE.iter().filter(|rule| Some(rule.town) == town).collect();
    let replaced: Vec<&'static str> = own.iter().map(|rule| rule.id).collect();
    own.into_iter().chain(TABLE.iter().filter(move |rule| rule.town == "*" && !replaced.contains(&rule.id)))
}

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    RULES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1).map(|line| line.split('\t').collect())
}

fn rule(columns: &[&'static str]) -> Option<CheckupRule> {
    let [town, id, kind, span, every, sex, names, japanese, english, source, checked] = *columns else { return None };
    let sex = match sex {
        "" => None,
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => return None,
    };
    Some(CheckupRule { id, town, kind: kind.parse().ok()?, span: self::span(span, every)?, sex, names, japanese, english, source, checked })
}

fn span(text: &str, every: &str) -> Option<Span> {
    let range = |text: &str| text.split_once("..").and_then(|(from, to)| Some((from.parse::<i32>().ok()?, to.parse::<i32>().ok()?)));
    let until = |text: &str| text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    let Some((kind, rest)) = text.split_once(':') else {
        let (from, to) = text.split_once("..")?;
        return Some(Span::Months(from.strip_suffix('m')?.parse().ok()?, to.strip_suffix('m')?.parse().ok()?));
    };
    Some(match kind {
        "fy" => Span::FiscalYears(range(rest)?.0, range(rest)?.1, every.parse().ok()?),
        "school" => {
            let (years, day) = rest.split_once(':')?;
            Span::School(range(years)?.0, range(years)?.1, until(day)?)
        }
        "entry" => Span::Entry(until(rest)?),
        "pregnancy" => Span::Pregnancy(range(rest)?.0.into(), range(rest)?.1.into(), every.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_dropped_and_every_rule_says_how_sure_it_is() {
        assert_eq!(rows().count(), TABLE.len());
        assert!(TABLE.len() > 10 && RULES.contains(&format!("edition {CALENDAR_EDITION}")));
        for rule in &*TABLE {
            assert!(rule.source.starts_with(['S', 'R']) && !rule.japanese.is_ascii() && rule.checked.len() == 10, "{}", rule.id);
            assert_eq!(TABLE.iter().filter(|other| (other.town, other.id) == (rule.town, rule.id)).count(), 1, "{}", rule.id);
        }
    }
}
