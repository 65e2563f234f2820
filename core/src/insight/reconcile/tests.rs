//! Groups: no chain glues what contradicts, the person's word wins, the better source leads, and the order of arrival
//! decides nothing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::record::{Body, Concept, Fact, Medication, Standing as FactStanding, Vaccination};

struct Telling {
    event: Event,
    format: &'static str,
    document: Fingerprint,
}

impl Telling {
    fn told(&self) -> Told<'_> {
        Told { event: &self.event, format: self.format, document: self.document, position: 0 }
    }
}

fn telling(name: &str, format: &'static str, day: &str, place: Option<&str>, fact: Fact) -> Telling {
    let event = Event {
        kind: fact.kind,
        day: Some(day.parse().unwrap()),
        title: fact.title.clone(),
        place: place.map(str::to_owned),
        signature: None,
        facts: vec![fact],
    };
    Telling { event, format, document: Fingerprint::of(name.as_bytes()) }
}

fn fact(kind: Kind, title: &str, body: Body) -> Fact {
    let concept = Concept::text(title);
    Fact { kind, title: title.to_owned(), concept, when: None, body, at: String::new(), said_by: None, standing: FactStanding::Understood }
}

/// A dose of MR on one day.
fn dose(name: &str, format: &'static str, lot: Option<&str>, number: Option<&str>, place: Option<&str>) -> Telling {
    let body = Vaccination { lot: lot.map(str::to_owned), dose_number: number.map(str::to_owned), given: true, ..Vaccination::default() };
    telling(name, format, "2020-07-02", place, fact(Kind::Vaccination, "MR", Body::Vaccination(body)))
}

fn dispensed(name: &str, format: &'static str, day: &str) -> Telling {
    let body = Medication { dose: Some("1".to_owned()), quantity: Some("28".to_owned()), ..Medication::default() };
    telling(name, format, day, Some("みほん薬局"), fact(Kind::Medication, "アムロジピン錠5mg", Body::Medication(body)))
}

/// What came out, by the names' fingerprints, whatever the order of the list.
type Named = (Vec<(Fingerprint, Vec<(Fingerprint, Rule)>)>, Vec<(Fingerprint, Fingerprint)>);

