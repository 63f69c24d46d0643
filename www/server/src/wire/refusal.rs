//! What the server answers when it says no, in each of its shapes.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::Error;

/// A refusal.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// `{"message": …}`, from the router, the binder and the look-ups.
    Message(StatusCode, String),
    /// `{"errors": [{"description": …}]}`, from the handlers.
    Errors(StatusCode, String),
    /// A bare `{"description": …}`, as for the delete of a run made in code.
    Description(StatusCode, String),
    /// 403 with a new session's cookie.
    Credentials,
    /// 403 with the body `null`: no such route.
    Unknown,
    /// 421 for a host that the server is not called by.
    #[cfg(not(target_arch = "wasm32"))]
    Host,
    /// 500. The reason goes to the log, not to the caller.
    Internal(String),
}

impl Refusal {
    /// 400 in the binder's words.
    pub(crate) fn bad(message: String) -> Self {
        Self::Message(StatusCode::BAD_REQUEST, message)
    }

    /// 400 in a handler's words.
    pub(crate) fn errors(description: impl Into<String>) -> Self {
        Self::Errors(StatusCode::BAD_REQUEST, description.into())
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Message(status, message) => (status, json!({ "message": message })),
            Self::Errors(status, description) => (status, json!({ "errors": [{ "description": description }] })),
            Self::Description(status, description) => (status, json!({ "description": description })),
            Self::Credentials => {
                let body = Json(json!({ "message": "Please provide valid credentials" }));
                let mut response = (StatusCode::FORBIDDEN, body).into_response();
                if let Ok(cookie) = HeaderValue::from_str(&new_cookie()) {
                    response.headers_mut().insert(header::SET_COOKIE, cookie);
                }
                return response;
            }
            Self::Unknown => (StatusCode::FORBIDDEN, Value::Null),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Host => {
                let description = "This server is not called by the host that the request names: it takes localhost, loopback \
                                   addresses, the address that it listens on, and what --allowed-host names.";
                (StatusCode::MISDIRECTED_REQUEST, json!({ "errors": [{ "description": description }] }))
            }
            Self::Internal(reason) => {
                eprintln!("answered 500: {reason}");
                (StatusCode::INTERNAL_SERVER_ERROR, json!({ "message": "Internal Server Error" }))
            }
        };
        (status, Json(body)).into_response()
    }
}

/// The cookie of a new, unauthenticated session.
fn new_cookie() -> String {
    format!("hatchet={}; Path=/; HttpOnly; SameSite=Lax", Uuid::new_v4().simple())
}
