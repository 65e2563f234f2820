//! Every FHIR sample against an independent count of what is in the file: no observation, component, dose, medicine,
//! condition, allergy or document is lost or doubled, and all codes, units and numbers are those of the file.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod fhir_support;

use std::collections::BTreeMap;

use fhir_support::{sample, samples};
use serde_json::Value as Json;
use techo_core::{
    formats::{FormatError, Reading, fhir},
    record::{Body, Fact, Reason, Standing, Value},
    terms::Kind,
};

/// The resources of a file, contained ones too, by a plain walk.
fn resources(text: &str) -> Vec<Json> {
    fn walk(resource: &Json, found: &mut Vec<Json>) {
        if resource["resourceType"] == "Bundle" {
            resource["entry"].as_array().into_iter().flatten().for_each(|entry| walk(&entry["resource"], found));
            return;
        }
        found.push(resource.clone());
        resource["contained"].as_array().into_iter().flatten().for_each(|contained| walk(contained, found));
    }
    let mut found = Vec::new();
    match serde_json::from_str::<Json>(text) {
        Ok(whole) => walk(&whole, &mut found),
        Err(_) => {
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                walk(&serde_json::from_str(line).unwrap(), &mut found);
            }
        }
    }
    found
}

/// What the facts of each kind of body should be, counted from the file.
fn expected(resources: &[Json]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let mut add = |what, count| *counts.entry(what).or_insert(0) += count;
    for resource in resources {
        let kind = resource["resourceType"].as_str().unwrap();
        match kind {
            "Observation" => {
                let members = resource.as_object().unwrap();
                let has_value = members.keys().any(|name| name.starts_with("value") || name == "dataAbsentReason" || name == "note");
                let holds = members.contains_key("component") || members.contains_key("hasMember");
                add("observation", usize::from(has_value || !holds));
                add("observation", resource["component"].as_array().map_or(0, Vec::len));
            }
            "Immunization" => add("vaccination", 1),
            "MedicationRequest" | "MedicationDispense" | "MedicationStatement" | "MedicationAdministration" => add("medication", 1),
            "Condition" => add("condition", 1),
            "AllergyIntolerance" => add("allergy", 1),
            "Procedure" => add("procedure", 1),
            "DocumentReference" | "DiagnosticReport" => add("narrative", 1),
            "Composition" | "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Encounter" | "Coverage" | "Specimen"
            | "Medication" => {}
            _ => add("raw", 1),
        }
    }
    counts.retain(|_, count| *count > 0);
    counts
}

fn body_name(fact: &Fact) -> &'static str {
    match fact.body {
        Body::Observation(_) => "observation",
        Body::Vaccination(_) => "vaccination",
        Body::Medication(_) => "medication",
        Body::Condition(_) => "condition",
        Body::Allergy(_) => "allergy",
        Body::Procedure(_) => "procedure",
        Body::Expense(_) => "expense",
        Body::Narrative(_) => "narrative",
        Body::Note(_) => "note",
        Body::Raw(_) => "raw",
    }
}

fn facts(reading: &Reading) -> impl Iterator<Item = &Fact> {
    reading.events.iter().flat_map(|event| &event.facts)
}

#[test]
fn nothing_of_any_sample_is_lost_or_doubled() {
    for (name, bytes) in samples() {
        let reading = fhir::read(&bytes).unwrap();
        assert_eq!(reading.refused, [], "{name}");
        let mut found = BTreeMap::new();
        // The narrative of a section is no resource; it has a test of its own.
        for fact in facts(&reading).filter(|fact| !fact.at.contains(".section[")) {
            *found.entry(body_name(fact)).or_insert(0) += 1;
        }
        assert_eq!(found, expected(&resources(std::str::from_utf8(&bytes).unwrap())), "{name}");
        let mut places: Vec<&str> = facts(&reading).map(|fact| fact.at.as_str()).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), facts(&reading).count(), "{name}: every fact has a place of its own");
    }
}

