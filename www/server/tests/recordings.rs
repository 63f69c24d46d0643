//! The recorded steps of a live server, played against this one.

#![allow(clippy::unwrap_used, reason = "the helpers here are part of the tests")]

mod support;

use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

use hatchet_embedded::replay::{Live, Recording, replay};
use hatchet_embedded::{Hatchet, Options};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What there is, and how many steps it has: all calls, whose clock may stand still, and how runs end, which takes time.
const RECORDINGS: [(&str, usize); 2] = [("scheduled", 218), ("runs", 13)];

fn recording(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/recordings/{name}.json"))
}

/// Plays a recording by the command, against a server of its own where no address is given.
async fn play(recording: PathBuf, server: Option<(&str, &str)>, trusted: Option<PathBuf>) -> Output {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_hatchet-embedded"));
    command.arg("replay").arg("--recordings").arg(recording);
    command.env_remove("HATCHET_CLIENT_TOKEN").env_remove("HATCHET_CLIENT_TENANT_ID");
    if let Some((url, token)) = server {
        command.args(["--url", url]).env("HATCHET_CLIENT_TOKEN", token);
    }
    if let Some(trusted) = trusted {
        command.env("SSL_CERT_FILE", trusted);
    }
    command.output().await.unwrap()
}

fn agrees(output: &Output, steps: usize) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().last(), Some(format!("{steps} of {steps} steps agree").as_str()));
}

#[tokio::test]
async fn every_recorded_step_is_answered_as_the_live_server_answered_it() {
    for (name, steps) in RECORDINGS {
        let recording = Recording::open(&recording(name)).unwrap();
        let hatchet = Hatchet::open(Options::default()).unwrap();
        let tenant = hatchet.tenant_id().to_string();
        let report = replay(&recording, &hatchet.router(), &tenant, &hatchet.token()).await.unwrap();
        println!("{report}");
        assert!(report.agrees(), "{report}");
        assert_eq!(report.steps.len(), steps);
    }
}

#[tokio::test]
async fn they_agree_over_the_network_too() {
    let process = support::Process::start(&["--test-controls"]);
    agrees(&play(recording("runs"), Some((&process.url, &process.api.token)), None).await, 13);
    // The steps leave overdue runs that must not start before the last step.
    process.api.control("POST", "/test/clock", serde_json::json!({ "advanceMs": 0 })).await;
    agrees(&play(recording("scheduled"), Some((&process.url, &process.api.token)), None).await, 218);
}

#[tokio::test]
async fn they_agree_over_tls_and_a_server_whose_certificate_nobody_trusts_is_not_spoken_to() {
    let hatchet = Hatchet::open(Options::default()).unwrap();
    let (ours, other) = (certificate(), certificate());
    let key = PrivateKeyDer::Pkcs8(ours.signing_key.serialize_der().into());
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![ours.cert.der().clone()], key).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let (acceptor, router) = (TlsAcceptor::from(Arc::new(config)), hatchet.router());
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, service) = (acceptor.clone(), TowerToHyperService::new(router.clone()));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let _ =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let files = [("ours.pem", ours.cert.pem()), ("other.pem", other.cert.pem())].map(|(name, pem)| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path
    });
    let token = hatchet.token();
    let [ours, other] = files;
    agrees(&play(recording("scheduled"), Some((&url, &token)), Some(ours)).await, 218);
    let refused = play(recording("scheduled"), Some((&url, &token)), Some(other)).await;
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("invalid peer certificate"), "{said}");
    assert!(!said.contains(&token), "the token is not told");
    server.abort();
}

fn certificate() -> rcgen::CertifiedKey<rcgen::KeyPair> {
    rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap()
}

#[test]
fn an_address_that_is_none_is_refused() {
    for url in ["ftp://localhost", "localhost:8080", "https://ada:secret@localhost", "http://localhost/api", "https://"]
    {
        let error = Live::new(url).unwrap_err().to_string();
        assert!(error.contains("is not of the form") && !error.contains("secret"), "{error}");
    }
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
    let output = play(file, None, None).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    for expected in ["header x-missing", "body.pagination.current_page: recorded 2, answered 1", "0 of 1 steps agree"] {
        assert!(said.contains(expected), "{said}");
    }
}
