//! The client's effects through JavaScript: platform.js has them, for `fetch`, timers and zones are at home there.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use chrono::{DateTime, Utc};
use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::millis;
use super::event;
use super::options::headers;
use super::thrown::{Thrown, property};
use crate::json::{Json, Object};
use crate::platform::{Event, NoAnswer, Platform, Request, Response};
use crate::time::{UnknownZone, Zones};

#[wasm_bindgen(raw_module = "./platform.js")]
extern "C" {
    /// Something that is under way.
    type Task;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Task) -> Promise;

    /// Status and headers of an answer, as JSON.
    #[wasm_bindgen(method, getter)]
    fn head(this: &Task) -> String;

    #[wasm_bindgen(method)]
    fn cancel(this: &Task);

    fn send(
        fetch: Option<Function>,
        method: &str,
        url: &str,
        headers: &str,
        body: Option<String>,
        keepalive: bool,
    ) -> Task;

    fn sleep(milliseconds: f64) -> Task;

    fn offset(zone: &str, at: f64) -> f64;
}

#[wasm_bindgen]
extern "C" {
    /// The functions that the facade passes on from the caller.
    pub type Hooks;

    #[wasm_bindgen(method, getter)]
    pub(super) fn token(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter)]
    fn fetch(this: &Hooks) -> Option<Function>;

    #[wasm_bindgen(method, getter, js_name = onEvent)]
    fn on_event(this: &Hooks) -> Option<Function>;
}

/// JavaScript, as the client needs it.
pub(super) struct JsPlatform(Hooks);

impl JsPlatform {
    pub(super) fn new(hooks: Hooks) -> Self {
        Self(hooks)
    }
}

impl Zones for JsPlatform {
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        let seconds = offset(zone, at.timestamp_millis() as f64);
        if seconds.is_nan() { Err(UnknownZone) } else { Ok(seconds as i32) }
    }
}

impl Platform for JsPlatform {
    async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        let mut sent = Object::new();
        for (name, value) in &request.headers {
            sent.text(name, value);
        }
        let sent = sent.finish();
        let method = request.method.as_str();
        let task = send(self.0.fetch(), method, &request.url, &sent, request.body, request.keepalive);
        let mut running = Running::new(task);
        let body = (&mut running).await.map_err(|lost| {
            let text = |key| property(&lost, key).as_string();
            NoAnswer { message: text("message").unwrap_or_default(), cause: cause(&lost), hint: text("hint") }
        })?;
        let head = running.task.head();
        let head = Json::known(&head);
        Ok(Response {
            status: head.get("status").and_then(Json::as_number).unwrap_or_default() as u16,
            headers: headers(head),
            body: match body.as_string() {
                Some(text) => text,
                // What is no UTF-8 is no JSON, and will be told so.
                None => String::from_utf8(Uint8Array::new(&body).to_vec()).unwrap_or_else(|_| "\u{FFFD}".to_owned()),
            },
        })
    }

    async fn sleep(&self, duration: Duration) {
        let _ = Running::new(sleep(millis(duration) as f64)).await;
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = self.0.on_event() {
            event::tell(&observer, event);
        }
    }
}

/// A task as a future. It is ended for real when nobody waits for it any more.
struct Running {
    task: Task,
    ended: JsFuture,
}

impl Running {
    fn new(task: Task) -> Self {
        let ended = JsFuture::from(task.promise());
        Self { task, ended }
    }
}

impl Future for Running {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.ended).poll(context)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.cancel();
    }
}

/// What JavaScript threw, where a failure that the facade tells of comes from that.
pub(super) fn cause(failure: &JsValue) -> Option<Rc<dyn std::error::Error>> {
    property(failure, "caused").is_truthy().then(|| Rc::new(Thrown(property(failure, "cause"))) as _)
}
