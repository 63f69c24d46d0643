//! When runs start, and which changes come too late.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers here are part of the tests")]

mod support;

use chrono::TimeDelta;
use hatchet_embedded::{Hatchet, Options};
use serde_json::{Value, json};
use support::{after, at, still};

fn advance(hatchet: &Hatchet, milliseconds: i64) {
    hatchet.advance(TimeDelta::milliseconds(milliseconds)).unwrap();
}

/// A server whose engine has just looked.
fn ticked() -> (Hatchet, support::Api<axum::Router>) {
    let (hatchet, api) = still(Options::default());
    hatchet.tick().unwrap();
    (hatchet, api)
}

#[tokio::test]
async fn a_run_starts_at_its_time_and_its_row_goes() {
    let (hatchet, api) = ticked();
    let body = json!({ "triggerAt": after(8_000), "input": { "n": 1 }, "additionalMetadata": { "key": "k1" } });
    let id = api.create(body).await;
    advance(&hatchet, 7_999);
    assert_eq!(api.status_of(&id).await, 200);
    assert_eq!(api.run_count().await, 0);
    advance(&hatchet, 1);
    assert_eq!(api.status_of(&id).await, 404);
    let run = &api.runs("&include_payloads=true").await["rows"][0];
    assert_eq!(run["createdAt"], "2027-03-01T12:00:08Z");
    assert_eq!(run["workflowName"], "simple");
    assert_eq!(run["input"]["input"], json!({ "n": 1 }));
    assert_eq!(run["additionalMetadata"]["key"], "k1");
    assert_eq!(api.runs("").await["rows"][0]["input"], json!({}));
}

#[tokio::test]
async fn a_run_is_queued_then_running_then_completed() {
    let (hatchet, api) = ticked();
    api.create(at(&after(1_000))).await;
    advance(&hatchet, 5_000);
    let mut seen: Vec<Value> = Vec::new();
    for _ in 0..300 {
        let status = api.runs("").await["rows"][0]["status"].clone();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        advance(&hatchet, 10);
    }
    assert_eq!(seen, ["QUEUED", "RUNNING", "COMPLETED"]);
    let run = &api.runs("&statuses=COMPLETED").await["rows"][0];
    assert!(run["startedAt"].is_string() && run["finishedAt"].is_string() && run["duration"].is_number());
    assert_eq!(api.runs("&statuses=FAILED").await["rows"], json!([]));
    assert_eq!(api.runs("&statuses=DONE").await["rows"][0], *run, "a status that it does not know is passed over");
}

#[tokio::test]
async fn a_past_time_starts_within_five_seconds() {
    let (hatchet, api) = ticked();
    let id = api.create(at("2020-01-01T00:00:00Z")).await;
    advance(&hatchet, 4_999);
    assert_eq!(api.status_of(&id).await, 200);
    advance(&hatchet, 1);
    assert_eq!(api.status_of(&id).await, 404);
    assert_eq!(api.run_count().await, 1);
}

#[tokio::test]
async fn an_update_in_the_last_five_seconds_is_lost_and_the_new_time_never_comes() {
    let (hatchet, api) = ticked();
    let id = api.create(at(&after(8_000))).await;
    advance(&hatchet, 5_000);
    let (status, run) = api.call("PATCH", &format!("/scheduled/{id}"), at(&after(60_000))).await;
    assert_eq!((status, run["triggerAt"].as_str().unwrap()), (200, "2027-03-01T12:01:00Z"));
    advance(&hatchet, 3_000);
    assert_eq!(api.status_of(&id).await, 404);
    assert_eq!(api.runs("").await["rows"][0]["createdAt"], "2027-03-01T12:00:08Z");
    advance(&hatchet, 120_000);
    assert_eq!(api.run_count().await, 1);
}

#[tokio::test]
async fn a_delete_in_the_last_five_seconds_is_lost() {
    let (hatchet, api) = ticked();
    let id = api.create(at(&after(8_000))).await;
    advance(&hatchet, 5_000);
    assert_eq!(api.call("DELETE", &format!("/scheduled/{id}"), Value::Null).await.0, 204);
    assert_eq!(api.status_of(&id).await, 404);
    advance(&hatchet, 3_000);
    assert_eq!(api.run_count().await, 1);
}

