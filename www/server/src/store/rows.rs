//! What the tables hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::index::{Entry, Pair};
use crate::wire::Method;
use crate::wire::pause::Pause;

/// A registered workflow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WorkflowRow {
    pub(crate) id: Uuid,
    pub(crate) version_id: Uuid,
    pub(crate) name: String,
    pub(crate) description: String,
    /// While it is paused.
    pub(crate) pause: Option<Pause>,
    /// Microseconds since 1970.
    pub(crate) created_at: i64,
    /// The JSON Schema of its input, where it declares one.
    pub(crate) input_schema: Option<String>,
}

/// What a worker says of a workflow when it registers it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registration<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) input_schema: Option<String>,
}

/// A pending run as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) id: Uuid,
    pub(crate) workflow_id: Uuid,
    /// Milliseconds since 1970.
    pub(crate) trigger_at: i64,
    /// Microseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) priority: i32,
    pub(crate) method: Method,
    /// JSON text of an object.
    pub(crate) input: Option<String>,
    /// JSON text of an object.
    pub(crate) metadata: Option<String>,
}

impl Pending {
    /// What the index knows of it.
    pub(super) fn entry(&self) -> Entry {
        Entry {
            id: self.id,
            workflow: self.workflow_id,
            trigger_at: self.trigger_at,
            created_at: self.created_at,
            pairs: shared_pairs(self.metadata.as_deref()),
        }
    }
}

/// A run to be stored.
#[derive(Debug, Clone)]
pub(crate) struct NewRun {
    pub(crate) workflow_id: Uuid,
    pub(crate) trigger_at: i64,
    pub(crate) priority: i32,
    pub(crate) method: Method,
    pub(crate) input: Option<String>,
    pub(crate) metadata: Option<String>,
}

/// A run that started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RunRow {
    pub(crate) id: Uuid,
    /// Which scheduled run it was. The server tells nobody.
    pub(crate) scheduled_id: Uuid,
    pub(crate) workflow_id: Uuid,
    /// All times in microseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) started_at: Option<i64>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) failure: Option<String>,
    pub(crate) priority: i32,
    pub(crate) input: Option<String>,
    pub(crate) metadata: Option<String>,
}

impl RunRow {
    /// What the run is doing at `now` (microseconds).
    pub(crate) fn status(&self, now: i64) -> &'static str {
        if self.finished_at.is_some_and(|at| at <= now) {
            if self.started_at.is_none() {
                "CANCELLED"
            } else if self.failure.is_some() {
                "FAILED"
            } else {
                "COMPLETED"
            }
        } else if self.started_at.is_some_and(|at| at <= now) {
            "RUNNING"
        } else {
            "QUEUED"
        }
    }
}

/// Which started runs a listing asks for.
#[derive(Debug, Default)]
pub(crate) struct RunFilter {
    /// Microseconds.
    pub(crate) since: i64,
    pub(crate) until: Option<i64>,
    pub(crate) workflows: Option<Vec<Uuid>>,
    pub(crate) statuses: Option<Vec<String>>,
    pub(crate) pairs: Vec<Pair>,
    /// Whether one of the pairs is enough.
    pub(crate) any_pair: bool,
}

/// A pending run that starts, and when (microseconds).
#[derive(Debug, Clone)]
pub(crate) struct StartedRun {
    pub(crate) pending: Pending,
    pub(crate) at: i64,
    /// While it is paused, no worker takes it.
    pub(crate) pause: Option<Pause>,
}

/// The metadata's entries whose value is a string.
pub(super) fn metadata_pairs(metadata: &str) -> Vec<Pair> {
    let metadata: BTreeMap<String, &RawValue> = serde_json::from_str(metadata).unwrap_or_default();
    let string = |(key, value): (String, &RawValue)| Some((key, serde_json::from_str(value.get()).ok()?));
    metadata.into_iter().filter_map(string).collect()
}

/// The entries of a run's metadata that a filter can match.
pub(super) fn shared_pairs(metadata: Option<&str>) -> Option<Vec<Arc<Pair>>> {
    metadata.map(|metadata| metadata_pairs(metadata).into_iter().map(Arc::new).collect())
}

/// Microseconds since 1970.
pub(crate) fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

/// The instant, cut to the milliseconds that the server shows.
pub(crate) fn shown(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(micros.div_euclid(1000)).unwrap_or_default()
}

/// A new random id.
pub(crate) fn new_id() -> Uuid {
    Uuid::new_v4()
}
