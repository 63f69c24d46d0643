//! How a workflow is paused.

use serde::{Deserialize, Serialize};

/// What a pause does to runs that come due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum PauseBehavior {
    /// They stay as they are, overdue, and start once it is over: nothing is dropped, whatever the name.
    Drop,
    /// They start, and their run stands queued until it is over, or until the time to live is.
    Queue,
}

/// A pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pause {
    pub(crate) crons: PauseBehavior,
    pub(crate) scheduled: PauseBehavior,
    /// How long a run stands queued at most before it is cancelled, in milliseconds.
    pub(crate) ttl: i64,
}

impl Default for Pause {
    fn default() -> Self {
        Self { crons: PauseBehavior::Drop, scheduled: PauseBehavior::Drop, ttl: 3_600_000 }
    }
}

/// The body of `PATCH /api/v1/workflows/{workflow}`.
#[derive(Deserialize)]
pub(crate) struct UpdateWorkflow {
    pub(crate) pause: Option<PauseRequest>,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub(crate) enum PauseRequest {
    Pause(Wanted),
    Unpause,
}

/// Both behaviours and the time to live are needed.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(rename = "pausedWorkflowCronRunQueueBehavior")]
    pub(crate) crons: PauseBehavior,
    #[serde(rename = "pausedWorkflowScheduledRunQueueBehavior")]
    pub(crate) scheduled: PauseBehavior,
    /// A length of time of Go's, such as `1h30m`.
    #[serde(rename = "pausedWorkflowQueueTTL")]
    pub(crate) ttl: String,
}
