//! A Hatchet as simple as a model can be: a map of runs, and the answers that the live server would give.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use hatchet_scheduled::http::{Body, HttpMethod, Request, Response};
use hatchet_scheduled::time::to_wire;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::TENANT;

/// A scheduled run of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) workflow: String,
    pub(crate) trigger_at: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) input: Value,
    pub(crate) metadata: Value,
    pub(crate) method: &'static str,
}

/// Moves runs about.
pub(crate) type Churn = Box<dyn FnMut(&mut BTreeMap<String, Run>)>;

/// The server.
#[derive(Default)]
pub(crate) struct Hatchet {
    pub(crate) runs: BTreeMap<String, Run>,
    /// How often each id was deleted, moved, or created by a request.
    pub(crate) writes: BTreeMap<String, usize>,
    /// Called before every listing, to move things while somebody pages.
    pub(crate) churn: Option<Churn>,
    made: u64,
}

impl Hatchet {
    /// Adds a run and answers its id.
    pub(crate) fn add(&mut self, workflow: &str, trigger_at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        self.add_with(workflow, trigger_at, now, Value::Null)
    }

    pub(crate) fn add_with(
        &mut self,
        workflow: &str,
        trigger_at: DateTime<Utc>,
        now: DateTime<Utc>,
        metadata: Value,
    ) -> String {
        let id = self.next_id();
        let (workflow, created_at) = (workflow.to_owned(), now + TimeDelta::microseconds(self.made as i64));
        let input = json!({});
        let run = Run { workflow, trigger_at, created_at, input, metadata, method: "API" };
        self.runs.insert(id.clone(), run);
        id
    }

    /// Ids in an order that has nothing to do with the order they were made in, as UUIDs are.
    pub(crate) fn next_id(&mut self) -> String {
        self.made += 1;
        let mixed = self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{:08x}-{:04x}-4000-8000-{:012x}", mixed >> 32, (mixed >> 16) & 0xffff, self.made)
    }

