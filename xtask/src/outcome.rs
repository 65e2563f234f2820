//! Counts what a test run says about itself: the `test result:` lines of every test program, and which tests said
//! `SKIPPED:` in their output. Pure, so that the counting itself is tested.

/// The sum over all test programs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Outcome {
    /// The sum of two runs.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed, skipped: self.skipped + other.skipped }
    }
}

/// Reads the output of `cargo test -- --show-output` line by line.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    passed: u64,
    failed: u64,
    ignored: u64,
    skipped: u64,
    /// Inside the output of one test, and whether it has already said that it skips.
    section: Option<bool>,
}

impl Counter {
    /// Takes the next line.
    pub(crate) fn take(&mut self, line: &str) {
        if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            self.section = Some(false);
        } else if let Some(sum) = line.strip_prefix("test result: ") {
            self.section = None;
            self.passed += number_before(sum, " passed");
            self.failed += number_before(sum, " failed");
            self.ignored += number_before(sum, " ignored");
        } else if self.section == Some(false) && line.trim_start().starts_with("SKIPPED:") {
            self.section = Some(true);
            self.skipped += 1;
        }
    }

    /// The sum. A skipped test is libtest's "passed": it is taken off there, because nothing was proven by it.
    pub(crate) fn sum(&self) -> Outcome {
        Outcome { passed: self.passed.saturating_sub(self.skipped), failed: self.failed, skipped: self.skipped + self.ignored }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(f, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

fn number_before(sum: &str, word: &str) -> u64 {
    sum.split(['.', ';']).find_map(|part| part.strip_suffix(word)?.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(output: &str) -> Outcome {
        let mut counter = Counter::default();
        output.lines().for_each(|line| counter.take(line));
        counter.sum()
    }

    #[test]
    fn every_program_of_the_run_is_added_up() {
        let output = "\
running 3 tests
test a ... ok

test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s

running 2 tests
test result: FAILED. 1 passed; 1 failed; 2 ignored; 0 measured; 5 filtered out; finished in 0.00s
";
        assert_eq!(count(output), Outcome { passed: 4, failed: 1, skipped: 2 });
        assert_eq!(count(output).to_string(), "4 passed, 1 failed, 2 skipped");
        assert_eq!(count("").to_string(), "0 passed, 0 failed");
    }

    #[test]
    fn a_test_that_says_skipped_is_not_a_passed_one_and_counts_once() {
        let output = "\
successes:

---- samples stdout ----
SKIPPED: no shared folder
SKIPPED: no shared folder, once more

---- other stdout ----
read SKIPPED: not at the start

successes:
    samples
    other

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out
SKIPPED: behind the sum, from nobody
";
        assert_eq!(count(output), Outcome { passed: 1, failed: 0, skipped: 1 });
    }
}