/// Code, unit and value of every coded quantity of a file, as text.
fn quantities(resources: &[Json]) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut add = |holder: &Json| {
        let code = holder["code"]["coding"][0]["code"].as_str().unwrap_or_default().to_owned();
        if let Some(quantity) = holder.get("valueQuantity") {
            let unit = quantity["unit"].as_str().or(quantity["code"].as_str()).unwrap_or_default();
            found.push((code, unit.to_owned(), quantity["value"].to_string()));
        } else if let Some(answer) = holder.get("valueCodeableConcept") {
            let coding = &answer["coding"][0];
            found.push((
                code,
                coding["system"].as_str().unwrap_or_default().to_owned(),
                coding["code"].as_str().unwrap_or_default().to_owned(),
            ));
        } else if let Some(words) = holder.get("valueString") {
            found.push((code, String::new(), words.as_str().unwrap().to_owned()));
        } else if let Some(number) = holder.get("valueInteger") {
            found.push((code, String::new(), number.to_string()));
        }
    };
    for resource in resources.iter().filter(|resource| resource["resourceType"] == "Observation") {
        add(resource);
        resource["component"].as_array().into_iter().flatten().for_each(&mut add);
    }
    found.sort();
    found
}

#[test]
fn codes_units_and_numbers_are_those_of_the_file() {
    let mut compared = 0;
    for (name, bytes) in samples() {
        let wanted = quantities(&resources(std::str::from_utf8(&bytes).unwrap()));
        let reading = fhir::read(&bytes).unwrap();
        let mut found: Vec<_> = facts(&reading)
            .filter_map(|fact| {
                let Body::Observation(observation) = &fact.body else { return None };
                let code = fact.concept.leading().map(|coding| coding.code.clone()).unwrap_or_default();
                let unit = observation.unit.as_ref().map(|unit| unit.shown.clone()).unwrap_or_default();
                match &observation.value {
                    Value::Number { decimal, .. } => Some((code, unit, decimal.to_string())),
                    Value::Coded { choice, .. } => {
                        let coding = choice.leading()?;
                        Some((code, coding.system.clone().unwrap_or_default(), coding.code.clone()))
                    }
                    // A date as value has no row in the count above.
                    Value::Text(words) if words == "2021-10-01" => None,
                    Value::Text(words) => Some((code, unit, words.clone())),
                    _ => None,
                }
            })
            .collect();
        found.sort();
        compared += wanted.len();
        assert_eq!(found, wanted, "{name}");
    }
    assert!(compared > 100 || samples().is_empty());
}

fn read(name: &str) -> Option<Reading> {
    sample(name).map(|bytes| fhir::read(&bytes).unwrap())
}

fn fact<'r>(reading: &'r Reading, at: &str) -> &'r Fact {
    facts(reading).find(|fact| fact.at == at).unwrap()
}

#[test]
fn a_checkup_is_of_the_day_of_its_examinations_and_not_of_its_report() {
    let Some(reading) = read("echeckup/Bundle-Bundle-eCheckupReport-Sample-01.json") else { return };
    let events: Vec<_> = reading
        .events
        .iter()
        .map(|event| (event.kind, event.day.unwrap().to_string(), event.title.as_str(), event.place.as_deref(), event.facts.len()))
        .collect();
    let place = Some("厚生労働省第一病院");
    // The report says 2024-04-05; the observations say when they were made. The electrocardiogram was made on another day.
    assert_eq!(
        events,
        [
            (Kind::Checkup, "2020-04-04".to_owned(), "特定健康診査", place, 46),
            (Kind::Checkup, "2020-11-10".to_owned(), "特定健康診査", place, 2)
        ]
    );
    assert_eq!(reading.subject.names, ["健診 太郎", "ケンシン タロウ"]);
    let electrocardiogram = fact(&reading, "Bundle.entry[13].Observation.component[0]");
    assert_eq!(electrocardiogram.said_by.as_deref(), Some("東京 太郎"));
    let sugar = fact(&reading, "Bundle.entry[26].Observation");
    assert!(
        matches!(&sugar.body, Body::Observation(o) if matches!(&o.value, Value::Coded { rank: Some(1), meaning: Some(m), .. } if m == "－"))
    );
    assert!(facts(&reading).all(|fact| fact.standing == Standing::Understood));
}

