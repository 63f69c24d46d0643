//! What a release needs, tried without publishing: `npm publish` and `cargo publish` as far as a dry run goes.

use std::fs;

use anyhow::{Result, bail};

use super::context::Context;
use super::counts::Counts;
use crate::npm::npm;
use crate::run::{command, read, run, say};
use crate::workspace::cargo;

const CRATE: &str = "hatchet-scheduled";

pub(super) fn check(context: &Context) -> Result<Counts> {
    let mut counts = Counts::default();
    for check in [changelog, crate_files, publish_crate, publish_npm] {
        let result = check(context);
        if let Err(error) = &result {
            say(format!("{error:#}"));
        }
        counts += Counts::one(result.is_ok());
    }
    Ok(counts)
}

/// The changelog tells of this version, or of what the next one will bring.
fn changelog(context: &Context) -> Result<()> {
    let text = fs::read_to_string(context.workspace.path("CHANGELOG.md"))?;
    let version = &context.workspace.version;
    let headings = ["## Unreleased".to_owned(), format!("## {version}"), format!("## [{version}]")];
    if !text.lines().any(|line| headings.iter().any(|heading| line.starts_with(heading))) {
        bail!("CHANGELOG.md has no section for {version}, nor one for what is unreleased");
    }
    Ok(())
}

/// The crate holds its source and its documents, and nothing that happens to lie around.
fn crate_files(context: &Context) -> Result<()> {
    const BESIDE: [&str; 7] =
        [".cargo_vcs_info.json", "CHANGELOG.md", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig", "LICENSE", "README.md"];
    let listed = read(command(cargo(), &context.workspace.root).args([
        "package",
        "--list",
        "--allow-dirty",
        "--package",
        CRATE,
    ]))?;
    let strays: Vec<_> =
        listed.lines().filter(|file| !file.starts_with("src/") && !BESIDE.contains(file)).take(5).collect();
    if !strays.is_empty() {
        bail!("the crate would be published with {}", strays.join(", "));
    }
    Ok(())
}

/// The crate compiles from what is in its package alone. A tree that is being worked on may be tried, too.
fn publish_crate(context: &Context) -> Result<()> {
    run(command(cargo(), &context.workspace.root).args(["publish", "--dry-run", "--allow-dirty", "--package", CRATE]))
}

fn publish_npm(context: &Context) -> Result<()> {
    let tarball = context.tarball()?;
    let mut publish = npm(&context.workspace.pkg());
    run(publish.args(["publish", "--dry-run", "--ignore-scripts", "--loglevel=error"]).arg(tarball))
}
