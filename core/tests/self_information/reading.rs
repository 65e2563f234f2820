//! What is read from an answer, whom it speaks of, and what is refused.

use techo_core::{
    formats::{Detected, Fault, FormatError, FormatId, Unread, detect, self_information, tokutei},
    insight::{identity, prepare, series_of, standing},
    record::{Body, Sex, Standing, Value},
    terms::Kind,
};

use crate::{ANSWERS, answer, around, fact, facts, fixture, read, read_file, shown, text};

#[test]
fn each_answer_reads_as_its_snapshot_says() {
    for name in ANSWERS {
        let bytes = answer(name);
        assert_eq!(detect(&bytes), Detected::Document(FormatId::SelfInformation), "{name}");
        let reading = read_file(&bytes).unwrap();
        let shown = shown(&reading);
        assert!(!["00990011", "見本99", "7700123", "一丁目"].iter().any(|number| shown.contains(number)), "{name}: an identifier got out");
        insta::assert_snapshot!(format!("self-information-{name}"), shown);
    }
}

#[test]
fn each_broken_answer_is_refused_for_its_own_reason() {
    let refused = |name: &str| read_file(&answer(name)).unwrap_err();
    assert_eq!(refused("broken-my-number"), FormatError::MyNumber { place: "answer/見本県見本市/本人確認情報/個人番号".to_owned() });
    let inside = "見本県見本市/薬剤情報/XmlMsg/MessageBody/MeTrMonthInf[1]/DiDateInfs/DiDateInf/DrugInfs/DrugInf[2]/個人番号";
    assert_eq!(refused("broken-my-number-inside"), FormatError::MyNumber { place: inside.to_owned() });
    assert!(matches!(refused("broken-truncated"), FormatError::Malformed { fault: Fault::Truncated, .. }));
    assert!(matches!(refused("two-people"), FormatError::Malformed { fault: Fault::Mixed, .. }));
    assert_eq!(self_information::read(b"[1]"), Err(FormatError::NotRead(Unread::OtherJson)));
    assert_eq!(self_information::read(b" "), Err(FormatError::Empty));
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place_and_the_rest_is_taken() {
    let reading = read(&answer("half-good"));
    let places: Vec<&str> = reading.refused.iter().map(|refusal| refusal.place.rsplit('/').next().unwrap()).collect();
    assert_eq!(places, ["薬剤情報", "医療費通知情報", "診療情報", "電子カルテ情報", "健診受診日"]);
    let reasons: Vec<&FormatError> = reading.refused.iter().map(|refusal| &refusal.reason).collect();
    assert!(matches!(reasons[0], FormatError::Malformed { fault: Fault::Truncated, .. }));
    assert_eq!(reasons[1], &FormatError::NotRead(Unread::OtherXml));
    assert_eq!(reasons[2], &FormatError::NoAnswer { code: Some("9".to_owned()) });
    assert!(matches!(reasons[3], FormatError::Malformed { fault: Fault::Truncated, .. }));
    assert!(matches!(reasons[4], FormatError::Malformed { fault: Fault::Date, .. }));
    let kinds: Vec<Kind> = reading.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::Checkup, Kind::Vaccination]);
    // Words that begin with a bracket or a sign are words.
    assert!(matches!(&fact(&reading, "基準").body, Body::Observation(o) if o.value == Value::Text("<5".to_owned())));
    assert_eq!(fact(&reading, "メモ").standing, Standing::Understood);
}

#[test]
fn everybody_an_answer_speaks_of_is_told_with_the_place() {
    let of = |name: &str| self_information::subjects(&answer(name)).unwrap();
    let hanako = of("hanako");
    let places: Vec<&str> = hanako.iter().map(|(place, _)| place.as_str()).collect();
    let expected = [
        "見本県見本市/本人確認情報",
        "見本健康保険組合/特定健診情報/XmlMsg/MessageHeader/QualificationsInfo",
        "見本健康保険組合/薬剤情報/XmlMsg/MessageHeader/QuaInf",
        "見本健康保険組合/処方・調剤情報/データ/XmlMsg/MessageHeader/QuaInf",
        "見本健康保険組合/電子カルテ情報/document",
    ];
    assert_eq!(places, expected);
    assert!(hanako.iter().all(|(_, about)| about.born == "1972-04-15".parse().ok() && about.sex == Some(Sex::Female)), "{hanako:?}");
    // The mother of the child and the dependant in the tax information are not who it is about.
    let taro = of("taro");
    assert_eq!(taro.len(), 1);
    assert_eq!(
        (taro[0].1.names.as_slice(), taro[0].1.sex),
        (&["手帳　太郎".to_owned(), "テチョウ　タロウ".to_owned()][..], Some(Sex::Male))
    );
    let both = of("two-people");
    let born: Vec<String> = both.iter().map(|(_, about)| about.born.unwrap().to_string()).collect();
    assert_eq!(born, ["2019-06-20", "1972-04-15"]);
    assert_eq!(self_information::subjects(&fixture("insurance/claims.xml")).unwrap().len(), 1, "a bare document");
    assert_eq!(self_information::subjects(&fixture("insurance/broken-two-people.xml")).unwrap().len(), 2, "both are told");
}

