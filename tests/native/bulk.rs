//! Bulk calls: done, failed, unknown and not tried are exactly the input, and equal the server's truth.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hatchet_scheduled::api::{Filter, NewScheduledRun};
use hatchet_scheduled::client::{BulkCreate, BulkOptions, CHUNK, NewTime, Progress, RunRef, Selection};
use hatchet_scheduled::error::{Error, ErrorKind, Rest, TokenFailure};
use hatchet_scheduled::model::{BulkDone, BulkItemError, MetadataFilter, RunId, ScheduledRunStatus, WarningCode};
use hatchet_scheduled::transport::{TokenFuture, TokenSource};
use proptest::prelude::*;
use serde_json::json;

use crate::sim::{Fault, TENANT, World, token};

const UNKNOWN: &str = "11111111-1111-4111-8111-111111111111";

fn later(world: &World) -> DateTime<Utc> {
    world.clock.now() + TimeDelta::hours(1)
}

fn filled(count: usize) -> (World, Vec<String>) {
    let world = World::new();
    let at = later(&world);
    let ids = (0..count).map(|_| world.hatchet.borrow_mut().add("simple", at, world.clock.now())).collect();
    (world, ids)
}

fn refs<'a>(ids: impl IntoIterator<Item = &'a String>) -> Vec<RunRef> {
    ids.into_iter().map(|id| RunId::parse(id).unwrap().into()).collect()
}

/// The ids as the simulated server names them.
fn texts(ids: &[RunId]) -> Vec<String> {
    ids.iter().map(RunId::to_string).collect()
}

fn runs<'a>(ids: impl IntoIterator<Item = &'a String>) -> Selection {
    Selection::Runs(refs(ids))
}

#[test]
fn full_chunks_at_most_four_at_a_time_in_the_order_given() {
    let total = 5 * CHUNK + 1;
    let (world, mut ids) = filled(total);
    ids.reverse();
    let progress = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&progress);
    let options =
        BulkOptions { on_progress: Some(Rc::new(move |now| told.borrow_mut().push(now))), ..BulkOptions::default() };
    let twice: Vec<String> = ids.iter().chain(&ids).cloned().collect();
    let done = world.run(world.client().bulk_delete(runs(&twice), &options)).unwrap();
    assert_eq!(texts(&done.ids), ids);
    assert!(done.errors.is_empty() && done.warnings.is_empty());
    assert_eq!(world.requests().len(), 6, "duplicates are sent once");
    assert_eq!(progress.borrow().last(), Some(&Progress { done: total, failed: 0, total }));
    assert_eq!(progress.borrow().len(), 6);
    // Six chunks, four at a time: two round trips.
    assert_eq!(world.clock.now().timestamp_subsec_millis(), 40);
}

#[test]
fn nothing_to_do_sends_nothing_and_nothing_said_is_refused() {
    let (world, _) = filled(3);
    let client = world.client();
    let done = world.run(client.bulk_delete(runs([]), &BulkOptions::default())).unwrap();
    assert!(done.ids.is_empty());
    assert!(world.run(client.bulk_update(Vec::new(), &BulkOptions::default())).unwrap().ids.is_empty());
    assert!(world.run(client.bulk_create(Vec::new(), &BulkOptions::default())).unwrap().created.is_empty());
    let refused =
        world.run(client.bulk_delete(Selection::Filter(Filter::default()), &BulkOptions::default())).unwrap_err();
    assert!(refused.to_string().contains("{ all: true }"), "{refused}");
    for concurrency in [0, 101] {
        let options = BulkOptions { concurrency: Some(concurrency), ..BulkOptions::default() };
        let refused = world.run(client.bulk_delete(Selection::All, &options)).unwrap_err();
        assert!(refused.to_string().contains("options.concurrency: must be from 1 to 100"), "{refused}");
    }
    assert_eq!(world.requests().len(), 0);
}

