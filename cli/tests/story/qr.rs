//! A notebook and a summary as QR codes, shown by one notebook and read by another.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook, count};

const HANAKO: &str = FAMILY[0].0;

/// A notebook with medicines of many days, so that they do not fit into one code.
pub(crate) fn with_medicines() -> Notebook {
    let notebook = Notebook::of_the_family();
    let of_day = |day: u32| {
        format!(
            "5,202604{day:02},1\n11,見本薬局{day},13,4,1234567,,,,1\n51,見本病院,13,1,1234567,1\n\
             201,1,見本の錠剤{day}mg,3,錠,1,,1\n301,1,1日3回毎食後,28,日分,1,1,,1\n"
        )
    };
    let days: Vec<String> = (1..=12).map(of_day).collect();
    let text = format!("JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n{}", days.concat());
    fs::write(notebook.path("notebook.txt"), text).unwrap();
    notebook.run(&["import", "notebook.txt", "--person", HANAKO]).ok();
    notebook
}

/// Makes codes and gives their line and where the pictures are.
pub(crate) fn codes(notebook: &Notebook, form: &str, out: &str) -> (Value, Vec<PathBuf>) {
    let line = notebook.run(&["qr", "--as", form, "--out", out, "--person", HANAKO, "--json"]).ok().line();
    let files = line["codes"].as_array().unwrap().iter().map(|file| notebook.path(file.as_str().unwrap())).collect();
    (line, files)
}

fn titles(notebook: &Notebook, kind: &str) -> Vec<String> {
    let events = notebook.run(&["timeline", "--person", HANAKO, "--kind", kind, "--json"]).ok().lines();
    let mut titles = Vec::new();
    for event in events {
        let shown = notebook.run(&["show", event["id"].as_str().unwrap(), "--json"]).ok().lines();
        titles.extend(shown.iter().filter_map(|line| line["title"].as_str().map(str::to_owned)));
    }
    titles.sort();
    titles
}

#[test]
fn a_notebook_passes_to_another_phone_by_its_codes_in_any_order() {
    let giver = with_medicines();
    let (line, mut files) = codes(&giver, "jahis", "codes");
    assert!(files.len() > 1 && line["format"] == "jahis" && line["path"].is_null(), "{line}");
    let taker = Notebook::of_the_family();
    files.reverse();
    let last = files.len() - 1;
    for (number, file) in files.iter().enumerate() {
        let said = taker.run(&["import", file.to_str().unwrap(), "--person", HANAKO, "--json"]).ok().lines();
        assert_eq!(said.iter().any(|line| count(line, "ready") > 0), number == last, "{said:?}");
    }
    let tablets = |notebook: &Notebook| -> Vec<String> {
        titles(notebook, "medication").into_iter().filter(|title| title.starts_with("見本の錠剤")).collect()
    };
    assert_eq!(tablets(&giver).len(), 12);
    assert_eq!(tablets(&taker), tablets(&giver));
}

#[test]
fn a_summary_passes_by_its_codes_and_what_is_sensitive_does_not() {
    let giver = with_medicines();
    let (line, files) = codes(&giver, "ips", "codes");
    let taker = Notebook::of_the_family();
    let mut ready = 0;
    for file in &files {
        let said = taker.run(&["import", file.to_str().unwrap(), "--person", HANAKO, "--json"]).ok().lines();
        ready += said.iter().filter(|line| line["format"] == "hand-over-codes").map(|line| count(line, "ready")).sum::<usize>();
    }
    let written: usize = line["people"].as_array().unwrap().iter().map(|person| count(person, "records")).sum();
    assert!(written >= 12 && ready >= written, "{written} {ready}");

    let medicine = giver.run(&["search", "見本の錠剤3mg", "--json"]).ok().lines().remove(0);
    giver.run(&["sensitive", medicine["id"].as_str().unwrap()]).ok();
    let (without, _) = codes(&giver, "ips", "without");
    assert!(without["not_carried"].as_array().unwrap().iter().any(|one| one["reason"] == "withheld"), "{without}");
    let fewer: usize = without["people"].as_array().unwrap().iter().map(|person| count(person, "records")).sum();
    assert!(fewer < written, "{fewer} {written}");
}

#[test]
fn nothing_is_written_over_and_nothing_is_made_of_nothing() {
    let notebook = with_medicines();
    fs::create_dir(notebook.path("codes")).unwrap();
    notebook.run(&["qr", "--as", "jahis", "--out", "codes", "--person", HANAKO]).ended(22);
    assert_eq!(fs::read_dir(notebook.path("codes")).unwrap().count(), 0);
    let said = notebook.run(&["qr", "--as", "jahis", "--out", "other", "--person", HANAKO, "--kind", "school_checkup", "--json"]).ended(9);
    assert!(!notebook.path("other").exists(), "{}", said.out);
    // The ledger knows what was shown, and that it was shown once.
    codes(&notebook, "jahis", "shown");
    let ledger = notebook.run(&["ledger", "--json"]).ok().lines();
    assert_eq!(ledger.iter().filter(|line| line["act"] == "exported").count(), 1, "{ledger:?}");
}
