//! The suites that cargo runs.

use anyhow::Result;

use super::context::Context;
use super::counts::{self, Counts};
use crate::run::{command, run, say};
use crate::workspace::cargo;
use crate::{server, wasm};

pub(super) fn fmt(context: &Context) -> Result<Counts> {
    Ok(check(context, &[], &["fmt", "--all", "--check"]))
}

pub(super) fn clippy(context: &Context) -> Result<Counts> {
    wasm::ensure_target(&context.workspace)?;
    let mut counts = check(context, &[], &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    for (package, features) in [("hatchet-scheduled", ""), ("hatchet-scheduled", "npm"), ("hatchet-embedded", "")] {
        let package = ["clippy", "--package", package, "--features", features, "--lib"];
        let rest = ["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
        counts += check(context, &[], &[&package[..], &rest[..]].concat());
    }
    Ok(counts)
}

pub(super) fn tests(context: &Context) -> Result<Counts> {
    let mut counts = cargo_test(context, "rust", &server::TESTED)?;
    counts += cargo_test(context, "rust-xtask", &["--package", "xtask"])?;
    Ok(counts)
}

fn cargo_test(context: &Context, log: &str, packages: &[&str]) -> Result<Counts> {
    let mut tests = command(cargo(), &context.workspace.root);
    tests.arg("test").args(packages).arg("--no-fail-fast");
    let (succeeded, output) = context.capture(log, true, &mut tests)?;
    if !succeeded {
        for block in output.split("\nfailures:\n").skip(1).step_by(2) {
            eprintln!("{}", block.trim());
        }
    }
    Ok(counts::of_cargo(&output).reconcile(succeeded))
}

/// A cargo command that counts as one check; it says itself what is wrong.
pub(super) fn check(context: &Context, variables: &[(&str, &str)], arguments: &[&str]) -> Counts {
    let mut command = command(cargo(), &context.workspace.root);
    let result = run(command.args(arguments).envs(variables.iter().copied()));
    if let Err(error) = &result {
        say(error.to_string());
    }
    Counts::one(result.is_ok())
}
