//! Creating once: the same key gives the same run, whatever is lost on the way.

use chrono::{DateTime, TimeDelta, Utc};
use hatchet_scheduled::api::{NewScheduledRun, OnExisting, REPLACES_KEY};
use hatchet_scheduled::client::{BulkCreate, BulkOptions};
use hatchet_scheduled::error::{ErrorKind, Rest};
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
fn a_run_that_may_be_there_and_cannot_be_looked_for_is_unknown() {
    for answer in [Fault::BadGateway, Fault::LostAfter] {
        for look in [403, 429] {
            let world = World::new();
            world.weather(move |number, _| match number {
                1 => Fault::None,
                2 => answer,
                _ => Fault::Status(look),
            });
            let item = |key| BulkCreate { workflow_name: "simple".into(), run: keyed(&world, key) };
            let one_by_one = BulkOptions { concurrency: Some(1), ..BulkOptions::default() };
            let ended = world.run(world.client().bulk_create(vec![item("k"), item("l")], &one_by_one)).unwrap_err();
            let ErrorKind::Interrupted(parts) = ended.kind() else { panic!("{ended}") };
            assert_eq!(world.hatchet.borrow().runs.len(), 1);
            assert_eq!((&parts.unknown, &parts.rest), (&vec!["0".to_owned()], &Rest::Places(vec![1])), "HTTP {look}");
        }
    }
}

#[test]
fn a_run_that_replaced_another_is_not_told_as_untried() {
    let world = World::new();
    world
        .run(world.client().create("simple", existing(&world, OnExisting::Replace, 1, 1), &CallOptions::default()))
        .unwrap();
    // Looked for, and made.
    let before = world.requests().len();
    world.weather(move |number, _| if number > before + 2 { Fault::Status(403) } else { Fault::None });
    let item = BulkCreate { workflow_name: "simple".into(), run: existing(&world, OnExisting::Replace, 2, 2) };
    let ended = world.run(world.client().bulk_create(vec![item], &BulkOptions::default())).unwrap_err();
    let ErrorKind::Interrupted(parts) = ended.kind() else { panic!("{ended}") };
    assert_eq!((&parts.unknown, &parts.rest), (&vec!["0".to_owned()], &Rest::Places(vec![])));
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

/// So many hours after the world begins.
fn after(hours: i64) -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
}

fn existing(world: &World, on_existing: OnExisting, input: i64, hours: i64) -> NewScheduledRun {
    let trigger_at = TriggerTime::At(after(hours));
    NewScheduledRun { input: json!({ "n": input }).into(), on_existing, trigger_at, ..keyed(world, "k") }
}

#[test]
fn a_run_that_is_there_is_moved_where_that_is_asked_for() {
    let world = World::new();
    let create = |run| world.run(world.client().create("simple", run, &CallOptions::default())).unwrap();
    let first = create(existing(&world, OnExisting::Move, 1, 1));
    let moved = create(existing(&world, OnExisting::Move, 1, 2));
    assert_eq!((moved.metadata.id, moved.trigger_at), (first.metadata.id, after(2)));
    assert!(moved.warnings.is_empty());
    let other = create(existing(&world, OnExisting::Move, 2, 3));
    assert_eq!(other.metadata.id, first.metadata.id);
    assert_eq!(other.warnings[0].differs.as_deref().unwrap(), ["input"], "only the time is moved");
    assert_eq!(world.hatchet.borrow().runs.len(), 1);
}

#[test]
fn a_move_in_the_last_seconds_says_that_it_may_be_lost() {
    let world = World::new();
    let create = |delay: &str| {
        let trigger_at = TriggerTime::In(Delay::Text(delay.into()));
        let run = NewScheduledRun { trigger_at, on_existing: OnExisting::Move, ..keyed(&world, "k") };
        world.run(world.client().create("simple", run, &CallOptions::default())).unwrap()
    };
    create("8s");
    let moved = create("1h");
    assert_eq!(moved.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [WarningCode::LateChange]);
}

#[test]
fn a_run_that_is_there_gives_way_where_that_is_asked_for() {
    let world = World::new();
    let create = |run| world.run(world.client().create("simple", run, &CallOptions::default())).unwrap();
    let first = create(existing(&world, OnExisting::Replace, 1, 1));
    let same = create(existing(&world, OnExisting::Replace, 1, 1));
    assert_eq!(same.metadata.id, first.metadata.id, "the same is not made anew");
    let second = create(existing(&world, OnExisting::Replace, 2, 2));
    assert_ne!(second.metadata.id, first.metadata.id);
    assert!(second.warnings.is_empty());
    let hatchet = world.hatchet.borrow();
    assert_eq!(hatchet.runs.keys().collect::<Vec<_>>(), [&second.metadata.id.to_string()]);
    assert_eq!(hatchet.runs.values().next().unwrap().metadata[REPLACES_KEY], first.metadata.id.to_string());
    drop(hatchet);
    let kept = create(existing(&world, OnExisting::Keep, 2, 2));
    assert_eq!((kept.metadata.id, kept.warnings.len()), (second.metadata.id, 0), "how it was made is no difference");
}

