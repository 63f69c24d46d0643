//! Modules are floors: a file imports only from below, so that no files import each other in a circle.
//!
//! What counts as an import of one file by another:
//!
//! - In Rust, every path that leads to an item which the other file defines: in `use`, in code, in types, in macros'
//!   arguments and in attributes. A name is followed through re-exports to the file that defines it; so
//!   `mod x; pub use x::Y;` is no import of `x`, and the `super::Y` of a sibling of `x` is one of `x` alone. A re-export
//!   of what a module above or beside it defines is an import. `use` of a module counts for nothing, and what is named
//!   through it counts. Where a name cannot be found, as if a macro makes it, it belongs to the module in which it was
//!   looked for. Items under `#[cfg(test)]` are left out.
//! - Not seen are calls of methods: an `impl` may stand a floor above its type, and its methods belong to that floor.
//! - In JavaScript and TypeScript, every `import` and `export … from` at the start of a line, and every `import("…")`,
//!   those of types included. Files that are generated import nothing.

mod imports;
mod modules;
mod outline;
mod script;
mod sources;

use anyhow::{Result, bail};

use super::context::Context;
use super::counts::Counts;
use crate::run::say;
use imports::Imports;

/// The sources of crates, with their floors from the bottom to the top: modules at the root, `lib` and `main` above all.
/// Where no floors are named, it is enough that there is no circle.
const CRATES: [(&str, &[&str]); 3] = [
    ("src", &["value", "http", "time", "model", "error", "api", "transport", "client", "wasm"]),
    (
        "www/server/src",
        &[
            "error",
            "sync",
            "delay",
            "go",
            "wire",
            "store",
            "middleware",
            "hatchet",
            "routes",
            "serve",
            "wasm",
            "replay",
        ],
    ),
    ("pkg/xtask/src", &[]),
];

/// Folders that are bundled together, and their extension.
const SCRIPTS: [(&[&str], &str); 5] = [
    (&["pkg/js", "pkg/loaders", "pkg/follow", "pkg/reconcile", "pkg/server", "pkg/slim"], "js"),
    (&["pkg/cli"], "js"),
    (&["pkg/react"], "js"),
    (&["pkg/testing"], "js"),
    (&["www/src"], "ts"),
];

pub(super) fn check(context: &Context) -> Result<Counts> {
    let root = &context.workspace.root;
    let mut counts = Counts::default();
    for (folder, floors) in CRATES {
        let imports = modules::imports(folder, &sources::read(root, &[folder], "rs")?)?;
        counts += verdict(folder, &imports, imports.circles())?;
        if !floors.is_empty() {
            counts += verdict(folder, &imports, imports.upwards(folder, floors))?;
        }
    }
    for (folders, extension) in SCRIPTS {
        let imports = script::imports(folders, &sources::read(root, folders, extension)?);
        counts += verdict(&folders.join(", "), &imports, imports.circles())?;
    }
    Ok(counts)
}

/// Says what is wrong; that nothing at all was read is wrong, too.
fn verdict(folders: &str, imports: &Imports, complaints: Vec<String>) -> Result<Counts> {
    if imports.is_empty() {
        bail!("no import was found in {folders}");
    }
    complaints.iter().for_each(say);
    Ok(Counts::one(complaints.is_empty()))
}
