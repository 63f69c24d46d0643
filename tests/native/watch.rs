//! Watching: no change is lost or told twice.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use hatchet_scheduled::api::{Filter, ListQuery};
use hatchet_scheduled::client::{Change, WatchOptions};
use hatchet_scheduled::model::ScheduledRun;
use hatchet_scheduled::transport::{CallOptions, Cancel};
use proptest::prelude::*;

use crate::sim::{Fault, World};

/// What somebody who follows the changes believes is there: id to time.
#[derive(Default)]
struct Follower {
    runs: BTreeMap<String, chrono::DateTime<chrono::Utc>>,
}

impl Follower {
    fn follow(&mut self, change: Change) {
        let place = |run: &ScheduledRun| (run.metadata.id.to_string(), run.trigger_at);
        match change {
            Change::Added(run) => {
                let (id, at) = place(&run);
                assert!(self.runs.insert(id, at).is_none(), "added twice");
            }
            Change::Updated(run) => {
                let (id, at) = place(&run);
                assert!(self.runs.insert(id, at).is_some(), "updated before it was added");
            }
            Change::Removed(run) => assert!(self.runs.remove(&run.metadata.id.to_string()).is_some(), "removed twice"),
        }
    }
}

fn every(interval: Duration) -> WatchOptions {
    WatchOptions { interval: Some(interval), ..WatchOptions::default() }
}

fn truth(world: &World) -> BTreeMap<String, chrono::DateTime<chrono::Utc>> {
    world.hatchet.borrow().runs.iter().map(|(id, run)| (id.clone(), run.trigger_at)).collect()
}

/// Does one of a few things to the runs.
fn act(world: &World, (kind, pick): (u8, usize)) {
    let now = world.clock.now();
    let mut hatchet = world.hatchet.borrow_mut();
    let picked = hatchet.runs.keys().nth(pick % hatchet.runs.len().max(1)).cloned();
    match (kind % 3, picked) {
        (1, Some(id)) => drop(hatchet.runs.remove(&id)),
        (2, Some(id)) => {
            let run = hatchet.runs.get_mut(&id).unwrap();
            run.trigger_at += TimeDelta::minutes(1 + pick as i64);
        }
        _ => drop(hatchet.add("simple", now + TimeDelta::days(1), now)),
    }
}

#[test]
fn a_due_run_is_looked_for_when_it_is_due() {
    let world = World::new();
    let now = world.clock.now();
    let id = world.hatchet.borrow_mut().add("simple", now + TimeDelta::seconds(7), now);
    let mut watch = world.client().watch(Filter::default(), every(Duration::from_secs(60)));
    let changes = world.run(async {
        let fire = async {
            world.clock.sleep(Duration::from_secs(7)).await;
            world.hatchet.borrow_mut().runs.clear();
        };
        futures_util::future::join(watch.next_changes(), fire).await.0
    });
    assert!(matches!(changes.unwrap().as_slice(), [Change::Removed(run)] if run.metadata.id.to_string() == id));
    assert!(world.clock.now() - now < TimeDelta::seconds(8), "long before the interval is over");
}

#[test]
fn a_limit_of_the_whole_call_is_one_of_each_look_and_not_of_the_waits_between() {
    let world = World::new();
    let now = world.clock.now();
    let call = CallOptions { total_timeout: Some(Duration::from_secs(2)), ..CallOptions::default() };
    let mut watch = world.client().watch(Filter::default(), WatchOptions { call, ..every(Duration::from_secs(60)) });
    let changes = world.run(async {
        let add = async {
            world.clock.sleep(Duration::from_secs(3_590)).await;
            drop(world.hatchet.borrow_mut().add("simple", now + TimeDelta::days(1), now));
        };
        futures_util::future::join(watch.next_changes(), add).await.0
    });
    assert!(matches!(changes.unwrap().as_slice(), [Change::Added(_)]));
    assert!(world.clock.now() - now < TimeDelta::seconds(3_602), "it looked every minute");
}

