//! Forms filled in rightly and wrongly.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::{
    record::{Body, Fact, Sex, Value},
    terms::Shape,
};

fn typed<'a>(kind: Kind, values: &'a [(String, String)], confirmed: &'a [String]) -> Typed<'a> {
    let born = "2019-06-20".parse().unwrap();
    Typed { kind, values, confirmed, author: "手帳 花子", today: "2026-04-01".parse().unwrap(), born, sex: Sex::Male, gestation: None }
}

fn values(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
}

fn troubles(kind: Kind, pairs: &[(&str, &str)]) -> Vec<(String, Trouble)> {
    let given = values(pairs);
    event_by_hand(typed(kind, &given, &[])).unwrap_err().into_iter().map(|found| (found.field, found.trouble)).collect()
}

fn one(kind: Kind, pairs: &[(&str, &str)]) -> Trouble {
    let mut found = troubles(kind, pairs);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0).1
}

/// Something that fits the field.
fn example(shape: &Shape) -> String {
    match shape {
        Shape::Date | Shape::AnyDate => "令和6年5月3日".to_owned(),
        Shape::Time => "9:30".to_owned(),
        Shape::Text | Shape::Long | Shape::Medicine => "ことば".to_owned(),
        Shape::Number { low, high, .. } => ((low.unwrap() + high.unwrap()) / rust_decimal::Decimal::TWO).to_string(),
        Shape::Choice(choices) => choices[0].japanese.to_owned(),
        Shape::Vaccine => "mr".to_owned(),
        Shape::Jan => "4987035091301".to_owned(),
        Shape::Quantity | Shape::QuantityOrName => "体重".to_owned(),
        Shape::Measured => "９．００".to_owned(),
        Shape::Unit => "ｋｇ".to_owned(),
        // What a child of four can have.
        Shape::ValueOf(id @ ("body-weight" | "body-height" | "head-circumference" | "bmi")) => {
            [("body-weight", "16.5"), ("body-height", "105.0"), ("head-circumference", "50.5"), ("bmi", "15.2")]
                .iter()
                .find(|(own, _)| own == id)
                .map_or("1", |(_, value)| *value)
                .to_owned()
        }
        Shape::ValueOf(id) => {
            let quantity = crate::terms::quantity(id).unwrap();
            quantity.plausible.map_or_else(|| "1".to_owned(), |(low, high)| ((low + high) / rust_decimal::Decimal::TWO).to_string())
        }
        Shape::ItemOf(id) => if crate::terms::own_item(id).unwrap().is_number { "12.5" } else { "異常なし" }.to_owned(),
    }
}

#[test]
fn every_kind_can_be_written_down_with_every_field_and_every_word_is_in_the_record() {
    for kind in Kind::ALL {
        let all: Vec<(String, String)> = form(*kind).iter().map(|field| (field.id.to_owned(), example(&field.shape))).collect();
        let event = event_by_hand(typed(*kind, &all, &[])).unwrap_or_else(|found| unreachable!("{kind}: {found:?}"));
        assert_eq!(event.kind, *kind);
        assert_eq!(event.day, "2024-05-03".parse().ok(), "{kind}");
        assert!(
            !event.facts.is_empty() && event.facts.iter().all(|fact| fact.said_by.as_deref() == Some("手帳 花子") && !fact.at.is_empty())
        );
        let said = format!("{event:?}");
        for field in form(*kind).iter().filter(|field| matches!(field.shape, Shape::Text | Shape::Long | Shape::Medicine)) {
            // A mark of its own in this field alone must come out again.
            let mark = format!("印{}", field.id);
            let marked: Vec<(String, String)> =
                all.iter().map(|(id, text)| (id.clone(), if id == field.id { mark.clone() } else { text.clone() })).collect();
            let Ok(event) = event_by_hand(typed(*kind, &marked, &[])) else { unreachable!("{kind} {}", field.id) };
            let is_alternative = matches!((kind, field.id), (Kind::Laboratory, "answer") | (Kind::Vaccination, "name"));
            assert!(is_alternative || format!("{event:?}").contains(&mark), "{kind}: {} is dropped", field.id);
        }
        assert!(!said.is_empty());
        let required: Vec<(String, String)> =
            form(*kind).iter().filter(|field| field.is_required).map(|field| (field.id.to_owned(), example(&field.shape))).collect();
        for (id, _) in &required {
            let without: Vec<(String, String)> = required.iter().filter(|(other, _)| other != id).cloned().collect();
            let found = event_by_hand(typed(*kind, &without, &[])).unwrap_err();
            assert!(found.contains(&FieldTrouble { field: id.clone(), trouble: Trouble::Missing }), "{kind} {id}: {found:?}");
        }
    }
}

