//! `cargo xtask android check`: style, suspicious code, names of Android that the oldest phone has not or that no app may use,
//! and the Rust side against Android's target. Each check of names is also run over planted violations, which it must find.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Places,
    catalog::{Catalog, Coordinate},
    harness,
    maven::{self, Wanted},
};
use crate::{bindings, testing, workspace};

/// Everything. With `is_built`, the bindings that lie in `target/` are taken as they are.
pub(super) fn check(is_built: bool) -> Result<(), String> {
    let places = Places::here();
    let catalog = places.catalog()?;
    style(&places, &catalog)?;
    if !is_built {
        bindings::for_tests()?;
    }
    harness::prepare(&places, &catalog, false)?;
    api_level(&places)?;
    rust()
}

/// Lets ktlint write what it would complain about.
pub(super) fn format() -> Result<(), String> {
    let places = Places::here();
    let ktlint = Tool::Ktlint.fetch(&places, &places.catalog()?)?;
    step("ktlint --format", java(&places, &ktlint).args(["--format", "--relative"]).args(WRITTEN))
}

/// Everything in Kotlin that was written by hand.
const WRITTEN: [&str; 4] = ["*/src/**/*.kt", "*.kts", "*/*.kts", "verify/planted/**/*.kt"];

#[derive(Clone, Copy)]
enum Tool {
    Ktlint,
    Detekt,
}

impl Tool {
    fn fetch(self, places: &Places, catalog: &Catalog) -> Result<PathBuf, String> {
        let (group, name, version) = match self {
            Self::Ktlint => ("com.pinterest.ktlint", "ktlint-cli", "ktlint"),
            Self::Detekt => ("io.gitlab.arturbosch.detekt", "detekt-cli", "detekt"),
        };
        let at = Coordinate { group: group.to_owned(), name: name.to_owned(), version: catalog.version(version)?.to_owned() };
        let wanted = Wanted { at, kind: "jar", classifier: Some("all") };
        let mut files = maven::fetch(&places.target.join("download"), catalog.version("maven-dependency")?, std::slice::from_ref(&wanted))?;
        files.remove(&wanted).ok_or_else(|| format!("{}: no repository has it", wanted.at))
    }
}

fn java(places: &Places, jar: &Path) -> Command {
    let mut command = Command::new("java");
    command.current_dir(&places.android).args(["--add-opens=java.base/java.lang=ALL-UNNAMED", "-jar"]).arg(jar);
    command
}

/// ktlint and detekt over everything that was written by hand.
fn style(places: &Places, catalog: &Catalog) -> Result<(), String> {
    let ktlint = Tool::Ktlint.fetch(places, catalog)?;
    step("ktlint", java(places, &ktlint).arg("--relative").args(WRITTEN))?;
    let detekt = Tool::Detekt.fetch(places, catalog)?;
    let sources = "app/src/main,presentation/src/main";
    step("detekt", java(places, &detekt).args(["--input", sources, "--config", "detekt.yml", "--build-upon-default-config"]))
}

/// What a run over one set of sources ended with.
enum Found {
    Nothing,
    /// Said by the compiler or by animal-sniffer.
    Something(String),
}

fn api_level(places: &Places) -> Result<(), String> {
    println!("== names of Android 11");
    match sniff(places, "api", None)? {
        Found::Nothing => println!("every name is there on Android 11, published, and known to a phone"),
        Found::Something(what) => return Err(format!("names that an old phone has not, or that no app may use:\n{what}")),
    }
    // A check that finds nothing is believed only when it finds what was planted.
    for (name, sign) in [("newer", "LocaleManager"), ("hidden", "ActivityThread"), ("java", "java.net.http.HttpClient")] {
        match sniff(places, &format!("api-planted-{name}"), Some(&places.harness.join("planted").join(name)))? {
            Found::Something(what) if what.contains(sign) => println!("planted {name}: found, as it must be"),
            Found::Something(what) => return Err(format!("planted {name}: failed, but not for {sign}:\n{what}")),
            Found::Nothing => return Err(format!("planted {name}: not found, so the check is worth nothing")),
        }
    }
    Ok(())
}

