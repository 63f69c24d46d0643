//! The suites that run in Node and in a browser.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::context::Context;
use super::counts::{self, Counts};
use crate::npm::npm;
use crate::run::{command, run, say};
use crate::{page, sizes};

/// Longer than any file of tests takes, so that one that hangs is a failure and not a silence.
const FILE_TIMEOUT: &str = "--test-timeout=600000";

pub(super) fn types(context: &Context) -> Result<Counts> {
    in_node(context, "types")
}

pub(super) fn size(context: &Context) -> Result<Counts> {
    context.tarball()?;
    eprint!("{}", sizes::tables(&context.workspace)?);
    sizes::check(&context.workspace)?;
    Ok(Counts::one(true))
}

pub(super) fn package(context: &Context) -> Result<Counts> {
    in_node(context, "package")
}

pub(super) fn node(context: &Context) -> Result<Counts> {
    in_node(context, "node")
}

pub(super) fn server(context: &Context) -> Result<Counts> {
    in_node(context, "server")
}

pub(super) fn cli(context: &Context) -> Result<Counts> {
    in_node(context, "cli")
}

pub(super) fn security(context: &Context) -> Result<Counts> {
    in_node(context, "security")
}

pub(super) fn testing(context: &Context) -> Result<Counts> {
    in_node(context, "testing")
}

pub(super) fn follow(context: &Context) -> Result<Counts> {
    in_node(context, "follow")
}

pub(super) fn reconcile(context: &Context) -> Result<Counts> {
    in_node(context, "reconcile")
}

pub(super) fn opentelemetry(context: &Context) -> Result<Counts> {
    in_node(context, "opentelemetry")
}

pub(super) fn react(context: &Context) -> Result<Counts> {
    in_node(context, "react")
}

pub(super) fn browser(context: &Context) -> Result<Counts> {
    in_chromium(context, "browser")
}

pub(super) fn element(context: &Context) -> Result<Counts> {
    in_chromium(context, "element")
}

pub(super) fn examples(context: &Context) -> Result<Counts> {
    in_chromium(context, "examples")
}

pub(super) fn runtimes(context: &Context) -> Result<Counts> {
    context.install("tests/runtimes")?;
    let (chromium, firefox) = (context.chromium()?, context.firefox()?);
    node_tests(context, "runtimes", |tests| {
        tests.env("CHROMIUM", chromium).env("FIREFOX", firefox);
        Ok(())
    })
}

pub(super) fn live(context: &Context) -> Result<Counts> {
    const TOKEN: &str = "HATCHET_CLIENT_TOKEN";
    let variables: Vec<_> =
        env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HATCHET_CLIENT_")).collect();
    if !variables.iter().any(|(name, value)| name == TOKEN && !value.is_empty()) {
        bail!("{TOKEN} is not set: the live suite needs a token of the server to play against");
    }
    live_tests(context)?;
    context.install("tests")?;
    node_tests(context, "live", |tests| {
        // One file after the other: a test of one may look at the whole tenant.
        tests.envs(variables).arg("--test-concurrency=1");
        Ok(())
    })
}

/// The names of the tests that need a real Hatchet.
pub(super) fn live_tests(context: &Context) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in files(&context.workspace.path("tests/live"), |name| name.ends_with(".test.mjs"))? {
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        names.extend(test_names(&text).map(str::to_owned));
    }
    if let Some(name) = names.iter().find(|name| !["server: ", "client: "].iter().any(|whose| name.starts_with(whose)))
    {
        bail!("a live test says whose behaviour it holds, `server: ` or `client: `: \"{name}\" does not");
    }
    Ok(names)
}

/// The names of the tests that stand in a file, each at the start of a line.
fn test_names(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| Some(line.strip_prefix("test(\"")?.split_once("\",")?.0))
}

pub(super) fn dashboard(context: &Context) -> Result<Counts> {
    // The package has to be there for the page to be checked against its types.
    context.tarball()?;
    let dist = page::build(&context.workspace)?;
    let www = context.workspace.path("www");
    let checked = run(npm(&www).args(["run", "--silent", "check"]));
    if let Err(error) = &checked {
        say(error.to_string());
    }
    let mut counts = Counts::one(checked.is_ok());
    let mut tests = npm(&www);
    context.point(&mut tests)?;
    tests.args(["test", "--silent"]).env("CHROMIUM", context.chromium()?).env("HATCHET_DASHBOARD_DIR", dist);
    counts += finish(context, "dashboard", &mut tests)?;
    Ok(counts)
}

