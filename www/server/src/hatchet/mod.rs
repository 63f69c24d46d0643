//! The server as a value: opened, ticked, and worked on by the routes.

mod clock;
mod engine;
mod options;
mod seed;
mod token;

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use uuid::Uuid;

pub use clock::Clock;
use engine::Engine;
pub use options::Options;
use seed::{WORKFLOWS, seed};
use token::Signer;
pub use token::tenant_of;

use crate::error::Error;
use crate::middleware::{Origins, Traffic};
use crate::store::{Registration, Store};
use crate::sync::lock;
use crate::wire::Refusal;

/// An embedded Hatchet. Clones are the same server.
#[derive(Clone)]
pub struct Hatchet(Arc<Inner>);

/// What all clones share.
struct Inner {
    tenant_id: Uuid,
    signer: Signer,
    token_ttl: TimeDelta,
    clock: Clock,
    settings: Settings,
    server_url: Mutex<String>,
    state: Mutex<State>,
    /// Wakes the engine when there may be something to do sooner than it thought.
    #[cfg(not(target_arch = "wasm32"))]
    changed: tokio::sync::Notify,
}

/// What the router goes by.
pub(crate) struct Settings {
    pub(crate) origins: Origins,
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) hosts: crate::middleware::Hosts,
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) static_files: Option<std::path::PathBuf>,
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) demo: bool,
    /// Where the controls for tests are to be served.
    pub(crate) traffic: Option<Arc<Traffic>>,
}

/// What changes, behind one lock.
pub(crate) struct State {
    pub(crate) tenant_id: Uuid,
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) clock: Clock,
}

impl Hatchet {
    /// Opens the data folder, or a server in memory. The tenant and the signing key are kept with the data, so that a
    /// token outlives a restart.
    ///
    /// # Errors
    /// When the folder cannot be read or written, or an origin or a host is none.
    pub fn open(options: Options) -> Result<Self, Error> {
        let mut store = match &options.snapshot {
            Some(snapshot) => Store::restore(snapshot)?,
            None => Store::open(options.data.as_deref())?,
        };
        let tenant_id = store.setting("tenant_id", || Uuid::new_v4().as_bytes().to_vec())?;
        let tenant_id = Uuid::from_slice(&tenant_id).map_err(|_| Error::Damaged("a tenant id that is no UUID"))?;
        let random = || (0..3).flat_map(|_| *Uuid::new_v4().as_bytes()).collect();
        let signer = Signer::new(store.setting("signing_key", random)?);
        let now = options.clock.now();
        for (name, description) in WORKFLOWS {
            store.register(Registration { name, description, ..Registration::default() }, now)?;
        }
        for name in &options.workflows {
            store.register(Registration { name, ..Registration::default() }, now)?;
        }
        if options.seed > 0 && store.index.len() == 0 {
            seed(&mut store, options.seed, now)?;
        }
        let origins = Origins::new(&options.allowed_origins)
            .map_err(|error| Error::Options(format!("an allowed origin is no pattern: {error}")))?;
        let engine = Engine::new(now.timestamp_millis());
        let state = State { tenant_id, store, engine, clock: options.clock.clone() };
        let settings = Settings {
            origins,
            #[cfg(not(target_arch = "wasm32"))]
            hosts: crate::middleware::Hosts::new(&options.allowed_hosts).map_err(|wrong| {
                Error::Options(format!("an allowed host is a name or an address without a port, and {wrong:?} is not"))
            })?,
            #[cfg(not(target_arch = "wasm32"))]
            static_files: options.static_files,
            #[cfg(not(target_arch = "wasm32"))]
            demo: options.demo,
            traffic: options.test_controls.then(Arc::default),
        };
        Ok(Self(Arc::new(Inner {
            tenant_id,
            signer,
            token_ttl: options.token_ttl,
            clock: options.clock,
            settings,
            server_url: Mutex::new(options.server_url),
            state: Mutex::new(state),
            #[cfg(not(target_arch = "wasm32"))]
            changed: tokio::sync::Notify::new(),
        })))
    }

    /// What the router goes by.
    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// A new token.
    #[must_use]
    pub fn token(&self) -> String {
        self.0.signer.sign(self.0.tenant_id, &self.server_url(), self.0.token_ttl)
    }

    /// Whether the value of an `Authorization` header holds a good token.
    pub(crate) fn accepts(&self, authorization: Option<&str>) -> bool {
        self.0.signer.accepts(authorization, self.0.tenant_id)
    }

    /// The tenant that owns everything here.
    #[must_use]
    pub fn tenant_id(&self) -> Uuid {
        self.0.tenant_id
    }

    /// The address that tokens name.
    #[must_use]
    pub fn server_url(&self) -> String {
        lock(&self.0.server_url).clone()
    }

    /// Names the address at which the server turned out to listen.
    pub fn set_server_url(&self, url: impl Into<String>) {
        *lock(&self.0.server_url) = url.into();
    }

    /// The server's clock. After moving it by hand call [`tick`](Self::tick).
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Lets the engine do all that falls in the time up to now.
    ///
    /// # Errors
    /// When the database refuses; nothing is lost, and the next tick does it.
    pub fn tick(&self) -> Result<(), Error> {
        let mut state = lock(&self.0.state);
        let State { store, engine, clock, .. } = &mut *state;
        engine.tick(store, clock.now().timestamp_millis())
    }

    /// All that a server without a folder keeps, as a text for [`Options::snapshot`]. What is armed is found again.
    ///
    /// # Errors
    /// From a server with a folder, which keeps it there.
    pub fn snapshot(&self) -> Result<String, Error> {
        lock(&self.0.state).store.snapshot()
    }

    /// Another number after every change of what is kept.
    #[must_use]
    pub fn changes(&self) -> u64 {
        lock(&self.0.state).store.changes()
    }

    /// Moves the clock and lets the engine do what falls in that time.
    ///
    /// # Errors
    /// As for [`tick`](Self::tick).
    pub fn advance(&self, by: TimeDelta) -> Result<(), Error> {
        self.0.clock.advance(by);
        self.tick()
    }

    /// Lets a running engine look at the clock again.
    pub(crate) fn wake(&self) {
        #[cfg(not(target_arch = "wasm32"))]
        self.0.changed.notify_one();
    }

    /// Works on the state, here.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut lock(&self.0.state))
    }

    /// Runs `work` on the state, on a thread that may block.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let hatchet = self.clone();
        blocking(move || work(&mut lock(&hatchet.0.state))).await?
    }

    /// Lets the engine do all that falls in the time up to now, on a thread that may block.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) async fn tick_apart(&self) -> Result<(), Refusal> {
        let hatchet = self.clone();
        Ok(blocking(move || hatchet.tick()).await??)
    }

    /// When the engine has something to do next, in milliseconds since 1970.
    pub fn next_event(&self) -> i64 {
        lock(&self.0.state).engine.next_event()
    }

    /// Runs the engine by the clock until the future is dropped.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn run_engine(&self) {
        loop {
            if let Err(error) = self.tick_apart().await {
                eprintln!("the engine could not start runs, and tries again: {error:?}");
            }
            let wait = (self.next_event() - self.0.clock.now().timestamp_millis()).clamp(10, 5_000);
            let wait = std::time::Duration::from_millis(u64::try_from(wait).unwrap_or(10));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.0.changed.notified() => {}
            }
        }
    }
}

/// Runs work on a thread that may block.
#[cfg(not(target_arch = "wasm32"))]
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::Internal(error.to_string()))
}

/// Runs work here: there is one thread.
#[cfg(target_arch = "wasm32")]
async fn blocking<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    Ok(work())
}
