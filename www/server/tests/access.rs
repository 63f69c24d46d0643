//! Who may call, from where, and what a stranger is told.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers here are part of the tests")]

mod support;

use chrono::TimeDelta;
use hatchet_embedded::Options;
use hatchet_embedded::replay::{Reply, Transport};
use http::HeaderMap;
use support::{Api, request, still};

async fn send(api: &Api<axum::Router>, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    api.transport.send(request(method, path, headers, "")).await.unwrap()
}

fn scheduled(api: &Api<axum::Router>) -> String {
    format!("/api/v1/tenants/{}/workflows/scheduled", api.tenant)
}

fn cors(headers: &HeaderMap) -> Vec<String> {
    headers.keys().map(|name| name.to_string()).filter(|name| name.starts_with("access-control")).collect()
}

#[tokio::test]
async fn an_expired_token_is_403_with_a_cookie_and_never_401() {
    let (hatchet, api) = still(Options { token_ttl: TimeDelta::seconds(-1), ..Options::default() });
    let bearer = format!("Bearer {}", hatchet.token());
    let reply = send(&api, "GET", &scheduled(&api), &[("authorization", &bearer)]).await;
    assert_eq!(reply.status.as_u16(), 403);
    assert_eq!(reply.body, br#"{"message":"Please provide valid credentials"}"#);
    assert!(reply.headers.contains_key("set-cookie"));
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn a_token_of_another_server_is_refused() {
    let (_hatchet, api) = still(Options::default());
    let (_other, other) = still(Options::default());
    let bearer = format!("Bearer {}", other.token);
    let reply = send(&api, "GET", &scheduled(&api), &[("authorization", &bearer)]).await;
    assert_eq!(reply.status.as_u16(), 403);
}

#[tokio::test]
async fn what_the_path_names_is_looked_up_before_the_token() {
    let (_hatchet, api) = still(Options::default());
    let unknown = "11111111-1111-4111-8111-111111111111";
    let reply = send(&api, "GET", &format!("{}/{unknown}", scheduled(&api)), &[]).await;
    assert_eq!(reply.status.as_u16(), 404);
    let reply = send(&api, "GET", &format!("/api/v1/tenants/{unknown}/workflows/scheduled/nope"), &[]).await;
    assert_eq!((reply.status.as_u16(), reply.body.as_slice()), (404, br#"{"message":"not found"}"#.as_slice()));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_403_with_null() {
    let (_hatchet, api) = still(Options::default());
    let list = scheduled(&api);
    let cases = [
        ("GET", "/".to_owned()),
        ("GET", "/api/v1/nothing".to_owned()),
        ("PUT", list.clone()),
        ("DELETE", list.clone()),
        ("GET", format!("{list}/")),
        ("PATCH", format!("{list}/bulk-delete")),
        ("GET", "/embedded/session.json".to_owned()),
    ];
    for (method, path) in cases {
        let reply = send(&api, method, &path, &[]).await;
        assert_eq!((reply.status.as_u16(), reply.body.as_slice()), (403, b"null".as_slice()), "{method} {path}");
    }
    assert_eq!(send(&api, "HEAD", &list, &[]).await.status.as_u16(), 403);
}

#[tokio::test]
async fn with_allowed_origins_a_foreign_preflight_is_403_without_any_cors_header() {
    let allowed_origins = vec!["https://app.example.com".to_owned(), "https://*.trusted.example".to_owned()];
    let (_hatchet, api) = still(Options { allowed_origins, ..Options::default() });
    let preflight = |origin: &'static str| {
        let path = scheduled(&api);
        let api = &api;
        async move { send(api, "OPTIONS", &path, &[("origin", origin), ("access-control-request-method", "POST")]).await }
    };
    for foreign in ["https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null"] {
        let reply = preflight(foreign).await;
        assert_eq!((reply.status.as_u16(), cors(&reply.headers)), (403, vec![]), "{foreign}");
    }
    for friend in ["https://app.example.com", "https://a.b.trusted.example"] {
        let reply = preflight(friend).await;
        assert_eq!(reply.status.as_u16(), 200);
        assert_eq!(reply.headers["access-control-allow-origin"], friend);
        assert_eq!(reply.headers["vary"], "Origin");
    }
    // Any other call goes on; the browser is the one to withhold the answer.
    let bearer = format!("Bearer {}", api.token);
    let headers = [("origin", "https://evil.example"), ("authorization", bearer.as_str())];
    let reply = send(&api, "GET", &scheduled(&api), &headers).await;
    assert_eq!((reply.status.as_u16(), cors(&reply.headers)), (200, vec![]));
}

#[tokio::test]
async fn a_preflight_that_asks_for_no_headers_is_told_the_usual_ones() {
    let (_hatchet, api) = still(Options::default());
    let reply = send(&api, "OPTIONS", &scheduled(&api), &[("origin", "http://localhost:5173")]).await;
    assert_eq!(reply.headers["access-control-allow-headers"], "Origin, Content-Type, Authorization, x-exchange-token");
    assert_eq!(reply.headers["access-control-allow-methods"], "GET,POST,PUT,PATCH,DELETE,OPTIONS");
}
