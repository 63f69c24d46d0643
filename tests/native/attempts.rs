//! One call: what is sent again, what never is, and how it ends.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chrono::TimeDelta;
use hatchet_scheduled::api::{Filter, ListQuery, NewScheduledRun};
use hatchet_scheduled::client::{Confirmation, RunRef};
use hatchet_scheduled::error::{ErrorKind, TokenFailure};
use hatchet_scheduled::model::RunId;
use hatchet_scheduled::transport::{CallOptions, Cancel, TokenSource};

use crate::sim::{Fault, TENANT, World, token};

const UNKNOWN: &str = "11111111-1111-4111-8111-111111111111";

fn id(text: &str) -> RunId {
    RunId::parse(text).unwrap()
}

fn run(world: &World) -> NewScheduledRun {
    NewScheduledRun::at(world.clock.now() + TimeDelta::hours(1))
}

#[test]
fn an_unknown_id_is_told_at_once() {
    let world = World::new();
    let error = world.run(world.client().get(id(UNKNOWN), &CallOptions::default())).unwrap_err();
    assert_eq!(world.requests().len(), 1);
    assert_eq!(
        error.to_string(),
        "get: scheduled workflow run not found (HTTP 404). It may have fired: Hatchet deletes a scheduled run when it fires"
    );
}

#[test]
fn a_read_is_repeated_twice_and_waits_longer_each_time() {
    let world = World::new();
    world.weather(|_, _| Fault::Status(503));
    let error = world.run(world.client().list(&ListQuery::default(), &CallOptions::default())).unwrap_err();
    assert_eq!((error.status(), error.attempts(), world.requests().len()), (Some(503), 3, 3));
    assert_eq!(world.waits(), [Duration::from_millis(125), Duration::from_millis(250)]);
    assert_eq!(error.to_string(), "list: trouble (HTTP 503) [after 3 attempts]");
}

#[test]
fn every_attempt_is_told_to_whoever_watches() {
    let world = World::new();
    world.weather(|number, _| if number == 1 { Fault::LostBefore } else { Fault::None });
    world.run(world.client().list(&ListQuery::default(), &CallOptions::default())).unwrap();
    let expected = ["request 1", "response 1 none", "retry 1 in 125 ms", "request 2", "response 2 200"];
    assert_eq!(world.events(), expected.map(|event| format!("list: {event}")));
}

#[test]
fn a_create_whose_fate_is_unknown_is_never_repeated() {
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::BadGateway, Fault::Silence, Fault::Status(500)] {
        let world = World::new();
        world.weather(move |_, _| fault);
        let error = world.run(world.client().create("simple", run(&world), &CallOptions::default())).unwrap_err();
        assert_eq!(world.requests().len(), 1, "{fault:?}");
        assert!(error.to_string().contains("may have been created all the same"), "{error}");
    }
    let world = World::new();
    world.weather(|number, _| if number == 1 { Fault::Status(429) } else { Fault::None });
    world.run(world.client().create("simple", run(&world), &CallOptions::default())).unwrap();
    assert_eq!(world.requests().len(), 2, "a 429 was surely not processed");
}

#[test]
fn a_trigger_that_may_have_started_the_run_is_never_repeated() {
    for fault in [Fault::LostAfter, Fault::Status(500), Fault::Silence] {
        let world = World::new();
        let there = world.hatchet.borrow_mut().add("simple", world.clock.now(), world.clock.now());
        world.weather(move |_, _| fault);
        let error = world.run(world.client().trigger(id(&there), &CallOptions::default())).unwrap_err();
        assert_eq!(world.requests(), [format!("POST /scheduled/{there}")]);
        assert!(error.to_string().contains("may have started"), "{error}");
    }
}

