//! What the package weighs, and how much it may.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::entries::{self, Entry};
use crate::run::{command, run};
use crate::workspace::Workspace;
use crate::{crates, npm, wasm};

/// The most that the whole client may add to a page, minified and gzipped, in bytes. To be lowered with what is saved, and
/// raised only for speed that `cargo xtask bench` shows, for what is safe, and for what can stand nowhere else.
const BUNDLE_BUDGET: usize = 177_000;

/// The most that an entry beside the main one may add of its own, minified and gzipped, in bytes. A fourth of the dashboard is a
/// polyfill that only browsers without `Temporal` fetch.
const ENTRY_BUDGETS: [(&str, usize); 8] = [
    ("dashboard", 84_000),
    ("follow", 3_000),
    ("opentelemetry", 2_500),
    ("react", 2_500),
    ("reconcile", 3_700),
    ("server", 16_000),
    ("slim", 1_500),
    ("testing", 10_000),
];

/// Sizes in bytes, as they are and as the two encodings of the web make them.
#[derive(Debug, Clone, Copy)]
struct Size {
    raw: usize,
    gzipped: usize,
    brotli: usize,
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
    for entry in entries::all(workspace)? {
        let gzipped = of_file(&minified(workspace, &entry)?)?.gzipped;
        match ENTRY_BUDGETS.iter().find(|(name, _)| *name == entry.name) {
            None => bail!("the entry `{}` has no budget: it weighs {} KB gzipped", entry.name, kilobytes(gzipped)),
            Some((name, most)) if gzipped > *most => bail!(
                "the entry `{name}` weighs {} KB gzipped, more than the {} KB it may",
                kilobytes(gzipped),
                kilobytes(*most)
            ),
            Some(_) => {}
        }
    }
    Ok(())
}

/// Tables of sizes, in KB of 1,000 bytes: what is downloaded, and which crates the code in it comes from.
pub(crate) fn tables(workspace: &Workspace) -> Result<String> {
    let files = [
        ("wasm", of_file(&workspace.dist().join(format!("{}_bg.wasm", wasm::CLIENT.name)))?),
        ("facade, loader and glue (facade.js)", of_file(&workspace.dist().join("facade.js"))?),
        ("whole client in a page, minified", of_file(&bundle(workspace)?)?),
    ];
    let mut tables = row("KB", ["raw", "gzip", "brotli"].map(str::to_owned));
    for (name, size) in files {
        tables += &row(name, size.shown());
    }
    tables += &row("the most that may be", [String::new(), kilobytes(BUNDLE_BUDGET), String::new()]);
    for entry in entries::all(workspace)? {
        let size = of_file(&minified(workspace, &entry)?)?;
        tables += &row(&format!("hatchet-scheduled/{} of its own", entry.name), size.shown());
    }
    tables += &row("\nKB of the wasm, by crate", ["raw", "gzip", "brotli"].map(str::to_owned));
    for (name, code) in crates::code_by_crate(&fs::read(wasm::named(workspace, &wasm::CLIENT))?)? {
        tables += &row(&name, Size::of(&code)?.shown());
    }
    Ok(tables)
}

fn row(name: &str, columns: [String; 3]) -> String {
    let [raw, gzipped, brotli] = columns;
    format!("{name:<36}{raw:>10}{gzipped:>10}{brotli:>10}\n")
}

/// Everything that a page which uses the client downloads, in one file.
fn bundle(workspace: &Workspace) -> Result<PathBuf> {
    let file = workspace.scratch("sizes").join("bundle.js");
    run(command(npm::program(&workspace.pkg(), "esbuild"), &workspace.dist())
        .args(["index.js", "--bundle", "--minify", "--format=esm", "--platform=browser", "--log-level=warning"])
        .arg(format!("--outfile={}", file.display())))?;
    Ok(file)
}

/// An entry's own code, as small as a bundler makes it.
fn minified(workspace: &Workspace, entry: &Entry) -> Result<PathBuf> {
    let file = workspace.scratch("sizes").join(format!("{}.js", entry.name));
    entry.bundle_into(workspace, &["--format=esm", "--minify"].map(str::to_owned), &file)?;
    Ok(file)
}

fn of_file(path: &Path) -> Result<Size> {
    Size::of(&fs::read(path)?)
}

impl Size {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut brotli, &BrotliEncoderParams::default())?;
        Ok(Self { raw: bytes.len(), gzipped: gzip.finish()?.len(), brotli: brotli.len() })
    }

    fn shown(self) -> [String; 3] {
        [self.raw, self.gzipped, self.brotli].map(kilobytes)
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}
