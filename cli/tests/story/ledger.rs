//! The ledger as a person reads it, and as anybody can check it: the exported file is verified here by the rule of
//! `docs/formats/ledger.md` alone, without a line of the vault's code.

use std::fs;

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook, count, family_files, text};

/// SHA-256 of pieces that stand behind each other.
fn sha256(pieces: &[&[u8]]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, &pieces.concat()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from_digit(digit.into(), 16).unwrap()).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16).unwrap().try_into().unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Number of the first entry that does not follow, counted from 1, and the last chain value.
pub(crate) fn check(file: &str) -> (Option<usize>, String) {
    let (mut previous, mut broken) = (vec![0; 32], None);
    for (index, line) in file.lines().enumerate() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| entry[name].as_str().unwrap().to_owned();
        let words_fit = entry["detail"]
            .as_str()
            .is_none_or(|detail| hex(&sha256(&[field("salt").as_bytes(), detail.as_bytes()])) == field("detail_hash"));
        let hash = bytes(&field("detail_hash"));
        let chain = sha256(&[&previous, field("at").as_bytes(), b"\n", field("act").as_bytes(), b"\n", &hash]);
        if !words_fit || hex(&chain) != field("chain") {
            broken.get_or_insert(index + 1);
        } else if field("act") == "loss_accepted" {
            broken = None;
        }
        previous = bytes(&field("chain"));
    }
    (broken, hex(&previous))
}

#[test]
fn what_was_done_is_told_in_sentences_and_the_chain_can_be_checked_by_anybody() {
    let notebook = Notebook::of_the_family();
    assert_eq!(notebook.run(&["ledger", "--json"]).ok().lines().len(), 3);
    let files = family_files(FAMILY[0].0);
    notebook.run(&["import", text(&files[0]), text(&files[1]), "--person", FAMILY[0].0]).ok();
    notebook.run(&["export", "--format", "csv", "--person", FAMILY[0].0, "--out", "a.csv"]).ok();

    let lines = notebook.run(&["ledger", "--json"]).ok().lines();
    let acts: Vec<&str> = lines.iter().map(|line| line["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["person_added", "person_added", "person_added", "imported", "imported", "exported"]);
    assert_eq!((count(&lines[0], "number"), &lines[3]["people"][0]), (1, &Value::from(FAMILY[0].0)));
    assert!(lines[3]["detail"]["records"].is_number());
    // Of one person only, in the language asked for.
    let told = notebook.run(&["ledger", "--person", FAMILY[1].0, "--lang", "en"]).ok().out;
    assert!(told.lines().count() == 1 && told.contains("手帳 一郎 was added"), "{told}");
    let told = notebook.run(&["ledger"]).ok().out;
    assert!(told.contains("手帳 花子 の記録を書き出しました（csv）"), "{told}");
    assert!(!told.contains('{'), "a place was left open: {told}");

    let verified = notebook.run(&["ledger", "--verify", "--json"]).ok().line();
    assert_eq!((verified["ok"].as_bool(), count(&verified, "entries"), &verified["broken"]), (Some(true), 6, &Value::Null));
    let written = notebook.run(&["ledger", "--export", "ledger.jsonl", "--json"]).ok().line();
    assert_eq!(written["format"], "ledger");
    let file = fs::read_to_string(notebook.path("ledger.jsonl")).unwrap();
    let (broken, head) = check(&file);
    assert_eq!((broken, file.lines().count(), Value::from(head)), (None, 6, verified["head"].clone()));
    assert!(!file.contains("花子"), "people stand in it by id");
    notebook.run(&["ledger", "--export", "ledger.jsonl"]).ended(22);

    // Whatever is done to the file, the check names the place.
    let lines: Vec<&str> = file.lines().collect();
    let without = |gone: usize| [&lines[..gone], &lines[gone + 1..]].concat().join("\n");
    assert_eq!(check(&without(2)).0, Some(3));
    assert_eq!(check(&file.replacen("imported", "erased", 1)).0, Some(4));
    assert_eq!(check(&file.replacen("records\\\":", "records\\\":1", 1)).0, Some(4));
    // The export is an act, too.
    let last = notebook.run(&["ledger", "--lang", "en"]).ok().out;
    assert!(last.lines().last().unwrap().ends_with("The ledger was exported"), "{last}");
}

#[test]
fn an_erasure_takes_the_words_and_leaves_the_chain() {
    let notebook = Notebook::of_the_family();
    let file = &family_files(FAMILY[0].0)[0];
    let document = notebook.run(&["import", text(file), "--person", FAMILY[0].0, "--json"]).ok().line()["document"].clone();
    notebook.run(&["erase", "document", document.as_str().unwrap(), "--yes"]).ok();
    let lines = notebook.run(&["ledger", "--json"]).ok().lines();
    assert_eq!((&lines[3]["act"], &lines[3]["detail"]), (&Value::from("imported"), &Value::Null));
    assert!(notebook.run(&["ledger"]).ok().out.contains("（内容は消されています）"));
    assert_eq!(notebook.run(&["ledger", "--verify", "--json"]).ok().line()["ok"], true);
    notebook.run(&["ledger", "--export", "ledger.jsonl"]).ok();
    assert_eq!(check(&fs::read_to_string(notebook.path("ledger.jsonl")).unwrap()).0, None);
}
