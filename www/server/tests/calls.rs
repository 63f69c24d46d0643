//! What the recorded steps leave open: runs made in code, combined filters, the order of ties, odd requests.

mod support;

use hatchet_embedded::Options;
use hatchet_embedded::replay::Transport;
use serde_json::{Value, json};
use support::{after, at, request, still};

fn options() -> Options {
    Options { test_controls: true, ..Options::default() }
}

#[tokio::test]
async fn a_run_made_in_code_cannot_be_changed_or_deleted_but_can_be_triggered() {
    let (_hatchet, api) = still(options());
    let made = api.control("POST", "/test/runs", json!({ "count": 2, "method": "DEFAULT" })).await;
    let id = made["ids"][0].as_str().unwrap();
    let path = format!("/scheduled/{id}");
    assert_eq!(api.call("GET", &path, Value::Null).await.1["method"], "DEFAULT");
    let refused = json!({ "description": "Cannot delete scheduled run created via code definition." });
    assert_eq!(api.call("DELETE", &path, Value::Null).await, (403, refused));
    let (status, body) = api.call("PATCH", &path, at("2031-01-01T00:00:00Z")).await;
    assert_eq!(
        (status, body["errors"][0]["description"].as_str().unwrap()),
        (403, "Cannot update scheduled run created via code definition.")
    );
    let update = json!({ "updates": [{ "id": id, "triggerAt": "2031-01-01T00:00:00Z" }] });
    let (_, body) = api.call("POST", "/scheduled/bulk-update", update).await;
    assert_eq!(
        body,
        json!({ "updatedIds": [], "errors": [{ "id": id, "error": "Failed to update scheduled workflow." }] })
    );
    let (_, body) = api.call("POST", "/scheduled/bulk-delete", json!({ "scheduledWorkflowRunIds": [id] })).await;
    assert_eq!(
        body,
        json!({ "deletedIds": [], "errors": [{ "id": id, "error": "Failed to delete scheduled workflow." }] })
    );
    let own = api.create(at("2031-01-01T00:00:00Z")).await;
    let (_, body) = api.call("POST", "/scheduled/bulk-delete", json!({ "filter": {} })).await;
    assert_eq!(body["deletedIds"], json!([own]));
    assert_eq!(body["errors"].as_array().unwrap().len(), 2);
    assert_eq!(body["errors"][0]["error"], "Cannot delete scheduled run created via code definition.");
    assert_eq!(api.call("POST", &path, Value::Null).await.0, 200);
}

#[tokio::test]
async fn runs_due_at_one_time_are_listed_by_id_upwards_in_either_direction() {
    let (_hatchet, api) = still(options());
    let mut ids = Vec::new();
    for _ in 0..9 {
        ids.push(api.create(at("2031-01-01T00:00:00Z")).await);
    }
    let by_creation = api.list("?orderByField=createdAt&orderByDirection=ASC").await;
    assert_eq!(by_creation, ids);
    ids.sort();
    assert_eq!(api.list("").await, ids);
    assert_eq!(api.list("?orderByDirection=ASC").await, ids);
    assert_eq!(api.list("?offset=3&limit=4").await, ids[3..7]);
}

#[tokio::test]
async fn filters_combine_and_bulk_delete_understands_them_alike() {
    let (_hatchet, api) = still(options());
    let create = |team: &'static str, env: &'static str| json!({ "triggerAt": after(86_400_000), "additionalMetadata": { "team": team, "env": env } });
    let wanted = api.create(create("a", "prod")).await;
    for (team, env) in [("a", "test"), ("b", "prod")] {
        api.create(create(team, env)).await;
    }
    let bare = api.create(at(&after(86_400_000))).await;
    let both = "?additionalMetadata=team:a&additionalMetadata=env:prod";
    assert_eq!(api.list(both).await, [wanted.as_str()]);
    assert_eq!(api.list(&format!("{both}&parentWorkflowRunId={wanted}")).await, [wanted.as_str()]);
    assert_eq!(api.list(&format!("{both}&parentWorkflowRunId={bare}")).await, [""; 0]);
    // Of a repeated key the last value counts.
    assert_eq!(
        api.list("?additionalMetadata=team:b&additionalMetadata=team:a&additionalMetadata=env:prod").await,
        [wanted.as_str()]
    );
    let filter = json!({ "filter": { "additionalMetadata": ["team:a", "env:prod"], "statuses": ["SUCCEEDED"] } });
    assert_eq!(api.call("POST", "/scheduled/bulk-delete", filter).await.1["deletedIds"], json!([wanted]));
    // An empty list of pairs still asks for metadata to be there.
    let (_, body) = api.call("POST", "/scheduled/bulk-delete", json!({ "filter": { "additionalMetadata": [] } })).await;
    assert_eq!(body["deletedIds"].as_array().unwrap().len(), 2);
    assert_eq!(api.list("").await, [bare]);
}

