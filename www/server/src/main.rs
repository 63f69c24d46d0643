//! The command `hatchet-embedded`.

use std::io::{IsTerminal, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Parser, Subcommand};
use hatchet_embedded::replay::{Live, Recording, replay};
use hatchet_embedded::{Clock, Error, Hatchet, Options};
use tokio::net::TcpListener;

/// A Hatchet server for scheduled runs in one process.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Plays recorded steps against a server and compares the answers.
    Replay(Replay),
}

#[derive(Args)]
struct Serve {
    /// Port to listen on; 0 for any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Folder that keeps the data; in memory, gone at the end, where absent.
    #[arg(long)]
    data: Option<PathBuf>,
    /// File that gets the line of JSON printed when the server is ready.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// Registers a further workflow; may be repeated.
    #[arg(long = "workflow", value_name = "NAME")]
    workflows: Vec<String>,
    /// Origins that may call, separated by commas, such as https://*.example.com; all where absent.
    #[arg(long, value_delimiter = ',', env = "SERVER_ALLOWED_ORIGINS")]
    allowed_origins: Vec<String>,
    /// A name or an address, without a port, by which the server may be called besides this machine's own; may be repeated.
    #[arg(long = "allowed-host", value_name = "HOST")]
    allowed_hosts: Vec<String>,
    /// Starts with this many believable runs, where the data holds none yet.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: usize,
    /// Serves the files of a folder, the built dashboard, at /.
    #[arg(long = "static", value_name = "DIR")]
    static_files: Option<PathBuf>,
    /// Hands address and token to the page, at /embedded/session.json, on this machine only.
    #[arg(long)]
    demo: bool,
    /// Serves the controls for tests under /test/: faults, clock, data.
    #[arg(long)]
    test_controls: bool,
    /// Stands still at this time, such as 2027-01-13T09:20:00Z, until the controls move it.
    #[arg(long, value_name = "TIME", requires = "test_controls")]
    clock: Option<DateTime<Utc>>,
    /// How long the token is good, in seconds.
    #[arg(long, default_value_t = 90 * 24 * 3600)]
    token_ttl: i64,
}

#[derive(Args)]
struct Replay {
    /// The recording.
    #[arg(long)]
    recordings: PathBuf,
    /// Address of a server, https://host:port or http://host:port; a new server in this process where absent.
    #[arg(long, requires = "token")]
    url: Option<String>,
    /// A token of the server, whose tenant should be empty.
    #[arg(long, env = "HATCHET_CLIENT_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The token's tenant.
    #[arg(long, env = "HATCHET_CLIENT_TENANT_ID")]
    tenant: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Replay(options)) => play(options).await,
        None => serve(cli.serve).await.map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("hatchet-embedded: {error}");
        ExitCode::FAILURE
    })
}

async fn serve(options: Serve) -> Result<(), Error> {
    if !options.host.is_loopback() {
        if options.demo {
            return Err(Error::Options("--demo hands out the token, so it needs a loopback --host".to_owned()));
        }
        eprintln!("WARNING: listening on {}: everyone who can reach this machine can reach this server.", options.host);
    }
    if let Some(folder) = options.static_files.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(Error::Options(format!("--static {} is no folder", folder.display())));
    }
    match &options.data {
        Some(folder) => eprintln!("data is kept in {}", folder.display()),
        None => eprintln!("data is kept in memory only and is gone when the server stops (--data keeps it)"),
    }
    let hatchet = Hatchet::open(Options {
        data: options.data,
        clock: options.clock.map_or_else(Clock::system, Clock::manual),
        workflows: options.workflows,
        allowed_origins: options.allowed_origins.into_iter().filter(|origin| !origin.is_empty()).collect(),
        allowed_hosts: options.allowed_hosts,
        token_ttl: TimeDelta::seconds(options.token_ttl),
        seed: options.seed,
        static_files: options.static_files,
        demo: options.demo,
        test_controls: options.test_controls,
        ..Options::default()
    })?;
    let address = (options.host, options.port);
    let failed = |source| Error::Io { what: format!("listening on {}:{}", address.0, address.1), source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    hatchet.set_server_url(format!("http://{address}"));
    let stop = stopped()?;
    announce(&hatchet, options.ready_file.as_deref())?;
    hatchet.serve(listener, stop).await;
    Ok(())
}

/// One line of JSON for whoever started the server: on standard output, and in the file, which appears complete.
fn announce(hatchet: &Hatchet, file: Option<&Path>) -> Result<(), Error> {
    let ready = serde_json::json!({
        "url": hatchet.server_url(), "token": hatchet.token(), "tenantId": hatchet.tenant_id().to_string(),
    });
    if let Some(path) = file {
        let failed = |source| Error::Io { what: format!("writing {}", path.display()), source };
        let partial = path.with_extension("partial");
        std::fs::write(&partial, format!("{ready}\n")).map_err(failed)?;
        std::fs::rename(&partial, path).map_err(failed)?;
    }
    let mut stdout = std::io::stdout();
    let failed = |source| Error::Io { what: "writing to standard output".to_owned(), source };
    writeln!(stdout, "{ready}").and_then(|()| stdout.flush()).map_err(failed)?;
    if stdout.is_terminal() {
        eprintln!("listening; Ctrl-C stops");
    }
    Ok(())
}

/// Done when the process is asked to stop. Listens from the call on, not from the first poll: whoever reads the ready
/// line may stop the server the next moment.
#[cfg(unix)]
fn stopped() -> Result<impl Future<Output = ()>, Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen =
        |kind| signal(kind).map_err(|source| Error::Io { what: "listening for signals to stop".to_owned(), source });
    let (mut interrupted, mut terminated) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Done when the process is asked to stop.
#[cfg(not(unix))]
fn stopped() -> Result<impl Future<Output = ()>, Error> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

async fn play(options: Replay) -> Result<ExitCode, Error> {
    let recording = Recording::open(&options.recordings)?;
    let report = match (&options.url, &options.token) {
        (Some(url), Some(token)) => {
            let tenant = options.tenant.or_else(|| hatchet_embedded::tenant_of(token));
            let tenant = tenant.ok_or_else(|| Error::Options("the token names no tenant: give --tenant".to_owned()))?;
            replay(&recording, &Live::new(url)?, &tenant, token.trim()).await?
        }
        _ => {
            let hatchet = Hatchet::open(Options::default())?;
            let tenant = hatchet.tenant_id().to_string();
            replay(&recording, &hatchet.router(), &tenant, &hatchet.token()).await?
        }
    };
    println!("{report}");
    Ok(if report.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