#[test]
fn a_screening_has_its_name_its_groups_and_its_specimen() {
    let Some(reading) = read("municipal/Bundle-example17.json") else { return };
    let [event] = reading.events.as_slice() else { panic!("one event") };
    assert_eq!(
        (event.kind, event.title.as_str(), event.day.unwrap().to_string().as_str()),
        (Kind::CancerScreening, "肺がん検診", "2021-10-01")
    );
    let sputum = fact(&reading, "Bundle.entry[13].Observation");
    let Body::Observation(observation) = &sputum.body else { panic!("an observation") };
    assert_eq!(observation.group.as_deref(), Some("喀痰検査"));
    assert_eq!(observation.specimen.as_ref().unwrap().label(), Some("喀痰"));
}

#[test]
fn answers_shown_with_the_words_of_their_opposite_are_quarantined() {
    // The published samples send 2 of table 2052 (あり) as なし, and 1 of table 2050 (所見なし) as 所見あり. Nobody can say
    // which of the two was meant.
    for (name, places) in [
        ("municipal/Bundle-example17.json", &["Bundle.entry[22].Observation"][..]),
        ("municipal/Bundle-example20.json", &["Bundle.entry[18].Observation"]),
        (
            "municipal/Bundle-example22.json",
            &["Bundle.entry[17].Observation", "Bundle.entry[8].Observation", "Bundle.entry[9].Observation"],
        ),
        ("municipal/Bundle-example24.json", &[]),
    ] {
        let Some(reading) = read(name) else { return };
        let mut found: Vec<&str> =
            facts(&reading).filter(|fact| fact.standing == Standing::Quarantined(Reason::Name)).map(|fact| fact.at.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, places, "{name}");
    }
}

#[test]
fn samples_that_are_wrong_on_purpose_are_read_and_say_what_is_wrong_or_are_readable_all_the_same() {
    // ng-obs-1: a result in an observation of status `registered`, which has none yet. Kept, with its status, not trusted.
    let Some(reading) = read("municipal/Bundle-example17-ng-obs-1.json") else { return };
    let registered = fact(&reading, "Bundle.entry[9].Observation");
    assert_eq!(registered.standing, Standing::NotUnderstood);
    assert!(matches!(&registered.body, Body::Observation(o) if o.status.as_deref() == Some("registered")));
    // ng: the Coverage lacks its 枝番 and the attachment stands in the section of additional items. Neither is ever taken
    // in, so everything else is as in the good file.
    let (good, wrong) = (read("municipal/Bundle-example17.json").unwrap(), read("municipal/Bundle-example17-ng.json").unwrap());
    let observed = |reading: &Reading| facts(reading).filter(|fact| body_name(fact) == "observation").cloned().collect::<Vec<_>>();
    assert_eq!(observed(&good), observed(&wrong));
    // eGFR: the local code is missing, which the profile wants beside JLAC10. JLAC10 alone says what it is.
    let egfr = read("clins/Observation-ErrorExample-ObsLabo-eGFR.json").unwrap();
    assert_eq!(fact(&egfr, "Observation").title, "eGFR");
    // Eye drops without YJ or 一般名 code: HOT9 and the words say what they are.
    let drops = read("clins/MedicationRequest-ErrorExample-JP-MedReq-ExtEye-Total1.json").unwrap();
    assert_eq!(fact(&drops, "MedicationRequest").concept.leading().unwrap().code, "118185202");
    // 一般名 code 2124030F2ZZZ for 1124030F2ZZZ: only the master of general names could tell, which we do not have. The
    // code is kept as received beside the name, which is right, and no record is titled by it.
    let tablets = read("clins/MedicationRequest-ErrorExample-JP-MedReq-PO-SID-28days.json").unwrap();
    let tablet = fact(&tablets, "MedicationRequest");
    assert_eq!(tablet.title, "クアゼパム錠２０ｍｇ");
    assert!(matches!(&tablet.body, Body::Medication(m) if m.generic.as_ref().unwrap().leading().unwrap().code == "2124030F2ZZZ"));
}

