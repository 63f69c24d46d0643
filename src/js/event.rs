//! What an observer is told.

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::error::{millis, to_error};
use crate::json::Object;
use crate::platform::{Attempt, Event, Happening};

/// Tells the facade's observer: the event as JSON, and the error apart.
pub(super) fn tell(observer: &Function, event: &Event<'_>) {
    let mut told = Object::new();
    told.text("operation", event.operation);
    let mut failure = None;
    let kind = match &event.what {
        Happening::Request(attempt) => {
            sent(&mut told, attempt, None);
            "request"
        }
        Happening::Response { attempt, status, duration, error } => {
            sent(&mut told, attempt, *status);
            told.integer("durationMs", millis(*duration));
            failure = *error;
            "response"
        }
        Happening::Retry { attempt, status, delay, error } => {
            sent(&mut told, attempt, *status);
            told.integer("delayMs", millis(*delay));
            failure = Some(error);
            "retry"
        }
        Happening::Warning(warning) => {
            told.json("warning", &warning.to_json());
            "warning"
        }
    };
    told.text("type", kind);
    let error = failure.map_or(JsValue::UNDEFINED, to_error);
    // What an observer throws is its own affair.
    let _ = observer.call2(&JsValue::UNDEFINED, &JsValue::from_str(&told.finish()), &error);
}

fn sent(told: &mut Object, attempt: &Attempt<'_>, status: Option<u16>) {
    told.text("method", attempt.method.as_str()).text("url", attempt.url);
    told.integer("attempt", attempt.number.into());
    if let Some(status) = status {
        told.integer("status", status.into());
    }
}