#[test]
fn a_filter_is_honoured_exactly_and_runs_made_in_code_are_left_out() {
    let (world, _) = filled(2);
    let at = later(&world);
    let (wanted, in_code) = {
        let mut hatchet = world.hatchet.borrow_mut();
        let wanted = hatchet.add_with("simple", at, world.clock.now(), json!({"n": 5, "url": "http://x"}));
        let in_code = hatchet.add_with("simple", at, world.clock.now(), json!({"n": 5, "url": "http://x"}));
        hatchet.runs.get_mut(&in_code).unwrap().method = "DEFAULT";
        (wanted, in_code)
    };
    let filter = Filter {
        statuses: vec![ScheduledRunStatus::Scheduled],
        additional_metadata: MetadataFilter::from([("n".into(), 5.0.into()), ("url".into(), "http://x".into())]),
        ..Filter::default()
    };
    let dry = BulkOptions { dry_run: true, ..BulkOptions::default() };
    let would = world.run(world.client().bulk_delete(Selection::Filter(filter.clone()), &dry)).unwrap();
    assert_eq!(texts(&would.ids), std::slice::from_ref(&wanted));
    assert!(world.requests().iter().all(|request| request.starts_with("GET")));

    let done = world.run(world.client().bulk_delete(Selection::Filter(filter), &BulkOptions::default())).unwrap();
    assert_eq!(texts(&done.ids), [wanted]);
    assert_eq!(done.errors.len(), 1);
    assert_eq!(done.errors[0].id.unwrap().to_string(), in_code);
    assert!(done.errors[0].error.contains("made in code"));
    assert_eq!(world.hatchet.borrow().runs.len(), 3);

    let done = world.run(world.client().bulk_delete(Selection::All, &BulkOptions::default())).unwrap();
    assert_eq!(done.ids.len(), 2);
}

#[test]
fn ids_that_are_not_there_are_told_and_the_rest_is_done() {
    let (world, ids) = filled(2);
    let all = [ids[0].clone(), UNKNOWN.to_owned(), ids[1].clone()];
    let at = later(&world) + TimeDelta::hours(1);
    let updates = refs(&all).into_iter().map(|run| NewTime { run, trigger_at: at.into() }).collect();
    let done = world.run(world.client().bulk_update(updates, &BulkOptions::default())).unwrap();
    assert_eq!(texts(&done.ids), ids);
    assert_eq!(done.errors[0].error, "Scheduled workflow not found.");
    assert!(world.hatchet.borrow().runs.values().all(|run| run.trigger_at == at));
    let done = world.run(world.client().bulk_delete(runs(&all), &BulkOptions::default())).unwrap();
    assert_eq!(texts(&done.ids), ids);
    assert_eq!(done.errors[0].id.unwrap().to_string(), UNKNOWN);
}

#[test]
fn two_times_for_one_run_are_refused_and_the_same_time_twice_is_sent_once() {
    let (world, ids) = filled(1);
    let at = later(&world);
    let update = |seconds| NewTime { run: refs(&ids).remove(0), trigger_at: (at + TimeDelta::seconds(seconds)).into() };
    let refused =
        world.run(world.client().bulk_update(vec![update(0), update(1)], &BulkOptions::default())).unwrap_err();
    assert!(refused.to_string().starts_with("bulkUpdate: updates[1].triggerAt: differs from updates[0]"), "{refused}");
    let done = world.run(world.client().bulk_update(vec![update(1), update(1)], &BulkOptions::default())).unwrap();
    assert_eq!(texts(&done.ids), ids);
    assert_eq!(world.hatchet.borrow().writes[&ids[0]], 1);
}

#[test]
fn late_changes_are_told_for_each_run() {
    let (world, ids) = filled(2);
    let mut given = refs(&ids);
    given[0].trigger_at = Some(world.clock.now() + TimeDelta::seconds(3));
    given[1].trigger_at = Some(later(&world));
    let done = world.run(world.client().bulk_delete(Selection::Runs(given), &BulkOptions::default())).unwrap();
    assert_eq!(done.warnings.len(), 1);
    assert_eq!(done.warnings[0].id.unwrap().to_string(), ids[0]);
}

#[test]
fn lateness_counts_from_when_a_run_was_changed_not_from_when_the_call_ended() {
    let (world, ids) = filled(2 * CHUNK);
    let mut given = refs(&ids);
    given.iter_mut().for_each(|run| run.trigger_at = Some(world.clock.now() + TimeDelta::seconds(25)));
    // The second chunk gets no answer for 30 s, and then does.
    world.weather(|number, _| if number == 2 { Fault::Silence } else { Fault::None });
    let one_by_one = BulkOptions { concurrency: Some(1), ..BulkOptions::default() };
    let done = world.run(world.client().bulk_delete(Selection::Runs(given), &one_by_one)).unwrap();
    let late: Vec<String> = done.warnings.iter().map(|warning| warning.id.unwrap().to_string()).collect();
    assert_eq!(late, ids[CHUNK..]);
}

