//! `cargo xtask bindings`: builds the library and writes the Kotlin and Swift that call it into `target/bindings`. They are
//! made of what the built library says about itself, and never committed or edited.

use std::{env, path::PathBuf, process::Command};

use crate::workspace;

/// Builds the library and generates for it.
pub(crate) fn run() -> Result<(), String> {
    generate(&build(Build::Plain)?)
}

/// The same for tests: nothing is built a second time after `cargo xtask test` has built it, and our own assertions are on.
pub(crate) fn for_tests() -> Result<(), String> {
    generate(&build(Build::Checked)?)
}

/// How the library is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// As it is tested.
    Plain,
    /// As it ships: the profile for phones.
    Phone,
    /// With debug assertions in our own crates.
    Checked,
}

/// Writes `bindings/surface.txt`: the test that reads the sources writes the list instead of comparing it.
pub(crate) fn surface() -> Result<(), String> {
    let mut command = workspace::cargo();
    command.args(["test", "--quiet", "--release", "--locked", "-p", "techo-bindings", "--test", "surface", "the_surface"]);
    step("surface", command.env("TECHO_WRITE_SURFACE", "1"))
}

/// What the linker of a phone's library is asked for: relocations in the packed form, which Android reads since 11 and glibc
/// since 2.36; and that a text which ends another is kept once.
pub(crate) const PACKED: &str = "-Clink-arg=-Wl,-z,pack-relative-relocs,-O2";

/// The library for a phone and nothing else. Where a crate is also built as a Rust library, cargo does not optimise across
/// crates at all, whatever the profile says: that alone was 1.8 MB.
pub(crate) const PHONE: [&str; 9] = ["rustc", "--profile", "phone", "--locked", "-p", "techo-bindings", "--lib", "--crate-type", "cdylib"];

/// The library of this machine.
pub(crate) fn build(how: Build) -> Result<PathBuf, String> {
    let mut command = workspace::cargo();
    let profile = if how == Build::Phone { "phone" } else { "release" };
    match how {
        Build::Phone => {
            small_c(command.args(PHONE));
            // The linkers of other machines may not know it.
            if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
                command.args(["--", PACKED]);
            }
        }
        Build::Plain | Build::Checked => {
            command.args(["build", "--profile", profile, "--locked", "-p", "techo-bindings", "--lib"]);
        }
    }
    if how == Build::Checked {
        command.args(workspace::checks()?);
    }
    step("techo-bindings", &mut command)?;
    let name = format!("{}techo_bindings{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let library = target().join(profile).join(name);
    if library.is_file() { Ok(library) } else { Err(format!("no library at {}", library.display())) }
}

/// What SQLite on a phone is built without: 184 kB, and the loading of foreign code.
const SQLITE_WITHOUT: &str = "-USQLITE_ENABLE_FTS3 -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_DBSTAT_VTAB \
    -USQLITE_ENABLE_LOAD_EXTENSION -USQLITE_SOUNDEX -USQLITE_ENABLE_STAT4 -USQLITE_ENABLE_COLUMN_METADATA -DSQLITE_OMIT_LOAD_EXTENSION \
    -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_DEPRECATED";

/// Has the C of the phones' library built without what nobody there asks for. SQLite comes with indexes, functions and loaders
/// that we have no table for; the search is FTS5's. OpenSSL comes with everything; SQLCipher wants little. Its build script
/// looks for Perl in the first variable and finds our script, which adds the words for that. The second is a folder that no
/// phone has; cargo watches it, and so builds OpenSSL again where it was built without the first.
pub(crate) fn small_c(command: &mut Command) {
    if cfg!(unix) {
        command.env("OPENSSL_SRC_PERL", workspace::root().join("bindings/openssl/perl"));
        command.env("OPENSSL_CONFIG_DIR", "/no/openssl/configuration");
        command.env("LIBSQLITE3_FLAGS", SQLITE_WITHOUT);
        // No panic ever passes through C, so C needs no tables that say how to unwind it.
        let flags = env::var("CFLAGS").unwrap_or_default();
        command.env("CFLAGS", format!("{flags} -fno-asynchronous-unwind-tables -fno-unwind-tables"));
    }
}

/// Writes `target/bindings/kotlin` and `target/bindings/swift`.
fn generate(library: &PathBuf) -> Result<(), String> {
    let out = target().join("bindings");
    let mut command = workspace::cargo();
    command.args(["run", "--quiet", "--locked", "-p", "xtask", "--features", "bindgen", "--bin", "uniffi-bindgen", "--"]);
    step("uniffi-bindgen", command.arg(library).arg(workspace::root().join("bindings")).arg(&out))?;
    println!("{}", out.join("kotlin").display());
    println!("{}", out.join("swift").display());
    Ok(())
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), |directory| workspace::root().join(directory))
}

fn step(name: &str, command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}
