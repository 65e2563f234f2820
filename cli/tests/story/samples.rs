//! Every file that institutions and standards bodies published as a sample: read, with its records counted by a plain
//! walk of the file, or refused for the right reason.

use std::{
    fs,
    path::{Path, PathBuf},
};

use Fate::{Read, Refused};
use serde_json::Value;

use crate::notebook::{Notebook, count, samples, text};

/// Facts in a FHIR resource: what is measured (components one by one), given, prescribed, stated or written.
pub(crate) fn fhir_records(resource: &Value) -> usize {
    let nested = |key: &str| resource[key].as_array().into_iter().flatten();
    let own = match resource["resourceType"].as_str().unwrap_or("") {
        "Bundle" => return nested("entry").map(|entry| fhir_records(&entry["resource"])).sum::<usize>() + sections(resource),
        "Observation" => {
            let says =
                resource.as_object().unwrap().keys().any(|key| key.starts_with("value") || key == "dataAbsentReason" || key == "note");
            let holds = resource.get("component").is_some() || resource.get("hasMember").is_some();
            usize::from(says || !holds) + nested("component").count()
        }
        "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Encounter" | "Coverage" | "Specimen" | "Medication"
        | "Composition" => 0,
        _ => 1,
    };
    own + nested("contained").map(fhir_records).sum::<usize>()
}

/// Sections of a report whose words say what no measured or stated entry says: they have none, or only a file attached.
fn sections(bundle: &Value) -> usize {
    let entries = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let resources = entries(bundle, "entry");
    let is_attachment = |reference: &Value| {
        let found = resources.iter().find(|entry| entry["fullUrl"] == reference["reference"]);
        found.is_some_and(|entry| entry["resource"]["resourceType"] == "DocumentReference")
    };
    let reports = resources.iter().filter(|entry| entry["resource"]["resourceType"] == "Composition");
    let all = reports.flat_map(|entry| entries(&entry["resource"], "section"));
    all.filter(|section| section["text"]["div"].is_string() && entries(section, "entry").iter().all(is_attachment)).count()
}

/// Facts in a medicine notebook, by the numbers its lines begin with.
pub(crate) fn jahis_records(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map(|line| {
            let fields: Vec<&str> = line.trim_end_matches('\r').split(',').collect();
            let is_given = |index: usize| usize::from(fields.get(index).is_some_and(|field| !field.is_empty()));
            match fields[0] {
                // Blood group and weight stand in the line about the person.
                "1" => is_given(8) + is_given(9),
                "2" | "3" | "4" | "15" | "201" | "401" | "411" | "421" | "501" | "601" | "701" => 1,
                _ => 0,
            }
        })
        .sum()
}

/// What should become of a sample: records filed, entries refused; or the exit code and a word of the reason.
enum Fate {
    Read(usize, usize),
    Refused(i32, &'static str),
}

fn fate(folder: &str, name: &str, bytes: &[u8]) -> Fate {
    let is_a = |ending: &str| Path::new(name).extension().is_some_and(|found| found == ending);
    // A bundle, a resource, or a resource a line.
    let json = || serde_json::Deserializer::from_slice(bytes).into_iter::<Value>().map(|resource| fhir_records(&resource.unwrap())).sum();
    match (folder, name) {
        (_, name) if is_a("md") || name.contains("LICENSE") || name.contains("METADATA") => Refused(4, "文字ファイル"),
        ("jahis-tc", "external-sample.txt") => Refused(4, "院外処方箋"),
        // One line has no drug code and is refused by itself; the drug stays.
        ("jahis-tc", "tc-invalid-missing-drug-code.txt") => Read(jahis_records(bytes) + 1, 1),
        ("jahis-tc", _) => Read(jahis_records(bytes), 0),
        ("who", _) | ("shc-shl", "issuer-jwks.json") => Refused(4, "JSON"),
        ("shc-shl", name) if name.starts_with("shl-") => Refused(4, "SMART Health Link"),
        ("shc-shl", name) if name.contains("jws-payload") => Refused(4, "署名がありません"),
        ("shc-shl", _) if is_a("svg") => Refused(4, "SVG"),
        // All forms of one card hold the bundle that lies beside them.
        ("shc-shl", _) if !is_a("json") => Read(3, 0),
        _ => Read(json(), 0),
    }
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_sample_is_read_whole_or_refused_for_the_right_reason() {
    let Some(samples) = samples() else { return };
    let notebook = Notebook::new();
    notebook.run(&["person", "add", "見本 太郎", "--born", "1970-01-01", "--sex", "male"]).ok();
    let mut found = Vec::new();
    files(&samples, &mut found);
    found.sort();
    assert!(found.len() >= 60, "only {} samples", found.len());
    let keys = samples.join("shc-shl/issuer-jwks.json");
    let mut arguments = vec!["import", "--person", "見本 太郎", "--anyway", "--json", "--keys", text(&keys)];
    arguments.extend(found.iter().map(|file| text(file)));
    let lines = notebook.run(&arguments).ended(3).lines();
    assert_eq!(lines.len(), found.len(), "a line for each file");
    let mut filed = 0;
    let mut wrong = Vec::new();
    for (file, line) in found.iter().zip(&lines) {
        assert_eq!(line["file"].as_str(), Some(text(file)));
        let folder = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let (ready, refused) = (count(line, "ready"), line["refused"].as_array().unwrap());
        let right = match fate(folder, name, &fs::read(file).unwrap()) {
            // Two of the files are the same document.
            Fate::Read(..) if line["already_here"] == true => ready == 0 && name == "example-01-a-fhirBundle.json",
            Fate::Read(records, entries) => line["document"].is_string() && (ready, refused.len()) == (records, entries),
            Fate::Refused(_, word) => {
                line["document"].is_null() && refused.len() == 1 && refused[0]["reason"].as_str().unwrap().contains(word)
            }
        };
        if !right {
            wrong.push(format!("{folder}/{name}: {line}"));
        }
        // A record that another document had stated is filed there too, and counted once.
        filed += ready - count(line, "known");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let verified = notebook.run(&["verify", "--json"]).ok().line();
    assert_eq!(verified["people"][0]["records"].as_u64(), Some(filed as u64));
    // By itself, each refusal has its own code.
    for file in ["jahis-tc/external-sample.txt", "shc-shl/shl-manifest-1.json", "phr/LICENSE.md"] {
        let path = samples.join(file);
        let Fate::Refused(code, _) = fate(file.split('/').next().unwrap(), file.rsplit('/').next().unwrap(), b"") else { unreachable!() };
        notebook.run(&["import", text(&path), "--person", "見本 太郎"]).ended(code);
    }
    // Nobody of the samples is 見本 太郎: without his word nothing of theirs comes in.
    let echeckup = samples.join("echeckup/Bundle-Bundle-eCheckupReport-Sample-01.json");
    notebook.run(&["person", "add", "見本 次郎", "--born", "1970-01-01", "--sex", "male"]).ok();
    notebook.run(&["import", text(&echeckup), "--person", "見本 次郎"]).ended(5);
}
