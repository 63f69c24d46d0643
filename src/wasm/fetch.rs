//! A request through `fetch`, the runtime's or the caller's, by gloo-net's headers and answers.
//!
//! The one call of `fetch` is made here and not by gloo-net, whose own gives up for good on what callers and test runners
//! do: reject with something that is no `Error`, answer with an object of their own, leave no `fetch` at all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_net::http;
use js_sys::{Array, ArrayBuffer, Function, JsString, Object, Promise, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::thrown::{Thrown, cause, property};
use crate::http::{Body, Headers, HttpMethod, NoAnswer, Request, Response};
use crate::value::{Text, Value, describe, kind, pairs};

#[wasm_bindgen]
extern "C" {
    /// The runtime's, looked up at each call, so that one that is put in its place later counts.
    #[wasm_bindgen(js_namespace = globalThis, js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &JsValue) -> Result<JsValue, JsValue>;
}

/// What `fetch` is given besides the address: only what every runtime knows.
#[derive(Serialize)]
struct Init {
    method: &'static str,
    headers: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    keepalive: bool,
    redirect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<&'static str>,
    signal: Value,
}

/// The one that sends: the runtime's `fetch`, or a caller's own.
pub(super) struct Fetcher {
    given: Option<Function>,
    /// Whether reads can ask for an answer that no cache kept.
    takes_cache: bool,
    /// The headers of the last request, as they were listed and as JavaScript has them: most have the same.
    last: RefCell<Option<(Headers, JsValue)>>,
}

impl Fetcher {
    pub(super) fn new(given: Option<Function>, takes_cache: bool) -> Self {
        Self { given, takes_cache, last: RefCell::default() }
    }

    /// Sends a request and reads its answer to the end. Dropping the future aborts the request.
    pub(super) async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        let controller = AbortController::new().map_err(|thrown| lost("", thrown))?;
        let running = Running { controller, done: Cell::new(false) };
        let uncached = self.takes_cache && request.method == HttpMethod::Get;
        let init = Value::of(&Init {
            method: request.method.as_str(),
            headers: self.headers(request.headers).into(),
            body: request.body.map(|body: Text| JsValue::from(body.as_js()).into()),
            keepalive: request.keepalive,
            redirect: "manual",
            cache: uncached.then_some("no-store"),
            signal: JsValue::from(running.controller.signal()).into(),
        });
        let called = match &self.given {
            // Without `this`: browsers refuse a fetch that is called as somebody's method.
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), init.as_js()),
            None => global_fetch(&request.url, init.as_js()),
        };
        let called = called.map_err(|thrown| lost("", thrown))?;
        let answer = JsFuture::from(Promise::resolve(&called)).await.map_err(|thrown| lost("", thrown))?;
        let response = read(answer).await;
        running.done.set(true);
        response
    }

    fn headers(&self, list: Headers) -> JsValue {
        if let Some((known, headers)) = &*self.last.borrow()
            && *known == list
        {
            return headers.clone();
        }
        let headers = headers(&list, self.given.is_some());
        // A caller's own fetch may do with its object what it likes.
        if self.given.is_none() {
            self.last.replace(Some((list, headers.clone())));
        }
        headers
    }
}

/// A request that is under way: aborted when nobody waits for it any more.
struct Running {
    controller: AbortController,
    done: Cell<bool>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.done.get() {
            self.controller.abort();
        }
    }
}

/// Headers for the runtime's fetch; a plain object for the caller's own, and where there is no class for headers.
fn headers(list: &Headers, plain: bool) -> JsValue {
    if !plain && property(&js_sys::global(), "Headers").is_function() {
        let headers = http::Headers::new();
        for (name, value) in list {
            headers.set(name, value);
        }
        return headers.into_raw().into();
    }
    let object = Object::new();
    for (name, value) in list {
        // A new object refuses no member.
        let _ = Reflect::set(&object, &name.as_str().into(), &value.as_str().into());
    }
    object.into()
}

/// Reads an answer, whatever it is: a caller's own fetch may answer anything.
async fn read(answer: JsValue) -> Result<Response, NoAnswer> {
    let (response, status) = match answer.dyn_into::<web_sys::Response>() {
        Ok(response) => {
            let status = response.status();
            (response, status)
        }
        // Of another make, or of another realm.
        Err(answer) => check(answer)?,
    };
    if status == 0 {
        // A browser hides where a redirect leads.
        return Ok(Response { status, headers: Headers::new(), body: Body::Text(String::new()) });
    }
    let headers = headers_of(&response, status);
    Ok(Response { status, headers, body: body_of(response).await? })
}