#[test]
fn a_wrong_child_deep_in_a_list_is_told_too() {
    let bytes = around(
        "予防接種情報",
        r#"{"氏名":"手帳 太郎","接種履歴":[{"接種年月日":"20200702"},{"接種年月日":"20200703","被接種者氏名":"見本 次郎","生年月日":"20190620"}]}"#,
    );
    let places: Vec<String> = self_information::subjects(&bytes).unwrap().into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["見本県見本市/予防接種情報", "見本県見本市/予防接種情報/接種履歴[2]"]);
}

#[test]
fn the_same_checkup_from_the_portal_and_from_a_file_is_the_same_record() {
    let portal = read(&answer("hanako"));
    let file = tokutei::read(&fixture("family/hanako-tokutei-2024.xml")).unwrap();
    let checkup = portal.events.iter().find(|event| event.kind == Kind::Checkup).unwrap();
    assert_eq!(checkup.day, file.events[0].day);
    let mut compared = 0;
    for own in &checkup.facts {
        let code = &own.concept.leading().unwrap().code;
        let other = file.events[0].facts.iter().find(|fact| fact.concept.leading().is_some_and(|coding| coding.code == *code)).unwrap();
        assert_eq!(identity(checkup.day, own, 0), identity(file.events[0].day, other, 0), "{code} {own:#?} {other:#?}");
        compared += 1;
    }
    assert_eq!(compared, 55);
    let same = |one: &[i64], other: &[i64]| one.iter().filter(|identity| other.contains(identity)).count();
    let (one, other) = (prepare(std::slice::from_ref(checkup)), prepare(&file.events));
    assert_eq!(same(&one[0].identities, &other[0].identities), 55);
}

#[test]
fn a_dispensing_from_a_pharmacy_and_from_a_claim_are_prepared_side_by_side() {
    let claims = read_file(&fixture("insurance/claims.xml")).unwrap();
    let notebook = read_file(&fixture("family/hanako-okusuri-1.txt")).unwrap();
    let both: Vec<_> = claims.events.iter().chain(&notebook.events).cloned().collect();
    assert_eq!(prepare(&both).len(), both.len());
    let name = |reading: &techo_core::formats::Reading| {
        facts(reading)
            .into_iter()
            .find(|fact| matches!(fact.body, Body::Medication(_)) && fact.title.starts_with("ノルバスク"))
            .cloned()
            .unwrap()
    };
    assert_eq!(name(&claims).title, name(&notebook).title);
}

#[test]
fn measurements_are_drawn_only_where_they_are_of_the_day_and_of_the_unit() {
    let reading = read(&answer("taro"));
    let charted: Vec<(String, String)> = reading
        .events
        .iter()
        .flat_map(|event| event.facts.iter().map(move |fact| (event, fact)))
        .filter(|(_, fact)| standing(fact).is_understood())
        .filter_map(|(event, fact)| Some((event.day?.to_string(), series_of(fact)?.key)))
        .filter(|(_, key)| !key.starts_with("urn:techo:item"))
        .collect();
    let of = |day: &str| -> Vec<&str> { charted.iter().filter(|(own, _)| own == day).map(|(_, key)| key.as_str()).collect() };
    let body = ["body-height", "body-weight", "head-circumference", "chest-circumference"];
    assert_eq!(of("2019-10-08"), body, "born at 49.5 cm is not the height of that day");
    assert_eq!(of("2020-12-24"), body.into_iter().take(3).collect::<Vec<_>>(), "a circumference that was not taken is none");
    assert_eq!(
        of("2022-07-12"),
        ["body-height", "urn:techo:quantity-id|body-weight|g", "head-circumference", "vision-right", "vision-left"],
        "nothing is converted"
    );
}

