//! What a kill at any moment leaves.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{Process, at};

#[tokio::test]
async fn killed_while_runs_start_none_is_lost_and_none_starts_twice() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--data", folder.path().to_str().unwrap(), "--test-controls"];
    let mut process = Process::start(&arguments);
    let count = 3_000;
    process.api.control("POST", "/test/clock", json!({ "set": "2030-01-01T00:00:00Z" })).await;
    let runs = json!({ "count": count, "triggerAt": "2030-01-01T00:00:06Z", "spacingMs": 1 });
    process.api.control("POST", "/test/runs", runs).await;
    process.api.control("POST", "/test/clock", json!({ "advanceMs": 6_000 })).await;
    for kill_after in [40, 90] {
        let (started_before, url) = (process.api.run_count().await, process.url.clone());
        let body = json!({ "advanceMs": 1_400 }).to_string();
        // All of it starts run by run, in one call that does not live to answer.
        let call = std::thread::spawn(move || {
            let host = url.trim_start_matches("http://");
            let mut stream = std::net::TcpStream::connect(host).unwrap();
            let head =
                format!("POST /test/clock HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
            let mut answer = Vec::new();
            let _ = std::io::Read::read_to_end(&mut stream, &mut answer);
        });
        tokio::time::sleep(Duration::from_millis(kill_after)).await;
        process.kill();
        call.join().unwrap();
        process = Process::start(&arguments);
        // The new server's own time is before these runs, so nothing moves while it is asked.
        let (pending, started) = (process.api.pending_count().await, process.api.run_count().await);
        assert_eq!(pending + started, count, "after a kill at {kill_after} ms");
        assert!(started >= started_before);
        println!("killed at {kill_after} ms with {started} of {count} started");
        process.api.control("POST", "/test/clock", json!({ "set": "2030-01-01T00:00:06Z" })).await;
        process.api.control("POST", "/test/clock", json!({ "advanceMs": 0 })).await;
    }
    process.api.control("POST", "/test/clock", json!({ "set": "2030-01-01T01:00:00Z" })).await;
    assert_eq!((process.api.pending_count().await, process.api.run_count().await), (0, count));
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill_and_the_token_still_works() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--data", folder.path().to_str().unwrap()];
    let mut process = Process::start(&arguments);
    let mut ids = Vec::new();
    for number in 0..50 {
        ids.push(process.api.create(at(&format!("2031-01-01T00:00:{number:02}Z"))).await);
    }
    let (tenant, token) = (process.api.tenant.clone(), process.api.token.clone());
    process.kill();
    let mut again = Process::start(&arguments);
    assert_eq!(again.api.tenant, tenant);
    again.api.token = token;
    assert_eq!(again.api.list("?orderByDirection=ASC&limit=100").await, ids);
    assert_eq!(again.terminate(), Some(0));
}

#[tokio::test]
async fn the_ready_file_is_complete_and_says_what_standard_output_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready.json");
    let process = Process::start(&["--ready-file", file.to_str().unwrap(), "--workflow", "my flow/one"]);
    let ready: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(ready["url"], process.url.as_str());
    assert_eq!(ready["token"], process.api.token.as_str());
    let (status, run) = process.api.call("POST", "/my%20flow%2Fone/scheduled", at("2031-01-01T00:00:00Z")).await;
    assert_eq!((status, run["workflowName"].as_str()), (200, Some("my flow/one")));
    assert_eq!(process.api.pending_count().await, 1);
}