#[test]
fn a_refusal_that_every_chunk_would_meet_is_told_as_itself_when_nothing_was_done() {
    let (world, ids) = filled(4 * CHUNK + CHUNK / 2);
    world.weather(|_, _| Fault::Status(403));
    let error = world.run(world.client().bulk_delete(runs(&ids), &BulkOptions::default())).unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert_eq!(error.operation(), Some("bulkDelete"));
    assert!(world.requests().len() <= 4);
}

#[test]
fn a_cancelled_call_starts_nothing_more_and_knows_what_it_does_not_know() {
    let (world, ids) = filled(10 * CHUNK);
    let options = BulkOptions::default();
    let cancel = options.call.cancel.clone();
    let client = world.client();
    let (ended, ()) = world.run(async {
        let end = async {
            // Within the second round of four chunks, when the server has acted and the answers are on their way.
            world.clock.sleep(Duration::from_millis(35)).await;
            cancel.cancel();
        };
        futures_util::future::join(client.bulk_delete(runs(&ids), &options), end).await
    });
    let parts = Parts::of(ended.unwrap_err());
    assert_eq!((parts.done.len(), parts.unknown.len(), parts.rest.len()), (4 * CHUNK, 4 * CHUNK, 2 * CHUNK));
    assert_eq!(world.requests().len(), 8, "no request starts later");
    assert!(parts.cause.contains("ended by the caller"), "{}", parts.cause);
}