fn sniff(places: &Places, run: &str, planted: Option<&Path>) -> Result<Found, String> {
    let folder = places.target.join("maven").join(run);
    // Old classes would be read again.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let start = |offline: bool| {
        let mut command = maven::command();
        command.args(if offline { &["-o", "-q"][..] } else { &["-q"] });
        command.arg("-f").arg(places.harness.join("pom.xml")).args(["process-classes", "-Papi", "-pl", "api"]);
        command.arg(format!("-Dapi.run={run}"));
        if let Some(folder) = planted {
            let nothing = places.target.join("nothing");
            command.arg(format!("-Dapi.app={}", folder.display()));
            for other in ["presentation", "core", "names"] {
                command.arg(format!("-Dapi.{other}={}", nothing.display()));
            }
        }
        let output = command.output().map_err(|error| format!("mvn does not start: {error}"))?;
        Ok::<_, String>((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
    };
    let (mut fine, mut said) = start(true)?;
    if !fine && maven::lacks_something(&said) {
        (fine, said) = start(false)?;
    }
    let complaint = |line: &&str| line.contains("Undefined reference") || line.contains("ERROR] file:");
    let complaints: Vec<&str> = said.lines().filter(complaint).collect();
    match (fine, complaints.is_empty()) {
        (true, _) => Ok(Found::Nothing),
        (false, false) => Ok(Found::Something(complaints.join("\n"))),
        // Broken some other way: neither clean nor found.
        (false, true) => Err(format!("{run} did not run:\n{said}")),
    }
}

/// The Rust side for Android's processors, as far as a type check goes.
pub(super) fn rust() -> Result<(), String> {
    let target = "aarch64-linux-android";
    println!("== cargo check --target {target}");
    if !has_target(target) {
        if workspace::is_ci() {
            return Err(format!("Rust's standard library for {target} is missing: rustup target add {target}"));
        }
        println!("SKIPPED: Rust's standard library for {target} is missing (rustup target add {target})");
        return Ok(());
    }
    println!("   a type check only: C code (ring, zstd) is not compiled, a stand-in for its compiler writes empty files;");
    println!("   SQLCipher is taken as one from outside. Nothing is linked, nothing could run.");
    let folder = workspace::root().join("target/android/no-compiler");
    let (compiler, archiver) = stand_ins(&folder)?;
    let mut command = workspace::cargo();
    command.args(["check", "--locked", "--target", target, "-p", "techo-bindings", "--no-default-features"]);
    command.arg("--target-dir").arg(workspace::root().join("target/android/check"));
    command
        .env("CC_aarch64_linux_android", &compiler)
        .env("CXX_aarch64_linux_android", &compiler)
        .env("AR_aarch64_linux_android", &archiver);
    command.env("SQLITE3_LIB_DIR", &folder).env("SQLITE3_INCLUDE_DIR", &folder);
    command.env("SQLCIPHER_LIB_DIR", &folder).env("SQLCIPHER_INCLUDE_DIR", &folder);
    step("cargo check", &mut command)
}

/// Whether rustup has the target, or gets it now.
fn has_target(target: &str) -> bool {
    let rustup = |arguments: &[&str]| Command::new("rustup").current_dir(workspace::root()).args(arguments).output();
    let listed = rustup(&["target", "list", "--installed"]);
    let is_there = listed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).lines().any(|line| line == target));
    is_there || testing::found("rustup") && rustup(&["target", "add", target]).is_ok_and(|output| output.status.success())
}

/// A compiler and an archiver that do nothing but leave an empty file where one is expected.
fn stand_ins(folder: &Path) -> Result<(PathBuf, PathBuf), String> {
    let compiler = "#!/bin/sh\n# Compiles nothing: an empty file for `cargo check`, which links nothing.\n\
                    while [ $# -gt 0 ]; do case \"$1\" in -o) shift; : > \"$1\" ;; esac; shift; done\n";
    let archiver = "#!/bin/sh\n# Archives nothing.\nfor one in \"$@\"; do case \"$one\" in *.a) : > \"$one\" ;; esac; done\n";
    let mut made = Vec::new();
    for (name, text) in [("cc", compiler), ("ar", archiver)] {
        let path = folder.join(name);
        super::resources::write(&path, text)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        made.push(path);
    }
    match made.as_slice() {
        [compiler, archiver] => Ok((compiler.clone(), archiver.clone())),
        _ => Err("no stand-ins".to_owned()),
    }
}

pub(super) fn step(name: &str, command: &mut Command) -> Result<(), String> {
    println!("== {name}");
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}
