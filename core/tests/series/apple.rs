//! Apple Health as a stream.

use std::io::Cursor;

use techo_core::{
    formats::{FormatError, apple_health},
    record::{Sex, Value},
};

use crate::fixtures::{export, records, zipped};

#[test]
fn an_export_is_read_through_its_broken_declaration_and_its_control_characters() {
    for bytes in [export(&records(2)), zipped(&export(&records(2)))] {
        let mut file = Cursor::new(bytes);
        assert!(apple_health::holds_export(&mut file));
        let reading = apple_health::read(&mut file).unwrap();
        assert_eq!(
            (reading.subject.born.map(|day| day.to_string()), reading.subject.sex),
            (Some("1972-04-15".to_owned()), Some(Sex::Female))
        );
        assert!(reading.subject.names.is_empty());
        let days: Vec<_> =
            reading.days.iter().map(|day| (day.quantity.clone(), day.day.to_string(), day.samples.len(), day.unit.clone())).collect();
        let expected = [
            ("steps", "2026-05-01", 3, "{steps}"),
            ("steps", "2026-05-02", 3, "{steps}"),
            ("body-weight", "2026-05-01", 2, "kg"),
            ("body-weight", "2026-05-02", 1, "kg"),
            // The correlation repeats both; each is one.
            ("systolic", "2026-05-01", 1, "mm[Hg]"),
            ("diastolic", "2026-05-01", 1, "mm[Hg]"),
            ("oxygen-saturation", "2026-05-01", 1, "%"),
            // A night belongs to the day on which one wakes.
            ("sleep", "2026-05-01", 1, "min"),
        ];
        assert_eq!(days, expected.map(|(quantity, day, count, unit)| (quantity.to_owned(), day.to_owned(), count, unit.to_owned())));
        let refused: Vec<_> = reading.refused.iter().map(|refusal| refusal.place.as_str()).collect();
        assert_eq!(refused, ["Record 15", "Record 16"], "grams called kilograms, and a day that is none");
    }
}

#[test]
fn a_value_in_another_unit_is_converted_and_kept_as_written() {
    let reading = apple_health::read(&mut Cursor::new(export(&records(1)))).unwrap();
    let weight = reading.days.iter().find(|day| day.quantity == "body-weight").unwrap();
    let written: Vec<_> = weight.samples.iter().map(|sample| (sample.value.as_str(), sample.written.as_deref())).collect();
    assert_eq!(written, [("61.50", None), ("62.233", Some("137.2 lb"))]);
    let oxygen = reading.days.iter().find(|day| day.quantity == "oxygen-saturation").unwrap();
    assert_eq!((oxygen.samples[0].value.as_str(), oxygen.samples[0].written.as_deref()), ("98", Some("0.98 %")));
    let sleep = reading.days.iter().find(|day| day.quantity == "sleep").unwrap();
    assert_eq!((sleep.samples[0].value.as_str(), sleep.samples[0].written.as_deref()), ("360", Some("AsleepCore")));
}

#[test]
fn a_month_is_a_line_and_what_is_not_understood_is_counted_by_type() {
    let reading = apple_health::read(&mut Cursor::new(export(&records(2)))).unwrap();
    let titles: Vec<_> = reading.events.iter().map(|event| (event.title.as_str(), event.day.map(|day| day.to_string()))).collect();
    assert_eq!(
        titles,
        [
            ("自己測定（体重・収縮期血圧・拡張期血圧 ほか）", Some("2026-05".to_owned())),
            ("読み取れない種類の測定", Some("2026-05-31".to_owned()))
        ]
    );
    let steps = reading.events[0].facts.iter().find(|fact| fact.title == "歩数").unwrap();
    let techo_core::record::Body::Observation(observation) = &steps.body else { unreachable!("an observation") };
    // Two devices count the same steps; a day is what the one that counted most says, and never their sum.
    assert!(
        matches!(&observation.value, Value::Between { low: Some(low), high: Some(high) } if (low.as_str(), high.as_str()) == ("1050", "1050"))
    );
    let unknown: Vec<_> = reading.events[1].facts.iter().map(|fact| fact.title.as_str()).collect();
    assert_eq!(unknown, ["HKQuantityTypeIdentifierUVExposure", "Workout HKWorkoutActivityTypeWalking"]);
}

#[test]
fn a_cut_file_gives_what_is_whole_and_says_that_the_end_is_missing() {
    let whole = export(&records(2));
    let cut = &whole[..whole.len() - 1500];
    let reading = apple_health::read(&mut Cursor::new(cut)).unwrap();
    assert!(reading.samples > 0);
    assert!(matches!(reading.refused.last().unwrap().reason, FormatError::Malformed { fault: techo_core::formats::Fault::Truncated, .. }));
    let zip = zipped(&whole);
    assert!(!apple_health::holds_export(&mut Cursor::new(&zip[..zip.len() - 30])));
}

#[test]
fn a_labelled_my_number_is_never_taken_in() {
    let with = records(1).replacen("体重計", "個人番号 1234 5678 9018", 1);
    assert!(matches!(apple_health::read(&mut Cursor::new(export(&with))), Err(FormatError::MyNumber { .. })));
}
