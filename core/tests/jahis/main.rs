//! JAHIS 電子版お薬手帳: what every record becomes, split notebooks in any order, and bytes that are no notebook.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod any_input;
mod parts;
mod writing;

use std::{fmt::Write as _, path::PathBuf};

use techo_core::{
    formats::{Contents, Fault, FormatError, Part, Reading, Unread, jahis},
    record::{Body, Event, Fact, Medication, MedicationStage, Sex, Standing, Value},
    terms::Kind,
};

const HEAD: &str = "JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n";

fn document(bytes: &[u8]) -> Reading {
    match jahis::read(bytes).expect("a notebook") {
        Contents::Document(reading) => *reading,
        other => panic!("not a document: {other:?}"),
    }
}

fn part(bytes: &[u8]) -> Part {
    match jahis::read(bytes).expect("a part") {
        Contents::Part(part) => part,
        other => panic!("not a part: {other:?}"),
    }
}

fn with(rows: &str) -> Reading {
    document(format!("{HEAD}{rows}").as_bytes())
}

fn refused(reading: &Reading) -> Vec<String> {
    reading.refused.iter().map(|refusal| refusal.reason.to_string()).collect()
}

fn facts(reading: &Reading) -> Vec<&Fact> {
    reading.events.iter().flat_map(|event| &event.facts).collect()
}

fn medicine(fact: &Fact) -> &Medication {
    match &fact.body {
        Body::Medication(medication) => medication,
        other => panic!("not a medicine: {other:?}"),
    }
}

fn medicines(reading: &Reading) -> Vec<&Medication> {
    facts(reading).into_iter().filter(|fact| matches!(fact.body, Body::Medication(_))).map(medicine).collect()
}

/// As pharmacies write it: Shift_JIS, CR LF, a DOS end mark.
fn as_issued(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lossy, "the text has a character Shift_JIS lacks");
    let mut out = bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]);
    out.push(0x1A);
    out
}

/// The samples beside the workspace; `None` (loudly) where they are not there, an error in CI.
fn sample(name: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let shared = std::env::var_os("TECHO_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = shared.join("samples/jahis-tc").join(name);
    if !path.exists() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "sample {name} is missing");
        std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED: no sample {name}\n").as_bytes()).unwrap();
        return None;
    }
    Some(std::fs::read_to_string(path).unwrap())
}

/// What a snapshot shows: the events as JSON, whom it is about, and what was refused.
fn shown(reading: &Reading) -> String {
    let mut out = String::new();
    writeln!(out, "about {:?}, from {:?}", reading.subject, reading.source).unwrap();
    for event in &reading.events {
        writeln!(out, "{} {:?} {} @ {:?}", event.kind, event.day.map(|day| day.to_string()), event.title, event.place).unwrap();
        for fact in &event.facts {
            writeln!(out, "  {} {} {}", fact.at, fact.title, serde_json::to_string(fact).unwrap()).unwrap();
        }
    }
    for line in refused(reading) {
        writeln!(out, "refused: {line}").unwrap();
    }
    out
}

fn fixture(name: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/");
    std::fs::read(PathBuf::from(root).join(name)).unwrap()
}

#[test]
fn each_fixture_reads_as_its_snapshot_says() {
    for name in ["all-records", "gaiji", "broken-missing-code"] {
        insta::assert_snapshot!(name, shown(&document(&fixture(&format!("jahis/{name}.txt")))));
    }
    insta::assert_snapshot!("hanako-okusuri-1", shown(&document(&fixture("family/hanako-okusuri-1.txt"))));
    let parts = ["family/hanako-okusuri-2-part2.txt", "family/hanako-okusuri-2-part1.txt"].map(fixture);
    assert_eq!(parts.each_ref().map(|bytes| part(bytes).number), [2, 1]);
    insta::assert_snapshot!("hanako-okusuri-2", shown(&jahis::assemble(&slices(&parts)).unwrap()));
    let refusal = |name: &str| jahis::read(&fixture(name)).unwrap_err();
    assert_eq!(refusal("jahis/prescription.txt"), FormatError::NotRead(Unread::JahisPrescription));
    assert_eq!(refusal("jahis/broken-my-number.txt"), FormatError::MyNumber { place: "line 3".to_owned() });
    let missing = FormatError::Malformed { place: "line 1".to_owned(), fault: Fault::Missing };
    assert_eq!(refusal("jahis/broken-no-patient.txt"), missing);
}

