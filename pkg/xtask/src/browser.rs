//! Real browsers, for what needs one.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, Result, bail};

use crate::run::{command, read, run, say};

/// A browser, and how to come by it.
#[derive(Debug)]
pub(crate) struct Browser {
    name: &'static str,
    /// The variable that names its program.
    variable: &'static str,
    /// Names that its program goes by.
    programs: &'static [&'static str],
    /// Its package in Debian.
    package: &'static str,
    /// What to install where that package is not to be had.
    advice: &'static str,
}

pub(crate) const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "CHROMIUM",
    programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    package: "chromium",
    advice: "the package `chromium` (Debian, Ubuntu, Fedora) or Google Chrome",
};

pub(crate) const FIREFOX: Browser = Browser {
    name: "Firefox",
    variable: "FIREFOX",
    programs: &["firefox", "firefox-esr"],
    package: "firefox-esr",
    advice: "the package `firefox-esr` (Debian) or `firefox` (Ubuntu, Fedora)",
};

/// apt installs one thing at a time.
static INSTALLING: Mutex<()> = Mutex::new(());

/// The program of a browser: the one that its variable names, or one on the path, or one that apt installs.
pub(crate) fn find(browser: &Browser, folder: &Path) -> Result<PathBuf> {
    let Browser { name, variable, package, advice, .. } = browser;
    if let Some(path) = env::var_os(variable).map(PathBuf::from) {
        if !path.is_file() {
            bail!("{variable} names {}, which is not there", path.display());
        }
        return Ok(path);
    }
    if let Some(path) = on_path(browser) {
        return Ok(path);
    }
    let missing = format!("no {name} was found: install {advice}, or set {variable} to its program");
    if !Path::new("/usr/bin/apt-get").is_file() || !is_root(folder) {
        bail!(missing);
    }
    let _alone = INSTALLING.lock();
    say(format!("installing {name} (apt-get install {package})"));
    let apt = || {
        let mut apt = command("apt-get", folder);
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().args(["update", "--quiet"]))?;
    run(apt().args(["install", "--quiet", "--yes", "--no-install-recommends", package]))?;
    on_path(browser).context(missing)
}

fn on_path(browser: &Browser) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| {
            browser.programs.iter().map(move |name| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        })
        .find(|file| file.is_file())
}

fn is_root(folder: &Path) -> bool {
    read(command("id", folder).arg("-u")).is_ok_and(|id| id.trim() == "0")
}