fn named(told: &[Told<'_>], decisions: &[Decision]) -> Named {
    let result = reconcile(told, decisions);
    let name = |index: usize| told[index].document;
    let mut groups: Vec<_> = result
        .groups
        .iter()
        .map(|group| (name(group.lead), group.members.iter().map(|member| (name(member.event), member.rule)).collect::<Vec<_>>()))
        .collect();
    groups.sort();
    (groups, result.questions.iter().map(|pair| (name(pair.one), name(pair.other))).collect())
}

/// Works it out in every order of the list, and says that all are the same.
fn in_every_order(all: &[Telling], decisions: &[(usize, usize, Standing)]) -> Named {
    let orders = permutations(all.len());
    let mut results = orders.iter().map(|order| {
        let told: Vec<Told<'_>> = order.iter().map(|index| all[*index].told()).collect();
        let place = |index: usize| order.iter().position(|own| *own == index).unwrap();
        let decisions: Vec<Decision> = decisions
            .iter()
            .map(|(one, other, standing)| Decision { one: place(*one), other: place(*other), standing: *standing })
            .collect();
        named(&told, &decisions)
    });
    let first = results.next().unwrap();
    assert!(results.all(|other| other == first), "the order of arrival decided something");
    first
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(count - 1);
    let insert = |order: &Vec<usize>, at: usize| {
        let mut longer = order.clone();
        longer.insert(at, count - 1);
        longer
    };
    shorter.iter().flat_map(|order| (0..count).map(move |at| insert(order, at))).collect()
}

fn sizes(result: &Named) -> Vec<usize> {
    result.0.iter().map(|(_, members)| members.len() + 1).collect()
}

#[test]
fn three_sources_of_one_dose_are_one_group_and_the_better_leads() {
    let all = [
        dose("own", "techo-entry", None, None, Some("みほん小児科")),
        dose("town", "mynaportal-self-information", Some("A1"), Some("1"), Some("みほん小児科")),
        dose("clinic", "fhir-r4", Some("A1"), None, None),
    ];
    let result = in_every_order(&all, &[]);
    assert_eq!(sizes(&result), [3]);
    let (lead, members) = &result.0[0];
    assert_eq!(*lead, all[1].document, "the town's before the clinic's, the person's own last");
    assert_eq!(members.iter().map(|(document, _)| *document).collect::<Vec<_>>(), [all[2].document, all[0].document]);
}

#[test]
fn two_that_contradict_are_never_glued_through_a_third() {
    // Without a lot it fits both; their lots say that they are two.
    let all = [
        dose("one", "mynaportal-self-information", Some("A1"), None, Some("みほん小児科")),
        dose("other", "fhir-r4", Some("B2"), None, Some("みほん小児科")),
        dose("open", "techo-entry", None, None, Some("みほん小児科")),
    ];
    let result = in_every_order(&all, &[]);
    assert_eq!(result.0, []);
    assert_eq!(result.1.len(), 3, "each pair is asked about");
    // A second one that says what the first says stays with it.
    let [one, other, open] = all;
    let all = [one, other, open, dose("one again", "smart-health-card", Some("A1"), None, None)];
    let result = in_every_order(&all, &[]);
    assert_eq!(sizes(&result), [2]);
}

#[test]
fn a_claim_with_a_month_only_is_nobodys_where_two_dispensings_fit() {
    let claim = || dispensed("claim", "insurance-xml", "2024-05");
    let once = [claim(), dispensed("code", "jahis-tc", "2024-05-03")];
    let result = in_every_order(&once, &[]);
    assert_eq!((sizes(&result), result.0[0].0), (vec![2], once[1].document), "the pharmacy's own entry leads");
    let twice = [claim(), dispensed("code", "jahis-tc", "2024-05-03"), dispensed("second code", "jahis-tc", "2024-05-31")];
    let result = in_every_order(&twice, &[]);
    assert_eq!((result.0, result.1.len()), (Vec::new(), 2));
}

#[test]
fn the_persons_word_wins_and_the_later_word_counts() {
    let all = || {
        [
            dose("town", "mynaportal-self-information", Some("A1"), None, None),
            dose("clinic", "fhir-r4", Some("A1"), None, None),
            dose("other", "fhir-r4", Some("B2"), None, None),
        ]
    };
    let apart = in_every_order(&all(), &[(0, 1, Standing::Apart)]);
    assert_eq!(sizes(&apart), [0_usize; 0]);
    assert!(!apart.1.iter().any(|pair| *pair == (all()[0].document, all()[1].document) || *pair == (all()[1].document, all()[0].document)));
    let again = in_every_order(&all(), &[(0, 1, Standing::Apart), (0, 1, Standing::Joined)]);
    assert_eq!(sizes(&again), [2]);
    // What no rule would ever link, the person may.
    let joined = in_every_order(&all(), &[(0, 2, Standing::Joined)]);
    assert_eq!(joined.0.len(), 1);
    assert!(joined.0[0].1.iter().any(|(_, rule)| *rule == Rule::Person));
    // Joined by way of others, and kept apart: kept apart it stays.
    let both = in_every_order(&all(), &[(0, 2, Standing::Joined), (1, 2, Standing::Joined), (0, 1, Standing::Apart)]);
    for (lead, members) in &both.0 {
        let group: Vec<Fingerprint> = members.iter().map(|(document, _)| *document).chain([*lead]).collect();
        assert!(!(group.contains(&all()[0].document) && group.contains(&all()[1].document)), "{both:?}");
    }
}

#[test]
fn differences_stand_side_by_side_and_equal_spellings_are_none() {
    let town = dose("town", "mynaportal-self-information", Some("Ａ１"), Some("1"), Some("みほん小児科"));
    let clinic = dose("clinic", "fhir-r4", Some("A1"), None, Some("見本病院"));
    let found: Vec<(Item, Option<String>, Option<String>)> =
        differences(&town.event, &clinic.event).into_iter().map(|one| (one.item, one.lead, one.other)).collect();
    let words = |text: &str| Some(text.to_owned());
    assert_eq!(found, [(Item::Place, words("みほん小児科"), words("見本病院")), (Item::DoseNumber, words("1"), None)]);
}

#[test]
fn every_id_reads_back_and_every_rule_has_its_reason() {
    for rule in Rule::ALL {
        assert_eq!(Rule::of_id(rule.id()), Some(*rule));
        assert!(!rule.japanese().is_empty() && !rule.english().is_empty() && rule.edition() > 0);
    }
    for class in [Class::Same, Class::Perhaps, Class::Story] {
        assert_eq!(Class::of_id(class.id()), Some(class));
    }
}
