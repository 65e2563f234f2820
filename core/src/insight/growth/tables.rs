//! The figures of the references, read once from their data files with source and edition.

use std::sync::LazyLock;

use super::{
    Gap, MONTH, Measure, Read, Reference,
    lms::{Lms, toward},
};
use crate::record::Sex;

const JAPAN_2023: &str = include_str!("../data/growth-2023.tsv");
const JAPAN_2000: &str = include_str!("../data/growth-2000.tsv");
const WHO: &str = include_str!("../data/growth-who.tsv");

/// The last months the reference of 2000 speaks about, by the narrower of the two ends that its papers give (spec §6.2):
/// 17.583 years for what is by L, M and S, below 18 years for height.
const LAST_LMS_MONTH: f64 = 211.0;
const LAST_HEIGHT_MONTH: u32 = 216;

/// What a reference says about an age.
pub(super) enum Row {
    Percentiles([f64; 7]),
    Normal { mean: f64, deviation: f64 },
    Lms(Lms),
}

/// A band of ages with its percentiles.
pub(super) struct Band {
    pub(super) at: f64,
    pub(super) to: f64,
    pub(super) curves: [f64; 7],
}

/// L, M and S from a day of age on.
pub(super) struct Knot {
    pub(super) day: f64,
    pub(super) lms: Lms,
}

/// A cubic piece: below which month, and its four factors.
type Piece = (f64, [f64; 4]);

struct Tables {
    bands: [[Vec<Band>; 2]; 3],
    heights: [Vec<(f64, f64)>; 2],
    bmi: [[Vec<Piece>; 3]; 2],
    who: [[Vec<Knot>; 2]; 4],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { bands: Default::default(), heights: Default::default(), bmi: Default::default(), who: Default::default() };
    for line in lines(JAPAN_2023) {
        let _: Option<()> = tables.take_2023(line);
    }
    for line in lines(JAPAN_2000) {
        let _: Option<()> = tables.take_2000(line);
    }
    for line in lines(WHO) {
        let _: Option<()> = tables.take_who(line);
    }
    tables
});

/// The rows of a data file.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1)
}

pub(super) fn columns<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    line.split('\t').collect::<Vec<_>>().try_into().ok()
}

pub(super) fn sex_of(word: &str) -> Option<Sex> {
    match word {
        "male" => Some(Sex::Male),
        "female" => Some(Sex::Female),
        _ => None,
    }
}

const fn of_sex<T>(pair: &[T; 2], sex: Sex) -> &T {
    match (pair, sex) {
        ([male, _], Sex::Male) => male,
        ([_, female], Sex::Female) => female,
    }
}

fn of_sex_mut<T>(pair: &mut [T; 2], sex: Sex) -> &mut T {
    match (pair, sex) {
        ([male, _], Sex::Male) => male,
        ([_, female], Sex::Female) => female,
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

impl Tables {
    fn take_2023(&mut self, line: &'static str) -> Option<()> {
        let [measure, sex, at, _from, to, curves @ ..] = columns::<12>(line)?;
        let mut read = [0.0; 7];
        for (place, text) in read.iter_mut().zip(curves) {
            *place = number(text)?;
        }
        let bands = self.bands.get_mut(Measure::of_id(measure)? as usize)?;
        of_sex_mut(bands, sex_of(sex)?).push(Band { at: number(at)?, to: number(to)?, curves: read });
        Some(())
    }

    fn take_2000(&mut self, line: &'static str) -> Option<()> {
        let [what, sex, years, below, a, b, c, d] = columns::<8>(line)?;
        let sex = sex_of(sex)?;
        if what == "height" {
            let heights = of_sex_mut(&mut self.heights, sex);
            // By the place in the list: the row of a year stands at that year.
            return (years.parse() == Ok(heights.len())).then(|| heights.push((number(a).unwrap_or(0.0), number(b).unwrap_or(0.0))));
        }
        let place = ["bmi-l", "bmi-m", "bmi-s"].iter().position(|own| *own == what)?;
        let below = if below.is_empty() { f64::INFINITY } else { number(below)? };
        let factors = [number(a)?, number(b)?, number(c)?, number(d)?];
        of_sex_mut(&mut self.bmi, sex).get_mut(place)?.push((below, factors));
        Some(())
    }

    fn take_who(&mut self, line: &'static str) -> Option<()> {
        let [measure, sex, day, skew, median, spread] = columns::<6>(line)?;
        let lms = Lms { skew: number(skew)?, median: number(median)?, spread: number(spread)? };
        let knots = self.who.get_mut(Measure::of_id(measure)? as usize)?;
        of_sex_mut(knots, sex_of(sex)?).push(Knot { day: number(day)?, lms });
        Some(())
    }
}

/// What the reference says about the age that is read.
pub(super) fn row(reference: Reference, measure: Measure, sex: Sex, read: Read) -> Result<Row, Gap> {
    let days = f64::from(read.days());
    match (reference, measure) {
        (Reference::Japan2023, Measure::Bmi) | (Reference::Japan2000, Measure::Weight | Measure::Head) => Err(Gap::NoFigures),
        (Reference::Japan2023, _) => percentiles_2023(measure, sex, days / MONTH).map(Row::Percentiles),
        (Reference::Japan2000, Measure::Height) => height_2000(sex, read).map(|(mean, deviation)| Row::Normal { mean, deviation }),
        (Reference::Japan2000, Measure::Bmi) => bmi_2000(sex, days / MONTH).map(Row::Lms),
        (Reference::Who, _) => who(measure, sex, days).map(Row::Lms),
    }
}

/// The bands of a measure; none where 2023 does not have it.
pub(super) fn bands(measure: Measure, sex: Sex) -> &'static [Band] {
    TABLES.bands.get(measure as usize).map_or(&[], |bands| of_sex(bands, sex).as_slice())
}

/// WHO's knots of a measure.
pub(super) fn knots(measure: Measure, sex: Sex) -> &'static [Knot] {
    TABLES.who.get(measure as usize).map_or(&[], |knots| of_sex(knots, sex).as_slice())
}

