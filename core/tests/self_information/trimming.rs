//! Cutting: what is left keeps its bytes and reads to exactly the records that were kept.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use techo_core::{
    formats::self_information::{self, Cut, Entry, Trimmed},
    record::Event,
    terms::Kind,
};

use crate::{ANSWERS, answer, around, fixture, read, read_file, text, without_places};

fn trim(bytes: &[u8], keep: impl Fn(&Entry<'_>) -> bool) -> Trimmed {
    self_information::trim(bytes, &mut |entry| keep(entry)).unwrap()
}

fn summed(list: &[Cut]) -> Vec<(String, Kind, u32)> {
    list.iter().map(|cut| (format!("{}/{}", cut.municipality, cut.group), cut.kind, cut.entries)).collect()
}

/// Keeps the entries whose number has its bit set, and says which events these should be. Every entry of the answers
/// here has one event, and entries are asked for in the order of the events. What could not be read is kept and counted.
fn by_bits(bytes: &[u8], bits: u64) -> (Trimmed, Vec<Event>, usize) {
    let events = read(bytes).events;
    let (mut asked, mut unread) = (0, 0);
    let is_kept = |number: usize| bits >> (number % 64) & 1 == 1;
    let trimmed = self_information::trim(bytes, &mut |entry| {
        if entry.is_unread {
            unread += 1;
            return true;
        }
        asked += 1;
        is_kept(asked - 1)
    });
    let kept = events.iter().enumerate().filter(|(number, _)| is_kept(*number)).map(|(_, event)| event.clone()).collect();
    (trimmed.unwrap(), kept, unread)
}

fn check(bytes: &[u8], bits: u64) {
    let whole = read(bytes);
    let (trimmed, kept, unread) = by_bits(bytes, bits);
    let text = String::from_utf8_lossy(&trimmed.bytes).into_owned();
    let again = self_information::read(&trimmed.bytes).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(without_places(&again.events), without_places(&kept), "{}\n{text}", String::from_utf8_lossy(bytes));
    let count = |list: &[Cut]| list.iter().map(|cut| cut.entries as usize).sum::<usize>();
    assert_eq!((count(&trimmed.kept), count(&trimmed.cut)), (kept.len() + unread, whole.events.len() - kept.len()));
    if trimmed.cut.is_empty() {
        assert_eq!(*trimmed.bytes, bytes);
    }
    assert_eq!(trim(&trimmed.bytes, |_| true).bytes, trimmed.bytes);
}

#[test]
fn what_is_kept_whole_is_the_very_same_bytes() {
    for name in ANSWERS.into_iter().chain(["two-people"]) {
        let bytes = answer(name);
        let trimmed = trim(&bytes, |_| true);
        assert!(*trimmed.bytes == bytes && trimmed.cut.is_empty(), "{name}");
    }
    let marked = [b"\xEF\xBB\xBF ".to_vec(), answer("escaped")].concat();
    assert_eq!(*trim(&marked, |_| true).bytes, marked);
}

#[test]
fn where_nothing_is_kept_nothing_is_left() {
    for name in ANSWERS {
        let trimmed = trim(&answer(name), |_| false);
        assert_eq!(*trimmed.bytes, b"{}", "{name}");
        assert!(trimmed.kept.is_empty() && read(&trimmed.bytes).events.is_empty());
    }
}

#[test]
fn every_choice_of_entries_of_every_fixture_is_left_whole() {
    for name in ANSWERS {
        let bytes = answer(name);
        let entries = read(&bytes).events.len();
        (0..entries).for_each(|alone| check(&bytes, 1 << alone));
        (0..entries).for_each(|gone| check(&bytes, !(1 << gone)));
    }
}

#[test]
fn only_the_kind_that_was_agreed_to_is_left() {
    let bytes = answer("hanako");
    let trimmed = trim(&bytes, |entry| entry.kind == Kind::Medication);
    let whole = text("self-information/hanako.json");
    assert_eq!(
        summed(&trimmed.kept),
        [("見本健康保険組合/薬剤情報".to_owned(), Kind::Medication, 3)],
        "what was handed out on an electronic prescription is another item"
    );
    assert_eq!(
        trimmed.cut.iter().filter(|cut| cut.group == "薬剤情報").map(|cut| (cut.kind, cut.entries)).collect::<Vec<_>>(),
        [(Kind::Procedure, 1)]
    );
    let left: serde_json::Value = serde_json::from_slice(&trimmed.bytes).unwrap();
    assert_eq!(left.as_object().unwrap().keys().collect::<Vec<_>>(), ["見本健康保険組合"]);
    let packed = left["見本健康保険組合"]["薬剤情報"].as_str().unwrap();
    let inside = String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap();
    // The document is the fixture's without its procedures, byte for byte.
    let claims = text("insurance/claims.xml");
    let (before, procedures) = claims.split_once("<MeTrInf>").unwrap();
    let (procedures, behind) = procedures.rsplit_once("</MeTrInf>").unwrap();
    let between = procedures.split_once("</MeTrInf>").and_then(|(_, rest)| rest.split_once("<MeTrInf>")).unwrap().0;
    assert_eq!(inside, format!("{before}{between}{behind}"));
    assert!(whole.len() > trimmed.bytes.len());
}

#[test]
fn only_the_days_that_were_agreed_to_are_left() {
    let bytes = answer("hanako");
    let from = "2025-01-01".parse().unwrap();
    let trimmed = trim(&bytes, |entry| entry.first_day.is_some_and(|day| day >= from));
    let text = String::from_utf8(trimmed.bytes.to_vec()).unwrap();
    // One checkup of two, one screening of two; the kept one stands as it stood.
    assert!(!text.contains("20240612") && text.contains("<EffectiveTime>20250611"));
    let kept = crate::text("self-information/hanako.json");
    let (_, second) = kept.split_once("\"検診日\": \"2025年6月18日\"").unwrap();
    let (second, _) = second.split_once("\"予防接種情報\"").unwrap();
    assert!(text.contains(second.trim_end()), "{text}");
    assert!(!text.contains("合計所得金額") && !text.contains("作成年月日"), "what is of no day is in no period");
    assert_eq!(read(&trimmed.bytes).subject, read(&bytes).subject, "whom a kept document is about stays in it");
}

#[test]
fn entries_say_which_days_they_name() {
    let mut seen = Vec::new();
    self_information::trim(&answer("hanako"), &mut |entry| {
        seen.push((
            entry.group.to_owned(),
            entry.kind,
            entry.first_day.map(|day| day.to_string()),
            entry.last_day.map(|day| day.to_string()),
        ));
        true
    })
    .unwrap();
    let of = |group: &str| {
        seen.iter()
            .filter(|(own, ..)| own == group)
            .map(|(_, kind, first, last)| (*kind, first.as_deref(), last.as_deref()))
            .collect::<Vec<_>>()
    };
    // A closer examination belongs to its screening.
    assert_eq!(of("がん検診情報")[1], (Kind::CancerScreening, Some("2025-06-18"), Some("2025-07-09")));
    let electronic = [
        (Kind::Prescription, None, None),
        (Kind::Prescription, Some("2026-06-15"), Some("2026-06-15")),
        (Kind::Prescription, Some("2026-06-14"), Some("2026-06-14")),
    ];
    assert_eq!(of("処方・調剤情報"), electronic);
    assert_eq!(of("電子カルテ情報"), [(Kind::Measurement, Some("2026-02-10"), Some("2026-02-10"))]);
    // A group that says nothing is asked for as a whole.
    assert_eq!(of("本人確認情報"), [(Kind::Other, None, None)]);
}

/// Nobody can say that what cannot be read is of the days or of the kind that were agreed to, whatever stands beside it.
#[test]
fn what_cannot_be_read_is_asked_for_by_itself_without_a_day() {
    let claims = crate::text("insurance/claims.xml");
    let group = serde_json::json!({"見本県見本市": {"薬剤情報": [claims, "<XmlMsg><canary", "{\"canary\": ", claims]}});
    let bytes = serde_json::to_vec(&group).unwrap();
    let trimmed = trim(&bytes, |entry| entry.first_day.is_some());
    assert!(!String::from_utf8_lossy(&trimmed.bytes).contains("canary"));
    assert_eq!(read(&trimmed.bytes).events.len(), read(&bytes).events.len());
    assert_eq!(trimmed.cut.iter().map(|cut| cut.entries).sum::<u32>(), 2);
    assert_eq!(*trim(&bytes, |_| true).bytes, bytes);
}

#[test]
fn a_group_that_cannot_be_read_is_kept_or_cut_as_a_whole() {
    let bytes = answer("half-good");
    let trimmed = trim(&bytes, |entry| entry.group == "薬剤情報" || entry.group == "介護情報");
    let left: serde_json::Value = serde_json::from_slice(&trimmed.bytes).unwrap();
    let whole: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let groups = left["見本県見本市"].as_object().unwrap();
    assert_eq!(groups.keys().collect::<Vec<_>>(), ["介護情報", "薬剤情報"]);
    assert_eq!(groups["薬剤情報"], whole["見本県見本市"]["薬剤情報"]);
    assert_eq!(
        summed(&trimmed.kept),
        [("見本県見本市/薬剤情報".to_owned(), Kind::Medication, 1), ("見本県見本市/介護情報".to_owned(), Kind::Care, 0)]
    );
}

#[test]
fn a_bare_document_is_cut_too() {
    let bytes = fixture("insurance/claims.xml");
    assert_eq!(*trim(&bytes, |_| true).bytes, bytes);
    let trimmed = trim(&bytes, |entry| entry.kind == Kind::Procedure);
    let left = read_file(&trimmed.bytes).unwrap();
    assert_eq!(left.events.iter().map(|event| (event.kind, event.facts.len())).collect::<Vec<_>>(), [(Kind::Procedure, 3)]);
    assert!(!String::from_utf8_lossy(&trimmed.bytes).contains("ノルバスク"));
    assert_eq!(*trim(&bytes, |_| false).bytes, b"{}");
    let (shift_jis, decoded) = (fixture("insurance/shift-jis.xml"), text("insurance/other-layout.xml"));
    let second =
        decoded.replace("</MeTrMonthInf>", "</MeTrMonthInf><CzDrugInf><CzDrugN>表</CzDrugN></CzDrugInf>").replace("UTF-8", "Shift_JIS");
    let (with_second, _, _) = encoding_rs::SHIFT_JIS.encode(&second);
    let trimmed = trim(&with_second, |entry| entry.kind == Kind::Medication);
    assert_eq!(*trimmed.bytes, shift_jis, "in the encoding it came in");
}

#[test]
fn a_document_in_a_text_in_json_in_a_text_is_cut_where_it_stands() {
    let checkup = |day: &str| {
        format!(
            "<SpecificHealthCheckupInfo><EffectiveTime>{day}</EffectiveTime><HealthCheckupResultAndQuestionInfo><ItemCode>9N001000000000001</ItemCode><DataType>PQ</DataType><DataValue>157.2</DataValue></HealthCheckupResultAndQuestionInfo></SpecificHealthCheckupInfo>"
        )
    };
    let message = format!("<XmlMsg>{}{}</XmlMsg>", checkup("20240612"), checkup("20250611"));
    let inner = serde_json::to_string(&serde_json::json!({"甲": message, "乙": "丙"})).unwrap();
    let bytes = around("特定健診情報", &serde_json::to_string(&inner).unwrap());
    let trimmed = trim(&bytes, |entry| entry.first_day == "20250611".parse().ok());
    let left: serde_json::Value = serde_json::from_slice(&trimmed.bytes).unwrap();
    let inside: serde_json::Value = serde_json::from_str(left["見本県見本市"]["特定健診情報"].as_str().unwrap()).unwrap();
    assert_eq!(inside, serde_json::json!({"甲": format!("<XmlMsg>{}</XmlMsg>", checkup("20250611"))}));
}

/// Names of items, groups and lists: days, measurements, doses, whom it is about, other people, and names nobody knows.
const NAMES: [&str; 22] = [
    "接種年月日",
    "健診受診日",
    "実施日",
    "身長",
    "体重(kg)",
    "ワクチン名",
    "ロット番号",
    "接種回数",
    "氏名",
    "生年月日",
    "医療機関名",
    "保護者",
    "計測",
    "出生時",
    "接種履歴",
    "乳幼児健診",
    "所見",
    "甲",
    "乙",
    "丙,{\"}",
    "住所",
    "有効期限",
];
const WORDS: [&str; 16] = [
    "20240401",
    "2019-06-20",
    "令和6年4月1日",
    "2024年13月1日",
    "72.5",
    "9.6kg",
    "なし",
    "",
    "  ",
    "手帳 太郎",
    "[要確認]",
    "<5",
    "{",
    "\"引用\"",
    "a\\b",
    "20240401",
];

fn scalar() -> impl Strategy<Value = serde_json::Value> {
    let month = |day: &'static str| {
        format!(
            "<MeTrMonthInf><DiDateInf><DiDate>{day}</DiDate><DrugInf><DrugN>甲</DrugN></DrugInf><MeTrInf><SinInfN>乙</SinInfN></MeTrInf></DiDateInf></MeTrMonthInf>"
        )
    };
    let message = format!(
        "<?xml version='1.0'?>\n<XmlMsg><MessageHeader/><MessageBody>{}{}</MessageBody></XmlMsg>",
        month("20240401"),
        month("20250401")
    );
    prop_oneof![
        20 => prop::sample::select(&WORDS[..]).prop_map(Into::into),
        1 => Just(serde_json::Value::Null),
        1 => any::<bool>().prop_map(Into::into),
        2 => (0..200_i64).prop_map(Into::into),
        1 => Just(message.clone().into()),
        1 => Just(STANDARD.encode(&message).into()),
        1 => Just(serde_json::Value::from("<XmlMsg><broken>")),
    ]
}