#[test]
fn every_sample_record_becomes_what_it_says() {
    for name in ["tc-minimal-valid.txt", "tc-multi-dispensing.txt"] {
        let Some(text) = sample(name) else { return };
        let reading = document(text.as_bytes());
        assert_eq!(refused(&reading), Vec::<String>::new(), "{name}");
        // One fact for each record that is one: medicines, notes, people at the counter, the patient's own values.
        let own = |number: &str| text.lines().filter(|line| line.starts_with(&format!("{number},"))).count();
        let records: usize = ["201", "15", "401", "411", "421", "501", "601", "701"].into_iter().map(own).sum();
        let of_patient = if name.contains("multi") { 2 } else { 0 };
        assert_eq!(facts(&reading).len(), records + of_patient, "{name}");
        assert_eq!(medicines(&reading).len(), own("201"), "{name}");
        assert_eq!(document(&as_issued(&text)), reading, "{name} in Shift_JIS with CR LF");
    }
}

#[test]
fn a_code_type_without_its_code_is_refused_and_kept_as_it_is() {
    let Some(text) = sample("tc-invalid-missing-drug-code.txt") else { return };
    let reading = document(text.as_bytes());
    assert_eq!(refused(&reading), ["something required is missing at line 4"]);
    assert_eq!(medicines(&reading).len(), 0);
    let kept: Vec<_> = facts(&reading).into_iter().map(|fact| (fact.standing, fact.at.as_str())).collect();
    assert_eq!(kept, [(Standing::NotUnderstood, "line 4"), (Standing::NotUnderstood, "line 5")]);
}

#[test]
fn a_prescription_qr_is_named_as_such() {
    let refusal = FormatError::NotRead(Unread::JahisPrescription);
    assert_eq!(jahis::read(b"JAHIS10\r\n1,1,9700012,26,\r\n").unwrap_err(), refusal);
    let Some(text) = sample("external-sample.txt") else { return };
    assert_eq!(jahis::read(text.as_bytes()).unwrap_err(), refusal);
}

#[test]
fn a_medicine_carries_its_code_dose_usage_prescriber_and_remarks() {
    let reading = with(
        "5,R020406,1\n11,みほん薬局,13,4,9999999,,,,1\n51,みほん病院,13,1,9999999,1\n55,見本 一郎,内科,1\n\
         201,1,みほん錠５ｍｇ,1,錠,4,1234567F1234,1,【般】みほん錠,2,1234567F1ZZZ\n281,1,朝のみ,1\n291,1,眠くなります,2\n\
         201,01,みほん散,0.5,ｇ,6,103835401,1\n301,1,毎食後,14,日分,1,1,,1\n311,1,食間に変更可,1\n391,1,運転しない,1\n",
    );
    assert_eq!(refused(&reading), Vec::<String>::new());
    assert_eq!((reading.subject.sex, reading.subject.names.len()), (Some(Sex::Female), 2));
    let event = &reading.events[0];
    assert_eq!((event.kind, event.title.as_str(), event.place.as_deref()), (Kind::Medication, "みほん薬局", Some("みほん薬局")));
    assert_eq!(event.day.unwrap().to_string(), "2020-04-06");
    let codes: Vec<_> = event.facts.iter().map(|fact| fact.concept.leading().unwrap().system.as_deref().unwrap()).collect();
    assert_eq!(codes, ["1.2.392.100495.20.2.73", "1.2.392.200119.4.403.1"]);
    let first = medicine(&event.facts[0]);
    assert_eq!(first.stage, MedicationStage::Dispensed);
    assert_eq!((first.dose.as_deref(), first.dose_unit.as_deref()), (Some("1"), Some("錠")));
    assert_eq!(
        (first.quantity.as_deref(), first.quantity_unit.as_deref(), first.form.as_deref()),
        (Some("14"), Some("日分"), Some("内服"))
    );
    assert_eq!(first.usage.as_ref().unwrap().label(), Some("毎食後"));
    assert_eq!(first.generic.as_ref().unwrap().leading().unwrap().system.as_deref(), Some("1.2.392.100495.20.2.81"));
    assert_eq!(first.prescriber.as_deref(), Some("みほん病院 / 内科 / 見本 一郎"));
    assert_eq!(first.notes, ["朝のみ", "眠くなります（患者等）", "食間に変更可", "運転しない"]);
    assert_eq!(medicine(&event.facts[1]).notes, ["食間に変更可", "運転しない"]);
    assert_eq!(event.facts[0].said_by.as_deref(), Some("医療関係者"));
    assert_eq!(reading.source.as_deref(), Some("みほん薬局"));
}

