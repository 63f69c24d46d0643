//! Makes `pkg/dist`, the generated part of the npm package.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::deflate::{deflated, inlined};
use crate::run::{command, run, say};
use crate::stamp::Stamp;
use crate::wasm::{CLIENT, EMBEDDED};
use crate::workspace::Workspace;
use crate::{entries, glue, mark, npm, wasm};

/// The wasm as text, in a module of its own.
const BYTES: &str = "wasm-bytes.js";

/// Brings `pkg/dist` up to date.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    check_versions(workspace)?;
    npm::install(workspace, "pkg")?;
    // The dashboard's entry is made of the page's sources, with what they use.
    npm::install(workspace, "www")?;
    say("compiling the client and the embedded Hatchet to WebAssembly");
    let compiled = [wasm::compile(workspace, &CLIENT)?, wasm::compile(workspace, &EMBEDDED)?];
    let pkg = workspace.pkg();
    let mut inputs = vec![
        pkg.join("js"),
        pkg.join("loaders"),
        pkg.join("package.json"),
        pkg.join("package-lock.json"),
        pkg.join("xtask/src"),
        workspace.path("Cargo.lock"),
        workspace.path("pkg/cli"),
        workspace.path("www/src"),
        workspace.path("www/package-lock.json"),
    ];
    inputs.extend(compiled.clone());
    inputs.extend(entries::all(workspace)?.into_iter().map(|entry| entry.folder));
    let started = Instant::now();
    let made = Stamp::new(workspace.scratch("stamps").join("package"), inputs, vec![workspace.dist()])
        .refresh(|| assemble(workspace, &compiled))?;
    if made {
        say(format!("pkg/dist is made ({:.1} s)", started.elapsed().as_secs_f64()));
    }
    Ok(())
}

fn assemble(workspace: &Workspace, [client, embedded]: &[PathBuf; 2]) -> Result<()> {
    say("making the bindings and shrinking the WebAssembly (wasm-bindgen, wasm-opt)");
    let bindings = wasm::bind(workspace, &CLIENT, client)?;
    let server = wasm::bind(workspace, &EMBEDDED, embedded)?;
    let dist = workspace.dist();
    let stage = workspace.scratch("stage");
    empty(&dist)?;
    empty(&stage)?;
    let calls = glue::reshape(&fs::read_to_string(&bindings.glue)?)?;
    let wasm = fs::read(&bindings.wasm)?;
    let mark = mark::of(&workspace.version, &wasm, &calls);
    let wasm = mark::marked(wasm, &mark)?;
    fs::write(stage.join(entries::BUILD), mark)?;
    fs::write(dist.join(format!("{}_bg.wasm", CLIENT.name)), &wasm)?;
    fs::write(dist.join(format!("{}.wasm.deflate", EMBEDDED.name)), deflated(&fs::read(&server.wasm)?)?)?;
    fs::write(dist.join(BYTES), format!("export default \"{}\";\n", inlined(&wasm)?))?;

    say("making the package's entries (esbuild)");
    copy_modules(&workspace.path("pkg/js"), &stage)?;
    copy_modules(&workspace.path("pkg/loaders"), &stage)?;
    fs::copy(dist.join(BYTES), stage.join(BYTES))?;
    fs::write(stage.join(entries::EMBEDDED_GLUE), glue::reshape(&fs::read_to_string(&server.glue)?)?)?;
    fs::write(stage.join("glue.js"), calls)?;
    let esm = ["--format=esm", "--platform=neutral", "--alias:facade=./facade.js", "--external:./facade.js"];
    let cjs = [
        "--format=cjs",
        "--platform=node",
        "--minify-whitespace",
        "--alias:facade=./facade.cjs",
        "--external:./facade.cjs",
    ];
    let inline = "--alias:wasm-module=./inline.js";
    let bytes_apart = format!("--external:./{BYTES}");
    let entry = |from, to, format: &[&str], more: &[&str]| entry(workspace, &stage, from, to, &[format, more].concat());
    entry("facade.js", "facade.js", &esm[..2], &[])?;
    entry("facade.js", "facade.cjs", &cjs[..3], &[])?;
    entry("index.js", "index.js", &esm, &[inline, &bytes_apart])?;
    entry("index.js", "index.cjs", &cjs, &[inline])?;
    entry("index.js", "edge.js", &esm, &["--alias:wasm-module=./edge.js", "--external:*.wasm?module"])?;

    entries::all(workspace)?.iter().try_for_each(|entry| entry.build(workspace))?;

    entries::page(workspace)?;
    entries::cli(workspace)?;

    let types = workspace.path("pkg/js/index.d.ts");
    for name in ["index.d.ts", "index.d.cts"] {
        fs::copy(&types, dist.join(name)).with_context(|| format!("{} cannot be copied", types.display()))?;
    }
    Ok(())
}

/// Bundles a source with what it imports into one readable file.
fn entry(workspace: &Workspace, stage: &Path, from: &str, output: &str, options: &[&str]) -> Result<()> {
    run(command(npm::program(&workspace.pkg(), "esbuild"), stage)
        .args([from, "--bundle", "--target=es2022", "--charset=utf8", "--log-level=warning"])
        .args(options)
        .arg(format!("--outfile={}", workspace.dist().join(output).display())))
}

fn copy_modules(from: &Path, to: &Path) -> Result<()> {
    let about = || format!("{} cannot be read", from.display());
    for file in fs::read_dir(from).with_context(about)? {
        let path = file?.path();
        if let (Some("js"), Some(name)) = (path.extension().and_then(|e| e.to_str()), path.file_name()) {
            let copy = to.join(name);
            if copy.exists() {
                bail!("two sources of the package are named {}", name.to_string_lossy());
            }
            fs::copy(&path, copy)?;
        }
    }
    Ok(())
}

/// An empty folder at this path.
pub(crate) fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// The crate and the npm package are released together.
fn check_versions(workspace: &Workspace) -> Result<()> {
    for file in ["pkg/package.json", "pkg/package-lock.json"] {
        let path: PathBuf = workspace.path(file);
        let text = fs::read_to_string(&path).with_context(|| format!("{file} cannot be read"))?;
        let json: Value = serde_json::from_str(&text).with_context(|| format!("{file} is not JSON"))?;
        let version = json.get("version").and_then(Value::as_str).unwrap_or("none");
        if version != workspace.version {
            bail!("{file} has version {version}, Cargo.toml has {}: set both to the same", workspace.version);
        }
    }
    Ok(())
}
