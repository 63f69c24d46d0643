//! A run that started, as listings and details show it.

use serde::{Deserialize, Serialize, Serializer};

use super::RunId;
use crate::value::{Invalid, Value};

/// A run of a workflow that has started, or stands in line to. It stays the value that the server sent.
#[derive(Debug, Clone)]
pub struct WorkflowRun {
    /// The run's id, Hatchet's `externalId`.
    pub id: RunId,
    value: Value,
}

/// How far a run is, in the server's words. A newer Hatchet may have more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RunStatus {
    /// Waiting for a worker, or for the end of a pause.
    Queued,
    /// At work.
    Running,
    /// Done.
    Completed,
    /// Ended by somebody, or by a pause that took too long.
    Cancelled,
    /// Failed, its own repeats included.
    Failed,
}

impl WorkflowRun {
    /// Reads a run.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    pub(crate) fn new(value: Value) -> Result<Self, Invalid> {
        let id = value.get("metadata").and_then(|metadata| metadata.get("id")).and_then(|id| id.as_text());
        let id = id.ok_or_else(|| Invalid::new("metadata.id", "is missing"))?;
        let id = RunId::parse(&id).map_err(|invalid| invalid.under("id").under("metadata"))?;
        Ok(Self { id, value })
    }

    /// How far it is, in the server's word: see [`RunStatus`] for those that are known.
    pub fn status(&self) -> Option<String> {
        self.value.get("status").and_then(|status| status.as_text())
    }

    /// The run as the server sent it.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl Serialize for WorkflowRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}
