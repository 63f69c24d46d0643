//! `cargo xtask test`.

mod context;
mod counts;
mod dependencies;
mod docs;
mod floors;
mod javascript;
mod release;
mod rust;
mod soak;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::run::say;
use crate::workspace::Workspace;

use context::Context;
use counts::Counts;
pub(crate) use soak::{Options as SoakOptions, soak};

/// A suite by the name that `--only` takes.
struct Suite {
    name: &'static str,
    about: &'static str,
    run: fn(&Context) -> Result<Counts>,
}

const SUITES: [Suite; 25] = [
    Suite { name: "fmt", about: "rustfmt", run: rust::fmt },
    Suite { name: "clippy", about: "clippy, native and wasm32", run: rust::clippy },
    Suite { name: "floors", about: "imports go downwards, without a circle", run: floors::check },
    Suite { name: "rust", about: "unit, flow, recordings and server tests", run: rust::tests },
    Suite { name: "docs", about: "rustdoc and the reference of the npm package", run: docs::check },
    Suite { name: "dependencies", about: "licences and sources of dependencies", run: dependencies::check },
    Suite { name: "types", about: "the package's types", run: javascript::types },
    Suite { name: "size", about: "what the client adds to a page", run: javascript::size },
    Suite { name: "package", about: "the packed tarball", run: javascript::package },
    Suite { name: "release", about: "publishing, as far as a dry run goes", run: release::check },
    Suite { name: "node", about: "the package in Node", run: javascript::node },
    Suite { name: "server", about: "the handler that keeps the token on a server", run: javascript::server },
    Suite { name: "cli", about: "the command", run: javascript::cli },
    Suite { name: "testing", about: "the embedded Hatchet of the package", run: javascript::testing },
    Suite { name: "follow", about: "from a schedule to its run", run: javascript::follow },
    Suite { name: "reconcile", about: "a set of runs as it is wanted", run: javascript::reconcile },
    Suite { name: "opentelemetry", about: "traces of calls", run: javascript::opentelemetry },
    Suite { name: "react", about: "the hooks for React", run: javascript::react },
    Suite { name: "browser", about: "the package in Chromium", run: javascript::browser },
    Suite { name: "element", about: "the dashboard in other pages, in Chromium", run: javascript::element },
    Suite { name: "dashboard", about: "the page", run: javascript::dashboard },
    Suite {
        name: "examples",
        about: "the examples of README, MIGRATING and tests/examples",
        run: javascript::examples,
    },
    Suite {
        name: "runtimes",
        about: "the package in every runtime, bundler, runner and browser",
        run: javascript::runtimes,
    },
    Suite { name: "soak", about: "what is broken on purpose, a share of it", run: soak::share },
    Suite { name: "live", about: "any Hatchet server", run: javascript::live },
];

/// What `test` was asked for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Play the live suite as well.
    pub(crate) live: bool,
    /// These suites alone.
    pub(crate) only: Vec<String>,
}

/// Runs the suites one after the other; the last line of stdout is the sum.
pub(crate) fn test(workspace: Workspace, options: &Options) -> Result<()> {
    if let Some(unknown) = options.only.iter().find(|name| !SUITES.iter().any(|suite| suite.name == **name)) {
        let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        bail!("there is no suite `{unknown}`: there are {}", known.join(", "));
    }
    let named = |name: &str| options.only.iter().any(|only| only == name);
    let live = options.live || named("live");
    let asked = |suite: &Suite| match suite.name {
        "live" => live,
        name => options.only.is_empty() || named(name),
    };
    let context = Context::new(workspace);
    let mut results = Vec::new();
    for suite in SUITES.iter().filter(|suite| asked(suite)) {
        say(format!("{}: {}", suite.name, suite.about));
        let started = Instant::now();
        let counts = (suite.run)(&context).unwrap_or_else(|error| {
            say(format!("{} could not run: {error:#}", suite.name));
            Counts::one(false)
        });
        say(format!(
            "{}: {} passed, {} failed ({:.1} s)",
            suite.name,
            counts.passed,
            counts.failed,
            started.elapsed().as_secs_f64()
        ));
        results.push((suite, counts, started.elapsed()));
    }
    report(&results);
    if !live && options.only.is_empty() {
        not_played(&javascript::live_tests(&context)?);
    }
    let mut sum = Counts::default();
    results.iter().for_each(|(_, counts, _)| sum += *counts);
    counts::close(sum)
}

/// Says what was not run, so that nobody takes it for passed.
fn not_played(names: &[String]) {
    println!("live: {} tests were not run, and are in none of the sums, as they need a real Hatchet:", names.len());
    for name in names {
        println!("  {name}");
    }
    println!("`--live` plays them, with a token of its in HATCHET_CLIENT_TOKEN.\n");
}

fn report(results: &[(&Suite, Counts, Duration)]) {
    println!("\n{:<14}{:>8}{:>8}{:>9}{:>9}", "suite", "passed", "failed", "skipped", "seconds");
    for (suite, counts, took) in results {
        let Counts { passed, failed, skipped } = counts;
        println!("{:<14}{passed:>8}{failed:>8}{skipped:>9}{:>9.1}", suite.name, took.as_secs_f64());
    }
    println!();
}