#[test]
fn a_delete_that_finds_nothing_when_repeated_has_succeeded() {
    let world = World::new();
    let later = world.clock.now() + TimeDelta::hours(1);
    let there = world.hatchet.borrow_mut().add("simple", later, world.clock.now());
    world.weather(|number, _| if number == 1 { Fault::LostAfter } else { Fault::None });
    let warnings = world.run(world.client().delete(id(&there).into(), &CallOptions::default())).unwrap();
    assert!(warnings.is_empty());
    assert_eq!(world.requests().len(), 2);

    let error = world.run(world.client().delete(id(UNKNOWN).into(), &CallOptions::default())).unwrap_err();
    assert!(error.is_not_found(), "the first answer counts");
}

#[test]
fn an_attempt_has_a_timeout_and_so_has_the_whole_call() {
    let world = World::new();
    world.weather(|_, _| Fault::Silence);
    let options = CallOptions { timeout: Some(Duration::from_secs(2)), ..CallOptions::default() };
    let started = world.clock.now();
    let error = world.run(world.client().get(id(UNKNOWN), &options)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { after, total: false } if after.as_secs() == 2), "{error}");
    assert_eq!((world.requests().len(), world.dropped()), (3, 3), "each request was dropped for real");
    assert_eq!(world.clock.now() - started, TimeDelta::milliseconds(3 * 2000 + 125 + 250));

    let world = World::new();
    world.weather(|_, _| Fault::Silence);
    let options = CallOptions { total_timeout: Some(Duration::from_secs(45)), ..CallOptions::default() };
    let started = world.clock.now();
    let error = world.run(world.client().get(id(UNKNOWN), &options)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { after, total: true } if after.as_secs() == 45), "{error}");
    assert_eq!(world.clock.now() - started, TimeDelta::seconds(45));
    assert_eq!(world.requests().len(), 2);
}

#[test]
fn the_caller_ends_a_call_in_a_request_and_in_a_wait() {
    for (after, requests) in [(5, 1), (100, 1)] {
        let world = World::new();
        world.weather(|_, _| Fault::Status(500));
        let cancel = Cancel::new();
        let options = CallOptions { cancel: cancel.clone(), ..CallOptions::default() };
        let client = world.client();
        let (error, _) = world.run(async {
            let ending = async {
                world.clock.sleep(Duration::from_millis(after)).await;
                cancel.cancel();
            };
            futures_util::future::join(client.get(id(UNKNOWN), &options), ending).await
        });
        assert!(error.unwrap_err().is_aborted());
        assert_eq!(world.requests().len(), requests);
        assert_eq!(world.clock.now().timestamp_subsec_millis(), after as u32, "at once");
    }
    let world = World::new();
    let options = CallOptions::default();
    options.cancel.cancel();
    assert!(world.run(world.client().get(id(UNKNOWN), &options)).unwrap_err().is_aborted());
    assert_eq!(world.requests().len(), 0, "a call that was ended before it began sends nothing");
}

