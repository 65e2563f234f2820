//! What is read from a document, and what is refused.

use techo_core::{
    base::limits,
    formats::{Contents, Fault, FormatError, tokutei},
    record::{AbsentReason, Body, Comparator, Reason, Sex, Standing, Value},
    terms::Kind,
};

use crate::{READABLE, document, fact, facts, fixture, observed, read, text};

fn number(code: &str, reading: &techo_core::formats::Reading) -> String {
    let observation = observed(fact(reading, code));
    match &observation.value {
        Value::Number { comparator, decimal } => {
            format!("{}{decimal} {}", comparator.map_or("", Comparator::sign), observation.unit.as_ref().map_or("", |unit| &unit.shown))
        }
        other => panic!("{code} is no number but {other:?}"),
    }
}

fn meaning(code: &str, reading: &techo_core::formats::Reading) -> Option<String> {
    match &observed(fact(reading, code)).value {
        Value::Coded { meaning, .. } => meaning.clone(),
        other => panic!("{code} is no choice but {other:?}"),
    }
}

#[test]
fn every_observation_of_every_fixture_becomes_one_fact() {
    for name in READABLE {
        let bytes = fixture(name);
        let source = String::from_utf8_lossy(&bytes);
        // A group's parent has no code; every other observation has.
        let observations = source.matches("<observation ").count() - source.matches("<code nullFlavor=\"NA\"/>").count();
        let reading = read(&bytes);
        let found = facts(&reading).iter().filter(|fact| matches!(fact.body, Body::Observation(_))).count();
        assert_eq!(found, observations, "{name}");
        assert!(observations > 2, "{name}");
    }
}

#[test]
fn a_checkup_of_the_fourth_period_is_read_whole() {
    let reading = read(&fixture("tokutei/fourth-period.xml"));
    assert_eq!(reading.subject.names, ["テチョウ　タロウ"]);
    assert_eq!(reading.subject.born, "1970-09-08".parse().ok());
    assert_eq!(reading.subject.sex, Some(Sex::Male));
    assert_eq!(reading.source.as_deref(), Some("見本市民健診センター"));
    assert_eq!(reading.refused, []);
    let event = &reading.events[0];
    assert_eq!((event.kind, event.title.as_str()), (Kind::Checkup, "特定健康診査"));
    assert_eq!(event.day, "2024-06-12".parse().ok());
    assert_eq!(event.place.as_deref(), Some("見本市民健診センター"));
    assert_eq!(number("9N001000000000001", &reading), "171.3 cm");
    assert_eq!(number("9A751000000000001", &reading), "142 mmHg");
    assert_eq!(number("2A020000001930101", &reading), "498 万/mm3");
    assert_eq!(meaning("9N736000000000011", &reading).as_deref(), Some("以前は吸っていたが、最近1ヶ月間は吸っていない"));
    assert_eq!(meaning("9N501000000000011", &reading).as_deref(), Some("基準該当"));
    let diagnosis = fact(&reading, "9N511000000000049");
    assert_eq!(diagnosis.said_by.as_deref(), Some("見本 一郎"));
    assert_eq!(diagnosis.kind, Kind::Finding);
    let strange: Vec<&str> = facts(&reading).iter().filter(|fact| !fact.standing.is_understood()).map(|fact| fact.title.as_str()).collect();
    assert_eq!(strange, ["見本追加検査"]);
}

#[test]
fn an_answer_from_a_table_nobody_knows_is_kept_without_a_meaning() {
    let reading = read(&fixture("tokutei/third-period.xml"));
    // The smoking question was answered from the yes-or-no table then: same item, other table.
    assert_eq!(meaning("9N736000000000011", &reading).as_deref(), Some("いいえ"));
    let drinking = fact(&reading, "9N786000000000011");
    assert_eq!(drinking.standing, Standing::NotUnderstood);
    match &observed(drinking).value {
        Value::Coded { choice, meaning: None, rank: None } => assert_eq!(choice.codings[0].code, "2"),
        other => panic!("{other:?}"),
    }
    assert!(fact(&reading, "3F015000002327101").standing.is_understood(), "an old name is no conflict");
}

