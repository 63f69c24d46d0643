//! The entries of the npm package beside the main one: each is a folder of `pkg` with an `index.js` and its types, and
//! becomes files of its own in `pkg/dist`; that of the dashboard is made of the page's sources in `www`. They import the client
//! by its name, so that the main one weighs nothing more.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::deflate::inlined;
use crate::npm;
use crate::run::{command, run};
use crate::workspace::Workspace;

/// Folders that look like one: the main entry's, and what is made.
const OTHERS: [&str; 2] = ["js", "dist"];

/// The scripts of the dashboard's page in a module, deflated: the handler of `server` fetches it when it is asked for.
const PAGE: &str = "dashboard-page.js";
const DASHBOARD: &str = "dashboard";

/// What the entries share with the main one: the client without its bytes.
pub(crate) const FACADE: &str = "facade";
/// What names this build, in the stage.
pub(crate) const BUILD: &str = "build";
/// Entries that take a client and make none: the errors are all that they need of the main one, and no bytes come with them.
const WITHOUT_BYTES: [&str; 2] = ["follow", "reconcile"];

/// The bindings of the embedded Hatchet, in the stage, which `testing` imports as `embedded-glue`.
pub(crate) const EMBEDDED_GLUE: &str = "embedded-glue.js";
const TESTING: &str = "testing";

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
        let dist = workspace.dist();
        // What is loaded later is in files of its own.
        let mut parts = vec![
            "--format=esm".to_owned(),
            "--splitting".to_owned(),
            "--charset=utf8".to_owned(),
            format!("--outdir={}", dist.display()),
            format!("--entry-names={name}"),
            format!("--chunk-names={name}/[name]-[hash]"),
            format!("--alias:{FACADE}=./{FACADE}.js"),
        ];
        if WITHOUT_BYTES.contains(&name.as_str()) {
            parts.push(format!("--alias:hatchet-scheduled=./{FACADE}.js"));
        }
        // A module cannot be told by another name in CommonJS.
        // The same once more: it is read as the module that it is made of.
        let mut whole = ["--format=cjs", "--charset=utf8", "--supported:dynamic-import=true", "--minify-whitespace"]
            .map(str::to_owned)
            .to_vec();
        whole.push(format!("--alias:{FACADE}=./{FACADE}.cjs"));
        if name == DASHBOARD {
            // An app rather than a library: nobody reads it there.
            parts.push("--minify".to_owned());
            whole.push("--minify".to_owned());
        }
        if name == TESTING {
            // There a module finds the files beside it in another way.
            whole.push("--define:import.meta.url=moduleUrl".to_owned());
            whole
                .push("--banner:js=const moduleUrl = require(\"node:url\").pathToFileURL(__filename).href;".to_owned());
        }
        self.bundle(workspace, &parts)?;
        self.bundle_into(workspace, &whole, &dist.join(format!("{name}.cjs")))?;
        for types in ["d.ts", "d.cts"] {
            let to = dist.join(format!("{name}.{types}"));
            fs::copy(folder.join("index.d.ts"), &to).with_context(|| format!("{} cannot be made", to.display()))?;
        }
        Ok(())
    }

    /// Leads who does not know `exports` to its files: Parcel by default, and tools of before 2021.
    pub(crate) fn signpost(&self, package: &Path) -> Result<()> {
        let folder = package.join(&self.name);
        fs::create_dir_all(&folder)?;
        let to = |ending| format!("../dist/{}.{ending}", self.name);
        let manifest = json!({ "main": to("cjs"), "module": to("js"), "types": to("d.ts") });
        fs::write(folder.join("package.json"), format!("{manifest}\n"))?;
        Ok(())
    }

    /// Its own code in one file.
    pub(crate) fn bundle_into(&self, workspace: &Workspace, options: &[String], to: &Path) -> Result<()> {
        let outfile = format!("--outfile={}", to.display());
        self.bundle(workspace, &[options, &[outfile]].concat())
    }

    /// Its own code; the client, the platform's modules and the peers stay outside.
    fn bundle(&self, workspace: &Workspace, options: &[String]) -> Result<()> {
        let pkg = workspace.pkg();
        let page = format!("./{PAGE}");
        let outside = peers(&pkg)?
            .into_iter()
            .chain(["hatchet-scheduled", "hatchet-scheduled/*", "node:*", "./wasm-bytes.js", &page].map(str::to_owned));
        let facades = [FACADE.to_owned(), format!("./{FACADE}.js"), format!("./{FACADE}.cjs")];
        let stage = workspace.scratch("stage");
        let glue = stage.join(EMBEDDED_GLUE);
        let build = fs::read_to_string(stage.join(BUILD)).context("the client is made first")?;
        run(command(npm::program(&pkg, "esbuild"), &pkg)
            .arg(format!("--alias:embedded-glue={}", glue.display()))
            .arg(self.folder.join("index.js"))
            .args(["--bundle", "--target=es2022", "--platform=neutral", "--main-fields=module,main"])
            .args(outside.chain(facades).map(|module| format!("--external:{module}")))
            .arg(format!("--define:BUILD={build:?}"))
            .args(options)
            .args(["--loader:.css=text", "--log-level=warning"]))
    }
}

/// Makes the page: the scripts of the dashboard with the client, by name, deflated. What only some browsers need is apart.
pub(crate) fn page(workspace: &Workspace) -> Result<()> {
    let (dist, pkg) = (workspace.dist(), workspace.pkg());
    let scripts = workspace.scratch("page");
    if scripts.exists() {
        fs::remove_dir_all(&scripts)?;
    }
    run(command(npm::program(&pkg, "esbuild"), &pkg)
        .arg(dist.join(format!("{DASHBOARD}.js")))
        .args(["--bundle", "--minify", "--format=esm", "--splitting", "--platform=browser", "--log-level=warning"])
        // The handler has these bytes already.
        .args([
            "--external:./wasm-bytes.js".to_owned(),
            "--chunk-names=[name]-[hash]".to_owned(),
            format!("--outdir={}", scripts.display()),
        ]))?;
    let mut texts = BTreeMap::new();
    for script in fs::read_dir(&scripts)? {
        let script = script?;
        texts.insert(script.file_name().to_string_lossy().into_owned(), inlined(&fs::read(script.path())?)?);
    }
    fs::write(dist.join(PAGE), format!("export default {};\n", serde_json::to_string(&texts)?))?;
    Ok(())
}

/// Makes the command: a program for Node, on the client and the handler.
pub(crate) fn cli(workspace: &Workspace) -> Result<()> {
    let pkg = workspace.pkg();
    run(command(npm::program(&pkg, "esbuild"), &pkg)
        .arg(pkg.join("cli/index.js"))
        .args(["--bundle", "--format=esm", "--platform=node", "--target=node20", "--minify", "--log-level=warning"])
        .args(["--external:hatchet-scheduled", "--external:hatchet-scheduled/*", "--banner:js=#!/usr/bin/env node"])
        .arg(format!("--outfile={}", workspace.dist().join("cli.js").display())))
}

fn peers(pkg: &Path) -> Result<Vec<String>> {
    let manifest: Value = serde_json::from_str(&fs::read_to_string(pkg.join("package.json"))?)?;
    let peers = manifest.get("peerDependencies").and_then(Value::as_object);
    Ok(peers.into_iter().flatten().map(|(name, _)| name.clone()).collect())
}
