//! Outside judges of what leaves: programs that we did not write read the exports of the sample family and of every sample.
//!
//! `cargo xtask judges` puts them under target/judges. Where they are not, their tests say so and are skipped; in continuous
//! integration that is a failure. Each is given something broken as well, so that a judge that sees nothing is seen.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod coverage;
mod family;
mod fhir;
mod forms;
mod growth;
mod links;
mod notebook;
mod samples;

use std::path::{Path, PathBuf};

/// Where the judges are, if this one is: the test that needs it is skipped otherwise.
fn judge(needed: &[&str]) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let judges = target.join("judges");
    let missing = needed.iter().find(|name| !judges.join(name).exists());
    match missing {
        None => Some(judges),
        Some(missing) => {
            skipped(&format!("the judge {missing} (cargo xtask judges)"));
            None
        }
    }
}

/// Says loudly that something was not judged.
#[expect(clippy::print_stdout, reason = "a skipped test must be seen")]
fn skipped(what: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{what} must be there in continuous integration");
    println!("SKIPPED: {what} is not there");
}
