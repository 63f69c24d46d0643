//! What several suites need, made once.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result, anyhow};

use crate::browser::{self, CHROMIUM, FIREFOX};
use crate::npm::npm;
use crate::run::{line, not_started, run, say};
use crate::workspace::Workspace;
use crate::{npm, pack, package, server};

/// The repository and what was built for the tests so far.
pub(super) struct Context {
    pub(super) workspace: Workspace,
    tarball: Once<PathBuf>,
    installed: Once<PathBuf>,
    server: Once<PathBuf>,
    chromium: Once<PathBuf>,
    firefox: Once<PathBuf>,
}

type Once<T> = OnceLock<Result<T, String>>;

impl Context {
    pub(super) fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            tarball: OnceLock::new(),
            installed: OnceLock::new(),
            server: OnceLock::new(),
            chromium: OnceLock::new(),
            firefox: OnceLock::new(),
        }
    }

    /// The packed npm package.
    pub(super) fn tarball(&self) -> Result<PathBuf> {
        once(&self.tarball, || {
            package::build(&self.workspace)?;
            pack::pack(&self.workspace, None)
        })
    }

    /// The folder of the package as npm installs it from the tarball.
    pub(super) fn installed(&self) -> Result<PathBuf> {
        once(&self.installed, || {
            let tarball = self.tarball()?;
            let folder = self.workspace.scratch("installed");
            package::empty(&folder)?;
            fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
            run(npm(&folder)
                .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
                .arg(tarball))?;
            Ok(folder.join("node_modules/hatchet-scheduled"))
        })
    }

    /// The embedded server's program.
    pub(super) fn server(&self) -> Result<PathBuf> {
        once(&self.server, || server::build_for_tests(&self.workspace))
    }

    /// A Chromium: `CHROMIUM`, or one on the path, or one that apt installs.
    pub(super) fn chromium(&self) -> Result<PathBuf> {
        once(&self.chromium, || browser::find(&CHROMIUM, &self.workspace.root))
    }

    /// A Firefox: `FIREFOX`, or one on the path, or one that apt installs.
    pub(super) fn firefox(&self) -> Result<PathBuf> {
        once(&self.firefox, || browser::find(&FIREFOX, &self.workspace.root))
    }

    /// Tells a JavaScript suite where things are, and keeps the caller's own Hatchet out of it.
    pub(super) fn point(&self, command: &mut Command) -> Result<()> {
        for name in ["TOKEN", "TENANT_ID", "SERVER_URL", "API_URL", "NAMESPACE"] {
            command.env_remove(format!("HATCHET_CLIENT_{name}"));
        }
        command
            .env("HATCHET_EMBEDDED_BIN", self.server()?)
            .env("HATCHET_PACKAGE_TGZ", self.tarball()?)
            .env("HATCHET_PACKAGE_DIR", self.installed()?);
        Ok(())
    }

    /// Installs the npm packages of a folder.
    pub(super) fn install(&self, folder: &str) -> Result<()> {
        npm::install(&self.workspace, folder)
    }

    /// Runs a test runner; gives whether it succeeded and what it wrote to stdout, which is kept as `NAME.log`.
    /// What it writes to stderr is shown if `shown`, as cargo's progress should be, and else goes to the log too.
    pub(super) fn capture(&self, name: &str, shown: bool, command: &mut Command) -> Result<(bool, String)> {
        let folder = self.workspace.scratch("logs");
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.log"));
        let mut log = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let stderr = if shown { Stdio::inherit() } else { log.try_clone()?.into() };
        let mut child =
            command.stdout(Stdio::piped()).stderr(stderr).spawn().map_err(|error| not_started(command, error))?;
        let mut output = Vec::new();
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut output)?;
        }
        let succeeded = child.wait()?.success();
        std::io::Write::write_all(&mut log, &output)?;
        if !succeeded {
            say(format!("`{}` failed; all it wrote is in {}", line(command), path.display()));
        }
        Ok((succeeded, String::from_utf8_lossy(&output).into_owned()))
    }
}

/// Makes something once; later callers get the same result, or the same reason why there is none.
fn once<T: Clone>(cell: &Once<T>, make: impl FnOnce() -> Result<T>) -> Result<T> {
    cell.get_or_init(|| make().map_err(|error| format!("{error:#}"))).clone().map_err(|reason| anyhow!(reason))
}
