//! Something to know about a call that succeeded.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::RunId;
use super::run::Instant;

/// Something to know about a call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// What a [`ClientWarning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// The change came within 10 s of the run's time, and may be lost.
    LateChange,
}

impl ClientWarning {
    /// Says that a run was due so soon that its change may be lost.
    pub(crate) fn late_change(id: RunId, due_at: DateTime<Utc>, message: String) -> Self {
        Self { code: WarningCode::LateChange, message, id: Some(id), due_at: Some(Instant(due_at)) }
    }

    /// When the run was due before the change.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.due_at.map(|Instant(at)| at)
    }
}