#[test]
fn a_number_that_cannot_be_is_not_drawn() {
    let reading = read(&around("乳幼児健診情報", r#"{"健診受診日":"20200702","体重":"9600","身長":"0.75"}"#));
    for fact in facts(&reading) {
        assert!(matches!(standing(fact), Standing::Quarantined(_)), "{}", fact.title);
    }
    assert_eq!(facts(&reading).len(), 2);
}

#[test]
fn items_nobody_knows_are_kept_with_what_they_lie_in() {
    let reading = read(&around("先の情報", r#"{"甲":{"乙":{"丙":["一","二"],"丁":3.50,"戊":null,"己":" ","庚":false}}}"#));
    let kept: Vec<(&str, &str)> = facts(&reading).into_iter().map(|fact| (fact.title.as_str(), fact.at.as_str())).collect();
    let at = |rest: &str| format!("見本県見本市/先の情報/甲/乙/{rest}");
    let expected = [("甲 / 乙 / 丙", at("丙[1]")), ("甲 / 乙 / 丙", at("丙[2]")), ("甲 / 乙 / 丁", at("丁")), ("甲 / 乙 / 庚", at("庚"))];
    assert_eq!(kept, expected.each_ref().map(|(title, at)| (*title, at.as_str())));
    assert!(facts(&reading).iter().all(|fact| fact.standing == Standing::NotUnderstood && fact.kind == Kind::Other));
    assert!(
        matches!(&facts(&reading)[2].body, Body::Observation(o) if matches!(&o.value, Value::Number { decimal, .. } if decimal.as_str() == "3.50"))
    );
}

#[test]
fn a_record_is_of_its_own_day_wherever_the_day_stands() {
    let days = |group: &str, content: &str| -> Vec<(Option<String>, String)> {
        read(&around(group, content)).events.iter().map(|event| (event.day.map(|day| day.to_string()), event.title.clone())).collect()
    };
    let dose = |day: &str, title: &str| (Some(day.to_owned()), title.to_owned());
    // The day in one object of an element, the vaccine in another.
    let apart = r#"[{"接種情報":{"接種年月日":"20200702"},"ワクチン":{"ワクチン名":"MR"}},{"ワクチン":{"ワクチン名":"BCG"}}]"#;
    assert_eq!(days("予防接種情報", apart), [dose("2020-07-02", "MR"), (None, "BCG".to_owned())]);
    // Doses as members of an object.
    let members = r#"{"1回目":{"接種年月日":"20200702","ワクチン名":"MR"},"2回目":{"接種年月日":"20250415","ワクチン名":"MR"}}"#;
    assert_eq!(days("予防接種情報", members), [dose("2020-07-02", "MR"), dose("2025-04-15", "MR")]);
    // Doses inside a record of another day are records of their own; an element without a day belongs to it.
    let inside = r#"{"健診受診日":"20221001","身長":"95","接種履歴":[{"接種年月日":"20200702","ワクチン名":"MR"},{"備考":"x"}]}"#;
    let read_as = days("乳幼児健診情報", inside);
    assert_eq!(read_as, [dose("2022-10-01", "乳幼児健診情報"), dose("2020-07-02", "MR")]);
    // Of several days the one that ranks first; the others are kept as what they are.
    let several = read(&around("がん検診情報", r#"{"実施日":"20240703","検診日":"20240612"}"#));
    assert_eq!((several.events[0].day, fact(&several, "実施日").kind), ("2024-06-12".parse().ok(), Kind::Finding));
}

#[test]
fn two_doses_of_one_entry_are_two_records_and_a_second_lot_is_kept() {
    let content = r#"[{"ワクチン名":"MR","1回目":{"接種年月日":"20200702","ロット番号":"A"},"2回目":{"接種年月日":"20250415","ロット番号":"B","接種量":"少し"}},
        {"接種年月日":"20210101","ロット番号":"C","製造番号":"D","接種量":"0.5(mL)","接種有無":"不明"}]"#;
    let reading = read(&around("予防接種情報", content));
    let doses: Vec<_> = facts(&reading)
        .into_iter()
        .filter_map(|fact| match &fact.body {
            Body::Vaccination(dose) => {
                Some((fact.title.as_str(), fact.when.as_ref().map(|when| when.day.to_string()), dose.lot.as_deref(), dose.given))
            }
            _ => None,
        })
        .collect();
    let second_day = Some("2025-04-15".to_owned());
    assert_eq!(doses[2..], [("予防接種", None, Some("C"), true)]);
    assert_eq!(doses[..2], [("MR", None, Some("A"), true), ("MR", second_day, Some("B"), true)]);
    for kept in ["製造番号", "接種有無", "2回目 / 接種量"] {
        assert_eq!(fact(&reading, kept).standing, Standing::NotUnderstood, "{kept}");
    }
}

#[test]
fn json_in_a_text_reads_as_the_json_itself() {
    let content = r#"[{"接種年月日":"20200702","ワクチン名":"MR（架空）"},{"接種年月日":"20250415"}]"#;
    let quoted = serde_json::to_string(content).unwrap();
    assert_eq!(read(&around("予防接種情報", &quoted)).events, read(&around("予防接種情報", content)).events);
    let mut deep = "\"x\"".to_owned();
    for _ in 0..8 {
        deep = serde_json::to_string(&format!("{{\"甲\":{deep}}}")).unwrap();
    }
    let reading = read(&around("予防接種情報", &deep));
    assert!(matches!(reading.refused[0].reason, FormatError::Limit { what: "nesting", .. }), "{:?}", reading.refused);
}

#[test]
fn groups_tell_what_an_answer_holds() {
    let groups = self_information::groups(&answer("hanako")).unwrap();
    let seen: Vec<_> = groups
        .iter()
        .map(|group| (group.name.as_str(), group.kind, group.entries, group.days.map(|(first, last)| format!("{first}..{last}"))))
        .collect();
    let days = |text: &str| Some(text.to_owned());
    let expected = [
        ("本人確認情報", Kind::Other, 0, None),
        ("がん検診情報", Kind::CancerScreening, 2, days("2024-06-12..2025-07-09")),
        ("予防接種情報", Kind::Vaccination, 1, days("2025-10-20..2025-10-20")),
        ("地方税関係情報", Kind::Other, 2, None),
        ("特定健診情報", Kind::Checkup, 2, days("2024-06-12..2025-06-11")),
        ("薬剤情報", Kind::Medication, 4, days("2026-01-18..2026-02")),
        ("処方・調剤情報", Kind::Prescription, 3, days("2026-06-14..2026-06-15")),
        ("電子カルテ情報", Kind::Other, 1, days("2026-02-10..2026-02-10")),
    ];
    assert_eq!(seen, expected);
    assert_eq!(groups[4].place, "見本健康保険組合/特定健診情報");
    let bare = self_information::groups(&fixture("insurance/claims.xml")).unwrap();
    assert_eq!((bare.len(), bare[0].entries, bare[0].name.as_str()), (1, 4, ""));
}

#[test]
fn an_answer_is_known_by_its_keys() {
    let is_answer = |text: &str| detect(text.as_bytes()) == Detected::Document(FormatId::SelfInformation);
    assert!(is_answer(r#" {"見本県見本市" : {"予防接種情報": []}}"#) && is_answer(r#"{"\u898b\u672c\u5e02":{"\u4e88":1}}"#));
    assert!(is_answer(r#"{"見本市":{}}"#));
    for other in [
        r#"{"見本市":"x"}"#,
        r#"{"見本市":{"a":1}}"#,
        r#"{"見本市":{},"a":{"予":1}}"#,
        "{}",
        r#"[{"見本市":{"予":1}}]"#,
        r#"{"resourceType":"X","市":{"予":1}}"#,
    ] {
        assert!(!is_answer(other), "{other}");
    }
    assert!(is_answer(&text("self-information/broken-truncated.json")), "a part of an answer is told as one that is cut");
}

#[test]
fn long_names_do_not_multiply() {
    let name = "長".repeat(20_000);
    let items: Vec<String> = (0..500).map(|n| format!("\"項目{n}\":\"x\"")).collect();
    let reading = read(&around(&name, &format!("{{\"{name}\":{{{}}}}}", items.join(","))));
    assert_eq!(facts(&reading).len(), 500);
    assert!(facts(&reading).iter().all(|fact| fact.at.len() < 600 && fact.title.len() < 600), "{}", facts(&reading)[0].at.len());
}
