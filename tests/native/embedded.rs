//! The client against the embedded Hatchet's router in the same process, on the server's own clock: waits move it, so
//! that what takes the engine minutes is played at once.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hatchet_embedded::{Clock, Hatchet, Options as ServerOptions};
use hatchet_scheduled::api::{Filter, ListQuery, NewScheduledRun};
use hatchet_scheduled::client::{BulkCreate, BulkOptions, NewTime, Selection};
use hatchet_scheduled::client::{CHUNK, Change, Client, Confirmation, IterateQuery, WatchOptions};
use hatchet_scheduled::http::{Body, NoAnswer, Request, Response};
use hatchet_scheduled::model::{MetadataFilter, RunId};
use hatchet_scheduled::time::{UnknownZone, Zones};
use hatchet_scheduled::transport::{CallOptions, Config, Environment, Options, Platform, TokenSource};
use hatchet_scheduled::value::Value;
use tower::ServiceExt;

/// The router as a network, the server's clock as time.
#[derive(Clone)]
struct InProcess(Hatchet);

impl Platform for InProcess {
    async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        let body = request.body.as_ref().map(|body| body.as_str().to_owned()).unwrap_or_default();
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let request = builder.body(axum::body::Body::from(body)).unwrap();
        let response = self.0.router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        let body = String::from_utf8(body).unwrap();
        Ok(Response { status, headers, body: Body::new(&body) })
    }

    async fn sleep(&self, duration: Duration) {
        // A timeout must not move the clock while its request is on the way.
        if duration > Duration::from_secs(20) {
            return std::future::pending().await;
        }
        self.0.advance(TimeDelta::from_std(duration).unwrap()).unwrap();
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.clock().now()
    }

    fn monotonic(&self) -> Duration {
        (self.now() - DateTime::UNIX_EPOCH).to_std().unwrap()
    }

    fn random(&self) -> f64 {
        0.0
    }
}

impl Zones for InProcess {
    fn offset(&self, _: &str, _: DateTime<Utc>) -> Result<i32, UnknownZone> {
        Err(UnknownZone)
    }
}

