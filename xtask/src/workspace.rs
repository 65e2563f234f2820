//! Where the workspace is, which cargo runs us, and which crates are our own.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The directory with the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // Set by `cargo run`; the compiled-in path is for somebody who starts the program by hand.
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&manifest).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The cargo that runs us, at the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // `cargo run` describes *this* package to us in the environment. Build scripts that look there (ring's does) would
    // think they had changed, and half of the dependencies would be built again after every `cargo xtask`.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let ours = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE"];
        if name.starts_with("CARGO_PKG_") || ours.contains(&name.as_str()) {
            command.env_remove(name);
        }
    }
    command
}

/// Whether a missing tool is a failure here and not just a skipped test.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// The names of the workspace's own crates.
pub(crate) fn own_crates() -> Result<Vec<String>, String> {
    let names: Vec<String> = texts(&metadata(&["--no-deps"])?, "name");
    if names.is_empty() { Err("cargo metadata names no crate".to_owned()) } else { Ok(names) }
}

/// Switches debug assertions and overflow checks on, for our own crates only: a profile-wide switch would build OpenSSL and
/// everything else a second time.
pub(crate) fn checks() -> Result<Vec<String>, String> {
    let both = |name: &String| {
        ["debug-assertions", "overflow-checks"].map(|check| ["--config".to_owned(), format!("profile.release.package.{name}.{check}=true")])
    };
    Ok(own_crates()?.iter().flat_map(both).flatten().collect())
}

/// What `cargo metadata` says, as its list of packages.
pub(crate) fn metadata(arguments: &[&str]) -> Result<Vec<Value>, String> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo metadata does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata ended with {}", output.status));
    }
    let whole: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    Ok(whole.get("packages").and_then(Value::as_array).cloned().unwrap_or_default())
}

fn texts(packages: &[Value], field: &str) -> Vec<String> {
    packages.iter().filter_map(|package| package.get(field)?.as_str()).map(str::to_owned).collect()
}
