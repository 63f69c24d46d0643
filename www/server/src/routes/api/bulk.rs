//! Bulk delete and bulk update, in chunks of 200, each its own transaction, as on the real server.

use axum::Json;
use axum::extract::State as Shared;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;

use super::call::Call;
use super::listing::metadata_filter;
use super::scheduled::stored_time;
use crate::hatchet::{Hatchet, State};
use crate::store::index::{Order, Selection};
use crate::wire::{BulkItemError, Refusal, bodies};

const CHUNK: usize = 200;

/// The answer of a bulk delete.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deleted {
    deleted_ids: Vec<Uuid>,
    errors: Vec<BulkItemError>,
}

/// The answer of a bulk update.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Updated {
    updated_ids: Vec<Uuid>,
    errors: Vec<BulkItemError>,
}

/// `POST /scheduled/bulk-delete`.
pub(super) async fn delete(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<Deleted>, Refusal> {
    let body: bodies::BulkDelete = call.body()?;
    let ids = body.ids.unwrap_or_default();
    if !ids.is_empty() && body.filter.is_some() {
        return Err(Refusal::errors("Provide either scheduledWorkflowRunIds or filter, not both."));
    }
    let selection = match body.filter {
        None if ids.is_empty() => return Err(Refusal::errors("Provide scheduledWorkflowRunIds or filter.")),
        None => None,
        Some(filter) => Some(Selection {
            id: filter.parent_workflow_run_id,
            workflow: filter.workflow_id,
            pairs: filter.additional_metadata.map(|filters| metadata_filter(&filters)).transpose()?,
            nothing: filter.parent_step_run_id.is_some(),
        }),
    };
    let mut answer = Deleted { deleted_ids: Vec::new(), errors: Vec::new() };
    let ids = match selection {
        None => ids,
        Some(selection) => {
            let (ids, errors) = hatchet.run(move |state| select(state, &selection)).await?;
            answer.errors = errors;
            ids
        }
    };
    for chunk in ids.chunks(CHUNK).map(<[Uuid]>::to_vec) {
        let (chunk, deleted) = hatchet
            .run(move |state| {
                let deleted = state.store.delete(&chunk)?;
                Ok((chunk, deleted))
            })
            .await?;
        let (deleted, failed) = split(chunk, &deleted);
        answer.deleted_ids.extend(deleted);
        answer.errors.extend(failed.into_iter().map(|id| error(id, "Failed to delete scheduled workflow.")));
    }
    Ok(Json(answer))
}

/// `POST /scheduled/bulk-update`.
pub(super) async fn update(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<Updated>, Refusal> {
    let body: bodies::BulkUpdate = call.body()?;
    let mut answer = Updated { updated_ids: Vec::new(), errors: Vec::new() };
    let mut items = body.updates.into_iter().map(|item| (item.id, item.trigger_at)).peekable();
    while items.peek().is_some() {
        let chunk: Vec<_> = items.by_ref().take(CHUNK).collect();
        let (known, unknown, updated) = hatchet
            .run(move |state| {
                let (known, unknown): (Vec<_>, Vec<_>) =
                    chunk.into_iter().partition(|(id, _)| state.store.index.contains(*id));
                let mut times = Vec::with_capacity(known.len());
                for (id, time) in &known {
                    let time = stored_time(*time)?;
                    times.push((*id, time.ok_or_else(|| Refusal::Internal("an update without a time".to_owned()))?));
                }
                let updated = state.store.reschedule(&times, false)?;
                Ok((known, unknown, updated))
            })
            .await?;
        let (updated, failed) = split(known.into_iter().map(|(id, _)| id), &updated);
        answer.updated_ids.extend(updated);
        answer.errors.extend(unknown.into_iter().map(|(id, _)| error(id, "Scheduled workflow not found.")));
        answer.errors.extend(failed.into_iter().map(|id| error(id, "Failed to update scheduled workflow.")));
    }
    Ok(Json(answer))
}

/// The ids that a filter selects, latest first; runs made in code become errors.
fn select(state: &mut State, selection: &Selection) -> Result<(Vec<Uuid>, Vec<BulkItemError>), Refusal> {
    let order = Order { by_creation: false, descending: true };
    let (_, ids) = state.store.index.page(selection, order, 0, usize::MAX);
    let in_code: HashSet<Uuid> = state.store.made_in_code()?;
    let (refused, ids): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(|id| in_code.contains(id));
    let reason = "Cannot delete scheduled run created via code definition.";
    Ok((ids, refused.into_iter().map(|id| error(id, reason)).collect()))
}

fn split(ids: impl IntoIterator<Item = Uuid>, done: &HashSet<Uuid>) -> (Vec<Uuid>, Vec<Uuid>) {
    ids.into_iter().partition(|id| done.contains(id))
}

fn error(id: Uuid, error: &str) -> BulkItemError {
    BulkItemError { id: Some(id.to_string()), index: None, error: error.to_owned() }
}
