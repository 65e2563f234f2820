//! What came of the scenarios in this run, for the table of `cargo xtask scenarios`: a name, and `passed` or the reason.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

static RESULTS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// Notes one. The file holds this run's and no earlier one's.
pub(crate) fn note(name: &str, result: &str) {
    let mut results = RESULTS.lock().unwrap_or_else(PoisonError::into_inner);
    results.insert(name.to_owned(), result.to_owned());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/scenarios/results");
    fs::create_dir_all(&folder).unwrap();
    let part = folder.join("rust.json.part");
    fs::write(&part, serde_json::to_string_pretty(&*results).unwrap()).unwrap();
    fs::rename(part, folder.join("rust.json")).unwrap();
}
