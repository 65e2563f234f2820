//! What the stand-in answers, read by the readers of the core: everything reads, is about the person, and is of the kind
//! that was asked for.

use techo_core::{
    base::PersonId,
    formats::self_information,
    record::{Body, Fact, Person, Sex, Standing},
    terms::Kind,
};

use crate::{
    Card,
    document::{Wanted, answer},
    service::GROUPS,
};

fn person(card: Card) -> Person {
    let known = card.person();
    let born = known.birth_dashed().parse().unwrap();
    let sex = if known.sex == crate::Sex::Male { Sex::Male } else { Sex::Female };
    let mut person = Person::new(PersonId::from_bytes([7; 16]), known.name, born, sex).unwrap();
    person.kana = Some(known.kana.to_owned());
    person
}

fn everything(subject: Card) -> Wanted {
    let mut items: Vec<&'static str> = GROUPS.iter().map(|group| group.item).collect();
    items.dedup();
    Wanted { subject, items, has_name: true, at_least: None, is_xml_cut: false }
}

#[test]
fn every_answer_reads_without_a_refusal_and_is_about_its_person() {
    for card in Card::ALL {
        let text = answer(&everything(card));
        let reading = self_information::read(text.as_bytes()).unwrap();
        assert!(reading.refused.is_empty(), "{}: {:?}", card.id(), reading.refused);
        for (place, subject) in self_information::subjects(text.as_bytes()).unwrap() {
            let person = person(card);
            assert_ne!(subject.name_matches(&person), Some(false), "{} {place}", card.id());
            assert!(subject.born.is_none_or(|born| born.to_string() == person.born.to_string()), "{} {place}", card.id());
            assert!(subject.sex.is_none_or(|sex| sex == person.sex), "{} {place}", card.id());
        }
        assert!(!reading.events.is_empty());
    }
}

#[test]
fn every_entry_is_asked_for_as_the_item_of_its_group() {
    for card in Card::ALL {
        let text = answer(&everything(card));
        let mut seen = Vec::new();
        self_information::trim(text.as_bytes(), &mut |entry| {
            let known = GROUPS.iter().find(|known| known.name == entry.group).unwrap();
            // What no item names comes with the last one.
            let is_named = GROUPS.iter().any(|group| group.item == entry.kind.id());
            let fits = if known.item == "other" { !is_named || entry.kind == Kind::Other } else { entry.kind.id() == known.item };
            assert!(fits, "{} {}: {}", card.id(), entry.group, entry.kind);
            seen.push(known.name);
            true
        })
        .unwrap();
        let groups: Vec<String> = self_information::groups(text.as_bytes()).unwrap().into_iter().map(|group| group.name).collect();
        assert!(!groups.is_empty() && groups.iter().all(|name| seen.contains(&name.as_str())), "{}: {groups:?}", card.id());
    }
}

#[test]
fn what_the_core_has_a_reader_for_is_understood() {
    let events = |card| self_information::read(answer(&everything(card)).as_bytes()).unwrap().events;
    let is_open = |fact: &Fact| fact.standing == Standing::NotUnderstood;
    for card in Card::ALL {
        for event in events(card) {
            let open: Vec<&str> = event.facts.iter().filter(|fact| is_open(fact)).map(|fact| fact.title.as_str()).collect();
            match event.kind {
                Kind::Checkup | Kind::Medication | Kind::Prescription => assert!(open.is_empty(), "{} {:?} {open:?}", card.id(), event.day),
                // 期 and 接種区分 say the same of a dose to the reader: one of them stays an item of its own.
                Kind::Vaccination => {
                    assert!(open.iter().all(|title| *title == "期"), "{} {open:?}", card.id());
                    assert!(event.facts.iter().any(|fact| matches!(fact.body, Body::Vaccination(_))), "{} {:?}", card.id(), event.day);
                }
                _ => {}
            }
        }
    }
    // Every kind that the portal could answer with is there for somebody.
    let seen: std::collections::BTreeSet<Kind> = Card::ALL.into_iter().flat_map(events).map(|event| event.kind).collect();
    for kind in [Kind::SchoolCheckup, Kind::Condition, Kind::Allergy, Kind::Infection, Kind::Laboratory, Kind::Care, Kind::Expense] {
        assert!(seen.contains(&kind), "{kind}");
    }
    let stages: Vec<String> =
        events(Card::Taro).into_iter().filter(|event| event.kind == Kind::InfantCheckup).map(|event| event.title).collect();
    for stage in ["1か月児健診", "3〜4か月児健診", "1歳6か月児健診", "3歳児健診", "5歳児健診"] {
        assert!(stages.iter().any(|title| title == stage), "{stage}: {stages:?}");
    }
    let growth = events(Card::Taro).into_iter().filter(|event| event.kind == Kind::InfantCheckup && event.day.is_some());
    for event in growth {
        assert!(
            ["身長", "体重", "頭囲"].iter().all(|name| event.facts.iter().any(|fact| fact.title == *name && !is_open(fact))),
            "{:?}",
            event.day
        );
    }
}

#[test]
fn an_answer_of_some_megabytes_reads_too() {
    let text = answer(&Wanted { at_least: Some(3 << 20), ..everything(Card::Hanako) });
    let reading = self_information::read(text.as_bytes()).unwrap();
    assert!(reading.refused.is_empty() && reading.events.len() > 1000, "{:?}", reading.refused.first());
}
