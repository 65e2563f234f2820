//! Originals, tables and FHIR, each read back by something that did not write it.

use std::{collections::BTreeMap, io::Read as _};

use super::*;
use crate::{
    formats,
    present::Language,
    transfer::{Choice, export_csv, export_fhir, export_originals},
};

/// Everything in a ZIP.
fn unzipped(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|number| {
            let mut entry = zip.by_index(number).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn originals_come_out_byte_for_byte_under_safe_names_with_a_list() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let parts = vec![vec![0xff, 0], vec![], b"third".to_vec()];
    let split = file_parts(&vault, TARO, 95, parts.clone(), vec![]);
    let roots = export_originals(&vault, None, &scene.path("out.zip"), at(220), &mut quiet).unwrap();
    assert_eq!(roots, vault.roots().unwrap());
    let entries = unzipped(&scene.path("out.zip"));
    assert_eq!(entries["0001_結果 10.json"], b"original 10");
    assert_eq!(entries.len(), 7 + 3 + 2);
    for (number, part) in (1..).zip(&parts) {
        assert_eq!(&entries[&format!("0008-{number:02}of03_結果 95.json")], part);
    }
    let index: Vec<serde_json::Value> = serde_json::from_slice(&entries["index.json"]).unwrap();
    assert_eq!(index.len(), 10);
    for line in &index {
        let bytes = &entries[line["file"].as_str().unwrap()];
        assert_eq!(line["sha256"], Fingerprint::of(bytes).to_string());
        assert!(line["parts"] != 1 || line["document"] == line["sha256"]);
    }
    assert!(index.iter().any(|line| line["document"] == split.to_string() && line["name"] == "手帳 太郎" && line["format"] == "fhir-r4"));
    let table = entries["index.csv"].strip_prefix("\u{feff}".as_bytes()).unwrap();
    assert_eq!(csv::Reader::from_reader(table).records().map(Result::unwrap).count(), 10);

    export_originals(&vault, Some(TARO), &scene.path("taro.zip"), at(221), &mut quiet).unwrap();
    assert_eq!(unzipped(&scene.path("taro.zip")).len(), 1 + 3 + 2);
    assert_eq!(ledger(&vault).last().unwrap().act, "exported");
}

/// A table read by rules of RFC 4180 written down here, not by the crate that wrote it.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, quoted) {
            ('"', true) if characters.peek() == Some(&'"') => cell.extend(characters.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(characters.next(), Some('\n'), "a line ends in CR LF");
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(character),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted, "the last line is ended too");
    rows
}

fn table(vault: &Vault, scene: &Scene, language: Language) -> Vec<BTreeMap<String, String>> {
    let path = scene.path("out.csv");
    export_csv(vault, &Choice::of(None), &path, language, at(220), &mut quiet).unwrap();
    let mut rows = rows(&fs::read(path).unwrap()).into_iter();
    let header = rows.next().unwrap();
    rows.map(|row| {
        assert_eq!(row.len(), header.len());
        header.iter().cloned().zip(row).collect()
    })
    .collect()
}

#[test]
fn the_table_has_each_record_once_with_its_number_as_measured() {
    let scene = Scene::new();
    let vault = scene.family("from");
    // A later document that states a known record and a new one in one event.
    let again = vec![
        samples::measured("9A751000000000001", "収縮期血圧", samples::number("128"), Some("mmHg")),
        samples::measured("9A751000000000001", "収縮期血圧", samples::number("131"), Some("mmHg")),
    ];
    file(&vault, HANAKO, 92, vec![samples::event(crate::terms::Kind::Checkup, Some("2024-05-03"), "再検査", again)]);
    let rows = table(&vault, &scene, Language::English);
    let records: u64 = vault.roots().unwrap().iter().map(|root| root.records).sum();
    assert_eq!(rows.len() as u64, records);
    let find = |title: &str, value: &str| {
        let found = rows.iter().find(|row| row["title"] == title && row["value"] == value);
        assert!(found.is_some(), "{title} {value}: {rows:?}");
        found.unwrap()
    };
    let pressure = find("収縮期血圧", "128");
    for (column, cell) in [
        ("person", "手帳 花子"),
        ("date", "2024-05-03"),
        ("kind", "Measurement"),
        ("unit", "mmHg"),
        ("code", "9A751000000000001"),
        ("code system", "1.2.392.200119.6.1005"),
        ("reference low", "-0.5"),
        ("reference high", "129"),
        ("interpretation", "H"),
        ("institution", "手帳クリニック"),
        ("event", "特定健康診査"),
        ("standing", "Understood"),
        ("comparator", ""),
    ] {
        assert_eq!(pressure[column], cell, "{column}");
    }
    assert_eq!(pressure["document"].len(), 64);
    assert!(pressure["details"].contains("基準\"値\",\n注意") && pressure["details"].contains("=cmd|' /C calc'!A0"));
    find("拡張期血圧", "-0.30");
    assert_eq!(find("HbA1c(NGSP)", "1200")["comparator"], "<");
    assert_eq!(find("服薬", "1")["meaning of the answer"], "服薬あり");
    assert_eq!(find("未実施", "")["meaning of the answer"], "not performed (NI)");
    assert_eq!(find("幅", "1.0 to ")["unit"], "分");
    let tall = find("身長", "1623");
    assert!(tall["standing"].starts_with("The value") && tall["time"] == "09:30:00+09:00" && tall["until"] == "2024-05");
    assert!(find("不明", "<observation code=\"?\">\u{7}</observation>")["standing"].starts_with("Not understood"));
    assert_eq!((find("アムロジピン", "2")["unit"].as_str(), find("アムロジピン", "2")["date"].as_str()), ("錠", "2023-11"));
}

