//! Which pages may call the API.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use regex_lite::Regex;

const METHODS: HeaderValue = HeaderValue::from_static("GET,POST,PUT,PATCH,DELETE,OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static("Origin, Content-Type, Authorization, x-exchange-token");

/// The origins that may call: all of them, or those that match a pattern such as `https://*.example.com`.
#[derive(Debug, Clone)]
pub(crate) struct Origins(Arc<[Regex]>);

impl Origins {
    /// No pattern at all lets every origin in. In a pattern `*` stands for anything but a slash.
    pub(crate) fn new(patterns: &[String]) -> Result<Self, regex_lite::Error> {
        let pattern =
            |pattern: &String| Regex::new(&format!("^{}$", regex_lite::escape(pattern).replace("\\*", "[^/]*")));
        Ok(Self(patterns.iter().map(pattern).collect::<Result<_, _>>()?))
    }

    fn allow(&self, request: &HeaderMap) -> Option<HeaderValue> {
        if self.0.is_empty() {
            return Some(HeaderValue::from_static("*"));
        }
        let origin = request.get(header::ORIGIN)?;
        let text = origin.to_str().ok()?;
        self.0.iter().any(|pattern| pattern.is_match(text)).then(|| origin.clone())
    }
}

/// Answers preflights, and marks every other answer. A foreign origin's preflight is 403 without any CORS header.
pub(crate) async fn cors(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let allowed = origins.allow(request.headers());
    let mut response = if request.method() == Method::OPTIONS {
        if allowed.is_none() {
            return StatusCode::FORBIDDEN.into_response();
        }
        let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        let headers = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(HEADERS)),
        ];
        (StatusCode::OK, headers).into_response()
    } else {
        next.run(request).await
    };
    if let Some(origin) = allowed {
        if origin != "*" {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
        }
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}
