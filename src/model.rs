//! What Hatchet sends and takes: the wire types that operations share.
//!
//! Field names are Hatchet's own (camelCase on the wire). Instants are [`DateTime<Utc>`], written as RFC 3339 with
//! `Z` and no trailing zeros, as the server writes them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::time;

/// A JSON object, as in a run's metadata.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;

/// Identity and bookkeeping of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The resource's id, a UUID.
    pub id: String,
    /// When it was made.
    #[serde(with = "time::wire")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "time::wire")]
    pub updated_at: DateTime<Utc>,
}

/// How a scheduled run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledWorkflows {
    /// Id and timestamps.
    pub metadata: Metadata,
    /// The tenant that owns the run.
    pub tenant_id: String,
    /// The workflow's id.
    pub workflow_id: String,
    /// The workflow's name, with its namespace.
    pub workflow_name: String,
    /// The version of the workflow that will run.
    pub workflow_version_id: String,
    /// When it fires. The server keeps milliseconds.
    #[serde(with = "time::wire")]
    pub trigger_at: DateTime<Utc>,
    /// The input, verbatim. `{}` where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Box<RawValue>>,
    /// The metadata; `None` (`null` on the wire) where none was given.
    #[serde(default)]
    pub additional_metadata: Option<JsonObject>,
    /// How the run came to be.
    pub method: Method,
    /// 1 (low) to 3 (high).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// The id of the run that started, where the server knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_run_id: Option<String>,
    /// The name of the run that started. The server's placeholder (an empty name) is left out.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "without_empty")]
    pub workflow_run_name: Option<String>,
    /// When the run started. The server's placeholder (a time in year 1) is left out.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "time::wire_optional")]
    pub workflow_run_created_at: Option<DateTime<Utc>>,
    /// The status of the run that started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_run_status: Option<String>,
}

/// Where a page stands in its listing. Do not loop on `next_page`: with no rows at all it is 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pagination {
    /// 1-based.
    pub current_page: i64,
    /// The page after this one, or this one when it is the last.
    pub next_page: i64,
    /// 0 when nothing matches.
    pub num_pages: i64,
}

/// A page of scheduled runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScheduledWorkflowsList {
    /// The runs.
    pub rows: Vec<ScheduledWorkflows>,
    /// Where the page stands.
    pub pagination: Pagination,
}

/// An item that a bulk call could not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkItemError {
    /// The scheduled run's id, where the item has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The item's place in the call, from 0, where it has no id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Why, in the server's words or ours.
    pub error: String,
}

/// Something to know about a call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientWarning {
    /// What it is about.
    pub code: WarningCode,
    /// In words.
    pub message: String,
    /// The run that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When the run was due before the change.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "time::wire_optional")]
    pub due_at: Option<DateTime<Utc>>,
}

/// What a [`ClientWarning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// The change came within 10 s of the run's time, and may be lost.
    LateChange,
}

/// A workflow, as its listing shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Workflow {
    /// Id and timestamps.
    pub metadata: Metadata,
    /// The name, with its namespace; case-sensitive.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Whether it is paused: its scheduled runs then stay overdue.
    #[serde(default)]
    pub is_paused: bool,
    /// The tenant; the server leaves it empty in listings.
    #[serde(default)]
    pub tenant_id: String,
}

/// A page of workflows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowList {
    /// The workflows.
    pub rows: Vec<Workflow>,
    /// Where the page stands.
    pub pagination: Pagination,
}

fn without_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PENDING: &str = r#"{"additionalMetadata":null,"input":{"n":1},
        "metadata":{"createdAt":"2026-11-23T10:00:00.123456Z","id":"7f2c1a5e-0000-4000-8000-000000000000","updatedAt":"2026-11-23T10:00:00Z"},
        "method":"API","priority":1,"tenantId":"t","triggerAt":"2031-01-01T00:00:00.1Z","workflowId":"w","workflowName":"simple",
        "workflowRunCreatedAt":"0001-01-01T00:00:00Z","workflowRunName":"","workflowVersionId":"v"}"#;

    #[test]
    fn a_pending_run_keeps_all_but_the_placeholders() {
        let run: ScheduledWorkflows = serde_json::from_str(PENDING).unwrap();
        let mut expected: JsonObject = serde_json::from_str(PENDING).unwrap();
        expected.remove("workflowRunCreatedAt");
        expected.remove("workflowRunName");
        assert_eq!(serde_json::to_value(&run).unwrap(), serde_json::Value::Object(expected));
    }
}
