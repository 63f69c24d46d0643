//! From the crate to a small `.wasm` file and its bindings.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

use crate::npm;
use crate::run::{command, read, run, say};
use crate::workspace::{Workspace, cargo, rustc};

const TARGET: &str = "wasm32-unknown-unknown";

/// A crate that is published as WebAssembly.
#[derive(Debug)]
pub(crate) struct Library {
    package: &'static str,
    features: &'static [&'static str],
    /// The stem of every generated file.
    pub(crate) name: &'static str,
}

pub(crate) const CLIENT: Library =
    Library { package: "hatchet-scheduled", features: &["--features", "npm"], name: "hatchet_scheduled" };
pub(crate) const EMBEDDED: Library = Library { package: "hatchet-embedded", features: &[], name: "hatchet_embedded" };

/// What rustc turns on by default for the target. wasm-opt refuses what it is not told of.
const FEATURES: [&str; 6] =
    ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

/// The two files that a crate becomes.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// The code, optimised.
    pub(crate) wasm: PathBuf,
    /// The JavaScript that wasm-bindgen made for it.
    pub(crate) glue: PathBuf,
}

/// Compiles the crate; gives the `.wasm` file as the compiler made it. Cargo skips what is up to date.
///
/// As a `cdylib` alone: cargo optimises across crates only where no `rlib` is made in the same run.
pub(crate) fn compile(workspace: &Workspace, library: &Library) -> Result<PathBuf> {
    ensure_target(workspace)?;
    run(command(cargo(), &workspace.root)
        .args(["rustc", "--package", library.package, "--lib", "--crate-type", "cdylib"])
        .args(library.features)
        .args(["--target", TARGET, "--profile", "wasm"])
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", remapped_paths(workspace)?.join("\u{1f}")))?;
    Ok(workspace.target.join(TARGET).join("wasm").join(format!("{}.wasm", library.name)))
}

/// Makes the bindings and shrinks the code.
pub(crate) fn bind(workspace: &Workspace, library: &Library, compiled: &Path) -> Result<Bindings> {
    let folder = bindings(workspace, library);
    let name = library.name;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(name)
        .web(true)?
        .omit_default_module_path(true)
        .encode_into(EncodeInto::Always)
        .typescript(false);
    bindgen.generate(&folder).context("wasm-bindgen failed")?;
    let bound = folder.join(format!("{name}_bg.wasm"));
    let glue = folder.join(format!("{name}.js"));
    let wasm = folder.join("optimised.wasm");
    let named = named(workspace, library);
    optimise(workspace, &["-Oz", "--flatten", "--rereloop", "-Oz", "-Oz", "--debuginfo"], &bound, &named)?;
    optimise(workspace, &["--strip-debug", "--strip-producers"], &named, &wasm)?;
    refuse_builder_paths(workspace, &wasm)?;
    Ok(Bindings { wasm, glue })
}

/// The shrunk code with the names of its functions still in it.
pub(crate) fn named(workspace: &Workspace, library: &Library) -> PathBuf {
    bindings(workspace, library).join("named.wasm")
}

fn bindings(workspace: &Workspace, library: &Library) -> PathBuf {
    workspace.scratch("bindings").join(library.name)
}

fn optimise(workspace: &Workspace, options: &[&str], from: &Path, to: &Path) -> Result<()> {
    run(command(npm::program(&workspace.pkg(), "wasm-opt"), &workspace.root)
        .args(options)
        .args(FEATURES.map(|feature| format!("--enable-{feature}")))
        .arg(from)
        .arg("--output")
        .arg(to))
}

/// Uses the target where it is installed, in whichever way; else asks rustup for it.
pub(crate) fn ensure_target(workspace: &Workspace) -> Result<()> {
    let libraries = read(command(rustc(), &workspace.root).args(["--print", "target-libdir", "--target", TARGET]))?;
    let debian = "libstd-rust-dev-wasm32";
    ensure(workspace, Path::new(libraries.trim()), "Rust target", ["target", "add", TARGET], debian)
}

fn ensure(workspace: &Workspace, folder: &Path, what: &str, rustup: [&str; 3], debian: &str) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let asked = rustup.join(" ");
    say(format!("adding the {what} (rustup {asked})"));
    run(command("rustup", &workspace.root).args(rustup)).map_err(|error| {
        anyhow!(
            "the {what} is not installed, and rustup could not add it ({error}). Install it the way Rust was installed: \
             `rustup {asked}`, or your system's package for it (Debian: {debian})"
        )
    })
}

fn sysroot(workspace: &Workspace) -> Result<PathBuf> {
    Ok(read(command(rustc(), &workspace.root).args(["--print", "sysroot"]))?.trim().into())
}

/// Panic messages carry source paths: neither the builder's name nor its folders belong in a published file.
fn remapped_paths(workspace: &Workspace) -> Result<Vec<String>> {
    let replaced = [
        (cargo_home()?, "/cargo"),
        (sysroot(workspace)?, "/rust"),
        (workspace.target.clone(), "/target"),
        (workspace.root.clone(), "/hatchet-scheduled"),
    ];
    Ok(replaced.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect())
}

fn refuse_builder_paths(workspace: &Workspace, wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm)?;
    for path in [cargo_home()?, workspace.root.clone(), workspace.target.clone()] {
        let needle = path.to_string_lossy().into_owned();
        if bytes.windows(needle.len()).any(|window| window == needle.as_bytes()) {
            bail!("{} contains the path {needle} of this machine", wasm.display());
        }
    }
    Ok(())
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    Ok(env::home_dir().context("this user has no home folder")?.join(".cargo"))
}
