//! The FHIR fixtures: what each is read as, or why it is refused; and the two files of the sample family.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use techo_core::{
    formats::{Fault, FormatError, Reading, Unread, fhir},
    record::{Body, Reason, Standing, Value},
    terms::Kind,
};

fn read(name: &str) -> Result<Reading, FormatError> {
    fhir::read(&std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)).unwrap())
}

#[test]
fn the_checkup_of_the_family_reads_whole() {
    let reading = read("family/ichiro-echeckup-2024.json").unwrap();
    assert_eq!(reading.refused, []);
    assert_eq!(reading.subject.names, ["手帳 一郎", "テチョウ イチロウ"]);
    assert_eq!(reading.subject.born.unwrap().to_string(), "1970-11-02");
    assert_eq!(reading.source.as_deref(), Some("見本市民健診センター"));
    let [event] = reading.events.as_slice() else { unreachable!("one event") };
    assert_eq!((event.kind, event.title.as_str(), event.day.unwrap().to_string().as_str()), (Kind::Checkup, "特定健康診査", "2024-10-15"));
    assert_eq!(event.facts.len(), 34);
    assert!(event.facts.iter().all(|fact| fact.standing == Standing::Understood), "{event:#?}");
    let weight = &event.facts[1];
    assert!(
        matches!(&weight.body, Body::Observation(o) if matches!(&o.value, Value::Number { decimal, .. } if decimal.as_str() == "78.50"))
    );
    let shown = format!("{reading:?}");
    assert!(!shown.contains("99999999") && !shown.contains("７７７") && !shown.contains("見本健康保険組合"));
}

#[test]
fn the_hospital_records_of_the_family_read_whole() {
    let reading = read("family/hanako-ecs.json").unwrap();
    assert_eq!(reading.refused, []);
    let mut kinds: Vec<(Kind, usize)> = reading.events.iter().map(|event| (event.kind, event.facts.len())).collect();
    kinds.sort();
    assert_eq!(kinds, [(Kind::Prescription, 1), (Kind::Condition, 1), (Kind::Condition, 1), (Kind::Allergy, 2), (Kind::Laboratory, 5)]);
    assert!(reading.events.iter().all(|event| event.place.as_deref() == Some("見本総合病院")));
    assert!(reading.events.iter().flat_map(|event| &event.facts).all(|fact| fact.standing == Standing::Understood));
    assert!(!format!("{reading:?}").contains("99999999"));
}

#[test]
fn each_broken_fixture_is_refused_for_its_own_reason() {
    let fault = |name: &str| match read(name) {
        Err(FormatError::Malformed { fault, .. }) => Some(fault),
        _ => None,
    };
    assert_eq!(fault("fhir/broken-truncated.json"), Some(Fault::Truncated));
    assert_eq!(fault("fhir/broken-shift-jis.json"), Some(Fault::Encoding));
    assert_eq!(read("fhir/broken-deletion.json"), Err(FormatError::DeletionRequest { code: "19".to_owned() }));
    assert_eq!(
        read("fhir/broken-my-number.json"),
        Err(FormatError::MyNumber { place: "Bundle.entry[0].Patient.identifier[0]".to_owned() })
    );
    assert_eq!(read("fhir/other-release.json"), Err(FormatError::NotRead(Unread::OtherFhir)));
}

#[test]
fn a_half_good_file_gives_its_good_half_and_names_the_rest() {
    let reading = read("fhir/half-good.json").unwrap();
    let standings: Vec<Standing> = reading.events.iter().flat_map(|event| &event.facts).map(|fact| fact.standing).collect();
    assert_eq!(standings, [Standing::Understood, Standing::Quarantined(Reason::Name)]);
    let places: Vec<&str> = reading.refused.iter().map(|refusal| refusal.place.as_str()).collect();
    assert_eq!(places, ["Bundle.entry[1].Observation.effectiveDateTime", "Bundle.entry[2].Observation.code"]);
}

#[test]
fn lines_are_read_as_one_document() {
    let reading = read("fhir/lines.ndjson").unwrap();
    assert_eq!((reading.subject.names.as_slice(), reading.events[0].facts.len()), (&["手帳 一郎".to_owned()][..], 2));
}
