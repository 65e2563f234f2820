//! What is chosen, by occasion and by oneself.
#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

fn items(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn what_the_person_chose_stands_in_the_place_of_the_occasion_and_in_the_order_it_is_shown() {
    let own = Selection::of_items(None, &items(&["予防接種", "medicines", "eGFR", "allergies"])).unwrap();
    let parts: Vec<Part> = own.parts.iter().map(|chosen| chosen.part).collect();
    assert_eq!(parts, [Part::Allergies, Part::Medicines, Part::Results, Part::Vaccinations]);
    assert_eq!((own.quantities.as_slice(), own.sensitive), (&["egfr"][..], false));
    assert_eq!(own.items(), ["allergies", "medicines", "results", "vaccinations", "egfr"]);
    let narrowed = Selection::of_items(occasion("pharmacy"), &items(&["results"])).unwrap();
    assert_eq!(narrowed.quantities, occasion("pharmacy").unwrap().quantities);
    assert!(!narrowed.code, "no code of medicines that were not chosen");
    assert_eq!(Selection::of_items(None, &items(&["allergies", "星占い"])), Err(UnknownItem(1)));
}

#[test]
fn medicines_go_back_a_year_unless_the_person_says_how_far_and_allergies_are_never_cut() {
    let on = day("2026-04-05");
    let mut pharmacy = Selection::of(occasion("pharmacy").unwrap());
    assert_eq!(pharmacy.period(Part::Medicines, on), ("2025-04-05".parse().ok(), None));
    assert_eq!(pharmacy.period(Part::Conditions, on), (None, None));
    pharmacy.from = "2026".parse().ok();
    assert_eq!(pharmacy.period(Part::Medicines, on), ("2026".parse().ok(), None));
    assert_eq!(pharmacy.period(Part::Conditions, on), ("2026".parse().ok(), None));
    assert_eq!(pharmacy.period(Part::Allergies, on), (None, None));
}