/// Makes sure that an object can be taken for an answer. Gives its status, too, as it may be another at the next look.
fn check(answer: JsValue) -> Result<(web_sys::Response, u16), NoAnswer> {
    if !answer.is_object() {
        return Err(unusable(&format!("{}, not with a Response", kind(&answer))));
    }
    let status = Reflect::get(&answer, &"status".into()).map_err(|thrown| lost("", thrown))?;
    let Some(status) = status.as_f64().filter(|status| (200.0..600.0).contains(status)) else {
        return Err(unusable("an object without a status from 200 to 599, not with a Response"));
    };
    if !["text", "arrayBuffer"].iter().any(|method| property(&answer, method).is_function()) {
        return Err(unusable("an object without arrayBuffer() or text(), not with a Response"));
    }
    Ok((answer.unchecked_into(), status as u16))
}

/// The body of an answer: as the engine's own text, which gloo-net would copy into the WebAssembly, or as bytes where an
/// answer of another make has no text.
async fn body_of(response: web_sys::Response) -> Result<Body, NoAnswer> {
    let broken = |thrown| lost("the answer broke off: ", thrown);
    let has_text = response.is_instance_of::<web_sys::Response>() || property(&response, "text").is_function();
    let read = if has_text { response.text() } else { response.array_buffer() };
    let body = JsFuture::from(Promise::resolve(&read.map_err(broken)?)).await.map_err(broken)?;
    if let Some(text) = body.dyn_ref::<JsString>() {
        return Ok(Value::parse_js(text).map_or_else(|| Body::new(&String::from(text)), Body::Json));
    }
    if let Some(buffer) = body.dyn_ref::<ArrayBuffer>() {
        // One that was given away has no bytes either, and no view.
        let bytes = if buffer.byte_length() == 0 { Vec::new() } else { Uint8Array::new(buffer).to_vec() };
        return Ok(Body::new(&String::from_utf8_lossy(&bytes)));
    }
    Err(unusable(&format!("a body that is {}", kind(&body))))
}

/// The headers of an answer. They help to word errors and to wait; nothing depends on them. Of a success only what is
/// used is read.
fn headers_of(response: &web_sys::Response, status: u16) -> Headers {
    // A getter of another make may fail.
    let raw = property(response, "headers");
    if let Some(headers) = raw.dyn_ref::<web_sys::Headers>() {
        let headers = http::Headers::from_raw(headers.clone());
        return if status < 300 {
            headers.get("date").map(|date| ("date".to_owned(), date)).into_iter().collect()
        } else {
            headers.entries().collect()
        };
    }
    // A Map, or the class of another realm.
    let pairs = pairs(&raw).unwrap_or_default();
    let text = |pair: &Array, place| pair.get(place).as_string();
    let headers = pairs.iter().map(|pair| Array::from(&pair));
    headers.filter_map(|pair| Some((text(&pair, 0)?, text(&pair, 1)?))).collect()
}

fn unusable(what: &str) -> NoAnswer {
    NoAnswer { message: format!("fetch answered with {what}"), cause: None, hint: None, unsent: None }
}

/// The origin of the page or worker that this is.
pub(super) fn page_origin() -> Option<String> {
    property(&property(&js_sys::global(), "location"), "origin").as_string()
}

/// There was no answer, or not all of it.
fn lost(before: &str, thrown: JsValue) -> NoAnswer {
    // What the facade rejects with where the caller's interceptor kept the request from being sent.
    if let Some(message) = property(&thrown, "hatchet-scheduled.unsent").as_string() {
        return NoAnswer { message, cause: cause(&thrown), hint: None, unsent: Some("options.intercept") };
    }
    let mut message = format!("{before}{}", describe(&thrown));
    // Node says "fetch failed" and keeps the reason underneath.
    let cause = property(&thrown, "cause");
    if cause.is_object() {
        message = format!("{message}: {}", describe(&cause));
    }
    let hint = page_origin().map(|origin| {
        // What a browser does not tell apart.
        format!(
            "A browser does not say whether the server is down, its name or certificate is wrong, or its CORS settings \
             refuse this page: on the server, SERVER_ALLOWED_ORIGINS must be empty or hold {origin}"
        )
    });
    NoAnswer { message, cause: Some(Rc::new(Thrown(thrown))), hint, unsent: None }
}
