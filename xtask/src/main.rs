//! The project's own tasks: `cargo xtask test`, `cargo xtask ci`, `cargo xtask bench`.
//!
//! Everything runs in the release profile, so that the vendored OpenSSL of SQLCipher (minutes to build) is built once.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task runner talks to the terminal")]

mod android;
mod bindings;
mod ios;
mod judges;
mod outcome;
mod receiver;
mod scenarios;
mod size;
mod steps;
mod supply;
mod testing;
mod workspace;

use std::{env, process::ExitCode};

const USAGE: &str = "\
cargo xtask test [ARGUMENTS OF cargo test …]    every test, release profile with debug assertions on for our own crates
cargo xtask ci                                  formatting, lints, documentation, dependencies, then every test
cargo xtask scenarios                           the shared stories as JSON, and the table scenario × shell of the last runs
cargo xtask judges                              the outside judges of FHIR files, health links and growth, in target/judges
cargo xtask receiver                            the page that reads codes at a clinic, one file, in target/receiver
cargo xtask bindings                            the library, and the Kotlin and Swift that call it, in target/bindings
cargo xtask surface                             writes bindings/surface.txt, the list of what is exported
cargo xtask android                             the app for real phones (wants the NDK; has not run on a device)
cargo xtask android test [--record] [--built] [--module NAME] [CLASSES]
                                                the Android side without Gradle and without a phone
cargo xtask android check                       style, names of Android, and the Rust side for Android's processors
cargo xtask android format                      ktlint's own corrections
cargo xtask android apk                         a package signed with a test key, as far as it goes without Android's SDK
cargo xtask android lock                        the libraries of the app, resolved anew after a change of the catalog
cargo xtask size                                how large the library is, written into docs/size.md
cargo xtask ios                                 the library for iPhones (wants a Mac; has not run on a device)
cargo xtask ios test [ARGUMENTS OF swift test]  TechoKit's tests in Swift, against the library; makes a Swift where there is none
cargo xtask ios check                           style, parse, property lists and names of the Swift side, and its Rust for iOS
cargo xtask supply                              only the check of the dependencies' licences and sources
cargo xtask bench [--quick] [--json FILE]       the benchmark against plain SQLite
cargo xtask bench relay [--quick] [--json FILE] the relay with many phones, and two relays on one store
cargo xtask bench series [--quick]             Apple Health as a stream: MB/s, memory; a million samples by days
cargo xtask bench shells [--quick] [--built] [--json FILE]
                                                what the shells' calls cost beyond the same calls in Rust, on the JVM";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let task = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let done = match task.as_str() {
        "test" => testing::run(&rest),
        "ci" => steps::ci(),
        "scenarios" => scenarios::run(),
        "bindings" => bindings::run(),
        "android" => android::run(&rest),
        "ios" => ios::run(&rest),
        "surface" => bindings::surface(),
        "judges" => judges::prepare(),
        "receiver" => receiver::run(),
        "size" => size::measure(),
        "supply" => supply::check(),
        "bench" if rest.first().is_some_and(|what| what == "relay") => steps::bench_relay(rest.get(1..).unwrap_or_default()),
        "bench" if rest.first().is_some_and(|what| what == "series") => steps::bench_series(rest.get(1..).unwrap_or_default()),
        "bench" if rest.first().is_some_and(|what| what == "shells") => android::bench(rest.get(1..).unwrap_or_default()),
        "bench" => steps::bench(&rest),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("no such task: {other}\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // The last line of `test` is its sum, on standard output; a reason goes beside it, not behind it.
            eprintln!("xtask {task}: {reason}");
            ExitCode::FAILURE
        }
    }
}
