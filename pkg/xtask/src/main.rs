//! `cargo xtask`: builds, packs, serves and tests hatchet-scheduled.

mod bench;
mod browser;
mod crates;
mod deflate;
mod docs;
mod entries;
mod glue;
mod mark;
mod npm;
mod pack;
mod package;
mod page;
mod run;
mod server;
mod sizes;
mod stamp;
mod suites;
mod wasm;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::workspace::Workspace;

const HELP: &str = "\
cargo xtask <command>

  demo               the dashboard over an embedded Hatchet with seeded data, until Ctrl+C
    --port P           listen on this port (default: any free one)
    --seed N           begin with N runs (default: 5000)
    --data DIR         keep the data there (default: fresh at each start)
    --no-open          do not open the browser
  test               every suite; the last line is `N passed, N failed`
    --only SUITE       this suite alone; may be repeated
    --live             also play against the server of HATCHET_CLIENT_TOKEN
  soak MINUTES       the tests that break things, for that long; the last line is `N passed, N failed`
    --seed N           begin with this seed, to play a failure again
    --only NAME        this test of tests/soak alone; may be repeated
  bench [OPTIONS]    the client beside plain fetch and the official clients; `bench --help` shows its options
  build              the npm package in pkg/dist, and what it weighs; fails when it is too heavy
  pack               the npm tarball; its path is the last line of stdout
    --out DIR          where to put it
  docs               the reference of the npm package and of the crate; their first pages are the last lines
  serve [OPTIONS]    the embedded Hatchet alone; `serve --help` shows its options.
                     When ready it writes one line of JSON to stdout: url, token, tenantId
";

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<()> {
    let mut args = lexopt::Parser::from_env();
    match args.next()? {
        None | Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            Ok(())
        }
        Some(Value(command)) => {
            let command = command.to_string_lossy().into_owned();
            let arguments: Vec<_> = args.raw_args()?.collect();
            let asked = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
            match help_of(&command).filter(|_| asked) {
                Some(help) => print!("{help}"),
                None => carry_out(&command, lexopt::Parser::from_args(arguments))?,
            }
            Ok(())
        }
        Some(argument) => Err(argument.unexpected().into()),
    }
}

/// The lines that tell of a command; `None` where it tells of its options itself, or is none.
fn help_of(command: &str) -> Option<String> {
    let own = ["bench", "serve"];
    let head = format!("  {command} ");
    let mut lines = HELP.lines().skip_while(|line| !line.starts_with(&head));
    let first = lines.next().filter(|_| !own.contains(&command))?;
    let options = lines.take_while(|line| line.starts_with("    "));
    let told: String = options.map(|line| format!("{line}\n")).collect();
    Some(format!("cargo xtask{}\n{told}", first.get(1..)?))
}

fn carry_out(command: &str, mut args: lexopt::Parser) -> Result<()> {
    match command {
        "demo" => demo(args),
        "test" => test(args),
        "soak" => soak(args),
        "build" => build(args),
        "pack" => pack(args),
        "docs" => docs(args),
        "bench" => bench::bench(&Workspace::find()?, args.raw_args()?.collect()),
        "announce" => {
            let ready_file = PathBuf::from(args.value()?);
            server::announce(&ready_file, args.value()? == "open")
        }
        "serve" => server::serve(&Workspace::find()?, args.raw_args()?.collect()),
        other => bail!("unknown command `{other}`\n\n{HELP}"),
    }
}

fn demo(mut args: lexopt::Parser) -> Result<()> {
    let mut demo = server::Demo::default();
    while let Some(argument) = args.next()? {
        match argument {
            Long("port") => demo.port = Some(args.value()?),
            Long("seed") => demo.seed = Some(args.value()?),
            Long("data") => demo.data = Some(args.value()?),
            Long("no-open") => demo.no_open = true,
            other => return Err(other.unexpected().into()),
        }
    }
    server::demo(&Workspace::find()?, demo)
}

fn test(mut args: lexopt::Parser) -> Result<()> {
    let mut options = suites::Options::default();
    while let Some(argument) = args.next()? {
        match argument {
            Long("live") => options.live = true,
            Long("only") => options.only.push(args.value()?.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    suites::test(Workspace::find()?, &options)
}

fn soak(mut args: lexopt::Parser) -> Result<()> {
    let mut options = suites::SoakOptions::default();
    while let Some(argument) = args.next()? {
        match argument {
            Long("seed") => options.seed = Some(args.value()?.parse()?),
            Long("only") => options.only.push(args.value()?.to_string_lossy().into_owned()),
            Value(minutes) => options.minutes = minutes.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if !(options.minutes > 0.0 && options.minutes.is_finite()) {
        bail!("for how many minutes? `cargo xtask soak 10`");
    }
    suites::soak(Workspace::find()?, &options)
}

fn build(mut args: lexopt::Parser) -> Result<()> {
    if let Some(argument) = args.next()? {
        return Err(argument.unexpected().into());
    }
    let workspace = Workspace::find()?;
    package::build(&workspace)?;
    print!("{}", sizes::tables(&workspace)?);
    sizes::check(&workspace)
}

fn docs(mut args: lexopt::Parser) -> Result<()> {
    if let Some(argument) = args.next()? {
        return Err(argument.unexpected().into());
    }
    for page in docs::make(&Workspace::find()?)? {
        println!("{}", page.display());
    }
    Ok(())
}

fn pack(mut args: lexopt::Parser) -> Result<()> {
    let mut folder = None;
    while let Some(argument) = args.next()? {
        match argument {
            Long("out") => folder = Some(PathBuf::from(args.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::find()?;
    package::build(&workspace)?;
    println!("{}", pack::pack(&workspace, folder.as_deref())?.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::help_of;

    #[test]
    fn every_command_tells_of_itself_alone() {
        for command in ["demo", "test", "soak", "build", "pack", "docs"] {
            let help = help_of(command).unwrap_or_default();
            assert!(help.starts_with(&format!("cargo xtask {command} ")), "{command}: {help}");
            assert_eq!(help.matches("\n  ").count(), help.matches("\n    ").count(), "{command}: {help}");
        }
        assert!(help_of("demo").is_some_and(|help| help.contains("--no-open") && !help.contains("--live")));
        assert_eq!(help_of("bench").or(help_of("serve")).or(help_of("nothing")), None);
    }
}
