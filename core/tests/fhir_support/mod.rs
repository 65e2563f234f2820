//! Finds the samples beside the workspace, for the tests of the FHIR reader and writer.

use std::path::{Path, PathBuf};

/// The shared folder; `None` (said loudly) where it is absent, except on the build server, where that is a failure.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let found = std::env::var_os("TECHO_SHARED").map_or_else(beside, PathBuf::from);
    if found.join("samples").is_dir() {
        return Some(found);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "the samples are missing at {}", found.display());
    eprintln!("SKIPPED: no samples at {}; set TECHO_SHARED", found.display());
    None
}

/// Every FHIR sample with its name below `samples/`, sorted.
pub(crate) fn samples() -> Vec<(String, Vec<u8>)> {
    let Some(shared) = shared() else { return Vec::new() };
    let mut found = Vec::new();
    for folder in ["clins", "echeckup", "ips", "municipal", "phr"] {
        for entry in std::fs::read_dir(shared.join("samples").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "phr") {
                let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// One sample by its name below `samples/`.
pub(crate) fn sample(name: &str) -> Option<Vec<u8>> {
    shared().map(|shared| std::fs::read(shared.join("samples").join(name)).unwrap())
}
