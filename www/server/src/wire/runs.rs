//! Runs that started, as they are told, in the fields that the real server fills for a workflow of one task.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{JsonObject, Metadata};

/// A page of runs.
#[derive(Serialize)]
pub(crate) struct RunList {
    pub(crate) pagination: super::Pagination,
    pub(crate) rows: Vec<Run>,
}

/// What a listing and a run's details tell alike.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Told {
    pub(crate) metadata: Metadata,
    #[serde(with = "super::time")]
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) status: &'static str,
    pub(crate) display_name: String,
    pub(crate) workflow_id: String,
    pub(crate) workflow_version_id: String,
    pub(crate) tenant_id: String,
    pub(crate) additional_metadata: JsonObject,
    pub(crate) input: Box<RawValue>,
    pub(crate) output: Box<RawValue>,
    pub(crate) error_message: String,
}

/// A run in a listing, or its one task.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run {
    #[serde(flatten)]
    pub(crate) told: Told,
    #[serde(skip_serializing_if = "Option::is_none", with = "super::time_optional")]
    pub(crate) started_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "super::time_optional")]
    pub(crate) finished_at: Option<DateTime<Utc>>,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow_name: Option<String>,
    pub(crate) workflow_run_external_id: String,
    pub(crate) task_external_id: String,
    pub(crate) task_id: u32,
    #[serde(with = "super::time")]
    pub(crate) task_inserted_at: DateTime<Utc>,
    pub(crate) step_id: String,
    /// Empty for a run.
    pub(crate) action_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) attempt: u32,
    pub(crate) retry_count: u32,
    pub(crate) num_spawned_children: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_durable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_evicted: Option<bool>,
}

/// One run, and its one task.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunDetails {
    pub(crate) run: WorkflowRun,
    pub(crate) shape: [ShapeItem; 1],
    /// The real server tells none where there is one task.
    pub(crate) task_events: [(); 0],
    pub(crate) tasks: [Run; 1],
    pub(crate) workflow_config: Value,
}

/// The run in its details. A time that has not come is in the year 1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkflowRun {
    #[serde(flatten)]
    pub(crate) told: Told,
    #[serde(with = "super::time")]
    pub(crate) started_at: DateTime<Utc>,
    #[serde(with = "super::time")]
    pub(crate) finished_at: DateTime<Utc>,
    /// From the one to the other in milliseconds, as far as Go's lengths of time reach.
    pub(crate) duration: i64,
}

/// A step of the workflow.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShapeItem {
    pub(crate) step_id: String,
    pub(crate) children_step_ids: [(); 0],
    pub(crate) task_external_id: String,
    pub(crate) task_name: String,
}

/// How the worker declared a workflow of one task.
pub(crate) fn workflow_config(name: &str, description: &str, input_schema: Option<&str>) -> Value {
    use base64::Engine as _;
    let mut config = json!({
        "CronInput": null, "CronTriggers": null, "DefaultPriority": null, "EventTriggers": null, "Name": name,
        "Sticky": null, "description": description,
        "Tasks": [{
            "Action": format!("{name}:{name}"), "DesiredWorkerLabels": null, "Parents": [], "RateLimits": [],
            "ReadableId": name, "Retries": 0, "RetryBackoffFactor": null, "RetryBackoffMaxSeconds": null,
            "ScheduleTimeout": null, "Timeout": "60s", "TriggerConditions": [],
        }],
    });
    if let (Some(schema), Some(config)) = (input_schema, config.as_object_mut()) {
        let schema = base64::engine::general_purpose::STANDARD.encode(schema);
        config.insert("inputJsonSchema".to_owned(), schema.into());
    }
    config
}

/// Whether it is of the form that W3C gives to a trace's context.
pub(crate) fn is_traceparent(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [2, 32, 16, 2] && text.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::is_traceparent;

    #[test]
    fn a_trace_is_told_by_its_form() {
        assert!(is_traceparent("00-f66c3d115740cd0951cc08241da8e62e-c241341ef51fd85b-01"));
        for other in ["", "00-1-2-3", "00-F66c3d115740cd0951cc08241da8e62e-c241341ef51fd85b-01"] {
            assert!(!is_traceparent(other));
        }
    }
}
