//! A run that started, as listings and details show it.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::Error;
use crate::go::Instant;
use crate::hatchet::State;
use crate::store::{RunRow, WorkflowRow, shown};
use crate::wire::runs::{Run, RunDetails, ShapeItem, Told, WorkflowRun, is_traceparent, workflow_config};
use crate::wire::{JsonObject, Metadata};

/// What a run made of one task is shown as.
#[derive(Clone, Copy)]
pub(super) struct Show {
    pub(super) as_task: bool,
    pub(super) payloads: bool,
}

/// A row of a listing, at `now` (microseconds).
pub(super) fn row(state: &State, run: &RunRow, now: i64, Show { as_task, payloads }: Show) -> Result<Run, Error> {
    let workflow = workflow_of(state, run)?;
    let status = run.status(now);
    let past = |at: Option<i64>| at.filter(|at| *at <= now);
    let (started, finished) = (past(run.started_at), past(run.finished_at));
    let created_at = shown(run.created_at);
    let id = run.id.to_string();
    let empty = || json("{}".to_owned());
    let output = if payloads && status == "COMPLETED" { json(r#"{"ok":true}"#.to_owned()) } else { empty() };
    Ok(Run {
        told: Told {
            metadata: Metadata { id: id.clone(), created_at, updated_at: created_at },
            created_at,
            status,
            display_name: format!("{}-{}", workflow.name, run.created_at / 1000),
            workflow_id: workflow.id.to_string(),
            workflow_version_id: workflow.version_id.to_string(),
            tenant_id: state.tenant_id.to_string(),
            additional_metadata: metadata(run)?,
            input: if payloads { input(run)? } else { empty()? },
            output: output?,
            error_message: run.failure.clone().filter(|_| status == "FAILED").unwrap_or_default(),
        },
        started_at: started.map(shown),
        finished_at: finished.map(shown),
        duration: started.zip(finished).map(|(started, finished)| (finished - started) / 1000),
        workflow_name: Some(workflow.name.clone()),
        workflow_run_external_id: id.clone(),
        task_external_id: id,
        task_id: task_id(run.id),
        task_inserted_at: created_at,
        step_id: step_id(workflow).to_string(),
        action_id: if as_task { format!("{0}:{0}", workflow.name) } else { String::new() },
        kind: if as_task { "TASK" } else { "DAG" },
        attempt: 1,
        retry_count: 0,
        num_spawned_children: 0,
        is_durable: None,
        is_evicted: None,
    })
}

/// All that there is of a run, at `now` (microseconds).
pub(super) fn details(state: &State, run: &RunRow, now: i64) -> Result<RunDetails, Error> {
    let workflow = workflow_of(state, run)?;
    let mut task = row(state, run, now, Show { as_task: true, payloads: true })?;
    let year_one = Instant::zero().wall.and_utc();
    let (started_at, finished_at) = (task.started_at.unwrap_or(year_one), task.finished_at.unwrap_or(year_one));
    let told = task.told.clone();
    task.told.created_at = year_one;
    Ok(RunDetails {
        run: WorkflowRun { told, started_at, finished_at, duration: go_millis(started_at, finished_at) },
        shape: [ShapeItem {
            step_id: task.step_id.clone(),
            children_step_ids: [],
            task_external_id: task.task_external_id.clone(),
            task_name: workflow.name.clone(),
        }],
        task_events: [],
        tasks: [Run { workflow_name: None, is_durable: Some(false), is_evicted: Some(false), ..task }],
        workflow_config: workflow_config(&workflow.name, &workflow.description, workflow.input_schema.as_deref()),
    })
}

fn workflow_of<'a>(state: &'a State, run: &RunRow) -> Result<&'a WorkflowRow, Error> {
    state.store.workflow(run.workflow_id).ok_or(Error::Damaged("a run without its workflow"))
}

fn json(text: String) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(text).map_err(|_| Error::Damaged("an input that is no JSON"))
}

/// The input as a task gets it.
fn input(run: &RunRow) -> Result<Box<RawValue>, Error> {
    let given = run.input.as_deref().unwrap_or("null");
    json(format!(
        r#"{{"input":{given},"overrides":null,"parents":{{}},"triggered_by":"manual","triggers":{{"filter_payload":null}},"user_data":null}}"#
    ))
}

/// The metadata, to which the server adds a trace where it holds none.
fn metadata(run: &RunRow) -> Result<JsonObject, Error> {
    let given: Option<JsonObject> = run
        .metadata
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(|_| Error::Damaged("metadata that is no JSON"))?;
    let mut metadata = given.unwrap_or_default();
    if !metadata.get("traceparent").and_then(|trace| trace.as_str()).is_some_and(is_traceparent) {
        let span = run.scheduled_id.as_u64_pair().1;
        metadata.insert("traceparent".to_owned(), format!("00-{}-{span:016x}-01", run.id.simple()).into());
    }
    Ok(metadata)
}

/// The real server counts its tasks, and has an id for each step of a workflow; here both follow from what there is.
fn task_id(run: Uuid) -> u32 {
    (run.as_u64_pair().1 as u32 >> 1).max(1)
}

fn step_id(workflow: &WorkflowRow) -> Uuid {
    Uuid::from_u128(!workflow.version_id.as_u128())
}

/// From one time to another in milliseconds, with Go's limit at some 292 years.
fn go_millis(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    const LIMIT: i64 = 9_223_372_036_854;
    (to - from).num_milliseconds().clamp(-LIMIT, LIMIT)
}
