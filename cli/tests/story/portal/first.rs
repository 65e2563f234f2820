//! The first fetch, from the question to the timeline, and the second, which adds nothing.

use serde_json::Value;

use super::{HANAKO, Scene};
use crate::notebook::count;

#[test]
fn a_first_fetch_brings_records_and_a_second_adds_nothing() {
    let mut scene = Scene::new();
    let first = scene.fetch("checkup,medication").ended(0);
    println!("{}", first.said.out);
    let done = first.step("done");
    assert!(count(&done, "new") > 10, "{done}");
    scene.ends_well();
}