#[tokio::test]
async fn changes_before_that_are_kept() {
    let (hatchet, api) = ticked();
    let (moved, deleted) = (api.create(at(&after(12_000))).await, api.create(at(&after(12_000))).await);
    advance(&hatchet, 4_000);
    api.call("PATCH", &format!("/scheduled/{moved}"), at(&after(30_000))).await;
    api.call("DELETE", &format!("/scheduled/{deleted}"), Value::Null).await;
    advance(&hatchet, 25_000);
    assert_eq!(api.run_count().await, 0);
    advance(&hatchet, 1_000);
    assert_eq!(api.run_count().await, 1);
}

#[tokio::test]
async fn triggering_an_armed_run_starts_it_once() {
    let (hatchet, api) = ticked();
    let id = api.create(at(&after(8_000))).await;
    advance(&hatchet, 5_000);
    let (status, started) = api.call("POST", &format!("/scheduled/{id}"), Value::Null).await;
    assert_eq!(status, 200);
    advance(&hatchet, 60_000);
    assert_eq!(api.run_count().await, 1);
    assert_eq!(api.runs("").await["rows"][0]["metadata"]["id"], started["externalId"]);
}

#[tokio::test]
async fn runs_of_a_paused_workflow_stay_overdue_and_start_once_it_goes_on() {
    let (hatchet, api) = still(Options { test_controls: true, ..Options::default() });
    api.control("POST", "/test/workflows", json!({ "name": "simple", "isPaused": true })).await;
    let id = api.create(at(&after(8_000))).await;
    advance(&hatchet, 3_600_000);
    assert_eq!(api.status_of(&id).await, 200);
    let (_, list) = api.call("GET", "?name=simple", Value::Null).await;
    assert_eq!(list["rows"][0]["isPaused"], true);
    api.control("POST", "/test/workflows", json!({ "name": "simple", "isPaused": false })).await;
    advance(&hatchet, 5_000);
    assert_eq!(api.status_of(&id).await, 404);
}

/// Pauses `simple`, or lets it go on; gives what the server answered.
async fn pause(api: &support::Api<axum::Router>, request: Value) -> (u16, Value) {
    let (_, list) = api.call("GET", "?name=simple", Value::Null).await;
    let id = list["rows"][0]["metadata"]["id"].as_str().unwrap().to_owned();
    let body = json!({ "pause": request }).to_string();
    let reply = api.send("PATCH", &format!("/api/v1/workflows/{id}"), &body).await;
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap_or_default())
}

fn paused(scheduled: &str, ttl: &str) -> Value {
    json!({
        "action": "pause", "pausedWorkflowCronRunQueueBehavior": "DROP",
        "pausedWorkflowScheduledRunQueueBehavior": scheduled, "pausedWorkflowQueueTTL": ttl,
    })
}

#[tokio::test]
async fn a_pause_that_drops_drops_nothing_all_that_is_overdue_fires_once_it_is_over() {
    let (hatchet, api) = still(Options::default());
    let ids = [api.create(at(&after(8_000))).await, api.create(at(&after(60_000))).await];
    let (status, workflow) = pause(&api, paused("DROP", "1h")).await;
    assert_eq!((status, &workflow["isPaused"]), (200, &json!(true)));
    advance(&hatchet, 7_200_000);
    assert_eq!(api.list("").await.len(), 2);
    let (_, list) = api.call("GET", "?name=simple", Value::Null).await;
    assert_eq!(list["rows"][0]["pausedWorkflowScheduledRunQueueBehavior"], "DROP");
    assert_eq!(list["rows"][0]["pausedWorkflowCronRunQueueBehavior"], "DROP");
    let (status, workflow) = pause(&api, json!({ "action": "unpause" })).await;
    assert_eq!((status, &workflow["isPaused"]), (200, &json!(false)));
    assert_eq!(workflow.get("pausedWorkflowScheduledRunQueueBehavior"), None);
    advance(&hatchet, 6_000);
    assert_eq!(api.run_count().await, 2);
    for id in ids {
        assert_eq!(api.status_of(&id).await, 404);
    }
}

