//! The fixtures of `tests/fixtures/kinds`, each as its snapshot says, and what matters of each in words.

use techo_core::{
    formats::{Detected, Fault, FormatError, FormatId, detect},
    record::{Body, Event, Standing, Value},
    terms::{ITEM_SYSTEM, Kind, VACCINE_SYSTEM, items},
};

use crate::{fact, facts, fixture, read_file, shown};

const ALL: [(&str, FormatId); 11] = [
    ("town-screening.xml", FormatId::Tokutei),
    ("town-screening-bare.xml", FormatId::Tokutei),
    ("pregnancy.json", FormatId::SelfInformation),
    ("infant-checkups.json", FormatId::SelfInformation),
    ("infant-list.json", FormatId::SelfInformation),
    ("clinical.json", FormatId::SelfInformation),
    ("expenses-shift-jis.csv", FormatId::Table),
    ("medicines.csv", FormatId::Table),
    ("doses.csv", FormatId::Table),
    ("checkup-rows.csv", FormatId::Table),
    ("school.csv", FormatId::Table),
];

#[test]
fn each_kind_reads_as_its_snapshot_says_and_no_identifier_gets_out() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    for (name, format) in ALL {
        let bytes = fixture(name);
        assert_eq!(detect(&bytes), Detected::Document(format), "{name}");
        let shown = shown(&read_file(&bytes).unwrap());
        assert!(!["7700123", "39990018", "123-456"].iter().any(|number| shown.contains(number)), "{name}: an identifier got out");
        settings.bind(|| insta::assert_snapshot!(format!("kinds-{name}"), shown));
    }
}

