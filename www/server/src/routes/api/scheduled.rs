//! Calls on one pending run, and the listing.

use axum::Json;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use http::StatusCode;
use serde_json::json;
use serde_json::value::RawValue;

use super::call::{Call, run_not_found};
use super::listing::{metadata_filter, pagination, window};
use crate::error::Error;
use crate::go::Instant;
use crate::hatchet::{Hatchet, State};
use crate::store::index::{Order, Selection};
use crate::store::{NewRun, Pending, StartedRun, micros, shown};
use crate::wire::{Metadata, Method, Refusal, ScheduledWorkflows, ScheduledWorkflowsList, bodies};

const RUN_STATUSES: [&str; 8] =
    ["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "QUEUED", "CANCELLING", "BACKOFF"];

/// Metadata is read back into values, one call for each level. The real database has a limit too, far beyond this one.
const DEEPEST_METADATA: usize = 100;

/// `POST /{workflow}/scheduled`.
pub(super) async fn create(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<ScheduledWorkflows>, Refusal> {
    let body: bodies::Create = call.body()?;
    let made = hatchet
        .run(move |state| {
            let Some(workflow) = state.store.workflow_named(&call.workflow) else {
                return Err(Refusal::errors("workflow not found"));
            };
            let workflow_id = workflow.id;
            let priority = body.priority.unwrap_or(1);
            check_priority(priority)?;
            let nul = |object: &Option<_>| object.as_ref().is_some_and(crate::go::Object::has_nul);
            if nul(&body.input) || nul(&body.additional_metadata) {
                return Err(Refusal::errors("ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)"));
            }
            if body.additional_metadata.as_ref().is_some_and(|metadata| metadata.depth() > DEEPEST_METADATA) {
                return Err(Refusal::errors("ERROR: stack depth limit exceeded (SQLSTATE 54001)"));
            }
            let Some(trigger_at) = stored_time(body.trigger_at)? else {
                return Err(Refusal::errors(
                    "ERROR: null value in column \"triggerAt\" of relation \"WorkflowTriggerScheduledRef\" \
                     violates not-null constraint (SQLSTATE 23502)",
                ));
            };
            let run = NewRun {
                workflow_id,
                trigger_at,
                priority,
                method: Method::Api,
                input: body.input.map(|object| object.to_json()),
                metadata: body.additional_metadata.map(|object| object.to_json()),
            };
            let made = state.store.create(run, state.clock.now())?;
            Ok(view(state, made)?)
        })
        .await?;
    Ok(Json(made))
}

/// `GET /scheduled/{id}`.
pub(super) async fn get(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<ScheduledWorkflows>, Refusal> {
    let pending = call.pending()?;
    Ok(Json(hatchet.run(move |state| Ok(view(state, pending)?)).await?))
}

/// `PATCH /scheduled/{id}`.
pub(super) async fn update(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<ScheduledWorkflows>, Refusal> {
    let body: bodies::Update = call.body()?;
    let pending = call.pending()?;
    if pending.method != Method::Api {
        let description = "Cannot update scheduled run created via code definition.";
        return Err(Refusal::Errors(StatusCode::FORBIDDEN, description.to_owned()));
    }
    let updated = hatchet
        .run(move |state| {
            let Some(trigger_at) = stored_time(body.trigger_at)? else {
                return Err(Refusal::Internal("an update without a time".to_owned()));
            };
            state.store.reschedule(&[(pending.id, trigger_at)], true)?;
            let updated = state.store.pending(pending.id)?.ok_or_else(run_not_found)?;
            Ok(view(state, updated)?)
        })
        .await?;
    Ok(Json(updated))
}

/// `DELETE /scheduled/{id}`.
pub(super) async fn delete(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<StatusCode, Refusal> {
    let pending = call.pending()?;
    if pending.method != Method::Api {
        let description = "Cannot delete scheduled run created via code definition.";
        return Err(Refusal::Description(StatusCode::FORBIDDEN, description.to_owned()));
    }
    hatchet.run(move |state| Ok(state.store.delete(&[pending.id])?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /scheduled/{id}`: starts the run now.
pub(super) async fn trigger(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Response, Refusal> {
    let pending = call.pending()?;
    let started = hatchet
        .run(move |state| {
            let id = pending.id;
            let pause = state.store.workflow(pending.workflow_id).and_then(|workflow| workflow.pause);
            let run = StartedRun { pending, at: micros(state.clock.now()), pause };
            let started = state.store.start(&[run])?;
            state.engine.disarm(id);
            // Nothing starts where the engine was faster.
            started.into_iter().next().ok_or_else(run_not_found)
        })
        .await?;
    Ok(Json(json!({ "externalId": started })).into_response())
}

/// `GET /scheduled`.
pub(super) async fn list(
    Shared(hatchet): Shared<Hatchet>,
    call: Call,
) -> Result<Json<ScheduledWorkflowsList>, Refusal> {
    let query = &call.query;
    let offset = query.integer("offset").map_err(Refusal::bad)?.unwrap_or(0);
    let limit = query.integer("limit").map_err(Refusal::bad)?.unwrap_or(50);
    let field = query.string("orderByField").map_err(Refusal::bad)?;
    let direction = query.string("orderByDirection").map_err(Refusal::bad)?;
    let workflow = query.uuid("workflowId").map_err(Refusal::bad)?;
    let parent_run = query.uuid("parentWorkflowRunId").map_err(Refusal::bad)?;
    let parent_step = query.uuid("parentStepRunId").map_err(Refusal::bad)?;
    let statuses = query.strings("statuses");
    let pairs = query.strings("additionalMetadata").map(|filters| metadata_filter(&filters)).transpose()?;
    let by_creation = match field.as_deref() {
        None | Some("triggerAt") => false,
        Some("createdAt") => true,
        Some(_) => return Err(Refusal::Internal("an unknown order field".to_owned())),
    };
    let descending = match direction.as_deref() {
        None | Some("DESC") => true,
        Some("ASC") => false,
        Some(_) => return Err(Refusal::Internal("an unknown order direction".to_owned())),
    };
    let statuses = statuses.unwrap_or_else(|| vec!["SCHEDULED".to_owned()]);
    let pending_wanted = statuses.iter().any(|status| status == "SCHEDULED");
    let unknown_status =
        statuses.iter().any(|status| status != "SCHEDULED" && !RUN_STATUSES.contains(&status.as_str()));
    let order = Order { by_creation, descending };
    // No pending run has a parent step, and the parent run is compared with the run's own id, as on the real server.
    let base = Selection { id: parent_run, workflow, pairs, nothing: parent_step.is_some() };
    let (skip, take) = window(offset, limit)?;
    let list = hatchet
        .run(move |state| {
            // The real database refuses an unknown status only when it has a row to compare it with.
            if unknown_status && state.store.index.page(&base, order, 0, 0).0 > 0 {
                return Err(Refusal::Internal("an unknown status".to_owned()));
            }
            let selection = Selection { nothing: base.nothing || !pending_wanted, ..base };
            let (count, page) = state.store.list(&selection, order, skip, take)?;
            let rows = page.into_iter().map(|pending| view(state, pending)).collect::<Result<_, _>>()?;
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            Ok(ScheduledWorkflowsList { rows, pagination: pagination(count, offset, limit) })
        })
        .await?;
    Ok(Json(list))
}

fn check_priority(priority: i32) -> Result<(), Refusal> {
    let (condition, bound) = match priority {
        ..1 => ("min", 1),
        4.. => ("max", 3),
        _ => return Ok(()),
    };
    Err(Refusal::errors(format!(
        "error 400: 1 error occurred:\n\t* validation failed on field \
         'CreateScheduledWorkflowRunForWorkflowOpts.Priority': on condition '{condition}' [ {bound} ]: got invalid type\n\n"
    )))
}

/// What the database keeps of a time: the clock on the wall without its offset, to the millisecond, halves rounded
/// away from the year 2000. `None` for the zero time, which it keeps as null.
pub(super) fn stored_time(time: Instant) -> Result<Option<i64>, Refusal> {
    if time.is_zero() {
        return Ok(None);
    }
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN).and_utc();
    let micros = time.wall.and_utc().timestamp_micros() - epoch.timestamp_micros();
    let rounded = (micros.abs() + 500) / 1000 * micros.signum();
    let millis = epoch.timestamp_millis() + rounded;
    match DateTime::from_timestamp_millis(millis) {
        Some(instant) if instant.year() <= 9999 => Ok(Some(millis)),
        _ => Err(Refusal::Internal("a time beyond the year 9999".to_owned())),
    }
}

/// A pending run as the API shows it, placeholders included.
pub(super) fn view(state: &State, pending: Pending) -> Result<ScheduledWorkflows, Error> {
    let workflow = state.store.workflow(pending.workflow_id).ok_or(Error::Damaged("a run without its workflow"))?;
    let created_at = shown(pending.created_at);
    let parse = |text: String| RawValue::from_string(text).map_err(|_| Error::Damaged("an input that is no JSON"));
    let metadata = pending.metadata.as_deref().map(serde_json::from_str).transpose();
    Ok(ScheduledWorkflows {
        metadata: Metadata { id: pending.id.to_string(), created_at, updated_at: created_at },
        tenant_id: state.tenant_id.to_string(),
        workflow_id: workflow.id.to_string(),
        workflow_name: workflow.name.clone(),
        workflow_version_id: workflow.version_id.to_string(),
        trigger_at: DateTime::from_timestamp_millis(pending.trigger_at).unwrap_or_default(),
        input: Some(parse(pending.input.unwrap_or_else(|| "{}".to_owned()))?),
        additional_metadata: metadata.map_err(|_| Error::Damaged("metadata that is no JSON"))?,
        method: pending.method,
        priority: Some(pending.priority),
        workflow_run_id: None,
        workflow_run_name: Some(String::new()),
        workflow_run_created_at: Some(year_one()),
        workflow_run_status: None,
    })
}

fn year_one() -> DateTime<Utc> {
    Instant::zero().wall.and_utc()
}
