//! The dashboard's files, and the hand-over to a demonstration.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers here are part of the tests")]

mod support;

use hatchet_embedded::Options;
use hatchet_embedded::replay::{Reply, Transport};
use serde_json::Value;
use support::{Api, Process, request, still};

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("index.html", "<!doctype html><title>x</title>");
    write("app.js", "export {}");
    write("app.css", "body{}");
    write("hatchet.wasm", "\0asm");
    folder
}

async fn get(api: &Api<axum::Router>, path: &str, headers: &[(&str, &str)]) -> Reply {
    api.transport.send(request("GET", path, headers, "")).await.unwrap()
}

#[tokio::test]
async fn files_come_with_their_type_and_a_strict_policy_and_without_cors() {
    let folder = folder();
    let (_hatchet, api) = still(Options { static_files: Some(folder.path().to_owned()), ..Options::default() });
    let types = [
        ("/", "text/html"),
        ("/app.js", "text/javascript"),
        ("/app.css", "text/css"),
        ("/hatchet.wasm", "application/wasm"),
    ];
    for (path, expected) in types {
        let reply = get(&api, path, &[]).await;
        assert_eq!(reply.status.as_u16(), 200, "{path}");
        assert!(reply.headers["content-type"].to_str().unwrap().starts_with(expected), "{path}");
        assert_eq!(
            reply.headers["content-security-policy"],
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served_and_the_api_answers_as_ever() {
    let folder = folder();
    let site = folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    let (_hatchet, api) = still(Options { static_files: Some(site), ..Options::default() });
    for path in
        ["/../index.html", "/..%2findex.html", "/%2e%2e/index.html", "/missing.js", "//etc/passwd", "/..\\index.html"]
    {
        let Ok(_) = path.parse::<http::Uri>() else { continue };
        assert_eq!(get(&api, path, &[]).await.status.as_u16(), 404, "{path}");
    }
    assert_eq!(get(&api, "/api/v1/nothing", &[]).await.body, b"null");
}

#[tokio::test]
async fn the_token_is_handed_over_only_in_a_demonstration_and_only_to_this_machines_own_page() {
    let (_hatchet, api) = still(Options { demo: true, ..Options::default() });
    let path = "/embedded/session.json";
    let reply = get(&api, path, &[("host", "localhost:8080"), ("sec-fetch-site", "same-origin")]).await;
    let session: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(session["tenantId"], api.tenant.as_str());
    assert!(session["token"].is_string() && session["url"].is_string());
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
    for refused in [
        vec![("host", "rebound.example:8080")],
        vec![],
        vec![("host", "localhost"), ("sec-fetch-site", "cross-site")],
        vec![("host", "localhost"), ("sec-fetch-site", "same-site")],
    ] {
        let reply = get(&api, path, &refused).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (403, 0), "{refused:?}");
    }
    let preflight = api
        .transport
        .send(request("OPTIONS", path, &[("host", "localhost"), ("origin", "http://x.example")], ""))
        .await;
    assert!(!preflight.unwrap().headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_served_demonstration_connects_over_the_network() {
    let folder = folder();
    let process = Process::start(&["--static", folder.path().to_str().unwrap(), "--demo", "--seed", "20"]);
    let reply = process.api.send("GET", "/embedded/session.json", "").await;
    let session: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(session["url"], process.url.as_str());
    assert_eq!(process.api.pending_count().await, 20);
}
