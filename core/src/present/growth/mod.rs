//! How a child grows: every weight, height, head circumference and BMI with its age and where it stands beside a reference,
//! as a list and as a chart. The reference and its edition are always named; nothing is judged.

mod told;
mod words;

use chrono::NaiveDate;

use super::{
    Chart, Language, PointId,
    chart::{ChartLine, ChartPoint, GrowthParts, growth_chart},
};
use crate::{
    base::{PartialDate, PersonId},
    insight::{
        self,
        growth::{Age, Beyond, Corrected, Gap, Measure, Place, Read, Reference},
    },
    record::Person,
    vault::{Vault, VaultError},
};
use told::Told;
pub use words::{measure_name, reference_name};

/// What to show of a child's growth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrowthWish {
    /// Only this; all where none.
    pub measure: Option<Measure>,
    /// By whose figures; where none, the Japanese ones that have the measure.
    pub reference: Option<Reference>,
    /// Read a child born early by its corrected age, while it is young.
    pub corrected: bool,
}

impl Default for GrowthWish {
    fn default() -> Self {
        Self { measure: None, reference: None, corrected: true }
    }
}

/// A child's growth, ready to show.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthView {
    /// Whose.
    pub person: PersonId,
    /// The values, one measure behind the other, the earliest first.
    pub rows: Vec<GrowthRow>,
    /// What has to be said with them: whose figures, how the age was counted, what is not known. A sentence each.
    pub notes: Vec<String>,
    sex: crate::record::Sex,
    wish: GrowthWish,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthRow {
    /// What stands behind it; of a BMI that was worked out the weight.
    pub record: PointId,
    /// The day as known.
    pub date: Option<String>,
    /// What was measured.
    pub measure: Measure,
    /// Its name in the person's language.
    pub measure_text: &'static str,
    /// The value as measured.
    pub value: String,
    /// Its unit as measured.
    pub unit: String,
    /// Measured at home.
    pub home: bool,
    /// Worked out of the day's weight and height.
    pub computed: bool,
    /// Days since birth; none where the day or the day of birth is not known, or before birth.
    pub age_days: Option<u32>,
    /// Days since the day a child born early was due; none where that is not used, or still to come.
    pub corrected_age_days: Option<u32>,
    /// The age in words, the corrected one with it.
    pub age_text: String,
    /// Whose figures.
    pub reference: Reference,
    /// 3 to 97, to one decimal.
    pub percentile: Option<f64>,
    /// Beyond the outermost curves.
    pub beyond: Option<Beyond>,
    /// Standard deviations from the middle, to three decimals, where the reference has them.
    pub z: Option<f64>,
    /// Where it stands, or why that cannot be said.
    pub place_text: String,
    /// 肥満度 with its band, at a weight of a day with a height.
    pub obesity_text: Option<String>,
    read: Option<Read>,
    number: Option<f64>,
}

/// A person's growth. *Quick.*
pub fn growth(vault: &Vault, person: PersonId, wish: GrowthWish, language: Language) -> Result<GrowthView, VaultError> {
    let person = vault.person(person)?;
    let all = told::all(vault, person.id, language)?;
    let asked = Measure::ALL.iter().copied().filter(|measure| wish.measure.is_none_or(|wanted| wanted == *measure));
    let mut rows = Vec::new();
    for measure in asked {
        rows.extend(all.of(measure).iter().map(|told| row(&person, measure, told, wish, &all, language)));
    }
    let notes = words::notes(&person, &rows, wish, language);
    Ok(GrowthView { person: person.id, rows, notes, sex: person.sex, wish })
}

