//! Errors as JavaScript's own, of the classes in errors.js.

use std::fmt;

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::engine::describe_thrown;
use super::to_js;
use crate::error::{Error, ErrorKind, Rest};
use crate::platform::Headers;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(code: &str, message: &str, details: &JsValue) -> JsValue;
}

/// What JavaScript threw, kept as it is, to be the cause of an error.
pub(super) struct Thrown(pub(super) JsValue);

impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&describe_thrown(&self.0))
    }
}

impl std::error::Error for Thrown {}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Complaint<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<f64>,
}

#[derive(Serialize)]
struct Complaint<'a> {
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

/// What a call's errors are made of, besides the error itself.
#[derive(Default)]
pub(super) struct Origin<'a> {
    /// What the caller aborted with: then it is the error itself.
    pub(super) aborted: JsValue,
    /// The items of a bulk call, as the caller gave them.
    pub(super) items: &'a [JsValue],
}

/// The error as JavaScript sees it.
pub(super) fn to_error(error: &Error, origin: &Origin<'_>) -> JsValue {
    let mut details = Details {
        operation: error.operation(),
        attempts: Some(error.attempts()).filter(|&attempts| attempts > 0),
        retryable: error.is_retryable(),
        ..Details::default()
    };
    let code = match error.kind() {
        ErrorKind::Aborted => return origin.aborted.clone(),
        ErrorKind::Validation(invalid) => {
            details.path = Some(invalid.path.as_str()).filter(|path| !path.is_empty());
            "validation"
        }
        ErrorKind::Api(refusal) => {
            details.status = Some(refusal.status);
            details.retry_after_ms = refusal.retry_after.map(|wait| wait.as_secs_f64() * 1000.0);
            let complaints = refusal.errors.iter().map(|error| Complaint {
                description: &error.description,
                code: error.code,
                field: error.field.as_deref(),
            });
            details.errors = Some(complaints.collect());
            api_code(refusal.status)
        }
        ErrorKind::Connection(_) => "connection",
        ErrorKind::Timeout { after, .. } => {
            details.timeout_ms = Some(after.as_secs_f64() * 1000.0);
            "timeout"
        }
        ErrorKind::Decode { path, .. } => {
            details.path = Some(path.as_str()).filter(|path| !path.is_empty());
            "decode"
        }
        ErrorKind::Interrupted(_) => "bulk-interrupted",
    };
    let details = to_js::small(&details);
    match error.kind() {
        ErrorKind::Api(refusal) => {
            set(&details, "body", &to_js::json(&refusal.body));
            set(&details, "headers", &headers(&refusal.headers));
        }
        ErrorKind::Interrupted(interrupted) => {
            set(&details, "done", &to_js::json(&interrupted.done));
            set(&details, "unknown", &to_js::json(&interrupted.unknown));
            set(&details, "rest", &rest(&interrupted.rest, origin.items));
        }
        _ => {}
    }
    if let Some(cause) = error.cause() {
        set(&details, "cause", &cause_of(&**cause, origin));
    }
    create_error(code, &error.to_string(), &details)
}

fn api_code(status: u16) -> &'static str {
    match status {
        400 | 415 | 422 => "bad-request",
        401 | 403 => "permission-denied",
        404 => "not-found",
        429 => "rate-limited",
        500..=599 => "server-error",
        _ => "api-error",
    }
}

fn cause_of(cause: &(dyn std::error::Error + 'static), origin: &Origin<'_>) -> JsValue {
    if let Some(Thrown(value)) = cause.downcast_ref() {
        return value.clone();
    }
    match cause.downcast_ref::<Error>() {
        Some(error) => to_error(error, origin),
        None => js_sys::Error::new(&cause.to_string()).into(),
    }
}

/// What the caller can pass again.
fn rest(rest: &Rest, items: &[JsValue]) -> JsValue {
    match rest {
        Rest::Ids(ids) => to_js::json(ids),
        Rest::Places(places) => places.iter().filter_map(|&place| items.get(place)).collect::<js_sys::Array>().into(),
    }
}

fn headers(headers: &Headers) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in headers {
        set(&object, &name.to_ascii_lowercase(), &JsValue::from_str(value));
    }
    object.into()
}

/// Sets a property of an object made here, which takes any.
pub(super) fn set(object: &JsValue, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}
