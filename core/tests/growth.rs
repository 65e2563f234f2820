//! Where a child's value stands: cases worked by hand, printed with their reasons, and what must hold for any child.
#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use techo_core::{
    insight::growth::{self, Corrected, Gap, Measure, Place, Read, Reference},
    record::{Gestation, Sex},
};

struct Case {
    name: String,
    reference: Reference,
    measure: Measure,
    sex: Sex,
    born: NaiveDate,
    gestation: Option<Gestation>,
    on: NaiveDate,
    corrects: bool,
    value: f64,
    age: u32,
    corrected: Option<u32>,
    percentile: Option<f64>,
    beyond: Option<String>,
    z: Option<f64>,
    reason: String,
}

fn filled<T: std::str::FromStr>(text: &str) -> Option<T>
where
    T::Err: std::fmt::Debug,
{
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn cases() -> Vec<Case> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/growth/cases.tsv");
    let text = std::fs::read_to_string(file).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let case = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(columns.len(), 15, "{line}");
        Case {
            name: columns[0].to_owned(),
            reference: Reference::of_id(columns[1]).unwrap(),
            measure: Measure::of_id(columns[2]).unwrap(),
            sex: if columns[3] == "male" { Sex::Male } else { Sex::Female },
            born: columns[4].parse().unwrap(),
            gestation: filled(columns[5]),
            on: columns[6].parse().unwrap(),
            corrects: columns[7] == "yes",
            value: columns[8].parse().unwrap(),
            age: columns[9].parse().unwrap(),
            corrected: filled(columns[10]),
            percentile: filled(columns[11]),
            beyond: filled(columns[12]),
            z: filled(columns[13]),
            reason: columns[14].to_owned(),
        }
    };
    rows.map(case).collect()
}

fn placed(case: &Case) -> (u32, Option<u32>, Result<Place, Gap>) {
    let age = growth::age(case.born, case.gestation, case.on, case.corrects).unwrap();
    let corrected = if let Corrected::Days(days) = age.corrected { Some(days) } else { None };
    let place = age.read.ok_or(Gap::BeforeDue);
    (age.days, corrected, place.and_then(|read| growth::place(case.reference, case.measure, case.sex, read, case.value)))
}

fn is_close(found: Option<f64>, wanted: Option<f64>, by: f64) -> bool {
    match (found, wanted) {
        (Some(found), Some(wanted)) => (found - wanted).abs() <= by,
        (None, None) => true,
        _ => false,
    }
}

#[test]
fn every_case_that_was_worked_by_hand_comes_out() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let (age, corrected, place) = placed(case);
        let found = place.ok();
        let beyond = found.and_then(|place| place.beyond).map(|beyond| beyond.id().to_owned());
        let (percentile, z) = (found.map(|place| place.percentile), found.and_then(|place| place.z));
        let is_right = age == case.age
            && corrected == case.corrected
            && is_close(percentile, case.percentile, 0.15)
            && beyond == case.beyond
            && is_close(z, case.z, 0.006);
        let shown = |number: Option<f64>| number.map_or_else(|| "null".to_owned(), |number| format!("{number:.2}"));
        println!(
            "{:28} {:4} {:6} {:10} age {:5} corrected {:>5}  percentile {:>6} {:5}  z {:>6}  {}",
            case.name,
            case.reference.id(),
            case.measure.id(),
            case.value,
            age,
            corrected.map_or_else(|| "null".to_owned(), |days| days.to_string()),
            shown(percentile),
            beyond.as_deref().unwrap_or(""),
            shown(z),
            case.reason
        );
        if !is_right {
            wrong.push(case.name.as_str());
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases are wrong: {}", wrong.len(), cases.len(), wrong.join(", "));
}

