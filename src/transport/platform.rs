//! Every effect the client has on the world: requests, waits, the clocks, chance, zones, and what it tells observers.
//!
//! The rest of the crate is pure or goes through [`Platform`], so that it runs natively in tests on a scripted
//! platform with a virtual clock, and in JavaScript on `fetch`.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Event, Keepalive};
use crate::http::{NoAnswer, Request, Response};
use crate::time::Zones;

/// Every effect. Futures need not be `Send`: the client lives where JavaScript does, on one thread.
pub trait Platform: Zones {
    /// Sends a request and reads its answer to the end. Dropping the future must abort the request for real.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, NoAnswer>>;
    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;
    /// The time on the wall, which somebody may have set wrong, or may set meanwhile.
    fn now(&self) -> DateTime<Utc>;
    /// The time since any fixed instant, by a clock that nobody sets: what limits and waits go by.
    fn monotonic(&self) -> Duration;
    /// A number from 0 (included) to 1 (excluded), for jitter.
    fn random(&self) -> f64;
    /// What is under way of requests that outlive their page; `None` where nothing limits them.
    fn keepalive(&self) -> Option<&Keepalive> {
        None
    }
    /// The origin of the page that this is part of, where there is one.
    fn page_origin(&self) -> Option<String> {
        None
    }
    /// Tells whoever watches. Must not fail.
    fn observe(&self, event: &Event<'_>) {
        let _ = event;
    }
}
