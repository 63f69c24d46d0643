//! What the package weighs, and how much it may.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::run::{command, run};
use crate::workspace::Workspace;
use crate::{npm, wasm};

/// The most that the whole client may add to a page, minified and gzipped: what it weighs today. To be lowered with
/// every byte that is saved, never raised.
const BUNDLE_BUDGET: usize = 190 * 1024;

/// Raw and gzipped sizes in bytes.
#[derive(Debug, Clone, Copy)]
struct Size {
    raw: usize,
    gzipped: usize,
}

/// Fails when the package has become too heavy.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let bundle = of_file(&bundle(workspace)?)?;
    if bundle.gzipped > BUNDLE_BUDGET {
        bail!(
            "a page's bundle of the client weighs {} KB gzipped, more than the {} KB it may",
            kilobytes(bundle.gzipped),
            kilobytes(BUNDLE_BUDGET)
        );
    }
    Ok(())
}

/// A table of sizes, in KB of 1,024 bytes.
pub(crate) fn table(workspace: &Workspace) -> Result<String> {
    let rows = [
        ("wasm", of_file(&workspace.dist().join(format!("{}_bg.wasm", wasm::NAME)))?),
        ("facade, loader and glue (index.js)", of_file(&workspace.dist().join("index.js"))?),
        ("whole client in a page, minified", of_file(&bundle(workspace)?)?),
    ];
    let mut table = format!("{:<36}{:>10}{:>10}\n", "KB", "raw", "gzipped");
    for (name, size) in rows {
        table.push_str(&format!("{name:<36}{:>10}{:>10}\n", kilobytes(size.raw), kilobytes(size.gzipped)));
    }
    table.push_str(&format!("{:<36}{:>10}{:>10}\n", "the most that may be", "", kilobytes(BUNDLE_BUDGET)));
    Ok(table)
}

/// Everything that a page which uses the client downloads, in one file.
fn bundle(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let file = workspace.scratch("sizes").join("bundle.js");
    run(command(npm::program(&workspace.pkg(), "esbuild"), &workspace.dist())
        .args(["index.js", "--bundle", "--minify", "--format=esm", "--platform=browser", "--log-level=warning"])
        .arg(format!("--outfile={}", file.display())))?;
    Ok(file)
}

fn of_file(path: &Path) -> Result<Size> {
    let bytes = fs::read(path)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(Size { raw: bytes.len(), gzipped: encoder.finish()?.len() })
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1024.0)
}
