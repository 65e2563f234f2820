//! `cargo xtask test`: every test of the workspace, shown as it runs, summed up in the last line.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    android, ios, judges,
    outcome::{Counter, Outcome},
    receiver, scenarios, workspace,
};

/// Tells the tests that this is the run that counts; one of them asserts that debug assertions are on in it.
const COUNTED: &str = "TECHO_XTASK";

/// Runs `cargo test` with `arguments` (none: the whole workspace).
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    programs()?;
    let is_everything = arguments.is_empty();
    if is_everything {
        judges::prepare()?;
        receiver::prepare()?;
        scenarios::prepare()?;
    }
    let mut command = workspace::cargo();
    command.args(["test", "--release", "--no-fail-fast", "--locked"]);
    command.args(workspace::checks()?);
    let (cargo, tests): (Vec<&String>, Vec<&String>) = {
        let cut = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
        (arguments.iter().take(cut).collect(), arguments.iter().skip(cut + 1).collect())
    };
    if !cargo.iter().any(|argument| matches!(argument.as_str(), "-p" | "--package" | "--workspace")) {
        command.arg("--workspace");
    }
    // `--show-output`, because a passing test that skipped itself must not be silent.
    command.args(cargo).args(["--", "--show-output"]).args(tests);
    command.env(COUNTED, "1").stdout(Stdio::piped());

    let mut child = command.spawn().map_err(|error| format!("cargo test does not start: {error}"))?;
    let mut counter = Counter::default();
    if let Some(output) = child.stdout.take() {
        let mut shown = std::io::stdout().lock();
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(|error| format!("the output of cargo test: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            counter.take(line.trim_end());
            writeln!(shown, "{line}").map_err(|error| format!("standard output: {error}"))?;
        }
    }
    let status = child.wait().map_err(|error| format!("cargo test: {error}"))?;

    let mut sum = counter.sum();
    if !status.success() && sum.failed == 0 {
        eprintln!("cargo test ended with {status}: a program did not compile or did not live to say its result; counted as one failure");
        sum.failed = 1;
    }
    // Arguments are those of cargo test: who names a test or a crate wants that, and not the shells.
    if is_everything {
        sum = sum.and(kotlin()).and(swift()).and(every_scenario_in_every_shell());
    }
    println!("{sum}");
    match (sum.failed, sum.passed) {
        (0, 0) => Err("nothing ran".to_owned()),
        (0, _) => Ok(()),
        (failed, _) => Err(format!("{failed} failed")),
    }
}

/// The tests of the Android side, as far as its tools are here.
fn kotlin() -> Outcome {
    let lacking: Vec<&str> = android::TOOLS.into_iter().filter(|tool| !found(tool)).collect();
    if !lacking.is_empty() {
        // In CI the judges were asked for before, and this is not reached.
        println!("SKIPPED: {} missing; nothing in Kotlin is tested", lacking.join(", "));
        return Outcome { skipped: 1, ..Outcome::default() };
    }
    println!("== android");
    of_shell("android", android::test(&android::Wish::default()))
}

/// The tests of TechoKit. Where there is no Swift and none can be installed, that was said and counts as skipped.
fn swift() -> Outcome {
    println!("== ios");
    of_shell("ios", ios::tests(&[]))
}

fn of_shell(name: &str, outcome: Result<Outcome, String>) -> Outcome {
    outcome.unwrap_or_else(|reason| {
        eprintln!("{name}: {reason}; counted as one failure");
        Outcome { failed: 1, ..Outcome::default() }
    })
}

/// The table scenario × shell, as one test of its own: a gap is a failure.
fn every_scenario_in_every_shell() -> Outcome {
    println!("== scenarios");
    match scenarios::table() {
        Ok(()) => Outcome { passed: 1, ..Outcome::default() },
        Err(reason) => of_shell("scenarios", Err(reason)),
    }
}

/// A program we did not write, which a test needs to be heard.
struct Judge {
    program: &'static str,
    /// Debian's package.
    package: &'static str,
    /// What is not judged without it.
    without: &'static str,
}

const JUDGES: [Judge; 10] = [
    Judge { program: "xmllint", package: "libxml2-utils", without: "written XML will not be judged by libxml2" },
    Judge { program: "chromium", package: "chromium", without: "no real browser will go through the pages" },
    Judge { program: "chromedriver", package: "chromium-driver", without: "no real browser will go through the pages" },
    Judge { program: "mvn", package: "maven", without: "nothing in Kotlin is tested" },
    Judge { program: "javac", package: "openjdk-17-jdk-headless", without: "nothing in Kotlin is tested" },
    Judge { program: "aapt2", package: "aapt", without: "nothing in Kotlin is tested" },
    Judge { program: "node", package: "nodejs", without: "no published library reads our health links" },
    Judge { program: "npm", package: "npm", without: "no published library reads our health links, nothing judges our FHIR" },
    Judge { program: "python3", package: "python3-pip", without: "no published package says what WHO's curves say of a child" },
    Judge { program: "redis-server", package: "redis-server", without: "the relay's shared store will not be tested" },
];

/// Finds the judges, or installs them where that needs nobody's consent.
fn programs() -> Result<(), String> {
    let missing = || JUDGES.iter().filter(|judge| !found(judge.program)).collect::<Vec<_>>();
    let absent = missing();
    if !absent.is_empty() && is_root() && found("apt-get") {
        let packages: Vec<&str> = absent.iter().map(|judge| judge.package).collect();
        eprintln!("missing; installing {}", packages.join(" "));
        let install = [&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat();
        // A fresh machine has no package lists, an offline one has no network: try, update, try once more.
        if !apt(&install) {
            apt(&["update"]);
            apt(&install);
        }
    }
    let absent = missing();
    if workspace::is_ci() && !absent.is_empty() {
        let names: Vec<String> = absent.iter().map(|judge| format!("{} (Debian: {})", judge.program, judge.package)).collect();
        return Err(format!("{}: missing, and in CI the outside judges must be heard", names.join(", ")));
    }
    for Judge { program, package, without } in absent {
        eprintln!("SKIPPED: {program} (Debian: {package}) is missing; {without}");
    }
    Ok(())
}

fn apt(arguments: &[&str]) -> bool {
    Command::new("apt-get")
        .args(["-qq", "-o", "Acquire::Retries=2"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether a program of this name is on the search path.
pub(crate) fn found(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| is_program(&folder.join(program))))
}

fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().is_ok_and(|entry| entry.is_file() && entry.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        path.is_file() || path.with_extension("exe").is_file()
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    /// Cargo takes an override for an unknown crate without a word; this is what notices.
    #[test]
    fn the_run_that_counts_has_debug_assertions_on() {
        if std::env::var_os(super::COUNTED).is_some() {
            let (no, most) = (std::hint::black_box(false), std::hint::black_box(u8::MAX));
            assert!(std::panic::catch_unwind(|| debug_assert!(no)).is_err(), "debug assertions are off");
            assert!(std::panic::catch_unwind(|| most + 1).is_err(), "overflow checks are off");
        }
    }
}