#[test]
fn rp_numbers_start_anew_with_each_doctor() {
    let reading = with(
        "5,20260301,1\n51,第一病院,,,,1\n55,甲,,1\n201,1,錠Ａ,1,錠,1,,1\n301,1,朝,1,日分,1,1,,1\n\
         51,第二病院,,,,1\n55,乙,,1\n201,1,錠Ｂ,1,錠,1,,1\n301,1,夕,2,日分,1,1,,1\n",
    );
    let taken: Vec<_> =
        medicines(&reading).iter().map(|m| (m.usage.as_ref().unwrap().label().unwrap(), m.prescriber.clone().unwrap())).collect();
    assert_eq!(taken, [("朝", "第一病院 / 甲".to_owned()), ("夕", "第二病院 / 乙".to_owned())]);
}

#[test]
fn what_stands_outside_of_dispensings_becomes_events_of_its_own() {
    let reading = with(
        "2,1,そば,2\n2,2,ペニシリン系で発疹,1\n2,3,虫垂炎,1\n2,9,嚥下がむずかしい,1\n2,1,なし,1\n\
         3,みほん鎮痛錠,20260301,20260303,2,1,4900000000000\n31,1,みほんフェン,1,,1\n4,次回は相談,R080310,2\n\
         701,見本 薬子,みほん薬局,03-0000-0000,20260101,,1\n",
    );
    assert_eq!(refused(&reading), Vec::<String>::new());
    insta::assert_snapshot!(shown(&reading));
    let kinds: Vec<_> = facts(&reading).iter().map(|fact| fact.kind.id()).collect();
    assert_eq!(kinds, ["allergy", "allergy", "allergy", "condition", "note", "medication", "note", "note"]);
    assert_eq!(medicines(&reading)[0].ingredients[0].label(), Some("みほんフェン"));
    assert!(matches!(facts(&reading)[1].body, Body::Note(_)), "なし is an answer, not a substance");
}

#[test]
fn address_and_telephone_are_no_records_but_blood_group_and_weight_are() {
    let text = "JAHISTC08,2\n1,手帳 花子,2,19720415,1000000,架空県架空市1,03-0000-0000,母 03-1111-1111,A+,52.30,ﾃﾁｮｳ ﾊﾅｺ\n";
    let reading = document(text.as_bytes());
    let everything = serde_json::to_string(&reading.events).unwrap();
    assert!(!everything.contains("架空") && !everything.contains("0000") && !everything.contains("1111"));
    let values: Vec<_> = facts(&reading).iter().map(|fact| fact.body.clone()).collect();
    let Body::Observation(weight) = &values[1] else { panic!("{values:?}") };
    assert!(matches!(&weight.value, Value::Number { decimal, .. } if decimal.as_str() == "52.30"));
    assert_eq!(weight.unit, None);
}

#[test]
fn records_that_are_unknown_too_long_or_out_of_place_are_kept_and_named() {
    let reading = with(
        "201,1,早すぎる錠,1,錠,1,,1\n5,20260301,1\n999,新しい記録,1\n401,飲みすぎない,1,余り\n301,7,毎食後,1,日分,1,1,,1\n\
         201,2,みほん錠,1,錠,1,,1\n501,,1\n2,7,種別なし,1\n4,日付が変,20261399,1\n31,9,行き先なし,1,,1\n23,記号,番号,1\n",
    );
    insta::assert_snapshot!(shown(&reading));
    let everything = serde_json::to_string(&reading.events).unwrap();
    for kept in ["早すぎる錠", "新しい記録", "余り", "301,7", "501,,1", "種別なし", "日付が変", "行き先なし"] {
        assert!(everything.contains(kept), "{kept}");
    }
    assert!(!everything.contains("記号"), "insurer symbols stay in the original");
}

#[test]
fn a_medicine_without_usage_and_a_dispensing_without_medicine_are_kept() {
    let reading = with("5,20260301,1\n11,みほん薬局,13,4,9999999,,,,1\n5,20260302,1\n201,1,みほん錠,1,錠,1,,1\n");
    assert_eq!(refused(&reading), Vec::<String>::new());
    assert_eq!(reading.events.len(), 2);
    assert_eq!(medicines(&reading)[0].usage, None);
}

#[test]
fn a_dispensing_without_a_usable_day_is_taken_without_one() {
    let reading = with("5,20261301,1\n201,1,みほん錠,1,錠,1,,1\n");
    assert_eq!(refused(&reading), ["not a date at line 3"]);
    assert_eq!((reading.events[0].day, reading.events[0].facts.len()), (None, 2));
}

#[test]
fn gaiji_are_replaced_and_named() {
    let mut bytes = as_issued("JAHISTC08,1\n1,手帳 花子,2,19720415\n5,20260301,1\n201,1,みほん@錠,1,錠,1,,1\n");
    let at = bytes.iter().position(|byte| *byte == b'@').unwrap();
    bytes.splice(at..=at, [0xF0, 0x40]);
    let reading = document(&bytes);
    assert_eq!(facts(&reading)[0].title, "みほん〓錠");
    assert_eq!(refused(&reading), ["characters in an unknown encoding at line 4"]);
}

