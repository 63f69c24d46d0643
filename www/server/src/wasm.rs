//! The server for JavaScript: requests in, answers out. Listening, timers and the clock's pace are the host's.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use chrono::{DateTime, TimeDelta};
use hatchet_scheduled::time::{Delay, to_wire};
use http::{HeaderName, HeaderValue};
use http_body_util::BodyExt;
use js_sys::{Function, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_wasm_bindgen::Serializer;
use tower::ServiceExt;
use wasm_bindgen::prelude::*;

use crate::delay::Timers;
use crate::hatchet::{Clock, Hatchet, Options, State};
use crate::middleware::{ConnectionDropped, Traffic};
use crate::store::{RunFilter, RunRow, micros, shown};
use crate::sync::lock;

/// How a server is to be.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Settings {
    now: Option<f64>,
    workflows: Vec<String>,
    seed: usize,
    server_url: String,
    snapshot: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            now: None,
            workflows: Vec::new(),
            seed: 0,
            server_url: "http://127.0.0.1:8080".to_owned(),
            snapshot: None,
        }
    }
}

/// An embedded Hatchet.
#[wasm_bindgen(js_name = Server)]
#[allow(missing_debug_implementations, reason = "it holds a signing key")]
pub struct Server {
    hatchet: Hatchet,
    router: Router,
    traffic: Arc<Traffic>,
    timers: Timers,
}

/// What answers a request.
#[derive(Serialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    body: Uint8Array,
    /// The connection ends without an answer.
    dropped: bool,
    /// The body ends before its end.
    broken: bool,
}

#[wasm_bindgen(js_class = Server)]
impl Server {
    /// Opens a server. `sleep` gives a promise that is kept after so many milliseconds.
    ///
    /// # Errors
    /// When the settings are none.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: JsValue, sleep: Function) -> Result<Server, JsError> {
        let settings: Settings = serde_wasm_bindgen::from_value(settings)?;
        let clock = match settings.now {
            Some(now) => Clock::manual(instant(now)?),
            None => Clock::system(),
        };
        let options = Options {
            clock,
            workflows: settings.workflows,
            seed: settings.seed,
            server_url: settings.server_url,
            snapshot: settings.snapshot,
            test_controls: true,
            ..Options::default()
        };
        let hatchet = Hatchet::open(options)?;
        let traffic = hatchet.settings().traffic.clone().unwrap_or_default();
        let router = hatchet.router();
        Ok(Self { hatchet, router, traffic, timers: Timers::new(sleep) })
    }

    /// Answers a request: method, path with query, pairs of headers, and the body.
    ///
    /// # Errors
    /// When it is no request.
    pub async fn handle(
        &self,
        method: String,
        target: String,
        headers: JsValue,
        body: Vec<u8>,
    ) -> Result<JsValue, JsError> {
        let mut request = http::Request::builder().method(method.as_str()).uri(target).body(Body::from(body))?;
        let headers: Vec<(String, String)> = serde_wasm_bindgen::from_value(headers)?;
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        request.extensions_mut().insert(self.timers.clone());
        // What was due by now has happened, whoever asks.
        self.hatchet.tick()?;
        let router = self.router.clone();
        let Ok(response) = router.oneshot(request).await;
        let (parts, mut body) = response.into_parts();
        let (mut bytes, mut broken) = (Vec::new(), false);
        while let Some(frame) = body.frame().await {
            match frame.map(http_body::Frame::into_data) {
                Ok(Ok(data)) => bytes.extend_from_slice(&data),
                Ok(Err(_)) => {}
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: Uint8Array::from(bytes.as_slice()),
            dropped: parts.extensions.get::<ConnectionDropped>().is_some(),
            broken,
        };
        Ok(serde_wasm_bindgen::to_value(&answer)?)
    }

    /// A new token.
    pub fn token(&self) -> String {
        self.hatchet.token()
    }

    /// The tenant's id.
    #[wasm_bindgen(js_name = tenantId)]
    pub fn tenant_id(&self) -> String {
        self.hatchet.tenant_id().to_string()
    }

    /// Names the address at which it listens.
    #[wasm_bindgen(js_name = setServerUrl)]
    pub fn set_server_url(&self, url: String) {
        self.hatchet.set_server_url(url);
    }

    /// The server's time, in milliseconds since 1970.
    pub fn now(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let now = self.hatchet.clock().now().timestamp_millis() as f64;
        now
    }

    /// When the engine has something to do next, in milliseconds since 1970.
    #[wasm_bindgen(js_name = nextEvent)]
    pub fn next_event(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let next = self.hatchet.next_event() as f64;
        next
    }

    /// Stops the clock at a time, and does what was due until there.
    ///
    /// # Errors
    /// When there is no such time.
    #[wasm_bindgen(js_name = setTime)]
    pub fn set_time(&self, milliseconds: f64) -> Result<(), JsError> {
        self.hatchet.clock().set(instant(milliseconds)?);
        Ok(self.hatchet.tick()?)
    }
}

