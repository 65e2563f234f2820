//! 特定健診 documents and the institutions' ZIP. The fixtures were written after the specification, not by our writer, so
//! that reader and writer cannot agree on a mistake.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod any_bytes;
mod container;
mod detecting;
mod reading;
mod schema;
mod writing;

use std::path::{Path, PathBuf};

use techo_core::{
    formats::{Contents, FormatError, Reading, health_card::KeySet, tokutei},
    record::{Body, Fact, Observation},
};

/// Every fixture that is a readable document.
const READABLE: [&str; 13] = [
    "tokutei/fourth-period.xml",
    "tokutei/third-period.xml",
    "tokutei/details.xml",
    "tokutei/late-elderly.xml",
    "tokutei/shift-jis.xml",
    "tokutei/conflict-unit.xml",
    "tokutei/conflict-name.xml",
    "family/hanako-tokutei-2020.xml",
    "family/hanako-tokutei-2021.xml",
    "family/hanako-tokutei-2022.xml",
    "family/hanako-tokutei-2023.xml",
    "family/hanako-tokutei-2024.xml",
    "family/hanako-tokutei-2025.xml",
];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(workspace().join("tests/fixtures").join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The folder of specifications beside the workspace; not part of the repository.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("TECHO_SHARED").map_or_else(|| workspace().join("../shared"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// Says loudly that something could not be shown; in continuous integration that is a failure.
fn skipped(what: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{what} must be there in continuous integration");
    println!("SKIPPED: {what} is not there");
}

fn read(bytes: &[u8]) -> Reading {
    tokutei::read(bytes).unwrap()
}

/// Reads a file of any format, with no keys to check signatures against.
fn read_file(bytes: &[u8]) -> Result<Contents, FormatError> {
    techo_core::formats::read(bytes, &KeySet::new(0))
}

fn facts(reading: &Reading) -> &[Fact] {
    &reading.events[0].facts
}

fn fact<'a>(reading: &'a Reading, code: &str) -> &'a Fact {
    let found = facts(reading).iter().find(|fact| fact.concept.leading().is_some_and(|coding| coding.code == code));
    found.unwrap_or_else(|| panic!("no fact {code}"))
}

fn observed(fact: &Fact) -> &Observation {
    match &fact.body {
        Body::Observation(observation) => observation,
        other => panic!("no observation but {other:?}"),
    }
}

/// A small document around some entries.
fn document(entries: &str) -> String {
    let whole = text("tokutei/conflict-unit.xml");
    let (head, rest) = whole.split_once("<entry>").unwrap();
    let (_, tail) = rest.rsplit_once("</entry>").unwrap();
    format!("{head}{entries}{tail}")
}
