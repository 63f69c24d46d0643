//! Every effect the client has on the world: requests, waits, the clock, chance, zones, and what it tells observers.
//!
//! The rest of the crate is pure or goes through [`Platform`], so that it runs natively in tests on a scripted
//! platform with a virtual clock, and in JavaScript on `fetch`.

use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::model::ClientWarning;
use crate::time::Zones;

/// HTTP methods that Hatchet's scheduled runs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Creates, triggers, and bulk changes.
    Post,
    /// Changes one run.
    Patch,
    /// Deletes one run.
    Delete,
}

impl HttpMethod {
    /// The method as it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Header names and values in the order they are sent or came.
pub type Headers = Vec<(String, String)>;

/// A request, complete: a transport adds nothing to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: HttpMethod,
    /// The absolute URL. It never holds the token.
    pub url: String,
    /// Every header, the token's included.
    pub headers: Headers,
    /// The JSON body, where there is one.
    pub body: Option<String>,
    /// Whether the request should outlive the page that sends it.
    pub keepalive: bool,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &names)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// A whole answer, its body read to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers that the platform can see; across origins a browser shows only a few.
    pub headers: Headers,
    /// The body, as text.
    pub body: String,
}

impl Response {
    /// The first value of a header; names are compared without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// No answer: refused, reset, cut off, blocked. Whether the server acted is unknown.
#[derive(Debug, Clone)]
pub struct NoAnswer {
    /// What the transport says.
    pub message: String,
    /// The transport's own error.
    pub cause: Option<Rc<dyn std::error::Error>>,
    /// What may help, where the platform knows more (a page's origin, for one).
    pub hint: Option<String>,
}

/// What the client tells whoever watches it. Never the token, never a body.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// The call that this belongs to, e.g. `create`.
    pub operation: &'static str,
    /// What happened.
    pub what: Happening<'a>,
}

/// What an [`Event`] tells.
#[derive(Debug, Clone)]
pub enum Happening<'a> {
    /// An attempt begins.
    Request(Attempt<'a>),
    /// An attempt ended, with an answer or without.
    Response {
        /// The attempt.
        attempt: Attempt<'a>,
        /// The answer's status; `None` when there was no answer.
        status: Option<u16>,
        /// How long it took.
        duration: Duration,
        /// Why there was no usable answer.
        error: Option<&'a Error>,
    },
    /// Another attempt follows.
    Retry {
        /// The attempt that failed.
        attempt: Attempt<'a>,
        /// Its status, where it had one.
        status: Option<u16>,
        /// How long the client waits first.
        delay: Duration,
        /// Why the attempt failed.
        error: &'a Error,
    },
    /// Something the caller should know about a call that succeeded.
    Warning(&'a ClientWarning),
}

/// One attempt at a request.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The method.
    pub method: HttpMethod,
    /// The URL.
    pub url: &'a str,
    /// 1 for the first.
    pub number: u32,
}

/// Every effect. Futures need not be `Send`: the client lives where JavaScript does, on one thread.
pub trait Platform: Zones {
    /// Sends a request and reads its answer to the end. Dropping the future must abort the request for real.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, NoAnswer>>;
    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;
    /// The time.
    fn now(&self) -> DateTime<Utc>;
    /// A number from 0 (included) to 1 (excluded), for jitter.
    fn random(&self) -> f64;
    /// Tells whoever watches. Must not fail.
    fn observe(&self, event: &Event<'_>) {
        let _ = event;
    }
}