/// Mean and deviation of height at each year, the reference of 2000.
pub(super) fn heights(sex: Sex) -> &'static [(f64, f64)] {
    of_sex(&TABLES.heights, sex).as_slice()
}

/// Linear between the middles of two bands; behind the middle of the last band, until its end, what the band itself says.
fn percentiles_2023(measure: Measure, sex: Sex, months: f64) -> Result<[f64; 7], Gap> {
    let bands = bands(measure, sex);
    let last = bands.last().ok_or(Gap::NoFigures)?;
    if months >= last.to {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of months of a data file")]
        let months = last.to as u32;
        return Err(Gap::Older { months });
    }
    let Some(after) = bands.iter().position(|band| band.at > months) else { return Ok(last.curves) };
    let (Some(before), Some(after)) = (after.checked_sub(1).and_then(|place| bands.get(place)), bands.get(after)) else {
        return Err(Gap::NoFigures);
    };
    let share = (months - before.at) / (after.at - before.at);
    let mut curves = before.curves;
    for (own, next) in curves.iter_mut().zip(after.curves) {
        *own = toward(*own, next, share);
    }
    Ok(curves)
}

/// The row of a completed year is the table's for the month behind the birthday; the row of 0 is the day of birth.
fn height_2000(sex: Sex, read: Read) -> Result<(f64, f64), Gap> {
    let months = read.months();
    if months >= LAST_HEIGHT_MONTH {
        return Err(Gap::Older { months: LAST_HEIGHT_MONTH });
    }
    if !months.is_multiple_of(12) || (months == 0 && read.days() > 0) {
        return Err(Gap::BetweenYears);
    }
    let year = usize::try_from(months / 12).unwrap_or(usize::MAX);
    heights(sex).get(year).copied().ok_or(Gap::NoFigures)
}

/// L, M and S of BMI, the reference of 2000.
pub(super) fn bmi_2000(sex: Sex, months: f64) -> Result<Lms, Gap> {
    if months > LAST_LMS_MONTH {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of months")]
        let months = LAST_LMS_MONTH as u32;
        return Err(Gap::Older { months });
    }
    let [skew, median, spread] = of_sex(&TABLES.bmi, sex);
    let at = |pieces: &[Piece]| {
        let (_, [a, b, c, d]) = pieces.iter().find(|(below, _)| months < *below)?;
        Some(a.mul_add(months, *b).mul_add(months, *c).mul_add(months, *d))
    };
    let lms = || Some(Lms { skew: at(skew)?, median: at(median)?, spread: at(spread)? });
    lms().ok_or(Gap::NoFigures)
}

fn who(measure: Measure, sex: Sex, days: f64) -> Result<Lms, Gap> {
    let knots = knots(measure, sex);
    if days > knots.last().ok_or(Gap::NoFigures)?.day {
        return Err(Gap::Older { months: 61 });
    }
    let after = knots.iter().position(|knot| knot.day >= days).unwrap_or(0);
    let after_knot = knots.get(after).ok_or(Gap::NoFigures)?;
    let Some(before) = after.checked_sub(1).and_then(|place| knots.get(place)) else { return Ok(after_knot.lms) };
    Ok(before.lms.toward(after_knot.lms, (days - before.day) / (after_knot.day - before.day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_of_a_data_file_is_dropped_and_every_table_rises() {
        let bands: usize = TABLES.bands.iter().flatten().map(Vec::len).sum();
        assert_eq!((bands, lines(JAPAN_2023).count()), (130, 130));
        let pieces: usize = TABLES.bmi.iter().flatten().map(Vec::len).sum();
        let heights: usize = TABLES.heights.iter().map(Vec::len).sum();
        assert_eq!((heights, heights + pieces), (36, lines(JAPAN_2000).count()));
        let knots: usize = TABLES.who.iter().flatten().map(Vec::len).sum();
        assert_eq!(knots, lines(WHO).count());
        for bands in TABLES.bands.iter().flatten() {
            assert!(bands.windows(2).all(|pair| matches!(pair, [one, next] if one.at < next.at && one.to <= next.to)));
            assert!(bands.iter().all(|band| band.curves.windows(2).all(|pair| matches!(pair, [low, high] if low < high))));
        }
        for knots in TABLES.who.iter().flatten() {
            assert!(!knots.is_empty() && knots.windows(2).all(|pair| matches!(pair, [one, next] if one.day < next.day)));
            assert_eq!(knots.last().map(|knot| knot.day), Some(1826.0));
        }
        for pieces in TABLES.bmi.iter().flatten() {
            assert!(pieces.windows(2).all(|pair| matches!(pair, [one, next] if one.0 < next.0)));
            assert_eq!(pieces.last().map(|piece| piece.0), Some(f64::INFINITY));
        }
    }
}
