//! Known vulnerabilities of dependencies, where those who keep them can be asked.
//!
//! RustSec's database and npm's are outside of what is built here: where one cannot be had, that is told, and counted as left out.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::Result;

use super::context::Context;
use super::counts::Counts;
use crate::npm::npm;
use crate::run::{command, line, not_started, say};

/// The folders that lock npm packages.
const LOCKED: [&str; 5] = ["pkg", "www", "tests", "tests/docs", "tests/runtimes"];

pub(super) fn check(context: &Context, cargo_deny: &Path) -> Result<Counts> {
    let mut deny = command(cargo_deny, &context.workspace.root);
    deny.args(["--log-level", "error", "--workspace", "check", "advisories"]);
    let mut counts = ask(&mut deny)?;
    for folder in LOCKED {
        counts +=
            ask(npm(&context.workspace.path(folder)).args(["audit", "--audit-level=high", "--package-lock-only"]))?;
    }
    Ok(counts)
}

fn ask(command: &mut Command) -> Result<Counts> {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output();
    let Output { status, stdout, stderr } = output.map_err(|error| not_started(command, error))?;
    let told = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).join("\n");
    let told = told.trim();
    let counts = judge(status.success(), told);
    if counts.skipped > 0 {
        say(format!(
            "`{}` was not run, as nobody answers it: {}",
            line(command),
            told.lines().next().unwrap_or_default()
        ));
    } else if counts.failed > 0 {
        say(format!("`{}` failed:\n{told}", line(command)));
    }
    Ok(counts)
}

/// What came of it, by what each tool says where it reaches nobody.
fn judge(succeeded: bool, told: &str) -> Counts {
    let unreachable =
        ["failed to fetch advisory database", "audit endpoint returned an error", "ENOTFOUND", "ENOAUDIT"];
    match succeeded {
        true => Counts::one(true),
        false if unreachable.iter().any(|words| told.contains(words)) => Counts { skipped: 1, ..Counts::default() },
        false => Counts::one(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_nobody_is_left_out_and_what_is_found_is_a_failure() {
        assert_eq!(judge(true, "found 0 vulnerabilities"), Counts::one(true));
        assert_eq!(judge(false, "1 high severity vulnerability"), Counts::one(false));
        assert_eq!(judge(false, "error[vulnerability]: stack overflow"), Counts::one(false));
        let left_out = Counts { skipped: 1, ..Counts::default() };
        assert_eq!(judge(false, "[ERROR] failed to fetch advisory database https://example.org"), left_out);
        assert_eq!(judge(false, "npm error audit endpoint returned an error"), left_out);
    }
}