#[tokio::test]
async fn a_pause_that_queues_lets_the_row_go_and_the_run_wait_or_be_cancelled_in_the_end() {
    let (hatchet, api) = still(Options::default());
    let (first, triggered) = (api.create(at(&after(8_000))).await, api.create(at(&after(90_000_000))).await);
    pause(&api, paused("QUEUE", "1h")).await;
    advance(&hatchet, 20_000);
    assert_eq!(api.status_of(&first).await, 404);
    assert_eq!(api.call("POST", &format!("/scheduled/{triggered}"), Value::Null).await.0, 200);
    advance(&hatchet, 600_000);
    let status = |runs: &Value| [runs["rows"][0]["status"].clone(), runs["rows"][1]["status"].clone()];
    assert_eq!(status(&api.runs("").await), ["QUEUED", "QUEUED"]);
    pause(&api, json!({ "action": "unpause" })).await;
    advance(&hatchet, 10_000);
    assert_eq!(status(&api.runs("").await), ["COMPLETED", "COMPLETED"]);
    pause(&api, paused("QUEUE", "1h")).await;
    api.create(at(&after(640_000))).await;
    advance(&hatchet, 3_500_000);
    assert_eq!(api.runs("").await["rows"][0]["status"], "QUEUED");
    advance(&hatchet, 200_000);
    pause(&api, json!({ "action": "unpause" })).await;
    advance(&hatchet, 10_000);
    assert_eq!(api.runs("").await["rows"][0]["status"], "CANCELLED");
}

#[tokio::test]
async fn a_pause_needs_both_behaviours_and_what_it_cannot_read_as_a_time_to_live_is_five_minutes() {
    let (hatchet, api) = still(Options::default());
    for missing in ["pausedWorkflowCronRunQueueBehavior", "pausedWorkflowScheduledRunQueueBehavior", "action"] {
        let mut request = paused("QUEUE", "1h");
        request.as_object_mut().unwrap().remove(missing);
        assert_eq!(pause(&api, request).await.0, 500, "{missing}");
    }
    for wrong in [paused("WAIT", "1h"), paused("queue", "1h"), json!({ "action": "stop" }), json!({}), Value::Null] {
        assert_eq!(pause(&api, wrong).await.0, 500);
    }
    let (_, list) = api.call("GET", "?name=simple", Value::Null).await;
    assert_eq!(list["rows"][0]["isPaused"], false);
    let mut without = paused("QUEUE", "");
    without.as_object_mut().unwrap().remove("pausedWorkflowQueueTTL");
    for (number, request) in [paused("QUEUE", "1d7h30m"), paused("QUEUE", "soon"), without].into_iter().enumerate() {
        assert_eq!(pause(&api, request).await.0, 200);
        let id = api.create(at("2099-01-01T00:00:00Z")).await;
        let (_, started) = api.call("POST", &format!("/scheduled/{id}"), Value::Null).await;
        let path = format!("/api/v1/stable/workflow-runs/{}/status", started["externalId"].as_str().unwrap());
        advance(&hatchet, 299_999);
        assert_eq!(api.at("GET", &path).await.1, "QUEUED", "{number}");
        advance(&hatchet, 1);
        assert_eq!(api.at("GET", &path).await.1, "CANCELLED", "{number}");
    }
}

