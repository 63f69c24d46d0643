//! Every answer in `tests/go/answers.jsonl` was given by Go itself (1.26, with echo, google/uuid and oapi-codegen's
//! runtime): what it made of a body, a time, an id or a query. Here the same questions are put to this crate.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Instant, Query, parse_uuid, time::parse_rfc3339};
use crate::go::Object;
use crate::wire::bodies::{Body, BulkDelete, BulkUpdate, Create, Update};

#[derive(Deserialize)]
struct Case {
    kind: String,
    #[serde(rename = "in")]
    input: String,
    out: String,
}

#[test]
fn bodies_times_ids_and_queries_are_read_and_refused_in_gos_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/answers.jsonl");
    let mut wrong = Vec::new();
    let text = std::fs::read_to_string(path).unwrap();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for Case { kind, input, out } in &cases {
        let found = answer(kind, input);
        if !same(&found, out) {
            wrong.push(format!("{kind} {input:?}\n  Go: {out}\n  us: {found}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        cases.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    assert!(cases.len() > 600);
}

/// Values are compared as JSON, all else as text.
fn same(found: &str, expected: &str) -> bool {
    let json = |text: &str| text.strip_prefix("OK ").and_then(|json| serde_json::from_str::<Value>(json).ok());
    found == expected || json(found).is_some() && json(found) == json(expected)
}

fn answer(kind: &str, input: &str) -> String {
    let query = Query::parse(Some(input));
    match kind {
        "create" => body(input, |body: Create| {
            let mut value = json!({
                "input": object(body.input), "additionalMetadata": object(body.additional_metadata),
                "triggerAt": time(body.trigger_at),
            });
            put(&mut value, "priority", body.priority.map(|priority| json!(priority)));
            value
        }),
        "update" => body(input, |body: Update| json!({ "triggerAt": time(body.trigger_at) })),
        "bulk-delete" => body(input, |body: BulkDelete| {
            let mut value = json!({});
            put(&mut value, "scheduledWorkflowRunIds", body.ids.map(|ids| json!(ids)));
            let filter = body.filter.map(|filter| {
                let mut value = json!({});
                let id = |id: Option<Uuid>| id.map(|id| json!(id));
                put(&mut value, "workflowId", id(filter.workflow_id));
                put(&mut value, "parentWorkflowRunId", id(filter.parent_workflow_run_id));
                put(&mut value, "parentStepRunId", id(filter.parent_step_run_id));
                put(&mut value, "additionalMetadata", filter.additional_metadata.map(|pairs| json!(pairs)));
                value
            });
            put(&mut value, "filter", filter);
            value
        }),
        "bulk-update" => body(input, |body: BulkUpdate| {
            let items = body.updates.iter().map(|item| json!({ "id": item.id, "triggerAt": time(item.trigger_at) }));
            json!({ "updates": items.collect::<Vec<_>>() })
        }),
        "uuid" => told(parse_uuid(input), |id| id.to_string()),
        "time" => told(parse_rfc3339(input.as_bytes()), |time| {
            let wall = time.wall.format("%Y-%m-%dT%H:%M:%S%.9f");
            format!("{wall} {} {}", time.offset, time.is_zero())
        }),
        "int" => optional(query.integer("limit"), |value| value.to_string()),
        "uuidparam" => optional(query.uuid("workflowId"), |id| id.to_string()),
        "uuidlist" => optional(query.uuids("workflow_ids"), |ids| {
            format!("[{}]", ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" "))
        }),
        "strings" => optional(Ok(query.strings("k")), |values| json!(values).to_string()),
        "string" => optional(query.string("k"), |value| value),
        "bool" => told(query.boolean("only_tasks").and_then(|value| Query::required("only_tasks", value)), |value| {
            value.to_string()
        }),
        "since" => told(query.time("since").and_then(|value| Query::required("since", value)), |since| {
            time(Instant { wall: since.utc(), offset: 0 })
        }),
        _ => panic!("a kind of question that this test does not know: {kind}"),
    }
}

fn body<T: Body>(json: &str, view: impl FnOnce(T) -> Value) -> String {
    // Without a byte there is no body, and the binder reads nothing.
    if json.is_empty() {
        return format!("OK {}", view(T::default()));
    }
    T::read(json.as_bytes()).map_or_else(|error| format!("400 {error}"), |body| format!("OK {}", view(body)))
}

fn told<T>(value: Result<T, String>, view: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|error| format!("ERR {error}"), |value| format!("OK {}", view(value)))
}

fn optional<T>(value: Result<Option<T>, String>, view: impl FnOnce(T) -> String) -> String {
    told(value, |value| value.map_or_else(|| "absent".to_owned(), view))
}

fn put(value: &mut Value, key: &str, member: Option<Value>) {
    if let (Some(object), Some(member)) = (value.as_object_mut(), member) {
        object.insert(key.to_owned(), member);
    }
}

fn object(object: Option<Object>) -> Value {
    object.map_or(Value::Null, |object| Value::Object(serde_json::from_str::<Map<_, _>>(&object.to_json()).unwrap()))
}

/// As Go writes a time: the wall clock, its fraction without trailing zeros, its offset.
fn time(time: Instant) -> String {
    let mut text = time.wall.format("%Y-%m-%dT%H:%M:%S").to_string();
    let nanos = time.wall.and_utc().timestamp_subsec_nanos();
    if nanos > 0 {
        text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
    }
    let minutes = time.offset.abs() / 60;
    match time.offset {
        0 => text + "Z",
        offset => format!("{text}{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60),
    }
}
