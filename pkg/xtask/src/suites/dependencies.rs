//! What dependencies may be: cargo-deny by `.cargo/deny.toml`.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::context::Context;
use super::counts::Counts;
use crate::run::{command, read, run, say};
use crate::workspace::cargo;

const VERSION: &str = "0.20.2";
/// Known vulnerabilities are left to `cargo deny check advisories`, by hand or on a schedule: they change without a
/// change here, and their database has to be fetched.
const CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

pub(super) fn check(context: &Context) -> Result<Counts> {
    let program = find(context)?;
    let mut counts = Counts::default();
    for check in CHECKS {
        let mut deny = command(&program, &context.workspace.root);
        let result = run(deny.args(["--log-level", "error", "--workspace", "check", check]));
        if let Err(error) = &result {
            say(error.to_string());
        }
        counts += Counts::one(result.is_ok());
    }
    Ok(counts)
}

/// A cargo-deny of exactly this version: one on the path, or one of this repository's own.
fn find(context: &Context) -> Result<PathBuf> {
    let root = &context.workspace.root;
    let tools = context.workspace.scratch("tools");
    let own = tools.join("bin").join(format!("cargo-deny{}", env::consts::EXE_SUFFIX));
    for candidate in [PathBuf::from("cargo-deny"), own.clone()] {
        let version = read(command(&candidate, root).arg("--version"));
        if version.is_ok_and(|version| version.trim().ends_with(VERSION)) {
            return Ok(candidate);
        }
    }
    say(format!("installing cargo-deny {VERSION} for this repository (some minutes, once)"));
    let build = context.workspace.scratch("tools-build");
    run(command(cargo(), root)
        .args(["install", "cargo-deny", "--version", VERSION, "--locked", "--no-default-features", "--debug"])
        .arg("--root")
        .arg(&tools)
        .arg("--target-dir")
        .arg(&build))?;
    fs::remove_dir_all(build)?;
    Ok(own)
}