fn row(person: &Person, measure: Measure, told: &Told, wish: GrowthWish, all: &told::All, language: Language) -> GrowthRow {
    let reference = wish.reference.unwrap_or_else(|| Reference::of_measure(measure));
    let on = told.day.and_then(|day| day.known_day());
    let age = known_age(person, on, wish.corrected);
    let place = match &age {
        Ok(age) => match age.read {
            Some(read) => {
                told.number.ok_or(Gap::NoValue).and_then(|value| insight::growth::place(reference, measure, person.sex, read, value))
            }
            None => Err(Gap::BeforeDue),
        },
        Err(gap) => Err(*gap),
    };
    let age = age.ok();
    let obesity_text = (measure == Measure::Weight).then(|| obesity(person, told, all, language)).flatten();
    let rounded = |number: f64, digits: f64| (number * digits).round() / digits;
    let found = place.as_ref().ok();
    GrowthRow {
        record: told.record,
        date: told.day.map(|day| day.to_string()),
        measure,
        measure_text: measure_name(measure, language),
        value: told.value.clone(),
        unit: told.unit.clone(),
        home: told.home,
        computed: told.computed,
        age_days: age.map(|age| age.days),
        corrected_age_days: age.and_then(|age| match age.corrected {
            Corrected::Days(days) => Some(days),
            Corrected::Unused | Corrected::BeforeDue => None,
        }),
        age_text: age.zip(on).map(|(age, on)| words::age_text(person.born, on, age, language)).unwrap_or_default(),
        reference,
        percentile: found.map(|place| rounded(place.percentile, 10.0)),
        beyond: found.and_then(|place| place.beyond),
        z: found.and_then(|place: &Place| place.z).map(|z| rounded(z, 1000.0)),
        place_text: words::place_text(&place, reference, measure, language),
        obesity_text,
        read: age.and_then(|age| age.read),
        number: told.number,
    }
}

fn known_age(person: &Person, on: Option<NaiveDate>, corrects: bool) -> Result<Age, Gap> {
    let (born, on) = person.born.known_day().zip(on).ok_or(Gap::NoAge)?;
    insight::growth::age(born, person.gestation, on, corrects).ok_or(Gap::BeforeBirth)
}

fn obesity(person: &Person, weight: &Told, all: &told::All, language: Language) -> Option<String> {
    let on = weight.day?.known_day()?;
    let height = all.on_day(Measure::Height, PartialDate::Day(on), weight.home)?.number?;
    let read = Some(Read { from: person.born.known_day()?, on }).filter(|read| read.from <= read.on)?;
    let found = insight::growth::obesity(person.sex, read, height, weight.number?)?;
    Some(words::obesity_text(found, language))
}

impl GrowthView {
    /// Only what was measured until this day, as if it were today. What has no day stays out.
    pub fn until(&mut self, on: chrono::NaiveDate) {
        let is_past =
            |row: &GrowthRow| row.date.as_deref().and_then(|day| day.parse::<PartialDate>().ok()).is_some_and(|day| day.first_day() <= on);
        self.rows.retain(is_past);
    }

    /// The chart of a measure: its values along the age, behind them the curves of the reference. *Instant.*
    pub fn chart(&self, measure: Measure, language: Language) -> Chart {
        let reference = self.wish.reference.unwrap_or_else(|| Reference::of_measure(measure));
        let rows: Vec<&GrowthRow> = self.rows.iter().filter(|row| row.measure == measure).collect();
        let name = |home: bool| words::line_name(measure, home, language);
        let line = |home: bool| {
            let own = rows.iter().filter(|row| row.home == home);
            ChartLine { name: name(home), points: own.filter_map(|row| point(row)).collect(), range: None }
        };
        let mut lines = vec![line(false), line(true)];
        lines.retain(|line| !line.points.is_empty());
        let oldest = lines.iter().flat_map(|line| &line.points).map(|point| point.day).max().unwrap_or(0);
        let until = until(oldest);
        let drawn: usize = lines.iter().map(|line| line.points.len()).sum();
        growth_chart(
            GrowthParts {
                title: measure_name(measure, language).to_owned(),
                unit: measure.unit().to_owned(),
                curves: insight::growth::curves(reference, measure, self.sex, until),
                lines,
                until,
                edition: words::edition(reference, self.sex, language),
                not_charted: rows.len() - drawn,
            },
            language,
        )
    }

    /// The measures of which there are values.
    pub fn measures(&self) -> Vec<Measure> {
        Measure::ALL.iter().copied().filter(|measure| self.rows.iter().any(|row| row.measure == *measure)).collect()
    }
}

/// The right edge of a chart: one of a few ages, so that charts of one child can be laid beside each other.
fn until(oldest: i32) -> f64 {
    let months = [12.0, 24.0, 48.0, 78.0, 216.0];
    let days = |month: &f64| month * 30.4375;
    months.iter().map(days).find(|end| f64::from(oldest) <= *end).unwrap_or_else(|| f64::from(oldest) + 30.0)
}

fn point(row: &GrowthRow) -> Option<ChartPoint> {
    Some(ChartPoint {
        record: row.record,
        day: i32::try_from(row.read?.days()).ok()?,
        date: row.date.clone()?,
        height: row.number?,
        value: row.value.clone(),
        mark: None,
        corrected: row.corrected_age_days.is_some(),
        x: 0.0,
        y: 0.0,
        text: words::point_text(row),
    })
}
