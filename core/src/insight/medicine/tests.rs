//! Cases made by hand: one ingredient under two brands, in two doses, on the skin and swallowed; courses that are over;
//! codes that nobody knows.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::{
    record::{Coding, Concept, Standing},
    terms::Kind,
};

const YJ: &str = "1.2.392.100495.20.2.73";

fn fact(title: &str, code: Option<&str>, medicine: Medication) -> Fact {
    let codings = code.map(|code| Coding::new(YJ, code)).into_iter().collect();
    Fact {
        kind: Kind::Medication,
        title: title.to_owned(),
        concept: Concept { codings, text: Some(title.to_owned()) },
        when: None,
        body: Body::Medication(medicine),
        at: String::new(),
        said_by: None,
        standing: Standing::Understood,
    }
}

fn days(count: &str) -> Medication {
    Medication {
        form: Some("内服".to_owned()),
        quantity: Some(count.to_owned()),
        quantity_unit: Some("日分".to_owned()),
        ..Medication::default()
    }
}

fn external() -> Medication {
    Medication { form: Some("外用".to_owned()), ..Medication::default() }
}

fn named(medicine: Medication, generic: &str) -> Medication {
    Medication { generic: Some(Concept::text(generic)), ..medicine }
}

fn told<'a>(fact: &'a Fact, day: &str, place: &'a str) -> Told<'a> {
    Told { fact, day: Some(day.parse().unwrap()), place: Some(place) }
}

