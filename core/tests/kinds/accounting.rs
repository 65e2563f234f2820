//! Every file of the specification's samples, item by item: what is in it is counted here without the reader, then found
//! again among what the reader understood, kept as it came, refused, or took for something that only says who, where or
//! under what name. The sum equals the file.

use std::{collections::HashMap, path::Path};

use serde_json::Value;
use techo_core::{
    formats::{Contents, FormatId, Reading, health_card::KeySet},
    record::Standing,
};

use crate::workspace;

/// Types that only say who, where or with what (the list of `docs/formats/fhir-r4.md`).
const AROUND: [&str; 14] = [
    "Patient",
    "Person",
    "RelatedPerson",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "Encounter",
    "Coverage",
    "Specimen",
    "Medication",
    "Substance",
    "Provenance",
    "Endpoint",
];

#[derive(Default, Debug, Clone, Copy)]
struct Account {
    in_file: usize,
    understood: usize,
    kept: usize,
    refused: usize,
    around: usize,
}

impl Account {
    fn sum(self) -> usize {
        self.understood + self.kept + self.refused + self.around
    }

    fn add(&mut self, other: Self) {
        self.in_file += other.in_file;
        self.understood += other.understood;
        self.kept += other.kept;
        self.refused += other.refused;
        self.around += other.around;
    }
}

/// What the reader made of one place and of all below it.
struct Told<'a> {
    reading: &'a Reading,
    by_place: HashMap<&'a str, (usize, bool)>,
}

impl<'a> Told<'a> {
    fn of(reading: &'a Reading) -> Self {
        let mut by_place: HashMap<&str, (usize, bool)> = HashMap::new();
        for fact in reading.events.iter().flat_map(|event| &event.facts) {
            let told = by_place.entry(fact.at.as_str()).or_insert((0, true));
            told.0 += 1;
            told.1 &= fact.standing == Standing::Understood;
        }
        Self { reading, by_place }
    }

    fn below(&self, place: &str) -> (usize, bool) {
        let is_below =
            |at: &str| at.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '[', ' ', ',', ':']));
        let found = self.by_place.iter().filter(|(at, _)| is_below(at));
        found.fold((0, true), |sum, (_, told)| (sum.0 + told.0, sum.1 && told.1))
    }

    fn is_refused(&self, place: &str) -> bool {
        self.reading.refused.iter().any(|refusal| refusal.place.starts_with(place))
    }

    fn account(&self, place: &str, may_be_around: bool, account: &mut Account) -> Result<usize, String> {
        account.in_file += 1;
        match self.below(place) {
            (0, _) if self.is_refused(place) => account.refused += 1,
            (0, _) if may_be_around => account.around += 1,
            (0, _) => return Err(place.to_owned()),
            (_, true) => account.understood += 1,
            (_, false) => account.kept += 1,
        }
        Ok(self.below(place).0)
    }
}

/// The resources of a FHIR document with their places, found without the reader.
fn resources<'v>(value: &'v Value, place: &str, out: &mut Vec<(String, &'v Value)>) {
    let Some(kind) = value["resourceType"].as_str() else { return };
    let own = if place.is_empty() { kind.to_owned() } else { format!("{place}.{kind}") };
    if kind == "Bundle" {
        for (position, entry) in value["entry"].as_array().into_iter().flatten().enumerate() {
            resources(&entry["resource"], &format!("{own}.entry[{position}]"), out);
        }
        return;
    }
    for (position, contained) in value["contained"].as_array().into_iter().flatten().enumerate() {
        resources(contained, &format!("{own}.contained[{position}]"), out);
    }
    out.push((own, value));
}

fn of_fhir(documents: &[(String, Value)], reading: &Reading) -> Result<Account, String> {
    let told = Told::of(reading);
    let mut account = Account::default();
    for (place, document) in documents {
        let mut all = Vec::new();
        resources(document, place, &mut all);
        for (place, resource) in all {
            let kind = resource["resourceType"].as_str().unwrap_or_default();
            let is_panel = kind == "Observation"
                && resource.get("component").is_none()
                && !resource
                    .as_object()
                    .is_some_and(|members| members.keys().any(|key| key.starts_with("value") || key == "dataAbsentReason"));
            // A contained resource is part of the one that holds it.
            let may =
                AROUND.contains(&kind) || matches!(kind, "Composition" | "DiagnosticReport") || is_panel || place.contains(".contained[");
            let facts = told.account(&place, may, &mut account)?;
            let components = resource["component"].as_array().map_or(0, Vec::len);
            if facts > 0 && facts < components {
                return Err(format!("{place}: {components} components, {facts} records"));
            }
        }
    }
    Ok(account)
}

