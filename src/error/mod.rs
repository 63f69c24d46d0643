//! The one error of this crate: what failed, in which call, after how many attempts, why, and what may help.
//!
//! One type, because a caller handles a failure by its kind and its predicates, whatever the call was; the kinds are
//! those that lead to different acts: mend the argument, ask for rights, try again, look up what happened.

mod refusal;

pub(crate) use refusal::readable;
pub use refusal::{ErrorDetail, Refusal};

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::http::NoAnswer;
use crate::model::{BulkDone, RunId};
use crate::value::Invalid;

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

/// Why a token function gave no token.
#[derive(Debug, Clone)]
pub struct TokenFailure {
    /// In words. It must not hold the token.
    pub message: String,
    /// The function's own error.
    pub cause: Option<Rc<dyn std::error::Error>>,
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

    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self::from_kind(ErrorKind::Api(refusal))
    }

    pub(crate) fn connection(no_answer: NoAnswer) -> Self {
        let mut error = Self::from_kind(match no_answer.unsent {
            Some(path) => ErrorKind::Validation(Invalid::new(path, no_answer.message)),
            None => ErrorKind::Connection(no_answer.message),
        });
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

    /// Whether an attempt got no answer of Hatchet's, so that nobody knows whether the server acted.
    pub fn is_ambiguous(&self) -> bool {
        self.0.lost
    }

    /// Whether the server may have acted though the call failed: an attempt got no answer of Hatchet's, or a 408 or 5xx.
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
                if refusal.status != 0 {
                    write!(f, " (HTTP {})", refusal.status)?;
                }
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

    #[test]
    fn the_way_to_a_failure_is_told() {
        let lost = NoAnswer {
            message: "connection refused".into(),
            cause: None,
            hint: Some("Is it up?".into()),
            unsent: None,
        };
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
