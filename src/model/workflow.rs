//! A workflow, as listings show it.

use serde::{Deserialize, Serialize, Serializer};

use crate::value::{Invalid, Value};

/// A workflow. It stays the value that the server sent; what the client works with of it is read.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// The name, with its namespace; case-sensitive.
    pub name: String,
    value: Value,
}

/// What becomes of runs that come due while their workflow is paused, in the server's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PauseBehavior {
    /// Scheduled runs stay, overdue, and fire when the pause ends; a cron's are left out.
    Drop,
    /// They start, and stand queued.
    Queue,
}

#[derive(Deserialize)]
struct Head {
    metadata: Metadata,
    name: String,
}

#[derive(Deserialize)]
struct Metadata {
    id: String,
}

impl Workflow {
    /// Reads a workflow.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    pub(crate) fn new(value: Value) -> Result<Self, Invalid> {
        let Head { metadata: Metadata { id }, name } = value.read()?;
        Ok(Self { id, name, value })
    }

    /// While it is paused, what becomes of its scheduled runs, in the server's word; a newer Hatchet may have more than
    /// [`PauseBehavior`].
    pub fn paused(&self) -> Option<String> {
        self.value.get("pausedWorkflowScheduledRunQueueBehavior").and_then(|behavior| behavior.as_text())
    }

    /// The workflow as the server sent it.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl Serialize for Workflow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}