/// Records of a notebook that only say whose, where and when, or that belong to the medicine before them.
const PARTS: [&str; 20] =
    ["1", "2", "3", "5", "11", "15", "51", "55", "281", "291", "301", "311", "391", "401", "411", "421", "501", "601", "701", "911"];

fn of_notebook(text: &str, reading: &Reading) -> Result<Account, String> {
    let told = Told::of(reading);
    let mut account = Account::default();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && *line != "\u{1A}") {
        let record = line.split(',').next().unwrap_or_default();
        let may = PARTS.contains(&record) || record.starts_with("JAHISTC");
        told.account(&format!("line {}", number + 1), may, &mut account)?;
    }
    Ok(account)
}

fn account(path: &Path) -> Result<(&'static str, Account), String> {
    let bytes = std::fs::read(path).unwrap();
    let whole = Account { in_file: 1, refused: 1, ..Account::default() };
    let reading = match techo_core::formats::read(&bytes, &KeySet::new(0)) {
        Ok(Contents::Document(reading)) => *reading,
        // One part of several, or the codes of a picture: each is a document of its own.
        Ok(Contents::Part(_) | Contents::Codes(_)) => return Ok(("part", Account { in_file: 1, kept: 1, ..Account::default() })),
        Ok(Contents::Container(_)) => return Err("a container among the samples".to_owned()),
        Err(_) => return Ok(("refused as a whole", whole)),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let account = match reading.format {
        FormatId::Fhir => {
            let documents: Vec<(String, Value)> = match serde_json::from_str::<Value>(&text) {
                Ok(Value::Array(items)) => items.into_iter().enumerate().map(|(position, item)| (format!("[{position}]"), item)).collect(),
                Ok(one) => vec![(String::new(), one)],
                Err(_) => {
                    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
                    let parsed = lines.map(|(number, line)| Ok((format!("line {}", number + 1), serde_json::from_str(line)?)));
                    parsed.collect::<Result<_, serde_json::Error>>().map_err(|error| error.to_string())?
                }
            };
            of_fhir(&documents, &reading)?
        }
        FormatId::JahisTc => of_notebook(&text, &reading)?,
        FormatId::HealthCard => {
            // The bundle that was signed lies beside the card.
            let name = path.file_name().unwrap().to_str().unwrap();
            let bundle = path.with_file_name(format!("{}-a-fhirBundle.json", &name[..10]));
            let bundle: Value = serde_json::from_slice(&std::fs::read(bundle).unwrap()).unwrap();
            let mut all = Vec::new();
            resources(&bundle, "", &mut all);
            let facts: Vec<Standing> = reading.events.iter().flat_map(|event| &event.facts).map(|fact| fact.standing).collect();
            let understood = facts.iter().filter(|standing| standing.is_understood()).count();
            let around = all.iter().filter(|(_, resource)| AROUND.contains(&resource["resourceType"].as_str().unwrap())).count();
            Account { in_file: all.len(), understood, kept: facts.len() - understood, refused: reading.refused.len(), around }
        }
        other => return Err(format!("no way of counting {}", other.id())),
    };
    Ok((reading.format.id(), account))
}

fn files(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
fn every_sample_is_accounted_for_item_by_item() {
    let shared = std::env::var_os("TECHO_SHARED").map_or_else(|| workspace().join("../shared"), std::path::PathBuf::from);
    let samples = shared.join("samples");
    if !samples.is_dir() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the samples must be there in continuous integration");
        println!("SKIPPED: the samples of the specification are not there");
        return;
    }
    let mut all = Vec::new();
    files(&samples, &mut all);
    let mut total = Account::default();
    let mut wrong = Vec::new();
    println!("{:<60} {:<20} {:>7} {:>10} {:>5} {:>7} {:>6}", "file", "read as", "in file", "understood", "kept", "refused", "around");
    for path in &all {
        let name = path.strip_prefix(&samples).unwrap().display().to_string();
        match account(path) {
            Ok((format, account)) => {
                println!(
                    "{name:<60} {format:<20} {:>7} {:>10} {:>5} {:>7} {:>6}",
                    account.in_file, account.understood, account.kept, account.refused, account.around
                );
                if account.sum() != account.in_file {
                    wrong.push(format!("{name}: {account:?}"));
                }
                total.add(account);
            }
            Err(lost) => wrong.push(format!("{name}: lost {lost}")),
        }
    }
    println!(
        "{:<60} {:<20} {:>7} {:>10} {:>5} {:>7} {:>6}",
        "all", "", total.in_file, total.understood, total.kept, total.refused, total.around
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert!(total.in_file > 350 && total.understood > 200, "{total:?}");
}
