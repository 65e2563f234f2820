//! What is written is read back as it was.

use proptest::prelude::*;
use techo_core::{
    formats::tokutei::write,
    record::{
        AbsentReason, Body, Coding, Comparator, Concept, Event, Fact, Observation, ReferenceRange, Sex, Standing, Subject, Unit, Value,
        When,
    },
    terms::{Item, ItemFamily, Kind, ValueType, answer, items},
};

use crate::{READABLE, fixture, read};

/// Every item of the master with a fitting value.
pub(crate) fn every_item() -> (Subject, Event) {
    let subject = Subject { names: vec!["テチョウ　ハナコ".to_owned()], born: "1972-04-15".parse().ok(), sex: Some(Sex::Female) };
    let facts = masters().enumerate().map(|(index, item)| plain(item, Observation::new(typical(item, index)))).collect();
    let event = Event {
        kind: Kind::Checkup,
        day: "2024-06-12".parse().ok(),
        title: "特定健康診査".to_owned(),
        place: Some("見本市民健診センター".to_owned()),
        signature: None,
        facts,
    };
    (subject, event)
}

fn masters() -> impl Iterator<Item = &'static Item> {
    items().iter().filter(|item| item.family == ItemFamily::Tokutei)
}

fn typical(item: &Item, index: usize) -> Value {
    match item.value_type {
        ValueType::Quantity => Value::Number { comparator: None, decimal: format!("{}.0", index % 90 + 10).parse().unwrap() },
        ValueType::Text => Value::Text(format!("見本 {index}")),
        ValueType::Coded | ValueType::Ordinal => {
            let table = item.table.unwrap();
            let code = (0..10).map(|code| code.to_string()).find(|code| answer(table, code).is_some()).unwrap_or_else(|| "1".to_owned());
            choice(table, &code)
        }
    }
}

fn choice(table: &str, code: &str) -> Value {
    let known = answer(table, code);
    Value::Coded {
        choice: Concept::of(Coding::new(table, code)),
        meaning: known.map(|answer| answer.meaning.to_owned()),
        rank: known.and_then(|answer| answer.rank),
    }
}

/// A fact as the reader would make it.
fn plain(item: &Item, mut observation: Observation) -> Fact {
    if matches!(observation.value, Value::Number { .. } | Value::Between { .. }) {
        observation.unit = item.ucum.map(|ucum| Unit { shown: item.shown_unit.unwrap_or(ucum).to_owned(), ucum: Some(ucum.to_owned()) });
    }
    let is_measured = matches!(item.value_type, ValueType::Quantity | ValueType::Ordinal);
    let is_unknown = matches!(observation.value, Value::Coded { meaning: None, .. });
    Fact {
        kind: if is_measured { Kind::Measurement } else { Kind::Finding },
        title: item.name.to_owned(),
        concept: Concept::of(Coding::new("1.2.392.200119.6.1005", item.code)),
        when: None,
        body: Body::Observation(observation),
        at: String::new(),
        said_by: None,
        standing: if is_unknown { Standing::NotUnderstood } else { Standing::Understood },
    }
}

/// The events without the places in the document, which are the document's own.
fn placeless(mut event: Event) -> Event {
    for fact in &mut event.facts {
        fact.at.clear();
    }
    event
}

#[test]
fn all_322_items_are_written_and_read_back() {
    let (subject, event) = every_item();
    assert_eq!(event.facts.len(), 322);
    let written = write(&subject, &event, event.place.as_deref());
    assert_eq!(written.left_out, Vec::<usize>::new());
    let reading = read(&written.bytes);
    assert_eq!(reading.refused, []);
    assert_eq!(reading.subject, subject);
    let strange: Vec<&str> =
        reading.events[0].facts.iter().filter(|fact| !fact.standing.is_understood()).map(|fact| fact.title.as_str()).collect();
    // The values of table 18110 are published nowhere we know of.
    assert_eq!(strange, ["血清クレアチニン（対象者）"]);
    assert_eq!(placeless(reading.events[0].clone()), event);
}

#[test]
fn every_fixture_is_the_same_after_writing_and_reading() {
    // A number that is none can only be written as words.
    for name in READABLE.into_iter().filter(|name| *name != "tokutei/conflict-name.xml") {
        let reading = read(&fixture(name));
        let event = &reading.events[0];
        let written = write(&reading.subject, event, reading.source.as_deref());
        assert_eq!(written.left_out, Vec::<usize>::new(), "{name}");
        let again = read(&written.bytes);
        assert_eq!(again.subject, reading.subject, "{name}");
        assert_eq!(again.source, reading.source, "{name}");
        assert_eq!(placeless(again.events[0].clone()), placeless(event.clone()), "{name}");
    }
}

#[test]
fn what_the_format_cannot_carry_is_named() {
    let (subject, mut event) = every_item();
    event.facts.truncate(3);
    event.facts[1].body = Body::Note("私のメモ".to_owned());
    event.facts[2].concept.codings[0].code = "two words".to_owned();
    assert_eq!(write(&subject, &event, None).left_out, [1, 2]);
}

