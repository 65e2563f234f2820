//! Every kind of health information by a fixture of our own: what is read from it, and what refuses the whole. Then every
//! file of the specification's samples, item by item.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod accounting;
mod reading;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use techo_core::{
    formats::{Contents, FormatError, Reading, health_card::KeySet},
    record::Fact,
};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(workspace().join("tests/fixtures/kinds").join(name)).unwrap()
}

fn read_file(bytes: &[u8]) -> Result<Reading, FormatError> {
    match techo_core::formats::read(bytes, &KeySet::new(0))? {
        Contents::Document(reading) => Ok(*reading),
        other => panic!("no document but {other:?}"),
    }
}

fn facts(reading: &Reading) -> Vec<&Fact> {
    reading.events.iter().flat_map(|event| &event.facts).collect()
}

fn fact<'a>(reading: &'a Reading, title: &str) -> &'a Fact {
    facts(reading).into_iter().find(|fact| fact.title == title).unwrap_or_else(|| panic!("no fact {title}"))
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
