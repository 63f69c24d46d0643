//! What an observer is told.

use std::time::Duration;

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::error::{Origin, set, to_error};
use super::to_js;
use crate::model::ClientWarning;
use crate::platform::{Attempt, Event, Happening};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    r#type: &'static str,
    operation: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    attempt: Option<ToldAttempt<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a ClientWarning>,
}

#[derive(Serialize)]
struct ToldAttempt<'a> {
    method: &'static str,
    url: &'a str,
    attempt: u32,
}

impl<'a> From<Attempt<'a>> for ToldAttempt<'a> {
    fn from(attempt: Attempt<'a>) -> Self {
        Self { method: attempt.method.as_str(), url: attempt.url, attempt: attempt.number }
    }
}

/// The event as the observer sees it.
pub(super) fn event_to_js(event: &Event<'_>) -> JsValue {
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1000.0;
    let mut told = Told {
        r#type: "request",
        operation: event.operation,
        attempt: None,
        status: None,
        duration_ms: None,
        delay_ms: None,
        warning: None,
    };
    let mut failure = None;
    match &event.what {
        Happening::Request(attempt) => told.attempt = Some((*attempt).into()),
        Happening::Response { attempt, status, duration, error } => {
            told.r#type = "response";
            told.attempt = Some((*attempt).into());
            told.status = *status;
            told.duration_ms = Some(milliseconds(*duration));
            failure = *error;
        }
        Happening::Retry { attempt, status, delay, error } => {
            told.r#type = "retry";
            told.attempt = Some((*attempt).into());
            told.status = *status;
            told.delay_ms = Some(milliseconds(*delay));
            failure = Some(*error);
        }
        Happening::Warning(warning) => {
            told.r#type = "warning";
            told.warning = Some(warning);
        }
    }
    let object = to_js::small(&told);
    if let Some(error) = failure {
        let aborted = js_sys::Error::new("The call was aborted").into();
        set(&object, "error", &to_error(error, &Origin { aborted, items: &[] }));
    }
    object
}
