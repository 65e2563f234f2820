//! Counts what `swift test` wrote about its tests (xunit), so that they stand in the same sum as Rust's. Pure.

use crate::outcome::Outcome;

/// Adds up the suites of one report. A report without suites is none.
pub(super) fn count(text: &str) -> Result<Outcome, String> {
    let tree = roxmltree::Document::parse(text).map_err(|error| format!("no report: {error}"))?;
    let mut sum = Outcome::default();
    let mut suites = 0_u32;
    for suite in tree.descendants().filter(|node| node.has_tag_name("testsuite")) {
        let number = |name: &str| -> Result<u64, String> {
            suite.attribute(name).ok_or_else(|| format!("a suite says no {name}"))?.parse().map_err(|_| format!("{name} is no number"))
        };
        let failed = number("failures")? + number("errors")?;
        // XCTest's own reports leave it out.
        let skipped = if suite.has_attribute("skipped") { number("skipped")? } else { 0 };
        sum.passed += number("tests")?.saturating_sub(failed + skipped);
        sum.failed += failed;
        sum.skipped += skipped;
        suites += 1;
    }
    if suites == 0 { Err("a report without a suite".to_owned()) } else { Ok(sum) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn failed_and_skipped_tests_are_no_passed_ones() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="TestResults" errors="1" tests="9" failures="2" skipped="3" time="0.1">
    <testcase classname="Kit" name="a()" time="0.1" />
  </testsuite>
  <testsuite name="More" errors="0" tests="4" failures="0" time="0.1" />
</testsuites>"#;
        assert_eq!(count(report).unwrap(), Outcome { passed: 7, failed: 3, skipped: 3 });
    }

    #[test]
    fn nothing_readable_is_no_report() {
        for text in ["", "<testsuites/>", "<testsuite tests='1' failures='0'/>", "<testsuite tests='x' failures='0' errors='0'/>"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