#[test]
fn every_version_and_output_class_is_read() {
    for header in ["JAHISTC01,1", "JAHISTC08,2", "JAHISTC1,1", "JAHISTC12,1,x"] {
        let reading = document(format!("{header}\r1,手帳 花子,2,S470415\r5,20260301\r201,1,みほん錠").as_bytes());
        assert_eq!(medicines(&reading).len(), 1, "{header}");
        assert_eq!(reading.subject.born.unwrap().to_string(), "1972-04-15");
        assert_eq!(refused(&reading), Vec::<String>::new());
    }
    assert_eq!(refused(&document(b"JAHISTC08\n1,a,1,19800101")), ["something required is missing at line 1"]);
}

#[test]
fn what_is_no_notebook_is_refused_with_the_reason() {
    let malformed = |place: &str, fault| FormatError::Malformed { place: place.to_owned(), fault };
    for (bytes, error) in [
        (&b""[..], FormatError::Empty),
        (b" \r\n\x1A", FormatError::Empty),
        (b"hello", FormatError::NotRead(Unread::OtherText)),
        (b"JAHISTC999,1", malformed("line 1", Fault::Syntax)),
        (b"JAHISTC08,1", malformed("line 1", Fault::Missing)),
        (b"\r\nJAHISTC08,1\r\n5,20260101,1\r\n", malformed("line 2", Fault::Missing)),
        (b"JAHISTC08,1\n911,1,2,3", malformed("line 2", Fault::Number)),
        (b"JAHISTC08,1\n911,1,x,1", malformed("line 2", Fault::Number)),
    ] {
        assert_eq!(jahis::read(bytes).unwrap_err(), error, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_captioned_my_number_refuses_the_notebook_and_names_the_line() {
    let place = FormatError::MyNumber { place: "line 3".to_owned() };
    for row in ["4,個人番号：123456789018,,2", "601,ﾏｲﾅﾝﾊﾞｰ 1234 5678 9018,", "999,個人番号,123456789018"] {
        assert_eq!(jahis::read(format!("{HEAD}{row}").as_bytes()).unwrap_err(), place, "{row}");
        assert_eq!(jahis::read(format!("{HEAD}{row}\n911,1,2,1").as_bytes()).unwrap_err(), place, "a part: {row}");
    }
    let parts = ["4,個人番号 123456789018,,2\n911,1,2,2", "4,メモ,,2\n911,1,2,1"].map(|rows| format!("{HEAD}{rows}"));
    let assembled = jahis::assemble(&parts.each_ref().map(String::as_bytes));
    assert_eq!(assembled.unwrap_err(), FormatError::MyNumber { place: "part 2, line 3".to_owned() });
    assert_eq!(facts(&with("4,受付 123456789018,,2")).len(), 1);
}

#[test]
fn a_remark_multiplied_by_many_medicines_meets_a_limit() {
    let medicines = "201,1,錠\n".repeat(5_000);
    let remark = "あ".repeat(5_000);
    let bytes = format!("{HEAD}5,20260301,1\n{medicines}391,1,{remark},1\n");
    assert!(matches!(jahis::read(bytes.as_bytes()), Err(FormatError::Limit { what: "size", .. })));
    let many = format!("{HEAD}5,20260301,1\n{}", "501,備考,1\n".repeat(70_000));
    assert!(matches!(jahis::read(many.as_bytes()), Err(FormatError::Limit { what: "records", .. })));
    let lines = format!("{HEAD}{}", "5\n".repeat(300_000));
    assert!(matches!(jahis::read(lines.as_bytes()), Err(FormatError::Limit { what: "entries", .. })));
}

#[test]
fn only_the_events_of_dispensings_have_a_place() {
    let reading = with("4,メモ,,2\n5,20260301,1\n11,みほん薬局,,,,,,,1\n501,備考,1\n");
    let places: Vec<_> = reading.events.iter().map(|event: &Event| event.place.clone()).collect();
    assert_eq!(places, [None, Some("みほん薬局".to_owned())]);
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

/// The records without the places they stand at, which change when a notebook is written anew.
fn without_places(reading: &Reading) -> (techo_core::record::Subject, Vec<Event>) {
    let mut events = reading.events.clone();
    events.iter_mut().flat_map(|event| &mut event.facts).for_each(|fact| fact.at.clear());
    (reading.subject.clone(), events)
}

fn rewritten(reading: &Reading) -> Reading {
    let written = jahis::write(&reading.subject, &reading.events).unwrap();
    assert_eq!(written.losses, Vec::new());
    assert!(written.bytes.starts_with(b"JAHISTC08,2\r\n"));
    document(&written.bytes)
}
