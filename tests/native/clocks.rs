//! The clocks: what a call may take goes by the one that nobody sets, whatever the one on the wall shows.

use std::rc::Rc;
use std::time::Duration;

use chrono::TimeDelta;
use hatchet_scheduled::client::Client;
use hatchet_scheduled::error::{Error, ErrorKind};
use hatchet_scheduled::model::RunId;
use hatchet_scheduled::transport::{CallOptions, TokenSource};

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
