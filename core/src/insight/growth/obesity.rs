//! 肥満度: how far a child's weight is from the standard weight of its height, in percent. Formulas and bands are data; an age
//! whose formula is not in our sources has none.

use std::sync::LazyLock;

use super::{Read, rules};
use crate::record::Sex;

/// How far a weight is from the standard of the height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Obesity {
    /// In percent; negative below the standard.
    pub percent: f64,
    /// The published name of the band; none in the ordinary one.
    pub class: Option<ObesityClass>,
    /// By the formula of small children (幼児), else by that of pupils.
    pub is_infant: bool,
}

/// The name of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObesityClass {
    /// As published.
    pub japanese: &'static str,
    /// What it means.
    pub english: &'static str,
}

/// A formula with the ages or heights it is for.
struct Standard {
    is_infant: bool,
    sex: Sex,
    low: f64,
    high: f64,
    factors: [f64; 3],
}

static STANDARDS: LazyLock<Vec<Standard>> = LazyLock::new(|| {
    let all = rules::ALL.iter().filter(|rule| rule.name == "standard-weight");
    all.filter_map(|rule| {
        let (group, sex) = rule.of.split_once(' ')?;
        let [a, b, c] = rule.factors;
        let low = rule.low?;
        Some(Standard {
            is_infant: group == "infant",
            sex: super::tables::sex_of(sex)?,
            low,
            high: rule.high.unwrap_or(low),
            factors: [a?, b?, c.unwrap_or(0.0)],
        })
    })
    .collect()
});

static CLASSES: LazyLock<Vec<(bool, f64, ObesityClass)>> = LazyLock::new(|| {
    let all = rules::ALL.iter().filter(|rule| rule.name == "class");
    all.filter_map(|rule| {
        let (japanese, english) = rule.words.split_once('=')?;
        Some((rule.of == "infant", rule.low?, ObesityClass { japanese, english }))
    })
    .collect()
});

/// The degree of obesity at an age since birth, of height in cm and weight in kg; none where no formula is for that child.
pub fn obesity(sex: Sex, age: Read, height: f64, weight: f64) -> Option<Obesity> {
    let years = age.months() / 12;
    let is_for = |standard: &&Standard| {
        let at = if standard.is_infant { height } else { f64::from(years) };
        standard.sex == sex && (1..6).contains(&years) == standard.is_infant && (standard.low..=standard.high).contains(&at)
    };
    let standard = STANDARDS.iter().find(is_for)?;
    let [a, b, c] = standard.factors;
    let ideal = if standard.is_infant { (a * height).mul_add(height, b.mul_add(height, c)) } else { a.mul_add(height, b) };
    if !(ideal > 0.0 && weight > 0.0) {
        return None;
    }
    let percent = (weight - ideal) / ideal * 100.0;
    let fits = |limit: f64| if limit < 0.0 { percent <= limit } else { percent >= limit };
    let class = CLASSES.iter().find(|(is_infant, limit, _)| *is_infant == standard.is_infant && fits(*limit)).map(|(.., class)| *class);
    Some(Obesity { percent, class, is_infant: standard.is_infant })
}
