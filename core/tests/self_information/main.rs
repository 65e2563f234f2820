//! What Mynaportal answers: self information by municipality and name, the documents inside it, and the two layouts of
//! medicines. The fixtures are ours and synthetic; no answer of the real portal is public.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod any_bytes;
mod insurance;
mod reading;
mod trimming;

use std::{fmt::Write as _, path::Path};

use techo_core::{
    formats::{Contents, FormatError, Reading, health_card::KeySet, self_information},
    record::{Event, Fact},
};

/// Every answer among the fixtures that can be read.
const ANSWERS: [&str; 4] = ["hanako", "taro", "escaped", "half-good"];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

fn answer(name: &str) -> Vec<u8> {
    fixture(&format!("self-information/{name}.json"))
}

/// Reads a file of any format.
fn read_file(bytes: &[u8]) -> Result<Reading, FormatError> {
    match techo_core::formats::read(bytes, &KeySet::new(0))? {
        Contents::Document(reading) => Ok(*reading),
        other => panic!("no document but {other:?}"),
    }
}

fn read(bytes: &[u8]) -> Reading {
    self_information::read(bytes).unwrap()
}

/// A small answer around the content of one group.
fn around(group: &str, content: &str) -> Vec<u8> {
    format!("{{\"見本県見本市\":{{\"{group}\":{content}}}}}").into_bytes()
}

fn facts(reading: &Reading) -> Vec<&Fact> {
    reading.events.iter().flat_map(|event| &event.facts).collect()
}

fn fact<'a>(reading: &'a Reading, title: &str) -> &'a Fact {
    facts(reading).into_iter().find(|fact| fact.title == title).unwrap_or_else(|| panic!("no fact {title}"))
}

/// Events without the places of their records, which are those of the document they stand in.
fn without_places(events: &[Event]) -> Vec<Event> {
    let mut events = events.to_vec();
    events.iter_mut().flat_map(|event| &mut event.facts).for_each(|fact| fact.at.clear());
    events
}

/// What a snapshot shows: whom it is about, the events as JSON, and what was refused.
fn shown(reading: &Reading) -> String {
    let mut out = String::new();
    writeln!(out, "{} about {:?}, from {:?}", reading.format.id(), reading.subject, reading.source).unwrap();
    for event in &reading.events {
        writeln!(out, "{} {:?} {} @ {:?}", event.kind, event.day.map(|day| day.to_string()), event.title, event.place).unwrap();
        for fact in &event.facts {
            writeln!(out, "  {}", serde_json::to_string(fact).unwrap()).unwrap();
        }
    }
    for refusal in &reading.refused {
        writeln!(out, "refused at {}: {}", refusal.place, refusal.reason).unwrap();
    }
    out
}
