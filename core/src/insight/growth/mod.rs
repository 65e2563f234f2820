//! How a child grows beside a reference: the Japanese percentiles of 2023, the Japanese reference of 2000 as far as its
//! figures are known, WHO's standards. Says where a value stands among children of that age; judges nothing.

mod age;
mod curves;
mod lms;
mod obesity;
mod rules;
mod tables;

use chrono::NaiveDate;

pub use age::{Age, Corrected, Read, age, is_preterm};
pub use curves::{Curve, curves};
pub use obesity::{Obesity, ObesityClass, obesity};
pub use rules::RULES_EDITION as GROWTH_RULES_EDITION;
use tables::Row;

use crate::record::Sex;

/// The curves every reference is shown by.
pub const PERCENTILES: [f64; 7] = [3.0, 10.0, 25.0, 50.0, 75.0, 90.0, 97.0];
/// The same as distances from the middle (spec §6.2).
const SCORES: [f64; 7] = [-1.880_79, -1.281_55, -0.674_49, 0.0, 0.674_49, 1.281_55, 1.880_79];
/// Beyond this many standard deviations a formula says nothing about a child any more.
const LAST_SCORE: f64 = 6.0;
/// Days of a month, as WHO counts them.
const MONTH: f64 = 30.4375;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// 体重
    Weight,
    /// 身長
    Height,
    /// 頭囲
    Head,
    /// Body mass index.
    Bmi,
}

impl Measure {
    /// Every one, in the order of a chart book.
    pub const ALL: &'static [Self] = &[Self::Weight, Self::Height, Self::Head, Self::Bmi];

    /// Its id. Never renamed.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Height => "height",
            Self::Head => "head",
            Self::Bmi => "bmi",
        }
    }

    /// The measure with this id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|measure| measure.id() == id)
    }

    /// The quantity's id in `terms`.
    pub const fn quantity(self) -> &'static str {
        match self {
            Self::Weight => "body-weight",
            Self::Height => "body-height",
            Self::Head => "head-circumference",
            Self::Bmi => "bmi",
        }
    }

    /// The measure of a quantity of `terms`.
    pub fn of_quantity(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|measure| measure.quantity() == id)
    }

    /// The unit the references are in.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Weight => "kg",
            Self::Height | Self::Head => "cm",
            Self::Bmi => "kg/m2",
        }
    }
}

/// Whose figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// 令和5年(2023年)乳幼児身体発育調査: percentiles without a distribution behind them.
    Japan2023,
    /// The Japanese reference of 2000: height at exact years, BMI.
    Japan2000,
    /// WHO Child Growth Standards 2006.
    Who,
}

impl Reference {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Japan2023, Self::Japan2000, Self::Who];

    /// Its id. Never renamed.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Japan2023 => "2023",
            Self::Japan2000 => "2000",
            Self::Who => "who",
        }
    }

    /// The reference with this id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reference| reference.id() == id)
    }

    /// The Japanese reference that has this measure: 2023, and for BMI, which 2023 does not have, 2000.
    pub const fn of_measure(measure: Measure) -> Self {
        match measure {
            Measure::Weight | Measure::Height | Measure::Head => Self::Japan2023,
            Measure::Bmi => Self::Japan2000,
        }
    }
}

/// Where a value stands among children of that age and sex.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Of a hundred children so many are below; 3 to 97. Between two curves it is taken linearly.
    pub percentile: f64,
    /// Beyond the outermost curve; the percentile is then that curve's.
    pub beyond: Option<Beyond>,
    /// Standard deviations from the middle, where the reference has them and the value is one that they speak about.
    pub z: Option<f64>,
}

/// On which side of the outermost curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Above the 97th percentile.
    Above,
    /// Below the 3rd.
    Below,
}

impl Beyond {
    /// Its id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The reference does not have this measure, or its figures are not in our sources.
    NoFigures,
    /// It speaks about ages from 0 to below this many months only.
    Older {
        /// Months.
        months: u32,
    },
    /// Its figures are known at exact years of age only, and this is none.
    BetweenYears,
    /// The day is before birth.
    BeforeBirth,
    /// Before the day the child was due: these curves are about children born at term.
    BeforeDue,
    /// The day of birth, or the day itself, is not known.
    NoAge,
    /// No number above zero in a unit that is known.
    NoValue,
}

/// Where `value`, in the measure's unit, stands at the age that is read.
///
/// # Errors
/// Why the reference says nothing about it.
pub fn place(reference: Reference, measure: Measure, sex: Sex, read: Read, value: f64) -> Result<Place, Gap> {
    if !(value.is_finite() && value > 0.0) {
        return Err(Gap::NoValue);
    }
    match tables::row(reference, measure, sex, read)? {
        Row::Percentiles(curves) => Ok(between(&curves, value)),
        Row::Normal { mean, deviation } => Ok(at_score((value - mean) / deviation)),
        Row::Lms(lms) => Ok(at_score(lms.score(value, reference == Reference::Who))),
    }
}

/// A place by a table of percentiles alone.
fn between(curves: &[f64; 7], value: f64) -> Place {
    let percentile = match (curves.first(), curves.last()) {
        (Some(first), _) if value < *first => return Place { percentile: PERCENTILES[0], beyond: Some(Beyond::Below), z: None },
        (_, Some(last)) if value > *last => return Place { percentile: PERCENTILES[6], beyond: Some(Beyond::Above), z: None },
        _ => lms::between(curves, &PERCENTILES, value),
    };
    Place { percentile, beyond: None, z: None }
}

/// A place by a distribution.
fn at_score(z: f64) -> Place {
    let (percentile, beyond) = if z < SCORES[0] {
        (PERCENTILES[0], Some(Beyond::Below))
    } else if z > SCORES[6] {
        (PERCENTILES[6], Some(Beyond::Above))
    } else {
        ((lms::share_below(z) * 100.0).clamp(PERCENTILES[0], PERCENTILES[6]), None)
    };
    Place { percentile, beyond, z: Some(z).filter(|z| z.abs() <= LAST_SCORE) }
}

/// Below and above which a child's value is asked about before it is written down: a slip of the unit or of a digit, far
/// beyond the outermost curves. None where nothing is known about the age, or the value is within.
pub fn implausible_at(measure: Measure, sex: Sex, born: NaiveDate, preterm: bool, on: NaiveDate, value: f64) -> Option<(f64, f64)> {
    let read = Read { from: born, on };
    let (low, high) = rules::plausible(measure)?;
    let Ok(Row::Percentiles(curves)) = tables::row(Reference::Japan2023, measure, sex, read) else { return None };
    let (first, last) = (curves.first()? * low, curves.last()? * high);
    // A child born early can weigh very little for months, and must not be asked about each time.
    let first = if preterm && measure == Measure::Weight { 0.0 } else { first };
    (value < first || value > last).then_some((first, last))
}
