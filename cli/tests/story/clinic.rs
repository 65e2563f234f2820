//! Showing and handing over at a clinic: the screen's lines, the card's states and pictures, the report.

use std::fs;

use serde_json::Value;

use crate::notebook::{Notebook, family_files, fields, text};

const HANAKO: &str = "手帳 花子";

fn notebook() -> Notebook {
    // One command each: every opening stretches the passphrase.
    let notebook = Notebook::new();
    notebook.run(&["person", "add", HANAKO, "--born", "1972-04-15", "--sex", "female"]).ok();
    let files = family_files(HANAKO);
    let import: Vec<&str> = ["import", "--person", HANAKO].into_iter().chain(files.iter().map(|file| text(file))).collect();
    notebook.run(&import);
    let by_hand =
        ["add", "allergy", "--name", "<b>ペニシリン</b>", "--reaction", "ショック", "--criticality", "high", "--on", "2010-05-01"];
    notebook.run(&[&by_hand[..], &["--person", HANAKO]].concat()).ok();
    notebook.run(&["add", "condition", "--name", "うつ病", "--on", "2025-05-01", "--person", HANAKO]).ok();
    notebook
}

fn shown(notebook: &Notebook, more: &[&str]) -> Vec<Value> {
    notebook.run(&[&["clinic", "--person", HANAKO, "--on", "2026-04-05", "--json"], more].concat()).ok().lines()
}

#[test]
fn the_screen_begins_with_the_allergies_and_every_showing_is_in_the_ledger() {
    let notebook = notebook();
    for occasion in ["first_visit", "emergency", "infant_checkup", "pharmacy", "checkup_advice", "nursery_school"] {
        let lines = shown(&notebook, &["--occasion", occasion]);
        assert!(lines.iter().all(|line| fields(line) == ["date", "section", "source", "title", "value"]));
        assert_eq!(lines[0]["section"], "allergies", "{occasion}");
        let said: Vec<&str> = lines.iter().rev().take(2).map(|line| line["section"].as_str().unwrap()).collect();
        assert_eq!(said, ["note", "fetched"]);
        assert!(lines.iter().all(|line| line["title"] != "うつ病"));
        assert!(lines.iter().any(|line| line["section"] == "left_out" && line["value"] == "conditions"), "{occasion}");
    }
    let sensitive = shown(&notebook, &["--occasion", "first_visit", "--include-sensitive"]);
    assert!(sensitive.iter().any(|line| line["title"] == "うつ病"));
    let own = shown(&notebook, &["--items", "eGFR,medicines", "--lang-for-doctor", "en"]);
    assert!(own.iter().all(|line| line["section"] != "allergies" && line["section"] != "conditions"));
    assert!(own.iter().any(|line| line["section"] == "kidney" && line["value"].as_str().unwrap().contains("before:")));
    let ledger = notebook.run(&["ledger", "--json"]).ok().lines();
    let acts: Vec<&str> = ledger.iter().map(|line| line["act"].as_str().unwrap()).collect();
    assert_eq!((acts.iter().filter(|act| **act == "shown").count(), acts.iter().filter(|act| **act == "showing_ended").count()), (8, 8));
    let said = notebook.run(&["clinic", "--occasion", "pharmacy", "--person", HANAKO, "--on", "2026-04-05"]).ok();
    assert!(said.out.contains("■ 薬：いま使っているもの") && said.err.contains("秒間見せました"), "{}", said.err);
    notebook.run(&["clinic", "--person", HANAKO]).ended(2);
    notebook.run(&["clinic", "--person", HANAKO, "--items", "星占い"]).ended(2);
}

#[test]
fn a_card_is_written_shown_printed_and_never_lies_open_without_a_keystore() {
    let notebook = notebook();
    let card = |more: &[&str]| notebook.run(&[&["card", "--person", HANAKO], more].concat());
    assert!(card(&[]).ok().out.contains("使わない"));
    card(&["--set", "血液型=A Rh+", "--set", "allergies=@records", "--set", "contacts=一郎 090-0000-0000"]).ok();
    let lines = card(&["--json"]).ok().lines();
    let of =
        |field: &str| lines.iter().filter(|line| line["field"] == field).map(|line| line["text"].as_str().unwrap()).collect::<Vec<_>>();
    assert!(of("allergies").iter().any(|line| line.starts_with("<b>ペニシリン</b>")), "{lines:?}");
    assert_eq!((of("blood_group"), of("state")), (vec!["A Rh+"], vec!["after_unlock"]));
    assert_eq!(lines.iter().find(|line| line["label"] != "").unwrap()["field"], "allergies", "allergies first");
    for file in ["card.html", "card.svg"] {
        card(&["--out", file]).ok();
        let page = fs::read_to_string(notebook.path(file)).unwrap();
        assert!(page.contains("&lt;b&gt;ペニシリン") && !page.contains("<b>ペ"), "{file}");
    }
    // Here is no keystore: the state is refused with a sentence, and nothing lies beside the notebook.
    let refused = card(&["--allow-without-unlocking"]).ended(2);
    assert!(refused.err.contains("鍵束"), "{}", refused.err);
    assert!(!notebook.path("vault.card").exists());
    assert_eq!(card(&["--json"]).ok().lines().last().unwrap()["text"], "after_unlock");
    notebook.run(&["card", "--locked"]).ended(9);
    card(&["--off"]).ok();
    let acts: Vec<String> = notebook.run(&["ledger"]).ok().out.lines().filter(|line| line.contains("カード")).map(str::to_owned).collect();
    assert_eq!(acts.len(), 2, "{acts:?}");
    card(&["--set", "なぞ=1"]).ended(2);
}

#[test]
fn a_report_is_one_file_that_needs_nothing_and_is_noted_as_an_export() {
    let notebook = notebook();
    let run =
        |out: &str, more: &[&str]| notebook.run(&[&["report", "--person", HANAKO, "--on", "2026-04-05", "--out", out], more].concat());
    let line = run("visit.html", &["--occasion", "checkup_advice", "--json"]).ok().line();
    assert_eq!(line["format"], "report");
    let page = fs::read_to_string(notebook.path("visit.html")).unwrap();
    assert!(page.contains("&lt;b&gt;ペニシリン") && !page.contains("<b>ペ") && !page.contains("うつ病"));
    assert!(page.matches("<svg").count() >= 8 && !page.contains("<script") && page.contains("counter(page)"));
    run("visit.html", &["--occasion", "pharmacy"]).ended(22);
    let english = run("en.html", &["--occasion", "pharmacy", "--lang", "en"]).ok();
    assert!(fs::read_to_string(notebook.path("en.html")).unwrap().contains("Chosen by the person"), "{}", english.err);
    let last = notebook.run(&["ledger", "--json"]).ok().lines().last().unwrap().clone();
    assert!(last["act"] == "exported" && last["words"].as_str().unwrap().contains("report"), "{last}");
}
