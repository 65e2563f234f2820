//! `cargo xtask ci` and `cargo xtask bench`: other programs in the right order, stopping at the first that fails.

use std::process::Command;

use crate::{android, ios, supply, testing, workspace};

/// Everything that must hold before a change lands. The quick steps come first.
pub(crate) fn ci() -> Result<(), String> {
    step("formatting", workspace::cargo().args(["fmt", "--all", "--", "--check"]))?;
    println!("== dependencies");
    supply::check()?;
    if testing::found("cargo-deny") {
        step("cargo deny", workspace::cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]))?;
    } else {
        println!("cargo-deny is not installed: known vulnerabilities were not looked up; licences, sources and bans were checked above");
    }
    step(
        "lints",
        workspace::cargo().args([
            "clippy",
            "--release",
            "--locked",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    step(
        "documentation",
        workspace::cargo().args(["doc", "--release", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    println!("== android check");
    android::run(&["check".to_owned()])?;
    println!("== ios check");
    ios::check()?;
    println!("== tests");
    // The last, because its last line is the sum.
    testing::run(&[])
}

/// The benchmark of techo-tests; `arguments` are its own.
pub(crate) fn bench(arguments: &[String]) -> Result<(), String> {
    let mut command = workspace::cargo();
    command.args(["run", "--release", "--locked", "-p", "techo-tests", "--features", "plain-baseline", "--bin", "bench", "--"]);
    step("bench", command.args(arguments))
}

/// Many phones at once, against the relay's own program. Every phone is a connection: as many as the system gives a
/// process without being asked are too few, so the limit is raised as far as it goes.
pub(crate) fn bench_relay(arguments: &[String]) -> Result<(), String> {
    // The benchmark starts the program beside itself.
    step("techo-relay", workspace::cargo().args(["build", "--release", "--locked", "-p", "techo-relay", "--bin", "techo-relay"]))?;
    let bench = ["run", "--release", "--locked", "-p", "techo-relay-bench", "--"];
    let raised = "ulimit -n \"$(ulimit -H -n)\"; exec \"$@\"";
    let cargo = workspace::cargo();
    let mut shell = Command::new("sh");
    shell.current_dir(workspace::root()).args(["-c", raised, "sh"]).arg(cargo.get_program()).args(bench).args(arguments);
    // As for cargo itself: without what describes us.
    cargo.get_envs().filter(|(_, value)| value.is_none()).for_each(|(name, _)| {
        shell.env_remove(name);
    });
    step("bench relay", &mut shell)?;
    // What the phone adds of its own; a program of its own, because it builds the vault and the relay's does not.
    let fetch = ["run", "--release", "--locked", "-p", "techo-tests", "--bin", "bench-fetch", "--"];
    let quick = arguments.iter().filter(|argument| *argument == "--quick");
    step("bench fetch", workspace::cargo().args(fetch).args(quick))
}

/// Apple Health as a stream, and a million samples; `arguments` are its own.
pub(crate) fn bench_series(arguments: &[String]) -> Result<(), String> {
    let mut command = workspace::cargo();
    command.args(["run", "--release", "--locked", "-p", "techo-tests", "--bin", "bench-series", "--"]);
    step("bench series", command.args(arguments))
}

fn step(name: &str, command: &mut Command) -> Result<(), String> {
    println!("== {name}");
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}
