//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The repository, as cargo sees it.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The repository's root folder.
    pub(crate) root: PathBuf,
    /// Cargo's target folder; everything generated that is not part of the npm package lives under it.
    pub(crate) target: PathBuf,
    /// The version in `Cargo.toml`: the only place where it is set by hand for the crates.
    pub(crate) version: String,
}

impl Workspace {
    /// Asks cargo, so that any folder of the repository, `CARGO_TARGET_DIR` and cargo's own configuration are honoured.
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo could not be started")?;
        if !output.status.success() {
            bail!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")?;
        let text = |name: &str| {
            metadata.get(name).and_then(Value::as_str).with_context(|| format!("cargo metadata has no {name}"))
        };
        let version = metadata
            .get("packages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|package| package.get("name").and_then(Value::as_str) == Some("hatchet-scheduled"))
            .and_then(|package| package.get("version").and_then(Value::as_str))
            .context("run this inside the hatchet-scheduled repository: its crate was not found")?;
        Ok(Self {
            root: text("workspace_root")?.into(),
            target: text("target_directory")?.into(),
            version: version.to_owned(),
        })
    }

    /// A path below the repository's root.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The folder of the npm package's sources.
    pub(crate) fn pkg(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// The generated part of the npm package.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("pkg/dist")
    }

    /// A folder for this tool's own files.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }
}

/// The cargo that runs this tool.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The rustc that cargo uses.
pub(crate) fn rustc() -> PathBuf {
    std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from)
}
