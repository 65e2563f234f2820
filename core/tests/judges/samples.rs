//! The samples beside the workspace.

use std::path::{Path, PathBuf};

use crate::skipped;

/// The folder of samples.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let found = std::env::var_os("TECHO_SHARED").map_or_else(beside, PathBuf::from).join("samples");
    if !found.is_dir() {
        skipped("the folder of samples (TECHO_SHARED)");
        return None;
    }
    Some(found)
}

/// Every FHIR sample with its name.
pub(crate) fn fhir() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut found = Vec::new();
    for part in ["clins", "echeckup", "ips", "municipal", "phr"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "phr") {
                found.push((format!("{part}-{}", path.file_stem().unwrap().to_str().unwrap()), std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
