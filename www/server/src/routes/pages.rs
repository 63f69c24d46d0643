//! The dashboard's files, and the hand-over that lets a demonstration open connected.

use std::path::Path;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::hatchet::Hatchet;
use crate::middleware::names_loopback;

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];

/// The files of `folder` at `/`, under a strict policy.
pub(super) fn files(folder: &Path) -> Router {
    let mut router = Router::new().fallback_service(ServeDir::new(folder));
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    router
}

/// Hands address, token and tenant to the page of a demonstration.
pub(super) fn hand_over(hatchet: Hatchet) -> Router {
    Router::new().route("/embedded/session.json", get(session)).with_state(hatchet)
}

/// Only a page of this very server may read it: no CORS header is given, the host must be this machine by name (a
/// foreign name that resolves here is refused), and a browser's word that the page is another site's is believed.
async fn session(State(hatchet): State<Hatchet>, request: Request) -> Response {
    let headers = request.headers();
    let from = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if !names_loopback(headers) || !matches!(from, None | Some("same-origin" | "none")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let body = json!({
        "url": hatchet.server_url(), "token": hatchet.token(), "tenantId": hatchet.tenant_id().to_string(),
    });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}