#[tokio::test]
async fn one_run_is_told_with_its_task_and_times_that_have_not_come_in_the_year_1() {
    let (hatchet, api) = still(Options::default());
    let body =
        json!({ "triggerAt": "2099-01-01T00:00:00Z", "input": { "n": 1 }, "additionalMetadata": { "key": "k1" } });
    let id = api.create(body).await;
    let (_, started) = api.call("POST", &format!("/scheduled/{id}"), Value::Null).await;
    let path = format!("/api/v1/stable/workflow-runs/{}", started["externalId"].as_str().unwrap());
    let mut seen = Vec::new();
    for _ in 0..300 {
        let (status, details) = api.at("GET", &path).await;
        assert_eq!(status, 200);
        let run = &details["run"];
        assert_eq!(run["metadata"]["id"], started["externalId"]);
        assert_eq!((&run["input"]["input"], &run["additionalMetadata"]["key"]), (&json!({ "n": 1 }), &json!("k1")));
        assert_eq!((&details["tasks"][0]["status"], &details["tasks"][0]["output"]), (&run["status"], &run["output"]));
        assert_eq!(api.at("GET", &format!("{path}/status")).await, (200, run["status"].clone()));
        let year_one = |key: &str| run[key] == "0001-01-01T00:00:00Z";
        let told = (run["status"].clone(), year_one("startedAt"), year_one("finishedAt"), run["output"].clone());
        if seen.last() != Some(&told) {
            seen.push(told);
        }
        match run["status"].as_str().unwrap() {
            "QUEUED" => assert_eq!(run["duration"], 0),
            "RUNNING" => assert_eq!(run["duration"], -9_223_372_036_854_i64),
            _ => assert!((1..2_000).contains(&run["duration"].as_i64().unwrap())),
        }
        advance(&hatchet, 10);
    }
    let expected = [
        (json!("QUEUED"), true, true, json!({})),
        (json!("RUNNING"), false, true, json!({})),
        (json!("COMPLETED"), false, false, json!({ "ok": true })),
    ];
    assert_eq!(seen, expected);
    for (path, status, message) in [
        ("11111111-1111-4111-8111-111111111111", 404, "not found"),
        ("nope", 400, "invalid workflow run id"),
        ("11111111-1111-4111-8111-111111111111/status", 404, "not found"),
    ] {
        let answer = api.at("GET", &format!("/api/v1/stable/workflow-runs/{path}")).await;
        assert_eq!(answer, (status, json!({ "message": message })));
    }
}

