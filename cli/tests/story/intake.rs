//! Documents at the door: what is taken in is counted against the file, what must not come in leaves no trace, parts and
//! containers come in whole.

use std::{collections::BTreeMap, fs, io::Write as _};

use serde_json::Value;

use crate::{
    notebook::{FAMILY, Notebook, Said, count, fields, fixture, text},
    samples::{fhir_records, jahis_records},
};

const HANAKO: &str = FAMILY[0].0;
const TARO: &str = FAMILY[2].0;

fn import(notebook: &Notebook, person: &str, file: &str, more: &[&str]) -> Said {
    let path = if fs::exists(notebook.path(file)).unwrap() { notebook.path(file) } else { fixture(file) };
    notebook.run(&[&["import", text(&path), "--person", person, "--json"], more].concat())
}

/// Observations of a checkup that say something themselves: groups only hold others.
fn checkup_records(xml: &str) -> usize {
    let checkup = roxmltree::Document::parse(xml).unwrap();
    let is_group = |node: &roxmltree::Node<'_, '_>| {
        let has = |name: &str| node.children().any(|child| child.tag_name().name() == name);
        !has("value") && has("entryRelationship")
    };
    checkup.descendants().filter(|node| node.tag_name().name() == "observation" && !is_group(node)).count()
}

#[test]
fn every_checkup_of_ours_is_read_whole() {
    let notebook = Notebook::of_the_family();
    for name in ["third-period", "fourth-period", "details", "late-elderly", "conflict-unit", "conflict-name"] {
        let file = format!("tokutei/{name}.xml");
        let expected = checkup_records(&fs::read_to_string(fixture(&file)).unwrap());
        let line = import(&notebook, HANAKO, &file, &["--anyway"]).line();
        let filed = count(&line, "ready") + line["refused"].as_array().unwrap().len();
        // A narrative is a record too.
        let narratives = usize::from(name == "details");
        // Two values are kept as received and refused as what they should be.
        let both = if name == "conflict-name" { 2 } else { 0 };
        assert_eq!(filed, expected + narratives + both, "{name}: {line}");
        assert_eq!(line["format"], "tokutei-xml");
    }
    let shift_jis = import(&notebook, HANAKO, "tokutei/shift-jis.xml", &["--anyway"]).ok().line();
    assert_eq!(shift_jis["ready"], 3);
}

#[test]
fn notebooks_and_fhir_of_ours_are_read_whole() {
    let notebook = Notebook::of_the_family();
    for file in ["jahis/all-records.txt", "family/hanako-okusuri-1.txt"] {
        let line = import(&notebook, HANAKO, file, &[]).ok().line();
        let bytes = fs::read(fixture(file)).unwrap();
        assert_eq!(count(&line, "ready"), jahis_records(&bytes), "{file}");
    }
    for (person, file) in [(HANAKO, "family/hanako-ecs.json"), (FAMILY[1].0, "family/ichiro-echeckup-2024.json")] {
        let line = import(&notebook, person, file, &[]).ok().line();
        let resource: Value = serde_json::from_slice(&fs::read(fixture(file)).unwrap()).unwrap();
        assert_eq!(count(&line, "ready"), fhir_records(&resource), "{file}");
    }
}

#[test]
fn what_mynaportal_answered_is_filed_beside_what_was_there() {
    let notebook = Notebook::of_the_family();
    for year in [2024, 2025] {
        import(&notebook, HANAKO, &format!("family/hanako-tokutei-{year}.xml"), &[]).ok();
    }
    let line = import(&notebook, HANAKO, "self-information/hanako.json", &[]).ended(3).line();
    assert_eq!(line["format"], "mynaportal-self-information");
    // Both checkups came as files before; the broken day and the nameless medicine are told with their place.
    assert_eq!((count(&line, "known"), line["refused"].as_array().unwrap().len()), (110, 2), "{line}");
    // What nobody understands is found all the same.
    let found = notebook.run(&["search", "合計所得金額", "--json"]).ok().lines();
    assert_eq!(
        (found.len(), found[0]["standing"].as_str(), found[0]["value"].as_str()),
        (1, Some("not_understood"), Some("0")),
        "{found:?}"
    );
    let child = import(&notebook, "手帳 太郎", "self-information/taro.json", &[]).ended(3).line();
    assert_eq!(child["refused"][0]["place"], "見本県見本市/予防接種情報/接種履歴[7]/接種年月日");
    let heights = notebook.run(&["history", "身長", "--person", "手帳 太郎", "--json"]).ok().lines();
    assert_eq!(heights.iter().map(|line| line["value"].as_str().unwrap()).collect::<Vec<_>>(), ["62.5", "80.3", "94.8"]);
}