#[test]
fn an_attachment_is_named_measured_and_fingerprinted_and_stays_in_the_original() {
    let Some(reading) = read("municipal/Bundle-example18.json") else { return };
    let Body::Narrative(narrative) = &fact(&reading, "Bundle.entry[6].DocumentReference").body else { panic!("a document") };
    let [attachment] = narrative.attachments.as_slice() else { panic!("one attachment") };
    assert_eq!((attachment.content_type.as_deref(), attachment.bytes), (Some("text/xml"), Some(1830)));
    assert_eq!(attachment.fingerprint.unwrap().to_string(), "06972db8bde1f7c107cccca7106715a3939f9e7402db0947d94e5c0326666ce1");
    // The attached claim names an insurer; nothing of it is in any record.
    assert!(!format!("{reading:?}").contains("20011"));
}

#[test]
fn insurance_numbers_are_in_no_record_of_any_sample() {
    for (name, bytes) in samples() {
        let shown = format!("{:?}", fhir::read(&bytes).unwrap());
        for number in ["00012345", "３８７４７６", "１８７:", "６７８９０", "06123456", "24100000123", "000999739", "サンプル健康保険組合"]
        {
            assert!(!shown.contains(number), "{name}: {number}");
        }
    }
}

#[test]
fn a_prescription_keeps_dose_usage_days_and_rp_number() {
    let Some(reading) = read("clins/MedicationRequest-Example-JP-MedReq-PO-TID-2days.json") else { return };
    let Body::Medication(medicine) = &fact(&reading, "MedicationRequest").body else { panic!("a medicine") };
    assert_eq!((medicine.dose.as_deref(), medicine.dose_unit.as_deref(), medicine.group.as_deref()), (Some("2"), Some("錠"), Some("1")));
    assert_eq!((medicine.quantity.as_deref(), medicine.quantity_unit.as_deref()), (Some("2"), Some("日")));
    assert_eq!(medicine.usage.as_ref().unwrap().leading().unwrap().code, "1013044400000000");
    assert_eq!(medicine.start.unwrap().to_string(), "2021-07-09");
    assert!(medicine.notes.contains(&"全量 12錠".to_owned()));
    assert_eq!(medicine.prescriber.as_deref(), Some("医療 太郎"));
    assert_eq!(reading.events[0].kind, Kind::Prescription);
}

#[test]
fn a_summary_is_filed_by_the_day_of_each_thing_in_it() {
    let Some(reading) = read("ips/Bundle-IPS-examples-Bundle-01.json") else { return };
    let panel: Vec<_> = facts(&reading)
        .filter_map(|fact| match &fact.body {
            Body::Observation(observation) if observation.group.is_some() => observation.group.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(panel, ["Blood typing"; 4]);
    assert!(facts(&reading).any(|fact| fact.kind == Kind::Allergy && fact.title.starts_with("No known food allergy")));
    let of_the_summary: Vec<Kind> = reading
        .events
        .iter()
        .filter(|event| event.day.is_some_and(|day| day.to_string() == "2017-12-11"))
        .map(|event| event.kind)
        .collect();
    assert!(of_the_summary.iter().all(|kind| *kind == Kind::Document), "only its own words are of the day of the summary");
}

#[test]
fn a_sample_cut_anywhere_is_truncated_and_never_half_read() {
    let Some(bytes) = sample("clins/Bundle-Bundle-CLINS-Observations-Example-01.json") else { return };
    let end = bytes.trim_ascii_end().len();
    for cut in (1..end).step_by(97) {
        let result = fhir::read(&bytes[..cut]);
        assert!(matches!(&result, Err(FormatError::Malformed { fault: techo_core::formats::Fault::Truncated, .. })), "{cut}: {result:?}");
    }
}
