//! What was measured at home: an export of Apple Health and a table of a meter, in, seen by days, and out.

use std::fs;

use crate::notebook::Notebook;

const EXPORT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ATTLIST Record\n  type CDATA (\n]>\n<HealthData locale=\"ja_JP\">\n \
    <Me HKCharacteristicTypeIdentifierDateOfBirth=\"1972-04-15\" HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexFemale\"/>\n \
    <Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"電話\" unit=\"count\" startDate=\"2026-05-03 07:12:33 +0900\" endDate=\"2026-05-03 07:22:33 +0900\" value=\"900\"/>\n \
    <Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"時計\" unit=\"count\" startDate=\"2026-05-03 07:12:33 +0900\" endDate=\"2026-05-03 07:22:33 +0900\" value=\"1000\"/>\n \
    <Workout workoutActivityType=\"HKWorkoutActivityTypeWalking\"/>\n</HealthData>\n";

#[test]
fn steps_go_in_as_samples_and_are_seen_as_days() {
    let notebook = Notebook::of_the_family();
    let path = notebook.path("書き出したデータ.xml");
    fs::write(&path, EXPORT).unwrap();
    let file = path.to_str().unwrap();
    let line = notebook.run(&["import", file, "--person", "手帳 花子", "--json"]).ok().line();
    assert_eq!((line["format"].as_str(), line["ready"].as_u64(), line["known"].as_u64()), (Some("apple-health"), Some(2), Some(0)));
    let again = notebook.run(&["import", file, "--person", "手帳 花子", "--json"]).ok().line();
    assert_eq!((again["already_here"].as_bool(), again["ready"].as_u64()), (Some(true), Some(0)));

    let days = notebook.run(&["history", "歩数", "--person", "手帳 花子", "--json"]).ok().lines();
    assert_eq!((days.len(), days[0]["value"].as_str(), days[0]["home"].as_bool()), (1, Some("1000"), Some(true)));
    let samples = notebook.run(&["show", days[0]["id"].as_str().unwrap(), "--json"]).ok().lines();
    let values: Vec<_> = samples.iter().map(|sample| (sample["value"].as_str().unwrap(), sample["source"].as_str().unwrap())).collect();
    assert_eq!(values, [("900", "電話"), ("1000", "時計")]);
    let shown = notebook.run(&["show", days[0]["id"].as_str().unwrap()]).ok().out;
    assert!(shown.contains("歩数") && shown.contains("07:12:33+09:00"), "{shown}");
    assert!(!notebook.run(&["search", "歩数", "--json"]).ok().lines().is_empty());
}

#[test]
fn a_table_needs_a_mapping_once() {
    let notebook = Notebook::of_the_family();
    let path = notebook.path("血圧.csv");
    fs::write(&path, "測定日時,最高血圧(mmHg),最低血圧(mmHg)\n2026/05/03 7:12,131,84\n2026/05/04 7:10,128,測定不能\n").unwrap();
    let file = path.to_str().unwrap();
    // Nobody is there to ask: what could be said is told, and nothing is taken in.
    let refused = notebook.run(&["import", file, "--person", "手帳 花子", "--json"]).ended(4).line();
    assert!(refused["refused"][0]["reason"].as_str().unwrap().contains("systolic=最高血圧(mmHg)"), "{refused}");
    let mapping = "moment=測定日時,systolic=最高血圧(mmHg),diastolic=最低血圧(mmHg)";
    let line = notebook.run(&["import", file, "--person", "手帳 花子", "--mapping", mapping, "--json"]).ended(3).line();
    assert_eq!((line["ready"].as_u64(), line["refused"][0]["place"].as_str()), (Some(3), Some("line 3")));
    // The next file of the device is read by itself.
    fs::write(&path, "測定日時,最高血圧(mmHg),最低血圧(mmHg)\n2026/05/05 7:12,129,83\n").unwrap();
    let next = notebook.run(&["import", file, "--person", "手帳 花子", "--json"]).ok().line();
    assert_eq!(next["ready"].as_u64(), Some(2));
}
