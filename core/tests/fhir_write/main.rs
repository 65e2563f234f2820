//! The FHIR export reads back as what was written: for every sample and for generated facts of every kind.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod any_records;
#[path = "../fhir_support/mod.rs"]
mod fhir_support;

use techo_core::{
    base::{Fingerprint, PersonId},
    formats::fhir::{self, Origin},
    record::{
        AbsentReason, Allergy, Attachment, Body, Coding, Comparator, Concept, Condition, Event, Fact, Medication, MedicationStage,
        Narrative, Observation, Person, Procedure, Reason, ReferenceRange, Sex, Standing, Unit, Vaccination, Value, When,
    },
    terms::Kind,
};

fn person() -> Person {
    let mut person = Person::new(PersonId::from_bytes([7; 16]), "手帳 花子", "1980-05-03".parse().unwrap(), Sex::Female).unwrap();
    person.kana = Some("テチョウ ハナコ".to_owned());
    person.former_names.push("旧姓 花子".to_owned());
    person
}

fn origin() -> Origin {
    Origin {
        document: Fingerprint::of(b"document"),
        received: "2026-11-21T12:00:00Z".parse().unwrap(),
        source: Some("みなと診療所".to_owned()),
        others: Vec::new(),
    }
}

fn written(events: &[Event]) -> Vec<u8> {
    let (mut out, origin) = (Vec::new(), origin());
    fhir::write_collection(&person(), events.iter().map(|event| (event, &origin)), &mut out).unwrap();
    out
}

/// An event without what an export cannot carry: the place in the document it came from.
fn comparable(events: &[Event]) -> Vec<(String, Vec<Fact>)> {
    let mut all: Vec<(String, Vec<Fact>)> = events
        .iter()
        .map(|event| {
            let head = format!("{} {:?} {} {:?}", event.kind, event.day.map(|day| day.to_string()), event.title, event.place);
            let mut facts = event.facts.clone();
            for fact in &mut facts {
                fact.at.clear();
            }
            facts.sort_by_key(|fact| serde_json::to_string(fact).unwrap());
            (head, facts)
        })
        .filter(|(_, facts)| !facts.is_empty())
        .collect();
    all.sort_by_key(|(head, facts)| (head.clone(), serde_json::to_string(facts).unwrap()));
    all
}

/// The same, all facts of equal headings in one list: two events alike in everything are one when read again.
fn merged(events: &[Event]) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (head, facts) in comparable(events) {
        all.entry(head).or_default().extend(facts.iter().map(|fact| serde_json::to_string_pretty(fact).unwrap()));
    }
    for facts in all.values_mut() {
        facts.sort();
    }
    all
}

#[test]
fn every_sample_reads_back_the_same_after_writing() {
    for (name, bytes) in fhir_support::samples() {
        let read = fhir::read(&bytes).unwrap();
        let out = written(&read.events);
        let again = fhir::read(&out).unwrap();
        assert_eq!(again.refused, [], "{name}");
        // A resource that nobody understands goes as it came, without the event it was gathered into; statuses without a
        // code system get the one R4 binds them to.
        let is_whole = |event: &Event| event.kind != Kind::Other;
        let before: Vec<Event> = read.events.iter().filter(|event| is_whole(event)).cloned().collect();
        let after: Vec<Event> = again.events.iter().filter(|event| is_whole(event)).cloned().collect();
        let strip = |json: std::collections::BTreeMap<String, Vec<String>>| format!("{json:#?}");
        assert_eq!(strip(merged(&before)), strip(merged(&after)), "{name}");
        let raw = |events: &[Event]| {
            let mut all: Vec<String> = events
                .iter()
                .flat_map(|event| &event.facts)
                .filter_map(|fact| match &fact.body {
                    Body::Raw(text) => Some(text.clone()),
                    _ => None,
                })
                .collect();
            all.sort();
            all
        };
        assert_eq!(raw(&read.events), raw(&again.events), "{name}");
        assert_eq!(out, written(&read.events), "{name}: the same records give the same bytes");
    }
}

#[test]
fn what_an_infant_checkup_measures_leaves_with_its_public_code_and_reads_back_as_it_was() {
    let bytes = include_bytes!("../../../tests/fixtures/kinds/infant-checkups.json");
    let keys = techo_core::formats::health_card::KeySet::new(0);
    let Ok(techo_core::formats::Contents::Document(reading)) = techo_core::formats::read(bytes, &keys) else { unreachable!() };
    let out = written(&reading.events);
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let mut coded = std::collections::BTreeMap::<String, Vec<String>>::new();
    for observation in json["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]) {
        let codings = observation["code"]["coding"].as_array().into_iter().flatten();
        for coding in codings.filter(|coding| coding["system"] == "http://loinc.org") {
            assert_eq!(observation["category"][0]["coding"][0]["code"], "vital-signs");
            coded.entry(coding["code"].to_string()).or_default().push(observation["valueQuantity"]["code"].to_string());
        }
    }
    // Seven checkups with height and weight. What was measured at birth is not of that day, and bears a key of ours alone.
    let of = |unit: &str| vec![format!("\"{unit}\""); 7];
    assert_eq!(coded.into_iter().collect::<Vec<_>>(), [("\"29463-7\"".to_owned(), of("kg")), ("\"8302-2\"".to_owned(), of("cm"))]);
    let again = fhir::read(&out).unwrap();
    assert_eq!(again.refused, []);
    assert_eq!(merged(&again.events), merged(&reading.events));
}

