//! Skipping what is up to date.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Remembers from which inputs a set of outputs was made.
///
/// Contents are compared, not times: a checkout, a copy or a cache does not cause work. An output that is missing or
/// was changed by hand is made again.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    /// A stamp kept in `file`. Folders stand for all files below them, `node_modules` excepted.
    pub(crate) fn new(file: PathBuf, inputs: Vec<PathBuf>, outputs: Vec<PathBuf>) -> Self {
        Self { file, inputs, outputs }
    }

    /// Whether the outputs are those that these inputs gave last time.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| self.value().is_ok_and(|now| now == kept))
    }

    /// Runs `make` unless the outputs are up to date; true when it ran.
    pub(crate) fn refresh(&self, make: impl FnOnce() -> Result<()>) -> Result<bool> {
        if self.is_fresh() {
            return Ok(false);
        }
        make()?;
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, self.value()?).with_context(|| format!("{} cannot be written", self.file.display()))?;
        Ok(true)
    }

    fn value(&self) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        for path in self.inputs.iter().chain(&self.outputs) {
            hash_path(path, &mut hasher)?;
        }
        Ok(format!("{:016x}", hasher.finish()))
    }
}

fn hash_path(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let about = || format!("{} cannot be read", path.display());
    path.hash(hasher);
    if path.is_dir() {
        let mut entries =
            fs::read_dir(path).with_context(about)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        entries.sort();
        for entry in entries.iter().filter(|entry| entry.file_name().is_some_and(|name| name != "node_modules")) {
            hash_path(entry, hasher)?;
        }
    } else {
        fs::read(path).with_context(about)?.hash(hasher);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("in/deep")).unwrap();
        fs::write(folder.join("in/deep/a"), "1").unwrap();
        folder
    }

    fn build(folder: &Path) -> bool {
        Stamp::new(folder.join("stamp"), vec![folder.join("in")], vec![folder.join("out")])
            .refresh(|| Ok(fs::write(folder.join("out"), "made")?))
            .unwrap()
    }

    #[test]
    fn work_is_skipped_only_while_inputs_and_outputs_are_the_same() {
        let folder = scratch("skip");
        assert!(build(&folder), "the first time");
        assert!(!build(&folder), "nothing changed");
        fs::write(folder.join("in/deep/a"), "2").unwrap();
        assert!(build(&folder), "an input changed");
        fs::write(folder.join("in/b"), "").unwrap();
        assert!(build(&folder), "an input was added");
        fs::write(folder.join("out"), "edited").unwrap();
        assert!(build(&folder), "the output was changed by hand");
        fs::remove_file(folder.join("out")).unwrap();
        assert!(build(&folder), "the output is gone");
        assert!(!build(&folder));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_failure_is_tried_again() {
        let folder = scratch("failure");
        let stamp = Stamp::new(folder.join("stamp"), vec![folder.join("in")], vec![]);
        assert!(stamp.refresh(|| anyhow::bail!("no")).is_err());
        assert!(stamp.refresh(|| Ok(())).unwrap());
        fs::remove_dir_all(folder).unwrap();
    }
}
