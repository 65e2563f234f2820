//! Medicines and procedures as health insurance knows them, in both layouts.

use techo_core::{
    formats::{Detected, Fault, FormatError, FormatId, Unread, detect, insurance},
    record::{Body, Medication, MedicationStage},
    terms::Kind,
};

use crate::{fixture, read_file, shown, text};

#[test]
fn each_message_reads_as_its_snapshot_says() {
    for name in ["claims", "e-prescription", "other-layout"] {
        let bytes = fixture(&format!("insurance/{name}.xml"));
        assert_eq!(detect(&bytes), Detected::Document(FormatId::InsuranceXml), "{name}");
        let reading = read_file(&bytes).unwrap();
        let shown = shown(&reading);
        assert!(!["00990011", "見本99", "7700123"].iter().any(|number| shown.contains(number)), "{name}: an insurance number got out");
        insta::assert_snapshot!(format!("insurance-{name}"), shown);
    }
}

#[test]
fn each_broken_message_is_refused_for_its_own_reason() {
    let refused = |name: &str| {
        let bytes = fixture(&format!("insurance/broken-{name}.xml"));
        (read_file(&bytes).unwrap_err(), insurance::read(&bytes).unwrap_err())
    };
    let same = |name: &str, expected: FormatError| assert_eq!(refused(name), (expected.clone(), expected), "{name}");
    same("result", FormatError::NoAnswer { code: Some("9".to_owned()) });
    same("unknown-body", FormatError::NotRead(Unread::OtherXml));
    same(
        "my-number",
        FormatError::MyNumber {
            place: "XmlMsg/MessageBody/MeTrMonthInf[1]/DiDateInfs/DiDateInf/DrugInfs/DrugInf[2]/個人番号".to_owned()
        },
    );
    same("two-people", FormatError::Malformed { place: "XmlMsg/MessageHeader/QuaInf[2]".to_owned(), fault: Fault::Mixed });
    assert!(matches!(refused("doctype").0, FormatError::Malformed { fault: Fault::Doctype, .. }));
    assert!(matches!(refused("truncated").0, FormatError::Malformed { fault: Fault::Truncated, .. }));
    // The words that come with a refusal may hold a name; they are told to nobody.
    assert!(!refused("result").0.to_string().contains("花子"));
}

#[test]
fn a_message_that_found_nothing_is_read_as_nothing() {
    let reading = read_file(&fixture("insurance/nothing.xml")).unwrap();
    assert_eq!((reading.events.len(), reading.refused.len()), (0, 0));
    assert_eq!(reading.subject.names, ["手帳　花子", "テチョウ　ハナコ"]);
}

#[test]
fn the_encoding_and_the_namespace_do_not_matter() {
    let one = read_file(&fixture("insurance/other-layout.xml")).unwrap();
    assert_eq!(read_file(&fixture("insurance/shift-jis.xml")).unwrap(), one);
    let bare = text("insurance/other-layout.xml").replace(" xmlns=\"urn:example:medicines\"", "");
    assert_eq!(read_file(bare.as_bytes()).unwrap(), one);
    let prefixed = bare.replace("</", "</m:").replace("<Me", "<m:Me").replace("<m:Message>", "<m:Message xmlns:m='urn:x'>");
    let prefixed: String =
        ["Qual", "Name", "Di", "Drug"].iter().fold(prefixed, |text, name| text.replace(&format!("<{name}"), &format!("<m:{name}")));
    assert_eq!(read_file(prefixed.as_bytes()).unwrap(), one);
}

