//! What is written reads back the same; what the format cannot carry is named.

use super::*;

#[test]
fn what_is_written_reads_back_the_same() {
    let reading = with(
        "2,1,そば,2\n2,2,発疹,1\n2,3,虫垂炎,1\n2,9,嚥下困難,1\n2,1,なし,1\n3,みほん鎮痛錠,20260301,20260303,2,1,4900000000000\n31,1,みほんフェン,2,12345,2\n\
         4,次回は相談,20260310,2\n5,20260302,1\n11,みほん薬局,13,4,9999999,,,,1\n15,見本 薬子,,1\n51,みほん病院,13,1,9999999,1\n55,見本 一郎,内科,1\n\
         201,1,みほん錠,1,錠,4,1234567F1234,1,【般】みほん錠,2,1234567F1ZZZ\n281,1,朝のみ,1\n201,1,みほん散,0.5,ｇ,6,103835401,1\n\
         301,1,毎食後,14,日分,1,2,1013044400000000,1\n391,1,運転しない,1\n55,見本 二郎,,1\n201,1,ぬり薬,1,本,1,,1\n301,1,１日２回,1,調剤,5,1,,1\n\
         401,水で飲む,1\n411,粉砕して渡した,31,1\n421,残り５錠,1\n501,備考,1\n601,昼に眠い,20260303\n5,20260201,2\n201,7,前の錠,1,錠,2,612170709,2\n\
         701,見本 薬子,みほん薬局,03-0000-0000,20260101,20261231,1\n",
    );
    assert_eq!(refused(&reading), Vec::<String>::new());
    assert_eq!(without_places(&rewritten(&reading)), without_places(&reading));
    for name in ["tc-minimal-valid.txt", "tc-multi-dispensing.txt"] {
        let Some(text) = sample(name) else { return };
        let reading = document(text.as_bytes());
        assert_eq!(without_places(&rewritten(&reading)), without_places(&reading), "{name}");
    }
}

#[test]
fn what_the_format_cannot_carry_is_named() {
    let mut reading = with("5,20260301,1\n201,1,みほん錠,1,錠,4,1234567F1234,1\n999,新しい記録\n4,メモ,20260301,2\n");
    let Body::Medication(medication) = &mut reading.events[0].facts[0].body else { panic!() };
    medication.status = Some("stopped".to_owned());
    medication.notes = vec!["一,二\n三😀".to_owned(), "長い注意".repeat(60)];
    let written = jahis::write(&reading.subject, &reading.events).unwrap();
    let losses: Vec<_> = written.losses.iter().map(|loss| (loss.place.as_str(), loss.what)).collect();
    let first = "event 1, fact 1";
    assert_eq!(losses, [(first, jahis::Lost::Detail), (first, jahis::Lost::Characters(1)), ("event 1, fact 2", jahis::Lost::Fact)]);
    let back = document(&written.bytes);
    assert_eq!(medicines(&back)[0].notes, ["一，二 三〓".to_owned(), "長い注意".repeat(50), "長い注意".repeat(10)]);
}

#[test]
fn a_medicine_nobody_is_named_for_does_not_become_the_last_prescribers() {
    let mut reading = with("5,20260301,1\n51,みほん病院,,,,1\n201,1,錠Ａ,1,錠,1,,1\n201,2,錠Ｂ,1,錠,1,,1\n");
    let Body::Medication(medication) = &mut reading.events[0].facts[1].body else { panic!() };
    medication.prescriber = None;
    let back = rewritten(&reading);
    let mut named: Vec<_> = facts(&back).iter().map(|fact| (fact.title.clone(), medicine(fact).prescriber.clone())).collect();
    named.sort();
    assert_eq!(named, [("錠Ａ".to_owned(), Some("みほん病院".to_owned())), ("錠Ｂ".to_owned(), None)]);
}

#[test]
fn a_family_pharmacist_without_a_way_to_reach_them_is_a_memo_and_no_incomplete_record() {
    let reading = with("701,見本 薬子,みほん薬局,,20260101,20261231,1\n");
    assert_eq!(refused(&reading), Vec::<String>::new());
    let written = jahis::write(&reading.subject, &reading.events).unwrap();
    assert_eq!(written.losses.iter().map(|loss| loss.what).collect::<Vec<_>>(), [jahis::Lost::Detail], "its last day");
    let text = encoding_rs::SHIFT_JIS.decode(&written.bytes).0.into_owned();
    assert!(!text.contains("\r\n701,"), "{text}");
    assert!(text.contains("\r\n4,かかりつけ薬剤師：見本 薬子 / みほん薬局,20260101,"), "{text}");
}

#[test]
fn a_notebook_needs_a_patient() {
    let nobody = techo_core::record::Subject::default();
    let missing = FormatError::Malformed { place: "patient".to_owned(), fault: Fault::Missing };
    assert_eq!(jahis::write(&nobody, &[]).unwrap_err(), missing);
}
