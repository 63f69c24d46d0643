//! Errors as JavaScript's own, of the classes in errors.js.

use std::time::Duration;

use wasm_bindgen::prelude::*;

use super::thrown::Thrown;
use crate::error::{Error, ErrorDetail, ErrorKind, Rest};
use crate::json::{Object, array, quote};
use crate::operations::ids_to_json;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(details: &str, cause: &JsValue) -> JsValue;
}

/// The error as JavaScript sees it.
pub(super) fn to_error(error: &Error) -> JsValue {
    let mut details = Object::new();
    if let Some(operation) = error.operation() {
        details.text("operation", operation);
    }
    if error.attempts() > 0 {
        details.integer("attempts", error.attempts().into());
    }
    if error.is_retryable() {
        details.json("retryable", "true");
    }
    if let ErrorKind::Validation(invalid) | ErrorKind::Decode(invalid) = error.kind()
        && !invalid.path.is_empty()
    {
        details.text("path", &invalid.path);
    }
    let code = match error.kind() {
        ErrorKind::Aborted => "aborted",
        ErrorKind::Validation(_) => "validation",
        ErrorKind::Decode(_) => "decode",
        ErrorKind::Api(refusal) => {
            details.integer("status", refusal.status.into());
            if let Some(wait) = refusal.retry_after {
                details.integer("retryAfterMs", millis(wait));
            }
            let mut headers = Object::new();
            for (name, value) in &refusal.headers {
                headers.text(&name.to_ascii_lowercase(), value);
            }
            details.json("errors", &array(&refusal.errors, complaint));
            details.json("headers", &headers.finish()).json("body", &refusal.body);
            api_code(refusal.status)
        }
        ErrorKind::Connection(_) => "connection",
        ErrorKind::Timeout { after, .. } => {
            details.integer("timeoutMs", millis(*after));
            "timeout"
        }
        ErrorKind::Interrupted(interrupted) => {
            let unknown = array(&interrupted.unknown, |item| quote(item));
            details.json("done", &interrupted.done.to_json()).json("unknown", &unknown);
            match &interrupted.rest {
                Rest::Ids(ids) => details.json("rest", &ids_to_json(ids)),
                Rest::Places(places) => details.json("restPlaces", &array(places, usize::to_string)),
            };
            "bulk-interrupted"
        }
    };
    details.text("code", code).text("message", &error.to_string());
    let mut cause = JsValue::UNDEFINED;
    if let Some(underneath) = error.cause() {
        details.json("caused", "true");
        if let Some(Thrown(value)) = underneath.downcast_ref() {
            cause = value.clone();
        } else if let Some(error) = underneath.downcast_ref::<Error>() {
            cause = to_error(error);
        }
    }
    create_error(&details.finish(), &cause)
}

/// Whole milliseconds, as JavaScript counts.
pub(super) fn millis(duration: Duration) -> i64 {
    duration.as_millis() as u64 as i64
}

fn complaint(error: &ErrorDetail) -> String {
    let mut complaint = Object::new();
    complaint.text("description", &error.description);
    if let Some(code) = error.code {
        complaint.integer("code", code);
    }
    if let Some(field) = &error.field {
        complaint.text("field", field);
    }
    complaint.finish()
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