#[tokio::test]
async fn statuses_select_what_is_scheduled_or_nothing() {
    let (_hatchet, api) = still(options());
    let status = |query: &'static str| {
        let api = &api;
        async move { api.call("GET", &format!("/scheduled?{query}"), Value::Null).await }
    };
    assert_eq!(status("statuses=nonsense").await.0, 200);
    api.create(at("2031-01-01T00:00:00Z")).await;
    for (query, count) in [("statuses=SCHEDULED&statuses=FAILED", 1), ("statuses=FAILED&statuses=QUEUED", 0)] {
        let (_, list) = status(query).await;
        assert_eq!(list["rows"].as_array().unwrap().len(), count, "{query}");
    }
    for query in [
        "statuses=scheduled",
        "statuses=",
        "statuses=SCHEDULED,FAILED",
        "orderByField=priority",
        "orderByDirection=asc",
        "orderByField=",
    ] {
        assert_eq!(status(query).await, (500, json!({ "message": "Internal Server Error" })), "{query}");
    }
}

#[tokio::test]
async fn times_are_kept_to_the_millisecond_halves_away_from_2000_and_the_zero_time_is_none() {
    let (_hatchet, api) = still(options());
    let cases = [
        ("2031-01-01T00:00:00.0005Z", "2031-01-01T00:00:00.001Z"),
        ("2031-01-01T00:00:00.000499999Z", "2031-01-01T00:00:00Z"),
        ("2031-12-31T23:59:59.9995Z", "2032-01-01T00:00:00Z"),
        ("1999-12-31T23:59:59.9995Z", "1999-12-31T23:59:59.999Z"),
        ("2031-01-01T23:30:00-09:00", "2031-01-01T23:30:00Z"),
        ("2031-01-01T5:00:00,25Z", "2031-01-01T05:00:00.25Z"),
    ];
    for (given, kept) in cases {
        let (status, run) = api.call("POST", "/simple/scheduled", at(given)).await;
        assert_eq!((status, run["triggerAt"].as_str().unwrap()), (200, kept), "{given}");
    }
    for zero in ["0001-01-01T00:00:00Z", "0001-01-01T02:00:00+02:00"] {
        let (status, body) = api.call("POST", "/simple/scheduled", at(zero)).await;
        assert_eq!(status, 400);
        assert!(body["errors"][0]["description"].as_str().unwrap().contains("not-null"));
    }
    let id = api.create(at("2031-01-01T00:00:00Z")).await;
    let zero = json!({ "updates": [{ "id": id }] });
    assert_eq!(api.call("POST", "/scheduled/bulk-update", zero).await.0, 500);
    assert_eq!(api.call("PATCH", &format!("/scheduled/{id}"), json!({ "triggerAt": null })).await.0, 500);
    assert_eq!(api.call("POST", "/simple/scheduled", at("9999-12-31T23:59:59.9999Z")).await.0, 500);
}

#[tokio::test]
async fn an_id_is_taken_in_each_spelling_and_shown_in_one() {
    let (_hatchet, api) = still(options());
    let id = api.create(at("2031-01-01T00:00:00Z")).await;
    let spellings = [id.to_uppercase(), id.replace('-', ""), format!("%7B{id}%7D"), format!("urn:uuid:{id}")];
    for spelling in &spellings {
        let (status, run) = api.call("GET", &format!("/scheduled/{spelling}"), Value::Null).await;
        assert_eq!((status, run["metadata"]["id"].as_str()), (200, Some(id.as_str())), "{spelling}");
    }
    let ids = json!({ "scheduledWorkflowRunIds": [id.to_uppercase(), id.replace('-', "")] });
    let (_, body) = api.call("POST", "/scheduled/bulk-delete", ids).await;
    assert_eq!(body, json!({ "deletedIds": [id, id], "errors": [] }));
}