#[test]
fn a_weight_is_kept_digit_for_digit() {
    let given = values(&[("on", "2024-05-03"), ("what", "weight"), ("value", "９．００"), ("unit", "kg"), ("time", "9:05")]);
    let event = event_by_hand(typed(Kind::Measurement, &given, &[])).unwrap();
    let [Fact { body: Body::Observation(observation), title, when, concept, .. }] = event.facts.as_slice() else { unreachable!() };
    assert_eq!((title.as_str(), concept.codings[0].code.as_str()), ("体重", "body-weight"));
    assert_eq!(when.as_ref().unwrap().time.as_deref(), Some("09:05"));
    assert!(matches!(&observation.value, Value::Number { decimal, .. } if decimal.as_str() == "9.00"));
    assert_eq!(observation.unit.as_ref().unwrap().shown, "kg");
}

#[test]
fn a_mistake_is_told_with_its_field() {
    let weight = |pairs: &[(&str, &str)]| {
        let mut all = vec![("on", "2024-05-03"), ("what", "体重"), ("value", "9")];
        for (id, text) in pairs {
            all.retain(|(known, _)| known != id);
            all.push((id, text));
        }
        one(Kind::Measurement, &all)
    };
    assert_eq!(weight(&[("on", "2026-04-02")]), Trouble::Future);
    assert_eq!(weight(&[("on", "2019-06-19")]), Trouble::BeforeBirth);
    assert_eq!(weight(&[("on", "5月3日")]), Trouble::NotADate);
    for text in ["九", "9,5", "1e3", "9kg", "９．．０"] {
        assert_eq!(weight(&[("value", text)]), Trouble::NotANumber, "{text}");
    }
    assert_eq!(weight(&[("what", "霊力")]), Trouble::UnknownQuantity);
    assert_eq!(weight(&[("what", "血圧")]), Trouble::SeveralQuantities(vec!["systolic", "diastolic"]));
    assert_eq!(weight(&[("time", "25:00")]), Trouble::NotATime);
    assert_eq!(weight(&[("colour", "red")]), Trouble::NoSuchField);
    assert_eq!(weight(&[("notes", &"あ".repeat(10_001))]), Trouble::TooLong);
    let dose = |vaccine: &str| one(Kind::Vaccination, &[("on", "2024-05-03"), ("vaccine", vaccine)]);
    assert_eq!(dose("元気"), Trouble::UnknownVaccine);
    assert!(matches!(dose("肺炎球菌"), Trouble::SeveralVaccines(ids) if ids.len() > 1));
    assert_eq!(dose("other"), Trouble::Missing, "another vaccine needs a name");
    assert_eq!(one(Kind::Medication, &[("on", "2024-05-03"), ("name", "薬"), ("jan", "4987035091302")]), Trouble::NotAJan);
    assert_eq!(troubles(Kind::Vaccination, &[]).len(), 2);
}

#[test]
fn another_unit_and_an_impossible_value_are_asked_about_and_never_converted() {
    let given = |value: &str, unit: &str| values(&[("on", "2024-05-03"), ("what", "体重"), ("value", value), ("unit", unit)]);
    let asked = |given: &[(String, String)]| event_by_hand(typed(Kind::Measurement, given, &[])).unwrap_err().remove(0);
    let grams = given("3200", "g");
    assert_eq!(asked(&grams), FieldTrouble { field: "unit".to_owned(), trouble: Trouble::OtherUnit { usual: "kg".to_owned() } });
    let event = event_by_hand(typed(Kind::Measurement, &grams, &["unit".to_owned()])).unwrap();
    let Body::Observation(observation) = &event.facts[0].body else { unreachable!() };
    assert_eq!(observation.unit.as_ref().unwrap().shown, "g");
    assert!(matches!(&observation.value, Value::Number { decimal, .. } if decimal.as_str() == "3200"));
    let heavy = given("900", "kg");
    let trouble = asked(&heavy);
    assert!(trouble.trouble.is_question() && trouble.field == "value", "{trouble:?}");
    assert!(event_by_hand(typed(Kind::Measurement, &heavy, &["value".to_owned()])).is_ok());
}

#[test]
fn every_vaccine_of_the_list_can_be_written_down_by_its_id() {
    for id in [
        "rotavirus",
        "hepatitis_b",
        "dpt_ipv_hib",
        "dpt_ipv",
        "hib",
        "pneumococcal_child",
        "bcg",
        "mr",
        "varicella",
        "japanese_encephalitis",
        "dt",
        "hpv",
        "rsv_maternal",
        "pneumococcal_adult",
        "zoster",
        "influenza",
        "covid19",
        "mumps",
        "measles",
        "rubella",
        "dpt",
        "ipv",
        "polio_oral",
        "hepatitis_a",
        "rabies",
        "meningococcal",
        "typhoid",
        "yellow_fever",
        "tetanus",
        "other",
    ] {
        let given = values(&[("on", "2024-05-03"), ("vaccine", id), ("name", "名前"), ("lot", "AB123")]);
        let event = event_by_hand(typed(Kind::Vaccination, &given, &[])).unwrap_or_else(|found| unreachable!("{id}: {found:?}"));
        assert_eq!(event.facts[0].concept.codings[0].code, id);
    }
}

