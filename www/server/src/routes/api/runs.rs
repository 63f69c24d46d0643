//! The listing of runs that started.

use axum::Json;
use axum::extract::State as Shared;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::call::Call;
use super::listing::{pagination, window};
use crate::error::Error;
use crate::go::Query;
use crate::hatchet::{Hatchet, State};
use crate::store::{RunFilter, RunRow, micros, shown};
use crate::wire::{Metadata, Pagination, Refusal};

const STATUSES: [&str; 5] = ["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED"];

/// A page of runs.
#[derive(Serialize)]
pub(super) struct RunList {
    pagination: Pagination,
    rows: Vec<Run>,
}

/// A run, in the fields that the real server fills for a workflow of one task.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    metadata: Metadata,
    #[serde(with = "crate::wire::time")]
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::wire::time_optional")]
    started_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::wire::time_optional")]
    finished_at: Option<DateTime<Utc>>,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    status: &'static str,
    display_name: String,
    workflow_id: String,
    workflow_name: String,
    workflow_version_id: String,
    workflow_run_external_id: String,
    task_external_id: String,
    tenant_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    num_spawned_children: u32,
    additional_metadata: Option<Box<RawValue>>,
    input: Box<RawValue>,
    output: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

/// `GET /workflow-runs`: what was created since a time, the newest first.
pub(super) async fn list(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<RunList>, Refusal> {
    let query = &call.query;
    let offset = query.integer("offset").map_err(Refusal::bad)?.unwrap_or(0);
    let limit = query.integer("limit").map_err(Refusal::bad)?.unwrap_or(50);
    let statuses = query.strings("statuses");
    let since = query.time("since").and_then(|since| Query::required("since", since)).map_err(Refusal::bad)?;
    let until = query.time("until").map_err(Refusal::bad)?;
    let filters = query.strings("additional_metadata").unwrap_or_default();
    let workflows = query.uuids("workflow_ids").map_err(Refusal::bad)?;
    query.boolean("only_tasks").and_then(|only| Query::required("only_tasks", only)).map_err(Refusal::bad)?;
    let payloads = query.boolean("include_payloads").map_err(Refusal::bad)?.unwrap_or(true);
    if statuses.iter().flatten().any(|status| !STATUSES.contains(&status.as_str())) {
        return Err(Refusal::Internal("an unknown status".to_owned()));
    }
    window(offset, limit)?;
    let filter = RunFilter {
        since: micros(since.utc().and_utc()),
        until: until.map(|until| micros(until.utc().and_utc())),
        workflows: workflows.filter(|workflows| !workflows.is_empty()),
        statuses,
        // Here the real server passes over a filter that is not key:value.
        pairs: filters.iter().filter_map(|filter| pair(filter)).collect(),
    };
    let list = hatchet
        .run(move |state| {
            let now = micros(state.clock.now());
            let (count, page) = state.store.runs(&filter, now, offset, limit)?;
            let rows = page.into_iter().map(|run| view(state, run, now, payloads)).collect::<Result<_, _>>()?;
            Ok(RunList { pagination: pagination(count, offset, limit), rows })
        })
        .await?;
    Ok(Json(list))
}

fn pair(filter: &str) -> Option<(String, String)> {
    let (key, value) = filter.split_once(':')?;
    (!value.contains(':')).then(|| (key.to_owned(), value.to_owned()))
}

fn view(state: &State, run: RunRow, now: i64, payloads: bool) -> Result<Run, Error> {
    let workflow = state.store.workflow(run.workflow_id).ok_or(Error::Damaged("a run without its workflow"))?;
    let status = run.status(now);
    let json = |text: Option<String>| {
        let text = text.filter(|_| payloads).unwrap_or_else(|| "{}".to_owned());
        RawValue::from_string(text).map_err(|_| Error::Damaged("an input that is no JSON"))
    };
    let past = |at: Option<i64>| at.filter(|at| *at <= now);
    let (started, finished) = (past(run.started_at), past(run.finished_at));
    let created_at = shown(run.created_at);
    let id = run.id.to_string();
    let output = (status == "COMPLETED").then(|| r#"{"ok":true}"#.to_owned());
    let metadata = run.metadata.map(RawValue::from_string).transpose();
    Ok(Run {
        metadata: Metadata {
            id: id.clone(),
            created_at,
            updated_at: shown(finished.or(started).unwrap_or(run.created_at)),
        },
        created_at,
        started_at: started.map(shown),
        finished_at: finished.map(shown),
        duration: started.zip(finished).map(|(started, finished)| (finished - started) / 1000),
        status,
        display_name: format!("{}-{}", workflow.name, run.created_at / 1000),
        workflow_id: workflow.id.to_string(),
        workflow_name: workflow.name.clone(),
        workflow_version_id: workflow.version_id.to_string(),
        workflow_run_external_id: id.clone(),
        task_external_id: id,
        tenant_id: state.tenant_id.to_string(),
        kind: "TASK",
        num_spawned_children: 0,
        additional_metadata: metadata.map_err(|_| Error::Damaged("metadata that is no JSON"))?,
        input: json(run.input)?,
        output: json(output)?,
        error_message: run.failure.filter(|_| status == "FAILED"),
    })
}
