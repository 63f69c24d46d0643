//! The entries of the npm package beside the main one: each is a folder of `pkg` with an `index.js` and its types, and
//! becomes files of its own in `pkg/dist`. They import the client by its name, so that the main one weighs nothing more.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::npm;
use crate::run::{command, run};
use crate::workspace::Workspace;

/// Folders that look like one: the main entry's, and what is made.
const OTHERS: [&str; 2] = ["js", "dist"];

/// An entry beside the main one.
pub(crate) struct Entry {
    /// As in `hatchet-scheduled/NAME`.
    pub(crate) name: String,
    /// Where its sources are.
    pub(crate) folder: PathBuf,
}

/// All entries, by name.
pub(crate) fn all(workspace: &Workspace) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for file in fs::read_dir(workspace.pkg())? {
        let file = file?;
        let (name, folder) = (file.file_name().to_string_lossy().into_owned(), file.path());
        if !OTHERS.contains(&&*name) && folder.join("index.js").is_file() && folder.join("index.d.ts").is_file() {
            entries.push(Entry { name, folder });
        }
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

impl Entry {
    /// Makes its files: as an ES module and as CommonJS, each with its types.
    pub(crate) fn build(&self, workspace: &Workspace) -> Result<()> {
        let Self { name, folder } = self;
        for (format, script, types) in [("esm", "js", "d.ts"), ("cjs", "cjs", "d.cts")] {
            let options = [format!("--format={format}"), "--charset=utf8".to_owned()];
            self.bundle(workspace, &options, &workspace.dist().join(format!("{name}.{script}")))?;
            let to = workspace.dist().join(format!("{name}.{types}"));
            fs::copy(folder.join("index.d.ts"), &to).with_context(|| format!("{} cannot be made", to.display()))?;
        }
        Ok(())
    }

    /// Its own code in one file; the client, the platform's modules and the peers stay outside.
    pub(crate) fn bundle(&self, workspace: &Workspace, options: &[String], to: &Path) -> Result<()> {
        let pkg = workspace.pkg();
        let outside = peers(&pkg)?.into_iter().chain(["hatchet-scheduled", "node:*"].map(str::to_owned));
        run(command(npm::program(&pkg, "esbuild"), &pkg)
            .arg(self.folder.join("index.js"))
            .args(["--bundle", "--target=es2022", "--platform=neutral", "--main-fields=module,main"])
            .args(outside.map(|module| format!("--external:{module}")))
            .args(options)
            .args(["--log-level=warning".to_owned(), format!("--outfile={}", to.display())]))
    }
}

fn peers(pkg: &Path) -> Result<Vec<String>> {
    let manifest: Value = serde_json::from_str(&fs::read_to_string(pkg.join("package.json"))?)?;
    let peers = manifest.get("peerDependencies").and_then(Value::as_object);
    Ok(peers.into_iter().flatten().map(|(name, _)| name.clone()).collect())
}
