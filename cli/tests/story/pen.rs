//! What a family writes by hand: doses out of a paper handbook, a weight noted at home, a clinic's value put right without
//! losing what the clinic wrote.

use std::fs;

use serde_json::Value;

use crate::notebook::Notebook;

const TARO: [&str; 2] = ["--person", "手帳 太郎"];
const HANAKO: [&str; 2] = ["--person", "手帳 花子"];

fn add(notebook: &Notebook, arguments: &[&str]) -> Value {
    notebook.run(&[&["add"], arguments, &["--json"]].concat()).ok().line()
}

fn titles(notebook: &Notebook, arguments: &[&str]) -> Vec<String> {
    let lines = notebook.run(&[&["timeline", "--json"], arguments].concat()).ok().lines();
    lines.iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_mother_types_in_the_doses_of_a_handbook() {
    let notebook = Notebook::of_the_family();
    let dose = [
        &["vaccination", "--vaccine", "mr", "--on", "令和2年7月1日", "--lot", "ＡＢ123", "--dose", "1", "--place", "見本小児科"],
        &TARO[..],
    ]
    .concat();
    let written = add(&notebook, &[&dose[..], &["--by", "手帳 花子", "--as", "parent"]].concat());
    assert_eq!((&written["change"], &written["author"], &written["relation"]), (&"add".into(), &"手帳 花子".into(), &"parent".into()));
    let record = written["records"][0].as_str().unwrap();
    let sheet = notebook.run(&["show", record]).ok().out;
    for part in ["MR（麻しん風しん混合）", "2020-07-01", "見本小児科", "ＡＢ123", "手で書いた記録", "手帳 花子（親）"]
    {
        assert!(sheet.contains(part), "{part} in {sheet}");
    }
    let again = notebook.run(&[&["add"], &dose[..]].concat()).ended(26);
    assert!(again.err.contains("同じワクチンの記録がもうあります"), "{}", again.err);
    notebook.run(&[&["add"], &dose[..], &["--yes"]].concat()).ok();
    assert_eq!(titles(&notebook, &["--kind", "vaccination", "--person", "手帳 太郎"]).len(), 2);
    for vaccine in ["hpv", "5種混合", "other"] {
        add(&notebook, &[&["vaccination", "--vaccine", vaccine, "--on", "2024-05", "--name", "名"], &TARO[..]].concat());
    }
}

#[test]
fn what_was_measured_taken_or_paid_is_written_down_and_found() {
    let notebook = Notebook::of_the_family();
    for arguments in [
        &["measurement", "--what", "weight", "--value", "９．００", "--unit", "kg", "--on", "2020-03-01", "--person", "手帳 太郎"][..],
        &["measurement", "--what", "head", "--value", "45.5", "--on", "2020-03-01", "--person", "手帳 太郎"],
        &["measurement", "--what", "systolic", "--value", "128", "--on", "2024-05-03", "--time", "7:30", "--person", "手帳 一郎"],
        &[
            "medication",
            "--name",
            "ロキソニンＳ",
            "--stage",
            "市販薬",
            "--jan",
            "4987107615442",
            "--on",
            "2024-05-03",
            "--person",
            "手帳 一郎",
        ],
        &[
            "condition",
            "--name",
            "花粉症",
            "--since",
            "子どものころ",
            "--status",
            "続いている",
            "--on",
            "2024-05-03",
            "--person",
            "手帳 花子",
        ],
        &["allergy", "--name", "卵", "--category", "food", "--reaction", "じんましん", "--on", "2020", "--person", "手帳 太郎"],
        &["expense", "--paid", "1,200", "--place", "見本小児科", "--on", "2024-05", "--person", "手帳 太郎"],
        &[
            "infant_checkup",
            "--stage",
            "18m",
            "--body-height",
            "80.5",
            "--findings",
            "異常なし",
            "--on",
            "2021-01-10",
            "--person",
            "手帳 太郎",
        ],
    ] {
        add(&notebook, arguments);
    }
    let weight = notebook.run(&["history", "体重", "--person", "手帳 太郎", "--json"]).ok().line();
    assert_eq!((&weight["value"], &weight["unit"]), (&"9.00".into(), &"kg".into()));
    for words in ["花粉症", "卵", "ロキソニン", "80.5"] {
        assert_eq!(notebook.run(&["search", words, "--json"]).ok().lines().len(), 1, "{words}");
    }
    let grams = ["add", "measurement", "--what", "体重", "--value", "3200", "--unit", "g", "--on", "2019-06-20", "--person", "手帳 太郎"];
    let asked = notebook.run(&grams).ended(26);
    assert!(asked.err.contains("換算はしません"), "{}", asked.err);
    for (arguments, part) in [
        (&["measurement", "--what", "体重", "--value", "九", "--on", "2020-03-01"][..], "「値」が数字として読めません"),
        (&["measurement", "--what", "体重", "--value", "9", "--on", "2018-03-01"], "「日付」が生まれる前の日です"),
        (&["measurement", "--what", "体重", "--value", "9", "--on", "2150-03-01"], "まだ来ていない日です"),
        (&["measurement", "--what", "体重", "--on", "2020-03-01"], "「値」が要ります"),
        (&["vaccination", "--vaccine", "mr", "--on", "2020-03-01", "--jan", "1"], "という欄はありません"),
    ] {
        let said = notebook.run(&[&["add"], arguments, &TARO[..]].concat()).ended(2);
        assert!(said.err.contains(part), "{part} in {}", said.err);
    }
}

#[test]
fn a_clinics_value_is_put_right_and_what_the_clinic_wrote_stays() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    let weights = || notebook.run(&["history", "体重", "--person", "手帳 花子", "--json"]).ok().lines();
    let before = weights();
    let found = notebook.run(&["search", "体重", "--person", "手帳 花子", "--json"]).ok().lines();
    let wrong = found.iter().find(|line| line["title"] == "体重").unwrap();
    let (id, was) = (wrong["id"].as_str().unwrap(), wrong["value"].as_str().unwrap());
    let corrected = notebook.run(&["edit", id, "--value", "50.55", "--reason", "測り直した", "--json"]).ok().line();
    assert_eq!((&corrected["change"], &corrected["target"]), (&"correct".into(), &id.into()));
    let after = weights();
    assert_eq!(after.len(), before.len());
    assert!(after.iter().any(|line| line["value"] == "50.55"));
    let new = corrected["records"][0].as_str().unwrap();
    let sheet = notebook.run(&["show", new]).ok().out;
    for part in ["50.55", "訂正", "手帳 花子（本人）", "測り直した", "元の記録", id] {
        assert!(sheet.contains(part), "{part} in {sheet}");
    }
    let original = notebook.run(&["show", id]).ok().out;
    assert!(original.contains(was) && original.contains("いまの記録") && original.contains(new), "{original}");

    let csv = notebook.home.path().join("table.csv");
    notebook.run(&["export", "--format", "csv", "--out", csv.to_str().unwrap()]).ok();
    let table = fs::read_to_string(&csv).unwrap();
    assert!(table.contains("50.55") && !table.contains(&format!(",{was},,kg,")), "what is hidden is not handed over");

    notebook.run(&["undo", "--person", "手帳 花子"]).ok();
    assert_eq!(weights(), before);
    let told = notebook.run(&["changes", id, "--json"]).ok().lines();
    let kinds: Vec<&str> = told.iter().map(|line| line["change"].as_str().unwrap()).collect();
    assert_eq!((kinds.as_slice(), told[1]["undone_by"].is_string()), (&["undo", "correct"][..], true));
    // The undoing undone: the correction counts again.
    notebook.run(&["undo", told[0]["entry"].as_str().unwrap()]).ok();
    assert_eq!(weights(), after);

    let event = wrong["id"].as_str().unwrap();
    notebook.run(&["remove", event, "--reason", "二重"]).ok();
    assert_eq!(weights(), after, "what is hidden twice is hidden once");
    what_was_written_comes_back_with_the_backup(&notebook, &after);
}

