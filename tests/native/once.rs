//! Creating once: the same key gives the same run, whatever is lost on the way.

use chrono::TimeDelta;
use hatchet_scheduled::api::NewScheduledRun;
use hatchet_scheduled::transport::CallOptions;
use proptest::prelude::*;

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
