//! The dashboard.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::npm;
use crate::run::{run, say};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// What lies in `www` beside the page's sources.
const NOT_THE_PAGE: [&str; 4] = ["dist", "node_modules", "server", "test"];

/// Brings `www/dist` up to date with an up-to-date package; gives its path.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    npm::install(workspace, "www")?;
    let www = workspace.path("www");
    let mut inputs = vec![workspace.dist()];
    for entry in fs::read_dir(&www)? {
        let entry = entry?;
        if !NOT_THE_PAGE.iter().any(|name| entry.file_name() == *name) {
            inputs.push(entry.path());
        }
    }
    inputs.sort();
    let dist = www.join("dist");
    Stamp::new(workspace.scratch("stamps").join("page"), inputs, vec![dist.clone()]).refresh(|| {
        say("building the dashboard");
        run(npm::npm(&www).args(["run", "--silent", "build"]))
    })?;
    Ok(dist)
}
