//! `cargo xtask ios …`: the Swift side. `test` and `check` run wherever a Swift 6 can be had (Debian and every Mac);
//! without a word after it, it builds for real devices, and that needs a Mac.

mod check;
mod device;
mod library;
mod plant;
mod report;
mod test;
mod toolchain;

use crate::outcome::Outcome;

/// `cargo xtask ios …`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => device::build(),
        ["toolchain"] => toolchain::ready().map(|_| ()),
        ["test", filter @ ..] => {
            let sum = tests(filter)?;
            println!("{sum}");
            if sum.failed > 0 { Err(format!("{} failed", sum.failed)) } else { Ok(()) }
        }
        ["check"] => check(),
        other => Err(format!("no such task: ios {}", other.join(" "))),
    }
}

/// Runs TechoKit's tests, only those whose name `filter` (arguments of `swift test`) lets through.
pub(crate) fn tests(filter: &[&str]) -> Result<Outcome, String> {
    match toolchain::ready()? {
        Some(swift) => test::run(&swift, filter),
        // Not run is not passed; in CI it cannot come to this.
        None => Ok(Outcome { skipped: 1, ..Outcome::default() }),
    }
}

/// Everything about the Swift side that can be checked without running it. Each check first finds what was planted for it.
pub(crate) fn check() -> Result<(), String> {
    match toolchain::ready()? {
        Some(swift) => check::run(&swift),
        None => Ok(()),
    }
}