    pub(crate) fn answer(&mut self, request: &Request, now: DateTime<Utc>) -> Response {
        let base = format!("https://hatchet.test/api/v1/tenants/{TENANT}/workflows");
        let rest = request.url.strip_prefix(&base).expect("a URL of the tenant");
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let pairs: Vec<(&str, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key, value.replace('+', " ")))
            .map(|(key, value)| (key, percent_decode_str(&value).decode_utf8().unwrap().into_owned()))
            .collect();
        let body: Value =
            request.body.as_ref().map_or(Value::Null, |body| serde_json::from_str(body.as_str()).unwrap());
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let (status, body) = match (request.method, parts.as_slice()) {
            (HttpMethod::Get, []) => (200, self.workflows(&pairs)),
            (HttpMethod::Get, ["scheduled"]) => (200, self.list(&pairs)),
            (HttpMethod::Post, ["scheduled", "bulk-delete"]) => (200, self.bulk_delete(&body)),
            (HttpMethod::Post, ["scheduled", "bulk-update"]) => (200, self.bulk_update(&body)),
            (HttpMethod::Post, [workflow, "scheduled"]) => self.create(workflow, &body, now),
            (method, ["scheduled", id]) => self.one(method, id, &body),
            _ => (403, Value::Null),
        };
        let body = if status == 204 { String::new() } else { body.to_string() };
        let headers = vec![("content-type".into(), "application/json".into())];
        Response { status, headers, body: Body::new(&body) }
    }

    fn workflows(&self, query: &[(&str, String)]) -> Value {
        let part = query.iter().find(|(key, _)| *key == "name").map_or("", |(_, part)| part.as_str());
        let rows: Vec<Value> = ["simple", "greeter", "dev_simple", "MyFlow"]
            .iter()
            .enumerate()
            .filter(|(_, name)| name.contains(part))
            .map(|(index, name)| {
                let at = "2026-01-01T00:00:00Z";
                json!({"metadata": {"id": workflow_id(index), "createdAt": at, "updatedAt": at}, "name": name})
            })
            .collect();
        json!({"rows": rows, "pagination": {"current_page": 1, "next_page": 1, "num_pages": 1}})
    }

    fn list(&mut self, query: &[(&str, String)]) -> Value {
        if let Some(mut churn) = self.churn.take() {
            churn(&mut self.runs);
            self.churn = Some(churn);
        }
        let get = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        let mut rows: Vec<(&String, &Run)> = self
            .runs
            .iter()
            .filter(|(_, run)| {
                let metadata = query.iter().filter(|(key, _)| *key == "additionalMetadata");
                metadata.into_iter().all(|(_, pair)| {
                    let (key, value) = pair.split_once(':').unwrap();
                    run.metadata[key] == value
                })
            })
            .collect();
        let by_created = get("orderByField") == Some("createdAt");
        let ascending = get("orderByDirection") == Some("ASC");
        rows.sort_by(|(one, a), (other, b)| {
            let order = if by_created { a.created_at.cmp(&b.created_at) } else { a.trigger_at.cmp(&b.trigger_at) };
            (if ascending { order } else { order.reverse() }).then_with(|| one.cmp(other))
        });
        let number = |name, default| get(name).map_or(default, |text| text.parse().unwrap());
        let page = rows.iter().skip(number("offset", 0)).take(number("limit", 50));
        let rows: Vec<Value> = page.map(|(id, run)| wire(id, run)).collect();
        json!({"rows": rows, "pagination": {"current_page": 1, "next_page": 2, "num_pages": 1}})
    }

    fn create(&mut self, workflow: &str, body: &Value, now: DateTime<Utc>) -> (u16, Value) {
        let workflow = percent_decode_str(workflow).decode_utf8().unwrap().into_owned();
        if !["simple", "greeter", "dev_simple", "MyFlow"].contains(&workflow.as_str()) {
            return (400, json!({"errors": [{"description": "workflow not found"}]}));
        }
        let id = self.add_with(&workflow, at(&body["triggerAt"]), now, body["additionalMetadata"].clone());
        *self.writes.entry(id.clone()).or_default() += 1;
        self.runs.get_mut(&id).unwrap().input = body["input"].clone();
        (200, wire(&id, &self.runs[&id]))
    }

    fn one(&mut self, method: HttpMethod, id: &str, body: &Value) -> (u16, Value) {
        if !self.runs.contains_key(id) {
            return (404, json!({"message": "scheduled workflow run not found"}));
        }
        match method {
            HttpMethod::Get => (200, wire(id, &self.runs[id])),
            HttpMethod::Delete => {
                self.delete(id);
                (204, Value::Null)
            }
            HttpMethod::Patch => {
                self.update(id, at(&body["triggerAt"]));
                (200, wire(id, &self.runs[id]))
            }
            HttpMethod::Post => {
                self.delete(id);
                (200, json!({"externalId": "00000000-0000-4000-8000-00000000beef"}))
            }
        }
    }

    fn delete(&mut self, id: &str) -> bool {
        let there = self.runs.remove(id).is_some();
        if there {
            *self.writes.entry(id.to_owned()).or_default() += 1;
        }
        there
    }

    fn update(&mut self, id: &str, trigger_at: DateTime<Utc>) -> bool {
        let Some(run) = self.runs.get_mut(id) else { return false };
        run.trigger_at = trigger_at;
        *self.writes.entry(id.to_owned()).or_default() += 1;
        true
    }

    fn bulk_delete(&mut self, body: &Value) -> Value {
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for id in body["scheduledWorkflowRunIds"].as_array().unwrap() {
            let id = id.as_str().unwrap();
            if self.delete(id) {
                deleted.push(id.to_owned());
            } else {
                errors.push(json!({"id": id, "error": "Failed to delete scheduled workflow."}));
            }
        }
        json!({"deletedIds": deleted, "errors": errors})
    }

    fn bulk_update(&mut self, body: &Value) -> Value {
        let (mut updated, mut errors) = (Vec::new(), Vec::new());
        for change in body["updates"].as_array().unwrap() {
            let id = change["id"].as_str().unwrap();
            if self.update(id, at(&change["triggerAt"])) {
                updated.push(id.to_owned());
            } else {
                errors.push(json!({"id": id, "error": "Scheduled workflow not found."}));
            }
        }
        json!({"updatedIds": updated, "errors": errors})
    }
}

fn workflow_id(index: usize) -> String {
    format!("0000000{index}-0000-4000-8000-000000000000")
}

fn at(value: &Value) -> DateTime<Utc> {
    let text = value.as_str().unwrap();
    assert!(text.ends_with('Z'), "the server drops offsets: {text}");
    text.parse().unwrap()
}

fn wire(id: &str, run: &Run) -> Value {
    json!({
        "metadata": {"id": id, "createdAt": to_wire(run.created_at), "updatedAt": to_wire(run.created_at)},
        "tenantId": TENANT, "workflowId": workflow_id(0), "workflowName": run.workflow,
        "workflowVersionId": workflow_id(1), "triggerAt": to_wire(run.trigger_at), "input": run.input,
        "additionalMetadata": run.metadata, "method": run.method, "priority": 1,
        "workflowRunCreatedAt": "0001-01-01T00:00:00Z", "workflowRunName": "",
    })
}