#[test]
fn text_that_a_spreadsheet_would_run_is_marked_and_everything_else_is_as_it_was() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let rows = table(&vault, &scene, Language::Japanese);
    let values: Vec<&str> = rows.iter().map(|row| row["値"].as_str()).collect();
    for value in ["'-異常なし", "+", "'@memo", "-0.30", "1.0〜"] {
        assert!(values.contains(&value), "{value} in {values:?}");
    }
    assert!(rows.iter().any(|row| row["できごと"] == "'=傷病名"));
    let numbers = ["値", "基準下限", "基準上限"];
    for (column, cell) in rows.iter().flatten() {
        let is_number = numbers.contains(&column.as_str()) && cell.parse::<crate::base::Decimal>().is_ok();
        let is_sign = cell.chars().all(|character| "+-＋－".contains(character));
        assert!(is_number || is_sign || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']), "{column}: {cell}");
    }
}

#[test]
fn the_fhir_collection_holds_each_record_once_and_reads_again() {
    let scene = Scene::new();
    let vault = scene.family("from");
    export_fhir(&vault, &Choice::of(None), &scene.path("all.json"), at(220), &mut quiet).unwrap();
    let bundle: serde_json::Value = serde_json::from_slice(&fs::read(scene.path("all.json")).unwrap()).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let of = |kind: &str| entries.iter().filter(|entry| entry["resource"]["resourceType"] == kind).count();
    assert_eq!((of("Patient"), of("Immunization"), of("MedicationStatement"), of("AllergyIntolerance")), (2, 2, 1, 1));
    assert!(of("Provenance") >= 5);
    let pressures = entries.iter().filter(|entry| entry["resource"]["code"]["coding"][0]["code"] == "9A751000000000001").count();
    assert_eq!(pressures, 2, "stated twice by one document, and again by another");
    let urls: BTreeSet<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), entries.len());

    export_fhir(&vault, &Choice::of(Some(HANAKO)), &scene.path("hanako.json"), at(221), &mut quiet).unwrap();
    let reading = formats::fhir::read(&fs::read(scene.path("hanako.json")).unwrap()).unwrap();
    assert!(reading.refused.is_empty(), "{:?}", reading.refused);
    assert!(reading.subject.names.contains(&"手帳 花子".to_owned()));
    let values: Vec<String> = reading.events.iter().flat_map(|event| &event.facts).map(|fact| format!("{:?}", fact.body)).collect();
    assert!(values.iter().any(|body| body.contains("-0.30")), "{values:?}");
    export_fhir(&scene.empty("nobody"), &Choice::of(None), &scene.path("none.json"), at(1), &mut quiet).unwrap();
    assert_eq!(fs::read_to_string(scene.path("none.json")).unwrap(), "{\"resourceType\":\"Bundle\",\"type\":\"collection\"}\n");
}

#[test]
fn an_export_of_somebody_who_is_not_here_is_refused_and_writes_nothing() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let (stranger, out) = (Some(PersonId::from_bytes([1; 16])), scene.path("out"));
    let missing = Err(TransferError::Vault(crate::vault::VaultError::NotFound));
    assert_eq!(export_csv(&vault, &Choice::of(stranger), &out, Language::Japanese, at(1), &mut quiet), missing);
    assert_eq!(export_fhir(&vault, &Choice::of(stranger), &out, at(1), &mut quiet), missing);
    assert_eq!(export_originals(&vault, stranger, &out, at(1), &mut quiet).err(), missing.err());
    assert_eq!(scene.names().len(), 1);
}
