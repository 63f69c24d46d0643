//! `cargo xtask test`.

mod advisories;
mod context;
mod counts;
mod dependencies;
mod docs;
mod floors;
mod javascript;
mod lanes;
mod release;
mod rust;
mod soak;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::run::say;
use crate::workspace::Workspace;

use context::Context;
use counts::Counts;
use lanes::Lane;
pub(crate) use soak::{Options as SoakOptions, soak};

/// A suite by the name that `--only` takes.
struct Suite {
    name: &'static str,
    about: &'static str,
    lane: Lane,
    run: fn(&Context) -> Result<Counts>,
}

const fn cargo(name: &'static str, about: &'static str, run: fn(&Context) -> Result<Counts>) -> Suite {
    Suite { name, about, lane: Lane::Cargo, run }
}

const fn beside(name: &'static str, about: &'static str, run: fn(&Context) -> Result<Counts>) -> Suite {
    Suite { name, about, lane: Lane::Beside, run }
}

/// Those of a lane run in this order: what compiles for others first, then what takes longest.
const SUITES: [Suite; 26] = [
    cargo("fmt", "rustfmt", rust::fmt),
    cargo("floors", "imports go downwards, without a circle", floors::check),
    cargo("rust", "unit, flow, recordings and server tests", rust::tests),
    cargo("clippy", "clippy, native and wasm32", rust::clippy),
    cargo("docs", "rustdoc and the reference of the npm package", docs::check),
    cargo("dependencies", "licences, sources and known vulnerabilities of dependencies", dependencies::check),
    cargo("release", "publishing, as far as a dry run goes", release::check),
    beside("size", "what the client adds to a page", javascript::size),
    beside("types", "the package's types", javascript::types),
    beside("package", "the packed tarball", javascript::package),
    beside("dashboard", "the page", javascript::dashboard),
    beside("runtimes", "the package in every runtime, bundler, runner and browser", javascript::runtimes),
    beside("soak", "what is broken on purpose, a share of it", soak::share),
    beside("node", "the package in Node", javascript::node),
    beside("cli", "the command", javascript::cli),
    beside("element", "the dashboard in other pages, in Chromium", javascript::element),
    beside("examples", "the examples of README, MIGRATING and tests/examples", javascript::examples),
    beside("browser", "the package in Chromium", javascript::browser),
    beside("server", "the handler that keeps the token on a server", javascript::server),
    beside("security", "that the token stays where it belongs, and nothing foreign gets in", javascript::security),
    beside("testing", "the embedded Hatchet of the package", javascript::testing),
    beside("follow", "from a schedule to its run", javascript::follow),
    beside("reconcile", "a set of runs as it is wanted", javascript::reconcile),
    beside("opentelemetry", "traces of calls", javascript::opentelemetry),
    beside("react", "the hooks for React", javascript::react),
    beside("live", "any Hatchet server", javascript::live),
];

/// What `test` was asked for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Play the live suite as well.
    pub(crate) live: bool,
    /// These suites alone.
    pub(crate) only: Vec<String>,
}

/// Runs the suites, side by side where they may; the last line of stdout is the sum.
pub(crate) fn test(workspace: Workspace, options: &Options) -> Result<()> {
    if let Some(unknown) = options.only.iter().find(|name| !SUITES.iter().any(|suite| suite.name == **name)) {
        let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        bail!("there is no suite `{unknown}`: there are {}", known.join(", "));
    }
    let named = |name: &str| options.only.iter().any(|only| only == name);
    let live = options.live || named("live");
    let asked = |suite: &&Suite| match suite.name {
        "live" => live,
        name => options.only.is_empty() || named(name),
    };
    let context = Context::new(workspace);
    let suites: Vec<_> = SUITES.iter().filter(asked).collect();
    let results = lanes::run(&suites, |suite| suite.lane, |suite| play(suite, &context));
    report(&suites, &results);
    if !live && options.only.is_empty() {
        not_played(&javascript::live_tests(&context)?);
    }
    let mut sum = Counts::default();
    results.iter().for_each(|(counts, _)| sum += *counts);
    counts::close(sum)
}

fn play(suite: &Suite, context: &Context) -> (Counts, Duration) {
    say(format!("{}: {}", suite.name, suite.about));
    let started = Instant::now();
    let counts = (suite.run)(context).unwrap_or_else(|error| {
        say(format!("{} could not run: {error:#}", suite.name));
        Counts::one(false)
    });
    let took = started.elapsed();
    say(format!("{}: {} passed, {} failed ({:.1} s)", suite.name, counts.passed, counts.failed, took.as_secs_f64()));
    (counts, took)
}

/// Says what was not run, so that nobody takes it for passed.
fn not_played(names: &[String]) {
    println!("live: {} tests were not run, and are in none of the sums, as they need a real Hatchet:", names.len());
    for name in names {
        println!("  {name}");
    }
    println!("`--live` plays them, with a token of its in HATCHET_CLIENT_TOKEN.\n");
}

fn report(suites: &[&Suite], results: &[(Counts, Duration)]) {
    println!("\n{:<14}{:>8}{:>8}{:>9}{:>9}", "suite", "passed", "failed", "skipped", "seconds");
    for (suite, (counts, took)) in suites.iter().zip(results) {
        let Counts { passed, failed, skipped } = counts;
        println!("{:<14}{passed:>8}{failed:>8}{skipped:>9}{:>9.1}", suite.name, took.as_secs_f64());
    }
    println!();
}
