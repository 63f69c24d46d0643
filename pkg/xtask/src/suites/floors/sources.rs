//! Files as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Texts by their paths from the repository's root, with slashes.
pub(super) type Sources = BTreeMap<String, String>;

/// The files with this extension in some folders, and in the folders below them.
pub(super) fn read(root: &Path, folders: &[&str], extension: &str) -> Result<Sources> {
    let mut sources = Sources::new();
    let mut folders: Vec<String> = folders.iter().map(ToString::to_string).collect();
    while let Some(folder) = folders.pop() {
        let about = || format!("{folder} cannot be read");
        for entry in fs::read_dir(root.join(&folder)).with_context(about)? {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if Path::new(&path).extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(entry.path()).with_context(|| format!("{path} cannot be read"))?;
                sources.insert(path, text);
            }
        }
    }
    Ok(sources)
}

/// Made-up files.
#[cfg(test)]
pub(super) fn of(files: &[(&str, &str)]) -> Sources {
    files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}