#[test]
fn what_must_not_come_in_leaves_no_trace() {
    let notebook = Notebook::of_the_family();
    let (bytes, timeline) = (notebook.bytes(), notebook.run(&["timeline", "--json"]).ok().out);
    let refused: [(&str, i32, Option<&str>, &str); 20] = [
        ("tokutei/broken-deletion.xml", 7, Some("tokutei-xml"), "document"),
        ("tokutei/broken-my-number.xml", 6, Some("tokutei-xml"), "ClinicalDocument/recordTarget/patientRole/id[2]"),
        ("tokutei/broken-truncated.xml", 4, Some("tokutei-xml"), "line"),
        ("tokutei/broken-doctype.xml", 4, Some("tokutei-xml"), "line 2"),
        ("fhir/broken-deletion.json", 7, Some("fhir-r4"), "document"),
        ("fhir/broken-my-number.json", 6, Some("fhir-r4"), "Bundle.entry[0].Patient.identifier[0]"),
        ("fhir/broken-truncated.json", 4, Some("fhir-r4"), "line"),
        ("fhir/broken-shift-jis.json", 4, Some("fhir-r4"), "line 4"),
        ("fhir/other-release.json", 4, None, "document"),
        ("jahis/broken-my-number.txt", 6, Some("jahis-tc"), "line 3"),
        ("jahis/broken-no-patient.txt", 4, Some("jahis-tc"), "line 1"),
        ("jahis/prescription.txt", 4, None, "document"),
        ("insurance/broken-result.xml", 4, Some("insurance-xml"), "document"),
        ("insurance/broken-my-number.xml", 6, Some("insurance-xml"), "XmlMsg/MessageBody/MeTrMonthInf[1]"),
        ("self-information/broken-my-number.json", 6, Some("mynaportal-self-information"), "answer/見本県見本市/本人確認情報/個人番号"),
        ("self-information/broken-truncated.json", 4, Some("mynaportal-self-information"), "line"),
        ("self-information/two-people.json", 4, Some("mynaportal-self-information"), "見本県見本市/薬剤情報/XmlMsg"),
        ("self-information/taro.json", 5, Some("mynaportal-self-information"), "document"),
        ("family/taro-vaccination.smart-health-card", 5, Some("smart-health-card"), "document"),
        ("family/issuer-jwks.json", 4, None, "document"),
    ];
    for (file, code, format, place) in refused {
        let line = import(&notebook, HANAKO, file, &[]).ended(code).line();
        let document = ["already_here", "document", "file", "format", "items", "known", "pending", "ready", "refused", "scan"];
        assert_eq!(fields(&line), document);
        assert_eq!((line["document"].is_null(), line["ready"].as_u64(), line["format"].as_str()), (true, Some(0), format), "{file}");
        let entries = line["refused"].as_array().unwrap();
        assert!(entries.len() == 1 && entries[0]["place"].as_str().unwrap().starts_with(place), "{file}: {line}");
        assert!(notebook.bytes() == bytes, "{file}: a refused file changed the vault");
    }
    assert_eq!(notebook.run(&["timeline", "--json"]).ok().out, timeline);
    // In words, the reason says what to do, in both languages.
    for (language, part) in [("ja", "薬局に渡し"), ("en", "hand it to the pharmacy")] {
        let said = notebook.run(&["import", text(&fixture("jahis/prescription.txt")), "--person", HANAKO, "--lang", language]).ended(4);
        assert!(said.err.contains(part), "{}", said.err);
    }
}