#[test]
fn groups_ranges_flags_and_missing_values_are_kept() {
    let reading = read(&fixture("tokutei/details.xml"));
    assert_eq!(number("9N001000000000001", &reading), "157.20 cm");
    let pressure = observed(fact(&reading, "9A751000000000001"));
    assert_eq!(pressure.interpretation.as_ref().unwrap().codings[0].code, "H");
    assert_eq!(pressure.method.as_ref().unwrap().codings[0].code, "9A75100000");
    assert_eq!(pressure.reference.len(), 2);
    assert_eq!(pressure.reference[0].low.as_ref().unwrap().as_str(), "90");
    assert_eq!(pressure.reference[1].text.as_deref(), Some("受診勧奨は140以上"));
    let absent = |code: &str| match &observed(fact(&reading, code)).value {
        Value::Absent { reason, detail } => (*reason, detail.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(absent("3D010000001926101"), (AbsentReason::NotMeasurable, None));
    assert_eq!(observed(fact(&reading, "3D010000001926101")).notes, ["検体量不足のため測定できず"]);
    assert_eq!(absent("3F077000002327101"), (AbsentReason::NotMeasurable, Some("PINF".to_owned())));
    assert_eq!(absent("1A010000000191111").0, AbsentReason::NotPerformed);
    assert_eq!(number("3B045000002327201", &reading), "<5 U/l");
    assert_eq!(fact(&reading, "5C095000002302301").when.as_ref().unwrap().day, "2024-06-10".parse().unwrap());
    let ecg = fact(&reading, "9A110160800000049");
    assert_eq!(observed(ecg).group.as_deref(), Some("9A110161000000049"));
    assert_eq!(ecg.at, "component[1]/section/entry[16]/observation/entryRelationship[2]/observation");
    let retina = observed(fact(&reading, "9E100166000000011"));
    assert_eq!(retina.group.as_deref(), Some("9E100161000000049"));
    match &retina.value {
        Value::Coded { meaning, rank, .. } => assert_eq!((meaning.as_deref(), *rank), (Some("Ⅰ"), Some(2))),
        other => panic!("{other:?}"),
    }
    assert_eq!(absent("2A040000001930102").0, AbsentReason::NotPerformed);
}

#[test]
fn the_words_of_a_section_are_kept_only_where_they_say_more() {
    let narratives = |source: &[u8]| -> Vec<String> {
        let reading = read(source);
        let texts = facts(&reading).iter().filter_map(|fact| match &fact.body {
            Body::Narrative(narrative) => Some(narrative.text.clone()),
            _ => None,
        });
        texts.collect()
    };
    assert_eq!(narratives(&fixture("tokutei/details.xml")), ["総合所見：血圧が高めです。塩分を控えましょう。\n身長 157.20"]);
    let repeats = text("tokutei/conflict-unit.xml")
        .replace("<text></text>", "<text><table><tr><th>項目</th><th>結果</th></tr><tr><td>身長</td><td>157.2cm</td></tr></table></text>");
    assert_ne!(repeats.as_bytes(), fixture("tokutei/conflict-unit.xml"));
    assert_eq!(narratives(repeats.as_bytes()), Vec::<String>::new());
}

#[test]
fn a_line_about_the_insurance_is_left_to_the_original() {
    let said = |line: &str| {
        let text = format!("<text><paragraph>所見の全文です</paragraph><paragraph>{line}</paragraph></text>");
        let source = text_of_small().replace("<text></text>", &text);
        let reading = read(source.as_bytes());
        facts(&reading).iter().find_map(|fact| match &fact.body {
            Body::Narrative(narrative) => Some(narrative.text.clone()),
            _ => None,
        })
    };
    // By a caption alone, and by a number from the head alone.
    for line in ["記号 12 番号 34", "会員 ００９９００１１"] {
        assert_eq!(said(line).as_deref(), Some("所見の全文です"), "{line}");
    }
    assert_eq!(said("来年も受けましょう").as_deref(), Some("所見の全文です\n来年も受けましょう"));
}

fn text_of_small() -> String {
    text("tokutei/conflict-unit.xml")
}

#[test]
fn a_group_in_a_group_keeps_its_own_name_and_inherits_what_was_not_performed() {
    let member = |code: &str| {
        format!(
            "<entryRelationship typeCode='COMP'><observation classCode='OBS' moodCode='EVN'><code code='{code}'/></observation></entryRelationship>"
        )
    };
    let group = |negated: &str, inside: &str| {
        format!("<observation classCode='OBS' moodCode='EVN' negationInd='{negated}'><code nullFlavor='NA'/>{inside}</observation>")
    };
    let inner = format!("<entryRelationship typeCode='COMP'>{}</entryRelationship>", group("true", &member("9E100166000000011")));
    let outer = group("false", &format!("{}{inner}", member("9A110160700000011")));
    let reading = read(document(&format!("<entry>{outer}</entry>")).as_bytes());
    let [ecg, retina] = facts(&reading) else { panic!("two facts") };
    assert_eq!(observed(ecg).group.as_deref(), Some("9A110161000000049"));
    assert_eq!(observed(ecg).value, Value::Absent { reason: AbsentReason::Unknown, detail: None });
    assert_eq!(observed(retina).group.as_deref(), Some("9E100161000000049"));
    assert_eq!(observed(retina).value, Value::Absent { reason: AbsentReason::NotPerformed, detail: None });
}

#[test]
fn no_identifier_of_the_insurer_gets_into_anything_read() {
    for name in READABLE {
        let read_out = format!("{:?}", read(&fixture(name)));
        for identifier in ["00990011", "見本99", "7700123", "24990000001", "39990018", "7700456", "000-0000", "見本県"] {
            assert!(!read_out.contains(identifier), "{identifier} in {name}");
        }
    }
    let in_words = document(
        "<entry><observation classCode='OBS' moodCode='EVN'><code code='9N521000000000049'/>\
         <value xsi:type='ST'>記号番号 ７７００１２３ の方です</value></observation></entry>",
    );
    let read_out = format!("{:?}", read(in_words.as_bytes()));
    assert!(!read_out.contains("7700123") && !read_out.contains("７７００１２３") && read_out.contains("の方です"));
}

#[test]
fn a_deletion_request_and_a_guidance_report_are_no_checkups() {
    let deletion = text("tokutei/broken-deletion.xml");
    for code in ["19", "49", "69", "79", "89"] {
        let request = deletion.replace("<code code=\"19\"", &format!("<code code=\"{code}\""));
        assert_eq!(tokutei::read(request.as_bytes()), Err(FormatError::DeletionRequest { code: code.to_owned() }));
    }
    let guidance = deletion.replace("<code code=\"19\"", "<code code=\"22\"");
    assert!(matches!(tokutei::read(guidance.as_bytes()), Err(FormatError::NotRead(_))));
}

#[test]
fn broken_documents_are_refused_for_their_own_reason() {
    let fault = |name: &str| match tokutei::read(&fixture(name)) {
        Err(FormatError::Malformed { fault, .. }) => fault,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(fault("tokutei/broken-doctype.xml"), Fault::Doctype);
    assert_eq!(fault("tokutei/broken-truncated.xml"), Fault::Truncated);
    let place = "ClinicalDocument/recordTarget/patientRole/id[2]".to_owned();
    assert_eq!(tokutei::read(&fixture("tokutei/broken-my-number.xml")), Err(FormatError::MyNumber { place }));
    let two = text("tokutei/conflict-unit.xml");
    let (head, tail) = two.split_once("\t<author>").unwrap();
    let other = "<recordTarget><patientRole><id/><patient><name>テチョウ　ジロウ</name></patient></patientRole></recordTarget>";
    let mixed = format!("{head}{other}<author>{tail}");
    assert!(matches!(tokutei::read(mixed.as_bytes()), Err(FormatError::Malformed { fault: Fault::Mixed, .. })));
    let headless = two.split("\t<component>").next().unwrap().to_owned() + "</ClinicalDocument>";
    assert!(matches!(tokutei::read(headless.as_bytes()), Err(FormatError::Malformed { fault: Fault::Missing, .. })));
}

#[test]
fn what_contradicts_itself_is_kept_and_quarantined() {
    let reading = read(&fixture("tokutei/conflict-name.xml"));
    assert_eq!(fact(&reading, "9N001000000000001").standing, Standing::Quarantined(Reason::Name));
    assert_eq!(fact(&reading, "3D010000001926101").standing, Standing::Quarantined(Reason::Type));
    assert!(fact(&reading, "9N006000000000001").standing.is_understood());
    let units = read(&fixture("tokutei/conflict-unit.xml"));
    let unit = observed(fact(&units, "9N006000000000001")).unit.clone().unwrap();
    assert_eq!(unit.ucum.as_deref(), Some("mm[Hg]"), "handed over for the check against the item");
}

#[test]
fn an_unreadable_number_or_date_is_refused_with_its_place_and_its_words_are_kept() {
    let reading = read(&fixture("tokutei/conflict-name.xml"));
    let refused: Vec<(&str, Option<Fault>)> = reading
        .refused
        .iter()
        .map(|refusal| match &refusal.reason {
            FormatError::Malformed { fault, .. } => (refusal.place.as_str(), Some(*fault)),
            _ => (refusal.place.as_str(), None),
        })
        .collect();
    let at = "component[1]/section";
    assert_eq!(
        refused,
        [
            (format!("{at}/entry[5]/observation/value").as_str(), Some(Fault::Number)),
            (format!("{at}/entry[6]/observation/effectiveTime").as_str(), Some(Fault::Date)),
        ]
    );
    let cholesterol = fact(&reading, "3F070000002327101");
    assert_eq!(cholesterol.standing, Standing::NotUnderstood);
    assert_eq!(observed(cholesterol).value, Value::Text("測定中".to_owned()));
    assert_eq!(observed(fact(&reading, "3F077000002327101")).notes, ["2024061x"]);
    let dateless = text("tokutei/conflict-unit.xml").replace("value=\"20240612\"", "value=\"2024年頃\"");
    let reading = read(dateless.as_bytes());
    assert_eq!(reading.events[0].day, None);
    assert_eq!(reading.refused[0].place, "documentationOf/serviceEvent/effectiveTime");
    assert!(facts(&reading).iter().any(|fact| fact.body == Body::Raw("2024年頃".to_owned())));
}

#[test]
fn the_examination_date_falls_back_to_the_documents_only_where_there_is_none() {
    let without = text("tokutei/conflict-unit.xml").replace("<effectiveTime value=\"20240612\"/>", "");
    assert_eq!(read(without.as_bytes()).events[0].day, "2024-07-01".parse().ok());
}

#[test]
fn encodings_prefixes_and_byte_order_marks_do_not_matter() {
    let plain = read(&fixture("tokutei/shift-jis.xml"));
    let utf8 = encoding_rs::SHIFT_JIS.decode(&fixture("tokutei/shift-jis.xml")).0.replace("Shift_JIS", "UTF-8").into_bytes();
    assert_eq!(read(&utf8), plain);
    let marked: Vec<u8> = b"\xEF\xBB\xBF".iter().copied().chain(utf8.iter().copied()).collect();
    assert_eq!(read(&marked), plain);
    let text = String::from_utf8(utf8).unwrap();
    let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(read(&utf16), plain);
    let prefixed =
        text.replace("</", "</cda:").replace('<', "<cda:").replace("<cda:/cda:", "</cda:").replace("<cda:?", "<?").replace("<cda:!", "<!");
    let prefixed = prefixed.replace("xmlns=", "xmlns:cda=");
    assert_eq!(read(prefixed.as_bytes()), plain);
    let lone_returns = text.replace('\n', "\r");
    assert_eq!(read(lone_returns.as_bytes()), plain);
}

#[test]
fn odd_observations_are_read_as_far_as_they_go() {
    let reading = read(
        document(
            "<entry><observation classCode='OBS' moodCode='EVN'><code code='9N741000000000011' codeSystem='1.2.392.200119.6.1005'/>\
               <value xsi:type='CD' displayName='はい'/></observation></entry>\
             <entry><observation classCode='OBS' moodCode='EVN'><code code='9N006000000000001'/></observation></entry>\
             <entry><observation classCode='OBS' moodCode='EVN'><code code='XYZ' codeSystem='1.2.3' displayName='未知の項目'/>\
               <value xsi:type='REAL' value='1.50'/><value xsi:type='PQ' value='2' unit='mg/L'/></observation></entry>\
             <entry><observation classCode='OBS' moodCode='EVN'><code nullFlavor='NA'/>\
               <entryRelationship typeCode='COMP'><observation classCode='OBS' moodCode='EVN'><code nullFlavor='NA'/>\
                 <entryRelationship typeCode='COMP'><observation classCode='OBS' moodCode='EVN'>\
                   <code code='9A110160700000011'/><value xsi:type='CD' code='2' codeSystem='1.2.392.200119.6.2002'/></observation></entryRelationship>\
               </observation></entryRelationship>\
               <entryRelationship typeCode='RSON'><observation classCode='OBS' moodCode='EVN'>\
                 <code code='NEW' codeSystem='1.2.3'/><value xsi:type='ST'>医師の判断</value></observation></entryRelationship>\
             </observation></entry>\
             <entry><substanceAdministration><code code='1' displayName='見本の処置'/><id extension='secret'/><text>しました</text></substanceAdministration></entry>",
        )
        .as_bytes(),
    );
    let said = facts(&reading);
    assert_eq!(said.len(), 7);
    match &observed(&said[0]).value {
        Value::Coded { choice, meaning: None, .. } => assert_eq!(choice.text.as_deref(), Some("はい")),
        other => panic!("{other:?}"),
    }
    assert_eq!(observed(&said[1]).value, Value::Absent { reason: AbsentReason::Unknown, detail: None });
    assert_eq!((said[2].title.as_str(), said[2].standing), ("未知の項目", Standing::NotUnderstood));
    assert_eq!(said[3].at, "component[1]/section/entry[3]/observation/value[2]");
    assert_eq!(observed(&said[4]).group.as_deref(), Some("9A110161000000049"));
    assert_eq!(observed(&said[5]).group.as_deref(), Some("9A110161000000049"), "an unknown member takes the group of its companions");
    assert_eq!(observed(&said[5]).notes, ["実施理由"]);
    assert_eq!(said[6].body, Body::Raw("見本の処置 しました".to_owned()));
    assert_eq!(reading.refused, []);
}

#[test]
fn kinds_follow_the_report_and_the_program() {
    let base = text("tokutei/conflict-unit.xml");
    let kind = |report: &str, program: &str| {
        let changed = base
            .replace(
                "<code code=\"10\" codeSystem=\"1.2.392.200119.6.1001\"",
                &format!("<code code=\"{report}\" codeSystem=\"1.2.392.200119.6.1001\""),
            )
            .replace(
                "code=\"010\" codeSystem=\"1.2.392.200119.6.1002\" displayName=\"特定健康診査\"",
                &format!("code=\"{program}\" codeSystem=\"1.2.392.200119.6.1002\" displayName=\"見本の健診\""),
            );
        let event = read(changed.as_bytes()).events.remove(0);
        (event.kind, event.title)
    };
    assert_eq!(kind("60", "010"), (Kind::Checkup, "特定健康診査".to_owned()));
    assert_eq!(kind("42", "060"), (Kind::CancerScreening, "がん検診".to_owned()));
    assert_eq!(kind("43", "990"), (Kind::InfantCheckup, "見本の健診".to_owned()));
    assert_eq!(kind("44", "000"), (Kind::Pregnancy, "見本の健診".to_owned()));
    assert_eq!(kind("40", "040"), (Kind::SchoolCheckup, "学校健診".to_owned()));
}

#[test]
fn the_layout_of_the_online_qualification_gives_the_same_facts() {
    let message = "<?xml version='1.0' encoding='UTF-8'?><XmlMsg><MessageHeader><QualificationsInfo><Name>手帳　花子</Name><KanasName>テチョウ　ハナコ</KanasName>\
        <Birthday>19720415</Birthday><AdministrativeGenderCode>2</AdministrativeGenderCode><InsurerNumber>00990011</InsurerNumber></QualificationsInfo></MessageHeader>\
        <MessageBody><SpecificHealthCheckupInfo><EffectiveTime>20240612</EffectiveTime><HealthCheckupResultAndQuestionInfos>\
        <HealthCheckupResultAndQuestionInfo><ItemCode>9N001000000000001</ItemCode><ItemName>身長</ItemName><DataType>PQ</DataType><DataValue>157.2</DataValue><Unit>cm</Unit></HealthCheckupResultAndQuestionInfo>\
        <HealthCheckupResultAndQuestionInfo><ItemCode>9N741000000000011</ItemCode><DataType>CD</DataType><DataValue>1</DataValue><Oid>1.2.392.200119.6.2003</Oid><DataValueName>はい</DataValueName></HealthCheckupResultAndQuestionInfo>\
        <HealthCheckupResultAndQuestionInfo><ItemCode>9N006000000000001</ItemCode><DataType>PQ</DataType><DataValue>なし</DataValue></HealthCheckupResultAndQuestionInfo>\
        </HealthCheckupResultAndQuestionInfos></SpecificHealthCheckupInfo>\
        <SpecificHealthCheckupInfo><EffectiveTime>20230622</EffectiveTime></SpecificHealthCheckupInfo></MessageBody></XmlMsg>";
    let Ok(Contents::Document(reading)) = crate::read_file(message.as_bytes()) else { panic!("not read") };
    assert_eq!(reading.subject.names, ["手帳　花子", "テチョウ　ハナコ"]);
    assert_eq!(reading.events.iter().map(|event| event.day.unwrap().to_string()).collect::<Vec<_>>(), ["2024-06-12", "2023-06-22"]);
    let same = read(
        document(
            "<entry><observation><code code='9N001000000000001' displayName='身長'/><value xsi:type='PQ' value='157.2' unit='cm'/></observation></entry>\
             <entry><observation><code code='9N741000000000011'/><value xsi:type='CD' code='1' codeSystem='1.2.392.200119.6.2003' displayName='はい'/></observation></entry>",
        )
        .as_bytes(),
    );
    for (one, other) in facts(&reading).iter().zip(facts(&same)) {
        assert_eq!(
            (&one.kind, &one.title, &one.concept, &one.body, &one.standing),
            (&other.kind, &other.title, &other.concept, &other.body, &other.standing)
        );
    }
    assert_eq!(facts(&reading)[2].standing, Standing::NotUnderstood);
    assert_eq!(reading.refused[0].place, "SpecificHealthCheckupInfo[1]/HealthCheckupResultAndQuestionInfo[3]/DataValue");
    assert!(!format!("{reading:?}").contains("00990011"));
}

#[test]
fn a_document_beyond_the_limits_is_refused() {
    let many = document(&"<entry><observation><code code='x'/></observation></entry>".repeat(limits::FACTS + 1));
    assert!(matches!(tokutei::read(many.as_bytes()), Err(FormatError::Limit { what: "records", .. })));
    let deep = document(&"<entry>".repeat(100_000));
    assert!(matches!(tokutei::read(deep.as_bytes()), Err(FormatError::Limit { what: "nesting", .. })));
    let large = document(&" ".repeat(limits::DOCUMENT_BYTES));
    assert!(matches!(tokutei::read(large.as_bytes()), Err(FormatError::Limit { what: "size", .. })));
}

#[test]
fn six_years_of_one_person_tell_one_story() {
    let codes = |year: u32| -> Vec<String> {
        let reading = read(&fixture(&format!("family/hanako-tokutei-{year}.xml")));
        assert_eq!(reading.subject.names, ["テチョウ　ハナコ"]);
        assert!(reading.events[0].day.unwrap().to_string().starts_with(&year.to_string()));
        facts(&reading).iter().map(|fact| fact.concept.codings[0].code.clone()).collect()
    };
    for year in 2020..=2025 {
        let codes = codes(year);
        let has = |code: &str| codes.iter().any(|found| found == code);
        assert!(has("9N006000000000001") && has("3D046000001906202"));
        assert_eq!((has("3B070000002327101"), has("3B070000002327501")), (year == 2020, year > 2020), "ALP {year}");
        assert_eq!((has("3D010129901927201"), has("3F015129902327101")), (year == 2024, year == 2024), "casual {year}");
        assert_eq!((has("3D010000001927201"), has("3F015000002327101")), (year != 2024, year != 2024), "fasting {year}");
    }
}