fn start() -> (Hatchet, Client<InProcess>) {
    let clock = Clock::manual("2026-11-23T10:00:00Z".parse().unwrap());
    let server_url = "https://hatchet.test".to_owned();
    let hatchet = Hatchet::open(ServerOptions { clock, server_url, ..ServerOptions::default() }).unwrap();
    let token = Some(TokenSource::Fixed(hatchet.token()));
    let config = Config::new(Options { token, ..Options::default() }, Environment::default()).unwrap();
    (hatchet.clone(), Client::new(InProcess(hatchet), config))
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn in_seconds(hatchet: &Hatchet, seconds: f64) -> DateTime<Utc> {
    hatchet.clock().now() + TimeDelta::milliseconds((seconds * 1000.0) as i64)
}

#[test]
fn a_run_is_created_read_moved_listed_started_and_deleted() {
    let (hatchet, client) = start();
    let options = CallOptions::default();
    run(async {
        let at = in_seconds(&hatchet, 3600.0);
        let mut new = NewScheduledRun::at(at);
        new.input = Value::parse(r#"{"to":"ada@example.com"}"#).unwrap();
        new.additional_metadata = Value::parse(r#"{"n":5}"#).unwrap();
        let made = client.create("simple", new, &options).await.unwrap();
        assert_eq!((made.trigger_at, made.workflow_name().as_str()), (at, "simple"));
        let id = made.metadata.id;
        let read = client.get(id, &options).await.unwrap();
        assert_eq!(read.details().unwrap().input.unwrap().to_text().as_str(), r#"{"to":"ada@example.com"}"#);

        let later = at + TimeDelta::hours(1);
        let moved = client.update(id.into(), &later.into(), &options).await.unwrap();
        assert_eq!((moved.run.trigger_at, moved.warnings.len()), (later, 0));

        let listed = |filter| {
            let query = ListQuery { filter, ..ListQuery::default() };
            let (client, options) = (&client, &options);
            async move { client.list(&query, options).await.unwrap().rows.len() }
        };
        assert_eq!(listed(Filter { workflow_name: Some("simple".into()), ..Filter::default() }).await, 1);
        assert_eq!(listed(Filter { workflow_name: Some("greeter".into()), ..Filter::default() }).await, 0);
        let number =
            Filter { additional_metadata: MetadataFilter::from([("n".into(), 5.0.into())]), ..Filter::default() };
        assert_eq!(listed(number).await, 1);

        assert!(!client.trigger(id, &options).await.unwrap().external_id.is_empty());
        assert!(client.get(id, &options).await.unwrap_err().is_not_found());
        assert!(client.trigger(id, &options).await.unwrap_err().is_not_found());

        let other = client.create("simple", NewScheduledRun::at(at), &options).await.unwrap();
        let other = other.metadata.id;
        assert!(client.delete(other.into(), &options).await.unwrap().is_empty());
        assert!(client.delete(other.into(), &options).await.unwrap_err().is_not_found());
    });
}

#[test]
fn an_unknown_workflow_is_answered_with_the_name_that_was_meant() {
    let (hatchet, client) = start();
    let new = NewScheduledRun::at(in_seconds(&hatchet, 60.0));
    let error = run(client.create("Simple", new, &CallOptions::default())).unwrap_err();
    assert!(error.to_string().contains(r#"did you mean "simple"?"#), "{error}");
}

#[test]
fn any_number_of_runs_is_created_moved_read_and_deleted() {
    let (hatchet, client) = start();
    let options = BulkOptions::default();
    run(async {
        let at = in_seconds(&hatchet, 3600.0);
        let count = 2 * CHUNK + 50;
        let items =
            |count| (0..count).map(|_| BulkCreate { workflow_name: "simple".into(), run: NewScheduledRun::at(at) });
        let made = client.bulk_create(items(count).collect(), &options).await.unwrap();
        assert_eq!((made.created.len(), made.errors.len()), (count, 0));
        let ids: HashSet<String> = made.created.iter().map(|run| run.metadata.id.to_string()).collect();

        let mut pages =
            client.iterate(IterateQuery { page_size: Some(40), ..IterateQuery::default() }, options.call.clone());
        let mut read = Vec::new();
        while let Some(runs) = pages.next_page().await.unwrap() {
            read.extend(runs.iter().map(|run| run.metadata.id.to_string()));
        }
        assert_eq!((read.len(), read.into_iter().collect::<HashSet<_>>()), (count, ids.clone()));

        let later = at + TimeDelta::minutes(5);
        let updates = ids.iter().map(|id| NewTime { run: RunId::parse(id).unwrap().into(), trigger_at: later.into() });
        let moved = client.bulk_update(updates.collect(), &options).await.unwrap();
        assert_eq!((moved.ids.len(), moved.errors.len()), (count, 0));

        let deleted = client.bulk_delete(Selection::All, &options).await.unwrap();
        assert_eq!(deleted.ids.iter().map(RunId::to_string).collect::<HashSet<_>>(), ids);
    });
}

#[test]
fn who_watches_sees_a_run_fire() {
    let (hatchet, client) = start();
    run(async {
        let new = NewScheduledRun::at(in_seconds(&hatchet, 10.0));
        let made = client.create("simple", new, &CallOptions::default()).await.unwrap();
        let mut watch = client.watch(Filter::default(), WatchOptions::default());
        let changes = watch.next_changes().await.unwrap();
        assert!(matches!(changes.as_slice(), [Change::Removed(run)] if run.metadata.id == made.metadata.id));
        assert!(hatchet.clock().now() < made.trigger_at + TimeDelta::seconds(1));
    });
}

#[test]
fn whatever_the_engine_loses_was_warned_of_and_confirming_tells_it() {
    let mut lost = 0;
    for tenths in 0..=120 {
        // The engine's polls fall anywhere between the change and the run's time.
        for phase in [0.0, 1.3, 2.6, 3.9] {
            let (hatchet, client) = start();
            let options = CallOptions::default();
            run(async {
                let due = in_seconds(&hatchet, 20.0 + phase);
                let made = client.create("simple", NewScheduledRun::at(due), &options).await.unwrap();
                let id = made.metadata.id;
                let change_at = due - TimeDelta::milliseconds(tenths * 100);
                hatchet.advance(change_at - hatchet.clock().now() - TimeDelta::milliseconds(1)).unwrap();
                let updated = client.update(id.into(), &(due + TimeDelta::hours(1)).into(), &options).await.unwrap();
                match client.confirm(&updated, &options).await.unwrap() {
                    Confirmation::Held => {}
                    Confirmation::Lost => {
                        lost += 1;
                        assert_eq!(updated.warnings.len(), 1, "lost {tenths} tenths before its time without a word");
                    }
                    Confirmation::Unknown => panic!("the new time is far away"),
                }
                hatchet.advance(TimeDelta::seconds(10)).unwrap();
                let there = client.list(&ListQuery::default(), &options).await.unwrap().rows.len();
                assert!(there == 1 || !updated.warnings.is_empty());
            });
        }
    }
    assert!(lost > 50, "the engine loses late changes, else this tests nothing: {lost}");
}
