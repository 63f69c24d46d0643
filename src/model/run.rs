//! A scheduled run, as answers hold it.

use std::ops::Deref;

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::{Method, OrderByField, RunId};
use crate::time::wire;
use crate::value::{Invalid, Value};

/// Identity and bookkeeping of a scheduled run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The run's id.
    pub id: RunId,
    /// When it was made.
    #[serde(with = "wire")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "wire")]
    pub updated_at: DateTime<Utc>,
}

/// What this client works with of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Id and timestamps.
    pub metadata: Metadata,
    /// When the run fires. The server keeps milliseconds.
    pub trigger_at: DateTime<Utc>,
    /// How the run came to be.
    pub method: Method,
}

impl Head {
    /// The time that a listing in this order is ordered by.
    pub fn time(&self, order: OrderByField) -> DateTime<Utc> {
        match order {
            OrderByField::TriggerAt => self.trigger_at,
            OrderByField::CreatedAt => self.metadata.created_at,
        }
    }
}

/// A run that waits for its time.
///
/// The row exists only while the run waits: once fired it is deleted, and a `get` answers 404. It stays the value that
/// the server sent, less its placeholders (the year-1 `workflowRunCreatedAt`, the empty `workflowRunName`); what the
/// client works with of it is read.
#[derive(Debug, Clone)]
pub struct ScheduledRun {
    pub(super) head: Head,
    pub(super) value: Value,
}

impl Deref for ScheduledRun {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Serialize for ScheduledRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl ScheduledRun {
    /// The run as the server sent it, less its placeholders.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The workflow's name, with its namespace.
    pub fn workflow_name(&self) -> String {
        self.value.get("workflowName").and_then(|name| name.as_text()).unwrap_or_default()
    }

    /// The whole run, typed.
    ///
    /// # Errors
    /// Says where it is not what Hatchet sends.
    pub fn details(&self) -> Result<ScheduledWorkflows, Invalid> {
        self.value.read()
    }
}

/// A scheduled run with all that Hatchet says of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledWorkflows {
    /// Id and timestamps.
    pub metadata: Metadata,
    /// The tenant that owns the run.
    pub tenant_id: Option<String>,
    /// The workflow's id.
    pub workflow_id: Option<String>,
    /// The workflow's name, with its namespace.
    pub workflow_name: String,
    /// The version of the workflow that will run.
    pub workflow_version_id: Option<String>,
    /// When it fires. The server keeps milliseconds.
    #[serde(with = "wire")]
    pub trigger_at: DateTime<Utc>,
    /// The input. `{}` where none was given.
    pub input: Option<Value>,
    /// The metadata, an object; `None` where none was given.
    pub additional_metadata: Option<Members>,
    /// How the run came to be.
    pub method: Method,
    /// 1 (low) to 3 (high).
    pub priority: Option<i64>,
    /// The id of the run that started, where the server knows one.
    pub workflow_run_id: Option<String>,
    /// The name of the run that started.
    pub workflow_run_name: Option<String>,
    /// When the run started.
    pub workflow_run_created_at: Option<Instant>,
    /// The status of the run that started.
    pub workflow_run_status: Option<String>,
}

/// An instant that may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instant(#[serde(with = "wire")] pub DateTime<Utc>);

/// An object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct Members(pub Value);

impl TryFrom<Value> for Members {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        if value.is_object() { Ok(Self(value)) } else { Err(format!("expected an object, got {}", value.kind())) }
    }
}

impl ScheduledWorkflows {
    pub(super) fn head(&self) -> Head {
        Head { metadata: self.metadata, trigger_at: self.trigger_at, method: self.method }
    }

    /// Takes the server's placeholders out of the value that this was read from.
    pub(super) fn tidy(&self, value: &mut Value) {
        if self.workflow_run_name.as_deref() == Some("") {
            value.remove("workflowRunName");
        }
        if self.workflow_run_created_at.is_some_and(|Instant(at)| at.year() <= 1) {
            value.remove("workflowRunCreatedAt");
        }
        let absent = [
            ("workflowRunId", self.workflow_run_id.is_none()),
            ("workflowRunName", self.workflow_run_name.is_none()),
            ("workflowRunCreatedAt", self.workflow_run_created_at.is_none()),
            ("workflowRunStatus", self.workflow_run_status.is_none()),
        ];
        for (key, absent) in absent {
            if absent && value.get(key).is_some() {
                value.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn pending() -> Json {
        json!({
            "additionalMetadata": null, "input": {"n": 1.5}, "method": "API", "priority": 1,
            "metadata": {
                "createdAt": "2026-11-23T10:00:00.123456Z", "id": "7f2c1a5e-0000-4000-8000-000000000000",
                "updatedAt": "2026-11-23T10:00:00Z"
            },
            "tenantId": "t", "triggerAt": "2031-01-01T00:00:00.1Z", "workflowId": "w", "workflowName": "simple",
            "workflowRunCreatedAt": "0001-01-01T00:00:00Z", "workflowRunName": "", "workflowRunId": null,
            "workflowVersionId": "v", "later": []
        })
    }

    fn read(value: Json) -> Result<ScheduledRun, Invalid> {
        ScheduledRun::new(value.into())
    }

    #[test]
    fn a_pending_run_keeps_all_but_the_placeholders() {
        let run = read(pending()).unwrap();
        let mut expected = pending();
        for placeholder in ["workflowRunCreatedAt", "workflowRunName", "workflowRunId"] {
            expected.as_object_mut().unwrap().remove(placeholder);
        }
        assert_eq!(run.value().as_json(), &expected);
        assert_eq!(run.workflow_name(), "simple");
        let details = run.details().unwrap();
        assert_eq!((details.priority, details.workflow_id.as_deref()), (Some(1), Some("w")));
        assert!(details.additional_metadata.is_none() && details.workflow_run_created_at.is_none());
    }

    #[test]
    fn a_run_of_another_shape_is_refused_with_its_place() {
        let told = |pointer: &str, to: Json| {
            let mut run = pending();
            *run.pointer_mut(pointer).unwrap() = to;
            read(run).unwrap_err().to_string()
        };
        let mut timeless = pending();
        timeless.as_object_mut().unwrap().remove("triggerAt");
        insta::assert_snapshot!(
            [
                told("/method", 7.into()),
                read(timeless).unwrap_err().to_string(),
                told("/metadata/updatedAt", "yesterday".into()),
                told("/metadata/id", "7f2c1a5e".into()),
                told("/priority", 1.5.into()),
                told("/additionalMetadata", json!([])),
                read(json!(5)).unwrap_err().to_string(),
            ]
            .join("\n"),
            @r#"
        method: expected a string, got a number
        triggerAt: is missing
        metadata.updatedAt: "yesterday" is not a time: write it as "2026-10-25T02:30:00Z" (ISO 8601)
        metadata.id: must be a UUID, e.g. 7f2c1a5e-4b3d-4c2a-9e8f-0a1b2c3d4e5f
        priority: expected a whole number, got 1.5
        additionalMetadata: expected an object, got an array
        expected an object, got a number
        "#
        );
    }

    #[test]
    fn a_method_that_a_newer_server_knows_is_no_reason_to_refuse_a_run() {
        let mut run = pending();
        run["method"] = "CRON".into();
        assert_eq!(read(run).unwrap().method, Method::Other);
    }
}
