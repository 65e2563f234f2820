//! The HAPI FHIR validator (base R4, and IPS 2.0.0 for summaries) on everything we write as FHIR.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use techo_core::{
    base::{Fingerprint, PersonId},
    formats::fhir::{self, Origin, SummaryWriter},
    record::{Event, Person, Sex},
    terms::Kind,
    transfer::{self, Choice},
};

use crate::{
    family::{self, now, people, quiet},
    judge, samples,
};

/// One complaint.
#[derive(Debug)]
struct Complaint {
    file: String,
    place: String,
    rule: String,
    words: String,
}

/// What the validator complains about in these files. None of it is taken for a false alarm: the two that were known came of
/// definitions asked for by their version, and the program around the validator answers to it.
fn complaints(judges: &Path, files: &[PathBuf]) -> Vec<Complaint> {
    let classpath = fs::read_to_string(judges.join("fhir/classpath")).unwrap();
    let classes = judges.join("fhir/classes");
    let separator = if cfg!(windows) { ';' } else { ':' };
    let output = Command::new("java")
        .args(["-Xmx1200m", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-cp"])
        .arg(format!("{}{separator}{}", classes.display(), classpath.trim()))
        .arg("jp.techo.judge.Judge")
        .arg(judges.join("packages"))
        .args(files)
        .output()
        .expect("java starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let seen: usize = said.lines().find_map(|line| line.strip_prefix("judged\t")?.parse().ok()).unwrap_or_default();
    assert!(seen >= files.len(), "only {seen} of {} files were judged", files.len());
    said.lines()
        .filter_map(|line| {
            let mut parts = line.strip_prefix("error\t")?.split('\t').map(str::to_owned);
            let mut next = || parts.next().unwrap_or_default();
            Some(Complaint { file: next(), place: next(), rule: next(), words: next() })
        })
        .collect()
}

/// Somebody for the samples, which are about many people.
fn anybody() -> Person {
    Person::new(PersonId::from_bytes([7; 16]), "見本 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap()
}

fn summary(person: &Person, events: &[Event]) -> Vec<u8> {
    let mut entries = Vec::new();
    let mut writer = SummaryWriter::begin(person, &mut entries);
    for event in events {
        writer.write(event, Fingerprint::of(b"sample")).unwrap();
    }
    let head = writer.finish(now()).unwrap();
    [head.as_bytes(), &entries, SummaryWriter::<Vec<u8>>::END.as_bytes()].concat()
}

/// Everything our writers write as FHIR, as files.
fn written(home: &Path) -> Vec<PathBuf> {
    let vault = family::vault(home);
    let out = |name: &str| home.join(name);
    let mut files = vec![out("family-fhir.json")];
    transfer::export_fhir(&vault, &Choice::default(), &files[0], now(), &mut quiet).unwrap();
    let kinds: Vec<Kind> = Kind::ALL.to_vec();
    for (person, name) in people() {
        // With every kind chosen by name, a pregnancy goes into the summary too.
        let choice = Choice { person: Some(person.id), kinds: &kinds, ..Choice::default() };
        let (ips, phr) = (out(&format!("{name}-ips.json")), out(&format!("{name}.phr")));
        transfer::export_summary(&vault, &choice, &ips, now(), &mut quiet).unwrap();
        transfer::export_phr(&vault, &choice, &phr, now(), &mut quiet).unwrap();
        files.extend([ips, phr]);
    }
    files.push(out("nobody-ips.json"));
    fs::write(files.last().unwrap(), summary(&anybody(), &[])).unwrap();
    let origin =
        Origin { document: Fingerprint::of(b"sample"), received: now(), source: Some("見本診療所".to_owned()), others: Vec::new() };
    for (name, bytes) in samples::fhir() {
        let Ok(reading) = fhir::read(&bytes) else { continue };
        let mut collection = Vec::new();
        fhir::write_collection(&anybody(), reading.events.iter().map(|event| (event, &origin)), &mut collection).unwrap();
        for (form, bytes) in [("fhir", collection), ("ips", summary(&anybody(), &reading.events))] {
            let path = out(&format!("{name}-{form}.json"));
            fs::write(&path, bytes).unwrap();
            files.push(path);
        }
    }
    files
}

#[test]
fn the_hapi_validator_accepts_everything_we_write_and_refuses_what_is_broken() {
    let Some(judges) = judge(&["fhir/classes", "fhir/classpath", "packages/hl7.fhir.uv.ips"]) else { return };
    let home = tempfile::tempdir().unwrap();
    let mut files = written(home.path());
    // An allergy without a code, and a cover without its status: both only a judge that looks at profiles and at R4 sees.
    let summary = fs::read_to_string(home.path().join("hanako-ips.json")).unwrap();
    let no_status = summary.replacen(r#""status":"final","#, "", 1);
    let mut no_code: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let allergy =
        no_code["entry"].as_array_mut().unwrap().iter_mut().find(|entry| entry["resource"]["resourceType"] == "AllergyIntolerance");
    allergy.expect("花子 has an allergy")["resource"].as_object_mut().unwrap().remove("code");
    for (name, text) in [("broken-status.json", no_status), ("broken-code.json", no_code.to_string())] {
        files.push(home.path().join(name));
        fs::write(files.last().unwrap(), text).unwrap();
    }
    let (broken, ours): (Vec<Complaint>, Vec<Complaint>) =
        complaints(&judges, &files).into_iter().partition(|complaint| complaint.file.starts_with("broken-"));
    let saw =
        |file: &str, member: &str| broken.iter().any(|complaint| complaint.file.starts_with(file) && complaint.words.contains(member));
    assert!(saw("broken-status", "Composition.status") && saw("broken-code", "AllergyIntolerance.code"), "the judge is blind: {broken:#?}");
    let mut left: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for complaint in &ours {
        left.entry((complaint.rule.clone(), complaint.words.clone())).or_default().push(format!("{} {}", complaint.file, complaint.place));
    }
    assert!(left.is_empty(), "{} kinds of complaint: {left:#?}", left.len());
}
