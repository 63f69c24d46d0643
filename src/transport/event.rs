//! What the client tells whoever watches it.

use std::time::Duration;

use crate::error::Error;
use crate::http::HttpMethod;
use crate::model::ClientWarning;

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