#[test]
fn decimals_leave_as_they_were_measured() {
    let mut fact = observed(Value::Number { comparator: Some(Comparator::Less), decimal: "5.60".parse().unwrap() });
    fact.concept = Concept::of(Coding::new("1.2.392.200119.6.1005", "3D046000001906202").with_display("HbA1c"));
    let out = String::from_utf8(written(&[event(vec![fact])])).unwrap();
    assert!(out.contains(r#""valueQuantity":{"value":5.60,"comparator":"<"}"#), "{out}");
    assert!(out.contains(r#""system":"urn:oid:1.2.392.200119.6.1005","code":"3D046000001906202""#), "{out}");
}

#[test]
fn the_export_names_its_sources_and_no_insurance_number() {
    let Some(sample) = fhir_support::sample("echeckup/Bundle-Bundle-eCheckupReport-Sample-01.json") else { return };
    let read = fhir::read(&sample).unwrap();
    let out = String::from_utf8(written(&read.events)).unwrap();
    for number in ["00012345", "３８７４７６", "１２３４５", "６７８９０", "06123456", "24100000123", "34567\"", "サンプル健康保険組合"]
    {
        assert!(!out.contains(number), "{number}");
    }
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let resources: Vec<&serde_json::Value> = json["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]).collect();
    let provenance: Vec<_> = resources.iter().filter(|resource| resource["resourceType"] == "Provenance").collect();
    assert_eq!(provenance.len(), 1);
    let facts = read.events.iter().map(|event| event.facts.len()).sum::<usize>();
    assert_eq!(provenance[0]["target"].as_array().unwrap().len(), facts + read.events.len());
    assert_eq!(provenance[0]["entity"][0]["what"]["identifier"]["value"], Fingerprint::of(b"document").to_string());
    assert_eq!(resources[0]["resourceType"], "Patient");
    assert!(resources[0].get("identifier").is_none());
    let urls: std::collections::HashSet<&str> =
        json["entry"].as_array().unwrap().iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), resources.len(), "every entry has an id of its own");
}

#[test]
fn two_equal_facts_of_one_document_have_two_ids() {
    let fact = observed(Value::Text("所見なし".to_owned()));
    let out = written(&[event(vec![fact.clone(), fact])]);
    assert_eq!(fhir::read(&out).unwrap().events[0].facts.len(), 2);
}

#[test]
fn what_is_no_resource_is_kept_in_a_basic() {
    let mut fact = observed(Value::Text(String::new()));
    fact.kind = Kind::Other;
    fact.body = Body::Raw("999,知らないレコード,1".to_owned());
    fact.standing = Standing::NotUnderstood;
    let again = fhir::read(&written(&[event(vec![fact.clone()])])).unwrap();
    assert_eq!(again.events[0].facts[0].body, fact.body);
    assert_eq!(again.events[0].facts[0].standing, Standing::NotUnderstood);
}

#[test]
fn a_resource_kept_as_it_came_leaves_as_it_came_and_claims_no_profile() {
    let kept = r#"{"resourceType":"Goal","id":"g","meta":{"versionId":"1","profile":["http://example.org/p"],"tag":[]},"target":[{"detailQuantity":{"value":60.0}}]}"#;
    let mut fact = observed(Value::Text(String::new()));
    fact.body = Body::Raw(kept.to_owned());
    let out = String::from_utf8(written(&[event(vec![fact])])).unwrap();
    assert!(
        out.contains(r#""resource":{"resourceType":"Goal","id":"g","meta":{"versionId":"1","extension":["#)
            && !out.contains(r#""profile":"#),
        "{out}"
    );
    let again = fhir::read(out.as_bytes()).unwrap();
    assert_eq!(again.events[0].facts[0].body, Body::Raw(kept.to_owned()));
}

#[test]
fn an_allergy_without_a_status_gets_none_by_leaving_and_coming_back() {
    let mut fact = observed(Value::Text(String::new()));
    fact.body = Body::Allergy(Allergy::default());
    let out = String::from_utf8(written(&[event(vec![fact.clone()])])).unwrap();
    assert!(out.contains(r#""clinicalStatus":{"coding":[{"#), "{out}");
    assert_eq!(fhir::read(out.as_bytes()).unwrap().events[0].facts[0].body, fact.body);
}

#[test]
fn what_is_withdrawn_leaves_as_withdrawn() {
    let bodies = [
        Body::Observation(Observation { status: Some("entered-in-error".to_owned()), ..Observation::new(Value::Text("a".to_owned())) }),
        Body::Condition(Condition {
            verification: Some(Concept::of(Coding::new("http://terminology.hl7.org/CodeSystem/condition-ver-status", "entered-in-error"))),
            ..Condition::default()
        }),
        Body::Procedure(Procedure { status: Some("entered-in-error".to_owned()), ..Procedure::default() }),
    ];
    for body in bodies {
        let mut fact = observed(Value::Text(String::new()));
        fact.body = body;
        fact.standing = Standing::Quarantined(Reason::Withdrawn);
        let again = fhir::read(&written(&[event(vec![fact.clone()])])).unwrap();
        assert_eq!(again.events[0].facts[0], Fact { at: again.events[0].facts[0].at.clone(), ..fact });
    }
}

fn observed(value: Value) -> Fact {
    Fact {
        kind: Kind::Finding,
        title: "所見".to_owned(),
        concept: Concept::text("所見"),
        when: None,
        body: Body::Observation(Observation::new(value)),
        at: String::new(),
        said_by: None,
        standing: Standing::Understood,
    }
}

fn event(facts: Vec<Fact>) -> Event {
    Event { kind: Kind::Checkup, day: Some("2024-05-03".parse().unwrap()), title: "健診".to_owned(), place: None, signature: None, facts }
}