#[test]
fn a_corrected_record_keeps_what_was_not_corrected() {
    let given = values(&[("on", "2024-05-03"), ("what", "体重"), ("value", "16.5"), ("place", "見本クリニック"), ("method", "立って")]);
    let event = event_by_hand(typed(Kind::Measurement, &given, &[])).unwrap();
    let new = values(&[("value", "16.2")]);
    let amended = amended(&event, &event.facts[0], typed(Kind::Measurement, &new, &[])).unwrap();
    let Body::Observation(observation) = &amended.facts[0].body else { unreachable!() };
    assert!(matches!(&observation.value, Value::Number { decimal, .. } if decimal.as_str() == "16.2"));
    assert_eq!(observation.method.as_ref().unwrap().label(), Some("立って"));
    assert_eq!((amended.day, amended.place), (event.day, event.place.clone()));
    for (pair, field) in [(("lot", "A"), "lot"), (("value", "6000"), "value"), (("unit", "g"), "unit"), (("on", "2030-01-01"), "on")] {
        let new = values(&[pair]);
        let found = super::amended(&event, &event.facts[0], typed(Kind::Measurement, &new, &[])).unwrap_err();
        assert_eq!(found[0].field, field);
    }
}

#[test]
fn a_childs_value_in_the_wrong_unit_is_asked_about_and_an_adults_is_not() {
    let asked = |what: &str, value: &str| match one(Kind::Measurement, &[("on", "2020-06-04"), ("what", what), ("value", value)]) {
        Trouble::ImplausibleForAge { unit, perhaps, .. } => (unit, perhaps),
        other => unreachable!("{what} {value}: {other:?}"),
    };
    assert_eq!(asked("weight", "9000"), ("kg".to_owned(), Some("g")));
    assert_eq!(asked("height", "0.73"), ("cm".to_owned(), Some("m")));
    assert_eq!(asked("head", "459"), ("cm".to_owned(), Some("mm")));
    assert_eq!(asked("weight", "90"), ("kg".to_owned(), None));
    let given = values(&[("on", "2020-06-04"), ("what", "weight"), ("value", "90")]);
    let confirmed = ["value".to_owned()];
    assert!(event_by_hand(typed(Kind::Measurement, &given, &confirmed)).is_ok(), "what was asked and answered is written down");
    let grown = Typed { born: "1970-11-02".parse().unwrap(), ..typed(Kind::Measurement, &given, &[]) };
    assert!(event_by_hand(grown).is_ok());
    let light = values(&[("on", "2019-06-20"), ("what", "weight"), ("value", "0.6")]);
    let early = Typed { gestation: "24w0d".parse().ok(), ..typed(Kind::Measurement, &light, &[]) };
    assert!(event_by_hand(early).is_ok(), "born at 24 weeks");
    assert!(event_by_hand(typed(Kind::Measurement, &light, &[])).is_err(), "born at term");
}

#[test]
fn what_is_put_right_is_asked_about_by_age_as_what_is_written_down() {
    let given = values(&[("on", "2020-06-04"), ("what", "weight"), ("value", "12.0")]);
    let event = event_by_hand(typed(Kind::Measurement, &given, &[])).unwrap();
    let edit = |pairs: &[(&str, &str)], confirmed: &[String]| {
        let new = values(pairs);
        amended(&event, &event.facts[0], typed(Kind::Measurement, &new, confirmed)).map(|event| event.day)
    };
    // 90 kg is plausible for somebody, and not for a child of a year.
    let found = edit(&[("value", "90")], &[]).unwrap_err();
    assert!(matches!(&found[0].trouble, Trouble::ImplausibleForAge { unit, .. } if unit == "kg"), "{found:?}");
    assert_eq!(found[0].field, "value");
    assert!(edit(&[("value", "90")], &["value".to_owned()]).is_ok(), "asked and answered");
    assert!(edit(&[("value", "9.50")], &[]).is_ok());
    // The day alone can make it strange.
    assert!(matches!(edit(&[("on", "2019-06-20")], &[]).unwrap_err()[0].trouble, Trouble::ImplausibleForAge { .. }));
    // What is not touched is not asked about.
    assert!(edit(&[("notes", "写し間違い")], &[]).is_ok());
}
