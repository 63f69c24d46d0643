//! The server as a value: opened, asked for its router, ticked.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request;
use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tower::ServiceExt;
use uuid::Uuid;

use crate::api::{self, Refusal};
use crate::clock::Clock;
use crate::controls::{self, Controls};
use crate::cors::{self, Origins};
use crate::engine::Engine;
use crate::error::Error;
use crate::pages;
use crate::seed::{self, WORKFLOWS};
use crate::store::Store;
use crate::token::Signer;

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where data is kept; in memory where absent.
    pub data: Option<PathBuf>,
    /// What time it is.
    pub clock: Clock,
    /// Further workflows to register.
    pub workflows: Vec<String>,
    /// Origins that may call, such as `https://*.example.com`; every origin where empty.
    pub allowed_origins: Vec<String>,
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
            clock: Clock::system(),
            workflows: Vec::new(),
            allowed_origins: Vec::new(),
            token_ttl: TimeDelta::days(90),
            server_url: "http://127.0.0.1:8080".to_owned(),
            seed: 0,
            static_files: None,
            demo: false,
            test_controls: false,
        }
    }
}

/// An embedded Hatchet. Clones are the same server.
#[derive(Clone)]
pub struct Hatchet {
    inner: Arc<Inner>,
    settings: Arc<Settings>,
}

/// What was decided at the start.
struct Settings {
    origins: Origins,
    token_ttl: TimeDelta,
    static_files: Option<PathBuf>,
    demo: bool,
    controls: Option<Arc<Controls>>,
}

/// What all handlers share.
pub(crate) struct Inner {
    pub(crate) tenant_id: Uuid,
    pub(crate) signer: Signer,
    pub(crate) clock: Clock,
    server_url: Mutex<String>,
    state: Mutex<State>,
    /// Wakes the engine when there may be something to do sooner than it thought.
    changed: Notify,
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
    /// When the folder cannot be read or written, or an origin is no pattern.
    pub fn open(options: Options) -> Result<Self, Error> {
        let mut store = Store::open(options.data.as_deref())?;
        let tenant_id = store.setting("tenant_id", || Uuid::new_v4().as_bytes().to_vec())?;
        let tenant_id = Uuid::from_slice(&tenant_id).map_err(|_| Error::Damaged("a tenant id that is no UUID"))?;
        let random = || (0..3).flat_map(|_| *Uuid::new_v4().as_bytes()).collect();
        let signer = Signer::new(store.setting("signing_key", random)?);
        let now = options.clock.now();
        for (name, description) in WORKFLOWS {
            store.register(name, description, false, now)?;
        }
        for name in &options.workflows {
            store.register(name, "", false, now)?;
        }
        if options.seed > 0 && store.index.len() == 0 {
            seed::seed(&mut store, options.seed, now)?;
        }
        let origins = Origins::new(&options.allowed_origins)
            .map_err(|error| Error::Options(format!("an allowed origin is no pattern: {error}")))?;
        let engine = Engine::new(now.timestamp_millis());
        let state = State { tenant_id, store, engine, clock: options.clock.clone() };
        let inner = Inner {
            tenant_id,
            signer,
            clock: options.clock,
            server_url: Mutex::new(options.server_url),
            state: Mutex::new(state),
            changed: Notify::new(),
        };
        let settings = Settings {
            origins,
            token_ttl: options.token_ttl,
            static_files: options.static_files,
            demo: options.demo,
            controls: options.test_controls.then(Arc::default),
        };
        Ok(Self { inner: Arc::new(inner), settings: Arc::new(settings) })
    }

    /// Everything as a service: for a listener, or for a test to call in its own process.
    pub fn router(&self) -> Router {
        let mut api = api::router(Arc::clone(&self.inner));
        if let Some(controls) = &self.settings.controls {
            api = controls::wrap(api, self.clone(), Arc::clone(controls));
        }
        let api = api.layer(axum::middleware::from_fn_with_state(self.settings.origins.clone(), cors::layer));
        let mut pages = match &self.settings.static_files {
            Some(folder) => pages::files(folder),
            None if self.settings.demo => Router::new(),
            None => return api,
        };
        if self.settings.demo {
            pages = pages.merge(pages::hand_over(self.clone()));
        }
        // Files and the hand-over stay outside of CORS: another site's page must not read them.
        Router::new().fallback(move |request: Request| {
            let is_api = ["/api/", "/test/"].iter().any(|prefix| request.uri().path().starts_with(prefix));
            if is_api { api.clone() } else { pages.clone() }.oneshot(request)
        })
    }

    /// A new token.
    #[must_use]
    pub fn token(&self) -> String {
        self.inner.signer.sign(self.inner.tenant_id, &self.server_url(), self.settings.token_ttl)
    }

    /// The tenant that owns everything here.
    #[must_use]
    pub fn tenant_id(&self) -> Uuid {
        self.inner.tenant_id
    }

    /// The address that tokens name.
    #[must_use]
    pub fn server_url(&self) -> String {
        lock(&self.inner.server_url).clone()
    }

    /// Names the address at which the server turned out to listen.
    pub fn set_server_url(&self, url: impl Into<String>) {
        *lock(&self.inner.server_url) = url.into();
    }

    /// The server's clock. After moving it by hand call [`tick`](Self::tick).
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Lets the engine do all that falls in the time up to now.
    ///
    /// # Errors
    /// When the database refuses; nothing is lost, and the next tick does it.
    pub fn tick(&self) -> Result<(), Error> {
        let mut state = lock(&self.inner.state);
        let State { store, engine, clock, .. } = &mut *state;
        engine.tick(store, clock.now().timestamp_millis())
    }

    /// Moves the clock and lets the engine do what falls in that time.
    ///
    /// # Errors
    /// As for [`tick`](Self::tick).
    pub fn advance(&self, by: TimeDelta) -> Result<(), Error> {
        self.inner.clock.advance(by);
        self.tick()
    }

    /// Serves on a listener, with the engine running, until `stop` is done; open requests get five seconds to finish.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = crate::serve::serve(listener, self.router(), stop) => {}
            () = self.run_engine() => {}
        }
    }

    /// Lets a running engine look at the clock again.
    pub(crate) fn wake(&self) {
        self.inner.changed.notify_one();
    }

    /// Runs `work` on the state, on a thread that may block.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.inner.run(work).await
    }

    /// Runs the engine by the clock until the future is dropped.
    pub async fn run_engine(&self) {
        loop {
            let hatchet = self.clone();
            let ticked = tokio::task::spawn_blocking(move || hatchet.tick()).await;
            if let Ok(Err(error)) = &ticked {
                eprintln!("the engine could not start runs, and tries again: {error}");
            }
            let next = lock(&self.inner.state).engine.next_event();
            let wait = (next - self.inner.clock.now().timestamp_millis()).clamp(10, 5_000);
            let wait = std::time::Duration::from_millis(u64::try_from(wait).unwrap_or(10));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.inner.changed.notified() => {}
            }
        }
    }
}

impl Inner {
    /// Runs `work` on the state, on a thread that may block.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut State) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let inner = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&mut lock(&inner.state))).await;
        done.unwrap_or_else(|error| Err(Refusal::Internal(error.to_string())))
    }
}

/// A panic while the lock was held leaves the data as the last transaction left it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
