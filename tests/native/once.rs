//! Creating once: the same key gives the same run, whatever is lost on the way.

use chrono::TimeDelta;
use hatchet_scheduled::api::NewScheduledRun;
use hatchet_scheduled::client::{BulkCreate, BulkOptions};
use hatchet_scheduled::model::{Warned, WarningCode};
use hatchet_scheduled::time::{Delay, TriggerTime};
use hatchet_scheduled::transport::CallOptions;
use proptest::prelude::*;
use serde_json::json;

use crate::sim::{Fault, World};

fn keyed(world: &World, key: &str) -> NewScheduledRun {
    let mut run = NewScheduledRun::at(world.clock.now() + TimeDelta::hours(1));
    run.idempotency_key = Some(key.into());
    run
}

#[test]
fn calling_again_gives_the_run_that_is_there() {
    let world = World::new();
    let create = |key| {
        // A new client each time, as in another process.
        world.run(world.client().create("simple", keyed(&world, key), &CallOptions::default())).unwrap().metadata.id
    };
    let first = create("order:7/é");
    assert_eq!(create("order:7/é"), first);
    assert_ne!(create("order:8"), first);
    assert_eq!(world.hatchet.borrow().runs.len(), 2);
    let other = world.run(world.client().create("greeter", keyed(&world, "order:8"), &CallOptions::default())).unwrap();
    assert_ne!(other.metadata.id, first, "keys belong to a workflow");
    assert_eq!(world.hatchet.borrow().runs.len(), 3);
}

#[test]
fn of_two_writers_at_the_same_instant_the_older_run_stays() {
    let world = World::new();
    let (one, other) = (world.client(), world.client());
    let options = CallOptions::default();
    let (one, other) = world.run(futures_util::future::join(
        one.create("simple", keyed(&world, "k"), &options),
        other.create("simple", keyed(&world, "k"), &options),
    ));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.metadata.id, other.metadata.id);
    assert_eq!(world.hatchet.borrow().runs.keys().collect::<Vec<_>>(), [&one.metadata.id.to_string()]);
}

#[test]
fn a_key_that_is_used_again_for_something_else_says_what_differs() {
    let world = World::new();
    let create = |change: &dyn Fn(&mut NewScheduledRun)| {
        let mut run = keyed(&world, "k");
        run.trigger_at = TriggerTime::At("2026-11-24T10:00:00Z".parse().unwrap());
        run.input = json!({"to": "ada", "tags": [1, {"b": 2, "a": 1}]}).into();
        change(&mut run);
        world.run(world.client().create("simple", run, &CallOptions::default())).unwrap()
    };
    let differs = |warned: &Warned| warned.warnings.first().and_then(|warning| warning.differs.clone());
    let first = create(&|_| {});
    assert!(first.warnings.is_empty());
    let same = create(&|run| run.input = json!({"tags": [1, {"a": 1, "b": 2}], "to": "ada"}).into());
    assert_eq!((same.metadata.id, same.warnings.len()), (first.metadata.id, 0), "the order of members is nothing");
    let priority = create(&|run| run.priority = Some(1));
    assert_eq!(priority.warnings.len(), 0, "1 is what the server gives a run without");

    let time = create(&|run| run.trigger_at = TriggerTime::At("2026-11-25T10:00:00Z".parse().unwrap()));
    assert_eq!((time.metadata.id, time.trigger_at), (first.metadata.id, first.trigger_at), "the old run");
    insta::assert_snapshot!(time.warnings[0].message, @"a run with this key is there already, and differs from what was asked in triggerAt (it fires at 2026-11-24T10:00:00Z, not at 2026-11-25T10:00:00Z); it stays as it is: change it, or use another key");
    assert_eq!((time.warnings[0].code, time.warnings[0].id), (WarningCode::KeyReuse, Some(first.metadata.id)));
    assert_eq!(differs(&time).unwrap(), ["triggerAt"]);
    let input = create(&|run| run.input = json!({"to": "bob"}).into());
    assert_eq!(differs(&input).unwrap(), ["input"]);
    let all = create(&|run| {
        run.trigger_at = TriggerTime::In(Delay::Text("2h".into()));
        run.additional_metadata = json!({"team": "a"}).into();
        run.priority = Some(3);
    });
    assert_eq!(differs(&all).unwrap(), ["triggerAt", "additionalMetadata", "priority"]);
    assert_eq!(world.events().iter().filter(|event| event.contains("KeyReuse")).count(), 3, "observers are told");
}

#[test]
fn a_delay_that_is_said_again_is_no_other_time() {
    let world = World::new();
    let create = |delay: &str| {
        let run = NewScheduledRun { trigger_at: TriggerTime::In(Delay::Text(delay.into())), ..keyed(&world, "k") };
        world.run(world.client().create("simple", run, &CallOptions::default())).unwrap()
    };
    create("1h");
    world.run(world.clock.sleep(std::time::Duration::from_secs(600)));
    assert!(create("1h").warnings.is_empty());
    assert_eq!(create("2h").warnings.len(), 1);
}

#[test]
fn bulk_creation_tells_of_keys_that_are_used_again() {
    let world = World::new();
    let runs = |hours| {
        let run = |key: &str| {
            let at = world.clock.now() + TimeDelta::hours(hours);
            let run = NewScheduledRun { idempotency_key: Some(key.into()), ..NewScheduledRun::at(at) };
            BulkCreate { workflow_name: "simple".into(), run }
        };
        vec![run("a"), run("b")]
    };
    let create = |hours| world.run(world.client().bulk_create(runs(hours), &BulkOptions::default())).unwrap();
    assert!(create(1).warnings.is_empty());
    let again = create(2);
    let ids: Vec<_> = again.created.iter().map(|run| Some(run.metadata.id)).collect();
    assert_eq!(again.warnings.iter().map(|warning| warning.id).collect::<Vec<_>>(), ids);
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        2 => Just(Fault::LostBefore),
        2 => Just(Fault::LostAfter),
        1 => Just(Fault::Status(500)),
        1 => Just(Fault::Status(429)),
        2 => Just(Fault::BadGateway),
        1 => Just(Fault::Silence),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_key_makes_one_run_whatever_is_lost(faults in prop::collection::vec(fault(), 0..20), calls in 1usize..4) {
        let world = World::new();
        world.weather(move |number, _| faults.get(number - 1).copied().unwrap_or(Fault::None));
        let mut answered = Vec::new();
        for _ in 0..calls {
            let created = world.run(world.client().create("simple", keyed(&world, "k"), &CallOptions::default()));
            answered.extend(created.map(|run| run.metadata.id));
        }
        world.weather(|_, _| Fault::None);
        let last = world.run(world.client().create("simple", keyed(&world, "k"), &CallOptions::default())).unwrap();
        answered.push(last.metadata.id);
        answered.dedup();
        prop_assert_eq!(answered.len(), 1, "every answer names the same run");
        prop_assert_eq!(world.hatchet.borrow().runs.len(), 1, "and it is the only one");
        prop_assert_eq!(world.hatchet.borrow().writes.len(), 1, "and no other was ever made");
    }
}
