//! What a Hatchet server sends: the types that its answers share, and its refusals; and the bodies that it is sent.
//!
//! The types are the server's own and not the client's, so that what the client reads is not what the client wrote. Instants
//! are written as RFC 3339 with `Z` and no trailing zeros.

pub(crate) mod bodies;
pub(crate) mod pause;
mod refusal;
pub(crate) mod runs;

use chrono::{DateTime, Utc};
use pause::PauseBehavior;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub(crate) use refusal::Refusal;

/// A JSON object, as in a run's metadata.
pub(crate) type JsonObject = serde_json::Map<String, serde_json::Value>;

/// Identity and bookkeeping of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    /// The resource's id, a UUID.
    pub(crate) id: String,
    /// When it was made.
    #[serde(with = "time")]
    pub(crate) created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "time")]
    pub(crate) updated_at: DateTime<Utc>,
}

/// How a scheduled run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    /// Through the API: it can be changed and deleted.
    #[serde(rename = "API")]
    Api,
    /// In the workflow's code: the server refuses to delete it (403).
    #[serde(rename = "DEFAULT")]
    Default,
}

/// A run that waits for its time.
///
/// The row exists only while the run waits: once fired it is deleted, and a `get` answers 404.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduledWorkflows {
    /// Id and timestamps.
    pub(crate) metadata: Metadata,
    /// The tenant that owns the run.
    pub(crate) tenant_id: String,
    /// The workflow's id.
    pub(crate) workflow_id: String,
    /// The workflow's name, with its namespace.
    pub(crate) workflow_name: String,
    /// The version of the workflow that will run.
    pub(crate) workflow_version_id: String,
    /// When it fires. The server keeps milliseconds.
    #[serde(with = "time")]
    pub(crate) trigger_at: DateTime<Utc>,
    /// The input, verbatim. `{}` where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Box<RawValue>>,
    /// The metadata; `None` (`null` on the wire) where none was given.
    pub(crate) additional_metadata: Option<JsonObject>,
    /// How the run came to be.
    pub(crate) method: Method,
    /// 1 (low) to 3 (high).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<i32>,
    /// The id of the run that started, where the server knows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow_run_id: Option<String>,
    /// The name of the run that started. The server's placeholder (an empty name) is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow_run_name: Option<String>,
    /// When the run started. The server's placeholder (a time in year 1) is left out.
    #[serde(skip_serializing_if = "Option::is_none", with = "time_optional")]
    pub(crate) workflow_run_created_at: Option<DateTime<Utc>>,
    /// The status of the run that started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow_run_status: Option<String>,
}

/// Where a page stands in its listing. Do not loop on `next_page`: with no rows at all it is 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Pagination {
    /// 1-based.
    pub(crate) current_page: i64,
    /// The page after this one, or this one when it is the last.
    pub(crate) next_page: i64,
    /// 0 when nothing matches.
    pub(crate) num_pages: i64,
}

/// A page of scheduled runs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ScheduledWorkflowsList {
    /// The runs.
    pub(crate) rows: Vec<ScheduledWorkflows>,
    /// Where the page stands.
    pub(crate) pagination: Pagination,
}

/// An item that a bulk call could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BulkItemError {
    /// The scheduled run's id, where the item has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The item's place in the call, from 0, where it has no id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<usize>,
    /// Why, in the server's words or ours.
    pub(crate) error: String,
}

/// A workflow, as its listing shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Workflow {
    /// Id and timestamps.
    pub(crate) metadata: Metadata,
    /// The name, with its namespace; case-sensitive.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: String,
    /// Whether it is paused.
    pub(crate) is_paused: bool,
    /// What that does to the runs of crons that come due, while it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paused_workflow_cron_run_queue_behavior: Option<PauseBehavior>,
    /// What that does to scheduled runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paused_workflow_scheduled_run_queue_behavior: Option<PauseBehavior>,
    /// The tenant; the server leaves it empty in listings.
    pub(crate) tenant_id: String,
}

/// A version of a workflow.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowVersion {
    /// Id of the version, and timestamps.
    pub(crate) metadata: Metadata,
    /// A name of it, where its worker gives one.
    pub(crate) version: String,
    /// Counts up from 1.
    pub(crate) order: i32,
    /// The workflow's id.
    pub(crate) workflow_id: String,
    /// The priority of runs that give none, but scheduled ones; 0 where the worker says none.
    pub(crate) default_priority: i32,
    /// How long its runs wait for a worker.
    pub(crate) schedule_timeout: &'static str,
    /// What else starts it: nothing.
    pub(crate) triggers: JsonObject,
    /// Limits on runs side by side: none.
    #[serde(rename = "v1Concurrency")]
    pub(crate) concurrency: [(); 0],
    /// How the worker declared it.
    pub(crate) workflow_config: serde_json::Value,
    /// What its runs look for in their input, where the worker says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) input_json_schema: Option<JsonObject>,
    /// Of which it is a version.
    pub(crate) workflow: Workflow,
}

/// A page of workflows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct WorkflowList {
    /// The workflows.
    pub(crate) rows: Vec<Workflow>,
    /// Where the page stands.
    pub(crate) pagination: Pagination,
}

/// Serde for an instant.
pub(crate) mod time {
    use chrono::{DateTime, Utc};
    use hatchet_scheduled::time::to_wire;
    use serde::Serializer;

    /// Writes RFC 3339 with `Z`.
    pub(crate) fn serialize<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_wire(*instant))
    }
}

/// Serde for an instant that may be missing.
pub(crate) mod time_optional {
    use chrono::{DateTime, Utc};
    use serde::Serializer;

    /// Writes RFC 3339 with `Z`, or null.
    pub(crate) fn serialize<S: Serializer>(instant: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match instant {
            Some(instant) => super::time::serialize(instant, serializer),
            None => serializer.serialize_none(),
        }
    }
}
