//! The client's effects through JavaScript.

use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::millis;
use super::event;
use super::fetch::{Fetcher, page_origin};
use crate::http::{NoAnswer, Request, Response};
use crate::time::{UnknownZone, Zones};
use crate::transport::{Event, Happening, Keepalive, Platform};

#[wasm_bindgen(raw_module = "./platform.js")]
extern "C" {
    /// A timer that runs.
    type Timer;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Timer) -> Promise;

    #[wasm_bindgen(method)]
    fn cancel(this: &Timer);

    /// Whether the runtime's requests know `cache`; some refuse what they do not know.
    #[wasm_bindgen(js_name = takesCache, catch)]
    fn takes_cache() -> Result<bool, JsValue>;

    /// Seconds east of UTC of a zone at an instant; NaN for an unknown zone.
    fn offset(zone: &str, at: f64) -> f64;
}

#[wasm_bindgen]
extern "C" {
    /// The functions that the facade passes on from the caller.
    pub type Hooks;

    #[wasm_bindgen(method, getter)]
    pub(super) fn token(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter)]
    fn fetch(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter, js_name = onEvent)]
    fn on_event(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter, js_name = onWarning)]
    fn on_warning(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter)]
    fn clock(this: &Hooks) -> Clock;

    /// What waits go by.
    type Clock;

    /// Starts a timer.
    #[wasm_bindgen(method, catch)]
    fn sleep(this: &Clock, milliseconds: f64) -> Result<Timer, JsValue>;

    /// Milliseconds by a clock that nobody sets.
    #[wasm_bindgen(method, catch)]
    fn monotonic(this: &Clock) -> Result<f64, JsValue>;

    /// Milliseconds since 1970. A clock that fails is one to break at, as any other time would be a wrong one.
    #[wasm_bindgen(method)]
    fn now(this: &Clock) -> f64;
}

thread_local! {
    /// All clients of a page share what it may have under way.
    static KEEPALIVE: Rc<Keepalive> = Rc::default();
}

/// JavaScript, as the client needs it.
pub(super) struct JsPlatform {
    fetcher: Fetcher,
    clock: Clock,
    /// In a page, or a worker of one.
    keepalive: Option<Rc<Keepalive>>,
    on_event: Option<Function>,
    /// Told of warnings where nobody is told of all events.
    on_warning: Option<Function>,
}

impl JsPlatform {
    pub(super) fn new(hooks: Hooks) -> Self {
        Self {
            fetcher: Fetcher::new(hooks.fetch(), takes_cache().unwrap_or_default()),
            clock: hooks.clock(),
            keepalive: page_origin().map(|_| KEEPALIVE.with(Rc::clone)),
            on_event: hooks.on_event(),
            on_warning: hooks.on_warning(),
        }
    }
}

impl Zones for JsPlatform {
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        let seconds = offset(zone, at.timestamp_millis() as f64);
        if seconds.is_nan() { Err(UnknownZone) } else { Ok(seconds as i32) }
    }
}

impl Platform for JsPlatform {
    async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        self.fetcher.send(request).await
    }

    async fn sleep(&self, duration: Duration) {
        // Never short: whoever waits for the rest of a time would wait for nothing, again and again.
        let whole = duration.saturating_add(Duration::from_nanos(999_999));
        match self.clock.sleep(millis(whole)).map(Running) {
            Ok(timer) => {
                let _ = JsFuture::from(timer.0.promise()).await;
            }
            // Where there are no timers, nothing is ever too late.
            Err(_) => std::future::pending().await,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.clock.now() as i64).unwrap_or_default()
    }

    fn monotonic(&self) -> Duration {
        Duration::try_from_secs_f64(self.clock.monotonic().unwrap_or_default() / 1000.0).unwrap_or_default()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn keepalive(&self) -> Option<&Keepalive> {
        self.keepalive.as_deref()
    }

    fn page_origin(&self) -> Option<String> {
        page_origin()
    }

    fn observe(&self, event: &Event<'_>) {
        let warned = self.on_warning.as_ref().filter(|_| matches!(event.what, Happening::Warning(_)));
        if let Some(observer) = self.on_event.as_ref().or(warned) {
            event::tell(observer, event);
        }
    }
}

/// A pending timer keeps a process alive, so it is ended when nobody waits for it any more.
struct Running(Timer);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
