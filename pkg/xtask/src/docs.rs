//! The reference of both packages: the npm one from its `.d.ts`, the crate's by rustdoc.

use std::path::PathBuf;

use anyhow::Result;

use crate::npm;
use crate::run::{command, run};
use crate::workspace::{Workspace, cargo};

const FOLDER: &str = "tests/docs";

/// Makes both; gives the page that each begins with.
pub(crate) fn make(workspace: &Workspace) -> Result<[PathBuf; 2]> {
    let npm = of_npm(workspace)?;
    run(command(cargo(), &workspace.root)
        .args(["doc", "--package", "hatchet-scheduled", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok([npm, workspace.target.join("doc/hatchet_scheduled/index.html")])
}

/// Makes that of the npm package; a link that leads nowhere fails.
pub(crate) fn of_npm(workspace: &Workspace) -> Result<PathBuf> {
    npm::install(workspace, FOLDER)?;
    let folder = workspace.path(FOLDER);
    let out = workspace.scratch("docs");
    run(command(npm::program(&folder, "typedoc"), &folder).args(["--logLevel", "Warn", "--out"]).arg(&out))?;
    Ok(out.join("index.html"))
}
