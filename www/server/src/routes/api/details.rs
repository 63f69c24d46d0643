//! One run that started.

use axum::Json;
use axum::extract::State as Shared;

use super::call::Call;
use super::view;
use crate::hatchet::Hatchet;
use crate::store::micros;
use crate::wire::Refusal;
use crate::wire::runs::RunDetails;

/// `GET /workflow-runs/{id}`.
pub(super) async fn get(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<RunDetails>, Refusal> {
    let run = call.run()?;
    Ok(Json(hatchet.run(move |state| Ok(view::details(state, &run, micros(state.clock.now()))?)).await?))
}

/// `GET /workflow-runs/{id}/status`: a JSON string.
pub(super) async fn status(Shared(hatchet): Shared<Hatchet>, call: Call) -> Result<Json<&'static str>, Refusal> {
    let run = call.run()?;
    Ok(Json(hatchet.run(move |state| Ok(run.status(micros(state.clock.now())))).await?))
}