#[test]
fn a_token_that_fails_leaves_untried_what_was_not_sent_and_looks_up_what_was() {
    type NoToken = fn() -> TokenFuture;
    let never: NoToken = || Box::pin(std::future::pending());
    let failing: NoToken = || Box::pin(async { Err(TokenFailure { message: "signed out".into(), cause: None }) });
    // The token comes for the first so many attempts; what was sent then is lost.
    for (no_token, comes, unknown) in [(never, 0, 0), (failing, 0, 0), (never, 1, 3), (failing, 1, 3)] {
        let (world, ids) = filled(3);
        let asked = Rc::new(Cell::new(0));
        let client = world.client_with(|options| {
            options.token = Some(TokenSource::Provider(Rc::new(move || {
                asked.set(asked.get() + 1);
                let given = token(&format!(r#"{{"sub":"{TENANT}"}}"#));
                if asked.get() <= comes { Box::pin(std::future::ready(Ok(given))) } else { no_token() }
            })));
        });
        world.weather(|_, _| Fault::LostBefore);
        let error = world.run(client.bulk_delete(runs(&ids), &BulkOptions::default())).unwrap_err();
        assert_eq!(world.requests().len(), comes, "{error}");
        match error.kind() {
            ErrorKind::Interrupted(_) => assert_eq!((Parts::of(error).unknown.len(), unknown), (3, 3)),
            _ => assert_eq!(unknown, 0, "nothing was done: {error}"),
        }
    }
}

#[test]
fn of_a_run_that_is_given_twice_the_time_counts_that_one_of_them_knows() {
    let due = |world: &World| world.clock.now() + TimeDelta::seconds(2);
    for deletes in [false, true] {
        let world = World::new();
        let id = world.hatchet.borrow_mut().add("simple", due(&world), world.clock.now());
        let id = RunId::parse(&id).unwrap();
        let both = [RunRef::from(id), RunRef { id, trigger_at: Some(due(&world)) }];
        let (client, options) = (world.client(), BulkOptions::default());
        let done = if deletes {
            world.run(client.bulk_delete(Selection::Runs(both.to_vec()), &options))
        } else {
            let at = later(&world);
            world.run(client.bulk_update(both.map(|run| NewTime { run, trigger_at: at.into() }).to_vec(), &options))
        };
        let done = done.unwrap();
        assert_eq!(done.ids, [id]);
        assert_eq!(done.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [WarningCode::LateChange]);
    }
}

#[test]
fn creates_whose_answer_is_not_hatchets_are_unknown() {
    for status in [200, 201, 204] {
        let world = World::new();
        let run = NewScheduledRun::at(later(&world));
        let item = BulkCreate { workflow_name: "simple".into(), run };
        world.weather(move |number, _| if number == 2 { Fault::Status(status) } else { Fault::None });
        let one_by_one = BulkOptions { concurrency: Some(1), ..BulkOptions::default() };
        let ended = world.run(world.client().bulk_create(vec![item.clone(), item.clone(), item], &one_by_one));
        let ended = ended.unwrap_err();
        let ErrorKind::Interrupted(parts) = ended.kind() else { panic!("{ended}") };
        assert_eq!((&parts.unknown, &parts.rest), (&vec!["1".to_owned()], &Rest::Places(vec![2])), "HTTP {status}");
    }
}

#[test]
fn a_bulk_create_tells_each_outcome_by_its_place() {
    let world = World::new();
    let at = later(&world);
    let item = |name: &str| BulkCreate { workflow_name: name.into(), run: NewScheduledRun::at(at) };
    let items = vec![item("simple"), item("nothing"), item("greeter")];
    let done = world.run(world.client().bulk_create(items, &BulkOptions::default())).unwrap();
    let names: Vec<String> = done.created.iter().map(|run| run.workflow_name()).collect();
    assert_eq!(names, ["simple", "greeter"]);
    assert_eq!(done.errors[0].index, Some(1));
    assert!(done.errors[0].error.contains("workflow not found"));

    let bad = vec![
        item("simple"),
        BulkCreate { run: NewScheduledRun { priority: Some(7), ..NewScheduledRun::at(at) }, ..item("simple") },
    ];
    let before = world.requests().len();
    let refused = world.run(world.client().bulk_create(bad, &BulkOptions::default())).unwrap_err();
    assert!(refused.to_string().starts_with("bulkCreate: runs[1].priority: must be"), "{refused}");
    assert_eq!(world.requests().len(), before);

    world.weather(|number, _| if number == 6 { Fault::LostAfter } else { Fault::None });
    let one_by_one = BulkOptions { concurrency: Some(1), ..BulkOptions::default() };
    let items = (0..5).map(|_| item("simple")).collect();
    let ended = world.run(world.client().bulk_create(items, &one_by_one)).unwrap_err();
    let ErrorKind::Interrupted(parts) = ended.kind() else { panic!("{ended}") };
    let BulkDone::Created(done) = &parts.done else { panic!("{ended}") };
    assert_eq!(
        (done.created.len(), &parts.unknown, &parts.rest),
        (2, &vec!["2".to_owned()], &Rest::Places(vec![3, 4]))
    );
}

/// What a bulk call told, whichever way it ended.
#[derive(Debug, Default)]
struct Parts {
    done: BTreeSet<String>,
    failed: BTreeSet<String>,
    unknown: BTreeSet<String>,
    rest: BTreeSet<String>,
    cause: String,
}

impl Parts {
    fn of(error: Error) -> Self {
        let ErrorKind::Interrupted(parts) = error.kind() else { panic!("{error}") };
        let mut told = match &parts.done {
            BulkDone::Deleted(done) => Self::known(&texts(&done.ids), &done.errors),
            BulkDone::Updated(done) => Self::known(&texts(&done.ids), &done.errors),
            BulkDone::Created(_) => panic!("creates have no ids yet"),
        };
        told.unknown = parts.unknown.iter().cloned().collect();
        if let Rest::Ids(ids) = &parts.rest {
            told.rest = texts(ids).into_iter().collect();
        }
        told.cause = error.to_string();
        told
    }

    fn known(done: &[String], errors: &[BulkItemError]) -> Self {
        Self {
            done: done.iter().cloned().collect(),
            failed: errors.iter().filter_map(|error| Some(error.id?.to_string())).collect(),
            ..Self::default()
        }
    }

    /// Every item stands in exactly one part.
    fn are(&self, input: &BTreeSet<String>) -> bool {
        let parts = [&self.done, &self.failed, &self.unknown, &self.rest];
        let union: BTreeSet<String> = parts.into_iter().flatten().cloned().collect();
        union == *input && parts.into_iter().map(BTreeSet::len).sum::<usize>() == input.len()
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        10 => Just(Fault::None),
        2 => Just(Fault::LostBefore),
        2 => Just(Fault::LostAfter),
        1 => Just(Fault::Status(500)),
        1 => Just(Fault::Status(429)),
        1 => Just(Fault::BadGateway),
        1 => Just(Fault::Silence),
    ]
}

/// A network that is up for a while, with faults, then may be gone for good.
fn weather() -> impl Strategy<Value = (Vec<Fault>, bool)> {
    (prop::collection::vec(fault(), 0..40), any::<bool>())
}

fn apply((faults, dies): (Vec<Fault>, bool), world: &World) {
    let after = if dies { Fault::LostBefore } else { Fault::None };
    world.weather(move |number, _| faults.get(number - 1).copied().unwrap_or(after));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_bulk_delete_accounts_for_every_run_and_tells_the_truth(
        count in 0usize..(4 * CHUNK + CHUNK / 2),
        missing in 0usize..20,
        concurrency in 1usize..6,
        weather in weather(),
    ) {
        let (world, there) = filled(count);
        let absent: Vec<String> = (0..missing).map(|_| world.hatchet.borrow_mut().next_id()).collect();
        let all: Vec<String> = absent.iter().chain(&there).cloned().collect();
        apply(weather, &world);
        let options = BulkOptions { concurrency: Some(concurrency), ..BulkOptions::default() };
        let told = match world.run(world.client().bulk_delete(runs(&all), &options)) {
            Ok(done) => Parts::known(&texts(&done.ids), &done.errors),
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted(_)) => Parts::of(error),
            Err(_) => Parts { rest: all.iter().cloned().collect(), ..Parts::default() },
        };
        prop_assert!(told.are(&all.iter().cloned().collect()));
        let hatchet = world.hatchet.borrow();
        prop_assert!(hatchet.writes.values().all(|writes| *writes == 1), "nothing is deleted twice");
        for id in &told.done {
            prop_assert!(!hatchet.runs.contains_key(id), "what is told as deleted is gone");
        }
        for id in told.rest.iter().filter(|id| !absent.contains(id)) {
            prop_assert!(hatchet.runs.contains_key(id), "what is told as not tried is there");
        }
        drop(hatchet);

        // The rest and the unknown, given again, finish the work.
        world.weather(|_, _| Fault::None);
        let again: Vec<String> = told.rest.iter().chain(&told.unknown).chain(&told.failed).cloned().collect();
        world.run(world.client().bulk_delete(runs(&again), &BulkOptions::default())).unwrap();
        prop_assert!(world.hatchet.borrow().runs.is_empty());
    }

    #[test]
    fn a_bulk_update_accounts_for_every_run_and_tells_the_truth(
        count in 0usize..(3 * CHUNK + CHUNK / 2),
        concurrency in 1usize..6,
        weather in weather(),
    ) {
        let (world, ids) = filled(count);
        apply(weather, &world);
        let at = later(&world) + TimeDelta::hours(1);
        let updates: Vec<NewTime> =
            refs(&ids).into_iter().map(|run| NewTime { run, trigger_at: at.into() }).collect();
        let options = BulkOptions { concurrency: Some(concurrency), ..BulkOptions::default() };
        let (told, places) = match world.run(world.client().bulk_update(updates, &options)) {
            Ok(done) => (Parts::known(&texts(&done.ids), &done.errors), Vec::new()),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted(parts) => {
                    let Rest::Places(places) = parts.rest.clone() else { panic!("places") };
                    (Parts::of(error), places)
                }
                _ => (Parts::default(), (0..ids.len()).collect()),
            },
        };
        let told = Parts { rest: places.into_iter().map(|place| ids[place].clone()).collect(), ..told };
        prop_assert!(told.are(&ids.iter().cloned().collect()));
        let hatchet = world.hatchet.borrow();
        for id in &told.done {
            prop_assert_eq!(hatchet.runs[id].trigger_at, at);
        }
        for id in told.rest.iter().chain(&told.failed) {
            // A gateway that answered 502 for the server may have hidden a change that was looked for and found.
            prop_assert!(hatchet.runs[id].trigger_at != at, "what is told as not moved was not");
        }
    }
}
