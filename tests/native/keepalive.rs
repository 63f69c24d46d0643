//! Requests that outlive their page: browsers take 64 KiB of bodies under way, and what is more is never sent.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use hatchet_scheduled::api::NewScheduledRun;
use hatchet_scheduled::client::{BulkCreate, BulkOptions, NewTime};
use hatchet_scheduled::error::ErrorKind;
use hatchet_scheduled::model::RunId;
use hatchet_scheduled::time::TriggerTime;
use hatchet_scheduled::transport::CallOptions;
use serde_json::json;

use crate::sim::{Fault, World};

fn outliving() -> CallOptions {
    CallOptions { keepalive: true, ..CallOptions::default() }
}

fn of_kib(world: &World, kib: usize) -> NewScheduledRun {
    let input = json!({"text": "x".repeat(kib * 1024)}).into();
    NewScheduledRun { input, ..NewScheduledRun::at(world.clock.now() + TimeDelta::hours(1)) }
}

#[test]
fn a_body_that_no_browser_takes_is_refused_before_anything_is_sent() {
    let world = World::new();
    let create = |kib| world.run(world.client().create("simple", of_kib(&world, kib), &outliving()));
    create(63).unwrap();
    let error = create(66).unwrap_err();
    let ErrorKind::Validation(invalid) = error.kind() else { panic!("{error}") };
    assert_eq!((invalid.path.as_str(), error.attempts(), error.may_have_acted()), ("options.keepalive", 0, false));
    assert_eq!(world.requests().len(), 1);
    world.run(world.client().create("simple", of_kib(&world, 66), &CallOptions::default())).unwrap();
}

#[test]
fn bodies_that_are_too_much_together_wait_for_each_other() {
    let world = World::new();
    let (one, other) = (world.client(), world.client());
    let options = outliving();
    let calls = (0..12).map(|number| {
        let client = if number % 2 == 0 { &one } else { &other };
        client.create("simple", of_kib(&world, 20), &options)
    });
    let created = world.run(join_all(calls));
    assert!(created.iter().all(Result::is_ok), "{created:?}");
    assert_eq!(world.requests().len(), 12, "none is sent twice");
}

#[test]
fn bulk_calls_count_what_is_under_way() {
    let world = World::new();
    let runs = (0..12).map(|_| BulkCreate { workflow_name: "simple".into(), run: of_kib(&world, 20) }).collect();
    let options = BulkOptions { call: outliving(), concurrency: Some(8), ..BulkOptions::default() };
    let done = world.run(world.client().bulk_create(runs, &options)).unwrap();
    assert_eq!((done.created.len(), done.errors.len(), world.requests().len()), (12, 0, 12));
    let to = TriggerTime::At(world.clock.now() + TimeDelta::days(1));
    let move_to = |id: &String| NewTime { run: RunId::parse(id).unwrap().into(), trigger_at: to.clone() };
    let now = world.clock.now();
    let ids: Vec<String> = (0..4_000).map(|_| world.hatchet.borrow_mut().add("simple", now, now)).collect();
    let done = world.run(world.client().bulk_update(ids.iter().map(move_to).collect(), &options)).unwrap();
    assert_eq!((done.ids.len(), done.errors.len(), world.requests().len()), (4_000, 0, 12 + 8));
}

#[test]
fn waiting_for_room_ends_by_the_limits_of_the_call() {
    let world = World::new();
    world.weather(|number, _| if number == 1 { Fault::Silence } else { Fault::None });
    let client = world.client();
    let short = CallOptions { timeout: Some(Duration::from_secs(2)), max_retries: Some(0), ..outliving() };
    let options = outliving();
    let (first, second) = world.run(join(
        client.create("simple", of_kib(&world, 40), &options),
        client.create("simple", of_kib(&world, 40), &short),
    ));
    assert!(first.unwrap_err().may_have_acted());
    let second = second.unwrap_err();
    assert!(matches!(second.kind(), ErrorKind::Timeout { .. }) && second.attempts() == 0, "{second}");
    assert!(!second.may_have_acted());
}