#[test]
fn the_first_look_tells_what_differs_from_what_the_caller_knows() {
    let world = World::new();
    let now = world.clock.now();
    let [_stays, moved, gone] =
        [1, 2, 3].map(|days| world.hatchet.borrow_mut().add("simple", now + TimeDelta::days(days), now));
    let client = world.client();
    let known = world.run(client.list(&ListQuery::default(), &CallOptions::default())).unwrap().rows;
    let added = {
        let mut hatchet = world.hatchet.borrow_mut();
        hatchet.runs.remove(&gone);
        hatchet.runs.get_mut(&moved).unwrap().trigger_at += TimeDelta::hours(1);
        hatchet.add("simple", now + TimeDelta::days(4), now)
    };
    let asked = world.clock.now();
    let options = WatchOptions { known: Some(known), ..every(Duration::from_secs(60)) };
    let changes = world.run(client.watch(Filter::default(), options).next_changes()).unwrap();
    let mut told: Vec<_> = changes
        .iter()
        .map(|change| match change {
            Change::Added(run) => ("added", run.metadata.id.to_string()),
            Change::Updated(run) => ("updated", run.metadata.id.to_string()),
            Change::Removed(run) => ("removed", run.metadata.id.to_string()),
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, [("added", added), ("removed", gone), ("updated", moved)]);
    assert!(world.clock.now() - asked < TimeDelta::seconds(1), "at once");
}

#[test]
fn failures_are_waited_out_with_backoff_and_refusals_are_not() {
    let world = World::new();
    world.weather(|number, _| if number < 10 { Fault::Status(503) } else { Fault::None });
    let mut watch = world.client().watch(Filter::default(), WatchOptions::default());
    let now = world.clock.now();
    let changes = world.run(async {
        let add = async {
            world.clock.sleep(Duration::from_secs(600)).await;
            world.hatchet.borrow_mut().add("simple", now + TimeDelta::days(1), now);
        };
        futures_util::future::join(watch.next_changes(), add).await.0
    });
    assert!(matches!(changes.unwrap().as_slice(), [Change::Added(_)]));
    assert!(world.events().iter().any(|event| event == "watch: retry 3 in 10000 ms"), "{:?}", world.events());

    world.weather(|_, _| Fault::Status(403));
    let error = world.run(watch.next_changes()).unwrap_err();
    assert_eq!(error.status(), Some(403));
}

#[test]
fn the_caller_ends_a_watch_in_its_wait() {
    let world = World::new();
    let options = CallOptions { cancel: Cancel::new(), ..CallOptions::default() };
    let mut watch =
        world.client().watch(Filter::default(), WatchOptions { call: options.clone(), ..WatchOptions::default() });
    let (ended, ()) = world.run(async {
        let end = async {
            world.clock.sleep(Duration::from_millis(1_234)).await;
            options.cancel.cancel();
        };
        futures_util::future::join(watch.next_changes(), end).await
    });
    assert!(ended.unwrap_err().is_aborted());
    assert_eq!(world.clock.now().timestamp_subsec_millis(), 234);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_follows_the_changes_knows_what_is_there(
        steps in prop::collection::vec((any::<u8>(), 0usize..50, 0u64..9_000), 0..40),
        faults in prop::collection::vec(any::<bool>(), 0..12),
    ) {
        let world = World::new();
        let now = world.clock.now();
        for _ in 0..5 {
            world.hatchet.borrow_mut().add("simple", now + TimeDelta::days(1), now);
        }
        world.weather(move |number, _| if faults.get(number).copied().unwrap_or(false) { Fault::LostAfter } else { Fault::None });
        let options = CallOptions { cancel: Cancel::new(), ..CallOptions::default() };
        let mut watch = world.client().watch(Filter::default(), WatchOptions { call: options.clone(), ..every(Duration::from_secs(2)) });
        let mut follower = Follower { runs: truth(&world) };
        world.run(async {
            let churn = async {
                // Past the first look, which sets what is known: as long as all failures take, each waited out twice as long.
                world.clock.sleep(Duration::from_secs(150)).await;
                for (kind, pick, pause) in steps {
                    world.clock.sleep(Duration::from_millis(pause)).await;
                    act(&world, (kind, pick));
                }
                world.clock.sleep(Duration::from_secs(150)).await;
                options.cancel.cancel();
            };
            let follow = async {
                while let Ok(changes) = watch.next_changes().await {
                    assert!(!changes.is_empty());
                    changes.into_iter().for_each(|change| follower.follow(change));
                }
            };
            futures_util::future::join(churn, follow).await;
        });
        prop_assert_eq!(follower.runs, truth(&world));
    }
}
