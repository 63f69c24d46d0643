//! The benchmark of the npm package.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::browser::{self, CHROMIUM};
use crate::run::become_program;
use crate::workspace::Workspace;
use crate::{npm, package};

/// Brings the package up to date and becomes the benchmark, with its own arguments and this process's folder.
pub(crate) fn bench(workspace: &Workspace, arguments: Vec<OsString>) -> Result<()> {
    let mut bench = Command::new("node");
    bench.arg(workspace.path("tests/bench/bench.mjs")).args(&arguments);
    if !has(&arguments, "--help") && !has(&arguments, "-h") {
        package::build(workspace)?;
        npm::install(workspace, "tests")?;
        if !has(&arguments, "--live") && !without_chromium(&arguments) {
            bench.env("CHROMIUM", browser::find(&CHROMIUM, &workspace.root)?);
        }
    }
    become_program(&mut bench)
}

fn has(arguments: &[OsString], flag: &str) -> bool {
    arguments.iter().any(|argument| argument == flag)
}

/// So that none is installed for nothing.
fn without_chromium(arguments: &[OsString]) -> bool {
    has(arguments, "--without=chromium") || arguments.windows(2).any(|pair| pair == ["--without", "chromium"])
}
