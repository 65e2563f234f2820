//! `cargo xtask size`: how large the library is that a phone would load, written into `docs/size.md` and held to a bar.

use std::{fs, process::Command};

use crate::{bindings, workspace};

/// Bytes of the stripped library for x86-64, which stands in for arm64 (issue 5): 12 MB.
const BAR: u64 = 12_000_000;

pub(crate) fn measure() -> Result<(), String> {
    let library = bindings::build(bindings::Build::Phone)?;
    let stripped = workspace::root().join("target/size").join(library.file_name().unwrap_or_default());
    let folder = stripped.parent().ok_or("no folder")?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let status = Command::new("strip").arg("--strip-unneeded").arg("-o").arg(&stripped).arg(&library).status();
    if !status.map_err(|error| format!("strip does not start (Debian: binutils): {error}"))?.success() {
        return Err(format!("strip refuses {}", library.display()));
    }
    let size = fs::metadata(&stripped).map_err(|error| format!("{}: {error}", stripped.display()))?.len();
    let ledger = workspace::root().join("docs/size.md");
    let text = fs::read_to_string(&ledger).map_err(|error| format!("{}: {error}", ledger.display()))?;
    fs::write(&ledger, entered(&text, &day(), std::env::consts::ARCH, size)).map_err(|error| format!("{}: {error}", ledger.display()))?;
    println!("{size} bytes of at most {BAR}");
    if size <= BAR { Ok(()) } else { Err(format!("{size} bytes are more than {BAR}")) }
}

/// The ledger with one line more; a second measurement of one day takes the first one's place.
fn entered(text: &str, day: &str, processor: &str, size: u64) -> String {
    let start = format!("| {day} | {processor} |");
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(&start)).collect();
    let line = format!("{start} {size} |");
    lines.push(&line);
    lines.join("\n") + "\n"
}

/// The day of the commit that is measured, not of the clock.
fn day() -> String {
    let output = Command::new("git").args(["log", "-1", "--format=%cs"]).current_dir(workspace::root()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_is_a_line_and_the_day_has_one() {
        let ledger = "# Size\n\n| day | processor | bytes |\n| --- | --- | --- |\n";
        let once = entered(ledger, "2026-11-21", "x86_64", 5);
        assert_eq!(once, format!("{ledger}| 2026-11-21 | x86_64 | 5 |\n"));
        assert_eq!(entered(&once, "2026-11-21", "x86_64", 6), format!("{ledger}| 2026-11-21 | x86_64 | 6 |\n"));
        assert_eq!(entered(&once, "2026-11-22", "x86_64", 6).lines().count(), once.lines().count() + 1);
    }
}
