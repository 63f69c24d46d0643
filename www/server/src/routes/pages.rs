//! The dashboard's files, and the hand-over that lets a demonstration open connected.

use std::path::Path;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::hatchet::Hatchet;

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
    if !is_loopback(headers) || !matches!(from, None | Some("same-origin" | "none")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let body = json!({
        "url": hatchet.server_url(), "token": hatchet.token(), "tenantId": hatchet.tenant_id().to_string(),
    });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        let loopback = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            is_loopback(&headers)
        };
        assert!(loopback("localhost:8080") && loopback("127.0.0.1") && loopback("[::1]:80") && loopback("[::1]"));
        assert!(!loopback("localhost.evil.example:8080") && !loopback("evil.example") && !loopback("127.0.0.1.nip.io"));
        assert!(!is_loopback(&HeaderMap::new()));
    }
}
