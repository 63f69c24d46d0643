//! Starting other programs, and saying plainly what went wrong with them.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Error, Result, anyhow, bail};

/// Says what is being done, on stderr: stdout belongs to results.
pub(crate) fn say(message: impl AsRef<str>) {
    eprintln!("xtask: {}", message.as_ref());
}

/// A command in a folder; its stdout goes to stderr, as stdout belongs to results.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::from(io::stderr()));
    command
}

/// Runs a command to its end; fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, error))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs a command and gives its stdout; fails, showing what it wrote to stderr, unless it succeeds.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().map_err(|error| not_started(command, error))?;
    if !status.success() {
        bail!("`{}` failed ({status}):\n{}", line(command), String::from_utf8_lossy(&stderr).trim());
    }
    String::from_utf8(stdout).with_context(|| format!("`{}` did not write UTF-8", line(command)))
}

/// Becomes another program, with this process's stdin and signals; returns only if it cannot.
#[cfg(unix)]
pub(crate) fn become_program(program: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;

    let error = program.exec();
    Err(not_started(program, error))
}

/// Runs another program in this one's place.
#[cfg(not(unix))]
pub(crate) fn become_program(program: &mut Command) -> Result<()> {
    run(program)
}

/// Why a program did not start, with what to install where that is the reason.
pub(crate) fn not_started(command: &Command, error: io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    if error.kind() != ErrorKind::NotFound {
        return anyhow!("`{program}` could not be started: {error}");
    }
    match program.as_str() {
        "node" | "npm" => anyhow!("`{program}` is not installed: install Node.js 20 or newer (https://nodejs.org)"),
        _ => anyhow!("`{program}` was not found"),
    }
}

/// A command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let mut words =
        vec![Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}
