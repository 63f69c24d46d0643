//! Something to know about a call that succeeded.

use std::ops::Deref;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::run::Instant;
use super::{RunId, ScheduledRun};
use crate::value::Value;

/// Something to know about a call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientWarning {
    /// What it is about.
    pub code: WarningCode,
    /// In words.
    pub message: String,
    /// The run that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RunId>,
    /// When the run was due before the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// By how many milliseconds the clock here is ahead of the server's; negative when it is behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// In what the run that is there differs from the one that was asked for: names of its members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<Vec<&'static str>>,
}

/// A run that was created or moved, and what should be known about that.
#[derive(Debug, Clone)]
pub struct Warned {
    /// The run as it is now.
    pub run: ScheduledRun,
    /// Empty when there is nothing to say.
    pub warnings: Vec<ClientWarning>,
}

impl Deref for Warned {
    type Target = ScheduledRun;

    fn deref(&self) -> &ScheduledRun {
        &self.run
    }
}

impl Warned {
    /// When the run was due before a change that came late.
    pub(crate) fn was_due(&self) -> Option<DateTime<Utc>> {
        self.warnings.iter().filter_map(ClientWarning::due).max()
    }

    /// The run, with its warnings among its members where there are some.
    pub fn value(&self) -> Value {
        let run = self.run.value();
        if self.warnings.is_empty() { run.clone() } else { run.with("warnings", &Value::of(&self.warnings)) }
    }
}

/// What a [`ClientWarning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// The change came within 10 s of the run's time, and may be lost.
    LateChange,
    /// A delay was counted from the time that the clock here shows, and that is wrong by more than 3 s.
    ClockSkew,
    /// A run with the key was there already, and is not what was asked for.
    KeyReuse,
    /// The token goes over a network unencrypted.
    PlainHttp,
}

impl ClientWarning {
    /// Says that a run was due so soon that its change may be lost.
    pub(crate) fn late_change(id: RunId, due_at: DateTime<Utc>, message: String) -> Self {
        Self { id: Some(id), due_at: Some(Instant(due_at)), ..Self::new(WarningCode::LateChange, message) }
    }

    /// Says that delays were counted from a wrong time.
    pub(crate) fn clock_skew(skew_ms: i64, message: String) -> Self {
        Self { skew_ms: Some(skew_ms), ..Self::new(WarningCode::ClockSkew, message) }
    }

    /// Says that the key belongs to a run that is not what was asked for.
    pub(crate) fn key_reuse(id: RunId, differs: Vec<&'static str>, message: String) -> Self {
        Self { id: Some(id), differs: Some(differs), ..Self::new(WarningCode::KeyReuse, message) }
    }

    /// Says that the token goes unencrypted.
    pub(crate) fn plain_http(message: String) -> Self {
        Self::new(WarningCode::PlainHttp, message)
    }

    fn new(code: WarningCode, message: String) -> Self {
        Self { code, message, id: None, due_at: None, skew_ms: None, differs: None }
    }

    /// When the run was due before the change.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.due_at.map(|Instant(at)| at)
    }
}