#[tokio::test]
async fn a_bulk_call_goes_chunk_by_chunk_and_keeps_what_came_before_a_failure() {
    let (_hatchet, api) = still(options());
    let made = api.control("POST", "/test/runs", json!({ "count": 450 })).await;
    let ids: Vec<&str> = made["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    let mut updates: Vec<Value> =
        ids.iter().map(|id| json!({ "id": id, "triggerAt": "2031-06-01T00:00:00Z" })).collect();
    updates[300] = json!({ "id": ids[300] });
    assert_eq!(api.call("POST", "/scheduled/bulk-update", json!({ "updates": updates })).await.0, 500);
    let moved = api.call("GET", "/scheduled?limit=450", Value::Null).await.1;
    let moved =
        moved["rows"].as_array().unwrap().iter().filter(|run| run["triggerAt"] == "2031-06-01T00:00:00Z").count();
    assert_eq!(moved, 200);
    // A duplicate in one chunk is deleted twice over, in another it is already gone.
    let mut doubled = ids.clone();
    doubled.extend([ids[449], ids[0]]);
    let (_, body) = api.call("POST", "/scheduled/bulk-delete", json!({ "scheduledWorkflowRunIds": doubled })).await;
    assert_eq!(body["deletedIds"].as_array().unwrap().len(), 451);
    assert_eq!(body["errors"], json!([{ "id": ids[0], "error": "Failed to delete scheduled workflow." }]));
}

#[tokio::test]
async fn the_body_is_read_by_its_content_type() {
    let (_hatchet, api) = still(options());
    let path = format!("/api/v1/tenants/{}/workflows/simple/scheduled", api.tenant);
    let bearer = format!("Bearer {}", api.token);
    let body = r#"{"triggerAt":"2031-01-01T00:00:00Z"}"#;
    let answer = |content_type: &'static str| {
        let (api, path, bearer) = (&api, &path, &bearer);
        async move {
            let headers = [("authorization", bearer.as_str()), ("content-type", content_type)];
            let headers = if content_type.is_empty() { &headers[..1] } else { &headers[..] };
            let reply = api.transport.send(request("POST", path, headers, body)).await.unwrap();
            (reply.status.as_u16(), String::from_utf8(reply.body).unwrap())
        }
    };
    assert_eq!(answer("application/json; charset=utf-8").await.0, 200);
    for unsupported in ["", "text/json", "Application/JSON", "application/json-patch+json", "*/*"] {
        assert_eq!(answer(unsupported).await.0, 415, "{unsupported}");
    }
    assert!(answer("application/x-www-form-urlencoded").await.1.contains("not-null"));
    assert_eq!(answer("application/xml").await, (400, r#"{"message":"EOF"}"#.to_owned()));
    let multipart = r#"{"message":"no multipart boundary param in Content-Type"}"#;
    assert_eq!(answer("multipart/form-data").await, (400, multipart.to_owned()));
}

#[tokio::test]
async fn a_deep_body_is_taken_and_a_deeper_one_refused() {
    let (_hatchet, api) = still(options());
    let path = format!("/api/v1/tenants/{}/workflows/simple/scheduled", api.tenant);
    let nested = |depth: usize| {
        format!(r#"{{"triggerAt":"2031-01-01T00:00:00Z","input":{{"x":{}{}}}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    let reply = api.send("POST", &path, &nested(9_000)).await;
    assert_eq!(reply.status.as_u16(), 200);
    assert!(String::from_utf8_lossy(&reply.body).contains(&"[".repeat(9_000)));
    let metadata = nested(9_000).replace("input", "additionalMetadata");
    let reply = api.send("POST", &path, &metadata).await;
    assert!(String::from_utf8_lossy(&reply.body).contains("stack depth limit exceeded"));
    let (_, list) = api.call("GET", "/scheduled?limit=1&offset=1", Value::Null).await;
    assert_eq!(list["pagination"]["num_pages"], 1);
    let reply = api.send("POST", &path, &nested(9_999)).await;
    let message = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status.as_u16(), 400);
    assert!(message.contains("invalid character '[' exceeded max depth"), "{message}");
}

#[tokio::test]
async fn a_workflow_tells_what_its_input_looks_like_by_its_id_where_it_says_so() {
    let (_hatchet, api) = still(options());
    let schema = json!({ "type": "object", "properties": { "to": { "type": "string" } } });
    let made = api.control("POST", "/test/workflows", json!({ "name": "formed", "inputJsonSchema": schema })).await;
    let id = made["id"].as_str().unwrap();
    let (status, version) = api.at("GET", &format!("/api/v1/workflows/{id}/versions")).await;
    assert_eq!((status, &version["inputJsonSchema"], &version["workflow"]["name"]), (200, &schema, &json!("formed")));
    let plain = api.control("POST", "/test/workflows", json!({ "name": "plain" })).await;
    let (_, version) = api.at("GET", &format!("/api/v1/workflows/{}/versions", plain["id"].as_str().unwrap())).await;
    assert_eq!(version.get("inputJsonSchema"), None);
    let unknown = "/api/v1/workflows/00000000-0000-4000-8000-000000000000/versions";
    assert_eq!(api.at("GET", unknown).await.0, 404);
    assert_eq!(api.at("GET", "/api/v1/workflows/plain/versions").await.0, 400);
}
