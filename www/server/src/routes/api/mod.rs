//! The calls of a Hatchet server.

mod body;
mod bulk;
mod call;
mod details;
mod listing;
mod runs;
mod scheduled;
mod view;
mod workflows;

use axum::Router;
use axum::routing::{get, patch, post};

use crate::hatchet::Hatchet;
use crate::wire::Refusal;

/// The routes of the API. Any other path or method is 403 with the body `null`.
pub(super) fn router(hatchet: Hatchet) -> Router {
    let workflows = "/api/v1/tenants/{tenant}/workflows";
    let one = get(scheduled::get).patch(scheduled::update).delete(scheduled::delete).post(scheduled::trigger);
    Router::new()
        .route(workflows, get(workflows::list))
        .route(&format!("{workflows}/scheduled"), get(scheduled::list))
        .route(&format!("{workflows}/scheduled/bulk-delete"), post(bulk::delete))
        .route(&format!("{workflows}/scheduled/bulk-update"), post(bulk::update))
        .route(&format!("{workflows}/scheduled/{{scheduled}}"), one)
        .route(&format!("{workflows}/{{workflow}}/scheduled"), post(scheduled::create))
        .route("/api/v1/workflows/{workflow_id}", patch(workflows::update))
        .route("/api/v1/workflows/{workflow_id}/versions", get(workflows::version))
        .route("/api/v1/stable/tenants/{tenant}/workflow-runs", get(runs::list))
        .route("/api/v1/stable/workflow-runs/{run}", get(details::get))
        .route("/api/v1/stable/workflow-runs/{run}/status", get(details::status))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(hatchet)
}

async fn unknown() -> Refusal {
    Refusal::Unknown
}
