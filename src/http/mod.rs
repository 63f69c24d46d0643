//! The words of HTTP: methods, headers, requests and answers. Plain data.

mod date;
mod retry_after;

pub(crate) use retry_after::retry_after;

use std::fmt;
use std::rc::Rc;

use chrono::{DateTime, Datelike, Utc};

use crate::value::{Text, Value};

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

/// How safely a request may be sent again when its fate is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// Reads, and changes that set an absolute value: any number of times.
    Safe,
    /// Only when the server surely did not act on it: creates and triggers.
    Unprocessed,
}

/// Header names and values in the order they are sent or came.
pub type Headers = Vec<(String, String)>;

/// A request, complete: a transport adds nothing to it.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: HttpMethod,
    /// The absolute URL. It never holds the token.
    pub url: String,
    /// Every header, the token's included.
    pub headers: Headers,
    /// The JSON body, where there is one.
    pub body: Option<Text>,
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
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers that the platform can see; across origins a browser shows only a few.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}

/// What an answer holds.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON.
    Json(Value),
    /// Anything else, as text; empty where there was nothing.
    Text(String),
}

impl Body {
    /// The body that this text is. A byte order mark before JSON counts for nothing.
    pub fn new(text: &str) -> Self {
        Value::parse(text.trim_start_matches('\u{feff}')).map_or_else(|| Self::Text(text.to_owned()), Self::Json)
    }
}

impl Response {
    /// The first value of a header; names are compared without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// When the answer was made, by the server's clock, where its `date` can be seen.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        date::date(self.header("date")?).filter(|date| date.year() < 10_000)
    }
}

/// No answer: refused, reset, cut off, blocked. Whether the server acted is unknown, unless the request was never sent.
#[derive(Debug, Clone)]
pub struct NoAnswer {
    /// What the transport says.
    pub message: String,
    /// The transport's own error.
    pub cause: Option<Rc<dyn std::error::Error>>,
    /// What may help, where the platform knows more (a page's origin, for one).
    pub hint: Option<String>,
    /// The option that kept the request from being sent, where one surely did.
    pub unsent: Option<&'static str>,
}