/// The figures that ship are those of the tables that were handed over.
#[test]
fn the_table_of_2023_is_the_published_one() {
    let Some(shared) = std::env::var_os("TECHO_SHARED") else {
        println!("SKIPPED: TECHO_SHARED is not set; the table of 2023 is not compared with the one that was handed over");
        return;
    };
    let theirs = std::fs::read_to_string(Path::new(&shared).join("spec/tables/growth-japan-2023-percentiles.tsv")).unwrap();
    let mut count = 0;
    for line in theirs.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (from, until): (f64, f64) = (columns[5].parse().unwrap(), columns[6].parse().unwrap());
        let sex = if columns[2] == "male" { Sex::Male } else { Sex::Female };
        let curves = growth::curves(Reference::Japan2023, Measure::of_id(columns[0]).unwrap(), sex, 1e6);
        for (curve, value) in curves.iter().zip(&columns[7..]) {
            let at = f64::midpoint(from, until) * 30.4375;
            let own = curve.points.iter().find(|(day, _)| (day - at).abs() < 0.01).unwrap();
            assert!((own.1 - value.parse::<f64>().unwrap()).abs() < 1e-9, "{line}");
            count += 1;
        }
    }
    assert_eq!(count, 130 * 7);
}

#[test]
fn who_by_day_is_who_by_month_where_the_months_end() {
    let Some(shared) = std::env::var_os("TECHO_SHARED") else {
        println!("SKIPPED: TECHO_SHARED is not set; WHO's monthly tables are not compared");
        return;
    };
    let born: NaiveDate = "2019-06-20".parse().unwrap();
    for (measure, file) in [(Measure::Weight, "wfa"), (Measure::Height, "lhfa"), (Measure::Bmi, "bmi")] {
        let path = Path::new(&shared).join(format!("samples/growth/who/month_{file}.json"));
        let table: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for (sex, key) in [(Sex::Male, "M"), (Sex::Female, "F")] {
            for (month, median) in table[key]["i"].as_array().unwrap().iter().zip(table[key]["m"].as_array().unwrap()) {
                let (month, median) = (month.as_f64().unwrap(), median.as_f64().unwrap());
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day below two thousand")]
                let day = (month * 30.4375).floor() as u64;
                let z = |day: u64| growth::place(Reference::Who, measure, sex, Read { from: born, on: born + Days::new(day) }, median);
                // A month ends between two days; at 24 months the standing begins, and at 60 the table ends.
                let last = if [24.0, 60.0].iter().any(|end| (month - end).abs() < 0.5) { day } else { day + 1 };
                let (one, other) = (z(day).unwrap().z.unwrap(), z(last).unwrap().z.unwrap());
                assert!(one.min(other) < 0.01 && one.max(other) > -0.01, "{measure:?} {key} {month}: {one} {other}");
            }
        }
    }
}

#[test]
fn a_degree_of_obesity_is_by_the_published_formula_and_only_where_there_is_one() {
    let read = |months: u32| {
        let born: NaiveDate = "2019-06-20".parse().unwrap();
        Read { from: born, on: born + chrono::Months::new(months) }
    };
    let degree = |sex, months, height, weight| growth::obesity(sex, read(months), height, weight);
    // 100 cm: 0.00206·10000 − 0.1166·100 + 6.5273 = 15.4673 kg (spec §6.3); 16.0 kg is +3.4 %.
    let found = degree(Sex::Male, 48, 100.0, 16.0).unwrap();
    assert!((found.percent - 3.444).abs() < 0.01 && found.class.is_none(), "{found:?}");
    // Girls of 100 cm: 24.9 − 18.58 + 9.036 = 15.356 kg.
    for (weight, class) in [(15.356 * 1.149, None), (15.356 * 1.1501, Some("太りぎみ")), (15.356 * 1.2001, Some("やや太りすぎ"))]
    {
        assert_eq!(degree(Sex::Female, 48, 100.0, weight).unwrap().class.map(|class| class.japanese), class, "{weight}");
    }
    for (weight, class) in [(15.356 * 1.31, Some("太りすぎ")), (15.356 * 0.851, None), (15.356 * 0.8499, Some("やせ"))] {
        assert_eq!(degree(Sex::Female, 48, 100.0, weight).unwrap().class.map(|class| class.japanese), class, "{weight}");
    }
    // Seventeen: boys 0.672·170 − 53.642 = 60.598 kg.
    let found = degree(Sex::Male, 17 * 12, 170.0, 60.598).unwrap();
    assert!(found.percent.abs() < 0.01 && !found.is_infant, "{found:?}");
    for (months, height) in [(11, 74.0), (72, 115.0), (120, 138.0), (48, 69.9), (48, 120.1), (18 * 12, 170.0)] {
        assert_eq!(degree(Sex::Male, months, height, 20.0), None, "{months} months, {height} cm");
    }
}