fn meaning<'a>(event: &'a Event, code: &str, nth: usize) -> Option<&'a str> {
    let found = event.facts.iter().filter(|fact| fact.concept.leading().is_some_and(|coding| coding.code == code)).nth(nth)?;
    match &found.body {
        Body::Observation(observation) => match &observation.value {
            Value::Coded { meaning, .. } => meaning.as_deref(),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn a_towns_cda_is_a_screening_with_its_own_tables_and_both_examinations() {
    let reading = read_file(&fixture("town-screening.xml")).unwrap();
    let event = &reading.events[0];
    assert_eq!((event.kind, event.place.as_deref()), (Kind::CancerScreening, Some("見本市民健診センター")));
    assert_eq!(meaning(event, "9P504000000000011", 0), Some("要精密検査（肺がん疑い）"));
    assert!(meaning(event, "9P507000000000011", 0).is_some(), "the detailed examination stands beside the first");
    // 1 is the opposite in the other table.
    assert_eq!(meaning(event, "9N291160700000011", 0), Some("所見なし"));
    assert_eq!(meaning(event, "9N291160700000011", 1), Some("所見あり"));
    let unknown = facts(&reading).into_iter().filter(|fact| fact.standing == Standing::NotUnderstood).count();
    assert_eq!(unknown, 1, "the item of no table is kept");
    let bare = read_file(&fixture("town-screening-bare.xml")).unwrap();
    assert_eq!(bare.events[0].kind, Kind::CancerScreening, "told by its items");
    assert!(bare.events[0].title.contains("精密検査"), "{}", bare.events[0].title);
}

#[test]
fn every_item_of_the_towns_decodes_from_cda_and_from_fhir() {
    let municipal: Vec<_> = items().iter().filter(|item| item.family == techo_core::terms::ItemFamily::Municipal).collect();
    assert_eq!(municipal.len(), 166);
    let mut entries = String::new();
    let mut resources = Vec::new();
    for item in &municipal {
        let (code, table) = (item.code, item.table);
        let (value, of_fhir) = match (item.value_type, table) {
            (techo_core::terms::ValueType::Quantity, _) => {
                let unit = item.ucum.unwrap_or("1");
                let json = serde_json::json!({"valueQuantity": {"value": 1, "unit": unit}});
                (format!(r#"<value xsi:type="PQ" value="1" unit="{}"/>"#, unit.replace('<', "&lt;")), json)
            }
            (_, Some(table)) => {
                let choice = (0..=99).map(|choice| choice.to_string()).find(|choice| techo_core::terms::answer(table, choice).is_some());
                let choice = choice.unwrap_or_else(|| panic!("{table} has no answer"));
                let json =
                    serde_json::json!({"valueCodeableConcept": {"coding": [{"system": format!("urn:oid:{table}"), "code": choice}]}});
                (format!(r#"<value xsi:type="CD" code="{choice}" codeSystem="{table}"/>"#), json)
            }
            (_, None) => (r#"<value xsi:type="ST">見本</value>"#.to_owned(), serde_json::json!({"valueString": "見本"})),
        };
        entries.push_str(&format!(
            r#"<entry><observation classCode="OBS" moodCode="EVN"><code code="{code}" codeSystem="1.2.392.100495.100.1051"/>{value}</observation></entry>"#
        ));
        let mut resource = serde_json::json!({"resourceType": "Observation", "status": "final", "effectiveDateTime": "2025-10-14",
            "code": {"coding": [{"system": "urn:oid:1.2.392.100495.100.1051", "code": code}]}});
        resource.as_object_mut().unwrap().extend(of_fhir.as_object().unwrap().clone());
        resources.push(serde_json::json!({"resource": resource}));
    }
    let cda = format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><code code="42" codeSystem="1.2.392.200119.6.1001"/><component><structuredBody><component><section>{entries}</section></component></structuredBody></component></ClinicalDocument>"#
    );
    let bundle = serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": resources}).to_string();
    for (what, bytes) in [("CDA", cda.into_bytes()), ("FHIR", bundle.into_bytes())] {
        let reading = read_file(&bytes).unwrap();
        assert_eq!(facts(&reading).len(), 166, "{what}");
        assert_eq!(reading.refused.len(), 0, "{what}");
        for fact in facts(&reading) {
            assert_eq!(fact.standing, Standing::Understood, "{what} {} {:?}", fact.title, fact.body);
        }
    }
}

#[test]
fn a_pregnancy_is_the_mothers_and_the_child_in_it_is_kept_as_birth_facts() {
    let reading = read_file(&fixture("pregnancy.json")).unwrap();
    assert!(reading.events.iter().all(|event| event.kind == Kind::Pregnancy), "{:?}", reading.events);
    assert_eq!(reading.subject.names, ["手帳 花子"], "the child in it is nobody's subject");
    let key = |id: &str| {
        let is_it = |fact: &&&techo_core::record::Fact| {
            fact.concept.codings.iter().any(|coding| coding.system.as_deref() == Some(ITEM_SYSTEM) && coding.code == id)
        };
        facts(&reading).iter().find(is_it).map(|fact| fact.standing)
    };
    for id in [
        "gestational-week",
        "fundal-height",
        "abdominal-girth",
        "weight-before-pregnancy",
        "oedema",
        "urine-protein",
        "urine-glucose",
        "blood-type-abo",
        "blood-type-rh",
        "irregular-antibodies",
        "hepatitis-b-antigen",
        "hepatitis-c-antibody",
        "rubella-antibody",
        "htlv1-antibody",
        "dental-first-visit",
        "decayed-teeth",
        "tartar",
        "pregnancy-duration",
        "delivery-course",
        "delivery-method",
        "delivery-duration",
        "blood-loss",
        "transfusion",
        "child-sex",
        "number-of-children",
        "birth-weight",
        "birth-height",
        "estimated-fetal-weight",
    ] {
        assert_eq!(key(id), Some(Standing::Understood), "{id}");
    }
    let weights = facts(&reading).iter().filter(|fact| fact.concept.codings.iter().any(|coding| coding.code == "body-weight")).count();
    assert_eq!(weights, 2, "the child's weight is not the mother's");
    assert_eq!(facts(&reading).iter().filter(|fact| fact.title == "収縮期血圧").count(), 2, "112/70 is two values");
    let unknown: Vec<&str> =
        facts(&reading).iter().filter(|fact| fact.standing == Standing::NotUnderstood).map(|fact| fact.title.as_str()).collect();
    assert_eq!(unknown, ["先の項目"]);
}

#[test]
fn an_infant_checkup_is_called_by_its_stage() {
    let reading = read_file(&fixture("infant-checkups.json")).unwrap();
    let titles: Vec<&str> = reading.events.iter().filter(|event| event.day.is_some()).map(|event| event.title.as_str()).collect();
    let expected = ["1か月児健診", "3〜4か月児健診", "6〜7か月児健診", "9〜10か月児健診", "1歳6か月児健診", "3歳児健診", "5歳児健診"];
    assert_eq!(titles, expected);
    assert!(facts(&reading).iter().all(|fact| fact.standing == Standing::Understood), "{}", shown(&reading));
    let list = read_file(&fixture("infant-list.json")).unwrap();
    assert_eq!(list.events.len(), 1, "a table inside of it is of the same checkup: {}", shown(&list));
    assert_eq!((list.events[0].kind, list.events[0].title.as_str()), (Kind::InfantCheckup, "1歳6か月児健診"));
    assert_eq!(fact(&list, "先の検査").standing, Standing::NotUnderstood);
    assert!(matches!(&fact(&list, "先の検査").body, Body::Observation(observation) if observation.unit.as_ref().unwrap().shown == "点"));
}

#[test]
fn conditions_allergies_infections_procedures_and_care_are_told_apart() {
    let reading = read_file(&fixture("clinical.json")).unwrap();
    let kinds: Vec<Kind> = reading.events.iter().map(|event| event.kind).collect();
    for kind in [Kind::Condition, Kind::Allergy, Kind::Infection, Kind::Laboratory, Kind::Procedure, Kind::Care, Kind::Document] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    assert_eq!(kinds.iter().filter(|kind| **kind == Kind::Procedure).count(), 3, "手術, 移植, 透析");
    assert!(matches!(&fact(&reading, "ペニシリン（見本）").body, Body::Allergy(allergy) if allergy.reactions == ["発疹"]));
    let measured = facts(&reading).into_iter().find(|fact| fact.concept.codings.iter().any(|coding| coding.code == "hba1c")).unwrap();
    assert!(matches!(&measured.body, Body::Observation(o) if o.notes == ["基準値: 4.6-6.2"]), "{measured:?}");
}

#[test]
fn an_expense_is_an_event_of_its_month_and_institution() {
    let reading = read_file(&fixture("expenses-shift-jis.csv")).unwrap();
    let costs: Vec<(Option<String>, Option<&str>, Option<String>)> = reading
        .events
        .iter()
        .filter(|event| event.kind == Kind::Expense)
        .map(|event| {
            let Body::Expense(expense) = &event.facts.iter().find(|fact| fact.kind == Kind::Expense).unwrap().body else { panic!() };
            (event.day.map(|day| day.to_string()), event.place.as_deref(), expense.own_share.as_ref().map(ToString::to_string))
        })
        .collect();
    let own = |text: &str| Some(text.to_owned());
    assert_eq!(costs[0], (own("2026-01"), Some("みほん内科,クリニック"), own("1570")));
    assert_eq!(costs[1], (own("2026-01"), Some("みほん薬局 駅前店"), own("930")));
    assert_eq!(costs[2].0, None, "a month that is none is no month");
    assert!(reading.refused.iter().any(|refusal| refusal.place == "line 9/診療年月"), "{:?}", reading.refused);
    assert_eq!(
        (reading.subject.names.as_slice(), reading.subject.born.unwrap().to_string().as_str()),
        (&["手帳　花子".to_owned()][..], "1972-04-15")
    );
    assert!(facts(&reading).iter().any(|fact| fact.title == "備考欄"), "a row nobody knows is kept");
    assert_eq!(costs.len(), 3, "a sum is no expense");
    assert!(facts(&reading).iter().any(|fact| fact.title == "合計の行" && fact.at == "line 10"));
}

#[test]
fn rows_of_one_dispensing_are_one_event_and_doses_have_our_ids() {
    let medicines = read_file(&fixture("medicines.csv")).unwrap();
    let sizes: Vec<usize> =
        medicines.events.iter().map(|event| event.facts.iter().filter(|fact| matches!(fact.body, Body::Medication(_))).count()).collect();
    assert_eq!(sizes, [2, 1]);
    assert!(matches!(&fact(&medicines, "見本軟膏").body, Body::Medication(medicine) if medicine.form.as_deref() == Some("外用")));
    let doses = read_file(&fixture("doses.csv")).unwrap();
    let ids: Vec<&str> = facts(&doses).iter().map(|fact| fact.concept.leading().unwrap().code.as_str()).collect();
    assert_eq!(ids, ["hib", "pneumococcal_child", "mr"]);
    assert!(facts(&doses).iter().all(|fact| fact.concept.leading().unwrap().system.as_deref() == Some(VACCINE_SYSTEM)));
}

#[test]
fn a_row_with_an_items_code_is_decoded_by_its_own_master_and_not_guessed_where_two_say_the_opposite() {
    let reading = read_file(&fixture("checkup-rows.csv")).unwrap();
    assert_eq!(reading.events.len(), 1);
    let event = &reading.events[0];
    assert_eq!(event.kind, Kind::Checkup);
    assert_eq!(meaning(event, "1A020000000191111", 0), Some("－"));
    assert_eq!(meaning(event, "9P504000000000011", 0), Some("要精密検査（肺がん疑い）"));
    assert_eq!(meaning(event, "9N291160700000011", 0), None, "1 is あり in one table and なし in the other");
    assert_eq!(fact(&reading, "先の検査").standing, Standing::NotUnderstood);
}

#[test]
fn a_number_or_a_second_person_refuses_the_whole() {
    for name in ["broken-my-number.csv", "broken-town-my-number.xml"] {
        assert!(matches!(read_file(&fixture(name)), Err(FormatError::MyNumber { .. })), "{name}");
    }
    assert!(matches!(read_file(&fixture("broken-two-people.csv")), Err(FormatError::Malformed { fault: Fault::Mixed, .. })));
}
