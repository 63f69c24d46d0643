//! The tarball that is published.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::entries;
use crate::npm::npm;
use crate::package::empty;
use crate::run::{read, say};
use crate::workspace::Workspace;

/// Files of the repository's root that travel with the package.
const SHARED: [&str; 2] = ["README.md", "LICENSE"];

/// Packs an up-to-date `pkg/dist` into `folder`; gives the tarball's path.
///
/// Packing happens in a copy, so that nothing generated lies among the sources and no `.gitignore` can make npm leave
/// files out.
pub(crate) fn pack(workspace: &Workspace, folder: Option<&Path>) -> Result<PathBuf> {
    let folder = folder.map_or_else(|| Ok(workspace.scratch("npm")), std::path::absolute)?;
    let stage = workspace.scratch("package");
    empty(&stage)?;
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for name in SHARED {
        let file = workspace.path(name);
        if !file.is_file() {
            bail!("{name} is missing in the repository's root: the package cannot be packed without it");
        }
        fs::copy(file, stage.join(name))?;
    }
    fs::copy(workspace.path("pkg/package.json"), stage.join("package.json"))?;
    copy_folder(&workspace.dist(), &stage.join("dist"))?;
    for entry in entries::all(workspace)? {
        entry.signpost(&stage)?;
    }
    say("packing the npm tarball");
    let output =
        read(npm(&stage).args(["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination"]).arg(&folder))?;
    let name = output.lines().last().unwrap_or_default().trim();
    let tarball = folder.join(name);
    if name.is_empty() || !tarball.is_file() {
        bail!("npm pack did not make a tarball: {output}");
    }
    Ok(tarball)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let (file, name) = file.map(|file| (file.path(), file.file_name()))?;
        if file.is_dir() {
            copy_folder(&file, &to.join(name))?;
        } else {
            fs::copy(&file, to.join(name))?;
        }
    }
    Ok(())
}
