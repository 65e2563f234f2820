//! A program that is killed in the middle of an import loses nothing that it had said; a log that was flipped or deleted
//! afterwards is named, or nothing that was said is missing.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
};

use crate::notebook::{Notebook, copy};

const KILLS: usize = 15;
const FILES: usize = 40;

/// A document with one observation, unlike every other.
fn write_document(path: &Path, number: usize) {
    let (year, month, day) = (2000 + number / 336, 1 + number / 28 % 12, 1 + number % 28);
    let observation = serde_json::json!({
        "resourceType": "Observation", "status": "final",
        "code": {"text": "体重", "coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "effectiveDateTime": format!("{year}-{month:02}-{day:02}"),
        "valueQuantity": {"value": 50, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
        "note": [{"text": format!("文書 {number}")}],
    });
    fs::write(path, observation.to_string()).unwrap();
}

/// The documents that stand in the timeline.
fn there(notebook: &Notebook, vault: &str) -> Result<BTreeSet<String>, i32> {
    let said = notebook.run_on(vault, &["timeline", "--json"]);
    if said.code != 0 {
        return Err(said.code);
    }
    Ok(said.lines().iter().map(|line| line["document"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn a_killed_import_loses_nothing_that_was_said() {
    let notebook = Notebook::of_the_family();
    let mut said = BTreeSet::new();
    let mut logs = 0;
    for round in 0..KILLS {
        let names: Vec<String> = (0..FILES).map(|file| format!("{}.json", round * FILES + file)).collect();
        names.iter().enumerate().for_each(|(file, name)| write_document(&notebook.path(name), round * FILES + file));
        let mut arguments = vec!["import", "--person", "手帳 花子", "--json"];
        arguments.extend(names.iter().map(String::as_str));
        let mut child = notebook.command(&arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let take = |line: String| serde_json::from_str::<serde_json::Value>(&line).ok()?["document"].as_str().map(str::to_owned);
        // After another number of lines each time, at once: wherever it is then.
        let before = said.len();
        said.extend(lines.by_ref().take(1 + round * 2).map(|line| take(line.unwrap()).expect("a line per document")));
        child.kill().unwrap();
        // What was written before the end of it was said too; a line that was cut off was not.
        said.extend(lines.map_while(Result::ok).filter_map(take));
        child.wait().unwrap();
        assert!(said.len() > before, "round {round} came to nothing");

        let log = notebook.epoch().join("vault-wal");
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            logs += 1;
            the_log_is_named_or_not_needed(&notebook, &said, round);
        }
        let there = there(&notebook, "vault").unwrap_or_else(|code| panic!("round {round}: exit {code}"));
        assert!(said.is_subset(&there), "round {round}: missing {:?}", said.difference(&there).collect::<Vec<_>>());
        // What was committed when it fell, before it could be said: of each round one at most.
        assert!(there.len() - said.len() <= round + 1, "round {round}: {} more than was said", there.len() - said.len());
    }
    assert!(logs > KILLS / 2, "only {logs} kills left a log; this test wants to meet them");
    let verified = notebook.run(&["verify", "--json"]).ok().line();
    assert_eq!(verified["ok"], true);
}

/// Flips a bit of the log, or deletes it, in a copy.
fn the_log_is_named_or_not_needed(notebook: &Notebook, said: &BTreeSet<String>, round: usize) {
    let log = |vault: &str| {
        let epoch = notebook.epoch();
        notebook.path(vault).join(epoch.file_name().unwrap()).join("vault-wal")
    };
    for (what, vault) in [("flipped", format!("flipped-{round}")), ("deleted", format!("deleted-{round}"))] {
        copy(&notebook.path("vault"), &notebook.path(&vault));
        let path = log(&vault);
        if what == "flipped" {
            let mut bytes = fs::read(&path).unwrap();
            let place = (round * 7919 + 40) % bytes.len();
            bytes[place] ^= 1 << (round % 8);
            fs::write(&path, bytes).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        match there(notebook, &vault) {
            Err(code) => assert!((14..=17).contains(&code), "round {round}: a {what} log ends with {code}"),
            Ok(there) => assert!(said.is_subset(&there), "round {round}: a {what} log loses in silence"),
        }
        fs::remove_dir_all(notebook.path(&vault)).unwrap();
    }
}