#[test]
fn a_document_about_somebody_else_is_filed_only_when_the_person_says_so() {
    let notebook = Notebook::of_the_family();
    let refused = import(&notebook, TARO, "family/hanako-tokutei-2024.xml", &[]).ended(5);
    let reason = refused.line()["refused"][0]["reason"].as_str().unwrap().to_owned();
    assert!(["氏名", "生年月日", "性別", "--anyway"].iter().all(|part| reason.contains(part)), "{reason}");
    assert!(!reason.contains("ハナコ") && !reason.contains("1972"), "no person's data: {reason}");
    import(&notebook, TARO, "family/hanako-tokutei-2024.xml", &["--anyway"]).ok();
    assert_eq!(notebook.run(&["timeline", "--json"]).ok().line()["person"], TARO);
}

/// Twelve digits with the check digit of an Individual Number, put together here.
fn twelve_digits() -> String {
    let eleven = [1_u32, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1];
    let sum: u32 = eleven.iter().rev().zip([2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6]).map(|(digit, weight)| digit * weight).sum();
    let check = if sum % 11 <= 1 { 0 } else { 11 - sum % 11 };
    eleven.iter().chain([&check]).map(ToString::to_string).collect()
}

#[test]
fn twelve_digits_in_a_sentence_ask_first() {
    let notebook = Notebook::of_the_family();
    let digits = twelve_digits();
    let lines = [
        "JAHISTC08,1",
        "1,手帳 花子,2,19720415,,,,,,,テチョウ ハナコ",
        "5,20260118,1",
        "11,みほん薬局 駅前店,13,4,9999999,,,,1",
        "201,1,ノルバスク錠２．５ｍｇ,1,錠,2,612170709,1",
        &format!("501,番号は {digits} です,1"),
    ];
    fs::write(notebook.path("digits.txt"), lines.join("\r\n")).unwrap();
    let bytes = notebook.bytes();
    let said = import(&notebook, HANAKO, "digits.txt", &[]).ended(6);
    let entry = said.line()["refused"][0].clone();
    assert_eq!(entry["place"], "line 6");
    assert!(entry["reason"].as_str().unwrap().contains("--yes") && !said.out.contains(&digits), "{entry}");
    assert!(notebook.bytes() == bytes);
    let taken = import(&notebook, HANAKO, "digits.txt", &["--yes"]).ok().line();
    assert_eq!(taken["ready"], 2);
}

#[test]
fn the_parts_of_a_notebook_come_in_any_order_at_once_or_one_by_one() {
    let notebook = Notebook::of_the_family();
    let (first, second) = ("family/hanako-okusuri-2-part1.txt", "family/hanako-okusuri-2-part2.txt");
    let waiting = import(&notebook, HANAKO, second, &[]).ok().line();
    assert_eq!((waiting["pending"].as_bool(), waiting["ready"].as_u64(), waiting["document"].is_null()), (Some(true), Some(0), true));
    assert!(notebook.run(&["timeline", "--json"]).ok().out.is_empty());
    let whole = import(&notebook, HANAKO, first, &[]).ok().line();
    assert_eq!((whole["pending"].as_bool(), whole["ready"].as_u64()), (Some(false), Some(7)));

    let at_once = Notebook::of_the_family();
    let (first, second) = (fixture(first), fixture(second));
    let line = at_once.run(&["import", text(&second), text(&first), "--person", HANAKO, "--json"]).ok().line();
    assert_eq!((line["pending"].as_bool(), line["ready"].as_u64()), (Some(false), Some(7)));
    let again = at_once.run(&["import", text(&first), text(&second), "--person", HANAKO, "--json"]).ok().line();
    assert_eq!((again["already_here"].as_bool(), again["ready"].as_u64()), (Some(true), Some(0)));
    // One part by itself belongs to a document that is here: it does not wait for anything.
    let one = at_once.run(&["import", text(&second), "--person", HANAKO, "--json"]).ok().line();
    assert_eq!((one["already_here"].as_bool(), one["pending"].as_bool(), &one["document"]), (Some(true), Some(false), &again["document"]));
}

