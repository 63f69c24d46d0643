//! What an observer is told.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::error::{millis, to_error};
use crate::model::ClientWarning;
use crate::transport::{Attempt, Event, Happening};
use crate::value::Value;

/// An event as the types of the package describe it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    r#type: &'static str,
    operation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a ClientWarning>,
}

/// Tells the caller's observer.
pub(super) fn tell(observer: &Function, event: &Event<'_>) {
    let mut told = Told { operation: event.operation, ..Told::default() };
    let mut sent = |attempt: &Attempt<'_>, status| {
        told.method = Some(attempt.method.as_str());
        told.attempt = Some(attempt.number);
        told.status = status;
    };
    let (url, failure);
    match &event.what {
        Happening::Request(attempt) => {
            sent(attempt, None);
            told.r#type = "request";
            (url, failure) = (Some(attempt.url), None);
        }
        Happening::Response { attempt, status, duration, error } => {
            sent(attempt, *status);
            told.r#type = "response";
            told.duration_ms = Some(millis(*duration));
            (url, failure) = (Some(attempt.url), *error);
        }
        Happening::Retry { attempt, status, delay, error } => {
            sent(attempt, *status);
            told.r#type = "retry";
            told.delay_ms = Some(millis(*delay));
            (url, failure) = (Some(attempt.url), Some(*error));
        }
        Happening::Warning(warning) => {
            told.r#type = "warning";
            told.warning = Some(warning);
            (url, failure) = (None, None);
        }
    }
    told.url = url;
    told.error = failure.map(|error| to_error(error).into());
    // What an observer throws is its own affair.
    let _ = observer.call1(&JsValue::UNDEFINED, Value::of(&told).as_js());
}
