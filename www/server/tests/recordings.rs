//! The recorded steps of a live server, played against this one.

mod support;

use std::path::Path;

use hatchet_embedded::replay::{Recording, replay};
use hatchet_embedded::{Hatchet, Options};

#[tokio::test]
async fn every_recorded_step_is_answered_as_the_live_server_answered_it() {
    let recording = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/recordings/scheduled.json");
    let recording = Recording::open(&recording).unwrap();
    let hatchet = Hatchet::open(Options::default()).unwrap();
    let tenant = hatchet.tenant_id().to_string();
    let report = replay(&recording, &hatchet.router(), &tenant, &hatchet.token()).await.unwrap();
    println!("{report}");
    assert!(report.agrees(), "{report}");
    assert_eq!(report.steps.len(), 150);
}

#[tokio::test]
async fn they_agree_over_the_network_too() {
    let recording = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/recordings/scheduled.json");
    let process = support::Process::start(&["--test-controls"]);
    // The steps leave overdue runs that must not start before the last step.
    process.api.control("POST", "/test/clock", serde_json::json!({ "advanceMs": 0 })).await;
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hatchet-embedded"))
        .args(["replay", "--recordings", recording.to_str().unwrap(), "--url", &process.url])
        .env("HATCHET_CLIENT_TOKEN", &process.api.token)
        .env_remove("HATCHET_CLIENT_TENANT_ID")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().last(), Some("150 of 150 steps agree"));
}

#[tokio::test]
async fn a_server_that_answers_otherwise_is_told_step_by_step() {
    let text = r#"{"steps": [
        {"name": "made up", "request": {"method": "GET", "path": "/api/v1/tenants/{tenant}/workflows/scheduled"},
         "response": {"status": 200, "headers": {"x-missing": "1"}, "body": {"rows": [], "pagination": {"current_page": 2}}}}
    ]}"#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.json");
    std::fs::write(&file, text).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hatchet-embedded"))
        .args(["replay", "--recordings", file.to_str().unwrap()])
        .env_remove("HATCHET_CLIENT_TOKEN")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    for expected in ["header x-missing", "body.pagination.current_page: recorded 2, answered 1", "0 of 1 steps agree"] {
        assert!(said.contains(expected), "{said}");
    }
}
