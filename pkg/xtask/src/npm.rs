//! Tools and libraries from npm.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Result, bail};

use crate::run::{command, run, say};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// Two suites may want one folder at the same time.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs what a folder's `package-lock.json` names, unless it is there already.
pub(crate) fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    let _alone = INSTALLING.lock();
    let path = workspace.path(folder);
    let lock = path.join("package-lock.json");
    if !lock.is_file() {
        bail!("{folder}/package-lock.json is missing: run `npm install` in {folder}/ and commit it");
    }
    let stamp = workspace.scratch("stamps").join(format!("npm-{}", folder.replace('/', "-")));
    let inputs = vec![path.join("package.json"), lock];
    Stamp::new(stamp, inputs, vec![path.join("node_modules/.package-lock.json")]).refresh(|| {
        say(format!("installing {folder}/node_modules (npm ci)"));
        run(npm(&path).args(["ci", "--no-fund", "--no-audit", "--loglevel=error"]))
    })?;
    Ok(())
}

/// npm, in a folder.
pub(crate) fn npm(folder: &Path) -> Command {
    command(if cfg!(windows) { "npm.cmd" } else { "npm" }, folder)
}

/// A program that an installed npm package brings.
pub(crate) fn program(folder: &Path, name: &str) -> PathBuf {
    let name = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    folder.join("node_modules/.bin").join(name)
}