#[test]
fn a_zip_gives_a_line_for_each_document() {
    let notebook = Notebook::of_the_family();
    let mut bundle = zip::ZipWriter::new(fs::File::create(notebook.path("健診.zip")).unwrap());
    let members = [
        ("h2023.xml", "family/hanako-tokutei-2023.xml"),
        ("h2024.xml", "family/hanako-tokutei-2024.xml"),
        ("h19.xml", "tokutei/broken-deletion.xml"),
    ];
    for (name, file) in members {
        bundle.start_file(format!("1_見本_20241001/DATA/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        bundle.write_all(&fs::read(fixture(file)).unwrap()).unwrap();
    }
    bundle.finish().unwrap();
    let lines = import(&notebook, HANAKO, "健診.zip", &[]).ended(3).lines();
    let by_name: BTreeMap<&str, &Value> =
        lines.iter().map(|line| (line["file"].as_str().unwrap().rsplit_once("DATA/").unwrap().1, line)).collect();
    assert_eq!(by_name.len(), 3, "{lines:?}");
    assert!(lines.iter().all(|line| line["file"].as_str().unwrap().contains("健診.zip!")));
    assert_eq!((by_name["h2023.xml"]["ready"].as_u64(), by_name["h2024.xml"]["ready"].as_u64()), (Some(54), Some(55)));
    assert_eq!((by_name["h19.xml"]["document"].is_null(), by_name["h19.xml"]["format"].as_str()), (true, Some("tokutei-xml")));
    // The same documents outside their container are the same documents.
    let again = import(&notebook, HANAKO, "family/hanako-tokutei-2023.xml", &[]).ok().line();
    assert_eq!((again["already_here"].as_bool(), again["document"].as_str()), (Some(true), by_name["h2023.xml"]["document"].as_str()));
}

#[test]
fn a_card_says_whether_its_signature_was_checked_and_a_tampered_one_stays_out() {
    let card = "family/taro-vaccination.smart-health-card";
    let keys = fixture("family/issuer-jwks.json");
    let sheet = |notebook: &Notebook| {
        let event = notebook.run(&["timeline", "--json"]).ok().lines().remove(0);
        let record = notebook.run(&["show", event["id"].as_str().unwrap(), "--json"]).ok().lines().remove(0);
        notebook.run(&["show", record["id"].as_str().unwrap()]).ok().out
    };
    let unchecked = Notebook::of_the_family();
    import(&unchecked, TARO, card, &[]).ok();
    let checked = Notebook::of_the_family();
    import(&checked, TARO, card, &["--keys", text(&keys)]).ok();
    let (unchecked, checked_sheet) = (sheet(&unchecked), sheet(&checked));
    assert!(unchecked.contains("署名") && checked_sheet.contains("署名"), "{unchecked}\n{checked_sheet}");
    let line = |sheet: &str| sheet.lines().find(|line| line.contains("署名")).unwrap().to_owned();
    assert_ne!(line(&unchecked), line(&checked_sheet));

    // One letter of the signature.
    let mut whole: Value = serde_json::from_slice(&fs::read(fixture(card)).unwrap()).unwrap();
    let jws = whole["verifiableCredential"][0].as_str().unwrap().to_owned();
    let (before, signature) = jws.rsplit_once('.').unwrap();
    let letter = if signature.starts_with('A') { "B" } else { "A" };
    whole["verifiableCredential"][0] = format!("{before}.{letter}{}", signature.split_at(1).1).into();
    fs::write(checked.path("tampered"), whole.to_string()).unwrap();
    let bytes = checked.bytes();
    let line = import(&checked, TARO, "tampered", &["--keys", text(&keys)]).ended(8).line();
    assert_eq!(line["refused"][0]["place"], "verifiableCredential[0]");
    assert!(checked.bytes() == bytes);
}

#[test]
fn a_whole_folder_of_files_goes_on_after_a_bad_one_and_says_so_at_the_end() {
    let notebook = Notebook::of_the_family();
    let files = ["tokutei/broken-truncated.xml", "family/hanako-tokutei-2024.xml", "jahis/prescription.txt"].map(fixture);
    let mut arguments = vec!["import", "--person", HANAKO, "--json", "no-such-file"];
    arguments.extend(files.iter().map(|file| text(file)));
    let lines = notebook.run(&arguments).ended(3).lines();
    let ready: Vec<u64> = lines.iter().map(|line| line["ready"].as_u64().unwrap()).collect();
    assert_eq!(ready, [0, 0, 55, 0]);
    // All refused, for two reasons; all refused, for one.
    arguments.remove(6);
    notebook.run(&arguments).ended(3);
    arguments.remove(4);
    notebook.run(&arguments).ended(4);
}
