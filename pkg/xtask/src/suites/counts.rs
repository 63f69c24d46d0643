//! Reads how many tests passed from what test runners print.

use std::ops::AddAssign;

use anyhow::Result;

/// The result of a suite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Tests that ran and held.
    pub(crate) passed: u64,
    /// Tests that ran and did not hold, or that could not run.
    pub(crate) failed: u64,
    /// Tests that their runner was told to leave out; shown, and counted in neither of the others.
    pub(crate) skipped: u64,
}

impl Counts {
    /// One check that is one yes or no.
    pub(crate) const fn one(passed: bool) -> Self {
        Self { passed: passed as u64, failed: !passed as u64, skipped: 0 }
    }

    /// What a runner printed, held against whether it succeeded: a crash or a failed compilation prints no failed test,
    /// and a run that printed nothing tested nothing.
    pub(crate) fn reconcile(mut self, succeeded: bool) -> Self {
        if self.failed == 0 && (!succeeded || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Says the sum as the last line of stdout, and ends the process where something failed.
pub(super) fn close(sum: Counts) -> Result<()> {
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// The sum of all `test result:` lines of `cargo test`.
pub(crate) fn of_cargo(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        for part in line.split([';', '.']) {
            let mut words = part.split_whitespace();
            let Some(Ok(number)) = words.next().map(str::parse::<u64>) else { continue };
            match words.next() {
                Some("passed") => counts.passed += number,
                Some("failed") => counts.failed += number,
                Some("ignored") => counts.skipped += number,
                _ => {}
            }
        }
    }
    counts
}

/// The sum of all summaries of Node's test runner, of its TAP or its spec reporter.
pub(crate) fn of_node(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter_map(|line| line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))) {
        let Some((word, number)) = line.split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match word {
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            "skipped" | "todo" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_line_of_cargo_counts() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 9 filtered out; finished in 0.10s\n\
            a test that prints 7 passed; 7 failed\n\
            test result: ok. 30 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.23s\n";
        assert_eq!(of_cargo(output), Counts { passed: 32, failed: 1, skipped: 4 });
    }

    #[test]
    fn both_reporters_of_node_are_read_and_a_cancelled_test_has_failed() {
        let tap = "ok 1 - a\n# tests 6\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 9\n";
        assert_eq!(of_node(tap), Counts { passed: 2, failed: 2, skipped: 2 });
        let two_runs = "ℹ tests 3\nℹ pass 3\nℹ fail 0\nok\nℹ tests 2\nℹ pass 1\nℹ fail 1\n";
        assert_eq!(of_node(two_runs), Counts { passed: 4, failed: 1, skipped: 0 });
    }

    #[test]
    fn a_crash_and_an_empty_run_are_failures() {
        let passed = Counts { passed: 3, failed: 0, skipped: 0 };
        assert_eq!(passed.reconcile(true), passed);
        assert_eq!(passed.reconcile(false).failed, 1, "a crash after three tests");
        assert_eq!(Counts::default().reconcile(true).failed, 1, "nothing was tested");
        assert_eq!(Counts { passed: 0, failed: 2, skipped: 0 }.reconcile(false).failed, 2);
    }
}
