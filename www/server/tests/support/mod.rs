//! What the tests of the server share: calls in this process or over TCP, and the binary as a process.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a helper of tests, as a test")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use hatchet_embedded::replay::{Live, Reply, Request, Transport};
use hatchet_embedded::{Clock, Hatchet, Options};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

/// Calls as one tenant.
pub(crate) struct Api<T> {
    pub(crate) transport: T,
    pub(crate) tenant: String,
    pub(crate) token: String,
}

/// A server in this process whose clock stands still.
pub(crate) fn still(options: Options) -> (Hatchet, Api<axum::Router>) {
    let hatchet = Hatchet::open(Options { clock: Clock::manual(start()), ..options }).unwrap();
    let api = Api { transport: hatchet.router(), tenant: hatchet.tenant_id().to_string(), token: hatchet.token() };
    (hatchet, api)
}

/// When the still clock starts.
pub(crate) fn start() -> DateTime<Utc> {
    "2027-03-01T12:00:00Z".parse().unwrap()
}

/// A time some milliseconds after the start, as it is sent.
pub(crate) fn after(milliseconds: i64) -> String {
    (start() + TimeDelta::milliseconds(milliseconds)).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Request {
        method: method.parse().unwrap(),
        target: target.parse().unwrap(),
        headers: map,
        body: body.as_bytes().to_vec(),
    }
}

impl<T: Transport> Api<T> {
    pub(crate) async fn send(&self, method: &str, target: &str, body: &str) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.transport.send(request(method, target, &headers, body)).await.unwrap()
    }

    /// A call below `/workflows`: the status and the body.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let target = format!("/api/v1/tenants/{}/workflows{path}", self.tenant);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let reply = self.send(method, &target, &body).await;
        (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap_or_default())
    }

    /// A read of an address that no tenant is in.
    pub(crate) async fn at(&self, method: &str, target: &str) -> (u16, Value) {
        let reply = self.send(method, target, "").await;
        (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap_or_default())
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let reply = self.send(method, path, &if body.is_null() { String::new() } else { body.to_string() }).await;
        assert!(reply.status.is_success(), "{path}: {}", String::from_utf8_lossy(&reply.body));
        serde_json::from_slice(&reply.body).unwrap_or_default()
    }

    pub(crate) async fn create(&self, body: Value) -> String {
        let (status, run) = self.call("POST", "/simple/scheduled", body).await;
        assert_eq!(status, 200, "{run}");
        run["metadata"]["id"].as_str().unwrap().to_owned()
    }

    /// Ids of a listing, in its order.
    pub(crate) async fn list(&self, query: &str) -> Vec<String> {
        let (status, list) = self.call("GET", &format!("/scheduled{query}"), Value::Null).await;
        assert_eq!(status, 200, "{list}");
        let rows = list["rows"].as_array().unwrap();
        rows.iter().map(|row| row["metadata"]["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Runs that started, the newest first.
    pub(crate) async fn runs(&self, query: &str) -> Value {
        let path = format!("/api/v1/stable/tenants/{}/workflow-runs", self.tenant);
        let reply = self.send("GET", &format!("{path}?since=2000-01-01T00:00:00Z&only_tasks=false{query}"), "").await;
        let list: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(reply.status.as_u16(), 200, "{list}");
        list
    }

    pub(crate) async fn run_count(&self) -> i64 {
        self.runs("&limit=1").await["pagination"]["num_pages"].as_i64().unwrap()
    }

    pub(crate) async fn pending_count(&self) -> i64 {
        let (_, list) = self.call("GET", "/scheduled?limit=1", Value::Null).await;
        list["pagination"]["num_pages"].as_i64().unwrap()
    }

    pub(crate) async fn status_of(&self, id: &str) -> u16 {
        self.call("GET", &format!("/scheduled/{id}"), Value::Null).await.0
    }
}

/// A body for a create.
pub(crate) fn at(time: &str) -> Value {
    json!({ "triggerAt": time })
}

/// The binary, killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
    pub(crate) api: Api<Live>,
}

impl Process {
    /// Starts it on a free port and waits for its ready line.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hatchet-embedded"))
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the ready line");
        let text = |key: &str| ready[key].as_str().unwrap().to_owned();
        let url = text("url");
        let api = Api { transport: Live::new(&url).unwrap(), tenant: text("tenantId"), token: text("token") };
        Self { child, url, api }
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and gives its exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
