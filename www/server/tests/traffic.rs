//! Faults on purpose, and the log of what arrived, over real connections.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers here are part of the tests")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hatchet_embedded::replay::Transport;
use hatchet_embedded::{ConnectionDropped, Options};
use serde_json::{Value, json};
use support::{Process, after, at, request, still};
use tower::ServiceExt;

/// What a connection gives to a request, byte by byte, until it ends.
fn raw(process: &Process, target: &str) -> String {
    let host = process.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let token = &process.api.token;
    let head =
        format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

fn list(process: &Process) -> String {
    format!("/api/v1/tenants/{}/workflows/scheduled", process.api.tenant)
}

#[tokio::test]
async fn a_dropped_connection_gives_no_byte_and_after_means_the_request_was_processed() {
    let process = Process::start(&["--test-controls"]);
    let create = json!({ "method": "POST", "pathContains": "/scheduled" });
    for (drop, made) in [("before", 0), ("after", 1)] {
        process.api.control("POST", "/test/faults", json!([{ "match": create, "then": { "drop": drop } }])).await;
        let target = format!("/api/v1/tenants/{}/workflows/simple/scheduled", process.api.tenant);
        let bearer = format!("Bearer {}", process.api.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = at("2031-01-01T00:00:00Z").to_string();
        let failed = process.api.transport.send(request("POST", &target, &headers, &body)).await;
        assert!(failed.is_err(), "{drop}: {failed:?}");
        process.api.control("DELETE", "/test/faults", Value::Null).await;
        assert_eq!(process.api.pending_count().await, made, "{drop}");
    }
    let log = process.api.control("GET", "/test/requests", Value::Null).await;
    assert_eq!((&log[0]["status"], &log[0]["clientClosed"]), (&Value::Null, &json!(false)));
}

#[tokio::test]
async fn a_cut_body_announces_its_length_and_ends_halfway() {
    let process = Process::start(&["--test-controls", "--seed", "50"]);
    let whole = raw(&process, &list(&process));
    process.api.control("POST", "/test/faults", json!([{ "match": {}, "then": { "cutBody": true } }])).await;
    let cut = raw(&process, &list(&process));
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.len();
    assert!(cut.starts_with("HTTP/1.1 200"));
    assert!(cut.contains(&format!("content-length: {}\r\n", body(&whole))), "{}", &cut[..300]);
    assert_eq!(body(&cut), body(&whole) / 2);
}

#[tokio::test]
async fn the_nth_request_of_a_kind_is_answered_as_told_and_the_others_as_ever() {
    let (_hatchet, api) = still(Options { test_controls: true, ..Options::default() });
    let fault = json!([
        { "match": { "method": "get", "pathContains": "/scheduled", "nth": 2 },
          "then": { "status": 503, "headers": { "retry-after": "1" }, "body": { "message": "busy" } } },
        { "match": { "path": "^/api/.*limit=7$", "from": 2, "to": 3 }, "then": { "status": 429, "body": "slow down" } },
    ]);
    let told = api.control("POST", "/test/faults", fault).await;
    assert_eq!(told[0]["hits"], 0);
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(api.call("GET", "/scheduled", Value::Null).await.0);
    }
    assert_eq!(answers, [200, 503, 200]);
    answers.clear();
    for _ in 0..5 {
        answers.push(api.call("GET", "?limit=7", Value::Null).await.0);
    }
    assert_eq!(answers, [200, 429, 429, 200, 200]);
    let told = api.control("GET", "/test/faults", Value::Null).await;
    assert_eq!((&told[0]["seen"], &told[0]["hits"], &told[1]["hits"]), (&json!(3), &json!(1), &json!(2)));
    api.control("DELETE", "/test/faults", Value::Null).await;
    let times = json!([{ "match": { "times": 2 }, "then": { "status": 500 } }]);
    api.control("POST", "/test/faults", times).await;
    let (first, second, third) = (
        api.call("GET", "", json!(null)).await.0,
        api.call("GET", "", json!(null)).await.0,
        api.call("GET", "", json!(null)).await.0,
    );
    assert_eq!([first, second, third], [500, 500, 200]);
}

#[tokio::test]
async fn a_misspelt_fault_is_refused() {
    let (_hatchet, api) = still(Options { test_controls: true, ..Options::default() });
    for wrong in [
        json!([{ "then": { "stauts": 500 } }]),
        json!([{ "then": { "status": 1 } }]),
        json!([{ "match": { "path": "(" }, "then": {} }]),
    ] {
        let reply = api.send("POST", "/test/faults", &wrong.to_string()).await;
        assert_eq!(reply.status.as_u16(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_delay_holds_the_answer_and_a_client_that_leaves_is_seen() {
    let process = Process::start(&["--test-controls"]);
    process.api.control("POST", "/test/faults", json!([{ "match": { "nth": 1 }, "then": { "delayMs": 150 } }])).await;
    let begun = Instant::now();
    assert_eq!(process.api.call("GET", "/scheduled", Value::Null).await.0, 200);
    assert!(begun.elapsed() >= Duration::from_millis(150));
    process.api.control("POST", "/test/faults", json!([{ "match": {}, "then": { "delayMs": 60_000 } }])).await;
    process.api.control("DELETE", "/test/requests", Value::Null).await;
    let host = process.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(format!("GET {}?limit=3 HTTP/1.1\r\nhost: {host}\r\n\r\n", list(&process)).as_bytes()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(stream);
    let log = process.api.control("GET", "/test/requests", Value::Null).await;
    let entry = &log[0];
    assert_eq!((entry["method"].as_str(), entry["query"].as_str()), (Some("GET"), Some("limit=3")));
    assert_eq!((&entry["clientClosed"], &entry["status"]), (&json!(true), &Value::Null));
}

#[tokio::test]
async fn within_the_process_a_dropped_connection_is_marked_on_the_answer() {
    let (hatchet, api) = still(Options { test_controls: true, ..Options::default() });
    api.control("POST", "/test/faults", json!([{ "match": {}, "then": { "drop": "before" } }])).await;
    let request = http::Request::get("/api/v1/x").body(axum::body::Body::empty()).unwrap();
    let response = hatchet.router().oneshot(request).await.unwrap();
    assert_eq!(response.extensions().get(), Some(&ConnectionDropped));
}

#[tokio::test]
async fn the_clock_moves_and_runs_start_by_it() {
    let (_hatchet, api) = still(Options { test_controls: true, ..Options::default() });
    let id = api.create(at(&after(60_000))).await;
    let told = api.control("POST", "/test/clock", json!({ "advanceMs": 59_999 })).await;
    assert_eq!((&told["now"], &told["system"]), (&json!("2027-03-01T12:00:59.999Z"), &json!(false)));
    assert_eq!(api.status_of(&id).await, 200);
    api.control("POST", "/test/clock", json!({ "set": "2027-03-01T12:01:00Z" })).await;
    assert_eq!(api.status_of(&id).await, 404);
    let told = api.control("POST", "/test/clock", json!({ "system": true })).await;
    assert_eq!(told["system"], true);
    assert_eq!(api.send("POST", "/test/clock", r#"{"advanceMs":1,"system":true}"#).await.status.as_u16(), 400);
}

#[tokio::test]
async fn without_the_switch_the_controls_are_paths_like_any_other() {
    let (_hatchet, api) = still(Options::default());
    for path in ["/test/faults", "/test/requests", "/test/clock", "/test/runs", "/test/workflows"] {
        let reply = api.send("POST", path, "[]").await;
        assert_eq!((reply.status.as_u16(), reply.body.as_slice()), (403, b"null".as_slice()), "{path}");
    }
}