fn word() -> impl Strategy<Value = String> {
    "[ぁ-んァ-ヶ一-龠a-zA-Z0-9<>&\"']([ぁ-んァ-ヶ一-龠a-zA-Z0-9<>&\"' 　]{0,12}[ぁ-んァ-ヶ一-龠a-zA-Z0-9<>&\"'])?"
        .prop_filter("no number of twelve digits", |word| word.chars().filter(char::is_ascii_digit).count() < 12)
}

fn decimal() -> impl Strategy<Value = techo_core::base::Decimal> {
    "-?[0-9]{1,5}(\\.[0-9]{1,3})?".prop_map(|text| text.parse().unwrap())
}

fn value_of(item: &'static Item) -> BoxedStrategy<Value> {
    let absent = prop_oneof![
        Just(Value::Absent { reason: AbsentReason::Unknown, detail: None }),
        Just(Value::Absent { reason: AbsentReason::NotMeasurable, detail: Some("PINF".to_owned()) }),
        word()
            .prop_filter("no flavor", |word| word.len() > 4)
            .prop_map(|words| Value::Absent { reason: AbsentReason::NotPerformed, detail: Some(words) }),
        word().prop_map(|words| Value::Absent { reason: AbsentReason::NotMeasurable, detail: Some(format!("UNK {words}")) }),
    ];
    let signs = prop_oneof![
        Just(None),
        Just(Some(Comparator::Less)),
        Just(Some(Comparator::LessOrEqual)),
        Just(Some(Comparator::Greater)),
        Just(Some(Comparator::GreaterOrEqual))
    ];
    match item.value_type {
        ValueType::Quantity => prop_oneof![
            4 => (signs, decimal()).prop_map(|(comparator, decimal)| Value::Number { comparator, decimal }),
            1 => (decimal(), decimal()).prop_map(|(low, high)| Value::Between { low: Some(low), high: Some(high) }),
            1 => absent,
        ]
        .boxed(),
        ValueType::Text => prop_oneof![4 => word().prop_map(Value::Text), 1 => absent].boxed(),
        ValueType::Coded | ValueType::Ordinal => {
            let table = item.table.unwrap();
            prop_oneof![4 => (0..12_u8).prop_map(move |code| choice(table, &code.to_string())), 1 => absent].boxed()
        }
    }
}

fn range() -> impl Strategy<Value = ReferenceRange> {
    (proptest::option::of(decimal()), proptest::option::of(decimal()), proptest::option::of(word()))
        .prop_map(|(low, high, text)| ReferenceRange { low, high, text })
        .prop_filter("says something", |range| *range != ReferenceRange::default())
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let all: Vec<&'static Item> = masters().collect();
    let item = proptest::sample::select(all);
    item.prop_flat_map(|item| {
        (
            Just(item),
            value_of(item),
            proptest::collection::vec(range(), 0..3),
            proptest::option::of(word()),
            proptest::option::of((1_u32..28, 0_u32..24)),
            proptest::option::of(prop_oneof![Just("H"), Just("L")]),
            proptest::collection::vec(word(), 0..3),
            any::<bool>(),
        )
    })
    .prop_map(|(item, value, reference, said_by, moment, flag, notes, in_group)| {
        let mut observation = Observation::new(value);
        observation.reference = reference;
        observation.interpretation = flag.map(|flag| Concept::of(Coding::new("2.16.840.1.113883.5.83", flag)));
        // Notes that only repeat the value are not kept twice.
        observation.notes = if matches!(observation.value, Value::Text(_)) { Vec::new() } else { notes };
        observation.group = item.group.filter(|_| in_group).map(str::to_owned);
        let mut fact = plain(item, observation);
        fact.said_by = said_by;
        fact.when = moment.map(|(day, hour)| When {
            day: techo_core::base::PartialDate::day(2024, 5, day).unwrap(),
            time: Some(format!("{hour:02}:30+09:00")),
            until: None,
        });
        fact
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_read_back(facts in proptest::collection::vec(any_fact(), 0..25), name in word(), month_only in any::<bool>()) {
        let subject = Subject { names: vec![name], born: "1972-04-15".parse().ok(), sex: None };
        let day = if month_only { "2024-06" } else { "2024-06-12" };
        let event = Event {
            kind: Kind::Checkup,
            day: day.parse().ok(),
            title: "見本の健診".to_owned(),
            place: Some("見本 & 市民".to_owned()),
            signature: None,
            facts,
        };
        let written = write(&subject, &event, Some("見本 & 市民"));
        prop_assert_eq!(&written.left_out, &Vec::<usize>::new());
        let reading = read(&written.bytes);
        prop_assert_eq!(&reading.subject, &subject);
        prop_assert_eq!(placeless(reading.events[0].clone()), event);
    }
}