#[tokio::test]
async fn a_run_carries_a_trace_its_own_unless_its_metadata_holds_one() {
    let (hatchet, api) = ticked();
    let own = "00-f66c3d115740cd0951cc08241da8e62e-c241341ef51fd85b-01";
    for trace in [json!({}), json!({ "traceparent": own }), json!({ "traceparent": "mine" })] {
        api.create(json!({ "triggerAt": after(1_000), "additionalMetadata": trace })).await;
    }
    advance(&hatchet, 5_000);
    let runs = api.runs("").await;
    let traces: Vec<&str> = runs["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["additionalMetadata"]["traceparent"].as_str().unwrap())
        .collect();
    assert_eq!(traces.iter().filter(|trace| **trace == own).count(), 1);
    let distinct: std::collections::HashSet<_> = traces.iter().collect();
    assert_eq!(distinct.len(), 3);
    assert!(traces.iter().all(|trace| trace.len() == own.len() && trace.starts_with("00-")));
}

#[tokio::test]
async fn an_input_that_no_worker_can_receive_hangs_and_fails() {
    let (hatchet, api) = ticked();
    api.create(json!({ "triggerAt": after(1_000), "input": { "x": "y".repeat(4 << 20) } })).await;
    advance(&hatchet, 20_000);
    let run = &api.runs("&include_payloads=false").await["rows"][0];
    assert_eq!(run["status"], "RUNNING");
    advance(&hatchet, 60_000);
    let run = &api.runs("&include_payloads=false").await["rows"][0];
    assert_eq!(run["status"], "FAILED");
    assert!(run["errorMessage"].as_str().unwrap().contains("4 MiB"));
}

#[tokio::test]
async fn years_pass_in_a_moment_and_every_run_starts_at_its_own_time() {
    let (hatchet, api) = ticked();
    for time in ["2029-05-05T05:05:05.005Z", "2041-01-01T00:00:00Z", "2027-03-01T12:00:00.001Z"] {
        api.create(at(time)).await;
    }
    hatchet.advance(TimeDelta::days(20 * 365)).unwrap();
    let runs = api.runs("").await;
    let times: Vec<&Value> = runs["rows"].as_array().unwrap().iter().map(|run| &run["createdAt"]).collect();
    // The last was due too soon after the engine had looked.
    assert_eq!(times, ["2041-01-01T00:00:00Z", "2029-05-05T05:05:05.005Z", "2027-03-01T12:00:05Z"]);
}

#[tokio::test]
async fn runs_are_found_by_metadata_workflow_and_time() {
    let (hatchet, api) = ticked();
    for number in 0..3 {
        let metadata = json!({ "key": format!("k{number}"), "number": number });
        api.create(json!({ "triggerAt": after(number * 1_000), "additionalMetadata": metadata })).await;
    }
    advance(&hatchet, 10_000);
    assert_eq!(api.runs("&additional_metadata=key:k1").await["rows"].as_array().unwrap().len(), 1);
    assert_eq!(api.runs("&additional_metadata=number:1").await["rows"], json!([]));
    assert_eq!(api.runs("&workflow_ids=11111111-1111-4111-8111-111111111111").await["rows"], json!([]));
    let until = async |milliseconds| {
        api.runs(&format!("&until={}", after(milliseconds))).await["rows"].as_array().unwrap().len()
    };
    assert_eq!((until(4_999).await, until(5_001).await), (0, 3), "by when they were made");
    let page = api.runs("&limit=2&offset=2").await;
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
    assert_eq!(page["pagination"], json!({ "current_page": 2, "next_page": 3, "num_pages": 2 }));
    let path = format!("/api/v1/stable/tenants/{}/workflow-runs", api.tenant);
    for query in ["since=2099-01-01T00:00:00Z&only_tasks=true", "only_tasks=true", "since=&only_tasks=true"] {
        let reply = api.send("GET", &format!("{path}?{query}"), "").await;
        assert!(String::from_utf8_lossy(&reply.body).contains("\"rows\":[]"), "{query}");
    }
    let reply = api.send("GET", &format!("{path}?since=2000-01-01T00:00:00Z"), "").await;
    let message = r#"{"message":"Invalid format for parameter only_tasks: query parameter 'only_tasks' is required"}"#;
    assert_eq!((reply.status.as_u16(), String::from_utf8_lossy(&reply.body).as_ref()), (400, message));
}

#[tokio::test]
async fn any_of_several_pairs_is_enough_unless_all_are_asked_for_and_values_may_hold_colons() {
    let (hatchet, api) = ticked();
    for (key, when) in [("a", "10:30"), ("b", "10:30"), ("c", "9:00")] {
        api.create(json!({ "triggerAt": after(1_000), "additionalMetadata": { "key": key, "when": when } })).await;
    }
    advance(&hatchet, 5_000);
    let count = async |query: &str| api.runs(query).await["rows"].as_array().unwrap().len();
    assert_eq!(count("&additional_metadata=when:10:30").await, 2);
    assert_eq!(count("&additional_metadata=key:a&additional_metadata=when:9:00").await, 2);
    let both = "&additional_metadata=key:a&additional_metadata=when:10:30";
    assert_eq!(count(both).await, 2);
    assert_eq!(count(&format!("{both}&additional_metadata_operator=AND")).await, 1);
    assert_eq!(count(&format!("{both}&additional_metadata_operator=and")).await, 2);
    assert_eq!(count("&additional_metadata=key:a&additional_metadata=key:b").await, 1, "of one key the last counts");
    assert_eq!(count("&additional_metadata=key").await, 3, "what is no pair is passed over");
    for query in ["limit=0", "limit=-1", "offset=-1", "additional_metadata=key:%00"] {
        let path = format!("/api/v1/stable/tenants/{}/workflow-runs", api.tenant);
        let path = format!("{path}?since=2000-01-01T00:00:00Z&only_tasks=false&{query}");
        assert_eq!(api.at("GET", &path).await.0, 500, "{query}");
    }
}
