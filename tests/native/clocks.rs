//! The clocks: what a call may take goes by the one that nobody sets, and what the server does by the server's, as far as it
//! shows, whatever the one on the wall does.

use std::rc::Rc;
use std::time::Duration;

use chrono::TimeDelta;
use hatchet_scheduled::api::{Filter, ListQuery, NewScheduledRun};
use hatchet_scheduled::client::{BulkCreate, BulkOptions, Client, Confirmation, WatchOptions};
use hatchet_scheduled::error::{Error, ErrorKind};
use hatchet_scheduled::model::{RunId, Warned, WarningCode};
use hatchet_scheduled::time::{Delay, TriggerTime};
use hatchet_scheduled::transport::{CallOptions, TokenSource};
use proptest::prelude::*;

use crate::sim::{Fault, World};

fn id() -> RunId {
    RunId::parse("11111111-1111-4111-8111-111111111111").unwrap()
}

/// Calls, while somebody sets the clock on the wall after so many milliseconds to so many hours more than the time.
/// Answers how it fails, and after how long.
fn get_while_set(world: &World, options: &CallOptions, settings: &[(u64, i64)]) -> (Error, TimeDelta) {
    let (client, begun) = (world.client(), world.clock.now());
    world.run(async {
        let call = async { (client.get(id(), options).await.unwrap_err(), world.clock.now() - begun) };
        let set = async {
            for (after, hours) in settings {
                let since = (world.clock.now() - begun).to_std().unwrap();
                world.clock.sleep(Duration::from_millis(*after).saturating_sub(since)).await;
                world.clock.set_wall_ahead(TimeDelta::hours(*hours));
            }
        };
        futures_util::future::join(call, set).await.0
    })
}

/// Forward, back, and both, in a request and in the wait that follows it.
const SETTINGS: [&[(u64, i64)]; 6] =
    [&[], &[(1_000, 1)], &[(1_000, -1)], &[(1_000, 1), (3_000, -1)], &[(2_050, 1)], &[(2_050, -1), (2_100, 1)]];

#[test]
fn setting_the_wall_clock_neither_ends_an_attempt_nor_prolongs_it() {
    for settings in SETTINGS {
        let world = World::new();
        world.weather(|_, _| Fault::Silence);
        let options = CallOptions { timeout: Some(Duration::from_secs(2)), ..CallOptions::default() };
        let (error, took) = get_while_set(&world, &options, settings);
        assert!(matches!(error.kind(), ErrorKind::Timeout { after, total: false } if after.as_secs() == 2), "{error}");
        assert_eq!(took, TimeDelta::milliseconds(3 * 2000 + 125 + 250), "{settings:?}");
        assert_eq!((world.requests().len(), world.dropped()), (3, 3), "{settings:?}");
    }
}

#[test]
fn setting_the_wall_clock_neither_ends_a_call_nor_prolongs_it() {
    for settings in SETTINGS {
        let world = World::new();
        world.weather(|_, _| Fault::Silence);
        let limits = (Some(Duration::from_secs(2)), Some(Duration::from_secs(5)));
        let options = CallOptions { timeout: limits.0, total_timeout: limits.1, ..CallOptions::default() };
        let (error, took) = get_while_set(&world, &options, settings);
        assert!(matches!(error.kind(), ErrorKind::Timeout { after, total: true } if after.as_secs() == 5), "{error}");
        assert_eq!(took, TimeDelta::seconds(5), "{settings:?}");
        assert_eq!((world.requests().len(), world.dropped()), (3, 3), "{settings:?}");
    }
}

#[test]
fn setting_the_wall_clock_does_not_make_a_wait_pass_the_limit() {
    for settings in [&[(5, 1)], &[(5, -1)]] {
        let world = World::new();
        world.weather(|_, _| Fault::Status(503));
        let options = CallOptions { total_timeout: Some(Duration::from_millis(200)), ..CallOptions::default() };
        let (error, took) = get_while_set(&world, &options, settings);
        // 20 ms, 125 ms of waiting, 20 ms: another 250 ms would pass it.
        assert_eq!((error.status(), error.attempts()), (Some(503), 2), "{settings:?}");
        assert_eq!(took, TimeDelta::milliseconds(165), "{settings:?}");
    }
}

/// A client whose token never comes.
fn without_token(world: &World) -> Client<World> {
    world.client_with(|options| {
        options.token = Some(TokenSource::Provider(Rc::new(|| Box::pin(std::future::pending()))));
    })
}