#[wasm_bindgen(js_class = Server)]
impl Server {
    /// The runs that started, the oldest first.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn runs(&self) -> Result<JsValue, JsError> {
        self.hatchet.tick()?;
        let runs = self.hatchet.with(|state| -> Result<Vec<Started>, JsError> {
            let now = micros(state.clock.now());
            let (_, runs) = state.store.runs(&RunFilter { since: i64::MIN, ..RunFilter::default() }, now, 0, -1)?;
            runs.into_iter().rev().map(|run| Started::new(state, run, now)).collect()
        })?;
        Ok(runs.serialize(&plain())?)
    }

    /// All that it keeps, as a text to start another one from.
    ///
    /// # Errors
    /// When a row cannot be told.
    pub fn snapshot(&self) -> Result<String, JsError> {
        self.hatchet.tick()?;
        Ok(self.hatchet.snapshot()?)
    }

    /// Another number after every change of what it keeps, starts of runs among them.
    ///
    /// # Errors
    /// When runs could not be started.
    pub fn changes(&self) -> Result<f64, JsError> {
        self.hatchet.tick()?;
        #[allow(clippy::cast_precision_loss, reason = "nobody counts that far")]
        let changes = self.hatchet.changes() as f64;
        Ok(changes)
    }

    /// Adds a rule of faults, as the controls for tests take it.
    ///
    /// # Errors
    /// Says what is no rule.
    pub fn fault(&self, rule: JsValue) -> Result<(), JsError> {
        let rule = serde_wasm_bindgen::from_value(rule)?;
        lock(&self.traffic.faults).add(vec![rule]).map_err(|reason| JsError::new(&reason))
    }

    /// Takes all rules away.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) {
        lock(&self.traffic.faults).clear();
    }

    /// The requests so far.
    ///
    /// # Errors
    /// Never, as far as is known.
    pub fn requests(&self) -> Result<JsValue, JsError> {
        Ok(lock(&self.traffic.log).serialize(&plain())?)
    }

    /// The time so long from now.
    ///
    /// # Errors
    /// Says what is no length of time.
    pub fn after(&self, delay: JsValue) -> Result<f64, JsError> {
        let delay: Delay = serde_wasm_bindgen::from_value(delay)?;
        #[allow(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53")]
        let length = delay.millis().map_err(|reason| JsError::new(&reason))? as f64;
        Ok(self.now() + length)
    }
}

/// A run that started.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    id: String,
    scheduled_id: String,
    workflow_name: String,
    priority: i32,
    input: Map<String, Value>,
    additional_metadata: Map<String, Value>,
    started_at: String,
    status: &'static str,
}

impl Started {
    fn new(state: &State, run: RunRow, now: i64) -> Result<Self, JsError> {
        let object = |text: Option<&str>| serde_json::from_str(text.unwrap_or("{}"));
        Ok(Self {
            id: run.id.to_string(),
            scheduled_id: run.scheduled_id.to_string(),
            workflow_name: state.store.workflow(run.workflow_id).map(|found| found.name.clone()).unwrap_or_default(),
            priority: run.priority,
            input: object(run.input.as_deref())?,
            additional_metadata: object(run.metadata.as_deref())?,
            started_at: to_wire(shown(run.created_at)),
            status: run.status(now),
        })
    }
}

/// As plain objects, with nothing for what is not there.
fn plain() -> Serializer {
    Serializer::json_compatible().serialize_missing_as_null(false)
}

fn instant(milliseconds: f64) -> Result<DateTime<chrono::Utc>, JsError> {
    #[allow(clippy::cast_possible_truncation, reason = "a time that is out of range is none")]
    let found = DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::milliseconds(milliseconds as i64));
    found.ok_or_else(|| JsError::new("there is no such time"))
}
