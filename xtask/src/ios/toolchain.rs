//! Which Swift is used: the installed one, or the one that `ios/scripts/install-swift.sh` makes under `target/`.

use std::{env, path::PathBuf, process::Command};

use crate::workspace;

/// On a developer's own machine this leaves the Swift side out. CI refuses it.
const LEFT_OUT: &str = "TECHO_SKIP_SWIFT";

/// A Swift that was tried and works.
pub(super) struct Swift {
    /// Where it, and what it builds, lies.
    pub(super) folder: PathBuf,
    /// `ios/`.
    pub(super) ios: PathBuf,
}

/// Finds or installs it. `None` where the developer asked to leave it out.
pub(super) fn ready() -> Result<Option<Swift>, String> {
    if env::var_os(LEFT_OUT).is_some_and(|value| value == "1") {
        if workspace::is_ci() {
            return Err(format!("{LEFT_OUT} is set, and CI leaves nothing out"));
        }
        println!("iOS CHECKS NOT RUN: {LEFT_OUT} is set");
        return Ok(None);
    }
    let ios = workspace::root().join("ios");
    let folder = workspace::root().join("target/swift");
    let script = ios.join("scripts/install-swift.sh");
    let status = Command::new("bash").arg(&script).arg(&folder).status().map_err(|error| format!("bash does not start: {error}"))?;
    match status.code() {
        Some(0) => Ok(Some(Swift { folder, ios })),
        Some(3) => Err("no Swift: this machine lacks something (see above)".to_owned()),
        Some(4) => Err("no Swift: the archive of the machine's packages does not answer, or has none".to_owned()),
        Some(5) => Err("no Swift: the toolchain is there and does not work".to_owned()),
        _ => Err(format!("no Swift: {} ended with {status}", script.display())),
    }
}

impl Swift {
    /// One of its programs, or any other where its libraries are, in `ios/`.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(self.folder.join("run"));
        command.arg(program).current_dir(&self.ios);
        command
    }

    /// `swift build | test | package …` of TechoKit, with everything that is no business of the manifest.
    pub(super) fn package(&self, task: &str) -> Command {
        let mut command = self.command("swift");
        command.arg(task).arg("--package-path").arg(self.kit()).arg("--scratch-path").arg(self.folder.join("build"));
        command
    }

    /// Where TechoKit is.
    pub(super) fn kit(&self) -> PathBuf {
        self.ios.join("TechoKit")
    }
}

/// What the linker needs to know to find the library that cargo built in `folder`.
pub(super) fn link(command: &mut Command, folder: &std::path::Path) {
    if cfg!(target_os = "linux") {
        let search = format!("-L{}", folder.display());
        let path = folder.display().to_string();
        for flag in [search.as_str(), "-rpath", path.as_str(), "--allow-shlib-undefined"] {
            // The last one for Debian's 6.0.3: its libswiftObservation leaves one symbol unresolved.
            command.args(["-Xlinker", flag]);
        }
    }
}
