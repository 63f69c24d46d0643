//! Faults on purpose: what a test wants to go wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use regex_lite::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::delay::Timers;

/// Marks an answer that must not be sent: the connection closes instead, without a byte. A caller within the process
/// finds it among the answer's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionDropped;

/// A rule: which requests, and what befalls them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(rename = "match", default)]
    which: Match,
    then: Then,
    /// How many requests had the right method and path.
    #[serde(skip_deserializing)]
    seen: u64,
    /// How many of them the rule was applied to.
    #[serde(skip_deserializing)]
    hits: u64,
    #[serde(skip)]
    pattern: Option<Regex>,
}

/// Which requests. What is absent matches all. Numbers count the requests of the right method and path, from 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Match {
    method: Option<String>,
    /// A part of the path, query included.
    path_contains: Option<String>,
    /// A regular expression that the path, query included, must match.
    path: Option<String>,
    nth: Option<u64>,
    from: Option<u64>,
    to: Option<u64>,
    /// How often the rule is applied at most.
    times: Option<u64>,
}

/// What befalls a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Then {
    /// Wait before anything else.
    delay_ms: Option<u64>,
    /// Wait once the request was processed.
    delay_after_ms: Option<u64>,
    /// Answer with this status, the request not processed.
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Text as it stands, anything else as JSON.
    body: Option<Value>,
    /// Send the headers and half of the body, then close the connection.
    #[serde(default)]
    cut_body: bool,
    /// Close the connection without an answer, before or after the request was processed.
    drop: Option<Drop>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Drop {
    Before,
    After,
}

/// The rules, in the order in which they were added: the first that applies is applied.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Rule>);

impl Faults {
    /// Adds rules.
    pub(crate) fn add(&mut self, rules: Vec<Rule>) -> Result<(), String> {
        for mut rule in rules {
            if let Some(pattern) = &rule.which.path {
                rule.pattern = Some(Regex::new(pattern).map_err(|error| error.to_string())?);
            }
            rule.then.check()?;
            self.0.push(rule);
        }
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// What befalls a request, if anything.
    pub(super) fn strike(&mut self, method: &str, target: &str) -> Option<Then> {
        let mut struck = None;
        for rule in &mut self.0 {
            if rule.counts(method, target) && struck.is_none() {
                rule.hits += 1;
                struck = Some(rule.then.clone());
            }
        }
        struck
    }
}

impl Rule {
    /// Counts a request of the right method and path; whether the rule applies to it.
    fn counts(&mut self, method: &str, target: &str) -> bool {
        let which = &self.which;
        let right = which.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && which.path_contains.as_ref().is_none_or(|part| target.contains(part))
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(target));
        if !right {
            return false;
        }
        self.seen += 1;
        which.nth.is_none_or(|nth| self.seen == nth)
            && which.from.is_none_or(|from| self.seen >= from)
            && which.to.is_none_or(|to| self.seen <= to)
            && which.times.is_none_or(|times| self.hits < times)
    }
}

impl Then {
    fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status {
            StatusCode::from_u16(status).map_err(|error| error.to_string())?;
        }
        for (name, value) in &self.headers {
            HeaderName::from_bytes(name.as_bytes()).map_err(|error| format!("{name}: {error}"))?;
            HeaderValue::from_str(value).map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(())
    }

    /// Lets the fault befall a request that `process` would answer.
    pub(super) async fn befall(self, timers: Timers, process: impl Future<Output = Response>) -> Response {
        wait(&timers, self.delay_ms).await;
        if self.drop == Some(Drop::Before) {
            return dropped();
        }
        let mut response = match self.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            Some(status) => self.answer(status),
            None => process.await,
        };
        wait(&timers, self.delay_after_ms).await;
        if self.drop == Some(Drop::After) {
            return dropped();
        }
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        if self.cut_body { cut(response, timers).await } else { response }
    }

    fn answer(&self, status: StatusCode) -> Response {
        match &self.body {
            None => status.into_response(),
            Some(Value::String(text)) => (status, text.clone()).into_response(),
            Some(body) => (status, axum::Json(body)).into_response(),
        }
    }
}

async fn wait(timers: &Timers, milliseconds: Option<u64>) {
    if let Some(milliseconds) = milliseconds {
        timers.wait(Duration::from_millis(milliseconds)).await;
    }
}

fn dropped() -> Response {
    let mut response = StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(ConnectionDropped);
    response
}

/// The answer with its length announced, half of its body, and then the end of the connection.
async fn cut(response: Response, timers: Timers) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len().max(1)));
    let half = body.slice(..body.len() / 2);
    let parts_of_body = stream::unfold((Some(half), timers), |(half, timers)| async move {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(half), (None, timers))),
            Some(_) => Some((Err(broken()), (Some(Bytes::new()), timers))),
            None => {
                // What was sent must reach the network before the connection ends.
                timers.flush().await;
                Some((Err(broken()), (Some(Bytes::new()), timers)))
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(parts_of_body))
}

fn broken() -> std::io::Error {
    std::io::Error::other("the body is cut on purpose")
}