fn content() -> impl Strategy<Value = serde_json::Value> {
    scalar().prop_recursive(5, 60, 6, |inner| {
        let object = prop::collection::vec((prop::sample::select(&NAMES[..]), inner.clone()), 0..6)
            .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<serde_json::Map<_, _>>());
        prop_oneof![
            3 => object.clone().prop_map(Into::into),
            2 => prop::collection::vec(inner, 0..5).prop_map(Into::into),
            1 => object.prop_map(|object| serde_json::Value::from(serde_json::Value::from(object).to_string())),
        ]
    })
}

fn answers() -> impl Strategy<Value = String> {
    let group = (prop::sample::select(&["予防接種情報", "乳幼児健診情報", "薬剤情報", "世帯情報", "丁"][..]), content());
    let groups = prop::collection::vec(group, 0..4);
    let municipalities = prop::collection::vec((prop::sample::select(&["見本市", "見本県"][..]), groups), 1..3);
    (municipalities, any::<bool>(), any::<bool>()).prop_map(|(municipalities, pretty, escaped)| {
        let member = |name: &str, value: &str| format!("{}: {value}", serde_json::Value::from(name));
        // Written by hand, so that names can come twice.
        let object = |members: Vec<String>| format!("{{{}}}", members.join(" ,\n"));
        let write = |value: &serde_json::Value| if pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() };
        let all = municipalities
            .iter()
            .map(|(name, groups)| member(name, &object(groups.iter().map(|(name, value)| member(name, &write(value))).collect())))
            .collect();
        let text = object(all);
        let unit = |unit: &u16| format!("\\u{unit:04x}");
        let escape =
            |c: char| if c.is_ascii() { c.to_string() } else { c.encode_utf16(&mut [0; 2]).iter().map(unit).collect::<Vec<_>>().concat() };

        if escaped { text.chars().map(escape).collect() } else { text }
    })
}

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|byte| rest.any(|other| other == byte))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_choice_of_any_answer_reads_to_what_was_kept(answer in answers(), bits in any::<u64>()) {
        // Two children in one answer stop the reading; who they are is not the question here.
        if self_information::read(answer.as_bytes()).is_ok() {
            check(answer.as_bytes(), bits);
            check(answer.as_bytes(), 0);
            check(answer.as_bytes(), u64::MAX);
        }
    }

    #[test]
    fn without_documents_inside_nothing_is_written_anew(answer in answers(), bits in any::<u64>()) {
        if !answer.contains("XmlMsg") && !answer.contains("PD94bW") && !answer.contains("\\\"") && self_information::read(answer.as_bytes()).is_ok() {
            let (trimmed, _, _) = by_bits(answer.as_bytes(), bits);
            prop_assert!(is_within(&trimmed.bytes, answer.as_bytes()));
        }
    }
}
