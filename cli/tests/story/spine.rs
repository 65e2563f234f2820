//! The whole way: documents in, seen, found, out in four forms, backed up, restored, and the roots equal at each end.

use std::{collections::BTreeMap, fs, io::Read as _};

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook, family_files, text};

/// Person, records and root of everybody, as a line tells them.
fn roots(line: &Value) -> Vec<(String, u64, String)> {
    let people = line["people"].as_array().unwrap();
    people
        .iter()
        .map(|one| (one["person"].as_str().unwrap().to_owned(), one["records"].as_u64().unwrap(), one["root"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn a_family_goes_in_is_seen_and_comes_out_whole() {
    let notebook = Notebook::of_the_family();
    let imported = notebook.import_family();
    let documents: usize = FAMILY.iter().map(|(name, ..)| family_files(name).len()).sum();
    // Two of the files are the halves of one.
    assert_eq!(imported.len(), documents - 1);
    let filed: u64 = imported.iter().map(|line| line["ready"].as_u64().unwrap()).sum();
    assert!(imported.iter().all(|line| line["refused"].as_array().unwrap().is_empty() && line["pending"] == false));

    let events = notebook.run(&["timeline", "--json"]).ok().lines();
    let shown: u64 = events.iter().map(|event| event["records"].as_u64().unwrap()).sum();
    assert_eq!(shown, filed, "what was filed is what the timeline counts");
    let dates: Vec<&str> = events.iter().filter_map(|event| event["date"].as_str()).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b), "the latest first: {dates:?}");

    let newest = events.iter().find(|event| event["kind"] == "checkup").unwrap();
    let records = notebook.run(&["show", newest["id"].as_str().unwrap(), "--json"]).ok().lines();
    assert_eq!(records.len() as u64, newest["records"].as_u64().unwrap());
    let record = notebook.run(&["show", records[0]["id"].as_str().unwrap(), "--json"]).ok().line();
    assert_eq!(record, records[0]);
    let sheet = notebook.run(&["show", records[0]["id"].as_str().unwrap()]).ok().out;
    for part in ["原本での位置", "hanako-tokutei-2025.xml", "見本市民健診センター", records[0]["document"].as_str().unwrap()]
    {
        assert!(sheet.contains(part), "{part} in {sheet}");
    }

    history_is_never_mixed(&notebook);
    what_is_searched_is_found(&notebook);
    everything_comes_out(&notebook, filed);
    what_comes_back_is_the_same(&notebook);
}

fn history_is_never_mixed(notebook: &Notebook) {
    let values = |quantity: &str| notebook.run(&["history", quantity, "--person", "手帳 花子", "--json"]).ok().lines();
    let by_series = |quantity: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for line in values(quantity) {
            *counts.entry(line["series"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        counts.into_values().collect::<Vec<_>>()
    };
    assert_eq!(values("収縮期血圧").len(), 6);
    assert_eq!(values("9A751000000000001"), values("収縮期血圧"), "a code is as good as a name");
    // One year by JSCC, five by IFCC; one year casual, five fasting.
    assert_eq!(by_series("ALP"), [5, 1]);
    assert_eq!(by_series("血糖").iter().sum::<usize>(), 6);
    assert_eq!(by_series("血糖").len(), 2);
    let hba1c: Vec<String> = values("HbA1c").iter().map(|line| line["value"].as_str().unwrap().to_owned()).collect();
    assert!(hba1c.contains(&"5.60".to_owned()) && hba1c.contains(&"5.6".to_owned()), "digit for digit: {hba1c:?}");

    let picture = notebook.path("血圧.svg");
    notebook.run(&["history", "血圧", "--person", "手帳 花子", "--out", text(&picture)]).ok();
    let drawn = fs::read_to_string(&picture).unwrap();
    let drawing = roxmltree::Document::parse(&drawn).expect("well-formed SVG");
    let words: String = drawing.descendants().filter_map(|node| node.text()).collect();
    assert!(words.contains("収縮期血圧") && words.contains("拡張期血圧") && words.contains("mmHg"), "{words}");
    notebook.run(&["history", "血圧", "--person", "手帳 花子", "--out", text(&picture)]).ended(22);
    assert_eq!(fs::read_to_string(&picture).unwrap(), drawn, "nothing is written over");
}

fn what_is_searched_is_found(notebook: &Notebook) {
    for words in ["血圧", "尿酸", "血", "LDL ｺﾚｽﾃﾛｰﾙ", "ｽﾀﾁﾝ", "すたちん", "スタチン", "みほん薬局", "ノルバスク", "麻しん", "ＨＤＬ"]
    {
        let found = notebook.run(&["search", words, "--json"]).ok().lines();
        assert!(!found.is_empty(), "{words}");
    }
    let uric = notebook.run(&["search", "尿酸", "--json"]).ok().lines();
    assert_eq!(uric.iter().filter(|hit| hit["value"].is_string()).count(), 6, "one a year");
    let nothing = notebook.run(&["search", "存在しない言葉", "--json"]).ended(9);
    assert_eq!((nothing.out.as_str(), nothing.error()["error"].as_str().unwrap()), ("", "NOTHING_FOUND"));
}

/// The forms that carry a part, each with what it does not carry.
fn forms_of_one_person_and_of_a_choice(notebook: &Notebook) {
    for format in ["ips", "phr", "jahis", "kenshin"] {
        let file = format!("one.{format}");
        let arguments = ["export", "--format", format, "--person", FAMILY[0].0, "--out", &file, "--yes", "--json"];
        let line = notebook.run(&arguments).ok().line();
        assert_eq!(line["format"], format);
        let missing = line["not_carried"].as_array().unwrap();
        assert!(missing.iter().all(|one| one["records"].as_u64() > Some(0) && one["kind"].is_string()), "{line}");
        // A PHR file carries all of them.
        assert_eq!(missing.is_empty(), format == "phr", "{format}: {line}");
        let written = line["people"][0]["records"].as_u64().unwrap();
        assert!(written > 0, "{format}: {line}");
    }
    // None of the family's records is from Mynaportal, and no checkup is among its medicines: no file is made, and it says why.
    for (format, kind, reason) in [("portal", "checkup", "not_from_portal"), ("kenshin", "medication", "no_place")] {
        let arguments = ["export", "--format", format, "--person", FAMILY[0].0, "--kind", kind, "--out", "nothing", "--yes", "--json"];
        let said = notebook.run(&arguments).ended(9);
        let line = said.line();
        assert!(line["path"].is_null() && line["not_carried"][0]["reason"] == reason, "{line}");
        assert_eq!(said.error()["error"], "NOTHING_FOUND");
        assert!(!notebook.path("nothing").exists());
        let told = notebook.run(&arguments[..arguments.len() - 1]).ended(9);
        assert!(told.err.contains("ファイルは作っていません") && told.out.contains("入らなかったもの"), "{}{}", told.out, told.err);
    }
    // A summary is one person's; whole documents cannot be narrowed.
    notebook.run(&["export", "--format", "ips", "--out", "everybody.json"]).ended(2);
    notebook.run(&["export", "--format", "techo", "--plain", "--kind", "vaccination", "--out", "some.tar"]).ended(2);
    assert!(!notebook.path("everybody.json").exists() && !notebook.path("some.tar").exists());
    let doses = ["export", "--format", "csv", "--kind", "vaccination", "--out", "doses.csv", "--json"];
    let of_all = notebook.run(&doses).ok().line();
    let records =
        |line: &serde_json::Value| line["people"].as_array().unwrap().iter().filter_map(|person| person["records"].as_u64()).sum::<u64>();
    assert!(records(&of_all) > 0);
    let since = ["export", "--format", "csv", "--kind", "vaccination", "--from", "2030-01-01", "--out", "later.csv", "--json"];
    assert_eq!(records(&notebook.run(&since).ok().line()), 0);
    let told = notebook.run(&["export", "--format", "jahis", "--person", FAMILY[0].0, "--out", "words.txt"]).ok();
    assert!(told.out.contains("この形式に入らなかったもの") && told.out.contains("この形式に入れる場所がありません"), "{}", told.out);
}

fn everything_comes_out(notebook: &Notebook, filed: u64) {
    let verified = notebook.run(&["verify", "--json"]).ok().line();
    let everybody = roots(&verified);
    assert_eq!(everybody.iter().map(|(_, records, _)| records).sum::<u64>(), filed);
    for (format, file) in [("csv", "out.csv"), ("fhir", "out.json"), ("techo", "out.tar"), ("originals", "out.zip")] {
        let line = notebook.run(&["export", "--format", format, "--out", file, "--plain", "--yes", "--json"]).ok().line();
        assert_eq!((line["format"].as_str().unwrap(), line["path"].as_str().unwrap()), (format, file));
        assert_eq!(roots(&line), everybody, "{format}");
        notebook.run(&["export", "--format", format, "--out", file, "--plain", "--yes"]).ended(22);
    }
    forms_of_one_person_and_of_a_choice(notebook);
    // Originals hold insurer symbols: a script has to say yes.
    notebook.run(&["export", "--format", "originals", "--out", "asked.zip"]).ended(26);
    assert!(!notebook.path("asked.zip").exists());

    let csv = fs::read(notebook.path("out.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}".as_bytes()), "a spreadsheet knows Japanese by this mark");
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("尿酸") && csv.contains("5.60"));

    let fhir: Value = serde_json::from_slice(&fs::read(notebook.path("out.json")).unwrap()).unwrap();
    assert_eq!((fhir["resourceType"].as_str(), fhir["type"].as_str()), (Some("Bundle"), Some("collection")));
    let count = |kind: &str| fhir["entry"].as_array().unwrap().iter().filter(|entry| entry["resource"]["resourceType"] == kind).count();
    assert_eq!(count("Patient"), FAMILY.len());
    assert_eq!(count("Immunization"), 3);
    assert!(count("Provenance") > 0);

    let mut bundle = zip::ZipArchive::new(fs::File::open(notebook.path("out.zip")).unwrap()).unwrap();
    let mut originals: Vec<Vec<u8>> = Vec::new();
    for index in 0..bundle.len() {
        let mut entry = bundle.by_index(index).unwrap();
        if !entry.name().unwrap().starts_with("index.") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            originals.push(bytes);
        }
    }
    let mut received: Vec<Vec<u8>> = FAMILY.iter().flat_map(|(name, ..)| family_files(name)).map(|file| fs::read(file).unwrap()).collect();
    originals.sort();
    received.sort();
    assert!(originals == received, "the originals are byte for byte what came in");

    // What must stay in the sealed originals: insurer numbers and symbols of the fixtures.
    let archive = fs::read(notebook.path("out.tar")).unwrap();
    assert!(archive.windows(8).any(|bytes| bytes == b"manifest"));
    for needle in insurer_needles() {
        assert!(!csv.contains(&needle) && !fhir.to_string().contains(&needle), "{needle} got out");
        notebook.run(&["search", &needle, "--json"]).ended(9);
    }
}

/// The extensions of the insurer, symbol and number of the checkups, read from the files.
fn insurer_needles() -> Vec<String> {
    let xml = fs::read_to_string(&family_files("手帳 花子")[4]).unwrap();
    let checkup = roxmltree::Document::parse(&xml).unwrap();
    let roots = ["1.2.392.200119.6.101", "1.2.392.200119.6.204", "1.2.392.200119.6.205"];
    let needles: Vec<String> = checkup
        .descendants()
        .filter(|node| node.has_tag_name(("urn:hl7-org:v3", "id")) && node.attribute("root").is_some_and(|root| roots.contains(&root)))
        .filter_map(|node| node.attribute("extension").map(str::to_owned))
        .filter(|needle| needle.chars().count() >= 4)
        .collect();
    assert!(needles.len() >= 2, "{needles:?}");
    needles
}

fn what_comes_back_is_the_same(notebook: &Notebook) {
    let everybody = roots(&notebook.run(&["verify", "--json"]).ok().line());
    let backup = notebook.run(&["backup", "--out", "backup.age", "--json"]).ok().line();
    assert_eq!((backup["format"].as_str(), roots(&backup)), (Some("techo"), everybody.clone()));

    let restored = notebook.run_on("restored", &["restore", "backup.age", "--no-keystore", "--json"]).ok().lines();
    assert_eq!(restored.len(), 2, "the roots, then the new recovery code");
    assert_eq!((restored[0]["roots_equal"].as_bool(), roots(&restored[0])), (Some(true), everybody.clone()));
    assert!(restored[1]["recovery_code"].as_str().unwrap().len() >= 40);
    let verified = notebook.run_on("restored", &["verify", "--json"]).ok().line();
    assert_eq!((verified["ok"].as_bool(), roots(&verified)), (Some(true), everybody.clone()));
    notebook.run_on("restored", &["restore", "backup.age", "--json"]).ended(11);

    notebook.run_on("empty", &["init", "--no-keystore"]).ok();
    let arrived = notebook.run_on("empty", &["import", "out.tar", "--json"]).ok().line();
    assert_eq!((arrived["roots_equal"].as_bool(), roots(&arrived)), (Some(true), everybody.clone()));
    let said = notebook.run_on("empty", &["import", "out.tar"]).ok();
    assert!(said.out.contains("根が一致しました"), "{}", said.out);
    // Out again, it is the same archive to the byte.
    notebook.run_on("empty", &["export", "--format", "techo", "--plain", "--out", "again.tar"]).ok();
    assert!(fs::read(notebook.path("again.tar")).unwrap() == fs::read(notebook.path("out.tar")).unwrap(), "the archive is canonical");
}

#[test]
fn a_wrong_passphrase_a_damaged_and_a_truncated_backup_are_three_things_and_make_no_vault() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    notebook.run(&["backup", "--out", "backup.age"]).ok();
    let whole = fs::read(notebook.path("backup.age")).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(notebook.path("damaged.age"), damaged).unwrap();
    fs::write(notebook.path("truncated.age"), &whole[..middle]).unwrap();
    fs::write(notebook.path("empty.age"), b"").unwrap();
    notebook.secret("other", "another passphrase");
    for (file, secret, code, error) in [
        ("backup.age", "other", 13, "WRONG_PASSPHRASE"),
        ("damaged.age", "passphrase", 23, "ARCHIVE_DAMAGED"),
        ("truncated.age", "passphrase", 24, "ARCHIVE_TRUNCATED"),
        ("empty.age", "passphrase", 24, "ARCHIVE_TRUNCATED"),
        ("no-such.age", "passphrase", 21, "FILE"),
        ("passphrase", "passphrase", 4, "NOT_READABLE"),
    ] {
        let said = notebook.run_on("new", &["restore", file, "--archive-passphrase-file", secret, "--json"]).ended(code);
        assert_eq!(said.error()["error"], error, "{file}");
        assert!(said.err.contains(file), "the message names {file}: {}", said.err);
        assert!(!notebook.path("new").exists(), "{file} made something");
    }
    notebook.run_on("new", &["restore", "backup.age", "--no-keystore"]).ok();
}
