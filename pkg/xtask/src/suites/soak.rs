//! `cargo xtask soak`: the tests that break things, for as long as one likes.

use std::path::Path;

use anyhow::{Result, bail};

use super::context::Context;
use super::counts::{self, Counts};
use super::javascript;
use crate::run::say;
use crate::workspace::Workspace;

const FOLDER: &str = "tests/soak";
const ENDING: &str = ".test.mjs";

/// What `soak` was asked for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// How long it may take, in all.
    pub(crate) minutes: f64,
    /// The seed of the first round; a new one at each call if absent.
    pub(crate) seed: Option<u32>,
    /// These tests alone.
    pub(crate) only: Vec<String>,
}

/// The share of it that every run of the tests plays.
pub(super) fn share(context: &Context) -> Result<Counts> {
    javascript::in_node(context, "soak")
}

/// Plays each test for its part of the minutes; the last line of stdout is the sum.
pub(crate) fn soak(workspace: Workspace, options: &Options) -> Result<()> {
    let tests = names(&workspace.path(FOLDER))?;
    if let Some(unknown) = options.only.iter().find(|name| !tests.contains(name)) {
        bail!("there is no soak test `{unknown}`: there are {}", tests.join(", "));
    }
    let asked: Vec<_> = tests.iter().filter(|name| options.only.is_empty() || options.only.contains(name)).collect();
    let each = options.minutes / asked.len() as f64;
    let context = Context::new(workspace);
    context.install("tests")?;
    let mut sum = Counts::default();
    for name in asked {
        say(format!("{name}: {each:.1} minutes"));
        let mut test = javascript::node_test(&context)?;
        test.env("SOAK_MINUTES", each.to_string());
        if let Some(seed) = options.seed {
            test.env("SEED", seed.to_string());
        }
        test.arg(format!("soak/{name}{ENDING}"));
        sum += javascript::finish(&context, &format!("soak-{name}"), &mut test)?;
    }
    counts::close(sum)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let files = javascript::files(folder, |name| name.ends_with(ENDING))?;
    let names = files.iter().filter_map(|file| file.file_name()?.to_str()?.strip_suffix(ENDING));
    Ok(names.map(str::to_owned).collect())
}