#[test]
fn one_medicine_is_ordered_handed_out_and_paid_for() {
    let of = |name: &str| -> Vec<(Kind, Medication)> {
        let reading = read_file(&fixture(&format!("insurance/{name}.xml"))).unwrap();
        let facts = reading.events.into_iter().flat_map(|event| event.facts);
        let medicines = facts.filter(|fact| fact.concept.leading().is_some_and(|coding| coding.code == "612170709"));
        medicines
            .map(|fact| match fact.body {
                Body::Medication(medication) => (fact.kind, medication),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let (paid, electronic) = (of("claims"), of("e-prescription"));
    let stages: Vec<_> = paid.iter().take(1).chain(&electronic).map(|(kind, medication)| (*kind, medication.stage)).collect();
    let expected = [
        (Kind::Medication, MedicationStage::Dispensed),
        (Kind::Medication, MedicationStage::Dispensed),
        (Kind::Prescription, MedicationStage::Prescribed),
    ];
    assert_eq!(stages, expected);
    let first = &paid[0].1;
    assert_eq!((first.dose.as_deref(), first.dose_unit.as_deref(), first.quantity.as_deref()), (Some("1"), Some("錠"), Some("28")));
    assert_eq!(first.notes, ["診療識別: 21", "処方日: 2026-01-17"]);
    assert_eq!(first.prescriber.as_deref(), Some("みほん内科クリニック"));
    assert_eq!(first.ingredients[0].label(), Some("アムロジピンベシル酸塩"));
    // A class in words is the form of use.
    assert_eq!(paid[1].1.form.as_deref(), Some("内服"));
}

#[test]
fn medicines_and_checkups_of_one_message_are_both_read() {
    let checkup = "<SpecificHealthCheckupInfo><EffectiveTime>20240612</EffectiveTime><HealthCheckupResultAndQuestionInfo>\
        <ItemCode>9N001000000000001</ItemCode><DataType>PQ</DataType><DataValue>157.2</DataValue></HealthCheckupResultAndQuestionInfo></SpecificHealthCheckupInfo>";
    let both = text("insurance/other-layout.xml").replace("</MessageBody>", &format!("{checkup}</MessageBody>"));
    let kinds: Vec<Kind> = read_file(both.as_bytes()).unwrap().events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::Medication, Kind::Checkup]);
}

#[test]
fn a_month_without_days_and_an_entry_without_a_month_are_read_all_the_same() {
    let message = "<XmlMsg><MessageBody><MeTrMonthInf><MeTrMonth>202404</MeTrMonth><DrugInfs><DrugInf><DrugN>甲</DrugN></DrugInf></DrugInfs></MeTrMonthInf>\
        <CzDrugInf><CzDrugN>乙</CzDrugN></CzDrugInf><MeTrInfs><MeTrInf><SinInfN>丙</SinInfN></MeTrInf></MeTrInfs></MessageBody></XmlMsg>";
    let reading = insurance::read(message.as_bytes()).unwrap();
    let seen: Vec<_> =
        reading.events.iter().map(|event| (event.kind, event.day.map(|day| day.to_string()), event.facts[0].at.as_str())).collect();
    let expected = [
        (Kind::Medication, Some("2024-04".to_owned()), "MeTrMonthInf[1]/DrugInf[1]"),
        (Kind::Medication, None, "CzDrugInf[1]"),
        (Kind::Procedure, None, "MeTrInf[1]"),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn context_that_would_be_copied_without_end_meets_a_limit() {
    let drugs = "<DrugInf><DrugN>a</DrugN></DrugInf>".repeat(2_000);
    let name = "n".repeat(100_000);
    let month = |inside: &str| format!("<XmlMsg><MessageBody><MeTrMonthInf>{inside}</MeTrMonthInf></MessageBody></XmlMsg>");
    let long = month(&format!("<PrlsHNm>{name}</PrlsHNm>{drugs}"));
    assert!(matches!(insurance::read(long.as_bytes()), Err(FormatError::Limit { what: "size", .. })));
    let many = month(&"<DrugInf><DrugN>a</DrugN></DrugInf>".repeat(60_001));
    assert!(matches!(insurance::read(many.as_bytes()), Err(FormatError::Limit { what: "records", .. })));
    assert!(insurance::read(month(&drugs).as_bytes()).is_ok());
}