#[test]
fn a_token_function_is_asked_before_every_attempt() {
    let world = World::new();
    let asked = Rc::new(Cell::new(0));
    let counter = Rc::clone(&asked);
    let client = world.client_with(|options| {
        options.token = Some(TokenSource::Provider(Rc::new(move || {
            counter.set(counter.get() + 1);
            let number = counter.get();
            Box::pin(async move {
                if number < 4 {
                    Ok(format!(" {}\n", token(&format!(r#"{{"sub":"{TENANT}","server_url":"http://x.test"}}"#))))
                } else {
                    Err(TokenFailure { message: "signed out".into(), cause: None })
                }
            })
        })));
    });
    world.weather(|_, _| Fault::Status(500));
    world.run(client.get(id(UNKNOWN), &CallOptions::default())).unwrap_err();
    assert_eq!((asked.get(), world.requests().len()), (3, 3));
    let error = world.run(client.get(id(UNKNOWN), &CallOptions::default())).unwrap_err();
    assert_eq!(error.to_string(), "get: token: the function gave no token: signed out");
    assert_eq!(world.requests().len(), 3);
}

#[test]
fn an_unknown_workflow_is_told_with_the_names_that_were_meant() {
    let world = World::new();
    let create = |name| world.run(world.client().create(name, run(&world), &CallOptions::default())).unwrap_err();
    let error = create("myflow");
    assert_eq!(
        error.to_string(),
        "create: workflow not found (HTTP 400). Workflow names are case-sensitive and carry their namespace: \
         did you mean \"MyFlow\"?"
    );
    assert!(create("Simple").to_string().contains(r#"did you mean "simple", "dev_simple"?"#));
    assert_eq!(create("nothing like it").hint(), None);

    let query = ListQuery {
        filter: Filter { workflow_name: Some("SIMPLE".into()), ..Filter::default() },
        ..ListQuery::default()
    };
    let error = world.run(world.client().list(&query, &CallOptions::default())).unwrap_err();
    assert!(error.is_not_found());
    assert!(error.to_string().contains("did you mean"), "{error}");
}

#[test]
fn the_namespace_of_the_call_wins_over_the_clients() {
    let world = World::new();
    let client = world.client_with(|options| options.namespace = Some("Dev".into()));
    world.run(client.create("simple", run(&world), &CallOptions::default())).unwrap();
    let bare = CallOptions { namespace: Some(String::new()), ..CallOptions::default() };
    world.run(client.create("simple", run(&world), &bare)).unwrap();
    assert_eq!(world.requests(), ["POST /dev_simple/scheduled", "POST /simple/scheduled"]);
}

#[test]
fn a_late_change_is_told_and_an_early_one_is_not() {
    for (seconds, late) in [(-5, true), (4, true), (9, true), (12, false)] {
        let world = World::new();
        let client = world.client();
        let due = world.clock.now() + TimeDelta::seconds(seconds);
        let options = CallOptions::default();
        let create = || world.run(client.create("simple", NewScheduledRun::at(due), &options)).unwrap();
        let seen = create().metadata.id;
        let updated = world.run(client.update(seen.into(), &(due + TimeDelta::hours(1)).into(), &options)).unwrap();
        assert_eq!(updated.warnings.len(), usize::from(late), "{seconds} s before");

        let given = RunRef { id: create().metadata.id, trigger_at: Some(due) };
        let warnings = world.run(world.client().delete(given, &options)).unwrap();
        assert_eq!(warnings.len(), usize::from(late), "{seconds} s before, told by the run itself");
        let told = world.events().iter().filter(|event| event.contains("warning")).count();
        assert_eq!(told, 2 * usize::from(late));
    }
}

#[test]
fn confirming_does_not_begin_a_wait_that_would_pass_the_limit_of_the_whole_call() {
    let world = World::new();
    let (client, options) = (world.client(), CallOptions::default());
    let due = world.clock.now() + TimeDelta::seconds(4);
    let run = world.run(client.create("simple", NewScheduledRun::at(due), &options)).unwrap();
    let moved = due + TimeDelta::hours(1);
    let updated = world.run(client.update(run.metadata.id.into(), &moved.into(), &options)).unwrap();
    let (begun, limited) =
        (world.clock.now(), |seconds| CallOptions { total_timeout: Some(seconds), ..options.clone() });
    let error = world.run(client.confirm(&updated, &limited(Duration::from_secs(5)))).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout { after, total: true } if after.as_secs() == 5), "{error}");
    assert_eq!(world.clock.now(), begun);
    let confirmed = world.run(client.confirm(&updated, &limited(Duration::from_secs(15)))).unwrap();
    assert_eq!(confirmed, Confirmation::Held);
}

#[test]
fn a_late_update_can_be_confirmed_once_the_engine_would_have_fired_the_run() {
    for (fires, new_time, expected) in
        [(false, 3_600, Confirmation::Held), (true, 3_600, Confirmation::Lost), (true, 5, Confirmation::Unknown)]
    {
        let world = World::new();
        let (client, options) = (world.client(), CallOptions::default());
        let due = world.clock.now() + TimeDelta::seconds(4);
        let run = world.run(client.create("simple", NewScheduledRun::at(due), &options)).unwrap();
        let moved = due + TimeDelta::seconds(new_time);
        let updated = world.run(client.update(run.metadata.id.into(), &moved.into(), &options)).unwrap();
        assert_eq!(updated.warnings[0].due(), Some(due));
        if fires {
            world.hatchet.borrow_mut().runs.clear();
        }
        assert_eq!(world.run(client.confirm(&updated, &options)).unwrap(), expected);
        assert!(world.clock.now() > due + TimeDelta::seconds(6));
    }
}

#[test]
fn a_refusal_is_explained_by_what_the_token_says_of_itself() {
    let world = World::new();
    world.weather(|_, _| Fault::Status(403));
    let refusal = |claims: &str, tenant: Option<&str>| {
        let client = world.client_with(|options| {
            options.token = Some(TokenSource::Fixed(token(claims)));
            options.tenant_id = tenant.map(str::to_owned);
        });
        let error = world.run(client.get(id(UNKNOWN), &CallOptions::default())).unwrap_err();
        error.hint().unwrap().to_owned()
    };
    let expired = format!(r#"{{"sub":"{TENANT}","exp":1700000000}}"#);
    assert_eq!(refusal(&expired, None), "The token expired at 2023-11-14T22:13:20Z: make a new one");
    let other = refusal(&format!(r#"{{"sub":"{UNKNOWN}"}}"#), Some(TENANT));
    assert!(other.starts_with(&format!("The token belongs to tenant {UNKNOWN}")), "{other}");
    assert!(refusal(&format!(r#"{{"sub":"{TENANT}","exp":1900000000}}"#), None).contains("does not know"));
}

#[test]
fn arguments_are_refused_before_anything_is_sent() {
    let world = World::new();
    let client = world.client();
    let options = CallOptions { timeout: Some(Duration::ZERO), ..CallOptions::default() };
    let error = world.run(client.get(id(UNKNOWN), &options)).unwrap_err();
    assert!(error.to_string().starts_with("get: options.timeoutMs: must be more than 0"), "{error}");
    let nameless = world.run(client.create("", run(&world), &CallOptions::default())).unwrap_err();
    assert!(nameless.to_string().starts_with("create: workflowName: is empty"), "{nameless}");
    let mut urgent = run(&world);
    urgent.priority = Some(9);
    let error = world.run(client.create("simple", urgent, &CallOptions::default())).unwrap_err();
    assert!(error.to_string().starts_with("create: run.priority: must be"), "{error}");
    assert_eq!(world.requests().len(), 0);
}

#[test]
fn a_page_in_place_of_hatchet_is_told_as_what_it_is() {
    let world = World::new();
    let there = world.hatchet.borrow_mut().add("simple", world.clock.now() + TimeDelta::hours(1), world.clock.now());
    let client = world.client();
    let options = CallOptions::default();
    world.weather(|_, _| Fault::Status(200));
    let deleted = world.run(client.delete(id(&there).into(), &options)).unwrap_err();
    let got = world.run(client.get(id(&there), &options)).unwrap_err();
    for error in [&deleted, &got] {
        assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
        assert!(
            error.to_string().contains("a page, \"trouble\": is serverUrl the address of Hatchet's API?"),
            "{error}"
        );
        assert_eq!((error.status(), error.attempts()), (None, 1), "{error}");
        assert!(error.is_ambiguous() && error.may_have_acted(), "who knows what answered");
    }
    assert_eq!(world.requests().len(), 2, "asking again would show the same page");

    world.weather(|_, _| Fault::Redirect);
    let deleted = world.run(client.delete(id(&there).into(), &options)).unwrap_err();
    let got = world.run(client.get(id(&there), &options)).unwrap_err();
    for error in [&deleted, &got] {
        let ErrorKind::Api(refusal) = error.kind() else { panic!("{error}") };
        assert_eq!((refusal.status, error.attempts()), (302, 1));
        assert_eq!(refusal.headers, [("location".to_owned(), "https://hatchet.test/login".to_owned())]);
    }
    assert_eq!(world.requests().len(), 4, "nobody follows it with the token");
    assert!(world.hatchet.borrow().runs.contains_key(&there));
}
