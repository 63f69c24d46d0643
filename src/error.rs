//! The one error of this crate: what failed, in which call, after how many attempts, why, and what may help.
//!
//! One type, because a caller handles a failure by its kind and its predicates, whatever the call was; the kinds are
//! those that lead to different acts: mend the argument, ask for rights, try again, look up what happened.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::bulk::BulkCreated;
use crate::config::TokenFailure;
use crate::invalid::Invalid;
use crate::json::{self, Json};
use crate::model::BulkChanged;
use crate::operations::RunId;
use crate::platform::{Headers, NoAnswer, Response};
use crate::retry::retry_after;

/// A failed call.
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// As it is displayed: the names of fields are text too, and would weigh more in the wasm than they tell.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    attempts: u32,
    lost: bool,
    may_have_acted: bool,
    hint: Option<String>,
    cause: Option<Rc<dyn std::error::Error>>,
}

/// What failed.
#[derive(Debug, Clone)]
pub enum ErrorKind {
    /// Refused here, before anything was sent.
    Validation(Invalid),
    /// The server answered, and said no.
    Api(Refusal),
    /// No answer. Whether the server acted is unknown.
    Connection(String),
    /// No answer in time. Whether the server acted is unknown.
    Timeout {
        /// The time that was given.
        after: Duration,
        /// Whether it was given to the whole call, with its retries and waits, rather than to one attempt.
        total: bool,
    },
    /// The answer is not what Hatchet sends.
    Decode(Invalid),
    /// The caller ended the call.
    Aborted,
    /// A bulk call was cut short. The cause says by what.
    Interrupted(Interrupted),
}

/// What is known of a bulk call that was cut short: together, exactly what it was given.
#[derive(Debug, Clone)]
pub struct Interrupted {
    /// What is known to have happened or failed.
    pub done: BulkDone,
    /// Ids of the items that were sent and whose fate is unknown; for items that have none, their place in the input.
    pub unknown: Vec<String>,
    /// The items that surely did not happen, so that the same call for them finishes the work.
    pub rest: Rest,
}

/// What the call would have answered.
#[derive(Debug, Clone)]
pub enum BulkDone {
    /// `bulkDelete`.
    Deleted(BulkChanged),
    /// `bulkUpdate`.
    Updated(BulkChanged),
    /// `bulkCreate`.
    Created(BulkCreated),
}

impl BulkDone {
    /// The outcome as JSON.
    pub fn to_json(&self) -> String {
        match self {
            Self::Deleted(done) => done.to_json("deletedIds"),
            Self::Updated(done) => done.to_json("updatedIds"),
            Self::Created(done) => done.to_json(),
        }
    }

    /// The outcome of `bulkDelete` or `bulkUpdate`; empty for the other call.
    pub(crate) fn changed(self) -> BulkChanged {
        match self {
            Self::Deleted(done) | Self::Updated(done) => done,
            Self::Created(_) => BulkChanged::default(),
        }
    }

    /// The outcome of `bulkCreate`; empty for the other calls.
    pub(crate) fn created(self) -> BulkCreated {
        match self {
            Self::Created(done) => done,
            Self::Deleted(_) | Self::Updated(_) => BulkCreated::default(),
        }
    }
}

/// The items of a bulk call that surely did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// By id.
    Ids(Vec<RunId>),
    /// By place in the input, from 0.
    Places(Vec<usize>),
}

impl Rest {
    /// How many they are.
    pub fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Places(places) => places.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An answer with a status that is no success.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The server's words, from whichever of its error bodies came; never empty.
    pub errors: Vec<ErrorDetail>,
    /// The body as JSON text; a string where it is no JSON.
    pub body: String,
    /// The headers that the platform can see, less `set-cookie`.
    pub headers: Headers,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
}

/// One of the server's complaints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorDetail {
    /// In words.
    pub description: String,
    /// Hatchet's own code.
    pub code: Option<i64>,
    /// The field that it is about.
    pub field: Option<String>,
}

/// The most of a body that is not JSON that is shown in a message, in characters.
const SHOWN_TEXT: usize = 300;

impl Refusal {
    /// Reads an answer: both of Hatchet's error bodies, a bare description, `null`, a gateway's HTML page, text,
    /// nothing.
    pub fn new(response: &Response) -> Self {
        let text = &response.body;
        let body = Json::parse(text);
        let mut errors = body.map(described).unwrap_or_default();
        if errors.is_empty() {
            let shown = match body {
                Some(body) if body.is_null() => String::new(),
                Some(body) => body.as_text().map_or_else(|| body.text().to_owned(), |text| readable(&text)),
                None => readable(text),
            };
            let description = if shown.is_empty() { "the answer says no more".to_owned() } else { shown };
            errors.push(ErrorDetail { description, code: None, field: None });
        }
        let body = body.map_or_else(|| json::quote(text), |body| body.text().to_owned());
        let mut headers = response.headers.clone();
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("set-cookie"));
        Self { status: response.status, errors, body, headers, retry_after: None }
    }
}

