//! Counts what surefire's reports say, so that Kotlin's tests stand in the same sum as Rust's.

use std::{fs, path::Path};

use crate::outcome::Outcome;

/// Adds up every report of `folder`. A run that wrote none ran nothing, and says so.
pub(super) fn count(folder: &Path) -> Result<Outcome, String> {
    let mut sum = Outcome::default();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut reports = 0_u32;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("TEST-") && path.extension().is_some_and(|extension| extension == "xml") {
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let one = read(&text).map_err(|reason| format!("{}: {reason}", path.display()))?;
            sum = sum.and(one);
            reports += 1;
        }
    }
    if reports == 0 { Err(format!("{}: no report", folder.display())) } else { Ok(sum) }
}

fn read(text: &str) -> Result<Outcome, String> {
    let tree = roxmltree::Document::parse(text).map_err(|error| format!("{error}"))?;
    let suite = tree.root_element();
    let number = |name: &str| -> Result<u64, String> {
        let text = suite.attribute(name).ok_or_else(|| format!("says no {name}"))?;
        text.parse().map_err(|_| format!("{name} is {text}"))
    };
    let (tests, skipped) = (number("tests")?, number("skipped")?);
    let failed = number("failures")? + number("errors")?;
    Ok(Outcome { passed: tests.saturating_sub(skipped + failed), failed, skipped })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_error_is_a_failure_and_a_skipped_test_is_no_passed_one() {
        let report = r#"<testsuite name="x" tests="9" errors="1" skipped="2" failures="3"><testcase name="a"/></testsuite>"#;
        assert_eq!(read(report).unwrap(), Outcome { passed: 3, failed: 4, skipped: 2 });
        assert!(read("<testsuite tests='1' errors='0' failures='0'/>").unwrap_err().contains("skipped"));
        assert!(read("").is_err());
    }
}