#[test]
fn nothing_is_said_of_a_value_that_is_no_number_and_of_a_day_before_birth() {
    let born: NaiveDate = "2019-06-20".parse().unwrap();
    let read = Read { from: born, on: born };
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(growth::place(Reference::Japan2023, Measure::Weight, Sex::Male, read, value), Err(Gap::NoValue));
    }
    assert_eq!(growth::age(born, None, born.pred_opt().unwrap(), true), None);
}

fn any_reference() -> impl Strategy<Value = (Reference, Measure)> {
    let known = Reference::ALL.iter().flat_map(|reference| Measure::ALL.iter().map(|measure| (*reference, *measure)));
    prop::sample::select(known.collect::<Vec<_>>())
}

proptest! {
    // What fails is put among the cases; a file of seeds beside this one would only be found by accident.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_larger_value_never_stands_lower_and_no_place_is_outside_of_the_curves(
        (reference, measure) in any_reference(), girl in any::<bool>(), days in 0_u64..2400, low in 0.01..300.0_f64, more in 0.0..50.0_f64,
    ) {
        let sex = if girl { Sex::Female } else { Sex::Male };
        let born: NaiveDate = "2018-03-31".parse().unwrap();
        let read = Read { from: born, on: born + Days::new(days) };
        let (one, other) = (growth::place(reference, measure, sex, read, low), growth::place(reference, measure, sex, read, low + more));
        if let (Ok(one), Ok(other)) = (one, other) {
            prop_assert!(one.percentile <= other.percentile, "{one:?} {other:?}");
            if let (Some(one), Some(other)) = (one.z, other.z) {
                prop_assert!(one <= other + 1e-9);
            }
            for place in [one, other] {
                prop_assert!((3.0..=97.0).contains(&place.percentile), "{place:?}");
                prop_assert!(place.beyond.is_none() || (place.percentile - 50.0).abs() > 46.999_999);
                prop_assert!(place.z.is_none_or(|z| z.abs() <= 6.0));
                prop_assert!(reference != Reference::Japan2023 || place.z.is_none());
            }
        } else {
            prop_assert_eq!(one.is_err(), other.is_err());
        }
    }

    #[test]
    fn a_value_on_a_curve_has_that_curves_percentile(
        (reference, measure) in any_reference(), girl in any::<bool>(), nth in 0_usize..7, at in 0_usize..2000,
    ) {
        let sex = if girl { Sex::Female } else { Sex::Male };
        let curves = growth::curves(reference, measure, sex, 1e6);
        prop_assume!(!curves.is_empty() && curves[nth].joined);
        let (day, value) = curves[nth].points[at % curves[nth].points.len()];
        let born: NaiveDate = "2000-01-01".parse().unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day below seven thousand")]
        let whole = day.round() as u64;
        let read = Read { from: born, on: born + Days::new(whole) };
        let place = growth::place(reference, measure, sex, read, value);
        // The points of 2023 and 2000 stand at parts of days.
        let Ok(place) = place else { return Ok(()) };
        prop_assert!((place.percentile - growth::PERCENTILES[nth]).abs() < 1.5, "{reference:?} {measure:?} {day}: {place:?}");
    }

    #[test]
    fn months_of_age_never_run_backwards(born in 0_u64..3000, days in 0_u64..7000) {
        let born = "2015-01-01".parse::<NaiveDate>().unwrap() + Days::new(born);
        let months = |days: u64| Read { from: born, on: born + Days::new(days) }.months();
        let (one, other) = (months(days), months(days + 1));
        prop_assert!(one <= other && other <= one + 1);
        prop_assert!(born + chrono::Months::new(one) <= born + Days::new(days));
    }
}