fn on(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

#[test]
fn a_brand_and_its_generic_are_one_ingredient() {
    let (brand, generic) = (
        fact("ロキソニン錠60mg", Some("1149019F1560"), days("14")),
        fact("ロキソプロフェンNa錠60mg「見本」", Some("1149019F1773"), days("7")),
    );
    let list = medicines(&[told(&brand, "2026-05-01", "甲薬局"), told(&generic, "2026-05-03", "乙薬局")], on("2026-05-05"));
    assert_eq!(list.same, [SameIngredient { one: 0, other: 1, by: SameBy::Code, ways_differ: false }]);
    assert_eq!(list.unchecked, Vec::<usize>::new());
    // The newest first.
    assert_eq!(list.medicines.iter().map(|one| one.sources.clone()).collect::<Vec<_>>(), [vec![1], vec![0]]);
}

#[test]
fn another_dose_is_the_same_ingredient_and_another_ingredient_is_not() {
    let (small, large) =
        (fact("アムロジピン錠2.5mg", Some("2171022F1029"), days("28")), fact("アムロジピン錠5mg", Some("2171022F2025"), days("28")));
    let other = fact("ロサルタンK錠50mg", Some("2149039F2021"), days("28"));
    let list = medicines(
        &[told(&small, "2026-05-01", "甲薬局"), told(&large, "2026-05-01", "甲薬局"), told(&other, "2026-05-01", "甲薬局")],
        on("2026-05-01"),
    );
    assert_eq!((list.medicines.len(), list.same.len(), list.unchecked.len()), (3, 1, 0));
    assert_eq!((list.same[0].one, list.same[0].other), (0, 1));
}

#[test]
fn what_is_on_the_skin_is_told_apart() {
    let tablet = fact("ロキソニン錠60mg", Some("1149019F1560"), named(days("7"), "ロキソプロフェンNa錠60mg"));
    let tape = fact("ロキソニンテープ100mg", Some("2649735S2024"), named(external(), "【般】ロキソプロフェンＮａテープ１００ｍｇ"));
    let list = medicines(&[told(&tablet, "2026-05-01", "甲薬局"), told(&tape, "2026-05-01", "甲薬局")], on("2026-05-02"));
    assert_eq!(list.same, [SameIngredient { one: 0, other: 1, by: SameBy::Name, ways_differ: true }]);
    assert_eq!(list.medicines[1].course, Course::External);
}

#[test]
fn a_course_that_is_over_or_stopped_or_not_begun_is_pointed_out_with_nothing() {
    let (old, new) =
        (fact("ロキソニン錠60mg", Some("1149019F1560"), days("7")), fact("ロキソプロフェン錠60mg", Some("1149019F1773"), days("7")));
    let both = [told(&old, "2026-05-01", "甲薬局"), told(&new, "2026-05-08", "乙薬局")];
    // The seventh day is the last one.
    assert_eq!(medicines(&both, on("2026-05-07")).medicines.len(), 1);
    let list = medicines(&both, on("2026-05-08"));
    assert_eq!(list.medicines.iter().map(|one| one.course).collect::<Vec<_>>(), [Course::Current, Course::Finished]);
    assert_eq!(list.medicines[1].until, Some(on("2026-05-07")));
    assert_eq!(list.same, []);
    let stopped = fact("ロキソニン錠60mg", Some("1149019F1560"), Medication { status: Some("stopped".to_owned()), ..days("28") });
    let list = medicines(&[told(&stopped, "2026-05-01", "甲薬局"), told(&new, "2026-05-01", "乙薬局")], on("2026-05-02"));
    assert_eq!((list.same.len(), list.medicines[1].course), (0, Course::Stopped));
}

#[test]
fn a_medicine_of_which_nothing_is_known_is_named_as_not_checked() {
    let unknown = fact("見本の漢方", None, days("14"));
    let strange = fact("見本の薬", Some("12"), days("14"));
    let known = fact("アムロジピン錠5mg", Some("2171022F2025"), days("28"));
    let all = [told(&unknown, "2026-05-01", "甲薬局"), told(&known, "2026-05-01", "甲薬局"), told(&strange, "2026-05-01", "甲薬局")];
    let list = medicines(&all, on("2026-05-02"));
    assert_eq!((list.same.len(), list.unchecked.clone()), (0, vec![0, 2]));
    assert_eq!(medicines(&all[..1], on("2026-05-02")).unchecked, [0]);
}

#[test]
fn what_was_bought_is_compared_by_its_ingredients() {
    let bought = Medication {
        stage: MedicationStage::OverTheCounter,
        ingredients: vec![Concept::text("ロキソプロフェンＮａ")],
        ..Medication::default()
    };
    let bought = fact("見本の痛み止め", None, bought);
    let tablet = fact("ロキソニン錠60mg", Some("1149019F1560"), named(days("7"), "ロキソプロフェンNa錠60mg"));
    let list = medicines(&[told(&bought, "2026-04-01", "見本薬店"), told(&tablet, "2026-05-01", "甲薬局")], on("2026-05-02"));
    assert_eq!((list.same.len(), list.same[0].by, list.unchecked.len()), (1, SameBy::Name, 0));
    // Codes on one side and names on the other cannot be compared.
    let coded = fact("ロキソニン錠60mg", Some("1149019F1560"), days("7"));
    let list = medicines(&[told(&bought, "2026-04-01", "見本薬店"), told(&coded, "2026-05-01", "甲薬局")], on("2026-05-02"));
    assert_eq!((list.same.len(), list.unchecked.len()), (0, 1));
}

#[test]
fn one_dispensing_told_twice_and_its_prescription_are_one_medicine() {
    let (notebook, receipt) = (fact("アムロジピン錠5mg", Some("2171022F2025"), days("28")), fact("アムロジピン錠５ｍｇ", None, days("28")));
    let ordered = fact("【般】アムロジピン錠5mg", Some("2171022F2ZZZ"), Medication { stage: MedicationStage::Prescribed, ..days("28") });
    let all =
        [told(&ordered, "2026-04-29", "見本病院"), told(&notebook, "2026-05-01", "甲薬局"), told(&receipt, "2026-05-01", "甲調剤薬局")];
    let list = medicines(&all, on("2026-05-02"));
    assert_eq!(list.medicines.iter().map(|one| one.sources.clone()).collect::<Vec<_>>(), [vec![1, 2, 0]]);
    assert_eq!((list.same.len(), list.unchecked.len()), (0, 0));
    // Out of time, it is another order.
    let late = [told(&ordered, "2026-04-25", "見本病院"), told(&notebook, "2026-05-01", "甲薬局")];
    assert_eq!(medicines(&late, on("2026-05-02")).same.len(), 1);
}

#[test]
fn a_refill_of_one_pharmacy_is_one_medicine_and_another_pharmacys_is_pointed_out() {
    let pill = fact("アムロジピン錠5mg", Some("2171022F2025"), days("28"));
    let again = [told(&pill, "2026-05-01", "甲薬局"), told(&pill, "2026-05-25", "甲薬局")];
    let list = medicines(&again, on("2026-05-26"));
    assert_eq!((list.medicines.len(), list.medicines[0].until, list.same.len()), (1, Some(on("2026-06-21")), 0));
    let elsewhere = [told(&pill, "2026-05-01", "甲薬局"), told(&pill, "2026-05-25", "乙薬局")];
    assert_eq!(medicines(&elsewhere, on("2026-05-26")).same.len(), 1);
}

#[test]
fn as_needed_external_and_undated_medicines_are_listed_for_a_while() {
    let as_needed = Medication {
        form: Some("屯服".to_owned()),
        quantity: Some("10".to_owned()),
        quantity_unit: Some("回分".to_owned()),
        ..Medication::default()
    };
    let facts = [fact("甲", None, as_needed), fact("乙", None, external()), fact("丙", None, Medication::default())];
    let all: Vec<Told<'_>> = facts.iter().map(|fact| told(fact, "2026-01-01", "甲薬局")).collect();
    let courses = |day| medicines(&all, on(day)).medicines.iter().map(|one| one.course).collect::<Vec<_>>();
    assert_eq!(courses("2026-06-30"), [Course::AsNeeded, Course::External, Course::Unknown]);
    assert_eq!(courses("2026-07-01"), [Course::Finished; 3]);
}