/// The files of a folder of `tests/` in Node.
pub(super) fn in_node(context: &Context, name: &str) -> Result<Counts> {
    context.install("tests")?;
    node_tests(context, name, |_| Ok(()))
}

/// The files of a folder of `tests/`, which drive Chromium.
fn in_chromium(context: &Context, name: &str) -> Result<Counts> {
    context.install("tests")?;
    let chromium = context.chromium()?;
    node_tests(context, name, |tests| {
        tests.env("CHROMIUM", chromium);
        Ok(())
    })
}

/// Runs the `*.test.mjs` files of a folder of `tests/`.
fn node_tests(context: &Context, name: &str, point: impl FnOnce(&mut Command) -> Result<()>) -> Result<Counts> {
    let folder = context.workspace.path("tests").join(name);
    let files = files(&folder, |name| name.ends_with(".test.mjs"))?;
    let mut tests = node_test(context)?;
    point(&mut tests)?;
    tests.arg(FILE_TIMEOUT).args(files);
    finish(context, name, &mut tests)
}

/// Node's test runner in `tests/`, told where things are.
pub(super) fn node_test(context: &Context) -> Result<Command> {
    let mut tests = command("node", &context.workspace.path("tests"));
    context.point(&mut tests)?;
    tests.args(["--test", "--test-reporter=tap"]);
    Ok(tests)
}

pub(super) fn finish(context: &Context, name: &str, tests: &mut Command) -> Result<Counts> {
    let (succeeded, output) = context.capture(name, false, tests)?;
    eprint!("{}", table(&output));
    if !succeeded {
        eprint!("{}", failures(&output));
    }
    Ok(counts::of_node(&output).reconcile(succeeded))
}

/// The files of a folder whose names fit, in order; that there are none is an error, as nothing would be tested.
pub(super) fn files(folder: &Path, fits: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.file_name().and_then(OsStr::to_str).is_some_and(&fits) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("{} holds no tests", folder.display());
    }
    files.sort();
    Ok(files)
}

/// The rows of a table that tests told, each once: every file tells the head.
fn table(output: &str) -> String {
    let mut rows: Vec<&str> = Vec::new();
    for row in output.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| line.starts_with("| ")) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.iter().flat_map(|row| [row, "\n"]).collect()
}

/// The parts of TAP output that tell of failures; all of it when it is not TAP.
fn failures(output: &str) -> String {
    let mut shown = String::new();
    let mut inside = false;
    for line in output.lines() {
        let text = line.trim_start();
        inside |= text.starts_with("not ok ");
        if inside {
            shown.push_str(line);
            shown.push('\n');
        }
        inside &= text != "...";
    }
    if shown.is_empty() { output.to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_one_head() {
        let tap =
            "# Subtest: a\n# | where | list |\n# | Node | ok |\n# | where | list |\n# | Deno | FAILED |\n# pass 1\n";
        assert_eq!(table(tap), "| where | list |\n| Node | ok |\n| Deno | FAILED |\n");
        assert_eq!(table("# pass 1\n"), "");
    }

    #[test]
    fn tests_are_named_in_their_order() {
        let text = "test(\"server: a\", async () => {\n  test(\"inside\", x);\n});\ntest(\"client: b, and c\", { timeout: 5 }, f);\n";
        assert_eq!(test_names(text).collect::<Vec<_>>(), ["server: a", "client: b, and c"]);
    }

    #[test]
    fn only_failures_are_shown() {
        let tap = "TAP version 13\nok 1 - a\n  ---\n  ...\n    not ok 2 - b\n      ---\n      error: 'no'\n      ...\nok 3 - c\n";
        assert_eq!(failures(tap), "    not ok 2 - b\n      ---\n      error: 'no'\n      ...\n");
        assert_eq!(failures("SyntaxError"), "SyntaxError");
    }
}
