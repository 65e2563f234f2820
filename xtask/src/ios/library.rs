//! The Rust library and what UniFFI generates for it, put where TechoKit's package looks for them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::toolchain::Swift;
use crate::{bindings, workspace};

/// For clang, written here and not generated, so that the package does not depend on how a generator calls its file.
const MODULE: &str = "module techoFFI {\n    header \"techoFFI.h\"\n    export *\n}\n";

/// Builds and generates. Gives the folder of the built library.
pub(super) fn ready(swift: &Swift) -> Result<PathBuf, String> {
    bindings::for_tests()?;
    let generated = bindings::target().join("bindings/swift");
    let sources = swift.kit().join("Sources");
    let read =
        |name: &str| fs::read_to_string(generated.join(name)).map_err(|error| format!("{}: {error}", generated.join(name).display()));
    put(&sources.join("TechoCore/TechoCore.swift"), &read("TechoCore/TechoCore.swift")?)?;
    put(&sources.join("techoFFI/techoFFI.h"), &read("techoFFI/techoFFI.h")?)?;
    put(&sources.join("techoFFI/module.modulemap"), MODULE)?;
    Ok(bindings::target().join("release"))
}

/// The program with relay and stand-in that the stories of fetching are played against.
pub(super) fn build_town() -> Result<(), String> {
    let mut command = workspace::cargo();
    command.args(["build", "--release", "--locked", "-p", "techo-portal-standin", "--bin", "techo-town"]);
    let status = command.args(workspace::checks()?).status().map_err(|error| format!("techo-town: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("techo-town does not build: {status}")) }
}

/// Writes only what changed: a new time would have Swift compile everything again.
fn put(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let fault = |error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(fault)?;
    fs::write(path, text).map_err(fault)
}