#[test]
fn a_run_made_in_code_is_not_replaced_but_told() {
    let world = World::new();
    let first = world.run(world.client().create("simple", keyed(&world, "k"), &CallOptions::default())).unwrap();
    world.hatchet.borrow_mut().runs.get_mut(&first.metadata.id.to_string()).unwrap().method = "DEFAULT";
    let replace = existing(&world, OnExisting::Replace, 2, 2);
    let error = world.run(world.client().create("simple", replace, &CallOptions::default())).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"create: run.onExisting: cannot replace the run that has this key, as it was made in code (method DEFAULT), and the server does not delete such runs; use another key, or "move""#);
    assert_eq!(world.hatchet.borrow().runs.len(), 1);
}

#[test]
fn what_becomes_of_a_run_without_a_key_cannot_be_said() {
    let world = World::new();
    let run = NewScheduledRun { idempotency_key: None, ..existing(&world, OnExisting::Move, 1, 1) };
    let error = world.run(world.client().create("simple", run, &CallOptions::default())).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"create: run.onExisting: needs an idempotencyKey: it says what becomes of a run that is there with the same one");
    assert!(world.requests().is_empty());
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_call_makes_one_run_also_where_it_fires_before_it_is_looked_for(
        faults in prop::collection::vec(fault(), 0..20),
        ahead in prop::sample::select(vec![-60_i64, 0, 2]),
    ) {
        let world = World::new();
        world.weather(move |number, _| faults.get(number - 1).copied().unwrap_or(Fault::None));
        let clock = world.clock.clone();
        world.hatchet.borrow_mut().churn = Some(Box::new(move |runs| runs.retain(|_, run| run.trigger_at > clock.now())));
        let due = NewScheduledRun {
            trigger_at: TriggerTime::At(world.clock.now() + TimeDelta::seconds(ahead)),
            ..keyed(&world, "k")
        };
        let created = world.run(world.client().create("simple", due, &CallOptions::default()));
        let made = world.hatchet.borrow().writes.len();
        prop_assert!(made <= 1, "{} runs of one call", made);
        if let Err(error) = created {
            prop_assert!(made == 0 || error.may_have_acted(), "{}", error);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replacing_leaves_never_none_and_in_the_end_the_last_that_was_asked_for(
        faults in prop::collection::vec(fault(), 0..25),
        calls in 1i64..4,
        rival in any::<bool>(),
    ) {
        let world = World::new();
        let options = CallOptions::default();
        let replace = |n: i64| existing(&world, OnExisting::Replace, n, n + 1);
        world.run(world.client().create("simple", replace(0), &options)).unwrap();
        let hatchet = world.hatchet.clone();
        world.weather(move |number, _| {
            assert!(!hatchet.borrow().runs.is_empty(), "there is always one");
            faults.get(number).copied().unwrap_or(Fault::None)
        });
        for call in 1..=calls {
            let (one, other) = (world.client(), world.client());
            let both = async {
                let one = one.create("simple", replace(call), &options);
                if rival {
                    let (one, _) = futures_util::future::join(one, other.create("simple", replace(-call), &options)).await;
                    one
                } else {
                    one.await
                }
            };
            if let Ok(run) = world.run(both)
                && !rival
            {
                let hatchet = world.hatchet.borrow();
                prop_assert_eq!(hatchet.runs.keys().collect::<Vec<_>>(), [&run.metadata.id.to_string()]);
                prop_assert_eq!(&hatchet.runs.values().next().unwrap().input, &json!({ "n": call }));
            }
        }
        world.weather(|_, _| Fault::None);
        let last = world.run(world.client().create("simple", replace(9), &options)).unwrap();
        let hatchet = world.hatchet.borrow();
        prop_assert_eq!(hatchet.runs.keys().collect::<Vec<_>>(), [&last.metadata.id.to_string()]);
        prop_assert_eq!(&hatchet.runs.values().next().unwrap().input, &json!({"n": 9}));
    }

    #[test]
    fn moving_ends_at_the_last_time_that_was_asked_for(faults in prop::collection::vec(fault(), 0..15), calls in 1i64..4) {
        let world = World::new();
        world.weather(move |number, _| faults.get(number - 1).copied().unwrap_or(Fault::None));
        for hours in 1..=calls {
            let run = existing(&world, OnExisting::Move, 1, hours);
            if let Ok(run) = world.run(world.client().create("simple", run, &CallOptions::default())) {
                prop_assert_eq!(world.hatchet.borrow().runs[&run.metadata.id.to_string()].trigger_at, run.trigger_at);
            }
        }
        world.weather(|_, _| Fault::None);
        let last = existing(&world, OnExisting::Move, 1, 9);
        world.run(world.client().create("simple", last, &CallOptions::default())).unwrap();
        let hatchet = world.hatchet.borrow();
        prop_assert_eq!(hatchet.runs.values().map(|run| run.trigger_at).collect::<Vec<_>>(), [after(9)]);
    }
}
