//! How a server is to be.

use std::path::PathBuf;

use chrono::TimeDelta;

use super::clock::Clock;

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where data is kept; in memory where absent.
    pub data: Option<PathBuf>,
    /// What [`Hatchet::snapshot`](super::Hatchet::snapshot) told, to go on from, where there is no folder.
    pub snapshot: Option<String>,
    /// What time it is.
    pub clock: Clock,
    /// Further workflows to register.
    pub workflows: Vec<String>,
    /// Origins that may call, such as `https://*.example.com`; every origin where empty.
    pub allowed_origins: Vec<String>,
    /// Names and addresses by which requests that come over the network may call the server, besides those of this machine.
    pub allowed_hosts: Vec<String>,
    /// How long a token is good.
    pub token_ttl: TimeDelta,
    /// The address that tokens name.
    pub server_url: String,
    /// How many believable runs to start with, where there are none yet.
    pub seed: usize,
    /// A folder whose files are served at `/`.
    pub static_files: Option<PathBuf>,
    /// Hand address and token to the page at `/embedded/session.json`, on this machine only.
    pub demo: bool,
    /// Serve the controls for tests under `/test/`.
    pub test_controls: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: None,
            snapshot: None,
            clock: Clock::system(),
            workflows: Vec::new(),
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            token_ttl: TimeDelta::days(90),
            server_url: "http://127.0.0.1:8080".to_owned(),
            seed: 0,
            static_files: None,
            demo: false,
            test_controls: false,
        }
    }
}
