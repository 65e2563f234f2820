//! The vault against the simplest thing that could be right: a map of documents to what they state.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use techo_core::{
    base::{DeviceSecret, Fingerprint, PersonId},
    insight::prepare,
    record::{Body, Coding, Concept, Event, Fact, Observation, Person, Sex, Standing, Value},
    terms::Kind,
    vault::{DocumentBody, Erasure, EventToFile, Filed, Filing, NewSlots, Setting, TimelinePage, Unlock, Vault},
};

/// What a record is in the model: day, item, value.
type Stated = (u32, u8, u16);

#[derive(Clone, Debug)]
enum Step {
    File(u8),
    EraseDocument(u8),
    EraseRecord(u8),
    LockAndOpen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0_u8..12).prop_map(Step::File),
        2 => (0_u8..12).prop_map(Step::EraseDocument),
        2 => any::<u8>().prop_map(Step::EraseRecord),
        1 => Just(Step::LockAndOpen),
    ];
    proptest::collection::vec(step, 1..24)
}

/// Document `number` always states the same; neighbours overlap, so that records are restated.
fn stated_by(number: u8) -> BTreeSet<Stated> {
    (0..4_u8)
        .flat_map(|offset| [(u32::from((number + offset) % 5) + 1, offset, u16::from(number / 3)), (1, 7, u16::from(offset % 2))])
        .collect()
}

fn event(day: u32, facts: &[Stated]) -> Event {
    let fact = |(_, item, value): &Stated| {
        let decimal = format!("{value}.50").parse().unwrap();
        Fact {
            kind: Kind::Measurement,
            title: format!("項目{item}"),
            concept: Concept::of(Coding::new("urn:oid:1.2.392.200119.6.1005", format!("item-{item}"))),
            when: None,
            body: Body::Observation(Observation::new(Value::Number { comparator: None, decimal })),
            at: format!("entry[{item}]"),
            said_by: None,
            standing: Standing::Understood,
        }
    };
    Event {
        kind: Kind::Checkup,
        day: Some(format!("2024-05-{day:02}").parse().unwrap()),
        title: "健診".to_owned(),
        place: None,
        signature: None,
        facts: facts.iter().map(fact).collect(),
    }
}

fn filing(person: PersonId, number: u8) -> Filing {
    let mut days: BTreeMap<u32, Vec<Stated>> = BTreeMap::new();
    for stated in stated_by(number) {
        days.entry(stated.0).or_default().push(stated);
    }
    let events: Vec<Event> = days.iter().map(|(day, facts)| event(*day, facts)).collect();
    let prepared = prepare(&events);
    let to_file = events.into_iter().zip(prepared).map(|(event, prepared)| EventToFile {
        event,
        identities: prepared.identities,
        series: prepared.series.into_iter().map(|line| line.map(|line| (line.key, line.code, line.label))).collect(),
    });
    let bytes = vec![number; 40];
    Filing {
        person,
        fingerprint: Fingerprint::of(&bytes),
        parts: vec![bytes],
        received: "2026-04-01T09:00:00Z".parse().unwrap(),
        about: DocumentBody {
            format: "synthetic".to_owned(),
            parser: 1,
            source: None,
            name: None,
            refused: vec![],
            claimed: false,
            original_erased: false,
            consent: None,
            trimmed: None,
            mapping: None,
            given: None,
            slice: None,
        },
        events: to_file.collect(),
        change: None,
    }
}

fn seen(fact: &Fact, day: u32) -> Stated {
    let Body::Observation(Observation { value: Value::Number { decimal, .. }, .. }) = &fact.body else { panic!("a number was filed") };
    let value = decimal.as_str().strip_suffix(".50").unwrap().parse().unwrap();
    (day, fact.title.strip_prefix("項目").unwrap().parse().unwrap(), value)
}

/// The records that the lists show, each with its id.
fn shown(vault: &Vault) -> Vec<(Stated, techo_core::vault::FactId)> {
    let mut out = Vec::new();
    for line in vault.timeline(&TimelinePage { limit: 100, ..TimelinePage::default() }).unwrap() {
        let event = vault.event(line.id).unwrap();
        let day = line.day.unwrap().to_string()[8..].parse().unwrap();
        let visible = event.ids.iter().zip(&event.event.facts).filter(|((_, same_as), _)| same_as.is_none());
        out.extend(visible.map(|((id, _), fact)| (seen(fact, day), *id)));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_vault_shows_exactly_what_its_documents_state(steps in steps()) {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("vault");
        let secret = DeviceSecret::from_bytes([3; 32]);
        let mut vault = Vault::create(&directory, &NewSlots { device: Some(&secret), ..NewSlots::default() }).unwrap();
        // Presence has its own tests; here erasing is one of many steps.
        let now = "2026-04-01T09:00:00Z".parse().unwrap();
        let person = Person::new(PersonId::from_bytes([9; 16]), "見本", "1990-01-01".parse().unwrap(), Sex::Male).unwrap();
        vault.confirm_presence(Unlock::Device(&secret), now).unwrap();
        vault.set_setting(Setting::Reauthenticate, false, now).unwrap();
        vault.add_person(&person, now).unwrap();
        let mut model: BTreeMap<u8, BTreeSet<Stated>> = BTreeMap::new();

        for step in steps {
            match step {
                Step::File(number) => {
                    let filed = vault.file(&filing(person.id, number)).unwrap();
                    let new = matches!(filed, Filed::New { .. });
                    prop_assert_eq!(new, !model.contains_key(&number));
                    model.entry(number).or_insert_with(|| stated_by(number));
                }
                Step::EraseDocument(number) => {
                    let fingerprint = Fingerprint::of(&[number; 40]);
                    let found = vault.find_document(person.id, fingerprint).unwrap();
                    prop_assert_eq!(found.is_some(), model.remove(&number).is_some());
                    if let Some(id) = found {
                        vault.erase(Erasure::Document(id), now).unwrap();
                        prop_assert!(vault.original(id).unwrap().is_empty());
                    }
                }
                Step::EraseRecord(pick) => {
                    let all = shown(&vault);
                    if let Some((stated, id)) = all.get(usize::from(pick) % all.len().max(1)) {
                        vault.erase(Erasure::Record(*id), now).unwrap();
                        for facts in model.values_mut() {
                            facts.remove(stated);
                        }
                    }
                }
                Step::LockAndOpen => {
                    vault.lock();
                    drop(vault);
                    vault = Vault::open(&directory, Unlock::Device(&secret)).unwrap();
                }
            }
            let expected: BTreeSet<Stated> = model.values().flatten().copied().collect();
            let shown = shown(&vault);
            prop_assert_eq!(shown.len(), expected.len(), "each record once");
            prop_assert_eq!(shown.iter().map(|(stated, _)| *stated).collect::<BTreeSet<_>>(), expected.clone());
            let found = vault.search("項目7", None, None, 100).unwrap().hits.len();
            prop_assert_eq!(found, expected.iter().filter(|(_, item, _)| *item == 7).count());
            let line = vault.find_series(&[], "item-7", "").unwrap();
            let points = line.first().map_or(0, |line| vault.history(person.id, line, None, 100).unwrap().len());
            prop_assert_eq!(points, found);
            prop_assert_eq!(vault.roots().unwrap()[0].records, u64::try_from(expected.len()).unwrap());
        }
        prop_assert_eq!(vault.check_records().unwrap(), Vec::<String>::new());
    }
}