/// What is said in an error body of either kind.
fn described(body: Json<'_>) -> Vec<ErrorDetail> {
    let text = |value: Json<'_>, key: &str| {
        value.text_of(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let mut errors = Vec::new();
    for error in body.member("errors").items() {
        if let Some(description) = text(error, "description") {
            let code = error.get("code").and_then(Json::as_integer);
            errors.push(ErrorDetail { description, code, field: text(error, "field") });
        }
    }
    for key in ["message", "description", "error"] {
        if errors.is_empty()
            && let Some(description) = text(body, key)
        {
            errors.push(ErrorDetail { description, code: None, field: None });
        }
    }
    errors
}

fn find_tag(text: &str, tag: &str) -> Option<usize> {
    text.as_bytes().windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
}

/// The words of a page: the title of HTML, else its text without tags; cut to what a message can hold.
fn readable(text: &str) -> String {
    let title = find_tag(text, "<title>").and_then(|start| {
        let rest = text.get(start + "<title>".len()..)?;
        rest.get(..find_tag(rest, "</title>")?)
    });
    let mut words = String::new();
    let mut length = 0;
    let (mut in_tag, mut between) = (false, false);
    for character in title.unwrap_or(text).chars() {
        let ends_tag = in_tag && character == '>';
        in_tag = character == '<' || in_tag && !ends_tag;
        if ends_tag || character.is_whitespace() {
            between = true;
        } else if !in_tag {
            if between && !words.is_empty() {
                words.push(' ');
                length += 1;
            }
            between = false;
            if length >= SHOWN_TEXT {
                words.push('…');
                break;
            }
            words.push(character);
            length += 1;
        }
    }
    words
}

impl Error {
    fn from_kind(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            attempts: 0,
            lost: false,
            may_have_acted: false,
            hint: None,
            cause: None,
        }))
    }

    pub(crate) fn api(response: Response, now: chrono::DateTime<chrono::Utc>) -> Self {
        let mut refusal = Refusal::new(&response);
        refusal.retry_after = retry_after(&response, now);
        Self::from_kind(ErrorKind::Api(refusal))
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self::from_kind(ErrorKind::Api(refusal))
    }

    pub(crate) fn connection(no_answer: NoAnswer) -> Self {
        let mut error = Self::from_kind(ErrorKind::Connection(no_answer.message));
        error.0.cause = no_answer.cause;
        error.0.hint = no_answer.hint;
        error
    }

    pub(crate) fn timeout(after: Duration, total: bool) -> Self {
        Self::from_kind(ErrorKind::Timeout { after, total })
    }

    pub(crate) fn decode(invalid: Invalid) -> Self {
        Self::from_kind(ErrorKind::Decode(invalid))
    }

    pub(crate) fn aborted() -> Self {
        Self::from_kind(ErrorKind::Aborted)
    }

    pub(crate) fn interrupted(interrupted: Interrupted, cause: Error) -> Self {
        let mut error = Self::from_kind(ErrorKind::Interrupted(interrupted));
        error.0.operation = cause.0.operation;
        error.0.attempts = cause.0.attempts;
        error.0.cause = Some(Rc::new(cause));
        error
    }

    pub(crate) fn token(failure: TokenFailure) -> Self {
        let mut error = Self::from(Invalid::new("token", format!("the function gave no token: {}", failure.message)));
        error.0.cause = failure.cause;
        error
    }

    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Notes how the attempts of the call ended, this one and the earlier ones.
    pub(crate) fn with_attempts_of(mut self, lost: bool, may_have_acted: bool) -> Self {
        (self.0.lost, self.0.may_have_acted) = (lost, may_have_acted);
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What failed.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The call that failed, e.g. `create`; `None` where no call was made yet.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// How many requests were sent for the one that failed; 0 when none was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// What may help; it stands at the end of the message, too.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The error underneath.
    pub fn cause(&self) -> Option<&Rc<dyn std::error::Error>> {
        self.0.cause.as_ref()
    }

    /// The status of the answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            ErrorKind::Api(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// Whether the run, the workflow or the tenant is not there (404). A run that fired is not there either.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether the caller ended the call.
    pub fn is_aborted(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Aborted)
    }

    /// Whether the same call may succeed later without a change: no answer, 408, 429, 5xx. It does not say that a
    /// repeat is safe: a create that got no answer may have happened.
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connection(_) | ErrorKind::Timeout { .. } | ErrorKind::Interrupted(_) => true,
            ErrorKind::Api(refusal) => matches!(refusal.status, 408 | 429 | 500..),
            ErrorKind::Validation(_) | ErrorKind::Decode(_) | ErrorKind::Aborted => false,
        }
    }

    /// Whether an attempt got no answer, so that nobody knows whether the server acted.
    pub fn is_ambiguous(&self) -> bool {
        self.0.lost
    }

    /// Whether the server may have acted though the call failed: an attempt got no answer, or a 408 or 5xx.
    pub fn may_have_acted(&self) -> bool {
        self.0.may_have_acted
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::from_kind(ErrorKind::Validation(invalid))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        match &self.0.kind {
            ErrorKind::Validation(invalid) => invalid.fmt(f)?,
            ErrorKind::Api(refusal) => {
                for (index, error) in refusal.errors.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "; " })?;
                    f.write_str(&error.description)?;
                }
                write!(f, " (HTTP {})", refusal.status)?;
            }
            ErrorKind::Connection(message) => write!(f, "no answer from the server: {message}")?,
            ErrorKind::Timeout { after, total } => {
                let whole = if *total { " in all" } else { "" };
                write!(f, "no answer within {} ms{whole}", after.as_millis() as u64)?;
            }
            ErrorKind::Decode(invalid) => {
                let at = if invalid.path.is_empty() { "" } else { ", at " };
                write!(f, "the answer is not what Hatchet sends{at}{}: {}", invalid.path, invalid.reason)?;
            }
            ErrorKind::Aborted => f.write_str("ended by the caller")?,
            ErrorKind::Interrupted(interrupted) => {
                write!(
                    f,
                    "cut short with {} items of unknown fate and {} not tried",
                    interrupted.unknown.len(),
                    interrupted.rest.len()
                )?;
                if let Some(cause) = &self.0.cause {
                    write!(f, ", by: {cause}")?;
                }
            }
        }
        if self.0.attempts > 1 && !matches!(self.0.kind, ErrorKind::Interrupted(_)) {
            write!(f, " [after {} attempts]", self.0.attempts)?;
        }
        if let Some(hint) = &self.0.hint {
            write!(f, ". {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, body: &str) -> String {
        let response = Response { status, headers: Vec::new(), body: body.to_owned() };
        Error::refused(Refusal::new(&response)).in_operation("get").to_string()
    }

    #[test]
    fn every_body_ends_up_readable() {
        insta::assert_snapshot!(
            [
                told(400, r#"{"errors":[{"description":"workflow not found"}]}"#),
                told(400, r#"{"errors":[{"description":"a","code":7,"field":"priority"},{"description":"b"}]}"#),
                told(404, r#"{"message":"scheduled workflow run not found"}"#),
                told(403, r#"{"description":"cannot delete"}"#),
                told(403, "null"),
                told(502, "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"),
                told(502, "<p>upstream\n <b>gone</b></p>"),
                told(500, ""),
                told(500, r#"{"errors":[]}"#),
                told(418, "short and stout"),
                told(500, &"é".repeat(400)).chars().skip(295).collect(),
            ]
            .join("\n"),
            @r#"
        get: workflow not found (HTTP 400)
        get: a; b (HTTP 400)
        get: scheduled workflow run not found (HTTP 404)
        get: cannot delete (HTTP 403)
        get: the answer says no more (HTTP 403)
        get: 502 Bad Gateway (HTTP 502)
        get: upstream gone (HTTP 502)
        get: the answer says no more (HTTP 500)
        get: {"errors":[]} (HTTP 500)
        get: short and stout (HTTP 418)
        éééééééééé… (HTTP 500)
        "#
        );
    }

    #[test]
    fn cookies_stay_out_of_errors() {
        let headers = vec![("Set-Cookie".to_owned(), "hatchet=1".to_owned()), ("x-id".to_owned(), "7".to_owned())];
        let refusal = Refusal::new(&Response { status: 403, headers, body: String::new() });
        assert_eq!(refusal.headers, [("x-id".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn the_way_to_a_failure_is_told() {
        let lost = NoAnswer { message: "connection refused".into(), cause: None, hint: Some("Is it up?".into()) };
        insta::assert_snapshot!(
            [
                Error::from(Invalid::new("run.triggerAt", "is missing")).in_operation("create").to_string(),
                Error::connection(lost).in_operation("list").after(3).to_string(),
                Error::timeout(Duration::from_secs(30), false).in_operation("get").after(1).to_string(),
                Error::decode(Invalid::new("rows[3].triggerAt", "expected a string")).to_string(),
            ]
            .join("\n"),
            @r"
        create: run.triggerAt: is missing
        list: no answer from the server: connection refused [after 3 attempts]. Is it up?
        get: no answer within 30000 ms
        the answer is not what Hatchet sends, at rows[3].triggerAt: expected a string
        "
        );
    }
}