#[test]
fn a_token_that_never_comes_ends_by_the_limits_of_the_call() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    for (timeout, total_timeout, ends, by_total) in [
        (seconds(2), None, 2, false),
        (None, seconds(3), 3, true),
        (seconds(2), seconds(3), 2, false),
        (None, None, 30, false),
    ] {
        let world = World::new();
        let options = CallOptions { timeout, total_timeout, ..CallOptions::default() };
        let begun = world.clock.now();
        let error = world.run(without_token(&world).get(id(), &options)).unwrap_err();
        let ErrorKind::Timeout { after, total } = error.kind() else { panic!("{error}") };
        assert_eq!((after.as_secs(), *total), (ends, by_total));
        assert_eq!(world.clock.now() - begun, TimeDelta::seconds(ends as i64));
        assert_eq!((world.requests().len(), error.attempts()), (0, 0));
        assert!(!error.may_have_acted(), "nothing was sent");
    }
}

#[test]
fn the_caller_ends_a_call_that_waits_for_its_token() {
    let world = World::new();
    let (client, options) = (without_token(&world), CallOptions::default());
    let (ended, ()) = world.run(async {
        let end = async {
            world.clock.sleep(Duration::from_millis(700)).await;
            options.cancel.cancel();
        };
        futures_util::future::join(client.get(id(), &options), end).await
    });
    assert!(ended.unwrap_err().is_aborted());
    assert_eq!((world.clock.now().timestamp_subsec_millis(), world.requests().len()), (700, 0));
}

fn in_three_minutes() -> NewScheduledRun {
    NewScheduledRun::at(TriggerTime::In(Delay::Text("3m".into())))
}

/// By how much the run fires too late, in seconds.
fn late_by(world: &World, warned: &Warned) -> f64 {
    (warned.trigger_at - world.clock.now() - TimeDelta::minutes(3)).as_seconds_f64()
}

/// Wrong by so many seconds.
const WRONG: [i64; 6] = [-86_400, -300, -10, 10, 300, 86_400];

#[test]
fn a_delay_counts_by_the_servers_clock_once_an_answer_has_shown_it() {
    for seconds in WRONG {
        let world = World::new();
        world.clock.set_wall_ahead(TimeDelta::seconds(seconds));
        let (client, options) = (world.client(), CallOptions::default());
        world.run(client.list(&ListQuery::default(), &options)).unwrap();
        let created = world.run(client.create("simple", in_three_minutes(), &options)).unwrap();
        assert!(late_by(&world, &created).abs() < 1.0, "{seconds} s: {}", late_by(&world, &created));
        assert!(created.warnings.is_empty(), "{seconds} s");
        let updated = world.run(client.update(created.metadata.id.into(), &in_three_minutes().trigger_at, &options));
        assert!(late_by(&world, &updated.unwrap()).abs() < 0.1, "by now it is known better than to the second");
    }
}

