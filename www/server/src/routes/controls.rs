//! Controls for tests: faults, a log of requests, the clock, and data made fast. Only there when asked for.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::hatchet::Hatchet;
use crate::middleware::{Rule, Traffic};
use crate::store::{NewRun, Registration};
use crate::sync::lock;
use crate::wire::pause::Pause;
use crate::wire::{JsonObject, Method, Refusal};

/// The controls, beside the API: no fault befalls them.
pub(super) fn router(hatchet: Hatchet, traffic: Arc<Traffic>) -> Router {
    let of_server = Router::new()
        .route("/test/clock", post(move_clock).get(tell_clock))
        .route("/test/runs", post(make_runs))
        .route("/test/workflows", post(make_workflow))
        .with_state(hatchet);
    let of_traffic = Router::new()
        .route("/test/faults", post(add_faults).get(tell_faults).delete(clear_faults))
        .route("/test/requests", axum::routing::get(tell_requests).delete(clear_requests))
        .with_state(traffic);
    of_server.merge(of_traffic)
}

async fn add_faults(State(traffic): State<Arc<Traffic>>, body: axum::body::Bytes) -> Result<Json<Value>, Refusal> {
    let rules: Vec<Rule> = parse(&body)?;
    lock(&traffic.faults).add(rules).map_err(Refusal::bad)?;
    Ok(tell_faults(State(traffic)).await)
}

async fn tell_faults(State(traffic): State<Arc<Traffic>>) -> Json<Value> {
    Json(json!(lock(&traffic.faults).rules()))
}

async fn clear_faults(State(traffic): State<Arc<Traffic>>) -> StatusCode {
    lock(&traffic.faults).clear();
    StatusCode::NO_CONTENT
}

async fn tell_requests(State(traffic): State<Arc<Traffic>>) -> Json<Value> {
    Json(json!(*lock(&traffic.log)))
}

async fn clear_requests(State(traffic): State<Arc<Traffic>>) -> StatusCode {
    lock(&traffic.log).clear();
    StatusCode::NO_CONTENT
}

/// One of three ways to move the clock.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Move {
    advance_ms: Option<i64>,
    set: Option<DateTime<Utc>>,
    #[serde(default)]
    system: bool,
}

async fn move_clock(State(hatchet): State<Hatchet>, body: axum::body::Bytes) -> Result<Json<Value>, Refusal> {
    match parse(&body)? {
        Move { advance_ms: Some(by), set: None, system: false } => hatchet.clock().advance(TimeDelta::milliseconds(by)),
        Move { advance_ms: None, set: Some(at), system: false } => hatchet.clock().set(at),
        Move { advance_ms: None, set: None, system: true } => hatchet.clock().follow_system(),
        _ => return Err(Refusal::bad("give one of advanceMs, set and system".to_owned())),
    }
    hatchet.tick_apart().await?;
    hatchet.wake();
    Ok(tell_clock(State(hatchet)).await)
}

async fn tell_clock(State(hatchet): State<Hatchet>) -> Json<Value> {
    Json(json!({ "now": hatchet.clock().now(), "system": !hatchet.clock().is_manual() }))
}

/// Runs to be made at once.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MakeRuns {
    count: usize,
    #[serde(default = "simple")]
    workflow: String,
    #[serde(default = "api")]
    method: Method,
    /// The first run's time; a year from now where absent.
    trigger_at: Option<DateTime<Utc>>,
    /// Time between two runs.
    #[serde(default)]
    spacing_ms: i64,
    input: Option<JsonObject>,
    additional_metadata: Option<JsonObject>,
    #[serde(default = "one")]
    priority: i32,
}

fn simple() -> String {
    "simple".to_owned()
}

fn api() -> Method {
    Method::Api
}

fn one() -> i32 {
    1
}

async fn make_runs(State(hatchet): State<Hatchet>, body: axum::body::Bytes) -> Result<Json<Value>, Refusal> {
    let wanted: MakeRuns = parse(&body)?;
    let made = hatchet
        .run(move |state| {
            let workflow = state.store.workflow_named(&wanted.workflow);
            let workflow_id = workflow.ok_or_else(|| Refusal::errors("workflow not found"))?.id;
            let now = state.clock.now();
            let first = wanted.trigger_at.unwrap_or(now + TimeDelta::days(365)).timestamp_millis();
            let text = |object: &Option<JsonObject>| object.clone().map(|object| Value::Object(object).to_string());
            let (input, metadata) = (text(&wanted.input), text(&wanted.additional_metadata));
            let run = |number: i64| NewRun {
                workflow_id,
                trigger_at: first.saturating_add(number.saturating_mul(wanted.spacing_ms)),
                priority: wanted.priority,
                method: wanted.method,
                input: input.clone(),
                metadata: metadata.clone(),
            };
            let runs = (0_i64..).take(wanted.count).map(|number| (crate::store::new_id(), run(number)));
            Ok(state.store.create_all(runs, now)?)
        })
        .await?;
    let ids: Vec<_> = made.iter().map(|run| run.id).collect();
    Ok(Json(json!({ "ids": ids })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MakeWorkflow {
    name: String,
    #[serde(default)]
    is_paused: bool,
    input_json_schema: Option<JsonObject>,
}

async fn make_workflow(State(hatchet): State<Hatchet>, body: axum::body::Bytes) -> Result<Json<Value>, Refusal> {
    let MakeWorkflow { name, is_paused, input_json_schema } = parse(&body)?;
    let (id, name) = hatchet
        .run(move |state| {
            let now = state.clock.now();
            let input_schema = input_json_schema.map(|schema| Value::Object(schema).to_string());
            let registration = Registration { name: &name, input_schema, ..Registration::default() };
            let id = state.store.register(registration, now)?;
            state.store.pause(id, is_paused.then(Pause::default), now)?;
            Ok((id, name))
        })
        .await?;
    Ok(Json(json!({ "id": id, "name": name, "isPaused": is_paused })))
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::bad(error.to_string()))
}
