//! What the network can do to the server: names that are not its own, and requests that are too long or never end.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers here are part of the tests")]

mod support;

use std::future::pending;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use hatchet_embedded::Options;
use serde_json::Value;
use support::{Api, Process, still};

const MIB: usize = 1024 * 1024;

/// What comes back for these bytes until the server closes, or says no more for a while.
fn exchange(address: &str, parts: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    for part in parts {
        // The server may have answered and closed before the end.
        if stream.write_all(part).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.get(..12).unwrap_or(answer)
}

fn address(process: &Process) -> &str {
    process.url.strip_prefix("http://").unwrap()
}

fn get(process: &Process, target: &str, host: &str) -> String {
    let bearer = &process.api.token;
    let request = format!(
        "GET {target} HTTP/1.1\r\n{host}authorization: Bearer {bearer}\r\norigin: http://evil.example\r\nconnection: close\r\n\r\n"
    );
    exchange(address(process), &[request.as_bytes()])
}

#[test]
fn a_foreign_host_is_refused_wherever_it_leads_and_whatever_it_brings() {
    let process = Process::start(&["--test-controls", "--demo"]);
    let port = address(&process).rsplit_once(':').unwrap().1;
    let api = format!("/api/v1/tenants/{}/workflows/scheduled", process.api.tenant);
    for target in [api.as_str(), "/", "/test/requests", "/embedded/session.json", "/nowhere"] {
        for host in ["evil.example", "127.0.0.1.nip.io", "localhost.evil.example", "evil@localhost", "0.0.0.0", ""] {
            let answer = get(&process, target, &format!("host: {host}:{port}\r\n"));
            assert_eq!(status(&answer), "HTTP/1.1 421", "{target} by {host}: {answer}");
            assert!(!answer.contains(&process.api.token), "{target}");
            assert!(!answer.to_ascii_lowercase().contains("access-control-allow"), "{target}: {answer}");
        }
    }
    for (target, host) in [
        (format!("http://evil.example{api}"), "host: localhost\r\n"),
        (format!("http://localhost{api}"), "host: evil.example\r\n"),
        (api.clone(), "host: localhost\r\nhost: evil.example\r\n"),
        (api.clone(), ""),
    ] {
        let answer = get(&process, &target, host);
        assert!(matches!(status(&answer), "HTTP/1.1 421" | "HTTP/1.1 400"), "{target} {host}: {answer}");
    }
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80", "app.localhost"] {
        let answer = get(&process, &api, &format!("host: {host}\r\n"));
        assert_eq!(status(&answer), "HTTP/1.1 200", "{host}: {answer}");
    }
}

#[test]
fn it_listens_on_loopback_and_takes_the_names_that_it_is_told() {
    let process = Process::start(&["--allowed-host", "hatchet", "--allowed-host", "10.0.0.7"]);
    assert!(process.url.starts_with("http://127.0.0.1:"), "{}", process.url);
    let api = format!("/api/v1/tenants/{}/workflows/scheduled", process.api.tenant);
    for (host, expected) in
        [("Hatchet:8080", "HTTP/1.1 200"), ("10.0.0.7", "HTTP/1.1 200"), ("hatchet.evil.example", "HTTP/1.1 421")]
    {
        assert_eq!(status(&get(&process, &api, &format!("host: {host}\r\n"))), expected, "{host}");
    }
    for wrong in ["hatchet:80", "http://hatchet", "a b"] {
        let output = Command::new(env!("CARGO_BIN_EXE_hatchet-embedded"))
            .args(["--port", "0", "--allowed-host", wrong])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(wrong), "{wrong}: {said}");
    }
}

#[test]
fn a_body_that_is_too_long_is_refused_by_its_length_and_by_what_comes() {
    let process = Process::start(&[]);
    let head = format!(
        "POST /api/v1/tenants/{}/workflows/simple/scheduled HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nconnection: close\r\n",
        process.api.tenant, process.api.token
    );
    let sent = |frame: &str, parts: &[&[u8]]| {
        let start = format!("{head}{frame}\r\n\r\n");
        exchange(address(&process), &[&[start.as_bytes()], parts].concat())
    };
    let mebibyte = vec![b' '; MIB];
    let whole = vec![mebibyte.as_slice(); 17];
    let answer = sent(&format!("content-length: {}", 17 * MIB), &whole);
    assert_eq!(status(&answer), "HTTP/1.1 413", "{answer}");
    assert!(answer.contains("16 MiB"), "{answer}");

    let chunk = [format!("{MIB:x}\r\n").as_bytes(), &mebibyte, b"\r\n"].concat();
    let mut chunked = vec![chunk.as_slice(); 17];
    chunked.push(b"0\r\n\r\n");
    assert_eq!(status(&sent("transfer-encoding: chunked", &chunked)), "HTTP/1.1 413");

    let fits = format!(r#"{{"triggerAt":"2031-01-01T00:00:00Z","input":{{"text":"{}"}}}}"#, "x".repeat(MIB));
    let answer = sent(&format!("content-length: {}", fits.len()), &[fits.as_bytes()]);
    assert_eq!(status(&answer), "HTTP/1.1 200", "{answer:.200}");
}

/// What a server whose time passes as soon as everybody waits answers to a request that never ends.
async fn unfinished(request: impl FnOnce(&Api<axum::Router>) -> String) -> String {
    let (hatchet, api) = still(Options::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let (tell, told) = tokio::sync::oneshot::channel();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request(&api).as_bytes()).unwrap();
    std::thread::spawn(move || {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer).is_ok();
        let _ = tell.send((ended, String::from_utf8_lossy(&answer).into_owned()));
    });
    tokio::select! {
        () = hatchet.serve(listener, pending()) => unreachable!("it serves on"),
        told = told => {
            let (ended, answer) = told.unwrap();
            assert!(ended, "the connection stays open: {answer}");
            answer
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_ends_the_connection() {
    let started = tokio::time::Instant::now();
    let answer = unfinished(|_| "GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ".to_owned()).await;
    assert!(answer.is_empty() || status(&answer) == "HTTP/1.1 408", "{answer}");
    assert!(started.elapsed() >= Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_is_408() {
    let answer = unfinished(|api| {
        format!(
            "POST /api/v1/tenants/{}/workflows/simple/scheduled HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
             content-length: 100\r\nconnection: close\r\n\r\n{{",
            api.tenant, api.token
        )
    })
    .await;
    assert_eq!(status(&answer), "HTTP/1.1 408", "{answer}");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    assert!(serde_json::from_str::<Value>(body).unwrap()["message"].is_string(), "{answer}");
}
