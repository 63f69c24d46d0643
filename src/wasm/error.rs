//! Errors as JavaScript's own, of the classes in errors.js.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::thrown::Thrown;
use crate::error::{Error, ErrorDetail, ErrorKind, Rest};
use crate::http::Body;
use crate::model::{BulkDone, RunId};
use crate::value::Value;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    /// Makes the error; `cause` is undefined where there is none.
    #[wasm_bindgen(js_name = createError)]
    fn create_error(details: &JsValue, cause: &JsValue, caused: bool) -> JsValue;
}

/// What the classes are made of.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    code: &'static str,
    message: String,
    operation: Option<&'static str>,
    attempts: Option<u32>,
    retryable: bool,
    path: Option<&'a str>,
    status: Option<u16>,
    errors: Option<&'a [ErrorDetail]>,
    headers: Option<HashMap<String, &'a str>>,
    body: Option<Value>,
    retry_after_ms: Option<f64>,
    timeout_ms: Option<f64>,
    done: Option<&'a BulkDone>,
    unknown: Option<&'a [String]>,
    rest: Option<&'a [RunId]>,
    rest_places: Option<&'a [usize]>,
}

/// The error as JavaScript sees it.
pub(super) fn to_error(error: &Error) -> JsValue {
    let mut details = Details {
        message: error.to_string(),
        operation: error.operation(),
        attempts: Some(error.attempts()).filter(|attempts| *attempts > 0),
        retryable: error.is_retryable(),
        ..Details::default()
    };
    details.code = match error.kind() {
        ErrorKind::Aborted => "aborted",
        ErrorKind::Validation(invalid) | ErrorKind::Decode(invalid) => {
            details.path = Some(invalid.path.as_str()).filter(|path| !path.is_empty());
            if matches!(error.kind(), ErrorKind::Decode(_)) { "decode" } else { "validation" }
        }
        ErrorKind::Api(refusal) => {
            let headers = refusal.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()));
            details.status = Some(refusal.status);
            details.errors = Some(&refusal.errors);
            details.headers = Some(headers.collect());
            details.body = Some(match &refusal.body {
                Body::Json(value) => value.clone(),
                Body::Text(text) => Value::of(text),
            });
            details.retry_after_ms = refusal.retry_after.map(millis);
            api_code(refusal.status)
        }
        ErrorKind::Connection(_) => "connection",
        ErrorKind::Timeout { after, .. } => {
            details.timeout_ms = Some(millis(*after));
            "timeout"
        }
        ErrorKind::Interrupted(interrupted) => {
            details.done = Some(&interrupted.done);
            details.unknown = Some(&interrupted.unknown);
            match &interrupted.rest {
                Rest::Ids(ids) => details.rest = Some(ids),
                Rest::Places(places) => details.rest_places = Some(places),
            }
            "bulk-interrupted"
        }
    };
    let cause = error.cause().map(|cause| match (cause.downcast_ref(), cause.downcast_ref::<Error>()) {
        (Some(Thrown(value)), _) => value.clone(),
        (_, Some(error)) => to_error(error),
        _ => JsValue::UNDEFINED,
    });
    let caused = cause.is_some();
    create_error(Value::of(&details).as_js(), &cause.unwrap_or_default(), caused)
}

/// Whole milliseconds, as JavaScript counts.
pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_millis() as u64 as f64
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
