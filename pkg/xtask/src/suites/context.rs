//! What several suites need, made once.

use std::cell::OnceCell;
use std::env;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::npm::npm;
use crate::run::{command, line, not_started, run, say};
use crate::workspace::Workspace;
use crate::{npm, pack, package, server};

/// Names that a Chromium goes by.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The repository and what was built for the tests so far.
pub(super) struct Context {
    pub(super) workspace: Workspace,
    tarball: Once<PathBuf>,
    installed: Once<PathBuf>,
    server: Once<PathBuf>,
    chromium: Once<PathBuf>,
}

type Once<T> = OnceCell<Result<T, String>>;

impl Context {
    pub(super) fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            tarball: OnceCell::new(),
            installed: OnceCell::new(),
            server: OnceCell::new(),
            chromium: OnceCell::new(),
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
        once(&self.server, || server::build(&self.workspace))
    }

    /// A Chromium: `CHROMIUM`, or one on the path, or one that apt installs.
    pub(super) fn chromium(&self) -> Result<PathBuf> {
        once(&self.chromium, || find_chromium(&self.workspace.root))
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

fn find_chromium(folder: &Path) -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if !path.is_file() {
            bail!("CHROMIUM names {}, which is not there", path.display());
        }
        return Ok(path);
    }
    if let Some(path) = on_path() {
        return Ok(path);
    }
    let missing = "no Chromium was found: install the package `chromium` (Debian, Ubuntu, Fedora) or Google Chrome, \
                   or set CHROMIUM to its program";
    if !Path::new("/usr/bin/apt-get").is_file() || !is_root(folder) {
        bail!(missing);
    }
    say("installing Chromium for the browser tests (apt-get install chromium)");
    let apt = || {
        let mut apt = command("apt-get", folder);
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().args(["update", "--quiet"]))?;
    run(apt().args(["install", "--quiet", "--yes", "--no-install-recommends", "chromium"]))?;
    on_path().context(missing)
}

fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| CHROMIUM.map(|name| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX))))
        .find(|file| file.is_file())
}

fn is_root(folder: &Path) -> bool {
    crate::run::read(command("id", folder).arg("-u")).is_ok_and(|id| id.trim() == "0")
}
