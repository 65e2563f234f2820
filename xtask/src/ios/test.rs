//! `cargo xtask ios test`: TechoKit's tests against the real library, counted.

use std::fs;

use super::{
    library, report,
    toolchain::{self, Swift},
};
use crate::{outcome::Outcome, scenarios};

/// Builds all that is needed and runs the tests.
pub(super) fn run(swift: &Swift, filter: &[&str]) -> Result<Outcome, String> {
    let folder = library::ready(swift)?;
    library::build_town()?;
    scenarios::write()?;
    // SwiftPM writes one report for XCTest and one, with a longer name, for Swift Testing. An old one would count again.
    let reports = ["tests.xml", "tests-swift-testing.xml"].map(|name| swift.folder.join(name));
    reports.iter().filter(|report| report.exists()).try_for_each(fs::remove_file).map_err(|error| error.to_string())?;

    let mut command = swift.package("test");
    toolchain::link(&mut command, &folder);
    command.args(["-Xswiftc", "-warnings-as-errors", "--xunit-output"]).arg(swift.folder.join("tests.xml")).args(filter);
    let status = command.status().map_err(|error| format!("swift test does not start: {error}"))?;

    let mut sum = Outcome::default();
    for path in reports.iter().filter(|path| path.exists()) {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let one = report::count(&text)?;
        sum = sum.and(one);
    }
    if !status.success() && sum.failed == 0 {
        eprintln!("swift test ended with {status} and no report names a failure; counted as one");
        sum.failed = 1;
    }
    if sum == Outcome::default() {
        eprintln!("swift test ran nothing; counted as a failure");
        sum.failed = 1;
    }
    println!("swift: {sum}");
    Ok(sum)
}
