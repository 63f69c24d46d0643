//! Workflows: their listing, and one as it is now.

use axum::Json;
use axum::extract::State as Shared;
use uuid::Uuid;

use super::call::Call;
use super::listing::{pagination, window};
use crate::hatchet::Hatchet;
use crate::store::{WorkflowRow, shown};
use crate::wire::pause::{Pause, PauseRequest, UpdateWorkflow, Wanted, interval};
use crate::wire::runs::workflow_config;
use crate::wire::{JsonObject, Metadata, Refusal, Workflow, WorkflowList, WorkflowVersion};

/// `GET /workflows`: by any part of the name, the newest first.
pub(super) async fn list(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<WorkflowList>, Refusal> {
    let offset = call.query.integer("offset").map_err(Refusal::bad)?.unwrap_or(0);
    let limit = call.query.integer("limit").map_err(Refusal::bad)?.unwrap_or(50);
    let name = call.query.string("name").map_err(Refusal::bad)?.unwrap_or_default();
    let (skip, take) = window(offset, limit)?;
    let pattern: Vec<char> = format!("%{name}%").to_lowercase().chars().collect();
    let list = hatchet
        .run(move |state| {
            let matches = |name: &str| like(&name.to_lowercase().chars().collect::<Vec<_>>(), &pattern);
            let found: Vec<_> = state.store.workflows().iter().filter(|workflow| matches(&workflow.name)).collect();
            let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
            let rows = found.into_iter().skip(skip).take(take).map(told).collect();
            Ok(WorkflowList { rows, pagination: pagination(count, offset, limit) })
        })
        .await?;
    Ok(Json(list))
}

/// `GET /api/v1/workflows/{id}/versions`: the newest version, with the schema of its input.
pub(super) async fn version(call: Call) -> Result<Json<WorkflowVersion>, Refusal> {
    let row = call.workflow_row()?;
    let input_json_schema = row.input_schema.as_deref().map(serde_json::from_str).transpose();
    Ok(Json(WorkflowVersion {
        metadata: metadata(row.version_id, row.created_at),
        version: String::new(),
        order: 1,
        // The real server leaves it empty.
        workflow_id: String::new(),
        default_priority: 0,
        schedule_timeout: "5m",
        triggers: JsonObject::new(),
        concurrency: [],
        workflow_config: workflow_config(&row.name, &row.description, row.input_schema.as_deref()),
        input_json_schema: input_json_schema.map_err(|error| Refusal::Internal(error.to_string()))?,
        workflow: told(&row),
    }))
}

/// `PATCH /api/v1/workflows/{id}`: pauses the workflow, or lets it go on.
pub(super) async fn update(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<Workflow>, Refusal> {
    let UpdateWorkflow { pause } = call.body()?;
    let id = call.workflow_row()?.id;
    let change = match read_pause(pause).map_err(Refusal::Internal)? {
        PauseRequest::Unpause => None,
        PauseRequest::Pause(Wanted { crons, scheduled, ttl }) => {
            let ttl = interval(&ttl.unwrap_or_default()).map_err(Refusal::Internal)?;
            Some(Pause { crons, scheduled, ttl })
        }
    };
    let row = hatchet
        .run(move |state| {
            let now = state.clock.now();
            state.store.pause(id, change, now)?;
            state.store.workflow(id).cloned().ok_or(Refusal::Unknown)
        })
        .await?;
    hatchet.wake();
    Ok(Json(told(&row)))
}

/// What the real server answers 500 to is every request that it does not understand, and one without any.
fn read_pause(pause: Option<String>) -> Result<PauseRequest, String> {
    let pause = pause.ok_or("no pause to apply")?;
    serde_json::from_str(&pause).map_err(|error| format!("a pause that is none: {error}"))
}

fn told(workflow: &WorkflowRow) -> Workflow {
    Workflow {
        metadata: metadata(workflow.id, workflow.created_at),
        name: workflow.name.clone(),
        description: workflow.description.clone(),
        is_paused: workflow.pause.is_some(),
        paused_workflow_cron_run_queue_behavior: workflow.pause.map(|pause| pause.crons),
        paused_workflow_scheduled_run_queue_behavior: workflow.pause.map(|pause| pause.scheduled),
        tenant_id: String::new(),
    }
}

fn metadata(id: Uuid, created_at: i64) -> Metadata {
    let created_at = shown(created_at);
    Metadata { id: id.to_string(), created_at, updated_at: created_at }
}

/// SQL's LIKE: `%` stands for any characters, `_` for one, a backslash takes the next literally.
fn like(text: &[char], pattern: &[char]) -> bool {
    match (pattern, text) {
        ([], rest) => rest.is_empty(),
        (['%', pattern @ ..], _) => (0..=text.len()).any(|at| like(text.get(at..).unwrap_or_default(), pattern)),
        (['\\', literal, pattern @ ..], [first, text @ ..]) => first == literal && like(text, pattern),
        (['_', pattern @ ..], [_, text @ ..]) => like(text, pattern),
        ([literal, pattern @ ..], [first, text @ ..]) => first == literal && like(text, pattern),
        (_, []) => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_searched_as_the_database_searches_it() {
        let like = |text: &str, pattern: &str| {
            super::like(&text.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>())
        };
        assert!(like("send-email", "%end-e%"));
        assert!(like("send-email", "%%"));
        assert!(like("send-email", "%s_nd%"));
        assert!(!like("send-email", "%s\\_nd%"));
        assert!(!like("send-email", "%emails%"));
    }
}