#[test]
fn a_delay_that_was_counted_from_a_wrong_time_is_told_and_by_how_much() {
    for hides_date in [false, true] {
        for seconds in WRONG {
            let world = World::new();
            world.clock.set_wall_ahead(TimeDelta::seconds(seconds));
            if hides_date {
                world.hide_date();
            }
            let (client, options) = (world.client(), CallOptions::default());
            let created = world.run(client.create("simple", in_three_minutes(), &options)).unwrap();
            assert!((late_by(&world, &created) - seconds as f64).abs() < 1.0, "nothing was known: {seconds} s");
            let [warning] = &created.warnings[..] else { panic!("{:?}", created.warnings) };
            assert_eq!(warning.code, WarningCode::ClockSkew);
            assert!((warning.skew_ms.unwrap() - seconds * 1000).abs() < 1000, "{warning:?}");
            assert_eq!(world.events().iter().filter(|event| event.contains("ClockSkew")).count(), 1);
            let next = world.run(client.create("simple", in_three_minutes(), &options)).unwrap();
            assert!(late_by(&world, &next).abs() < 1.0 && next.warnings.is_empty(), "{seconds} s: {:?}", next.warnings);
        }
    }
    let world = World::new();
    world.clock.set_wall_ahead(TimeDelta::seconds(-300));
    let created = world.run(world.client().create("simple", in_three_minutes(), &CallOptions::default())).unwrap();
    insta::assert_snapshot!(created.warnings[0].message, @r#"the clock here is about 300 s behind the server's, so what was to happen "in" a while from now happens that much too early: set the clock, or say the time itself; delays of this client's next calls count by the server's clock"#);
}

#[test]
fn bulk_calls_tell_of_a_wrong_clock_once() {
    let world = World::new();
    world.clock.set_wall_ahead(TimeDelta::minutes(5));
    let runs = vec![BulkCreate { workflow_name: "simple".into(), run: in_three_minutes() }; 20];
    let done = world.run(world.client().bulk_create(runs, &BulkOptions::default())).unwrap();
    assert_eq!(done.created.len(), 20);
    assert_eq!(done.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [WarningCode::ClockSkew]);
}

#[test]
fn a_clock_that_is_right_is_not_accused() {
    for seconds in [-2, 0, 2] {
        let world = World::new();
        world.clock.set_wall_ahead(TimeDelta::seconds(seconds));
        let created = world.run(world.client().create("simple", in_three_minutes(), &CallOptions::default())).unwrap();
        assert!(created.warnings.is_empty(), "{:?}", created.warnings);
    }
}

#[test]
fn a_creation_that_somebody_wrote_for_a_test_is_no_clock() {
    let world = World::new();
    world.hide_date();
    world.clock.set_wall_ahead(TimeDelta::days(400));
    let client = world.client();
    for _ in 0..2 {
        let created = world.run(client.create("simple", in_three_minutes(), &CallOptions::default())).unwrap();
        assert!((late_by(&world, &created) - TimeDelta::days(400).as_seconds_f64()).abs() < 1.0);
        assert!(created.warnings.is_empty());
    }
}

#[test]
fn a_time_that_is_said_itself_is_not_counted_from_any_clock() {
    let world = World::new();
    world.clock.set_wall_ahead(TimeDelta::hours(2));
    let at = world.clock.now() + TimeDelta::minutes(3);
    let created = world.run(world.client().create("simple", NewScheduledRun::at(at), &CallOptions::default())).unwrap();
    assert_eq!((created.trigger_at, created.warnings.len()), (at, 0));
}

/// A run that was moved so many milliseconds before its time, by a client whose clock is wrong by so many seconds.
fn moved_late(world: &World, client: &Client<World>, millis: i64) -> Warned {
    let now = world.clock.now();
    let id = world.hatchet.borrow_mut().add("simple", now + TimeDelta::milliseconds(millis), now);
    let options = CallOptions::default();
    let run = world.run(client.get(RunId::parse(&id).unwrap(), &options)).unwrap();
    let change = TriggerTime::At(now + TimeDelta::hours(1));
    world.run(client.update(run.metadata.id.into(), &change, &options)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lateness_goes_by_the_servers_clock_and_held_is_never_said_early(
        seconds in -900i64..900,
        millis in 100i64..30_000,
        hides_date in any::<bool>(),
        creates_first in any::<bool>(),
    ) {
        let world = World::new();
        world.clock.set_wall_ahead(TimeDelta::seconds(seconds));
        if hides_date {
            world.hide_date();
        }
        let (client, options) = (world.client(), CallOptions::default());
        if creates_first {
            world.run(client.create("simple", in_three_minutes(), &options)).unwrap();
        }
        let due = world.clock.now() + TimeDelta::milliseconds(millis);
        let updated = moved_late(&world, &client, millis);
        if !hides_date || creates_first {
            let late = due - world.clock.now() <= TimeDelta::seconds(10);
            let sure = due - world.clock.now() > TimeDelta::seconds(11);
            prop_assert!(!late || !updated.warnings.is_empty(), "a late change is told");
            prop_assert!(!sure || updated.warnings.is_empty(), "no other is");
        }
        if updated.warnings.is_empty() {
            return Ok(());
        }
        let confirmed = world.run(client.confirm(&updated, &options)).unwrap();
        let settled = world.clock.now() >= due + TimeDelta::seconds(6);
        if confirmed == Confirmation::Held {
            prop_assert!(settled, "{} s before the engine had its time", (due - world.clock.now()).as_seconds_f64() + 6.0);
        } else {
            prop_assert!(hides_date && !creates_first, "where the server's clock shows, the answer is known");
            prop_assert_eq!(confirmed, Confirmation::Unknown);
        }
        prop_assert!(world.clock.now() < due.max(world.clock.now()) + TimeDelta::seconds(9), "and not much later");
    }
}

#[test]
fn a_watch_looks_at_once_when_the_machine_has_slept() {
    for failing in [false, true] {
        let world = World::new();
        let hour = Some(Duration::from_secs(3_600));
        let mut changes =
            world.client().watch(Filter::default(), WatchOptions { interval: hour, ..WatchOptions::default() });
        let now = world.clock.now();
        if failing {
            world.weather(move |number, _| if number == 2 { Fault::Status(503) } else { Fault::None });
        }
        world.run(async {
            let wake = async {
                world.clock.sleep(Duration::from_secs(100)).await;
                world.hatchet.borrow_mut().add("simple", now + TimeDelta::days(2), now);
                // The lid was shut: the clock that nobody sets stood still.
                world.clock.set_wall_ahead(TimeDelta::hours(9));
            };
            let (seen, ()) = futures_util::future::join(changes.next_changes(), wake).await;
            assert_eq!(seen.unwrap().len(), 1);
        });
        assert!(world.clock.now() - now < TimeDelta::seconds(110), "{}", world.clock.now() - now);
    }
}
