//! The embedded Hatchet: `serve` and `demo`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run::{become_program, command, run, say};
use crate::workspace::{Workspace, cargo};
use crate::{package, page};

/// Enough for the dashboard to show what it is for, and made in a second.
const DEMO_RUNS: &str = "5000";

/// Builds the server; gives the program's path.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    say("compiling the embedded Hatchet");
    run(command(cargo(), &workspace.root).args(["build", "--package", "hatchet-embedded", "--bins"]))?;
    Ok(program(workspace))
}

/// Builds it along with the tests of the crates, [`TESTED`], which need it: with the very features that they give what it is
/// made of, so that nothing is compiled twice.
pub(crate) fn build_for_tests(workspace: &Workspace) -> Result<PathBuf> {
    say("compiling the embedded Hatchet, and the tests of the crates");
    run(command(cargo(), &workspace.root).arg("test").args(TESTED).arg("--no-run"))?;
    Ok(program(workspace))
}

/// The crates that the product is made of, as arguments of cargo: without the build tool, whose dependencies would be
/// compiled anew with the features that these ask for.
pub(crate) const TESTED: [&str; 4] = ["--package", "hatchet-scheduled", "--package", "hatchet-embedded"];

fn program(workspace: &Workspace) -> PathBuf {
    workspace.target.join("debug").join(format!("hatchet-embedded{}", std::env::consts::EXE_SUFFIX))
}

/// Becomes the embedded server, with its own arguments and this process's folder, stdin, stdout and stderr.
pub(crate) fn serve(workspace: &Workspace, arguments: Vec<OsString>) -> Result<()> {
    let mut server = Command::new(build(workspace)?);
    server.args(arguments);
    become_program(&mut server)
}

/// What `demo` was asked for.
#[derive(Debug, Default)]
pub(crate) struct Demo {
    /// The port to listen on; any free one by default.
    pub(crate) port: Option<OsString>,
    /// How many runs to start with.
    pub(crate) seed: Option<OsString>,
    /// Where data is kept from one start to the next; by default it is fresh each time.
    pub(crate) data: Option<OsString>,
    /// Whether to leave the browser alone.
    pub(crate) no_open: bool,
}

/// Builds everything and becomes the server, with the dashboard and seeded data, until it is stopped.
pub(crate) fn demo(workspace: &Workspace, demo: Demo) -> Result<()> {
    package::build(workspace)?;
    let page = page::build(workspace)?;
    let mut server = Command::new(build(workspace)?);
    server.args(["--demo", "--static"]).arg(page);
    server.arg("--port").arg(demo.port.unwrap_or_else(|| "0".into()));
    server.arg("--seed").arg(demo.seed.unwrap_or_else(|| DEMO_RUNS.into()));
    if let Some(folder) = demo.data {
        server.arg("--data").arg(folder);
    }
    let folder = workspace.scratch("demo");
    fs::create_dir_all(&folder)?;
    let ready_file = folder.join(format!("ready-{}.json", std::process::id()));
    server.arg("--ready-file").arg(&ready_file).stdin(Stdio::null()).stdout(Stdio::null());
    Command::new(std::env::current_exe()?)
        .arg("announce")
        .arg(ready_file)
        .arg(if demo.no_open { "print" } else { "open" })
        .spawn()
        .context("the waiting for the server could not be started")?;
    become_program(&mut server)
}

/// Waits beside the server, which this tool has become, until it is ready; then says where it is, and opens it.
pub(crate) fn announce(ready_file: &Path, and_open: bool) -> Result<()> {
    let server = parent();
    let ready = loop {
        if let Ok(ready) = fs::read_to_string(ready_file) {
            break ready;
        }
        // The server has ended and has said why.
        if parent() != server {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    };
    fs::remove_file(ready_file)?;
    let ready: Value = serde_json::from_str(&ready).context("the server's ready file is not JSON")?;
    let url = ready.get("url").and_then(Value::as_str).context("the server did not say where it listens")?;
    println!("\n  The dashboard is at {url}\n  Press Ctrl+C to stop.\n");
    if and_open {
        open(url);
    }
    Ok(())
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

/// Opens a page where there is a desktop. That it cannot be opened is no failure: its address was printed.
fn open(url: &str) {
    let desktop = cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if !desktop {
        return;
    }
    let mut opener = if cfg!(windows) {
        let mut opener = Command::new("cmd");
        opener.args(["/C", "start", ""]);
        opener
    } else {
        Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" })
    };
    let started = opener.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        say("the browser could not be started: open the address by hand");
    }
}