fn what_was_written_comes_back_with_the_backup(notebook: &Notebook, weights: &[Value]) {
    let file = notebook.home.path().join("backup.techo");
    let roots = notebook.run(&["backup", "--out", file.to_str().unwrap(), "--json"]).ok().line();
    let again = Notebook::nowhere();
    let restored = again.run(&["restore", file.to_str().unwrap(), "--no-keystore", "--json"]).ok().line();
    assert_eq!(restored["roots_equal"], true);
    assert_eq!(restored["people"], roots["people"]);
    let values = |lines: &[Value]| lines.iter().map(|line| line["value"].clone()).collect::<Vec<_>>();
    assert_eq!(values(&again.run(&["history", "体重", "--person", "手帳 花子", "--json"]).ok().lines()), values(weights));
    assert!(again.run(&["verify"]).ok().err.is_empty());
}

#[test]
fn numbers_that_are_no_health_records_cannot_be_written() {
    let notebook = Notebook::of_the_family();
    let note = |text: &str| notebook.run(&[&["add", "note", "--text", text, "--on", "2024-05-03"], &HANAKO[..]].concat());
    for text in [
        "123456789018",
        "１２３４　５６７８　９０１８",
        "控え 1234-5678-9018",
        "マイナンバー 1234 5678 9012",
        "記号 12-34 番号 56",
        "保険者番号：06139999",
    ] {
        let said = note(text).ended(6);
        assert!(!said.err.contains("1234") && !said.err.contains("0613"), "{}", said.err);
    }
    note("ロット番号 AB123、電話 03-0000-0000").ok();
    assert_eq!(titles(&notebook, &[]).len(), 1);
}

#[test]
fn a_strangers_words_are_no_way_in() {
    let notebook = Notebook::of_the_family();
    let entry = r#"{"techo_entry":1,"at":"2026-04-01T09:00:00.000Z","author":{"name":"手帳 花子","relation":"self"},"reason":null,"act":{"add":{"event":{"kind":"note","day":"2024-05-03","title":"メモ","facts":[{"kind":"note","title":"メモ","body":{"note":"にせもの"},"at":"title"}]}}}}"#;
    let file = notebook.home.path().join("entry.json");
    fs::write(&file, entry).unwrap();
    let said = notebook.run(&[&["import", file.to_str().unwrap()], &HANAKO[..]].concat()).ended(4);
    assert!(said.err.contains("手帳に書いた") && !said.err.contains("にせもの"), "{}", said.err);
    let looked = notebook.run(&["import", "--look", file.to_str().unwrap()]).ended(4).out;
    assert!(looked.contains("手帳に書かれた1件") && looked.contains("手帳 花子"), "{looked}");
    assert!(titles(&notebook, &[]).is_empty());
}
