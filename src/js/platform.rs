//! The client's effects through JavaScript: `fetch`, timers, the clock, chance, and the caller's observer.

use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use gloo_net::http;
use js_sys::{Array, Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::engine::{describe_thrown, kind, tag};
use super::error::{Thrown, set};
use super::event::event_to_js;
use super::fields::get;
use super::zones::IntlZones;
use crate::platform::{Event, NoAnswer, Platform, Request, Response};
use crate::time::{UnknownZone, Zones};

#[wasm_bindgen]
extern "C" {
    // Looked up at each call, so that a fetch that is replaced later counts.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn global_fetch(url: &str, init: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// JavaScript, as the client needs it.
pub(super) struct JsPlatform {
    pub(super) fetch: Option<Function>,
    pub(super) on_event: Option<Function>,
    pub(super) zones: IntlZones,
}

impl Zones for JsPlatform {
    fn offset(&self, zone: &str, at: DateTime<Utc>) -> Result<i32, UnknownZone> {
        self.zones.offset(zone, at)
    }
}

impl Platform for JsPlatform {
    async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        let mut abort = AbortOnDrop::new()?;
        let init = init(&request, &abort.controller.signal());
        // Without `this`: browsers refuse a fetch that is called as somebody's method.
        let sent = match &self.fetch {
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init),
            None => global_fetch(&request.url, &init),
        };
        let answer = settled(sent).await.map_err(lost)?;
        let response = read(&answer).await?;
        abort.completed = true;
        Ok(response)
    }

    async fn sleep(&self, duration: Duration) {
        let mut timer = Timer(JsValue::UNDEFINED);
        let promise = Promise::new(&mut |resolve, _| timer.0 = set_timeout(&resolve, duration.as_secs_f64() * 1000.0));
        let _ = JsFuture::from(promise).await;
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn observe(&self, event: &Event<'_>) {
        if let Some(observer) = &self.on_event {
            // What an observer throws is its own affair.
            let _ = observer.call1(&JsValue::UNDEFINED, &event_to_js(event));
        }
    }
}

/// Ends the request for real when nobody waits for it any more.
struct AbortOnDrop {
    controller: web_sys::AbortController,
    completed: bool,
}

impl AbortOnDrop {
    fn new() -> Result<Self, NoAnswer> {
        let controller = web_sys::AbortController::new().map_err(lost)?;
        Ok(Self { controller, completed: false })
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if !self.completed {
            self.controller.abort();
        }
    }
}

/// Forgotten when nobody waits for it any more, as a pending timer keeps a process alive.
struct Timer(JsValue);

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}

/// Only what every runtime knows: some refuse options such as `credentials`.
fn init(request: &Request, signal: &JsValue) -> JsValue {
    let pairs = request.headers.iter().map(|(name, value)| Array::of2(&name.into(), &value.into()));
    let headers = Object::from_entries(&pairs.collect::<Array>()).unwrap_or_default();
    let init = Object::new();
    set(&init, "method", &request.method.as_str().into());
    set(&init, "headers", &headers);
    set(&init, "signal", signal);
    if let Some(body) = &request.body {
        set(&init, "body", &body.into());
    }
    if request.keepalive {
        set(&init, "keepalive", &JsValue::TRUE);
    }
    init.into()
}

/// What a function answered, thrown or rejected with; a plain value counts as answered.
pub(super) async fn settled(answered: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&answered?)).await
}

/// Reads an answer to its end. A caller's own fetch may answer anything.
async fn read(answer: &JsValue) -> Result<Response, NoAnswer> {
    let no_response =
        |what: String| NoAnswer { message: format!("fetch answered with {what}"), cause: None, hint: None };
    if !answer.is_object() {
        return Err(no_response(format!("{}, not with a Response", kind(answer))));
    }
    let property = |key| get(answer, key).map_err(|invalid| no_response(format!("an object whose {invalid}")));
    let status = property("status")?.as_f64().filter(|status| (200.0..600.0).contains(status));
    let Some(status) = status else {
        return Err(no_response("an object without a status from 200 to 599, not with a Response".to_owned()));
    };
    let headers = property("headers")?;
    let headers = match web_sys::Headers::new_with_headers(headers.unchecked_ref()) {
        Ok(headers) => http::Headers::from_raw(headers).entries().collect(),
        // They help to word errors and to wait; nothing depends on them.
        Err(_) => Vec::new(),
    };
    Ok(Response { status: status as u16, headers, body: body(answer).await? })
}

async fn body(answer: &JsValue) -> Result<Vec<u8>, NoAnswer> {
    let reader =
        ["arrayBuffer", "text"].into_iter().find_map(|name| get(answer, name).ok()?.dyn_into::<Function>().ok());
    let Some(reader) = reader else {
        let message = "fetch answered with an object without arrayBuffer() or text(), not with a Response".to_owned();
        return Err(NoAnswer { message, cause: None, hint: None });
    };
    let body = settled(reader.call0(answer)).await.map_err(|thrown| {
        let lost = lost(thrown);
        NoAnswer { message: format!("the answer broke off: {}", lost.message), ..lost }
    })?;
    match body.as_string() {
        Some(text) => Ok(text.into_bytes()),
        None if tag(&body) == "ArrayBuffer" => Ok(Uint8Array::new(&body).to_vec()),
        None => {
            let message = format!("fetch answered with a body that is {}", kind(&body));
            Err(NoAnswer { message, cause: None, hint: None })
        }
    }
}

fn lost(thrown: JsValue) -> NoAnswer {
    let mut message = describe_thrown(&thrown);
    // Node says "fetch failed" and keeps the reason underneath.
    if let Some(reason) = get(&thrown, "cause").ok().filter(JsValue::is_object) {
        message = format!("{message}: {}", describe_thrown(&reason));
    }
    NoAnswer { message, cause: Some(Rc::new(Thrown(thrown))), hint: hint() }
}

/// In a page or a worker: what the browser does not tell apart.
fn hint() -> Option<String> {
    let origin = get(&get(&js_sys::global(), "location").ok()?, "origin").ok()?.as_string()?;
    Some(format!(
        "A browser does not say whether the server is down, its name or certificate is wrong, or its CORS settings \
         refuse this page: on the server, SERVER_ALLOWED_ORIGINS must be empty or hold {origin}"
    ))
}
